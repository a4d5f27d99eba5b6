"""What the summary's notebook is to show, for the gate."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from nianbao.city.city import CitySummary
from nianbao.city.content import SECTIONS, StatutoryTable, TextTable, pieces_of
from nianbao.city.load import load_summary
from nianbao.document import Block, read_html
from nianbao.document.markup import Fragment
from nianbao.notebook.added import unaccounted
from nianbao.notebook.expected import as_table
from nianbao.notebook.gate import Expected
from nianbao.params import find_params_dir
from nianbao.report.grids import GRIDS


def expected_of(summary: CitySummary) -> Expected:
    """What the notebook of a year's summary is to show."""

    @cache
    def shows(section: str) -> tuple[Block, ...]:
        blocks: list[Block] = []
        for piece in pieces_of(summary, section):
            match piece:
                case Fragment(html):
                    blocks += read_html(html)
                case TextTable():
                    blocks.append(as_table((piece.heads, *piece.rows), piece.links_below(1)))
                case StatutoryTable(part):
                    blocks.append(as_table(GRIDS[part](summary.report)))
        return tuple(blocks)

    return Expected(
        unit=summary.city.id,
        year=summary.year,
        fingerprint=summary.fingerprint,
        parameters={"year": (str(summary.year),)},
        sections=tuple((section, heading) for section, (heading, _) in SECTIONS.items()),
        shows=shows,
        unaccounted=lambda pieces: unaccounted(pieces, summary.report),
    )


def expected_for(parameters: Mapping[str, Any], folder: Path | None = None) -> Expected:
    """What the summary's notebook with this year is to show, by the params that `folder` leads to.

    Raises
    ------
    NianbaoError
        The summary cannot be had.
    """
    return expected_of(load_summary(str(parameters.get("year")), find_params_dir(folder)))
