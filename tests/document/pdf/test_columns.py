"""How wide the columns of a table are that says nothing of it."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nianbao.document import Cell, Run, Table
from nianbao.document.columns import LIST_SIZE, column_widths, fitting_size
from nianbao.document.layout import POINT, table_inset, width


def table_of(heads: list[str], rows: list[list[str]]) -> Table:
    def cells(texts: list[str]) -> tuple[Cell, ...]:
        return tuple(Cell((Run(text),) if text else ()) for text in texts)

    return Table((cells(heads),), tuple(cells(row) for row in rows))


def rooms(table: Table) -> list[float]:
    """Width in em that the text of each column has."""
    size, inset = fitting_size(table), table_inset(table.columns)
    return [(one / POINT - 2 * inset) / size for one in column_widths(table, size, inset)]


NAMES = [f"某某{number}综合事务管理局" for number in range(33)] + ["经济开发区管理委员会综合办公室"] * 3


def test_most_rows_of_a_list_take_one_line_and_its_type_may_be_smaller_for_that() -> None:
    rows = [[name, *["样本不足（0/0）"] * 3, "128", "25312"] for name in NAMES]
    table = table_of(["单位", "按期答复", "予以公开和部分公开", "复议结果纠正", "网站（条）", "微信（条）"], rows)
    assert 9 <= fitting_size(table) < LIST_SIZE
    found = rooms(table)
    assert found[0] >= width(NAMES[0]) and all(room >= width("样本不足（0/0）") for room in found[1:4])
    assert fitting_size(table_of(["单位", "数"], [[name, "1"] for name in NAMES])) == LIST_SIZE


@pytest.mark.parametrize("rows", [3, 30])
@pytest.mark.parametrize("unit", ["条", "万元"])
def test_the_unit_in_a_head_is_not_broken(unit: str, rows: int) -> None:
    table = table_of([f"渠道{'甲乙丙丁'[n % 4]}（{unit}）" for n in range(9)], [[str(n) for n in range(9)]] * rows)
    assert min(rooms(table)) >= width(f"（{unit}）")


@pytest.mark.parametrize("rows", [3, 30])
def test_the_widest_column_gives_way_first(rows: int) -> None:
    body = [["T2-03", "各项之和等于总计，" * 12, "12", "0"]] * rows
    found = rooms(table_of(["规则", "应当", "成立", "不成立"], body))
    assert found[0] >= width("T2-03") and found[2] >= 2 and found[3] >= 3
    assert found[1] > sum(found) - found[1]


def test_columns_of_figures_are_even_in_a_table_that_is_no_list() -> None:
    found = rooms(table_of(["", "自然人", "商业企业", "社会公益组织", "其他"], [["甲", "1", "2", "3", "4"]] * 3))
    assert max(found[1:]) - min(found[1:]) < 0.01


TEXTS = st.one_of(st.integers(-(10**9), 10**9).map(str), st.text("申请公开信息办理结果", max_size=40), st.just(""))


@settings(deadline=None, max_examples=60)
@given(st.integers(1, 24).flatmap(lambda n: st.lists(st.lists(TEXTS, min_size=n, max_size=n), min_size=1, max_size=20)))
def test_columns_fill_the_area_and_no_figure_is_torn_where_the_type_may_still_be_smaller(rows: list[list[str]]) -> None:
    table = table_of(["头"] * len(rows[0]), rows)
    size, inset = fitting_size(table), table_inset(table.columns)
    widths = column_widths(table, size, inset)
    assert sum(widths) == pytest.approx(156) and min(widths) > 0
    if size > 5:
        for row in rows:
            for text, room in zip(row, rooms(table), strict=True):
                assert not text.lstrip("-").isdigit() or width(text) <= room
