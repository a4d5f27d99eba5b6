"""The equations of the rule book, laid out over an edition of the form: which cells stand on which side, and where."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from nianbao.statute.form import Edition
from nianbao.statute.rule import Equation


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
