"""A whole DOCX: the head of the document, its blocks, the page, the package. Same document, same bytes."""

from __future__ import annotations

import datetime as dt
import io
import math
from collections.abc import Iterator
from copy import deepcopy
from functools import cache
from itertools import chain
from typing import Any

import docx
from docx.opc.part import Part
from lxml import etree

from nianbao.document.docx.content import Content, paragraph
from nianbao.document.docx.page import furnish
from nianbao.document.docx.runs import RunWriter
from nianbao.document.docx.styles import (
    CHARACTER,
    LINE_PITCH,
    MARK_LINE,
    MARK_SIZE,
    RED,
    TYPE_AREA,
    cell_margins,
    font_elements,
    indent,
    spacing,
    style_elements,
)
from nianbao.document.docx.xml import on, run_properties, text, twips, twips_of_mm, w
from nianbao.document.layout import title_lines, width
from nianbao.document.model import Document, Heading, Meta, Run, plain
from nianbao.office.archive import repacked
from nianbao.office.xml import XmlElement

UNDATED = dt.datetime(2000, 1, 1)  # noqa: DTZ001  (a property of the file, not a moment)
UNTITLED = "未命名文件"
_LARGEST_HEAD = 62.0
"""pt of the red head, as in the PDF."""
_HEAD_FROM_TOP = 35.0
"""mm from the top of the type area to the red head (7.2.4)."""
_LEFT_OUT = ("thumbnail", "customXml", "stylesWithEffects", "numbering", "webSettings")
"""Parts of python-docx's own template that no document of ours needs."""


def write_docx(document: Document, fallback_title: str = "") -> bytes:
    """The document as DOCX, laid out after GB/T 9704-2012 and GB/T 33476.2-2016.

    Raises
    ------
    PictureError
        When a picture cannot be read.
    NotebookError
        When the spans of a table overlap.
    """
    word: Any = docx.Document(io.BytesIO(_blank()))
    runs, content = RunWriter(word.part), Content(word.part, document.meta.marks)
    head = ((False, element) for element in _head(document.meta, runs))
    foot = ((False, element) for element in _colophon(document.meta, runs))
    furnish(word, document, chain(head, content.elements(document.blocks), foot))
    _describe(word, document, fallback_title)
    raw = io.BytesIO()
    word.save(raw)
    return repacked(raw.getvalue())


@cache
def _blank() -> bytes:
    """A document without text that has our styles and faces and nothing of python-docx's."""
    word: Any = docx.Document()
    styles = word.part.styles.element
    styles.clear()
    styles.extend(style_elements())
    relations = word.part.rels
    for package in (relations, word.part.package.rels):
        for key in [key for key, one in package.items() if one.reltype.rpartition("/")[2] in _LEFT_OUT]:
            del package[key]
    fonts = next(one for one in relations.values() if one.reltype.endswith("/fontTable"))
    old = fonts.target_part
    table = Part(old.partname, old.content_type, _font_table(), old.package)
    relations.add_relationship(fonts.reltype, table, fonts.rId)  # in place of the old one
    raw = io.BytesIO()
    word.save(raw)
    return raw.getvalue()


def _font_table() -> bytes:
    return etree.tostring(w("fonts", *font_elements()), xml_declaration=True, encoding="UTF-8", standalone=True)


def _head(meta: Meta, runs: RunWriter) -> Iterator[XmlElement]:
    """Why it is a draft, the red head with number and line, title, addressee (7.2, 7.3.1, 7.3.2)."""
    marks = list(meta.marks.values())
    for mark in marks:
        frame = w("pBdr", *(w(side, val="single", sz=4, space=1) for side in ("top", "left", "bottom", "right")))
        yield paragraph("Mark", runs.write((Run(mark),)), {"pBdr": frame})
    if meta.red_head:
        yield _red_head(meta.red_head, max(0.0, _HEAD_FROM_TOP - sum(map(_mark_height, marks))))
    if meta.document_number or meta.signer:
        yield _number_line(meta, runs)
    if meta.red_head:
        line = w("bottom", val="single", sz=12, space=0, color=RED)
        yield paragraph("RedLine", [], {"pBdr": w("pBdr", line)})
    if meta.title:
        lines = "\n".join(title_lines(plain(meta.title)))
        above = 1.0 if marks and not meta.red_head else 0.0
        yield paragraph("Title", runs.write((Run(lines),)), spacing(28.95, before=above, after=1) if above else None)
    if meta.addressee:
        yield paragraph("Addressee", runs.write((Run(meta.addressee),)))


def _mark_height(sentence: str) -> float:
    """mm that a sentence of a mark takes."""
    return math.ceil(width(sentence) * MARK_SIZE * 20 / TYPE_AREA) * MARK_LINE * 25.4 / 72


def _red_head(authority: str, from_top: float) -> XmlElement:
    """As large as fits on one line of the type area."""
    size = min(_LARGEST_HEAD, math.floor(TYPE_AREA / 20 / max(len(authority), 1) * 2) / 2)
    line = w(
        "spacing",
        before=twips_of_mm(from_top),
        after=2 * LINE_PITCH,
        line=twips(size),
        lineRule="exact",
    )
    half_points = round(size * 2)
    properties = run_properties(
        {
            "rFonts": w("rFonts", hint="eastAsia"),
            "sz": w("sz", val=half_points),
            "szCs": w("szCs", val=half_points),
        }
    )
    off_the_grid = w("snapToGrid", val=0)
    return paragraph("RedHead", [w("r", properties, text(authority))], {"spacing": line, "snapToGrid": off_the_grid})


def _number_line(meta: Meta, runs: RunWriter) -> XmlElement:
    """The number in the middle; in an upward document at the left, 签发人 at the right, each one character in (7.2.5 f.)."""
    if not meta.signer:
        return paragraph("DocumentNumber", runs.write((Run(meta.document_number),)))
    right_edge = w("tabs", w("tab", val="right", pos=round(TYPE_AREA - TYPE_AREA / 28)))
    shown = [
        *runs.write((Run(meta.document_number),)),
        w("r", on("tab")),
        *runs.write((Run("签发人："), Run(meta.signer, emphasis=True))),
    ]
    return paragraph("DocumentNumber", shown, {"tabs": right_edge, "jc": w("jc", val="left"), "ind": indent(left=1)})


def _colophon(meta: Meta, runs: RunWriter) -> Iterator[XmlElement]:
    """版记 as a table at the foot of the page: thick rules above and below, a thin one between (7.4).

    Word and WPS put such a table at the foot of the page that holds the paragraph after it, which is an empty one.
    LibreOffice 7.4 leaves a table that is as wide as the text where it is, below the text.
    """
    if not meta.has_colophon:
        return
    copies = paragraph(
        "Colophon", runs.write((Run(meta.copies),)), {"ind": indent(left=3, hanging=3), "keepNext": on("keepNext")}
    )
    edge = w("tabs", w("tab", val="right", pos=TYPE_AREA - 2 * CHARACTER))
    issued = [*runs.write((Run(meta.issuer),)), w("r", on("tab")), *runs.write((Run(meta.issued),))]
    shown = [*([copies] if meta.copies else []), paragraph("Colophon", issued, {"tabs": edge})]
    thick, thin = ({"val": "single", "sz": eighths, "space": 0, "color": "000000"} for eighths in (8, 6))
    properties = w(
        "tblPr",
        w("tblpPr", vertAnchor="margin", horzAnchor="margin", tblpXSpec="left", tblpYSpec="bottom"),
        w("tblW", w=TYPE_AREA, type="dxa"),
        w("tblBorders", w("top", **thick), w("bottom", **thick), w("insideH", **thin)),
        w("tblLayout", type="fixed"),
        cell_margins(CHARACTER, twips(2)),
    )
    width_of_cell = w("tcPr", w("tcW", w=TYPE_AREA, type="dxa"))
    rows = [w("tr", w("trPr", on("cantSplit")), w("tc", deepcopy(width_of_cell), one)) for one in shown]
    yield w("tbl", properties, w("tblGrid", w("gridCol", w=TYPE_AREA)), *rows)
    yield paragraph("TableText", [], spacing(1.0))


def _describe(word: Any, document: Document, fallback_title: str) -> None:
    """Core properties: what a search in an archive finds."""
    meta = document.meta
    first = next((plain(block.runs) for block in document.blocks if isinstance(block, Heading)), "")
    stamp = dt.datetime.combine(meta.date, dt.time()) if meta.date else UNDATED
    properties = word.core_properties
    properties.title = plain(meta.title).replace("\n", "") or fallback_title or first or UNTITLED
    properties.author = properties.last_modified_by = meta.author
    properties.subject = "政府信息公开工作年度报告" if meta.year else ""
    properties.keywords = "，".join(meta.keywords)
    properties.language = "zh-CN"
    properties.content_status = "草稿" if meta.draft is not None else ""
    properties.comments = ""
    properties.category = ""
    properties.revision = 1
    properties.created = properties.modified = stamp
