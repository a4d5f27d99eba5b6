"""Hostile HTML from cells: what stays on the page, what becomes text, what is gone."""

from __future__ import annotations

import base64
from typing import Any

import lxml.html
import pytest

from nianbao.document import Document, Meta, Picture, read_html
from nianbao.document.markup import element
from nianbao.document.web.page import write_page
from nianbao.document.web.pictures import embedded
from nianbao.errors import NotebookError

PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
DRAWING = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><title>图 示</title>{}</svg>'

HOSTILE = [
    "<script>alert(1)</script>",
    "<SCRIPT SRC=http://evil.example/x.js></SCRIPT>",
    "<scr<script>ipt>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    '<img src="http://evil.example/p.png" alt="p">',
    '<a href="javascript:alert(1)">x</a>',
    '<a href="java&#10;script:alert(1)">x</a>',
    '<a href="data:text/html,<script>alert(1)</script>">x</a>',
    '<a href="//evil.example">x</a>',
    "<svg onload=alert(1)><script>alert(1)</script></svg>",
    "<svg><style><img src=x onerror=alert(1)></style></svg>",
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
    "<iframe src=javascript:alert(1)></iframe><object data=x></object><embed src=x>",
    "<form action=http://evil.example><input name=q><button>x</button></form>",
    '<p style="background:url(http://evil.example)" onclick="alert(1)" id="main" class="nb-sheet">x</p>',
    "<style>body{display:none}</style><link rel=stylesheet href=http://evil.example>",
    '<meta http-equiv="refresh" content="0;url=http://evil.example"><base href="http://evil.example">',
    '<noscript><p title="</noscript><img src=x onerror=alert(1)>">',
    "<!--><img src=x onerror=alert(1)>--><![CDATA[<script>x</script>]]>",
    "<template><script>alert(1)</script></template><textarea><script>x</script></textarea>",
    "</div></body></html><script>alert(1)</script><body onload=alert(1)>",
    "<table><tr><td><script>alert(1)</script></td><td background=http://evil.example>x</td></tr></table>",
    "<details ontoggle=alert(1) open>x</details><video src=x onerror=alert(1)></video>",
    "<xmp><script>alert(1)</script></xmp><plaintext><script>alert(1)</script>",
]
BREAKING_OUT = '"><img src=x onerror=alert(1)><i title="'
ATTRIBUTES = {"href", "rel", "class", "src", "alt", "colspan", "rowspan", "scope", "width", "start"}


def page_of(html: str) -> Any:
    """The text part of the page that shows ``html``."""
    page = lxml.html.document_fromstring(write_page(Document(Meta(), read_html(html))))
    return page.get_element_by_id("main")


@pytest.mark.parametrize("hostile", HOSTILE)
def test_hostile_html_leaves_nothing_that_acts(hostile: str) -> None:
    main = page_of(f"<p>前</p>{hostile}")
    for node in main.iterdescendants():
        assert node.tag in {"p", "figure", "img", "table", "colgroup", "col", "thead", "tbody", "tr", "td", "a"}
        assert set(node.keys()) <= ATTRIBUTES
        assert node.get("src", "data:image/").startswith("data:image/")
        assert node.get("href", "http").startswith("http")
        assert node.get("class") in (None, "nb-note", "nb-free", "nb-short")
    assert not [value for value in main.xpath(".//@src | .//@href") if "evil.example" in value]
    assert main.text_content().strip().startswith("前")


def test_pictures_that_are_no_pictures_are_refused() -> None:
    with pytest.raises(NotebookError, match="图片格式"):
        page_of('<img src="data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==">')


def test_no_attribute_can_be_broken_out_of() -> None:
    quoted = BREAKING_OUT.replace('"', "&quot;").replace("<", "&lt;")
    for written in (
        f'<img src="data:image/png;base64,{PIXEL}" alt="{quoted}">',
        '<p><a href="http://a.cn/&quot;onclick=&quot;alert(1)">链接</a></p>',
        f'<table><tr><th scope="{quoted}">x</th></tr><tr><td>1</td></tr></table>',
    ):
        main = page_of(written)
        assert not main.xpath(".//@onerror | .//@onclick | .//@title | .//i")
        assert main.xpath(".//@*[contains(., 'alert(1)')]")


def test_text_stays_text() -> None:
    shown = '1 < 2 & {{ 3 }} #read("x") <script>'
    assert page_of(element("p", shown))[0].text == shown


@pytest.mark.parametrize("text", ["陈埭深沪", "𠀀𪚥", "🙂", "永" * 5000])
def test_rare_and_long_text_is_kept(text: str) -> None:
    assert page_of(f"<p>{text}</p>")[0].text == text


def test_links_lead_to_web_pages_only() -> None:
    (link,) = page_of('<p>见<a href="https://www.jinjiang.gov.cn/x?a=1&amp;b=2">网站</a></p>').iter("a")
    assert link.attrib == {"href": "https://www.jinjiang.gov.cn/x?a=1&b=2", "rel": "noopener noreferrer"}
    assert not list(page_of('<p><a href="mailto:a@b">x</a><a href="#a">y</a></p>').iter("a"))


def picture(data: bytes, mime: str) -> str | None:
    return embedded(Picture(data, mime))[0]


def test_pictures_keep_their_bytes_and_others_are_named() -> None:
    data = base64.b64decode(PIXEL)
    assert picture(data, "image/png") == f"data:image/png;base64,{PIXEL}"
    assert picture(data, "image/jpeg") is None
    assert page_of('<p><img src="chart.png" alt="走势 图"></p>').text_content().strip() == "（图片未嵌入：走势 图）"


@pytest.mark.parametrize(
    "part",
    [
        "<script>alert(1)</script>",
        '<rect onclick="alert(1)" width="1"/>',
        '<a xmlns:x="http://www.w3.org/1999/xlink" x:href="javascript:alert(1)"><text>x</text></a>',
        '<image href="http://evil.example/x.png"/>',
        '<use href="http://evil.example/x.svg#a"/>',
        "<style>@import 'http://evil.example/x.css';</style>",
        '<rect style="fill:url(http://evil.example#a)"/>',
        "<foreignObject><p xmlns='http://www.w3.org/1999/xhtml'>x</p></foreignObject>",
        "<metadata>2026-01-01T00:00:00</metadata>",
        '<set attributeName="onmouseover" to="alert(1)"/>',
    ],
)
def test_drawings_lose_what_acts_or_calls(part: str) -> None:
    for written in (DRAWING.format(part), DRAWING.format(part).replace(' xmlns="http://www.w3.org/2000/svg"', "", 1)):
        source, alternative = embedded(Picture(written.encode(), "image/svg+xml"))
        assert source is not None and alternative == "图 示"
        drawing = base64.b64decode(source.partition(",")[2]).decode("utf-8")
        assert 'viewBox="0 0 9 9"' in drawing
        for trace in ("alert", "evil.example", "foreignObject", "2026-01-01", "<a"):
            assert trace not in drawing


def test_drawings_keep_references_into_themselves() -> None:
    part = '<defs><path id="g" d="M0 0h1"/></defs><use href="#g" style="clip-path:url(#c)"/>'
    source = picture(DRAWING.format(part).encode(), "image/svg+xml")
    assert source is not None
    drawing = base64.b64decode(source.partition(",")[2]).decode("utf-8")
    assert 'href="#g"' in drawing and "url(#c)" in drawing


def test_entities_of_a_drawing_are_not_expanded() -> None:
    bomb = '<!DOCTYPE svg [<!ENTITY a "boom"><!ENTITY f SYSTEM "file:///etc/hostname">]>' + DRAWING.format(
        "<text>&a;&f;</text>"
    )
    source = picture(bomb.encode(), "image/svg+xml")
    assert source is not None
    drawing = base64.b64decode(source.partition(",")[2]).decode("utf-8")
    assert "boom" not in drawing and "ENTITY" not in drawing and "&" not in drawing
