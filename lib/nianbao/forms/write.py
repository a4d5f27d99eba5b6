"""Write a unit's blank form, filled in with what is known, as one XLSX."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.workbook.protection import WorkbookProtection

from nianbao.errors import FormError, OutputError, reason_of
from nianbao.forms import draw, draw_registers, register_sheets
from nianbao.forms.contents import Contents, Value, from_params, lines_of
from nianbao.forms.layout import form_plan, sizes_for
from nianbao.forms.layout_text import CLASSES, PARTS, YES_NO, part_names
from nianbao.forms.plan import FORM_VERSION, NO, YES, FormPlan, Identity
from nianbao.forms.register_sheets import RegisterRows
from nianbao.forms.xlsx import set_text, to_bytes
from nianbao.params import Unit, load_params, params_path
from nianbao.registers.columns import CLASS_ORDER, LAST_CLASS, REGISTERS
from nianbao.report import Report, has_report, load_report, skeleton
from nianbao.statute import EDITIONS, Edition, edition_for

SYSTEM = "系统"
CLASS_NAMES = tuple(f"{name}类信息" for name in (*CLASS_ORDER, LAST_CLASS))
"""The main scheme of classes, offered for choice; a town may write its own."""


@dataclass(frozen=True)
class System:
    """What the hidden sheet says: whose form it is, how it is laid out, from what it was filled in."""

    version: str
    unit_id: str
    unit_name: str
    authority: str
    year: str
    edition: str
    sizes: str
    structure: str
    typed_totals: str
    base: str
    """:func:`fingerprint` of what it was filled in from."""
    sample: str


SYSTEM_LABELS: Mapping[str, str] = {
    "version": "表单版本",
    "unit_id": "单位代号",
    "unit_name": "单位名称",
    "authority": "机关名称",
    "year": "年份",
    "edition": "格式版本",
    "sizes": "行数",
    "structure": "结构校验",
    "typed_totals": "手填合计",
    "base": "参数指纹",
    "sample": "示例数据",
}
"""What stands beside each value of the hidden sheet."""


def form_name(unit: Unit, year: int) -> str:
    """永和镇2023年报填报表.xlsx."""
    return f"{unit.name}{year}年报填报表.xlsx"


def write_form(unit: Unit, year: int, params_dir: Path, target: Path) -> Path:
    """Write the form of one unit for one year; returns its path.

    What ``params/<year>/<unit>.yaml`` and its registers say is filled in; where there is
    none, last year's contact and the units' known facts; always last year's carry-over.

    Parameters
    ----------
    target : Path
        The file, or a folder that takes it under :func:`form_name`.

    Raises
    ------
    ParamsError, RegisterError
        When this or last year's params, or last year's registers, cannot be read.
    FormError
        When a text is too long for a cell of XLSX.
    OutputError
        When the file cannot be written.
    """
    path = target / form_name(unit, year) if target.is_dir() or target.suffix.lower() != ".xlsx" else target
    save_form(path, form_bytes(unit, year, params_dir))
    return path


def save_form(path: Path, content: bytes) -> None:
    """Write a form, whole or not at all.

    Raises
    ------
    OutputError
        When it cannot be written.
    """
    beside = path.with_name(f".{path.name}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        beside.write_bytes(content)
        beside.replace(path)
    except OSError as error:
        reason = reason_of(error)
        raise OutputError(path.name, f"无法写入（{reason}）", "关闭正打开它的程序，检查文件夹是否可写") from error
    finally:
        with suppress(OSError):
            beside.unlink()


def form_bytes(unit: Unit, year: int, params_dir: Path) -> bytes:
    """The form as a file; the same bytes for the same params."""
    filling = filling_of(unit, year, params_dir)
    _refuse_long(filling.contents, unit, year)
    values = filling.contents.values
    sizes = sizes_for(
        _rows(values, "disclosure.classes"),
        _rows(values, "disclosure.channels"),
        {part: _last_paragraph(values, part, name) for part, name in part_names(edition_for(year)).items()},
        sum(1 for key in values if key.startswith("pictures.") and key.endswith(".file")),
    )
    plan = form_plan(Identity(unit.id, unit.name, unit.official_name, year, filling.sample), sizes)
    before = [item.name for item in filling.last_year.params.disclosure.classes] if filling.last_year else []
    classes = list(dict.fromkeys([*before, *CLASS_NAMES]))
    return to_bytes(_workbook(plan, filling.contents, filling.registers, classes, filling.base))


@dataclass(frozen=True)
class Filling:
    """What a form is filled in from: this year's params (none: empty) and registers, and last year's report."""

    data: Mapping[str, Any]
    base: str
    registers: tuple[RegisterRows, ...]
    last_year: Report | None
    contents: Contents

    @property
    def sample(self) -> bool:
        """Whether any of it is invented."""
        return bool(self.data.get("sample")) or (self.last_year is not None and self.last_year.params.sample)


def filling_of(unit: Unit, year: int, params_dir: Path) -> Filling:
    """What stands in a form before a clerk writes into it; errors as :func:`write_form`."""
    registers = register_sheets.load_rows(params_dir, unit.id, year)
    kept = any(register.rows or register.elsewhere for register in registers)
    path = params_path(params_dir, unit, year)
    data: Mapping[str, Any] = {}
    if path.is_file():
        data = load_params(unit, year, params_dir).file.data
    last_year = _last_year(unit, year, params_dir)
    edition = edition_for(year)
    contents = _with_known(from_params(data, edition), data, last_year, unit, edition, registers_kept=kept)
    return Filling(data, fingerprint(unit, year, params_dir), registers, last_year, contents)


def fingerprint(unit: Unit, year: int, params_dir: Path) -> str:
    """SHA-256 over a unit's params file and registers of a year; empty where there are none."""
    paths = [params_path(params_dir, unit, year)]
    paths += [register_sheets.csv_path(params_dir, unit.id, year, key) for key in REGISTERS]
    digests = [hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else "" for path in paths]
    return hashlib.sha256("\n".join(digests).encode()).hexdigest() if any(digests) else ""


def _last_paragraph(values: Mapping[str, Value], part: str, name: str) -> int:
    """Rows that a part takes, blank ones before a picture included."""
    keys = [key for _, key in lines_of(values, part, name)]
    return sum(1 for key in keys if key.startswith("narrative."))


def _rows(values: Mapping[str, Value], prefix: str) -> int:
    return sum(1 for key in values if key.startswith(f"{prefix}.") and key.endswith(".name"))


def _last_year(unit: Unit, year: int, params_dir: Path) -> Report | None:
    """Last year's report, typed or counted; None where there is none."""
    known = any(edition.covers(year - 1) for edition in EDITIONS)
    return load_report(unit.id, year - 1, params_dir) if known and has_report(unit, year - 1, params_dir) else None


def _with_known(
    contents: Contents,
    data: Mapping[str, Any],
    last_year: Report | None,
    unit: Unit,
    edition: Edition,
    *,
    registers_kept: bool,
) -> Contents:
    """Contents with last year's carry-over and, in a new form, the contact as last known and the headings and
    sentences that the law asks for.
    """
    known: dict[str, Value] = {}
    if last_year is not None and not registers_kept and "carried_in" not in (data.get("t3") or {}):
        table = last_year.edition.t3
        for column in table.applicants:
            cell = last_year[f"t3.{table.carried_out}.{column.key}"]
            if cell.is_number:
                known[f"t3.{table.carried_in}.{column.key}"] = cell.value
    if not data:
        facts: dict[str, Value] = {
            "office": unit.contact_office,
            "address": unit.address,
            "phone": unit.phone,
            "postcode": unit.postcode,
        }
        if last_year is not None:
            facts |= {key: value for key, value in last_year.params.contact.model_dump().items() if value is not None}
        known |= {f"contact.{key}": value for key, value in facts.items() if value is not None}
        for part, text in skeleton.narrative(unit, edition, ()).items():
            known |= {f"narrative.{part}.{index}": line for index, line in enumerate(text.splitlines())}
    return Contents({**known, **contents.values}, contents.typed_totals, frozenset(known) - frozenset(contents.values))


def _refuse_long(contents: Contents, unit: Unit, year: int) -> None:
    for key, value in contents.values.items():
        if isinstance(value, str) and len(value) > register_sheets.MAX_TEXT:
            raise FormError(
                f"{unit.name} {year} 年 {key}",
                f"一段有 {len(value)} 字，XLSX 一格至多 {register_sheets.MAX_TEXT} 字",
                "在参数文件中把这一段分成几段",
            )


def _workbook(
    plan: FormPlan, contents: Contents, registers: tuple[RegisterRows, ...], classes: list[str], base: str
) -> Workbook:
    workbook = Workbook()
    workbook.remove(workbook.worksheets[0])
    choices = register_sheets.options(plan.edition, classes)
    lists = {CLASSES: tuple(classes), YES_NO: (YES, NO), PARTS: tuple(part_names(plan.edition).values())}
    lists |= {f"{key}.{column}": shown for key, columns in choices.items() for column, shown in columns.items()}
    system = workbook.create_sheet(SYSTEM)
    ranges = _write_system(system, plan, contents, lists, base)
    for sheet in plan.sheets:
        draw.sheet(workbook.create_sheet(sheet.name), sheet, contents, ranges)
    for register in registers:
        draw_registers.register(workbook.create_sheet(register.spec.sheet), register, ranges, plan.identity.heading)
    workbook.move_sheet(system, len(workbook.sheetnames) - 1)
    workbook.active = 0
    workbook.security = WorkbookProtection(lockStructure=True)
    return workbook


def _write_system(
    sheet: Any, plan: FormPlan, contents: Contents, lists: Mapping[str, tuple[str, ...]], base: str
) -> dict[str, str]:
    """Fill in the hidden sheet; returns where each drop-down list stands."""
    identity = plan.identity
    system = System(
        str(FORM_VERSION),
        identity.unit_id,
        identity.unit_name,
        identity.authority,
        str(identity.year),
        plan.edition.name,
        plan.sizes.text(),
        plan.structure,
        ",".join(sorted(contents.typed_totals)),
        base,
        YES if identity.sample else NO,
    )
    for row, (name, label) in enumerate(SYSTEM_LABELS.items(), start=1):
        set_text(sheet.cell(row, 1), label)
        set_text(sheet.cell(row, 2), getattr(system, name))
    ranges: dict[str, str] = {}
    for column, (name, entries) in enumerate(lists.items(), start=4):
        set_text(sheet.cell(1, column), name)
        for row, entry in enumerate(entries, start=2):
            set_text(sheet.cell(row, column), entry)
        letter = sheet.cell(1, column).column_letter
        ranges[name] = f"'{SYSTEM}'!${letter}$2:${letter}${len(entries) + 1}"
    sheet.sheet_state = "hidden"
    sheet.protection.sheet = True
    return ranges
