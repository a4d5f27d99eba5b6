"""What was typed into the form → the params file that it would make, and the report that this file says.

What is judged is what would be saved: the draft goes through the YAML writer and back through the reader.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from nianbao.errors import ErrorList, NianbaoError, ParamsError
from nianbao.params import Scalar, checked_params
from nianbao.params.commit import FileChange, write_all
from nianbao.params.entry import Unfit, figure_of
from nianbao.params.writer import dump_params
from nianbao.params.yamlio import parse_yaml
from nianbao.report import Report, build_cells
from nianbao.statute import Field, Kind
from nianbao.statute.cell import Cell, Source

Changes = Mapping[str, Any]
"""``fields``, ``cells`` and ``narrative`` map keys to texts; ``classes`` and ``channels`` are whole lists of
``{name, count}``, or missing where nothing changed."""

_FLAGS = {"是": True, "否": False, "": None}
_NUMBERS = {"fees.notices": Kind.COUNT, "fees.amount": Kind.MONEY, "disclosure.total": Kind.COUNT}


class UnfitFields(NianbaoError):
    """Fields of the form that hold what their places cannot take.

    Attributes
    ----------
    fields : dict of str to str
        What is wrong and what to do, by key.
    """

    def __init__(self, fields: dict[str, str]) -> None:
        super().__init__("表单", f"有 {len(fields)} 处填写不对", "改正标红的格")
        self.fields = fields


@dataclass(frozen=True)
class Draft:
    """A params file as it would be saved, and the report that it says."""

    text: str
    report: Report


def read_params(report: Report) -> tuple[str, str]:
    """The report's params file as it stands, and the SHA-256 of its bytes."""
    raw = _path(report).read_bytes()
    return raw.decode("utf-8-sig"), hashlib.sha256(raw).hexdigest()


def draft_of(report: Report, existing: str, changes: Changes) -> Draft:
    """The draft that changes make of a report and of the text of its params file.

    Raises
    ------
    UnfitFields
        What was typed somewhere cannot be read.
    ParamsError
        The file cannot be changed in place, or would not be read again.
    """
    loaded = report.loaded
    assert loaded is not None  # noqa: S101  (edit() refuses such a report)
    text = dump_params(existing, values_of(report, changes), name=loaded.file.name)
    after = checked_params(parse_yaml(text.encode(), loaded.file.name), report.unit, report.year, loaded.path)
    counted = report.registers.figures if report.registers else None
    cells = build_cells(report.edition, after.cells, counted)
    handed_in = report.handed_in if text == existing else None
    return Draft(text, replace(report, params=after.params, cells=cells, loaded=after, handed_in=handed_in))


def save(report: Report, changes: Changes, digest: str) -> tuple[Draft, str]:
    """Write the draft, whole or not at all; returns it with the new digest.

    Raises
    ------
    ParamsError
        The file is no longer the one that the form was filled from.
    UnfitFields, FormError, OutputError
        As :func:`draft_of` and :func:`nianbao.params.commit.write_all` say.
    """
    path = _path(report)
    try:
        before = path.read_bytes()
    except OSError:
        before = b""
    if hashlib.sha256(before).hexdigest() != digest:
        raise ParamsError(
            _name(report), "打开表单以后又被改动，没有写入", "重新运行这一格，表单里未保存的内容会留着，再保存"
        )
    draft = draft_of(report, before.decode("utf-8-sig"), changes)
    raw = draft.text.encode()
    write_all([FileChange(path, before, raw)], path.parents[1])
    return draft, hashlib.sha256(raw).hexdigest()


def messages_of(error: NianbaoError) -> dict[str, str]:
    """What is wrong, by the key of the field; ``""`` where it is none of the form's fields."""
    if isinstance(error, UnfitFields):
        return error.fields
    errors: Sequence[NianbaoError] = error.errors if isinstance(error, ErrorList) else (error,)
    return {"": "\n".join(map(str, errors))}


def _path(report: Report) -> Path:
    assert report.loaded is not None  # noqa: S101  (edit() refuses such a report)
    return report.loaded.path


def _name(report: Report) -> str:
    return report.loaded.file.name if report.loaded else ""


def values_of(report: Report, changes: Changes) -> dict[str, Any]:
    """What the params file is to say, as :func:`nianbao.params.writer.dump_params` takes it.

    Raises
    ------
    UnfitFields
        Names every field at once.
    """
    unfit: dict[str, str] = {}
    values: dict[str, Any] = {}

    def read(key: str, text: str, kind: Kind) -> Scalar:
        try:
            return figure_of(text, kind)
        except Unfit as fault:
            unfit[key] = f"{fault.wrong}。{fault.remedy}。" if fault.remedy else f"{fault.wrong}。"
            return None

    def count(key: str, text: str) -> Scalar:
        figure = read(key, text, _NUMBERS.get(key, Kind.COUNT))
        if isinstance(figure, str):
            unfit[key] = f"应为数，实为“{figure}”。没有的填 0，还不知道的留空。"
            return None
        return figure

    for key, text in changes.get("fields", {}).items():
        if key in _NUMBERS:
            _put(values, key, count(key, text))
        elif key == "date":
            try:
                _put(values, key, _date(text))
            except ValueError:
                unfit[key] = f"“{text}”不是日期。写成 {report.year + 1}-01-20 的样子。"
        else:
            _put(values, key, _FLAGS[text] if key == "document.red_head" else " ".join(text.split()) or None)
    for key, text in changes.get("narrative", {}).items():
        lines = "\n".join(line.rstrip() for line in text.replace("\r\n", "\n").split("\n")).strip("\n")
        _put(values, key, f"{lines}\n" if lines else None)
    if "classes" in changes:
        rows = [
            {"name": item["name"].strip(), "count": count(f"disclosure.classes.{i}", item["count"])}
            for i, item in enumerate(changes["classes"])
            if item["name"].strip() or item["count"].strip()
        ]
        unfit |= {f"disclosure.classes.{i}": "缺少名称。" for i, row in enumerate(rows) if not row["name"]}
        _put(values, "disclosure.classes", rows)
    if "channels" in changes:
        named = [item for item in changes["channels"] if item["name"].strip() or item["count"].strip()]
        for i, item in enumerate(named):
            if not item["name"].strip():
                unfit[f"disclosure.channels.{i}"] = "缺少名称。"
        _put(
            values,
            "disclosure.channels",
            {item["name"].strip(): count(f"disclosure.channels.{i}", item["count"]) for i, item in enumerate(named)},
        )
    fields = report.edition.fields
    typed = {key: read(key, text, fields[key].kind) for key, text in changes.get("cells", {}).items()}
    for key, row in _rows(report, typed).items():
        _put(values, key, row)
    if unfit:
        raise UnfitFields(unfit)
    return values


_DATE = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?", re.ASCII)


def _date(text: str) -> date | None:
    """2027-1-20, 2027/1/20 or 2027年1月20日; ValueError for anything else."""
    plain = unicodedata.normalize("NFKC", text).strip()
    if not plain:
        return None
    match = _DATE.fullmatch(plain)
    if match is None:
        raise ValueError(text)
    return date(int(match[1]), int(match[2]), int(match[3]))


def _rows(report: Report, typed: Mapping[str, Scalar]) -> dict[str, Any]:
    """Every row with a cell that was typed into, as the file keeps it: 总计 left off where it is blank."""
    assert report.loaded is not None  # noqa: S101  (edit() refuses such a report)
    edition = report.edition
    now = {**report.loaded.cells, **typed}
    totals = [key for key in edition.totals if key not in now or now[key] is None]
    counted = report.registers.figures if report.registers else None
    cells = build_cells(edition, {key: value for key, value in now.items() if key not in totals}, counted)
    rows: dict[str, Any] = {}
    for table in ("t2", "t3", "t4"):
        for key, fields in edition.rows_of(table):
            if not any(field.key in typed for field in fields):
                continue
            row = [_kept(field, now, cells) for field in fields]
            if len(fields) > 1 and fields[-1].key in edition.totals and now.get(fields[-1].key) is None:
                row = row[:-1]
            rows[key] = row if len(fields) > 1 else row[0]
    return rows


def _kept(field: Field, now: Mapping[str, Scalar], cells: Mapping[str, Cell]) -> Scalar:
    """A cell of a row that is written: a total that nobody typed, in a row of totals, is its sum."""
    value = now.get(field.key)
    if value is None and field.key in cells and cells[field.key].source is Source.TOTALLED:
        total: Scalar = cells[field.key].value
        return total
    return value


def _put(values: dict[str, Any], key: str, value: Any) -> None:
    *heads, last = key.split(".")
    for head in heads:
        values = values.setdefault(head, {})
    values[last] = value
