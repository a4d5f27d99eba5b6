"""The great-tables objects have exactly the grid of the form."""

from __future__ import annotations

import pandas as pd
import pytest
from great_tables import GT
from lxml import html

from nianbao.blocks import Table, read_html
from nianbao.checks import check_report
from nianbao.report import Report
from nianbao.tables import applications_table, disclosure_table, disputes_table, findings_table
from nianbao.tables.merged import FormTable


def _grid(markup: str) -> tuple[tuple[str, ...], ...]:
    (table,) = (block for block in read_html(markup) if isinstance(block, Table))
    return tuple(tuple(row) for row in table.grid())


def test_part_three_is_a_grid_of_28_by_10(yonghe: Report) -> None:
    grid = _grid(applications_table(yonghe).as_raw_html())
    assert (len(grid), {len(row) for row in grid}) == (28, {10})
    form = yonghe.edition.t3
    for row, printed in zip(form.rows, grid[3:], strict=True):
        stub = [*row.stub, *[row.stub[-1]] * (3 - len(row.stub))]
        assert list(printed) == [*stub, *(yonghe[f"t3.{row.key}.{c.key}"].text for c in form.columns)]
    assert grid[0] == (*[form.corner] * 3, *[form.head] * 7)
    assert grid[2][3:] == tuple(column.label for column in form.columns)


def test_part_three_has_the_merges_of_the_form(yonghe: Report) -> None:
    root = html.fragment_fromstring(applications_table(yonghe).as_raw_html())
    spans = {
        cell.text_content().strip(): (int(cell.get("rowspan", "1")), int(cell.get("colspan", "1")))
        for cell in root.iter("th")
    }
    assert spans["三、本年度办理结果"] == (22, 1)
    assert spans["一、本年新收政府信息公开申请数量"] == (1, 3)
    assert spans["（一）予以公开"] == spans["（七）总计"] == (1, 2)
    assert spans["（三）不予公开"] == (8, 1)
    assert spans[yonghe.edition.t3.corner] == (3, 3)
    assert spans["法人或其他组织"] == (1, 5)
    assert spans["自然人"] == (2, 1)


def test_part_two_is_a_grid_of_four_columns_in_which_single_figures_span_three(yonghe: Report) -> None:
    grid = _grid(disclosure_table(yonghe).as_raw_html())
    assert {len(row) for row in grid} == {4}
    assert grid[0] == ("第二十条第（一）项",) * 4
    assert grid[-1] == ("行政事业性收费", "0", "0", "0")
    assert grid[-2] == ("信息内容", *["本年收费金额（单位：万元）"] * 3)


def test_part_four_is_a_grid_of_15_columns_with_blanks_kept(yonghe: Report) -> None:
    grid = _grid(disputes_table(yonghe).as_raw_html())
    assert [len(row) for row in grid] == [15] * 4
    assert grid[0] == ("行政复议",) * 5 + ("行政诉讼",) * 10
    assert grid[1][5:] == ("未经复议直接起诉",) * 5 + ("复议后起诉",) * 5
    assert grid[3] == ("",) * 5 + ("0",) * 10


@pytest.mark.parametrize("make", [disclosure_table, applications_table, disputes_table])
def test_the_html_is_the_same_each_time_and_names_no_missing_id(make, yonghe: Report) -> None:  # type: ignore[no-untyped-def]
    first = make(yonghe).as_raw_html()
    assert first == make(yonghe).as_raw_html()
    root = html.fragment_fromstring(first)
    ids = {element.get("id") for element in root.iter()}
    assert all(name in ids for cell in root.iter("td", "th") for name in (cell.get("headers") or "").split())


def test_the_methods_of_great_tables_keep_the_merges(yonghe: Report) -> None:
    chained = applications_table(yonghe).tab_options(table_font_size="10px")
    assert _grid(chained.as_raw_html()) == _grid(applications_table(yonghe).as_raw_html())


def test_the_panel_lists_what_is_wrong_and_counts_what_holds(yonghe: Report) -> None:
    result = check_report(yonghe)
    text = html.fragment_fromstring(findings_table(result).as_raw_html()).text_content()
    assert f"成立 {result.counts['held']} 项" in text
    assert all(finding.message in text for finding in result.findings)


@pytest.mark.parametrize("make", ["part two", "part three", "part four", "panel", "markup", "missing", "formatted"])
def test_text_is_escaped_as_great_tables_does_it(make: str, yonghe: Report, monkeypatch: pytest.MonkeyPatch) -> None:
    def table() -> FormTable:
        odd = pd.DataFrame({"组": ["<i>", "<i>", "b"], "项": ["a&b", "", "“”"], "值": ["<b>1</b>", " ", "\n"]})
        match make:
            case "part two":
                return disclosure_table(yonghe)
            case "part three":
                return applications_table(yonghe)
            case "part four":
                return disputes_table(yonghe)
            case "panel":
                return findings_table(check_report(yonghe))
            case "markup":
                return FormTable(odd, groupname_col="组", rowname_col="项", id="x")
            case "missing":
                return FormTable(odd.assign(值=["1", None, 2.5]), id="x").sub_missing()
            case _:
                return FormTable(odd.assign(值=[1000, 2, 3]), id="x").fmt_integer("值")

    quick = table().as_raw_html()
    monkeypatch.setattr(FormTable, "_render_formats", GT._render_formats)
    assert quick == table().as_raw_html()
