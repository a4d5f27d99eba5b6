"""A table of the document as a Word table: merged cells as merges, fixed widths, rows that stay whole."""

from __future__ import annotations

import math
from copy import deepcopy
from functools import lru_cache
from itertools import accumulate

from nianbao.document.columns import WIDE_SLACK, column_widths, fitting_size
from nianbao.document.docx.runs import RunWriter
from nianbao.document.docx.styles import cell_margins, indent, spacing
from nianbao.document.docx.xml import off, on, paragraph_properties, twips, twips_of_mm, w
from nianbao.document.layout import TYPE_AREA_HEIGHT, TYPE_AREA_WIDTH, seams, table_inset, table_padding, width
from nianbao.document.model import Cell, Table
from nianbao.office.xml import XmlElement

LEADING = 1.3
"""Line height in a cell, in em, as in the PDF."""
_IN_LEADING = 0.15
"""Of the space above and below the text of a cell, in em, what the line height holds already."""

MOST_KEPT = 320.0
"""pt, half a page: a table that is no higher stays on one page; one whose rows are alike, half of that."""


def word_table(
    table: Table, description: str, runs: RunWriter, noted: bool = False, on_turned: bool = False
) -> XmlElement:
    """``w:tbl`` for a table; ``description`` is what those hear who do not see it, ``noted`` whether a note follows.

    It is as wide as the type area of an upright page, or ``on_turned`` of one that is turned.
    """
    area = TYPE_AREA_HEIGHT if on_turned else TYPE_AREA_WIDTH
    size, inset = fitting_size(table, area, WIDE_SLACK), table_inset(table.columns)
    widths = [twips_of_mm(width) for width in column_widths(table, size, inset, area, WIDE_SLACK)]
    whole = twips_of_mm(area)
    widths[-1] += whole - sum(widths)
    places = _places(table)
    alike = all(cell.rowspan == cell.colspan == 1 for row in table.body for cell in row)
    most = MOST_KEPT / 2 if alike else MOST_KEPT
    padding = table_padding(table) - _IN_LEADING
    lines = _lines(table, widths, size, inset)
    heights = [count * LEADING + 2 * padding for count in _rows(table, lines)]
    kept = _kept_rows(table, heights, lines, most / size) | ({table.rows - 1} if noted else set())
    rows = [_row(table, places[y], y, widths, size, runs, y in kept) for y in range(table.rows)]
    properties = w(
        "tblPr",
        w("tblStyle", val="TableGrid"),
        w("tblW", w=whole, type="dxa"),
        w("jc", val="center"),
        w("tblLayout", type="fixed"),
        cell_margins(twips(inset), twips(padding * size)),
        w("tblLook", val="0000", firstRow=0, lastRow=0, firstColumn=0, lastColumn=0, noHBand=1, noVBand=1),
        w("tblCaption", val=description),
        w("tblDescription", val=description),
    )
    return w("tbl", properties, w("tblGrid", *(w("gridCol", w=width) for width in widths)), *rows)


def _kept_rows(table: Table, heights: list[float], lines: list[int], most: float) -> set[int]:
    """Rows that stay on the page of the next: all of a block that heads begin, else of a table no higher than ``most``.

    Any other table is cut where no group is, no row is left alone, two thirds of that height stand before, and the label
    of a large group has room in either part: its text would run on over the page. Heights are in em.
    """
    rows = range(table.rows - 1)
    if heads := table.heads_below:
        return {y for y in rows if y + 1 not in heads or y in heads}
    if sum(heights) <= most:
        return set(rows)
    cut: dict[int, list[tuple[int, int, float]]] = {}  # by a row that would begin a page, the labels over which it lies
    for (y, _, cell), n in zip(table.placed(), lines, strict=True):
        for row in range(y + 1, y + cell.rowspan):
            cut.setdefault(row, []).append((y, y + cell.rowspan, n * LEADING))
    before = list(accumulate(heights, initial=0.0))
    kept = set(rows)
    for row in seams(table):
        if before[row] >= most * 2 / 3 and all(
            height <= min(sum(heights[first:row]), sum(heights[row:end])) for first, end, height in cut.get(row, ())
        ):
            kept.discard(row - 1)
    return kept


def _places(table: Table) -> list[dict[int, tuple[Cell, bool]]]:
    """For each row the cells by the column they begin in, and whether they began in a row above."""
    places: list[dict[int, tuple[Cell, bool]]] = [{} for _ in range(table.rows)]
    for y, x, cell in table.placed():
        for down in range(cell.rowspan):
            places[y + down][x] = (cell, down > 0)
    return places


def _lines(table: Table, widths: list[int], size: float, inset: float) -> list[int]:
    """In about how many lines each cell is set, in the order of ``table.placed()``."""
    return [
        sum(
            max(1, math.ceil(width(line) * size / (sum(widths[x : x + cell.colspan]) / 20 - 2 * inset)))
            for line in cell.text.split("\n")
        )
        for _, x, cell in table.placed()
    ]


def _rows(table: Table, lines: list[int]) -> list[int]:
    """The lines of each row, by the cells that stand in it alone."""
    rows = [1] * table.rows
    for (y, _, cell), count in zip(table.placed(), lines, strict=True):
        if cell.rowspan == 1:
            rows[y] = max(rows[y], count)
    return rows


def _row(
    table: Table,
    cells: dict[int, tuple[Cell, bool]],
    y: int,
    widths: list[int],
    size: float,
    runs: RunWriter,
    keep: bool,
) -> XmlElement:
    # On every page, but for a table of blocks: the head of the first block is none of the others.
    head = on("tblHeader") if y < len(table.head) and not table.heads_below else None
    shown = []
    for x, (cell, continued) in sorted(cells.items()):
        across = sum(widths[x : x + cell.colspan])
        merge = "" if cell.rowspan == 1 else "continue" if continued else "restart"
        properties = deepcopy(_cell_properties(across, cell.colspan, merge))
        room = across / 20 - 2 * table_inset(table.columns)
        written = [] if continued else runs.write(cell.runs, size, room)
        shown.append(w("tc", properties, w("p", deepcopy(_paragraph(cell.alignment, size, keep)), *written)))
    return w("tr", w("trPr", on("cantSplit"), head), *shown)


# The cells of a table are alike: each kind is made once, and copied.


@lru_cache(maxsize=1024)
def _cell_properties(width_of_cell: int, columns: int, merge: str) -> XmlElement:
    return w(
        "tcPr",
        w("tcW", w=width_of_cell, type="dxa"),
        w("gridSpan", val=columns) if columns > 1 else None,
        w("vMerge", val=merge) if merge else None,
        w("vAlign", val="center"),
    )


@lru_cache(maxsize=256)
def _paragraph(side: str, size: float, keep: bool) -> XmlElement:
    parts = {
        "pStyle": w("pStyle", val="TableText"),
        "jc": w("jc", val=side),
        "ind": indent(),
        "snapToGrid": off("snapToGrid"),
        **spacing(LEADING * size),
    }
    if keep:
        parts["keepNext"] = on("keepNext")
    return paragraph_properties(parts)
