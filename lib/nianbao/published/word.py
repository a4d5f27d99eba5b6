"""A Word document (ISO/IEC 29500, ``.docx``) → lines and grids, as text only.

The package is read as a ZIP of XML: macros, links, pictures and embedded
objects are never opened. Deleted and hidden text is left out.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from lxml import etree

from nianbao.errors import ReadError
from nianbao.office.archive import ZIP_FAULTS, has_locked_parts
from nianbao.office.xml import XmlElement
from nianbao.published.grid import MOST_COLUMNS, MOST_PLACES, MOST_ROWS, Grid, GridCell, Item, Line
from nianbao.published.numbering import Numbering, read_numbering
from nianbao.published.wordtext import W, WordStyles, paragraph_text, read_styles

MOST_UNPACKED = 30 * 1024 * 1024
"""Bytes that the text of a document may come to; a report's is well under two million. Pictures do not count."""
MOST_TAGS = 500_000
"""Of a document; a report has some ten thousand."""

_SLIVER = 40
"""Twips: a column that is narrower is no column, but where a writer drew two edges of one."""
_STRICT = "http://purl.oclc.org/ooxml/wordprocessingml/main"
_MAIN = "word/document.xml"
_NUMBERING = "word/numbering.xml"
_STYLES = "word/styles.xml"
_SAVE = "用 Word 或 WPS 打开，另存为 .docx 再读"


def read_word(raw: bytes, where: str) -> tuple[Item, ...]:
    """The paragraphs and tables of a document, in their order.

    Raises
    ------
    ReadError
        When the package is damaged, encrypted, too large or no Word document.
    """
    parts = {name: parse_part(content, where, "Word 文档", name, _SAVE) for name, content in _parts(raw, where).items()}
    body = parts[_MAIN].find(f"{W}body")
    if body is None:
        raise ReadError(where, "Word 文档没有正文", _SAVE)
    numbering, styles = (parts.get(name) for name in (_NUMBERING, _STYLES))
    return tuple(_Reader(where, read_numbering(numbering, styles), read_styles(styles)).items(body))


def parse_part(content: bytes, where: str, document: str, name: str, remedy: str) -> XmlElement:
    """The XML of one part of a packed document: no entities, no network, no DTD.

    Raises
    ------
    ReadError
        It is damaged, or has a DTD.
    """
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError):
        raise ReadError(where, f"{document}损坏（{name}）", remedy) from None
    if root.getroottree().docinfo.internalDTD is not None:
        raise ReadError(where, f"{document}含有 DTD（{name}），不是正常的文档", remedy)
    return root


def _parts(raw: bytes, where: str) -> dict[str, bytes]:
    """The parts that are read, by name; the two that tell of lists may be missing."""
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as package:
            names = package.namelist()
            if _MAIN not in names:
                raise ReadError(where, "不是 Word 文档", "改用 HTML、DOCX 或文本格式的报告")
            if has_locked_parts(package):
                raise ReadError(where, "文件已加密", "去掉密码后另存为 .docx 再读")
            parts = {}
            for name in (_MAIN, _NUMBERING, _STYLES):
                if name in names:
                    with package.open(name) as part:  # the sizes in the directory may lie: read no more than is allowed
                        parts[name] = part.read(MOST_UNPACKED + 1)
    except ZIP_FAULTS:
        raise ReadError(where, "压缩包损坏，无法打开", _SAVE) from None
    if any(len(content) > MOST_UNPACKED or content.count(b"<") > MOST_TAGS for content in parts.values()):
        raise ReadError(where, "Word 文档过大，不像报告", "只留报告正文，另存为 .docx 再读")
    return {name: content.replace(_STRICT.encode(), W[1:-1].encode()) for name, content in parts.items()}


@dataclass
class _Reader:
    """Goes through a document in reading order, which is the order in which lists are numbered."""

    where: str
    numbering: Numbering
    styles: WordStyles

    def items(self, body: XmlElement) -> Iterator[Item]:
        for element in _children(body):
            match _name(element):
                case "p":
                    for line in self.paragraph(element).split("\n"):
                        if stripped := line.strip(" \t\u3000\u00a0"):
                            yield Line(stripped)
                case "tbl":
                    yield from self.table(element)

    def paragraph(self, paragraph: XmlElement) -> str:
        """The text of a paragraph, a numeral of list markup before it unless it is empty."""
        text = paragraph_text(paragraph, self.styles)
        return self.numbering.before(paragraph) + text if text.strip() else text

    def table(self, table: XmlElement) -> Iterator[Item]:
        """A data table as a grid; of a table that only lays out the page, what stands in it."""
        rows = [row for row in _children(table) if _name(row) == "tr" and not _is_gone(row, "trPr", "del", "hidden")]
        if len(rows) > MOST_ROWS:
            raise ReadError(self.where, f"有一张表超过 {MOST_ROWS} 行，不是报告的表", "只留报告正文再读")
        cells = [
            [cell for cell in _children(row) if _name(cell) == "tc" and not _is_gone(cell, "tcPr", "cellDel")]
            for row in rows
        ]
        nested = next(table.iterdescendants(f"{W}tbl"), None) is not None
        if nested or max(map(len, cells), default=0) <= 1:
            for row in cells:
                for cell in row:
                    yield from self.items(cell)
            return
        grid = self.grid(rows, cells)
        widths = [_twips(column) for column in table.findall(f"{W}tblGrid/{W}gridCol")]
        yield _without_slivers(grid, widths) if len(widths) == grid.width else grid

    def grid(self, rows: list[XmlElement], cells: list[list[XmlElement]]) -> Grid:
        """Rows with ``gridSpan`` and ``vMerge`` as a grid; a continued cell belongs to the one above it."""
        first: dict[tuple[int, int], XmlElement] = {}
        spans: dict[tuple[int, int], int] = {}
        heights: Counter[tuple[int, int]] = Counter()
        places: list[list[tuple[int, int] | None]] = []
        above: dict[int, tuple[int, int]] = {}
        broken: set[int] = set()
        covered = 0
        for y, (row, row_cells) in enumerate(zip(rows, cells, strict=True)):
            line: list[tuple[int, int] | None] = [None] * _number(row.find(f"{W}trPr/{W}gridBefore"), 0)
            here: dict[int, tuple[int, int]] = {}
            for cell in row_cells:
                x, span = len(line), _number(cell.find(f"{W}tcPr/{W}gridSpan"), 1)
                origin = (y, x)
                if _continues(cell):
                    upper = above.get(x)
                    if upper is not None and spans[upper] == span and self.is_empty(cell):
                        origin = upper
                    else:
                        broken.add(y)
                first.setdefault(origin, cell)
                spans.setdefault(origin, span)
                heights[origin] += 1
                here[x] = origin
                line.extend([origin] * span)
                covered += span
                if covered > MOST_PLACES:
                    raise ReadError(self.where, f"有一张表超过 {MOST_PLACES} 格，不是报告的表", "只留报告正文再读")
            above = here
            places.append(line)
        slots = {
            origin: GridCell(self.cell_text(cell), *origin, heights[origin], spans[origin])
            for origin, cell in first.items()
        }
        return Grid(
            tuple(tuple(None if place is None else slots[place] for place in line) for line in places),
            broken=frozenset(broken),
        )

    def is_empty(self, cell: XmlElement) -> bool:
        return not any(paragraph_text(one, self.styles).strip() for one in _paragraphs(cell))

    def cell_text(self, cell: XmlElement) -> str:
        """The text of a cell, in which a numeral of list markup shows also where nothing else does."""
        texts = (
            self.numbering.before(one) + paragraph_text(one, self.styles, in_cell=True) for one in _paragraphs(cell)
        )
        return "\n".join(stripped for text in texts if (stripped := text.strip()))


def _children(element: XmlElement) -> Iterator[XmlElement]:
    """Children, those of content controls and tracked insertions as if they stood there themselves."""
    for child in element:
        name = _name(child)
        if name in ("sdt", "sdtContent", "ins", "moveTo", "customXml", "smartTag"):
            yield from _children(child)
        elif name:
            yield child


def _name(element: XmlElement) -> str:
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def _paragraphs(cell: XmlElement) -> Iterator[XmlElement]:
    return (child for child in _children(cell) if _name(child) == "p")


def _is_gone(element: XmlElement, properties: str, *marks: str) -> bool:
    """Whether a row or cell is marked as deleted or hidden."""
    return any(element.find(f"{W}{properties}/{W}{mark}") is not None for mark in marks)


def _continues(cell: XmlElement) -> bool:
    merge = cell.find(f"{W}tcPr/{W}vMerge")
    return merge is not None and merge.get(f"{W}val", "continue") == "continue"


def _number(element: XmlElement | None, default: int) -> int:
    value = element.get(f"{W}val", "") if element is not None else ""
    return min(int(value), MOST_COLUMNS) if re.fullmatch("[0-9]{1,5}", value) else default


def _without_slivers(grid: Grid, widths: Sequence[int]) -> Grid:
    """A table without columns that are none; a row with a text in nothing else cannot be read."""
    kept = [x for x, width in enumerate(widths) if width >= _SLIVER]
    lost = {
        cell.row
        for index in range(len(grid.rows))
        for cell in grid.own(index)
        if cell.text and not any(cell.column <= x < cell.column + cell.colspan for x in kept)
    }
    return replace(grid.columns(kept), broken=grid.broken | lost)


def _twips(column: XmlElement) -> int:
    """The width of a column of the grid; one without a width is no sliver."""
    value = column.get(f"{W}w", "")
    return int(value) if re.fullmatch("[0-9]{1,6}", value) and int(value) else _SLIVER
