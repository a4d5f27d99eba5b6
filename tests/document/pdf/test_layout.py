"""Title lines, breaks in long words, widths of columns."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nianbao.document import Table, read_html
from nianbao.document.columns import column_widths, fitting_size
from nianbao.document.layout import POINT, table_inset, title_lines, width, with_breaks


def table_of(html: str) -> Table:
    (found,) = (block for block in read_html(html) if isinstance(block, Table))
    return found


@pytest.mark.parametrize(
    ("title", "lines"),
    [
        ("关于印发工作要点的通知", ["关于印发工作要点的通知"]),
        ("晋江市永和镇2023年政府信息公开工作年度报告", ["晋江市永和镇2023年", "政府信息公开工作年度报告"]),
        (
            "晋江市人民政府青阳街道办事处2023年政府信息公开工作年度报告",
            ["晋江市人民政府青阳街道办事处", "2023年政府信息公开工作年度报告"],
        ),
        ("甲\n乙", ["甲", "乙"]),
    ],
)
def test_titles_are_broken_into_balanced_lines(title: str, lines: list[str]) -> None:
    assert list(title_lines(title)) == lines


@settings(deadline=None)
@given(st.text(alphabet="甲乙（）《》，。年2023AB ", max_size=70))
def test_no_character_of_a_title_is_lost_and_lines_fit(title: str) -> None:
    lines = title_lines(title)
    assert "".join(lines).replace(" ", "") == title.replace(" ", "")
    if len(lines) > 1:
        assert all(width(line) <= 20 for line in lines)
        assert not any(line and line[0] in "》），。" for line in lines[1:])


def test_numbers_and_words_of_a_title_are_not_torn() -> None:
    assert all("2023" in line or "2" not in line for line in title_lines("甲" * 19 + "2023" + "乙" * 10))


def test_digits_wider_than_half_an_em_still_fit_the_line() -> None:
    assert len(title_lines("甲" * 20)) == 1
    assert len(title_lines("甲" * 18 + "2023")) == 2


def test_short_words_are_left_alone() -> None:
    text = "网址 http://a.cn/ 2023年，GB/T 9704-2012（甲）"
    assert with_breaks(text, 28) == text


def test_addresses_break_after_their_marks_and_other_long_words_anywhere() -> None:
    assert with_breaks("http://aaaa.bbbb.cccc/dddd/eeee", 28).split("\u200b") == [
        "http://",
        "aaaa.",
        "bbbb.",
        "cccc/",
        "dddd/",
        "eeee",
    ]
    assert with_breaks("A" * 60, 28) == "\u200b".join("A" * 60)
    assert with_breaks("。" * 40, 28) == "\u200b".join("。" * 40)


@settings(deadline=None)
@given(st.text(max_size=120), st.floats(min_value=1, max_value=40))
def test_breaks_add_nothing_that_is_printed(text: str, line: float) -> None:
    text = text.replace("\u200b", "")
    assert with_breaks(text, line).replace("\u200b", "") == text


@pytest.mark.parametrize("columns", [1, 2, 4, 10, 15, 40])
def test_columns_fill_the_type_area(columns: int) -> None:
    cells = "".join(f"<td>{'甲' * (column % 7)}</td>" for column in range(columns))
    widths = column_widths(table_of(f"<table><tr>{cells}</tr></table>"), 9, 2)
    assert len(widths) == columns
    assert sum(widths) == pytest.approx(156)
    assert min(widths) > 2


def test_a_longer_column_is_wider() -> None:
    narrow, wide = column_widths(
        table_of("<table><tr><td>甲甲甲甲甲</td><td>甲甲甲甲甲甲甲甲甲甲甲</td></tr></table>"), 12, 4
    )
    assert wide > narrow * 1.5


@pytest.mark.parametrize(("columns", "figure"), [(3, "190.457379"), (9, "1234567.89"), (14, "-1004.96"), (20, "12345")])
def test_a_figure_is_not_torn_where_a_smaller_type_fits_it(columns: int, figure: str) -> None:
    head = f"<th>{'很长的说明文字' * 4}</th>" + "<th>件数</th>" * (columns - 1)
    body = f"<td>{'很长的说明文字' * 4}</td>" + f"<td>{figure}</td>" * (columns - 1)
    table = table_of(f"<table><thead><tr>{head}</tr></thead><tr>{body}</tr></table>")
    size, inset = fitting_size(table), table_inset(columns)
    assert size >= 5
    for column in column_widths(table, size, inset)[1:]:
        assert column / POINT - 2 * inset >= width(figure) * size * 1.1


def test_a_table_that_cannot_fit_is_set_in_the_smallest_type() -> None:
    table = table_of("<table><tr>" + "<td>123456789</td>" * 40 + "</tr></table>")
    assert fitting_size(table) == 5
    assert sum(column_widths(table, 5, table_inset(40))) == pytest.approx(156)


@pytest.mark.parametrize(
    "place", ["永和镇", "青阳街道", "住房和城乡建设局", "经济开发区管理委员会", "五里高新技术产业园区发展服务中心"]
)
@pytest.mark.parametrize("year", ["2023年", "2023年度"])
def test_lines_of_a_title_end_between_words(place: str, year: str) -> None:
    lines = title_lines(f"晋江市{place}{year}政府信息公开工作年度报告")
    assert "".join(lines) == f"晋江市{place}{year}政府信息公开工作年度报告"
    for line, following in itertools.pairwise(lines):
        joined = line[-4:] + "|" + following[:4]
        for word in ("年度", "政府", "信息", "公开", "工作", "报告", "管理", "委员会", "服务", "中心", year):
            for cut in range(1, len(word)):
                assert f"{word[:cut]}|{word[cut:]}" not in joined
