"""Lists of classes in the prose: 机构职能类信息10条、…，其他类信息23条, with their total and their shares."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from nianbao.rules.judge.numbers import Mention

ITEM_UNITS = frozenset(["条", "件", "篇", "项", "个", "则", "份", "期"])

_CLASSLIKE = re.compile(
    r"类|机构职能|规划计划|政策|规范性文件|行政许可|重大建设|为民办实事|民政|扶贫|社会保障|就业|国土|城乡建设|环保|能源|科教|文体|卫生|安全生产|应急管理"
    r"|^其他|^其它|财政|农村|民生|重点工作|社会事务|环境治理|实施方案|人事任免|业务|机构设置"
)
_NO_CLASS = re.compile(
    r"申请|复议|诉讼|微信|公众号|微博|抖音|网站|推文|自然人|法人|办结|答复|结转|会议|培训|活动|宣传|点击|阅读|咨询|来信|来电|留言|建议|提案"
    r"|作出|(?:实施|办理)(?:了|的)?行政|处理决定|决定$"
    r"|增加|减少|增长|下降|新增|同比|[比较]上年|去年"
    r"|(?:总数|总量|数量|信息数|累计|共计|合计|总计)$|(?:主动公开|公开|发布)(?:了|的)?(?:各类|各项)?(?:政府|政务)?信息$|^(?:政府|政务)信息$|^(?:全年|本年|\d+年).*(?:公开|发布)"
)
_SEPARATOR = re.compile(
    r"[)）】]*[、，,；;。\s]*(?:其中|其次(?:是|为)?|再次(?:是|为)?|以及|还有|包括|和|及|与)?[：:，,]?\s*(?:[（(]?\d{1,2}[)）.、]|[①-⑳]|[一二三四五六七八九十]{1,2}是)?\s*"
)
_TAIL = re.compile(r"(?:方面|领域)?(?:的)?(?:[，,](?=共))?(?:共计|共有|共|计|为|有|达|数量|：|:|\s|[（(])*$")
_BEFORE_FIRST = re.compile(
    r".*(?:[：:，,。；;（(\x00]|其中|包括|分别为|分别是|最高的是|最多的是|依次是|依次为|主要有|主要是|主要为|主要涉及|如下|涉及|涵盖|按类别分?)",
    re.DOTALL,
)
_LEADING_VERB = re.compile(r"^(?:主动公开|公开|发布|有)(?=.{3,})")
_DELTA = re.compile(r"[比较][^，。；]{0,8}(?:增|减|多|少|升|降)|同比|增加|减少|增长|下降|新增")
_SHARE = re.compile(r"^[)）]?[，,、（(\s]*(?:约|各)?(?:占比|占)[^，。；、]{0,14}$")


@dataclass(frozen=True)
class Item:
    """One class of a list, its figure, and its share where one is stated."""

    name: str
    mention: Mention
    share: Mention | None = None

    @property
    def canonical(self) -> str:
        return canonical(self.name)


@dataclass(frozen=True)
class ClassList:
    """Classes listed one after another, and the figure before (or after) them that is their total.

    ``partial`` says that the list may leave classes out: it has no 其他, and is short or stands apart from its total.
    """

    items: tuple[Item, ...]
    total: Mention | None
    partial: bool

    @property
    def sum(self) -> Decimal:
        return sum((item.mention.value for item in self.items), start=Decimal(0))

    @property
    def twice(self) -> tuple[str, ...]:
        """Names that stand more than once, as first written."""
        seen: dict[str, str] = {}
        twice: dict[str, str] = {}
        for item in self.items:
            if item.canonical in seen:
                twice.setdefault(item.canonical, seen[item.canonical])
            seen.setdefault(item.canonical, item.name)
        return tuple(twice.values())


def canonical(name: str) -> str:
    """A class's name without 类信息, 类, 信息 and punctuation, so that its spellings meet."""
    bare = re.sub(r"[\s、，,·和及的“”]", "", name)
    return re.sub(r"(?:类别?)?(?:政府|政务)?(?:信息)?$", "", bare) or bare


def class_lists(mentions: Sequence[Mention]) -> tuple[ClassList, ...]:
    """The class lists among the figures of one part of the narrative, in order."""
    lists: list[ClassList] = []
    index = 0
    while index < len(mentions):
        items, after = _run(mentions, index)
        if _is_class_list(items):
            before = _total_before(mentions, index)
            total = before or _total_after(mentions, after)
            lists.append(ClassList(items, total, not _is_whole(items, before, total)))
            index = after
        else:
            index += 1
    return tuple(lists)


def _is_whole(items: Sequence[Item], before: Mention | None, total: Mention | None) -> bool:
    if any(item.canonical.startswith(("其他", "其它", "其余")) for item in items):
        return True
    if total is None or len(items) < 3:
        return False
    if before is None:  # …，共计69条
        return True
    first = items[0].mention
    if before.passage is not first.passage:  # …如下：, and the list on lines of its own
        return True
    lead = first.passage.folded[before.end : first.start]
    return not re.search("重点|尤其|特别|主要公开", lead) and (
        not re.search("[。；;]", lead) or bool(re.search("其中|包括|分别|内容|分为|涉及|：|:", lead))
    )


def _run(mentions: Sequence[Mention], start: int) -> tuple[tuple[Item, ...], int]:
    """The items of a list whose first figure is ``mentions[start]``, and the index after it."""
    items: list[Item] = []
    index = start
    while index < len(mentions):
        mention = mentions[index]
        previous = mentions[index - 1] if index else None
        if items and mention.unit == "%" and _is_share(mention, previous):
            items[-1] = Item(items[-1].name, items[-1].mention, mention)
            index += 1
            continue
        name = _name(mention, previous, first=not items)
        if (
            name is None
            or mention.unit not in ITEM_UNITS
            or mention.rough
            or (items and items[0].mention.unit != mention.unit)
        ):
            break
        items.append(Item(name, mention))
        index += 1
    return tuple(items), max(index, start + 1)


def _is_share(mention: Mention, previous: Mention | None) -> bool:
    if previous is None or previous.passage is not mention.passage:
        return False
    return bool(_SHARE.match(mention.passage.folded[previous.end : mention.start]))


def _name(mention: Mention, previous: Mention | None, *, first: bool) -> str | None:
    """The class named right before a figure; None where no name stands there."""
    text = mention.passage.folded
    same_line = previous is not None and previous.passage is mention.passage
    left = text[previous.end if same_line and previous else 0 : mention.start]
    left = re.sub(r"[（(]\s*(?:共|计)?$", "", left)  # 机构职能类信息（11条）
    left = re.sub(r"[，,]共计?$", "", left)  # …类，共14条
    if first:
        left = _BEFORE_FIRST.sub("", left, count=1) if _BEFORE_FIRST.match(left) else left
    elif (
        not same_line
        and previous is not None
        and not re.fullmatch(r"[)）、，,；;。\s]*", previous.passage.folded[previous.end :])
    ):
        return None
    left = left[_SEPARATOR.match(left).end() :] if _SEPARATOR.match(left) else left  # type: ignore[union-attr]
    name = _LEADING_VERB.sub("", _TAIL.sub("", left)).strip()
    if (
        not 2 <= len(name) <= 40
        or re.search(r"[。；;，,：:\d\x00]", name)
        or (_NO_CLASS.search(name) and not name.startswith("其他"))
    ):
        return None
    return name


def _is_class_list(items: Sequence[Item]) -> bool:
    like = sum(bool(_CLASSLIKE.search(item.name)) for item in items)
    return len(items) >= 2 and like * 2 >= len(items)


def share_runs(mentions: Sequence[Mention]) -> Iterator[tuple[Mention, ...]]:
    """Shares told without counts that claim to be the whole: …占60%，其他占40%; one passage's figures are given."""
    run: list[Mention] = []
    for index, mention in enumerate(mentions):
        text = mention.passage.folded
        begin, _ = mention.passage.sentence(mention.start)
        previous = mentions[index - 1].end if index else 0
        left = text[max(begin, previous) : mention.start]
        if run and run[-1].end <= begin:
            yield from _whole_run(run)
            run = []
        if mention.unit == "%" and re.search(r"占比?(?:为|达|约)?\s*$", left):
            run.append(mention)
    yield from _whole_run(run)


def _whole_run(run: Sequence[Mention]) -> Iterator[tuple[Mention, ...]]:
    if len(run) < 2:
        return
    last = run[-1]
    if re.search(r"其他|其它|其余", last.passage.folded[run[-2].end : last.start]):
        yield tuple(run)


def _total_before(mentions: Sequence[Mention], index: int) -> Mention | None:
    """The figure that a list follows: the last one before it in its line, or in a line that ends with a colon."""
    passage = mentions[index].passage
    for mention in reversed(mentions[:index]):
        if mention.passage is not passage and not mention.passage.text.rstrip().endswith(("：", ":")):
            return None
        before = mention.passage.folded[max(0, mention.start - 12) : mention.start]
        if mention.unit in ITEM_UNITS and not mention.in_words and not _DELTA.search(before):
            return mention
    return None


def _total_after(mentions: Sequence[Mention], index: int) -> Mention | None:
    """The figure that sums a list up: 合计69条, 共69条."""
    if index >= len(mentions):
        return None
    mention, last = mentions[index], mentions[index - 1]
    if mention.passage is not last.passage or mention.unit not in ITEM_UNITS:
        return None
    between = mention.passage.folded[last.end : mention.start]
    return mention if re.fullmatch(r"[，,。；;、\s]*(?:以上|总|合)?(?:共计|合计|总计|共|计)\s*", between) else None
