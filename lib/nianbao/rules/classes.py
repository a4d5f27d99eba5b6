"""Predicates about rows of figures in the prose: classes with their total and shares, wholes with their parts."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

from nianbao.rules.finding import Check, Finding, fails
from nianbao.rules.judge.numerals import NUMERAL, small_number
from nianbao.rules.judge.quotations import mixed_channels
from nianbao.rules.judge.verdicts import (
    WrongShare,
    WrongSum,
    canonical,
    incomplete_shares,
    listed,
    name_of,
    twice,
    wrong_shares,
    wrong_sums,
)
from nianbao.rules.subject import Subject
from nianbao.statute.rulebook import Rule
from nianbao.wording import enumeration, plain_number, quoted

_KINDS = re.compile(
    rf"(?:共|涉及|涵盖|包括|包含|分为?|公开|含|等|有|的)\s*(?P<count>\d{{1,2}}|{NUMERAL}{{1,3}})\s*(?:个|大)?(?:类别|类|大类)(?:的)?(?:政府|政务)?(?:信息|内容)?(?=[，。；：、）]|$)"
)
_MOST_ADDENDS = 24
"""So many parts of a sum a finding writes out."""


def classes_add_up(rule: Rule, subject: Subject) -> Iterator[Finding | None]:
    """Classes against their total: in the params, and in the prose where a row is the classes of all that was disclosed."""
    disclosure = subject.report.disclosure
    if disclosure.classes and disclosure.total is not None:
        total, counts = disclosure.total, [item.count for item in disclosure.classes]
        if total == sum(counts):
            yield None
        elif not mixed_channels(total, sum(counts), disclosure.channels):
            values = {
                "addends": _added([Decimal(count) for count in counts]),
                "twice": _twice(_twice_in_params(subject)),
            }
            yield fails(
                rule, "主动公开总数", "disclosure.total", sum(counts), total, place="disclosure.total", **values
            )
    for stretch in subject.reading.stretches:
        yield from (None for one in stretch.sums if one.fits and one.certain)
    for wrong in wrong_sums(subject.reading):
        if wrong.is_of_classes and not _copied(wrong):
            yield _misses(rule, wrong)
    yield from _against_the_total(rule, subject)


def parts_do_not_exceed_the_whole(rule: Rule, subject: Subject) -> Iterator[Finding | None]:
    """其中…、… is at most the whole; 分别 is all of it."""
    for wrong in wrong_sums(subject.reading):
        if not wrong.is_of_classes and not _copied(wrong):
            yield _misses(rule, wrong)


def _misses(rule: Rule, wrong: WrongSum) -> Finding:
    whole = wrong.stretch.figures[wrong.sum.whole]
    names = twice(tuple((name_of(wrong.stretch, part), part) for part in wrong.sum.parts))
    values = {"place": quoted(whole.quote()), "addends": _added(wrong.addends), "twice": _twice(names)}
    return fails(rule, whole.passage.label, whole.passage.cell, _whole(wrong.left), _whole(wrong.right), **values)


def _copied(wrong: WrongSum) -> bool:
    """Whether row and total were filled in from the params, where they are checked already."""
    figures = wrong.stretch.figures
    return all(figures[part].key for part in wrong.sum.parts) and figures[wrong.sum.whole].key == "disclosure.total"


def _against_the_total(rule: Rule, subject: Subject) -> Iterator[Finding | None]:
    """A row of classes that says it is all (其他…), with no figure of its own to add up to, against the report's total."""
    disclosed = subject.report.disclosed
    for stretch in subject.reading.stretches if disclosed is not None else ():
        for row in stretch.free_rows():
            parts = row.parts
            if not row.wholly or len(parts) < 3:
                continue
            counts = [stretch.tokens[part].value for part in parts]
            if sum(counts) == disclosed or any(stretch.tokens[part].hedge for part in parts):
                yield None
                continue
            last = stretch.figures[parts[-1]]
            values = {"place": quoted(last.quote()), "addends": _added(counts), "twice": ""}
            yield fails(
                rule, last.passage.label, last.passage.cell, _whole(sum(counts, start=Decimal(0))), disclosed, **values
            )


def _added(values: Sequence[Decimal]) -> str:
    """35＋9＋1＋2."""
    shown = "＋".join(plain_number(_whole(value)) for value in values[:_MOST_ADDENDS])
    return f"{shown}＋…（共 {len(values)} 项）" if len(values) > _MOST_ADDENDS else shown


def _twice(names: tuple[str, ...]) -> str:
    return f"，其中{enumeration(quoted(name) for name in names)}列了两次" if names else ""


def _twice_in_params(subject: Subject) -> tuple[str, ...]:
    return twice(tuple((item.name, index) for index, item in enumerate(subject.report.disclosure.classes)))


def no_class_stands_twice(rule: Rule, subject: Subject) -> Iterator[Finding | None]:
    """A class listed twice; where the sum is wrong as well, that finding says so already."""
    disclosure = subject.report.disclosure
    if disclosure.classes:
        names = _twice_in_params(subject)
        told = disclosure.total is not None and disclosure.total != sum(item.count for item in disclosure.classes)
        if not names:
            yield None
        elif not told:
            text = enumeration(quoted(name) for name in names)
            yield fails(rule, "公开类别", "disclosure.classes", text, None, names=text)
    told_rows = {id(wrong.sum.row) for wrong in wrong_sums(subject.reading)}
    for stretch in subject.reading.stretches:
        for row, named in listed(stretch):
            names = twice(named)
            if not names:
                yield None
            elif id(row) not in told_rows and not all(stretch.figures[part].key for _, part in named):
                text = enumeration(quoted(name) for name in names)
                passage = stretch.figures[named[0][1]].passage
                yield fails(rule, passage.label, passage.cell, text, None, names=text)


def shares_agree_with_counts(rule: Rule, subject: Subject) -> Iterator[Finding | None]:
    """Each share is count ÷ total, rounded or cut off; without a total, equal counts have equal shares."""
    yield from _shares(rule, subject, cut=False)


def shares_are_rounded(rule: Rule, subject: Subject) -> Iterator[Finding | None]:
    """A share that was cut off where it should be rounded up."""
    yield from _shares(rule, subject, cut=True)


def _shares(rule: Rule, subject: Subject, *, cut: bool) -> Iterator[Finding | None]:
    wrong = [one for one in wrong_shares(subject.reading) if one.is_cut is cut]
    told = sum(
        1
        for stretch in subject.reading.stretches
        for group in stretch.shares
        for share in group.shares
        if share.right is not None
    )
    yield from (None for _ in range(told - len(wrong)))
    for one in wrong:
        yield _wrong_share(rule, one)


def _wrong_share(rule: Rule, wrong: WrongShare) -> Finding:
    figure = wrong.stretch.figures[wrong.share.index]
    part = wrong.stretch.figures[wrong.share.part].number
    whole: int | Decimal | str = (
        "各项合计" if wrong.share.whole < 0 else wrong.stretch.figures[wrong.share.whole].number
    )
    text = f"{plain_number(wrong.right)}%"
    values: dict[str, Any] = {"place": quoted(figure.quote()), "part": part, "whole": whole}
    return fails(rule, figure.passage.label, figure.passage.cell, figure.text, text, **values)


def shares_reach_the_whole(rule: Rule, subject: Subject) -> Iterator[Finding | None]:
    """Where every class of a row has its share, they come to 100 but for rounding."""
    for stretch, total, sound in incomplete_shares(subject.reading):
        passage = stretch.passages[0]
        yield None if sound else fails(rule, passage.label, passage.cell, _whole(total), 100)


def classes_are_counted_rightly(rule: Rule, subject: Subject) -> Iterator[Finding | None]:
    """共7类 against the classes listed in the same line that are not 0."""
    for stretch in subject.reading.stretches:
        for row, named in listed(stretch):
            line = stretch.places[named[0][1]].line
            passage = stretch.figures[named[0][1]].passage
            there = len({canonical(name) for name, part in named if stretch.tokens[part].value})
            if row.partly or line != stretch.places[named[-1][1]].line:
                continue
            for match in _KINDS.finditer(passage.folded):
                stated = small_number(match["count"])
                if stated is None or stated == there:
                    yield None
                else:
                    place = quoted(passage.around(match.start(), match.end(), 4))
                    yield fails(rule, passage.label, passage.cell, stated, there, place=place)


def _whole(value: Decimal) -> int | Decimal:
    return int(value) if value == value.to_integral_value() else value


CHECKS: tuple[Check, ...] = (
    classes_add_up,
    no_class_stands_twice,
    parts_do_not_exceed_the_whole,
    shares_agree_with_counts,
    shares_are_rounded,
    shares_reach_the_whole,
    classes_are_counted_rightly,
)
