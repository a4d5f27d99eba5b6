"""The page after GB/T 9704-2012, read back from the PDF. Clause numbers refer to it."""

from __future__ import annotations

from itertools import pairwise

import nbformat.v4 as nbf
import pytest
import typeset_samples as samples
from pdfpage import HEIGHT, MM, Glyph, Page, outline, read_pages, text_of
from typeset_samples import LONG, notebook, paragraph, shown, title

from nianbao.document import markup, read_notebook
from nianbao.document.pdf.compiler import typeset
from nianbao.document.pdf.fonts import select_fonts

LEFT, RIGHT, TOP, BOTTOM = 28 * MM, 184 * MM, 37 * MM, 262 * MM
HALF_MM = 0.5 * MM
PITCH, LINE = 156 * MM / 28, 225 * MM / 22

SERIF = "NotoSerifCJKsc-Regular-Identity-H"
SANS = "NotoSansCJKsc-Regular-Identity-H"


def pdf_of(*cells: nbf.nbbase.NotebookNode) -> bytes:
    return typeset(read_notebook(notebook(*cells)), select_fonts(None, system=False))


def pages_of(*elements: str) -> list[Page]:
    return read_pages(pdf_of(shown(*elements)))


@pytest.fixture(scope="module")
def plain_text() -> list[Page]:
    """Three pages of ideographs only."""
    return pages_of(paragraph("天地玄黄宇宙洪荒日月盈昃辰宿列张" * 100))


@pytest.fixture(scope="module")
def upward() -> list[Page]:
    """A whole report issued upward."""
    return read_pages(
        typeset(read_notebook(samples.report(red_head=True, draft=True)), select_fonts(None, system=False))
    )


# ---- type area and grid (5.2)


def test_full_pages_hold_22_lines_of_28_characters(plain_text: list[Page]) -> None:
    first, second, *_ = plain_text
    assert [len(line.glyphs) for line in first.body()] == [26] + [28] * 21
    assert [len(line.glyphs) for line in second.body()] == [28] * 22


def test_margins_are_those_of_the_standard(plain_text: list[Page]) -> None:
    glyphs = [glyph for line in plain_text[1].body() for glyph in line.glyphs]
    assert min(glyph.x for glyph in glyphs) == pytest.approx(LEFT, abs=HALF_MM)
    assert max(glyph.right for glyph in glyphs) == pytest.approx(RIGHT, abs=HALF_MM)
    assert min(glyph.top for glyph in glyphs) == pytest.approx(TOP, abs=HALF_MM)
    assert max(glyph.bottom for glyph in glyphs) <= BOTTOM


def test_characters_and_lines_stand_on_the_grid(plain_text: list[Page]) -> None:
    lines = plain_text[1].body()
    for line in lines:
        for number, glyph in enumerate(line.glyphs):
            assert glyph.x == pytest.approx(LEFT + number * PITCH, abs=0.25)  # 0.09 mm
            assert glyph.size == 16
    for above, below in pairwise(lines):
        assert below.first.base - above.first.base == pytest.approx(LINE, abs=0.01)


def test_a_paragraph_begins_two_characters_in(plain_text: list[Page]) -> None:
    assert plain_text[0].lines()[0].first.x == pytest.approx(LEFT + 2 * PITCH, abs=0.05)


def test_text_after_a_table_is_on_the_grid_again() -> None:
    (page,) = pages_of(paragraph("前"), samples.part_four(), paragraph("后"))
    for line in (page.line("前"), page.line("后")):
        steps = (line.first.top - TOP) / LINE
        assert steps == pytest.approx(round(steps), abs=0.01)


def inside(glyph: Glyph) -> bool:
    """Whether the ink is in the type area; opening and closing marks have one empty half."""
    left = glyph.x + (glyph.size / 2 if glyph.text in "（《“〔" else 0)
    right = glyph.right - (glyph.size / 2 if glyph.text in "，。、；：？）》”〕" else 0)
    return left >= LEFT - 0.5 and right <= RIGHT + 0.5 and glyph.top >= TOP - 0.5 and glyph.bottom <= BOTTOM + 0.5


def test_nothing_but_the_page_number_leaves_the_type_area(upward: list[Page]) -> None:
    for page in upward:
        outside = [glyph.text for glyph in page.glyphs if not inside(glyph)]
        assert "".join(outside) == page.number.text
        for rule in page.rules:
            assert min(rule.x0, rule.x1) >= LEFT - 0.5 and max(rule.x0, rule.x1) <= RIGHT + 0.5
            assert min(rule.y0, rule.y1) >= TOP - 0.5 and max(rule.y0, rule.y1) <= BOTTOM + 0.5


@pytest.mark.parametrize("characters", [26 + 28, 26 + 28 + 1])
def test_a_full_last_line_stays_one_line(characters: int) -> None:
    (page,) = pages_of(paragraph("甲" * characters))
    assert [len(line.glyphs) for line in page.body()] == [26, 28, 1][: 2 + (characters > 54)]


# ---- punctuation


def test_no_line_begins_or_ends_with_a_mark_that_must_not(upward: list[Page]) -> None:
    body = [line for page in upward for line in page.body() if line.first.size == 16]
    assert len(body) > 60
    assert not [line.text for line in body if line.first.text in "，。、；：？）》”〕"]
    assert not [line.text for line in body if line.last.text in "（《“〔"]


def test_full_lines_end_at_the_right_edge() -> None:
    (page,) = pages_of(paragraph(LONG + LONG))
    for line in page.body()[:-1]:
        # A mark at the end of a line keeps its ink at the edge; its empty half hangs over.
        over = 8 if line.last.text in "，。、；：》）" else 0
        assert line.last.right - over == pytest.approx(RIGHT, abs=HALF_MM)


# ---- page numbers (7.5)


def test_page_numbers_stand_outside_seven_millimetres_below(plain_text: list[Page]) -> None:
    for index, page in enumerate(plain_text, start=1):
        number = page.number
        assert number.text == f"— {index} —"
        assert {glyph.size for glyph in number.glyphs} == {14}
        dash = number.first.base - 0.36 * 14
        assert dash == pytest.approx(BOTTOM + 7 * MM, abs=HALF_MM)
        if index % 2:
            assert number.last.right == pytest.approx(RIGHT - 14, abs=HALF_MM)
        else:
            assert number.first.x == pytest.approx(LEFT + 14, abs=HALF_MM)


# ---- faces by role (7.3.3)


def test_each_role_has_its_face_and_size() -> None:
    (page,) = pages_of(
        title(),
        markup.element("h2", "一、黑体"),
        markup.element("h3", "（一）楷体"),
        markup.element("h4", "1.仿宋"),
        '<p><span class="nb-lead">电话：</span>正文</p>',
    )
    fonts = select_fonts(None, system=False)
    assert {role: fonts.face(role).family for role in ("title", "heiti")} == {
        "title": "Noto Serif CJK SC",
        "heiti": "Noto Sans CJK SC",
    }
    found = [(line.first.font, line.first.size) for line in page.body()]
    assert found == [(SERIF, 22), (SERIF, 22), (SANS, 16), (SERIF, 16), (SERIF, 16), (SERIF, 16)]
    for text in ("一、", "（一）", "1.", "电话："):
        assert page.line(text).first.x == pytest.approx(LEFT + 2 * PITCH, abs=0.05)


# ---- title, addressee (7.3.1, 7.3.2)


def test_title_is_centred_in_balanced_lines_and_the_addressee_follows_one_line_below() -> None:
    (page,) = pages_of(title(), paragraph("晋江市人民政府：", markup.ADDRESSEE), paragraph("正文"))
    first, second, addressee, body = page.body()
    assert (first.text, second.text) == ("晋江市某某镇2023年", "政府信息公开工作年度报告")
    for line in (first, second):
        assert (line.first.x + line.last.right) / 2 == pytest.approx((LEFT + RIGHT) / 2, abs=HALF_MM)
    assert first.first.top == pytest.approx(TOP, abs=HALF_MM)
    assert addressee.first.top - second.first.top == pytest.approx(2 * LINE, abs=HALF_MM)
    assert addressee.first.x == pytest.approx(LEFT, abs=0.05)
    assert body.first.top - addressee.first.top == pytest.approx(LINE, abs=0.05)


# ---- red head (7.2.4 to 7.2.7)


def test_red_head_with_number_and_signer(upward: list[Page]) -> None:
    page = upward[0]
    mark, number, heading = (page.line(text) for text in ("晋江市某某镇人民政府文件", "晋某政", "晋江市某某镇2023年"))
    assert mark.first.fill[0] > 0.8 and max(mark.first.fill[1:]) < 0.1
    assert mark.first.top == pytest.approx(TOP + 35 * MM, abs=HALF_MM)
    assert (mark.first.x + mark.last.right) / 2 == pytest.approx((LEFT + RIGHT) / 2, abs=HALF_MM)
    assert number.first.top - mark.first.bottom == pytest.approx(2 * LINE, abs=HALF_MM)
    assert number.text == "晋某政〔2024〕5号签发人：张三丰"
    assert number.first.x == pytest.approx(LEFT + PITCH, abs=HALF_MM)
    assert number.last.right == pytest.approx(RIGHT - PITCH, abs=HALF_MM)
    (line,) = (rule for rule in page.rules if rule.thickness > 1)
    assert (line.x0, line.x1) == pytest.approx((LEFT, RIGHT), abs=HALF_MM)
    assert line.y0 - number.first.bottom == pytest.approx(4 * MM, abs=HALF_MM)
    assert heading.first.top - line.y0 == pytest.approx(2 * LINE, abs=HALF_MM)


def test_document_number_without_signer_is_centred() -> None:
    pages = pages_of(
        paragraph("某镇人民政府文件", markup.RED_HEAD), paragraph("某政〔2024〕1号", markup.DOCUMENT_NUMBER), title()
    )
    number = pages[0].line("某政")
    assert (number.first.x + number.last.right) / 2 == pytest.approx((LEFT + RIGHT) / 2, abs=HALF_MM)


def test_red_head_without_document_number_keeps_its_line() -> None:
    (page,) = pages_of(paragraph("某镇人民政府文件", markup.RED_HEAD), title())
    (line,) = page.rules
    assert (line.x0, line.x1) == pytest.approx((LEFT, RIGHT), abs=HALF_MM)
    assert page.line("某镇").first.bottom < line.y0 < page.line("晋江市").first.top


@pytest.mark.parametrize("name", ["镇", "福建省泉州市晋江市人民政府青阳街道办事处办公室文件"])
def test_red_head_of_any_length_fits_its_line(name: str) -> None:
    (page,) = pages_of(paragraph(name, markup.RED_HEAD), title())
    assert page.body()[0].text == name
    assert page.body()[0].last.right <= RIGHT + 0.5


# ---- closing (7.3.5.1)


def test_date_stands_four_characters_in_and_the_signature_centred_over_it() -> None:
    (page,) = pages_of(
        paragraph("正文"), paragraph("晋江市某某镇人民政府", markup.SIGNATURE), paragraph("2024年1月12日", markup.DATE)
    )
    signature, date = page.line("晋江市"), page.line("2024")
    assert date.last.right == pytest.approx(RIGHT - 4 * PITCH, abs=HALF_MM)
    middle = (date.first.x + date.last.right) / 2
    assert (signature.first.x + signature.last.right) / 2 == pytest.approx(middle, abs=HALF_MM)
    assert date.first.top - signature.first.top == pytest.approx(LINE, abs=0.05)


def test_a_long_signature_stays_within_the_type_area() -> None:
    name = "福建省泉州市晋江市人民政府青阳街道办事处党政办公室"
    (page,) = pages_of(paragraph("正文"), paragraph(name, markup.SIGNATURE), paragraph("2024年1月2日", markup.DATE))
    assert page.line(name[:4]).text == name
    assert page.line(name[:4]).last.right <= RIGHT + 0.5


def test_attachment_stands_one_line_below_two_characters_in() -> None:
    (page,) = pages_of(
        paragraph("正文"), paragraph("附件：1.甲", markup.ATTACHMENT), paragraph("2024年1月2日", markup.DATE)
    )
    text, attachment = page.line("正文"), page.line("附件")
    assert attachment.first.top - text.first.top == pytest.approx(2 * LINE, abs=0.05)
    assert attachment.first.x == pytest.approx(LEFT + 2 * PITCH, abs=0.05)


def test_attachments_stand_under_the_first_number_and_wrap_under_the_name() -> None:
    name = "东石镇主动公开基本目录及有关名称很长需要回行的情况说明材料汇编"
    (page,) = pages_of(
        paragraph("正文"),
        *(paragraph(f"{lead}{name}", markup.ATTACHMENT) for lead in ("附件：1.", "2.", "3.")),
        paragraph("2024年1月2日", markup.DATE),
    )
    first, wrapped, second, again, third, _ = page.body()[1:7]
    assert [line.text[:4] for line in (first, second, third)] == ["附件：1", "2.东石", "3.东石"]
    number = next(glyph for glyph in first.glyphs if glyph.text == "1")
    assert second.first.x == pytest.approx(number.x, abs=HALF_MM)
    assert third.first.x == pytest.approx(number.x, abs=HALF_MM)
    start = next(glyph for glyph in first.glyphs if glyph.text == "东")
    assert wrapped.first.x == pytest.approx(start.x, abs=HALF_MM)
    assert again.first.x == pytest.approx(start.x, abs=HALF_MM)
    assert second.first.top - first.first.top == pytest.approx(2 * LINE, abs=0.05)


def test_program_output_leaves_the_text_after_it_on_the_grid() -> None:
    for count in (1, 2, 3, 7):
        (page,) = pages_of(paragraph("甲"), f"<pre>{chr(10).join('x' * count)}</pre>", paragraph("乙"))
        lines = (page.line("乙").first.top - page.line("甲").first.top) / LINE
        assert lines == pytest.approx(round(lines), abs=0.01)


def closing_after(lines: int) -> list[Page]:
    """Pages of ``lines`` one-line paragraphs, a paragraph of five lines, attachment, signature and date."""
    return pages_of(
        *(paragraph(f"第{number}行") for number in range(lines)),
        paragraph(LONG),
        paragraph("附件：1.甲", markup.ATTACHMENT),
        paragraph("晋江市某某镇人民政府", markup.SIGNATURE),
        paragraph("2024年1月12日", markup.DATE),
    )


@pytest.mark.parametrize("lines", range(9, 23))
def test_no_page_holds_the_signature_alone_and_no_line_is_widowed(lines: int) -> None:
    pages = closing_after(lines)
    last = [line.text for line in pages[-1].body()]
    assert last[-2:] == ["晋江市某某镇人民政府", "2024年1月12日"]
    whole = [line.text for line in closing_after(0)[0].body()][:5]
    kept = len([text for text in last if text in whole])
    assert kept in (2, 3, 5)
    assert text_of(pages).count("公开信息69条") == 1


# ---- page breaks


@pytest.mark.parametrize("lines", range(18, 23))
def test_a_heading_is_never_last_and_a_paragraph_never_split_by_one_line(lines: int) -> None:
    pages = pages_of(
        *(paragraph(f"第{number}行") for number in range(lines)),
        markup.element("h2", "一、标题"),
        markup.element("h3", "（一）标题"),
        paragraph("甲" * 26 + "乙" * 28 + "丙" * 28),
    )
    first, second = ([line.text[0] for line in page.body()] for page in pages)
    assert first[-1] not in "一（"
    assert [text for text in second if text in "甲乙丙"] in (["甲", "乙", "丙"], ["乙", "丙"])


@pytest.mark.parametrize("start", range(14))
def test_a_number_and_its_unit_stay_on_one_line(start: int) -> None:
    text = "文" * start + "至2023年12月31日公开信息1150条、收费12.5万元、办结率100%，"
    (page,) = pages_of(paragraph(text * 4))
    for before, after in pairwise(line.text for line in page.body()):
        assert not (before[-1].isdigit() and after[0] in "年月日条万%"), (before, after)


def test_a_heading_goes_with_the_table_below_it() -> None:
    pages = pages_of(
        *(paragraph("文") for _ in range(16)),
        markup.element("h2", "三、标题"),
        paragraph("单位：件", markup.CAPTION),
        samples.part_three(),
    )
    assert [line.text for line in pages[1].body()][:2] == ["三、标题", "单位：件"]
    assert len(pages) == 2


# ---- marks


def test_draft_and_sample_marks_cover_every_page_and_are_explained_at_the_head() -> None:
    elements = [paragraph("草稿：有 1 处不成立。", markup.DRAFT), paragraph("数字为虚构", markup.SAMPLE), title()]
    pdf = pdf_of(shown(*elements, paragraph(LONG * 12)))
    pages = read_pages(pdf)
    assert len(pages) > 2
    for page in pages:
        assert "".join(glyph.text for glyph in page.watermark) == "草稿\u3000示例"
        assert {glyph.tag for glyph in page.watermark} == {None}
    assert [line.text for line in pages[0].body()][:2] == ["草稿：有 1 处不成立。", "示例：数字为虚构"]


@pytest.mark.parametrize("columns", [3, 22])
@pytest.mark.parametrize("roles", [(markup.DRAFT,), (markup.DRAFT, markup.SAMPLE)])
def test_marks_lie_on_one_slanted_line_within_the_page(roles: tuple[str, ...], columns: int) -> None:
    """Also on a page that is turned, where they were broken and cut."""
    table = f"<table><tr>{''.join(f'<td>{12345670 + column}</td>' for column in range(columns))}</tr></table>"
    (page,) = read_pages(pdf_of(shown(*(paragraph("原因", role) for role in roles)), shown(table)))[-1:]
    width, height = (297, 210) if columns == 22 else (210, 297)
    glyphs = [glyph for glyph in page.watermark if glyph.text in "草稿示例"]
    assert len(glyphs) == 2 * len(roles)
    for glyph in glyphs:
        assert 0.05 < glyph.x / (width * MM) < 0.95 and 0.05 < (HEIGHT - glyph.base) / (height * MM) < 0.95
    slopes = {round((b.base - a.base) / (b.x - a.x), 2) for a, b in pairwise(glyphs)}
    assert len(slopes) == 1


def test_a_document_without_marks_has_no_watermark(plain_text: list[Page]) -> None:
    assert not any(page.watermark for page in plain_text)


def test_the_draft_line_does_not_move_the_red_head() -> None:
    head = [paragraph("某镇人民政府文件", markup.RED_HEAD), title()]
    marked = pages_of(paragraph("草稿：原因", markup.DRAFT), *head)[0].line("某镇").first.top
    assert marked == pytest.approx(pages_of(*head)[0].line("某镇").first.top, abs=0.01)


# ---- structure for readers of the screen


def test_structure_has_headings_without_gaps_and_one_title() -> None:
    headings = [markup.element(tag, "题") for tag in ("h3", "h2", "h2", "h4", "h3")]
    tags = outline(pdf_of(shown(title(), *headings, paragraph("文"))))
    assert tags.count("Title") == 1
    assert [tag for tag in tags if tag.startswith("H")] == ["H1", "H1", "H1", "H2", "H2"]


def test_page_height_is_a4(plain_text: list[Page]) -> None:
    assert pytest.approx(841.89, abs=0.01) == HEIGHT
    assert plain_text
