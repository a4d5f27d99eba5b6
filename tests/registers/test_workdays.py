"""Working days and the statutory periods of articles 30 and 33."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import chinese_calendar
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.conftest import PARAMS

from nianbao.demo import write_demo
from nianbao.errors import NianbaoError
from nianbao.params.holidays import Holidays, load_holidays
from nianbao.params.schema import holidays_schema
from nianbao.publish.manifest import input_digests
from nianbao.registers import RegisterFigures
from nianbao.registers.workdays import calendar
from nianbao.report import load_report

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
    assert found.deadlines["状态"].tolist() == [
        f"只知道 2004 至 {last} 年的放假安排，无法计算",
        "按期答复",
    ]
    assert found.figures["t3.carried_out.natural"].number == 1


def test_no_applications_no_deadlines(load: Load) -> None:
    assert load(documents=[["文号", "名称", "制发日期"]]).deadlines.empty


def test_a_register_of_a_year_without_entries(load: Load) -> None:
    assert len(load(applications=[HEAD]).deadlines) == 0


# -- years that the library does not know, from params/holidays.yaml --------------------------------

# 示例：这些年份还没有公布，下面的放假和调休都是为测试编的。
NEXT = calendar().last_year + 1
OFF = [date(NEXT, 1, day) for day in (1, 2, 3)] + [date(NEXT, 2, day) for day in range(5, 15)]
WORKED = next(day for day in (date(NEXT, 1, 10) + timedelta(n) for n in range(7)) if day.weekday() == 6)


def holidays_file(*years: tuple[int, list[date], list[date]]) -> str:
    lines = []
    for year, off, worked in years:
        lines += [f"{year}:", "  source: 示例", f"  holidays: [{', '.join(map(str, off))}]"]
        lines += [f"  workdays: [{', '.join(map(str, worked))}]"] if worked else []
    return "\n".join(lines) + "\n"


def known(tmp_path: Path, text: str) -> Holidays:
    (tmp_path / "holidays.yaml").write_text(text, encoding="utf-8")
    return load_holidays(tmp_path)


def moved(days: list[date]) -> list[date]:
    return [day.replace(year=NEXT + 1) for day in days]


@settings(max_examples=40, deadline=None)
@given(start=st.dates(date(NEXT - 1, 12, 1), date(NEXT, 11, 1)), count=st.integers(1, 30))
def test_a_year_from_the_params_is_counted_day_by_day(
    tmp_path_factory: pytest.TempPathFactory, start: date, count: int
) -> None:
    holidays = known(tmp_path_factory.mktemp("params"), holidays_file((NEXT, OFF, [WORKED])))
    day, left = start, count
    while left:
        day += timedelta(days=1)
        works = chinese_calendar.is_workday(day) if day.year < NEXT else day in [WORKED] or day.weekday() < 5
        left -= works and day not in OFF
    days = np.array([start], dtype="datetime64[D]")
    assert calendar(holidays).add(days, np.array([count])).tolist() == [day]
    assert calendar(holidays).last_year == NEXT and calendar().last_year == NEXT - 1


def test_an_answer_due_in_january_is_judged_once_the_year_is_in_the_params(load: Load, tmp_path: Path) -> None:
    found = load(NEXT - 1, applications=[HEAD, row("1", f"{NEXT - 1}-12-20")])
    assert found.deadlines["应答复日期"].isna().all()
    later = replace(found, holidays=known(tmp_path, holidays_file((NEXT, OFF, [WORKED]))))
    assert later.deadlines["状态"].tolist() == ["年末未答复，未到期"]
    assert later.deadlines["应答复日期"]["1"].year == NEXT


def test_a_report_takes_the_holidays_beside_its_params(tmp_path: Path) -> None:
    folder = tmp_path / "params"
    write_demo(NEXT - 1, folder, PARAMS)
    (folder / "holidays.yaml").write_text(holidays_file((NEXT, OFF, [])), encoding="utf-8")
    report = load_report("qingyang", NEXT - 1, folder)
    assert report.registers is not None
    assert [known.year for known in report.registers.holidays] == [NEXT]
    assert "holidays.yaml" in input_digests(report.unit, NEXT - 1, folder)


def test_a_year_that_the_library_knows_and_one_behind_a_gap_change_nothing(tmp_path: Path) -> None:
    behind = moved(OFF)
    for year, days in ((NEXT - 1, [day.replace(year=NEXT - 1) for day in OFF]), (NEXT + 1, behind)):
        holidays = known(tmp_path, holidays_file((year, days, [])))
        assert calendar(holidays).last_year == NEXT - 1
        assert calendar(holidays).days.tolist() == calendar().days.tolist()
    both = known(tmp_path, holidays_file((NEXT + 1, behind, []), (NEXT, OFF, [])))
    assert calendar(both).last_year == NEXT + 1


@pytest.mark.parametrize("text", ["", "# 只有注释\n", (PARAMS / "holidays.yaml").read_text(encoding="utf-8")])
def test_a_file_of_comments_tells_nothing(tmp_path: Path, text: str) -> None:
    assert known(tmp_path, text) == ()
    assert load_holidays(tmp_path / "nowhere") == ()


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        (f"{NEXT}-01-02", f"{NEXT}-01-01", f":3：{NEXT}年1月1日写了两次。只保留一处，放假或者上班。"),
        (f"{NEXT}-01-02", f"{NEXT + 1}-01-02", f":3：{NEXT + 1}年1月2日不在 {NEXT} 年。"),
        (f"{NEXT}-01-02", f"{NEXT - 1}-11-30", f":3：{NEXT - 1}年11月30日不在 {NEXT} 年。"),
        (f"{NEXT}-01-02, ", "", f":3：{NEXT} 年放假的日子应不少于 13 天"),
        (f"{NEXT}-01-02", f"{NEXT}-02-30", f":3：{NEXT}-02-30 不是存在的日期"),
        (f"{NEXT}-01-02", "春节", f":3：{NEXT}.holidays[2] 应为日期，写作“年-月-日”，实为“春节”"),
        (f"[{WORKED}]", f"[{WORKED + timedelta(1)}]", ":4："),
        (f"[{WORKED}]", f"[{OFF[0]}]", f":4：{NEXT}年1月1日写了两次"),
        ("  source: 示例\n", "", f":1：缺少 {NEXT}.source"),
        ("workdays", "workday", f":4：没有 {NEXT}.workday 这个键。是否为 workdays？"),
        (f"{NEXT}:", "明年:", ":1："),
        (f"{NEXT}:", f"{NEXT}：", ":1：不是合法的 YAML（键后面缺少冒号）。冒号用半角的“:”"),
    ],
)
def test_what_is_wrong_in_it_is_named_with_its_line(tmp_path: Path, old: str, new: str, says: str) -> None:
    text = holidays_file((NEXT, OFF, [WORKED]))
    assert old in text
    with pytest.raises(NianbaoError) as caught:
        known(tmp_path, text.replace(old, new, 1))
    assert f"holidays.yaml{says}" in str(caught.value)


def test_the_schema_of_the_file_is_for_editors() -> None:
    schema = holidays_schema()
    year = schema["$defs"]["YearOff"]
    assert set(year["properties"]) == {"source", "holidays", "workdays"} and year["additionalProperties"] is False
    assert list(schema["patternProperties"]) == ["^20[0-9]{2}$"]
