"""Build keys: everything that decides the bytes of a report, and what of it changed since it was built.

The key is not stored apart: it is the sealed manifest of the report, compared part by part with what
the same build would be made from now. So a rebuild can always say why, in the words of a clerk.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nianbao.params import Unit
from nianbao.publish import manifest
from nianbao.publish.build import MANIFEST, default_notebook, fonts_json
from nianbao.wording import enumeration

_NOTEBOOK = "report.ipynb"
FIRST = "首次生成"


@dataclass(frozen=True)
class Ground:
    """What all reports of a run share: notebook, library, packages and fonts, as the manifest has them."""

    notebook: str
    library: str
    packages: Mapping[str, str]
    fonts: Mapping[str, Any]

    @classmethod
    def here(cls, notebook: Path | None = None) -> Ground:
        """Of this process, with the fonts that its environment allows."""
        from nianbao.document.pdf.fonts import requested_folder, select_fonts, system_allowed

        return cls(
            notebook=manifest.digest((notebook or default_notebook()).read_bytes()),
            library=manifest.library_digest(),
            packages=manifest.package_versions(),
            fonts=fonts_json(select_fonts(requested_folder(), system_allowed())),
        )

    def changes_since(self, sealed: Mapping[str, Any]) -> list[str]:
        """What differs from a sealed manifest (or another ground's fields), in Chinese."""
        changes = []
        if sealed.get("library") != self.library:
            changes.append("程序已更新")
        if sealed.get("notebook") != self.notebook:
            changes.append("报告笔记本已改")
        changes += _version_changes(sealed.get("packages"), self.packages)
        if sealed.get("fonts") != self.fonts:
            changes.append("字体已变")
        return changes

    def fields(self) -> dict[str, Any]:
        """As the manifest names them."""
        return {
            "notebook": self.notebook,
            "library": self.library,
            "packages": dict(self.packages),
            "fonts": dict(self.fonts),
        }


def _version_changes(before: Any, now: Mapping[str, str]) -> list[str]:
    if not isinstance(before, dict):
        return ["软件包清单缺失"]
    names = [name for name in {**now, **before} if before.get(name) != now.get(name)]
    return [f"{name} {before.get(name, '未装')} → {now.get(name, '未装')}" for name in names]


def rebuild_reasons(folder: Path, unit: Unit, year: int, params_dir: Path, ground: Ground) -> list[str]:
    """Why the report in `folder` is not what a build would make now; empty when it is.

    Raises
    ------
    OSError
        A file under ``params/`` cannot be read.
    """
    path = folder / MANIFEST
    if not path.is_file():
        return [FIRST]
    try:
        sealed = json.loads(path.read_bytes())
        inputs, outputs = dict(sealed["inputs"]), dict(sealed["outputs"])
    except (OSError, ValueError, LookupError, TypeError):
        return [f"{MANIFEST} 读不出"]
    reasons = _input_changes(inputs, manifest.input_digests(unit, year, params_dir), params_dir.resolve().name)
    reasons += ground.changes_since(sealed)
    if (sealed.get("unit"), sealed.get("year")) != (unit.id, year):
        reasons.append("成品属于别的单位或年份")
    if broken := _broken_outputs(folder, outputs):
        reasons.append(f"成品缺失或被改动：{enumeration(broken)}")
    return reasons


def _input_changes(before: Mapping[str, str], now: Mapping[str, str], params: str) -> list[str]:
    changes = []
    for name in sorted({*before, *now}):
        if before.get(name) != now.get(name):
            if name.endswith(manifest.NEIGHBOURS):
                changes.append("其他单位的正文已改，须重新核对雷同")
                continue
            what = "已删除" if name not in now else "新增" if name not in before else "已改"
            changes.append(f"{params}/{name} {what}")
    return changes


def _broken_outputs(folder: Path, outputs: Mapping[str, str]) -> list[str]:
    broken = []
    for name, expected in outputs.items():
        try:
            whole = manifest.digest((folder / name).read_bytes()) == expected
        except OSError:
            whole = False
        if not whole:
            broken.append(name)
    if not (folder / _NOTEBOOK).is_file():  # it carries the kernel's own version, so its bytes are not sealed
        broken.append(_NOTEBOOK)
    return broken
