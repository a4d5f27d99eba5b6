"""One report built on its own, and the pages of its year brought up to date where there are any."""

from __future__ import annotations

from pathlib import Path

from nianbao.batch.overview import Overview
from nianbao.batch.page import INDEX
from nianbao.city import STATUS
from nianbao.city.inputs import CITY_NAME, FOLDER
from nianbao.city.own import city_work
from nianbao.errors import NianbaoError, OutputError, UsageError
from nianbao.params import Unit, load_units, parse_year
from nianbao.publish.build import Publication, publish, publish_work
from nianbao.publish.outputs import year_lock
from nianbao.statute.bodies import CITY


def publish_one(
    township: str,
    year: int | str,
    params_dir: Path,
    out_dir: Path,
    *,
    notebook: Path | None = None,
    cold: bool = False,
) -> tuple[Publication, Path | None]:
    """Build a report; returns it, and the overview page that says so now, where the year has one.

    A build that fails is said there, too.

    Raises
    ------
    NianbaoError
        Of the kind that says what is wrong; files written earlier stay as they were.
    """
    unit, number = load_units(params_dir).find(township), parse_year(year)
    folder = out_dir / str(number)
    try:
        if unit.kind == CITY.name:
            built = folder if (folder / STATUS).is_file() else None
            done = publish_work(city_work(number, params_dir, built, notebook), folder / FOLDER, cold=cold)
        else:
            done = publish(unit.id, number, params_dir, out_dir, notebook=notebook, cold=cold)
    except (OutputError, UsageError):
        raise
    except NianbaoError as error:
        _refresh(unit, number, params_dir, out_dir, str(error))
        raise
    return done, _refresh(unit, number, params_dir, out_dir, "")


def _refresh(unit: Unit, year: int, params_dir: Path, out_dir: Path, failure: str) -> Path | None:
    folder = out_dir / str(year)
    if not (folder / STATUS).is_file():
        return None
    with year_lock(folder):
        overview = Overview.of(year, params_dir, folder)
        key = CITY_NAME if unit.kind == CITY.name else unit.id
        overview.failures.pop(key, None)
        if failure:
            overview.failures[key] = failure
        overview.write()
    return folder / INDEX
