"""Predicates about a report that was read from a published document."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from nianbao.rules.equations import rests_on_unread
from nianbao.rules.finding import Check, Finding, fails, unknown
from nianbao.rules.subject import Subject
from nianbao.statute.rulebook import Equation, Rule, rules_for
from nianbao.wording import enumeration

_TABLES = {"t2": "第二部分", "t3": "第三部分", "t4": "第四部分"}


def everything_is_recognised(rule: Rule, subject: Subject) -> Iterator[Finding | None]:
    """One finding for each thing that was not recognised; holds for every report from params."""
    if not subject.report.unrecognised:
        yield None
    for thing in subject.report.unrecognised:
        yield unknown(rule, thing.place, thing.cell, thing.reason, thing.remedy, thing.severity)


def every_equation_can_be_worked_out(rule: Rule, subject: Subject) -> Iterator[Finding | None]:
    """One finding for all equations that need a cell that could not be read."""
    report = subject.report
    places = {
        one.code: count
        for one in rules_for(report.edition.name)
        if isinstance(one.test, Equation) and (count := rests_on_unread(one.test, report))
    }
    if places:
        reason = f"{enumeration(places)}共 {sum(places.values())} 处要用没有读出的格"
        yield unknown(rule, "", None, reason, rule.remedy)
    elif report.literal:
        yield None


def no_cell_is_left_blank(rule: Rule, subject: Subject) -> Iterator[Finding | None]:
    """One finding a table for the cells that a published report leaves blank."""
    blank = Counter(key.partition(".")[0] for key in subject.report.blank)
    for table, name in _TABLES.items():
        if blank[table]:
            yield fails(rule, name, table, blank[table], 0)
        elif subject.report.literal:
            yield None


CHECKS: tuple[Check, ...] = (everything_is_recognised, every_equation_can_be_worked_out, no_cell_is_left_blank)
