"""The city's summary of a year: all units' tables added up, who is ready, what is wrong.

In the notebook::

    import nianbao.city as city
    summary = city.load_summary(2025)
    city.applications(summary)

============= =================================================================
`state`       where a unit stands
`unit`        what the summary takes from one unit
`load`        :func:`load_summary`, from the params or from what a batch built
`city`        the sums and what the rule book says of them
`disclosures` disclosures by unit and class
`shares`      shares with their bases, disclosures by channel
`deadlines`   by when reports must be out
`notes`       the sentences
`own`         the city's own report
`show`        what the notebook's cells show (loads pandas and great-tables)
============= =================================================================
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from nianbao.city.standing import BUILT_VARIABLE, STATUS, Standing

if TYPE_CHECKING:
    from nianbao.city.city import CitySummary as CitySummary
    from nianbao.city.load import load_summary as load_summary
    from nianbao.city.own import load_report as load_report
    from nianbao.city.show import applications as applications
    from nianbao.city.show import carry_over as carry_over
    from nianbao.city.show import classes as classes
    from nianbao.city.show import disclosure as disclosure
    from nianbao.city.show import disputes as disputes
    from nianbao.city.show import equations as equations
    from nianbao.city.show import fees as fees
    from nianbao.city.show import findings as findings
    from nianbao.city.show import indicators as indicators
    from nianbao.city.show import opening as opening
    from nianbao.city.show import submissions as submissions

__all__ = [
    "BUILT_VARIABLE",
    "STATUS",
    "CitySummary",
    "Standing",
    "applications",
    "carry_over",
    "classes",
    "disclosure",
    "disputes",
    "equations",
    "fees",
    "findings",
    "indicators",
    "load_report",
    "load_summary",
    "opening",
    "submissions",
]


_HOME = {"CitySummary": "city", "load_report": "own", "load_summary": "load"}


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(f"{__name__}.{_HOME.get(name, 'show')}"), name)
