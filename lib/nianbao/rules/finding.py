"""Findings: what does not hold, what cannot be told; and what of it is waived."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
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
    place : str
        Where a person mends it, as ``params/2023/yonghe.yaml:37``; empty where there is no such place.
    waived : str or None
        The reason of the waiver that lets it through.
    label, wrong, remedy : str
        The parts of the sentence: where, as a reader calls it; what is wrong; what to do. Empty in a finding that
        was read from JSON.
    """

    rule: str
    severity: Severity
    outcome: Outcome
    cell: str | None
    left: Value
    right: Value
    message: str
    place: str = ""
    waived: str | None = None
    label: str = field(default="", compare=False)
    wrong: str = field(default="", compare=False)
    remedy: str = field(default="", compare=False)

    @property
    def blocks(self) -> bool:
        """Whether it makes the report a draft: an error that fails or cannot be told, and is not waived."""
        return self.severity is Severity.ERROR and self.waived is None

    def with_waiver(self, reason: str) -> Finding:
        return replace(self, waived=reason)

    def at(self, place: str) -> Finding:
        return replace(self, place=place)

    def as_json(self) -> dict[str, Any]:
        return {
            "rule": self.rule,
            "severity": self.severity.value,
            "outcome": self.outcome.value,
            "cell": self.cell,
            "place": self.place,
            "left": _json(self.left),
            "right": _json(self.right),
            "message": self.message,
            "waived": self.waived,
        }

    @classmethod
    def from_json(cls, said: Mapping[str, Any]) -> Finding:
        """A finding as ``findings.json`` says it; money comes back as the text of its figure.

        Raises
        ------
        LookupError, TypeError, ValueError
            It is not one.
        """
        values = {name: said[name] for name in ("cell", "left", "right", "message", "place", "waived")}
        texts = isinstance(values["message"], str) and isinstance(values["place"], str)
        if not texts or not isinstance(values["waived"], str | None):
            raise TypeError("no finding")
        return cls(str(said["rule"]), Severity(said["severity"]), Outcome(said["outcome"]), **values)


@dataclass(frozen=True)
class Findings:
    """The content of ``findings.json``.

    Attributes
    ----------
    counts : mapping of str to int
        How many checks held, how many open findings there are of each severity, how many are waived.
    """

    unit: str
    year: int
    edition: str
    ready: bool
    counts: Mapping[str, int]
    findings: tuple[Finding, ...]

    @property
    def blocking(self) -> tuple[Finding, ...]:
        return tuple(finding for finding in self.findings if finding.blocks)

    def as_json(self) -> dict[str, Any]:
        return {
            "unit": self.unit,
            "year": self.year,
            "edition": self.edition,
            "ready": self.ready,
            "counts": dict(self.counts),
            "findings": [finding.as_json() for finding in self.findings],
        }

    @classmethod
    def from_json(cls, said: Mapping[str, Any]) -> Findings:
        """The findings of a report that was built.

        Raises
        ------
        LookupError, TypeError, ValueError
            It is not the content of a ``findings.json``.
        """
        findings = tuple(Finding.from_json(one) for one in said["findings"])
        counts = {str(name): int(count) for name, count in said["counts"].items()}
        if not isinstance(said["ready"], bool):
            raise TypeError("ready")
        return cls(str(said["unit"]), int(said["year"]), str(said["edition"]), said["ready"], counts, findings)


def _json(value: Value) -> int | str | None:
    return plain_number(value) if isinstance(value, Decimal) else value


def fails(rule: Rule, label: str, cell: str | None, left: Value, right: Value, **values: object) -> Finding:
    """A finding that a rule does not hold."""
    if isinstance(left, (int, Decimal)) and isinstance(right, (int, Decimal)):
        values.setdefault("difference", plain_number(abs(Decimal(left) - Decimal(right))))
    text = rule.fails.format(left=_text(left), right=_text(right), **values)
    message = f"{rule.code}{_bracket(label)}不成立：{text}。{rule.remedy}。"
    parts = {"label": label, "wrong": text, "remedy": rule.remedy}
    return Finding(rule.code, rule.severity, Outcome.FAILS, cell, left, right, message, **parts)


def unknown(
    rule: Rule, label: str, cell: str | None, reason: str, remedy: str = "", severity: Severity | None = None
) -> Finding:
    """A finding that cannot be told whether a rule holds."""
    message = f"{rule.code}{_bracket(label)}无法核对：{reason}。" + (f"{remedy}。" if remedy else "")
    parts = {"label": label, "wrong": reason, "remedy": remedy}
    return Finding(rule.code, severity or rule.severity, Outcome.UNKNOWN, cell, None, None, message, **parts)


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
