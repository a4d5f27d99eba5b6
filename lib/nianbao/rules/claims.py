"""Predicates about what the prose claims in words: all handled, none received, all upheld; and about its dates."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from nianbao.report import Report
from nianbao.rules.finding import Check, Finding, fails
from nianbao.rules.judge.matters import Matter
from nianbao.rules.judge.passages import Passage
from nianbao.rules.judge.reading import Stretch
from nianbao.rules.subject import Subject
from nianbao.statute.rulebook import Rule
from nianbao.wording import enumeration, quoted

_ALL_HANDLED = re.compile(
    r"(?<![未没不非])(?:全部|均已?|都已?|全都|已全部|悉数)(?:已经?|按时|依法|依规|按期|如期|及时|规范|妥善|在(?:规定|法定|办理)(?:的)?(?:期限|时限|时间|工作日)内|按(?:照)?(?:有关|相关)?(?:规定|要求|程序|流程)|予以|进行了?|完成|给予|作出了?|对申请人|、|，)*"
    r"(?:办结|办理完毕|办理完成|处理完毕|答复|回复|办复)|(?<!按时)(?<!按期)(?<!时限)(?:办结|答复|办理|回复)率(?:均|达到?|为|：)*(?:100(?:\.0+)?%|百分之?百)"
)
_OF_SOME = re.compile(r"到期|应办结|应答复|应在|上年|去年|结转|转结|顺延|尚未|其余|剩余|除|复议|诉讼")
_NONE_RECEIVED = re.compile(
    r"(?:(?:未|没有|未曾|均未|无)(?:收到|接到|受理|接收|新收)(?:过|任何)?|没有)(?P<whose>[^，。；]{0,30}?)(?:依申请公开|(?:政府)?信息公开(?:的)?申请|公开(?:政府)?信息(?:的)?申请|公开申请|申请公开)"
    r"|(?:依申请公开|公开申请)(?:的)?(?:申请)?(?:总)?(?:件数|数量|数|量)?(?:为|是|：|:)\s*(?:零|0)(?=\s*(?:[，,。；;、）)]|$))"
    r"|(?:依申请公开|信息公开)[^，。；]{0,6}零申请|无人申请(?:公开)?(?:政府)?信息"
    r"|(?<![并绝])无(?:政府信息公开|信息公开|依申请公开)(?:的)?(?:申请|事项|情况|件)"
)
_NOT_PUBLIC = re.compile(r"复议|诉讼|举报|投诉|收费|逾期|不予|超期|撤|上年|去年|结转|尚未|部分公开|无法提供")
_ALL_UPHELD = re.compile(
    r"(?<![未没不非])(?:全部|均|都)(?:被|予以|得到|获|依法|判决|裁定|决定|结果|作出了?|是|为|了|的)*维持|(?:维持率|维持比例)(?:达到?|为)?(?:100(?:\.0+)?%|百分之?百)"
)
_CLOSED_ONES = re.compile(r"已审结|已结案|已办结|审结的|结案的")
_NO_DISPUTE = re.compile(
    r"(?:未|没有|无|未曾|均未|不存在)(?:发生|出现|收到|产生|引发|引起|被|有|因|涉及)*[^，。；]{0,24}?(?:行政复议|行政诉讼|复议|诉讼|应诉)[^，。；]{0,12}"
    r"|(?:复议|诉讼)[^，。；\d]{0,12}(?:均|都)(?:为|是)?\s*(?:0|零)(?:\s*[件起宗例])?(?!\d)"
)
_NOT_NONE = re.compile(r"未经复议|纠正|纠错|败诉|撤销|超期|逾期|不服|上年|去年|之外|以外")
_DATE = re.compile(r"(?:(?P<year>20\d{2})\s*年\s*)?(?<!\d)(?P<month>\d{1,2})\s*月\s*(?P<day>\d{1,2})\s*[日号]")
_NO_PERCENT = re.compile(
    r"(?:率|占比|比例|比重|占总数的|占总量的|占)(?:达到?|为|是|约|高达|提升至|提高到|仅|：|:|\s)*(?P<number>\d+(?:\.\d+)?)(?=[，。；,;、）)]|$)"
)

_GROUP_NAMES = (("复议", ("review",), "行政复议"), ("诉讼", ("direct", "after_review"), "行政诉讼"))


def _clauses(subject: Subject, pattern: re.Pattern[str]) -> Iterator[tuple[Passage, re.Match[str], str, str]]:
    """Every match in the narrative, with its clause and its sentence (the heading above included)."""
    for stretch in subject.reading.stretches:
        for claim in stretch.claims(pattern):
            text, match = claim.passage.folded, claim.match
            begin, end = claim.passage.sentence(match.start())
            low = max(text.rfind(mark, begin, match.start()) for mark in "，,：:") + 1
            clause = text[max(begin, low) : next((i for i in range(match.end(), end) if text[i] in "，,"), end)]
            yield claim.passage, match, clause, f"{text[begin:end]}\n{claim.heading}"


def _count(report: Report, *keys: str) -> int:
    """The sum of those cells that are numbers (the others are other rules' business)."""
    return int(sum(report.cells[key].number for key in keys if report.cells[key].is_number))


def all_handled_means_none_carried_over(rule: Rule, subject: Subject) -> Iterator[Finding | None]:
    """全部办结 while an application is carried over; one finding a sentence."""
    carried = _count(subject.report, "t3.carried_out.total")
    for stretch in subject.reading.stretches:
        told: set[int] = set()
        for claim in stretch.claims(_ALL_HANDLED):
            begin, end = stretch.sentence(claim.at)
            if begin in told or _OF_SOME.search(stretch.text[begin:end]) or not _claims_all(stretch, claim.at):
                continue
            told.add(begin)
            if not carried:
                yield None
                continue
            place = quoted(claim.passage.around(*claim.match.span()))
            yield fails(rule, claim.passage.label, claim.passage.cell, claim.match[0], carried, place=place)


def _claims_all(stretch: Stretch, at: int) -> bool:
    """Whether the words are of every application: they govern the last figure, and that is no count of what was answered."""
    last = stretch.last_quantity(at)
    if last is None:
        return stretch.binder.matter_at(at) is Matter.APPLICATION
    quotation = next((one for one in stretch.quotations if one.index == last), None)
    if quotation is None:
        return False
    of_applications = re.search("^申请", stretch.places[last].right) is not None and not quotation.agrees
    return quotation.cell == "t3.received.total" or of_applications


def _denials(subject: Subject) -> Iterator[tuple[Passage, str]]:
    """Where the prose says that no application was received, in words."""
    for passage, match, clause, _ in _clauses(subject, _NONE_RECEIVED):
        whose = match["whose"] or ""
        of_some = re.search(r"法人|组织|企业", whose) and not re.search(r"公民|自然人|个人", whose)
        if not of_some and not _NOT_PUBLIC.search(clause):
            yield passage, passage.around(match.start(), match.end(), 4)


def none_received_means_none_in_the_table(rule: Rule, subject: Subject) -> Iterator[Finding | None]:
    """未收到申请 while the table has some."""
    received = _count(subject.report, "t3.received.total")
    for passage, place in _denials(subject):
        yield fails(rule, passage.label, passage.cell, 0, received, place=quoted(place)) if received else None


def no_application_leaves_no_outcome(rule: Rule, subject: Subject) -> Iterator[Finding | None]:
    """No application received, none carried in, and yet a cell of part three is not 0 (as in 永和镇 2023)."""
    report = subject.report
    if _count(report, "t3.received.total", "t3.carried_in.total"):
        return
    zeros = [
        (figure.passage, figure.quote())
        for stretch in subject.reading.stretches
        for quotation in stretch.quotations
        if quotation.cell == "t3.received.total" and (figure := stretch.figures[quotation.index]).number == 0
    ]
    fields = [field for field in report.edition.t3.fields if _count(report, field.key)]
    for passage, place in (*zeros, *_denials(subject)):
        if not fields:
            yield None
            continue
        cells = enumeration(f"{field.label}为 {report.cells[field.key].text}" for field in fields[:5])
        cells += "等" if len(fields) > 5 else ""
        yield fails(rule, passage.label, passage.cell, 0, len(fields), place=quoted(place), cells=cells)


def all_upheld_means_no_other_result(rule: Rule, subject: Subject) -> Iterator[Finding | None]:
    """全部维持 while cases were corrected or are pending."""
    report = subject.report
    names = {column.key: column.label for column in report.edition.t4.results}
    for passage, match, clause, sentence in _clauses(subject, _ALL_UPHELD):
        groups = [group for word, keys, _ in _GROUP_NAMES if word in sentence for group in keys]
        fine = {"upheld", "pending"} if _CLOSED_ONES.search(clause) else {"upheld"}
        others = {
            name: count
            for key, name in names.items()
            if key not in fine and (count := _count(report, *(f"t4.{group}.{key}" for group in groups)))
        }
        if not others:
            yield None
            continue
        cells = enumeration(f"{name} {count} 件" for name, count in others.items())
        place = quoted(passage.around(match.start(), match.end()))
        yield fails(rule, passage.label, passage.cell, match[0], sum(others.values()), place=place, cells=cells)


def no_dispute_means_none_in_the_table(rule: Rule, subject: Subject) -> Iterator[Finding | None]:
    """未发生行政复议、行政诉讼 while the table has some."""
    for passage, match, clause, _ in _clauses(subject, _NO_DISPUTE):
        if _NOT_NONE.search(clause):
            continue
        for word, groups, name in _GROUP_NAMES:
            if word not in clause:
                continue
            total = _count(subject.report, *(f"t4.{group}.total" for group in groups))
            place = quoted(passage.around(match.start(), match.end(), 0))
            sound = not total
            yield None if sound else fails(rule, passage.label, passage.cell, 0, total, place=place, name=name)


def dates_exist(rule: Rule, subject: Subject) -> Iterator[Finding | None]:
    """No 2月30日; without a year a date is of the reporting year."""
    for passage in subject.narrative:
        for match in _DATE.finditer(passage.folded):
            year = int(match["year"] or subject.report.year)
            try:
                date(year, int(match["month"]), int(match["day"]))
            except ValueError:
                place = quoted(passage.around(match.start(), match.end()))
                yield fails(rule, passage.label, passage.cell, match[0], None, place=place)
            else:
                yield None


def percent_signs_are_there(rule: Rule, subject: Subject) -> Iterator[Finding | None]:
    """办结率达100 wants its %."""
    clean = True
    for passage in subject.narrative:
        for match in _NO_PERCENT.finditer(passage.folded):
            clean = False
            place = quoted(passage.around(match.start(), match.end()))
            yield fails(rule, passage.label, passage.cell, match["number"], None, place=place)
    if clean:
        yield None


CHECKS: tuple[Check, ...] = (
    all_handled_means_none_carried_over,
    none_received_means_none_in_the_table,
    no_application_leaves_no_outcome,
    all_upheld_means_no_other_result,
    no_dispute_means_none_in_the_table,
    dates_exist,
    percent_signs_are_there,
)
