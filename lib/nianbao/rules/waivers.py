"""Waivers: a known deviation is let through, by name and with a reason, while its values stay the same."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from nianbao.params.models import Waiver
from nianbao.report import Report
from nianbao.rules.finding import Finding, Value, fails
from nianbao.rules.subject import Subject
from nianbao.statute.rulebook import RULES, Rule
from nianbao.wording import chinese_date, plain_number, suggestion


def apply_waivers(findings: tuple[Finding, ...], report: Report) -> tuple[Finding, ...]:
    """Findings, those that a waiver lets through marked with its reason."""
    waivers = report.params.waivers
    fitting = (next((waiver for waiver in waivers if _fits(waiver, finding, report)), None) for finding in findings)
    return tuple(
        finding.with_waiver(_reason(waiver)) if waiver else finding
        for finding, waiver in zip(findings, fitting, strict=True)
    )


def waiver_of(finding: Finding, report: Report, *, reason: str, name: str, day: date) -> Waiver:
    """Leave for a finding as it stands now."""
    left, right = (plain_number(v) if isinstance(v, Decimal) else v for v in (finding.left, finding.right))
    return Waiver(
        unit=report.unit.id,
        year=report.year,
        rule=finding.rule,
        cell=finding.cell,
        left=left,
        right=right,
        seen=finding.seen(report.unit.id, report.year),
        reason=reason,
        name=name,
        date=day,
    )


def waivers_still_fit(rule: Rule, subject: Subject) -> Iterator[Finding | None]:
    """Every waiver of this report lets something through; one that fits nothing has lapsed."""
    report = subject.report
    for waiver in report.params.waivers:
        if not _is_of(waiver, report):
            continue
        if any(_fits(waiver, finding, report) for finding in subject.findings):
            yield None
        else:
            why = _why_lapsed(waiver, subject.findings)
            yield fails(rule, _place(waiver), waiver.cell, None, None, why=why)


def waivers_are_of_this_report(rule: Rule, subject: Subject) -> Iterator[Finding | None]:
    """No waiver was given for another unit or year."""
    report = subject.report
    for waiver in report.params.waivers:
        if _is_of(waiver, report):
            yield None
        else:
            other, this = f"{waiver.unit} {waiver.year}", f"{report.unit.id} {report.year}"
            yield fails(rule, _place(waiver), waiver.cell, other, this)


def _place(waiver: Waiver) -> str:
    return f"{waiver.rule} {waiver.cell or ''}".strip()


def _is_of(waiver: Waiver, report: Report) -> bool:
    return (waiver.unit, waiver.year) == (report.unit.id, report.year)


def _fits(waiver: Waiver, finding: Finding, report: Report) -> bool:
    return (
        _is_of(waiver, report)
        and (waiver.rule, waiver.cell) == (finding.rule, finding.cell)
        and waiver.seen == finding.seen(report.unit.id, report.year)
    )


def _reason(waiver: Waiver) -> str:
    return f"{waiver.reason}（{waiver.name}，{chinese_date(waiver.date)}）"


def _why_lapsed(waiver: Waiver, findings: tuple[Finding, ...]) -> str:
    """Why a waiver no longer applies, in order of what is likeliest."""
    known = [rule.code for rule in RULES]
    if waiver.rule not in known:
        return f"没有规则 {waiver.rule}，{suggestion(waiver.rule, known)}".removesuffix("？")
    now = next((f for f in findings if f.rule == waiver.rule and f.cell == waiver.cell), None)
    if now is None:
        return "所豁免的问题已不存在"
    given, found = (f"{_text(one.left)} 与 {_text(one.right)}" for one in (waiver, now))
    if given == found:
        return f"两边的值仍为 {given}，但所看的格或文字已有变化"
    return f"当时的值为 {given}，现为 {found}"


def _text(value: Value) -> str:
    return "空" if value is None else plain_number(value) if isinstance(value, (int, Decimal)) else value
