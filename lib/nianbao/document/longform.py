"""Figures in long form, a row a cell under its stable key, and as CSV."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple
from xml.sax.saxutils import escape

from nianbao.statute import Edition
from nianbao.statute.cell import Cell, State
from nianbao.statute.form import Kind

COLUMNS = ("单位", "年份", "部分", "键", "项目", "数值", "计量", "状态", "印作")
_LETTERS = "ABCDEFGHI"
"""Of the columns of a sheet."""
_STATES = {State.NUMBER: "数", State.BLANK: "空白", State.NOT_APPLICABLE: "不适用", State.UNREADABLE: "不是数"}
_PARTS = {"t2": "disclosure", "t3": "applications", "t4": "disputes"}


class LongRow(NamedTuple):
    """One figure, in the order of ``COLUMNS``.

    Whose, of which year, in which part, which cell, its value (件 or 万元; None unless it is a number), as printed.
    """

    unit: str
    year: int
    part: str
    key: str
    label: str
    value: int | Decimal | None
    measure: str
    state: str
    printed: str


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


def write_csv(rows: Iterable[LongRow]) -> bytes:
    """The long form as CSV: UTF-8 with a mark, so that Excel and WPS read Chinese; CRLF, as RFC 4180 says."""
    raw = io.BytesIO()
    text = io.TextIOWrapper(raw, encoding="utf-8-sig", newline="", write_through=True)
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for row in rows:
        writer.writerow("" if value is None else f"{value:f}" if isinstance(value, Decimal) else value for value in row)
    return raw.getvalue()


def with_rows(workbook: bytes, sheet: str, rows: Sequence[LongRow]) -> bytes:
    """A workbook in whose `sheet` (a part of the package) the first of these rows ends a table, with all of them.

    A city of a thousand bodies has two hundred thousand: written as they come they need no memory, as cells of a
    workbook more than half a gigabyte. They look as the first one does.
    """
    raw = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook)) as source, zipfile.ZipFile(raw, "w", zipfile.ZIP_DEFLATED) as target:
        first, style = _last_row(source.read(sheet))
        short, whole = (f':{_LETTERS[-1]}{row}"'.encode() for row in (first, first + len(rows) - 1))
        for info in source.infolist():
            data = source.read(info)
            if info.filename != sheet:
                is_table = info.filename.startswith("xl/tables/")
                target.writestr(info, data.replace(short, whole) if is_table else data)
                continue
            before, end, after = data.replace(short, whole, 1).partition(b"</sheetData>")
            with target.open(info, "w") as part:
                part.write(before)
                for number, row in enumerate(rows[1:], start=first + 1):
                    part.write(_row_xml(number, row, style).encode())
                part.write(end + after)
    return raw.getvalue()


def _last_row(sheet: bytes) -> tuple[int, str]:
    """Number and style of the last row of a sheet, both as the workbook has them."""
    found = re.match(rb'r="(\d+)".*? s="(\d+)"', sheet.rpartition(b"<row ")[2])
    assert found  # noqa: S101  (the workbook is our own)
    return int(found[1]), found[2].decode()


def _row_xml(number: int, row: LongRow, style: str) -> str:
    cells = "".join(_cell_xml(f"{column}{number}", value, style) for column, value in zip(_LETTERS, row, strict=True))
    return f'<row r="{number}">{cells}</row>'


def _cell_xml(place: str, value: str | int | Decimal | None, style: str) -> str:
    """Text is text, also where it could be read as a formula; nothing where there is nothing."""
    if isinstance(value, int | Decimal):
        return f'<c r="{place}" s="{style}"><v>{value}</v></c>'
    if not value:
        return ""
    return f'<c r="{place}" s="{style}" t="inlineStr"><is><t xml:space="preserve">{escape(value)}</t></is></c>'
