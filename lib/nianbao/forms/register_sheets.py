"""The sheets of a form in which each register is kept, and the CSV they are kept as.

Heads stand in row 1, one case a row below. A register kept otherwise (another file
format, other heads, more rows than anybody edits by hand) is not shown in the form and is left alone when the form comes back.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

from nianbao.forms.contents import exact_float
from nianbao.params.csvtext import csv_bytes, csv_rows
from nianbao.registers import labels
from nianbao.registers.columns import (
    APPLICATIONS,
    CHANNEL_SYNONYMS,
    DISCLOSURES,
    DOCUMENTS,
    PENDING_APPLICATION,
    REGISTERS,
    REVIEWS,
    SITE_MARK,
    WORKBOOK,
    RegisterSpec,
)
from nianbao.statute import Edition
from nianbao.wording import plain_number

HEADS_ROW = 1
MAX_ROWS = 200_000
MAX_SHOWN = 20_000
"""Rows of a register that a form shows; a longer one stays in its file."""
MAX_TEXT = 32_767
"""Characters that a cell of XLSX holds."""

_ISO_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_UNFIT = re.compile(r"[\x00-\x08\x0b-\x1f\ufffe\uffff]")
"""Characters that XLSX cannot hold, or gives back as others."""
_NUMBER = re.compile(r"0|[1-9][0-9]{0,14}|(?:0|[1-9][0-9]{0,14})\.[0-9]{1,14}")


@dataclass(frozen=True)
class RegisterRows:
    """A register as the form shows it: a list of texts a row, in the order of the columns of its sheet."""

    spec: RegisterSpec
    rows: tuple[tuple[str, ...], ...] = ()
    elsewhere: str = ""
    """Name of the file in which it is kept otherwise; the form then does not show it."""


def csv_path(params_dir: Path, unit_id: str, year: int, key: str) -> Path:
    return params_dir / str(year) / unit_id / f"{key}.csv"


def load_rows(params_dir: Path, unit_id: str, year: int) -> tuple[RegisterRows, ...]:
    """The registers of a unit for a year, as far as a form can show them."""
    found = []
    for key, spec in REGISTERS.items():
        path = csv_path(params_dir, unit_id, year, key)
        workbook = path.with_name(WORKBOOK)
        if path.is_file():
            rows = rows_of(path.read_bytes(), spec)
            shown = rows is not None and len(rows) <= MAX_SHOWN
            found.append(RegisterRows(spec, rows or ()) if shown else RegisterRows(spec, elsewhere=path.name))
        else:
            found.append(RegisterRows(spec, elsewhere=workbook.name if workbook.is_file() else ""))
    return tuple(found)


def rows_of(raw: bytes, spec: RegisterSpec) -> tuple[tuple[str, ...], ...] | None:
    """The rows of a CSV laid out as we write it; None for any other."""
    try:
        heads, *rows = csv_rows(raw)
    except (UnicodeDecodeError, csv.Error, ValueError):
        return None
    names = [column.name for column in spec.columns]
    if len(set(heads)) != len(heads) or not set(heads) <= set(names):
        return None
    if any(len(row) != len(heads) or any(map(_UNFIT.search, row)) or max(map(len, row)) > MAX_TEXT for row in rows):
        return None
    records = [dict(zip(heads, row, strict=True)) for row in rows]
    return tuple(tuple(record.get(name, "") for name in names) for record in records)


def used_columns(spec: RegisterSpec, rows: Iterable[Sequence[str]]) -> list[int]:
    """Positions of the columns that a register keeps: those required, and those in which anything stands."""
    filled = {index for row in rows for index, text in enumerate(row) if text.strip()}
    return [index for index, column in enumerate(spec.columns) if column.required or index in filled]


def to_csv(spec: RegisterSpec, rows: Sequence[Sequence[str]]) -> bytes:
    """Rows as the CSV that the registers are read from; a column that is not required and not used is left out."""
    used = used_columns(spec, rows)
    heads = [spec.columns[index].name for index in used]
    return csv_bytes([heads, *([row[index] for index in used] for row in rows)])


def options(edition: Edition, classes: Sequence[str]) -> dict[str, Mapping[str, tuple[str, ...]]]:
    """What the drop-down lists offer, by register and column."""
    return {
        APPLICATIONS: {
            "applicant": labels.applicants(edition).shown,
            "outcome": (*labels.outcomes(edition).shown, PENDING_APPLICATION[0]),
        },
        DISCLOSURES: {"class": tuple(classes), "channel": (SITE_MARK, *CHANNEL_SYNONYMS)},
        DOCUMENTS: {"class": labels.document_kinds(edition).shown},
        REVIEWS: {
            "type": labels.review_groups(edition).shown,
            "result": labels.review_results(edition).shown,
        },
    }


GUIDES: Mapping[str, Mapping[str, str]] = {
    APPLICATIONS: {
        "id": "每件一个编号，不重复。",
        "received": "收到申请的日期，不晚于报告年度的 12 月 31 日。",
        "applicant": "从下拉列表中选择。",
        "outcome": "从下拉列表中选择；未办结的选“办理中”，或与答复日期一并留空。",
        "answered": "作出答复的日期；未办结的留空。",
        "extension": "经批准延长的工作日数；没有的留空。",
        "excluded": "征求第三方意见等不计入期限的工作日数；没有的留空。",
        "notified": "告知申请人补正的日期；没有的留空。",
        "amended": "收到补正材料的日期；没有的留空。",
    },
    DISCLOSURES: {
        "id": "网站上的索引号；没有的留空。",
        "published": "发布日期，在报告年度之内。",
        "title": "信息的标题。",
        "class": "从下拉列表中选择，也可以写本单位自设的类别。",
        "channel": "网站公开的选“网站”；同时在几个渠道公开的用顿号隔开，如：网站、微信。",
    },
    DOCUMENTS: {
        "id": "文号；没有的留空。",
        "title": "文件或决定的名称。",
        "class": "从下拉列表中选择；第二部分各项以外的选“其他文件”。",
        "made": "制发或作出决定的日期。",
        "opened": "公开的日期；没有公开的留空。",
        "repealed": "废止或失效的日期；现行有效的留空。",
        "amount": "收费、采购的金额，单位万元；与“金额（元）”只填一列。",
        "yuan": "收费、采购的金额，单位元；与“金额（万元）”只填一列。",
    },
    REVIEWS: {
        "id": "每案一个案号，不重复。",
        "type": "从下拉列表中选择。",
        "accepted": "受理或立案的日期。",
        "result": "从下拉列表中选择；未审结的选“尚未审结”，或与结案日期一并留空。",
        "closed": "审结的日期；未审结的留空。",
    },
}
"""What a column takes, shown beside the cell one stands in; by register and column."""

OPEN_LISTS = frozenset({(DISCLOSURES, "class"), (DISCLOSURES, "channel")})
"""Drop-down lists beside which a unit may write its own."""


def to_cell(text: str, kind: str) -> date | int | Decimal | str | None:
    """A text of a register as a spreadsheet should hold it; :func:`from_cell` gives the same text back."""
    if not text:
        return None
    if kind == "date" and _ISO_DATE.fullmatch(text):
        try:
            return date.fromisoformat(text)
        except ValueError:
            return text
    if kind in ("days", "money") and _NUMBER.fullmatch(text):
        value = Decimal(text)
        if exact_float(value) and from_cell(float(value)) == text:
            return value if "." in text else int(text)
    return text


def from_cell(value: object) -> str:
    """A cell as the text of a register: dates as 2023-05-06, figures without exponent."""
    if value is None:
        return ""
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else plain_number(Decimal(repr(value)))
    if isinstance(value, date):
        text = value.isoformat()
        return text.removesuffix("T00:00:00").replace("T", " ")
    return str(value)
