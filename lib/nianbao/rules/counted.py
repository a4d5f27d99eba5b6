"""Typed figures against what the registers tell."""

from __future__ import annotations

from collections.abc import Iterator

from nianbao.registers.labels import class_key, normal
from nianbao.report import Report
from nianbao.rules.finding import Check, Finding, Value, fails
from nianbao.rules.subject import Subject
from nianbao.statute.cell import Cell, Source, number_cell
from nianbao.statute.rulebook import Rule
from nianbao.wording import enumeration

MOST_ROWS = 8
"""Entries that a finding names; the rest are counted."""

_NONE = number_cell(0, Source.REGISTER)


def typed_equals_counted(rule: Rule, subject: Subject) -> Iterator[Finding | None]:
    """A finding for every figure that is typed and counted, and not the same both ways."""
    report, registers = subject.report, subject.report.registers
    if registers is None:
        return
    for key, counted in registers.figures.items():
        cell = report.cells[key]
        if cell.source is Source.TYPED:
            yield _compare(
                rule,
                report.edition.fields[key].label,
                key,
                cell.value if cell.is_number else cell.text or None,
                counted,
            )
    yield from _disclosure(rule, report)


def _disclosure(rule: Rule, report: Report) -> Iterator[Finding | None]:
    """Total, classes and channels; a channel that the register does not keep cannot be compared."""
    registers, typed = report.registers, report.params.disclosure
    if registers is None or registers.total is None:
        return
    if typed.total is not None:
        yield _compare(rule, "主动公开总数", "disclosure.total", typed.total, registers.total)
    if typed.classes:
        counted = {class_key(name): (name, cell) for name, cell in registers.classes.items()}
        for item in typed.classes:
            _, cell = counted.pop(class_key(item.name), ("", _NONE))
            yield _compare(rule, f"主动公开·{item.name}", f"disclosure.classes.{item.name}", item.count, cell)
        for name, cell in counted.values():
            yield _compare(rule, f"主动公开·{name}", f"disclosure.classes.{name}", None, cell)
    channels = {normal(name): cell for name, cell in registers.channels.items()}
    for name, count in typed.channels.items():
        if normal(name) in channels:
            yield _compare(rule, f"渠道·{name}", f"disclosure.channels.{name}", count, channels[normal(name)])


def _compare(rule: Rule, label: str, key: str, typed: Value, counted: Cell) -> Finding | None:
    number = counted.number
    if typed is not None and not isinstance(typed, str) and typed == number:
        return None
    return fails(rule, label, key, typed, number, rows=_rows(counted))


def _rows(cell: Cell) -> str:
    if not cell.rows:
        return "登记簿里没有"
    rows = enumeration(cell.rows[:MOST_ROWS])
    return f"{rows}等 {len(cell.rows)} 件" if len(cell.rows) > MOST_ROWS else rows


CHECKS: tuple[Check, ...] = (typed_equals_counted,)
