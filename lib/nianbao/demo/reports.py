"""One invented report as the values of a params file: figures counted from entries, wording put together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from nianbao.demo import entries, texts
from nianbao.params import City, Unit
from nianbao.rules.review import SINCE
from nianbao.statute import Edition, edition_for
from nianbao.statute.bodies import KINDS, own_words
from nianbao.statute.form import Column, Item

VARIANTS = len(texts.INTRODUCTIONS)


SIGNER = "某某某"
"""Stands for a name: nobody is invented."""


def values(unit: Unit, place: int, year: int, *, registers: bool, city: City) -> dict[str, Any]:
    """What the params file of a unit says for a year.

    Parameters
    ----------
    place : int
        The unit's place among the units, from 0; it decides which wording is chosen.
    registers : bool
        Whether the unit keeps registers: then only what they do not tell is typed.
    """
    edition = edition_for(year)
    plain = entries.plain_figures(unit.id, year)
    issued = _date_of_issue(unit, year)
    said: dict[str, Any] = {
        "unit": unit.id,
        "year": year,
        "date": issued,
        "sample": True,
        "contact": _contact(unit),
        "document": _head(unit, issued, city),
        "disclosure": {**({} if registers else _classes(unit, year)), "channels": {"微信": plain.posts}},
        "fees": {"notices": plain.notices, "amount": plain.charged},
        "narrative": _narrative(unit, city, place, year, edition),
        "t2": _part_two(unit, year, edition, plain, registers),
    }
    if not registers:
        said["t3"] = _nested(entries.part_three(unit.id, year, edition))
        said["t4"] = entries.part_four(unit.id, year, edition)
    return said


def _date_of_issue(unit: Unit, year: int) -> date:
    """A weekday between 8 and 26 January of the next year."""
    day = date(year + 1, 1, 8) + timedelta(days=entries.draws(unit.id, year, "issued").randrange(17))
    return day + timedelta(days=(7 - day.weekday()) % 7 if day.weekday() > 4 else 0)


def _contact(unit: Unit) -> dict[str, str | None]:
    """What units.yaml knows, nothing else: a sample too must not send anybody to an invented number."""
    office = unit.contact_office.partition(" (")[0] if unit.contact_office else None
    return {"office": office, "address": unit.address, "phone": unit.phone, "postcode": unit.postcode}


def _head(unit: Unit, issued: date, city: City) -> dict[str, Any]:
    if unit.doc_prefix is None:
        return {"number": None}
    serial = entries.draws(unit.id, issued.year, "number").randint(2, 12)
    addressee = city.official_name if KINDS[unit.kind].local else f"{city.official_name}办公室"
    return {"number": f"{unit.doc_prefix}〔{issued.year}〕{serial}号", "addressee": addressee, "signer": SIGNER}


def _classes(unit: Unit, year: int) -> dict[str, Any]:
    counts = Counter(item.category for item in entries.items(unit.id, year))
    return {
        "total": counts.total(),
        "classes": [{"name": name, "count": count} for name, count in counts.items()],
    }


def _part_two(unit: Unit, year: int, edition: Edition, plain: entries.Plain, registers: bool) -> dict[str, Any]:
    rows: dict[str, Any] = {}
    for block in edition.t2.blocks:
        for item in block.items:
            if registers and item.key in ("rules", "normative"):
                continue
            figures = [_figure(unit, year, item, column, plain) for column in block.columns]
            rows[item.key] = figures if len(figures) > 1 else figures[0]
    return rows


def _figure(unit: Unit, year: int, item: Item, column: Column, plain: entries.Plain) -> Any:
    """A cell of part two in either edition."""
    if item.key == "rules":
        return 0
    if item.key == "normative":
        made, repealed, in_force = entries.normative(unit.id, year)
        return {"made": made, "opened": made, "repealed": repealed}.get(column.key, in_force)
    if column.key == "decisions":
        return getattr(plain, item.key)
    if item.key == "fees" and column.key == "amount":
        return plain.fees
    return 0  # 上一年项目数量, 本年增/减, 政府集中采购: nothing of the kind


def _nested(rows: Mapping[str, list[int]]) -> dict[str, Any]:
    """``denied.secret`` → ``denied: {secret: …}``, as the file has it."""
    nested: dict[str, Any] = {}
    for key, row in rows.items():
        head, _, rest = key.partition(".")
        if rest:
            nested.setdefault(head, {})[rest] = row
        else:
            nested[head] = row
    return nested


def _narrative(unit: Unit, city: City, place: int, year: int, edition: Edition) -> dict[str, str]:
    """The prose. Two reports of a year share at most one of six paragraphs of part one, and one of three of part five.

    The place of a unit is read as two digits x, y to the base of the number of variants;
    paragraph k takes variant x + k·y, and the next year goes on by one step in each.
    """
    across, down = divmod(place, VARIANTS)
    x, y = across + year, down + 2 * year

    def variant(k: int) -> int:
        return (x + k * y) % VARIANTS

    kind = KINDS[unit.kind]
    filed = entries.applications(unit.id, year) or any(
        entry.answered.year >= year for entry in entries.applications(unit.id, year - 1)
    )
    supervision = texts.SUPERVISION_TOWN if kind.government else texts.SUPERVISION_SUBDISTRICT
    overview = [
        texts.INTRODUCTIONS[variant(0)],
        "（一）主动公开",
        texts.DISCLOSURES[variant(1)] + (texts.CATALOGUE if year >= SINCE else ""),
        "（二）依申请公开",
        (texts.APPLICATIONS if filed else texts.NO_APPLICATIONS)[variant(2)],
        "（三）政府信息管理",
        texts.MANAGEMENT[variant(3)],
        "（四）政府信息公开平台建设",
        texts.PLATFORMS[variant(4)],
        "（五）监督保障",
        supervision[y % VARIANTS],
    ]
    problems = [
        texts.PROBLEMS[x % VARIANTS] + texts.LAST_YEARS_PROBLEMS[variant(2)],
        texts.IMPROVEMENTS[y % VARIANTS],
    ]
    charged = entries.plain_figures(unit.id, year).notices
    other = texts.CHARGED if charged else texts.OTHERS[place % len(texts.OTHERS)]
    lines = {
        "preamble": [texts.PREAMBLES[(place + year) % len(texts.PREAMBLES)], *_whom_to_ask(unit)],
        "overview": overview,
        "problems": problems,
        "other": [other],
    }
    words = {
        "〈我〉": own_words(unit.kind, unit.name)[0],
        "〈村居〉": "各村（社区）" if kind.government else "各社区" if kind.local else "各所属单位",
        "〈公众号〉": f"政务微信公众号“{unit.wechat_account}”" if unit.wechat_account else "政务微信公众号",
        "〈格式〉": edition.notice,
        "〈网站〉": f"“{city.portal}”政府门户网站" if city.portal else "政府门户网站",
        "〈网址〉": f"（http://www.{city.sites[0]}/）" if city.sites else "",
        "〈办法〉": f"和《{city.regulation}》" if city.regulation else "",
    }
    if not kind.local:
        words |= _WITHOUT_RESIDENTS
    return {part: _worded("\n".join(text), words) + "\n" for part, text in lines.items()}


_WITHOUT_RESIDENTS = {
    "党政综合办公室": "办公室",
    "各科室": "各股室",
    "便民服务中心": "办事大厅",
    "社区议事会": "座谈会",
    "居民": "群众",
    "社区": "所属单位",
    "驻点干部": "联络员",
}
"""Words of towns and subdistricts, and what a department says instead."""


def _worded(text: str, words: Mapping[str, str]) -> str:
    for mark, word in words.items():
        text = text.replace(mark, word)
    return text


def _whom_to_ask(unit: Unit) -> list[str]:
    contact = _contact(unit)
    labels = {"address": ("地址", "地址"), "phone": ("电话", "电话"), "postcode": ("邮编", "邮编")}
    known = [f"{label}：{{{{ 联系.{name} }}}}" for key, (label, name) in labels.items() if contact[key]]
    if not known:
        return ["公众对本报告有疑问或者意见建议的，可以向{{ 机关 }}提出。"]
    office = "{{ 联系.科室 }}" if contact["office"] else "{{ 机关 }}"
    return [f"公众对本报告有疑问或者意见建议的，可以与{office}联系。", *known]
