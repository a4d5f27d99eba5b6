"""A unit's own form back: a copy with the faulty cells coloured, what is wrong beside them, and a list in front.

What is wrong is what stops the form from being taken, or, where it can be, what the rule book finds in the report
that it gives. Both are told apart in words; colour only helps the eye.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from openpyxl import Workbook
from openpyxl.cell.cell import Cell, MergedCell
from openpyxl.styles import Alignment, PatternFill
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.worksheet import Worksheet

from nianbao.errors import ErrorList, FormError, NianbaoError
from nianbao.forms import style
from nianbao.forms.ingest import plan_ingest
from nianbao.forms.ingest_plan import apply
from nianbao.forms.opening import LIMITS, load_form, plan_of
from nianbao.forms.owner import owner_of
from nianbao.forms.plan import FormPlan, SheetPlan
from nianbao.forms.read_registers import REMARKS
from nianbao.forms.register_sheets import HEADS_ROW
from nianbao.forms.xlsx import set_text, to_bytes
from nianbao.office.xlsx import read_xlsx
from nianbao.params import Unit, params_path
from nianbao.registers.columns import REGISTERS
from nianbao.report import load_report
from nianbao.report.handed_in import Spot, spot_of
from nianbao.report.inputs import SHARED
from nianbao.rules import check_report
from nianbao.statute.rulebook import Severity

MUST, WAIVED = "必须改正", "已豁免"
_WIDTH = 72
"""Of the column beside a table, in half-width characters."""


@dataclass(frozen=True)
class Remark:
    """One thing to say about a form: where in it, how grave, the whole sentence."""

    spot: Spot | None
    level: str
    where: str
    text: str

    @property
    def fill(self) -> PatternFill:
        return style.FAULT if self.level == MUST else style.HINT


@dataclass(frozen=True)
class Returned:
    """A form to be given back, as a file, and how many things in it must be mended or looked at."""

    unit: Unit
    year: int
    content: bytes
    faults: int
    hints: int


def give_back(path: Path, params_dir: Path) -> Returned:
    """The form in ``path`` with what is wrong in it; neither it nor the params are changed.

    Raises
    ------
    FormError
        It is no form of ours, nobody has filled it in, or its unit is none of ours.
    ParamsError, RegisterError
        The params of the unit that it would be taken into cannot be read.
    """
    workbook = load_form(read_xlsx(path, path.name, LIMITS, FormError), path.name)
    plan = plan_of(workbook, path.name)
    unit = owner_of(plan.identity, path.name, params_dir)
    remarks = _remarks(path, unit, plan.identity.year, params_dir)
    _clean(workbook, plan)
    _colour(workbook, plan, remarks)
    _list(workbook, plan, remarks)
    faults = sum(remark.level == MUST for remark in remarks)
    hints = sum(remark.level not in (MUST, WAIVED) for remark in remarks)
    return Returned(unit, plan.identity.year, to_bytes(workbook), faults, hints)


def _remarks(path: Path, unit: Unit, year: int, params_dir: Path) -> list[Remark]:
    """What stops the form, else what is found in the report that it gives: worked out on a copy of the params."""
    with tempfile.TemporaryDirectory(prefix="nianbao-", ignore_cleanup_errors=True) as name:
        copy = Path(name) / "params"
        _copy_params(params_dir, copy, unit, year)
        try:
            plan = plan_ingest(path, copy)
        except NianbaoError as error:
            found = error.errors if isinstance(error, ErrorList) else (error,)
            if not all(isinstance(one, FormError) for one in found):
                raise
            return [_of_error(one, path.name) for one in found]
        if plan.is_blank or plan.record is None:
            raise FormError(path.name, "没有填写任何内容", "填好以后再核对")
        apply(plan)
        plan.record.path.parent.mkdir(parents=True, exist_ok=True)
        plan.record.path.write_bytes(plan.record.after)
        result = check_report(load_report(unit.id, year, copy))
    remarks = []
    for finding in result.findings:
        spot = spot_of(finding.place)
        level = WAIVED if finding.waived is not None else MUST if finding.blocks else finding.severity.label
        text = finding.message if finding.waived is None else f"{finding.message}豁免理由：{finding.waived}"
        where = finding.place.removeprefix(f"{path.name} ") if spot else finding.label
        remarks.append(Remark(None if level == WAIVED else spot, level, where, text))
    return remarks


def _of_error(error: NianbaoError, name: str) -> Remark:
    where = error.where.removeprefix(name).strip()
    remedy = f"{error.remedy.rstrip('。')}。" if error.remedy else ""
    return Remark(spot_of(error.where), MUST, where, f"{error.wrong}。{remedy}")


def _copy_params(source: Path, target: Path, unit: Unit, year: int) -> None:
    """What one report is judged by: its own files of this year and last, the params of its neighbours, what all share."""
    files = [source / name for name in SHARED]
    files += sorted((source / str(year)).glob("*.yaml"))
    files.append(params_path(source, unit, year - 1))
    for own in (params_path(source, unit, year), params_path(source, unit, year - 1)):
        files += sorted(item for item in own.with_suffix("").rglob("*"))
    for file in files:
        if file.is_file():
            place = target / file.relative_to(source)
            place.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(file, place)


def _clean(workbook: Workbook, plan: FormPlan) -> None:
    """Take out what an earlier return left: its list, its remarks, its colours."""
    if REMARKS in workbook.sheetnames:
        workbook.remove(workbook[REMARKS])
    totals = {(sheet.name, total.row, total.col) for sheet in plan.sheets for total in sheet.totals}
    colours = {style.FAULT.start_color.rgb, style.HINT.start_color.rgb}
    for sheet in workbook.worksheets:
        column = next((cell.column for cell in sheet[HEADS_ROW] if cell.value == REMARKS), None)
        for row in sheet.iter_rows():
            for cell in row:
                if isinstance(cell, MergedCell):
                    continue
                if cell.column == column:
                    cell.value = None
                elif cell.fill.start_color.rgb in colours:
                    is_total = (sheet.title, cell.row, cell.column) in totals and cell.data_type == "f"
                    cell.fill = style.TOTAL if is_total else style.INPUT


def _colour(workbook: Workbook, plan: FormPlan, remarks: Iterable[Remark]) -> None:
    """Colour what is named, and write beside it what is wrong; the gravest decides the colour."""
    beside = {sheet.name: _free_column(sheet) for sheet in plan.sheets}
    beside |= {spec.sheet: len(spec.columns) + 1 for spec in REGISTERS.values()}
    said: dict[tuple[str, int], list[str]] = {}
    for remark in sorted(remarks, key=lambda remark: remark.level == MUST):
        spot = remark.spot
        if spot is None or spot.sheet not in beside or spot.sheet not in workbook.sheetnames:
            continue
        sheet = workbook[spot.sheet]
        columns = range(1, beside[spot.sheet])
        places = [sheet[cell] for cell in spot.cells] or [sheet.cell(row, col) for row in spot.rows for col in columns]
        for cell in places:
            if not isinstance(cell, MergedCell):
                cell.fill = remark.fill
        for row in dict.fromkeys(cell.row for cell in places):
            said.setdefault((spot.sheet, row or 0), []).insert(0, f"{remark.level}：{remark.text}")
    for (name, row), texts in said.items():
        sheet, column = workbook[name], beside[name]
        head = _single(sheet, HEADS_ROW, column)
        set_text(head, REMARKS)
        head.font, head.alignment = style.BOLD, Alignment(vertical="center")
        sheet.column_dimensions[head.column_letter].width = _WIDTH
        _write(sheet, row, column, "\n".join(texts))
        sheet.page_setup.orientation = "landscape"


def _single(sheet: Worksheet, row: int, column: int) -> Cell:
    """A cell, taken out of whatever somebody merged it into."""
    cell = sheet.cell(row, column)
    for area in [
        area for area in sheet.merged_cells.ranges if isinstance(cell, MergedCell) and cell.coordinate in area
    ]:
        sheet.unmerge_cells(str(area))
    return style.cell_at(sheet, row, column)


def _write(sheet: Worksheet, row: int, column: int, text: str) -> None:
    """A text that may take several lines, and a row that is high enough for it."""
    cell = _single(sheet, row, column)
    set_text(cell, text)
    cell.font, cell.alignment = style.SMALL, Alignment(vertical="top", wrap_text=True)
    width = int(sheet.column_dimensions[cell.column_letter].width) - 4
    lines = sum(1 + style.half_width(line) // width for line in text.split("\n"))
    height = sheet.row_dimensions[row].height
    sheet.row_dimensions[row].height = min(max(height or 15.0, 14.5 * lines + 4), 400.0)


def _free_column(sheet: SheetPlan) -> int:
    ends = [label.col + label.cols for label in sheet.labels]
    ends += [slot.col + slot.cols for slot in sheet.slots]
    ends += [total.col + total.cols for total in sheet.totals]
    return max([*ends, *(mark.col + 1 for mark in sheet.marks)])


def _list(workbook: Workbook, plan: FormPlan, remarks: Sequence[Remark]) -> None:
    """The sheet 核对结果 in front: everything, what must be mended first, with a link to its cell."""
    sheet = workbook.create_sheet(REMARKS, 0)
    faults = [remark for remark in remarks if remark.level == MUST]
    title = style.cell_at(sheet, 1, 1)
    set_text(title, f"{plan.identity.heading}　{REMARKS}")
    title.font = style.TITLE
    set_text(
        style.cell_at(sheet, 2, 1),
        f"必须改正 {len(faults)} 处，另有 {len(remarks) - len(faults)} 处警告、提示或已豁免。"
        "在各工作表里直接改，改好保存，连同图片一起交回；旁边的“核对结果”一列不用删。",
    )
    for row, (fill, text) in enumerate(
        ((style.FAULT, "这种颜色的格必须改正"), (style.HINT, "这种颜色的格是警告或提示，核对后可以不改")), start=3
    ):
        sheet.cell(row, 1).fill = fill
        set_text(style.cell_at(sheet, row, 2), text)
    top = 5
    for column, (head, width) in enumerate((("序号", 7), ("级别", 11), ("在哪里", 32), ("问题", 90)), start=1):
        cell = style.cell_at(sheet, top, column)
        set_text(cell, head)
        cell.font, cell.fill, cell.border = style.BOLD, style.SECTION, style.BORDER
        sheet.column_dimensions[cell.column_letter].width = width
    order = {MUST: 0, Severity.WARNING.label: 1, Severity.INFO.label: 2, WAIVED: 3}
    for number, remark in enumerate(sorted(remarks, key=lambda remark: order[remark.level]), start=1):
        row = top + number
        texts = (str(number), remark.level, remark.where, remark.text)
        for column, text in enumerate(texts, start=1):
            _write(sheet, row, column, text)
            cell = sheet.cell(row, column)
            cell.border, cell.font = style.BORDER, style.BOLD if (column, remark.level) == (2, MUST) else style.BODY
        sheet.cell(row, 2).fill = remark.fill if remark.level != WAIVED else style.HEAD
        if remark.spot and remark.spot.sheet in workbook.sheetnames:
            target = remark.spot.cells[0] if remark.spot.cells else f"A{remark.spot.rows[0]}"
            place = sheet.cell(row, 3)
            place.hyperlink = Hyperlink(ref=place.coordinate, location=f"'{remark.spot.sheet}'!{target}")
    sheet.sheet_properties.tabColor = "FFC0504D"
    style.page(sheet, landscape=True, frozen=top)
    sheet.freeze_panes = f"A{top + 1}"
    style.protect(sheet)
    for other in workbook.worksheets:
        other.sheet_view.tabSelected = other is sheet
    workbook.active = 0
