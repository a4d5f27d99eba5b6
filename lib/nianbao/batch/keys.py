"""Build keys: everything that decides the bytes of a report, and what of it changed since it was built.

The key is not stored apart: it is the sealed manifest of the report, compared part by part with what
the same build would be made from now. So a rebuild can always say why, in the words of a clerk.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from nianbao.errors import NianbaoError
from nianbao.params import Unit
from nianbao.publish import formats, manifest
from nianbao.publish.formats import MANIFEST, Format
from nianbao.publish.ground import Ground
from nianbao.publish.manifest import Narratives
from nianbao.wording import enumeration

FIRST = "首次生成"


def read_seal(path: Path) -> dict[str, Any] | None:
    """What a seal says, of which ``inputs`` and ``outputs`` are mappings; None where it cannot be read."""
    try:
        sealed: dict[str, Any] = json.loads(path.read_bytes())
        return {**sealed, "inputs": dict(sealed["inputs"]), "outputs": dict(sealed["outputs"])}
    except (OSError, ValueError, LookupError, TypeError):
        return None


def without_seal(path: Path) -> list[str]:
    """Why there must be a build where a seal cannot be read."""
    return [f"{path.name} 读不出" if path.is_file() else FIRST]


def rebuild_reasons(
    folder: Path, unit: Unit, year: int, params_dir: Path, ground: Ground, narratives: Narratives | None = None
) -> list[str]:
    """Why the report in `folder` is not what a build would make now; empty when it is.

    Parameters
    ----------
    narratives : mapping, optional
        As for :func:`nianbao.publish.manifest.input_digests`.
    """
    if (sealed := read_seal(folder / MANIFEST)) is None:
        return without_seal(folder / MANIFEST)
    try:
        now = manifest.input_digests(unit, year, params_dir, narratives)
    except NianbaoError as error:  # the build that follows says so of this report alone
        return [str(error).rstrip("。")]
    reasons = _input_changes(sealed["inputs"], now, params_dir.resolve().name)
    reasons += ground.changes_since(sealed)
    if (sealed.get("unit"), sealed.get("year")) != (unit.id, year):
        reasons.append("成品属于别的单位或年份")
    return reasons + output_changes(folder, formats.files_of(sealed["outputs"]), sealed["outputs"])


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


def output_changes(folder: Path, table: Iterable[Format], sealed: Mapping[str, str]) -> list[str]:
    """What is wrong with the finished files; a file whose bytes are not sealed need only be there."""
    broken = [one.name for one in table if not _holds(folder / one.name, sealed.get(one.name), one.sealed)]
    pictures = [name for name in sealed if name.startswith(formats.PICTURES)]
    broken += [name for name in pictures if not _holds(folder / name, sealed[name], True)]
    return [f"成品缺失或被改动：{enumeration(broken)}"] if broken else []


def _holds(path: Path, expected: str | None, sealed: bool) -> bool:
    try:
        return path.is_file() and (not sealed or manifest.digest(path.read_bytes()) == expected)
    except OSError:
        return False
