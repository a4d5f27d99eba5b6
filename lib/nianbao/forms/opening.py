"""The file of a form, opened: its workbook, what its hidden sheet says, and how it is laid out by that."""

from __future__ import annotations

import re
import warnings
from io import BytesIO
from zipfile import ZipFile

from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from nianbao.errors import FormError, NianbaoError
from nianbao.forms.layout import form_plan
from nianbao.forms.plan import FORM_VERSION, NO, YES, FormPlan, Identity, Sizes
from nianbao.forms.read_registers import REGENERATE
from nianbao.forms.write import SYSTEM, SYSTEM_LABELS, System
from nianbao.office.xlsx import Limits, broken
from nianbao.statute import edition_for
from nianbao.wording import quoted

LIMITS = Limits(file=20 * 1024 * 1024, unpacked=50 * 1024 * 1024, cells=1_000_000)

_RESULT = re.compile(rb"(?:</(?:\w+:)?f>|<(?:\w+:)?f[^>]*/>)\s*<(?:\w+:)?v[^>/]*>[^<]")


def load_form(raw: bytes, name: str) -> Workbook:
    """The workbook of a form, formulas as such."""
    return load(raw, name, formulas=True)


def plan_of(workbook: Workbook, name: str) -> FormPlan:
    """How a form is laid out, by what its hidden sheet says.

    Raises
    ------
    FormError
        It is no form of ours, or laid out as no version that is known.
    """
    return plan_by(system_of(workbook, name), name)


def load(raw: bytes, name: str, *, formulas: bool) -> Workbook:
    """The workbook of a form, with its formulas or with what a program computed of them.

    Raises
    ------
    FormError
        It cannot be opened.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)  # openpyxl on extensions that it leaves out
            return load_workbook(BytesIO(raw), data_only=not formulas, keep_links=False)
    except Exception as error:  # openpyxl raises whatever its parsers meet, even on pictures; none of it is for a clerk
        raise broken(name, FormError, error) from error


def keeps_results(raw: bytes) -> bool:
    """Whether any formula has a result beside it: programs that do not compute leave it out."""
    with ZipFile(BytesIO(raw)) as archive:
        sheets = [name for name in archive.namelist() if name.startswith("xl/worksheets/")]
        return any(_RESULT.search(archive.read(name)) for name in sheets)


def has_pictures(raw: bytes) -> bool:
    """Whether a picture was pasted into a sheet."""
    with ZipFile(BytesIO(raw)) as archive:
        return any(name.startswith("xl/media/") for name in archive.namelist())


def system_of(workbook: Workbook, name: str) -> System:
    """What the hidden sheet says.

    Raises
    ------
    FormError
        There is none, or not all of it.
    """
    sheet = workbook[SYSTEM] if SYSTEM in workbook.sheetnames else None
    found: dict[str, str] = {}
    if isinstance(sheet, Worksheet):
        for row, (key, label) in enumerate(SYSTEM_LABELS.items(), start=1):
            if sheet.cell(row, 1).value == label:
                found[key] = str(sheet.cell(row, 2).value or "")
    if len(found) != len(SYSTEM_LABELS):
        raise FormError(name, f"没有“{SYSTEM}”工作表或内容不全，不是本系统生成的填报表", REGENERATE)
    return System(**found)


def plan_by(system: System, name: str) -> FormPlan:
    """How the form is laid out that its hidden sheet describes.

    Raises
    ------
    FormError
        It is laid out as no version that is known.
    """
    if system.version != str(FORM_VERSION):
        raise FormError(name, f"表单版本为{quoted(system.version)}，应为 {FORM_VERSION}", REGENERATE)
    try:
        sample = {YES: True, NO: False}[system.sample]
        identity = Identity(system.unit_id, system.unit_name, system.authority, int(system.year), sample)
        plan = form_plan(identity, Sizes.parse(system.sizes))
        edition = edition_for(identity.year)
    except (ValueError, KeyError, NianbaoError) as error:
        raise FormError(name, f"“{SYSTEM}”工作表的内容被改动", REGENERATE) from error
    if edition.name != system.edition or plan.structure != system.structure:
        raise FormError(name, "表格的结构与本版本不一致（校验值不符）", REGENERATE)
    return plan
