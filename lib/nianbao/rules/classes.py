"""Predicates about lists in the prose: classes with their total and shares, wholes with their parts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal

from nianbao.rules.finding import Check, Finding, fails
from nianbao.rules.judge.chinese import NUMERAL, small_number
from nianbao.rules.judge.lists import ClassList, Item, canonical
from nianbao.rules.judge.numbers import Mention
from nianbao.rules.subject import Subject
from nianbao.statute.rulebook import Rule
from nianbao.wording import enumeration, plain_number, quoted

_KINDS = re.compile(
    rf"(?:共|涉及|涵盖|包括|包含|分为?|公开|含|等|有|的)\s*(?P<count>\d{{1,2}}|{NUMERAL}{{1,3}})\s*(?:个|大)?(?:类别|类|大类)(?:的)?(?:政府|政务)?(?:信息|内容)?(?=[，,。；：:、）)]|$)"
)


def classes_add_up(rule: Rule, subject: Subject) -> Iterator[Finding | None]:
    """Classes against their total: in the params, and in each list of the prose."""
    disclosure, audit = subject.report.disclosure, subject.audit
    if disclosure.classes and disclosure.total is not None:
        total, listed = disclosure.total, sum(item.count for item in disclosure.classes)
        names = _twice_in_params(subject)
        if total == listed:
            yield None
        elif not audit.mixes_channels(Decimal(total), listed):
            yield fails(rule, "主动公开总数", "disclosure.total", listed, total, twice=_twice(names))
    for one in audit.lists:
        total_found = _total(subject, one)
        if total_found is None or _copied(subject, one) or not audit.of_disclosures(one):
            continue
        left, right = _whole(one.sum), _whole(total_found)
        if left == right or (one.partial and left < right):
            yield None
        else:
            passage = one.items[0].mention.passage
            yield fails(rule, passage.label, passage.cell, left, right, twice=_twice(one.twice))


def _total(subject: Subject, one: ClassList) -> Decimal | None:
    """What a list must add up to: the figure it stands with, else, where it claims to be whole, the report's total."""
    if one.total is not None:
        return None if one.total.rough else one.total.value
    disclosed = subject.report.disclosed
    return None if disclosed is None or one.partial else Decimal(disclosed)


def _copied(subject: Subject, one: ClassList) -> bool:
    """Whether list and total were filled in from the params, where they are checked already."""
    filled = all(item.mention.key for item in one.items)
    return filled and (one.total is None or one.total.key == "disclosure.total")


def _twice(names: tuple[str, ...]) -> str:
    return f"，其中{enumeration(quoted(name) for name in names)}列了两次" if names else ""


def _twice_in_params(subject: Subject) -> tuple[str, ...]:
    seen: set[str] = set()
    twice: dict[str, str] = {}
    for item in subject.report.disclosure.classes:
        name = canonical(item.name)
        if name in seen:
            twice.setdefault(name, item.name)
        seen.add(name)
    return tuple(twice.values())


def no_class_stands_twice(rule: Rule, subject: Subject) -> Iterator[Finding | None]:
    """A class listed twice; where the sum is wrong as well, that finding says so already."""
    disclosure = subject.report.disclosure
    if disclosure.classes:
        names = _twice_in_params(subject)
        listed = sum(item.count for item in disclosure.classes)
        told = disclosure.total is not None and disclosure.total != listed
        if not names:
            yield None
        elif not told:
            text = enumeration(quoted(name) for name in names)
            yield fails(rule, "公开类别", "disclosure.classes", text, None, names=text)
    for one in subject.audit.lists:
        if _copied(subject, one):
            continue
        total = _total(subject, one)
        told = total is not None and total != one.sum
        if not one.twice:
            yield None
        elif not told:
            text = enumeration(quoted(name) for name in one.twice)
            passage = one.items[0].mention.passage
            yield fails(rule, passage.label, passage.cell, text, None, names=text)


def parts_do_not_exceed_the_whole(rule: Rule, subject: Subject) -> Iterator[Finding | None]:
    """其中…、… is at most the whole; 分别 is all of it."""
    for one in subject.audit.sums:
        left, right = _whole(one.total), _whole(one.whole.value)
        if left == right or (left < right and not one.exact):
            yield None
            continue
        passage = one.whole.passage
        yield fails(rule, passage.label, passage.cell, left, right, place=quoted(one.whole.quote()))
    for listed in subject.audit.lists:  # of something else than what was disclosed
        total = _total(subject, listed)
        if listed.total is None or total is None or subject.audit.of_disclosures(listed):
            continue
        left, right = _whole(listed.sum), _whole(total)
        if left == right or (listed.partial and left < right):
            yield None
        else:
            passage = listed.total.passage
            yield fails(rule, passage.label, passage.cell, left, right, place=quoted(listed.total.quote()))


def shares_agree_with_counts(rule: Rule, subject: Subject) -> Iterator[Finding | None]:
    """Each share is count ÷ total, rounded or cut off; without a total, equal counts have equal shares."""
    for one in subject.audit.lists:
        total = _total(subject, one)
        for item, share in _shares(one):
            right = _right_share(item, share, one, total)
            cut = None if total is None else _percent(item.mention.value, total, share, ROUND_DOWN)
            if right is None or share.value in (right, cut):
                yield None
            else:
                yield _wrong_share(rule, share, right)


def shares_are_rounded(rule: Rule, subject: Subject) -> Iterator[Finding | None]:
    """A share that was cut off where it should be rounded up."""
    for one in subject.audit.lists:
        total = _total(subject, one)
        for item, share in _shares(one):
            if not total:
                continue
            right = _percent(item.mention.value, total, share, ROUND_HALF_UP)
            cut = _percent(item.mention.value, total, share, ROUND_DOWN)
            yield _wrong_share(rule, share, right) if share.value == cut != right else None


def shares_reach_the_whole(rule: Rule, subject: Subject) -> Iterator[Finding | None]:
    """Where every class of a list has its share, they come to 100 but for rounding."""
    runs = [[share for _, share in _shares(one)] for one in subject.audit.lists if not one.partial and _complete(one)]
    for shares in (*runs, *subject.audit.shares):
        total = sum((share.value for share in shares), start=Decimal(0))
        slack = sum((_step(share) for share in shares), start=Decimal(0)) / 2
        passage = shares[0].passage
        yield None if abs(total - 100) <= slack else fails(rule, passage.label, passage.cell, _whole(total), 100)


def _complete(one: ClassList) -> bool:
    return all(item.share is not None for item in one.items)


def _shares(one: ClassList) -> Iterator[tuple[Item, Mention]]:
    for item in one.items:
        if item.share is not None:
            yield item, item.share


def _right_share(item: Item, share: Mention, one: ClassList, total: Decimal | None) -> Decimal | None:
    if total:
        return _percent(item.mention.value, total, share, ROUND_HALF_UP)
    same = (s.value for other, s in _shares(one) if other.mention.value == item.mention.value)
    return next(same, None)


def _percent(part: Decimal, whole: Decimal, like: Mention, rounding: str) -> Decimal:
    """A share with as many decimals as the one printed."""
    return (part * 100 / whole).quantize(_step(like), rounding=rounding)


def _step(share: Mention) -> Decimal:
    return Decimal(1).scaleb(min(0, int(share.value.as_tuple().exponent)))


def _wrong_share(rule: Rule, share: Mention, right: Decimal) -> Finding:
    passage = share.passage
    text = f"{plain_number(right)}%"
    return fails(rule, passage.label, passage.cell, share.text, text, place=quoted(share.quote()))


def classes_are_counted_rightly(rule: Rule, subject: Subject) -> Iterator[Finding | None]:
    """共7类 against the classes listed in the same line that are not 0."""
    for one in subject.audit.lists:
        passage = one.items[0].mention.passage
        there = len({item.canonical for item in one.items if item.mention.value})
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
