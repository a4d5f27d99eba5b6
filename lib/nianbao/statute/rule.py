"""What a rule is. The rules themselves stand in the modules ``rules_*`` beside this one."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum


class Severity(Enum):
    """What a breach means."""

    ERROR = "error"
    """错误: blocks; the report is a draft."""
    WARNING = "warning"
    """警告: asks; the report may be published with a reason."""
    INFO = "info"
    """提示: informs."""

    @property
    def label(self) -> str:
        return {"error": "错误", "warning": "警告", "info": "提示"}[self.value]


LAST_YEAR = "上年:"
"""Marks a term of an equation that stands in last year's report."""


@dataclass(frozen=True)
class Equation:
    """Both sides of an equation between cells, repeated over the columns, rows, groups or items of a table.

    ``{column}``, ``{row}``, ``{group}`` and ``{item}`` stand for what ``over`` runs
    through; ``{outcomes}``, ``{applicants}`` and ``{results}`` for every part of a
    sum. A term that begins with ``-`` is taken away; after ``上年:`` a term is the
    cell of last year's report. ``at`` is the cell that a finding names.

    Attributes
    ----------
    at_least : bool
        The left side need only be no smaller than the right.
    """

    over: str
    left: tuple[str, ...]
    right: tuple[str, ...]
    at: str
    at_least: bool = False

    @property
    def across_years(self) -> bool:
        """Whether a term stands in last year's report."""
        return any(LAST_YEAR in term for term in (*self.left, *self.right))


@dataclass(frozen=True)
class Predicate:
    """A named test, implemented under this name in ``nianbao.rules``."""

    name: str


@dataclass(frozen=True)
class AtGate:
    """A test of the executed notebook and not of the params, made under this name in ``nianbao.notebook.gate``."""

    name: str


@dataclass(frozen=True)
class Rule:
    """One rule of the rule book.

    Attributes
    ----------
    holds : str
        What must hold, as a whole Chinese sentence.
    fails : str
        The sentence of a finding; ``{left}``, ``{right}``, ``{difference}`` and the
        predicate's own values stand in braces.
    remedy : str
        What to do about a breach in one's own report.
    elsewhere : str
        What to do about one in a report that others published, where that is something else.
    source : str
        The article, notice or standard; 惯例 where it follows by arithmetic or from practice.
    example : str
        A breach, as seen in practice.
    but_not : tuple of str
        Names of the editions whose form has not what the rule speaks of. A rule binds every other
        edition, one that is not written yet included: a new form starts with the whole book.
    """

    code: str
    severity: Severity
    test: Equation | Predicate | AtGate
    holds: str
    fails: str
    remedy: str
    source: str
    example: str
    but_not: tuple[str, ...] = ()
    elsewhere: str = ""

    def for_others(self) -> Rule:
        """The rule as it is put to a report that others published: nobody can change its params."""
        return replace(self, remedy=self.elsewhere) if self.elsewhere else self

    def binds(self, edition: str) -> bool:
        """Whether the rule is to hold on an edition of the form."""
        return edition not in self.but_not
