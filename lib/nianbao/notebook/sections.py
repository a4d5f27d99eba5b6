"""What the cells of the report notebook show, section by section."""

from __future__ import annotations

from html import escape
from typing import Any

from nianbao.charts import charts_of
from nianbao.document import markup
from nianbao.document.markup import Fragment, element, fragment
from nianbao.notebook.chinese_charts import draw_chinese
from nianbao.report import Report
from nianbao.report.pictures import PictureFile, load_picture
from nianbao.report.prose import HeadingLine, Line, ParagraphLine, PictureLine, render
from nianbao.rules import CheckResult, checked
from nianbao.tables import (
    FormTable,
    applications_table,
    deadlines_table,
    disclosure_table,
    disputes_table,
    findings_table,
    months_table,
)
from nianbao.wording import chinese_date

draw_chinese()  # in a kernel that JupyterLab started, where nobody else says it

SAMPLE_TEXT = "示例：本报告的数据为虚构，仅供试用。"


def panel(report: Report) -> Any:
    """The check panel: every finding, what fails first. Never published."""
    return findings_table(checked(report))


def casework(report: Report) -> Fragment:
    """What the registers tell beside the form: periods, months, what was left out. Never published.

    Nothing where the unit keeps no registers.
    """
    registers = report.registers
    if registers is None:
        return fragment(())
    tables = (deadlines_table(registers), months_table(registers))
    notes = [element("li", note) for note in registers.notes]
    shown = [table.as_raw_html() for table in tables if table is not None]
    return fragment([*shown, *(["<p>读登记簿时：</p>", "<ul>", *notes, "</ul>"] if notes else [])])


def opening(report: Report) -> Fragment:
    """Marks of a draft or a sample, red head, title, addressee and preamble."""
    document, authority = report.params.document, report.unit.official_name
    elements: list[str] = []
    result = checked(report)
    if not result.ready:
        elements.append(element("p", draft_text(result), markup.DRAFT))
    if report.params.sample:
        elements.append(element("p", SAMPLE_TEXT, markup.SAMPLE))
    if document.number is not None if document.red_head is None else document.red_head:
        elements.append(element("p", f"{authority}文件", markup.RED_HEAD))
    if document.number:
        elements.append(element("p", document.number, markup.DOCUMENT_NUMBER))
    if document.signer:
        elements.append(element("p", document.signer, markup.SIGNER))
    identity = {
        "unit": report.unit.id,
        "year": str(report.year),
        "author": authority,
        "date": report.date.isoformat() if report.date else "",
    }
    elements.append(element("h1", report.title, markup.TITLE, **identity))
    if document.addressee:
        elements.append(element("p", document.addressee.rstrip("：:") + "：", markup.ADDRESSEE))
    return fragment(elements) + _paragraphs(report, "preamble")


def draft_text(result: CheckResult) -> str:
    """Why a report is a draft, in one line."""
    codes = "、".join(dict.fromkeys(finding.rule for finding in result.blocking))
    return f"草稿：有 {len(result.blocking)} 个问题未解决（{codes}），不得发布。"


def overview(report: Report) -> Fragment:
    """Part one, 总体情况, with the charts below the sections that they belong to."""
    lines = render(report, "overview")
    elements = [_element(report, "overview", line) for line in lines]
    charts = [(_end_of_section(lines, placed.section), placed.chart) for placed in charts_of(report)]
    for position, chart in reversed(charts):
        elements.insert(position, chart.html)
    return fragment(elements)


def disclosure(report: Report) -> Fragment | FormTable:
    """Part two: the table, after its text where there is one."""
    return _with_text(report, "disclosure", disclosure_table(report))


def applications(report: Report) -> Fragment | FormTable:
    """Part three: the table, after its text where there is one."""
    return _with_text(report, "applications", applications_table(report))


def disputes(report: Report) -> Fragment | FormTable:
    """Part four: the table, after its text where there is one."""
    return _with_text(report, "disputes", disputes_table(report))


def problems(report: Report) -> Fragment:
    """Part five, 存在的主要问题及改进情况."""
    return _paragraphs(report, "problems")


def other(report: Report) -> Fragment:
    """Part six, 其他需要报告的事项."""
    return _paragraphs(report, "other")


def closing(report: Report) -> Fragment:
    """Attachments, signature and date."""
    attachments = report.params.document.attachments
    if len(attachments) == 1:
        elements = [element("p", f"附件：{attachments[0]}", markup.ATTACHMENT)]
    else:
        elements = [
            element("p", f"{'附件：' if number == 1 else ''}{number}.{name}", markup.ATTACHMENT)
            for number, name in enumerate(attachments, start=1)
        ]
    elements.append(element("p", report.unit.official_name, markup.SIGNATURE))
    if report.date:
        elements.append(element("p", chinese_date(report.date), markup.DATE))
    return fragment(elements)


def _end_of_section(lines: tuple[Line, ...], heading: str) -> int:
    """The position after the section whose heading holds these words; after all lines where there is none."""
    inside = False
    for position, line in enumerate(lines):
        head = (
            line.text
            if isinstance(line, HeadingLine)
            else line.text[: line.lead]
            if isinstance(line, ParagraphLine)
            else ""
        )
        if head and inside:
            return position
        inside = inside or heading in head
    return len(lines)


def _with_text(report: Report, part: str, table: FormTable) -> Fragment | FormTable:
    text = _paragraphs(report, part)
    return text + Fragment(table.as_raw_html()) if text.html else table


def _paragraphs(report: Report, part: str) -> Fragment:
    return fragment(_element(report, part, line) for line in render(report, part))


def _element(report: Report, part: str, line: Line) -> str:
    match line:
        case HeadingLine(text):
            return element("h3", text)
        case PictureLine():
            return _figure(load_picture(report, part, line))
        case ParagraphLine(text, _, lead) if lead:
            return f"<p>{element('span', text[:lead], markup.LEAD)}{escape(text[lead:], quote=False)}</p>"
        case ParagraphLine(text):
            return element("p", text)


def _figure(picture: PictureFile) -> str:
    caption = escape(picture.caption)
    return f'<figure><img src="{picture.uri}" alt="{caption}"><figcaption>{caption}</figcaption></figure>'
