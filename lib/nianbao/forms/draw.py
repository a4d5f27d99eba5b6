"""How the sheets with fixed places look: labels, places to write, totals, marks, drop-down lists."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from openpyxl.formatting.rule import Rule
from openpyxl.styles import Alignment, Font
from openpyxl.styles.differential import DifferentialStyle
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from nianbao.forms import style
from nianbao.forms.contents import Contents
from nianbao.forms.plan import Input, Label, Role, SheetPlan, Slot, address, ranges
from nianbao.forms.xlsx import set_text, set_value

_LABELS: Mapping[Role, tuple[Font, Alignment, bool]] = {
    Role.TITLE: (style.TITLE, Alignment(horizontal="center", vertical="center", shrink_to_fit=True), False),
    Role.NOTE: (style.SMALL, Alignment(vertical="center", wrap_text=True), False),
    Role.SECTION: (style.BOLD, Alignment(horizontal="left", indent=1, vertical="center"), True),
    Role.HEAD: (style.BOLD, Alignment(horizontal="center", vertical="center", wrap_text=True), True),
    Role.STUB: (style.BODY, Alignment(horizontal="left", indent=1, vertical="center", wrap_text=True), True),
    Role.NAME: (style.BODY, Alignment(horizontal="left", indent=1, vertical="center", wrap_text=True), True),
    Role.GUIDE: (style.SMALL, Alignment(horizontal="left", indent=1, vertical="center", wrap_text=True), True),
    Role.RULE: (style.SMALL, Alignment(vertical="center", wrap_text=True), False),
    Role.LEGEND: (style.BODY, Alignment(), True),
    Role.NUMBER: (style.SMALL, Alignment(horizontal="center", vertical="center"), True),
}
_FILLS = {Role.SECTION: style.SECTION, Role.HEAD: style.HEAD}
_NUMBERS = frozenset({Input.COUNT, Input.CHANGE, Input.WAN, Input.NUMBER, Input.YUAN})
_FORMATS = {Input.DATE: "yyyy-mm-dd", Input.LINE: "@", Input.PROSE: "@"}


def sheet(target: Worksheet, plan: SheetPlan, contents: Contents, lists: Mapping[str, str]) -> None:
    """Draw one sheet and fill it in; ``lists`` says where each drop-down list stands."""
    for label in plan.labels:
        _label(target, label)
    for slot in plan.slots:
        _slot(target, slot, contents)
    for total in plan.totals:
        cell = style.cell_at(target, total.row, total.col)
        _frame(target, total.row, total.col, 1, total.cols)
        cell.font, cell.alignment = style.BODY, Alignment(horizontal="center", vertical="center")
        if total.key in contents.typed_totals:
            set_value(cell, contents.values.get(total.key))
            cell.fill, cell.protection = style.TYPED, style.UNLOCKED
        else:
            cell.value = plan.formula(total)
            cell.fill = style.TOTAL
    for mark in plan.marks:
        cell = style.cell_at(target, mark.row, mark.col)
        cell.value = plan.mark_formula(mark)
        cell.font, cell.alignment = style.MARK, Alignment(horizontal="center", vertical="center")
    for status in plan.statuses:
        cell = style.cell_at(target, status.row, status.col)
        cell.value = plan.status_formula(status)
        cell.font = style.SMALL
        missing = Rule(type="expression", formula=[f'LEFT({address(status.row, status.col)},2)="还有"'])
        missing.dxf = DifferentialStyle(font=Font(color="B45309", bold=True))
        target.conditional_formatting.add(address(status.row, status.col), missing)
        _merge(target, status.row, status.col, 1, status.cols)
    _color_marks(target, plan)
    _validate(target, plan, lists)
    for index, width in enumerate(plan.widths, start=1):
        target.column_dimensions[get_column_letter(index)].width = width
    target.row_dimensions[1].height = 30
    for row, height in plan.heights:
        target.row_dimensions[row].height = height
    for slot in plan.slots:
        if slot.kind is Input.PROSE:
            _fit_height(target, slot, contents)
    target.sheet_properties.tabColor = style.TABS[plan.tab]
    style.page(target, landscape=plan.landscape, frozen=plan.frozen)
    style.protect(target)


def _fit_height(target: Worksheet, slot: Slot, contents: Contents) -> None:
    text = contents.values.get(slot.key) or ""
    lines = sum(1 + style.half_width(line) // PROSE_WIDTH for line in text.split("\n"))
    target.row_dimensions[slot.row] = style.AutoHeight(target, index=slot.row, ht=18.0 * min(lines, 22))


PROSE_WIDTH = 74
"""Half-width characters of prose on a line of its cell."""


def _label(target: Worksheet, label: Label) -> None:
    cell = style.cell_at(target, label.row, label.col)
    set_text(cell, label.text)
    font, alignment, framed = _LABELS[label.role]
    cell.font, cell.alignment = font, alignment
    if label.role is Role.STUB and label.rows > 1:
        cell.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)
    fill = style.LEGEND[label.fill] if label.fill else _FILLS.get(label.role)
    if fill is not None:
        cell.fill = fill
    if framed:
        _frame(target, label.row, label.col, label.rows, label.cols)
    _merge(target, label.row, label.col, label.rows, label.cols)


def _slot(target: Worksheet, slot: Slot, contents: Contents) -> None:
    cell = style.cell_at(target, slot.row, slot.col)
    set_value(cell, contents.values.get(slot.key))
    cell.fill = style.CARRIED if slot.key in contents.carried else style.INPUT
    cell.protection = style.UNLOCKED
    cell.number_format = _FORMATS.get(slot.kind, "General")
    cell.font = style.PROSE if slot.kind is Input.PROSE else style.BODY
    centred = slot.kind in _NUMBERS
    cell.alignment = (
        Alignment(horizontal="center", vertical="center")
        if centred
        else Alignment(horizontal="left", indent=1, vertical="center", wrap_text=True)
    )
    _frame(target, slot.row, slot.col, 1, slot.cols)
    _merge(target, slot.row, slot.col, 1, slot.cols)


def _frame(target: Worksheet, row: int, col: int, rows: int, cols: int) -> None:
    for line in range(row, row + rows):
        for column in range(col, col + cols):
            style.cell_at(target, line, column).border = style.BORDER


def _merge(target: Worksheet, row: int, col: int, rows: int, cols: int) -> None:
    if rows > 1 or cols > 1:
        target.merge_cells(start_row=row, start_column=col, end_row=row + rows - 1, end_column=col + cols - 1)


def _color_marks(target: Worksheet, plan: SheetPlan) -> None:
    for area in ranges([(mark.row, mark.col) for mark in plan.marks]):
        for text, color, bold in (("✓", "1E7B34", False), ("✗", "C00000", True), ("未填", "8C8C8C", False)):
            rule = Rule(type="cellIs", operator="equal", formula=[f'"{text}"'])
            rule.dxf = DifferentialStyle(font=Font(color=color, bold=bold))
            target.conditional_formatting.add(area, rule)


_Type = Literal["whole", "decimal", "date"]
_Operator = Literal["greaterThanOrEqual", "between"]
_RULES: Mapping[Input, tuple[_Type, _Operator, str, str | None]] = {
    Input.COUNT: ("whole", "greaterThanOrEqual", "0", None),
    Input.NUMBER: ("whole", "greaterThanOrEqual", "0", None),
    Input.CHANGE: ("whole", "between", "-1000000000", "1000000000"),
    Input.WAN: ("decimal", "greaterThanOrEqual", "0", None),
    Input.YUAN: ("decimal", "greaterThanOrEqual", "0", None),
    Input.DATE: ("date", "greaterThanOrEqual", "36526", None),
}


def _validate(target: Worksheet, plan: SheetPlan, lists: Mapping[str, str]) -> None:
    """Whole numbers, amounts, dates and drop-down lists, a rule for all the places of one kind."""
    for kind, (type_, operator, low, high) in _RULES.items():
        places = [(slot.row, slot.col) for slot in plan.slots if slot.kind is kind]
        if places:
            rule = DataValidation(type=type_, operator=operator, formula1=low, formula2=high, allow_blank=True)
            style.say(rule, "填写有误", f"这一格应为{kind.value}。")
            _apply(target, rule, places)
    for name in sorted({slot.options for slot in plan.slots if slot.options}):
        rule = DataValidation(type="list", formula1=lists[name], allow_blank=True)
        if all(slot.kind is Input.FLAG for slot in plan.slots if slot.options == name):
            style.say(rule, "填写有误", "从下拉列表中选择，或留空。")
        else:
            rule.showErrorMessage = False  # a town may write its own
        _apply(target, rule, [(slot.row, slot.col) for slot in plan.slots if slot.options == name])


def _apply(target: Worksheet, rule: DataValidation, places: list[tuple[int, int]]) -> None:
    for area in ranges(places):
        rule.add(area)
    target.add_data_validation(rule)
