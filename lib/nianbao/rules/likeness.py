"""Predicates about prose that was copied: from last year's report, or from another unit's of this year."""

from __future__ import annotations

from collections.abc import Iterator

from nianbao.errors import NianbaoError
from nianbao.params import Unit
from nianbao.params.narratives import narrative_of
from nianbao.report import Report
from nianbao.rules.finding import Check, Finding, fails, unknown
from nianbao.rules.judge.passages import part_label
from nianbao.rules.overlap import Likeness, compare, plain
from nianbao.rules.subject import Subject
from nianbao.statute.rulebook import Rule, Severity
from nianbao.wording import quoted

Texts = dict[str, str]


def texts_of(report: Report) -> Texts:
    """A report's narrative by section, bare of figures and of the unit's own names."""
    return _bare(report.params.narrative.model_dump(), report.unit, report.city.name)


def _bare(narrative: dict[str, str | None], unit: Unit, city: str) -> Texts:
    return {part: plain(text, unit, city) for part, text in narrative.items() if text}


def differs_from_last_year(rule: Rule, subject: Subject) -> Iterator[Finding | None]:
    """Section by section against the unit's own report of the year before."""
    previous = subject.report.previous
    if previous is not None:
        yield from _findings(rule, subject.report, compare(texts_of(subject.report), {"": texts_of(previous)}))


def differs_from_other_units(rule: Rule, subject: Subject) -> Iterator[Finding | None]:
    """Section by section against the other units' params of the same year, where there are any beside this file."""
    report = subject.report
    if report.loaded is None:
        return
    others: dict[str, Texts] = {}
    for unit in report.neighbours:
        path = report.loaded.path.with_name(f"{unit.id}.yaml")
        if not path.is_file():
            continue
        try:
            others[unit.name] = _bare(dict(narrative_of(path)), unit, report.city.name)
        except NianbaoError as error:
            yield unknown(rule, unit.name, None, f"读不出{unit.name}的正文（{error.wrong}）", severity=Severity.INFO)
    if others:
        yield from _findings(rule, report, compare(texts_of(report), others))


def _findings(rule: Rule, report: Report, likenesses: tuple[Likeness, ...]) -> Iterator[Finding | None]:
    if not likenesses:
        yield None
    for one in likenesses:
        label, cell = part_label(report, one.section), f"narrative.{one.section}"
        yield fails(
            rule,
            label,
            cell,
            one.share,
            None,
            longest=quoted(one.longest),
            other=one.other,
            year=report.year - 1,
            length=len(one.longest),
        )


CHECKS: tuple[Check, ...] = (differs_from_last_year, differs_from_other_units)
