"""Evaluate the equations of the rule book on a report's cells."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from nianbao.checks.finding import Finding, fails, unknown
from nianbao.report import Report
from nianbao.statute import Edition
from nianbao.statute.form import Field
from nianbao.statute.rules import Equation, Rule
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
    places: tuple[tuple[str, str, str], ...]
    match equation.over:
        case "t3.columns":
            places = tuple(("{column}", column.key, column.label) for column in t3.columns)
        case "t3.rows":
            places = tuple(("{row}", f"t3.{row.key}", row.label) for row in t3.rows)
        case "t4.groups":
            places = tuple(("{group}", f"t4.{group.key}", group.label) for group in t4.groups)
        case other:
            raise ValueError(f"no such repetition: {other}")

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
        for mark, key, label in places
    )


def check_equation(rule: Rule, equation: Equation, report: Report) -> Iterator[Finding | None]:
    """A finding wherever the sides differ, or wherever a cell on either side is not a number."""
    for instance in instances(equation, report.edition):
        missing = [key for key in (*instance.left, *instance.right) if not report.cells[key].is_number]
        if missing:
            reason = f"{describe([report.edition.fields[key] for key in missing])}不是数"
            yield unknown(rule, instance.label, instance.at, reason)
            continue
        left = _sum(report, instance.left)
        right = _sum(report, instance.right)
        yield None if left == right else fails(rule, instance.label, instance.at, left, right)


def _sum(report: Report, keys: tuple[str, ...]) -> int | Decimal:
    return sum((report.cells[key].number for key in keys), start=0)


def describe(fields: list[Field], most: int = 5) -> str:
    """Cells by name, the first few of many."""
    names = enumeration(field.label for field in fields[:most])
    return f"{names}等 {len(fields)} 格" if len(fields) > most else names
