"""The register of applications → part three.

An application counts as received by its 收到日期, as handled by its 答复日期, in
one outcome row and one applicant column. It is carried in when it was received
before the year and not answered before it, carried out when it was received by
the end of the year and not answered by then.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from nianbao.registers import labels, values
from nianbao.registers.model import Counted, Positions, Year, names_of, where
from nianbao.registers.problems import Problems, rows_text
from nianbao.registers.table import Table
from nianbao.registers.values import Dates, Objects, refuse
from nianbao.statute import Edition

Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Applications:
    """The register's columns, an entry each."""

    counted: Counted
    year: Year
    applicant: Objects
    outcome: Objects
    received: Dates
    answered: Dates
    extension: npt.NDArray[np.int64]
    excluded: npt.NDArray[np.int64]
    notified: Dates
    amended: Dates


def count(table: Table, year: Year, edition: Edition, problems: Problems) -> Applications:
    """Part three of the year; whatever is not understood goes to ``problems``."""
    ids = values.texts(table, "id", problems, "填写收件编号")
    values.refuse_duplicates(table, "id", ids, problems)
    received = values.dates(table, "received", problems, "填写收到申请的日期")
    answered = values.dates(table, "answered", problems)
    applicant = values.labels(table, "applicant", problems, labels.applicants(edition), "填写申请人类型")
    outcome = values.labels(table, "outcome", problems, labels.outcomes(edition))
    notified = values.dates(table, "notified", problems)
    amended = values.dates(table, "amended", problems)
    _check(table, year, received, answered, outcome, problems)
    _check_amendment(table, received, notified, amended, problems)
    applications = Applications(
        Counted(
            table,
            names_of(table, ids),
            _positions(edition, year, received, answered, applicant, outcome),
            monthly={"收到申请": year.months(received), "答复申请": year.months(answered)},
        ),
        year,
        applicant,
        outcome,
        received,
        answered,
        values.days(table, "extension", problems),
        values.days(table, "excluded", problems),
        notified,
        amended,
    )
    old = received < np.datetime64(f"{year.number - 1}-01-01")
    if old.any():
        rows = rows_text(table.rows[old].tolist())
        table.notes.append(f"{table.where}：第 {rows} 行的收到日期早于上一年，核对年份。")
    return applications


def _check(table: Table, year: Year, received: Dates, answered: Dates, outcome: Objects, problems: Problems) -> None:
    """The dates and the outcome of an entry must fit each other and the year."""
    late = f"晚于 {year.number} 年"
    refuse(table, "received", received > year.end, problems, late, f"记入 {year.number + 1} 年的登记簿")
    refuse(table, "answered", answered < received, problems, "早于收到日期", "核对两个日期")
    before = (answered < year.start) & (answered >= received)
    refuse(table, "answered", before, problems, f"早于 {year.number} 年，该件已在以前年度办结", "从本年登记簿中删去")
    refuse(table, "answered", answered > year.next_end, problems, f"晚于 {year.number + 1} 年", "核对年份")
    no_date, no_outcome = values.blanks(table, "answered"), values.blanks(table, "outcome")
    pending = outcome == labels.PENDING
    decided = ~no_outcome & ~pending
    refuse(table, "answered", decided & no_date, problems, "空白，却有办理结果", "补上答复日期，未办结的不填结果")
    refuse(table, "outcome", no_outcome & ~no_date, problems, "空白，却有答复日期", "补上办理结果")
    refuse(table, "outcome", pending & ~no_date, problems, "写明未办结，却有答复日期", "核对办理结果和答复日期")


def _check_amendment(table: Table, received: Dates, notified: Dates, amended: Dates, problems: Problems) -> None:
    if "notified" in table.heads:
        refuse(table, "notified", notified < received, problems, "早于收到日期", "核对两个日期")
    if "amended" in table.heads:
        refuse(table, "amended", amended < received, problems, "早于收到日期", "核对两个日期")
        refuse(table, "amended", amended < notified, problems, "早于补正告知日期", "核对两个日期")


def _positions(
    edition: Edition, year: Year, received: Dates, answered: Dates, applicant: Objects, outcome: Objects
) -> dict[str, Positions]:
    t3 = edition.t3
    handled = year.holds(answered)
    open_at_start = np.isnat(answered) | (answered >= year.start)
    open_at_end = np.isnat(answered) | (answered > year.end)
    rows: dict[str, Mask] = {
        t3.received: year.holds(received),
        t3.carried_in: (received < year.start) & open_at_start,
        **{key: handled & _equal(outcome, key) for key in t3.outcomes},
        t3.total_row: handled,
        t3.carried_out: (received <= year.end) & open_at_end,
    }
    columns = {column.key: _equal(applicant, column.key) for column in t3.applicants}
    columns[t3.total_column] = np.ones(len(applicant), dtype=bool)
    return {
        f"t3.{row.key}.{column.key}": where(rows[row.key] & columns[column.key])
        for row in t3.rows
        for column in t3.columns
    }


def _equal(array: Objects, value: Any) -> Mask:
    return np.asarray(array == value, dtype=bool)
