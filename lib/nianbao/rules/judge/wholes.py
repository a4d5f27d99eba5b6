"""A row of parts against its whole: which figure it is parts of, whether they fit, and what is wrong where they do not."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from nianbao.rules.judge.bare import BareRows
from nianbao.rules.judge.facets import facet_of
from nianbao.rules.judge.markers import CARRIED_ON, TOTAL_WORDS
from nianbao.rules.judge.places import Place
from nianbao.rules.judge.runs import NAMED_AMONG, Reader, Row
from nianbao.rules.judge.sums import Balance, Sum, agrees, high, low, nearly
from nianbao.rules.judge.tokens import COMMA, NEWLINE, Kind, Token
from nianbao.rules.judge.units import compatible

EXCUSES = 6
"""So many earlier figures may excuse a row by being exactly its sum (9件，上年结转1件，其中…)."""

_TOTAL_WORDS = re.compile(TOTAL_WORDS)
_DIVIDES = re.compile("如下|类|分|其中|构成|组成|明细|信息|内容|包括")
_OF_CASES = frozenset({"件", "宗", "起", "例", ""})
_ANSWERED = re.compile(r"办结|答复|回复|办理完毕|处理完毕")
_RECEIVED = re.compile(r"收到|受理|接到|接收|新收")
_CARRIED_ON = re.compile(rf"{CARRIED_ON}(?:下|次|明|20)|继续(?:办理|处理|答复)")
_DISCLOSED = re.compile(r"公开|发布|信息|发文")
_NOT_DISCLOSED = re.compile(r"申请|复议|诉讼|办结|答复|会议|培训|活动|留言|建议|提案|解读|制发|依申请")


class Scales:
    """Weighs the rows of one text."""

    def __init__(self, reader: Reader) -> None:
        self.reader = reader
        self.tokens: Sequence[Token] = reader.tokens
        self.places: Mapping[int, Place] = reader.places
        self.balance = Balance(reader.tokens)
        self.rows = reader.read()
        self.within: dict[int, Row] = {}
        for row in self.rows:
            for part in row.parts:
                self.within.setdefault(part, row)

    def weigh(self) -> Iterator[Sum]:
        """Every row with a whole, held against it; then the rows that nothing opens."""
        done: set[int] = set()
        nearest = {row.parts[0]: row for row in self.rows if row.parts}  # of several openers before a row the last one
        settled: set[int] = set()  # parts that come to their whole side by side: none of them divides another
        for row in nearest.values():
            if row.trailing < 0 and settled.issuperset(row.parts):
                continue
            for one in self._weigh(row):
                yield one
                if one.fits and one.certain and self.balance.value(one.parts) == self.tokens[one.whole].value:
                    settled.update(one.parts)
            if row.whole >= 0 or row.trailing >= 0 or self.tokens[row.opener].kind is not Kind.STOP:
                done.update(row.parts)
            if row.trailing >= 0:
                done.add(row.trailing)
        yield from BareRows(self.reader).weigh(done)

    def _weigh(self, row: Row) -> Iterator[Sum]:
        if row.trailing >= 0:
            row.whole = self._whole(row)
            parts = tuple(row.parts)
            fits = self.balance.meets(row.trailing, parts)
            certain = len(parts) > 1 and compatible(self.tokens[parts[0]].unit, self.tokens[row.trailing].unit)
            if not fits and row.whole >= 0 and self.balance.meets(row.whole, parts):
                fits = (
                    agrees(self.tokens[row.whole], self.tokens[row.trailing].value) is False
                )  # the total is of more than the row
                certain = False
            yield Sum(
                row.trailing,
                parts,
                fits,
                certain,
                row,
                over=self.balance.value(parts) > self.tokens[row.trailing].value,
            )
            return
        row.whole = whole = self._whole(row)
        if whole < 0:
            return
        self._without_what_is_left(row)
        yield from self._repeated(row, whole)
        for end in sorted(row.ends | {row.firm}, key=lambda end: (end != row.firm, -end)):
            if 0 < end <= len(row.parts) and self.balance.meets(whole, row.parts[:end]):
                row.firm = end
                yield Sum(whole, tuple(row.parts[:end]), True, True, row)
                yield from self._afresh(row, whole, end)
                return
        # What stands in a bracket is of the figure before it, and of no other.
        for other in self._others(row, whole) if self.tokens[row.opener].kind is not Kind.OPEN else ():
            for end in sorted(row.ends):
                if 0 < end <= len(row.parts) and self.balance.meets(other, row.parts[:end]):
                    row.whole, row.firm = other, end
                    yield Sum(other, tuple(row.parts[:end]), True, True, row)
                    return
        aside = {self.tokens[index].value for index in self._in_brackets(row, whole)}
        if aside & {self.balance.value(row.parts[:end]) for end in row.ends if end > 1}:
            yield Sum(whole, tuple(row.parts[: row.firm]), True, False, row)
            return
        if self._with_predecessors(row, whole):
            yield Sum(whole, tuple(row.parts[: row.firm]), True, False, row)
            return
        yield self._mismatch(row, whole)

    def _without_what_is_left(self, row: Row) -> None:
        """答复47件，其中予以公开46件；结转下年度3件: what is carried on is no part of what was answered."""
        words = self.places[row.whole].segment
        if not _ANSWERED.search(words) or _RECEIVED.search(words):
            return
        for number, part in enumerate(row.parts):
            if number and _CARRIED_ON.search(self.places[part].segment):
                del row.parts[number:]
                row.firm, row.ends = min(row.firm, number), {min(end, number) for end in row.ends}
                return

    def _repeated(self, row: Row, whole: int) -> Iterator[Sum]:
        """公开信息2条。在主动公开的2条信息中，…: the total of the sentence before, said once more."""
        if self.tokens[row.opener].strength != COMMA or not self.places[whole].near.endswith("公开的"):
            return
        place, token = self.places[whole], self.tokens[whole]
        before = [
            index
            for index in self._before(whole)
            if self.places[index].sentence == place.sentence - 1 and self.tokens[index].unit == token.unit
        ]
        if len(before) == 1 and is_disclosure(self.places[before[0]]):
            fits = self.balance.meets(before[0], (whole,))
            yield Sum(before[0], (whole,), fits, False, row, over=token.value > self.tokens[before[0]].value)

    def _mismatch(self, row: Row, whole: int) -> Sum:
        """What the row comes to where it meets nothing: over, short though complete, nearly, or simply a part of it."""
        token = self.tokens[whole]
        firm = tuple(row.parts[: row.firm])
        total = self.balance.value(firm)
        least = sum((low(self.tokens[p]) for p in firm), start=Decimal(0))
        rough = token.hedge or any(self.tokens[p].hedge or self.tokens[p].step > 1 for p in firm) or token.step > 1
        if least > high(token):
            sure = self._sure(row, whole)
            fits = (not sure and self._beside(whole, least)) or self._repeats(whole, firm)
            return Sum(whole, firm, fits, sure, row, over=not fits)
        if rough:
            return Sum(whole, firm, True, False, row)
        if row.wholly and not row.partly and len(firm) > 1 and total < token.value:
            last = self.places[firm[-1]].sentence
            longest = tuple(p for p in row.parts if row.listed or self.places[p].sentence <= last)
            best = (
                longest
                if self.balance.value(longest) <= token.value or nearly(self.balance.value(longest), token.value)
                else firm
            )
            return Sum(whole, best, False, self._sure(row, whole), row, over=self.balance.value(best) > token.value)
        for end in sorted(row.ends, reverse=True):
            stretch = tuple(row.parts[:end])
            if len(stretch) > 1 and nearly(self.balance.value(stretch), token.value):
                return Sum(whole, stretch, False, False, row, over=self.balance.value(stretch) > token.value)
        return Sum(whole, firm, True, False, row)

    def _repeats(self, whole: int, parts: Sequence[int]) -> bool:
        """Whether channels repeat what one of them told in full: 公开132条，按渠道分，网站132条，公众号转发88条."""
        if not any(self.tokens[part].value == self.tokens[whole].value for part in parts):
            return False
        return all(facet_of(self.places[part].segment) == "channel" for part in parts)

    def _beside(self, whole: int, least: Decimal) -> bool:
        """Whether with the other totals of its sentence a whole holds a row: 政务信息275条，互动信息52条。其中…53条."""
        if not is_disclosure(self.places[whole]):
            return False
        sentence, unit = self.places[whole].sentence, self.tokens[whole].unit
        totals = [
            self.tokens[index]
            for index in range(max(0, whole - EXCUSES * 2), whole + 1)
            if index in self.places
            and self.places[index].sentence == sentence
            and self.reader.is_part(index)
            and self.tokens[index].unit == unit
        ]
        return len(totals) > 1 and least <= sum((high(token) for token in totals), start=Decimal(0))

    def _afresh(self, row: Row, whole: int, end: int) -> Iterator[Sum]:
        """The whole divided once more by another facet: 其中自然人4件、企业1件，网上3件、当面2件."""
        rest = row.parts[end:]
        if len(rest) < 2 or self.tokens[rest[-1]].hedge:
            return
        facets = {facet_of(self.places[part].segment) for part in rest}
        if len(facets) == 1 and facets & {"applicant", "way", "origin"}:
            fits = self.balance.value(rest) <= self.tokens[whole].value
            yield Sum(whole, tuple(rest), fits, True, row, over=not fits)

    def _sure(self, row: Row, whole: int) -> bool:
        """Whether a row can be of no other whole: the figure stands in its sentence, or alone in the one before, or says it is a total."""
        if self.places[whole].sentence == self.places[row.parts[0]].sentence:
            return True
        if self.places[whole].line != self.places[row.parts[0]].line and not row.listed:
            return False
        sentence = self.places[whole].sentence
        alone = [
            index
            for index in self._before(row.opener)
            if self.places[index].sentence == sentence and compatible(self.tokens[index].unit, self.tokens[whole].unit)
        ]
        return len(alone) == 1 or bool(_TOTAL_WORDS.search(self.places[whole].near))

    def _before(self, opener: int) -> Iterator[int]:
        """The figures before a token that may be its whole, nearest first, at its depth or an outer one."""
        tokens = self.tokens
        depth = tokens[opener].depth
        index, lines = opener - 1, 0
        steps = 0
        while index >= 0 and steps < 120:
            token = tokens[index]
            steps += 1
            if token.kind is Kind.GAP:
                return
            if token.kind is Kind.CLOSE and token.partner >= 0:
                index = token.partner - 1
                continue
            if token.kind is Kind.OPEN and token.partner >= 0:
                depth = min(depth, token.depth)
            if token.kind is Kind.STOP and token.strength == NEWLINE:
                lines += 1
                if lines > 1 or tokens[opener].start - token.end > 12:
                    return
            if token.kind is Kind.QUANTITY and token.depth <= depth and self.reader.is_part(index):
                yield index
            index -= 1

    def _whole(self, row: Row) -> int:
        """The figure that a row is parts of: the nearest before it of a unit that fits; never another part of the same row."""
        unit = self.tokens[row.parts[0]].unit
        for index in self._before(row.opener):
            if not compatible(self.tokens[index].unit, unit) or index in row.parts:
                continue
            opener = self.tokens[row.opener]
            apart = self.places[index].sentence != self.places[row.parts[0]].sentence
            if apart and self.tokens[index].unit != unit and not {self.tokens[index].unit, unit} <= _OF_CASES:
                return -1  # 发布解读12篇。公开信息中，涉及民生58条、…: another sentence, and counted otherwise
            if self.reader.tokens[row.opener - 1].kind is not Kind.QUANTITY and opener.strength == COMMA:
                return index if self._is_called(index, opener, unit) else -1
            if (
                (opener.kind is Kind.STOP or opener.text == "分别")
                and apart
                and not (row.listed and self._leads_back(opener))
            ):
                return -1  # a colon, and 网站和公众号分别发布, reach back no further than their sentence
            owner = self.within.get(index)
            alone = owner is not None and len(owner.parts) == 1 and owner.whole < 0  # 涉及教育的信息108条
            firm = owner is not None and index in owner.parts[: owner.firm]
            if owner is not None and owner is not row and firm and not alone and not self._directly(index, row.opener):
                # Not one of several parts that stand side by side, but the whole that they share.
                return owner.whole if owner.whole >= 0 and compatible(self.tokens[owner.whole].unit, unit) else -1
            return index
        return -1

    def _is_called(self, index: int, comma: Token, unit: str) -> bool:
        """Whether a figure is of what the words before 中， name: 重点领域18条。重点领域信息中，…."""
        lead = NAMED_AMONG.search(self.reader.text, max(0, comma.start - 16), comma.start)
        if lead is None or self.tokens[index].unit != unit:
            return False
        return lead[1][-4:] in self.places[index].near + self.places[index].right[:6]

    def _leads_back(self, colon: Token) -> bool:
        """Whether the words before a colon may be of the sentence before: 按类别：; not 2022年：."""
        lead = re.split("[。！？\n]", self.reader.text[max(0, colon.start - 20) : colon.start])[-1]
        return _DIVIDES.search(lead) is not None

    def _directly(self, figure: int, opener: int) -> bool:
        """Whether nothing but commas and brackets stands between a figure and an opener."""
        return all(token.kind is not Kind.STOP or token.strength <= COMMA for token in self.tokens[figure + 1 : opener])

    def _others(self, row: Row, whole: int) -> Iterator[int]:
        """Other figures that a row may be parts of; they only excuse."""
        unit = self.tokens[row.parts[0]].unit
        found = 0
        for index in self._before(row.opener):
            if self.places[index].sentence != self.places[whole].sentence:
                return
            if index != whole and index not in row.parts and compatible(self.tokens[index].unit, unit):
                yield index
                found += 1
                if found == EXCUSES:
                    return

    def _in_brackets(self, row: Row, whole: int) -> Iterator[int]:
        """Figures told aside between a whole and a row, which may be of them: 公开216条，占全年（402条）的53.7%。全年按类型分为：…."""
        depth = self.tokens[row.opener].depth
        for index in range(whole + 1, row.opener):
            token = self.tokens[index]
            if token.depth > depth and token.unit == self.tokens[whole].unit and self.reader.is_part(index):
                yield index

    def _with_predecessors(self, row: Row, whole: int) -> bool:
        """受理9件，上年结转1件，其中…: the parts may be those of both figures together."""
        total = Decimal(0)
        sums = [self.balance.value(row.parts[:end]) for end in row.ends if end]
        for count, index in enumerate(self._before(row.opener)):
            if count == EXCUSES or self.places[index].sentence != self.places[whole].sentence:
                break
            total += self.tokens[index].value
            if count and total in sums:
                return True
        return False


def is_disclosure(place: Place) -> bool:
    """Whether the words of a whole are of what was disclosed."""
    words = place.near + "#" + place.right[:6]
    return bool(_DISCLOSED.search(words)) and not _NOT_DISCLOSED.search(words)
