"""``tables.json``: a report's cells as JSON, written and read here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from decimal import Decimal
from functools import lru_cache
from typing import Any

from nianbao.registers.periods import Answers
from nianbao.report.report import Report
from nianbao.statute import Edition
from nianbao.statute.cell import Cell, Source, State

TABLES = "tables.json"


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
        "days": days_of(report),
        "published": report.params.published and report.params.published.model_dump(mode="json"),
        "cells": {key: _cell_json(cell) for key, cell in report.cells.items()},
        "disclosure": {
            "total": report.disclosed,
            "classes": [{"name": item.name, "count": item.count} for item in disclosure.classes],
            "channels": dict(disclosure.channels),
        },
        "answers": None if (answers := _answers(report)) is None else asdict(answers),
        "fees": {"notices": fees.notices, "amount": value_json(fees.amount)},
        "last_year": None if previous is None else {key: _cell_json(cell) for key, cell in previous.items()},
        "last_year_disclosed": None if report.previous is None else report.previous.disclosed,
    }


def _answers(report: Report) -> Answers | None:
    """How many applications (件) were answered in time, late or cannot be reckoned; None without a register of them."""
    return None if report.registers is None else report.registers.answers


def days_of(report: Report) -> dict[str, str]:
    """The days that the params tell of a report, by what happened on them (成文, 公布, 豁免), in ISO form."""
    params = report.params
    told = {
        "成文": report.date,
        "公布": params.published.date if params.published else None,
        "豁免": max((waiver.date for waiver in params.waivers), default=None),
    }
    return {what: day.isoformat() for what, day in told.items() if day is not None}


def last_year_of(report: Report) -> dict[str, Cell] | None:
    """The cells of last year's report that this year's form has, too; None where there is no such report."""
    if report.previous is None:
        return None
    return compared_cells(report.previous, report.edition)


def compared_cells(previous: Report, edition: Edition) -> dict[str, Cell]:
    """The cells of last year's report that the form of an edition has."""
    return {key: previous.cells[key] for key in edition.fields if key in previous.cells}


def _cell_json(cell: Cell) -> dict[str, Any]:
    said = {
        "state": cell.state.value,
        "value": value_json(cell.value),
        "text": cell.text,
        "source": cell.source.value,
    }
    return {**said, "rows": list(cell.rows)} if cell.rows else said


def cell_of(said: Mapping[str, Any]) -> Cell:
    """A cell as ``tables.json`` says it."""
    return _cell(said["state"], said["value"], said["text"], said["source"], tuple(said.get("rows", ())))


@lru_cache(maxsize=4096, typed=True)
def _cell(state: str, value: int | str | None, text: str, source: str, rows: tuple[str, ...]) -> Cell:
    """Made once: most cells of a city's reports are the same few, a 0 above all."""
    return Cell(State(state), value_of(value), text, Source(source), rows)


def value_json(value: int | Decimal | None) -> int | str | None:
    """A figure as ``tables.json`` says it: money as text, so that it stays exact."""
    return f"{value:f}" if isinstance(value, Decimal) else value


def value_of(said: int | str | None) -> int | Decimal | None:
    """A figure that ``tables.json`` says."""
    return Decimal(said) if isinstance(said, str) else said
