"""A table without what a page, a spreadsheet or a copy added to the form's: repeats, columns of its own, lines that part nothing."""

from __future__ import annotations

import itertools
from collections.abc import Collection, Iterator

from nianbao.published.figure import looks_like_figure
from nianbao.published.grid import Grid, GridCell
from nianbao.published.labels import form_words, row_words, word

_OF_THEIR_OWN = frozenset({"备注", "说明", "序号", "编号", "行次", "项次", "序", "小计"})
"""Heads of columns that are no part of the form."""
_UNIT_HEADS = frozenset({"单位", "计量单位"})
_UNITS = frozenset({"件", "条", "份", "项", "个", "次", "宗", "起", "万元"})
"""What a column of units may hold and be passed over; 元 may not: it says that an amount is another than the form's."""
_REPEATS = 2
"""Rows with repeated labels that make a table of single fields one whose merged cells were taken apart."""


def plain_shape(grid: Grid) -> Grid:
    """The same cells as the form has them; only labels of the form are ever taken together."""
    if not grid.spanned:
        grid = _without_last_fields(grid)
        if not _is_taken_apart(grid):
            return _without_serial_numbers(grid)
        grid = Grid(grid.rows, broken=grid.broken)
    grid = _with_merged_labels(grid)
    first = _first_figures(grid)
    grid = grid.columns(_columns_of_the_form(grid, first))
    used = {cell.column for index in range(len(grid.rows)) if grid.texts(index) for cell in grid.own(index)}
    return grid.columns([x for x in range(grid.width) if x in used])


# -- plain text -------------------------------------------------------------------------------------------------------


def _without_last_fields(grid: Grid) -> Grid:
    """Word ends every row of a table that it saves as text with a tab: without the blank fields that all rows end in."""
    rows = grid.rows
    while rows and all(len(row) > 1 and row[-1] is not None and row[-1].blank for row in rows if row):
        rows = tuple(row[:-1] for row in rows)
    return Grid(rows, grid.spanned, grid.broken, grid.loose)


def _without_serial_numbers(grid: Grid) -> Grid:
    """Text without the numbers of its rows, where a head says that the first column holds nothing else."""
    firsts = [row[0].text for row in grid.rows if row and row[0] is not None]
    numbered = any(word(text) in _OF_THEIR_OWN for text in firsts)
    alone = all(not text or word(text) in _OF_THEIR_OWN or text.isdecimal() for text in firsts)
    if not numbered or not alone:
        return grid
    rows = (
        tuple(GridCell(cell.text, y, x) for x, cell in enumerate(_cells(row[1:]))) for y, row in enumerate(grid.rows)
    )
    return Grid(tuple(rows), grid.spanned, grid.broken, grid.loose)


def _cells(row: tuple[GridCell | None, ...]) -> Iterator[GridCell]:
    return (cell for cell in row if cell is not None)


def _is_taken_apart(grid: Grid) -> bool:
    """Whether fields of one text stand side by side in rows that are all as long as one another."""
    if len({len(row) for row in grid.rows if row}) != 1:
        return False
    repeats = sum(any(_is_repeat(a, b) for a, b in itertools.pairwise(row)) for row in grid.rows)
    return repeats >= _REPEATS


def _is_repeat(one: GridCell | None, other: GridCell | None) -> bool:
    if one is None or other is None or one == other:
        return False
    return one.text == other.text and word(one.text) in form_words()


# -- merged cells that were taken apart -------------------------------------------------------------------------------


def _with_merged_labels(grid: Grid) -> Grid:
    """Labels of the form that repeat themselves along a row as one, and the figures under a head of that kind."""
    rows: list[tuple[GridCell | None, ...]] = []
    ranges: list[tuple[int, int]] = []
    merged = False
    for index, row in enumerate(grid.rows):
        own = grid.own(index)
        whole = len(own) == len(row) and all(cell.single for cell in own)
        runs = list(_runs(own)) if whole else []
        if any(word(text) not in row_words() and not looks_like_figure(text) for text in grid.texts(index)):
            ranges = runs  # a head; a row of figures that are all blank is none
        elif whole:
            apart = [one for one in ranges if all(one[1] <= start or end <= one[0] for start, end in runs)]
            runs += [(start, end) for start, end in apart if _all_alike(own[start:end])]
        merged = merged or bool(runs)
        rows.append(_merged_row(row, own, runs))
    return Grid(tuple(rows), broken=grid.broken) if merged else grid


def _runs(own: tuple[GridCell, ...]) -> Iterator[tuple[int, int]]:
    start = 0
    for end in range(1, len(own) + 1):
        if end == len(own) or not _is_repeat(own[start], own[end]):
            if end - start > 1:
                yield start, end
            start = end


def _all_alike(cells: tuple[GridCell, ...]) -> bool:
    return bool(cells) and bool(cells[0].text) and all(cell.text == cells[0].text for cell in cells)


def _merged_row(
    row: tuple[GridCell | None, ...], own: tuple[GridCell, ...], runs: Collection[tuple[int, int]]
) -> tuple[GridCell | None, ...]:
    merged = list(row)
    for start, end in runs:
        first = own[start]
        merged[start:end] = [GridCell(first.text, first.row, first.column, 1, end - start)] * (end - start)
    return tuple(merged)


# -- columns ----------------------------------------------------------------------------------------------------------


def has_own_heads(grid: Grid, rows: Collection[int]) -> bool:
    """Whether a head names a column that is no part of the form."""
    words = {word(text) for index in rows for text in grid.texts(index)}
    return bool(words & (_OF_THEIR_OWN | _UNIT_HEADS))


def _columns_of_the_form(grid: Grid, figures: int) -> list[int]:
    """The columns but for those of their own; never one that holds the whole of a text under a blank head."""
    extra = {x for x in range(grid.width) if _is_extra(grid, x, figures)}
    for index in range(len(grid.rows)):
        for cell in grid.own(index):
            covered = set(range(cell.column, cell.column + cell.colspan))
            if cell.text and cell.colspan > 1 and covered <= extra:
                extra -= covered
    return [x for x in range(grid.width) if x not in extra]


def _is_extra(grid: Grid, x: int, figures: int) -> bool:
    """Whether a column has a head of its own that is blank or none of the form's, and with a blank head nothing below."""
    cells = [
        cell
        for index, row in enumerate(grid.rows)
        if grid.texts(index) and x < len(row) and (cell := row[x]) is not None and cell.colspan == 1
    ]
    first = next((cell for cell in cells if cell.text), None)
    heads = [cell for cell in cells if cell.row < figures]
    if not heads or first is None:
        return bool(heads)
    if first in heads and word(first.text) in _UNIT_HEADS:
        return {cell.text for cell in cells if cell.text and cell is not first} <= _UNITS
    return first in heads and word(first.text) in _OF_THEIR_OWN


def _first_figures(grid: Grid) -> int:
    rows = range(len(grid.rows))
    return next((index for index in rows if any(map(looks_like_figure, grid.texts(index)))), len(grid.rows))
