"""By when the reports of a year must be out."""

from __future__ import annotations

from datetime import date

from nianbao.params import City
from nianbao.statute.bodies import body_deadline, government_deadline


def unit_deadline(year: int) -> date:
    """The units' reports: 31 January of the next year (Ordinance, art. 49; 国办公开办函〔2021〕30号 二（一）)."""
    return body_deadline(year)


def city_deadline(year: int, city: City) -> date:
    """The city's own report: 20 February of the next year at county level (the notice, 二（二）)."""
    return government_deadline(year, city.level)
