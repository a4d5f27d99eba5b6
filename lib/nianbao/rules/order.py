"""Predicate about enumerations in words: 一是…二是…三是… run in order."""

from __future__ import annotations

import re
from collections.abc import Iterator

from nianbao.rules.finding import Check, Finding, fails
from nianbao.rules.judge.numerals import chinese_number
from nianbao.rules.subject import Subject
from nianbao.statute.rulebook import Rule
from nianbao.wording import quoted

_ITEM = re.compile(
    r"(?:(?<=[，。；：、\n ）])|^)(?P<number>[一二三四五六七八九]|十[一二三四五]?)(?P<word>是|要|为)(?![非否])",
    re.MULTILINE,
)


def enumerations_run_in_order(rule: Rule, subject: Subject) -> Iterator[Finding | None]:
    """After 二是 comes 三是 or a new 一是; what follows 三是 twice was counted wrongly, or an item was lost."""
    last: dict[tuple[str, str], int] = {}
    for passage in subject.narrative:
        for match in _ITEM.finditer(passage.folded):
            number = chinese_number(match["number"]) or 0
            key = (passage.cell, match["word"])
            before = last.get(key, 0)
            last[key] = number
            if number in (1, before + 1) or before == 0:
                yield None
                continue
            place = quoted(passage.around(match.start(), match.end()))
            yield fails(rule, passage.label, passage.cell, before, number, place=place)


CHECKS: tuple[Check, ...] = (enumerations_run_in_order,)
