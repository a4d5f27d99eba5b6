"""The part of a table that stands on one page: its cells under the columns that the strokes give."""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from nianbao.office.pdf import Character
from nianbao.published.grid import Grid, GridCell
from nianbao.published.pdf.cells import Frame, Place
from nianbao.published.pdf.text import FIGURE, Strokes, cell_text, in_reading_order, is_gap

_OVER = 1.5
"""Points by which a figure may reach over the edge of its cell."""
_CUT = "\ufffd"
"""Stands in the text of a cell of which a figure reaches into the next."""


@dataclass(frozen=True)
class TablePart:
    """Cells of a table; ``broken`` are rows of which it cannot be told what belongs to them."""

    xs: tuple[float, ...]
    height: int
    slots: tuple[GridCell, ...]
    broken: frozenset[int] = frozenset()

    def row(self, index: int) -> list[GridCell]:
        """The cells that begin in a row, from the left."""
        return sorted((slot for slot in self.slots if slot.row == index), key=lambda slot: slot.column)

    def under(self, xs: tuple[float, ...]) -> TablePart:
        """The same cells under finer columns."""
        new = [min(range(len(xs)), key=lambda index: abs(xs[index] - edge)) for edge in self.xs]
        slots = (
            replace(slot, column=new[slot.column], colspan=new[slot.column + slot.colspan] - new[slot.column])
            for slot in self.slots
        )
        return replace(self, xs=xs, slots=tuple(slots))

    def grid(self) -> Grid:
        """The table without columns and rows at whose edge no cell begins: lines of the page that part nothing."""
        columns = sorted({slot.column for slot in self.slots})
        rows = sorted({slot.row for slot in self.slots})
        places: list[list[GridCell | None]] = [[None] * len(columns) for _ in rows]
        for slot in self.slots:
            here = [i for i, x in enumerate(columns) if slot.column <= x < slot.column + slot.colspan]
            there = [i for i, y in enumerate(rows) if slot.row <= y < slot.row + slot.rowspan]
            placed = GridCell(slot.text, there[0], here[0], len(there), len(here))
            for y in there:
                for x in here:
                    places[y][x] = placed
        broken = frozenset(index for index, row in enumerate(rows) if row in self.broken)
        return Grid(tuple(map(tuple, places)), broken=broken)


def read_part(frame: Frame, characters: Sequence[Character], strokes: Strokes) -> TablePart:
    """The cells of a frame with their texts; ``characters`` are those that stand inside it."""
    inside: dict[Place, list[Character]] = defaultdict(list)
    owner: dict[Character, Place] = {}
    for one in characters:
        field = frame.place((one.left + one.right) / 2, one.middle)
        if field is not None:
            inside[frame.home[field]].append(one)
            owner[one] = frame.home[field]
    cut = _cut(frame, owner)
    broken = {row for (row, _), home in frame.home.items() if home not in frame.spans and inside.get(home)}
    slots = []
    for home, (rowspan, colspan) in frame.spans.items():
        own = [one for line in in_reading_order(inside.get(home, [])) for one in line]
        text = cell_text(own, strokes) + (_CUT if home in cut else "")
        slots.append(GridCell(text, *home, rowspan, colspan))
    return TablePart(frame.xs, len(frame.ys) - 1, tuple(slots), frozenset(broken))


def _cut(frame: Frame, owner: Mapping[Character, Place]) -> set[Place]:
    """Cells of which a figure reaches over an edge, or goes on in the cell beside it."""
    found: set[Place] = set()
    figures = [one for one in owner if one.text in FIGURE]
    for one in figures:
        home = owner[one]
        if home in frame.spans:
            left, right = frame.xs[home[1]], frame.xs[home[1] + frame.spans[home][1]]
            if one.left < left - _OVER or one.right > right + _OVER:
                found.add(home)
    for line in in_reading_order(figures):
        for before, one in itertools.pairwise(line):
            if owner[before] != owner[one] and not is_gap(before, one):
                found |= {owner[before], owner[one]}
    return found
