"""One report, from params to finished files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from nianbao.errors import NotebookError
from nianbao.params import PARAMS_VARIABLE, load_units, parse_year
from nianbao.publish import formats, manifest
from nianbao.publish.contract import default_notebook
from nianbao.publish.formats import FAILED, MANIFEST, Subject
from nianbao.publish.make import Work, make, prepare
from nianbao.publish.outputs import require_writable, write_files, year_lock
from nianbao.publish.preflight import preflight
from nianbao.report import Report, load_report
from nianbao.report.signing import signed_off

if TYPE_CHECKING:
    from nianbao.rules import CheckResult


@dataclass(frozen=True)
class Publication:
    """A report that was built: where its files lie and what was found."""

    report: Report
    result: CheckResult
    folder: Path
    files: tuple[str, ...]


def report_work(township: str, year: int | str, params_dir: Path, notebook: Path | None = None) -> Work:
    """A report as something to be made.

    Raises
    ------
    UnknownUnitError, UsageError
    """
    unit, number = load_units(params_dir).find(township), parse_year(year)

    def read() -> Subject:
        from nianbao.rules import checked

        report = load_report(unit.id, number, params_dir)
        preflight(report)
        return report_subject(report, checked(report))

    return Work(
        where=f"{unit.name} {number}",
        notebook=notebook or default_notebook(),
        parameters={"township": unit.name, "year": number},
        environment={PARAMS_VARIABLE: str(params_dir.resolve())},
        formats=formats.REPORT,
        slip=formats.SLIP,
        seal=MANIFEST,
        inputs=lambda: manifest.input_digests(unit, number, params_dir),
        read=read,
        beside=formats.picture_files,
        sealed=lambda subject: {"sign_off": signed_off(subject.content, params_dir).as_json()},
    )


def report_subject(report: Report, result: CheckResult) -> Subject:
    """A report and its findings as what is printed."""
    from nianbao.notebook.expected import expected_of

    return Subject(
        unit=report.unit,
        year=report.year,
        edition=report.edition.name,
        title=report.title,
        ready=result.ready,
        sample=report.params.sample,
        content=report,
        expected=expected_of(report),
        result=result,
    )


def build(
    township: str,
    year: int | str,
    params_dir: Path,
    *,
    notebook: Path | None = None,
    cold: bool = False,
    report_seconds: float | None = 300.0,
) -> Mapping[str, bytes]:
    """Every file of one report by name, without writing any; the manifest last.

    Raises
    ------
    NianbaoError
        Of the kind that says what is wrong.
    """
    prepared = prepare(report_work(township, year, params_dir, notebook))
    return make(prepared, cold=cold, report_seconds=report_seconds).contents


def publish(
    township: str,
    year: int | str,
    params_dir: Path,
    out_dir: Path,
    *,
    notebook: Path | None = None,
    cold: bool = False,
    report_seconds: float | None = 300.0,
) -> Publication:
    """Build every file of one report under ``out_dir/<year>/<unit id>/``.

    A report with an open blocking finding is built as a draft, marked on every page.

    Raises
    ------
    NianbaoError
        Of the kind that says what is wrong; files written earlier stay as they were.
    """
    work = report_work(township, year, params_dir, notebook)
    folder = out_dir / str(parse_year(year)) / load_units(params_dir).find(township).id
    return publish_work(work, folder, cold=cold, report_seconds=report_seconds)


def publish_work(work: Work, folder: Path, *, cold: bool = False, report_seconds: float | None = 300.0) -> Publication:
    """Build every file of a report into its folder, as :func:`publish` does."""
    prepared = prepare(work)
    require_writable(folder)
    try:
        made = make(prepared, cold=cold, report_seconds=report_seconds)
    except NotebookError as error:
        if error.executed:
            with year_lock(folder.parent):
                write_files(folder, {FAILED: error.executed})
        raise
    with year_lock(folder.parent):
        write_files(folder, made.contents, drop=(FAILED, *formats.left_over(made.contents, folder)))
    return Publication(made.subject.content, made.subject.result, folder, tuple(made.contents))
