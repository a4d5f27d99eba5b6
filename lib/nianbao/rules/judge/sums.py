"""A whole and its parts within one sentence: 培训5次，其中线上2次、线下3次."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from nianbao.rules.judge.numbers import Mention

_OPENS = re.compile(r"其中|分别(?:为|是)?|包括|：")
_STOPS = re.compile(r"[。；;]")
_CASES = re.compile(r"申请|办结|结转|答复|复议|诉讼")
_NO_PARTS = re.compile(r"增|减|较|比|同比|上年|去年|浏览|点击|阅读|人次|关注|转发量")

_MOST_PARTS = 100
"""A sentence of so many figures is no whole with its parts."""


@dataclass(frozen=True)
class Sum:
    """A whole and its parts; ``exact`` where the parts are all of it."""

    whole: Mention
    parts: tuple[Mention, ...]
    exact: bool

    @property
    def total(self) -> Decimal:
        return sum((part.value for part in self.parts), start=Decimal(0))


def sums(mentions: Sequence[Mention], skip: frozenset[int]) -> Iterator[Sum]:
    """Wholes with two parts or more among the figures of one passage; ``skip`` holds those in class lists."""
    free = [mention for mention in mentions if id(mention) not in skip and mention.unit != "%" and not mention.rough]
    for index, whole in enumerate(free):
        text = whole.passage.folded
        _, end = whole.passage.sentence(whole.start)
        rest = [m for m in free[index + 1 : index + 1 + _MOST_PARTS] if m.start < end]
        if not rest or rest[0].unit != whole.unit or len(rest) == _MOST_PARTS:
            continue
        opening = _OPENS.search(text[whole.end : rest[0].start])
        if opening is None:
            continue
        parts = tuple(_parts(text, rest, whole))
        if len(parts) >= 2:
            yield Sum(whole, parts, opening[0].startswith("分别"))


def _parts(text: str, rest: Sequence[Mention], whole: Mention) -> Iterator[Mention]:
    previous = whole.end
    for number, mention in enumerate(rest):
        between = text[previous : mention.start]
        # Cases are told one after another with commas (收到…，办结…); only 、 joins parts of one whole there.
        commas = "，" in between and number > 0 and _CASES.search(text[whole.end : mention.end])
        if mention.unit != whole.unit or _STOPS.search(between) or commas or _NO_PARTS.search(between):
            return
        yield mention
        previous = mention.end
