"""Evaluate the equations of the rule book on a report's cells."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from nianbao.cell import Cell
from nianbao.checks.finding import Finding, fails, unknown
from nianbao.report import Report
from nianbao.statute import Edition
from nianbao.statute.rule import LAST_YEAR
from nianbao.statute.rules import Equation, Rule, Severity, rules_for
from nianbao.wording import enumeration


@dataclass(frozen=True)
class Instance:
    """An equation at one place: the cells on both sides, and how a finding calls the place."""

    at: str
    label: str
    left: tuple[str, ...]
    right: tuple[str, ...]


@lru_cache(maxsize=64)
def instances(equation: Equation, edition: Edition) -> tuple[Instance, ...]:
    """Every place at which an equation is to hold in an edition of the form."""
    t3, t4 = edition.t3, edition.t4
    sums = {
        "{outcomes}": t3.outcomes,
        "{applicants}": tuple(column.key for column in t3.applicants),
        "{results}": tuple(column.key for column in t4.results),
    }

    def expand(terms: tuple[str, ...], mark: str, key: str) -> tuple[str, ...]:
        cells: list[str] = []
        for term in terms:
            term = term.replace(mark, key)
            name = next((name for name in sums if name in term), None)
            cells += [term.replace(name, part) for part in sums[name]] if name else [term]
        return tuple(cells)

    return tuple(
        Instance(
            equation.at.replace(mark, key),
            label,
            expand(equation.left, mark, key),
            expand(equation.right, mark, key),
        )
        for mark, key, label in _places(equation.over, edition)
    )


def _places(over: str, edition: Edition) -> tuple[tuple[str, str, str], ...]:
    """What an equation repeats over: the mark it replaces, the key put there, the place's name."""
    t3, t4 = edition.t3, edition.t4
    match over:
        case "t2.documents":
            block = edition.t2.blocks[0]
            return tuple(("{item}", item.key, item.label) for item in block.items)
        case "t3.columns":
            return tuple(("{column}", column.key, column.label) for column in t3.columns)
        case "t3.applicants":
            return tuple(("{column}", column.key, column.label) for column in t3.applicants)
        case "t3.total_column":
            return tuple(("{column}", c.key, c.label) for c in t3.columns if c.key == t3.total_column)
        case "t3.rows":
            return tuple(("{row}", f"t3.{row.key}", row.label) for row in t3.rows)
        case "t4.groups":
            return tuple(("{group}", f"t4.{group.key}", group.label) for group in t4.groups)
        case _:
            raise ValueError(f"no such repetition: {over}")


def check_equation(rule: Rule, equation: Equation, report: Report) -> Iterator[Finding | None]:
    """A finding wherever the sides differ, or wherever a cell on either side is not a number."""
    if equation.across_years and (reason := _no_last_year(equation, report)):
        places = instances(equation, report.edition)
        label = places[0].label if len(places) == 1 else ""
        cell = places[0].at if len(places) == 1 else None
        yield unknown(rule, label, cell, reason, severity=Severity.INFO)
        return
    for instance in instances(equation, report.edition):
        terms = [_term(report, text) for text in (*instance.left, *instance.right)]
        missing = [term.name for term in terms if not term.cell.is_number]
        if missing:
            names = [_within(name, instance.label) for name in missing]
            yield unknown(rule, instance.label, instance.at, f"{describe(names)}不是数", "先补上不是数的格")
            continue
        left = sum((term.value for term in terms[: len(instance.left)]), start=0)
        right = sum((term.value for term in terms[len(instance.left) :]), start=0)
        if left == right or (equation.at_least and left > right):
            yield None
        else:
            yield fails(rule, instance.label, instance.at, left, right)


def _no_last_year(equation: Equation, report: Report) -> str | None:
    """Why there is nothing to compare with: no report, or one on a form without these cells."""
    if report.previous is None:
        return f"没有 {report.year - 1} 年的报告"
    needed = (
        term.removeprefix("-").removeprefix(LAST_YEAR)
        for instance in instances(equation, report.edition)
        for term in (*instance.left, *instance.right)
        if LAST_YEAR in term
    )
    if all(key in report.previous.cells for key in needed):
        return None
    return f"{report.previous.year} 年的报告用{report.previous.edition.notice}的格式，没有这几格"


@lru_cache(maxsize=8)
def last_year_cells(edition: Edition) -> tuple[str, ...]:
    """The cells of last year's report that the rules of an edition compare with."""
    terms = [
        term.removeprefix("-")
        for rule in rules_for(edition.name)
        if isinstance(rule.test, Equation)
        for instance in instances(rule.test, edition)
        for term in (*instance.left, *instance.right)
    ]
    return tuple(dict.fromkeys(term.removeprefix(LAST_YEAR) for term in terms if term.startswith(LAST_YEAR)))


@dataclass(frozen=True)
class _Term:
    cell: Cell
    sign: int
    name: str

    @property
    def value(self) -> int | Decimal:
        return self.sign * self.cell.number


def _term(report: Report, text: str) -> _Term:
    key = text.removeprefix("-")
    source, prefix = report, ""
    if key.startswith(LAST_YEAR):
        assert report.previous is not None  # noqa: S101  (asked before, see _no_last_year)
        source, prefix = report.previous, f"{report.previous.year} 年的"
        key = key.removeprefix(LAST_YEAR)
    return _Term(source.cells[key], -1 if text.startswith("-") else 1, prefix + source.edition.fields[key].label)


def _within(name: str, place: str) -> str:
    """A cell's name without the row or column that a finding names anyway."""
    if name.startswith(f"{place}〔"):
        return name.removeprefix(f"{place}〔").removesuffix("〕")
    return name.removesuffix(f"〔{place}〕")


def describe(names: Sequence[str], most: int = 5) -> str:
    """Cells by name, the first few of many."""
    text = enumeration(names[:most])
    return f"{text}等 {len(names)} 格" if len(names) > most else text
