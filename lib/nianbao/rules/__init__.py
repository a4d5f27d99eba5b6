"""The rule book applied: one family a module, findings, waivers; :mod:`nianbao.rules.judge` reads the prose.

============== ================================================
`check_report` all findings of a report, waivers applied
`checked`      the same, worked out once for a report
`CheckResult`  what it came to
`Finding`      one thing that does not hold or cannot be told
`Findings`     the content of ``findings.json``
============== ================================================

Importing this package loads nothing: to read what was found before takes no rule.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from nianbao.rules.check import PREDICATES as PREDICATES
    from nianbao.rules.check import CheckResult as CheckResult
    from nianbao.rules.check import check_report as check_report
    from nianbao.rules.check import checked as checked
    from nianbao.rules.finding import Finding as Finding
    from nianbao.rules.finding import Findings as Findings
    from nianbao.rules.finding import Outcome as Outcome
    from nianbao.statute.rulebook import Severity as Severity

_HOME = {
    "PREDICATES": "nianbao.rules.check",
    "CheckResult": "nianbao.rules.check",
    "check_report": "nianbao.rules.check",
    "checked": "nianbao.rules.check",
    "Finding": "nianbao.rules.finding",
    "Findings": "nianbao.rules.finding",
    "Outcome": "nianbao.rules.finding",
    "Severity": "nianbao.statute.rulebook",
}

__all__ = ["PREDICATES", "CheckResult", "Finding", "Findings", "Outcome", "Severity", "check_report", "checked"]


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(_HOME[name]), name)
