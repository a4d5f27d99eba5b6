"""A tagged PDF → lines and grids, by its structure tree."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence

from nianbao.office.pdf import Character, MarkedContent, PdfContents, Tag
from nianbao.office.pdf.contents import ARTIFACT
from nianbao.published.grid import MOST_PLACES, MOST_ROWS, Grid, Item, Line, RawCell, places_of, spanned_grid
from nianbao.published.pdf.text import Strokes, cell_text

# Roles that stand within a line of text (ISO 32000-1, 14.8.4.4); every other begins a line of its own.
_INLINE = {
    "Span", "Quote", "Note", "Reference", "BibEntry", "Code", "Link", "Annot", "Em", "Strong", "NonStruct", "Private",
    "Sub", "FENote", "Lbl", "LBody", "Ruby", "RB", "RT", "RP", "Warichu", "WT", "WP",
}  # fmt: skip
_SECTIONS = ("THead", "TBody", "TFoot")
_CELLS = ("TD", "TH")
_PICTURES = ("Figure", "Formula")


def read_tagged(contents: PdfContents) -> tuple[Item, ...] | None:
    """The lines and tables of the structure tree; None where it does not hold every character of the pages."""
    if contents.tags is None:
        return None
    reader = _Reader(contents)
    if not reader.holds_everything(contents.tags):
        return None
    reader.walk(contents.tags)
    reader.flush()
    return tuple(reader.items)


class _Reader:
    """Walks the tree, whose depth :mod:`nianbao.office.pdf.tree` bounds."""

    def __init__(self, contents: PdfContents) -> None:
        self.strokes = [Strokes.of(page) for page in contents.pages]
        self.marked: dict[MarkedContent, list[Character]] = defaultdict(list)
        for number, page in enumerate(contents.pages):
            for one in page.characters:
                self.marked[MarkedContent(number, one.mark)].append(one)
        self.items: list[Item] = []
        self.buffer: list[str] = []

    def holds_everything(self, root: Tag) -> bool:
        claimed = {kid for tag in _tags(root) for kid in tag.kids if isinstance(kid, MarkedContent)}
        return all(
            mark in claimed or mark.mcid == ARTIFACT or not "".join(one.text for one in characters).strip()
            for mark, characters in self.marked.items()
        )

    def walk(self, tag: Tag) -> None:
        grid = self.grid(tag) if tag.role == "Table" else None
        if grid is not None:
            self.flush()
            for caption in _children(tag, "Caption"):
                self.walk(caption)
            self.items.append(grid)
            return
        block = tag.role not in _INLINE
        if block:
            self.flush()
        if tag.role in _PICTURES:
            self.buffer.append("〔图〕")
        for kid in tag.kids:
            if isinstance(kid, MarkedContent):
                self.buffer.append(self.text([kid]).replace("\n", ""))
            else:
                self.walk(kid)
        if block:
            self.flush()

    def flush(self) -> None:
        text = " ".join("".join(self.buffer).split())
        self.buffer.clear()
        if text:
            self.items.append(Line(text))

    def text(self, marks: Sequence[MarkedContent]) -> str:
        """The text of some marked content, that of each page by itself."""
        pieces = []
        for page in sorted({mark.page for mark in marks}):
            characters = [one for mark in marks if mark.page == page for one in self.marked.get(mark, [])]
            pieces.append(cell_text(characters, self.strokes[page]))
        return "\n".join(piece for piece in pieces if piece)

    def grid(self, table: Tag) -> Grid | None:
        """A data table; None for one that only lays out the page, or is larger than any of the form."""
        if any(tag.role == "Table" for tag in _tags(table) if tag is not table):
            return None
        parts = [table, *_children(table, *_SECTIONS)]
        rows = [list(_children(part, "TR")) for part in parts]
        sections = [[self._cells(row) for row in part] for part in rows if part]
        count = sum(map(len, sections))
        if count > MOST_ROWS or places_of(sections) > MOST_PLACES:
            return None
        if max((len(row) for section in sections for row in section), default=0) <= 1:
            return None
        broken = {number for number, row in enumerate(row for part in rows for row in part) if self._stray(row)}
        if any(self._stray(part) for part in parts):
            broken.update(range(count))
        return _trimmed(spanned_grid(sections, frozenset(broken)))

    def _cells(self, row: Tag) -> list[RawCell]:
        return [RawCell(self._cell_text(cell), cell.rowspan, cell.colspan) for cell in _children(row, *_CELLS)]

    def _cell_text(self, cell: Tag) -> str:
        """Every block in a cell is a line, and so is every line of the page within a block."""
        blocks: list[list[MarkedContent]] = [[]]
        _gather(cell, blocks)
        return "\n".join(text for marks in blocks if (text := self.text(marks)))

    def _stray(self, tag: Tag) -> bool:
        """Whether a table or a row holds text outside its cells."""
        return bool(self.text([kid for kid in tag.kids if isinstance(kid, MarkedContent)]))


def _gather(tag: Tag, blocks: list[list[MarkedContent]]) -> None:
    for kid in tag.kids:
        if isinstance(kid, MarkedContent):
            blocks[-1].append(kid)
        elif kid.role in _INLINE:
            _gather(kid, blocks)
        else:
            blocks.append([])
            _gather(kid, blocks)
            blocks.append([])


def _trimmed(grid: Grid) -> Grid:
    """Without the blank cells that some writers leave at the end of a row, beyond the commonest width."""
    width = Counter(map(len, grid.rows)).most_common(1)[0][0]
    rows = (
        row[:width] if all(slot is None or (slot.blank and slot.column >= width) for slot in row[width:]) else row
        for row in grid.rows
    )
    return Grid(tuple(rows), broken=grid.broken)


def _children(tag: Tag, *roles: str) -> Iterator[Tag]:
    return (kid for kid in tag.kids if isinstance(kid, Tag) and kid.role in roles)


def _tags(tag: Tag) -> Iterator[Tag]:
    yield tag
    for kid in tag.kids:
        if isinstance(kid, Tag):
            yield from _tags(kid)
