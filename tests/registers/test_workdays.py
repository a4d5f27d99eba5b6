"""Working days and the statutory periods of articles 30 and 33."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import chinese_calendar
import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from nianbao.registers import RegisterFigures
from nianbao.registers.workdays import calendar

Load = Callable[..., RegisterFigures]

HEAD = [
    "收件编号",
    "收到日期",
    "申请人类型",
    "办理结果",
    "答复日期",
    "延长工作日",
    "扣除工作日",
    "补正告知日期",
    "收到补正日期",
]


def row(number: str, received: str, answered: str = "", *more: str) -> list[str]:
    return [number, received, "自然人", "予以公开" if answered else "", answered, *more, *[""] * (4 - len(more))]


@settings(max_examples=60, deadline=None)
@given(st.dates(date(2005, 1, 1), date(2025, 12, 31)), st.integers(1, 80))
def test_the_nth_working_day_is_what_counting_day_by_day_gives(start: date, count: int) -> None:
    day, left = start, count
    while left:
        day += timedelta(days=1)
        left -= chinese_calendar.is_workday(day)
    days = np.array([start], dtype="datetime64[D]")
    due = calendar().add(days, np.array([count]))
    assert due.tolist() == [day]
    assert calendar().between(days, due).tolist() == [count]
    assert calendar().between(due, days).tolist() == [-count]


def test_answers_due_late_and_extended(load: Load) -> None:
    found = load(
        applications=[
            HEAD,
            # 20 working days from 7 February 2023 end on 6 March: no holiday lies between.
            row("in time", "2023-2-6", "2023-3-6"),
            row("late", "2023-2-6", "2023-3-8"),
            row("extended", "2023-2-6", "2023-4-3", "20"),
            row("too long", "2023-2-6", "2023-4-3", "30"),
            row("consulted", "2023-2-6", "2023-3-8", "", "5"),
            # Amended: the period runs from the amended application; the notice went out after 8 working days.
            row("amended", "2023-2-6", "2023-4-10", "", "", "2023-2-16", "2023-3-13"),
            row("open", "2023-12-15"),
            row("overdue", "2023-9-1"),
            row("next year", "2023-12-15", "2024-1-10"),
        ]
    )
    table = found.deadlines
    assert table.index.tolist() == [
        "in time",
        "late",
        "extended",
        "too long",
        "consulted",
        "amended",
        "open",
        "overdue",
        "next year",
    ]
    assert table["应答复日期"].dt.date.tolist()[:4] == [date(2023, 3, 6)] * 2 + [date(2023, 4, 3)] * 2
    assert table["应答复日期"]["consulted"] == pd.Timestamp(2023, 3, 13)
    assert table["应答复日期"]["amended"] == pd.Timestamp(2023, 4, 11)
    assert table["逾期工作日"].tolist()[:6] == [0, 2, 0, 0, 0, 0]
    assert table["状态"].tolist() == [
        "按期答复", "逾期答复", "按期答复", "按期答复，但延长超过 20 个工作日", "按期答复", "按期答复",
        "年末未答复，未到期", "年末仍未答复，已逾期", "年末未答复，未到期",
    ]  # fmt: skip
    assert table["补正告知期限"]["amended"] == pd.Timestamp(2023, 2, 15)
    assert table["补正告知逾期工作日"]["amended"] == 1
    assert table["补正告知逾期工作日"].isna().sum() == 8
    assert table["年末剩余工作日"]["open"] == 10
    assert table["年末剩余工作日"]["overdue"] < 0


def test_years_that_are_not_known_are_said_not_guessed(load: Load) -> None:
    last = calendar().last_year
    found = load(last, applications=[HEAD, row("1", f"{last}-12-20"), row("2", f"{last}-3-2", f"{last}-3-5")])
    assert found.deadlines["应答复日期"].isna().tolist() == [True, False]
    assert found.deadlines["状态"].tolist() == [f"只知道 2004 至 {last} 年的放假安排，无法计算", "按期答复"]
    assert found.figures["t3.carried_out.natural"].number == 1


def test_no_applications_no_deadlines(load: Load) -> None:
    assert load(documents=[["文号", "名称", "制发日期"]]).deadlines.empty


def test_a_register_of_a_year_without_entries(load: Load) -> None:
    assert len(load(applications=[HEAD]).deadlines) == 0
