"""The page: margins and grid, page numbers as fields, the watermark of drafts and samples, settings."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby
from operator import itemgetter
from typing import Any

from nianbao.document.docx.content import paragraph
from nianbao.document.docx.marks import watermark
from nianbao.document.docx.styles import LINE_PITCH, indent
from nianbao.document.docx.xml import on, run_properties, text, twips_of_mm, w
from nianbao.document.model import Document
from nianbao.office.xml import XmlElement

MARGINS = {"top": 37.0, "right": 26.0, "bottom": 35.0, "left": 28.0, "header": 15.0, "footer": 24.5}
"""mm (GB/T 9704-2012, 5.2.1); the footer so that the dash stands 7 mm below the type area (7.5)."""
TURNED = {"top": 28.0, "right": 37.0, "bottom": 26.0, "left": 35.0, "header": 15.0, "footer": 15.5}
"""The same of a page that is turned to the left: what was its left is its top."""


def furnish(word: Any, document: Document, elements: Iterable[tuple[bool, XmlElement]]) -> None:
    """Give a python-docx document its text and its pages: odd and even footers, the marks behind the text.

    Each element comes with whether it stands on a page that is turned; where that changes, a section ends.
    """
    section = word.sections[0]
    word.settings.odd_and_even_pages_header_footer = True
    _settings(word.settings.element)
    body = word.element.body
    last = body[-1]
    body.clear()
    last.clear()
    body.append(last)
    for footer, side in ((section.footer, "right"), (section.even_page_footer, "left")):
        _only(footer, _page_number(side))
    if marks := document.meta.marks:
        for number, header in enumerate((section.header, section.even_page_header), start=1):
            _only(header, paragraph("Header", [watermark(marks, number)]))
    stories = list(last)  # the sections after the first have those of the one before them
    for number, (turned, part) in enumerate(groupby(elements, key=itemgetter(0))):
        if number:
            end = w("sectPr")
            end.extend(last)
            body[-2][0].append(end)  # the properties of the last paragraph: a table never ends a section
            stories = []
        for _, element in part:
            last.addprevious(element)
        last.extend([*stories, *_page(turned, first=not number)])


def _page(turned: bool, first: bool) -> Iterator[XmlElement]:
    """Size, margins, numbering and grid of the pages of a section.

    A page that is turned has its head at the left edge of the sheet (GB/T 9704-2012, 9.1); its number stands below the
    table, where word processors put it.
    """
    size = {"w": twips_of_mm(210), "h": twips_of_mm(297)}
    margins = {name: twips_of_mm(length) for name, length in (TURNED if turned else MARGINS).items()}
    yield w("pgSz", w=size["h"], h=size["w"], orient="landscape") if turned else w("pgSz", **size)
    yield w("pgMar", gutter=0, **margins)
    if first:
        yield w("pgNumType", start=1)
    yield w("docGrid", type="lines", linePitch=LINE_PITCH)


def _only(story: Any, content: XmlElement) -> None:
    story.is_linked_to_previous = False
    root = story.part.element
    root.clear()
    root.append(content)


def _page_number(side: str) -> XmlElement:
    """— 1 —, 四号 half-width 宋体, one character in from the outer edge (7.5)."""
    parts = {"jc": w("jc", val=side), "ind": indent(**{side: 1})}
    shown = [
        w("r", text("— ")),
        w("r", w("fldChar", fldCharType="begin")),
        w("r", _instruction("PAGE")),
        w("r", w("fldChar", fldCharType="separate")),
        w("r", run_properties({"noProof": on("noProof")}), text("1")),
        w("r", w("fldChar", fldCharType="end")),
        w("r", text(" —")),
    ]
    return paragraph("Footer", shown, parts)


def _instruction(field: str) -> XmlElement:
    node = w("instrText")
    node.text = f" {field} "
    return node


def _settings(root: Any) -> None:
    """Settings without the marks of an editing session; text keeps to the grid of characters."""
    root.clear()
    compatibility = (
        "spaceForUL balanceSingleByteDoubleByteWidth doNotLeaveBackslashAlone ulTrailSpace doNotExpandShiftReturn "
        "adjustLineHeightInTable useFELayout"
    )
    mode = w("compatSetting", name="compatibilityMode", uri="http://schemas.microsoft.com/office/word", val=15)
    root.extend(
        [
            on("evenAndOddHeaders"),
            w("characterSpacingControl", val="doNotCompress"),
            w("compat", *(on(name) for name in compatibility.split()), mode),
            w("themeFontLang", val="en-US", eastAsia="zh-CN"),
        ]
    )
