"""What stands where on a PDF page: glyphs and rules, read from the content stream with pypdf."""

from __future__ import annotations

import io
import re
from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import pairwise

import pypdf
from pypdf.generic import ContentStream

MM = 72 / 25.4
HEIGHT = 297 * MM

Matrix = tuple[float, float, float, float, float, float]


@dataclass(frozen=True)
class Glyph:
    """``x`` and ``right`` from the left edge, ``base`` from the top edge of the page, all in pt."""

    text: str
    x: float
    right: float
    base: float
    size: float
    font: str
    upright: bool
    fill: tuple[float, ...]
    tag: int | None = None

    @property
    def top(self) -> float:
        """Top of the character's body."""
        return self.base - 0.88 * self.size

    @property
    def bottom(self) -> float:
        return self.base + 0.12 * self.size


@dataclass(frozen=True)
class Rule:
    """A straight stroke, in pt from the top left corner."""

    x0: float
    y0: float
    x1: float
    y1: float
    thickness: float


@dataclass(frozen=True)
class Line:
    """Glyphs on one base line, from left to right."""

    glyphs: tuple[Glyph, ...]

    @property
    def text(self) -> str:
        return "".join(glyph.text for glyph in self.glyphs)

    @property
    def first(self) -> Glyph:
        return self.glyphs[0]

    @property
    def last(self) -> Glyph:
        return self.glyphs[-1]


@dataclass(frozen=True)
class Page:
    """Glyphs of the text and, apart, of the watermark (which is turned)."""

    glyphs: tuple[Glyph, ...]
    watermark: tuple[Glyph, ...]
    rules: tuple[Rule, ...]

    def lines(self) -> list[Line]:
        """Lines from top to bottom."""
        return list(self._lines)

    @cached_property
    def _lines(self) -> tuple[Line, ...]:
        rows: dict[float, list[Glyph]] = defaultdict(list)
        for glyph in self.glyphs:
            rows[round(glyph.base, 1)].append(glyph)
        return tuple(Line(tuple(sorted(rows[base], key=lambda glyph: glyph.x))) for base in sorted(rows))

    def line(self, start: str) -> Line:
        """The line that begins so."""
        return next(line for line in self.lines() if line.text.startswith(start))

    @property
    def number(self) -> Line:
        """The page number."""
        return self.lines()[-1]

    def body(self) -> list[Line]:
        """All lines but the page number."""
        return self.lines()[:-1]


def read_pages(pdf: bytes) -> list[Page]:
    return [page for _, page in _numbered_pages(pdf)]


@lru_cache(maxsize=8)
def _numbered_pages(pdf: bytes) -> tuple[tuple[int, Page], ...]:
    """Each page with the number of its object; a test asks for pages and tables of one PDF."""
    reader = pypdf.PdfReader(io.BytesIO(pdf))
    return tuple((page.indirect_reference.idnum, _page(page, reader)) for page in reader.pages)


def text_of(pages: list[Page]) -> str:
    """Lines of all pages, page numbers left out."""
    return "\n".join(line.text for page in pages for line in page.body())


def _times(a: Matrix, b: Matrix) -> Matrix:
    return (
        a[0] * b[0] + a[1] * b[2],
        a[0] * b[1] + a[1] * b[3],
        a[2] * b[0] + a[3] * b[2],
        a[2] * b[1] + a[3] * b[3],
        a[4] * b[0] + a[5] * b[2] + b[4],
        a[4] * b[1] + a[5] * b[3] + b[5],
    )


class _Font:
    def __init__(self, font: pypdf.generic.DictionaryObject) -> None:
        self.name = str(font["/BaseFont"]).split("+")[-1]
        descendant = font["/DescendantFonts"][0].get_object()
        self.default = float(descendant.get("/DW", 1000))
        self.widths: dict[int, float] = {}
        entries = list(descendant.get("/W", []))
        while entries:
            first, second, *entries = entries
            second = second.get_object()
            if isinstance(second, list):
                self.widths.update({int(first) + i: float(w) for i, w in enumerate(second)})
            else:
                width, *entries = entries
                self.widths.update(dict.fromkeys(range(int(first), int(second) + 1), float(width)))
        self.unicode = _to_unicode(font["/ToUnicode"].get_object().get_data().decode("latin-1"))


def _to_unicode(cmap: str) -> dict[int, str]:
    table: dict[int, str] = {}
    for block in re.findall(r"beginbfchar(.*?)endbfchar", cmap, re.DOTALL):
        for code, text in re.findall(r"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>", block):
            table[int(code, 16)] = bytes.fromhex(text).decode("utf-16-be")
    for block in re.findall(r"beginbfrange(.*?)endbfrange", cmap, re.DOTALL):
        for low, high, text in re.findall(r"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>", block):
            start = ord(bytes.fromhex(text).decode("utf-16-be"))
            table.update({code: chr(start + code - int(low, 16)) for code in range(int(low, 16), int(high, 16) + 1)})
    return table


def _page(page: pypdf.PageObject, reader: pypdf.PdfReader) -> Page:
    fonts = {name: _Font(font.get_object()) for name, font in page["/Resources"].get("/Font", {}).items()}
    glyphs: list[Glyph] = []
    watermark: list[Glyph] = []
    rules: list[Rule] = []
    state: tuple[Matrix, tuple[float, ...], float] = ((1, 0, 0, 1, 0, 0), (), 1.0)
    saved = []
    text: Matrix = (1, 0, 0, 1, 0, 0)
    font, size = None, 0.0
    path: list[tuple[float, float]] = []
    marked: list[int | None] = []
    for operands, operator in ContentStream(page.get_contents(), reader).operations:
        matrix, fill, thickness = state
        match operator:
            case b"q":
                saved.append(state)
            case b"Q":
                state = saved.pop()
            case b"cm":
                state = (_times(tuple(map(float, operands)), matrix), fill, thickness)
            case b"scn" | b"sc" | b"g" | b"rg" | b"k":
                state = (matrix, tuple(map(float, operands)), thickness)
            case b"w":
                state = (matrix, fill, float(operands[0]))
            case b"Tf":
                font, size = fonts[operands[0]], float(operands[1])
            case b"Tm":
                text = tuple(map(float, operands))
            case b"TJ" | b"Tj":
                assert font is not None
                for part in operands[0] if operator == b"TJ" else operands:
                    if not isinstance(part, bytes | str):
                        text = _times((1, 0, 0, 1, -float(part) / 1000 * size, 0), text)
                        continue
                    codes = getattr(part, "original_bytes", part)
                    for high, low in zip(codes[::2], codes[1::2], strict=True):
                        code = high * 256 + low
                        advance = font.widths.get(code, font.default) / 1000 * size
                        place = _times(text, matrix)
                        scale = abs(place[0])
                        upright = abs(place[1]) < 1e-6
                        glyph = Glyph(
                            font.unicode.get(code, "\ufffd"), place[4], place[4] + advance * scale, HEIGHT - place[5],
                            size * scale, font.name, upright, fill, next((t for t in marked[::-1] if t is not None), None),
                        )  # fmt: skip
                        (glyphs if upright else watermark).append(glyph)
                        text = _times((1, 0, 0, 1, advance, 0), text)
            case b"BDC":
                marked.append(_mark(operands[1], page))
            case b"BMC":
                marked.append(None)
            case b"EMC":
                marked.pop()
            case b"m":
                path = [_point(operands, matrix)]
            case b"l":
                path.append(_point(operands, matrix))
            case b"S":
                rules += [Rule(*a, *b, thickness) for a, b in pairwise(path)]
                path = []
            case b"n" | b"f" | b"f*":
                path = []
    return Page(tuple(glyphs), tuple(watermark), tuple(rules))


def _point(operands: list[object], matrix: Matrix) -> tuple[float, float]:
    place = _times((1, 0, 0, 1, float(operands[0]), float(operands[1])), matrix)
    return place[4], HEIGHT - place[5]


def _mark(properties: object, page: pypdf.PageObject) -> int | None:
    """The number that ties marked content to the structure tree."""
    if isinstance(properties, str):
        properties = page["/Resources"]["/Properties"][properties].get_object()
    number = properties.get("/MCID")
    return None if number is None else int(number)


@dataclass(frozen=True)
class TaggedCell:
    """A cell as the structure tree has it."""

    kind: str
    text: str
    rowspan: int
    colspan: int


def tagged_tables(pdf: bytes) -> list[list[list[TaggedCell]]]:
    """Rows of cells of every table, from the structure tree of a tagged PDF."""
    reader = pypdf.PdfReader(io.BytesIO(pdf))
    texts: dict[tuple[int, int], str] = defaultdict(str)
    for number, page in _numbered_pages(pdf):
        for glyph in page.glyphs:
            if glyph.tag is not None:
                texts[number, glyph.tag] += glyph.text
    tables = []
    for table in _elements(reader.root_object["/StructTreeRoot"], "/Table"):
        rows = []
        for row in _elements(table, "/TR"):
            cells = [kid for kid in _kids(row) if kid.get("/S") in ("/TH", "/TD")]
            rows.append([TaggedCell(str(c["/S"])[1:], _text(c, texts), *_spans(c)) for c in cells])
        tables.append(rows)
    return tables


def outline(pdf: bytes) -> list[str]:
    """Roles of the structure tree, in order."""
    found = []

    def walk(element: pypdf.generic.DictionaryObject) -> None:
        if "/S" in element:
            found.append(str(element["/S"])[1:])
        for kid in _kids(element):
            walk(kid)

    walk(pypdf.PdfReader(io.BytesIO(pdf)).root_object["/StructTreeRoot"])
    return found


def alternative_texts(pdf: bytes) -> list[str]:
    """Alternative texts of the figures."""
    root = pypdf.PdfReader(io.BytesIO(pdf)).root_object["/StructTreeRoot"]
    return [str(element["/Alt"]) for element in _elements(root, "/Figure")]


def _kids(element: pypdf.generic.DictionaryObject) -> list[pypdf.generic.DictionaryObject]:
    kids = element.get("/K", [])
    kids = kids.get_object() if hasattr(kids, "get_object") else kids
    kids = kids if isinstance(kids, list) else [kids]
    return [kid.get_object() for kid in kids if isinstance(kid.get_object(), dict) and "/S" in kid.get_object()]


def _elements(element: pypdf.generic.DictionaryObject, role: str) -> list[pypdf.generic.DictionaryObject]:
    if element.get("/S") == role:
        return [element]
    return [found for kid in _kids(element) for found in _elements(kid, role)]


def _spans(cell: pypdf.generic.DictionaryObject) -> tuple[int, int]:
    attributes = cell.get("/A", [])
    attributes = attributes.get_object()
    merged: dict[str, object] = {}
    for attribute in attributes if isinstance(attributes, list) else [attributes]:
        merged.update(attribute.get_object())
    return int(merged.get("/RowSpan", 1)), int(merged.get("/ColSpan", 1))


def _text(element: pypdf.generic.DictionaryObject, texts: dict[tuple[int, int], str], page: int = 0) -> str:
    if "/Pg" in element:
        page = element.raw_get("/Pg").idnum
    kids = element.get("/K", [])
    kids = kids.get_object() if hasattr(kids, "get_object") else kids
    out = ""
    for kid in kids if isinstance(kids, list) else [kids]:
        value = kid.get_object()
        if isinstance(value, int):
            out += texts[page, int(value)]
        elif "/MCID" in value:
            own = value.raw_get("/Pg").idnum if "/Pg" in value else page
            out += texts[own, int(value["/MCID"])]
        else:
            out += _text(value, texts, page)
    return out
