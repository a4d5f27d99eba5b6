"""The look after GB/T 9704-2012: measures of the page, the official faces, and every style as data."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from nianbao.document.docx.xml import off, on, paragraph_properties, run_properties, twips, w
from nianbao.office.xml import XmlElement

LINE_PITCH = 579
"""Twips from line to line: 22 lines in 225 mm (5.2.3)."""
TYPE_AREA = 8844
"""Twips: 156 mm (5.2.1)."""
CHARACTER = 315
"""Twips from character to character: 28 in 156 mm, so that 16 pt type is set 0.25 pt closer."""
BODY = 16.0
"""三号, pt."""

FACES = {
    "title": "方正小标宋简体",
    "body": "仿宋_GB2312",
    "kaiti": "楷体_GB2312",
    "heiti": "黑体",
    "songti": "宋体",
    "mono": "宋体",
}
"""The face of each role as Windows and WPS name it."""
ALTERNATIVES = {
    "方正小标宋简体": "小标宋",
    "仿宋_GB2312": "仿宋",
    "楷体_GB2312": "楷体",
    "黑体": "SimHei",
    "宋体": "SimSun",
}
"""What a program takes where the first is not installed."""
RED = "E60012"
MARK_SIZE, MARK_LINE = 10.5, 14.5
"""pt: type and line of the sentence that says why a document is a draft."""


@dataclass(frozen=True)
class Style:
    """A paragraph style.

    Attributes
    ----------
    identifier, name : str
        The id within the file; the name, in English where the style is built in (programs show it in their language).
    face : str
        One of the roles of ``FACES``.
    size : float
        pt.
    line : float
        Exact line height in pt; 0 for the document's grid of lines.
    before, after : float
        Lines of the grid above and below.
    indent, hanging, right : float
        Characters: first line in, further lines in, right edge in.
    """

    identifier: str
    name: str
    face: str = "body"
    size: float = BODY
    align: str = "both"
    line: float = 0.0
    before: float = 0.0
    after: float = 0.0
    indent: float = 0.0
    left: float = 0.0
    right: float = 0.0
    outline: int | None = None
    following: str = ""
    keep_next: bool = False
    based_on: str = "Normal"
    colour: str = ""


STYLES = (
    Style("NormalIndent", "Normal Indent", indent=2),
    Style("Title", "Title", "title", 22, "center", line=28.95, after=1, following="NormalIndent", keep_next=True),
    Style("Heading1", "heading 1", "heiti", indent=2, outline=0, following="NormalIndent", keep_next=True),
    Style("Heading2", "heading 2", "kaiti", indent=2, outline=1, following="NormalIndent", keep_next=True),
    Style("Heading3", "heading 3", indent=2, outline=2, following="NormalIndent", keep_next=True),
    Style("Heading4", "heading 4", indent=2, outline=3, following="NormalIndent", keep_next=True),
    Style("Caption", "caption", "songti", 12, "center", keep_next=True),
    Style("Footer", "footer", "songti", 14, "left", line=20),
    Style("Header", "header", "songti", 9, "center", line=1),
    Style("Quote", "Quote", "kaiti", indent=2, left=2),
    Style("RedHead", "红头", "title", 36, "center", after=2, colour=RED),
    Style("DocumentNumber", "发文字号", align="center"),
    Style("RedLine", "红线", align="center", line=11.35, after=2),
    Style("Addressee", "主送机关", align="left", following="NormalIndent"),
    Style("Attachment", "附件说明"),
    Style("Enclosure", "附件", "heiti", align="left", after=1, following="EnclosureTitle", keep_next=True),
    Style("EnclosureTitle", "附件标题", "title", 22, "center", line=28.95, after=1, outline=0, keep_next=True),
    Style("Signature", "发文机关署名", align="right", keep_next=True),
    Style("Date", "成文日期", align="right", right=4),
    Style("Colophon", "版记", size=14, align="left", line=22),
    Style("TableText", "表格文字", "songti", 10.5, "center"),
    Style("TableNote", "表注", "songti", 10.5, "left", line=14.5),
    Style("Mark", "文稿状态", "heiti", MARK_SIZE, "left", line=MARK_LINE),
    Style("Output", "程序输出", "mono", 9, "left", line=12),
)


def style_elements() -> Iterator[XmlElement]:
    """Everything below ``w:styles``: the defaults, 正文, the other styles, and that of a ruled table.

    No space is put between Chinese and Latin, which would leave the grid of characters. A mark at the end of a line
    may hang over the edge, as in Word unless told otherwise: told so, LibreOffice 7.4 lets it hang and does not draw it.
    """
    yield w(
        "docDefaults",
        w("rPrDefault", run_properties({**type_of("body", BODY), "lang": w("lang", val="en-US", eastAsia="zh-CN")})),
        w("pPrDefault"),
    )
    yield w(
        "style",
        w("name", val="Normal"),
        on("qFormat"),
        paragraph_properties(
            {"jc": w("jc", val="both"), "overflowPunct": on("overflowPunct")}
            | {name: off(name) for name in ("widowControl", "autoSpaceDE", "autoSpaceDN")}
        ),
        run_properties({"spacing": w("spacing", val=CHARACTER - twips(BODY))}),
        type="paragraph",
        default=1,
        styleId="Normal",
    )
    yield w(
        "style",
        w("name", val="Default Paragraph Font"),
        type="character",
        default=1,
        styleId="DefaultParagraphFont",
    )
    yield from (_paragraph_style(style) for style in STYLES)
    sides = ("top", "left", "bottom", "right", "insideH", "insideV")
    borders = w("tblBorders", *(w(side, val="single", sz=4, space=0, color="000000") for side in sides))
    yield w(
        "style",
        w("name", val="Normal Table"),
        w("tblPr", w("tblInd", w=0, type="dxa"), cell_margins(0, 0)),
        type="table",
        default=1,
        styleId="TableNormal",
    )
    yield w(
        "style",
        w("name", val="Table Grid"),
        w("basedOn", val="TableNormal"),
        w("tblPr", borders),
        type="table",
        styleId="TableGrid",
    )


def cell_margins(across: int, down: int) -> XmlElement:
    """``w:tblCellMar`` in twips."""
    sides = (("top", down), ("left", across), ("bottom", down), ("right", across))
    return w("tblCellMar", *(w(side, w=width, type="dxa") for side, width in sides))


def _paragraph_style(style: Style) -> XmlElement:
    parts = {"jc": w("jc", val=style.align), "ind": indent(style.indent, style.left, style.right)}
    parts |= spacing(style.line, style.before, style.after)
    if style.keep_next:
        parts["keepNext"] = on("keepNext")
    if style.outline is not None:
        parts["outlineLvl"] = w("outlineLvl", val=style.outline)
    runs = type_of(style.face, style.size)
    if style.size != BODY:
        runs["spacing"] = w("spacing", val=0)
    if style.colour:
        runs["color"] = w("color", val=style.colour)
    return w(
        "style",
        w("name", val=style.name),
        w("basedOn", val=style.based_on),
        w("next", val=style.following) if style.following else None,
        on("qFormat"),
        paragraph_properties(parts),
        run_properties(runs),
        type="paragraph",
        styleId=style.identifier,
    )


def indent(first: float = 0.0, left: float = 0.0, right: float = 0.0, hanging: float = 0.0) -> XmlElement:
    """``w:ind`` in characters, with the same in twips for programs that do not count characters."""
    given = {"left": left, "right": right, "hanging": hanging} if hanging else {"left": left, "right": right}
    if not hanging:
        given["firstLine"] = first
    attributes: dict[str, int] = {}
    for name, characters in given.items():
        attributes[f"{name}Chars"] = round(characters * 100)
        attributes[name] = round(characters * CHARACTER)
    return w("ind", **attributes)


def spacing(line: float = 0.0, before: float = 0.0, after: float = 0.0) -> dict[str, XmlElement]:
    """The parts that set line height (exact, in pt, off the grid) and the lines left above and below."""
    attributes: dict[str, str | float] = {
        "beforeLines": round(before * 100),
        "before": round(before * LINE_PITCH),
        "afterLines": round(after * 100),
        "after": round(after * LINE_PITCH),
    }
    if not line:
        return {"spacing": w("spacing", **attributes)}
    exact = w("spacing", **attributes, line=twips(line), lineRule="exact")
    return {"spacing": exact, "snapToGrid": off("snapToGrid")}


def type_of(face: str, size: float = 0.0) -> dict[str, XmlElement]:
    """The parts that set face and size, where they are given; Chinese quotation marks count as Chinese."""
    names = dict.fromkeys(("ascii", "hAnsi", "eastAsia", "cs"), FACES[face]) if face else {}
    parts = {"rFonts": w("rFonts", hint="eastAsia", **names)}
    if size:
        half_points = round(size * 2)
        parts |= {"sz": w("sz", val=half_points), "szCs": w("szCs", val=half_points)}
    return parts


def font_elements() -> Iterator[XmlElement]:
    """Everything below ``w:fonts``: what each face is, and what stands in for it."""
    for name, alternative in ALTERNATIVES.items():
        yield w(
            "font",
            w("altName", val=alternative),
            w("charset", val="86"),
            w("family", val="modern" if "宋_" in name or "体_" in name else "auto"),
            w("pitch", val="default"),
            name=name,
        )
