"""Cells and outputs of many kinds in all writers: what JupyterLab shows is there, or a note says that it is not."""

from __future__ import annotations

import base64
import io
import json
import re
from collections.abc import Sequence
from typing import Any

import lxml.html
import nbformat.v4 as nbf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from pypdf import PdfReader
from tests.document.pdf.pdfpage import alternative_texts

from nianbao.document import Document, Paragraph, Picture, Preformatted, Table, markup, plain, read_notebook
from nianbao.document.pdf.compiler import typeset
from nianbao.document.pdf.fonts import select_fonts
from nianbao.document.web.fragment import write_fragment
from nianbao.document.web.page import write_page
from nianbao.errors import NotebookError

PNG = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="


def shown(**data: Any) -> Any:
    """A cell that shows these representations; ``__`` in a name stands for ``/``."""
    bundle = {name.replace("__", "/").replace("_", "-"): content for name, content in data.items()}
    return nbf.new_code_cell("x", outputs=[nbf.new_output("display_data", bundle)])


def document(*cells: Any) -> Document:
    return read_notebook(nbf.new_notebook(cells=list(cells)))


def texts(found: Document) -> list[str]:
    return [plain(block.runs) for block in found.blocks if isinstance(block, Paragraph)]


def pdf_of(found: Document) -> bytes:
    return typeset(found, select_fonts(system=False))


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF", "WEBP"])
def test_pictures_of_every_format_are_in_all_three(kind: str) -> None:
    stream = io.BytesIO()
    Image.new("RGB", (40, 20), (9, 99, 9)).save(stream, kind)
    encoded = base64.b64encode(stream.getvalue()).decode()
    mime = f"image/{kind.lower()}"
    output = nbf.new_output("display_data", {mime: encoded, "text/plain": "<Image>"}, metadata={mime: {"alt": "走势"}})
    in_cell = (
        f'<table><tr><th>图</th></tr><tr><td><img alt="小图" src="data:{mime};base64,{encoded}"></td></tr></table>'
    )
    found = document(nbf.new_code_cell("x", outputs=[output]), shown(text__html=in_cell))
    for html in (write_page(found), write_fragment(found)):
        pictures = list(lxml.html.fromstring(html).iter("img"))
        assert [picture.get("alt") for picture in pictures] == ["走势", "小图"]
        assert {picture.get("src") for picture in pictures} == {f"data:{mime};base64,{encoded}"}
        assert "&lt;Image" not in html
    assert sorted(alternative_texts(pdf_of(found))) == ["小图", "走势"]


def test_a_picture_is_as_wide_as_the_notebook_shows_it() -> None:
    output = nbf.new_output("display_data", {"image/png": PNG}, metadata={"image/png": {"width": 300, "height": 9}})
    found = document(nbf.new_code_cell("x", outputs=[output]))
    assert isinstance(found.blocks[0], Picture) and found.blocks[0].width == 300
    assert ' width="300">' in write_page(found)


@pytest.mark.parametrize(
    "name", ["图.png", "甲 乙.png", "a(1).png", "a%20b.png", "100%.png", "å.png", "a&b.png", "#1.png"]
)
def test_attachments_are_found_whatever_their_name(name: str) -> None:
    from urllib.parse import quote

    attachments = {name: {"image/png": PNG}}
    for source in (f"![图](attachment:{quote(name)})", f'<img alt="图" src="attachment:{quote(name)}">'):
        found = document(nbf.new_markdown_cell(source, attachments=attachments))
        assert found.blocks == (Picture(base64.b64decode(PNG), "image/png", "图"),)


def test_an_attachment_with_a_space_as_it_was_typed() -> None:
    cell = nbf.new_markdown_cell("![图](attachment:甲 乙.png)", attachments={"甲 乙.png": {"image/png": PNG}})
    assert isinstance(document(cell).blocks[0], Picture)
    assert texts(document(nbf.new_markdown_cell("![图](attachment:没有.png)"))) == ["（图片未嵌入：图）"]


ROWS = st.lists(st.lists(st.sampled_from(["1", "23", "安海镇", "", r"a\|b"]), min_size=1, max_size=6), max_size=4)


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 4), ROWS, st.booleans())
def test_rows_of_markdown_tables_may_be_short_or_long(
    columns: int, rows: Sequence[Sequence[str]], closed: bool
) -> None:
    lines = [["甲"] * columns, ["---"] * columns, *rows]
    source = "\n".join(f"| {' | '.join(line)}{' |' if closed else ''}" for line in lines)
    (table,) = document(nbf.new_markdown_cell(f"前\n\n{source}\n\n后")).blocks[1:-1]
    assert isinstance(table, Table)
    kept = [[*row, *[""] * columns][:columns] for row in rows]
    assert [list(line) for line in table.grid()[1:]] == [[cell.replace("\\|", "|") for cell in row] for row in kept]


def test_what_looks_like_a_table_in_a_block_of_code_stays_as_it_is() -> None:
    source = "| a | b |\n|---|---|\n| 1 |"
    assert document(nbf.new_markdown_cell(f"```\n{source}\n```")).blocks == (Preformatted(source),)


def test_footnotes_of_markdown_are_printed_and_their_marks_raised() -> None:
    found = document(nbf.new_markdown_cell("办结30[^a]件[^b]。\n\n[^a]: 含上年结转2件。\n[^b]: 见附表。"))
    assert texts(found) == ["办结30 ¹件²。"]
    for html in (write_page(found), write_fragment(found)):
        said = lxml.html.fromstring(html).text_content()
        assert "含上年结转2件。" in said and "见附表。" in said and "↩" not in said
    assert "30<sup> 1</sup>件" in write_page(found)


def test_links_lead_somewhere_in_all_three() -> None:
    address = "https://www.jinjiang.gov.cn/x?a=1&b=2"
    found = document(nbf.new_markdown_cell(f"见[网站]({address})。"))
    for html in (write_page(found), write_fragment(found)):
        (link,) = lxml.html.fromstring(html).xpath("//main//a | /p/a | //p/a")[:1]
        assert (link.get("href"), link.text_content()) == (address, "网站")
    annotations = [note.get_object() for note in PdfReader(io.BytesIO(pdf_of(found))).pages[0]["/Annots"]]
    assert [note["/A"]["/URI"] for note in annotations] == [address]


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        (shown(text__latex=r"$\alpha_{1}$", text__plain="<IPython.core.display.Latex object>"), r"（公式未排版：$\alpha_{1}$）"),
        (nbf.new_code_cell("", outputs=[nbf.new_output("display_data", {"application/vnd.jupyter.widget-view+json": {"model_id": "x"}, "text/plain": "HBox(children=(FloatProgress(value=0.0),))"})]), "（此处是交互内容，不能印出）"),
        (shown(text__html="<div id='p'></div><script>draw(9)</script>", text__plain="Plot(9)"), "（此处是交互内容，不能印出）"),
        (shown(text__html="<math><mn>2</mn><mn>3</mn></math>"), "（公式未印出）"),
    ],
)  # fmt: skip
def test_what_cannot_be_printed_is_said_to_be_missing(cell: Any, said: str) -> None:
    found = document(cell)
    assert texts(found) == [said]
    for html in (write_page(found), write_fragment(found)):
        assert "object" not in html and "HBox" not in html and "Plot(" not in html
    assert json.dumps(said)[1:-1] and pdf_of(found)


def test_html_that_shows_nothing_is_nothing() -> None:
    assert document(shown(text__html="<style>table{}</style>", text__plain="<HTML object>")).blocks == ()
    assert document(shown(text__html="<p hidden>9</p>", text__plain="9")).blocks == ()


def test_a_chart_with_boxes_for_characters_is_refused() -> None:
    warning = "UserWarning: Glyph 23433 (\\N{CJK UNIFIED IDEOGRAPH-5B89}) missing from font(s) DejaVu Sans.\n"
    outputs = [
        nbf.new_output("stream", name="stderr", text=warning),
        nbf.new_output("display_data", {"image/png": PNG}),
    ]
    with pytest.raises(NotebookError, match=r"第 1 个单元格：图中有 1 个字没有字形：安（U\+5B89）"):
        document(nbf.new_code_cell("", outputs=outputs))


def test_a_table_of_many_columns_is_set_on_a_turned_page_with_its_heading() -> None:
    def table(columns: int) -> str:
        row = "".join(f"<td>{100 + column}0</td>" for column in range(columns))
        return f"<table><tr>{row}</tr></table>"

    cells = [nbf.new_markdown_cell("前文。"), nbf.new_markdown_cell("## 宽表")]
    for columns, turned in ((15, [False]), (21, [False, True, False]), (30, [False, True, False])):
        marked = markup.element("p", "示例", markup.SAMPLE)
        found = document(*cells, shown(text__html=marked + table(columns)), nbf.new_markdown_cell("后文。"))
        pages = PdfReader(io.BytesIO(pdf_of(found))).pages
        assert [page.mediabox.width > page.mediabox.height for page in pages] == turned
        said = [re.sub(r"\s", "", page.extract_text()) for page in pages]
        if len(pages) == 3:
            assert "宽表" in said[1] and f"{99 + columns}0" in said[1] and "后文" in said[2]
            assert "—2—" in said[1] and "示例" in said[1]
