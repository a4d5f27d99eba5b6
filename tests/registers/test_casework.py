"""What the analyst sees beside the form: periods, months, what was left out; never in the report."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from lxml import html as lxml_html
from tests.test_notebook import REPORT, _cells

import nianbao as nb
from nianbao.errors import UsageError
from nianbao.registers import RegisterFigures
from nianbao.registers.workdays import calendar
from nianbao.report import Report

Load = Callable[..., RegisterFigures]

HEAD = [
    *("收件编号", "收到日期", "申请人类型", "办理结果", "答复日期"),
    *("延长工作日", "扣除工作日", "补正告知日期", "收到补正日期"),
]


def row(number: str, received: str, answered: str = "", *more: str) -> list[str]:
    return [number, received, "自然人", "予以公开" if answered else "", answered, *more, *[""] * (4 - len(more))]


def shown(report: Report, found: RegisterFigures) -> list[list[list[str]]]:
    """The texts of the tables of the analyst's cell, by row and cell."""
    root = lxml_html.fragment_fromstring(nb.casework(replace(report, registers=found)).html, create_parent=True)
    return [
        [[cell.text_content().strip() for cell in line if cell.tag in ("td", "th")] for line in table.iter("tr")]
        for table in root.iter("table")
    ]


def test_without_registers_nothing_is_shown(yonghe: Report) -> None:
    assert nb.casework(yonghe).html == ""


def test_it_names_what_is_late_open_or_too_long(yonghe: Report, load: Load) -> None:
    found = load(
        applications=[
            HEAD,
            row("in time", "2023-2-6", "2023-3-6"),
            row("late", "2023-2-6", "2023-3-8"),
            row("too long", "2023-2-6", "2023-4-3", "30"),
            row("amended", "2023-2-6", "2023-4-10", "", "", "2023-2-16", "2023-3-13"),
            row("open", "2023-12-15"),
            row("overdue", "2023-9-1"),
        ]
    )
    periods, months = shown(yonghe, found)
    assert periods[0] == ["办理期限"]
    assert periods[1] == [
        "共 6 件：按期答复 3 件，逾期答复 1 件，年末仍未答复且已逾期 1 件，年末未答复、未到期 1 件，补正告知逾期 1 件"
    ]
    assert [line[0] for line in periods[3:]] == ["late", "too long", "amended", "open", "overdue"]
    assert periods[3] == ["late", "2023-02-06", "2023-03-06", "2023-03-08", "2", "", "", "", "", "逾期答复"]
    assert periods[5][-1] == "按期答复；补正告知逾期"
    assert months[2] == ["登记簿", *(f"{month}月" for month in range(1, 13)), "全年"]
    assert months[3:] == [["收到申请", *"040000001001", "6"], ["答复申请", *"002200000000", "4"]]


def test_columns_without_anything_in_them_are_left_out(yonghe: Report, load: Load) -> None:
    periods = shown(yonghe, load(applications=[HEAD, row("late", "2023-2-6", "2023-3-8")]))[0]
    assert periods[2] == ["收件编号", "收到日期", "应答复日期", "答复日期", "逾期工作日", "情况"]


def test_when_all_is_in_time_it_says_so(yonghe: Report, load: Load) -> None:
    assert shown(yonghe, load(applications=[HEAD, row("1", "2023-2-6", "2023-3-6")]))[0][-1] == [
        "共 1 件，都已按期答复"
    ]
    assert shown(yonghe, load(applications=[HEAD]))[0][-1] == ["共 0 件，登记簿里没有这一年的申请"]


def test_years_whose_holidays_are_not_known_are_said(yonghe: Report, load: Load) -> None:
    last = calendar().last_year
    periods = shown(yonghe, load(last, applications=[HEAD, row("1", f"{last}-12-20")]))[0]
    assert periods[1] == ["共 1 件：放假安排未知、无法计算 1 件"]
    assert periods[-1][-1] == f"只知道 2004 至 {last} 年的放假安排，无法计算"


def test_many_are_counted_not_all_listed(yonghe: Report, load: Load) -> None:
    late = [row(f"{number:03}", "2023-2-6", "2023-3-8") for number in range(103)]
    root = nb.casework(replace(yonghe, registers=load(applications=[HEAD, *late]))).html
    assert "另有 3 件未列出，用 nb.deadlines(report) 查看全部。" in root
    assert ">099<" in root and ">100<" not in root


def test_what_was_left_out_on_reading_is_listed(yonghe: Report, load: Load) -> None:
    found = load(applications=[[*HEAD, "备忘"], row("1", "2023-2-6", "2023-3-6"), ["合计", "1"]])
    html = nb.casework(replace(yonghe, registers=found)).html
    assert "第 3 行是合计，未计入。</li>" in html
    assert "未用到的列 备忘。</li>" in html


def test_hostile_entries_are_text(yonghe: Report, load: Load) -> None:
    found = load(applications=[HEAD, row("<script>alert(1)</script>", "2023-2-6", "2023-3-8")])
    html = nb.casework(replace(yonghe, registers=found)).html
    assert "<script" not in html and "&lt;script&gt;" in html


def test_the_notebook_shows_it_to_the_analyst_only() -> None:
    (cell,) = [cell for cell in _cells(REPORT) if "casework" in "".join(cell["source"])]
    assert cell["metadata"]["tags"] == ["internal"]


def test_cases_and_deadlines_are_at_hand_in_the_notebook(yonghe: Report, load: Load) -> None:
    assert {"cases", "casework", "deadlines"} <= set(dir(nb))
    report = replace(yonghe, registers=load(applications=[HEAD, row("1", "2023-2-6", "2023-3-6")]))
    assert nb.cases(report, "t3.received.natural")["收件编号"].tolist() == ["1"]
    assert nb.deadlines(report)["状态"].to_dict() == {"1": "按期答复"}
    with pytest.raises(UsageError, match="没有登记簿"):
        nb.deadlines(yonghe)


def test_deadlines_need_a_register_of_applications(yonghe: Report, load: Load) -> None:
    with pytest.raises(UsageError, match="没有依申请公开的登记簿"):
        nb.deadlines(replace(yonghe, registers=load(documents=[["文号", "名称", "制发日期"]])))
