"""Predicates about text that came from elsewhere: another year, another authority, a template."""

from __future__ import annotations

import re
from collections.abc import Iterator

from nianbao.params import Unit
from nianbao.report.prose import TO_FILL
from nianbao.rules.finding import Check, Finding, fails
from nianbao.rules.judge.numerals import chinese_number
from nianbao.rules.judge.passages import Passage
from nianbao.rules.subject import Subject
from nianbao.statute.bodies import KINDS, own_words
from nianbao.statute.rulebook import Rule
from nianbao.wording import quoted

_SELF = re.compile(
    r"(?:我|本)(?:街道|办事处|镇|乡|局(?!部|面)|委(?!托|派)|县|园区|管委会|区(?!域|别|分|间|块|位)|院|校"
    r"|办(?![事法公理学案结件班好完证]))|全镇(?!域)|镇政府|镇党委|镇人民政府"
)
_SITE = re.compile(r"(?<![a-z0-9.-])(?:[a-z0-9-]+\.)*gov\.cn", re.IGNORECASE)
_STATE_COUNCIL = "gov.cn"
_YEAR = re.compile(r"(?<!\d)(20\d{2})(?=\s?年)|(二[〇零○][〇零○一二三四五六七八九]{2})(?=年)")
_QUOTATION = re.compile(r"《[^》]*》|“[^”]*”|〔[^〕]*〕|「[^」]*」")
_LOOKS_BACK = re.compile(
    r"[较比]|相比|上年|去年|上一年|以来|(?:自|从)20\d{2}年(?!\s?1月1日)|年起|年始|印发|修订|修正|制定|施行|实施|发布|出台|成立|建立|开通"
    r"|第[一二三四五六七八九十\d]+[号届次轮]|以后|结转|遗留|[\u2013—～~-]\s*20\d{2}年|(?<!截)至20\d{2}年(?!12月31日|底)|历年|决算|规划|五年|十四五|十五五"
)
_LOOKS_FAR_AHEAD = re.compile(r"到20\d{2}年|规划|五年|十四五|十五五|今后|下一步|计划|行动方案|力争|争取")
_SPAN = re.compile(r"(20\d{2})\s?年?\s?[\u2013—～~至-]+\s?(20\d{2})\s?年")
_LOOKS_AHEAD = re.compile(r"下一步|下一年|下年|明年|今后|计划|打算|展望|新的一年|将|拟|继续|到20\d{2}年")

_ORDINANCE = re.compile(
    r"(?:国务院令?|国令)\s*[(（]?第?\s*(\d{3})\s*号|政府信息公开条例》?\s*[(（][^（）()。]{0,12}?第?\s*(\d{3})\s*号|第\s*(\d{3})\s*号(?:国务院)?令"
)
_TITLE = re.compile(r"《([^》]*)》")
_FORM_NUMBER = re.compile(r"国办公开办函\s*[〔\[\uff3b【（(]?\s*(\d{4})\s*[〕\]\uff3d】）)]?\s*(\d{1,3})\s*号")
_TRIAL = re.compile(r"年度报告格式[》]?[（(]试行[)）]|年度报告格式（试行）")

_TEMPLATE = re.compile(
    r"该部分以表格形式报告|表格如下|此处(?:填|插|写)|填写说明|填表说明|待补充|待填|(?<![A-Za-z0-9./])[Xx×]{2,}(?![A-Za-z0-9./])|[_\uff3f]{2,}|【(?!20\d\d】)[^】]{0,20}】|\{\{|\}\}"
    r"|(?i:todo|tbd|lorem)|……{2,}|[（(](?:如有|如没有|可选|必填|选填|示例|样例|单位名称|填写[^）)]{0,12})[)）]|\?{2,}|？{2,}|\*{2,}"
)
_COUNTED = r"(?:条|件|篇|次|份|期|元|万元|%)(?=[,，。；、）)\s]|$)"
_MISSING = re.compile(
    r"[（(]\s*[)）]|(?<![\d生某本今去当上前后每多近历同○〇零一二三四五六七八九])年\s{0,2}月\s{0,2}日|(?<!\d)20[12]\d\d{1,4}日"
    rf"|(?:数量为?|数为|共计|合计|总计|累计|共有|共收到|达到)\s*{_COUNTED}|(?:信息|推文|申请)(?:数量?)?\s*(?:条|件|篇)(?=[,，。；]|$)"
    r"|(?<![侵抢霸挤强独])占比?\s*(?=[,，。；]|$)|^(?:地址|电话|联系电话|邮编|邮政编码|传真|电子邮箱)\s*[:：]\s*$"
)


def no_other_unit_is_named(rule: Rule, subject: Subject) -> Iterator[Finding | None]:
    """Other governments by name; names, addresses, phones and WeChat accounts of the other units, once a unit and part."""
    yield from _other_authorities(rule, subject)
    whole = "\n".join(passage.folded for passage in subject.everything)
    local = KINDS[subject.report.unit.kind].local
    for unit in subject.report.neighbours:
        facts = (unit.name, unit.wechat_account, unit.address, unit.phone)
        if not any(fact and fact in whole for fact in facts):  # so it is with nearly all of hundreds of units
            yield None
            continue
        seen: set[str] = set()
        for passage in subject.everything:
            if passage.cell in seen:
                continue
            if match := _trace(unit, passage, named=local and KINDS[unit.kind].local):
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


def _trace(unit: Unit, passage: Passage, *, named: bool) -> tuple[str, str] | None:
    """What of a unit stands there; its name only between bodies with a territory, for a 局 works with every town."""
    text = passage.folded
    for kind, fact in (("名称", unit.name if named else None), ("公众号", unit.wechat_account), ("地址", unit.address)):
        if fact and fact in text:
            return kind, fact
    if unit.phone and unit.phone in text and re.search(rf"(?<!\d){re.escape(unit.phone)}(?!\d)", text):
        return "电话", unit.phone
    return None


def unit_speaks_of_itself_rightly(rule: Rule, subject: Subject) -> Iterator[Finding | None]:
    """我镇 in a town, 我街道 in a subdistrict, 我局 in a 局; not asked of one of whom nothing is known."""
    unit = subject.report.unit
    if not (own := own_words(unit.kind, unit.name)):
        return
    clean, seen = True, set()
    for passage in subject.narrative:
        for match in _SELF.finditer(passage.text):
            word = match[0]
            if word in own or (passage.cell, word) in seen:
                continue
            if not word.startswith(("我", "本")) and _belongs_elsewhere(passage.text, match.start()):
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


def years_are_of_the_report(rule: Rule, subject: Subject) -> Iterator[Finding | None]:
    """A year other than the report's stands only in comparisons, citations, titles and plans."""
    year = subject.report.year
    seen: set[tuple[str, int]] = set()
    for passage in subject.narrative:
        text = passage.folded
        for match in _YEAR.finditer(_QUOTATION.sub(lambda found: "#" * len(found[0]), text)):
            found = int(match[1]) if match[1] else chinese_number(match[2])
            if found is None or found == year or (passage.cell, found) in seen:
                yield None
                continue
            begin, end = passage.sentence(match.start())
            sentence = text[begin:end]
            compiled = text.startswith("年1月", match.end())  # 2024年1月编制: when such reports are written
            ahead = found == year + 1 and (passage.part != "overview" or compiled or _LOOKS_AHEAD.search(sentence))
            ahead = ahead or (found > year and (_LOOKS_FAR_AHEAD.search(sentence) or _spans(sentence, found, year)))
            back = found < year and _LOOKS_BACK.search(sentence)
            period = passage.part == "preamble" and re.search(r"1月1日", sentence)  # D-09's business
            if ahead or back or period:
                yield None
                continue
            seen.add((passage.cell, found))
            place = quoted(passage.around(match.start(), match.end()))
            yield fails(rule, passage.label, passage.cell, found, year, place=place)


def _spans(sentence: str, found: int, year: int) -> bool:
    """Whether a year is the end of a span that holds the reporting year: 2021—2025年."""
    spans = ((int(match[1]), int(match[2])) for match in _SPAN.finditer(sentence))
    return any(begin <= year <= end and found in (begin, end) for begin, end in spans)


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
        cited = [(m, f"国办公开办函〔{m[1]}〕{m[2]}号") for m in _FORM_NUMBER.finditer(text) if m[2] in ("30", "60")]
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
    return _none_of(rule, subject, _MISSING)


def _none_of(
    rule: Rule, subject: Subject, pattern: re.Pattern[str], besides: re.Pattern[str] | None = None
) -> Iterator[Finding | None]:
    """`besides`: where it matches, nothing else is looked for."""
    clean = True
    for passage in subject.narrative:
        text = besides.sub(lambda found: " " * len(found[0]), passage.folded) if besides else passage.folded
        for match in pattern.finditer(text):
            clean = False
            place = quoted(passage.around(match.start(), match.end()))
            yield fails(rule, passage.label, passage.cell, match[0], None, place=place)
    if clean:
        yield None


CHECKS: tuple[Check, ...] = (
    no_other_unit_is_named,
    unit_speaks_of_itself_rightly,
    no_foreign_site_is_named,
    years_are_of_the_report,
    ordinance_is_cited_rightly,
    form_is_cited_rightly,
    no_template_text_is_left,
    no_figure_is_missing,
)
