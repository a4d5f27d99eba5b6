"""The cover letter: 现将…呈报，请审阅."""

from __future__ import annotations

from nianbao.document import markup
from nianbao.document.model import Document, Meta, Paragraph, Run
from nianbao.report import Report
from nianbao.statute.bodies import CITY
from nianbao.wording import chinese_date


def cover_letter(report: Report) -> Document | None:
    """A letter that hands in a report, to the addressee of the report or else to the city's government.

    None for the city's own report where it names no addressee: nobody hands in to himself.
    """
    head = report.params.document
    if report.unit.kind == CITY.name and not head.addressee:
        return None
    addressee = (head.addressee or report.city.official_name).rstrip("：:")
    enclosed = f"《{report.title}》"
    meta = Meta(
        title=(Run(f"{report.unit.official_name}关于呈报{enclosed}的函"),),
        unit=report.unit.id,
        year=str(report.year),
        author=report.unit.official_name,
        date=report.date,
        addressee=f"{addressee}：",
        sample="示例：所附报告的数据为虚构，仅供试用。" if report.params.sample else None,
    )
    closing = [_paragraph(f"附件：{report.title}", markup.ATTACHMENT), _paragraph(meta.author, markup.SIGNATURE)]
    if report.date is not None:
        closing.append(_paragraph(chinese_date(report.date), markup.DATE))
    return Document(meta, (_paragraph(f"现将{enclosed}呈报，请审阅。"), *closing))


def _paragraph(text: str, role: str = "") -> Paragraph:
    return Paragraph((Run(text),), role)
