"""Shares of a whole: 予以公开42件，占42.86%; and shares told alone, 民生类占54.2%."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal

from nianbao.rules.judge.markers import REST
from nianbao.rules.judge.places import Place
from nianbao.rules.judge.tokens import COMMA, FULL_STOP, NEWLINE, SEMICOLON, Kind, Token
from nianbao.rules.judge.units import compatible

_SHARE = re.compile(
    r"占(?:比|到|了|总数|总量|全部|总体|申请(?:总数|总量)?|(?:全|总)[^，。；占]{0,8}|本[^，。；占]{0,10}|[^，。；、占]{0,8}的)?(?:约|近|为|达|达到|：|超过|超|逾|高达)?\s?$"
)
_RATE = re.compile(r"率(?:均|达|为|达到|是|：|约|高达|\s)*$")
_RESPECTIVELY = re.compile(r"(?:分别占|占比?分别|比例分别|各占)[^，。；、占\d]{0,10}\s?$")
_PLAIN = re.compile(r"占(?:比|到|了)?(?:约|近|为|达|达到|：)?\s?$")
"""Words of a share that name no whole of their own, as 占受理总数的 does."""
_CLOSE = re.compile(r"^\D{0,14}$")
_BARE_COUNT = re.compile(r"(?:共计?|计|为|有|合计)?")
_REST = re.compile(REST)

REACH = 40
"""So many tokens before its share the whole may stand."""


@dataclass(frozen=True)
class Share:
    """A share, the figure that it is the share of, and what it should be.

    Attributes
    ----------
    part : int
        Index of the count that it goes with; -1 for a share told alone.
    whole : int
        Index of the figure that explains it and its neighbours; -1 for none, -2 for the sum of its neighbours.
    right, cut : Decimal or None
        The share rounded and cut off to as many decimals as are printed.
    """

    index: int
    part: int
    whole: int = -1
    right: Decimal | None = None
    cut: Decimal | None = None


@dataclass(frozen=True)
class ShareGroup:
    """Shares that stand together; ``complete`` where they claim to be all of it."""

    shares: tuple[Share, ...]
    complete: bool


def step(share: Token) -> Decimal:
    """The worth of a share's last printed digit."""
    return Decimal(1).scaleb(min(0, int(share.value.as_tuple().exponent)))


def percent(part: Decimal, whole: Decimal, like: Decimal, rounding: str) -> Decimal:
    """A share with as many decimals as another."""
    return (part * 100 / whole).quantize(like, rounding=rounding)


def is_rate(place: Place) -> bool:
    """Whether a percentage is a rate (办结率97%), not a share of a whole."""
    return _RATE.search(place.near) is not None


def is_share(place: Place) -> bool:
    """Whether a percentage is a share: 占, 占比."""
    return _SHARE.search(place.near) is not None


def shares_of(tokens: Sequence[Token], places: Mapping[int, Place], wholes: Mapping[int, int]) -> Iterator[ShareGroup]:
    """The shares of a text in groups that have one whole.

    Parameters
    ----------
    wholes : mapping
        For each part of a row that has a whole, the index of the whole.
    """
    group: list[tuple[int, int]] = []
    for index, token in enumerate(tokens):
        if token.kind is Kind.STOP and (token.strength == NEWLINE or (token.strength == FULL_STOP and group)):
            yield from (_weighed(tokens, places, wholes, one) for one in _by_whole(tokens, places, wholes, group))
            group = []
        elif token.kind is Kind.SHARE and token.unit == "%" and not places[index].odd:
            if _RESPECTIVELY.search(places[index].near):
                group += _respectively(tokens, places, index)
            elif _SHARE.search(places[index].near):
                group.append((index, _its_count(tokens, places, index)))
            elif _stands_alone(tokens, places, index) and index - 2 in wholes:  # 予以公开12件（42.9%）
                group.append((index, index - 2))
    yield from (_weighed(tokens, places, wholes, one) for one in _by_whole(tokens, places, wholes, group))


def _stands_alone(tokens: Sequence[Token], places: Mapping[int, Place], share: int) -> bool:
    """Whether a percentage is all that a bracket right behind a count holds."""
    if share < 2 or share + 1 >= len(tokens) or places[share].near.strip():
        return False
    count, before, after = tokens[share - 2], tokens[share - 1], tokens[share + 1]
    in_bracket = before.kind is Kind.OPEN and before.partner == share + 1 and before.start - count.end <= 1
    return (
        in_bracket
        and may_count(tokens, places, share - 2)
        and not places[share].right.strip()
        and after.depth == before.depth
    )


def _by_whole(
    tokens: Sequence[Token], places: Mapping[int, Place], wholes: Mapping[int, int], group: list[tuple[int, int]]
) -> Iterator[list[tuple[int, int]]]:
    """Shares of different wholes apart: 申请50件，自然人48件，占96%；答复47件，公开46件，占97.8%.

    Shares of one row belong together, also where shares of a part of it stand between them. A figure in no row goes with the
    share before it, unless another figure that may be its whole stands between.
    """
    apart: dict[int, list[tuple[int, int]]] = {}
    key, last = -1, -1
    for share, part in group:
        if part in wholes:
            key = wholes[part]
        elif part >= 0 and last >= 0 and (afresh := _whole_between(tokens, places, last, part)) >= 0:
            key = afresh
        apart.setdefault(key, []).append((share, part))
        last = share
    yield from apart.values()


def _whole_between(tokens: Sequence[Token], places: Mapping[int, Place], last: int, part: int) -> int:
    """A figure between a share and the next count that begins another clause and may be that count's whole; -1 for none."""
    parted = False
    for index in range(last + 1, part):
        token = tokens[index]
        parted = parted or (token.kind is Kind.STOP and token.strength >= SEMICOLON)
        if parted and token.kind is Kind.QUANTITY and not places[index].odd and token.value >= tokens[part].value:
            return index
    return -1


def _its_count(tokens: Sequence[Token], places: Mapping[int, Place], share: int) -> int:
    """The count of a share: just before it (42件，占42.86%; 42件（占42.86%）), or just behind it (自然人占42.86%，共42件)."""
    behind = _count_behind(tokens, places, share)
    if behind >= 0:
        return behind
    for index in range(share - 1, max(-1, share - 4), -1):
        token = tokens[index]
        if token.kind is Kind.QUANTITY:
            return index if may_count(tokens, places, index) and _CLOSE.search(places[share].gap) else -1
        if token.kind not in (Kind.STOP, Kind.OPEN) or (token.kind is Kind.STOP and token.strength > COMMA):
            return -1
    return -1


def may_count(tokens: Sequence[Token], places: Mapping[int, Place], index: int) -> bool:
    """Whether a token is a plain count: exact, and of this year."""
    return tokens[index].kind is Kind.QUANTITY and not places[index].odd and not tokens[index].hedge


def _count_behind(tokens: Sequence[Token], places: Mapping[int, Place], share: int) -> int:
    """The count that follows a share with a name of its own: 自然人占96%，共48件; 自然人占96%（48件）; -1 for none."""
    name = _SHARE.sub("", places[share].segment).strip()
    if len(name) < 2 or share + 2 >= len(tokens) or tokens[share + 2].kind is not Kind.QUANTITY:
        return -1
    between, figure = tokens[share + 1], share + 2
    if between.kind is Kind.OPEN:
        after = tokens[figure + 1] if figure + 1 < len(tokens) else None
        alone = after is not None and after.kind is Kind.CLOSE
    else:
        alone = between.kind is Kind.STOP and between.strength == COMMA
    words = places[figure].gap.strip("，（ ")
    return figure if alone and _BARE_COUNT.fullmatch(words) and may_count(tokens, places, figure) else -1


def _respectively(tokens: Sequence[Token], places: Mapping[int, Place], first: int) -> list[tuple[int, int]]:
    """48件、2件，分别占96%、4%: each share with the count of its place; with none where they are not as many."""
    if "各占" in places[first].near:  # 1件、1件，各占2.5%
        return [(first, count) for count in _counts_before(tokens, places, first, 2)] or [(first, -1)]
    shares = [first]
    while (
        shares[-1] + 2 < len(tokens)
        and tokens[shares[-1] + 1].kind is Kind.STOP
        and tokens[shares[-1] + 1].strength <= COMMA
        and tokens[shares[-1] + 2].kind is Kind.SHARE
        and not re.search("占", places[shares[-1] + 2].gap)
    ):
        shares.append(shares[-1] + 2)
    if shares[-1] + 1 < len(tokens) and tokens[shares[-1] + 1].kind is Kind.SHARE:  # 96%和4%
        shares.append(shares[-1] + 1)
    counts = _counts_before(tokens, places, first, len(shares)) or [-1] * len(shares)
    return list(zip(shares, counts, strict=True))


def _counts_before(tokens: Sequence[Token], places: Mapping[int, Place], first: int, number: int) -> list[int]:
    """So many counts in one unit before a share, in order; empty where there are not as many."""
    counts: list[int] = []
    for index in range(first - 1, max(-1, first - REACH), -1):
        token = tokens[index]
        if token.kind is Kind.STOP and token.strength >= SEMICOLON:
            break
        if token.kind is Kind.QUANTITY and not places[index].odd:
            if token.hedge or (counts and token.unit != tokens[counts[-1]].unit):
                break
            counts.append(index)
            if len(counts) == number:
                return counts[::-1]
    return []


def _weighed(
    tokens: Sequence[Token], places: Mapping[int, Place], wholes: Mapping[int, int], group: list[tuple[int, int]]
) -> ShareGroup:
    counted = [(share, part) for share, part in group if part >= 0]
    common = {wholes.get(part, -1) for _, part in counted}
    total = sum((tokens[part].value for _, part in counted), start=Decimal(0))
    best, worth = -1, Decimal(0)
    explained = 0
    for candidate, value in _candidates(tokens, places, wholes, counted, total):
        count = sum(explains(tokens[part].value, value, tokens[share]) for share, part in counted)
        if count > explained:
            best, worth, explained = candidate, value, count
    if (
        not explained
        and len(common) == 1
        and (whole := common.pop()) >= 0
        and (tokens[whole].value == total or not _names_whole(places, counted))
    ):
        best, worth, explained = whole, tokens[whole].value, 1  # by its words it is of nothing else
    rest = any(
        _REST.match(places[share].segment.strip())
        or (part >= 0 and _REST.match(places[part].segment.strip("、，；： ")))
        for share, part in group
    )
    alone = len(counted) < len(group)
    complete = len(group) > 1 and (rest if alone else rest or (best >= 0 and total == worth))
    if not explained or not worth:
        return ShareGroup(tuple(Share(share, part) for share, part in group), complete)
    evened = _evened_out(tokens, group, worth)
    return ShareGroup(
        tuple(
            Share(
                share,
                part,
                best,
                tokens[share].value
                if evened
                else percent(tokens[part].value, worth, step(tokens[share]), ROUND_HALF_UP),
                percent(tokens[part].value, worth, step(tokens[share]), ROUND_DOWN),
            )
            if part >= 0 and tokens[part].value <= worth
            else Share(share, part)
            for share, part in group
        ),
        complete,
    )


def _evened_out(tokens: Sequence[Token], group: list[tuple[int, int]], worth: Decimal) -> bool:
    """Whether shares were made to come to 100 by a last digit: 82.4%, 16.3%, 1.3% for 1.24."""
    if any(part < 0 for _, part in group) or sum(tokens[part].value for _, part in group) != worth:
        return False
    near = all(
        abs(tokens[share].value - tokens[part].value * 100 / worth) < step(tokens[share]) for share, part in group
    )
    return near and sum(tokens[share].value for share, _ in group) == 100


def _candidates(
    tokens: Sequence[Token],
    places: Mapping[int, Place],
    wholes: Mapping[int, int],
    counted: list[tuple[int, int]],
    total: Decimal,
) -> Iterator[tuple[int, Decimal]]:
    """What the shares may be shares of: the whole of their parts, a figure before that is in no other row, the sum of the parts.

    Where their words name the whole (占受理总数的), it may be any figure before.
    """
    if not counted:
        return
    parts = {part for _, part in counted}
    least = max(tokens[part].value for part in parts)
    mine: list[int] = []
    for part in sorted(parts):
        whole = wholes.get(part, -1)
        while whole >= 0 and whole not in mine:
            mine.append(whole)
            whole = wholes.get(whole, -1)
    for whole in mine:
        yield whole, tokens[whole].value
    others: set[int] = set()
    if mine and not _names_whole(places, counted):
        others = {*wholes, *wholes.values()}.difference(mine)
    first = counted[0][1]
    for index in range(first - 1, max(-1, first - REACH), -1):
        token = tokens[index]
        if token.kind is Kind.GAP:
            break
        if (
            token.kind is Kind.QUANTITY
            and index not in others
            and token.value >= least
            and compatible(token.unit, tokens[first].unit)
            and not places[index].odd
        ):
            yield index, token.value
    if len(counted) > 1:
        yield -2, total


def _names_whole(places: Mapping[int, Place], counted: list[tuple[int, int]]) -> bool:
    """Whether the words of a share name what it is a share of: 占受理总数的92%."""
    return not all(
        _PLAIN.search(places[share].near) or _RESPECTIVELY.search(places[share].near) for share, _ in counted
    )


def explains(part: Decimal, whole: Decimal, share: Token) -> bool:
    """Whether a share is a part of a whole, rounded or cut off, or as rough as it says."""
    if not whole:
        return False
    like = step(share)
    return share.value in (percent(part, whole, like, ROUND_HALF_UP), percent(part, whole, like, ROUND_DOWN)) or (
        bool(share.hedge) and abs(part * 100 / whole - share.value) <= 2
    )
