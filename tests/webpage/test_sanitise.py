"""Hostile and ordinary HTML from cells: what stays, what becomes text, what is gone."""

from __future__ import annotations

import base64

import lxml.html
import pytest

from nianbao.document.web.pictures import checked
from nianbao.document.web.sanitise import sanitise
from nianbao.errors import NotebookError

PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
DRAWING = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><title>图 示</title>{}</svg>'

HOSTILE = [
    "<script>alert(1)</script>",
    "<SCRIPT SRC=http://evil.example/x.js></SCRIPT>",
    "<scr<script>ipt>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    '<img src="http://evil.example/p.png" alt="p">',
    '<img src="data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==">',
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
ATTRIBUTES = {
    "href", "rel", "class", "src", "alt", "colspan", "rowspan", "scope", "span", "width", "height", "start",
    "data-unit", "data-year", "data-author", "data-date",
}  # fmt: skip


@pytest.mark.parametrize("hostile", HOSTILE)
def test_hostile_html_leaves_nothing_that_acts(hostile: str) -> None:
    clean = sanitise(f"<p>前</p>{hostile}")
    root = lxml.html.fromstring(f"<div>{clean}</div>")
    for node in root.iter():
        assert node.tag in {"div", "p", "a", "img", "table", "tbody", "tr", "td"}
        assert set(node.keys()) <= ATTRIBUTES
        assert node.get("src", "data:image/").startswith("data:image/")
        assert node.get("href", "http").startswith("http")
        assert node.get("class") is None
    assert "evil.example" not in clean
    assert root.text_content().startswith("前")


def test_no_attribute_can_be_broken_out_of() -> None:
    quoted = BREAKING_OUT.replace('"', "&quot;").replace("<", "&lt;")
    for written in (
        f'<h1 class="nb-title" data-unit="{quoted}" data-author="{quoted}">题</h1>',
        f'<img src="data:image/png;base64,{PIXEL}" alt="{quoted}">',
        '<a href="http://a.cn/&quot;onclick=&quot;alert(1)">链接</a>',
    ):
        root = lxml.html.fromstring(f"<div>{sanitise(written)}</div>")
        assert len(list(root.iterdescendants())) == 1
        assert not root.xpath("//@onerror | //@onclick | //@title")
        assert BREAKING_OUT in root[0].values() or root[0].get("href") == 'http://a.cn/"onclick="alert(1)'


def test_sanitising_twice_changes_nothing() -> None:
    for hostile in HOSTILE:
        assert sanitise(sanitise(hostile)) == sanitise(hostile)


def test_text_stays_text() -> None:
    assert sanitise("1 < 2 &amp; {{ 3 }} #read(&quot;x&quot;) &lt;script&gt;") == (
        '1 &lt; 2 &amp; {{ 3 }} #read("x") &lt;script&gt;'
    )


@pytest.mark.parametrize("character", ["\x00", "\x1b", "\x7f", "\x85", "\ud800", "\ufffe", "\u202e"])
def test_characters_that_cannot_be_printed_show_as_replacement(character: str) -> None:
    assert sanitise(f"<p>前{character}后</p>") == "<p>前\ufffd后</p>"


@pytest.mark.parametrize("text", ["陈埭深沪", "𠀀𪚥", "🙂", "永" * 5000])
def test_rare_and_long_text_is_kept(text: str) -> None:
    assert sanitise(f"<p>{text}</p>") == f"<p>{text}</p>"


def test_deep_nesting_keeps_its_text_or_is_refused() -> None:
    clean = sanitise("<div>" * 1500 + "深" + "</div>" * 1500)
    assert "深" in clean
    assert clean.count("<div>") < 200
    with pytest.raises(NotebookError, match="嵌套过深"):
        sanitise("<div>" * 3000 + "深" + "</div>" * 3000)


def test_roles_identity_and_alignment_survive() -> None:
    title = '<h1 class="nb-title" data-unit="yonghe" data-year="2023">题</h1>'
    assert sanitise(title) == title
    cells = '<td class="gt_row gt_right" headers="a b" id="c">1</td><th style="text-align: Center">2</th>'
    expected = '<td class="nb-right">1</td><th class="nb-center">2</th>'
    assert sanitise(f"<table><tr>{cells}</tr></table>") == f"<table><tr>{expected}</tr></table>"
    assert sanitise('<p class="nb-note other">注</p>') == '<p class="nb-note">注</p>'


def test_column_widths_become_attributes() -> None:
    clean = sanitise('<table><colgroup><col style="width:12.5%"><col style="width:80px" span="2"></colgroup></table>')
    assert clean == '<table><colgroup><col width="12.5%"><col span="2" width="80"></colgroup></table>'


def test_title_and_notes_of_great_tables_stand_outside_the_grid() -> None:
    clean = sanitise(
        '<table><thead><tr class="gt_heading"><td colspan="2" class="gt_title">题</td></tr>'
        '<tr class="gt_heading"><td colspan="2">副题</td></tr><tr><th>甲</th><th>乙</th></tr></thead>'
        '<tfoot class="gt_sourcenotes"><tr><td colspan="2">来源一</td></tr>'
        '<tr><td colspan="2">来源二</td></tr></tfoot></table>后'
    )
    assert clean == (
        "<table><caption>题<br>副题</caption><thead><tr><th>甲</th><th>乙</th></tr></thead><tfoot></tfoot></table>"
        '<p class="nb-note">来源一</p><p class="nb-note">来源二</p>后'
    )


def test_pictures_keep_their_bytes_and_others_are_named() -> None:
    source = f"data:image/png;base64,{PIXEL}"
    assert checked(source) == source
    assert checked(f" data:image/PNG;base64,{PIXEL[:20]}\n{PIXEL[20:]} ") == source
    assert checked(f"data:image/jpeg;base64,{PIXEL}") is None
    assert checked("data:image/png;base64,%%%") is None
    assert sanitise('<p><img src="chart.png" alt="走势 图"></p>') == "<p>（图片未嵌入：走势 图）</p>"


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
        image = lxml.html.fromstring(sanitise(written))
        assert image.get("alt") == "图 示"
        drawing = base64.b64decode(image.get("src").partition(",")[2]).decode("utf-8")
        assert 'viewBox="0 0 9 9"' in drawing
        for trace in ("alert", "evil.example", "foreignObject", "2026-01-01", "<a"):
            assert trace not in drawing


def test_drawings_keep_references_into_themselves() -> None:
    part = '<defs><path id="g" d="M0 0h1"/></defs><use href="#g" style="clip-path:url(#c)"/>'
    image = lxml.html.fromstring(sanitise(DRAWING.format(part)))
    drawing = base64.b64decode(image.get("src").partition(",")[2]).decode("utf-8")
    assert 'href="#g"' in drawing and "url(#c)" in drawing


def test_entities_of_a_drawing_are_not_expanded() -> None:
    bomb = '<!DOCTYPE svg [<!ENTITY a "boom"><!ENTITY f SYSTEM "file:///etc/hostname">]>' + DRAWING.format(
        "<text>&a;&f;</text>"
    )
    source = checked("data:image/svg+xml;base64," + base64.b64encode(bomb.encode()).decode())
    assert source is not None
    drawing = base64.b64decode(source.partition(",")[2]).decode("utf-8")
    assert "boom" not in drawing and "ENTITY" not in drawing and "&" not in drawing
