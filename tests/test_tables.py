"""The great-tables objects have exactly the grid of the form."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

import pandas as pd
import pytest
from great_tables import GT
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import html

from nianbao.document import Table, read_html
from nianbao.notebook import sections
from nianbao.report import Report
from nianbao.rules import CheckResult, check_report
from nianbao.rules.listed import listed
from nianbao.statute import Edition, edition_for
from nianbao.statute.cell import BLANK, number_cell
from nianbao.tables import applications_table, disclosure_table, disputes_table, findings_table, statutory_html
from nianbao.tables.merged import FormTable
from nianbao.tables.statutory import STATUTORY


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


def _panel(report: Report) -> tuple[CheckResult, list[list[str]], html.HtmlElement]:
    """The result, the rows of the panel as printed (a group's heading is a row of one cell), and its HTML."""
    result = check_report(report)
    root = html.fragment_fromstring(findings_table(result).as_raw_html())
    rows = [[cell.text_content() for cell in row.iter("td", "th")] for row in root.iterfind(".//tbody/tr")]
    return result, rows, root


def _with_faults(report: Report) -> Report:
    """With a blank, a difference, a text that needs escaping, and one waiver left."""
    cells = {**report.cells, "t4.direct.upheld": BLANK, "t3.granted.total": number_cell(3)}
    overview = f"{report.params.narrative.overview}\n2019年<b>我镇</b>做好公开。"
    narrative = report.params.narrative.model_copy(update={"overview": overview})
    waivers = report.params.waivers[:1]
    params = report.params.model_copy(update={"narrative": narrative, "waivers": waivers})
    return replace(report, cells=cells, params=params)


def test_the_panel_lists_every_finding_with_place_both_sides_and_remedy(yonghe: Report) -> None:
    result, rows, root = _panel(_with_faults(yonghe))
    printed = [row for row in rows if len(row) > 1]
    shown = listed(result.findings)
    assert [row[1] for row in printed] == [finding.rule for finding in shown.findings]
    assert len(shown.findings) + shown.echoes == len(result.findings) and shown.note in root.text_content()
    titles = [row[2].get("title", "") for row in root.iterfind(".//tbody/tr") if len(row) > 1]
    assert titles == [finding.cell or "" for finding in shown.findings]
    for row, finding in zip(printed, shown.findings, strict=True):
        assert finding.label in row[2] and finding.place in row[2]
        assert f"{finding.wrong}。" in row[3]
        assert (finding.waived or finding.remedy) in row[4]
    (place,) = [row[2] for row in printed if row[3] == "六类申请人合计 0，总计列 3，相差 3。"]
    assert re.fullmatch(r"（一）予以公开\nparams/2023/yonghe\.yaml:[0-9]+", place)
    assert any("2019年<b>" in row[3] for row in printed) and not root.findall(".//b")


def test_the_panel_has_what_fails_first_then_what_cannot_be_told_and_waived_last(yonghe: Report) -> None:
    result, rows, _ = _panel(_with_faults(yonghe))
    heads = [row[0] for row in rows if len(row) == 1]
    outcomes = [finding.outcome.value for finding in listed(result.findings).findings if finding.waived is None]
    assert heads == [f"不成立（{outcomes.count('fails')}）", f"无法核对（{outcomes.count('unknown')}）", "已豁免（1）"]
    levels = ["■ 错误", "▲ 警告", "● 提示", "○ 已豁免"]
    starts = [index for index, row in enumerate(rows) if len(row) == 1]
    for start, end in zip(starts, [*starts[1:], len(rows)], strict=True):
        ranks = [levels.index(row[0]) for row in rows[start + 1 : end]]
        assert ranks == sorted(ranks) and ranks


def test_the_panel_counts_what_holds_and_says_whether_the_report_is_ready(yonghe: Report) -> None:
    warnings = check_report(yonghe).counts["warning"]
    for report, head in (
        (yonghe, f"可以发布（{warnings} 个警告）：错误类规则都成立，或已豁免（5 项）"),
        (_with_faults(yonghe), "草稿：有 "),
    ):
        result, rows, root = _panel(report)
        text = root.text_content()
        assert head in text and f"成立 {result.counts['held']} 项，不再列出" in text
        assert len([row for row in rows if len(row) > 1]) == len(listed(result.findings).findings)


def test_where_nothing_was_found_the_panel_is_its_head(yonghe: Report, monkeypatch: pytest.MonkeyPatch) -> None:
    sound = replace(check_report(yonghe), findings=())
    monkeypatch.setattr("nianbao.notebook.sections.checked", lambda _report: sound)
    text = html.fragment_fromstring(sections.panel(yonghe).html).text_content()
    assert text.startswith("可以发布：错误类规则都成立") and f"成立 {sound.counts['held']} 项，不再列出" in text
    unjudged = replace(sound, held={})
    monkeypatch.setattr("nianbao.notebook.sections.checked", lambda _report: unjudged)
    assert (
        "草稿：错误类规则一条都没有查过"
        in html.fragment_fromstring(sections.panel(yonghe).as_raw_html()).text_content()
    )


@pytest.mark.parametrize("year", [2020, 2023])
@pytest.mark.parametrize("part", STATUTORY)
@settings(max_examples=10)
@given(texts=st.lists(st.sampled_from(("", "0", "12", "190.457379", "不适用", "<&>\"'", "a b")), min_size=1))
def test_a_table_that_was_filled_in_is_the_table_drawn_with_the_figures(part: str, year: int, texts: list[str]) -> None:
    """Also where a neighbour's text is the same, and where it needs escaping."""

    @dataclass(frozen=True)
    class Printed:
        text: str

    @dataclass(frozen=True)
    class Form:
        edition: Edition
        cells: dict[str, Printed]

    edition = edition_for(year)
    form = Form(edition, {key: Printed(texts[n % len(texts)]) for n, key in enumerate(edition.fields)})
    assert statutory_html(part, form) == STATUTORY[part](form).as_raw_html()


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
