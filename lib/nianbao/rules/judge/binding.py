"""Which cell a figure in the prose quotes, and whether it quotes it rightly."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from itertools import chain, combinations, groupby

from nianbao.report import Report
from nianbao.report.prose import narrative_parts
from nianbao.rules.judge.lexicon import APPLICANTS, CHANNELS, SITE, TOTAL_OF_DISCLOSURES, Binding, bindings
from nianbao.rules.judge.lists import ITEM_UNITS, ClassList, class_lists, share_runs
from nianbao.rules.judge.numbers import Mention, mentions
from nianbao.rules.judge.passages import Passage
from nianbao.rules.judge.sums import Sum, sums

Figure = int | Decimal

_TOPIC_OF_PART = {"applications": "信息公开申请", "disputes": "行政复议", "disclosure": "主动公开"}
_GENERIC_APPLICANTS = re.compile(
    r"公民、?(?:法人)?(?:和|或|及|、|或者|以及)*(?:法人)?(?:和|或|及|、|或者|以及)*其他组织"
)
_CASES = frozenset(["件", "宗", "起", "例", "条", "份", "个"])
_TALLY = re.compile(r"全年|本年|年度|共|累计|总|合计")
_PUBLISHES = re.compile(r"发布|推送|公开|发送|推文|刊发|转发|更新|编发|发文|信息|推出|刊登")
_JOINT = re.compile(r"等(?:多种|各类|各种|多个)?(?:渠道|平台|方式|途径|载体|媒介)")
_PHRASE = re.compile(r"[^，,、。；;：:]{0,24}")
_LEAD = re.compile(r"\s*(?:[（(]?[一二三四五六七八九十\d]+[)）、.]\s*)?[^，。；：:]{2,26}?(?:方面|[：:。])")
_PLANS = re.compile(r"下一步|今后|(?<!规划)计划(?!类|信息)|力争|争取")
"""Before a figure in its sentence: it is a plan's, and quotes nothing."""
_MATTERS = re.compile(r"未经复议|复议后|复议|诉讼|起诉")
_WITH_CARRIED_IN = re.compile(r"\s*[（(，,]?\s*(?:其中|含|包括|包含)[^。；]{0,20}(?:上年|去年|上一年)度?结转")
_LAST_FIGURE = re.compile(r"t3\.([a-z_.]+)\.total")


@dataclass(frozen=True)
class Bound:
    """A figure of the prose and what it quotes.

    Attributes
    ----------
    figures : tuple
        The values that would be right; the first is what the report holds, others are other readings of the words.
    firm : bool
        The words leave no doubt what is quoted.
    """

    mention: Mention
    name: str
    cell: str
    figures: tuple[Figure, ...]
    firm: bool

    @property
    def agrees(self) -> bool:
        return any(self.mention.agrees(figure) for figure in self.figures)


@dataclass(frozen=True)
class Audit:
    """Every figure of the narrative and what became of it."""

    report: Report
    passages: tuple[Passage, ...]

    @cached_property
    def mentions(self) -> tuple[Mention, ...]:
        return tuple(chain.from_iterable(mentions(passage) for passage in self.passages))

    @cached_property
    def lists(self) -> tuple[ClassList, ...]:
        """Class lists, part by part."""
        parts = ([m for m in self.mentions if m.passage.cell == f"narrative.{part}"] for part in narrative_parts())
        return tuple(chain.from_iterable(class_lists(part) for part in parts))

    @cached_property
    def listed(self) -> frozenset[int]:
        """Figures that are items or shares of a list, by identity."""
        items = chain.from_iterable(one.items for one in self.lists)
        return frozenset(id(m) for item in items for m in (item.mention, item.share) if m is not None)

    @cached_property
    def sums(self) -> tuple[Sum, ...]:
        """Wholes with their parts, sentence by sentence."""
        return tuple(chain.from_iterable(sums(found, self.listed) for found in self._by_passage()))

    @cached_property
    def shares(self) -> tuple[tuple[Mention, ...], ...]:
        """Shares told without counts, where they claim to be the whole."""
        free = ([m for m in found if id(m) not in self.listed] for found in self._by_passage())
        return tuple(chain.from_iterable(share_runs(found) for found in free))

    @cached_property
    def summed(self) -> frozenset[int]:
        """Figures that are a whole or a part of one, the total of a list, or a share of a whole, by identity."""
        wholes = chain.from_iterable((one.whole, *one.parts) for one in self.sums)
        totals = (one.total for one in self.lists if one.total is not None)
        return frozenset(id(mention) for mention in chain(wholes, totals, *self.shares))

    def _by_passage(self) -> Iterator[list[Mention]]:
        for _, group in groupby(self.mentions, key=lambda mention: id(mention.passage)):
            yield list(group)

    @cached_property
    def bound(self) -> tuple[Bound, ...]:
        """Every figure that quotes something the report holds."""
        return tuple(self._bind())

    @cached_property
    def declared(self) -> frozenset[int]:
        """Figures that the author vouches for, by identity."""
        texts = [declared.text for declared in self.report.params.declared]
        found: set[int] = set()
        for mention in self.mentions:
            for text in texts:
                at = mention.passage.text.find(text)
                while at >= 0:
                    inside = at <= mention.start and mention.end <= at + len(text)
                    if inside or mention.start <= at < mention.end:
                        found.add(id(mention))
                    at = mention.passage.text.find(text, at + 1)
        return frozenset(found)

    @cached_property
    def _places(self) -> tuple[_Place, ...]:
        """Every figure that may quote something, among its neighbours."""
        return tuple(self._find_places())

    def _find_places(self) -> Iterator[_Place]:
        heading = ""
        for passage in self.passages:
            if passage.is_heading:
                heading = passage.folded
                continue
            found = [m for m in self.mentions if m.passage is passage]
            for index, mention in enumerate(found):
                if id(mention) in self.listed or mention.unit == "%" or self._is_plan(mention):
                    continue
                previous = found[index - 1] if index else None
                following = found[index + 1] if index + 1 < len(found) else None
                yield _Place.of(mention, previous, following, heading)

    def _bind(self) -> Iterator[Bound]:
        for _, places in groupby(self._places, key=lambda place: id(place.mention.passage)):
            row = "received"
            for place in places:
                bound = self._applicant(place, row) or self._channel(place) or self._cell(place)
                if bound is not None:
                    if match := _LAST_FIGURE.fullmatch(bound.cell):
                        row = match[1]
                    yield bound

    def _is_plan(self, mention: Mention) -> bool:
        begin, _ = mention.passage.sentence(mention.start)
        before = mention.passage.folded[begin : mention.start]
        return bool(_PLANS.search(before)) or before.lstrip().startswith(f"{self.report.year + 1}年")

    def _binding(self, place: _Place) -> Binding | None:
        return next((binding for binding in bindings(self.report.edition) if place.fits(binding)), None)

    def _cell(self, place: _Place) -> Bound | None:
        binding = self._binding(place)
        if binding is None or (figure := self.figure(binding.keys)) is None:
            return None
        figures = (figure, *self._with_carried_in(place.mention, binding, figure))
        return Bound(place.mention, binding.name, binding.keys[0], figures, binding.firm)

    def _with_carried_in(self, mention: Mention, binding: Binding, figure: Figure) -> tuple[Figure, ...]:
        """收到申请6件（含上年结转1件）: what was received with what was carried in, where the words say so."""
        carried_in = self.figure((f"t3.{self.report.edition.t3.carried_in}.total",))
        if binding.keys != ("t3.received.total",) or carried_in is None:
            return ()
        return (figure + carried_in,) if _WITH_CARRIED_IN.match(mention.passage.folded, mention.end) else ()

    def _applicant(self, place: _Place, row: str) -> Bound | None:
        """自然人申请3件: a column of the row that the sentence is about."""
        if place.mention.unit not in _CASES or "申请" not in place.sentence:
            return None
        clause = _GENERIC_APPLICANTS.sub("", place.clause)
        if re.search(r"复议|诉讼|结转", clause):
            return None
        for words, columns in APPLICANTS:
            if re.search(rf"(?:{words})[^#，。；、]{{0,10}}#|#[^#，。；、]{{0,4}}(?:{words})", clause):
                plainly = re.search(r"收到|受理|新收|接到", clause)
                rows = ["received"] if plainly else list(dict.fromkeys((row, "received", "total")))
                figures = [self.figure(tuple(f"t3.{key}.{column}" for column in columns)) for key in rows]
                known = tuple(figure for figure in figures if figure is not None)
                name = re.search(words, clause)
                cell = f"t3.{rows[0]}.{columns[0]}"
                return Bound(place.mention, f"{name[0]}的申请" if name else cell, cell, known, False) if known else None
        return None

    def _channel(self, place: _Place) -> Bound | None:
        """微信公众号推送1150条: a channel that is counted apart from the site."""
        if place.mention.unit not in ITEM_UNITS or not _PUBLISHES.search(place.sentence) or place.joint:
            return None
        family = place.channel
        if family is None:
            return None
        channels = self.report.disclosure.channels
        words = dict(CHANNELS)[family]
        mine = [count for name, count in channels.items() if family in name or re.search(words, name)]
        if not mine:  # a channel that no figure is kept of
            return None
        cell = next(f"disclosure.channels.{n}" for n in channels if family in n or re.search(words, n))
        return Bound(place.mention, f"{family}的数", cell, (sum(mine), *mine), False)

    def figure(self, keys: Sequence[str]) -> Figure | None:
        """The sum of some cells; money in 元; None where one of them is no number or was not given."""
        params = self.report.params
        match tuple(keys):
            case ("disclosure.total",):
                return self.report.disclosed
            case ("fees.amount",):
                return params.fees.amount
            case ("fees.notices",):
                return params.fees.notices
        cells = [self.report.cells[key] for key in keys]
        if not all(cell.is_number for cell in cells):
            return None
        total = sum((cell.number for cell in cells), start=0)
        return total * 10_000 if keys[0] == "t2.fees.amount" else total

    def mixes_channels(self, value: Decimal, total: Figure) -> tuple[str, ...]:
        """The channels whose counts, added to the total of the site, make a figure; empty where none do."""
        channels = list(self.report.disclosure.channels.items())
        for size in range(1, len(channels) + 1):
            for some in combinations(channels, size):
                added = sum(count for _, count in some)
                if added and total + added == value:
                    return tuple(name for name, _ in some)
        return ()

    def of_disclosures(self, one: ClassList) -> bool:
        """Whether a list's total is the total of what was disclosed, and not of something else that has classes."""
        if one.total is None or one.total.start > one.items[-1].mention.start:
            return True
        return any(self._binding(place) is TOTAL_OF_DISCLOSURES for place in self._places if place.mention is one.total)

    def is_subcount(self, bound: Bound) -> bool:
        """Whether a smaller figure may be part of one that is stated rightly elsewhere."""
        if bound.mention.value >= bound.figures[0]:
            return False
        place = bound.mention.passage.folded[: bound.mention.start]
        clause = re.split(r"[，。；、]", place)[-1]
        stated = any(other.cell == bound.cell and other.agrees for other in self.bound if other is not bound)
        return stated and not _TALLY.search(clause)


@dataclass(frozen=True)
class _Place:
    """A figure among its neighbours: the clause with # in its place, the sentence with the heading above."""

    mention: Mention
    clause: str
    sentence: str

    @classmethod
    def of(cls, mention: Mention, previous: Mention | None, following: Mention | None, heading: str) -> _Place:
        text = mention.passage.folded
        begin, end = mention.passage.sentence(mention.start)
        low = max(begin, previous.end) if previous else begin
        right = _PHRASE.match(text, mention.end, end)
        # Words that run on into the next figure belong to that figure.
        runs_on = following is not None and right is not None and right.end() >= following.start
        clause = f"{text[low : mention.start]}#{'' if runs_on or right is None else right[0]}"
        lead = match[0] if (match := _LEAD.match(text)) else ""
        topic = _TOPIC_OF_PART.get(mention.passage.part, "")
        return cls(mention, clause, "\n".join((text[begin:end], lead, heading, topic)))

    def fits(self, binding: Binding) -> bool:
        return (
            self.mention.unit in binding.units
            and bool(binding.clause.search(self.clause))
            and not (binding.unless and binding.unless.search(self.clause))
            and not (binding.sentence and not binding.sentence.search(self.sentence))
            and not (binding.matter and binding.matter != self.matter)
            and not (binding.keys == TOTAL_OF_DISCLOSURES.keys and self.channel is not None and not self.joint)
        )

    @cached_property
    def matter(self) -> str:
        """复议 or 诉讼, whichever the sentence speaks of last before the figure; 复议 where it speaks of neither."""
        text = self.mention.passage.folded
        begin, _ = self.mention.passage.sentence(self.mention.start)
        told = _MATTERS.findall(text[begin : self.mention.start])
        return "诉讼" if told and told[-1] != "复议" else "复议"

    @cached_property
    def _left(self) -> str:
        return self.clause.partition("#")[0]

    @cached_property
    def channel(self) -> str | None:
        """The channel named last before the figure, None where that is the site or nothing."""
        last = {
            family: max((m.end() for m in re.finditer(words, self._left)), default=-1) for family, words in CHANNELS
        }
        family = max(last, key=lambda name: last[name])
        site = max((m.end() for m in SITE.finditer(self._left)), default=-1)
        return family if last[family] > site else None

    @cached_property
    def joint(self) -> bool:
        """Whether the site and other channels are named together, so that the figure may be of all of them."""
        return bool(_JOINT.search(self._left)) or (SITE.search(self._left) is not None and self.channel is not None)
