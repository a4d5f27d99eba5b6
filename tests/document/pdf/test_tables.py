"""Tables: the grid in the PDF is the grid of the HTML, and it fits."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable

import pytest
import typeset_samples as samples
from pdfpage import MM, Page, TaggedCell, read_pages, tagged_tables
from typeset_samples import notebook, paragraph, shown

from nianbao.document import Cell, Table, markup, read_html, read_notebook
from nianbao.document.pdf.compiler import typeset
from nianbao.document.pdf.fonts import select_fonts
from nianbao.report import Report
from nianbao.tables import disclosure_table

LEFT, RIGHT = 28 * MM, 184 * MM


def pdf_of(*elements: str) -> bytes:
    return typeset(read_notebook(notebook(shown(*elements))), select_fonts(None, system=False))


def table_of(html: str) -> Table:
    (found,) = (block for block in read_html(html) if isinstance(block, Table))
    return found


def as_table(rows: list[list[TaggedCell]]) -> tuple[tuple[str, ...], ...]:
    """Full grid of a tagged table, spans expanded by the reader of HTML tables."""
    return Table((), tuple(tuple(Cell((), c.rowspan, c.colspan) for c in row) for row in rows)).grid()


def shape(rows: list[list[TaggedCell]]) -> list[list[tuple[str, int, int]]]:
    return [[(cell.text, cell.rowspan, cell.colspan) for cell in row] for row in rows]


def expected(table: Table) -> list[list[tuple[str, int, int]]]:
    rows = (*table.head, *table.body)
    return [[(cell.text.replace("\n", ""), cell.rowspan, cell.colspan) for cell in row] for row in rows]


def columns_of(page: Page, text: str) -> tuple[float, float]:
    """Nearest upright rules left and right of the glyph that begins ``text``."""
    glyph = next(line.first for line in page.lines() if line.text.startswith(text))
    across = [rule.x0 for rule in page.rules if abs(rule.x0 - rule.x1) < 0.1 and rule.y0 < glyph.base < rule.y1]
    return max(x for x in across if x <= glyph.x), min(x for x in across if x >= glyph.right)


def test_every_cell_span_and_value_of_the_statutory_tables_is_in_the_pdf() -> None:
    tables = [samples.part_two(), samples.part_three(), samples.part_four()]
    found = tagged_tables(pdf_of(*tables))
    assert [shape(rows) for rows in found] == [expected(table_of(html)) for html in tables]


def test_heads_are_tagged_as_heads() -> None:
    (rows,) = tagged_tables(pdf_of(samples.part_three()))
    assert [cell.kind for row in rows[:3] for cell in row] == ["TH"] * 10
    assert {cell.kind for row in rows[3:] for cell in row} == {"TD"}


def test_part_three_stands_whole_where_there_is_room() -> None:
    (page,) = read_pages(pdf_of(samples.part_three()))
    table = table_of(samples.part_three())
    assert (table.rows, table.columns) == (28, 10)
    assert {round(glyph.size, 2) for line in page.body() for glyph in line.glyphs} == {8.5}


@pytest.mark.parametrize("lines", range(22))
def test_no_page_before_a_high_table_is_left_half_empty(lines: int) -> None:
    head = [paragraph("文") for _ in range(lines)]
    pdf = pdf_of(*head, markup.element("h2", "三、标题"), samples.part_three(), paragraph("后文"))
    pages = read_pages(pdf)
    for page in pages[:-1]:
        lowest = max([line.first.bottom for line in page.body()] + [rule.y1 for rule in page.rules])
        assert lowest > (37 + 225 * 0.6) * MM
        assert page.body()[-1].text != "三、标题"
    assert [shape(rows) for rows in tagged_tables(pdf)] == [expected(table_of(samples.part_three()))]
    with_rules = [page for page in pages if page.rules]
    assert len(with_rules) <= 2
    for page in with_rules:
        assert any("申请人情况" in line.text for line in page.body())


def test_heads_of_blocks_are_tagged_as_heads_of_their_own_figures(yonghe: Report) -> None:
    part_two = disclosure_table(yonghe).as_raw_html()
    (rows,) = tagged_tables(pdf_of(part_two))
    heads = [row for row in rows if "第二十条" in row[0].text or "信息内容" in row[0].text]
    assert len(heads) == 8
    assert {cell.kind for row in heads for cell in row} == {"TH"}
    assert {cell.kind for row in rows if row not in heads for cell in row} == {"TD"}


@pytest.mark.parametrize("lines", range(22))
def test_part_two_goes_over_to_the_next_page_between_its_blocks(yonghe: Report, lines: int) -> None:
    part_two = disclosure_table(yonghe).as_raw_html()
    head = [paragraph("文") for _ in range(lines)]
    pdf = pdf_of(*head, markup.element("h2", "二、标题"), part_two, paragraph("后文"))
    pages = read_pages(pdf)
    for page in pages[:-1]:
        lowest = max([line.first.bottom for line in page.body()] + [rule.y1 for rule in page.rules])
        assert lowest > (37 + 225 * 0.65) * MM
        last = page.body()[-1].text
        assert not any(head in last for head in ("二、标题", "第二十条", "信息内容"))
    first_row = [page.body()[0].text for page in pages[1:] if page.rules]
    assert all("第二十条" in text or text == "二、标题" for text in first_row)
    assert [shape(rows) for rows in tagged_tables(pdf)] == [expected(table_of(part_two))]


@pytest.mark.parametrize("digits", range(1, 10))
@pytest.mark.parametrize("part", [samples.part_two, samples.part_three, samples.part_four])
def test_figures_never_break(part: Callable[[], str], digits: int) -> None:
    figures = itertools.count(10 ** (digits - 1))
    html = re.sub(r"(<td[^>]*>)[0-9.]+</td>", lambda match: f"{match[1]}{next(figures)}</td>", part())
    lines = [line.text for page in read_pages(pdf_of(html)) for line in page.lines()]
    for number in range(10 ** (digits - 1), next(figures)):
        assert any(str(number) in line for line in lines), number


@pytest.mark.parametrize("lines", range(10, 22))
@pytest.mark.parametrize("table", ["<table><tr><td>1</td></tr></table>" * 1, samples.part_four(), samples.part_two()])
def test_a_note_stays_on_the_page_of_its_table(table: str, lines: int) -> None:
    pages = read_pages(
        pdf_of(
            *(paragraph("文") for _ in range(lines)), table, paragraph("注：表下的说明", markup.NOTE), paragraph("后")
        )
    )
    (page,) = (page for page in pages if any(line.text == "注：表下的说明" for line in page.body()))
    assert page.rules


def test_columns_of_figures_are_even() -> None:
    (page,) = read_pages(pdf_of(samples.part_three()))
    (row,) = (line for line in page.lines() if line.text.startswith("一、本年新收"))
    centres = []
    for start in range(10, 17):
        first = next(i for i, glyph in enumerate(row.glyphs) if row.text[i : i + 2] == str(start))
        centres.append((row.glyphs[first].x + row.glyphs[first + 1].right) / 2)
    steps = [b - a for a, b in itertools.pairwise(centres)]
    assert max(steps) - min(steps) < 0.1


def test_part_four_has_fifteen_even_columns_and_heads_broken_two_by_two() -> None:
    (page,) = read_pages(pdf_of(samples.part_four()))
    across = sorted({round(rule.x0, 1) for rule in page.rules if abs(rule.x0 - rule.x1) < 0.1})
    assert len(across) == 16
    for left, right in itertools.pairwise(across):
        assert abs((right - left) / MM - 10.4) < 0.05
    texts = [line.text for line in page.lines()]
    assert "结果结果其他尚未" * 3 in texts
    assert "维持纠正结果审结" * 3 in texts


def test_rules_are_thin_even_and_within_the_type_area() -> None:
    (page,) = read_pages(pdf_of(samples.part_two()))
    assert {rule.thickness for rule in page.rules} == {0.5}
    across = [x for rule in page.rules for x in (rule.x0, rule.x1)]
    assert LEFT - 0.3 <= min(across) < LEFT + 0.3
    assert RIGHT - 0.3 <= max(across) < RIGHT + 0.3


def test_figures_are_centred_and_text_is_not() -> None:
    html = "<table><tr><td>名称甚长的一栏文字</td><td>7</td></tr><tr><td>短</td><td>190.457379</td></tr></table>"
    (page,) = read_pages(pdf_of(html))
    first, second = page.body()
    assert first.first.x == second.first.x
    number = second.glyphs[1:]
    middle = (number[0].x + number[-1].right) / 2
    assert abs((first.last.x + first.last.right) / 2 - middle) < 0.1


def test_alignment_of_the_html_wins() -> None:
    html = '<table><tr><td style="text-align: right">甲</td><td style="text-align: left">7</td></tr></table>'
    (page,) = read_pages(pdf_of(html))
    text, number = page.body()[0].glyphs
    middle = next(rule.x0 for rule in page.rules if abs(rule.x0 - rule.x1) < 0.1 and text.right < rule.x0 < number.x)
    assert middle - text.right < 6
    assert number.x - middle < 6


def test_widths_of_colgroup_are_kept_in_proportion() -> None:
    html = '<table><colgroup><col style="width:20mm"><col style="width:60mm"></colgroup><tr><td>甲</td><td>乙</td></tr></table>'
    (page,) = read_pages(pdf_of(html))
    across = sorted({round(rule.x0, 1) for rule in page.rules if abs(rule.x0 - rule.x1) < 0.1})
    assert abs((across[1] - across[0]) / (across[2] - across[0]) - 0.25) < 0.01


def test_the_head_of_a_long_table_is_repeated() -> None:
    rows = "".join(f"<tr><td>第{number}项</td><td>{number}</td></tr>" for number in range(120))
    html = f"<table><thead><tr><th>名目</th><th>件数</th></tr></thead><tbody>{rows}</tbody></table>"
    pdf = pdf_of(html)
    pages = read_pages(pdf)
    assert len(pages) > 1
    assert [page.body()[0].text for page in pages] == ["名目件数"] * len(pages)
    assert shape(tagged_tables(pdf)[0])[1:] == expected(table_of(html))[1:]


def test_a_long_table_with_merged_cells_is_still_printed() -> None:
    rows = "".join(
        f"<tr>{'<th rowspan=3>组</th>' if number % 3 == 0 else ''}<td>第{number}项</td></tr>" for number in range(150)
    )
    pages = read_pages(pdf_of(f"<table>{rows}</table>"))
    text = "".join(line.text for page in pages for line in page.body())
    assert [f"第{number}项" in text for number in range(150)] == [True] * 150


def test_many_columns_and_long_words_stay_inside() -> None:
    word = "A" * 60 + "https://example.test/a/very/long/path?with=arguments&and=more#fragment" + "9" * 40
    cells = "".join(f"<td>{word if column % 5 == 0 else column}</td>" for column in range(30))
    for page in read_pages(pdf_of(f"<table><tr>{cells}</tr></table>")):
        assert page.glyphs
        for glyph in page.glyphs:  # the page is turned: 35 mm and 37 mm stay free at its sides, but for the page number
            assert not glyph.upright or (glyph.x >= 35 * MM - 0.5 and glyph.right <= (297 - 37) * MM + 0.5)


def test_a_caption_stands_above_its_table_and_a_note_below() -> None:
    (page,) = read_pages(
        pdf_of(
            paragraph("单位：件", markup.CAPTION),
            "<table><tr><td>1</td></tr></table>",
            paragraph("注：甲", markup.NOTE),
        )
    )
    caption, figure, note = page.body()
    assert (caption.text, figure.text, note.text) == ("单位：件", "1", "注：甲")
    assert abs(caption.last.right - RIGHT) < 1
    assert note.first.size < 12


def test_tables_of_any_height_keep_their_distance_from_the_text() -> None:
    for rows in range(1, 9):
        (page,) = read_pages(
            pdf_of(paragraph("前文"), f"<table>{'<tr><td>1</td></tr>' * rows}</table>", paragraph("后文"))
        )
        edges = [rule.y0 for rule in page.rules] + [rule.y1 for rule in page.rules]
        assert min(edges) - page.line("前文").first.bottom > 3
        assert page.line("后文").first.top - max(edges) > 3


@pytest.mark.parametrize("lines", [0, 3, 4])
@pytest.mark.parametrize("rows", [*range(22, 32), *range(52, 62)])
def test_no_note_stands_on_a_page_without_a_row_of_its_table(rows: int, lines: int) -> None:
    body = "".join(f"<tr><td>行{number}</td><td>{number}</td></tr>" for number in range(rows))
    table = f"<table><thead><tr><th>单位</th><th>件数</th></tr></thead><tbody>{body}</tbody></table>"
    head = [paragraph("文") for _ in range(lines)]
    pages = read_pages(pdf_of(*head, table, paragraph("注：本表的说明。", markup.NOTE), paragraph("后文")))
    (noted,) = (page for page in pages if any(line.text.startswith("注：") for line in page.body()))
    assert noted.rules
    shown = [line.text for page in pages for line in page.body() if line.text.startswith("行")]
    assert shown == [f"行{number}{number}" for number in range(rows)]
    for page in pages:
        assert all(rule.y1 <= 262 * MM + 1 for rule in page.rules)
