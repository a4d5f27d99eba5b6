"""The city's summary of a year: all units' tables added up, who is ready, what is wrong.

In the notebook::

    import nianbao.summary as city
    summary = city.load_summary(2025)
    city.applications(summary)

============= =================================================================
`state`       where a unit stands
`unit`        what the summary takes from one unit
`load`        :func:`load_summary`, from the params or from what a batch built
`city`        the sums and what the rule book says of them
`disclosures` disclosures by unit and class
`deadlines`   by when reports must be out
`notes`       the sentences
`show`        what the notebook's cells show (loads pandas and great-tables)
============= =================================================================
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from nianbao.summary.state import BUILT_VARIABLE, STATUS, State

if TYPE_CHECKING:
    from nianbao.summary.city import CitySummary as CitySummary
    from nianbao.summary.load import load_summary as load_summary
    from nianbao.summary.show import applications as applications
    from nianbao.summary.show import carry_over as carry_over
    from nianbao.summary.show import classes as classes
    from nianbao.summary.show import disclosure as disclosure
    from nianbao.summary.show import disputes as disputes
    from nianbao.summary.show import equations as equations
    from nianbao.summary.show import fees as fees
    from nianbao.summary.show import findings as findings
    from nianbao.summary.show import opening as opening
    from nianbao.summary.show import submissions as submissions

__all__ = [
    "BUILT_VARIABLE",
    "STATUS",
    "CitySummary",
    "State",
    "applications",
    "carry_over",
    "classes",
    "disclosure",
    "disputes",
    "equations",
    "fees",
    "findings",
    "load_summary",
    "opening",
    "submissions",
]


_HOME = {"CitySummary": "city", "load_summary": "load"}


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(f"{__name__}.{_HOME.get(name, 'show')}"), name)
