"""What a rule is. The rules themselves stand in the modules ``rules_*`` beside this one."""

from __future__ import annotations

from dataclasses import dataclass
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


@dataclass(frozen=True)
class Equation:
    """Both sides of an equation between cells, repeated over the columns, rows or groups of a table.

    ``{column}``, ``{row}`` and ``{group}`` stand for what ``over`` runs through;
    ``{outcomes}``, ``{applicants}`` and ``{results}`` for every part of a sum.
    ``at`` is the cell that a finding names.
    """

    over: str
    left: tuple[str, ...]
    right: tuple[str, ...]
    at: str


@dataclass(frozen=True)
class Predicate:
    """A named test, implemented under this name in ``nianbao.checks``."""

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
        What to do about a breach.
    source : str
        The article, notice or standard; 惯例 where it follows by arithmetic or from practice.
    example : str
        A breach, as seen in practice.
    """

    code: str
    severity: Severity
    test: Equation | Predicate
    holds: str
    fails: str
    remedy: str
    source: str
    example: str
    editions: tuple[str, ...] = ("2019", "2021")
