"""What the summary takes from one unit: from its report, or from the files in which it was built."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from nianbao.city.standing import Standing
from nianbao.errors import NianbaoError
from nianbao.params import Unit
from nianbao.params.models import Published
from nianbao.publish.formats import FINDINGS, PAGE
from nianbao.registers.periods import Answers
from nianbao.report import Report
from nianbao.report.tables import TABLES, cell_of, tables_json, value_of
from nianbao.rules.finding import Finding, Findings
from nianbao.statute.cell import Cell
from nianbao.wording import plain_number

if TYPE_CHECKING:
    from nianbao.rules import CheckResult

_Read = TypeVar("_Read")


@dataclass(frozen=True)
class Told:
    """What a report tells of itself besides its figures; the attributes as of :class:`UnitFigures`."""

    state: Standing
    sample: bool
    published: Published | None
    days: Mapping[str, date]
    counts: Mapping[str, int]
    findings: tuple[Finding, ...]


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
    answers : Answers or None
        Applications (件) answered in time and late; None where no register of them is kept.
    notices, amount : int or Decimal or None
        信息处理费: notices issued (件), collected (元).
    last_year : mapping of str to Cell, or None
        The cells of last year's report; None where there is no report.
    last_disclosed : int or None
        Proactively disclosed items (条) in last year's report.
    published : Published or None
        Where and when the report was published, where that is known.
    days : mapping of str to date
        What happened to the report (成文, 公布, 豁免) and when, as far as its params tell.
    counts : mapping of str to int
        Open findings by severity, as in ``findings.json``.
    page : str
        Where the page of its report lies from the folder of the year; empty where it is not built.
    """

    unit: Unit
    state: Standing
    message: str = ""
    sample: bool = False
    cells: Mapping[str, Cell] = field(default_factory=dict)
    disclosed: int | None = None
    classes: tuple[tuple[str, int], ...] = ()
    channels: tuple[tuple[str, int], ...] = ()
    answers: Answers | None = None
    notices: int | None = None
    amount: int | Decimal | None = None
    last_year: Mapping[str, Cell] | None = None
    last_disclosed: int | None = None
    published: Published | None = None
    days: Mapping[str, date] = field(default_factory=dict)
    counts: Mapping[str, int] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()
    page: str = ""

    def as_told(self) -> list[Any]:
        """Everything that the summary says of it, as plain values; not where its page lies."""
        last_year = None if self.last_year is None else {key: cell.text for key, cell in self.last_year.items()}
        return [
            self.unit.id,
            self.state.value,
            self.message,
            self.sample,
            {key: cell.text for key, cell in self.cells.items()},
            self.disclosed,
            self.classes,
            self.channels,
            self.answers and asdict(self.answers),
            self.notices,
            None if self.amount is None else plain_number(self.amount),
            last_year,
            self.last_disclosed,
            self.published and self.published.model_dump(mode="json"),
            [[finding.rule, finding.message, finding.waived] for finding in self.findings],
        ]


def from_report(report: Report, result: CheckResult) -> UnitFigures:
    """What the summary takes from a report and its findings."""
    return from_json(report.unit, tables_json(report), result.published)


def from_files(unit: Unit, year: int, folder: Path) -> UnitFigures:
    """What the summary takes from the report built in `folder`.

    Raises
    ------
    NianbaoError
        A file is missing, broken or another unit's.
    """
    return _read(unit, year, folder, lambda *said: replace(from_json(unit, *said), page=f"{unit.id}/{PAGE}"))


def told_by_files(unit: Unit, year: int, folder: Path) -> Told:
    """What the report built in `folder` tells besides its figures; errors as of :func:`from_files`."""
    return _read(unit, year, folder, told)


def _read(unit: Unit, year: int, folder: Path, read: Callable[[Mapping[str, Any], Findings], _Read]) -> _Read:
    try:
        tables = json.loads((folder / TABLES).read_bytes())
        findings = Findings.from_json(json.loads((folder / FINDINGS).read_bytes()))
        if {(tables["unit"], tables["year"]), (findings.unit, findings.year)} != {(unit.id, year)}:
            raise ValueError("unit or year")
        return read(tables, findings)
    except (OSError, ValueError, LookupError, TypeError, AttributeError) as error:
        where = f"{year}/{unit.id}/"
        raise NianbaoError(
            where, f"{TABLES} 或 {FINDINGS} 读不出（{type(error).__name__}）", "重新生成这一份报告"
        ) from error


def told(tables: Mapping[str, Any], findings: Findings) -> Told:
    """What the content of ``tables.json`` and the findings tell besides the figures."""
    return Told(
        state=Standing.READY if findings.ready else Standing.DRAFT,
        sample=tables["sample"],
        published=_published(tables["published"]),
        days={what: date.fromisoformat(day) for what, day in tables["days"].items()},
        counts=findings.counts,
        findings=findings.findings,
    )


def from_json(unit: Unit, tables: Mapping[str, Any], findings: Findings) -> UnitFigures:
    """What the summary takes from the content of ``tables.json`` and from the findings."""
    disclosure, fees, last_year = tables["disclosure"], tables["fees"], tables["last_year"]
    answers = tables["answers"]
    return UnitFigures(
        unit=unit,
        **vars(told(tables, findings)),
        cells=_cells(tables["cells"]),
        disclosed=disclosure["total"],
        classes=tuple((item["name"], item["count"]) for item in disclosure["classes"]),
        channels=tuple(disclosure["channels"].items()),
        answers=None if answers is None else Answers(**answers),
        notices=fees["notices"],
        amount=value_of(fees["amount"]),
        last_year=None if last_year is None else _cells(last_year),
        last_disclosed=tables["last_year_disclosed"],
    )


def _cells(said: Mapping[str, Mapping[str, Any]]) -> dict[str, Cell]:
    """Under keys that all bodies share: a city has a thousand of them."""
    return {sys.intern(key): cell_of(one) for key, one in said.items()}


def _published(said: Mapping[str, Any] | None) -> Published | None:
    """As ``tables.json`` says it."""
    return None if said is None else Published.model_validate_json(json.dumps(said))
