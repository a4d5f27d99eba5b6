"""What the params file of an adopted report says, and what of it is told to whoever adopts it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from nianbao.params.models import Disclosure, DisclosureClass, Fees, Narrative
from nianbao.project.adopt.found import Found
from nianbao.project.quoting import contact_of, quoting
from nianbao.published.identity import is_authority, read_red_head
from nianbao.published.labels import compact
from nianbao.published.parts import SCREENSHOT
from nianbao.report import Report
from nianbao.report.skeleton import to_fill
from nianbao.statute.cell import Cell, State
from nianbao.wording import enumeration

Values = dict[str, Any]
_PROSE = ("preamble", "overview", "problems", "other")
_ADDRESSEE = re.compile(r"(\S{2,40})[：:]")
_SIGNER = re.compile(r"签发人[：:]\s*([\u3400-\u9fff·]{2,10})")


def values_of(found: Found, narrative: Mapping[str, str]) -> Values:
    told, page = found.told, found.page
    contact = contact_of(found.report.params.narrative.preamble or "") if found.report else None
    document: Values = {"red_head": False, "number": None, "addressee": None, "signer": None}
    if page is not None:
        document = {
            "red_head": read_red_head(page.opening) is not None,
            "number": page.number,
            "addressee": _addressee(page.opening),
            "signer": _signer(page.opening),
            **({"title": page.title} if page.title and compact(page.title) != _usual_title(found) else {}),
        }
    return {
        "unit": found.unit.id,
        "year": found.year,
        "date": page.date if page else None,
        **({"sample": True} if found.sample else {}),
        "contact": contact.model_dump() if contact else dict.fromkeys(("office", "address", "phone", "postcode")),
        "document": document,
        "disclosure": {
            "total": told.total,
            "classes": [{"name": name, "count": count} for name, count in told.classes],
            "channels": dict(told.channels),
        },
        "fees": {"notices": told.notices, "amount": told.amount},
        "narrative": {part: f"{text}\n" for part, text in narrative.items()},
        **{table: _rows(table, found) for table in ("t2", "t3", "t4")},
    }


def _addressee(opening: Sequence[str]) -> str | None:
    lines = (match[1] for line in opening if (match := _ADDRESSEE.fullmatch(line.strip())))
    return next((line for line in lines if is_authority(line)), None)


def _signer(opening: Sequence[str]) -> str | None:
    found = (match[1] for line in opening if (match := _SIGNER.search(line)))
    return next(found, None)


def _usual_title(found: Found) -> str:
    assert found.report is not None  # noqa: S101  (asked only of a page)
    area = found.report.city.name if found.unit.id != found.report.city.id else ""
    return f"{area}{found.unit.name}{found.year}年{found.edition.title}"


def _rows(table: str, found: Found) -> Values:
    rows: Values = {}
    for key, fields in found.edition.rows_of(table):
        *heads, last = key.split(".")[1:]
        inside = rows
        for head in heads:
            inside = inside.setdefault(head, {})
        typed = [_typed(found.cells[field.key]) for field in fields]
        inside[last] = typed[0] if len(typed) == 1 else typed
    return rows


def _typed(cell: Cell) -> Any:
    """A cell as a params file types it; what is blank or was not read is ``null``, never 0."""
    if cell.is_number:
        return cell.number
    return cell.text if cell.state is State.NOT_APPLICABLE else None


def narrative_of(found: Found) -> tuple[dict[str, str], list[str]]:
    """The prose by part, and the parts that were not read."""
    texts: dict[str, str] = {}
    missing: list[str] = []
    known = quoting(_with_told(found)) if found.report else {}
    for part in Narrative.model_fields:
        heading = "序言" if part == "preamble" else found.edition.heading(part)
        if known.get(part):
            texts[part] = known[part]
        elif part in _PROSE and (found.page is None or part not in found.page.narrative):
            texts[part] = to_fill("原文没有读出这一部分")
            missing.append(heading)
    return texts, missing


def _with_told(found: Found) -> Report:
    assert found.report is not None  # noqa: S101  (asked only of a page)
    told = found.told
    disclosure = Disclosure(
        total=told.total,
        classes=[DisclosureClass(name=name, count=count) for name, count in told.classes],
        channels=dict(told.channels),
    )
    params = found.report.params
    changed = {
        "disclosure": disclosure,
        "fees": Fees(notices=told.notices, amount=told.amount),
        "contact": contact_of(params.narrative.preamble or ""),
    }
    return replace(found.report, params=params.model_copy(update=changed))


def header_of(source: Path, found: Found, unread: Sequence[str]) -> str:
    lines = [f"{found.unit.name} {found.year} 年政府信息公开工作年度报告的参数，已公开文本，取自 {source.name}。"]
    if found.page is not None and found.page.date is not None:
        lines.append(f"公开或成文日期：{found.page.date.isoformat()}。")
    if found.page is None:
        lines = [f"{found.unit.name} {found.year} 年政府信息公开工作年度报告的参数，各表取自 {source.name}。"]
    if found.page is not None:
        left = [one for one in found.page.unrecognised if SCREENSHOT in one.reason]
        lines += [f"{one.place}：{one.reason}；要放图片的，单独写一行 ![图注](文件名.png)。" for one in left]
    if unread:
        lines.append(f"待填（没有读出，不是 0）：{enumeration(unread)}。")
    return "\n".join(lines)


def lines_of(values: Values, found: Found) -> tuple[str, ...]:
    numbers = sum(cell.is_number for cell in found.cells.values())
    blank = sum(cell.state is State.BLANK for cell in found.cells.values())
    lines = [f"各表 {numbers} / {len(found.cells)} 格" + (f"，空白 {blank} 格" if blank else "")]
    disclosure = values["disclosure"]
    if disclosure["total"] is not None:
        lines.append(f"主动公开 {disclosure['total']} 条，{len(disclosure['classes'])} 类")
    if disclosure["channels"]:
        lines.append("其他渠道：" + enumeration(f"{name} {count} 条" for name, count in disclosure["channels"].items()))
    contact = [value for value in values["contact"].values() if value]
    if contact:
        lines.append(f"联系方式：{enumeration(contact)}")
    quoted_ = sum(text.count("{{") for text in values["narrative"].values())
    lines.append(f"正文 {len(values['narrative'])} 部分，{quoted_} 处由数据填入")
    return tuple(lines)
