"""An OpenDocument text (ISO/IEC 26300, ``.odt`` and flat ``.fodt``) → lines and grids, as text only.

Pictures, objects, links and macros are never opened. Struck, raised and hidden text is marked or left out as in a Word
document. What only a program that lays the document out can tell, such as the numerals of its lists, is left to one.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field

from nianbao.errors import ReadError
from nianbao.office.archive import ZIP_FAULTS, has_locked_parts
from nianbao.office.libreoffice import as_docx
from nianbao.office.xml import XmlElement
from nianbao.published.grid import MOST_COLUMNS, MOST_PLACES, MOST_ROWS, Grid, GridCell, Item, Line
from nianbao.published.word import MOST_UNPACKED, parse_part, read_word

_URN = "{urn:oasis:names:tc:opendocument:xmlns:%s:1.0}"
_OFFICE, _TEXT, _TABLE, _STYLE, _DRAW = (_URN % name for name in ("office", "text", "table", "style", "drawing"))
_KIND = "application/vnd.oasis.opendocument.text"
_SAVE = "用 WPS 或 LibreOffice 打开，另存为 .docx 再读"
MOST_TAGS = 150_000
"""Of a document; a report has some ten thousand."""
_ONLY_REPORT = "只留报告正文，另存为 .docx 再读"
_DROPPED = frozenset(
    {
        *(_TEXT + name for name in ("tracked-changes", "sequence-decls", "user-field-decls", "variable-decls")),
        *(_TEXT + name for name in ("note-citation", "note-body", "ruby-text", "script", "dde-connection-decls")),
        *(_OFFICE + name for name in ("annotation", "annotation-end", "forms", "scripts", "binary-data")),
        *(_TABLE + name for name in ("title", "desc", "dde-source")),
        "{urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0}title",
        "{urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0}desc",
    }
)
_LAID_OUT = frozenset(_TEXT + name for name in ("hidden-text", "hidden-paragraph", "conditional-text"))
_PARAGRAPHS = frozenset((_TEXT + "p", _TEXT + "h"))
_SPACE = re.compile(r"[ \t\r\n]+")


def is_flat(raw: bytes) -> bool:
    """Whether the bytes are a text as a single XML file."""
    return b"<office:document " in raw[:4000] and _KIND.encode() in raw[:20_000]


def read_odt(raw: bytes, where: str) -> tuple[Item, ...]:
    """The paragraphs and tables of a document, in their order.

    Raises
    ------
    ReadError
        When it is damaged, encrypted, too large or no text, or cannot be read without LibreOffice, which is missing.
    """
    flat = not raw.startswith(b"PK")
    parts = {"content.xml": raw} if flat else _parts(raw, where)
    roots = [_root(content, name, where) for name, content in parts.items()]
    body = roots[0].find(f"{_OFFICE}body/{_OFFICE}text")
    if body is None:
        raise ReadError(where, "OpenDocument 文件中没有正文", _SAVE)
    if _is_laid_out(roots, body):
        return read_word(as_docx(raw, ".fodt" if flat else ".odt", where), where)
    return tuple(_Reader(where, _looks(roots)).items(body))


def _parts(raw: bytes, where: str) -> dict[str, bytes]:
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as package:
            kind = package.read("mimetype")[:200].decode("ascii", "replace").strip()
            if not kind.startswith(_KIND):
                raise ReadError(
                    where, "是 OpenDocument 文件，但不是文档", "用 WPS 或 LibreOffice 打开，另存为 .docx 或 .xlsx 再读"
                )
            with package.open("META-INF/manifest.xml") as part:
                locked = b"encryption-data" in part.read(MOST_UNPACKED)
            if locked or has_locked_parts(package):
                raise ReadError(where, "文件已加密", "去掉密码后另存为 .docx 再读")
            parts = {}
            for name in ("content.xml", "styles.xml"):
                with package.open(name) as part:  # the sizes in the directory may lie: read no more than is allowed
                    parts[name] = part.read(MOST_UNPACKED + 1)
    except (*ZIP_FAULTS, KeyError):
        raise ReadError(where, "压缩包损坏，无法打开", _SAVE) from None
    return parts


def _root(content: bytes, name: str, where: str) -> XmlElement:
    if len(content) > MOST_UNPACKED or content.count(b"<") > MOST_TAGS:
        raise ReadError(where, "OpenDocument 文档过大，不像报告", _ONLY_REPORT)
    return parse_part(content, where, "OpenDocument 文档", name, _SAVE)


def _is_laid_out(roots: list[XmlElement], body: XmlElement) -> bool:
    """Whether the document shows what its text does not hold: numerals of lists and headings, text under a condition."""
    numbered = {
        style.get(f"{_STYLE}name")
        for root in roots
        for style in root.iter(f"{_TEXT}list-style")
        if any(level.get(f"{_STYLE}num-format") for level in style.iter(f"{_TEXT}list-level-style-number"))
    }
    styles = {style.get(f"{_STYLE}name"): style for root in roots for style in root.iter(f"{_STYLE}style")}
    listed = {name for name, style in styles.items() if style.get(f"{_STYLE}list-style-name") in numbered}
    outlined = any(
        level.get(f"{_STYLE}num-format") for root in roots for level in root.iter(f"{_TEXT}outline-level-style")
    )
    for element in body.iter():
        if element.tag in _LAID_OUT or element.get(f"{_TEXT}condition") or element.get(f"{_TABLE}visibility"):
            return True
        if element.tag == f"{_TEXT}list" and numbered:
            return True
        if element.tag in _PARAGRAPHS and element.get(f"{_TEXT}style-name") in listed:
            return True
        if element.tag == f"{_TEXT}h" and outlined:
            return True
    return False


@dataclass(frozen=True)
class _Look:
    """What a style says of its text, where it says it: hidden, struck out, raised or lowered."""

    hidden: bool | None = None
    struck: bool | None = None
    raised: bool | None = None

    def under(self, upper: _Look) -> _Look:
        """With what a style above says where this one says nothing."""
        return _Look(
            *(mine if mine is not None else above for mine, above in zip(self._all(), upper._all(), strict=True))
        )

    def _all(self) -> tuple[bool | None, bool | None, bool | None]:
        return self.hidden, self.struck, self.raised

    @property
    def mark(self) -> str:
        """So that it is never read as a plain figure."""
        return "~" if self.struck else "^" if self.raised else ""


def _looks(roots: list[XmlElement]) -> dict[str, _Look]:
    """The look of each style by name, those that it is derived from included."""
    own: dict[str, tuple[str, _Look]] = {}
    for root in roots:
        for style in root.iter(f"{_STYLE}style"):
            own[str(style.get(f"{_STYLE}name"))] = (str(style.get(f"{_STYLE}parent-style-name")), _look(style))
    looks: dict[str, _Look] = {}
    for name in own:
        look, seen, above = own[name][1], {name}, own[name][0]
        while above in own and above not in seen:
            look = look.under(own[above][1])
            seen.add(above)
            above = own[above][0]
        looks[name] = look
    return looks


def _look(style: XmlElement) -> _Look:
    said = style.find(f"{_STYLE}text-properties")
    if said is None:
        return _Look()
    display, position = said.get(f"{_TEXT}display"), said.get(f"{_STYLE}text-position")
    lines = [said.get(f"{_STYLE}text-line-through-{which}") for which in ("style", "type")]
    told = [line != "none" for line in lines if line is not None]
    return _Look(
        None if display is None else display == "none",
        all(told) if told else None,
        None if position is None else not position.startswith(("0%", "0 ")),
    )


@dataclass
class _Reader:
    """Goes through a document in reading order."""

    where: str
    looks: dict[str, _Look]
    places: int = field(default=0)

    def items(self, parent: XmlElement) -> Iterator[Item]:
        for element in parent:
            if element.tag in _PARAGRAPHS:
                for line in self.text(element).split("\n"):
                    if stripped := line.strip(" \t\u3000\u00a0"):
                        yield Line(stripped)
            elif element.tag == f"{_TABLE}table":
                yield from self.table(element)
            elif element.tag not in _DROPPED and element.get(f"{_TEXT}display") != "none":
                yield from self.items(element)

    def text(self, paragraph: XmlElement) -> str:
        """The text of a paragraph with that of its frames; a line break is ``\\n``."""
        return "".join(self._pieces(paragraph, _Look())).strip("\n")

    def _pieces(self, element: XmlElement, above: _Look) -> Iterator[str]:
        look = self.looks.get(str(element.get(f"{_TEXT}style-name")), _Look()).under(above)
        within = element.tag in _PARAGRAPHS
        if within:
            yield "\n"
        if element.tag == f"{_TEXT}note":
            yield "^"
        elif element.tag in (f"{_DRAW}image", f"{_DRAW}object", f"{_DRAW}object-ole"):
            yield "〔图〕"
        elif element.tag == f"{_TEXT}s":
            yield (
                " " * min(int(element.get(f"{_TEXT}c") or 1), 100)
                if (element.get(f"{_TEXT}c") or "1").isdecimal()
                else " "
            )
        elif element.tag in (f"{_TEXT}tab", f"{_TEXT}line-break"):
            yield "\t" if element.tag == f"{_TEXT}tab" else "\n"
        if element.text and not look.hidden:
            yield look.mark + _SPACE.sub(" ", element.text)
        for child in element:
            if child.tag not in _DROPPED:
                yield from self._pieces(child, look)
            if child.tail and not look.hidden:
                yield look.mark + _SPACE.sub(" ", child.tail)
        if within:
            yield "\n"

    def table(self, table: XmlElement) -> Iterator[Item]:
        """A data table as a grid; of a table that only lays out the page, what stands in it."""
        rows = list(self._rows(table))
        width = max((sum(1 for _ in _cells(row)) for row in rows), default=0)
        if next(table.iterdescendants(f"{_TABLE}table"), None) is not None or width <= 1:
            for row in rows:
                for cell in row:
                    yield from self.items(cell)
            return
        yield self.grid(rows)

    def _rows(self, table: XmlElement) -> Iterator[XmlElement]:
        for element in table:
            if element.tag == f"{_TABLE}table-row":
                for _ in range(_number(element, "rows-repeated", MOST_ROWS)):
                    yield element
            elif element.tag in (f"{_TABLE}table-header-rows", f"{_TABLE}table-rows", f"{_TABLE}table-row-group"):
                yield from self._rows(element)

    def grid(self, rows: list[XmlElement]) -> Grid:
        """Rows as a grid: the format names the places that a merged cell covers, and they must be the ones that it does."""
        if len(rows) > MOST_ROWS:
            raise ReadError(self.where, f"有一张表超过 {MOST_ROWS} 行，不是报告的表", _ONLY_REPORT)
        matrix: list[list[GridCell | None]] = [[] for _ in rows]
        broken: set[int] = set()
        for y, row in enumerate(rows):
            for x, cell in enumerate(_cells(row)):
                self.places += 1
                if self.places > MOST_PLACES:
                    raise ReadError(self.where, f"表超过 {MOST_PLACES} 格，不是报告的表", _ONLY_REPORT)
                matrix[y].extend([None] * (x + 1 - len(matrix[y])))
                if (cell.tag == f"{_TABLE}covered-table-cell") != (matrix[y][x] is not None):
                    broken.add(y)
                if cell.tag == f"{_TABLE}covered-table-cell":
                    continue
                height = min(_number(cell, "rows-spanned", MOST_ROWS), len(rows) - y)
                slot = GridCell(self.cell_text(cell), y, x, height, _number(cell, "columns-spanned", MOST_COLUMNS))
                for line in range(y, y + slot.rowspan):
                    matrix[line].extend([None] * (x + slot.colspan - len(matrix[line])))
                    for place in range(x, x + slot.colspan):
                        if matrix[line][place] is not None:
                            broken.add(line)
                        matrix[line][place] = slot
        return Grid(tuple(map(tuple, matrix)), broken=frozenset(broken))

    def cell_text(self, cell: XmlElement) -> str:
        lines = (item.text.strip() for item in self.items(cell) if isinstance(item, Line))
        return "\n".join(line for line in lines if line)


def _cells(row: XmlElement) -> Iterator[XmlElement]:
    """The cells of a row, covered ones included, each as often as it is repeated."""
    for cell in row:
        if cell.tag in (f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell"):
            for _ in range(_number(cell, "columns-repeated", MOST_COLUMNS)):
                yield cell


def _number(element: XmlElement, name: str, most: int) -> int:
    value = element.get(f"{_TABLE}number-{name}") or "1"
    return max(1, min(int(value), most)) if re.fullmatch("[0-9]{1,7}", value) else 1
