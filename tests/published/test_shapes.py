"""Every shape in which real pages print the form gives every cell back, or says what it did not read."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

import pytest
from opencc import OpenCC
from published_samples import TEXTS, Rows, figures, numbers, page, read, said, table, text
from shapes import COPIES, LAYOUTS, WRITTEN, Tables, as_the_form, one_a_line

from nianbao.published import PublishedReport
from nianbao.statute import EDITIONS, FORM_2021, Edition
from nianbao.statute.rulebook import Severity

Values = Mapping[str, int | Decimal | str]


def printed(edition: Edition, values: Values, layout: str) -> str:
    tables = LAYOUTS[layout](as_the_form(edition, values))
    return page(edition, values, tables=marked_up(tables))


def marked_up(tables: Tables) -> dict[str, str]:
    return {part: "<p></p>".join(map(table, own)) for part, own in tables.items()}


def notes(published: PublishedReport) -> list[str]:
    return [thing.reason for thing in published.unrecognised if thing.severity is Severity.INFO]


def faults(published: PublishedReport) -> list[str]:
    return [thing.reason for thing in published.unrecognised if thing.severity is not Severity.INFO]


@pytest.mark.parametrize("edition", EDITIONS, ids=lambda edition: edition.name)
@pytest.mark.parametrize("layout", LAYOUTS)
def test_every_cell_is_read_from_every_layout(edition: Edition, layout: str) -> None:
    values = numbers(edition)
    published = read(printed(edition, values, layout))
    assert figures(published) == values
    assert not said(published)


@pytest.mark.parametrize("edition", EDITIONS, ids=lambda edition: edition.name)
@pytest.mark.parametrize("written", [name for name in WRITTEN if name != "plain"])
def test_units_and_decimals_are_read_with_a_note(edition: Edition, written: str) -> None:
    values = numbers(edition)
    published = read(page(edition, WRITTEN[written](edition, values)))
    assert figures(published) == values
    assert notes(published) and not faults(published)


@pytest.mark.parametrize("edition", EDITIONS, ids=lambda edition: edition.name)
@pytest.mark.parametrize("copy", COPIES)
def test_every_cell_is_read_from_every_copy(edition: Edition, copy: str) -> None:
    values = numbers(edition)
    published = read(text(edition, values, COPIES[copy]))
    assert figures(published) == values
    assert not said(published)


@pytest.mark.parametrize("edition", EDITIONS, ids=lambda edition: edition.name)
def test_a_text_on_one_line_is_read(edition: Edition) -> None:
    values = numbers(edition)
    published = read(" ".join(text(edition, values, one_a_line).split()))
    assert figures(published) == values
    assert published.narrative["problems"] == TEXTS["problems"]
    assert not said(published)


@pytest.mark.parametrize("copy", ["one a line", "browser"])
@pytest.mark.parametrize("key", ["t2.normative.made", "t3.granted.legal", "t3.received.natural", "t4.review.other"])
def test_a_blank_among_cells_in_a_row_never_becomes_another_figure(copy: str, key: str) -> None:
    values: dict[str, int | Decimal | str] = {**numbers(FORM_2021), key: ""}
    content = text(FORM_2021, values, COPIES[copy])
    for shown in (content, "\n".join(line for line in content.split("\n") if line)):
        cells = read(shown).cells
        assert not {k: c.value for k, c in cells.items() if c.is_number and c.value != values[k]}


def test_a_number_of_the_row_never_takes_the_place_of_a_blank_figure() -> None:
    """One a line, with the numbers of the rows: the number stands behind the row before."""
    values: dict[str, int | Decimal | str] = {**numbers(FORM_2021), "t3.received.legal": "", "t3.granted.legal": ""}

    def numbered(rows: Rows) -> str:
        return "\n".join(cell.text for row in rows for cell in row if cell.text)

    content = text(FORM_2021, values, numbered)
    lines = content.split("\n")
    stubs = [index for index, line in enumerate(lines) if line.startswith(("二、上年", "（二）部分", "2.其他法律"))]
    for index in reversed(stubs):
        lines.insert(index, "3")
    cells = read("\n".join(lines)).cells
    assert not {k: c.value for k, c in cells.items() if c.is_number and c.value != values[k]}


# -- characters, headings, dates --------------------------------------------------------------------------------------


@pytest.mark.parametrize("edition", EDITIONS, ids=lambda edition: edition.name)
@pytest.mark.parametrize("variant", ["s2t", "s2tw", "s2hk"])
def test_traditional_characters_are_read_with_a_note(edition: Edition, variant: str) -> None:
    values = numbers(edition)
    published = read(OpenCC(variant).convert(page(edition, values)))
    assert figures(published) == values
    assert notes(published) == ["是繁体字，转为简体字后读"]
    assert published.unit == "石狮市蚶江镇" and published.narrative["problems"] == TEXTS["problems"]


def test_both_lawful_sets_of_headings_are_read_without_a_word() -> None:
    values = numbers(FORM_2021)
    html = page(FORM_2021, values)
    for part in FORM_2021.parts:
        html = html.replace(part.heading, part.longer or part.heading)
    published = read(html)
    assert figures(published) == values
    assert set(published.narrative) == {"preamble", *(part.key for part in FORM_2021.parts)}
    assert not said(published)


TITLE = "<h1>石狮市蚶江镇2023年政府信息公开工作年度报告</h1>"


@pytest.mark.parametrize(
    "title",
    [
        "<h1>石狮市蚶江镇</h1><h1>2023年政府信息公开工作年度报告</h1>",
        "<h1>石狮市蚶江镇2023年政府信息公开<br>工作年度报告</h1>",
        "<h1>石狮市蚶江镇<br/>2023年政府信息公开<br/>工作年度报告</h1>",
        "<div>石狮市蚶江镇2023年政府信息公开工作年度报告 来源：石狮市人民政府办公室 时间：2024-01-20 浏览量：35</div>",
        "<h1>石狮市蚶江镇2023年政府信息公开工作年度报告</h1><p>来源：石狮市人民政府网 字体：大 中 小</p>",
    ],
)
def test_title_and_unit_are_told_from_what_stands_around_them(title: str) -> None:
    published = read(page(FORM_2021, numbers(FORM_2021)).replace(TITLE, title))
    assert (published.unit, published.year) == ("石狮市蚶江镇", 2023)
    assert not said(published)


SIGNED = "<p>石狮市蚶江镇人民政府</p>\n<p>2024年1月20日</p>"
POSTED = "<div>发布时间：2024-01-20 浏览量：35</div>"


@pytest.mark.parametrize(
    ("head", "line"),
    [
        ('<meta name="PubDate" content="2024-01-22 10:20">', ""),
        ('<meta name="pubdate" content="2024-01-22">', POSTED),
        ("", "<div>时间：2024-01-22</div>"),
        ("", "<div>来源：石狮市人民政府 发布日期：2024年1月22日</div>"),
    ],
)
def test_a_page_without_signature_is_dated_by_its_publication(head: str, line: str) -> None:
    html = page(FORM_2021, numbers(FORM_2021)).replace(SIGNED, "").replace(POSTED, line)
    published = read(html.replace("<head>", f"<head>{head}"))
    assert published.date is not None and published.date.isoformat() == "2024-01-22"
    assert any("发布日期" in note for note in notes(published))


def test_several_days_on_a_page_date_nothing() -> None:
    html = page(FORM_2021, numbers(FORM_2021)).replace(SIGNED, "")
    published = read(html.replace("<div>上一篇", "<div>时间：2024-02-01</div><div>上一篇"))
    assert published.date is None
