"""Forms of many units into one folder, blank or given back; one that is already there may be half filled in and is
left alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from nianbao.errors import ErrorList, NianbaoError, OutputError, reason_of
from nianbao.forms.give_back import give_back
from nianbao.forms.write import form_bytes, form_name, save_form
from nianbao.params import Unit
from nianbao.statute import edition_for

RETURNED = "（退回）"
"""Ends the name of a form that is given back."""


class Fate(Enum):
    """What became of one unit's form."""

    WRITTEN = "已生成"
    UNCHANGED = "没有变化"
    REFUSED = "没有生成"
    SOUND = "没有问题"


@dataclass(frozen=True)
class HandedOut:
    """One form: whose, where it is, and why it was not written (``errors``; none where it was).

    ``said`` counts what was found in a form that is given back.
    """

    name: str
    path: Path
    fate: Fate
    errors: tuple[NianbaoError, ...] = ()
    said: str = ""


def hand_out(
    units: Iterable[Unit], year: int, params_dir: Path, folder: Path, *, force: bool = False
) -> Iterator[HandedOut]:
    """Write the forms of ``units`` one by one, whatever happens to the others.

    A form that is there with the same content stays as it is. One with another content is
    refused, unless ``force`` replaces it: somebody may have filled it in.

    Raises
    ------
    UsageError
        When no edition of the form covers the year.
    OutputError
        When ``folder`` cannot be made.
    """
    edition_for(year)
    _make(folder)
    return (_one(unit, year, params_dir, folder / form_name(unit, year), force=force) for unit in units)


def hand_back(paths: Iterable[Path], params_dir: Path, folder: Path, *, force: bool = False) -> Iterator[HandedOut]:
    """Write copies of filled-in forms with what is wrong in them, as :func:`give_back` makes them, one by one.

    A form in which nothing was found is not written; nor is one over itself, with ``force`` or without.

    Raises
    ------
    OutputError
        When ``folder`` cannot be made.
    """
    _make(folder)
    return (_back(path, params_dir, folder, force=force) for path in paths)


def _back(path: Path, params_dir: Path, folder: Path, *, force: bool) -> HandedOut:
    target = folder / f"{path.stem.removesuffix(RETURNED)}{RETURNED}.xlsx"
    try:
        returned = give_back(path, params_dir)
        said = f"必须改正 {returned.faults} 处，警告和提示 {returned.hints} 处"
        if not returned.faults and not returned.hints:
            return HandedOut(returned.unit.name, target, Fate.SOUND)
        if target.exists() and target.resolve() == path.resolve():
            raise OutputError(path.name, "会盖掉交来的表", "换一个文件夹：--to 另一个文件夹")
        fate = _put(target, returned.content, force=force)
    except NianbaoError as error:
        errors = error.errors if isinstance(error, ErrorList) else (error,)
        return HandedOut(path.name, target, Fate.REFUSED, tuple(errors))
    return HandedOut(returned.unit.name, target, fate, said=said)


def _make(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        reason = reason_of(error)
        raise OutputError(folder.as_posix(), f"无法建立文件夹（{reason}）", "换一个文件夹") from error


def _one(unit: Unit, year: int, params_dir: Path, path: Path, *, force: bool) -> HandedOut:
    try:
        return HandedOut(unit.name, path, _put(path, form_bytes(unit, year, params_dir), force=force))
    except NianbaoError as error:
        errors = error.errors if isinstance(error, ErrorList) else (error,)
        return HandedOut(unit.name, path, Fate.REFUSED, tuple(errors))


def _put(path: Path, content: bytes, *, force: bool) -> Fate:
    """Write a form unless another is there."""
    if path.exists() and _holds(path, content):
        return Fate.UNCHANGED
    if path.exists() and not force:
        raise OutputError(
            path.name,
            "已有这份表，内容与新表不同，没有覆盖",
            "填过的先用 nianbao ingest 收回；不要旧表时加 --force",
        )
    save_form(path, content)
    return Fate.WRITTEN


def _holds(path: Path, content: bytes) -> bool:
    try:
        return path.is_file() and path.read_bytes() == content
    except OSError as error:
        reason = reason_of(error)
        raise OutputError(path.name, f"无法读取（{reason}）", "关闭正打开它的程序后重试") from error
