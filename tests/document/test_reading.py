"""Notebook and HTML → blocks."""

from __future__ import annotations

import base64
import datetime as dt

import nbformat.v4 as nbf
import pandas as pd
import pytest
from great_tables import GT

from nianbao.document import (
    Cell,
    Heading,
    ListBlock,
    Paragraph,
    Picture,
    Preformatted,
    Run,
    Table,
    markup,
    plain,
    read_html,
    read_notebook,
)
from nianbao.errors import NotebookError

PNG = base64.b64encode(b"\x89PNG\r\n\x1a\n").decode()


def texts(html: str) -> list[str]:
    return [plain(block.runs) for block in read_html(html) if isinstance(block, Paragraph | Heading)]


def table(html: str) -> Table:
    (found,) = (block for block in read_html(html) if isinstance(block, Table))
    return found


def html_cell(html: str, **metadata: object) -> nbf.nbbase.NotebookNode:
    output = nbf.new_output("execute_result", {"text/html": html, "text/plain": "…"}, execution_count=1)
    return nbf.new_code_cell("shown()", outputs=[output], metadata=metadata)


def notebook(*cells: object) -> nbf.nbbase.NotebookNode:
    return nbf.new_notebook(cells=list(cells))


# ---- inline text


def test_white_space_collapses_as_in_html_and_line_ends_between_chinese_vanish() -> None:
    assert texts("<p> 第一\n 行　和 two\n\twords <b> x </b>\n</p>") == ["第一行　和 two words x"]


def test_runs_carry_style_and_role() -> None:
    (paragraph,) = read_html('<p><span class="nb-lead">地址：</span>甲<strong>乙<em>丙</em></strong>m<sup>2</sup></p>')
    assert isinstance(paragraph, Paragraph)
    assert paragraph.runs == (
        Run("地址：", lead=True),
        Run("甲"),
        Run("乙", strong=True),
        Run("丙", strong=True, emphasis=True),
        Run("m"),
        Run("2", shift="super"),
    )


def test_br_breaks_a_line_and_a_block_in_a_cell_begins_one() -> None:
    assert texts("<p>甲<br> 乙</p>") == ["甲\n乙"]
    assert table("<table><tr><td><p>甲</p><p>乙</p>丙<br>丁</td></tr></table>").grid() == (("甲\n乙\n丙\n丁",),)


def test_indentation_by_spaces_is_dropped() -> None:
    assert texts("<p>　　全年&nbsp;&nbsp;</p>") == ["全年"]


@pytest.mark.parametrize("role", [markup.ATTACHMENT, markup.SIGNATURE, markup.DATE, markup.CAPTION, markup.NOTE])
def test_role_of_a_paragraph_is_its_class(role: str) -> None:
    assert read_html(markup.element("p", "甲", role)) == (Paragraph((Run("甲"),), role),)


def test_loose_text_between_blocks_makes_paragraphs() -> None:
    assert texts("甲<div>乙<p>丙</p>丁</div><span>戊</span>己") == ["甲", "乙", "丙", "丁", "戊己"]


def test_text_that_looks_like_markup_stays_text() -> None:
    hostile = '#read("x") <script>alert(1)</script> $x$ @ref *a* `b` {{ c }}'
    assert texts(markup.element("p", hostile)) == [hostile]


def test_scripts_styles_frames_and_event_attributes_are_ignored() -> None:
    html = '<style>p{}</style><script>x</script><iframe src="//a">b</iframe><p onclick="x()">甲<script>y</script>乙</p>'
    assert texts(html) == ["甲乙"]
    assert "onclick" not in repr(read_html(html))


def test_lists_nest_and_keep_their_first_number() -> None:
    (found,) = read_html('<ol start="3"><li>甲<ul><li>乙</li></ul></li><li><p>丙</p></li></ol>')
    inner = ListBlock(((Paragraph((Run("乙"),)),),))
    assert found == ListBlock(((Paragraph((Run("甲"),)), inner), (Paragraph((Run("丙"),)),)), True, 3)


def test_pre_keeps_spaces_and_lines() -> None:
    assert read_html("<pre><code>a  b\n  c\n</code></pre>") == (Preformatted("a  b\n  c"),)


@pytest.mark.parametrize("character", ["\x00", "\x07", "\x1b", "\u202e", "\u2066", "\ufffe", "\ufdd0", "\ud800"])
def test_characters_that_cannot_be_printed_are_refused_with_their_code(character: str) -> None:
    with pytest.raises(NotebookError, match=f"U\\+{ord(character):04X}"):
        read_html(f"<p>甲{character}乙</p>")


@pytest.mark.parametrize("reference", ["&#1;", "&#x202e;", "&#x2067;"])
def test_a_character_reference_is_no_way_around(reference: str) -> None:
    with pytest.raises(NotebookError, match="不能印出的字符"):
        read_html(f"<p>甲{reference}乙</p>")


def test_invisible_characters_are_dropped() -> None:
    assert texts("<p>\ufeff甲\u200b乙\u00ad丙&shy;丁</p>") == ["甲乙丙丁"]


def test_rare_characters_are_kept() -> None:
    assert texts("<p>\U00020000\U00030000\u9fff</p>") == ["\U00020000\U00030000\u9fff"]


def test_deep_nesting_is_refused() -> None:
    with pytest.raises(NotebookError, match="嵌套"):
        read_html("<div>" * 2000 + "x")


# ---- tables


def test_spans_expand_into_a_full_grid() -> None:
    html = """<table id="t"><thead><tr><th rowspan="2" colspan="2">角</th><th colspan="2">甲</th></tr>
      <tr><th>乙</th><th>丙</th></tr></thead>
      <tbody><tr><th rowspan="2">一</th><th>二</th><td>1</td><td>2</td></tr>
      <tr><th>三</th><td>3</td></tr></tbody></table>"""
    found = table(html)
    assert found.grid() == (
        ("角", "角", "甲", "甲"),
        ("角", "角", "乙", "丙"),
        ("一", "二", "1", "2"),
        ("一", "三", "3", ""),
    )
    assert (found.identifier, found.rows, found.columns, len(found.head)) == ("t", 4, 4, 2)
    assert [cell.scope for cell in found.head[0] + found.body[0]] == ["col", "col", "row", "row", "", ""]


def test_rowspan_zero_reaches_to_the_end_of_the_section() -> None:
    assert table('<table><tr><td rowspan="0">a<td>b<tr><td>c</table>').grid() == (("a", "b"), ("a", "c"))


def test_rows_of_heads_at_the_top_count_as_head() -> None:
    found = table("<table><tr><th>a<th>b<tr><th>c<td>d</table>")
    assert (len(found.head), len(found.body)) == (1, 1)


def test_a_table_of_heads_only_has_a_body() -> None:
    found = table("<table><tr><th>a<tr><th>b</table>")
    assert (len(found.head), found.grid()) == (0, (("a",), ("b",)))


@pytest.mark.parametrize(
    ("html", "message"),
    [
        ("<tr><td rowspan=-1>a", "rowspan 应为"),
        ("<tr><td rowspan=\uff12>a", "rowspan 应为"),
        ("<tr><td colspan=0>a", "colspan 应为"),
        ("<tr><td colspan=99999>a", "colspan 应为"),
        ("<tr><td colspan=1.5>a", "colspan 应为"),
        ("<tr><td>a<td rowspan=2>b<tr><td colspan=2>c", "重叠"),
    ],
)
def test_malformed_spans_are_refused(html: str, message: str) -> None:
    with pytest.raises(NotebookError, match=message):
        read_html(f"<table>{html}</table>")


def test_a_span_ends_with_its_section_as_in_a_browser() -> None:
    assert table("<table><tr><td rowspan=3>a<td>b<tr><td>c</table>").grid() == (("a", "b"), ("a", "c"))
    headed = table("<table><thead><tr><th rowspan=2>a</thead><tbody><tr><td>b</tbody></table>")
    assert headed.grid() == (("a",), ("b",))


def test_column_widths_come_from_colgroup_in_millimetres() -> None:
    html = '<table><colgroup><col style="width: 10.4mm"><col style="width:50%"><col width="96"></colgroup>'
    assert table(html + "<tr><td>a<td>b<td>c</table>").widths == pytest.approx((10.4, 78, 25.4))


def test_widths_for_some_columns_only_are_not_used() -> None:
    assert table('<table><col style="width:1cm"><tr><td>a<td>b</table>').widths == ()


def test_alignment_from_style_attribute_or_class() -> None:
    html = '<table><tr><td style="color:red;text-align: Right">a<td align=center>b<td class="x gt_left">c<td>d</table>'
    assert [cell.align for cell in table(html).body[0]] == ["right", "center", "left", ""]


def test_caption_stands_above_the_table() -> None:
    above, _ = read_html("<table><caption>单位：件</caption><tr><td>1</table>")
    assert above == Paragraph((Run("单位：件"),), markup.CAPTION)


def test_great_tables_merges_titles_and_notes_are_read() -> None:
    data = pd.DataFrame({"a": ["三", "三"], "b": ["甲", "乙"], "n": [1, 2], "t": [3, None]})
    drawn = (
        GT(data, rowname_col=["a", "b"], id="t3")
        .tab_stubhead("角")
        .tab_header("表名", "副题")
        .tab_spanner("申请人情况", columns=["n", "t"])
        .sub_missing(missing_text="")
        .tab_source_note("注")
    )
    title, subtitle, found, note = read_html(drawn.as_raw_html())
    assert isinstance(found, Table)
    assert found.identifier == "t3"
    assert found.grid()[1:] == (("角", "角", "n", "t"), ("三", "甲", "1", "3.0"), ("三", "乙", "2", ""))
    assert found.grid()[0][2:] == ("申请人情况", "申请人情况")
    assert [(b.role, plain(b.runs)) for b in (title, subtitle, note) if isinstance(b, Paragraph)] == [
        (markup.CAPTION, "表名"),
        (markup.CAPTION, "副题"),
        (markup.NOTE, "注"),
    ]


def test_pandas_table_with_merged_index() -> None:
    data = pd.DataFrame(
        {"n": [1, 2], "<b>": ["&", "<i>x</i>"]}, index=pd.MultiIndex.from_tuples([("甲", 1), ("甲", 2)])
    )
    assert table(data._repr_html_()).grid() == (
        ("", "", "n", "<b>"),
        ("甲", "1", "1", "&"),
        ("甲", "2", "2", "<i>x</i>"),
    )


# ---- pictures


def test_figure_with_caption_and_alternative_text() -> None:
    (found,) = read_html(
        f'<figure><img src="data:image/png;base64,{PNG}" alt="图 一"><figcaption>说明</figcaption></figure>'
    )
    assert found == Picture(base64.b64decode(PNG), "image/png", "图 一", (Run("说明"),))


def test_a_picture_inside_a_paragraph_and_a_link_stands_alone() -> None:
    first, picture, last = read_html(f'<p>甲<a href="x"><img src="data:image/png;base64,{PNG}"></a>乙</p>')
    assert isinstance(picture, Picture)
    assert [plain(b.runs) for b in (first, last) if isinstance(b, Paragraph)] == ["甲", "乙"]


def test_inline_svg_keeps_its_names() -> None:
    (found,) = read_html('<svg viewBox="0 0 9 9" aria-label="图"><linearGradient id="a"/><path d="M0 0"/></svg>')
    assert isinstance(found, Picture)
    assert found.alt == "图"
    assert found.data.startswith(b'<svg xmlns="http://www.w3.org/2000/svg"')
    assert b'viewBox="0 0 9 9"' in found.data
    assert b"<linearGradient" in found.data


def test_a_picture_elsewhere_is_named_never_fetched() -> None:
    (found,) = read_html('<img src="http://localhost:9/x.png" alt="照片">')
    assert found == Paragraph((Run("（图片未嵌入：照片）"),), markup.NOTE)


@pytest.mark.parametrize("source", ["data:image/bmp;base64,AA==", "data:image/png;base64,%%%", "data:text/html,<b>"])
def test_pictures_that_cannot_be_read_are_refused(source: str) -> None:
    with pytest.raises(NotebookError, match="图片"):
        read_html(f'<img src="{source}">')


# ---- notebooks


def test_what_is_said_once_goes_to_meta() -> None:
    title = markup.element("h1", "报告", markup.TITLE, unit="yonghe", year="2023", author="某镇", date="2024-01-12")
    head = markup.fragment(
        [
            markup.element("p", "某镇文件", markup.RED_HEAD),
            markup.element("p", "某政〔2024〕1号", markup.DOCUMENT_NUMBER),
            markup.element("p", "张三", markup.SIGNER),
            title,
            markup.element("p", "市政府：", markup.ADDRESSEE),
            markup.element("p", "原因甲", markup.DRAFT),
            markup.element("p", "原因乙", markup.DRAFT),
            markup.element("p", "正文"),
        ]
    )
    document = read_notebook(notebook(html_cell(head.html)))
    meta = document.meta
    assert (plain(meta.title), meta.unit, meta.year, meta.author) == ("报告", "yonghe", "2023", "某镇")
    assert (meta.date, meta.red_head, meta.document_number) == (dt.date(2024, 1, 12), "某镇文件", "某政〔2024〕1号")
    assert (meta.signer, meta.addressee) == ("张三", "市政府：")
    assert (meta.draft, meta.sample) == ("原因甲；原因乙", None)
    assert document.blocks == (Paragraph((Run("正文"),)),)


@pytest.mark.parametrize("html", ['<h1 class="nb-title">a</h1>', '<p class="nb-redhead">a</p>'])
def test_what_is_said_twice_is_refused(html: str) -> None:
    with pytest.raises(NotebookError, match=r"第 2 个单元格：.*重复"):
        read_notebook(notebook(html_cell(html), html_cell(html)))


def test_a_bad_date_is_refused() -> None:
    with pytest.raises(NotebookError, match="data-date"):
        read_notebook(notebook(html_cell('<h1 class="nb-title" data-date="2024-13-01">a</h1>')))


def test_code_internal_cells_and_parameter_outputs_are_left_out() -> None:
    cells = [
        html_cell("<p>参数</p>", tags=["parameters"]),
        html_cell("<p>注入</p>", tags=["injected-parameters"]),
        html_cell("<p>内部</p>", tags=[markup.INTERNAL_TAG]),
        nbf.new_markdown_cell("内部说明", metadata={"tags": [markup.INTERNAL_TAG]}),
        nbf.new_raw_cell("原样"),
        html_cell("<p>公开</p>"),
    ]
    assert read_notebook(notebook(*cells)).blocks == (Paragraph((Run("公开"),)),)


def test_any_notebook_is_read() -> None:
    svg = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>'
    cells = [
        nbf.new_markdown_cell(
            "# 题\n\n正文 **重** `a` $x$\n\n| a | b |\n|:-:|--:|\n| 1 | 2 |\n\n![图](attachment:图.png)"
        ),
        nbf.new_code_cell(
            "x",
            outputs=[
                nbf.new_output("stream", name="stdout", text="一\r二\n"),
                nbf.new_output("stream", name="stderr", text="UserWarning: 缓存\n"),
                nbf.new_output("stream", name="stdout", text="\x1b[31m三\x1b[0m\n"),
                nbf.new_output("display_data", {"text/plain": "<Picture>", "image/svg+xml": svg}),
                nbf.new_output(
                    "display_data", {"image/png": PNG, "text/plain": "p"}, metadata={"image/png": {"alt": "照片"}}
                ),
                nbf.new_output("display_data", {"text/html": "<script>x</script>", "text/plain": "备用"}),
                nbf.new_output("display_data", {"text/markdown": "## 小题"}),
                nbf.new_output("error", ename="E", evalue="v", traceback=["\x1b[0;31mE\x1b[0m: v"]),
            ],
        ),
    ]
    cells[0]["attachments"] = {"图.png": {"image/png": PNG}}
    document = read_notebook(notebook(*cells))
    png = base64.b64decode(PNG)
    assert plain(document.meta.title) == "题"
    assert document.blocks == (
        Paragraph((Run("正文 "), Run("重", strong=True), Run(" "), Run("a", code=True), Run(" $x$"))),
        Table(
            ((Cell((Run("a"),), 1, 1, True, "center", "col"), Cell((Run("b"),), 1, 1, True, "right", "col")),),
            ((Cell((Run("1"),), align="center"), Cell((Run("2"),), align="right")),),
        ),
        Picture(png, "image/png", "图"),
        Preformatted("二\n三"),
        Picture(svg.encode(), "image/svg+xml"),
        Picture(png, "image/png", "照片"),
        Paragraph((Run("（此处是交互内容，不能印出）"),), markup.NOTE),
        Heading(2, (Run("小题"),)),
        Preformatted("E: v"),
    )


def test_boxes_of_a_task_list_are_text() -> None:
    (found,) = read_html(
        '<ul><li><input type="checkbox" checked disabled>甲</li><li><input type="checkbox">乙</li></ul>'
    )
    assert isinstance(found, ListBlock)
    assert [plain(item[0].runs) for item in found.items if isinstance(item[0], Paragraph)] == ["√ 甲", "□ 乙"]
