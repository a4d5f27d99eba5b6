"""All registers of a folder, read and counted."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

from nianbao.registers import applications, disclosures, documents, reviews
from nianbao.registers.applications import Applications
from nianbao.registers.columns import APPLICATIONS, DISCLOSURES, DOCUMENTS, REGISTERS, REVIEWS
from nianbao.registers.figures import RegisterFigures
from nianbao.registers.files import register_files
from nianbao.registers.grid import Sheet
from nianbao.registers.model import Counted, Year
from nianbao.registers.problems import Problems
from nianbao.registers.reading import read_sheets
from nianbao.registers.table import Table, read_table
from nianbao.statute import Edition
from nianbao.statute.cell import Cell


def count_registers(
    folder: Path, year: int, edition: Edition, portal: str | None = None, attached: Collection[str] = ()
) -> RegisterFigures:
    """See :func:`nianbao.registers.load_registers`."""
    problems = Problems()
    sheets, notes = read_sheets(folder, problems, attached)
    tallied = count_sheets(sheets, year, edition, problems, portal)
    problems.raise_if_any()
    cells = {key: one.cell(key) for one in tallied.counted.values() for key in one.positions}
    return RegisterFigures(
        year,
        {key: cells[key] for key in edition.fields if key in cells},
        cells.get(disclosures.TOTAL),
        _named(cells, disclosures.CLASS),
        _named(cells, disclosures.CHANNEL),
        (*notes, *tallied.notes),
        register_files(folder),
        tallied.counted,
        tallied.applications,
    )


@dataclass(frozen=True)
class Tallied:
    """Registers as counted, by key, and remarks on what was left out."""

    counted: Mapping[str, Counted]
    applications: Applications | None
    notes: tuple[str, ...]


def count_sheets(
    sheets: Mapping[str, Sheet], year: int, edition: Edition, problems: Problems, portal: str | None = None
) -> Tallied:
    """Count registers by key, wherever their grids were read; what is not understood goes to ``problems``."""
    tables: dict[str, Table] = {}
    for key, sheet in sheets.items():
        table = read_table(sheet, REGISTERS[key], problems)
        if table is not None:
            tables[key] = table
    period = Year(year)
    counted: dict[str, Counted] = {}
    received: Applications | None = None
    if DISCLOSURES in tables:
        counted[DISCLOSURES] = disclosures.count(tables[DISCLOSURES], period, problems, portal)
    if DOCUMENTS in tables:
        counted[DOCUMENTS] = documents.count(tables[DOCUMENTS], period, edition, problems)
    if APPLICATIONS in tables:
        received = applications.count(tables[APPLICATIONS], period, edition, problems)
        counted[APPLICATIONS] = received.counted
    if REVIEWS in tables:
        counted[REVIEWS] = reviews.count(tables[REVIEWS], period, edition, problems)
    return Tallied(counted, received, tuple(note for table in tables.values() for note in table.notes))


def _named(cells: Mapping[str, Cell], prefix: str) -> Mapping[str, Cell]:
    return {key.removeprefix(prefix): cell for key, cell in cells.items() if key.startswith(prefix)}
