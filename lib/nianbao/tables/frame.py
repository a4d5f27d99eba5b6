"""The cells of a report as pandas has them, for the analyst."""

from __future__ import annotations

import pandas as pd

from nianbao.document.longform import COLUMNS, long_rows
from nianbao.report import Report


def frame(report: Report) -> pd.DataFrame:
    """Every cell of the form, a row a cell; ``pd.concat`` sets those of several units or years below one another.

    Returns
    -------
    pandas.DataFrame
        Columns as in ``report.csv``: 单位, 年份, 部分, 键, 项目, 数值 (in 件 or 万元, exact: int or Decimal; None where the cell
        holds no number), 计量, 状态 and 印作. ``nb.frame(report).set_index("键").loc["t3.received.total", "数值"]``.
    """
    rows = long_rows(report.unit.name, report.year, report.edition, report.cells)
    return pd.DataFrame(list(rows), columns=list(COLUMNS), dtype="object").astype({"年份": "int64"})
