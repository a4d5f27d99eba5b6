"""A sound params folder, the command run on it in this process, and a plain second reading of its figures.

The second reading shares nothing with the package but the row keys of the form, not even the YAML
parser: it says whether figures that the command let pass deserve it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import rulebook as rb
from ruamel.yaml import YAML

from nianbao.params.writer import dump_params
from nianbao.report import Report

YEAR = rb.YEAR
UNIT = "anhai"
ROWS_OF_2021 = {
    "granted": (), "partial": (),
    "denied": ("secret", "prohibited", "stability", "third_party", "internal", "process", "enforcement", "query"),
    "unavailable": ("not_held", "not_compiled", "unclear"),
    "declined": ("petition", "repeat", "publication", "abuse", "reissue"),
    "other": ("uncorrected", "unpaid", "other"),
}  # fmt: skip


def write_sound(folder: Path) -> Path:
    """The sound report of the tests as params, with last year's beside it; the file of this year."""
    report = rb.sound(YEAR, UNIT)
    assert report.previous is not None
    (folder / str(YEAR)).mkdir(parents=True)
    (folder / str(YEAR - 1)).mkdir()
    (folder / "units.yaml").write_bytes((rb._params_dir() / "units.yaml").read_bytes())
    last = {
        key: value
        for key, value in _values(report.previous).items()
        if key in ("unit", "year", "date", *["t2", "t3", "t4"])
    }
    (folder / str(YEAR - 1) / f"{UNIT}.yaml").write_text(dump_params(None, last), encoding="utf-8", newline="\n")
    path = folder / str(YEAR) / f"{UNIT}.yaml"
    values = _values(report) | {
        "contact": {"office": "党政综合办公室", "phone": "0595-00000000", "postcode": "362261"},
        "document": {"red_head": True, "number": "晋安政〔2024〕5号", "addressee": "晋江市人民政府", "signer": "示例"},
        "fees": {"notices": 0, "amount": 0},
    }
    path.write_text(dump_params(None, values), encoding="utf-8", newline="\n")
    return path


def _values(report: Report) -> dict[str, Any]:
    values = report.params.model_dump(exclude_unset=True)
    for table in ("t2", "t3", "t4"):
        for row, fields in report.edition.rows_of(table):
            *parents, last = row.split(".")
            here = values
            for parent in parents:
                here = here.setdefault(parent, {})
            cells = [report.cells[field.key].number for field in fields]
            here[last] = cells if len(cells) > 1 else cells[0]
    return values


def deserves_to_pass(raw: bytes) -> bool:
    """Whether the figures in the bytes of a params file hold, by a plain reading of the form of 2021."""
    text = raw.decode("utf-8-sig").replace("\t", " ")  # YAML allows tabs between values, this parser does not
    data = YAML(typ="safe", pure=True).load(text)
    return not list(faults(data))


def faults(data: Any) -> Iterator[str]:
    """What is wrong with the figures of a file, in no words that anybody reads but a developer."""
    if not isinstance(data, dict):
        yield "no mapping"
        return
    if (data.get("unit"), data.get("year")) not in [(UNIT, YEAR), ("安海镇", YEAR)]:
        yield "another report"
    t2, t3, t4 = (data.get(key) if isinstance(data.get(key), dict) else {} for key in ("t2", "t3", "t4"))
    for name in ("rules", "normative"):
        row = t2.get(name)
        if not (isinstance(row, list) and len(row) == 3 and all(map(_count, row))):
            yield f"t2.{name}"
        elif name == "rules" and any(row):
            yield "a town makes no rules"
    yield from (f"t2.{name}" for name in ("licensing", "penalty", "coercion") if not _count(t2.get(name)))
    if not _money(t2.get("fees")):
        yield "t2.fees"
    yield from _applications(t3)
    for group in ("review", "direct", "after_review"):
        row = _row(t4.get(group), 5)
        if row is None or sum(row[:4]) != row[4]:
            yield f"t4.{group}"
    disclosure = data.get("disclosure")
    if isinstance(disclosure, dict) and disclosure.get("total") is not None and disclosure.get("classes"):
        counts = [item.get("count") if isinstance(item, dict) else None for item in disclosure["classes"]]
        if not all(map(_count, [*counts, disclosure["total"]])) or sum(counts) != disclosure["total"]:
            yield "classes"


def _applications(t3: dict[str, Any]) -> Iterator[str]:
    names = [(name, part) if part else (name,) for name, parts in ROWS_OF_2021.items() for part in (parts or (None,))]
    outcomes = [_row(_at(t3, *name), 7) for name in names]
    received, carried_in, total, carried_out = (
        _row(t3.get(n), 7) for n in ("received", "carried_in", "total", "carried_out")
    )
    if total is None and "total" not in t3 and None not in outcomes:
        total = [sum(column) for column in zip(*outcomes, strict=True)]  # type: ignore[arg-type]
    rows = [received, carried_in, total, carried_out, *outcomes]
    if any(row is None for row in rows):
        yield "t3 has a row that is no row"
        return
    for row in rows:
        if sum(row[:6]) != row[6]:  # type: ignore[index]
            yield "t3 across"
    for column in range(7):
        done = sum(row[column] for row in outcomes)  # type: ignore[index]
        if total[column] != done or received[column] + carried_in[column] != done + carried_out[column]:  # type: ignore[index]
            yield "t3 down"
    if carried_in[6] != 6 * rb.CARRIED:  # type: ignore[index]
        yield "t3 carried in"


def _at(data: Any, *names: str) -> Any:
    for name in names:
        data = data.get(name) if isinstance(data, dict) else None
    return data


def _row(value: Any, length: int) -> list[int] | None:
    """A row of counts; its total may be left off and is then the sum."""
    if not isinstance(value, list) or not all(map(_count, value)):
        return None
    if len(value) == length - 1:
        return [*value, sum(value)]
    return value if len(value) == length else None


def _count(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _money(value: Any) -> bool:
    return isinstance(value, (int, float, Decimal)) and not isinstance(value, bool) and 0 <= value < float("inf")


def lines_named(err: str, name: str) -> bool:
    """Whether every line of a message begins with the file's name and a line in it."""
    return bool(err.strip()) and all(
        re.match(rf"\S*{re.escape(name)}:\d+：.+[。？]$", line) for line in err.splitlines()
    )
