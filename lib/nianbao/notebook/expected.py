"""What the notebook of a report is to show, worked out from the report without the code that draws its tables."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from nianbao.document import Block, Cell, Run, Table, read_html
from nianbao.notebook.added import unaccounted
from nianbao.notebook.gate import Expected
from nianbao.notebook.text import notes_of, text_of
from nianbao.params import find_params_dir
from nianbao.report import Report, load_report
from nianbao.report.grids import GRIDS, Grid


def expected_of(report: Report) -> Expected:
    """What the notebook of a report is to show."""
    unit = report.unit

    @cache
    def shows(section: str) -> tuple[Block, ...]:
        words = read_html(text_of(report, section).html)
        if section not in GRIDS:
            return words
        return (*words, as_table(GRIDS[section](report)), *read_html(notes_of(report, section).html))

    return Expected(
        unit=unit.id,
        year=report.year,
        fingerprint=report.fingerprint,
        parameters={"township": (unit.name, unit.id, unit.official_name), "year": (str(report.year),)},
        sections=(("opening", None), *((part.key, part.heading) for part in report.edition.parts), ("closing", None)),
        shows=shows,
        unaccounted=lambda pieces: unaccounted(pieces, report),
    )


def expected_for(parameters: Mapping[str, Any], folder: Path | None = None) -> Expected:
    """What the notebook with these parameters is to show, by the params that `folder` leads to.

    Raises
    ------
    NianbaoError
        The report cannot be had.
    """
    township, year = str(parameters.get("township")), str(parameters.get("year"))
    return expected_of(load_report(township, year, find_params_dir(folder)))


def as_table(grid: Grid, links: Mapping[tuple[int, int], str] = MappingProxyType({})) -> Table:
    """A grid as a table without spans; `links` by row and column of the grid."""
    rows = (
        tuple(Cell((Run(text, link=links.get((row, column), "")),) if text else ()) for column, text in enumerate(line))
        for row, line in enumerate(grid)
    )
    return Table((), tuple(rows))
