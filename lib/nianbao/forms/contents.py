"""What stands in a form: params → values of places, and back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from nianbao.forms.layout_text import NARRATIVE, part_names
from nianbao.forms.plan import NO, YES
from nianbao.params.writer import same
from nianbao.report import build_cells
from nianbao.report.prose import picture_of
from nianbao.statute import Edition

Value = Any
"""int, Decimal, date, str or None."""

FLAGS: Mapping[bool | None, str | None] = {True: YES, False: NO, None: None}
SINGLE = (
    *(f"contact.{key}" for key in ("office", "address", "phone", "postcode")),
    "date",
    *(f"document.{key}" for key in ("red_head", "number", "addressee", "signer", "title")),
    "fees.notices",
    "fees.amount",
    "disclosure.total",
)
"""Params that are one place each."""
TABLES = ("t2", "t3", "t4")


@dataclass(frozen=True)
class Contents:
    """What a form is filled with.

    Attributes
    ----------
    values : mapping of str to value
        By key of the place; a key that is missing is blank.
    typed_totals : frozenset of str
        Totals that were typed and differ from the sum of their parts: written as values.
    carried : frozenset of str
        Keys whose values come from last year's report.
    """

    values: Mapping[str, Value]
    typed_totals: frozenset[str] = frozenset()
    carried: frozenset[str] = field(default_factory=frozenset)


def total_keys(edition: Edition) -> tuple[str, ...]:
    """The cells that add up others, those first that others add up in turn."""
    t3, t4 = edition.t3, edition.t4
    return (
        *(f"t3.{t3.total_row}.{column.key}" for column in t3.applicants),
        *(f"t3.{row.key}.{t3.total_column}" for row in t3.rows),
        *(f"t4.{group.key}.{t4.total_column}" for group in t4.groups),
    )


def table_values(data: Mapping[str, Any], edition: Edition) -> dict[str, Value]:
    """The cells that a params file types, as they stand there."""
    cells: dict[str, Value] = {}
    for table in TABLES:
        for row, fields in edition.rows_of(table):
            values = dig(data, row)
            if len(fields) == 1 and has(data, row):
                cells[fields[0].key] = values
            elif isinstance(values, list):
                cells |= {cell.key: value for cell, value in zip(fields, values, strict=False)}
    return cells


def typed_totals(cells: Mapping[str, Value], edition: Edition) -> dict[str, Value]:
    """The typed totals that say anything else than the sum of their parts."""
    totals = total_keys(edition)
    used = {key: value for key, value in cells.items() if key not in totals}
    found: dict[str, Value] = {}
    for key in totals:
        if key in cells and not same(build_cells(edition, used)[key].value, cells[key]):
            used[key] = found[key] = cells[key]
    return found


def from_params(data: Mapping[str, Any], edition: Edition) -> Contents:
    """The places filled with what a params file says (plain values as read from it)."""
    values: dict[str, Value] = {}
    for key in SINGLE:
        value = dig(data, key)
        if value is not None:
            values[key] = FLAGS[value] if key == "document.red_head" else value
    for index, item in enumerate(dig(data, "disclosure.classes") or ()):
        values[f"disclosure.classes.{index}.name"] = item["name"]
        values[f"disclosure.classes.{index}.count"] = item["count"]
    for index, (name, count) in enumerate((dig(data, "disclosure.channels") or {}).items()):
        values[f"disclosure.channels.{index}.name"] = name
        values[f"disclosure.channels.{index}.count"] = count
    names = part_names(edition)
    pictures = 0
    for part, _, _ in NARRATIVE:
        index = 0
        for line in paragraphs(dig(data, f"narrative.{part}")):
            if (picture := picture_of(line)) and picture.caption.strip() and picture.file.strip():
                picture_row = {"file": picture.file, "caption": picture.caption, "part": names[part], "after": index}
                values |= {f"pictures.{pictures}.{key}": value for key, value in picture_row.items()}
                pictures += 1
                continue
            if line:
                values[f"narrative.{part}.{index}"] = line
            index += 1
    cells = table_values(data, edition)
    totals = typed_totals(cells, edition)
    plain = total_keys(edition)
    values |= {key: value for key, value in cells.items() if value is not None and key not in plain}
    values |= {key: value for key, value in totals.items() if value is not None}
    return Contents(values, frozenset(totals))


def to_params(filled: Mapping[str, Value], totals: frozenset[str], old: Mapping[str, Any], edition: Edition) -> Any:
    """The params that a filled form says, as far as it carries them; laid out as ``old`` lays them out.

    A row keeps its length (总计 typed or left off), a row that is blank and was not there stays away,
    and a text that differs from what was there only in a final line feed is what was there.
    """
    result: dict[str, Any] = {}
    for key in SINGLE:
        value = filled.get(key)
        put(result, key, {YES: True, NO: False, None: None}[value] if key == "document.red_head" else value)
    classes = _named(filled, "classes")
    if classes or has(old, "disclosure.classes"):
        put(result, "disclosure.classes", classes)
    channels = {item["name"]: item["count"] for item in _named(filled, "channels")}
    if channels or has(old, "disclosure.channels"):
        put(result, "disclosure.channels", channels)
    names = part_names(edition)
    for part, _, _ in NARRATIVE:
        before = dig(old, f"narrative.{part}")
        put(result, f"narrative.{part}", _prose([text for text, _ in lines_of(filled, part, names[part])], before))
    _tables(result, filled, totals, old, edition)
    return result


def _named(filled: Mapping[str, Value], which: str) -> list[dict[str, Value]]:
    prefix = f"disclosure.{which}."
    indexes = sorted({int(key[len(prefix) :].partition(".")[0]) for key in filled if key.startswith(prefix)})
    rows = [{part: filled.get(f"{prefix}{index}.{part}") for part in ("name", "count")} for index in indexes]
    return [row for row in rows if row["name"] is not None]


def lines_of(filled: Mapping[str, Value], part: str, name: str) -> list[tuple[str, str]]:
    """The paragraphs and pictures of a part in their order, each with the key of its place; ``name`` as the form has it.

    A paragraph may hold line feeds. Rows that are left out between paragraphs are blank lines.
    """
    prefix = f"narrative.{part}."
    found = {int(key[len(prefix) :]): value for key, value in filled.items() if key.startswith(prefix) and value}
    pictures: dict[int, list[tuple[str, str]]] = {}
    last = max(found, default=-1) + 1
    for row in picture_rows(filled):
        if filled.get(f"pictures.{row}.part") == name:
            key = f"pictures.{row}.file"
            after = filled.get(f"pictures.{row}.after")
            line = f"![{filled.get(f'pictures.{row}.caption', '')}]({filled.get(key, '')})"
            pictures.setdefault(last if after is None else int(after), []).append((line, key))
    lines = list(pictures.get(0, ()))
    for index in range(max(last, *pictures, 0) if pictures else last):
        lines += [(found.get(index, ""), f"{prefix}{index}"), *pictures.get(index + 1, ())]
    return lines


def picture_rows(filled: Mapping[str, Value]) -> list[int]:
    """The rows of the sheet of pictures in which anything stands."""
    return sorted({int(key.split(".")[1]) for key in filled if key.startswith("pictures.")})


def _prose(lines: Sequence[str], before: str | None) -> str | None:
    if paragraphs("\n".join(lines)) == paragraphs(before):
        return before
    return "\n".join(lines) + "\n" if lines else None


def paragraphs(text: str | None) -> list[str]:
    """The lines of a narrative; blank ones at its end are nothing."""
    lines = (text or "").split("\n")
    lines = [line if line.strip() else "" for line in lines]
    while lines and not lines[-1]:
        lines.pop()
    return lines


def _tables(
    result: dict[str, Any],
    filled: Mapping[str, Value],
    totals: frozenset[str],
    old: Mapping[str, Any],
    edition: Edition,
) -> None:
    plain = total_keys(edition)
    used = {key: filled.get(key) for key in edition.fields if key not in plain or key in totals}
    cells = build_cells(edition, used)
    for table in TABLES:
        fresh = not old.get(table)
        for row, fields in edition.rows_of(table):
            values = [used[cell.key] if cell.key in used else cells[cell.key].value for cell in fields]
            written = [cell.key for cell in fields if cell.key in used]
            if not has(old, row):
                typed = any(used[key] is not None for key in written)
                if not typed and (written or not fresh or all(value is None for value in values)):
                    continue
            elif len(fields) > 1:
                values = values[: len(dig(old, row))]
            put(result, row, values[0] if len(fields) == 1 else values)


def dig(data: Mapping[str, Any], key: str) -> Any:
    """What stands under a dotted key; None where there is nothing."""
    here: Any = data
    for step in key.split("."):
        here = here.get(step) if isinstance(here, Mapping) else None
    return here


def has(data: Mapping[str, Any], key: str) -> bool:
    """Whether a dotted key stands in the file, be it with null."""
    parent, _, last = key.rpartition(".")
    here = dig(data, parent) if parent else data
    return isinstance(here, Mapping) and last in here


def put(data: dict[str, Any], key: str, value: Any) -> None:
    """Set what stands under a dotted key."""
    *parents, last = key.split(".")
    for parent in parents:
        data = data.setdefault(parent, {})
    data[last] = value


def exact_float(value: int | Decimal) -> bool:
    """Whether a spreadsheet, which keeps binary floats, gives the figure back digit for digit."""
    return Decimal(repr(float(value))) == value
