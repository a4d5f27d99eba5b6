"""Published reports made from the form itself: every cell holds another number, so a number in a wrong cell shows."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from nianbao.statute import Edition, Kind

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
