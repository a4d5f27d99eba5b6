"""Strict reading of ``params/``: the units, and what one report says that is not computed."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from nianbao.errors import MissingParamsError, NianbaoError, ParamsError
from nianbao.params.cells import typed_cells
from nianbao.params.models import City, ReportParams, Scalar, Unit
from nianbao.params.units import (
    PARAMS_VARIABLE,
    Units,
    find_params_dir,
    load_units,
    parse_year,
    year_in_digits,
    years_of,
)
from nianbao.params.validate import raise_all, validate
from nianbao.params.yamlio import KeyPath, YamlFile, display_name, read_yaml
from nianbao.statute import edition_for
from nianbao.statute.bodies import CITY
from nianbao.wording import enumeration

__all__ = [
    "CITY_FILE",
    "PARAMS_VARIABLE",
    "City",
    "LoadedParams",
    "ReportParams",
    "Scalar",
    "Unit",
    "Units",
    "checked_params",
    "find_params_dir",
    "load_params",
    "load_units",
    "params_path",
    "parse_year",
    "year_in_digits",
    "years_of",
]


CITY_FILE = "city"
"""Stem of the params file of the city's own report."""


@dataclass(frozen=True)
class LoadedParams:
    """A params file that passed every check, and where its values stood."""

    unit: Unit
    params: ReportParams
    cells: dict[str, Scalar]
    path: Path
    file: YamlFile

    def where(self, path: KeyPath) -> str:
        """``file:line`` of a key."""
        return self.file.where(path)


def params_path(params_dir: Path, unit: Unit, year: int) -> Path:
    """``params/<year>/<unit>.yaml``; of the city's own report ``params/<year>/city.yaml``."""
    return params_dir / str(year) / f"{CITY_FILE if unit.kind == CITY.name else unit.id}.yaml"


def load_params(unit: Unit, year: int, params_dir: Path) -> LoadedParams:
    """Read and check the params of one report.

    Raises
    ------
    MissingParamsError
        When there is no file; the message names the years there are.
    ParamsError
        With file, line and key; several errors together as ``ErrorList``.
    """
    path = params_path(params_dir, unit, year)
    if not path.is_file():
        years = [str(known) for known, ids in years_of(params_dir).items() if path.stem in ids]
        have = f"{unit.name}有 {enumeration(years)} 年的数据" if years else f"{unit.name}尚无任何年份的数据"
        begin = f"新建用 nianbao new {unit.name} {year}"
        raise MissingParamsError(display_name(path), "没有这个文件", f"{have}；{begin}")
    return checked_params(read_yaml(path), unit, year, path)


def checked_params(file: YamlFile, unit: Unit, year: int, path: Path) -> LoadedParams:
    """The params of one report as a file says them, on the disk at ``path`` or on its way there; errors as above."""
    params = validate(ReportParams, file)
    cells, errors = typed_cells(file, edition_for(year))
    errors.extend(_identity_errors(file, params, unit, year))
    if errors:
        raise_all(errors)
    return LoadedParams(unit, params, cells, path, file)


def _identity_errors(file: YamlFile, params: ReportParams, unit: Unit, year: int) -> list[NianbaoError]:
    """A file copied from another unit or year must not pass for this one."""
    errors: list[NianbaoError] = []
    if params.unit not in (unit.id, unit.name):
        errors.append(ParamsError(file.where(("unit",)), f"unit 为 {params.unit}，应为 {unit.id}", "改正其中之一"))
    if params.year != year:
        errors.append(ParamsError(file.where(("year",)), f"year 为 {params.year}，文件夹为 {year}", "改正其中之一"))
    return errors
