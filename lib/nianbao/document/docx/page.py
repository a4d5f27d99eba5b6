"""The page: margins and grid, page numbers as fields, the watermark of drafts and samples, settings."""

from __future__ import annotations

from typing import Any

from lxml import etree

from nianbao.document.docx.content import paragraph
from nianbao.document.docx.styles import LINE_PITCH, indent
from nianbao.document.docx.xml import on, run_properties, text, twips_of_mm, w
from nianbao.document.model import Document
from nianbao.office.xml import XmlElement

MARGINS = {"top": 37.0, "right": 26.0, "bottom": 35.0, "left": 28.0, "header": 15.0, "footer": 24.5}
"""mm (GB/T 9704-2012, 5.2.1); the footer so that the dash stands 7 mm below the type area (7.5)."""
_LONGEST_WATERMARK = 520
"""pt, from corner to corner."""
_WATERMARK = """\
<w:pict xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:v="urn:schemas-microsoft-com:vml"
 xmlns:o="urn:schemas-microsoft-com:office:office"><v:shapetype id="_x0000_t136" coordsize="21600,21600" o:spt="136"
 adj="10800" path="m@7,l@8,m@5,21600l@6,21600e"><v:formulas><v:f eqn="sum #0 0 10800"/><v:f eqn="prod #0 2 1"/><v:f
 eqn="sum 21600 0 @1"/><v:f eqn="sum 0 0 @2"/><v:f eqn="sum 21600 0 @3"/><v:f eqn="if @0 @3 0"/><v:f
 eqn="if @0 21600 @1"/><v:f eqn="if @0 0 @2"/><v:f eqn="if @0 @4 21600"/><v:f eqn="mid @5 @6"/><v:f
 eqn="mid @8 @5"/><v:f eqn="mid @7 @8"/><v:f eqn="mid @6 @7"/><v:f eqn="sum @6 0 @5"/></v:formulas><v:path
 textpathok="t" o:connecttype="custom" o:connectlocs="@9,0;@10,10800;@11,21600;@12,10800" o:connectangles="270,180,90,0"
 /><v:textpath on="t" fitshape="t"/></v:shapetype><v:shape id="PowerPlusWaterMarkObject{number}" o:spid="_x0000_s{spid}"
 type="#_x0000_t136" alt="{words}" style="position:absolute;width:{width}pt;height:{height}pt;rotation:315;z-index:-251658752;\
mso-position-horizontal:center;mso-position-horizontal-relative:margin;mso-position-vertical:center;\
mso-position-vertical-relative:margin" o:allowincell="f" fillcolor="#e1e1e1" stroked="f"><v:textpath
 style="font-family:&quot;黑体&quot;;font-size:1pt" string="{words}"/></v:shape></w:pict>"""


def furnish(word: Any, document: Document) -> None:
    """Give a python-docx document its page: one section, odd and even footers, the marks behind the text."""
    section = word.sections[0]
    word.settings.odd_and_even_pages_header_footer = True
    _settings(word.settings.element)
    properties = word.element.body[-1]  # of the one section
    properties.clear()
    for footer, side in ((section.footer, "right"), (section.even_page_footer, "left")):
        _only(footer, _page_number(side))
    words = "　".join(document.meta.marks)
    if words:
        for number, header in enumerate((section.header, section.even_page_header), start=1):
            _only(header, _watermark(words, number))
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


def _watermark(words: str, number: int) -> XmlElement:
    size = min(150, _LONGEST_WATERMARK // len(words))
    shape = _WATERMARK.format(words=words, number=number, spid=2048 + number, width=size * len(words), height=size)
    return paragraph("Header", [w("r", etree.fromstring(shape))])


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
