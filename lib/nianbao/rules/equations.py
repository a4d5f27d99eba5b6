"""Evaluate the equations of the rule book on a report's cells."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from nianbao.report import Report
from nianbao.rules.finding import Finding, facts_of, fails, unknown
from nianbao.statute.cell import Cell
from nianbao.statute.equations import instances
from nianbao.statute.rule import LAST_YEAR
from nianbao.statute.rulebook import Equation, Rule, Severity
from nianbao.wording import enumeration


def check_equation(rule: Rule, equation: Equation, report: Report) -> Iterator[Finding | None]:
    """A finding wherever the sides differ, or wherever a cell on either side is not a number.

    An edition without a place for the equation is a finding too: a rule that does not bind a form says so by name.
    """
    if not instances(equation, report.edition):
        yield unknown(rule, "", None, f"{report.edition.notice}的格式没有这条规则要对照的格", "把这一行报告给开发者")
        return
    if equation.across_years and (reason := _no_last_year(equation, report)):
        places = instances(equation, report.edition)
        label = places[0].label if len(places) == 1 else ""
        cell = places[0].at if len(places) == 1 else None
        yield unknown(rule, label, cell, reason, severity=Severity.INFO)
        return
    for instance in instances(equation, report.edition):
        left, right = _side(report, instance.left), _side(report, instance.right)
        if left is not None and right is not None and (left == right or (equation.at_least and left > right)):
            yield None
            continue
        texts = (*instance.left, *instance.right)
        terms = [_term(report, text) for text in texts]
        if any(term.unread for term in terms):
            continue  # said once for all of them, see nianbao.rules.reading
        missing = [term.name for term in terms if not term.cell.is_number]
        if left is None or right is None:
            names = [_within(name, instance.label) for name in missing]
            yield unknown(
                rule,
                instance.label,
                instance.at,
                f"{describe(names)}不是数",
                "先补上不是数的格",
                facts=_facts(report, texts),
            )
            continue
        blanks = sum(term.blank for term in terms)
        note = f"，其中空白 {blanks} 格按 0 计" if blanks else ""
        yield fails(rule, instance.label, instance.at, left, right, facts=_facts(report, texts), note=note)


def _side(report: Report, texts: Iterable[str]) -> int | Decimal | None:
    """The sum of one side; None where a cell was not read or holds no number."""
    total: int | Decimal = 0
    for text in texts:
        term = _term(report, text)
        cell = term.report.cells[term.key]
        if cell.value is None or term.key in term.report.unread:
            return None
        total += term.sign * cell.value
    return total


def rests_on_unread(equation: Equation, report: Report) -> int:
    """At how many places an equation needs a cell that could not be read."""
    if equation.across_years and _no_last_year(equation, report):
        return 0
    if not any(one.unread for one in (report, report.previous) if one is not None):
        return 0
    places = instances(equation, report.edition)
    return sum(any(_term(report, text).unread for text in (*one.left, *one.right)) for one in places)


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


def _facts(report: Report, texts: Iterable[str]) -> tuple[str, ...]:
    return facts_of(report, [text.removeprefix("-") for text in texts])


class _Term(NamedTuple):
    report: Report
    key: str
    sign: int
    prefix: str

    @property
    def cell(self) -> Cell:
        return self.report.cells[self.key]

    @property
    def name(self) -> str:
        return self.prefix + self.report.edition.fields[self.key].label

    @property
    def unread(self) -> bool:
        return self.key in self.report.unread

    @property
    def blank(self) -> bool:
        return self.key in self.report.blank


def _term(report: Report, text: str) -> _Term:
    key, sign, of_last_year = _parsed(text)
    if not of_last_year:
        return _Term(report, key, sign, "")
    assert report.previous is not None  # noqa: S101  (asked before, see _no_last_year)
    return _Term(report.previous, key, sign, f"{report.previous.year} 年的")


@lru_cache(maxsize=4096)
def _parsed(text: str) -> tuple[str, int, bool]:
    """A term's cell, its sign, and whether it is last year's."""
    key = text.removeprefix("-")
    return key.removeprefix(LAST_YEAR), -1 if text.startswith("-") else 1, key.startswith(LAST_YEAR)


def _within(name: str, place: str) -> str:
    """A cell's name without the row or column that a finding names anyway."""
    if name.startswith(f"{place}〔"):
        return name.removeprefix(f"{place}〔").removesuffix("〕")
    return name.removesuffix(f"〔{place}〕")


def describe(names: Sequence[str], most: int = 5) -> str:
    """Cells by name, the first few of many."""
    text = enumeration(names[:most])
    return f"{text}等 {len(names)} 格" if len(names) > most else text
