"""What a document is made of: frozen values, without HTML and without layout."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from nianbao.errors import NotebookError


@dataclass(frozen=True)
class Run:
    """A stretch of text in one style; ``\\n`` is a forced line break.

    ``shift`` is ``""``, ``"sub"`` or ``"super"``; ``lead`` marks a run-in heading.
    """

    text: str
    strong: bool = False
    emphasis: bool = False
    code: bool = False
    lead: bool = False
    shift: str = ""


Runs = tuple[Run, ...]


def plain(runs: Runs) -> str:
    """The text of runs without their style."""
    return "".join(run.text for run in runs)


@dataclass(frozen=True)
class Title:
    """Title of the report with the identity it carries (``h1.nb-title``)."""

    runs: Runs
    unit: str = ""
    year: str = ""
    author: str = ""
    date: dt.date | None = None


@dataclass(frozen=True)
class Heading:
    """A heading; ``level`` is that of the HTML element: 2 is 一、, 3 is （一）, 4 is 1."""

    level: int
    runs: Runs


@dataclass(frozen=True)
class Paragraph:
    """A paragraph; ``role`` is one of the class names of ``markup`` or empty for body text."""

    runs: Runs
    role: str = ""


@dataclass(frozen=True)
class ListBlock:
    """A list; each item is a sequence of blocks."""

    items: tuple[tuple[Block, ...], ...]
    ordered: bool = False
    start: int = 1


@dataclass(frozen=True)
class Cell:
    """A table cell. ``align`` is ``left``, ``center``, ``right`` or empty; ``scope`` as in HTML."""

    runs: Runs
    rowspan: int = 1
    colspan: int = 1
    header: bool = False
    align: str = ""
    scope: str = ""

    @property
    def text(self) -> str:
        """The cell's text without style."""
        return plain(self.runs)


Row = tuple[Cell, ...]


@dataclass(frozen=True)
class Table:
    """A table as HTML gives it: rows of cells, with spans.

    ``widths`` holds the width of each column in mm, or is empty when none is given.
    """

    head: tuple[Row, ...]
    body: tuple[Row, ...]
    widths: tuple[float, ...] = ()
    identifier: str = ""

    def placed(self) -> Iterator[tuple[int, int, Cell]]:
        """Every cell with the row and column (from 0, head first) of its upper left corner.

        Raises NotebookError when spans overlap or leave their section.
        """
        yield from _place(self.head, 0)
        yield from _place(self.body, len(self.head))

    @property
    def rows(self) -> int:
        """Number of rows, head included."""
        return len(self.head) + len(self.body)

    @cached_property
    def columns(self) -> int:
        """Number of columns of the grid."""
        return max((column + cell.colspan for _, column, cell in self.placed()), default=0)

    def grid(self) -> tuple[tuple[str, ...], ...]:
        """The text at every place, ``rows`` × ``columns``; a span repeats its text at each place it covers."""
        matrix = [[""] * self.columns for _ in range(self.rows)]
        for row, column, cell in self.placed():
            for down in range(cell.rowspan):
                for across in range(cell.colspan):
                    matrix[row + down][column + across] = cell.text
        return tuple(tuple(line) for line in matrix)


def _place(rows: tuple[Row, ...], first: int) -> Iterator[tuple[int, int, Cell]]:
    taken: set[tuple[int, int]] = set()
    for index, row in enumerate(rows):
        column = 0
        for cell in row:
            while (index, column) in taken:
                column += 1
            where = f"表格第 {first + index + 1} 行第 {column + 1} 列"
            if index + cell.rowspan > len(rows):
                raise NotebookError(where, f"rowspan={cell.rowspan} 超出本段的 {len(rows)} 行", "改正该单元格的跨行数")
            covered = {(index + d, column + a) for d in range(cell.rowspan) for a in range(cell.colspan)}
            if covered & taken:
                raise NotebookError(where, f"colspan={cell.colspan} 与上方跨行的单元格重叠", "改正单元格的跨行、跨列数")
            taken |= covered
            yield first + index, column, cell
            column += cell.colspan


@dataclass(frozen=True)
class Picture:
    """A picture in one of the formats PNG, JPEG, GIF, WebP or SVG."""

    data: bytes
    mime: str
    alt: str = ""
    caption: Runs = ()


@dataclass(frozen=True)
class Preformatted:
    """Text whose spaces and line ends count (program output)."""

    text: str


Block = Title | Heading | Paragraph | ListBlock | Table | Picture | Preformatted


@dataclass(frozen=True)
class Meta:
    """What is said once for the whole document; empty where the notebook says nothing.

    ``draft`` and ``sample`` hold the text of the marks 草稿 and 示例, ``None`` when the mark is absent.
    """

    title: Runs = ()
    unit: str = ""
    year: str = ""
    author: str = ""
    date: dt.date | None = None
    red_head: str = ""
    document_number: str = ""
    signer: str = ""
    addressee: str = ""
    draft: str | None = None
    sample: str | None = None


@dataclass(frozen=True)
class Document:
    """A notebook as it is published."""

    meta: Meta
    blocks: tuple[Block, ...]
