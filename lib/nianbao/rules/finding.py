"""Findings: what does not hold, what cannot be told; and what of it is waived."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from enum import Enum
from typing import Any

from nianbao.report import Report
from nianbao.statute.rule import LAST_YEAR
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
    facts : tuple of str
        Everything that the rule looked at: cells with state and value, quoted text. Not the wording of a message.
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
    facts: tuple[str, ...] = field(default=(), compare=False)

    @property
    def blocks(self) -> bool:
        """Whether it makes the report a draft: an error that fails or cannot be told, and is not waived."""
        return self.severity is Severity.ERROR and self.waived is None

    def seen(self, unit: str, year: int) -> str:
        """The digest of what the finding looked at, 16 hexadecimal digits: a waiver is bound to it."""
        told = [unit, year, self.rule, self.outcome.value, self.cell, _json(self.left), _json(self.right), *self.facts]
        return hashlib.sha256(json.dumps(told, ensure_ascii=False).encode("utf-8")).hexdigest()[:16]

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


def facts_of(report: Report, keys: Iterable[str]) -> tuple[str, ...]:
    """State and value of cells, as facts; a key may name a cell of last year's report (上年:…)."""
    facts = []
    for key in keys:
        cells = report.cells
        if key.startswith(LAST_YEAR):
            cells = report.previous.cells if report.previous is not None else {}
        cell = cells.get(key.removeprefix(LAST_YEAR))
        facts.append(f"{key}={'' if cell is None else f'{cell.state.value}:{cell.text}'}")
    return tuple(facts)


def fails(
    rule: Rule,
    label: str,
    cell: str | None,
    left: Value,
    right: Value,
    *,
    facts: Iterable[str] | None = None,
    note: str = "",
    **values: object,
) -> Finding:
    """A finding that a rule does not hold.

    Parameters
    ----------
    note : str
        What stands behind the sentence.
    facts : iterable of str, optional
        What the rule looked at; the values that the sentence is filled with, where it is left out.
    """
    looked = tuple(facts) if facts is not None else tuple(f"{name}={value}" for name, value in sorted(values.items()))
    if isinstance(left, (int, Decimal)) and isinstance(right, (int, Decimal)):
        values.setdefault("difference", plain_number(abs(Decimal(left) - Decimal(right))))
    text = rule.fails.format(left=_text(left), right=_text(right), **values) + note
    message = f"{rule.code}{_bracket(label)}不成立：{text}。{rule.remedy}。"
    parts = {"label": label, "wrong": text, "remedy": rule.remedy}
    return Finding(rule.code, rule.severity, Outcome.FAILS, cell, left, right, message, **parts, facts=looked)


def unknown(
    rule: Rule,
    label: str,
    cell: str | None,
    reason: str,
    remedy: str = "",
    severity: Severity | None = None,
    facts: Iterable[str] | None = None,
) -> Finding:
    """A finding that cannot be told whether a rule holds; `facts` as in :func:`fails`, else the reason."""
    looked = (reason,) if facts is None else tuple(facts)
    message = f"{rule.code}{_bracket(label)}无法核对：{reason}。" + (f"{remedy}。" if remedy else "")
    parts = {"label": label, "wrong": reason, "remedy": remedy}
    severity = severity or rule.severity
    return Finding(rule.code, severity, Outcome.UNKNOWN, cell, None, None, message, **parts, facts=looked)


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
