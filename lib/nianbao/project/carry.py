"""What a new year takes over from last year's report, and what it never does.

Taken over: whom to ask, the habits of the document, names of classes and channels, 上年结转 column by
column, 现行有效 as a starting point. Never: last year's other figures, waivers, declarations, dates, numbers,
attachments, prose.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from nianbao.params import Unit, Units
from nianbao.report import Report
from nianbao.report.skeleton import city_narrative, narrative
from nianbao.rules.judge.verdicts import disclosed_classes
from nianbao.rules.subject import Subject
from nianbao.statute import Edition, edition_for

Values = dict[str, Any]

_CONTACT_LINES = {
    "office": re.compile(r"^联系(?:科室|单位|部门)[：:]\s*(\S.*)$", re.MULTILINE),
    "address": re.compile(r"^(?:联系|通[讯信]|办公)?地址[：:]\s*(\S.*)$", re.MULTILINE),
    "phone": re.compile(r"^(?:联系|办公|咨询)?电话(?:号码)?[：:]\s*([\d（）()\-－—转 ]{7,})$", re.MULTILINE),
    "postcode": re.compile(r"^(?:邮政编码|邮编)[：:]\s*(\d{6})$", re.MULTILINE),
}


def first_values(unit: Unit, year: int, last: Report | None, *, registers_kept: bool) -> Values:
    """What the params file of a new report says.

    Parameters
    ----------
    last : Report or None
        The unit's report of the year before, or the newest there is.
    registers_kept : bool
        Whether the unit keeps registers for the new year already: then they tell what was carried in.
    """
    edition = edition_for(year)
    channels = list(last.params.disclosure.channels) if last else []
    values: Values = {
        "unit": unit.id,
        "year": year,
        "date": None,
        **({"sample": True} if last and last.params.sample else {}),
        "contact": _contact(unit, last),
        "document": _document(last),
        "disclosure": {
            "total": None,
            "classes": [{"name": name, "count": None} for name in class_names(last)],
            "channels": dict.fromkeys(channels),
        },
        "fees": {"notices": None, "amount": None},
        **({"charts": last.params.charts} if last and last.params.charts is not None else {}),
        "narrative": narrative(unit, edition, channels),
        **{table: _blank_rows(table, edition) for table in ("t2", "t3", "t4")},
    }
    if unit.kind != "市":  # none of them may make 规章 (rule T2-02)
        values["t2"]["rules"] = [0] * len(values["t2"]["rules"])
    if last is not None and last.year == year - 1:
        values["t2"]["normative"] = _in_force(values["t2"]["normative"], edition, last)
        if not registers_kept:
            values["t3"][edition.t3.carried_in] = carried_in(edition, last)
    return values


def first_city_values(units: Units, year: int, last: Report | None, *, compared: bool) -> Values:
    """What ``city.yaml`` of a new year says: words alone, for the figures are the bodies'.

    Parameters
    ----------
    compared : bool
        Whether every body's report of the year before is there, so that the words may say how figures changed.
    """
    return {
        "unit": units.city.id,
        "year": year,
        "date": None,
        **({"sample": True} if last and last.params.sample else {}),
        "contact": _contact(units.city, last),
        "document": _document(last),
        "charts": last.params.charts if last and last.params.charts is not None else True,
        "narrative": city_narrative([unit.kind for unit in units.units], edition_for(year), compared=compared),
    }


def _document(last: Report | None) -> Values:
    """The habits of the document, without last year's number."""
    return {
        "red_head": last.params.document.red_head if last else None,
        "number": None,
        "addressee": last.params.document.addressee if last else None,
    }


def carried_in(edition: Edition, last: Report) -> list[int | None]:
    """上年结转 by applicant: last year's 结转下年度; None where that is no number."""
    cells = [last.cells[f"t3.{last.edition.t3.carried_out}.{column.key}"] for column in edition.t3.applicants]
    return [int(cell.number) if cell.is_number else None for cell in cells]


def class_names(last: Report | None) -> tuple[str, ...]:
    """The classes that last year's report typed, or lists in its prose where it was read from a published document."""
    if last is None:
        return ()
    if not last.literal:
        return tuple(dict.fromkeys(item.name for item in last.params.disclosure.classes))
    rows = (row for stretch in Subject.of(last).reading.stretches for row in disclosed_classes(stretch))
    return next((tuple(dict.fromkeys(name for name, _ in named)) for named in rows), ())


def last_texts(last: Report) -> Mapping[str, str]:
    """Last year's prose by part, as it was written, for whoever writes this year's."""
    texts = last.params.narrative.model_dump()
    return {part: text for part, text in texts.items() if text and text.strip()}


def _contact(unit: Unit, last: Report | None) -> Values:
    """As in last year's report, else as ``units.yaml`` knows it."""
    known: Values = {
        "office": unit.contact_office,
        "address": unit.address,
        "phone": unit.phone,
        "postcode": unit.postcode,
    }
    if last is None:
        return known
    if not last.literal:
        return known | {key: value for key, value in last.params.contact.model_dump().items() if value is not None}
    preamble = last.params.narrative.preamble or ""
    found = {key: pattern.search(preamble) for key, pattern in _CONTACT_LINES.items()}
    return known | {key: match[1].strip() for key, match in found.items() if match}


def _blank_rows(table: str, edition: Edition) -> Values:
    """Every row with nothing in it; totals are left off, for they are computed."""
    rows: Values = {}
    for key, fields in edition.rows_of(table):
        if key == f"t3.{edition.t3.total_row}":
            continue
        *heads, last = key.split(".")[1:]
        inside = rows
        for head in heads:
            inside = inside.setdefault(head, {})
        width = len(fields) - fields[-1].key.endswith(".total")
        inside[last] = None if len(fields) == 1 else [None] * width
    return rows


def _in_force(row: list[int | None], edition: Edition, last: Report) -> list[int | None]:
    """Last year's 现行有效 in its column; only within one edition of the form, for the columns differ."""
    columns = [column.key for column in edition.t2.blocks[0].columns]
    cell = last.cells.get(f"t2.normative.{columns[-1]}")
    if edition.name != last.edition.name or cell is None or not cell.is_number:
        return row
    return [*row[:-1], int(cell.number)]
