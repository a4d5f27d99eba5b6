"""Waivers: a known deviation is let through, by name and with a reason, while its values stay the same."""

from __future__ import annotations

from collections.abc import Iterator
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
    fitting = (next((waiver for waiver in waivers if _fits(waiver, finding)), None) for finding in findings)
    return tuple(
        finding.with_waiver(_reason(waiver)) if waiver else finding
        for finding, waiver in zip(findings, fitting, strict=True)
    )


def waivers_still_fit(rule: Rule, subject: Subject) -> Iterator[Finding | None]:
    """Every waiver lets something through; one that fits nothing has lapsed."""
    for waiver in subject.report.params.waivers:
        if any(_fits(waiver, finding) for finding in subject.findings):
            yield None
        else:
            place = f"{waiver.rule} {waiver.cell or ''}".strip()
            yield fails(rule, place, waiver.cell, None, None, why=_why_lapsed(waiver, subject.findings))


def _fits(waiver: Waiver, finding: Finding) -> bool:
    return (
        waiver.rule == finding.rule
        and waiver.cell == finding.cell
        and _same(waiver.left, finding.left)
        and _same(waiver.right, finding.right)
    )


def _same(given: Value, found: Value) -> bool:
    if isinstance(given, (int, Decimal)) and isinstance(found, (int, Decimal)):
        return given == found
    return type(given) is type(found) and given == found


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
    given = f"{_text(waiver.left)} 与 {_text(waiver.right)}"
    return f"当时的值为 {given}，现为 {_text(now.left)} 与 {_text(now.right)}"


def _text(value: Value) -> str:
    return "空" if value is None else plain_number(value) if isinstance(value, (int, Decimal)) else value
