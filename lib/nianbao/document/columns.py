"""How wide the columns of a table are, in which type it is set, and whether its page is turned for it."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from nianbao.document.layout import (
    LONG_WORD,
    MOST_GROUPED,
    POINT,
    TYPE_AREA_WIDTH,
    is_list,
    table_inset,
    table_size,
    width,
)
from nianbao.document.model import Cell, Table

SMALLEST = 5.0
"""Type size in pt that a table is never set under."""
SMALLEST_UPRIGHT = 7.0
TURNED_FROM = 12
"""A table of this many columns or more that would need type under ``SMALLEST_UPRIGHT`` pt stands on a turned page."""
LIST_SIZE, LEAST_LIST_SIZE = 10.5, 9.0
"""pt: 五号, and 小五 where else most rows would take two lines."""
_MOST_ROWS = 0.9
"""Share of the rows of a list that a column is wide enough for; the few with a longer text take two lines."""


def turned(table: Table) -> bool:
    """Whether a table has so many columns that it is set on a page that is turned (GB/T 9704-2012, 9.1)."""
    return table.columns >= TURNED_FROM and fitting_size(table) < SMALLEST_UPRIGHT


SLACK = 1.15
"""A little more than half an em a digit, for faces that are wider than most."""
WIDE_SLACK = 1.3
"""The same for a document that any program sets in any face."""


def fitting_size(table: Table, area: float = TYPE_AREA_WIDTH, slack: float = SLACK) -> float:
    """:func:`table_size`, smaller where else a figure would have to break; never under 5 pt. ``area`` in mm."""
    columns = table.columns
    size, inset = table_size(math.ceil(columns * TYPE_AREA_WIDTH / area)), table_inset(columns)
    room = area / POINT - columns * 2 * inset
    needs = _needs(table, slack)
    if is_list(table):
        size = min(size, LIST_SIZE)
        while size > LEAST_LIST_SIZE and sum(needs.wanted) * size > room:
            size -= 0.5
    while size > SMALLEST and sum(needs.figures) * size > room:
        size -= 0.5
    return max(size, SMALLEST)


def column_widths(
    table: Table, size: float, inset: float, area: float = TYPE_AREA_WIDTH, slack: float = SLACK
) -> tuple[float, ...]:
    """Widths in mm that fill ``area``.

    Given widths are kept in proportion as far as no figure has to break. Otherwise a column is wide enough for its
    figures and short words, then for its texts on one line and its head on two, then for the head on one, too; where
    that is too much, the widest gives way first.
    """
    needs = _needs(table, slack)
    if table.widths:
        factor = area / sum(table.widths)
        return _with_room(tuple(w * factor for w in table.widths), needs.figures, size, inset)
    columns = table.columns
    room = area / POINT / size - columns * 2 * inset / size
    steps = ([min(2.0, room / columns)] * columns, needs.figures, needs.words, needs.wanted, needs.texts)
    widths = needs.whole if sum(needs.whole) <= room else _shared(steps, room)
    factor = room / sum(widths)
    return tuple((factor * one + 2 * inset / size) * size * POINT for one in widths)


def fits(cell: Cell, room: float) -> bool:
    """Whether a cell holds a figure that fits on one line of ``room`` em, so that it must not break."""
    return cell.is_figure and SLACK * width(cell.text) <= room + 0.01


_LABEL_LINES = 3
"""In which the label of a large group stands beside it."""
_UNIT = re.compile("（.{1,2}）")
"""What stays on one line of a head."""
_LATIN = re.compile("[!-~]+")
"""A word that breaks nowhere, where it is short."""


@dataclass(frozen=True)
class _Needs:
    """Widths in em that the columns of a table need, each at least the one before; spanning cells do not count.

    Attributes
    ----------
    figures : list of float
        For the longest figure of the body, a unit in the head, and two characters at least.
    words : list of float
        For short words of Latin letters and digits as well.
    wanted : list of float
        For the texts of the body on one line, of a list those of nine rows in ten, and the head on two lines; among
        many columns, heads stand in lines of two, three or four characters.
    texts : list of float
        For every text of the body on one line.
    whole : list of float
        For every head as well.
    """

    figures: list[float]
    words: list[float]
    wanted: list[float]
    texts: list[float]
    whole: list[float]


def _needs(table: Table, slack: float) -> _Needs:
    figures, words, heads, whole = ([least] * table.columns for least in (2.0, 0.0, 0.0, 0.0))
    bodies: list[list[float]] = [[] for _ in range(table.columns)]
    figured = [True] * table.columns
    for row, x, cell in table.placed():
        if cell.colspan > 1:
            continue
        longest = max((width(line, 0.5 * slack) for line in cell.text.split("\n")), default=0.0)
        if cell.rowspan > MOST_GROUPED:
            longest = math.ceil(longest / _LABEL_LINES)
        if row < len(table.head):
            whole[x] = max(whole[x], longest)
            heads[x] = max(heads[x], _head_width(longest, table.columns))
            figures[x] = max(figures[x], *(len(unit) for unit in ("", *_UNIT.findall(cell.text))))
            continue
        bodies[x].append(longest)
        if cell.is_figure:
            figures[x] = max(figures[x], slack * width(cell.text))
        elif cell.text:
            figured[x] = False
            short = (slack * width(word) for word in _LATIN.findall(cell.text))
            words[x] = max(words[x], *(word for word in (0.0, *short) if word <= LONG_WORD))
    if not is_list(table):
        heads, whole = _evened(heads, figured), _evened(whole, figured)
    share = _MOST_ROWS if is_list(table) else 1.0
    most = [sorted(body)[math.floor(share * (len(body) - 1))] if body else 0.0 for body in bodies]
    words = list(map(max, figures, words))
    wanted = list(map(max, words, most, heads))
    texts = list(map(max, wanted, (max(body, default=0.0) for body in bodies)))
    return _Needs(figures, words, wanted, texts, list(map(max, texts, whole)))


def _evened(heads: list[float], figured: list[bool]) -> list[float]:
    """Widths for heads of which those over figures are all alike."""
    most = max((head for head, one in zip(heads, figured, strict=True) if one), default=0.0)
    return [most if one else head for head, one in zip(heads, figured, strict=True)]


def _head_width(longest: float, columns: int) -> float:
    """Width in em of a column for its head, no line of which holds a character alone."""
    if longest == 3:
        return 3
    if columns <= 8:
        return math.ceil(longest / 2)
    return 2 if longest <= 4 else 3 if longest <= 9 else 4


_HALVINGS = 40


def _shared(steps: Sequence[list[float]], room: float) -> list[float]:
    """Widths that fill ``room`` between the last step that fits and the next one, which the narrowest reach first."""
    low, high = next((pair for pair in pairwise(steps) if sum(pair[1]) > room), (steps[-1], steps[-1]))
    least, most = 0.0, max(high)
    for _ in range(_HALVINGS):
        level = (least + most) / 2
        fitting = sum(min(top, max(few, level)) for few, top in zip(low, high, strict=True)) <= room
        least, most = (level, most) if fitting else (least, level)
    return [min(top, max(few, least)) for few, top in zip(low, high, strict=True)]


_LABEL = 4.0
"""em that a column of labels keeps when others need of its width."""


def _with_room(widths: tuple[float, ...], least: list[float], size: float, inset: float) -> tuple[float, ...]:
    """Widths in mm of which each has its least width (em); what that takes comes from those that have most to spare."""
    needed = [(few * size + 2 * inset) * POINT for few in least]
    short = sum(max(0.0, few - width) for few, width in zip(needed, widths, strict=True))
    for label in (_LABEL, 0.0):
        floors = [max(few, (label * size + 2 * inset) * POINT) for few in needed]
        spare = [max(0.0, width - floor) for width, floor in zip(widths, floors, strict=True)]
        if short <= sum(spare):
            share = short / sum(spare) if short else 0.0
            given = [max(few, width) for few, width in zip(needed, widths, strict=True)]
            return tuple(width - room * share for width, room in zip(given, spare, strict=True))
    return widths
