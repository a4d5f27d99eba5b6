"""A workbook (XLSX) whose sheets hold the tables of the form → lines and grids."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from nianbao.errors import ReadError
from nianbao.office.archive import ZIP_FAULTS
from nianbao.office.xlsx import Limits, broken, check_xlsx
from nianbao.published.grid import MOST_COLUMNS, MOST_PLACES, MOST_ROWS, Grid, GridCell, Item, Line
from nianbao.published.labels import form_words, word
from nianbao.registers.grid import Formula
from nianbao.registers.sheetxml import READ_FAULTS, Book, Cells

_LIMITS = Limits(file=5 * 2**20, unpacked=30 * 2**20, cells=MOST_PLACES)
_FORMULA = "〔公式〕"
_SCALED = "〔显示为千分之一或百分数〕"
Place = tuple[int, int]


def read_sheets(raw: bytes, where: str) -> tuple[Item, ...]:
    """What stands in the sheets, in their order; sheets, rows and columns that are hidden are left out.

    Raises
    ------
    ReadError
        When the file is damaged, encrypted, too large, or has macros or links.
    """
    check_xlsx(raw, where, _LIMITS, ReadError)
    try:
        book = Book(raw)
        shown = [part for _, part in book.sheets if part not in book.hidden]
        return tuple(item for part in shown for item in _items(book.cells(part), where))
    except (*READ_FAULTS, *ZIP_FAULTS) as fault:
        raise broken(where, ReadError, fault) from fault


def _items(cells: Cells, where: str) -> Iterator[Item]:
    height, width = cells.size
    if height > MOST_ROWS or width > MOST_COLUMNS:
        raise ReadError(
            where, f"有一张工作表用到 {height} 行 {width} 列，不是报告的表", "删去多余的行和列，或另存为 CSV 再导入"
        )
    written = {
        (row, column): _text(value) + _marks(cells, (row, column))
        for row, column, value in zip(cells.rows, cells.columns, cells.values, strict=True)
        if column not in cells.hidden_columns
    }
    areas = {(top, left): (min(bottom, height), min(right, width)) for left, top, right, bottom in cells.merged}
    rows: dict[int, list[Place]] = defaultdict(list)
    for place, text in sorted(written.items()):
        if text:
            rows[place[0]].append(place)
    kept = [column - 1 for column in range(1, width + 1) if column not in cells.hidden_columns]
    block: list[int] = []
    for row in range(1, height + 1):
        if row in cells.hidden:
            continue
        alone = len(rows[row]) == 1 and word(written[rows[row][0]]) not in form_words()
        if rows[row] and not alone:
            block.append(row)
            continue
        covered = any(top < row <= areas[top, left][0] for top, left in areas if (top, left) in written)
        if covered and block:
            block.append(row)
            continue
        yield from (grid.columns(kept) for grid in _grid(block, width, written, areas))
        block = []
        yield from (Line(line) for place in rows[row] for line in written[place].split("\n") if line.strip())
    yield from (grid.columns(kept) for grid in _grid(block, width, written, areas))


def _marks(cells: Cells, place: Place) -> str:
    """What stands behind a text that does not show as it is written."""
    return ("~" if place in cells.crossed else "") + (_SCALED if place in cells.scaled else "")


def _grid(block: list[int], width: int, written: dict[Place, str], areas: dict[Place, Place]) -> Iterator[Grid]:
    if not block:
        return
    number = {row: index for index, row in enumerate(block)}
    places: list[list[GridCell | None]] = [[None] * width for _ in block]
    for row in block:
        for column in range(1, width + 1):
            y, x = number[row], column - 1
            if places[y][x] is not None:
                continue
            bottom, right = areas.get((row, column), (row, column))
            covered = [number[one] for one in range(row, bottom + 1) if one in number]
            cell = GridCell(written.get((row, column), ""), y, x, len(covered), right - column + 1)
            for below in covered:
                for beside in range(x, right):
                    places[below][beside] = cell
    yield Grid(tuple(map(tuple, places)))


def _text(value: Any) -> str:
    """A value as it is written; a formula by what it came to when the file was saved, if that was saved as well."""
    if isinstance(value, Formula):
        return _FORMULA if value.shown is None else value.shown.strip()
    if isinstance(value, bool):
        return str(value)
    if isinstance(value, float):
        return f"{Decimal(repr(value)).normalize():f}"
    if isinstance(value, (dt.datetime, dt.date)):
        return f"{value.year}年{value.month}月{value.day}日"
    return str(value).strip()
