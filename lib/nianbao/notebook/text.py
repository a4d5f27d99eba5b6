"""What a report says in words, section by section, as the HTML that a notebook's cells show."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from nianbao.charts import charts_of
from nianbao.document import markup
from nianbao.document.markup import Fragment, element, fragment
from nianbao.report import Report
from nianbao.report.attachments import Attached, attachments_of
from nianbao.report.pictures import PictureFile, load_picture
from nianbao.report.prose import HeadingLine, Line, ParagraphLine, PictureLine, render
from nianbao.rules import CheckResult, checked
from nianbao.rules.waivers import printed_notes
from nianbao.wording import chinese_date

SAMPLE_TEXT = "示例：本报告的数据为虚构，仅供试用。"


def text_of(report: Report, part: str) -> Fragment:
    """What a section shows beside its table: all of it where the section has none.

    Parameters
    ----------
    part : str
        ``opening``, a part of the form (``overview``, ``disclosure``, …) or ``closing``.
    """
    match part:
        case "opening":
            return _opening(report)
        case "overview":
            return _overview(report)
        case "closing":
            return _closing(report)
        case _:
            return _paragraphs(report, part)


TABLES = {"disclosure": "t2", "applications": "t3", "disputes": "t4"}
"""Part → the table that stands in it."""


def notes_of(report: Report, part: str) -> Fragment:
    """What stands under the table of a part: the notes of the waivers that hold."""
    notes = printed_notes(report, checked(report).findings, TABLES[part])
    return fragment(element("p", note, markup.NOTE) for note in notes)


def _opening(report: Report) -> Fragment:
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
    if (published := report.params.published) and published.index_number:
        identity["index"] = published.index_number
    elements.append(element("h1", report.title, markup.TITLE, **identity))
    if document.addressee:
        elements.append(element("p", document.addressee.rstrip("：:") + "：", markup.ADDRESSEE))
    return fragment(elements) + _paragraphs(report, "preamble")


def draft_text(result: CheckResult) -> str:
    """Why a report is a draft, in one line."""
    codes = "、".join(dict.fromkeys(finding.rule for finding in result.blocking))
    return f"草稿：有{len(result.blocking)}个问题未解决（{codes}），不得发布。"


def _overview(report: Report) -> Fragment:
    """Part one, 总体情况, with the charts below the sections that they belong to."""
    lines = render(report, "overview")
    elements = [_element(report, "overview", line) for line in lines]
    charts = [(_end_of_section(lines, placed.section), placed.chart) for placed in charts_of(report)]
    for position, chart in reversed(charts):
        elements.insert(position, chart.html)
    return fragment(elements)


def _closing(report: Report) -> Fragment:
    """Note on attachments, signature, date, remark and colophon, and what follows of the attachments."""
    document = report.params.document
    attachments = attachments_of(report)
    if len(attachments) == 1:
        elements = [element("p", f"附件：{attachments[0].noted}", markup.ATTACHMENT)]
    else:
        elements = [
            element("p", f"{'附件：' if number == 1 else ''}{number}.{one.noted}", markup.ATTACHMENT)
            for number, one in enumerate(attachments, start=1)
        ]
    elements.append(element("p", report.unit.official_name, markup.SIGNATURE))
    if report.date:
        elements.append(element("p", chinese_date(report.date), markup.DATE))
    if document.disclosure:
        elements.append(element("p", f"（{document.disclosure.strip('（）')}）", markup.REMARK))
    if (colophon := document.colophon) is not None:
        if colophon.copies:
            elements.append(element("p", f"抄送：{'，'.join(colophon.copies)}。", markup.COPIES))
        elements.append(element("p", colophon.issuer, markup.ISSUER))
        elements.append(element("p", f"{chinese_date(colophon.date)}印发", markup.ISSUED))
    return fragment([*elements, *(piece for one in attachments for piece in _enclosed(one))])


def _enclosed(attached: Attached) -> Iterator[str]:
    """The pages of an attachment, below its label and its name (GB/T 9704-2012, 7.3.6)."""
    if attached.pages:
        yield element("p", attached.label, markup.ENCLOSURE)
        yield element("h2", attached.name)
        for page in attached.pages:
            yield f'<figure class="{markup.PAGE}"><img src="{page.uri}" alt="{escape(page.alt)}"></figure>'


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
