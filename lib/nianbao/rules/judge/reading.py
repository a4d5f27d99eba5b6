"""The judge's reading of a text: every figure with what it was taken for.

``judge`` is the one way in. It reads any lines (a narrative, headings, captions, cells of a table) against what a report
holds, and leaves nothing out that is written with digits: see ``Role``.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum
from functools import cached_property
from itertools import groupby

from nianbao.rules.judge.facets import facet_of
from nianbao.rules.judge.holdings import Holdings
from nianbao.rules.judge.matters import Matter, last_matter
from nianbao.rules.judge.passages import Passage
from nianbao.rules.judge.places import Place, places_of
from nianbao.rules.judge.quotations import Binder, Quotation
from nianbao.rules.judge.rates import rates_of
from nianbao.rules.judge.runs import Reader, Row
from nianbao.rules.judge.shares import ShareGroup, shares_of
from nianbao.rules.judge.sums import Sum
from nianbao.rules.judge.tokens import FULL_STOP, Kind, Token, tokens_of
from nianbao.rules.judge.unfinished import without_unfinished
from nianbao.rules.judge.wholes import Scales

_TOPIC_OF_PART = {"applications": Matter.APPLICATION, "disputes": Matter.REVIEW, "disclosure": Matter.DISCLOSURE}
_DISCLOSED = re.compile("公开|按类别|类信息")
_ELSEWHERE = re.compile("申请|复议|诉讼|会议|培训")
_LEAD = re.compile(
    r"\s*(?:（[一二三四五六七八九十\d]{1,3}）|[一二三四五六七八九十\d]{1,3}[、.]|第[一二三四五六七八九十]{1,2}[，、])\s*[^。；：，]{0,26}"
)


class Role(Enum):
    """What a figure was taken for."""

    QUOTES = "引用表格或填报的数"
    WHOLE = "总数"
    PART = "其中一项"
    SHARE = "占比"
    ODD = "不作核对"
    DECLARED = "已声明"
    OPEN = "没有依据"
    UNREADABLE = "认不出"


@dataclass(frozen=True)
class Figure:
    """A figure of a text.

    Attributes
    ----------
    start, end : int
        Where it stands in the text of its passage, scale and unit included.
    role : Role
    what : str
        The cell's name that it quotes, what an odd one is (日期, 比较…), why it cannot be read.
    key : str or None
        The cell that filled it in; only where it is exactly that figure, with no digit or 万 beside it.
    """

    passage: Passage
    start: int
    end: int
    token: Token
    role: Role
    what: str = ""
    key: str | None = None

    @property
    def text(self) -> str:
        """As printed, e.g. 1,057条."""
        return self.passage.text[self.start : self.end]

    @property
    def number(self) -> int | Decimal:
        """The value, as a whole number where it is one."""
        value = self.token.value
        return int(value) if value == value.to_integral_value() else value.normalize()

    @property
    def is_accounted_for(self) -> bool:
        """Whether something stands behind it: a cell, its neighbours, a declaration; or it claims nothing (a date, a telephone)."""
        if self.role is Role.ODD:
            return self.token.kind is Kind.NUMBER
        return self.role not in (Role.OPEN, Role.UNREADABLE)

    def quote(self, reach: int = 10) -> str:
        """The figure with what stands before it."""
        low = max(0, self.start - reach)
        return f"{'…' if low else ''}{self.passage.text[low : self.end]}"


@dataclass(frozen=True)
class Claim:
    """What a line claims in words.

    Attributes
    ----------
    match : re.Match
        In the line's normal form.
    at : int
        Where it begins in the text of the stretch.
    heading : str
        The heading that the line stands under; empty for none.
    """

    passage: Passage
    match: re.Match[str]
    at: int
    heading: str


class Stretch:
    """Lines that are read together: one part of the narrative, one cell of a table."""

    def __init__(self, passages: Sequence[Passage], holdings: Holdings, year: int) -> None:
        self.passages = tuple(passages)
        self.holdings = holdings
        self.text = "\n".join(passage.folded for passage in passages)
        self._starts: list[int] = []
        at = 0
        for passage in passages:
            self._starts.append(at)
            at += len(passage.folded) + 1
        self.tokens: tuple[Token, ...] = without_unfinished(tokens_of(self.text))
        self.places: dict[int, Place] = places_of(self.text, self.tokens, year)
        scales = Scales(Reader(self.text, self.tokens, self.places))
        self.rows: tuple[Row, ...] = tuple(scales.rows)
        self.sums: tuple[Sum, ...] = tuple(scales.weigh())
        self.wholes = {part: one.whole for one in self.sums for part in one.parts}
        # Figures that nothing opens may come to one of them by chance; what a share is of has to be said.
        opened = {part: one.whole for one in self.sums if one.row.opener >= 0 for part in one.parts}
        self.shares: tuple[ShareGroup, ...] = (
            *shares_of(self.tokens, self.places, opened),
            *rates_of(self.tokens, self.places),
        )
        self.binder = Binder(self.text, self.tokens, self.places, holdings, self._topics(), self.wholes)
        self.quotations: tuple[Quotation, ...] = self.binder.bind()

    def free_rows(self) -> tuple[Row, ...]:
        """Rows of names in one unit that have no figure to add up to: the classes of what was disclosed, where they speak of it."""
        found = []
        for row in {row.parts[0]: row for row in self.rows if row.parts}.values():
            units = {self.tokens[part].unit for part in row.parts}
            words = self.places[row.parts[0]].before
            if (
                row.whole < 0
                and row.trailing < 0
                and len(row.parts) > 1
                and len(units) == 1
                and not set(row.parts) & set(self.wholes)
            ):
                about = _DISCLOSED.search(words) and not _ELSEWHERE.search(words)
                if about and not any(facet_of(self.places[part].segment) for part in row.parts):
                    found.append(row)
        return tuple(found)

    def _topics(self) -> tuple[Matter, ...]:
        """What each line is about where its own words do not say: its heading's subject, else its part's."""
        topic = _TOPIC_OF_PART.get(self.passages[0].part, Matter.UNKNOWN)
        topics: list[Matter] = []
        for passage in self.passages:
            for line in passage.folded.split("\n"):
                lead = _LEAD.match(line)
                if passage.is_heading or lead:
                    topic = last_matter(line if passage.is_heading else lead[0] if lead else "")
                topics.append(topic)
        return tuple(topics)

    def locate(self, start: int, end: int) -> tuple[Passage, int, int]:
        """The passage that a span of the text stands in, and its place in that passage's normal form."""
        number = bisect_right(self._starts, start) - 1
        return self.passages[number], start - self._starts[number], end - self._starts[number]

    def sentence(self, start: int) -> tuple[int, int]:
        """The bounds of the sentence around a place of the text; 。！？ and the end of a line end it."""
        begin = max(self.text.rfind(mark, 0, start) for mark in "。！？\n") + 1
        ends = (at for mark in "。！？\n" if (at := self.text.find(mark, start)) >= 0)
        return begin, min(ends, default=len(self.text))

    def claims(self, words: re.Pattern[str]) -> Iterator[Claim]:
        """What is claimed in words, but not in sentences of which something is still to be filled in."""
        heading = ""
        for passage, start in zip(self.passages, self._starts, strict=True):
            if passage.is_heading:
                heading = passage.folded
            for match in words.finditer(passage.folded):
                at = start + match.start()
                if not self._unfinished or bisect_right(self._sentence_ends, at) not in self._unfinished:
                    yield Claim(passage, match, at, heading)

    @cached_property
    def _sentence_ends(self) -> list[int]:
        return [token.end for token in self.tokens if token.kind is Kind.STOP and token.strength >= FULL_STOP]

    @cached_property
    def _unfinished(self) -> frozenset[int]:
        """The numbers of the sentences of which something is still to be filled in."""
        gaps = (token.start for token in self.tokens if token.kind is Kind.GAP)
        return frozenset(bisect_right(self._sentence_ends, start) for start in gaps)

    def last_quantity(self, end: int) -> int | None:
        """The last quantity of the sentence before a place of the text."""
        begin, _ = self.sentence(end)
        index = bisect_right(self._token_starts, end) - 1
        while index >= 0 and self.tokens[index].start >= begin:
            if self.tokens[index].kind is Kind.QUANTITY and self.tokens[index].end <= end:
                return index
            index -= 1
        return None

    @cached_property
    def _token_starts(self) -> list[int]:
        return [token.start for token in self.tokens]

    @cached_property
    def figures(self) -> dict[int, Figure]:
        """Every figure, by the index of its token."""
        roles: dict[int, tuple[Role, str]] = {}
        for one in self.sums:
            roles[one.whole] = (Role.WHOLE, "")
            roles |= dict.fromkeys(one.parts, (Role.PART, ""))
        for row in self.free_rows():
            if (
                sum(self.tokens[part].value for part in row.parts) == self.holdings.figure("disclosure.total")
                or row.wholly
            ):
                roles |= dict.fromkeys(row.parts, (Role.PART, ""))
        for group in self.shares:
            for share in group.shares:
                if share.right is not None or group.complete:
                    roles[share.index] = (Role.SHARE, "")
        roles |= {quotation.index: (Role.QUOTES, quotation.name) for quotation in self.quotations}
        return {
            index: self._figure(index, token, roles.get(index))
            for index, token in enumerate(self.tokens)
            if token.is_figure
        }

    def _figure(self, index: int, token: Token, role: tuple[Role, str] | None) -> Figure:
        passage, start, end = self.locate(token.start, token.end)
        left, right = passage.normal.source(start, end)
        if token.kind is Kind.UNREADABLE:
            role = (Role.UNREADABLE, token.why)
        elif token.kind is Kind.NUMBER:
            role = (Role.OPEN if token.why in ("无量词", "范围") else Role.ODD, token.why)
        elif role is None:
            odd = self.places[index].odd
            role = (Role.ODD, odd) if odd else (Role.OPEN, "")
        key = self._key(passage, token, start)
        if key is not None and role[0] in (Role.OPEN, Role.ODD):
            role = (Role.QUOTES, "")
        return Figure(passage, left, right, token, role[0], role[1], key)

    def _key(self, passage: Passage, token: Token, start: int) -> str | None:
        """The cell that filled a figure in, where the figure is exactly what was filled in."""
        if not passage.filled or token.kind not in (Kind.QUANTITY, Kind.SHARE, Kind.NUMBER):
            return None
        at = start - token.start
        left, right = passage.normal.source(token.numeral[0] + at, token.numeral[1] + at)
        scaled = token.kind is Kind.QUANTITY and token.step != 1 and token.unit != "元"
        return next((one.key for one in passage.filled if (one.start, one.end) == (left, right) and not scaled), None)


@dataclass(frozen=True)
class Reading:
    """A text read: its stretches, and every figure in order."""

    stretches: tuple[Stretch, ...]
    declared: tuple[str, ...] = ()

    @cached_property
    def figures(self) -> tuple[Figure, ...]:
        """Every figure of the text with what it was taken for, in order."""
        return tuple(self._settled(figure) for stretch in self.stretches for figure in stretch.figures.values())

    def _settled(self, figure: Figure) -> Figure:
        if self.is_declared(figure) and not figure.is_accounted_for:
            return Figure(figure.passage, figure.start, figure.end, figure.token, Role.DECLARED, key=figure.key)
        return figure

    def is_declared(self, figure: Figure) -> bool:
        """Whether the author vouches for a figure: a declared text holds it, or begins within it."""
        text = figure.passage.text
        for declared in self.declared:
            at = text.find(declared)
            while at >= 0:
                if (at <= figure.start and figure.end <= at + len(declared)) or figure.start <= at < figure.end:
                    return True
                at = text.find(declared, at + 1)
        return False


def judge(passages: Iterable[Passage], holdings: Holdings, year: int, declared: Sequence[str] = ()) -> Reading:
    """Read lines of text against what a report holds.

    Parameters
    ----------
    passages : iterable of Passage
        Lines in order; those of one ``cell`` that follow one another are read together.
    year : int
        The reporting year.
    declared : sequence of str
        Texts that the author vouches for.
    """
    return Reading(tuple(_stretches(passages, holdings, year)), tuple(declared))


def _stretches(passages: Iterable[Passage], holdings: Holdings, year: int) -> Iterator[Stretch]:
    for _, lines in groupby(passages, key=lambda passage: passage.cell):
        yield Stretch(tuple(lines), holdings, year)
