"""Predicates about single cells of the three tables."""

from __future__ import annotations

from collections.abc import Iterator

from nianbao.report import Report
from nianbao.rules.finding import Check, Finding, facts_of, fails
from nianbao.rules.subject import Subject
from nianbao.statute import Field, Kind
from nianbao.statute.cell import Cell, State
from nianbao.statute.rulebook import Rule
from nianbao.wording import enumeration, plain_number, quoted


def t2_cells_are_numbers(rule: Rule, subject: Subject) -> Iterator[Finding | None]:
    """Part two, item by item."""
    labels = {item.key: item.label for block in subject.report.edition.t2.blocks for item in block.items}
    return _rows_are_numbers(rule, subject.report, "t2", labels)


def t3_cells_are_numbers(rule: Rule, subject: Subject) -> Iterator[Finding | None]:
    """Part three, row by row."""
    labels = {row.key: row.label for row in subject.report.edition.t3.rows}
    return _rows_are_numbers(rule, subject.report, "t3", labels)


def t4_cells_are_numbers(rule: Rule, subject: Subject) -> Iterator[Finding | None]:
    """Part four, group by group."""
    labels = {group.key: group.label for group in subject.report.edition.t4.groups}
    return _rows_are_numbers(rule, subject.report, "t4", labels)


def _rows_are_numbers(rule: Rule, report: Report, table: str, labels: dict[str, str]) -> Iterator[Finding | None]:
    for row, fields in report.edition.rows_of(table):
        asked = [field for field in fields if field.key not in report.unread]  # the others are R-01's business
        if not asked:
            continue
        bad = [(field, why) for field in asked if (why := _fault(field, report.cells[field.key]))]
        if not bad:
            yield None
            continue
        cells = enumeration(f"{_column(field.label)}{why}" for field, why in bad)
        row_keys = [field.key for field in fields]
        yield fails(
            rule, labels[row.removeprefix(f"{table}.")], row, len(bad), 0, facts=facts_of(report, row_keys), cells=cells
        )


def _column(label: str) -> str:
    return label.rpartition("〔")[2].rstrip("〕")


def _fault(field: Field, cell: Cell) -> str | None:
    """What is wrong with a cell, None where it is as the form wants it."""
    match cell.state:
        case State.BLANK:
            return "空白"
        case State.NOT_APPLICABLE:
            return f"为{quoted(cell.text)}，不是数"
        case State.UNREADABLE:
            return f"为{quoted(cell.text)}，认不出"
    value = cell.number
    if value < 0 and field.kind is not Kind.CHANGE:
        return f"为 {plain_number(value)}，不应为负"
    if value % 1 and field.kind is not Kind.MONEY:
        return f"为 {plain_number(value)}，应为整数"
    return None


def town_makes_no_rules(rule: Rule, subject: Subject) -> Iterator[Finding | None]:
    """A town or subdistrict makes no 规章, in any column of that row; the city's sum is not asked."""
    report = subject.report
    if report.unit.kind == "市":
        return
    for field in report.edition.t2.fields:
        if not field.key.startswith("t2.rules."):
            continue
        cell = report.cells[field.key]
        if cell.is_number:  # a blank is T2-01's business
            facts = facts_of(report, [field.key])
            yield fails(rule, field.label, field.key, cell.number, 0, facts=facts) if cell.number else None


CHECKS: tuple[Check, ...] = (t2_cells_are_numbers, t3_cells_are_numbers, t4_cells_are_numbers, town_makes_no_rules)
