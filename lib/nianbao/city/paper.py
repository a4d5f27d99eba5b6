"""The city's summary as a finished thing: what it is made from, its files, its seal."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nianbao.city.standing import BUILT_VARIABLE, Standing, standings
from nianbao.params import PARAMS_VARIABLE, load_units
from nianbao.publish import compare, formats
from nianbao.publish.compare import Both
from nianbao.publish.contract import default_notebook
from nianbao.publish.difference import Difference
from nianbao.publish.formats import FINDINGS, Format, Printed, Subject
from nianbao.publish.make import Work
from nianbao.publish.manifest import SHARED, file_digest
from nianbao.report.tables import TABLES, value_json
from nianbao.statute import edition_for

if TYPE_CHECKING:
    from nianbao.city.city import CitySummary
    from nianbao.document.longform import LongRow
    from nianbao.notebook.gate import Expected
    from nianbao.statute.cell import Cell

NAME = "全市汇总"
"""What a run calls it."""
NOTEBOOK = "city_summary.ipynb"
SEAL = "summary.json"
FAILED = "summary-failed.ipynb"
"""The notebook that failed, run up to the cell that did; goes when the summary succeeds."""


MOST_ROWS = 1_048_000
"""Rows of figures that a sheet of a workbook holds, with a few to spare."""


def write_xlsx(printed: Printed) -> bytes:
    """The city's three tables as a workbook; in long form, the city's figures and those of every counted unit."""
    from nianbao.document.workbook import Book, write_workbook

    summary: CitySummary = printed.subject.content
    cells = {key: one.cell for key, one in summary.sums.items()}
    rows, where = _long_form(summary), "长表中还有各单位的数"
    if len(rows) > MOST_ROWS:
        rows, where = rows[: len(cells)], "各单位的数见 summary.csv，一张工作表放不下"
    note = f"带“*”的是不完整的合计：有的单位这一格不是数；{where}。"
    return write_workbook(Book(printed.document, summary.edition, cells, rows, (note,)))


def write_csv(printed: Printed) -> bytes:
    """The same long form as CSV."""
    from nianbao.document import longform

    return longform.write_csv(_long_form(printed.subject.content))


def _long_form(summary: CitySummary) -> tuple[LongRow, ...]:
    from nianbao.document.longform import long_rows

    figures: dict[str, Mapping[str, Cell]] = {summary.city.name: {key: one.cell for key, one in summary.sums.items()}}
    figures |= {one.unit.name: one.cells for one in summary.counted}
    return tuple(
        row for name, cells in figures.items() for row in long_rows(name, summary.year, summary.edition, cells)
    )


SUMMARY: tuple[Format, ...] = (
    Format("summary.pdf", "PDF", formats.write_pdf, titled=True, packed="{}.pdf"),
    Format("summary.docx", "Word", formats.write_docx, compare.by_parts, packed="{}.docx"),
    Format("summary.html", "网页", formats.write_page, titled=True, packed="{}.html"),
    Format("summary.xlsx", "表格", write_xlsx, compare.by_parts, packed="{}（数据表）.xlsx"),
    Format("summary.csv", "长表", write_csv, linked=False, packed="{}（开放数据）.csv"),
)
"""The files of the summary; :data:`SEAL` seals them and holds the city's figures for other programs."""


@dataclass(frozen=True)
class Shown:
    """What a paper shows of the year's reports: its title, whether it may be published, what its notebook is to show."""

    title: str
    ready: bool
    expected: Expected


def paper_work(
    name: str,
    notebook: Path,
    table: tuple[Format, ...],
    seal: str,
    *,
    year: int,
    params_dir: Path,
    built: Path,
    digests: Callable[[Mapping[str, Standing], int, Path, Path], Mapping[str, str]],
    shown: Callable[[CitySummary], Shown],
    sealed: Callable[[Subject], Mapping[str, Any]] = lambda _subject: {},
) -> Work:
    """A paper made from the reports that lie in `built` (``output/<year>/`` with ``status.json``).

    Parameters
    ----------
    digests : callable
        Where the units stand, year, params, `built` → SHA-256 of all that it is made from, by name.
    sealed : callable
        What its seal says besides.
    """
    units = load_units(params_dir)

    def inputs() -> Mapping[str, str]:
        states = {unit: state for unit, (state, _) in standings(built, units).items()}
        return digests(states, year, params_dir, built)

    def read() -> Subject:
        from nianbao.city.load import load_summary  # a batch in which nothing changed checks nothing

        summary = load_summary(year, params_dir, built)
        now = shown(summary)
        return Subject(
            unit=summary.city,
            year=year,
            edition=summary.edition.name,
            title=now.title,
            ready=now.ready,
            sample=summary.sample,
            content=summary,
            expected=now.expected,
        )

    return Work(
        where=f"{name} {year}",
        notebook=notebook,
        parameters={"year": year},
        environment={PARAMS_VARIABLE: str(params_dir.resolve()), BUILT_VARIABLE: str(built.resolve())},
        formats=table,
        seal=seal,
        inputs=inputs,
        read=read,
        sealed=sealed,
    )


def summary_work(year: int, params_dir: Path, built: Path, notebook: Path | None = None) -> Work:
    """The summary of the reports that lie in `built`."""

    def shown(summary: CitySummary) -> Shown:
        from nianbao.city.expected import expected_of

        return Shown(summary.title, summary.ready, expected_of(summary))

    return paper_work(
        NAME,
        notebook or default_notebook(NOTEBOOK),
        SUMMARY,
        SEAL,
        year=year,
        params_dir=params_dir,
        built=built,
        digests=input_digests,
        shown=shown,
        sealed=lambda subject: _figures(subject.content),
    )


def input_digests(states: Mapping[str, Standing], year: int, params_dir: Path, built: Path) -> dict[str, str]:
    """SHA-256 of what the summary is made from, by path; absent files are left out.

    Of counted units it is what was built, of the others last year's params.
    """
    files = {name: params_dir / name for name in SHARED}
    for unit, state in states.items():
        if state.counted:
            files |= {f"{year}/{unit}/{name}": built / unit / name for name in (TABLES, FINDINGS)}
        else:
            last = params_dir / str(year - 1) / f"{unit}.yaml"
            registers = sorted(path for path in last.with_suffix("").rglob("*") if path.is_file())
            files |= {path.relative_to(params_dir).as_posix(): path for path in (last, *registers)}
    return {name: file_digest(path) for name, path in files.items() if path.is_file()}


def _figures(summary: CitySummary) -> dict[str, Any]:
    """The city's figures for other programs: a sum is ``whole`` only where every counted unit has its part."""
    from nianbao.city.disclosures import class_table, disclosed

    table, total = class_table(summary), disclosed(summary)
    return {
        "sample": summary.sample,
        "states": {one.unit.id: [one.state.value, one.message] for one in summary.units},
        "counted": [one.unit.id for one in summary.counted],
        "cells": {
            key: {"value": value_json(one.value), "whole": one.whole, "text": one.text}
            for key, one in summary.sums.items()
        },
        "disclosure": {
            "total": value_json(total.value),
            "whole": total.whole,
            "classes": dict(zip(table.heads, table.sums, strict=True)),
        },
    }


def _compared(where: str, there: Both, rebuilt: Both) -> Iterator[Difference]:
    yield from compare.cells(where, edition_for(rebuilt["year"]), there.get("cells", {}), rebuilt["cells"])
    yield from compare.values(where, there, rebuilt, leave_out=("cells", *compare.GROUNDS))


compare_seal = compare.by_content(_compared)
"""What differs between two versions of :data:`SEAL`."""
