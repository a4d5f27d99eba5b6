"""The DOCX, read from its XML: styles, grid, head, closing, tables, marks, package (clauses of GB/T 9704-2012)."""

from __future__ import annotations

import io
import itertools
import re
import zipfile
from collections import defaultdict
from types import SimpleNamespace
from typing import Any

import docx
import pytest
from tests.document.office.conftest import document, docx_of
from tests.document.office.wordfile import W, bare, names, paragraphs, part, tables, text, value
from tests.document.pdf import typeset_samples as samples
from tests.proportion import assert_in_proportion

from nianbao.document import Picture, Table, markup, read_html, read_notebook
from nianbao.document.docx.styles import ALTERNATIVES, FACES, STYLES
from nianbao.document.docx.writer import write_docx
from nianbao.document.model import Cell, Document, Meta, Paragraph, Run
from nianbao.office.xml import XmlElement
from nianbao.report import Report
from nianbao.statute import EDITIONS, Edition
from nianbao.statute.cell import BLANK
from nianbao.tables import applications_table, disclosure_table

VML = "{urn:schemas-microsoft-com:vml}"
PIXEL = "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
TWIPS = 1440 / 25.4
"""Twips in a mm."""


# ---- page and grid (5.1, 5.2)


def test_the_page_is_a4_with_the_margins_and_lines_of_the_standard(upward: bytes) -> None:
    section = part(upward, "word/document.xml").find(f".//{W}sectPr")
    size = {name: int(value(section, "pgSz", name) or 0) / TWIPS for name in "wh"}
    margins = {name: int(value(section, "pgMar", name) or 0) / TWIPS for name in ("top", "left", "right", "bottom")}
    assert size == pytest.approx({"w": 210, "h": 297}, abs=0.1)
    assert margins == pytest.approx({"top": 37, "left": 28, "right": 26, "bottom": 35}, abs=0.1)
    pitch = int(value(section, "docGrid", "linePitch") or 0)
    assert value(section, "docGrid", "type") == "lines"
    assert 22 * pitch <= 225 * TWIPS < 23 * pitch


def test_28_characters_fill_a_line(upward: bytes) -> None:
    styles = {style.get(f"{W}styleId"): style for style in part(upward, "word/styles.xml").iter(f"{W}style")}
    closer = int(value(styles["Normal"], "rPr/spacing") or 0)
    character = int(value(styles["NormalIndent"], "rPr/sz") or 0) * 10 + closer
    assert 28 * character <= 156 * TWIPS < 29 * character


def test_body_text_is_set_in_by_two_characters(upward: bytes) -> None:
    styles = {style.get(f"{W}styleId"): style for style in part(upward, "word/styles.xml").iter(f"{W}style")}
    for style in ("NormalIndent", "Heading1", "Heading2", "Heading3"):
        assert value(styles[style], "pPr/ind", "firstLineChars") == "200", style


def test_the_faces_are_the_official_ones_and_each_has_a_second_name() -> None:
    assert set(FACES.values()) == {"方正小标宋简体", "仿宋_GB2312", "楷体_GB2312", "黑体", "宋体"} == set(ALTERNATIVES)
    fonts = part(docx_of(samples.paragraph("正文")), "word/fontTable.xml")
    assert {font.get(f"{W}name"): value(font, "altName") for font in fonts} == ALTERNATIVES


def test_headings_text_and_title_are_in_built_in_styles(upward: bytes) -> None:
    file = docx.Document(io.BytesIO(upward))
    used = {paragraph.style.name for paragraph in file.paragraphs}
    assert {"Title", "Heading 1", "Heading 2", "Heading 3", "Normal Indent"} <= used
    headings = [p.text for p in file.paragraphs if p.style.name == "Heading 1"]
    assert [heading[0] for heading in headings] == list("一二三四五六")


def test_every_style_that_is_used_is_there_and_every_number_of_the_schema_in_order(upward: bytes, draft: bytes) -> None:
    for file in (upward, draft):
        known = {style.get(f"{W}styleId") for style in part(file, "word/styles.xml").iter(f"{W}style")}
        assert {style.identifier for style in STYLES} <= known
        for name in names(file):
            if name.endswith(".xml") and name.startswith("word/"):
                used = {node.get(f"{W}val") for node in part(file, name).iter(f"{W}pStyle", f"{W}basedOn", f"{W}next")}
                assert used <= known, name


# ---- head (7.2, 7.3.1, 7.3.2)


def test_the_head_stands_in_the_order_of_the_standard(upward: bytes) -> None:
    shown = [(style, said) for style, said, _ in paragraphs(upward)][:5]
    assert shown == [
        ("RedHead", "晋江市某某镇人民政府文件"),
        ("DocumentNumber", "晋某政〔2024〕5号\t签发人：张三丰"),
        ("RedLine", ""),
        ("Title", "晋江市某某镇2023年\n政府信息公开工作年度报告"),
        ("Addressee", "晋江市人民政府："),
    ]


def test_the_red_head_fits_on_one_line_and_is_red() -> None:
    for authority in ("晋江市人民政府文件", "晋江市某某镇人民政府文件", "晋江市住房和城乡建设局行政执法大队文件" * 2):
        file = docx_of(samples.paragraph(authority, markup.RED_HEAD), samples.title())
        _, said, element = paragraphs(file)[0]
        size = int(value(element, "r/rPr/sz") or 0) / 2
        assert said == authority
        assert len(authority) * size <= 156 / 25.4 * 72
        assert size == 62 or (len(authority) * (size + 0.5)) > 156 / 25.4 * 72
    style = next(s for s in part(file, "word/styles.xml") if s.get(f"{W}styleId") == "RedHead")
    assert value(style, "rPr/color") == "E60012"


def test_without_a_signer_the_number_stands_in_the_middle(draft: bytes, upward: bytes) -> None:
    for file, side in ((draft, None), (upward, "left")):
        _, _, element = next(one for one in paragraphs(file) if one[0] == "DocumentNumber")
        assert value(element, "pPr/jc") == side  # the style's own is the middle


# ---- closing (7.3.4, 7.3.5)


def test_attachments_signature_and_date_close_the_document(upward: bytes) -> None:
    shown = [(style, said) for style, said, _ in paragraphs(upward)][-5:]
    assert shown == [
        ("Attachment", "附件：1.主动公开信息分类统计表"),
        ("Attachment", "2.依申请公开办理情况"),
        ("Attachment", "3.其他"),
        ("Signature", "晋江市某某镇人民政府"),
        ("Date", "2024年1月12日"),
    ]


def test_numbers_of_attachments_stand_under_each_other(upward: bytes) -> None:
    found = [element for style, _, element in paragraphs(upward) if style == "Attachment"]
    starts = [
        int(value(one, "pPr/ind", "leftChars") or 0) - int(value(one, "pPr/ind", "hangingChars") or 0) for one in found
    ]
    assert starts == [200, 500, 500]
    assert len({value(one, "pPr/ind", "leftChars") for one in found}) == 1


def test_no_page_holds_the_signature_alone(upward: bytes) -> None:
    found = paragraphs(upward)
    last_text = next(i for i, (style, _, _) in enumerate(found) if style == "Attachment") - 1
    for style, said, element in found[last_text:-1]:
        kept = element.find(f"{W}pPr/{W}keepNext")
        assert (style == "Signature") or (kept is not None and kept.get(f"{W}val") != "0"), said


# ---- page numbers (7.5)


def test_page_numbers_are_fields_odd_right_and_even_left(upward: bytes) -> None:
    assert part(upward, "word/settings.xml").find(f"{W}evenAndOddHeaders") is not None
    sides = {}
    relations = {
        one.get("Id"): one.get("Target") for one in part(upward, "word/_rels/document.xml.rels") if one.get("Target")
    }
    for reference in part(upward, "word/document.xml").iter(f"{W}footerReference"):
        key = next(v for k, v in reference.attrib.items() if k.endswith("}id"))
        footer = part(upward, f"word/{relations[key]}")
        assert text(footer) == "— 1 —"
        assert "".join(node.text or "" for node in footer.iter(f"{W}instrText")).strip() == "PAGE"
        sides[reference.get(f"{W}type")] = value(footer, "p/pPr/jc")
    assert sides == {"default": "right", "even": "left"}


# ---- tables


def test_tables_have_the_spans_and_texts_of_the_document() -> None:
    report = read_notebook(samples.report())
    wanted = [block for block in report.blocks if type(block).__name__ == "Table"]
    found = tables(write_docx(report))
    assert len(found) == len(wanted) == 3
    for table, cells in zip(wanted, found, strict=True):
        placed = [(row, column, c.rowspan, c.colspan, bare(c.text)) for row, column, c in table.placed()]
        assert sorted(placed) == [(c.row, c.column, c.rowspan, c.colspan, bare(c.text)) for c in cells]


def test_tables_are_as_wide_as_the_type_area_and_their_rows_stay_whole() -> None:
    body = part(write_docx(read_notebook(samples.report())), "word/document.xml")[0]
    for table in body.findall(f"{W}tbl"):
        widths = [int(column.get(f"{W}w") or 0) for column in table.iter(f"{W}gridCol")]
        assert sum(widths) == round(156 * TWIPS)
        assert value(table, "tblPr/tblLayout", "type") == "fixed"
        assert value(table, "tblPr/tblDescription")
        for row in table.findall(f"{W}tr"):
            assert row.find(f"{W}trPr/{W}cantSplit") is not None
            assert sum(int(value(cell, "tcPr/tcW", "w") or 0) for cell in row.findall(f"{W}tc")) == sum(widths)


def wide_table(columns: int) -> str:
    """A head and three rows of figures of eight digits."""
    heads = "".join(f"<th>项目{column}</th>" for column in range(columns))
    row = f"<tr>{''.join(f'<td>{12345670 + column}</td>' for column in range(columns))}</tr>"
    return f"<table><thead><tr>{heads}</tr></thead><tbody>{row * 3}</tbody></table>"


CAPTION, NOTE, HEADING = (
    samples.paragraph("单位：件", markup.CAPTION),
    samples.paragraph("注", markup.NOTE),
    "<h2>一</h2>",
)
TEXT = samples.paragraph("文")
PAGES: dict[str, tuple[list[str], list[list[str]]]] = {
    "amid text": (
        [TEXT, HEADING, CAPTION, wide_table(22), NOTE, TEXT],
        [["文"], ["一", "单位：件", "表", "注"], ["文"]],
    ),
    "first": ([HEADING, wide_table(30), TEXT], [["一", "表"], ["文"]]),
    "last": ([TEXT, wide_table(20)], [["文"], ["表"]]),
    "two": ([TEXT, wide_table(22), HEADING, wide_table(22), TEXT], [["文"], ["表", "一", "表"], ["文"]]),
    "apart": ([wide_table(22), TEXT, wide_table(22)], [["表"], ["文"], ["表"]]),
    "narrow": ([TEXT, wide_table(8), NOTE], [["文", "表", "注"]]),
}


@pytest.mark.parametrize("name", PAGES)
def test_a_table_of_many_columns_stands_on_a_turned_page_with_what_belongs_to_it(name: str) -> None:
    """It is as wide as that page, the pages before and after stand upright, all have one numbering and one foot."""
    elements, wanted = PAGES[name]
    root = part(docx_of(*elements), "word/document.xml")
    sections: list[list[str]] = [[]]
    ends = list(root.iter(f"{W}sectPr"))
    for node in root[0]:
        if node.tag == f"{W}tbl":
            sections[-1].append("表")
            turned_page = "表" in wanted[len(sections) - 1] and name != "narrow"
            assert sum(int(c.get(f"{W}w") or 0) for c in node.iter(f"{W}gridCol")) == round(
                (225 if turned_page else 156) * TWIPS
            )
        elif node.tag == f"{W}p" and text(node):
            sections[-1].append(text(node))
        if node.tag == f"{W}p" and node.find(f"{W}pPr/{W}sectPr") is not None:
            sections.append([])
    assert sections == wanted
    for number, (end, part_wanted) in enumerate(zip(ends, wanted, strict=True)):
        lies = value(end, "pgSz", "orient") == "landscape"
        assert lies == ("表" in part_wanted and name != "narrow")
        across, down = (int(value(end, "pgSz", side) or 0) for side in ("w", "h"))
        left, right = (int(value(end, "pgMar", side) or 0) for side in ("left", "right"))
        assert (across > down) == lies and across - left - right == pytest.approx((225 if lies else 156) * TWIPS, abs=2)
        assert bool(end.findall(f"{W}footerReference")) == (number == 0) == (end.find(f"{W}pgNumType") is not None)


def test_heads_of_tables_are_repeated_on_every_page() -> None:
    body = part(write_docx(read_notebook(samples.report())), "word/document.xml")[0]
    three = body.findall(f"{W}tbl")[1]
    repeated = [row.find(f"{W}trPr/{W}tblHeader") is not None for row in three.findall(f"{W}tr")]
    assert repeated == [True] * 3 + [False] * 25


def test_a_table_of_blocks_goes_over_to_the_next_page_between_them(yonghe: Report) -> None:
    (table,) = (one for one in read_html(disclosure_table(yonghe).as_raw_html()) if isinstance(one, Table))
    rows = part(write_docx(Document(Meta(), (table,))), "word/document.xml")[0].findall(f"{W}tbl/{W}tr")
    kept = [row.find(f"{W}tc/{W}p/{W}pPr/{W}keepNext") is not None for row in rows]
    # Two heads and a row of each form, and the last row of a block is where a page may end.
    assert kept == [True, True, True, False, True, True, False, True, True, True, False, True, True, False]
    assert not any(row.find(f"{W}trPr/{W}tblHeader") is not None for row in rows)


def empty_part_three(edition: Edition) -> str:
    figures: Any = SimpleNamespace(edition=edition, cells=defaultdict(lambda: BLANK))
    return applications_table(figures).as_raw_html()


@pytest.mark.parametrize("note", [False, True])
@pytest.mark.parametrize("edition", EDITIONS, ids=lambda edition: edition.name)
def test_part_three_goes_over_between_its_groups_and_leaves_no_row_alone(edition: Edition, note: bool) -> None:
    (table,) = (one for one in read_html(empty_part_three(edition)) if isinstance(one, Table))
    notes = (Paragraph((Run("注：说明"),), markup.NOTE),) if note else ()
    body = part(write_docx(Document(Meta(), (table, *notes))), "word/document.xml")[0]
    kept = [
        all(cell.find(f"{W}p/{W}pPr/{W}keepNext") is not None for cell in row.findall(f"{W}tc"))
        for row in body.findall(f"{W}tbl/{W}tr")
    ]
    starts = [
        y + 1 - 3 for y in range(len(kept) - 1) if not kept[y]
    ]  # of the form's rows, which stand below three of heads
    groups = [row.stub[1] if len(row.stub) > 2 else "" for row in edition.t3.rows]
    assert [groups[y] for y in starts] == ["（四）无法提供", "（五）不予处理", "（六）其他处理"][
        : 3 if edition.name == "2021" else 2
    ]
    assert all(groups[y - 1] != groups[y] for y in starts)
    assert starts[-1] <= len(groups) - 3
    assert kept[-1] == note


def test_no_empty_line_takes_a_page_after_a_table_that_ends_the_document(yonghe: Report) -> None:
    tables = tuple(one for one in read_html(disclosure_table(yonghe).as_raw_html()) if isinstance(one, Table))
    *_, (style, said, last) = paragraphs(write_docx(Document(Meta(), tables)))
    assert (style, said, value(last, "pPr/spacing", "line")) == ("TableText", "", "20")


def test_the_lines_of_the_colophon_stay_together() -> None:
    meta = Meta(copies="抄送：甲。", issuer="乙", issued="2024年1月12日印发")
    table = part(write_docx(Document(meta, ())), "word/document.xml")[0].findall(f"{W}tbl")[-1]
    first, second = table.iter(f"{W}p")
    assert first.find(f"{W}pPr/{W}keepNext") is not None
    assert second.find(f"{W}pPr/{W}keepNext") is None


# ---- marks and pictures


@pytest.mark.parametrize(
    ("roles", "words"),
    [((), ""), ((markup.DRAFT,), "草稿"), ((markup.SAMPLE,), "示例"), ((markup.DRAFT, markup.SAMPLE), "草稿　示例")],
)
def test_marks_stand_behind_every_page_and_say_why_at_the_head(roles: tuple[str, ...], words: str) -> None:
    marks = [samples.paragraph("缺数，不得发布", role) for role in roles]
    file = docx_of(*marks, samples.title(), samples.paragraph("正文"))
    strings = [
        node.get("string")
        for name in names(file)
        if name.startswith("word/header")
        for node in part(file, name).iter("{urn:schemas-microsoft-com:vml}textpath")
        if node.get("string")
    ]
    assert strings == ([words] * 2 if words else [])
    said = [text for style, text, _ in paragraphs(file) if style == "Mark"]
    assert said == [f"{mark}：缺数，不得发布" for mark in words.split("　") if mark]


SVG = b'<svg xmlns="http://www.w3.org/2000/svg" width="200" height="100"><rect width="200" height="100" fill="#3b5b7d"/></svg>'


@pytest.mark.parametrize("role", ["", markup.DRAFT, markup.SAMPLE])
def test_marks_stand_over_the_pages_of_attachments_which_cover_what_is_behind_them(role: str) -> None:
    page = f'<figure class="{markup.PAGE}"><img src="{PIXEL}" alt="第1页"></figure>'
    attached = (samples.paragraph("附件", markup.ENCLOSURE), "<h2>指南</h2>", page, page)
    marked = (samples.paragraph("甲", role),) if role else ()
    body = part(docx_of(*marked, samples.paragraph("文"), *attached), "word/document.xml")[0]
    pictured = [one for one in body.findall(f"{W}p") if one.find(f"{W}r/{W}drawing") is not None]
    assert len(pictured) == 2
    shapes = [one.findall(f".//{VML}shape") for one in pictured]
    assert [len(found) for found in shapes] == [bool(role)] * 2
    over = [one for found in shapes for one in found]
    assert len({one.get("id") for one in over}) == len(over)
    for one in over:
        assert one.find(f"{VML}textpath").get("string") in ("草稿", "示例")
        assert int(re.search(r"z-index:(-?\d+)", one.get("style"))[1]) > 0


@pytest.mark.parametrize(
    ("text", "side"),
    [
        ("可登录门户网站（http://www.jinjiang.gov.cn/）查阅和下载本报告，并提出意见。", "left"),
        ("受理邮箱：yonghe_zhengwu@jinjiang.example，欢迎来信。", "left"),
        ("2023年全年公开信息1150条，咨询电话0595-8808", None),
    ],
)
def test_a_long_word_does_not_stretch_the_line_before_it(text: str, side: str | None) -> None:
    ((_, said, element),) = paragraphs(docx_of(samples.paragraph(text)))
    assert said == text and value(element, "pPr/jc") == side


def test_a_drawing_becomes_a_png_with_its_text() -> None:
    picture = Picture(SVG, "image/svg+xml", "两根柱", (Run("图1　情况"),))
    file = write_docx(Document(Meta(), (picture,)))
    with zipfile.ZipFile(io.BytesIO(file)) as package:
        pictures = [package.read(name) for name in package.namelist() if name.startswith("word/media/")]
    assert [data[:8] for data in pictures] == [b"\x89PNG\r\n\x1a\n"]
    described = [node.get("descr") for node in part(file, "word/document.xml").iter() if node.tag.endswith("}docPr")]
    assert described == ["两根柱"]
    assert paragraphs(file)[-1][:2] == ("Caption", "图1　情况")


# ---- package


def test_the_same_document_gives_the_same_bytes_without_a_clock() -> None:
    first, second = (write_docx(read_notebook(samples.report(red_head=True, draft=True))) for _ in range(2))
    assert first == second
    with zipfile.ZipFile(io.BytesIO(first)) as package:
        assert {info.date_time for info in package.infolist()} == {(2000, 1, 1, 0, 0, 0)}
    assert not any(name.rpartition("}")[2].startswith("rsid") for node in _nodes(first) for name in node.attrib)


def _nodes(file: bytes) -> itertools.chain[XmlElement]:
    return itertools.chain.from_iterable(part(file, name).iter() for name in names(file) if name.endswith(".xml"))


def test_core_properties_say_what_it_is(draft: bytes) -> None:
    properties = docx.Document(io.BytesIO(draft)).core_properties
    assert properties.title == "晋江市某某镇2023年政府信息公开工作年度报告"
    assert properties.author == "晋江市某某镇人民政府"
    assert properties.content_status == "草稿"
    assert properties.created is not None
    assert properties.created.date().isoformat() == "2024-01-12"


def test_every_text_of_the_document_stands_in_the_file() -> None:
    shown = ("头一行<br>第二行 &amp; <b>粗</b><sup>2</sup>", "=1+1", "“引号”——破折号…")
    file = docx_of(*(f"<p>{one}</p>" for one in shown), "<ol><li>甲</li><li>乙</li></ol>", "<pre>a  b\nc</pre>")
    said = [text for _, text, _ in paragraphs(file)]
    assert said == ["头一行\n第二行 & 粗2", "=1+1", "“引号”——破折号…", "1. 甲", "2. 乙", "a  b", "c"]


def test_documents_without_any_head_are_written_too() -> None:
    file = write_docx(document("<p>只有一段</p>"), "某某")
    assert [said for _, said, _ in paragraphs(file)] == ["只有一段"]
    assert docx.Document(io.BytesIO(file)).core_properties.title == "某某"


def test_links_strokes_lines_and_pictures_in_the_text_are_kept() -> None:
    png = "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
    file = docx_of(
        f'<p>见<a href="http://www.jinjiang.gov.cn/">网站</a>，<s>旧数</s><u>新数</u><img src="{png}" alt="章"></p>',
        f'<table><tr><td>甲</td><td><img src="{png}" alt="格中图"></td></tr></table>',
    )
    body = part(file, "word/document.xml")
    link = next(body.iter(f"{W}hyperlink"))
    assert text(link) == "网站"
    relations = {one.get("Id"): one.get("Target") for one in part(file, "word/_rels/document.xml.rels")}
    assert relations[next(v for k, v in link.attrib.items() if k.endswith("}id"))] == "http://www.jinjiang.gov.cn/"
    marked = {text(run): {node.tag.rpartition("}")[2] for node in run.iter()} for run in body.iter(f"{W}r")}
    assert "strike" in marked["旧数"]
    assert "u" in marked["新数"]
    described = [node.get("descr") for node in body.iter() if node.tag.endswith("}docPr")]
    assert described == ["章", "格中图"]


@pytest.mark.parametrize("group", [1, 3])
def test_a_table_takes_time_in_proportion_to_its_rows(group: int) -> None:
    """The summary of a city of thousands of bodies is one of them; rows alone, and groups that pages do not cut."""

    def write(rows: int) -> None:
        cell = Cell((Run("1"),))
        body = tuple(
            ((Cell((Run("甲局"),), rowspan=group),) if row % group == 0 else ()) + (cell,) * 4 for row in range(rows)
        )
        write_docx(Document(Meta(), (Table(((cell,) * 5,), body),)))

    assert_in_proportion(write, 300, 4800, 26)
