"""Published reports made from the form itself: every cell holds another number, so a number in a wrong cell shows."""

from __future__ import annotations

import io
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal

import docx
from docx.document import Document
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from nianbao.published import PublishedReport, recognise
from nianbao.published.source import parse_source
from nianbao.statute import Edition, Kind

TEXT_WIDTH = 8640
"""Twips between the margins of a page of python-docx."""
YEARS = {"2019": 2020, "2021": 2023}


def numbers(edition: Edition) -> dict[str, int | Decimal]:
    """Another number for every cell, some of four and seven digits."""
    values: dict[str, int | Decimal] = {}
    for index, field in enumerate(edition.fields.values()):
        number = 11 + index * 7 + (1_000 if index % 5 == 0 else 0) + (1_000_000 if index % 31 == 0 else 0)
        if field.kind is Kind.MONEY:
            values[field.key] = Decimal(f"{number}.457379")
        else:
            values[field.key] = -number if field.kind is Kind.CHANGE and index % 2 else number
    return values


def zeros(edition: Edition) -> dict[str, int | Decimal]:
    return dict.fromkeys(edition.fields, 0)


@dataclass(frozen=True)
class Td:
    text: str
    rowspan: int = 1
    colspan: int = 1


Rows = list[list[Td]]


def plain_td(cell: Td) -> str:
    spans = f' rowspan="{cell.rowspan}"' if cell.rowspan > 1 else ""
    spans += f' colspan="{cell.colspan}"' if cell.colspan > 1 else ""
    return f"<td{spans}>{cell.text}</td>"


def table(rows: Rows, td: Callable[[Td], str] = plain_td) -> str:
    return "<table>" + "".join(f"<tr>{''.join(map(td, row))}</tr>\n" for row in rows) + "</table>"


def text_of(value: int | Decimal | str) -> str:
    return f"{value:f}" if isinstance(value, Decimal) else str(value)


def part_two(edition: Edition, values: Mapping[str, int | Decimal | str]) -> Rows:
    width = max(len(block.columns) for block in edition.t2.blocks)
    rows: Rows = []
    for block in edition.t2.blocks:
        last = width - len(block.columns) + 1
        spans = [1] * (len(block.columns) - 1) + [last]
        rows.append([Td(block.clause, 1, width + 1)])
        heads = [Td(column.label, 1, span) for column, span in zip(block.columns, spans, strict=True)]
        rows.append([Td(edition.t2.item_head), *heads])
        for item in block.items:
            keys = [f"t2.{item.key}.{column.key}" for column in block.columns]
            cells = [Td(text_of(values[key]), 1, span) for key, span in zip(keys, spans, strict=True)]
            rows.append([Td(item.label), *cells])
    return rows


def part_three(
    edition: Edition, values: Mapping[str, int | Decimal | str], labels: Mapping[str, str] | None = None
) -> Rows:
    form = edition.t3
    natural, *legal, total = (column.label for column in form.columns)
    rows: Rows = [
        [Td(form.corner, 3, 3), Td(form.head, 1, 7)],
        [Td(natural, 2), Td(form.legal_person_head, 1, 5), Td(total, 2)],
        [Td(label) for label in legal],
    ]
    seen: set[str] = set()
    for row in form.rows:
        cells = []
        for depth, label in enumerate(row.stub):
            if label in seen and depth < len(row.stub) - 1:
                continue
            below = sum(1 for other in form.rows if other.stub[: depth + 1] == row.stub[: depth + 1])
            last = depth == len(row.stub) - 1
            shown = (labels or {}).get(row.key, label) if last else label
            cells.append(Td(shown, below, 3 - depth if last else 1))
            seen.add(label)
        rows.append(cells + [Td(text_of(values[f"t3.{row.key}.{column.key}"])) for column in form.columns])
    return rows


def part_four(edition: Edition, values: Mapping[str, int | Decimal | str]) -> Rows:
    form = edition.t4
    results = [column.label for column in form.columns]
    review, direct, after = form.groups
    return [
        [Td(review.heads[0], 1, 5), Td(direct.heads[0], 1, 10)],
        [*(Td(label, 2) for label in results), Td(direct.heads[1], 1, 5), Td(after.heads[1], 1, 5)],
        [Td(label) for label in results * 2],
        [Td(text_of(values[f"t4.{group.key}.{column.key}"])) for group in form.groups for column in form.columns],
    ]


PREAMBLE = "根据《中华人民共和国政府信息公开条例》规定，编制本报告。统计期限自{year}年1月1日至{year}年12月31日。"
TEXTS = {
    "overview": "{year}年，我镇主动公开政府信息12条。",
    "disclosure": "",
    "applications": "",
    "disputes": "",
    "problems": "一是公开渠道有待拓宽。",
    "other": "本年度未收取信息处理费。",
}


def page(
    edition: Edition,
    values: Mapping[str, int | Decimal | str],
    td: Callable[[Td], str] = plain_td,
    paragraph: Callable[[str], str] = "<p>{}</p>".format,
    tables: Mapping[str, str] | None = None,
) -> str:
    """A whole page with navigation around the report."""
    year = YEARS[edition.name]
    own = {
        "disclosure": table(part_two(edition, values), td),
        "applications": table(part_three(edition, values), td),
        "disputes": table(part_four(edition, values), td),
        **(tables or {}),
    }
    parts = []
    for part in edition.parts:
        parts.append(paragraph(part.heading))
        if TEXTS[part.key]:
            parts.append(paragraph(TEXTS[part.key].format(year=year)))
        parts.append(own.get(part.key, ""))
    return "\n".join(
        [
            "<html><head><title>政府信息公开年报_网站</title><script>var total = 99;</script></head><body>",
            "<div>首页</div><ul><li><a href='/'>政务公开</a></li><li>互动交流</li></ul>",
            f"<h1>石狮市蚶江镇{year}年政府信息公开工作年度报告</h1>",
            f"<div>发布时间：{year + 1}-01-20 浏览量：35</div>",
            paragraph(PREAMBLE.format(year=year)),
            *parts,
            paragraph("石狮市蚶江镇人民政府"),
            paragraph(f"{year + 1}年1月20日"),
            "<div>上一篇：通知公告</div><div>主办：石狮市人民政府 闽ICP备00000000号</div></body></html>",
        ]
    )


def laid_out(rows: Rows) -> list[list[str]]:
    """Rows of fields with a blank one for every place that a merged cell covers beside its first."""
    covered: set[tuple[int, int]] = set()
    grid: list[list[str]] = []
    for y, row in enumerate(rows):
        line: list[str] = []
        for cell in row:
            while (y, len(line)) in covered:
                line.append("")
            x = len(line)
            covered |= {(y + dy, x + dx) for dy in range(1, cell.rowspan) for dx in range(cell.colspan)}
            line += [cell.text, *[""] * (cell.colspan - 1)]
        while (y, len(line)) in covered:
            line.append("")
        grid.append(line)
    return grid


def tabbed(rows: Rows) -> str:
    return "\n".join("\t".join(line) for line in laid_out(rows))


def unmerged(rows: Rows) -> str:
    """Tabs, and no field for what a merged cell covers."""
    return "\n".join("\t".join(cell.text for cell in row) for row in rows)


def piped(rows: Rows) -> str:
    lines = laid_out(rows)
    width = max(map(len, lines))
    shown = ["| " + " | ".join(line + [""] * (width - len(line))) + " |" for line in lines]
    return "\n".join([shown[0], "|" + "---|" * width, *shown[1:]])


def aligned(rows: Rows) -> str:
    """Columns under one another, by spaces; a Chinese character is two columns wide."""
    lines = laid_out(rows)
    width = max(map(len, lines))
    lines = [line + [""] * (width - len(line)) for line in lines]
    widths = [max(_columns(line[x]) for line in lines) for x in range(width)]
    return "\n".join(
        "  ".join(text + " " * (widths[x] - _columns(text)) for x, text in enumerate(line)).rstrip() for line in lines
    )


def _columns(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)


def text(
    edition: Edition,
    values: Mapping[str, int | Decimal | str],
    render: Callable[[Rows], str],
    overview: str | None = None,
) -> str:
    """A whole report as plain text."""
    year = YEARS[edition.name]
    lines = [f"石狮市蚶江镇{year}年政府信息公开工作年度报告", "", PREAMBLE.format(year=year)]
    for part in edition.parts:
        said = overview if overview is not None and part.key == "overview" else TEXTS[part.key].format(year=year)
        lines += [part.heading, said]
        if part.key in TABLES:
            lines.append(render(TABLES[part.key](edition, values)))
    return "\n".join([*lines, "", "石狮市蚶江镇人民政府", f"{year + 1}年1月20日"])


def word(edition: Edition, values: Mapping[str, int | Decimal | str]) -> Document:
    """A whole report as a Word document with the merged cells of the form."""
    year = YEARS[edition.name]
    document = docx.Document()
    document.add_heading(f"石狮市蚶江镇{year}年政府信息公开工作年度报告", 0)
    document.add_paragraph(PREAMBLE.format(year=year))
    for part in edition.parts:
        document.add_heading(part.heading, 1)
        if TEXTS[part.key]:
            document.add_paragraph(TEXTS[part.key].format(year=year))
        if part.key in TABLES:
            _add_table(document, TABLES[part.key](edition, values))
    document.add_paragraph("石狮市蚶江镇人民政府")
    document.add_paragraph(f"{year + 1}年1月20日")
    return document


def _add_table(document: Document, rows: Rows) -> None:
    """As Word writes it: ``gridSpan`` across, ``vMerge`` down with a continued cell in every row below."""
    width = max(map(len, laid_out(rows)))
    twips = TEXT_WIDTH // width
    below: dict[tuple[int, int], int] = {}
    shown = []
    for y, row in enumerate(rows):
        cells, x = list(row), 0
        line = ""
        while x < width:
            if (y, x) in below:
                line += _tc("", below[y, x], "<w:vMerge/>", twips)
                x += below[y, x]
                continue
            cell = cells.pop(0)
            below |= {(y + dy, x): cell.colspan for dy in range(1, cell.rowspan)}
            line += _tc(cell.text, cell.colspan, '<w:vMerge w:val="restart"/>' if cell.rowspan > 1 else "", twips)
            x += cell.colspan
        shown.append(f"<w:tr>{line}</w:tr>")
    body = document.element.body
    look = f'<w:tblPr><w:tblW w:w="{twips * width}" w:type="dxa"/><w:tblLayout w:type="fixed"/></w:tblPr>'
    columns = f'<w:gridCol w:w="{twips}"/>' * width
    xml = f"<w:tbl {nsdecls('w')}>{look}<w:tblGrid>{columns}</w:tblGrid>{''.join(shown)}</w:tbl>"
    body.insert(len(body) - 1, parse_xml(xml))


def _tc(content: str, span: int, merge: str, twips: int) -> str:
    spanned = f'<w:gridSpan w:val="{span}"/>' if span > 1 else ""
    run = f"<w:r><w:t>{content}</w:t></w:r>" if content else ""
    return f'<w:tc><w:tcPr><w:tcW w:w="{twips * span}" w:type="dxa"/>{spanned}{merge}</w:tcPr><w:p>{run}</w:p></w:tc>'


def saved(document: Document) -> bytes:
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


TABLES: dict[str, Callable[[Edition, Mapping[str, int | Decimal | str]], Rows]] = {
    "disclosure": part_two,
    "applications": part_three,
    "disputes": part_four,
}


def figures(published: PublishedReport) -> dict[str, object]:
    return {key: cell.value for key, cell in published.cells.items()}


def said(published: PublishedReport) -> str:
    """What was not recognised, a line each."""
    return "\n".join(f"{thing.place}：{thing.reason}" for thing in published.unrecognised)


def read(raw: str | bytes, name: str = "报告") -> PublishedReport:
    return recognise(parse_source(raw.encode() if isinstance(raw, str) else raw, name))
