"""A form that is not written yet starts with the whole rule book, and nothing passes for want of a rule."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import rulebook as rb
from test_mutation_rules import FAULTS, spoilt
from tests.conftest import GOLDEN

from nianbao.report import Report, load_report
from nianbao.rules import CheckResult, Outcome, check_report
from nianbao.statute import EDITIONS, FORM_2021
from nianbao.statute.rulebook import RULES, Severity, rule, rules_for

NEXT_FORM = replace(FORM_2021, name="2031", first_year=2031, last_year=None)


def on_the_next_form(report: Report) -> Report:
    return replace(report, edition=NEXT_FORM)


@pytest.mark.parametrize("name", ["2031", "2021 ", "", "二〇二一"])
def test_a_form_that_no_rule_names_is_bound_by_every_rule(name: str) -> None:
    assert rules_for(name) == RULES


def test_exceptions_name_forms_that_there_are() -> None:
    """A misspelt exception would bind a form to a rule that it cannot keep, or excuse one that nobody meant."""
    known = {edition.name for edition in EDITIONS}
    for one in RULES:
        assert set(one.but_not) <= known, one.code
        assert any(one.binds(edition.name) for edition in EDITIONS), one.code


def test_the_published_report_with_its_fault_is_a_draft_on_the_next_form_too() -> None:
    report = load_report("yonghe", 2023, GOLDEN / "unwaived")
    known, unknown = check_report(report), check_report(on_the_next_form(report))
    assert not known.ready and not unknown.ready
    assert {f.rule for f in known.blocking} <= {f.rule for f in unknown.blocking}


@pytest.mark.parametrize("code", sorted(one for one in FAULTS if rule(one).binds(FORM_2021.name)))
def test_every_fault_is_caught_on_the_next_form(code: str, tmp_path: Path) -> None:
    assert code in rb.breaches(on_the_next_form(spoilt(code, rb.YEAR, tmp_path)))


def test_where_no_blocking_rule_ran_nothing_is_ready() -> None:
    """No finding is not enough: warnings and hints that hold say nothing of what blocks."""
    gentle = {one.code: 7 for one in RULES if one.severity is not Severity.ERROR}
    idle = {one.code: 0 for one in RULES}
    for held in ({}, gentle, idle, gentle | {"X-01": 3}):
        assert not CheckResult("yonghe", 2023, "2031", (), held).ready
    assert CheckResult("yonghe", 2023, "2031", (), {"T3-01": 1}).ready


def test_a_form_without_the_cells_of_a_rule_that_binds_it_cannot_be_told() -> None:
    """The rule is not passed over: it must say by name that it does not bind the form."""
    bare = replace(NEXT_FORM, t4=replace(FORM_2021.t4, groups=()))
    found = check_report(replace(rb.sound(), edition=bare))
    assert not found.ready
    assert ("T4-01", Outcome.UNKNOWN) in {(finding.rule, finding.outcome) for finding in found.findings}
