"""How a form looks: fonts, fills, borders, drop-down lists, protection, A4.

Fonts are named, not shipped: a machine without them takes its own.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from openpyxl.cell.cell import Cell, MergedCell
from openpyxl.formatting.rule import Rule
from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side
from openpyxl.styles.differential import DifferentialStyle
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.dimensions import ColumnDimension, RowDimension
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from nianbao.intake.forms.contents import Contents
from nianbao.intake.forms.plan import Input, Label, Role, Sheet, Slot, address, ranges
from nianbao.intake.forms.register_sheets import HEADS_ROW, RegisterRows, to_cell
from nianbao.intake.forms.xlsx import set_text, set_value

_LINE = Side(style="thin", color="808080")
_BORDER = Border(left=_LINE, right=_LINE, top=_LINE, bottom=_LINE)
_UNLOCKED = Protection(locked=False)


def _fill(color: str) -> PatternFill:
    return PatternFill("solid", start_color=color)


INPUT, CARRIED, TYPED, TOTAL = _fill("FFF9DB"), _fill("DCEBFA"), _fill("FBD9B5"), _fill("EDEDED")
_TITLE = Font(name="黑体", size=15)
_BODY = Font(name="宋体", size=11)
_BOLD = Font(name="宋体", size=11, bold=True)
_SMALL = Font(name="宋体", size=10, color="595959")
_PROSE = Font(name="仿宋", size=12)
_MARK = Font(name="宋体", size=11)

_LABELS: Mapping[Role, tuple[Font, Alignment, bool]] = {
    Role.TITLE: (_TITLE, Alignment(horizontal="center", vertical="center", shrink_to_fit=True), False),
    Role.NOTE: (_SMALL, Alignment(vertical="center", wrap_text=True), False),
    Role.SECTION: (_BOLD, Alignment(vertical="center"), True),
    Role.HEAD: (_BOLD, Alignment(horizontal="center", vertical="center", wrap_text=True), True),
    Role.STUB: (_BODY, Alignment(vertical="center", wrap_text=True), True),
    Role.NAME: (_BODY, Alignment(vertical="center", wrap_text=True), True),
    Role.GUIDE: (_SMALL, Alignment(vertical="center", wrap_text=True), True),
    Role.RULE: (_SMALL, Alignment(vertical="center", wrap_text=True), False),
}
_NUMBERS = frozenset({Input.COUNT, Input.CHANGE, Input.WAN, Input.NUMBER, Input.YUAN})
_FORMATS = {Input.DATE: "yyyy-mm-dd", Input.LINE: "@", Input.PROSE: "@"}


def sheet(target: Worksheet, plan: Sheet, contents: Contents, lists: Mapping[str, str]) -> None:
    """Draw one sheet and fill it in; ``lists`` says where each drop-down list stands."""
    for label in plan.labels:
        _label(target, label)
    for slot in plan.slots:
        _slot(target, slot, contents)
    for total in plan.totals:
        cell = _at(target, total.row, total.col)
        _frame(target, total.row, total.col, 1, total.cols)
        cell.font, cell.alignment = _BODY, Alignment(horizontal="center", vertical="center")
        if total.key in contents.typed_totals:
            set_value(cell, contents.values.get(total.key))
            cell.fill, cell.protection = TYPED, _UNLOCKED
        else:
            cell.value = plan.formula(total)
            cell.fill = TOTAL
    for mark in plan.marks:
        cell = _at(target, mark.row, mark.col)
        cell.value = plan.mark_formula(mark)
        cell.font, cell.alignment = _MARK, Alignment(horizontal="center", vertical="center")
    for status in plan.statuses:
        cell = _at(target, status.row, status.col)
        cell.value = plan.status_formula(status)
        cell.font = _SMALL
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
    _page(target, landscape=plan.landscape, frozen=plan.frozen)
    _protect(target)


class _AutoHeight(RowDimension):
    """A height that spreadsheets adjust when the text changes."""

    customHeight = False  # noqa: N815  (openpyxl's name)


def _fit_height(target: Worksheet, slot: Slot, contents: Contents) -> None:
    text = contents.values.get(slot.key) or ""
    lines = 1 + sum(2 if ord(char) > 0x2E7F else 1 for char in text) // PROSE_WIDTH
    target.row_dimensions[slot.row] = _AutoHeight(target, index=slot.row, ht=18.0 * min(lines, 22))


PROSE_WIDTH = 74
"""Half-width characters of prose on a line of its cell."""


def _at(target: Worksheet, row: int, col: int) -> Cell:
    cell = target.cell(row, col)
    if isinstance(cell, MergedCell):
        raise TypeError(f"{address(row, col)} lies under a merged cell")
    return cell


def _label(target: Worksheet, label: Label) -> None:
    cell = _at(target, label.row, label.col)
    set_text(cell, label.text)
    font, alignment, framed = _LABELS[label.role]
    cell.font, cell.alignment = font, alignment
    if label.role is Role.STUB and label.rows > 1:
        cell.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)
    if framed:
        _frame(target, label.row, label.col, label.rows, label.cols)
    _merge(target, label.row, label.col, label.rows, label.cols)


def _slot(target: Worksheet, slot: Slot, contents: Contents) -> None:
    cell = _at(target, slot.row, slot.col)
    set_value(cell, contents.values.get(slot.key))
    cell.fill = CARRIED if slot.key in contents.carried else INPUT
    cell.protection = _UNLOCKED
    cell.number_format = _FORMATS.get(slot.kind, "General")
    cell.font = _PROSE if slot.kind is Input.PROSE else _BODY
    centred = slot.kind in _NUMBERS
    cell.alignment = Alignment(horizontal="center" if centred else "left", vertical="center", wrap_text=not centred)
    _frame(target, slot.row, slot.col, 1, slot.cols)
    _merge(target, slot.row, slot.col, 1, slot.cols)


def _frame(target: Worksheet, row: int, col: int, rows: int, cols: int) -> None:
    for line in range(row, row + rows):
        for column in range(col, col + cols):
            _at(target, line, column).border = _BORDER


def _merge(target: Worksheet, row: int, col: int, rows: int, cols: int) -> None:
    if rows > 1 or cols > 1:
        target.merge_cells(start_row=row, start_column=col, end_row=row + rows - 1, end_column=col + cols - 1)


def _color_marks(target: Worksheet, plan: Sheet) -> None:
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


def _validate(target: Worksheet, plan: Sheet, lists: Mapping[str, str]) -> None:
    """Whole numbers, amounts, dates and drop-down lists, a rule for all the places of one kind."""
    for kind, (type_, operator, low, high) in _RULES.items():
        places = [(slot.row, slot.col) for slot in plan.slots if slot.kind is kind]
        if places:
            rule = DataValidation(type=type_, operator=operator, formula1=low, formula2=high, allow_blank=True)
            _say(rule, "填写有误", f"这一格应为{kind.value}。")
            _apply(target, rule, places)
    for name in sorted({slot.options for slot in plan.slots if slot.options}):
        rule = DataValidation(type="list", formula1=lists[name], allow_blank=True)
        if all(slot.kind is Input.FLAG for slot in plan.slots if slot.options == name):
            _say(rule, "填写有误", "从下拉列表中选择，或留空。")
        else:
            rule.showErrorMessage = False  # a town may write its own
        _apply(target, rule, [(slot.row, slot.col) for slot in plan.slots if slot.options == name])


def _say(rule: DataValidation, title: str, text: str) -> None:
    rule.errorTitle, rule.error, rule.errorStyle, rule.showErrorMessage = title, text, "stop", True


def _apply(target: Worksheet, rule: DataValidation, places: list[tuple[int, int]]) -> None:
    for area in ranges(places):
        rule.add(area)
    target.add_data_validation(rule)


REGISTER_ROWS = 2000
"""Rows of a register that have drop-down lists, at least."""
_REGISTER_WIDTHS = {"text": 22, "date": 14, "label": 22, "days": 12, "money": 16}


def register(target: Worksheet, rows: RegisterRows, lists: Mapping[str, str]) -> None:
    """The sheet of a register: heads in row 1, every row below open for writing."""
    spec = rows.spec
    last = max(REGISTER_ROWS, len(rows.rows) + REGISTER_ROWS // 2) + HEADS_ROW
    for index, column in enumerate(spec.columns, start=1):
        letter = get_column_letter(index)
        head = _at(target, HEADS_ROW, index)
        set_text(head, column.name)
        head.font, head.border, head.fill = _BOLD, _BORDER, TOTAL
        head.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)
        dimension = target.column_dimensions[letter]
        dimension.width = 40 if column.key in ("title", "outcome") else _REGISTER_WIDTHS[column.kind]
        _open(dimension, column.kind)
        area = f"{letter}{HEADS_ROW + 1}:{letter}{last}"
        if name := lists.get(f"{spec.key}.{column.key}"):
            rule = DataValidation(type="list", formula1=name, allow_blank=True, showErrorMessage=False)
        elif column.kind == "date":
            rule = DataValidation(type="date", operator="greaterThanOrEqual", formula1="36526", allow_blank=True)
            _say(rule, "不是日期", "写作 2023-05-06。")
            rule.errorStyle = "warning"
        elif column.kind in ("days", "money"):
            type_: _Type = "whole" if column.kind == "days" else "decimal"
            rule = DataValidation(type=type_, operator="greaterThanOrEqual", formula1="0", allow_blank=True)
            _say(rule, "不是数", "填不小于 0 的数。")
        else:
            continue
        rule.add(area)
        target.add_data_validation(rule)
    for row, texts in enumerate(rows.rows, start=HEADS_ROW + 1):
        for index, (column, text) in enumerate(zip(spec.columns, texts, strict=True), start=1):
            cell = _at(target, row, index)
            set_value(cell, to_cell(text, column.kind))
            _open(cell, column.kind)
    if rows.elsewhere:
        note = _at(target, HEADS_ROW, len(spec.columns) + 1)
        set_text(note, f"本单位的登记已另存于 {rows.elsewhere}，不在这里填写，此表留空。")
        note.font = _SMALL
    target.row_dimensions[HEADS_ROW].height = 24
    _page(target, landscape=True, frozen=HEADS_ROW)
    _protect(target, rows_too=True)


def _open(cell: Cell | ColumnDimension, kind: str) -> None:
    """Make a cell, or every blank cell of a column, a place to write."""
    cell.protection = _UNLOCKED
    cell.font, cell.border, cell.fill = _BODY, _BORDER, INPUT
    cell.alignment = Alignment(vertical="center", wrap_text=True)
    cell.number_format = {"date": "yyyy-mm-dd", "text": "@"}.get(kind, "General")


def _page(target: Worksheet, *, landscape: bool, frozen: int) -> None:
    target.page_setup.paperSize = 9  # A4
    target.page_setup.orientation = "landscape" if landscape else "portrait"
    target.page_setup.fitToWidth, target.page_setup.fitToHeight = 1, 0
    target.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    target.print_options.horizontalCentered = True
    margins = target.page_margins
    margins.left = margins.right = 0.5
    margins.top, margins.bottom, margins.footer = 0.6, 0.8, 0.4
    if target.oddFooter is not None:
        target.oddFooter.center.text = "&A　第 &P 页，共 &N 页"
    target.sheet_view.showGridLines = False
    if frozen:
        target.freeze_panes = address(frozen + 1, 1)
        target.print_title_rows = f"1:{frozen}"


def _protect(target: Worksheet, *, rows_too: bool = False) -> None:
    """Lock what is not open for writing, without a password; widths and heights may be changed."""
    protection = target.protection
    protection.sheet = True
    protection.formatColumns = protection.formatRows = False  # False: allowed
    if rows_too:
        protection.insertRows = protection.deleteRows = protection.sort = protection.autoFilter = False
