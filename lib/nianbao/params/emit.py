"""Plain values → YAML text in the house style: flow lists with the row's label, block literals for prose.

What is written here is read back by :mod:`nianbao.params.yamlio` as the same
values: text that a reader could take for a number, a date, ``null`` or markup is quoted.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from pydantic import BaseModel

from nianbao.params.models import Contact, Disclosure, DocumentHead, Fees, Narrative, ReportParams
from nianbao.statute import Edition
from nianbao.wording import enumeration, plain_number

KeyPath = tuple[str | int, ...]

STEP = 2
"""Spaces by which a level is indented."""
TABLES = ("t2", "t3", "t4")
_ORDER = tuple(ReportParams.model_fields)
_MODELS: dict[KeyPath, type[BaseModel]] = {
    ("contact",): Contact,
    ("document",): DocumentHead,
    ("disclosure",): Disclosure,
    ("fees",): Fees,
    ("narrative",): Narrative,
}

# Only what no YAML reader, 1.1 or 1.2, takes for anything but text is left unquoted.
_PLAIN = re.compile(
    r"[A-Za-z_\u3400-\u9fff（《“【〔][\w\u3400-\u9fff .,%/()+·—、，。；：？！（）《》“”‘’【】〔〕-]*(?<! )"
)
_RESOLVED = re.compile(r"(?:null|true|false|yes|no|on|off|y|n|nan|inf)", re.IGNORECASE)
_IN_FLOW = re.compile(r"[^,]*")


@dataclass(frozen=True)
class Emitted:
    """A value as YAML: what stands on the line of its key, and the lines below."""

    head: str
    body: tuple[str, ...] = ()


def flow(value: Any) -> str:
    """A value on one line, as it may stand inside ``[…]`` or ``{…}``."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{scalar(str(k), in_flow=True)}: {flow(v)}" for k, v in value.items()) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(flow(item) for item in value) + "]"
    return scalar(value, in_flow=True)


def scalar(value: Any, *, in_flow: bool = False) -> str:
    """A scalar on one line.

    Raises
    ------
    TypeError
        For anything but None, bool, int, Decimal, date and str: a float has no exact figure.
    """
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, Decimal)):
        return plain_number(value)
    if type(value) is date:
        return value.isoformat()
    if isinstance(value, str):
        plain = _PLAIN.fullmatch(value) and not _RESOLVED.fullmatch(value)
        if plain and (not in_flow or _IN_FLOW.fullmatch(value)):
            return value
        return json.dumps(value, ensure_ascii=False)
    raise TypeError(f"no YAML for {type(value).__name__}")


def emit(value: Any, indent: int) -> Emitted:
    """A value under a key that stands at column ``indent``."""
    inner = " " * (indent + STEP)
    if isinstance(value, Mapping):
        if not value:
            return Emitted("{}")
        return Emitted("", tuple(line for k, v in value.items() for line in entry(str(k), v, indent + STEP)))
    if isinstance(value, (list, tuple)):
        if not any(isinstance(item, (str, Mapping)) for item in value) or _is_row(value):
            return Emitted(flow(value))
        return Emitted("", tuple(line for item in value for line in item_lines(item, indent + STEP)))
    if isinstance(value, str) and (literal := _literal_indicator(value)):
        lines = value.split("\n")
        lines = lines[:-1] if value.endswith("\n") else lines
        return Emitted(literal, tuple(f"{inner}{line}" if line else "" for line in lines))
    return Emitted(scalar(value))


def _is_row(value: Sequence[Any]) -> bool:
    """A row of figures, some of which may be marks."""
    return any(item is None or isinstance(item, (int, Decimal)) for item in value)


def _literal_indicator(text: str) -> str:
    """``|`` or ``|-`` for text that a block literal holds exactly; empty where it must be quoted."""
    body = text.removesuffix("\n")
    if "\n" not in text or not body.strip() or body[0] in " \t\n" or body.endswith("\n"):
        return ""
    if any(line and not line.strip() for line in body.split("\n")):
        return ""  # a line of blanks only
    return "|" if text.endswith("\n") else "|-"


def entry(key: str, value: Any, indent: int) -> list[str]:
    """The lines of ``key: value`` with the key at column ``indent``."""
    emitted = emit(value, indent)
    head = f"{' ' * indent}{scalar(key)}:"
    return [f"{head} {emitted.head}" if emitted.head else head, *emitted.body]


def item_lines(value: Any, indent: int) -> list[str]:
    """The lines of a list item with its dash at column ``indent``."""
    dash = f"{' ' * indent}- "
    if isinstance(value, Mapping) and set(value) != {"name", "count"}:
        lines = [line for k, v in value.items() for line in entry(str(k), v, indent + STEP)]
        return [dash + lines[0].lstrip(), *lines[1:]] if lines else [dash + "{}"]
    return [dash + flow(value)]


def table_rows(table: str, values: Mapping[str, Any], edition: Edition, path: KeyPath = ()) -> list[str]:
    """The rows of t2, t3 or t4 below ``path``, aligned, each with its label as a comment."""
    full = (table, *path)
    rows = _walk(values, full, edition)
    starts = [len(full) * STEP + STEP * (len(p) - len(full) - 1) + len(scalar(str(p[-1]))) + 2 for p, _ in rows]
    column = max([24 if table == "t3" else 0, *starts])
    labels = row_labels(edition)
    texts = [(p, v if isinstance(v, Mapping) else flow(v)) for p, v in rows]
    width = max((len(text) for _, text in texts if isinstance(text, str)), default=0)
    lines = []
    for p, text in texts:
        head = f"{' ' * (STEP * (len(p) - 1))}{scalar(str(p[-1]))}:"
        if not isinstance(text, str):
            lines.append(head)
            continue
        label = labels.get(".".join(map(str, p)))
        line = f"{head:<{column}}{text}"
        lines.append(f"{line:<{column + width}}  # {label}" if label else line)
    return lines


def _walk(values: Mapping[str, Any], path: KeyPath, edition: Edition) -> list[tuple[KeyPath, Any]]:
    """Rows and the mappings that hold them, in the order of the form."""
    order = order_of(path, edition)
    rows: list[tuple[KeyPath, Any]] = []
    for key in sorted(values, key=lambda key: order.index(key) if key in order else len(order)):
        rows.append(((*path, key), values[key]))
        if isinstance(values[key], Mapping):
            rows += _walk(values[key], (*path, key), edition)
    return rows


def row_labels(edition: Edition) -> dict[str, str]:
    """The innermost label of every row, by row key such as ``t3.denied.secret``."""
    labels = {f"t2.{item.key}": item.label for block in edition.t2.blocks for item in block.items}
    labels |= {f"t3.{row.key}": row.stub[-1] for row in edition.t3.rows}
    return labels | {f"t4.{group.key}": "，".join(group.heads) for group in edition.t4.groups}


def section_comment(key: str, edition: Edition) -> list[str]:
    """What stands above a section of the file."""
    match key:
        case "narrative":
            return ["# 正文。每行一段；{{ … }} 处的数由上面和下面的数据填入，不要手抄。"]
        case "t2":
            several = [block for block in edition.t2.blocks if len(block.columns) > 1]
            return ["# 第二部分。"] + [
                f"# {block.clause}各行依次为：{enumeration(column.label for column in block.columns)}。"
                for block in several
            ]
        case "t3":
            return [f"# 第三部分。每行依次为：{enumeration(column.label for column in edition.t3.columns)}。"]
        case "t4":
            columns = enumeration(column.label for column in edition.t4.columns)
            return [f"# 第四部分。每组依次为：{columns}。空白写 null，不是 0。"]
        case "waivers":
            return ["# 已知问题的豁免：只对写明的值有效，值变了即失效。"]
        case _:
            return []


def section(key: str, value: Any, edition: Edition) -> list[str]:
    """A top-level key with the comment above it."""
    comment = section_comment(key, edition)
    if key in TABLES and isinstance(value, Mapping) and value:
        return [*comment, f"{key}:", *table_rows(key, value, edition)]
    return [*comment, *entry(key, value, 0)]


def new_file(values: Mapping[str, Any], edition: Edition, header: str = "") -> str:
    """A whole params file in the order of :class:`ReportParams`, a blank line before each section of several lines."""
    lines = [f"# {line}".rstrip() for line in header.splitlines()]
    for index, key in enumerate(ordered(values)):
        block = section(key, values[key], edition)
        if len(block) > 1 and (index or lines):
            lines.append("")
        lines += block
    return "\n".join(lines) + "\n"


def order_of(path: KeyPath, edition: Edition) -> list[str]:
    """The keys below ``path`` in the order of the file; empty where they are data."""
    if not path:
        return list(_ORDER)
    if path[0] in TABLES:
        keys = [row.split(".") for row, _ in edition.rows_of(str(path[0]))]
        return list(dict.fromkeys(key[len(path)] for key in keys if tuple(key[: len(path)]) == path))
    model = _MODELS.get(path)
    return list(model.model_fields) if model else []


def ordered(values: Mapping[str, Any]) -> list[str]:
    """Top-level keys in the order of the file; unknown ones last."""
    return sorted(values, key=lambda key: _ORDER.index(key) if key in _ORDER else len(_ORDER))
