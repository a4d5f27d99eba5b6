"""Predicate about years in the prose: text of another year that was left in.

A year is excused by the words right beside it, never by a word elsewhere in its sentence: 2023年度，我镇共收到申请2件，比去年增加1件
is last year's sentence, whatever it compares.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from nianbao.rules.finding import Check, Finding, fails
from nianbao.rules.judge.markers import CARRIED_ON
from nianbao.rules.judge.numerals import chinese_number
from nianbao.rules.judge.passages import Passage
from nianbao.rules.subject import Subject
from nianbao.statute.rulebook import Rule
from nianbao.wording import quoted

_YEAR = re.compile(r"(?<!\d)(20\d{2})(?=\s?年)|(二[〇零○][〇零○一二三四五六七八九]{2})(?=年)")
_QUOTATION = re.compile(r"《[^》]*》|“[^”]*”|〔[^〕]*〕|「[^」]*」")
_SPAN = re.compile(r"(20\d{2})\s?年?\s?[~至-]+\s?(20\d{2})\s?年")
_CLOSING = re.compile(r"^年\s?(?:12\s?月\s?31\s?日|底|末)")

# What excuses a year before the report's, from the text before it in its clause, or from the text after it.
_BEFORE: tuple[tuple[str, str], ...] = (
    (r"(?:较|比|与|同|相比于?|对比|高于|低于|超过)\s*$", "比2022年增加6条。"),
    (r"(?:自|从)\s*$(?!年1月1日)", "自2019年起施行。"),
    (r"(?:上一?年度?|去年|前一年)[（的]?\s*$", "上年（2022年）公开42条。"),
    (r"于\s*$", "专栏开通于2018年。"),
    (r"(?:同比|环比)[^，。；]{0,14}（\s*$", "公开42条，同比上升9.5%（2022年为38条）。"),
    (r"(?:内容为|内容是|涉及|关于|要求提供|要求公开|申请公开|申请获取)\s*$", "申请公开的内容为2009年征地补偿。"),
    (r"(?<!截)至\s*$", "延续至2022年的任务已完成。"),
)
_AFTER: tuple[tuple[str, str], ...] = (
    (r"年度?的?(?:政府)?信息公开(?:申请|答复|工作)?[^，。；]{0,4}(?:引发|引起|产生)", "办理因2022年度政府信息公开申请引发行政复议1件。"),
    (r"年度?(?:末|底)?[^，。；、]{0,6}(?:结转|转结|转入|遗留|未办结)", "2022年结转1件。"),
    (r"年度?[^，。；]{0,14}(?:预算|决算|预决算|年报|年度报告|工作要点|工作报告|工作总结)", "公开2022年度部门决算。"),
    (r"年度(?:工作)?报告", "2022年度报告提出的问题已整改。"),
    (r"年度?[^，。；]{0,16}(?:考核|考评|测评|评估|检查|督查|巡察|审计|通报|反馈)", "针对2022年政务公开考核中存在的问题，认真查摆。"),
    (r"年(?:\d{1,2}月(?:\d{1,2}日)?)?(?:起|始|以来|以后|之后|开始|前|以前|之前|至今)", "2019年5月15日起施行。"),
    (r"年(?:\d{1,2}月(?:\d{1,2}日)?)?[^，。；]{0,12}(?:施行|实施|印发|修订|修正|制定|出台|颁布|公布|发布|成立|建立|建成|开通|上线|启用)(?:的|后|并|以来|《|$)", "根据2022年修订的《信息发布制度》执行。"),
    (r"年[^，。；]{0,30}(?:以来|相比)", "与2022年的8件相比，减少3件。"),
    (r"年第?[一二三四五六七八九十\d]{1,4}[号届次轮期]", "2022年第3期。"),
    (r"年(?:同期|的\d)", "与2022年同期持平。"),
    (r"年度?(?:存在|发现|查找|指出|列出)[^，。；]{0,14}(?:问题|不足)[^。；]{0,16}(?:整改|解决|销号|改进)", "2022年度存在的3个问题已全部整改。"),
    (r"年?[^，。；]{0,10}(?:规划|五年|十四五|十五五|行动方案|三年行动)", "推进2021年以后的五年规划。"),
)  # fmt: skip
_EXCUSED_BEFORE = re.compile("|".join(pattern for pattern, _ in _BEFORE))
_EXCUSED_AFTER = re.compile("|".join(pattern for pattern, _ in _AFTER))
EXCUSES = tuple(example for _, example in (*_BEFORE, *_AFTER))
"""A sentence for each excuse, as a report of 2023 has it."""

_LOOKS_AHEAD = re.compile(
    r"下一步|下一年|下年|明年|今后|计划|打算|展望|新的一年|将|拟|继续|到20\d{2}年|预算|结转|转入|顺延|要点"
)
_LOOKS_FAR_AHEAD = re.compile(r"到20\d{2}年|规划|五年|十四五|十五五|今后|下一步|计划|行动方案|力争|争取|预算")


def years_are_of_the_report(rule: Rule, subject: Subject) -> Iterator[Finding | None]:
    """A year other than the report's stands only in comparisons, citations, titles and plans."""
    year = subject.report.year
    seen: set[tuple[str, int]] = set()
    for passage in subject.narrative:
        text = _QUOTATION.sub(lambda found: "#" * len(found[0]), passage.folded)
        for match in _YEAR.finditer(text):
            found = int(match[1]) if match[1] else chinese_number(match[2])
            if (
                found is None
                or found == year
                or (passage.cell, found) in seen
                or _is_excused(passage, text, match, found, year)
            ):
                yield None
            else:
                seen.add((passage.cell, found))
                place = quoted(passage.around(match.start(), match.end()))
                yield fails(rule, passage.label, passage.cell, found, year, place=place)


def _is_excused(passage: Passage, text: str, match: re.Match[str], found: int, year: int) -> bool:
    begin, end = passage.sentence(match.start())
    sentence = text[begin:end]
    before, after = text[max(begin, match.start() - 30) : match.start()], text[match.end() : min(end, match.end() + 50)]
    before = re.split("[，：]", before)[-1]
    if passage.part == "preamble" and "1月1日" in sentence:  # D-09's business
        return True
    if re.search(rf"(?<!\d){year}\s?年", sentence) and not _CLOSING.match(after):  # 2022年42条，2023年48条
        return True
    if found > year:
        compiled = after.startswith("年1月")  # 2024年1月编制: when such reports are written
        carried = re.search(rf"{CARRIED_ON}\s?$", before)  # 转2024年办理
        ahead = found == year + 1 and (
            passage.part != "overview" or compiled or carried or _LOOKS_AHEAD.search(sentence)
        )
        return bool(ahead) or _LOOKS_FAR_AHEAD.search(sentence) is not None or _spans(sentence, found)
    if re.match(r"年1月1日", after):
        return False
    return (
        _EXCUSED_BEFORE.search(before) is not None or _EXCUSED_AFTER.match(after) is not None or _spans(sentence, found)
    )


def _spans(sentence: str, found: int) -> bool:
    """Whether a year begins or ends a span of years: 2021-2025年; a period of days within one year is none."""
    return any(str(found) in match.groups() and match[1] != match[2] for match in _SPAN.finditer(sentence))


CHECKS: tuple[Check, ...] = (years_are_of_the_report,)
