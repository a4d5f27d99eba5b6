"""What a document is made of: frozen values, without HTML and without layout."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property

from nianbao.errors import NotebookError

_SHIFTED = {
    "super": str.maketrans("0123456789+-=()n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿ"),
    "sub": str.maketrans("0123456789+-=()", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎"),
}

_WORD = re.compile(r"[0-9A-Za-z.,%]")


@dataclass(frozen=True)
class Run:
    """A stretch of text in one style, or a picture that stands in a line; ``\\n`` is a forced line break.

    ``shift`` is ``""``, ``"sub"`` or ``"super"``; ``lead`` marks a run-in heading; ``link`` is an address that begins
    with ``http``, or a page in a folder beside, which leads nowhere but from a page. A run with a ``picture`` has no text.
    """

    text: str
    strong: bool = False
    emphasis: bool = False
    underline: bool = False
    struck: bool = False
    code: bool = False
    lead: bool = False
    shift: str = ""
    link: str = ""
    picture: Picture | None = None

    @property
    def address(self) -> str:
        """The link where it leads somewhere from any file, wherever that lies."""
        return self.link if self.link.lower().startswith("http") else ""

    @property
    def plain(self) -> str:
        """The text where no style can be shown: a raised or lowered figure has a character of its own.

        A picture parts what stands beside it.
        """
        if self.picture is not None:
            return " "
        return self.text.translate(_SHIFTED[self.shift]) if self.shift else self.text


Runs = tuple[Run, ...]


def plain(runs: Runs) -> str:
    """The text of runs without their style, and without what is struck out.

    No figure is joined to one that it does not belong to.
    """
    return "".join(run.plain for run in without_struck(runs)).strip(" ")


def without_struck(runs: Runs) -> Runs:
    """Runs without what is struck out; a space parts the figures or words that it parted."""
    if not any(run.struck for run in runs):
        return runs
    kept: list[Run] = []
    gap = False
    for run in runs:
        if run.struck:
            gap = bool(kept)
        else:
            parted = gap and _WORD.match(kept[-1].text[-1:]) and _WORD.match(run.text[:1])
            kept.append(replace(run, text=" " + run.text) if parted else run)
            gap = False
    return tuple(kept)


def in_one_line(runs: Runs) -> Runs:
    """Runs without line breaks; a space takes the place of one that parts figures or words, as ``7`` and ``8``."""
    whole = "".join(run.text for run in runs)
    spaced = re.sub(r"(?<=[0-9A-Za-z])\n(?=[0-9A-Za-z])", " ", whole)  # as long as before
    out: list[Run] = []
    position = 0
    for run in runs:
        text = spaced[position : position + len(run.text)].replace("\n", "")
        position += len(run.text)
        out.append(replace(run, text=text))
    return tuple(out)


@dataclass(frozen=True)
class Title:
    """Title of the report with the identity it carries (``h1.nb-title``)."""

    runs: Runs
    unit: str = ""
    year: str = ""
    author: str = ""
    date: dt.date | None = None
    index_number: str = ""


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


_FIGURE = re.compile(r"[-+\u2212]?[0-9][0-9,.]*%?|[-—/]|不适用")


@dataclass(frozen=True)
class Cell:
    """A table cell. ``align`` is ``left``, ``center``, ``right`` or empty; ``scope`` as in HTML."""

    runs: Runs
    rowspan: int = 1
    colspan: int = 1
    header: bool = False
    align: str = ""
    scope: str = ""

    @cached_property
    def text(self) -> str:
        """The cell's text without style."""
        return plain(self.runs)

    @property
    def alignment(self) -> str:
        """The cell's own ``align``; else heads of columns and figures are centred, other text stands left."""
        return self.align or ("center" if self.scope in ("col", "colgroup") or self.is_figure else "left")

    @cached_property
    def is_figure(self) -> bool:
        """Whether the text is a number, or what stands for one."""
        return _FIGURE.fullmatch(self.text) is not None


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
        return iter(self._placed)

    @cached_property
    def _placed(self) -> tuple[tuple[int, int, Cell], ...]:
        return (*_place(self.head, 0), *_place(self.body, len(self.head)))

    @property
    def rows(self) -> int:
        """Number of rows, head included."""
        return len(self.head) + len(self.body)

    @cached_property
    def columns(self) -> int:
        """Number of columns of the grid."""
        return max((column + cell.colspan for _, column, cell in self.placed()), default=0)

    @cached_property
    def heads_below(self) -> frozenset[int]:
        """Rows of the body that hold nothing but heads of columns: each run of such rows begins a block of the table."""
        rows: dict[int, list[Cell]] = {}
        spanned: set[int] = set()
        for row, _, cell in self.placed():
            rows.setdefault(row, []).append(cell)
            spanned.update(range(row + 1, row + cell.rowspan))
        return frozenset(
            row
            for row, cells in rows.items()
            if row >= len(self.head)
            and row not in spanned
            and all(cell.header and cell.rowspan == 1 and cell.scope in ("col", "colgroup") for cell in cells)
        )

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
    """A picture in one of the formats PNG, JPEG, GIF, WebP or SVG.

    ``width`` is the width in CSS pixels (1/96 inch) in which the notebook shows it, 0 where it says nothing;
    a ``page`` of an attachment fills a page.
    """

    data: bytes
    mime: str
    alt: str = ""
    caption: Runs = ()
    width: int = 0
    page: bool = False


@dataclass(frozen=True)
class Preformatted:
    """Text whose spaces and line ends count (program output)."""

    text: str


Block = Title | Heading | Paragraph | ListBlock | Table | Picture | Preformatted


def each(blocks: Iterable[Block]) -> Iterator[Block]:
    """Every block with all that stands in it: the blocks of lists, the pictures in lines, cells and captions."""
    for block in blocks:
        yield block
        if isinstance(block, ListBlock):
            for item in block.items:
                yield from each(item)
        yield from each(pictures_in(block))


def pictures_in(block: Block) -> Iterator[Picture]:
    """The pictures in the lines of a block: in its text, its cells, its caption."""
    match block:
        case Title(runs=runs) | Heading(runs=runs) | Paragraph(runs=runs) | Picture(caption=runs):
            lines: tuple[Runs, ...] = (runs,)
        case Table():
            lines = tuple(cell.runs for _, _, cell in block.placed())
        case ListBlock() | Preformatted():
            lines = ()
    return (run.picture for runs in lines for run in runs if run.picture is not None)


_KEYWORDS = ("政府信息公开", "年度报告")


@dataclass(frozen=True)
class Meta:
    """What is said once for the whole document; empty where the notebook says nothing.

    ``copies``, ``issuer`` and ``issued`` are the 版记 (GB/T 9704-2012, 7.4): 抄送：…, 印发机关 and 印发日期.
    ``draft`` and ``sample`` hold the text of the marks 草稿 and 示例, ``None`` when the mark is absent.
    """

    title: Runs = ()
    unit: str = ""
    year: str = ""
    author: str = ""
    date: dt.date | None = None
    index_number: str = ""
    red_head: str = ""
    document_number: str = ""
    signer: str = ""
    addressee: str = ""
    copies: str = ""
    issuer: str = ""
    issued: str = ""
    draft: str | None = None
    sample: str | None = None

    @property
    def keywords(self) -> tuple[str, ...]:
        """Words by which an archive finds a report; none for a document that is of no year."""
        return tuple(filter(None, (self.author, f"{self.year}年", *_KEYWORDS))) if self.year else ()

    @property
    def record(self) -> dict[str, str]:
        """What a site asks for when a report is published: title, index number, source, date, number; what is known.

        Nothing for a document of no year, or without a date and an index number, which is not published.
        """
        if not (self.year and (self.date or self.index_number)):
            return {}
        given = {
            "标题": plain(in_one_line(self.title)),
            "索引号": self.index_number,
            "来源": self.author,
            "成文日期": self.date.isoformat() if self.date else "",
            "文号": self.document_number,
        }
        return {name: value for name, value in given.items() if value}

    @property
    def has_colophon(self) -> bool:
        """Whether there is a 版记."""
        return bool(self.copies or self.issuer or self.issued)

    @property
    def marks(self) -> dict[str, str]:
        """The marks 草稿 and 示例 that the document bears, each with the sentence that says why."""
        given = {"草稿": self.draft, "示例": self.sample}
        return {
            mark: text if mark in text else f"{mark}：{text}" if text else mark
            for mark, text in given.items()
            if text is not None
        }


@dataclass(frozen=True)
class Document:
    """A notebook as it is published."""

    meta: Meta
    blocks: tuple[Block, ...]
