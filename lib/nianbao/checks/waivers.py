"""Waivers: a known deviation is let through, by name and with a reason, while its values stay the same."""

from __future__ import annotations

from decimal import Decimal

from nianbao.checks.finding import Finding, Outcome, Value
from nianbao.params.models import Waiver
from nianbao.report import Report
from nianbao.statute.rules import RULES, Severity
from nianbao.wording import chinese_date, plain_number, suggestion


def apply_waivers(findings: tuple[Finding, ...], report: Report) -> tuple[Finding, ...]:
    """Findings with their waivers; a waiver that fits nothing becomes a finding itself."""
    waivers = report.params.waivers
    used: set[int] = set()
    result: list[Finding] = []
    for finding in findings:
        index = next((i for i, waiver in enumerate(waivers) if _fits(waiver, finding)), None)
        if index is None:
            result.append(finding)
        else:
            used.add(index)
            result.append(finding.with_waiver(_reason(waivers[index])))
    lapsed = (_lapsed(waiver, findings) for i, waiver in enumerate(waivers) if i not in used)
    return (*result, *lapsed)


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


def _lapsed(waiver: Waiver, findings: tuple[Finding, ...]) -> Finding:
    """Why a waiver no longer applies, in order of what is likeliest."""
    place = f"{waiver.rule} {waiver.cell or ''}".strip()
    now = next((f for f in findings if f.rule == waiver.rule and f.cell == waiver.cell), None)
    if waiver.rule not in {rule.code for rule in RULES}:
        why = f"没有规则 {waiver.rule}，{suggestion(waiver.rule, [rule.code for rule in RULES])}"
    elif now is not None:
        given = f"{_text(waiver.left)} 与 {_text(waiver.right)}"
        why = f"当时的值为 {given}，现为 {_text(now.left)} 与 {_text(now.right)}"
    else:
        why = "所豁免的问题已不存在"
    message = f"W-01〔{place}〕豁免已失效：{why}。删除这条豁免，或按现在的值重新作出。"
    return Finding("W-01", Severity.WARNING, Outcome.FAILS, waiver.cell, None, None, message)


def _text(value: Value) -> str:
    return "空" if value is None else plain_number(value) if isinstance(value, (int, Decimal)) else value
