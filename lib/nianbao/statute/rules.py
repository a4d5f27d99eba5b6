"""The rule book: every rule, in the order in which findings are listed."""

from __future__ import annotations

from nianbao.statute.rule import Equation, Predicate, Rule, Severity
from nianbao.statute.rules_tables import TABLE_RULES

__all__ = ["RULES", "Equation", "Predicate", "Rule", "Severity", "rule", "rules_for"]

RULES: tuple[Rule, ...] = TABLE_RULES


def rules_for(edition: str) -> tuple[Rule, ...]:
    """The rules that bind one edition of the form."""
    return tuple(rule for rule in RULES if edition in rule.editions)


def rule(code: str) -> Rule:
    """The rule with this code; KeyError when there is none."""
    for candidate in RULES:
        if candidate.code == code:
            return candidate
    raise KeyError(code)
