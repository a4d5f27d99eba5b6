"""Waivers: a known deviation is let through, by name and with a reason, while its values stay the same."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from typing import Any

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


def waiver_of(
    finding: Finding, report: Report, *, reason: str, name: str, day: date, note: str | None = None
) -> Waiver:
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
        note=note,
    )


def written(waiver: Waiver) -> dict[str, Any]:
    """A waiver as a params file has it."""
    said = waiver.model_dump()
    return said if waiver.note is not None else {key: value for key, value in said.items() if key != "note"}


def printed_notes(report: Report, findings: Iterable[Finding], table: str) -> tuple[str, ...]:
    """What the waivers that let something through now print under a table (``t2``, ``t3`` or ``t4``)."""
    let_through = [finding for finding in findings if finding.waived is not None]
    holding = [one for one in report.params.waivers if any(_fits(one, finding, report) for finding in let_through)]
    return tuple(dict.fromkeys(one.note for one in holding if one.note and table_of(one.cell) == table))


def table_of(cell: str | None) -> str:
    """The table that a cell stands in; empty where it stands in none."""
    table = (cell or "").partition(".")[0]
    return table if table in ("t2", "t3", "t4") else ""


def notes_stand_under_a_table(rule: Rule, subject: Subject) -> Iterator[Finding | None]:
    """A waiver with a note is about a cell of a table, for under that it is printed."""
    for waiver in subject.report.params.waivers:
        if waiver.note is not None:
            sound = bool(table_of(waiver.cell))
            yield None if sound else fails(rule, _place(waiver), waiver.cell, waiver.cell or "没有单元格", None)


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
