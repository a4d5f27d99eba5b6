"""Which figures quote the form, and whether they quote it rightly."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

from nianbao.rules.judge.facets import facet_of
from nianbao.rules.judge.frames import APPLICANTS, CASES, CHANNELS, ITEMS, SITE, Frame, frames_for
from nianbao.rules.judge.holdings import Holdings, Value
from nianbao.rules.judge.markers import REST
from nianbao.rules.judge.matters import ANY, Matter
from nianbao.rules.judge.places import Place
from nianbao.rules.judge.sums import agrees
from nianbao.rules.judge.tokens import Kind, Token


@dataclass(frozen=True)
class Quotation:
    """A figure and what it quotes.

    Attributes
    ----------
    figures : tuple
        The values that would be right; the first is what the report holds, others are other readings of the words.
    firm : bool
        The words leave no doubt what is quoted.
    """

    index: int
    name: str
    cell: str
    figures: tuple[Value, ...]
    firm: bool
    agrees: bool


_GENERIC_APPLICANTS = re.compile(
    r"公民、?(?:法人)?(?:和|或|及|、|或者|以及)*(?:法人)?(?:和|或|及|、|或者|以及)*(?:其他)?组织|公民、法人|单位和个人|企业和个人|个人和企业|企业信用"
)
_GIVEN_UP = re.compile("撤[回销]|[终中]止|放弃|逾期")
_NO_OBJECT = re.compile(
    r"20\d\d年度?|全年|本年度?|年度?内|今年|当年|截至|截止|目前|年底|累计|共计?|总计|合计|一共|均|已经?|全部|都|各|按时|按期|及时|依法|依规|实际|其中|剩余|其余|另有?|新收?"
    r"|法定|规定|期限|时限|时间|工作日|收到|受理|接收|接到|办理|处理|办结|答复|回复|完毕|收件|申请|公开|政府|政务|信息|件数|数量|案件|[我本][局镇乡街道办委单位机关]+|[的了为有计达在内数总年月日]|\W|\d"
)
"""What in the words of a count of applications names no object of its own."""
_OF_WHAT = re.compile(r"(?:涉及|有关|关于|涉|内容为|主要为)[^，。；：\d]{0,8}$")
_PUBLISHES = re.compile(r"发布|推送|公开|发送|推文|刊发|转发|更新|编发|发文|信息|推出|刊登")
_JOINT = re.compile(r"等(?:多种|各类|各种|多个)?(?:渠道|平台|方式|途径|载体|媒介)")
_CARRIED_IN_SAID = re.compile(
    r"\s*[（(，,]?\s*(?:其中|含|包括|包含|加上|连同)[^，。；、\d]{0,10}(?:上年|去年|上一年)?度?[结转][转结]"
)
_CARRIED_IN = re.compile(r"(?:上年|去年|上一年)度?(?:[结转][转结]|未办结)|[结转][转结](?:上年|去年|上一年)")
_TALLY = re.compile(r"全年|本年|年度|共|累计|总|合计")
_BESIDE = 12
"""So many tokens before and after a figure are looked at for the one that it is told apart from."""
_NEW = re.compile("新收|新增|本年度?(?:收|受理|接收)")
_RECEIVED, _IN, _TOTAL = "t3.received.total", "t3.carried_in.total", "t3.total.total"
_DOCUMENTS = re.compile(r"规范性文件|规章|法规|制度|(?:政策|其他|部门|公文)性?文件")
_LAST_ROW = re.compile(r"-?t3\.([a-z_.]+)\.total")
_REST = re.compile(REST)


class Binder:
    """Binds the figures of one text to the cells of a report."""

    def __init__(
        self,
        text: str,
        tokens: Sequence[Token],
        places: Mapping[int, Place],
        holdings: Holdings,
        topics: Sequence[Matter],
        parts: Mapping[int, int],
    ) -> None:
        self.text, self.tokens, self.places, self.holdings, self.topics, self.parts = (
            text,
            tokens,
            places,
            holdings,
            topics,
            parts,
        )
        self._matters = [
            (match.start(), Matter[match.lastgroup or "UNKNOWN"])
            for match in ANY.finditer(text)
            if match.lastgroup != Matter.FOREIGN.name or not self._is_content(match.start())
        ]
        self._starts = [start for start, _ in self._matters]
        self._lines = [0, *(match.end() for match in re.finditer("\n", text))]
        if names := self._names_of_parts():
            self._matters = [one for at, one in enumerate(self._matters) if at not in names]
            self._starts = [start for start, _ in self._matters]

    def _names_of_parts(self) -> set[int]:
        """Subjects that only name a part of applications, by place: 办结申请12件，其中信访处理类3件、其他9件；予以公开6件."""
        found: set[int] = set()
        for part, whole in self.parts.items():
            end = self.tokens[part].start
            begin = end - len(self.places[part].segment)
            named = range(bisect_left(self._starts, begin), bisect_left(self._starts, end))
            foreign = [at for at in named if self._matters[at][1] is Matter.FOREIGN]
            if foreign and self.matter_at(self.tokens[whole].start) is Matter.APPLICATION:
                found.update(foreign)
        return found

    def _is_content(self, start: int) -> bool:
        """Whether words are of what was applied for (其中涉及投诉举报的15件), not of what the sentence is about."""
        return _OF_WHAT.search(self.text, max(0, start - 12), start) is not None

    def bind(self) -> tuple[Quotation, ...]:
        """Every figure that quotes something the report holds."""
        found = list(self._bind())
        return tuple(self._settle(found))

    def matter(self, index: int) -> Matter:
        """What a figure is of: the subject in the words after it, else the one named last before it in its line, else the topic."""
        token, place = self.tokens[index], self.places[index]
        after = Matter.UNKNOWN
        for match in ANY.finditer(token.text[-1:] + place.right):  # 6件申请: the unit is part of the words
            after = Matter[match.lastgroup or "UNKNOWN"]
        if after is not Matter.UNKNOWN:
            return after
        return self.matter_at(token.start)

    def matter_at(self, start: int) -> Matter:
        """The subject named last before a place of the text in its line, else the topic of the line."""
        line = bisect_right(self._lines, start) - 1
        before = bisect_left(self._starts, start) - 1
        if before >= 0 and self._starts[before] >= self._lines[line]:
            return self._matters[before][1]
        return self.topics[line]

    def _bind(self) -> Iterator[Quotation]:
        row, line = "received", -1
        outcome = False
        for index, place in self.places.items():
            token = self.tokens[index]
            if place.line != line:
                row, line, outcome = "received", place.line, False
            if token.kind is not Kind.QUANTITY or place.odd:
                continue
            matter = self.matter(index)
            quotation = (
                self._applicant(index, matter, row)
                or self._channel(index, matter)
                or self._frame(index, matter, outcome)
            )
            if quotation is None:
                outcome = outcome and matter is Matter.APPLICATION
                continue
            if match := _LAST_ROW.fullmatch(quotation.cell):
                row = match[1]
            outcome = quotation.cell.startswith(
                ("t3.granted", "t3.partial", "t3.denied", "t3.unavailable", "t3.declined", "t3.other")
            )
            yield quotation

    def _settle(self, found: list[Quotation]) -> Iterator[Quotation]:
        """Figures that are right only together (100件按时办结、27件延期办结), or parts of one that is stated elsewhere."""
        right = {one.cell for one in found if one.agrees}
        for place, one in enumerate(found):
            if one.agrees:
                yield one
                continue
            value = self.tokens[one.index].value
            neighbours = [
                other
                for other in found[max(0, place - 3) : place + 4]
                if other.cell == one.cell and self._same_sentence(one, other) and not other.agrees
            ]
            together = sum(self.tokens[other.index].value for other in neighbours)
            if (
                (one.cell == _RECEIVED and self._is_all_to_handle(one))
                or (one.cell == _TOTAL and self._rest_was_given_up(one))
                or (len(neighbours) > 1 and together in one.figures)
            ):
                yield replace(one, agrees=True)
            elif one.cell in right and value < one.figures[0] and not _TALLY.search(self.places[one.index].near):
                continue  # a part of what is stated elsewhere
            else:
                yield one

    def _rest_was_given_up(self, one: Quotation) -> bool:
        """Whether with what was withdrawn a count of what was answered comes to all: 2件已答复，1件撤回."""
        after = next((index for index in range(one.index + 1, one.index + _BESIDE) if index in self.places), -1)
        before = next((index for index in range(one.index - 1, one.index - _BESIDE, -1) if index in self.places), -1)
        return any(
            index >= 0
            and self.places[index].sentence == self.places[one.index].sentence
            and _GIVEN_UP.search(self.places[index].segment + self.places[index].right) is not None
            and self.tokens[one.index].value + self.tokens[index].value in one.figures
            for index in (after, before)
        )

    def _is_all_to_handle(self, one: Quotation) -> bool:
        """Whether a figure is what came in and what was carried in, its sentence telling both apart: 受理59件，结转上年后新收47件."""
        received, sentence = self._sum((_RECEIVED,)), self.places[one.index].sentence
        if self.tokens[one.index].value != self._sum((_RECEIVED, _IN)):
            return False
        beside = (index for index in range(one.index - _BESIDE, one.index + _BESIDE) if index in self.places)
        return any(
            self.places[index].sentence == sentence
            and self.tokens[index].value == received
            and _NEW.search(self.places[index].near + self.places[index].right)
            for index in beside
        )

    def _same_sentence(self, one: Quotation, other: Quotation) -> bool:
        return self.places[one.index].sentence == self.places[other.index].sentence

    def _sum(self, keys: Sequence[str]) -> Value | None:
        """A sum of cells, some taken away; None where one of them holds no number."""
        total: Value = 0
        for key in keys:
            figure = self.holdings.figure(key.removeprefix("-"))
            if figure is None:
                return None
            total = total - figure if key.startswith("-") else total + figure
        return total

    def _quotation(
        self, index: int, name: str, keys: Sequence[str], others: Sequence[Sequence[str]], firm: bool
    ) -> Quotation | None:
        main = self._sum(keys)
        if main is None:
            return None
        figures = (main, *(value for other in others if (value := self._sum(other)) is not None))
        token = self.tokens[index]
        return Quotation(index, name, keys[0], figures, firm, any(agrees(token, value) for value in figures))

    def _frame(self, index: int, matter: Matter, outcome: bool) -> Quotation | None:
        token, place = self.tokens[index], self.places[index]
        clause, wide = place.clause, place.wide
        if (
            outcome
            and matter is Matter.APPLICATION
            and _REST.match(place.segment.strip("、，；： "))
            and token.unit in CASES
        ):
            rows = [row for row in self.holdings.edition.t3.outcomes if row.startswith("other")]
            keys = [f"t3.{row}.total" for row in rows]
            return self._quotation(index, "“其他处理”", keys, [keys[-1:]], False)
        for frame in frames_for(self.holdings.edition, token.unit, matter):
            if frame.fits(clause, wide):
                return self._framed(index, frame)
        return None

    def _framed(self, index: int, frame: Frame) -> Quotation | None:
        place = self.places[index]
        key = frame.keys[0]
        if (
            key in (_RECEIVED, "disclosure.total")
            and index in self.parts
            and not (key == _RECEIVED and self._is_totalled_with_carried(index))
            and not re.search("新收|本年度?收", place.clause)
        ):
            return None  # a part is never the whole of the form
        if key == _TOTAL and not frame.firm and self._is_of_something_else(index):
            return None
        if key == "disclosure.total" and self._channel_name(place) is not None and not self._is_joint(place):
            return None
        if key.startswith("t2.normative.") and not self._of_normative_documents(place):
            return None
        others = [other for other in frame.others if f"-{_IN}" not in other or self._tells_carried(index)]
        firm = frame.firm
        if key == _RECEIVED:
            if _CARRIED_IN_SAID.match(self.text, self.tokens[index].end) or re.search(
                r"加上?[^，。；]{0,8}结转", place.before
            ):
                others.append((_RECEIVED, _IN))
            elif self._sum((_RECEIVED, _IN)) == self.tokens[index].value and not self._tells_carried(index):
                firm = False
        return self._quotation(index, frame.name, frame.keys, others, firm)

    def _is_totalled_with_carried(self, part: int) -> bool:
        """Whether a figure is told together with what was carried in: 收到3件，上年未办结1件，共计4件."""
        total = self.parts[part]
        return total > part and _CARRIED_IN.search(self.places[total].before) is not None

    def _is_of_something_else(self, index: int) -> bool:
        """Whether the sentence counts something of its own and no application: 处理矛盾纠纷42起，办结40起."""
        place, start = self.places[index], self.tokens[index].start
        last = bisect_left(self._starts, start) - 1
        begin = start - len(place.before)
        if last >= 0 and self._starts[last] >= begin and self._matters[last][1] is Matter.APPLICATION:
            return False
        before = (at for at in range(index - 1, index - _BESIDE, -1) if at in self.places)
        counted = next((at for at in before if self.tokens[at].unit in CASES), index)
        if self.places[counted].sentence != place.sentence:
            counted = index
        words = self.places[counted].segment
        return not facet_of(words) and len(_NO_OBJECT.sub("", words)) >= 3

    def _of_normative_documents(self, place: Place) -> bool:
        """Whether the documents that a sentence speaks of last are 规范性文件, not 规章 or 其他文件."""
        named = _DOCUMENTS.findall(place.before + place.right)
        return not named or named[-1] == "规范性文件"

    def _tells_carried(self, index: int) -> bool:
        """Whether the sentence speaks on its own of what was carried in."""
        token = self.tokens[index]
        after = re.match(r"[^。\n]*", self.text[token.end : token.end + 120])
        return _CARRIED_IN.search(self.places[index].before + (after[0] if after else "")) is not None

    def _applicant(self, index: int, matter: Matter, row: str) -> Quotation | None:
        """自然人申请3件: a column of the row that the sentence is about."""
        token, place = self.tokens[index], self.places[index]
        if token.unit not in CASES or matter is not Matter.APPLICATION:
            return None
        clause = _GENERIC_APPLICANTS.sub("", place.clause)
        if re.search(r"复议|诉讼|结转", clause):
            return None
        for words, columns, _ in APPLICANTS:
            found = re.search(
                rf"(?:{words})(?!信息|类信息)[^#，。；、]{{0,14}}#|#[^#，。；、]{{0,4}}(?:{words})", clause
            )
            if found is None:
                continue
            plainly = re.search(r"收到|受理|新收|接到", clause)
            rows = ["received"] if plainly else list(dict.fromkeys((row, "received", "total")))
            others = [[f"t3.{key}.{column}" for column in columns] for key in rows]
            if columns == ("natural",) and "自然人" not in clause:  # 公民, 居民 are said of whoever applied
                others += [[f"t3.{key}.total"] for key in rows]
            name = re.search(words, clause)
            return self._quotation(index, f"{name[0]}的申请" if name else "申请", others[0], others[1:], False)
        return None

    def _channel(self, index: int, matter: Matter) -> Quotation | None:
        """微信公众号推送1150条: a channel that is counted apart from the site."""
        token, place = self.tokens[index], self.places[index]
        if (
            token.unit not in ITEMS
            or matter in (Matter.REVIEW, Matter.COURT)
            or not _PUBLISHES.search(place.before + place.right)
            or self._is_joint(place)
        ):
            return None
        family = self._channel_name(place)
        if family is None:
            return None
        words = dict(CHANNELS)[family]
        channels = self.holdings.channels
        mine = {name: count for name, count in channels.items() if family in name or re.search(words, name)}
        if not mine:  # a channel that no figure is kept of
            return None
        figures = (sum(mine.values()), *mine.values())
        return Quotation(
            index,
            f"{family}的数",
            f"disclosure.channels.{next(iter(mine))}",
            figures,
            False,
            any(agrees(token, value) for value in figures),
        )

    def _channel_name(self, place: Place) -> str | None:
        """The channel named last before the figure, None where that is the site or nothing."""
        last = {
            family: max((m.end() for m in re.finditer(words, place.told)), default=-1) for family, words in CHANNELS
        }
        family = max(last, key=lambda name: last[name])
        site = max((m.end() for m in SITE.finditer(place.told)), default=-1)
        return family if last[family] > site else None

    def _is_joint(self, place: Place) -> bool:
        """Whether the site and other channels are named together, so that the figure may be of all of them."""
        return bool(_JOINT.search(place.told)) or (
            SITE.search(place.told) is not None and self._channel_name(place) is not None
        )


def mixed_channels(value: Value, total: Value, channels: Mapping[str, int]) -> tuple[str, ...]:
    """The channels whose counts, added to the total of the site, make a figure; empty where none do."""
    listed = list(channels.items())
    for size in range(1, min(len(listed), 8) + 1):
        for some in combinations(listed, size):
            added = sum(count for _, count in some)
            if added and total + added == value:
                return tuple(name for name, _ in some)
    return ()
