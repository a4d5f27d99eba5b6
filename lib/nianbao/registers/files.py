"""Where the registers of a unit lie."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from nianbao.registers.columns import REGISTERS, WORKBOOK

NAMES = (*(f"{key}.csv" for key in REGISTERS), WORKBOOK)
"""The files that are registers, in the order in which they are read."""

_TABLES = frozenset({".csv", ".tsv", ".xlsx", ".xlsm", ".xlsb", ".xls", ".et", ".ods"})


def table_files(folder: Path, attached: Collection[str] = ()) -> tuple[Path, ...]:
    """Every file that looks like a table, whatever its name, but for those that are `attached` to the report.

    Lock files of an open editor are none.
    """
    if not folder.is_dir():
        return ()
    return tuple(
        path
        for path in sorted(folder.iterdir())
        if path.suffix.lower() in _TABLES and path.is_file() and not path.name.startswith(("~$", "."))
        if path.name in NAMES or path.name not in attached
    )


def register_files(folder: Path) -> tuple[Path, ...]:
    """The files of a folder that are read, in a fixed order; none where no register is kept."""
    return tuple(path for name in NAMES if (path := folder / name).is_file())
