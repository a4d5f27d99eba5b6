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
from nianbao.report import Report


def edit(report: Report) -> Any:
    """The form of a report, in JupyterLab; nothing where a notebook runs without a front end.

    Raises
    ------
    UsageError
        The report was not loaded from ``params/``.
    """
    if report.loaded is None:
        raise UsageError(report.title, "不是从参数文件读取的，没有可改的文件", "用 nb.load_report 读取")
    if not in_front_end():
        return None
    from nianbao.notebook.edit.form import ReportForm

    return ReportForm.of(report)
