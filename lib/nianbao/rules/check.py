"""Apply the rule book to a report: all findings at once, waivers applied, nothing unknown passes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any
from weakref import WeakKeyDictionary

from nianbao.report import Report
from nianbao.rules import (
    cells,
    claims,
    classes,
    counted,
    document,
    figures,
    growth,
    likeness,
    order,
    personal,
    reading,
    review,
    sections,
    stale,
    whole,
    years,
)
from nianbao.rules.equations import check_equation
from nianbao.rules.finding import Check, Finding, Findings, Outcome, Tally, unknown
from nianbao.rules.place import place_of
from nianbao.rules.subject import Subject
from nianbao.rules.waivers import (
    apply_waivers,
    notes_stand_under_a_table,
    waivers_are_of_this_report,
    waivers_still_fit,
)
from nianbao.statute.rulebook import RULES, AtGate, Equation, Predicate, Rule, Severity, rules_for

_FAMILIES = (
    *(cells, counted, figures, classes, growth, claims, document, sections, stale, years, order),
    *(personal, likeness, reading, review, whole),
)

PREDICATES: Mapping[str, Check] = {check.__name__: check for family in _FAMILIES for check in family.CHECKS} | {
    waivers_still_fit.__name__: waivers_still_fit,
    waivers_are_of_this_report.__name__: waivers_are_of_this_report,
    notes_stand_under_a_table.__name__: notes_stand_under_a_table,
}

_WAIVERS = Predicate(waivers_still_fit.__name__)


@dataclass(frozen=True)
class CheckResult:
    """All findings of one report; what holds is counted."""

    unit: str
    year: int
    edition: str
    findings: tuple[Finding, ...]
    held: Mapping[str, int]

    @property
    def blocking(self) -> tuple[Finding, ...]:
        return tuple(finding for finding in self.findings if finding.blocks)

    @property
    def waived(self) -> tuple[Finding, ...]:
        return tuple(finding for finding in self.findings if finding.waived is not None)

    @property
    def ready(self) -> bool:
        """Whether the report may be published: blocking rules ran, and each of them holds or is waived."""
        return self.judged and not self.blocking

    @property
    def judged(self) -> bool:
        """Whether any blocking rule held somewhere or found something; where none did, nothing is known."""
        ran = {code for code, times in self.held.items() if times} | {finding.rule for finding in self.findings}
        return any(rule.severity is Severity.ERROR and rule.code in ran for rule in RULES)

    @property
    def counts(self) -> dict[str, int]:
        """How many checks held, and how many open findings there are of each severity; waived apart."""
        open_ = Counter(finding.severity.value for finding in self.findings if finding.waived is None)
        return {
            "held": sum(self.held.values()),
            **{severity.value: open_[severity.value] for severity in Severity},
            "waived": len(self.waived),
        }

    def with_findings(self, more: tuple[Finding, ...]) -> CheckResult:
        """The result with what the gate found."""
        return replace(self, findings=_ordered((*self.findings, *more)))

    def as_json(self) -> dict[str, Any]:
        """The content of ``findings.json``."""
        return self.published.as_json()

    @property
    def published(self) -> Findings:
        """What ``findings.json`` keeps: how many checks held, not which."""
        return Findings(self.unit, self.year, self.edition, self.ready, self.counts, self.findings)


def check_report(report: Report) -> CheckResult:
    """Apply every rule that binds the report's edition.

    Raises
    ------
    TemplateTextError
        When the narrative cannot be filled in.
    """
    subject = Subject.of(report)
    held: dict[str, int] = {}
    findings: list[Finding] = []
    after = [rule for rule in rules_for(report.edition.name) if rule.test == _WAIVERS]
    for rule in rules_for(report.edition.name):
        if rule not in after and not isinstance(rule.test, AtGate):
            tally = _apply(rule, subject)
            held[rule.code] = tally.held
            findings.extend(tally.findings)
    waived = apply_waivers(tuple(findings), report)
    for rule in after:  # only now is it known which waivers fit nothing
        tally = _apply(rule, replace(subject, findings=tuple(findings)))
        held[rule.code] = tally.held
        waived = (*waived, *tally.findings)
    placed = tuple(finding.at(place_of(report, finding.cell, finding.message)) for finding in waived)
    return CheckResult(report.unit.id, report.year, report.edition.name, _ordered(placed), held)


def _apply(rule: Rule, subject: Subject) -> Tally:
    """One rule. A fault inside a rule is 无法核对: it must never look like a pass, nor hide the other rules."""
    held = 0
    findings: list[Finding] = []
    rule = rule.for_others() if subject.report.literal else rule
    try:
        for finding in _run(rule, subject):
            if finding is None:
                held += 1
            elif (
                finding.cell not in subject.report.unread or finding.rule in READING
            ):  # else an echo of what was not read
                findings.append(finding)
    except Exception as error:  # fail closed, see above
        findings.append(
            unknown(rule, "", None, f"规则运行出错（{type(error).__name__}：{error}）", "把这一行报告给开发者")
        )
    return Tally(held, tuple(findings))


def _run(rule: Rule, subject: Subject) -> Iterator[Finding | None]:
    match rule.test:
        case Equation() as equation:
            return check_equation(rule, equation, subject.report)
        case Predicate(name):
            return PREDICATES[name](rule, subject)
        case AtGate(name):
            raise AssertionError(f"{name} judges the notebook, see nianbao.notebook.gate")


_CHECKED: WeakKeyDictionary[Report, CheckResult] = WeakKeyDictionary()


def checked(report: Report) -> CheckResult:
    """The findings of a report, worked out once for each report object."""
    if report not in _CHECKED:
        _CHECKED[report] = check_report(report)
    return _CHECKED[report]


READING = ("R-01", "R-02")
_ORDER = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.INFO: 2}


def _ordered(findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """What of a published page was not read first, then what fails, then what cannot be told, waived last.

    Each by severity, then in the order of the rule book. Notes of the reading that
    ask for nothing stand with the others.
    """
    return tuple(
        sorted(
            findings,
            key=lambda finding: (
                finding.waived is not None,
                not (finding.rule in READING and finding.severity is not Severity.INFO),
                finding.outcome is Outcome.UNKNOWN,
                _ORDER[finding.severity],
            ),
        )
    )
