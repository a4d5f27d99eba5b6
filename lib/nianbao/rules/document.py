"""Predicates about the head of the document: title, date, number, and the numbers it cites."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from nianbao.errors import AttachmentError
from nianbao.report.attachments import attachment_of, attachments_of
from nianbao.rules.finding import Check, Finding, fails
from nianbao.rules.judge.normalise import normalise
from nianbao.rules.subject import Subject
from nianbao.statute.bodies import body_deadline, government_deadline
from nianbao.statute.rulebook import Rule
from nianbao.wording import chinese_date, enumeration, quoted

_NUMBER = re.compile(r"(?P<authority>[^\W\d_]{2,12})〔(?P<year>20\d{2})〕(?P<serial>[1-9]\d{0,3})号")
_LOOSE_NUMBER = re.compile(
    r"(?P<authority>[^\W\d_]{0,12})[〔\[\uff3b【（(](?P<year>20\d{2})[〕\]\uff3d】）)]\s*第?\s*0*(?P<serial>\d{1,4})\s*号"
)
_YEAR_IN_BRACKETS = re.compile(r"[〔\[\uff3b【（(]20\d{2}[〕\]\uff3d】）)]")
_LEAD = re.compile(r"^[^〔\[【（(]*(?:按照?|依照|遵照|根据|依据|落实|执行|印发)(?=[^〔\[【（(])")
"""What a sentence says before the number that it cites."""
_GOVERNMENT = re.compile(r"[省市县区]人民政府$")
_YEAR = re.compile(r"(?<!\d)(20\d{2})(?!\d)")


def title_names_unit_and_year(rule: Rule, subject: Subject) -> Iterator[Finding | None]:
    """The title names this unit, this year and no other, and the report by its statutory name."""
    report = subject.report
    title = re.sub(r"\s", "", subject.everything[0].folded)
    names = [normalise(name).text for name in (report.unit.name, report.unit.official_name)]
    years = _YEAR.findall(title)
    if not any(name in title for name in names):
        why = f"没有本单位名称{report.unit.name}"
    elif str(report.year) not in years:
        why = f"没有 {report.year} 年"
    elif set(years) != {str(report.year)}:
        why = f"另有 {next(year for year in years if year != str(report.year))} 年"
    elif not title.endswith(report.edition.title):
        why = f"应以“{report.edition.title}”结尾"
    else:
        yield None
        return
    yield fails(rule, "标题", "document.title", quoted(title), None, why=why)


def title_is_not_doubled(rule: Rule, subject: Subject) -> Iterator[Finding | None]:
    """年度 stands once."""
    title = re.sub(r"\s", "", subject.report.title)
    doubled = title.count("年度") > 1
    yield fails(rule, "标题", "document.title", quoted(title), None) if doubled else None


def report_is_dated(rule: Rule, subject: Subject) -> Iterator[Finding | None]:
    """There is a date; where others published a report without one, that is said of the reading."""
    if not subject.report.literal:
        yield fails(rule, "落款日期", "date", None, None) if subject.report.date is None else None


def date_follows_the_year(rule: Rule, subject: Subject) -> Iterator[Finding | None]:
    """Nobody can report a year before it has ended."""
    day, year = subject.report.date, subject.report.year
    if day is not None:
        early = day <= date(year, 12, 31)
        yield fails(rule, "落款日期", "date", chinese_date(day), None, year=year) if early else None


def date_is_in_january(rule: Rule, subject: Subject) -> Iterator[Finding | None]:
    """Dated by 31 January of the next year; the city's own by the day of its level; not asked of others' governments."""
    report = subject.report
    published = report.params.published and report.params.published.date
    day, last = published or report.date, body_deadline(report.year)
    what, cell = ("公布日期", "published.date") if published else ("成文日期", "date")
    if report.bodies:
        last = government_deadline(report.year, report.city.level)
    elif _GOVERNMENT.search(report.unit.official_name):
        return
    if day is not None:
        yield fails(rule, what, cell, chinese_date(day), chinese_date(last), what=what) if day > last else None


def number_is_well_formed(rule: Rule, subject: Subject) -> Iterator[Finding | None]:
    """机关代字〔year〕n号."""
    number = subject.report.params.document.number
    if number is None:
        return
    if _NUMBER.fullmatch(number):
        yield None
        return
    loose = _LOOSE_NUMBER.fullmatch(number)
    right = _written(loose) if loose and loose["authority"] else "机关代字〔年份〕序号号，如晋东政〔2026〕5号"
    yield fails(rule, "文号", "document.number", quoted(number), right)


def number_is_of_the_year_of_issue(rule: Rule, subject: Subject) -> Iterator[Finding | None]:
    """The year in the number is that of the date; without a date, the year after the reporting year."""
    report = subject.report
    match = _LOOSE_NUMBER.fullmatch(report.params.document.number or "")
    if match is None:  # no number, or one that D-06 refuses
        return
    year = report.date.year if report.date else report.year + 1
    found = int(match["year"])
    yield fails(rule, "文号", "document.number", found, year) if found != year else None


def upward_document_names_who_signed(rule: Rule, subject: Subject) -> Iterator[Finding | None]:
    """A numbered document to a people's government, which for every unit is a higher authority, says who signed it."""
    head = subject.report.params.document
    addressee = (head.addressee or "").rstrip("：:").removesuffix("办公室")
    if head.number is None or not _GOVERNMENT.search(addressee):
        return
    yield None if head.signer else fails(rule, "签发人", "document.signer", quoted(addressee), None)


def attachments_can_be_used(rule: Rule, subject: Subject) -> Iterator[Finding | None]:
    """Each attachment that is a file is there, whole, without a password, and not too large; nor are all together."""
    report = subject.report
    given = report.params.document.attachments
    wrong = 0
    for number in range(len(given)):
        try:
            attachment_of(report, number)
        except AttachmentError as error:
            wrong += 1
            yield fails(rule, "附件", f"document.attachments.{number}.file", None, None, wrong=error.wrong)
    if given and not wrong:
        try:
            attachments_of(report)
        except AttachmentError as error:
            yield fails(rule, "附件", "document.attachments", None, None, wrong=error.wrong)
        else:
            yield None


def attachments_can_be_searched(rule: Rule, subject: Subject) -> Iterator[Finding | None]:
    """All that is written in attachments can be searched for personal data; one finding names those that cannot."""
    try:
        found = [one for one in attachments_of(subject.report) if one.file is not None]
    except AttachmentError:
        return  # a finding of its own (D-38)
    if unsearched := [f"{one.label}《{one.name}》" for one in found if not one.searched]:
        yield fails(rule, "附件", "document.attachments", None, None, named=enumeration(unsearched))
    elif found:
        yield None


def cited_numbers_are_well_formed(rule: Rule, subject: Subject) -> Iterator[Finding | None]:
    """Every document number in the narrative stands in six-cornered brackets."""
    for passage in subject.narrative:
        if not _YEAR_IN_BRACKETS.search(passage.folded):  # quick, where the whole pattern is not
            continue
        for match in _LOOSE_NUMBER.finditer(passage.folded):
            if "〔" in match[0] and "〕" in match[0]:
                yield None
                continue
            right = _LEAD.sub("", _written(match))
            found = _LEAD.sub("", match[0])
            yield fails(rule, passage.label, passage.cell, found, right, place=quoted(found))


def _written(match: re.Match[str]) -> str:
    return f"{match['authority']}〔{match['year']}〕{match['serial']}号"


CHECKS: tuple[Check, ...] = (
    title_names_unit_and_year,
    title_is_not_doubled,
    report_is_dated,
    date_follows_the_year,
    date_is_in_january,
    number_is_well_formed,
    number_is_of_the_year_of_issue,
    upward_document_names_who_signed,
    cited_numbers_are_well_formed,
    attachments_can_be_used,
    attachments_can_be_searched,
)
