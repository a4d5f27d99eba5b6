"""The city's own report of a year: its words from ``params/<year>/city.yaml``, its figures the sum of all bodies.

Nothing is typed that can be added up. Rule book, gate and files are those of any other report; what of a body is
missing, a draft or blank keeps the report a draft, by name (rules C-01 to C-03).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from nianbao.city.city import CitySummary
from nianbao.city.disclosures import channels, class_table, disclosed
from nianbao.city.inputs import CITY_NAME, city_inputs
from nianbao.city.load import load_summary
from nianbao.city.standing import BUILT_VARIABLE, Standing, standings
from nianbao.city.unit import UnitFigures
from nianbao.errors import ParamsError
from nianbao.notebook.expected import expected_of
from nianbao.notebook.gate import Expected
from nianbao.params import (
    CITY_FILE,
    PARAMS_VARIABLE,
    LoadedParams,
    ReportParams,
    find_params_dir,
    load_params,
    load_units,
    params_path,
    parse_year,
)
from nianbao.params.models import Disclosure, DisclosureClass, Fees
from nianbao.publish import formats
from nianbao.publish.contract import default_notebook
from nianbao.publish.formats import MANIFEST, Subject
from nianbao.publish.make import Work
from nianbao.report import Body, Report
from nianbao.report import load_report as load_body_report
from nianbao.report.inputs import own_digests
from nianbao.report.signing import sign_digest, signed_off
from nianbao.statute.bodies import CITY

SUMMED = ("disclosure", "fees", "t2", "t3", "t4")
"""What ``city.yaml`` leaves to the bodies."""


def load_report(year: int | str, params_dir: Path | str | None = None, built: Path | str | None = None) -> Report:
    """The city's own report of a year.

    Parameters
    ----------
    built : path, optional
        As for :func:`nianbao.city.load_summary`: figures are read from the reports built there.

    Raises
    ------
    MissingParamsError
        There is no ``city.yaml`` of the year.
    ParamsError
        It cannot be read, or types what the bodies tell.
    """
    folder, number = Path(params_dir) if params_dir is not None else find_params_dir(), parse_year(year)
    city = load_units(folder).city
    inputs = own_digests(city, number, folder)
    loaded = load_params(city, number, folder)
    _refuse_typed(loaded)
    summary = load_summary(number, folder, built)
    last = params_path(folder, city, number - 1)
    last_params = load_params(city, number - 1, folder).params if last.is_file() else None
    report = _summed(summary, loaded.params)
    previous = summary.as_stated.previous
    return replace(
        report,
        loaded=loaded,
        previous=replace(previous, params=last_params) if previous and last_params else previous,
        neighbours=tuple(one.unit for one in summary.units),
        inputs={**inputs, "bodies": summary.fingerprint},
    )


def any_report(name: str, year: int | str, params_dir: Path) -> Report:
    """The report of a body, or the city's own, by the name of either; errors as of both."""
    if load_units(params_dir).find(name).kind == CITY.name:
        return load_report(year, params_dir)
    return load_body_report(name, year, params_dir)


def _refuse_typed(loaded: LoadedParams) -> None:
    typed = loaded.params.model_dump(exclude_defaults=True)
    if found := [key for key in SUMMED if key in typed]:
        raise ParamsError(
            loaded.where((found[0],)), f"{found[0]} 由各单位的报告相加，不在 {CITY_FILE}.yaml 中填写", "删去这一项"
        )


def _summed(summary: CitySummary, params: ReportParams) -> Report:
    """The report with what the bodies add up to; a sum that lacks a part stands for nothing."""
    total, classes = disclosed(summary), class_table(summary)
    listed = [DisclosureClass(name=name, count=count) for name, count in zip(classes.heads, classes.sums, strict=True)]
    notices = [one.notices for one in summary.counted if one.notices is not None]
    amounts = [one.amount for one in summary.counted if one.amount is not None]
    told = bool(summary.counted) and len(notices) == len(amounts) == len(summary.counted)
    filled = params.model_copy(
        update={
            "sample": params.sample or summary.sample,
            "disclosure": Disclosure(
                total=int(total.value) if total.whole and total.value is not None else None,
                classes=listed if total.whole and sum(classes.sums) == total.value else [],
                channels={name: items for name, (items, _) in channels(summary).items()},
            ),
            "fees": Fees(notices=sum(notices), amount=sum(amounts, start=0)) if told else Fees(),
        }
    )
    return replace(summary.report, params=filled, bodies=tuple(_body(one) for one in summary.units))


def _body(one: UnitFigures) -> Body:
    return Body(
        one.unit,
        one.state.label,
        one.state.counted,
        one.state is Standing.READY,
        one.cells,
        one.disclosed,
        one.last_year,
        one.last_disclosed,
    )


def city_subject(report: Report) -> Subject:
    """The report, judged, as what is printed."""
    from nianbao.publish.build import report_subject
    from nianbao.rules import checked

    return replace(report_subject(report, checked(report)), expected=city_expected(report))


def city_expected(report: Report) -> Expected:
    """What the notebook of the city's own report is to show."""
    return replace(expected_of(report), parameters={"year": (str(report.year),)})


def expected_for(parameters: Mapping[str, Any], folder: Path | None = None) -> Expected:
    """What the notebook with this year is to show, by the params that `folder` leads to.

    Raises
    ------
    NianbaoError
        The report cannot be had.
    """
    return city_expected(load_report(str(parameters.get("year")), find_params_dir(folder)))


def city_work(year: int, params_dir: Path, built: Path | None = None, notebook: Path | None = None) -> Work:
    """The city's own report as something to be made, from what lies in `built` or from the params."""
    environment = {PARAMS_VARIABLE: str(params_dir.resolve())}
    if built is not None:
        environment[BUILT_VARIABLE] = str(built.resolve())

    def read() -> Subject:
        from nianbao.publish.preflight import preflight

        report = load_report(year, params_dir, built)
        preflight(report)
        return city_subject(report)

    return Work(
        where=f"{CITY_NAME} {year}",
        notebook=notebook or default_notebook("city_report.ipynb"),
        parameters={"year": year},
        environment=environment,
        formats=formats.REPORT,
        seal=MANIFEST,
        inputs=lambda: _inputs(year, params_dir, built),
        read=read,
        beside=formats.picture_files,
        sealed=lambda subject: {"sign_off": signed_off(subject.content, params_dir).as_json()},
    )


def _inputs(year: int, params_dir: Path, built: Path | None) -> dict[str, str]:
    """SHA-256 of what the city's report is made from: its own files, and the bodies' reports or params."""
    units = load_units(params_dir)
    if built is not None:
        states = {unit: state for unit, (state, _) in standings(built, units).items()}
        return city_inputs(states, year, params_dir, built)
    bodies = (own_digests(unit, year, params_dir) for unit in units.units)
    own = own_digests(units.city, year, params_dir) | sign_digest(params_dir, units.city, year)
    return {**own, **{name: value for one in bodies for name, value in one.items()}}
