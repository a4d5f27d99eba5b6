"""A report in traditional characters → in simplified ones, in which the form's labels stand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from nianbao.published.grid import Grid
from nianbao.rules.judge.normalise import simplified

_SIGNS = frozenset("開報總請數處結轉務業構機關與為給條規類辦斷續屬於複訴訟問題進體")
"""Characters that every report in traditional characters has many of, and none in simplified ones."""
_ENOUGH = 20


def is_traditional(lines: Sequence[str], grids: Sequence[Grid]) -> bool:
    """Whether a document is written in traditional characters throughout."""
    texts = [*lines, *(text for grid in grids for index in range(len(grid.rows)) for text in grid.texts(index))]
    found = 0
    for text in texts:
        found += sum(character in _SIGNS for character in text)
        if found >= _ENOUGH:
            return True
    return False


def simplified_grid(grid: Grid) -> Grid:
    """A table in simplified characters."""
    new = {
        (cell.row, cell.column): replace(cell, text=simplified(cell.text))
        for index in range(len(grid.rows))
        for cell in grid.own(index)
    }
    rows = (tuple(None if cell is None else new[cell.row, cell.column] for cell in row) for row in grid.rows)
    return replace(grid, rows=tuple(rows))
