"""Findings: what does not hold, what cannot be told; and what of it is waived."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import Enum
from typing import Any

from nianbao.statute.rulebook import Rule, Severity
from nianbao.wording import plain_number

Value = int | Decimal | str | None


class Outcome(Enum):
    """What came of a rule. 成立 is counted, not listed."""

    FAILS = "fails"
    UNKNOWN = "unknown"

    @property
    def label(self) -> str:
        return {"fails": "不成立", "unknown": "无法核对"}[self.value]


@dataclass(frozen=True)
class Finding:
    """One thing that does not hold or cannot be told.

    Attributes
    ----------
    cell : str or None
        Key of the cell (or of the part of the narrative) it concerns.
    left, right : int, Decimal, str or None
        Both sides; None where there is no such value.
    message : str
        The whole sentence, code first, remedy last.
    place, wrong, remedy : str
        The parts of the sentence: where, as a reader calls it; what is wrong; what to do.
    waived : str or None
        The reason of the waiver that lets it through.
    """

    rule: str
    severity: Severity
    outcome: Outcome
    cell: str | None
    left: Value
    right: Value
    message: str
    place: str
    wrong: str
    remedy: str
    waived: str | None = None

    @property
    def blocks(self) -> bool:
        """Whether it makes the report a draft: an error that fails or cannot be told, and is not waived."""
        return self.severity is Severity.ERROR and self.waived is None

    def with_waiver(self, reason: str) -> Finding:
        return replace(self, waived=reason)

    def as_json(self) -> dict[str, Any]:
        return {
            "rule": self.rule,
            "severity": self.severity.value,
            "outcome": self.outcome.value,
            "cell": self.cell,
            "left": _json(self.left),
            "right": _json(self.right),
            "message": self.message,
            "waived": self.waived,
        }


def _json(value: Value) -> int | str | None:
    return plain_number(value) if isinstance(value, Decimal) else value


def fails(rule: Rule, label: str, cell: str | None, left: Value, right: Value, **values: object) -> Finding:
    """A finding that a rule does not hold."""
    if isinstance(left, (int, Decimal)) and isinstance(right, (int, Decimal)):
        values.setdefault("difference", plain_number(abs(Decimal(left) - Decimal(right))))
    text = rule.fails.format(left=_text(left), right=_text(right), **values)
    message = f"{rule.code}{_bracket(label)}不成立：{text}。{rule.remedy}。"
    return Finding(rule.code, rule.severity, Outcome.FAILS, cell, left, right, message, label, text, rule.remedy)


def unknown(
    rule: Rule, label: str, cell: str | None, reason: str, remedy: str = "", severity: Severity | None = None
) -> Finding:
    """A finding that cannot be told whether a rule holds."""
    message = f"{rule.code}{_bracket(label)}无法核对：{reason}。" + (f"{remedy}。" if remedy else "")
    severity = severity or rule.severity
    return Finding(rule.code, severity, Outcome.UNKNOWN, cell, None, None, message, label, reason, remedy)


def _bracket(label: str) -> str:
    return f"〔{label.replace('〔', '·').replace('〕', '')}〕" if label else ""


def _text(value: Value) -> str:
    return "空白" if value is None else plain_number(value) if isinstance(value, (int, Decimal)) else value


@dataclass(frozen=True)
class Tally:
    """What one rule came to: how often it held, and its findings."""

    held: int
    findings: tuple[Finding, ...]


Check = Callable[..., Iterator[Finding | None]]
"""A check yields None wherever its rule held, and a finding wherever it did not."""
