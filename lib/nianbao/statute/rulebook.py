"""The rule book: every rule, in the order in which findings are listed."""

from __future__ import annotations

from nianbao.statute.rule import AtGate, Equation, Predicate, Rule, Severity
from nianbao.statute.rules_city import CITY_RULES
from nianbao.statute.rules_document import DOCUMENT_RULES
from nianbao.statute.rules_gate import GATE_RULES
from nianbao.statute.rules_likeness import LIKENESS_RULES
from nianbao.statute.rules_prose import PROSE_RULES
from nianbao.statute.rules_reading import READING_RULES
from nianbao.statute.rules_registers import REGISTER_RULES
from nianbao.statute.rules_review import REVIEW_RULES
from nianbao.statute.rules_tables import TABLE_RULES
from nianbao.statute.rules_waivers import WAIVER_RULES
from nianbao.statute.rules_years import YEAR_RULES

__all__ = ["RULES", "AtGate", "Equation", "Predicate", "Rule", "Severity", "rule", "rules_for"]

_FAMILIES = ("T0", "T2", "T3", "T4", "P", "D", "L", "C", "W", "R", "G")

RULES: tuple[Rule, ...] = tuple(
    sorted(
        (
            *REGISTER_RULES,
            *TABLE_RULES,
            *YEAR_RULES,
            *PROSE_RULES,
            *DOCUMENT_RULES,
            *LIKENESS_RULES,
            *REVIEW_RULES,
            *CITY_RULES,
            *WAIVER_RULES,
            *READING_RULES,
            *GATE_RULES,
        ),
        key=lambda rule: (_FAMILIES.index(rule.code.partition("-")[0]), rule.code),
    )
)


def rules_for(edition: str) -> tuple[Rule, ...]:
    """The rules that bind an edition of the form: all but those that except it by name."""
    return tuple(rule for rule in RULES if rule.binds(edition))


def rule(code: str) -> Rule:
    """The rule with this code; KeyError when there is none."""
    for candidate in RULES:
        if candidate.code == code:
            return candidate
    raise KeyError(code)
