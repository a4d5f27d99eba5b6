"""What all reports of a run share: notebook, library, packages and fonts, as a seal has them."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nianbao.publish import manifest
from nianbao.publish.contract import default_notebook, notebook_digest


@dataclass(frozen=True)
class Ground:
    """What all reports of a run share, as the seal has it."""

    notebook: str
    library: str
    packages: Mapping[str, str]
    fonts: Mapping[str, Any]

    @classmethod
    def here(cls, notebook: Path | None = None) -> Ground:
        """Of this process, with the fonts that its environment allows."""
        from nianbao.document.pdf.fonts import requested_folder, select_fonts, system_allowed

        return cls(
            notebook=notebook_digest(notebook or default_notebook()),
            library=manifest.library_digest(),
            packages=manifest.package_versions(),
            fonts=_fonts_json(select_fonts(requested_folder(), system_allowed())),
        )

    def changes_since(self, sealed: Mapping[str, Any]) -> list[str]:
        """What differs from a seal (or another ground's fields), in Chinese."""
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
        """As the seal names them."""
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


def _fonts_json(fonts: Any) -> dict[str, Any]:
    """The face that serves each role, by family, style and content; no path."""
    with ThreadPoolExecutor() as pool:  # tens of megabytes: digested by all processors, each file once
        list(pool.map(lambda face: face.sha256, {face.path: face for face in fonts.faces}.values()))
    return {
        face.role: {"family": face.family, "style": face.style, "file": face.file, "sha256": face.sha256}
        for face in fonts.faces
    }
