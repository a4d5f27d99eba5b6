"""Heights of table rows that are known before Typst: it then lays out each cell once instead of four times.

A row counts as known when each cell that stands in it alone has a certain number of lines: short enough for one line
in any face, or Chinese characters only, which break anywhere and are one em wide. The few cells that are not certain
are measured by the template, one by one. Where a spanning cell needs more than the rows it spans, the template measures
the table as a whole.
"""

from __future__ import annotations

import math
import re
from typing import Any

from nianbao.document import Cell, Table
from nianbao.document.layout import MOST_GROUPED, joints, seams, table_padding

LEADING = 0.3
"""Between two lines of a cell, in em."""

_HAN = re.compile("[\u4e00-\u9fff]+")
_BREAKS = re.compile("[\u4e00-\u9fff、，。；：？“”‘’（）《》〔〕]+")
_MARKS = re.compile("[^\u4e00-\u9fff]{3}")
_NARROW = frozenset("0123456789.,%-/ ")
_WIDEST_NARROW = 0.65
_CLOSE = 0.03
"""Nearer to the edge than this, in em, nothing is certain."""


def known_rows(table: Table, rooms: list[float]) -> dict[str, Any] | None:
    """What is known of the rows before Typst; None where a row has no cell of its own.

    ``lines``: lines of each row. ``unsure``: places in ``table.placed()`` of the cells that are to be measured.
    ``spans``: places of cells that span rows and are to be measured, since it is not certain that those hold them, or
    since pages may cut them. ``joints`` and ``seams``: where pages may cut the table, and where they should.
    ``rooms`` holds the width in em that each cell has.
    """
    lines: list[int | None] = [None] * table.rows
    unsure: list[int] = []
    spanning: list[tuple[int, int, int, int | None]] = []
    for place, (row, _, cell) in enumerate(table.placed()):
        count = certain_lines(cell, rooms[place])
        if cell.rowspan > 1:
            most = most_lines(cell, rooms[place]) if count is None else count
            spanning.append((place, row, cell.rowspan, most))
            continue
        if count is None:
            unsure.append(place)
        lines[row] = max(lines[row] or 0, count or 0)
    if any(count is None for count in lines):
        return None  # a row of which every cell began above
    padding = table_padding(table)
    least = [_height(count or 0, padding) for count in lines]
    spans = [
        place
        for place, row, rows, most in spanning
        if rows > MOST_GROUPED or most is None or _height(most, padding) > sum(least[row : row + rows]) + 1e-6
    ]
    return {
        "lines": [count or 0 for count in lines],
        "unsure": unsure,
        "spans": spans,
        "joints": joints(table),
        "seams": seams(table),
    }


def certain_lines(cell: Cell, room: float) -> int | None:
    """In how many lines a cell is set, where no face could make it another number."""
    text = cell.text
    if not cell.runs:
        return 0
    if not _is_plain(cell):
        return None
    if sum(_WIDEST_NARROW if character in _NARROW else 1.0 for character in text) <= room - _CLOSE:
        return 1
    per_line = math.floor(room)
    if per_line and _HAN.fullmatch(text) and _CLOSE < room - per_line < 1 - _CLOSE:
        return math.ceil(len(text) / per_line)
    return None


def most_lines(cell: Cell, room: float) -> int | None:
    """A number of lines that a cell never exceeds; None where long words could stick out of any line.

    Between Chinese characters a line may break, but not before or after some marks, so that a line may end up to
    four characters early where no more than two marks follow each other. No line holds less than one character.
    """
    if not (_is_plain(cell) and _BREAKS.fullmatch(cell.text)) or room < 1:
        return None
    if _MARKS.search(cell.text):
        return len(cell.text)
    return math.ceil(len(cell.text) / max(1, math.floor(room) - 4))


def _is_plain(cell: Cell) -> bool:
    """Whether a cell is set as its text says, in one line but for where it must break."""
    return len(cell.runs) == 1 and cell.text == cell.runs[0].text and "\n" not in cell.text and not cell.runs[0].code


def _height(lines: int, padding: float) -> float:
    return 2 * padding + max(0.0, lines + (lines - 1) * LEADING)
