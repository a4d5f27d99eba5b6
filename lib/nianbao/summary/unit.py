"""What the summary takes from one unit: from its report, or from the files in which it was built.

``tables.json`` is written and read here, so that the two ways give the same figures.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nianbao.cell import Cell, Source
from nianbao.cell import State as CellState
from nianbao.errors import NianbaoError
from nianbao.params import Unit
from nianbao.report import Report
from nianbao.statute import Edition
from nianbao.summary.state import State

if TYPE_CHECKING:
    from nianbao.checks import CheckResult

TABLES = "tables.json"
FINDINGS = "findings.json"


@dataclass(frozen=True)
class UnitFigures:
    """One unit's part in the city's tables.

    Attributes
    ----------
    message : str
        Why there are no figures, where there are none.
    cells : mapping of str to Cell
        Every cell of the form; empty unless ``state`` is counted.
    disclosed : int or None
        Proactively disclosed items (条).
    classes, channels : tuple of (str, int)
        As the report names them; channels stand apart from ``disclosed``.
    notices, amount : int or Decimal or None
        信息处理费: notices issued (件), collected (元).
    last_year : mapping of str to Cell, or None
        The cells of last year's report that rules compare with; None where there is no report.
    counts : mapping of str to int
        Open findings by severity, as in ``findings.json``.
    findings : tuple of mappings
        As in ``findings.json``.
    """

    unit: Unit
    state: State
    message: str = ""
    sample: bool = False
    cells: Mapping[str, Cell] = field(default_factory=dict)
    disclosed: int | None = None
    classes: tuple[tuple[str, int], ...] = ()
    channels: tuple[tuple[str, int], ...] = ()
    notices: int | None = None
    amount: int | Decimal | None = None
    last_year: Mapping[str, Cell] | None = None
    counts: Mapping[str, int] = field(default_factory=dict)
    findings: tuple[Mapping[str, Any], ...] = ()


def tables_json(report: Report) -> dict[str, Any]:
    """The content of ``tables.json``: every cell under its stable key, and what else of a report has figures.

    A cell has its state, value (money as text, exact), printed text, source, and the register rows it was counted from.
    """
    disclosure, fees, previous = report.disclosure, report.params.fees, last_year_of(report)
    return {
        "unit": report.unit.id,
        "year": report.year,
        "edition": report.edition.name,
        "sample": report.params.sample,
        "cells": {key: _cell_json(cell) for key, cell in report.cells.items()},
        "disclosure": {
            "total": report.disclosed,
            "classes": [{"name": item.name, "count": item.count} for item in disclosure.classes],
            "channels": dict(disclosure.channels),
        },
        "fees": {"notices": fees.notices, "amount": _value_json(fees.amount)},
        "last_year": None if previous is None else {key: _cell_json(cell) for key, cell in previous.items()},
    }


def last_year_of(report: Report) -> dict[str, Cell] | None:
    """The cells of last year's report with which rules compare; None where there is no such report."""
    if report.previous is None:
        return None
    return compared_cells(report.previous, report.edition)


def compared_cells(previous: Report, edition: Edition) -> dict[str, Cell]:
    """The cells of last year's report with which the rules of an edition compare, as far as its form has them."""
    from nianbao.checks.equations import last_year_cells  # slow to load, and a batch without changes needs none

    return {key: previous.cells[key] for key in last_year_cells(edition) if key in previous.cells}


def from_report(report: Report, result: CheckResult) -> UnitFigures:
    """What the summary takes from a report and its findings."""
    return from_json(report.unit, tables_json(report), result.as_json())


def from_files(unit: Unit, year: int, folder: Path) -> UnitFigures:
    """What the summary takes from the report built in `folder`.

    Raises
    ------
    NianbaoError
        A file is missing, broken or another unit's.
    """
    try:
        tables = json.loads((folder / TABLES).read_bytes())
        findings = json.loads((folder / FINDINGS).read_bytes())
        if any((content["unit"], content["year"]) != (unit.id, year) for content in (tables, findings)):
            raise ValueError("unit or year")
        return from_json(unit, tables, findings)
    except (OSError, ValueError, LookupError, TypeError, AttributeError) as error:
        where = f"{year}/{unit.id}/"
        raise NianbaoError(
            where, f"{TABLES} 或 {FINDINGS} 读不出（{type(error).__name__}）", "重新生成这一份报告"
        ) from error


def from_json(unit: Unit, tables: Mapping[str, Any], findings: Mapping[str, Any]) -> UnitFigures:
    """What the summary takes from the content of ``tables.json`` and ``findings.json``."""
    disclosure, fees, last_year = tables["disclosure"], tables["fees"], tables["last_year"]
    return UnitFigures(
        unit=unit,
        state=State.READY if findings["ready"] else State.DRAFT,
        sample=tables["sample"],
        cells={key: _cell(said) for key, said in tables["cells"].items()},
        disclosed=disclosure["total"],
        classes=tuple((item["name"], item["count"]) for item in disclosure["classes"]),
        channels=tuple(disclosure["channels"].items()),
        notices=fees["notices"],
        amount=_value(fees["amount"]),
        last_year=None if last_year is None else {key: _cell(said) for key, said in last_year.items()},
        counts=findings["counts"],
        findings=tuple(findings["findings"]),
    )


def _cell_json(cell: Cell) -> dict[str, Any]:
    said = {
        "state": cell.state.value,
        "value": _value_json(cell.value),
        "text": cell.text,
        "source": cell.source.value,
    }
    return {**said, "rows": list(cell.rows)} if cell.rows else said


def _cell(said: Mapping[str, Any]) -> Cell:
    return Cell(
        CellState(said["state"]),
        _value(said["value"]),
        said["text"],
        Source(said["source"]),
        tuple(said.get("rows", ())),
    )


def _value_json(value: int | Decimal | None) -> int | str | None:
    return f"{value:f}" if isinstance(value, Decimal) else value


def _value(said: int | str | None) -> int | Decimal | None:
    return Decimal(said) if isinstance(said, str) else said
