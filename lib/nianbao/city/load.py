"""The summary of a year: from the params, or from what a batch has built."""

from __future__ import annotations

import os
from pathlib import Path

from nianbao.city.city import CitySummary
from nianbao.city.standing import BUILT_VARIABLE, Standing, standings
from nianbao.city.unit import UnitFigures, from_files, from_report
from nianbao.errors import MissingParamsError, NianbaoError
from nianbao.params import Unit, find_params_dir, load_units, parse_year
from nianbao.report import has_report, load_report
from nianbao.report.tables import compared_cells
from nianbao.rules import checked
from nianbao.rules.likeness import settled
from nianbao.statute import EDITIONS, edition_for


def load_summary(year: int | str, params_dir: Path | str | None = None, built: Path | str | None = None) -> CitySummary:
    """All units of a year.

    Parameters
    ----------
    built : path, optional
        ``output/<year>/`` with ``status.json``: figures and findings are read from the reports built there. Without
        it (and without ``NIANBAO_BUILT``) every report is loaded from the params and checked.

    Raises
    ------
    NianbaoError
        ``units.yaml`` or ``status.json`` cannot be read, or the year has no form. What is wrong with one unit is
        said in its entry.
    """
    number = parse_year(year)
    edition_for(number)
    folder = Path(params_dir) if params_dir is not None else find_params_dir()
    units = load_units(folder)
    place = built if built is not None else os.environ.get(BUILT_VARIABLE)
    if place:
        states = standings(Path(place), units)
        entries = [_from_built(unit, number, folder, Path(place), *states[unit.id]) for unit in units.units]
    else:
        with settled():
            entries = [_from_params(unit, number, folder) for unit in units.units]
    return CitySummary(units.city, number, tuple(entries))


def _from_params(unit: Unit, year: int, folder: Path) -> UnitFigures:
    if not has_report(unit, year, folder):
        return _left_out(unit, Standing.MISSING, "", year, folder)
    try:
        report = load_report(unit.id, year, folder)
        return from_report(report, checked(report))
    except NianbaoError as error:
        return _left_out(unit, Standing.FAILED, str(error), year, folder)


def _from_built(unit: Unit, year: int, folder: Path, built: Path, state: Standing, message: str) -> UnitFigures:
    if not state.counted:
        return _left_out(unit, state, message, year, folder)
    return from_files(unit, year, built / unit.id)


def _left_out(unit: Unit, state: Standing, message: str, year: int, folder: Path) -> UnitFigures:
    """A unit without figures; what it carried over from last year is known all the same."""
    last_year, last_disclosed = None, None
    if year > EDITIONS[0].first_year:
        try:
            last = load_report(unit.id, year - 1, folder)
            last_year, last_disclosed = compared_cells(last, edition_for(year)), last.disclosed
        except MissingParamsError:
            last_year = None
        except NianbaoError as error:
            message = f"{message}；{error}" if message else str(error)
    return UnitFigures(unit, state, message, last_year=last_year, last_disclosed=last_disclosed)
