"""What stands behind a figure, for the analyst: entries of a register, or the bodies of a city."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nianbao import registers
from nianbao.errors import UsageError
from nianbao.report.report import Report
from nianbao.wording import nearest

if TYPE_CHECKING:
    import pandas as pd


def cases(report: Report, key: str) -> pd.DataFrame:
    """The register's entries behind a cell, for the analyst; of a city's own report, what each body brings to it.

    ``cases(report, "t3.denied.secret.natural")``; the keys are those of ``tables.json``, and
    ``disclosure.total``, ``disclosure.classes.<name>``, ``disclosure.channels.<name>``.

    Returns
    -------
    pandas.DataFrame
        A row an entry with all its columns as the register has them; index 行, its row in the file. Of a city a row
        a body: index 单位, 状态 and 数 as its report prints it, 没有计入 where it has none.

    Raises
    ------
    UsageError
        When the unit keeps no registers, or none that tells this figure; names the nearest key.
    """
    return by_body(report, key) if report.bodies else registers.cases(report, key)


def by_body(report: Report, key: str) -> pd.DataFrame:
    """What each body of a city brings to a cell of the form, or to ``disclosure.total``."""
    import pandas as pd

    known = ["disclosure.total", *report.edition.fields]
    if key not in known:
        close = nearest(key, known)
        remedy = f"是否为 {close}？" if close else "键与 tables.json 的相同"
        raise UsageError(key, "全市的报告里没有这个数", remedy)

    rows = []
    for body in report.bodies:
        if not body.counted:
            said = "没有计入"
        elif key == "disclosure.total":
            said = "" if body.disclosed is None else str(body.disclosed)
        else:
            said = body.cells[key].text
        rows.append({"单位": body.unit.name, "状态": body.standing, "数": said})
    return pd.DataFrame(rows).set_index("单位")
