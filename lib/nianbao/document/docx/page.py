"""The page: margins and grid, page numbers as fields, the watermark of drafts and samples, settings."""

from __future__ import annotations

from typing import Any

from nianbao.document.docx.content import paragraph
from nianbao.document.docx.marks import watermark
from nianbao.document.docx.styles import LINE_PITCH, indent
from nianbao.document.docx.xml import on, run_properties, text, twips_of_mm, w
from nianbao.document.model import Document
from nianbao.office.xml import XmlElement

MARGINS = {"top": 37.0, "right": 26.0, "bottom": 35.0, "left": 28.0, "header": 15.0, "footer": 24.5}
"""mm (GB/T 9704-2012, 5.2.1); the footer so that the dash stands 7 mm below the type area (7.5)."""


def furnish(word: Any, document: Document) -> None:
    """Give a python-docx document its page: one section, odd and even footers, the marks behind the text."""
    section = word.sections[0]
    word.settings.odd_and_even_pages_header_footer = True
    _settings(word.settings.element)
    properties = word.element.body[-1]  # of the one section
    properties.clear()
    for footer, side in ((section.footer, "right"), (section.even_page_footer, "left")):
        _only(footer, _page_number(side))
    if marks := document.meta.marks:
        for number, header in enumerate((section.header, section.even_page_header), start=1):
            _only(header, paragraph("Header", [watermark(marks, number)]))
    properties.append(w("pgSz", w=twips_of_mm(210), h=twips_of_mm(297)))
    properties.append(w("pgMar", gutter=0, **{name: twips_of_mm(length) for name, length in MARGINS.items()}))
    properties.append(w("pgNumType", start=1))
    properties.append(w("docGrid", type="lines", linePitch=LINE_PITCH))


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
