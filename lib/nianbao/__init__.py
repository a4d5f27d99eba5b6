"""nianbao (年报): the statutory annual report on government information disclosure, reproducibly.

In a notebook::

    import nianbao as nb
    report = nb.load_report("永和镇", 2023)
    nb.panel(report)
    nb.cases(report, "t3.received.natural")

Names are loaded when they are first used: ``import nianbao`` alone loads nothing heavy.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from nianbao.notebook.edit import edit as edit
    from nianbao.notebook.sections import applications as applications
    from nianbao.notebook.sections import casework as casework
    from nianbao.notebook.sections import closing as closing
    from nianbao.notebook.sections import disclosure as disclosure
    from nianbao.notebook.sections import disputes as disputes
    from nianbao.notebook.sections import figures as figures
    from nianbao.notebook.sections import opening as opening
    from nianbao.notebook.sections import other as other
    from nianbao.notebook.sections import overview as overview
    from nianbao.notebook.sections import panel as panel
    from nianbao.notebook.sections import problems as problems
    from nianbao.registers import deadlines as deadlines
    from nianbao.report import Report as Report
    from nianbao.report import load_report as load_report
    from nianbao.report.cases import cases as cases
    from nianbao.rules import check_report as check_report
    from nianbao.tables.frame import frame as frame

_SECTIONS = (
    *("applications", "casework", "closing", "disclosure", "disputes"),
    *("figures", "opening", "other", "overview", "panel", "problems"),
)
_HOME = {
    "check_report": "rules",
    "cases": "report.cases",
    "deadlines": "registers",
    "edit": "notebook.edit",
    "frame": "tables.frame",
    "Report": "report",
    "load_report": "report",
    **dict.fromkeys(_SECTIONS, "notebook.sections"),
}

__all__ = [
    "Report",
    "applications",
    "cases",
    "casework",
    "check_report",
    "closing",
    "deadlines",
    "disclosure",
    "disputes",
    "edit",
    "figures",
    "frame",
    "load_report",
    "opening",
    "other",
    "overview",
    "panel",
    "problems",
]


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(importlib.import_module(f"{__name__}.{_HOME[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
