"""A document as it was published: lines of text and table grids, in their order."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

MOST_COLUMNS = 64
MOST_ROWS = 2_000
MOST_PLACES = 100_000
"""Rows × columns of one table, every span counted; the form's largest has 280."""


@dataclass(frozen=True)
class GridCell:
    """One cell of a table: its text, where it begins and how far it reaches."""

    text: str
    row: int
    column: int
    rowspan: int = 1
    colspan: int = 1

    @property
    def blank(self) -> bool:
        return not self.text

    @property
    def single(self) -> bool:
        return self.rowspan == self.colspan == 1


@dataclass(frozen=True)
class Line:
    """A line of text."""

    text: str


@dataclass(frozen=True)
class Grid:
    """A table, rows × columns; every place holds the slot that covers it, or None.

    Attributes
    ----------
    spanned : bool
        Whether merged cells are known. In plain text they are not, and a row may
        carry blank fields where the table had merged cells.
    loose : bool
        Whether the fields are parted by gaps only, as those of prose may be too.
    broken : frozenset of int
        Rows whose markup contradicts itself: text outside cells, cells over one another.
    """

    rows: tuple[tuple[GridCell | None, ...], ...]
    spanned: bool = True
    broken: frozenset[int] = frozenset()
    loose: bool = False

    @cached_property
    def width(self) -> int:
        return max((len(row) for row in self.rows), default=0)

    def own(self, index: int) -> tuple[GridCell, ...]:
        """The slots that begin in a row, from the left."""
        row = enumerate(self.rows[index])
        return tuple(slot for x, slot in row if slot is not None and (slot.row, slot.column) == (index, x))

    def texts(self, index: int) -> tuple[str, ...]:
        """The texts that are written in a row."""
        return tuple(slot.text for slot in self.own(index) if slot.text)

    def texts_under(self, index: int, heads: Sequence[tuple[int, int]]) -> list[str] | None:
        """The texts of a row under some heads, each from its first to before its last column.

        None where a cell reaches out of its head or into the row from above, where two
        texts stand under one head, or where the row is not as long as the heads.
        """
        row = self.rows[index]
        if index in self.broken or len(row) != heads[-1][1] or None in row[heads[0][0] :]:
            return None
        texts: list[str] = []
        for start, end in heads:
            cells = [cell for cell in row[start:end] if cell is not None]
            if any(cell.row != index or cell.rowspan > 1 for cell in cells):
                return None
            if any(cell.column < start or cell.column + cell.colspan > end for cell in cells):
                return None
            written = {cell.column: cell.text for cell in cells if cell.text}
            if len(written) > 1:
                return None
            texts.append(next(iter(written.values()), ""))
        return texts

    def columns(self, kept: Sequence[int]) -> Grid:
        """The table with only some of its columns; cells that reach over others shrink, those within them are gone."""
        if len(kept) == self.width or not kept:
            return self
        new: dict[tuple[int, int], GridCell] = {}
        for index in range(len(self.rows)):
            for cell in self.own(index):
                inside = [place for place, x in enumerate(kept) if cell.column <= x < cell.column + cell.colspan]
                if inside:
                    new[index, cell.column] = GridCell(cell.text, index, inside[0], cell.rowspan, len(inside))
        rows = (
            tuple(None if (old := row[x]) is None else new.get((old.row, old.column)) for x in kept if x < len(row))
            for row in self.rows
        )
        return Grid(tuple(rows), self.spanned, self.broken, self.loose)

    def lines(self, start: int, end: int) -> Grid:
        """Some of its rows as a table; a cell that reaches in from above begins with them, one that reaches out ends."""
        rows: list[tuple[GridCell | None, ...]] = []
        new: dict[tuple[int, int], GridCell] = {}
        for y in range(start, end):
            row: list[GridCell | None] = []
            for cell in self.rows[y]:
                if cell is None:
                    row.append(None)
                    continue
                first, last = max(cell.row, start), min(cell.row + cell.rowspan, end)
                kept = GridCell(cell.text, first - start, cell.column, last - first, cell.colspan)
                row.append(new.setdefault((cell.row, cell.column), kept))
            rows.append(tuple(row))
        broken = frozenset(y - start for y in self.broken if start <= y < end)
        return Grid(tuple(rows), self.spanned, broken, self.loose)

    def whole(self, index: int, width: int) -> bool:
        """Whether a row covers exactly this many places, each once."""
        row = self.rows[index]
        return len(row) == width and None not in row and index not in self.broken


Item = Line | Grid


@dataclass(frozen=True)
class RawCell:
    """A cell as the markup gives it, before it has a place."""

    text: str
    rowspan: int = 1
    colspan: int = 1


def text_grid(rows: Sequence[Sequence[str]]) -> Grid:
    """Rows of fields without merged cells, each as long as it is."""
    return Grid(
        tuple(tuple(GridCell(text, y, x) for x, text in enumerate(row)) for y, row in enumerate(rows)), spanned=False
    )


def places_of(sections: Sequence[Sequence[Sequence[RawCell]]]) -> int:
    """How many places the cells of some sections cover together, at most."""
    return sum(
        min(cell.rowspan or len(section), len(section) - y) * cell.colspan
        for section in sections
        for y, row in enumerate(section)
        for cell in row
    )


def spanned_grid(sections: Sequence[Sequence[Sequence[RawCell]]], broken: frozenset[int] = frozenset()) -> Grid:
    """Cells laid out as a browser does: a span does not leave its section."""
    matrix: list[list[GridCell | None]] = [[] for section in sections for _ in section]
    bad = set(broken)
    first = 0
    for section in sections:
        last = first + len(section)
        for y, row in enumerate(section, start=first):
            x = 0
            for raw in row:
                while x < len(matrix[y]) and matrix[y][x] is not None:
                    x += 1
                rowspan = min(raw.rowspan or last - y, last - y)
                slot = GridCell(raw.text, y, x, rowspan, raw.colspan)
                bad.update(_cover(matrix, slot))
                x += raw.colspan
        first = last
    return Grid(tuple(map(tuple, matrix)), broken=frozenset(bad))


def _cover(matrix: list[list[GridCell | None]], slot: GridCell) -> Iterator[int]:
    """Put a slot into every place it covers; yields the rows where another slot already stood."""
    end = slot.column + slot.colspan
    for y in range(slot.row, slot.row + slot.rowspan):
        row = matrix[y]
        row.extend([None] * (end - len(row)))
        for x in range(slot.column, end):
            if row[x] is not None:
                yield y
            else:
                row[x] = slot
