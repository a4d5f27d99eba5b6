"""Where each figure stands: the words beside it, its sentence, and whether it is an odd one.

An odd figure is of another time or another kind than its neighbours (a comparison, another year's, a plan, a number of readers):
it is never a part, a whole or a quotation of the form.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from nianbao.rules.judge.tokens import COMMA, FULL_STOP, NEWLINE, SEMICOLON, Kind, Token

REACH = 90
"""So many characters beside a figure are looked at: longer clauses were met only in lists of bodies and of law titles."""


@dataclass(slots=True)
class Place:
    """The surroundings of a figure.

    Attributes
    ----------
    near : str
        The text before it since the last comma or stronger stop (or since the bracket it stands in).
    gap : str
        The text before it since the last figure, opener or stop stronger than a comma.
    told : str
        The same, openers left in.
    right : str
        The text after it up to the next token.
    before : str
        Its sentence before it.
    sentence, line : int
        Which sentence and which line of the text.
    odd : str
        Why it is an odd one; empty where it is not.
    """

    near: str
    gap: str
    told: str
    right: str
    before: str
    sentence: int
    line: int
    odd: str = ""

    @property
    def segment(self) -> str:
        """The last stretch of the gap: since the last comma, with the enumeration commas of a name left in."""
        return re.split("[，,]", self.gap)[-1]

    @property
    def clause(self) -> str:
        """The words that go with it: since the last figure or comma, # for itself, up to the next token."""
        own = self.near if len(self.near) < len(self.told) else self.told
        return f"{own}#{self.right}"

    @property
    def wide(self) -> str:
        """The same since the last figure, commas and all."""
        return f"{self.told}#{self.right}"


NO_PERCENT = "缺百分号"
"""What a rate without its sign is (办结率达100): another rule tells of it."""
_RATE = re.compile(r"(?:率|占比|比例|比重)(?:达到?|为|是|约|高达|均|：|\s)*$")
# Comparisons: 比去年增加1件，较2022年同期增长2.5万，同比下降3%.
_COMPARED = re.compile(
    r"(?:同比|环比|相比|[较比与同](?=20\d\d|[上去前往历近同])[^，。；]{0,14}(?:年|期|月|季度)(?!度?(?:结转|转入))[^，。；]{0,12})$"
    r"|(?<!新)(?:增加|减少|增长|下降|上升|降低|提高|提升|增幅|降幅|减幅|涨幅|[增减升降涨]|多|(?<![至不])少|下滑|回落|翻番?)(?:了|约|近|数量?|幅度?|率|至|到|为|达|：|\s)*$"
)
_COMPARED_AFTER = re.compile(
    r"^(?:的)?(?:增长到|增加到|增长至|增加至|减少到|减少至|下降到|下降至|上升到|上升至|提高到)"
)
# Another period; 上年结转 and 2022年度决算 are of this one.
_ANOTHER_PERIOD = re.compile(
    r"历年|历史|迄今|至今|多年来|近年来|近[一二三四五六七八九十\d]+年|(?<!今年)(?<!年初)(?<!本年)以来|往年|同期"
    r"|(?<!结转)(?<!转结)(?:上一?年度?|去年|前年|上年度)(?!度?(?:末|底)?(?:[结转][转结]|转入|转来|转接|遗留|未办结|未结|余留|待办|移交|的?结转|受理未|接转|剩余|度?部门|度?财政|度?预|度?决))"
)
_THIS_PERIOD = re.compile(r"今年|本年|年内|当年|本期|报告期")
_PLAN = re.compile(
    r"下一步|今后|明年|下年(?!度?(?:继续)?(?:办|处|答|$))|力争|争取|拟于|目标|不少于|不低于|至少|计划(?=于|在|到|开展|组织|举办|培训|公开|发布|完成|推送|召开|新增|实现)"
)
_ATTRIBUTE = re.compile(
    r"(?:阅读|点击|浏览|访问|观看|播放|转发|点赞|评论|收听|下载|曝光|传播|收视)(?:量|数|率|人数|人次|次数|总)|阅读|浏览|点击|观看|播放|粉丝|受众"
    r"|(?:关注|订阅|注册|用户)(?:人数|者|量|数|用户|总)|平均|[日月周年人户]均|每(?:条|件|个|篇|名|期|次|月|季|周|日|年|天|村|社区)|单[条篇日]"
)
_ATTRIBUTE_AFTER = re.compile(r"^(?:的)?(?:阅读|点击|浏览|访问|关注|粉丝)量?")
_TOLD_BEFORE_COLON = re.compile(r"^.*\d.*：")
"""较上年多5件：其中征地8件: the comparison is of the figure before the colon."""
_OPENS_CLAUSE = re.compile(
    r"(?:^|[。；，！？\n：）、\d.])\s*(?:在|自|从|到|至|截至|截止|截止到|截至到|针对|对|其中|而)?\s*$"
)
_NOT_A_PERIOD = re.compile(
    r"\s*(?:度|年)?(?:末|底)?(?:结转|转入|遗留|未办结|接转|的?结转|转来|度?(?:部门|财政|政府)?(?:预算|决算|预决算)|年报|年度报告|政府信息公开工作年度|修订|修正|印发|制定|出台|施行|实施|发布|颁布|成立|建立|开通|第[一二三四五六七八九十\d]|(?:政府)?工作(?:要点|报告)|版)"
)


def places_of(text: str, tokens: Sequence[Token], year: int) -> dict[int, Place]:
    """The place of every quantity, share and unreadable figure, by the index of its token.

    Parameters
    ----------
    year : int
        The year that the text reports on; figures of a clause that opens with another year are odd.
    """
    found: dict[int, Place] = {}
    comma = gap = told = begin = 0
    sentence = line = 0
    other_year = ""
    outer: list[tuple[int, int, int]] = []
    for index, token in enumerate(tokens):
        match token.kind:
            case Kind.STOP:
                if token.strength >= COMMA:
                    comma = token.end
                if token.strength >= SEMICOLON:
                    gap = told = token.end
                if token.strength >= FULL_STOP:
                    begin, sentence, other_year = token.end, sentence + 1, ""
                if token.strength == NEWLINE:
                    line += 1
                    outer.clear()
            case Kind.OPEN if token.partner >= 0:
                outer.append((comma, gap, told))
                comma = gap = told = token.end
            case Kind.CLOSE if token.partner >= 0 and outer:
                comma, gap, told = outer.pop()
                if _counts(tokens, token.partner, index) and not _is_aside(tokens, index):
                    gap = told = token.end
            case Kind.OPENER | Kind.OUTSIDE:
                gap = token.end
            case Kind.NUMBER:
                if token.year:
                    opens = _OPENS_CLAUSE.search(text, max(0, token.start - 8), token.start) or token.start == comma
                    if token.year == year:
                        other_year = ""
                    elif opens and not _NOT_A_PERIOD.match(text, token.end):
                        other_year = f"{token.year}年的数"
            case Kind.QUANTITY | Kind.SHARE | Kind.UNREADABLE:
                until = _right_end(tokens, index, len(text))
                place = Place(
                    near=text[max(comma, token.start - REACH) : token.start],
                    gap=text[max(gap, token.start - REACH) : token.start],
                    told=text[max(told, token.start - REACH) : token.start],
                    right=text[token.end : min(until, token.end + REACH)],
                    before=text[max(begin, token.start - 2 * REACH) : token.start],
                    sentence=sentence,
                    line=line,
                )
                place.odd = _odd(place, token.unit, year, other_year)
                found[index] = place
                gap = told = token.end
    return found


def _right_end(tokens: Sequence[Token], index: int, end: int) -> int:
    """Where the words after a figure end; dates are words. Words that run on into the next figure belong to that one."""
    for following in tokens[index + 1 : index + 4]:
        if following.kind in (Kind.QUANTITY, Kind.SHARE):
            return tokens[index].end
        if following.kind not in (Kind.NUMBER, Kind.OUTSIDE):
            return following.start
    return min(end, tokens[index].end + REACH)


def _counts(tokens: Sequence[Token], start: int, end: int) -> bool:
    return any(token.kind is Kind.QUANTITY for token in tokens[start + 1 : min(end, start + 40)])


def _is_aside(tokens: Sequence[Token], close: int) -> bool:
    """Whether a bracket belongs to the name of the count right behind it: 微博（1个）发布12条."""
    inside, after = tokens[close - 1], tokens[close + 1] if close + 1 < len(tokens) else None
    return inside.unit == "个" and after is not None and after.kind is Kind.QUANTITY and after.unit != "个"


def _odd(place: Place, unit: str, year: int, other_year: str) -> str:
    near = _TOLD_BEFORE_COLON.sub("", re.sub(rf"{year}\s?年(?:度)?以来", "今年以来", place.near))
    if not unit and _RATE.search(near):
        return NO_PERCENT
    if _COMPARED.search(near) or _COMPARED_AFTER.match(place.right):
        return "比较"
    if _THIS_PERIOD.search(near):
        other_year = ""
    elif _ANOTHER_PERIOD.search(near):
        return "别的时期"
    if other_year:
        return other_year
    if _PLAN.search(near):
        return "打算"
    if _ATTRIBUTE.search(place.segment) or _ATTRIBUTE_AFTER.match(place.right):
        return "阅读量、平均数一类"
    return ""
