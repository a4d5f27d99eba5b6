"""The registers of an XLSX, after making sure that it is what it says and no larger than it may be."""

from __future__ import annotations

from pathlib import Path

from nianbao.errors import RegisterError
from nianbao.office.archive import ZIP_FAULTS
from nianbao.office.xlsx import Limits, broken, read_xlsx
from nianbao.params.yamlio import display_name
from nianbao.registers.columns import REGISTERS
from nianbao.registers.grid import Sheet
from nianbao.registers.problems import rows_text
from nianbao.registers.sheetxml import READ_FAULTS, Book, Cells, serial_offset
from nianbao.wording import enumeration, quoted

LIMITS = Limits(file=32 * 1024 * 1024, unpacked=192 * 1024 * 1024, cells=2_000_000)
MAX_CELLS = 1_000_000
"""Rows times columns that one register may use."""


def read_workbook(path: Path) -> tuple[dict[str, Sheet], list[str]]:
    """The sheets that are registers, by key, and remarks on the others.

    Raises
    ------
    RegisterError
        When the file is refused, holds no register, or one twice.
    """
    name = display_name(path)
    raw = read_xlsx(path, name, LIMITS, RegisterError)
    try:
        return _read(Book(raw), name)
    except (*READ_FAULTS, *ZIP_FAULTS) as fault:
        raise broken(name, RegisterError, fault) from fault


def _read(book: Book, name: str) -> tuple[dict[str, Sheet], list[str]]:
    keys = {sheet.lower(): key for key, spec in REGISTERS.items() for sheet in spec.sheets}
    sheets: dict[str, Sheet] = {}
    others: list[str] = []
    notes: list[str] = []
    for title, part in book.sheets:
        key = keys.get(title.strip().lower())
        cells = book.cells(part)
        if key is None:
            if max(cells.size) > 1:
                others.append(title)
        elif key in sheets:
            raise RegisterError(name, f"{REGISTERS[key].sheet}有两张工作表", "只保留一张")
        else:
            where = f"{name}〔{title}〕"
            rows, columns = cells.size
            if rows * columns > MAX_CELLS:
                wrong = f"用到 {rows} 行 {columns} 列，超过 {MAX_CELLS} 格"
                raise RegisterError(where, wrong, "删去下方和右侧多余的行和列，或另存为 CSV")
            notes += _hidden(cells, rows, where)
            if cells.struck:
                notes.append(f"{where}：第 {rows_text(cells.struck)} 行有删除线，照样读取；不算的，删去这几行。")
            sheets[key] = Sheet(where, cells.grid(), serial_offset(book.epoch))
    if not sheets:
        titles = enumeration(quoted(title) for title, _ in book.sheets) or "没有"
        known = enumeration(spec.sheet for spec in REGISTERS.values())
        raise RegisterError(name, f"没有登记簿的工作表，实有{titles}", f"工作表名应为：{known}")
    notes += [f"{name}：工作表{enumeration(quoted(title) for title in others)}不是登记簿，未读。"] if others else []
    return sheets, notes


def _hidden(cells: Cells, last: int, where: str) -> list[str]:
    """A filter may hide rows from the eye; they are entries all the same."""
    rows = [row for row in cells.hidden if row <= last]
    return [f"{where}：第 {rows_text(rows)} 行是隐藏的，照样读取。"] if rows else []
