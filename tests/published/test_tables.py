"""Published HTML of every make → the right figure in the right cell, or word that it was not recognised."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from decimal import Decimal

import pytest
from published_samples import (
    Td,
    figures,
    numbers,
    page,
    part_four,
    part_three,
    part_two,
    plain_td,
    read,
    said,
    table,
    zeros,
)

from nianbao.published import PublishedReport, to_report
from nianbao.published.figure import read_figure
from nianbao.published.source import parse_source
from nianbao.published.tables import edition_of
from nianbao.rules import check_report
from nianbao.statute import EDITIONS, FORM_2019, FORM_2021, Edition, Kind
from nianbao.statute.cell import State
from nianbao.statute.rulebook import Severity


def layout(html: str) -> str:
    return f"<table width=980><tr><td>导航</td><td><table><tr><td>{html}</td></tr></table></td></tr></table>"


def wordlike(cell: Td) -> str:
    digits = "".join(f"<span lang=EN-US style='font-size:9.0pt'>{c}</span>" for c in cell.text)
    return plain_td(
        Td(f"\n <P class=MsoNormal align=center>\n  {digits}<o:p></o:p></P>\n ", cell.rowspan, cell.colspan)
    )


def commas(cell: Td) -> str:
    text = f"{int(cell.text):,}" if cell.text.lstrip("-").isdigit() else cell.text
    return plain_td(Td(text, cell.rowspan, cell.colspan))


def full_width(cell: Td) -> str:
    wide = {ord(c): ord(c) + 0xFEE0 for c in "0123456789.-"}
    text = cell.text.translate(wide) if cell.text.strip("0123456789.-") == "" else cell.text
    return plain_td(Td(f"&nbsp;{text}&#8203;<br>", cell.rowspan, cell.colspan))


def broken_labels(cell: Td) -> str:
    text = cell.text if cell.text.strip("0123456789.-") == "" else "<br/>".join(cell.text)
    return plain_td(Td(text, cell.rowspan, cell.colspan)).replace("<td", "<TD NOWRAP").replace("</td>", "")


@pytest.mark.parametrize("edition", EDITIONS, ids=lambda edition: edition.name)
@pytest.mark.parametrize("td", [plain_td, wordlike, commas, full_width, broken_labels])
@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "utf-16"])
def test_every_cell_is_read_from_real_markup(edition: Edition, td: Callable[[Td], str], encoding: str) -> None:
    values = numbers(edition)
    published = read(page(edition, values, td).encode(encoding))
    assert figures(published) == values
    assert published.edition is edition
    assert not published.unrecognised


MAKES: dict[str, Callable[[str], str]] = {
    "sections": lambda html: html.replace("<table>", "<table><colgroup><col><col></colgroup><tbody>").replace(
        "</table>", "</tbody></table>"
    ),
    "heads": lambda html: html.replace("<td", "<th scope=col").replace("</td>", "</th>"),
    "captions": lambda html: html.replace("<table>", "<table><caption>（单位：件）</caption>"),
    "no ends": lambda html: html.replace("</td>", "").replace("</tr>", "").replace("<td", "<TD"),
    "word": lambda html: (
        '<html xmlns:o="urn:schemas-microsoft-com:office:office"><!--[if gte mso 9]><xml><w:View/></xml><![endif]-->'
        + re.sub(
            "<td([^>]*)>(.*?)</td>",
            r"<td width=57\1 style='mso-border-alt:solid'><p class=MsoNormal><![if !supportEmptyParas]>&nbsp;<![endif]>"
            r"<span lang=EN-US style='mso-bidi-font-size:9.0pt'>\2<o:p></o:p></span></p></td>",
            html,
        )
    ),
    "word's last row": lambda html: html.replace(
        "</table>", f"<![if !supportMisalignedColumns]><tr height=0>{'<td width=9></td>' * 9}</tr><![endif]></table>"
    ),
    "comments": lambda html: html.replace("</td>", "<!-- 9 --></td>").replace("<tr>", "<tr><!-- <td>8</td> -->"),
    "scripts": lambda html: html.replace("</td>", "<script>document.write('9')</script><style>td{}</style></td>"),
    "fragment": lambda html: html.partition("<body>")[2].partition("</body>")[0],
    "xhtml": lambda html: '<?xml version="1.0" encoding="gb2312"?>\n<!DOCTYPE html>' + html.replace("<br>", "<br/>"),
    "layout of two columns": lambda html: f"<table><tr><td>导航</td><td>{html}</td></tr></table>",
    "notes": lambda html: html.replace("</table>", "<tr><td colspan=10>注：本表由示例单位填报。</td></tr></table>"),
    "a mobile copy that is hidden": lambda html: html.replace(
        "<table>", "<div style='display:none'><table><tr><td>行政许可</td><td>99</td></tr></table></div><table>"
    ),
}


@pytest.mark.parametrize("edition", EDITIONS, ids=lambda edition: edition.name)
@pytest.mark.parametrize("make", MAKES)
def test_every_cell_is_read_from_pages_of_every_make(edition: Edition, make: str) -> None:
    values = numbers(edition)
    published = read(MAKES[make](page(edition, values)))
    assert figures(published) == values
    assert not published.unrecognised


@pytest.mark.parametrize(
    ("encoding", "declared"),
    [
        ("gbk", None),
        ("gbk", "utf-8"),
        ("gb18030", "gb2312"),
        ("utf-8", "gb2312"),
        ("utf-8-sig", "gbk"),
        ("utf-16", "gbk"),
        ("utf-16-le", None),
        ("utf-16-be", "gbk"),
    ],
)
def test_encodings_declared_rightly_wrongly_or_not_at_all(encoding: str, declared: str | None) -> None:
    html = page(FORM_2021, numbers(FORM_2021))
    if declared:
        html = html.replace("<head>", f'<head><meta http-equiv="Content-Type" content="text/html; charset={declared}">')
    published = read(html.encode(encoding))
    assert figures(published) == numbers(FORM_2021)
    assert not published.unrecognised


def test_bytes_that_are_no_text_are_told_even_where_the_rest_is_read() -> None:
    raw = page(FORM_2021, numbers(FORM_2021)).encode("gb18030").replace("导航".encode("gb18030"), b"\xff\xff", 1)
    raw = raw.replace("首页".encode("gb18030"), b"\xff\xff")
    published = read(raw)
    assert figures(published) == numbers(FORM_2021)
    assert "文件：有些字节不成字" in said(published)


def test_headings_printed_across_the_top_of_their_table_are_found() -> None:
    values = numbers(FORM_2021)
    html = page(FORM_2021, values)
    for part in FORM_2021.parts[1:4]:
        moved = f"<p>{part.heading}</p>\n<table>"
        assert moved in html
        html = html.replace(moved, f'<table><tr><td colspan="15">{part.heading}</td></tr>')
    for shown in (html, html.replace('<tr><td colspan="15">', "<caption>").replace("情况</td></tr>", "情况</caption>")):
        published = read(shown)
        assert len(published.headings) == 6
        assert figures(published) == values
        assert not published.unrecognised


def test_layout_tables_around_the_report_are_seen_through() -> None:
    values = numbers(FORM_2021)
    assert figures(read(layout(page(FORM_2021, values)))) == values


SHORT = {
    "received": "本年新收",
    "partial": "（二）部分公开",
    "other.uncorrected": "1.逾期不补正",
    "other.unpaid": "2. 逾期未缴费",
    "denied.stability": '3．危及"三安全一稳定"',
    "declined.reissue": "5. 重新出具已获取信息",
    "carried_out": "四、结转下年度",
}


def test_shortened_labels_are_known() -> None:
    values = numbers(FORM_2021)
    short = table(part_three(FORM_2021, values, SHORT))
    published = read(page(FORM_2021, values, tables={"applications": short}))
    assert figures(published) == values
    assert not published.unrecognised


def with_part_three(
    change: Callable[[list[list[Td]]], object], values: Mapping[str, int | Decimal | str]
) -> PublishedReport:
    rows = part_three(FORM_2021, values)
    change(rows)
    return read(page(FORM_2021, values, tables={"applications": table(rows)}))


def test_an_unknown_label_is_said_and_its_row_is_not_a_figure() -> None:
    values = numbers(FORM_2021)
    published = with_part_three(lambda rows: rows[8].__setitem__(0, Td("2.涉及别的禁止公开")), values)
    row = [published.cells[f"t3.denied.prohibited.{c.key}"] for c in FORM_2021.t3.columns]
    assert all(cell.state is State.UNREADABLE for cell in row)
    assert "有一行的标签不在格式中：“2.涉及别的禁止公开" in said(published)
    assert "没有找到 1 行：（三）不予公开 2." in said(published)


@pytest.mark.parametrize("change", ["drop", "add", "merge"])
def test_a_row_with_other_than_seven_cells_is_refused(change: str) -> None:
    def edit(rows: list[list[Td]]) -> None:
        if change == "drop":
            del rows[9][4]
        elif change == "add":
            rows[9].insert(3, Td(""))
        else:
            rows[9][3:5] = [Td("5", 1, 2)]

    values = numbers(FORM_2021)
    published = with_part_three(edit, values)
    wrong = {key for key, value in figures(published).items() if value != values[key]}
    assert wrong == {f"t3.denied.stability.{column.key}" for column in FORM_2021.t3.columns}
    assert "对不上" in said(published)


def test_columns_in_another_order_are_not_read() -> None:
    def swap(rows: list[list[Td]]) -> None:
        rows[2][0], rows[2][1] = rows[2][1], rows[2][0]

    published = with_part_three(swap, numbers(FORM_2021))
    assert not any(cell.is_number for key, cell in published.cells.items() if key.startswith("t3."))
    assert "表头不是格式规定的七列" in said(published)


def test_blank_mark_and_words_are_kept_apart_and_none_is_zero() -> None:
    values: dict[str, int | Decimal | str] = {**zeros(FORM_2021)}
    values |= {
        "t3.granted.legal": "&nbsp;",
        "t3.granted.other": "／",
        "t3.partial.legal": "无",
        "t4.review.upheld": "无",
        "t2.fees.amount": "3元",
    }
    cells = read(page(FORM_2021, values)).cells
    assert cells["t3.granted.legal"].state is State.BLANK
    assert (cells["t3.granted.other"].state, cells["t3.granted.other"].text) == (State.NOT_APPLICABLE, "/")
    assert (cells["t4.review.upheld"].state, cells["t4.review.upheld"].text) == (State.UNREADABLE, "无")
    assert cells["t2.fees.amount"].number == Decimal("0.0003")
    assert (cells["t3.partial.legal"].state, cells["t3.partial.legal"].text) == (State.UNREADABLE, "无")
    assert sum(cell.is_number for cell in cells.values()) == len(cells) - 4


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("1,057", Kind.COUNT, 1057),
        ("１２", Kind.COUNT, 12),
        ("12件", Kind.COUNT, 12),
        ("0件", Kind.MONEY, 0),
        ("0元", Kind.COUNT, 0),
        ("12.00", Kind.COUNT, 12),
        ("1,057 条", Kind.COUNT, 1057),
        ("73802895.90元", Kind.MONEY, Decimal("7380.28959")),
        ("1,190.40万元", Kind.MONEY, Decimal("1190.40")),
        ("190.457379", Kind.MONEY, Decimal("190.457379")),
        ("1,190.40", Kind.MONEY, Decimal("1190.40")),
        ("-3", Kind.CHANGE, -3),
        ("+3", Kind.CHANGE, 3),
    ],
)
def test_figures(text: str, kind: Kind, value: int | Decimal) -> None:
    assert read_figure(text, kind).cell.number == value


@pytest.mark.parametrize(
    "text",
    [
        "1 2",
        "1\n2",
        "10,57",
        "1,05",
        "-1",
        "1.5",
        "①",
        "2²",
        "3万元",
        "三",
        "007",
        "1。",
        "~5~",
        "^1",
        "1e3",
        "٣",
        "9" * 21,
    ],
)
def test_what_is_not_plainly_a_count_is_unreadable(text: str) -> None:
    cell = read_figure(text, Kind.COUNT).cell
    assert cell.state is State.UNREADABLE
    assert cell.text


@pytest.mark.parametrize(
    "cell",
    [
        "<del>1</del>2",
        "1<sup>2</sup>",
        "<p>1</p><p>2</p>",
        "1<br>2",
        "<img src=1.gif>",
        "<ol start=3><li>5</ol>",
        "<input value=5>",
    ],
)
def test_markup_that_changes_what_a_number_says_is_unreadable(cell: str) -> None:
    values: dict[str, int | Decimal | str] = {**zeros(FORM_2021), "t3.granted.legal": cell, "t2.fees.amount": cell}
    cells = read(page(FORM_2021, values)).cells
    assert cells["t3.granted.legal"].state is State.UNREADABLE
    assert cells["t2.fees.amount"].state is State.UNREADABLE


def test_hidden_text_is_not_read() -> None:
    for hidden in ('style="DISPLAY: none"', 'class="visually-hidden"', 'class="x sr-only"'):
        values = {**zeros(FORM_2021), "t3.granted.legal": f"<span {hidden}>9</span>4"}
        assert read(page(FORM_2021, values)).cells["t3.granted.legal"].number == 4


def test_part_three_split_over_two_tables_is_one() -> None:
    values = numbers(FORM_2021)
    rows = part_three(FORM_2021, values)
    body = rows[3:]
    # Cut after 8.属于行政查询事项: the heading 三 is printed again above the rest.
    for row in body:
        row[:] = [Td(cell.text, 1, cell.colspan) for cell in row]
    flat = [list(row) for row in body]
    for row in flat:
        stub = len(row) - 7
        row[:stub] = [Td("", 1, 1)] * (3 - stub) + [Td(cell.text) for cell in row[:stub]]
    for with_head in (True, False):
        second = [*rows[:3], *flat[13:]] if with_head else flat[13:]
        html = table([*rows[:3], *flat[:13]]) + "<p>续表</p>" + table(second)
        published = read(page(FORM_2021, values, tables={"applications": html}))
        assert figures(published) == values
        assert not published.unrecognised


def test_the_same_table_twice_with_other_figures_is_told() -> None:
    values = numbers(FORM_2021)
    other = {**values, "t3.granted.legal": 5, "t4.direct.total": 6}
    both = {
        "applications": table(part_three(FORM_2021, values)) + table(part_three(FORM_2021, other)),
        "disputes": table(part_four(FORM_2021, values)) + table(part_four(FORM_2021, other)),
    }
    published = read(page(FORM_2021, values, tables=both))
    assert published.cells["t3.granted.legal"].state is State.UNREADABLE
    assert published.cells["t4.direct.total"].state is State.UNREADABLE
    assert "出现了两次，数不相同" in said(published)


@pytest.mark.parametrize("edition", EDITIONS, ids=lambda edition: edition.name)
def test_the_tables_tell_their_edition(edition: Edition) -> None:
    assert edition_of(parse_source(page(edition, zeros(edition)).encode(), "page").grids) is edition


def test_a_whole_report_on_the_form_of_another_year_is_said() -> None:
    year = {"2019": "2020", "2021": "2023"}
    for edition, other in ((FORM_2019, FORM_2021), (FORM_2021, FORM_2019)):
        html = page(edition, zeros(edition)).replace(year[edition.name], year[other.name])
        assert f"表：印的是 {edition.name} 年的格式，{year[other.name]} 年应为 {other.notice}" in said(read(html))
        assert not check_report(to_report(read(html))).ready
        errors = [one for one in read(html).unrecognised if one.severity is Severity.ERROR]
        assert len(errors) == 1, "what only another year's form lacks is told once"


def test_the_form_of_another_year_in_one_part_is_said() -> None:
    html = page(FORM_2021, numbers(FORM_2021), tables={"disclosure": table(part_two(FORM_2019, numbers(FORM_2019)))})
    published = read(html)
    assert not any(cell.is_number for key, cell in published.cells.items() if key.startswith("t2."))
    assert "没有认出这张表" in said(published) or "不在格式中" in said(published)
    assert not check_report(to_report(published)).ready


def test_a_missing_table_is_said_and_blocks() -> None:
    published = read(page(FORM_2021, zeros(FORM_2021), tables={"disputes": "<p><img src='table.png'></p>"}))
    result = check_report(to_report(published))
    assert "第四部分：没有认出这张表" in said(published)
    assert "R-01" in {finding.rule for finding in result.blocking}


def test_money_under_another_unit_is_not_read() -> None:
    html = page(FORM_2021, zeros(FORM_2021)).replace("（单位：万元）", "（单位：元）")
    assert not read(html).cells["t2.fees.amount"].is_number


def test_a_cell_too_many_beside_a_blank_one_does_not_shift_the_row() -> None:
    values: dict[str, int | Decimal | str] = {**numbers(FORM_2021), "t3.denied.prohibited.natural": ""}

    def edit(rows: list[list[Td]]) -> None:
        # The row stands without its stub, as after a page break, and has one cell twice.
        heads, row = rows[:3], rows[8]
        rows[:] = [*heads, [Td(""), row[0], *row[1:], row[-1]]]

    published = with_part_three(edit, values)
    assert not any(published.cells[f"t3.denied.prohibited.{column.key}"].is_number for column in FORM_2021.t3.columns)


def test_a_head_without_its_columns_is_no_head() -> None:
    rows = part_two(FORM_2021, numbers(FORM_2021))
    rows[1] = rows[1][:1]
    published = read(page(FORM_2021, numbers(FORM_2021), tables={"disclosure": table(rows)}))
    assert not published.cells["t2.rules.made"].is_number
    assert published.cells["t2.licensing.decisions"].is_number
    assert "规章：这一行与它的表头对不上" in said(published)
