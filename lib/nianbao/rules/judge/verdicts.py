"""What of a reading is wrong: one verdict a fault, so that a wrong figure is not told of four times.

A figure that is quoted wrongly makes its sum and its shares wrong as well; only the quotation is told. A row that misses its
whole makes its shares wrong; only the row is told.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from nianbao.rules.judge.facets import facet_of
from nianbao.rules.judge.reading import Reading, Stretch
from nianbao.rules.judge.runs import Row
from nianbao.rules.judge.shares import Share
from nianbao.rules.judge.sums import Sum
from nianbao.rules.judge.wholes import is_disclosure

_LEADING = re.compile(
    r"^[\s、，；：。）)]*(?:(?:其中|以及|还有|其次(?:是|为)?|再次(?:是|为)?|和|及|与|包括|占比最高的是|最多的是)[：，]?)*\s*(?:[^，、；。：]{0,8}：)?\s*(?:（?\d{1,2}[）.、]|[\u2460-\u2473]|[一二三四五六七八九十]{1,2}是)?\s*(?:主动公开|公开|发布)?(?=.{2})"
)
_TRAILING = re.compile(r"(?:方面|领域)?(?:的)?(?:[，,](?=共))?(?:共计|共有|共|计|为|有|达|数量|：|\s|（)*$")


@dataclass(frozen=True)
class WrongSum:
    """A row that does not come to its whole.

    ``is_of_classes`` says that it is the classes of what was disclosed, beyond doubt: an error, not a question.
    """

    stretch: Stretch
    sum: Sum
    is_of_classes: bool

    @property
    def left(self) -> Decimal:
        return sum((self.stretch.tokens[part].value for part in self.sum.parts), start=Decimal(0))

    @property
    def right(self) -> Decimal:
        return self.stretch.tokens[self.sum.whole].value

    @property
    def addends(self) -> tuple[Decimal, ...]:
        return tuple(self.stretch.tokens[part].value for part in self.sum.parts)


@dataclass(frozen=True)
class WrongShare:
    """A share that is not its part of the whole; ``is_cut`` where it was cut off instead of rounded."""

    stretch: Stretch
    share: Share
    right: Decimal
    is_cut: bool


def wrong_sums(reading: Reading) -> Iterator[WrongSum]:
    """Every row that misses its whole, those aside in which a figure is quoted wrongly already."""
    for stretch in reading.stretches:
        firm = {quotation.index for quotation in stretch.quotations if not quotation.agrees and quotation.firm}
        loose = {quotation.index for quotation in stretch.quotations if not quotation.agrees}
        for one in stretch.sums:
            if one.fits and not _repeats_and_falls_short(stretch, one):
                continue
            wrong = WrongSum(stretch, one, _is_of_classes(stretch, one))
            if not (firm if wrong.is_of_classes else loose) & {one.whole, *one.parts}:
                yield wrong


def _repeats_and_falls_short(stretch: Stretch, one: Sum) -> bool:
    """Whether a row names a class twice and does not come to its whole: one of the two should be another (西洋镇 2021, 14 of 16)."""
    tokens = stretch.tokens
    total = sum((tokens[part].value for part in one.parts), start=Decimal(0))
    if total >= tokens[one.whole].value or any(tokens[index].hedge for index in (one.whole, *one.parts)):
        return False
    return bool(twice(tuple((name, part) for part in one.parts if 2 <= len(name := name_of(stretch, part)) <= 40)))


def _is_of_classes(stretch: Stretch, one: Sum) -> bool:
    """Whether a row is the classes of all that was disclosed.

    The whole is the largest disclosed total of its part and stands directly before the row (or after it); parts and whole have
    one unit, no hedge and no channel.
    """
    tokens, places = stretch.tokens, stretch.places
    whole, parts = tokens[one.whole], [tokens[part] for part in one.parts]
    if not (one.certain or one.fits) or whole.hedge or any(part.hedge or part.unit != parts[0].unit for part in parts):
        return False
    if any(facet_of(places[part].segment) for part in one.parts if not one.row.trailing >= 0):
        return False
    first = one.parts[0]
    if one.whole > first:  # …，合计48条
        return bool(re.search("公开|发布", places[first].before)) and not re.search(
            "申请|复议|解读|会议|培训", places[first].before
        )
    if not is_disclosure(places[one.whole]):
        return False
    between = [
        index
        for index in range(one.whole + 1, first)
        if index in places and not places[index].odd and tokens[index].depth <= whole.depth
    ]
    if any(tokens[index].unit == whole.unit for index in between):
        return False
    return not any(
        tokens[index].value > whole.value
        and tokens[index].unit == whole.unit
        and not places[index].odd
        and is_disclosure(places[index])
        and index not in stretch.wholes
        for index in places
    )


def wrong_shares(reading: Reading) -> Iterator[WrongShare]:
    """Every share that its count and its whole do not explain, or that was cut off."""
    for stretch in reading.stretches:
        wrong = {quotation.index for quotation in stretch.quotations if not quotation.agrees}
        wrong |= {index for one in stretch.sums if not one.fits for index in (one.whole, *one.parts)}
        for group in stretch.shares:
            for share in {share.index: share for share in group.shares}.values():  # 各占2.5% is one share of two counts
                token = stretch.tokens[share.index]
                if share.right is None or share.right > 100 or {share.part, share.whole} & wrong or token.hedge:
                    continue
                if token.value not in (share.right, share.cut):
                    yield WrongShare(stretch, share, share.right, False)
                elif token.value != share.right:
                    yield WrongShare(stretch, share, share.right, True)


def incomplete_shares(reading: Reading) -> Iterator[tuple[Stretch, Decimal, bool]]:
    """Groups of shares that claim to be all of it: the stretch, what they come to, whether that is 100 but for rounding.

    Not those of which a share is told of already.
    """
    told = {(id(one.stretch), one.share.index) for one in wrong_shares(reading) if not one.is_cut}
    for stretch in reading.stretches:
        for group in stretch.shares:
            tokens = [stretch.tokens[share.index] for share in group.shares]
            if (
                not group.complete
                or any(token.hedge for token in tokens)
                or any((id(stretch), share.index) in told for share in group.shares)
            ):
                continue
            total = sum((token.value for token in tokens), start=Decimal(0))
            steps = sum(
                (Decimal(1).scaleb(min(0, int(token.value.as_tuple().exponent))) for token in tokens), start=Decimal(0)
            )
            yield stretch, total, abs(total - 100) <= steps / 2 or (total < 100 and 100 - total < steps)


def name_of(stretch: Stretch, part: int) -> str:
    """The name of a part of a row: 机构职能类信息 for …、机构职能类信息5条."""
    segment = stretch.places[part].segment
    return _TRAILING.sub("", _LEADING.sub("", segment)).strip()


@lru_cache(maxsize=4096)
def canonical(name: str) -> str:
    """A class's name without 类信息, 类, 信息 and punctuation, so that its spellings meet."""
    bare = re.sub(r"[\s、，,·和及的“”]", "", name)
    return re.sub(r"(?:类别?)?(?:政府|政务)?(?:信息)?$", "", bare) or bare


def listed(stretch: Stretch) -> Iterator[tuple[Row, tuple[tuple[str, int], ...]]]:
    """The rows of a text as names with the indexes of their figures, those without a name left out."""
    rows = {row.parts[0]: (row, tuple(row.parts[: row.firm])) for row in stretch.rows if row.parts}
    rows |= {one.parts[0]: (one.row, one.parts) for one in stretch.sums if one.row.opener < 0}
    for row, parts in rows.values():
        named = tuple((name, part) for part in parts if 2 <= len(name := name_of(stretch, part)) <= 40)
        if len(named) >= 2:
            yield row, named


def disclosed_classes(stretch: Stretch) -> Iterator[tuple[tuple[str, int], ...]]:
    """Each row of a text that is the classes of what was disclosed: names with the indexes of their figures."""
    free = {row.parts[0] for row in stretch.free_rows()}
    totals = {one.parts[0]: one.whole for one in stretch.sums if not facet_of(stretch.places[one.parts[0]].segment)}
    for row, named in listed(stretch):
        whole = totals.get(row.parts[0], -1)
        of_disclosures = row.parts[0] in free or (
            whole >= 0 and (whole > row.parts[0] or is_disclosure(stretch.places[whole]))
        )
        if len(named) > 2 and of_disclosures:
            yield named


def twice(named: tuple[tuple[str, int], ...]) -> tuple[str, ...]:
    """The names that stand more than once in a row, as first written."""
    seen: dict[str, str] = {}
    found: dict[str, str] = {}
    for name, _ in named:
        if len(name) < 2:  # 其中1件…、1件…: parts without a name
            continue
        key = canonical(name)
        if key in seen:
            found.setdefault(key, seen[key])
        seen.setdefault(key, name)
    return tuple(found.values())
