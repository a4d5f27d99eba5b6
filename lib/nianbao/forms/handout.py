"""Forms of many units into one folder; a form that is already there may be half filled in and is left alone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from nianbao.errors import ErrorList, NianbaoError, OutputError
from nianbao.forms.write import form_bytes, form_name, save_form
from nianbao.params import Unit
from nianbao.statute import edition_for


class Fate(Enum):
    """What became of one unit's form."""

    WRITTEN = "已生成"
    UNCHANGED = "没有变化"
    REFUSED = "没有生成"


@dataclass(frozen=True)
class HandedOut:
    """One unit's form: where it is, and why it was not written (``errors``; none where it was)."""

    unit: Unit
    path: Path
    fate: Fate
    errors: tuple[NianbaoError, ...] = ()


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
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise OutputError(folder.as_posix(), f"无法建立文件夹（{reason}）", "换一个文件夹") from error
    return (_one(unit, year, params_dir, folder / form_name(unit, year), force=force) for unit in units)


def _one(unit: Unit, year: int, params_dir: Path, path: Path, *, force: bool) -> HandedOut:
    try:
        content = form_bytes(unit, year, params_dir)
        if path.exists() and _holds(path, content):
            return HandedOut(unit, path, Fate.UNCHANGED)
        if path.exists() and not force:
            raise OutputError(
                path.name,
                "已有这份表，内容与新表不同，没有覆盖",
                "填过的先用 nianbao ingest 收回；不要旧表时加 --force",
            )
        save_form(path, content)
    except NianbaoError as error:
        errors = error.errors if isinstance(error, ErrorList) else (error,)
        return HandedOut(unit, path, Fate.REFUSED, tuple(errors))
    return HandedOut(unit, path, Fate.WRITTEN)


def _holds(path: Path, content: bytes) -> bool:
    try:
        return path.is_file() and path.read_bytes() == content
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise OutputError(path.name, f"无法读取（{reason}）", "关闭正打开它的程序后重试") from error
