"""The city's tables as the sum of its units' tables, and whether the sums satisfy the rule book.

Nothing that is not a number counts as 0: a unit without a report is left out and named, a cell that is blank in a
unit's report leaves the city's cell marked as incomplete.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from nianbao.city.standing import Standing
from nianbao.city.unit import UnitFigures
from nianbao.params import City, ReportParams, Unit
from nianbao.report import Report
from nianbao.rules.equations import check_equation
from nianbao.rules.finding import Finding
from nianbao.statute import Edition, edition_for
from nianbao.statute.bodies import KINDS
from nianbao.statute.cell import Cell, Source, number_cell, unreadable_cell
from nianbao.statute.rulebook import Equation, Rule, rules_for
from nianbao.wording import enumeration, plain_number

INCOMPLETE = "*"
"""Stands after a sum that lacks a part, and alone where every part is lacking."""


@dataclass(frozen=True)
class Sum:
    """What could be added up, and whether that is all; ``value`` is None where nothing could."""

    value: int | Decimal | None
    whole: bool

    @classmethod
    def of(cls, cells: Iterable[Cell]) -> Sum:
        """Of units' cells; of none at all it is no number."""
        every = list(cells)
        numbers = [cell.number for cell in every if cell.is_number]
        return cls(sum(numbers, start=0) if numbers else None, 0 < len(every) == len(numbers))

    @classmethod
    def joined(cls, sums: Iterable[Sum]) -> Sum:
        """Of sums; whole when each is."""
        every = list(sums)
        values = [one.value for one in every if one.value is not None]
        return cls(sum(values, start=0) if values else None, all(one.whole for one in every))

    @property
    def text(self) -> str:
        """As it prints."""
        number = "" if self.value is None else plain_number(self.value)
        return number if self.whole else number + INCOMPLETE

    @property
    def cell(self) -> Cell:
        """A figure only where it is whole."""
        if self.whole and self.value is not None:
            return number_cell(self.value, Source.TOTALLED)
        return unreadable_cell(self.text)


@dataclass(frozen=True)
class Gap:
    """A cell of a unit's report that is no number."""

    key: str
    unit: Unit
    cell: Cell


@dataclass(frozen=True)
class Mismatch:
    """A total of the city, added up from its parts, that differs from the sum of the units' own totals."""

    key: str
    from_parts: int | Decimal
    from_totals: int | Decimal


@dataclass(frozen=True)
class RuleOutcome:
    """What came of one equation of the rule book on the city's cells."""

    rule: Rule
    held: int
    findings: tuple[Finding, ...]


@dataclass(frozen=True)
class CitySummary:
    """All units of a year, in the order of the register, and what they add up to."""

    city: City
    year: int
    units: tuple[UnitFigures, ...]

    @property
    def edition(self) -> Edition:
        return edition_for(self.year)

    @cached_property
    def fingerprint(self) -> str:
        """One digest over everything that the units brought: standing, figures and findings."""
        told = [self.city.id, self.year, *(one.as_told() for one in self.units)]
        return hashlib.sha256(json.dumps(told, ensure_ascii=False).encode("utf-8")).hexdigest()

    @property
    def title(self) -> str:
        """某某市各镇、街道2025年政府信息公开工作年度报告汇总; 各单位 where departments are among them."""
        bodies = "各镇、街道" if all(KINDS[one.unit.kind].local for one in self.units) else "各单位"
        return f"{self.city.name}{bodies}{self.year}年{self.edition.title}汇总"

    @property
    def counted(self) -> tuple[UnitFigures, ...]:
        """The units whose figures are added up: those that are ready, and the drafts."""
        return tuple(one for one in self.units if one.state.counted)

    @property
    def left_out(self) -> tuple[UnitFigures, ...]:
        return tuple(one for one in self.units if not one.state.counted)

    def of(self, state: Standing) -> tuple[UnitFigures, ...]:
        return tuple(one for one in self.units if one.state is state)

    @property
    def sample(self) -> bool:
        return any(one.sample for one in self.units)

    @property
    def ready(self) -> bool:
        """Whether the sums are final: every unit's report is ready, and no cell is incomplete."""
        return all(one.state is Standing.READY for one in self.units) and not self.gaps

    @cached_property
    def sums(self) -> dict[str, Sum]:
        """Every cell of the form. A total is added up from the city's own parts, never from the units' totals."""
        totals = self.edition.totals
        sums = {key: self._added(key) for key in self.edition.fields if key not in totals}
        for key, parts in totals.items():
            sums[key] = Sum.joined(sums[part] for part in parts)
        return {key: sums[key] for key in self.edition.fields}

    def _added(self, key: str) -> Sum:
        return Sum.of(one.cells[key] for one in self.counted)

    @cached_property
    def report(self) -> Report:
        """The city's three tables as a report, for the tables of the form."""
        return self._report(self.year, {key: one.cell for key, one in self.sums.items()})

    @cached_property
    def as_stated(self) -> Report:
        """The same with the units' own totals added up, and last year's: what the rules are to hold on."""
        cells = {key: self._added(key).cell for key in self.edition.fields}
        last_year = self.last_year
        previous = self._report(self.year - 1, last_year) if last_year else None
        return self._report(self.year, cells, previous)

    @cached_property
    def last_year(self) -> dict[str, Cell]:
        """What the counted units' reports of last year add up to; without the cells that no such report has."""
        sums: dict[str, Cell] = {}
        for key in self.edition.fields:
            found = [one.last_year[key] for one in self.counted if one.last_year is not None and key in one.last_year]
            if found:
                one = Sum.of(found)
                sums[key] = Sum(one.value, one.whole and len(found) == len(self.counted)).cell
        return sums

    def _report(self, year: int, cells: Mapping[str, Cell], previous: Report | None = None) -> Report:
        return Report(
            unit=self.city,
            city=self.city,
            year=year,
            edition=edition_for(year),
            params=ReportParams(unit=self.city.id, year=year, sample=self.sample),
            cells=cells,
            previous=previous,
        )

    @cached_property
    def gaps(self) -> tuple[Gap, ...]:
        """Cells of counted units that are no numbers, in the order of the form."""
        return tuple(
            Gap(key, one.unit, one.cells[key])
            for key in self.edition.fields
            for one in self.counted
            if not one.cells[key].is_number
        )

    @cached_property
    def mismatches(self) -> tuple[Mismatch, ...]:
        """Totals that come out differently from the parts and from the units' totals."""
        pairs = ((key, self.sums[key], self._added(key)) for key in self.edition.totals)
        return tuple(
            Mismatch(key, ours.cell.number, theirs.cell.number)
            for key, ours, theirs in pairs
            if ours.cell.is_number and theirs.cell.is_number and ours.value != theirs.value
        )

    @cached_property
    def outcomes(self) -> tuple[RuleOutcome, ...]:
        """Every equation of the rule book on the city's cells."""
        if not self.counted:
            return ()
        done = []
        for rule in rules_for(self.edition.name):
            if isinstance(rule.test, Equation):
                results = list(check_equation(rule, rule.test, self.as_stated))
                findings = tuple(finding for finding in results if finding is not None)
                done.append(RuleOutcome(rule, len(results) - len(findings), findings))
        return tuple(done)

    def source_of(self, finding: Finding) -> tuple[Unit, ...]:
        """The units whose own report breaks the same rule at the same cell, waived or not."""
        return tuple(
            one.unit
            for one in self.counted
            if any((own.rule, own.cell) == (finding.rule, finding.cell) for own in one.findings)
        )

    @property
    def without_last_year(self) -> tuple[UnitFigures, ...]:
        """Counted units that have no report of last year."""
        return tuple(one for one in self.counted if one.last_year is None)


def names(units: Iterable[UnitFigures | Unit]) -> str:
    """Names joined by 、."""
    return enumeration(one.unit.name if isinstance(one, UnitFigures) else one.name for one in units)
