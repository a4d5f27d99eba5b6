"""A filled-in form into ``params/``: first a plan that shows what changes, then all of it or nothing."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nianbao.errors import FormError, NianbaoError, OutputError, UnknownUnitError
from nianbao.intake.forms.changes import Change, changes
from nianbao.intake.forms.contents import from_params, to_params
from nianbao.intake.forms.plan import Input
from nianbao.intake.forms.read import FilledForm, read_form
from nianbao.intake.forms.register_sheets import csv_path, rows_of, to_csv
from nianbao.params import Unit, load_params, load_units, params_path
from nianbao.params.cells import typed_cells
from nianbao.params.models import ReportParams
from nianbao.params.validate import validate
from nianbao.params.writer import dump_params
from nianbao.params.yamlio import display_name, parse_yaml
from nianbao.registers.columns import REGISTERS, WORKBOOK


@dataclass(frozen=True)
class FileChange:
    """A file to write: its content before (None: not there) and after."""

    path: Path
    before: bytes | None
    after: bytes


@dataclass(frozen=True)
class IngestPlan:
    """What a form changes, before anything is written.

    Attributes
    ----------
    changes : tuple of Change
        What changes in the params; ``str()`` of each is a Chinese line.
    text : str
        The params file as it will be.
    files : tuple of FileChange
        The files that will be written; none where nothing changes.
    notes : tuple of str
        What a clerk should know.
    """

    unit: Unit
    year: int
    source: str
    changes: tuple[Change, ...]
    text: str
    files: tuple[FileChange, ...]
    notes: tuple[str, ...]

    @property
    def lines(self) -> tuple[str, ...]:
        """Everything to show, a Chinese line each."""
        registers = tuple(
            f"登记簿 {display_name(file.path)}：{'新建' if file.before is None else '改写'}"
            for file in self.files
            if file.path.suffix == ".csv"
        )
        return (*(str(change) for change in self.changes), *registers, *self.notes)


def plan_ingest(path: Path, params_dir: Path, unit: Unit | None = None, year: int | None = None) -> IngestPlan:
    """Read a form and work out what it changes; nothing is written.

    Parameters
    ----------
    unit, year : optional
        Whose form it should be; another is refused.

    Raises
    ------
    FormError
        When the form must not be taken; an ``ErrorList`` when several things are wrong.
    ParamsError
        When the params that are there cannot be read.
    """
    form = read_form(path)
    owner = _owner(form, params_dir)
    _refuse_another(form, owner, params_dir, unit, year)
    target = params_path(params_dir, owner, form.identity.year)
    old: Mapping[str, Any] = {}
    before: bytes | None = None
    if target.is_file():
        before = target.read_bytes()
        old = load_params(owner, form.identity.year, params_dir).file.data
    notes = list(form.notes)
    if hashlib.sha256(before).hexdigest() != form.base if before is not None else form.base:
        notes.append(f"{form.name}：生成这份表以后，参数文件又改动过；表中的内容将取代现有内容，逐行核对上面的变化。")
    edition = form.plan.edition
    wanted = to_params(_settled(form, from_params(old, edition).values), form.typed_totals, old, edition)
    text = _text(wanted, before, owner, form, target)
    files = []
    if before is None or text.encode() != before.removeprefix(b"\xef\xbb\xbf"):
        files.append(FileChange(target, before, text.encode()))
    csvs, remarks = _registers(form, owner, params_dir)
    return IngestPlan(
        owner,
        form.identity.year,
        form.name,
        changes(form.plan, old, wanted),
        text,
        (*files, *csvs),
        (*notes, *remarks),
    )


def _owner(form: FilledForm, params_dir: Path) -> Unit:
    identity = form.identity
    try:
        unit = load_units(params_dir).find(identity.unit_id)
    except UnknownUnitError as error:
        raise FormError(
            form.name, f"填报单位为 {identity.unit_name}（{identity.unit_id}），units.yaml 中没有", "核对单位"
        ) from error
    if (unit.name, unit.official_name) != (identity.unit_name, identity.authority):
        raise FormError(
            form.name,
            f"填报单位为 {identity.unit_name}（{identity.authority}），应为 {unit.name}（{unit.official_name}）",
            "用 nianbao forms 重新生成表格",
        )
    return unit


def _refuse_another(form: FilledForm, owner: Unit, params_dir: Path, unit: Unit | None, year: int | None) -> None:
    """Another unit's or year's form, also where only the file name tells."""
    mine, when = owner.name, form.identity.year
    remedy = "核对是谁的表：交错了就换成本单位的，改错了文件名就改回来"
    if unit is not None and unit.id != owner.id:
        raise FormError(form.name, f"是{mine}的表，应为{unit.name}的表", "换成本单位的表")
    if year is not None and year != when:
        raise FormError(form.name, f"是 {when} 年的表，应为 {year} 年的表", "换成这一年的表")
    others = [other.name for other in load_units(params_dir).units if other.id != owner.id and other.name in form.name]
    if others and mine not in form.name:
        raise FormError(form.name, f"文件名写的是{others[0]}，表是{mine}的", remedy)
    years = {int(found) for found in re.findall(r"(?<![0-9])20[0-9]{2}(?=年)", form.name)}
    if years and not years & {when, when + 1}:
        raise FormError(form.name, f"文件名写的是 {min(years)} 年，表是 {when} 年的", remedy)


def _settled(form: FilledForm, old: Mapping[str, Any]) -> dict[str, Any]:
    """One-line texts without blanks behind them, unless they stood there before."""
    filled = dict(form.values)
    for key, slot in form.plan.slots.items():
        value = filled.get(key)
        if slot.kind is Input.LINE and isinstance(value, str) and value != old.get(key):
            filled[key] = value.rstrip()
    return filled


def _text(wanted: dict[str, Any], before: bytes | None, unit: Unit, form: FilledForm, target: Path) -> str:
    """The params file as it will be, read back by the strict reader before anybody relies on it."""
    name = display_name(target)
    year = form.identity.year
    if before is None:
        header = f"{unit.official_name} {year} 年{form.plan.edition.title}。"
        text = dump_params(None, {"unit": unit.id, "year": year, **_without_nothing(wanted)}, header=header, name=name)
    else:
        text = dump_params(before.decode("utf-8-sig"), wanted, name=name)
    try:
        file = parse_yaml(text.encode(), name)
        validate(ReportParams, file)
        _, errors = typed_cells(file, form.plan.edition)
    except NianbaoError as error:
        raise FormError(form.name, f"写成参数文件后读不回来（{error}）", "按提示改正后重试") from error
    if errors:
        raise FormError(form.name, f"写成参数文件后读不回来（{errors[0]}）", "按提示改正后重试")
    return text


def _without_nothing(values: dict[str, Any]) -> dict[str, Any]:
    """A new file says null where a fact is asked for, but no empty sections."""
    return {key: value for key, value in values.items() if value is not None and value != {}}


def _registers(form: FilledForm, unit: Unit, params_dir: Path) -> tuple[list[FileChange], list[str]]:
    files: list[FileChange] = []
    notes: list[str] = []
    for key, rows in form.registers.items():
        spec = REGISTERS[key]
        path = csv_path(params_dir, unit.id, form.identity.year, key)
        before = path.read_bytes() if path.is_file() else None
        kept = rows_of(before, spec) if before is not None else None
        workbook = path.with_name(WORKBOOK)
        if not rows:
            if kept:
                notes.append(f"工作表“{spec.sheet}”为空，保留原有的 {display_name(path)}（{len(kept)} 行），没有删除。")
        elif before is not None and kept is None:
            raise FormError(
                f"{form.name} 工作表“{spec.sheet}”",
                f"{display_name(path)} 已有另一种写法的登记，不能由表格改写",
                "只保留一处：清空这个工作表，或移走原文件",
            )
        elif before is None and workbook.is_file():
            raise FormError(
                f"{form.name} 工作表“{spec.sheet}”",
                f"{display_name(workbook)} 已有登记",
                "只保留一处：清空这个工作表，或移走原文件",
            )
        elif kept is None or tuple(kept) != rows:
            files.append(FileChange(path, before, to_csv(spec, rows)))
    return files, notes


def apply(plan: IngestPlan) -> tuple[Path, ...]:
    """Write what a plan says, whole or not at all; returns the files written.

    Raises
    ------
    FormError
        When a file has changed since the plan was made.
    OutputError
        When a file cannot be written; those written before it are put back.
    """
    for file in plan.files:
        now = file.path.read_bytes() if file.path.is_file() else None
        if now != file.before:
            raise FormError(display_name(file.path), "在核对变化以后又被改动", "重新运行 nianbao ingest")
    beside = [(file, file.path.with_name(f".{file.path.name}.new")) for file in plan.files]
    done: list[FileChange] = []
    try:
        for file, fresh in beside:
            file.path.parent.mkdir(parents=True, exist_ok=True)
            with fresh.open("wb") as stream:
                stream.write(file.after)
                stream.flush()
                os.fsync(stream.fileno())
        for file, fresh in beside:
            Path(fresh).replace(file.path)
            done.append(file)
    except OSError as error:
        for file in reversed(done):
            if file.before is None:
                file.path.unlink()
            else:
                file.path.write_bytes(file.before)
        where = display_name(plan.files[len(done)].path)
        reason = error.strerror or type(error).__name__
        raise OutputError(where, f"无法写入（{reason}），原有文件没有改动", "关闭正打开它的程序后重试") from error
    finally:
        for _, fresh in beside:
            with suppress(FileNotFoundError):
                fresh.unlink()
    return tuple(file.path for file in plan.files)
