"""In what order a reading speaks: what was not read first and once, then what does not hold; never advice that nobody can take."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path

import pytest
from published_samples import Td, figures, numbers, page, plain_td, read, zeros
from tests.conftest import PARAMS

from nianbao.params import load_units
from nianbao.published import lines_of, read_several, to_report
from nianbao.rules import CheckResult, check_report
from nianbao.statute import EDITIONS, FORM_2021, Edition, Kind
from nianbao.statute.rulebook import RULES, Severity

UNITS = load_units(PARAMS)
Values = Mapping[str, int | Decimal | str]


def sound(edition: Edition) -> dict[str, int | Decimal]:
    """Figures of which every equation holds, with zeros and without."""
    values: dict[str, int | Decimal] = dict.fromkeys(edition.fields, 0)
    for column, applicant in enumerate(edition.t3.applicants):
        values[f"t3.received.{applicant.key}"] = 5 + column
        values[f"t3.granted.{applicant.key}"] = 3 + column
        values[f"t3.denied.process.{applicant.key}"] = 1
        values[f"t3.carried_out.{applicant.key}"] = 1
    values["t4.review.upheld"] = 2
    for total, parts in edition.totals.items():
        values[total] = sum(int(values[part]) for part in parts)
    for field in edition.t2.fields:
        if field.kind is Kind.MONEY:
            values[field.key] = Decimal("1.5")
    return values


def result_of(html: str) -> CheckResult:
    return check_report(to_report(read(html), UNITS))


# -- what was not read ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("edition", EDITIONS, ids=lambda edition: edition.name)
@pytest.mark.parametrize("part", ["disclosure", "applications", "disputes"])
@pytest.mark.parametrize("instead", ["<p><img src=1.png></p>", "<p>（见附件）</p>"])
def test_a_table_that_was_not_read_is_said_first_and_nothing_echoes_it(
    edition: Edition, part: str, instead: str
) -> None:
    result = result_of(page(edition, sound(edition), tables={part: instead}))
    assert result.findings[0].rule == "R-01" and "没有认出这张表" in result.findings[0].message
    assert [finding.rule for finding in result.blocking] == ["R-01"]
    assert sum(finding.rule == "R-02" for finding in result.findings) <= 1
    assert not [
        finding for finding in result.findings[2:] if "认不出" in finding.message or "未识别" in finding.message
    ]


def test_rows_that_were_not_read_leave_the_equations_of_others_alone() -> None:
    values: dict[str, int | Decimal | str] = {**sound(FORM_2021), "t4.direct.upheld": 7}
    html = page(FORM_2021, values).replace("<td>1.属于国家秘密</td>", "<td>1.某项</td>")
    result = result_of(html)
    assert {finding.rule for finding in result.blocking} == {"R-01", "T4-01"}
    waiting = next(finding for finding in result.findings if finding.rule == "R-02")
    assert "T3-02、T3-03共 8 处" in waiting.message


def test_what_a_document_itself_prints_that_is_no_number_is_a_fault_of_the_document() -> None:
    result = result_of(page(FORM_2021, {**sound(FORM_2021), "t3.granted.legal": "若干"}))
    assert ("T3-06", "t3.granted") in {(finding.rule, finding.cell) for finding in result.blocking}


# -- zeros left blank -------------------------------------------------------------------------------------------------


def with_blanks(values: Values) -> dict[str, int | Decimal | str]:
    return {key: "" if value == 0 else value for key, value in values.items()}


@pytest.mark.parametrize("edition", EDITIONS, ids=lambda edition: edition.name)
def test_zeros_left_blank_are_one_warning_a_table_and_every_equation_is_worked_out(edition: Edition) -> None:
    values = with_blanks(sound(edition))
    published = read(page(edition, values))
    assert figures(published) == {key: None if value == "" else value for key, value in values.items()}
    result = check_report(to_report(published, UNITS))
    blank = [finding for finding in result.findings if finding.rule == "R-03"]
    assert [(one.cell, one.left) for one in blank] == [
        (table, sum(value == "" for key, value in values.items() if key.startswith(table)))
        for table in ("t2", "t3", "t4")
    ]
    assert result.ready
    tables = [
        finding for finding in result.findings if finding.rule[0] == "T" and finding.severity is not Severity.INFO
    ]
    assert not tables
    assert result.held["T3-03"] == len(edition.t3.rows) and result.held["T3-01"] == len(edition.t3.columns)


@pytest.mark.parametrize("edition", EDITIONS, ids=lambda edition: edition.name)
@pytest.mark.parametrize("key", ["t3.granted.total", "t3.received.natural", "t4.review.total"])
def test_a_fault_behind_blanks_shows_and_says_that_they_count_as_0(edition: Edition, key: str) -> None:
    values = sound(edition)
    values[key] += 1
    result = result_of(page(edition, with_blanks(values)))
    assert result.blocking
    row = key.rpartition(".")[0]
    about = [finding for finding in result.blocking if finding.cell and finding.cell.startswith((row, "t3.total"))]
    assert about and any(re.search(r"其中空白 \d+ 格按 0 计", finding.message) for finding in about)


# -- what is not said -------------------------------------------------------------------------------------------------


PUT_TO_OTHERS = [one for one in RULES if one.code[0] not in "WG"]  # waivers and the gate are about one's own


@pytest.mark.parametrize("one", PUT_TO_OTHERS, ids=lambda one: one.code)
def test_no_remedy_for_a_published_report_speaks_of_params(one: object) -> None:
    remedy = one.for_others().remedy  # type: ignore[attr-defined]
    assert not re.search(r"[a-z_]{3,}|\{", remedy), remedy


@pytest.mark.parametrize("one", RULES, ids=lambda one: one.code)
def test_no_remedy_names_a_year(one: object) -> None:
    assert not re.search(r"20\d\d", one.remedy)  # type: ignore[attr-defined]


def test_the_same_report_twice_is_one_line(tmp_path: Path) -> None:
    html = page(FORM_2021, zeros(FORM_2021))
    first, again, other = tmp_path / "a.html", tmp_path / "b.html", tmp_path / "c.html"
    first.write_text(html, encoding="utf-8")
    again.write_text(html, encoding="gb18030")
    other.write_text(html.replace("12条", "13条"), encoding="utf-8")
    lines = list(lines_of(read_several([first, again, other], UNITS)))
    about = [line for line in lines if "b.html" in line]
    assert about == [f"{again.as_posix()}：与 {first.as_posix()} 是同一份报告，不再列出。"]
    assert any(line.startswith(f"{other.as_posix()}（网页）") for line in lines)


def test_what_waits_for_one_and_the_same_thing_stands_on_one_line(tmp_path: Path) -> None:
    path = tmp_path / "a.html"
    path.write_text(page(FORM_2021, numbers(FORM_2021)), encoding="utf-8")
    lines = [line for line in lines_of(read_several([path], UNITS)) if "没有 2022 年的报告" in line]
    assert lines == ["  [提示] T2-04、T3-04、T3-05 无法核对：没有 2022 年的报告。"]


def test_what_was_not_read_is_listed_apart(tmp_path: Path) -> None:
    def lost(cell: Td) -> str:
        return plain_td(cell).replace("1.属于国家秘密", "1.某项")

    path = tmp_path / "a.html"
    path.write_text(page(FORM_2021, sound(FORM_2021), lost), encoding="utf-8")
    lines = list(lines_of(read_several([path], UNITS)))
    start, end = lines.index("  没有读出的："), lines.index("  读出的部分：")
    assert start < end and all(" R-0" in line for line in lines[start + 1 : end])
    assert not any("[错误] R-0" in line for line in lines[end:])
