"""A report in traditional characters → in simplified ones, in which the form's labels stand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING

from nianbao.published.grid import Grid

if TYPE_CHECKING:
    from opencc import OpenCC

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


def simplify(text: str) -> str:
    """A text in simplified characters."""
    return str(_converter().convert(text))


def simplify_grid(grid: Grid) -> Grid:
    """A table in simplified characters."""
    new = {
        (cell.row, cell.column): replace(cell, text=simplify(cell.text))
        for index in range(len(grid.rows))
        for cell in grid.own(index)
    }
    rows = (tuple(None if cell is None else new[cell.row, cell.column] for cell in row) for row in grid.rows)
    return replace(grid, rows=tuple(rows))


@lru_cache(maxsize=1)
def _converter() -> OpenCC:
    from opencc import OpenCC  # its dictionaries take a tenth of a second, and few reports need them

    return OpenCC("t2s")
