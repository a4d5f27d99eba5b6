"""草稿 and 示例 across a page: behind its text, and over what would cover them there."""

from __future__ import annotations

from collections.abc import Iterable

from lxml import etree

from nianbao.document.docx.xml import w
from nianbao.office.xml import XmlElement

_LONGEST = 520
"""pt, from corner to corner."""
_BEHIND, _OVER = -251658752, 251658752
"""Where it lies among what stands on the page."""
_SHAPE = """\
<w:pict xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:v="urn:schemas-microsoft-com:vml"
 xmlns:o="urn:schemas-microsoft-com:office:office"><v:shapetype id="_x0000_t136" coordsize="21600,21600" o:spt="136"
 adj="10800" path="m@7,l@8,m@5,21600l@6,21600e"><v:formulas><v:f eqn="sum #0 0 10800"/><v:f eqn="prod #0 2 1"/><v:f
 eqn="sum 21600 0 @1"/><v:f eqn="sum 0 0 @2"/><v:f eqn="sum 21600 0 @3"/><v:f eqn="if @0 @3 0"/><v:f
 eqn="if @0 21600 @1"/><v:f eqn="if @0 0 @2"/><v:f eqn="if @0 @4 21600"/><v:f eqn="mid @5 @6"/><v:f
 eqn="mid @8 @5"/><v:f eqn="mid @7 @8"/><v:f eqn="mid @6 @7"/><v:f eqn="sum @6 0 @5"/></v:formulas><v:path
 textpathok="t" o:connecttype="custom" o:connectlocs="@9,0;@10,10800;@11,21600;@12,10800" o:connectangles="270,180,90,0"
 /><v:textpath on="t" fitshape="t"/></v:shapetype><v:shape id="PowerPlusWaterMarkObject{number}" o:spid="_x0000_s{spid}"
 type="#_x0000_t136" alt="{words}" style="position:absolute;width:{width}pt;height:{height}pt;rotation:315;z-index:{place};\
mso-position-horizontal:center;mso-position-horizontal-relative:margin;mso-position-vertical:center;\
mso-position-vertical-relative:margin" o:allowincell="f" fillcolor="#e1e1e1" stroked="f"><v:fill opacity="{opacity}"/><v:textpath
 style="font-family:&quot;黑体&quot;;font-size:1pt" string="{words}"/></v:shape></w:pict>"""


def watermark(marks: Iterable[str], number: int, over: bool = False) -> XmlElement:
    """A run with the marks from corner to corner; ``number`` is its own in the file, ``over`` lays it over the page."""
    words = "　".join(marks)
    size = min(150, _LONGEST // len(words))
    shape = _SHAPE.format(
        words=words,
        number=number,
        spid=2048 + number,
        width=size * len(words),
        height=size,
        place=_OVER if over else _BEHIND,
        opacity=".6" if over else "1",
    )
    return w("r", etree.fromstring(shape))
