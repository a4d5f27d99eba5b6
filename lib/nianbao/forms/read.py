"""Read a filled-in form: its identity, its structure, what was written; everything that is wrong at once.

Nothing is read from what a spreadsheet computed: totals are added up anew, and where the
file keeps another result, that is said.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from openpyxl import Workbook
from openpyxl.cell.cell import Cell, MergedCell
from openpyxl.worksheet.worksheet import Worksheet

from nianbao.errors import FormError, NianbaoError
from nianbao.forms import read_registers, values
from nianbao.forms.contents import Value, total_keys
from nianbao.forms.layout_text import PICTURES, TICKED
from nianbao.forms.opening import LIMITS, has_pictures, keeps_results, load, load_form, plan_by, system_of
from nianbao.forms.pictures import picture_problems
from nianbao.forms.plan import YES, FormPlan, Identity, Label, SheetPlan, Total, address
from nianbao.forms.read_registers import REGENERATE, REMARKS
from nianbao.forms.write import SYSTEM
from nianbao.office.xlsx import read_xlsx
from nianbao.params.validate import raise_all
from nianbao.registers.columns import REGISTERS
from nianbao.report import build_cells
from nianbao.wording import quoted


@dataclass(frozen=True)
class FilledForm:
    """A form that passed every check.

    Attributes
    ----------
    values : mapping of str to value
        What was written, by key of the place; a key that is missing is blank.
    typed_totals : frozenset of str
        Totals whose place takes a value.
    registers : mapping of str to rows
        By key of the register; no rows where the sheet is blank.
    rows : mapping of str to tuple of int
        Where on its sheet each row of a register stands.
    none_came : tuple of str
        Ticks that none came in, each of which stands for the zeros of its table.
    base : str
        Fingerprint of the params file and registers that the form was filled in from.
    notes : tuple of str
        What a clerk should know, a Chinese line each.
    """

    name: str
    plan: FormPlan
    values: Mapping[str, Value]
    typed_totals: frozenset[str]
    registers: Mapping[str, tuple[tuple[str, ...], ...]]
    rows: Mapping[str, tuple[int, ...]]
    none_came: tuple[str, ...]
    base: str
    notes: tuple[str, ...]

    @property
    def identity(self) -> Identity:
        return self.plan.identity


def read_form(path: Path) -> FilledForm:
    """Read one filled-in form.

    Raises
    ------
    FormError
        With file, sheet and cell; an :class:`ErrorList` when several things are wrong.
    """
    raw = read_xlsx(path, path.name, LIMITS, FormError)
    workbook = load_form(raw, path.name)
    cached = load(raw, path.name, formulas=False) if keeps_results(raw) else None
    system = system_of(workbook, path.name)
    plan = plan_by(system, path.name)
    reader = _Reader(path.name, plan, frozenset(filter(None, system.typed_totals.split(","))))
    reader.read(workbook, cached)
    if reader.problems:
        raise_all(reader.problems)
    if has_pictures(raw):
        reader.notes.append(
            f"{path.name}：表里贴有图片，没有收取；把图片存成文件，登记在工作表“{PICTURES}”里，与表一起交。"
        )
    return FilledForm(
        path.name,
        plan,
        reader.values,
        reader.typed_totals,
        reader.registers,
        reader.rows,
        tuple(reader.none_came),
        system.base,
        tuple(reader.notes),
    )


class _Reader:
    def __init__(self, name: str, plan: FormPlan, typed_totals: frozenset[str]) -> None:
        self.name = name
        self.plan = plan
        self.typed_totals = typed_totals
        self.values: dict[str, Value] = {}
        self.registers: dict[str, tuple[tuple[str, ...], ...]] = {}
        self.rows: dict[str, tuple[int, ...]] = {}
        self.none_came: list[str] = []
        self.problems: list[NianbaoError] = []
        self.notes: list[str] = []
        self.unfit: set[str] = set()

    def read(self, workbook: Workbook, cached: Workbook | None) -> None:
        if unknown := self.typed_totals - self.plan.totals.keys():
            self._problem(SYSTEM, "", f"手填合计一行被改动（{sorted(unknown)[0]}）", REGENERATE)
            return
        sound = [sheet for sheet in self.plan.sheets if self._is_sound(workbook, sheet)]
        for sheet in sound:
            self._sheet(workbook[sheet.name], sheet)
        self._nothing()
        if not self.problems:
            self._totals(workbook, cached)
        self._lists()
        for found in picture_problems(self.plan, self.values, self.unfit):
            self._problem(PICTURES, found.cell, found.wrong, found.remedy)
        self._registers(workbook)
        known = {SYSTEM, REMARKS, *(s.name for s in self.plan.sheets), *(spec.sheet for spec in REGISTERS.values())}
        for extra in workbook.sheetnames:
            if extra not in known:
                self.notes.append(f"{self.name}：工作表“{extra}”不是填报表的一部分，没有读取。")

    def _registers(self, workbook: Workbook) -> None:
        reader = read_registers.Reader(self.name, self.plan.identity.year, self.plan.edition)
        for spec in REGISTERS.values():
            sheet = workbook[spec.sheet] if spec.sheet in workbook.sheetnames else None
            if not isinstance(sheet, Worksheet):
                self._problem(spec.sheet, "", "没有这个工作表，或已改名", REGENERATE)
            else:
                reader.read(sheet, spec)
        reader.count()
        self.registers, self.rows = reader.registers, reader.rows
        self.problems += reader.problems
        self.notes += reader.notes

    def _problem(self, sheet: str, cell: str, wrong: str, remedy: str = "") -> None:
        place = f"{self.name} 工作表“{sheet}”" + (f" {cell} 格" if cell else "")
        self.problems.append(FormError(place, wrong, remedy))

    # -- structure --------------------------------------------------------------------------------

    def _is_sound(self, workbook: Workbook, plan: SheetPlan) -> bool:
        """Whether every label stands where it was put: else nothing of the sheet can be trusted."""
        sheet = workbook[plan.name] if plan.name in workbook.sheetnames else None
        if not isinstance(sheet, Worksheet):
            self._problem(plan.name, "", "没有这个工作表，或已改名", REGENERATE)
            return False
        moved = [label for label in plan.labels if _text(sheet.cell(label.row, label.col)) != label.text]
        areas = {str(area) for area in sheet.merged_cells.ranges}
        split = [item for item in plan.labels if _area(item) not in areas and (item.rows > 1 or item.cols > 1)]
        if moved:
            first = moved[0]
            self._problem(
                plan.name,
                address(first.row, first.col),
                f"应为{quoted(first.text)}，实为{quoted(_text(sheet.cell(first.row, first.col)) or '空白')}，"
                f"共 {len(moved)} 处文字不在原处：插入、删除过行列，改过文字，或是另一单位、另一年的表",
                REGENERATE,
            )
        elif split:
            self._problem(plan.name, address(split[0].row, split[0].col), "原来合并的格子被拆开", REGENERATE)
        return not moved and not split

    def _nothing(self) -> None:
        """A tick that none came in stands for the zeros of a table; a figure above 0 beside it is a contradiction."""
        for tick, table in TICKED.items():
            slot = self.plan.slots[tick]
            if self.values.pop(tick, None) != YES:
                continue
            places = [key for key in self.plan.slots if key.startswith(f"{table}.")]
            above = [key for key in places if self.values.get(key) not in (None, 0)]
            if above:
                sheet, where = self._place(above[0])
                wrong = f"选了“是”，工作表“{sheet}” {where} 格却有 {self.values[above[0]]}"
                self._problem("基本信息", address(slot.row, slot.col), f"{slot.label}{wrong}", "改正其中一处")
            else:
                self.values |= dict.fromkeys(places, 0)
                self.none_came.append(tick)

    def _place(self, key: str) -> tuple[str, str]:
        """Sheet and cell of a key."""
        return next((sheet.name, address(*sheet.places[key])) for sheet in self.plan.sheets if key in sheet.places)

    # -- values -----------------------------------------------------------------------------------

    def _sheet(self, sheet: Worksheet, plan: SheetPlan) -> None:
        for slot in plan.slots:
            self._take(sheet, slot.row, slot.col, slot.key, slot.label, slot.kind)
        for total in plan.totals:
            if total.key in self.typed_totals:
                self._take(sheet, total.row, total.col, total.key, total.label, values.Input.COUNT)

    def _take(self, sheet: Worksheet, row: int, col: int, key: str, label: str, kind: values.Input) -> None:
        try:
            value, note = values.take(sheet.cell(row, col), kind)
        except values.Unfit as unfit:
            self.unfit.add(key)
            self._problem(sheet.title, address(row, col), f"{label}{unfit.wrong}", unfit.remedy)
            return
        if note:
            self.notes.append(f"{self.name} 工作表“{sheet.title}” {address(row, col)} 格：{label}{note}。")
        if key.startswith("pictures.") and isinstance(value, str):
            value = value.strip()
        if key in ("contact.phone", "contact.postcode") and isinstance(value, str):
            value = unicodedata.normalize("NFKC", value).strip()
        if value not in (None, ""):
            self.values[key] = value

    def _totals(self, workbook: Workbook, cached: Workbook | None) -> None:
        """Totals by formula: the formula must be ours, and what the file keeps as its result is compared."""
        plain = total_keys(self.plan.edition)
        used = {
            key: self.values.get(key)
            for key in self.plan.edition.fields
            if key not in plain or key in self.typed_totals
        }
        cells = build_cells(self.plan.edition, used)
        for plan in self.plan.sheets:
            for total in plan.totals:
                if total.key in self.typed_totals:
                    continue
                if total.key in cells:
                    ours = cells[total.key].value
                else:
                    parts = [self.values[part] for part in total.parts if part in self.values]
                    ours = sum(parts) if parts else None
                place = (total.row, total.col)
                kept = cached[plan.name].cell(*place).value if cached is not None else None
                self._compare(plan, total, workbook[plan.name].cell(*place), kept, ours)

    def _compare(self, plan: SheetPlan, total: Total, cell: Cell | MergedCell, kept: object, ours: Value) -> None:
        where, shown = address(total.row, total.col), "空白" if ours is None else ours
        is_formula = cell.data_type == "f"
        if is_formula and _formula(cell.value) == _formula(plan.formula(total)):
            if kept is not None and kept != ours and not (kept == "" and ours is None):
                self.notes.append(
                    f"{self.name} 工作表“{plan.name}” {where} 格：{total.label}文件中存的结果为{quoted(kept)}，"
                    f"按各项重新计算为 {shown}，以重新计算的为准。"
                )
            return
        found = kept if is_formula else cell.value  # a formula that a program wrote its own way, or a pasted value
        if found != ours or (is_formula and found is None):
            self._problem(
                plan.name,
                where,
                f"{total.label}是自动计算的合计（{shown}），不能手填，实为{quoted('空白' if cell.value is None else cell.value)}",
                REGENERATE,
            )

    def _lists(self) -> None:
        """Classes and channels: a name has a figure, a figure has a name, a channel stands once."""
        for which, word in (("classes", "类别"), ("channels", "渠道")):
            names: dict[str, str] = {}
            for slot in self.plan.slots.values():
                prefix, _, part = slot.key.rpartition(".")
                if not prefix.startswith(f"disclosure.{which}.") or part != "name":
                    continue
                name, count = self.values.get(slot.key), self.values.get(f"{prefix}.count")
                where = address(slot.row, slot.col)
                if name is None and count is not None and slot.key not in self.unfit:
                    self._problem("基本信息", where, f"{slot.label}没有名称，条数为 {count}", "填写名称，或删去条数")
                elif name is not None and count is None and f"{prefix}.count" not in self.unfit:
                    self._problem("基本信息", where, f"{word}{quoted(name)}没有条数", "填写条数，或删去名称")
                elif which == "channels" and name in names:
                    self._problem("基本信息", where, f"渠道{quoted(name)}与 {names[name]} 格重复", "合并为一行")
                elif name is not None:
                    names[name] = where


def _text(cell: object) -> str:
    value = getattr(cell, "value", None)
    return values.clean(str(value))[0] if value is not None else ""


def _area(label: Label) -> str:
    return f"{address(label.row, label.col)}:{address(label.row + label.rows - 1, label.col + label.cols - 1)}"


def _formula(value: object) -> str:
    """A formula without what programs change when they save it."""
    return "".join(str(value).split()).replace("$", "").upper()
