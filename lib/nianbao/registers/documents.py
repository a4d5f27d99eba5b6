"""The register of documents → part two.

``类别`` says of what kind an entry is; a register without this column holds
normative documents only. Licences, penalties, fees and purchases are counted
where the register keeps any; elsewhere their cells are left to typing.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import numpy as np
import numpy.typing as npt

from nianbao.registers import labels, values
from nianbao.registers.model import Counted, Positions, Year, names_of, where
from nianbao.registers.problems import Problems
from nianbao.registers.table import Table
from nianbao.registers.values import Objects, refuse
from nianbao.statute import Edition
from nianbao.statute.form import Kind

_ALWAYS = ("rules", "normative")
"""Items that a register of documents always tells: none entered is none made."""
_YUAN = Decimal(10_000)

Mask = npt.NDArray[np.bool_]


def count(table: Table, year: Year, edition: Edition, problems: Problems) -> Counted:
    """What the register tells of part two; whatever is not understood goes to ``problems``."""
    ids = values.texts(table, "id", problems)
    values.refuse_duplicates(table, "id", ids, problems)
    values.texts(table, "title", problems, "填写名称")
    kind = _kinds(table, edition, problems)
    made = values.dates(table, "made", problems, "填写制发日期")
    opened = values.dates(table, "opened", problems)
    repealed = values.dates(table, "repealed", problems)
    refuse(table, "made", made > year.end, problems, f"晚于 {year.number} 年", "记入下一年的登记簿")
    if "opened" in table.heads:
        refuse(table, "opened", opened < made, problems, "早于制发日期", "核对两个日期")
    if "repealed" in table.heads:
        refuse(table, "repealed", repealed < made, problems, "早于制发日期", "核对两个日期")

    in_year = year.holds(made)
    in_force = (made <= year.end) & (np.isnat(repealed) | (repealed > year.end))
    masks: dict[str, Mask] = {
        "made": in_year,
        "repealed": year.holds(repealed),
        "in_force": in_force,
        "decisions": in_year,
        "projects": in_year,
        "amount": in_year,
    }
    if "opened" in table.data:
        masks |= {"opened": year.holds(opened), "public": in_force & (opened <= year.end)}

    amount = _amounts(table, problems)
    positions: dict[str, Positions] = {}
    amounts: dict[str, Decimal] = {}
    for block in edition.t2.blocks:
        for item in block.items:
            inside = np.asarray(kind == item.key, dtype=bool)
            if item.key not in _ALWAYS and not inside.any():
                continue
            for column in block.columns:
                if column.key not in masks:
                    continue
                key = f"t2.{item.key}.{column.key}"
                positions[key] = where(inside & masks[column.key])
                if column.kind is Kind.MONEY:
                    amounts[key] = _sum(table, amount, positions[key], problems)
    return Counted(table, names_of(table, ids), positions, amounts)


def _kinds(table: Table, edition: Edition, problems: Problems) -> Objects:
    if "class" in table.data:
        return values.labels(table, "class", problems, labels.document_kinds(edition), "填写类别")
    if len(table):
        table.notes.append(f"{table.where}：没有写明类别，全部按行政规范性文件计数。")
    return np.full(len(table), "normative", dtype=object)


def _amounts(table: Table, problems: Problems) -> Objects:
    """Amounts in 万元, from whichever of the two columns is filled."""
    ten_thousands = values.amounts(table, "amount", problems)
    yuan = values.amounts(table, "yuan", problems)
    result: Objects = np.full(len(table), None, dtype=object)
    for position in range(len(table)):
        first, second = ten_thousands[position], yuan[position]
        converted = None if second is None else second / _YUAN
        if first is not None and converted is not None and first != converted:
            problems.add(
                table.where, "两列金额不一致", "只填一列", column=table.heads["yuan"], rows=[table.rows[position]]
            )
        result[position] = first if first is not None else converted
    return result


def _sum(table: Table, amount: Objects, positions: Positions, problems: Problems) -> Decimal:
    total = Decimal(0)
    missing: list[Any] = []
    for position in positions.tolist():
        if amount[position] is None:
            missing.append(table.rows[position])
        else:
            total += amount[position]
    if missing:
        head = table.heads.get("amount", table.heads.get("yuan", "金额（万元）"))
        problems.add(table.where, "没有金额", "填写金额", column=head, rows=missing)
    return total
