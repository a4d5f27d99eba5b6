"""Findings as people read them: rows that are only blank together, and nothing that only echoes a blank."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import groupby

from nianbao.rules.finding import Finding, Outcome

BLANK_RULES = {"T2-01": "第二部分", "T3-06": "第三部分", "T4-02": "第四部分"}
"""The rules that ask for a figure in every cell, each with its part."""
FEW = 2
"""So many rows that are only blank are listed one by one."""


@dataclass(frozen=True)
class Listed:
    """What is shown of a result.

    Attributes
    ----------
    findings : tuple of Finding
        In the order of the result; several rows that are only blank are one finding that counts them.
    echoes : int
        Findings left out: equations that cannot be told because of blanks that are listed.
    """

    findings: tuple[Finding, ...]
    echoes: int

    @property
    def note(self) -> str:
        """What was left out, as a sentence; empty where nothing was."""
        return f"另有 {self.echoes} 项要等空白填上才能核对，不再列出。" if self.echoes else ""


def listed(findings: Iterable[Finding]) -> Listed:
    """Findings for a panel, a form or a terminal. ``findings.json`` has them all."""
    everything = tuple(findings)
    blank = {finding.rule for finding in everything if _is_blank(finding)}
    tables = {rule.partition("-")[0] for rule in blank}
    shown: list[Finding] = []
    echoes = 0
    for rule, group in groupby(everything, lambda one: one.rule if _is_blank(one) else None):
        several = tuple(group)
        if rule is not None and len(several) > FEW:
            shown.append(_together(several))
            continue
        kept = [one for one in several if not _is_echo(one, tables)]
        echoes += len(several) - len(kept)
        shown += kept
    return Listed(tuple(shown), echoes)


def _is_blank(finding: Finding) -> bool:
    """A row without a figure, where nothing else is wrong with it."""
    cells = finding.wrong.partition("：")[2].split("、")
    return finding.rule in BLANK_RULES and finding.waived is None and all(cell.endswith("空白") for cell in cells)


def _is_echo(finding: Finding, tables: set[str]) -> bool:
    """An equation that cannot be told, in a table whose blanks are listed."""
    table = finding.rule.partition("-")[0]
    return (
        finding.outcome is Outcome.UNKNOWN
        and finding.waived is None
        and table in tables
        and finding.wrong.endswith("不是数")
    )


def _together(several: tuple[Finding, ...]) -> Finding:
    first = several[0]
    count = sum(finding.left for finding in several if isinstance(finding.left, int))
    label = f"{BLANK_RULES[first.rule]}"
    wrong = f"{len(several)} 行有空白，共 {count} 格"
    message = f"{first.rule}〔{label}〕不成立：{wrong}。{first.remedy}。"
    return replace(first, label=label, wrong=wrong, message=message, left=count)
