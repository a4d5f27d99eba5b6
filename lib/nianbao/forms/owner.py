"""Whose form it is, by what stands in it, in ``units.yaml`` and in the name of its file."""

from __future__ import annotations

import re
from pathlib import Path

from nianbao.errors import FormError, UnknownUnitError
from nianbao.forms.plan import Identity
from nianbao.forms.read import FilledForm
from nianbao.params import Unit, load_units


def owner_of(identity: Identity, name: str, params_dir: Path) -> Unit:
    """The unit whose form it is; FormError where ``units.yaml`` has none, or calls it otherwise."""
    try:
        unit = load_units(params_dir).find(identity.unit_id)
    except UnknownUnitError as error:
        wrong = f"填报单位为 {identity.unit_name}（{identity.unit_id}），units.yaml 中没有"
        raise FormError(name, wrong, "核对单位") from error
    if (unit.name, unit.official_name) != (identity.unit_name, identity.authority):
        raise FormError(
            name,
            f"填报单位为 {identity.unit_name}（{identity.authority}），应为 {unit.name}（{unit.official_name}）",
            "用 nianbao forms 重新生成表格",
        )
    return unit


def refuse_another(form: FilledForm, owner: Unit, params_dir: Path, unit: Unit | None, year: int | None) -> None:
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
    named = re.search(r"(20[0-9]{2})年报填报表", form.name)
    years = {int(named[1])} if named else {int(found) for found in re.findall(r"(?<![0-9])20[0-9]{2}(?=年)", form.name)}
    if years and not years & ({when} if named else {when, when + 1}):
        raise FormError(form.name, f"文件名写的是 {min(years)} 年，表是 {when} 年的", remedy)
