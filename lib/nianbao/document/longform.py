"""Figures in long form, a row a cell under its stable key, and as CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from nianbao.statute import Edition
from nianbao.statute.cell import Cell, State
from nianbao.statute.form import Kind

COLUMNS = ("单位", "年份", "部分", "键", "项目", "数值", "计量", "状态", "印作")
_STATES = {State.NUMBER: "数", State.BLANK: "空白", State.NOT_APPLICABLE: "不适用", State.UNREADABLE: "不是数"}
_PARTS = {"t2": "disclosure", "t3": "applications", "t4": "disputes"}


@dataclass(frozen=True)
class LongRow:
    """One figure: whose, of which year, which cell, its value (件 or 万元; None unless it is a number), as printed."""

    unit: str
    year: int
    part: str
    key: str
    label: str
    value: int | Decimal | None
    measure: str
    state: str
    printed: str

    def values(self) -> tuple[str | int | Decimal | None, ...]:
        """In the order of ``COLUMNS``."""
        return (
            self.unit,
            self.year,
            self.part,
            self.key,
            self.label,
            self.value,
            self.measure,
            self.state,
            self.printed,
        )


def long_rows(unit: str, year: int, edition: Edition, cells: Mapping[str, Cell]) -> Iterator[LongRow]:
    """Every cell of the form, in its order."""
    for key, field in edition.fields.items():
        cell = cells[key]
        yield LongRow(
            unit,
            year,
            edition.heading(_PARTS[key.partition(".")[0]]),
            key,
            field.label,
            cell.value,
            Kind.MONEY.value if field.kind is Kind.MONEY else Kind.COUNT.value,
            _STATES[cell.state],
            cell.text,
        )


def write_csv(rows: Sequence[LongRow]) -> bytes:
    """The long form as CSV: UTF-8 with a mark, so that Excel and WPS read Chinese; CRLF, as RFC 4180 says."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for row in rows:
        writer.writerow(
            "" if value is None else f"{value:f}" if isinstance(value, Decimal) else value for value in row.values()
        )
    return text.getvalue().encode("utf-8-sig")
