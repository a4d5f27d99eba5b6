"""A DOCX taken apart: paragraphs with their properties, tables with their spans, read from the XML itself."""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import dataclass

from lxml import etree

from nianbao.office.xml import XmlElement

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def part(docx: bytes, name: str) -> XmlElement:
    """A part of the package as XML."""
    with zipfile.ZipFile(io.BytesIO(docx)) as package:
        return etree.fromstring(package.read(name))


def names(docx: bytes) -> list[str]:
    """The names of all parts."""
    with zipfile.ZipFile(io.BytesIO(docx)) as package:
        return package.namelist()


@dataclass(frozen=True)
class WordCell:
    row: int
    column: int
    rowspan: int
    colspan: int
    text: str


def text(element: XmlElement) -> str:
    """The text, line breaks as ``\\n``, tabs as ``\\t``."""
    parts = []
    for node in element.iter():
        if node.tag == f"{W}t":
            parts.append(node.text or "")
        elif node.tag == f"{W}br":
            parts.append("\n")
        elif node.tag == f"{W}tab" and node.getparent().tag == f"{W}r":
            parts.append("\t")
    return "".join(parts)


def value(element: XmlElement, path: str, attribute: str = "val") -> str | None:
    """An attribute of the first element at a path of ``w:`` names."""
    found = element.find("/".join(f"{W}{name}" for name in path.split("/")))
    return None if found is None else found.get(f"{W}{attribute}")


def paragraphs(docx: bytes) -> list[tuple[str, str, XmlElement]]:
    """Style id, text and element of every paragraph outside tables."""
    body = part(docx, "word/document.xml")[0]
    return [(value(p, "pPr/pStyle") or "", text(p), p) for p in body.findall(f"{W}p")]


def tables(docx: bytes) -> list[list[WordCell]]:
    """The cells of every table, with the rows and columns that they span."""
    return [_cells(table) for table in part(docx, "word/document.xml")[0].findall(f"{W}tbl")]


def _cells(table: XmlElement) -> list[WordCell]:
    found: dict[tuple[int, int], WordCell] = {}
    open_at: dict[int, tuple[int, int]] = {}
    for y, row in enumerate(table.findall(f"{W}tr")):
        x = 0
        for cell in row.findall(f"{W}tc"):
            span = int(value(cell, "tcPr/gridSpan") or 1)
            merge = cell.find(f"{W}tcPr/{W}vMerge")
            if merge is not None and merge.get(f"{W}val") == "continue":
                place = open_at[x]
                above = found[place]
                assert (above.colspan, above.row + above.rowspan) == (span, y)
                assert not text(cell)
                found[place] = WordCell(above.row, x, above.rowspan + 1, span, above.text)
            else:
                found[(y, x)] = WordCell(y, x, 1, span, text(cell))
                open_at[x] = (y, x)
            x += span
        assert x == len(table.findall(f"{W}tblGrid/{W}gridCol"))
    return [found[place] for place in sorted(found)]


def bare(value: str) -> str:
    """Text without white space."""
    return re.sub(r"\s+", "", value)
