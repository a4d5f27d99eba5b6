"""A table that pages cut: part three of either edition, wherever on the page it begins; whose labels stand on each page."""

from __future__ import annotations

import io
import itertools
import re
from pathlib import Path

import pypdf
import pytest
from pdfpage import MM, Page, read_pages, tagged_tables
from tests.conftest import PARAMS
from typeset_samples import notebook, paragraph, shown

from nianbao.demo import write_demo
from nianbao.document import markup, read_notebook
from nianbao.document.pdf.compiler import typeset
from nianbao.document.pdf.fonts import select_fonts
from nianbao.published import read_published
from nianbao.report import load_report
from nianbao.statute import edition_for
from nianbao.tables import applications_table

YEARS = {"2019": 2020, "2021": 2023}
GROUP = "三、本年度办理结果"
FEWEST = (2, 3)
"""Rows below the head on the first page and on the last."""


@pytest.fixture(scope="module", params=YEARS)
def part_three(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, int]:
    """HTML of part three, and the year."""
    year = YEARS[request.param]
    folder = tmp_path_factory.mktemp("params")
    write_demo(year, folder, PARAMS)
    return applications_table(load_report("anhai", year, folder)).as_raw_html(), year


def with_figures(html: str, first: int) -> tuple[str, list[str]]:
    """The table with figures that count up from ``first``, and the seven figures of each row, joined."""
    figures = itertools.count(first)
    counted = re.sub(r"(<td[^>]*>)[0-9]+</td>", lambda match: f"{match[1]}{next(figures)}</td>", html)
    return counted, ["".join(map(str, range(start, start + 7))) for start in range(first, next(figures), 7)]


def first_column(page: Page) -> str:
    """What stands in the first column of the page's table, from top to bottom."""
    upright = sorted(rule.x0 for rule in page.rules if abs(rule.x0 - rule.x1) < 0.1)
    right = next(x for x in upright if x > upright[0] + 1)
    return "".join(glyph.text for line in page.body() for glyph in line.glyphs if glyph.right <= right + 0.1)


@pytest.mark.parametrize("lines", range(22))
@pytest.mark.parametrize(("first", "note"), [(1000, ""), (1000, "注：说明。"), (12_345_011, "")])
def test_no_row_stands_alone_and_the_label_stands_on_each_page(
    part_three: tuple[str, int], first: int, note: str, lines: int
) -> None:
    html, year = part_three
    table, rows = with_figures(html, first)
    form = edition_for(year).t3.rows
    assert len(rows) == len(form)
    head = [paragraph("文") for _ in range(lines)]
    notes = [paragraph(note, markup.NOTE)] if note else []
    document = read_notebook(notebook(shown(*head, markup.element("h2", "三、标题"), table, *notes, paragraph("后文"))))
    pdf = typeset(document, select_fonts(None, system=False))
    pages = [page for page in read_pages(pdf) if page.rules]
    held = [
        [number for number, figures in enumerate(rows) if any(figures in line.text for line in page.body())]
        for page in pages
    ]
    assert [number for on_page in held for number in on_page] == list(range(len(rows)))
    if len(pages) > 1:
        assert len(held[0]) >= FEWEST[0] and len(held[-1]) >= FEWEST[1]
    group = {number for number, row in enumerate(form) if row.stub[0] == GROUP}
    for page, on_page in zip(pages, held, strict=True):
        assert (GROUP in first_column(page)) == bool(group & set(on_page))
        assert max(rule.y1 for rule in page.rules) <= 262 * MM + 1
    (tagged,) = tagged_tables(pdf)
    assert [cell.text for row in tagged for cell in row].count(GROUP) == 1


@pytest.mark.parametrize("lines", [6, 9, 13])
def test_a_cut_table_is_read_back_cell_by_cell(part_three: tuple[str, int], lines: int, tmp_path: Path) -> None:
    html, year = part_three
    table, _ = with_figures(html, 1000)
    title = markup.element("h1", f"晋江市安海镇人民政府{year}年政府信息公开工作年度报告", markup.TITLE)
    heads = markup.element("h2", "三、收到和处理政府信息公开申请情况")
    text = [paragraph("文") for _ in range(lines - 2)]
    document = read_notebook(notebook(shown(title, *text, heads, table, paragraph("后文"))))
    set_in = typeset(document, select_fonts(None, system=False))
    assert len(pypdf.PdfReader(io.BytesIO(set_in)).pages) == 2
    (tmp_path / "report.pdf").write_bytes(set_in)
    read = read_published(tmp_path / "report.pdf")
    keys = [
        f"t3.{row.key}.{column.key}" for row in edition_for(year).t3.rows for column in edition_for(year).t3.columns
    ]
    assert [read.cells[key].text for key in keys] == [str(1000 + place) for place in range(len(keys))]
