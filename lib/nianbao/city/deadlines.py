"""By when the reports of a year must be out."""

from __future__ import annotations

from datetime import date


def unit_deadline(year: int) -> date:
    """The units' reports: 31 January of the next year (Ordinance, art. 50)."""
    return date(year + 1, 1, 31)


def city_deadline(year: int) -> date:
    """The city's own report: 31 March of the next year (Ordinance, art. 49)."""
    return date(year + 1, 3, 31)
