"""Predicates about single cells of the three tables."""

from __future__ import annotations

from collections.abc import Iterator

from nianbao.cell import Cell, State
from nianbao.checks.finding import Finding, fails
from nianbao.report import Report
from nianbao.statute.rules import Rule
from nianbao.wording import enumeration, quoted


def t2_cells_are_numbers(rule: Rule, report: Report) -> Iterator[Finding | None]:
    """Part two, item by item."""
    labels = {item.key: item.label for block in report.edition.t2.blocks for item in block.items}
    return _rows_are_numbers(rule, report, "t2", labels)


def t3_cells_are_numbers(rule: Rule, report: Report) -> Iterator[Finding | None]:
    """Part three, row by row."""
    return _rows_are_numbers(rule, report, "t3", {row.key: row.label for row in report.edition.t3.rows})


def t4_cells_are_numbers(rule: Rule, report: Report) -> Iterator[Finding | None]:
    """Part four, group by group."""
    return _rows_are_numbers(rule, report, "t4", {group.key: group.label for group in report.edition.t4.groups})


def _rows_are_numbers(rule: Rule, report: Report, table: str, labels: dict[str, str]) -> Iterator[Finding | None]:
    for row, fields in report.edition.rows_of(table):
        bad = [field for field in fields if not report.cells[field.key].is_number]
        if not bad:
            yield None
            continue
        cells = enumeration(f"{_column(field.label)}{_found(report.cells[field.key])}" for field in bad)
        yield fails(rule, labels[row.removeprefix(f"{table}.")], row, len(bad), 0, cells=cells)


def _column(label: str) -> str:
    return label.rpartition("〔")[2].rstrip("〕")


def _found(cell: Cell) -> str:
    return "空白" if cell.state is State.BLANK else f"为{quoted(cell.text)}"
