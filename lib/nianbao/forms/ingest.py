"""A filled-in form into ``params/``: first a plan that shows what changes, then all of it or nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nianbao.errors import ErrorList, FormError, NianbaoError
from nianbao.forms.changes import changes
from nianbao.forms.contents import from_params, to_params
from nianbao.forms.ingest_plan import IngestPlan
from nianbao.forms.layout_text import TICKED
from nianbao.forms.owner import owner_of, refuse_another
from nianbao.forms.pictures import picture_files, picture_line
from nianbao.forms.plan import Input
from nianbao.forms.read import FilledForm, read_form
from nianbao.forms.record import record_of
from nianbao.forms.register_sheets import MAX_SHOWN, csv_path, rows_of, to_csv
from nianbao.forms.write import filling_of, fingerprint
from nianbao.params import Unit, load_params, params_path
from nianbao.params.cells import typed_cells
from nianbao.params.commit import FileChange
from nianbao.params.models import ReportParams
from nianbao.params.validate import raise_all, validate
from nianbao.params.writer import dump_params
from nianbao.params.yamlio import display_name, parse_yaml
from nianbao.registers.columns import REGISTERS, WORKBOOK
from nianbao.registers.files import NAMES as REGISTER_FILES
from nianbao.report.handed_in import FORM_FILE


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
    owner = owner_of(form.identity, form.name, params_dir)
    refuse_another(form, owner, params_dir, unit, year)
    target = params_path(params_dir, owner, form.identity.year)
    old: Mapping[str, Any] = {}
    before: bytes | None = None
    if target.is_file():
        before = target.read_bytes()
        old = load_params(owner, form.identity.year, params_dir).file.data
        if form.identity.sample and not old.get("sample"):
            raise FormError(
                form.name,
                f"是示例表，数据为虚构，{display_name(target)} 是正式的参数",
                "用正式的参数重新生成表格，或用 --params 指明示例的参数文件夹",
            )
    if before is None and _untouched(form, owner, params_dir):
        return IngestPlan(owner, form.identity.year, form.name, (), "", (), (), form.notes, params_dir)
    edition = form.plan.edition
    before_form = from_params(old, edition).values
    wanted = to_params(_settled(form, before_form), form.typed_totals, old, edition)
    text = _text(wanted, before, owner, form, target)
    files = []
    if before is None or text.encode() != before.removeprefix(b"\xef\xbb\xbf"):
        files.append(FileChange(target, before, text.encode()))
    found = _registers(form, owner, params_dir)
    files += [register.file for register in found if register.file is not None]
    folder = target.with_suffix("")
    named = frozenset(
        str(value) for key, value in before_form.items() if key.startswith("pictures.") and key.endswith(".file")
    )
    pictures = picture_files(form.name, form.plan, form.values, path.parent, folder, named)
    files += pictures
    record = record_of(form, text.encode(), _registers_as_written(files, folder)).as_json()
    kept = folder / FORM_FILE
    known = kept.read_bytes() if kept.is_file() else None
    notes = [*form.notes, *(register.text for register in found if register.file is None)]
    if files and form.base != fingerprint(owner, form.identity.year, params_dir):
        notes.append("生成这份表以后，参数文件或登记簿又改动过；表中的内容取代现有内容，逐行核对上面的变化。")
    return IngestPlan(
        owner,
        form.identity.year,
        form.name,
        changes(form.plan, old, wanted),
        text,
        tuple(files),
        (*(register.text for register in found if register.file is not None), *map(picture_line, pictures)),
        tuple(notes),
        params_dir,
        FileChange(kept, known, record),
        tuple(f"{TICKED[tick]}." for tick in form.none_came),
    )


def _registers_as_written(files: Iterable[FileChange], folder: Path) -> dict[str, bytes | None]:
    """The registers by name of their file as they will be; None where there is none."""
    written = {file.path: file.after for file in files}
    found: dict[str, bytes | None] = {}
    for name in REGISTER_FILES:
        path = folder / name
        found[name] = written.get(path, path.read_bytes() if path.is_file() else None)
    return found


def _untouched(form: FilledForm, unit: Unit, params_dir: Path) -> bool:
    """Whether nothing stands in a new form but what it was handed out with."""
    known = filling_of(unit, form.identity.year, params_dir).contents.values
    return not any(form.registers.values()) and dict(form.values) == dict(known)


def plan_all(
    paths: Iterable[Path], params_dir: Path, unit: Unit | None = None, year: int | None = None
) -> tuple[IngestPlan, ...]:
    """Plans of several forms; nothing is written, and one bad form stops them all.

    Raises
    ------
    FormError, ParamsError
        Everything wrong with any of them, as :func:`plan_ingest` says it; several as ``ErrorList``.
        Also when two of them are of the same unit and year.
    """
    plans: list[IngestPlan] = []
    errors: list[NianbaoError] = []
    for path in paths:
        try:
            plans.append(plan_ingest(path, params_dir, unit, year))
        except NianbaoError as error:
            errors += error.errors if isinstance(error, ErrorList) else (error,)
    first: dict[tuple[str, int], str] = {}
    for plan in plans:
        other = first.setdefault((plan.unit.id, plan.year), plan.source)
        if other is not plan.source:
            wrong = f"与 {other} 是同一单位同一年的表（{plan.unit.name} {plan.year} 年）"
            errors.append(FormError(plan.source, wrong, "只留一份"))
    if errors:
        raise_all(errors)
    return tuple(plans)


def form_files(paths: Iterable[Path]) -> tuple[Path, ...]:
    """The files named; a folder stands for the .xlsx in it.

    Raises
    ------
    FormError
        When a folder holds none.
    """
    files: list[Path] = []
    for path in paths:
        if not path.is_dir():
            files.append(path)
            continue
        found = [file for file in sorted(path.glob("*.xlsx")) if not file.name.startswith(("~$", "."))]
        if not found:
            raise FormError(path.as_posix(), "文件夹里没有 .xlsx 文件", "检查路径")
        files += found
    return tuple(dict.fromkeys(files))


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
        sample = {"sample": True} if form.identity.sample else {}
        header = f"{unit.official_name} {year} 年{form.plan.edition.title}。"
        text = dump_params(
            None, {"unit": unit.id, "year": year, **sample, **_without_nothing(wanted)}, header=header, name=name
        )
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


@dataclass(frozen=True)
class _RegisterFound:
    """A register's new file with what changes, or a remark where it stays as it is."""

    text: str
    file: FileChange | None = None


def _registers(form: FilledForm, unit: Unit, params_dir: Path) -> list[_RegisterFound]:
    found: list[_RegisterFound] = []
    for key, rows in form.registers.items():
        spec = REGISTERS[key]
        path = csv_path(params_dir, unit.id, form.identity.year, key)
        name, sheet = display_name(path), f"{form.name} 工作表“{spec.sheet}”"
        before = path.read_bytes() if path.is_file() else None
        kept = rows_of(before, spec) if before is not None else None
        workbook = path.with_name(WORKBOOK)
        only_one = "只保留一处：清空这个工作表，或移走原文件"
        if not rows:
            if kept:
                found.append(
                    _RegisterFound(f"工作表“{spec.sheet}”为空，保留原有的 {name}（{len(kept)} 行），没有删除。")
                )
        elif before is not None and kept is None:
            raise FormError(sheet, f"{name} 已有另一种写法的登记，不能由表格改写", only_one)
        elif kept is not None and len(kept) > MAX_SHOWN:
            raise FormError(sheet, f"{name} 有 {len(kept)} 行，表格中没有列出，不能由表格改写", only_one)
        elif before is None and workbook.is_file():
            raise FormError(sheet, f"{display_name(workbook)} 已有登记", only_one)
        elif kept is None:
            found.append(
                _RegisterFound(f"登记簿 {name}：新建，{len(rows)} 行", FileChange(path, before, to_csv(spec, rows)))
            )
        elif tuple(kept) != rows:
            gone, fresh = Counter(kept) - Counter(rows), Counter(rows) - Counter(kept)
            told = f"新写 {fresh.total()} 行，去掉 {gone.total()} 行" if gone or fresh else "次序不同"
            text = f"登记簿 {name}：{len(kept)} 行 → {len(rows)} 行（{told}）"
            found.append(_RegisterFound(text, FileChange(path, before, to_csv(spec, rows))))
    return found
