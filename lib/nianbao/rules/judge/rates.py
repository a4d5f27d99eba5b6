"""Rates of what was done: 来件1763件，办结1741件，办结率98.8%."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal

from nianbao.rules.judge.places import Place
from nianbao.rules.judge.shares import REACH, Share, ShareGroup, explains, may_count, percent, step
from nianbao.rules.judge.tokens import Kind, Token
from nianbao.rules.judge.units import compatible

_RATE_OF = re.compile(r"(办结|办复|答复|回复|办理|处理|解决|整改|采纳|满意|合格)率(?:均|各)?(?:达到|达|为|是|：)?")


def rates_of(tokens: Sequence[Token], places: Mapping[int, Place]) -> Iterator[ShareGroup]:
    """The rates of a text that two figures before them tell, each a group of its own."""
    for index in places:
        if tokens[index].kind is Kind.SHARE and tokens[index].unit == "%" and not places[index].odd:
            rate = _rate(tokens, places, index)
            if rate is not None:
                yield ShareGroup((rate,), False)


def _rate(tokens: Sequence[Token], places: Mapping[int, Place], share: int) -> Share | None:
    """A rate that two figures before it tell: 来件1763件，办结1741件，办结率98.8%; None where it is told otherwise, or is 100 %.

    按时办结率 is of those that were due, and 100 % is said of them as well.
    """
    named = _RATE_OF.fullmatch(places[share].near.strip())
    done = share - 2
    if named is None or tokens[share].value == 100 or tokens[share].hedge or done not in places:
        return None
    words = places[done].near + places[done].right
    if not may_count(tokens, places, done) or named[1] not in words or re.search(f"[未不]{named[1]}", words):
        return None
    sentence, value = places[share].sentence, tokens[done].value
    before = [
        index
        for index in range(max(0, done - REACH), done)
        if index in places
        and places[index].sentence == sentence
        and may_count(tokens, places, index)
        and compatible(tokens[index].unit, tokens[done].unit)
    ]
    whole = next((index for index in reversed(before) if tokens[index].value >= value), -1)
    if whole < 0:
        return None
    wholes = [tokens[index].value for index in before]
    if any(explains(value, one, tokens[share]) for one in (*wholes, sum(wholes[-2:], start=Decimal(0)))):
        return Share(share, done, whole, tokens[share].value, tokens[share].value)
    like = step(tokens[share])
    right, cut = (percent(value, tokens[whole].value, like, rounding) for rounding in (ROUND_HALF_UP, ROUND_DOWN))
    return Share(share, done, whole, right, cut)
