"""Predicates about the six parts: announced rightly, none empty or perfunctory, nothing prescribed left out."""

from __future__ import annotations

import re
from collections.abc import Iterator

from nianbao.report.prose import TO_FILL
from nianbao.rules.finding import Check, Finding, fails
from nianbao.rules.judge.numerals import small_number
from nianbao.rules.judge.passages import part_label
from nianbao.rules.subject import Subject
from nianbao.statute.bodies import KINDS
from nianbao.statute.rulebook import Rule
from nianbao.wording import enumeration, plain_number, quoted

_PERIOD = re.compile(
    r"(?P<from>\d{4})\s*年\s*(?:1\s*月\s*1\s*日|元旦)起?[^。；\d]{0,4}(?:(?P<to>\d{4})\s*年\s*)?(?:底|12\s*月\s*31\s*日)"
)
_COUNTED = re.compile(r"统计|期限|所列数据|数据(?:的)?(?:起止|时间|时限)|时限|周期")
_PARTS = re.compile(
    r"(?:由|(?<!部)分为?|包括|包含|共|含)[^。；]{0,160}?(?<!第)(?P<count>[一二三四五六七八九十两]|\d)个?(?:大)?部分(?:组成|构成|内容)?"
)
_NOTHING = re.compile(r"(?:(?:本年度?)?(?:暂|均)?(?:无|没有)(?:其他)?(?:需要)?(?:报告的?)?(?:事项)?|/|-+|—+)?[。.]?")
_PROBLEM = re.compile(r"问题|不足|不够|欠缺|薄弱|有待|短板|滞后|不高|不强|不到位|不及时|不规范|不平衡|差距")
_IMPROVEMENT = re.compile(r"改进|整改|措施|下一步|今后|加强|加大|完善|健全|提升|提高|强化|拓宽|推进|规范|深化|优化")
_FEE = re.compile(r"信息处理费|处理费|收费通知|收取.{0,6}费|费用|收费")
_NO_FEE = re.compile(
    r"(?:没有|未|无|不|不曾)(?:产生|发生|收取|收|涉及|存在|需)*(?:过|任何|相关|政府信息公开|信息公开|的)*(?:信息)?(?:处理)?(?:费用?|收费)(?!通知)"
)

SHORTEST_PROBLEMS = 80
"""A part five of fewer Chinese characters than this is perfunctory (of the reports read, the shortest sound one had 130)."""

_MATTERS = {
    "主动公开": re.compile(r"主动公开|主动.{0,8}公开|公开(?:各类|各项)?(?:政府|政务)信息"),
    "依申请公开": re.compile(
        r"依申请|申请公开|公开申请|(?:受理|收到|接到|办理|答复).{0,12}申请|申请.{0,8}(?:公开|答复|办理)"
    ),
    "政府信息管理": re.compile(
        r"信息.{0,10}(?:管理|审核|审查|清理|动态调整)|(?:管理|审核|审查|清理).{0,10}信息|信息资源|规范性文件|保密审查|三审三校"
    ),
    "平台建设": re.compile(r"平台|网站|专栏|公众号|新媒体|栏目|渠道"),
    "监督保障": re.compile(r"监督|保障|考核|评议|培训"),
}
_ACCOUNTABILITY = {
    "工作考核": re.compile(r"考核|考评"),
    "社会评议": re.compile(r"评议"),
    "责任追究": re.compile(r"追究|问责|追责"),
}


def period_is_the_reporting_year(rule: Rule, subject: Subject) -> Iterator[Finding | None]:
    """Wherever the narrative states a period from 1 January to 31 December, it is the reporting year's."""
    year = subject.report.year
    for passage in subject.narrative:
        for match in _PERIOD.finditer(passage.folded):
            years = {match["from"], match["to"] or match["from"]}
            right = f"{year}年1月1日至{year}年12月31日"
            sound = years == {str(year)} or passage.part != "preamble"  # elsewhere D-15 asks about years
            yield None if sound else fails(rule, passage.label, passage.cell, quoted(match[0]), right)


def period_is_named(rule: Rule, subject: Subject) -> Iterator[Finding | None]:
    """The preamble states the period, or part one says of its figures what they cover."""
    named = any(_PERIOD.search(passage.folded) for passage in subject.part("preamble")) or any(
        _COUNTED.search(passage.folded[slice(*passage.sentence(match.start()))])
        for passage in subject.part("overview")
        for match in _PERIOD.finditer(passage.folded)
    )
    part = "preamble" if subject.part("preamble") or not subject.report.literal else "overview"  # others may have none
    yield None if named else fails(rule, part_label(subject.report, part), f"narrative.{part}", None, None)


def six_parts_are_announced(rule: Rule, subject: Subject) -> Iterator[Finding | None]:
    """由六部分组成, not 五."""
    parts = len(subject.report.edition.parts)
    for passage in subject.part("preamble"):
        for match in _PARTS.finditer(passage.folded):
            count = small_number(match["count"])
            yield None if count == parts else fails(rule, passage.label, passage.cell, count, parts)


def written_parts_are_there(rule: Rule, subject: Subject) -> Iterator[Finding | None]:
    """Parts one, five and six are prose and none is empty."""
    for key in ("overview", "problems", "other"):
        empty = not subject.text(key).strip()
        yield fails(rule, part_label(subject.report, key), f"narrative.{key}", None, None) if empty else None


def no_part_heading_is_repeated(rule: Rule, subject: Subject) -> Iterator[Finding | None]:
    """A line that is one of the six headings was pasted: the headings are printed anyway. （二）… is a sub-heading."""
    headings = {re.sub(r"\W", "", part.heading) for part in subject.report.edition.parts}
    clean = True
    for passage in subject.narrative:
        if not passage.folded.lstrip().startswith("（") and re.sub(r"\W", "", passage.folded) in headings:
            clean = False
            yield fails(rule, passage.label, passage.cell, quoted(passage.text.strip()), None)
    if clean:
        yield None


def problems_are_not_perfunctory(rule: Rule, subject: Subject) -> Iterator[Finding | None]:
    """Part five names problems and improvements at some length."""
    text = subject.text("problems").strip()
    if not text:  # D-20's business
        return
    length = len(re.findall(r"[\u4e00-\u9fff]", text))
    if _NOTHING.fullmatch(text):
        why = f"只写{quoted(text)}"
    elif length < SHORTEST_PROBLEMS:
        why = f"只有 {length} 个字"
    elif not _PROBLEM.search(text):
        why = "没有写问题"
    elif not _IMPROVEMENT.search(text):
        why = "没有写改进"
    else:
        yield None
        return
    yield fails(rule, part_label(subject.report, "problems"), "narrative.problems", length, None, why=why)


def charged_fee_is_reported(rule: Rule, subject: Subject) -> Iterator[Finding | None]:
    """A fee that was charged is reported in part six, and not denied there."""
    fees = subject.report.params.fees
    notices, amount = fees.notices or 0, fees.amount or 0
    if not notices and not amount:
        return
    text, label = subject.text("other"), part_label(subject.report, "other")
    denied = _NO_FEE.search(text) if amount else None
    if _FEE.search(text) and denied is None:
        yield None
        return
    why = f"写的是{quoted(denied[0])}" if denied else "没有写信息处理费"
    yield fails(rule, label, "narrative.other", notices, None, amount=plain_number(amount), why=why)


def fee_is_mentioned(rule: Rule, subject: Subject) -> Iterator[Finding | None]:
    """Part six mentions the fee, zero included; a fee that was charged is D-22's business."""
    fees = subject.report.params.fees
    if fees.notices or fees.amount or not subject.text("other").strip():
        return
    mentioned = _FEE.search(subject.text("other"))
    yield None if mentioned else fails(rule, part_label(subject.report, "other"), "narrative.other", None, None)


def town_reports_accountability(rule: Rule, subject: Subject) -> Iterator[Finding | None]:
    """工作考核、社会评议、责任追究; article 50 (4) binds governments only."""
    if KINDS[subject.report.unit.kind].government:
        yield from _covers(rule, subject, _ACCOUNTABILITY, "overview", "problems", "other")


def overview_covers_five_matters(rule: Rule, subject: Subject) -> Iterator[Finding | None]:
    """The five matters of part one."""
    if subject.text("overview").strip():
        yield from _covers(rule, subject, _MATTERS, "overview")


def _covers(rule: Rule, subject: Subject, matters: dict[str, re.Pattern[str]], *parts: str) -> Iterator[Finding | None]:
    text = "\n".join(subject.text(part) for part in parts)
    missing = enumeration(name for name, pattern in matters.items() if not pattern.search(text))
    if not missing:
        yield None
        return
    yield fails(rule, part_label(subject.report, parts[0]), f"narrative.{parts[0]}", missing, None, missing=missing)


def nothing_is_left_to_fill_in(rule: Rule, subject: Subject) -> Iterator[Finding | None]:
    """No mark 〔待填〕 stands in what is printed, and no class or channel lacks its count."""
    clean = True
    for passage in subject.everything:
        if match := TO_FILL.search(passage.text):
            clean = False
            start, end = passage.sentence(match.start())
            yield fails(rule, passage.label, passage.cell, quoted(passage.text[start:end]), None)
    if pending := subject.report.disclosure.pending:
        clean = False
        names = enumeration(quoted(name) for name in pending)
        yield fails(rule, "公开分类和渠道", "disclosure", f"{names}的条数", None)
    if clean:
        yield None


CHECKS: tuple[Check, ...] = (
    nothing_is_left_to_fill_in,
    period_is_the_reporting_year,
    period_is_named,
    six_parts_are_announced,
    written_parts_are_there,
    no_part_heading_is_repeated,
    problems_are_not_perfunctory,
    charged_fee_is_reported,
    fee_is_mentioned,
    town_reports_accountability,
    overview_covers_five_matters,
)
