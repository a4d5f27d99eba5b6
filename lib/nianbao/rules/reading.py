"""Predicate about a report that was read from a published document."""

from __future__ import annotations

from collections.abc import Iterator

from nianbao.rules.finding import Check, Finding, unknown
from nianbao.rules.subject import Subject
from nianbao.statute.rulebook import Rule


def everything_is_recognised(rule: Rule, subject: Subject) -> Iterator[Finding | None]:
    """One finding for each thing that was not recognised; holds for every report from params."""
    if not subject.report.unrecognised:
        yield None
    for thing in subject.report.unrecognised:
        yield unknown(rule, thing.place, thing.cell, thing.reason, thing.remedy, thing.severity)


CHECKS: tuple[Check, ...] = (everything_is_recognised,)
