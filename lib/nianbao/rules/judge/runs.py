"""Rows of parts: what stands after 其中, 包括, a colon or in a bracket, and where it ends.

A row is read by its structure, never by the names of its items. It is read from right to left with a memo, so that a row inside
a row (其中A 10条，含B 3条、C 7条，D 5条) is read once, and in time linear in the number of tokens.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from nianbao.rules.judge.facets import begins_work, facet_of
from nianbao.rules.judge.markers import REST, TRAILING, WHOLLY
from nianbao.rules.judge.matters import Matter, last_matter
from nianbao.rules.judge.places import Place
from nianbao.rules.judge.tokens import COLON, COMMA, ENUMERATION, FULL_STOP, NEWLINE, SEMICOLON, Kind, Token
from nianbao.rules.judge.units import compatible, counts

LONGEST = 160
"""So many tokens a row may have: a city's list of 40 bodies with their shares has as many."""

_TRAILING = re.compile(rf"(?:^|[，,；;。、）等])\s*{TRAILING}\s*$")
_OF_THE_YEAR = re.compile(r"^\s*(?:全年|年内|本年度?)(?:总|合|一)?(?:共计?|计|累计)(?:公开|发布)?$")
"""Before the total of a row of which nothing is left out: 四个季度分别公开21条、34条，全年共55条."""
_REST = re.compile(REST)
_GOING_ON = re.compile("[尚正仍]|状态|[办审处]理")
"""Before 中: work in progress (1件尚在答复状态中，…), not parts of a whole."""
_DISPUTES = frozenset({Matter.REVIEW, Matter.COURT})
NAMED_AMONG = re.compile(r"([\u4e00-\u9fff]{4,12})(?:的|类)?(?:政府|政务)?(?:信息|文件|公文)中$")
"""Before a comma that opens a row: what the row divides (主动公开文件中，…)."""
_DISPOSITIONS = ("主动公开", "依申请公开", "不予公开")
_SUMMED = re.compile("合计|共计|总计|相加|累计")
"""Behind 三项: so many figures come to the next one."""
_LIST_WORDS = re.compile(r"^(?:共|计|共计|合计|约|各)?$")


@dataclass(slots=True)
class Row:
    """A row of parts and what it may be parts of.

    Attributes
    ----------
    opener : int
        Index of the token that opens it; -1 for a row that nothing opens.
    start, stop : int
        The tokens it may hold: from ``start`` up to (without) ``stop``.
    parts : list of int
        Indexes of its quantities.
    firm : int
        How many of the parts belong to it beyond doubt.
    ends : set of int
        The numbers of parts at which it may have ended.
    trailing : int
        Index of the total that stands after it; -1 for none.
    wholly : bool
        Its words say that the parts are all there are (分别为, 其他).
    mixed : bool
        One of its items is told in another unit (公示23批次): it need not come to its whole.
    partly : bool
        Its words say that others may be left out (等, 重点, 主要).
    whole : int
        Index of the figure it is parts of; -1 where there is none.
    """

    opener: int
    start: int
    stop: int = 0
    parts: list[int] = field(default_factory=list)
    firm: int = -1
    ends: set[int] = field(default_factory=set)
    trailing: int = -1
    wholly: bool = False
    partly: bool = False
    mixed: bool = False
    listed: bool = False
    whole: int = -1
    resume: int = 0


class Reader:
    """Reads the rows of one text."""

    def __init__(self, text: str, tokens: Sequence[Token], places: Mapping[int, Place]) -> None:
        self.text = text
        self.tokens = tokens
        self.places = places
        self.rows: dict[int, Row] = {}

    def read(self) -> list[Row]:
        """Every row that something opens, in order."""
        for index in reversed(self._openers()):
            row = self._read(index)
            if row is not None:
                self.rows[index] = row
        return [self.rows[index] for index in sorted(self.rows)]

    def is_part(self, index: int) -> bool:
        """Whether a token may be a part or a whole: a quantity that is not odd."""
        token = self.tokens[index]
        return (
            token.kind is Kind.QUANTITY
            and counts(token.unit) not in ("kind", "word")
            and not self.places[index].odd
            and not self._tells_of_the_next(index)
            and not (
                token.unit == "项" and _SUMMED.match(self.places[index].right or self.text[token.end : token.end + 2])
            )
        )

    def _tells_of_the_next(self, index: int) -> bool:
        """Whether a number of bodies belongs to the name of the count right behind it: 26个领域信息288条, 微博（1个）发布12条."""
        if self.tokens[index].unit != "个" or index + 2 >= len(self.tokens):
            return False
        closed = self.tokens[index + 1].kind is Kind.CLOSE
        following = self.tokens[index + 1 + closed]
        return following.kind is Kind.QUANTITY and following.unit != "个" and counts(following.unit) == "item"

    def is_trailing(self, index: int) -> bool:
        """Whether a figure says itself that it is a total: 合计69条."""
        place = self.places.get(index)
        if place is None or _REST.match(_bare(place.near)):  # 其余5类共13条 is what is left, not all
            return False
        return _TRAILING.search(place.gap) is not None or re.fullmatch(TRAILING, place.near.strip()) is not None

    def _openers(self) -> list[int]:
        tokens, found = self.tokens, []
        for index, token in enumerate(tokens):
            after_figure = index > 0 and tokens[index - 1].kind is Kind.QUANTITY
            match token.kind:
                case Kind.OPENER:
                    composed = token.text != "由" or "组成" in self.text[token.end : token.end + 120].split("。")[0]
                    if composed and not (after_figure and self._is_verb_of(index - 1, index)):
                        found.append(index)
                case Kind.STOP if token.strength == COLON and not self._follows_opener(index):
                    close = after_figure and token.start - tokens[index - 1].end <= 8
                    at_end = (
                        index + 1 < len(tokens)
                        and tokens[index + 1].text == "\n"
                        and tokens[index + 1].start == token.end
                    )
                    if close or at_end or self._opens_list(index):
                        found.append(index)
                case Kind.STOP if token.strength == COMMA and after_figure:
                    between = self.text[tokens[index - 1].end : token.start]
                    if between.endswith("中") and len(between) <= 10 and not _GOING_ON.search(between):
                        found.append(index)  # 主动公开的48条信息中，…
                case Kind.STOP if (
                    not self._follows_opener(index)
                    and token.strength == COMMA
                    and NAMED_AMONG.search(self.text, max(0, token.start - 16), token.start)
                ):
                    found.append(index)  # 重点领域信息中，…
                case Kind.OPEN if token.partner >= 0 and after_figure and token.start - tokens[index - 1].end <= 4:
                    inside = tokens[index + 1 : min(token.partner, index + LONGEST)]
                    figures = [one for one in inside if one.kind is Kind.QUANTITY]
                    if (
                        len(figures) >= 2
                        and not any(one.kind in (Kind.OPENER, Kind.OUTSIDE) for one in inside)
                        # 3（45个单位在3个总表中公示）条 names nothing before its first figure
                        and (figures[0].start > token.end or figures[0].unit == tokens[index - 1].unit)
                    ):
                        found.append(index)
        return found

    def _is_verb_of(self, figure: int, opener: int) -> bool:
        """Whether a word right behind a figure only says what it is of, the next figure coming first in its clause as well.

        4件涉及征地，3件涉及社保: 涉及 divides nothing.
        """
        if self.tokens[opener].start != self.tokens[figure].end:
            return False
        following = self._next_figure(opener)
        stop = self.tokens[following - 1]
        return following > 0 and stop.kind is Kind.STOP and stop.end == self.tokens[following].start

    def _opens_list(self, index: int) -> bool:
        """Whether after a colon that follows no figure names with figures stand one after another: 按类别：A 5条、B 7条."""
        first = index + 1
        while (
            first < len(self.tokens) and self.tokens[first].text == "、" and first < index + 6
        ):  # 政策、规范性文件类5条
            first += 1
        second = first + 1
        if first < len(self.tokens) and self.tokens[first].kind is Kind.OPEN and self.tokens[first].partner >= 0:
            second, first = self.tokens[first].partner + 1, self._in_bracket(first)  # 动态（41条）、资金（12条）
        return (
            first >= 0
            and second < len(self.tokens)
            and self.tokens[first].kind is Kind.QUANTITY
            and self.tokens[second].text == "、"
            and not begins_work(_bare(self.places[first].segment))
        )

    def _follows_opener(self, index: int) -> bool:
        return index > 0 and self.tokens[index - 1].kind is Kind.OPENER and self._gap(index - 1, index) <= 4

    def _gap(self, left: int, right: int) -> int:
        return self.tokens[right].start - self.tokens[left].end

    def _read(self, opener: int) -> Row | None:
        tokens = self.tokens
        index = opener + 1
        word = tokens[opener].text
        row = Row(opener, index, wholly=word in WHOLLY)
        colon = tokens[opener].strength == COLON
        while index < len(tokens) and tokens[index].kind is Kind.STOP and self._gap(index - 1, index) <= 2:
            if tokens[index].strength == NEWLINE:
                if not colon:
                    break
                row.listed = True
            elif tokens[index].strength > COMMA:
                break
            colon = colon or tokens[index].strength == COLON
            index += 1
        if index < len(tokens) and tokens[index].kind is Kind.OPENER and self._gap(index - 1, index) <= 2:
            inner = self.rows.get(index)  # 其中包括, 其中主要为: one opener in two words
            if inner is None:
                return None
            return Row(
                opener, inner.start, inner.stop, inner.parts, inner.firm, inner.ends, inner.trailing, row.wholly or inner.wholly,
                inner.partly, inner.listed, resume=inner.resume,
            )  # fmt: skip
        if word.startswith("分别") and index < len(tokens) and tokens[index].kind is Kind.SHARE:
            return None  # 48件、2件，分别占96%、4%
        row.start = index
        comma_before = (
            opener > 0
            and tokens[opener - 1].kind is Kind.STOP
            and tokens[opener - 1].strength == COMMA
            and tokens[opener - 1].end == tokens[opener].start
        )
        bare = word == "其中" and comma_before and not colon
        self._gather(row, bare=bare)
        return row if row.parts or row.trailing >= 0 else None

    def _gather(self, row: Row, *, bare: bool) -> None:
        tokens, places = self.tokens, self.places
        opener = tokens[row.opener]
        depth = opener.depth + (opener.kind is Kind.OPEN)
        index, limit = row.start, min(len(tokens), row.start + LONGEST)
        weakest = FULL_STOP  # the weakest stop between two parts so far
        since = COLON  # the strongest stop since the last part
        facet = unit = ""
        verbs = False
        sentence_end = 0  # so many parts stand before the last full stop
        lead = self.text[opener.end : tokens[index].start] if index < len(tokens) else ""
        while index < limit:
            token = tokens[index]
            if token.kind is Kind.CLOSE and token.partner >= 0 and token.depth < depth:
                break
            if token.kind is Kind.OUTSIDE:
                break
            if token.kind is Kind.GAP:
                if row.listed:
                    row.parts.clear()  # one of its lines is still to be filled in
                break
            if token.kind is Kind.OPEN and token.partner >= 0:
                inner = self._in_bracket(index) if not self._after_part(row, index) else -1
                if inner < 0:
                    index = token.partner + 1
                    continue
                index = inner
                token = tokens[index]
            if token.kind is Kind.STOP:
                if token.strength == NEWLINE:
                    if not row.listed or not self._next_line_goes_on(row, index):
                        break
                    since = max(since, SEMICOLON)
                elif token.strength == FULL_STOP:
                    if not row.parts and not row.listed:
                        break  # 解读形式包含文字、图片等6种。 lists without figures
                    row.ends.add(len(row.parts))
                    sentence_end = len(row.parts)
                    if not row.listed or self._same_line_goes_on(index):
                        self._firm(row)
                    since = max(since, FULL_STOP)
                elif token.strength == COLON and row.parts and self._divides_again(row.parts[-1], index):
                    index = max(index + 1, self._leave(self.rows[index], row.parts[-1]))
                    since = COLON
                    continue
                else:
                    strength = token.strength
                    if strength == SEMICOLON and row.parts and not row.listed:
                        if self._plain_goes_on(index, tokens[row.parts[-1]].unit):
                            strength = COMMA  # it parts the items of one row, as commas do
                        else:
                            row.ends.add(len(row.parts))
                            if bare:
                                self._firm(row)
                    since = max(since, strength)
                index += 1
                continue
            summed = False
            if token.kind is Kind.OPENER:
                nested = self.rows.get(index)
                if nested is not None and self._divides_afresh(row, nested):
                    row.ends.add(len(row.parts))
                    break
                if row.parts and nested is not None and nested.parts:
                    index = max(index + 1, self._leave(nested, row.parts[-1]))
                    since = COLON
                    continue
                if nested is not None and not nested.parts and nested.trailing >= 0:
                    index, summed = nested.trailing, True  # 含…等合计14条 is one part of 14
                    token = tokens[index]
                else:
                    index += 1
                    continue
            if token.kind is Kind.QUANTITY and self.is_part(index):
                place = places[index]
                if (
                    not summed
                    and (self.is_trailing(index) or (row.wholly and _OF_THE_YEAR.search(place.near)))
                    and len(row.parts) != 1
                    and (not row.parts or since < FULL_STOP)
                ):
                    if 0 < sentence_end < len(row.parts):
                        del row.parts[sentence_end:]  # the total is of the sentence that it ends
                    else:
                        row.trailing = index
                    break
                first = tokens[row.parts[0]] if row.parts else None
                if first is not None and since >= COMMA and self._turns_to_disputes(row.parts[0], index):
                    row.ends.add(len(row.parts))
                    break
                if first is not None and since == FULL_STOP and not row.listed and token.unit != unit:
                    break
                if first is not None and not compatible(token.unit, first.unit):
                    row.mixed = row.mixed or (
                        since in (ENUMERATION, COMMA, SEMICOLON) and counts(token.unit) == "event"
                    )
                    index += 1
                    continue
                words = place.segment + "#" + place.right
                mine = facet_of(words)
                rest = _REST.match(_bare(place.segment)) is not None or _REST.match(_bare(place.near)) is not None
                if rest and not mine:
                    mine = facet
                if first is None:
                    facet, unit, verbs = mine, token.unit, begins_work(place.segment)
                elif since != ENUMERATION:
                    changes = mine != facet or (token.unit != unit) or (not verbs and begins_work(place.segment))
                    if changes:
                        row.ends.add(len(row.parts))
                        self._firm(row)
                if first is not None:
                    if since > weakest and not row.listed:
                        row.ends.add(len(row.parts))
                    weakest = min(weakest, since)
                row.parts.append(index)
                row.wholly = row.wholly or (rest and row.firm < 0)
                since = COLON
                lead += place.gap
            index += 1
        row.stop = index
        row.ends.add(len(row.parts))
        if self.are_dispositions(row.parts[:3]):
            row.wholly, row.firm = True, 3
            row.ends.add(3)
        self._firm(row)
        row.partly = row.mixed or self._is_partly(row)
        row.resume = index

    def _turns_to_disputes(self, first: int, index: int) -> bool:
        """Whether a figure is of 复议 or 诉讼 and the row is not: 予以公开46件；发生行政复议3件."""
        words = [self.places[one].segment + self.places[one].right[:6] for one in (first, index)]
        before, now = (last_matter(one) in _DISPUTES for one in words)
        return now and not before and self.tokens[index].unit in ("件", "起", "宗", "例")

    def are_dispositions(self, parts: Sequence[int]) -> bool:
        """Whether three figures are what becomes of documents, which leaves nothing out: 主动公开、依申请公开、不予公开."""
        named = ["".join(self.places[part].segment.split()) for part in parts]
        return len(named) == 3 and all(any(word in name for name in named) for word in _DISPOSITIONS)

    def _firm(self, row: Row) -> None:
        if row.firm < 0 and row.parts:
            row.firm = len(row.parts)

    def _after_part(self, row: Row, bracket: int) -> bool:
        """Whether a bracket stands right after a part: it tells more of that part."""
        return (
            bool(row.parts)
            and row.parts[-1] == bracket - 1
            and self.tokens[bracket].start - self.tokens[bracket - 1].end <= 4
        )

    def _in_bracket(self, bracket: int) -> int:
        """NAME（12条）: the index of the only figure that the bracket holds; -1 where it holds something else."""
        close = self.tokens[bracket].partner
        inside = [i for i in range(bracket + 1, min(close, bracket + 6)) if self.tokens[i].is_figure]
        figures = [i for i in inside if self.tokens[i].kind is Kind.QUANTITY]
        if len(figures) != 1 or close - bracket > 5:
            return -1
        lead = self.text[self.tokens[bracket].end : self.tokens[figures[0]].start]
        if close + 1 < len(self.tokens) and self.tokens[close + 1].kind is Kind.QUANTITY:
            return -1  # 微博（1个）发布12条
        named = self.text[max(0, self.tokens[bracket].start - 1) : self.tokens[bracket].start]
        return figures[0] if _LIST_WORDS.match(lead.strip()) and re.match(r"[\u4e00-\u9fff”》A-Za-z]", named) else -1

    def _divides_afresh(self, row: Row, nested: Row) -> bool:
        """Whether a row that follows within a row comes to the same sum: 信函2宗、当面1宗，均已答复，其中公开2宗、信息不存在1宗."""
        if len(row.parts) < 2 or len(nested.parts) < 2:
            return False
        mine = sum((self.tokens[part].value for part in row.parts), start=Decimal(0))
        sums = {sum((self.tokens[part].value for part in nested.parts[:end]), start=Decimal(0)) for end in nested.ends}
        return mine in sums and self.tokens[row.parts[-1]].value not in sums

    def _divides_again(self, part: int, colon: int) -> bool:
        """Whether before a colon the part is named once more, to be divided: 规划公告109件，规划公告中：土地58件、….

        Not where its parts stand beside it: 年报4件，规划公告中：….
        """
        nested = self.rows.get(colon)
        if nested is None or not nested.parts:
            return False
        named = self.text[self.tokens[colon - 1].end : self.tokens[colon].start].strip("在其中里的类")
        return len(named) > 1 and _bare(self.places[part].segment).endswith(named)

    def _leave(self, nested: Row, whole: int) -> int:
        """Where a row inside a row ends: as soon as it meets its whole, else at its soft stop."""
        if nested.firm <= 1:
            return nested.parts[0] + 1 if nested.parts else nested.start
        total = Decimal(0)
        target = self.tokens[whole].value
        for count, part in enumerate(nested.parts, start=1):
            if (
                count > 1
                and total <= target < total + self.tokens[part].value
                and self._parted(nested.parts[count - 2], part)
            ):
                nested.firm = count - 1  # 政策20条，含规范性文件8条；业务60条: the semicolon ends the inner row
                del nested.parts[count - 1 :]
                nested.ends = {min(end, nested.firm) for end in nested.ends}
                return nested.parts[-1] + 1
            total += self.tokens[part].value
            if total == target:
                return part + 1
            if count >= max(nested.firm, 1):
                return part + 1
        return nested.start

    def _parted(self, left: int, right: int) -> bool:
        """Whether a semicolon or a stronger stop stands between two figures."""
        return any(token.kind is Kind.STOP and token.strength >= SEMICOLON for token in self.tokens[left + 1 : right])

    def _plain_goes_on(self, index: int, unit: str) -> bool:
        """Whether after a semicolon the row goes on with a plain name in the same unit: …29条；专题专栏19条."""
        following = self._next_figure(index)
        if following < 0 or self.tokens[following].unit != unit or self.tokens[following].kind is not Kind.QUANTITY:
            return False
        words = self.text[self.tokens[index].end : self.tokens[following].start]
        if not words.strip():  # ；1件于下年答复 names nothing
            return False
        return not re.search(
            r"[，。；]|通过|利用|依托|^\s*(?:主动|集中|及时)?(?:公开|发布)(?!类|指南|目录|年)|共[计有]?\s*$|累计",
            words,
        ) and not begins_work(words)

    def _next_figure(self, index: int) -> int:
        for i in range(index + 1, min(len(self.tokens), index + 8)):
            if self.tokens[i].is_figure:
                return i if self.tokens[i].kind is not Kind.NUMBER else self._next_figure(i)
            if self.tokens[i].kind is Kind.STOP and self.tokens[i].strength >= FULL_STOP:
                break
        return -1

    def _same_line_goes_on(self, index: int) -> bool:
        """Whether more figures follow a full stop within the line."""
        for token in self.tokens[index + 1 : index + 40]:
            if token.kind is Kind.STOP and token.strength == NEWLINE:
                return False
            if token.kind is Kind.QUANTITY:
                return True
        return False

    def _next_line_goes_on(self, row: Row, index: int) -> bool:
        """Whether the next line of a list has a part: it is numbered like the first, and begins no other work."""
        first, following = self.tokens[row.start], self.tokens[index + 1] if index + 1 < len(self.tokens) else None
        if first.why == "序号" and (following is None or following.why != "序号"):
            return False
        for i in range(index + 1, min(len(self.tokens), index + 30)):
            token = self.tokens[i]
            if token.kind is Kind.GAP:
                return True
            if token.kind is Kind.STOP and token.strength == NEWLINE:
                return False
            if (
                token.kind is Kind.NUMBER
                and token.why == "序号"
                and re.match(r"（[一二三四五六七八九十]|[一二三四五六七八九十]+、", token.text)
            ):
                return False
            if token.kind is Kind.QUANTITY and self.is_part(i):
                return not begins_work(_bare(self.places[i].segment))
        return False

    def _is_partly(self, row: Row) -> bool:
        """Whether its words leave room for parts that are not listed."""
        if row.wholly and self.tokens[row.opener].text not in WHOLLY:
            return False
        opener = self.tokens[row.opener]
        before = self.text[max(0, opener.start - 6) : opener.end]
        last = self.tokens[row.parts[row.firm - 1]] if row.firm > 0 else opener
        after = self.text[last.end : last.end + 6]
        lead = self.places[row.parts[0]].gap if row.parts else ""
        return bool(
            re.search("重点|主要|部分|例如", before + lead[:6])
            or re.match(r"\s?等(?!共|合|总)|等(?:信息|内容|方面)", after)
        )


def _bare(segment: str) -> str:
    return re.sub(r"^[\s、，；：。）\d.（一二三四五六七八九十是]+", "", segment)
