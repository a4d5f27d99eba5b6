"""Predicates about text that came from elsewhere: another year, another authority, a template."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from itertools import repeat

from nianbao.params import Unit
from nianbao.report import Report
from nianbao.report.prose import TO_FILL
from nianbao.rules.finding import Check, Finding, fails
from nianbao.rules.judge.normalise import simplified
from nianbao.rules.judge.passages import Passage
from nianbao.rules.subject import Subject
from nianbao.statute.bodies import KINDS, own_words
from nianbao.statute.rulebook import Rule
from nianbao.wording import quoted

_SELF = re.compile(
    r"(?:我|本)(?:街道|办事处|镇(?!街)|乡(?!镇)|局(?!部|面)|委(?!托|派)|县|园区|管委会|区(?!域|别|分|间|块|位)|院|校"
    r"|办(?![事法公理学案结件班好完证]))|全镇(?!域)|镇政府|镇党委|镇人民政府"
)
# A body that acts at the beginning of a clause: it is taken for the one that reports.
_ACTS = re.compile(
    r"(?:(?:^|[，。；：])\s?(?:20\d\d年(?:度|以来|来)?，?|本?年度，?|今年以?来?，?|全年，?|一年来，?|现将|现就|为此，?)?|现将|现公布)(?P<name>(?:[\u4e00-\u9fff]{2,6}[省市县区旗])?[\u4e00-\u9fff]{2,4}?(?:街道|镇|乡))(?:党委|党工委|人民政府|政府|办事处)?"
    r"(?:认真|坚持|高度|通过|积极|严格|主动|秉持|围绕|按照|全面|扎实|累计|共(?!同|建|青)|深入|依托|政府信息|信息公开|20\d\d年|情况|严格|结合|贯彻|未(?:收到|发生)|收到|将(?!军)|持续|紧紧|切实)",
    re.MULTILINE,
)
_NO_NAME = re.compile(
    r"[我本全各该每某]|目前|当前|现在|如今|同时|此外|另外|其中|期间|年来|以来|年初|年底|日常|平时|一直|始终|由于|为了|因此|根据|按照|对于|关于|至于|今后|下步|下一步|未来|截至|截止|不断|进一步|乡镇|村镇|城镇|集镇|镇街|针对|推进|收到|加强|建设|指导|组织|督促|其他|所有|部分|有关|相关|依托|通过|面向|带动|覆盖|推动|结合"
)
_TOGETHER = re.compile(
    r"联合|会同|协同|共同|一同|合作|共建|结对|对接|交流|学习|观摩|考察|参观|前往|走访|毗邻|相邻|跨镇"
)
"""In a sentence that names another unit: it tells of that unit, and was not copied from it."""
_SITE = re.compile(r"(?<![a-z0-9.-])(?:[a-z0-9-]+\.)*gov\.cn", re.IGNORECASE)
_STATE_COUNCIL = "gov.cn"
_ORDINANCE = re.compile(
    r"(?:国务院令?|国令)\s*[(（]?第?\s*(\d{3})\s*号|政府信息公开条例》?\s*[(（][^（）()。]{0,12}?第?\s*(\d{3})\s*号|第\s*(\d{3})\s*号(?:国务院)?令"
)
_TITLE = re.compile(r"《([^》]*)》")
_FORM_NUMBER = re.compile(r"国办公开办函\s*[〔\[\uff3b【（(]?\s*(\d{4})\s*[〕\]\uff3d】）)]?\s*(\d{1,3})\s*号")
_NAMES_FORM = re.compile(r"年度报告(?:格式|有关事项的通知)[^，。；《]{0,16}[（(]?\s*$")
"""Before a number: it is that of one of the notices that set the form, whatever the number."""
_TRIAL = re.compile(r"年度报告格式[》]?[（(]试行[)）]|年度报告格式（试行）")

_TEMPLATE = re.compile(
    r"该部分以表格形式报告|表格如下|此处(?:填|插|写)|填写说明|填表说明|待补充|待填|(?<![A-Za-z0-9./])[Xx×]{2,}(?![A-Za-z0-9./])|[_\uff3f]{2,}|【(?!20\d\d】)[^】]{0,20}】|\{\{|\}\}"
    r"|(?i:todo|tbd|lorem)|……{2,}|[（(](?:如有|如没有|可选|必填|选填|示例|样例|单位名称|填写[^）)]{0,12})[)）]|\?{2,}|？{2,}|\*{2,}"
)
_COUNTED = r"(?:条|件|篇|次|份|期|元|万元|%)(?=[，。；、）\s]|$)"
_LOST: tuple[tuple[str, str], ...] = (
    (r"（\s*）", "收到政府信息公开申请（）件。"),
    (r"(?<![\d生某本今去当上前后每多近历同○〇零一二三四五六七八九])年\s{0,2}月\s{0,2}日", "统计期限自年月日起。"),
    (r"(?<!\d)20\d{3,10}\s?日", "统计期限为2023111231日。"),
    (rf"(?:数量为?|数为|共计|合计|总计|累计|共有|共收到|达到)\s*{_COUNTED}", "公开数量为条。"),
    (r"(?:信息|推文)(?:数量?)?\s*(?:条|件|篇)(?=[，。；]|$)", "主动公开信息条。"),
    (r"(?:共(?!同)|累计|合计|新收|全年|(?:收到|接到|接收)(?![的后]))[^，。；]{0,40}申请(?:数量?)?\s*件(?=[，。；]|$)", "共收到政府信息公开申请件，均已办结。"),
    (r"(?<![侵抢霸挤强独])占比?\s*(?=[，。；]|$)", "民生类占，居首位。"),
    (r"^(?:地址|电话|联系电话|邮编|邮政编码|传真|电子邮箱|网址)\s*：\s*$", "联系电话："),
    (r"(?:网址|网站|电话|联系电话|地址|邮编|邮箱|链接)\s*：\s*(?=[，。；）])", "可在门户网站（网址：）下载。"),
    (r"(?:数量|总数|条数|件数|共计|合计|总计)(?:为|达|共)?\s?\d+(?=[\u4e00-\u9fff])(?!\s?(?:[余多来万亿千百年月日时个项条件篇则份次期场类人名家户元宗起例部处]))", "公开数量304利用公众号发布。"),
    (r"\d(?:条|篇)[，、；][^，。、；\d（）]{2,16}(?<![头法线面发链枝一长整通开])(?:条|篇)(?=[，、；。])", "财政信息5条、企业资质条、其他3条。"),
    (r"(?<=[：，、；])[^，。、；\d（）：]{2,16}(?<![头法线面发链枝一长整通开])(?:条|篇)[，、；][^，。、；\d（）]{2,16}\d+(?:条|篇)", "其中：企业资质条、其他3条。"),
)  # fmt: skip
_MISSING = re.compile("|".join(pattern for pattern, _ in _LOST), re.MULTILINE)
LOST = tuple(example for _, example in _LOST)
"""A sentence for each way in which a figure was lost."""
_NONE_CAME = re.compile(r"(?:未|没有|无|不曾)(?:收到|接到|受理|接收|新收)?[^，。；]{0,24}$")
"""Before 收到…申请件: the sentence is complete, none came."""


def no_other_unit_is_named(rule: Rule, subject: Subject) -> Iterator[Finding | None]:
    """Other governments and units by name, once a unit and part; not where the sentence tells of working together."""
    yield from _other_authorities(rule, subject)
    yield from _strangers(rule, subject)
    yield from _traces(rule, subject, _name_of)


def no_contact_of_another_unit(rule: Rule, subject: Subject) -> Iterator[Finding | None]:
    """Address, phone and WeChat account of another unit; not where the sentence names that unit."""
    yield from _traces(rule, subject, _contact_of)


def _traces(
    rule: Rule, subject: Subject, trace: Callable[[Unit, Passage, Report], tuple[str, str] | None]
) -> Iterator[Finding | None]:
    neighbours = subject.report.neighbours
    mentioned = [unit for unit in neighbours if unit.id in subject.mentioned]  # hardly ever any of hundreds
    yield from repeat(None, len(neighbours) - len(mentioned))
    for unit in mentioned:
        seen: set[str] = set()
        for passage in subject.everything:
            if passage.cell in seen:
                continue
            if match := trace(unit, passage, subject.report):
                seen.add(passage.cell)
                kind, text = match
                yield fails(
                    rule,
                    passage.label,
                    passage.cell,
                    text,
                    None,
                    other=unit.name,
                    kind=f"{kind}{quoted(text)}",
                )
        if not seen:
            yield None


def _other_authorities(rule: Rule, subject: Subject) -> Iterator[Finding | None]:
    """Governments of other cities and counties, by name; not asked of a unit that is itself of another one."""
    elsewhere = subject.report.city.elsewhere
    if not subject.report.neighbours or not elsewhere:
        return
    authority = re.compile(rf"(?P<name>{'|'.join(map(re.escape, elsewhere))})(?:人民)?政府(?!信息)")
    for passage in subject.narrative:
        for match in authority.finditer(passage.folded):
            kind = f"名称{quoted(match[0])}"
            yield fails(rule, passage.label, passage.cell, match[0], None, other=match["name"], kind=kind)


def _strangers(rule: Rule, subject: Subject) -> Iterator[Finding | None]:
    """A town or subdistrict of any county that the text speaks of as this body (本年度，自由镇通过…); once a name and part.

    Those of the same city are looked for by their facts as well.
    """
    unit = subject.report.unit
    if not KINDS[unit.kind].local:
        return
    own = [simplified(name) for name in (unit.name, unit.official_name, subject.report.title)]
    own += [name.replace("人民政府", "").removesuffix("办事处") for name in own[:2]]
    known = {neighbour.name for neighbour in subject.report.neighbours}
    seen: set[tuple[str, str]] = set()
    for passage in subject.narrative:
        text = passage.folded
        for match in _ACTS.finditer(text):
            name = match["name"]
            mine = any(name in one or one in name for one in own) or any(name.endswith(one) for one in known)
            if mine or _NO_NAME.search(name) or (passage.cell, name) in seen:
                continue
            seen.add((passage.cell, name))
            kind = f"名称{quoted(name)}"
            yield fails(rule, passage.label, passage.cell, name, None, other=name, kind=kind)


def _name_of(unit: Unit, passage: Passage, report: Report) -> tuple[str, str] | None:
    """Its name, only between bodies with a territory, for a 局 works with every town."""
    if not (KINDS[report.unit.kind].local and KINDS[unit.kind].local):
        return None
    alone = any(not _TOGETHER.search(sentence) for sentence in _sentences_with(unit.name, passage))
    return ("名称", unit.name) if alone else None


def _contact_of(unit: Unit, passage: Passage, report: Report) -> tuple[str, str] | None:
    """What leads to it, where nothing in the sentence says that it is the other one's."""
    own = report.unit
    for kind, fact, mine in (
        ("公众号", unit.wechat_account, own.wechat_account),
        ("地址", unit.address, own.address),
        ("电话", unit.phone, own.phone),
    ):
        if fact and fact != mine:
            whole = re.compile(rf"(?<!\d){re.escape(fact)}(?!\d)")
            told = [sentence for sentence in _sentences_with(fact, passage) if whole.search(sentence)]
            if any(unit.name not in sentence.replace(fact, "") for sentence in told):
                return kind, fact
    return None


def _sentences_with(words: str, passage: Passage) -> Iterator[str]:
    """The sentences of a passage in which the words stand."""
    text, place = passage.folded, -1
    while (place := text.find(words, place + 1)) >= 0:
        begin, end = passage.sentence(place)
        yield text[begin:end]


def unit_speaks_of_itself_rightly(rule: Rule, subject: Subject) -> Iterator[Finding | None]:
    """我镇 in a town, 我街道 in a subdistrict, 我局 in a 局; not asked of one of whom nothing is known."""
    unit = subject.report.unit
    if not (own := own_words(unit.kind, unit.name)):
        return
    clean, seen = True, set()
    for passage in subject.narrative:
        for match in _SELF.finditer(passage.folded):
            word = match[0]
            if word in own or (passage.cell, word) in seen:
                continue
            if not word.startswith(("我", "本")) and _belongs_elsewhere(passage.folded, match.start()):
                continue
            seen.add((passage.cell, word))
            clean = False
            place = quoted(passage.around(match.start(), match.end()))
            yield fails(rule, passage.label, passage.cell, word, unit.kind, place=place)
    if clean:
        yield None


def _belongs_elsewhere(text: str, start: int) -> bool:
    """Whether 镇政府 and the like follow a name or 乡, so that somebody else is meant (各乡镇政府, 安海镇政府)."""
    return start > 0 and bool(re.match(r"[\u4e00-\u9fff]", text[start - 1]))


def no_foreign_site_is_named(rule: Rule, subject: Subject) -> Iterator[Finding | None]:
    """Government sites are those of the city, of the governments above it, and of the State Council.

    Not asked of a unit of another city, or where the city's own sites are not known.
    """
    own = tuple(subject.report.city.sites)
    if not subject.report.neighbours or not own:
        return
    for passage in subject.narrative:
        for match in _SITE.finditer(passage.folded):
            if _is_own(match[0].lower(), own):
                yield None
            else:
                place = quoted(passage.around(match.start(), match.end()))
                yield fails(rule, passage.label, passage.cell, match[0], None, place=place)


def _is_own(host: str, sites: tuple[str, ...]) -> bool:
    return host.removeprefix("www.") == _STATE_COUNCIL or any(host == s or host.endswith(f".{s}") for s in sites)


def ordinance_is_cited_rightly(rule: Rule, subject: Subject) -> Iterator[Finding | None]:
    """Decree 711; decrees about other matters are left alone."""
    for passage in subject.narrative:
        text = passage.folded
        for match in _ORDINANCE.finditer(text):
            begin, _ = passage.sentence(match.start())
            titles = _TITLE.findall(text[begin : match.end()]) or _TITLE.findall(text[match.end() : match.end() + 40])
            if titles and "政府信息公开条例" not in titles[-1] and titles[-1] != "条例":
                continue
            found = int(next(number for number in match.groups() if number))
            place = quoted(passage.around(match.start(), match.end()))
            yield None if found == 711 else fails(rule, passage.label, passage.cell, found, 711, place=place)


def form_is_cited_rightly(rule: Rule, subject: Subject) -> Iterator[Finding | None]:
    """The notice cited is the one whose form binds the year."""
    notice = subject.report.edition.notice
    own = _FORM_NUMBER.fullmatch(notice)
    for passage in subject.narrative:
        text = passage.folded
        cited = [
            (m, f"国办公开办函〔{m[1]}〕{m[2]}号")
            for m in _FORM_NUMBER.finditer(text)
            if m[2] in ("30", "60") or _NAMES_FORM.search(text, max(0, m.start() - 60), m.start())
        ]
        for match, name in cited:
            right = own is not None and match.groups() == own.groups()
            place = quoted(passage.around(match.start(), match.end()))
            yield None if right else fails(rule, passage.label, passage.cell, name, notice, place=place)
        if not cited and subject.report.edition.last_year is None and (trial := _TRIAL.search(text)):
            place = quoted(passage.around(trial.start(), trial.end()))
            yield fails(rule, passage.label, passage.cell, "试行格式", notice, place=place)


def no_template_text_is_left(rule: Rule, subject: Subject) -> Iterator[Finding | None]:
    """No instructions and no placeholders; the mark 〔待填〕 is D-30's business."""
    return _none_of(rule, subject, _TEMPLATE, besides=TO_FILL)


def no_figure_is_missing(rule: Rule, subject: Subject) -> Iterator[Finding | None]:
    """No gap where a figure, a date or a contact was to stand."""
    return _none_of(rule, subject, _MISSING, unless=_NONE_CAME)


def _none_of(
    rule: Rule,
    subject: Subject,
    pattern: re.Pattern[str],
    besides: re.Pattern[str] | None = None,
    unless: re.Pattern[str] | None = None,
) -> Iterator[Finding | None]:
    """`besides`: where it matches, nothing else is looked for; `unless`: what before a match excuses it."""
    clean = True
    for passage in subject.narrative:
        text = besides.sub(lambda found: " " * len(found[0]), passage.folded) if besides else passage.folded
        for match in pattern.finditer(text):
            if unless and unless.search(text, max(0, match.start() - 40), match.start()):
                continue
            clean = False
            place = quoted(passage.around(match.start(), match.end()))
            yield fails(rule, passage.label, passage.cell, match[0], None, place=place)
    if clean:
        yield None


CHECKS: tuple[Check, ...] = (
    no_other_unit_is_named,
    no_contact_of_another_unit,
    unit_speaks_of_itself_rightly,
    no_foreign_site_is_named,
    ordinance_is_cited_rightly,
    form_is_cited_rightly,
    no_template_text_is_left,
    no_figure_is_missing,
)
