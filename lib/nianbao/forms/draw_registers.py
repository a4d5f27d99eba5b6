"""How the sheet of a register looks: heads in row 1, every row below open for writing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

from openpyxl.cell.cell import Cell
from openpyxl.styles import Alignment
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.dimensions import ColumnDimension
from openpyxl.worksheet.worksheet import Worksheet

from nianbao.forms import style
from nianbao.forms.register_sheets import GUIDES, HEADS_ROW, OPEN_LISTS, RegisterRows, to_cell
from nianbao.forms.xlsx import set_text, set_value
from nianbao.registers.columns import ColumnSpec

REGISTER_ROWS = 2000
"""Rows of a register that have drop-down lists, at least."""
_REGISTER_WIDTHS = {"text": 22, "date": 14, "label": 22, "days": 12, "money": 16}
_WIDE = {"title": 44, "outcome": 44, "class": 34}


def _width(column: ColumnSpec) -> int:
    return _WIDE.get(column.key, _REGISTER_WIDTHS[column.kind])


def register(target: Worksheet, rows: RegisterRows, lists: Mapping[str, str], heading: str) -> None:
    """The sheet of a register: heads in row 1, every row below open for writing; ``heading`` heads the printed page."""
    spec = rows.spec
    last = max(REGISTER_ROWS, len(rows.rows) + REGISTER_ROWS // 2) + HEADS_ROW
    for index, column in enumerate(spec.columns, start=1):
        letter = get_column_letter(index)
        head = style.cell_at(target, HEADS_ROW, index)
        set_text(head, column.name)
        head.font, head.border, head.fill = style.BOLD if column.required else style.SMALL, style.BORDER, style.SECTION
        head.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)
        dimension = target.column_dimensions[letter]
        dimension.width = _width(column)
        _open(dimension, column.kind)
        area = f"{letter}{HEADS_ROW + 1}:{letter}{last}"
        if name := lists.get(f"{spec.key}.{column.key}"):
            rule = DataValidation(type="list", formula1=name, allow_blank=True)
            style.say(rule, "不在列表中", "从下拉列表中选择；写法不同而意思相同的也可以。")
            rule.errorStyle = "warning"
            rule.showErrorMessage = (spec.key, column.key) not in OPEN_LISTS
        elif column.kind == "date":
            rule = DataValidation(type="date", operator="greaterThanOrEqual", formula1="36526", allow_blank=True)
            style.say(rule, "不是日期", "写作 2023-05-06。")
            rule.errorStyle = "warning"
        elif column.kind in ("days", "money"):
            type_: Literal["whole", "decimal"] = "whole" if column.kind == "days" else "decimal"
            rule = DataValidation(type=type_, operator="greaterThanOrEqual", formula1="0", allow_blank=True)
            style.say(rule, "不是数", "填不小于 0 的数。")
        else:
            rule = DataValidation(allow_blank=True)  # anything goes; it only carries the prompt
        rule.promptTitle, rule.prompt, rule.showInputMessage = column.name, GUIDES[spec.key][column.key], True
        rule.add(area)
        target.add_data_validation(rule)
    for row, texts in enumerate(rows.rows, start=HEADS_ROW + 1):
        for index, (column, text) in enumerate(zip(spec.columns, texts, strict=True), start=1):
            cell = style.cell_at(target, row, index)
            set_value(cell, to_cell(text, column.kind))
            _open(cell, column.kind)
        if (lines := _lines(spec.columns, texts)) > 1:
            target.row_dimensions[row] = style.AutoHeight(target, index=row, ht=15.0 * min(lines, 22) + 3)
    if rows.elsewhere:
        note = style.cell_at(target, HEADS_ROW, len(spec.columns) + 1)
        set_text(note, f"本单位的登记已另存于 {rows.elsewhere}，不在这里填写，此表留空。")
        note.font = style.SMALL
    target.row_dimensions[HEADS_ROW].height = 26
    target.sheet_properties.tabColor = style.TABS["register"]
    style.page(target, landscape=True, frozen=HEADS_ROW)
    target.page_margins.top, target.page_margins.header = 1.0, 0.55  # room for the heading
    if target.oddHeader is not None:
        target.oddHeader.center.text = f"{heading}　{spec.sheet}"
    style.protect(target, rows_too=True)


def _lines(columns: Sequence[ColumnSpec], texts: Sequence[str]) -> int:
    """Lines that the longest text of a row takes in its column."""
    return max(1 + style.half_width(text) // (_width(column) - 1) for column, text in zip(columns, texts, strict=True))


def _open(cell: Cell | ColumnDimension, kind: str) -> None:
    """Make a cell, or every blank cell of a column, a place to write."""
    cell.protection = style.UNLOCKED
    cell.font, cell.border, cell.fill = style.BODY, style.BORDER, style.INPUT
    centred = kind in ("date", "days")
    cell.alignment = Alignment(horizontal="center" if centred else None, vertical="center", wrap_text=True)
    cell.number_format = {"date": "yyyy-mm-dd", "text": "@"}.get(kind, "General")
