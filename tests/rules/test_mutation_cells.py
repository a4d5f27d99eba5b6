"""One wrong value in any cell of a sound report breaks exactly the rules that mention the cell."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from decimal import Decimal

import pytest
import rulebook as rb

from nianbao.report import Report
from nianbao.rules import check_report
from nianbao.statute.cell import BLANK, Cell, State, not_applicable_cell, unreadable_cell
from nianbao.statute.rulebook import Equation, rules_for

Place = tuple[str, str | None]
KIND_RULE = {"t2": "T2-01", "t3": "T3-06", "t4": "T4-02"}
PLAIN_OVERVIEW = """主动公开：及时公开信息。
依申请公开：依法办理申请。
政府信息管理：规范信息管理。
平台建设：维护网站。
监督保障：开展考核、社会评议，没有责任追究的情形。"""


def plain(year: int) -> Report:
    """The sound report with a narrative that quotes no figure, so that only the tables speak."""
    report = rb.with_text(rb.sound(year), overview=PLAIN_OVERVIEW)
    return rb.with_params(report, disclosure={})


def places(equation: Equation, report: Report) -> Iterator[tuple[str, list[str], list[str]]]:
    """The law read anew, by plain substitution: where an equation stands and the cells on its two sides."""
    t3, t4 = report.edition.t3, report.edition.t4
    six = [c.key for c in t3.columns if c.key != "total"]
    repeated = {
        "t2.documents": ("{item}", ["rules", "normative"]),
        "t3.columns": ("{column}", [*six, "total"]),
        "t3.applicants": ("{column}", six),
        "t3.total_column": ("{column}", ["total"]),
        "t3.rows": ("{row}", [f"t3.{row.key}" for row in t3.rows]),
        "t4.groups": ("{group}", [f"t4.{group.key}" for group in t4.groups]),
    }
    outcomes = [row.key for row in t3.rows if row.key not in ("received", "carried_in", "total", "carried_out")]
    sums = {"{outcomes}": outcomes, "{applicants}": six, "{results}": ["upheld", "corrected", "other", "pending"]}
    mark, keys = repeated[equation.over]
    for key in keys:
        sides = []
        for terms in (equation.left, equation.right):
            cells = [term.replace(mark, key) for term in terms]
            for name, parts in sums.items():
                cells = [cell.replace(name, part) for cell in cells for part in (parts if name in cell else [""])]
            sides.append(cells)
        yield equation.at.replace(mark, key), sides[0], sides[1]


def value(report: Report, term: str) -> int | Decimal | None:
    """A term's value with its sign; None where the cell is not a number."""
    name = term.lstrip("-")
    cells = report.cells
    if name.startswith("上年:"):
        assert report.previous is not None
        cells, name = report.previous.cells, name[3:]
    cell = cells[name]
    return None if cell.value is None else cell.value * (-1 if term.startswith("-") else 1)


def expected(report: Report, key: str) -> set[Place]:
    """What a plain reading of the rules says about a report in which only ``key`` was changed."""
    found: set[Place] = set()
    for rule in rules_for(report.edition.name):
        if not isinstance(rule.test, Equation) or not answerable(rule.test, report):
            continue
        for at, left, right in places(rule.test, report):
            if key not in [term.lstrip("-") for term in left + right]:  # a term of last year's is spelt otherwise
                continue
            sides = [[value(report, term) for term in side] for side in (left, right)]
            if None in sides[0] + sides[1]:
                found.add((rule.code, at))
                continue
            a, b = (sum(v for v in side if v is not None) for side in sides)
            if not (a >= b if rule.test.at_least else a == b):
                found.add((rule.code, at))
    cell = report[key]
    money, change = key in ("t2.fees.amount", "t2.procurement.amount"), key.endswith(".change")
    if cell.value is None or (cell.value < 0 and not change) or (cell.value % 1 and not money):
        found.add((KIND_RULE[key[:2]], key.rpartition(".")[0]))
    if re.match(r"t2\.rules\.", key) and cell.value:
        found.add(("T2-02", key))
    return found


def answerable(equation: Equation, report: Report) -> bool:
    if not any("上年:" in term for term in equation.left + equation.right):
        return True
    if report.previous is None:
        return False
    return equation.over != "t2.documents" or report.previous.edition.name == "2021"


WRONG: dict[str, Callable[[int | Decimal], int | Decimal | Cell]] = {
    "one more": lambda value: value + 1,
    "ten less": lambda value: value - 10,
    "half": lambda value: value + Decimal("0.5"),
    "blank": lambda _: BLANK,
    "mark": lambda _: not_applicable_cell("/"),
    "text": lambda _: unreadable_cell("三件"),
}


@pytest.mark.parametrize(("year", "cells"), [(2023, 200), (2020, 198)])
def test_a_wrong_cell_breaks_exactly_the_rules_that_mention_it(
    year: int, cells: int, capsys: pytest.CaptureFixture[str]
) -> None:
    report = plain(year)
    baseline = {(f.rule, f.cell) for f in check_report(report).findings}
    assert baseline == set()
    assert len(report.cells) == cells
    mutants = caught = silent = 0
    for key, cell in report.cells.items():
        for name, spoil in WRONG.items():
            spoilt = rb.with_cells(report, {key: spoil(cell.number)})
            due = expected(spoilt, key)
            found = {(f.rule, f.cell) for f in check_report(spoilt).findings}
            assert found == due, f"{key} {name}"
            if due:
                mutants, caught = mutants + 1, caught + bool(found)
            else:
                silent += 1
    with capsys.disabled():
        share = 100 * caught / mutants
        print(f"\n  {year}: {caught} of {mutants} mutants of {cells} cells caught ({share:.0f} %); {silent} are sound")
    assert caught == mutants


def test_the_only_changes_that_no_rule_can_see_are_sound_values_of_free_cells() -> None:
    """Another whole number in a cell that stands in no equation is another sound report."""
    report = plain(2023)
    free = {key for key in report.cells if not expected(rb.with_cells(report, {key: report[key].number + 1}), key)}
    assert free == {
        "t2.licensing.decisions",
        "t2.penalty.decisions",
        "t2.coercion.decisions",
        "t2.fees.amount",
    }


@pytest.mark.parametrize("year", [2023, 2020])
def test_every_cell_of_part_three_stands_in_two_equations_or_more(year: int) -> None:
    report = plain(year)
    for key in report.cells:
        if key.startswith("t3."):
            broken = expected(rb.with_cells(report, {key: report[key].number + 1}), key)
            assert len(broken) >= 2, key


@pytest.mark.parametrize(("year", "rows"), [(2023, 25), (2020, 23)])
def test_the_equations_stand_wherever_the_form_has_them(year: int, rows: int) -> None:
    """7 columns twice, every row once, three groups; and every cell of parts three and four is in one."""
    report = plain(year)
    stand = {
        rule.code: [set(left + right) for _, left, right in places(rule.test, report)]
        for rule in rules_for(report.edition.name)
        if isinstance(rule.test, Equation)
    }
    counts = {code: len(where) for code, where in stand.items()}
    documents = {"T2-03": 2, "T2-04": 2} if year == 2023 else {}
    assert counts == {"T3-01": 7, "T3-02": 7, "T3-03": rows, "T3-04": 1, "T3-05": 6, "T4-01": 3} | documents
    assert set().union(*stand["T3-03"]) == {key for key in report.cells if key.startswith("t3.")}
    assert set().union(*stand["T4-01"]) == {key for key in report.cells if key.startswith("t4.")}
    assert set().union(*stand["T3-01"], *stand["T3-02"]) == set().union(*stand["T3-03"])


def test_last_years_cells_are_compared_only_where_a_rule_says_so() -> None:
    report = plain(2023)
    assert report.previous is not None
    for key, cell in report.previous.cells.items():
        found = rb.breaches(rb.with_last_year(report, {key: cell.number + 1}))
        if key == "t3.carried_out.total":
            assert found == {"T3-04"}
        elif key.startswith("t3.carried_out."):
            assert found == {"T3-05"}
        elif key.endswith(".in_force"):
            assert found == {"T2-04"}
        else:
            assert found == set(), key


def test_a_blank_of_last_year_cannot_be_told_at_the_rules_own_severity() -> None:
    report = rb.with_last_year(plain(2023), {"t3.carried_out.total": BLANK, "t3.carried_out.natural": BLANK})
    findings = {f.rule: f for f in check_report(report).findings}
    assert {code: (f.severity.value, f.outcome.value) for code, f in findings.items()} == {
        "T3-04": ("error", "unknown"),
        "T3-05": ("warning", "unknown"),
    }
    message = "T3-04〔总计〕无法核对：2022 年的四、结转下年度继续办理不是数。先补上不是数的格。"
    assert findings["T3-04"].message == message


def test_without_last_years_report_there_are_hints_and_no_errors() -> None:
    result = check_report(rb.with_text(rb.sound(2023, history=False), overview=PLAIN_OVERVIEW))
    assert result.ready
    assert [f.message for f in result.findings] == [
        "T2-04无法核对：没有 2022 年的报告。",
        "T3-04〔总计〕无法核对：没有 2022 年的报告。",
        "T3-05无法核对：没有 2022 年的报告。",
    ]
    assert {f.severity.value for f in result.findings} == {"info"}


def test_last_year_on_the_form_of_2019_has_no_documents_in_force() -> None:
    result = check_report(plain(2021))
    assert [f.message for f in result.findings] == [
        "T2-04无法核对：2020 年的报告用国办公开办函〔2019〕60号的格式，没有这几格。"
    ]


def test_a_negative_change_is_sound_in_the_form_of_2019() -> None:
    report = rb.with_cells(plain(2020), {"t2.licensing.change": -3})
    assert rb.breaches(report) == set()


def test_the_city_is_not_asked_about_rules_made() -> None:
    report = plain(2023)
    city = rb.replace(report, unit=report.city, cells={**report.cells, "t2.rules.made": report["t2.normative.made"]})
    assert "T2-02" not in rb.breaches(city)


def test_the_message_of_a_row_names_each_bad_cell() -> None:
    report = rb.with_cells(
        plain(2023),
        {
            "t4.direct.upheld": BLANK,
            "t4.direct.corrected": not_applicable_cell("—"),
            "t4.direct.other": unreadable_cell("叁"),
            "t4.direct.pending": -1,
        },
    )
    message = next(f.message for f in check_report(report).findings if f.rule == "T4-02")
    assert message == (
        "T4-02〔行政诉讼·未经复议直接起诉〕不成立：有 4 格不合要求：结果维持空白、结果纠正为“—”，不是数、"
        "其他结果为“叁”，认不出、尚未审结为 -1，不应为负。逐格填数，没有的填 0。"
    )
    assert report["t4.direct.upheld"].state is State.BLANK
