"""The register of administrative reviews and lawsuits → part four.

A case counts by its result when it was closed in the year, as 尚未审结 when it was
accepted by the end of the year and not closed by then.
"""

from __future__ import annotations

import numpy as np

from nianbao.registers import labels, values
from nianbao.registers.model import Counted, Positions, Year, names_of, where
from nianbao.registers.problems import Problems
from nianbao.registers.table import Table
from nianbao.registers.values import refuse
from nianbao.statute import Edition


def count(table: Table, year: Year, edition: Edition, problems: Problems) -> Counted:
    """Part four of the year; whatever is not understood goes to ``problems``."""
    t4 = edition.t4
    ids = values.texts(table, "id", problems, "填写案号")
    values.refuse_duplicates(table, "id", ids, problems)
    group = values.labels(table, "type", problems, labels.review_groups(edition), "填写类型")
    accepted = values.dates(table, "accepted", problems, "填写受理日期")
    result = values.labels(table, "result", problems, labels.review_results(edition))
    closed = values.dates(table, "closed", problems)

    refuse(table, "accepted", accepted > year.end, problems, f"晚于 {year.number} 年", "记入下一年的登记簿")
    refuse(table, "closed", closed < accepted, problems, "早于受理日期", "核对两个日期")
    before = (closed < year.start) & (closed >= accepted)
    refuse(table, "closed", before, problems, f"早于 {year.number} 年，该案已在以前年度审结", "从本年登记簿中删去")
    refuse(table, "closed", closed > year.next_end, problems, f"晚于 {year.number + 1} 年", "核对年份")
    no_date, no_result = values.blanks(table, "closed"), values.blanks(table, "result")
    pending = result == labels.PENDING
    decided = ~no_result & ~pending
    refuse(table, "closed", decided & no_date, problems, "空白，却有结果", "补上结案日期，未审结的不填结果")
    refuse(table, "result", no_result & ~no_date, problems, "空白，却有结案日期", "补上结果")
    refuse(table, "result", pending & ~no_date, problems, "写明未审结，却有结案日期", "核对结果和结案日期")

    handled = year.holds(closed)
    positions: dict[str, Positions] = {}
    for name in t4.groups:
        inside = np.asarray(group == name.key, dtype=bool)
        masks = {column.key: handled & np.asarray(result == column.key, dtype=bool) for column in t4.results}
        open_at_end = (accepted <= year.end) & (np.isnat(closed) | (closed > year.end))
        masks[labels.PENDING] = open_at_end
        masks[t4.total_column] = handled | open_at_end
        positions |= {f"t4.{name.key}.{column.key}": where(inside & masks[column.key]) for column in t4.columns}
    return Counted(table, names_of(table, ids), positions)
