"""``nb.edit(report)``: the params of one report as a form in the notebook.

============ ====================================================================
`state`      what the browser shows: labels, values, last year's, equations
`draft`      what was typed → the params file that it would make, and its report
`form`       the widget; loaded only where there is a front end to show it
============ ====================================================================

The form is for whoever works on the report. It leaves nothing in a notebook that papermill runs, and
nothing in a document.
"""

from __future__ import annotations

from typing import Any

from nianbao.errors import UsageError
from nianbao.notebook.frontend import in_front_end
from nianbao.params import CITY_FILE
from nianbao.report import Report


def edit(report: Report) -> Any:
    """The form of a report, in JupyterLab; nothing where a notebook runs without a front end.

    Raises
    ------
    UsageError
        The report was not loaded from ``params/``, or is the city's own: its figures are the bodies'.
    """
    if report.bodies:
        raise UsageError(
            report.title,
            "全市的数由各单位的报告相加，没有可填的表单",
            f"叙述改 params/{report.year}/{CITY_FILE}.yaml，核对结果里的链接到那一行；数改各单位的参数",
        )
    if report.loaded is None:
        raise UsageError(report.title, "不是从参数文件读取的，没有可改的文件", "用 nb.load_report 读取")
    if not in_front_end():
        return None
    from nianbao.notebook.edit.form import ReportForm

    return ReportForm.of(report)
