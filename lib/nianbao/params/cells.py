"""The figures ``t2``, ``t3`` and ``t4`` of a params file, checked against the form's cells.

A row is a list in the order of the form's columns; its 总计 may be left off, and
then it is computed. A row of one column is the bare value. A cell is a number,
``null`` (blank) or a mark for 不适用; anything else is an error with its line.
"""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal
from typing import Any

from nianbao.errors import NianbaoError, ParamsError
from nianbao.params.models import Scalar
from nianbao.params.yamlio import KeyPath, YamlFile
from nianbao.statute import Edition, Field, Kind
from nianbao.wording import enumeration, quoted, suggestion

NOT_APPLICABLE_MARKS = frozenset({"/", "-", "—", "——", "不适用"})

_MAX = 10**12
_LONGEST = 12
_WRITTEN = re.compile(r"(\d[\d,_]*)(?:\.0+)?\s*(?:件|条|个|份|次|元|万元)?", re.ASCII)
_EXPECTED = {Kind.COUNT: "非负整数", Kind.CHANGE: "整数", Kind.MONEY: "非负数（万元）"}


def typed_cells(file: YamlFile, edition: Edition) -> tuple[dict[str, Scalar], list[NianbaoError]]:
    """The cells that the file types, by key, and all errors.

    A key that is missing from the result was not typed: computed where the form
    allows it, blank otherwise.
    """
    cells: dict[str, Scalar] = {}
    errors: list[NianbaoError] = []
    for table in ("t2", "t3", "t4"):
        rows = dict(edition.rows_of(table))
        data = file.data.get(table) or {}
        if isinstance(data, dict):
            _descend(file, data, (table,), rows, cells, errors)
    return cells, errors


def _descend(
    file: YamlFile,
    data: dict[str, Any],
    path: KeyPath,
    rows: dict[str, tuple[Field, ...]],
    cells: dict[str, Scalar],
    errors: list[NianbaoError],
) -> None:
    prefix = ".".join(map(str, path))
    known = sorted({key[len(prefix) + 1 :].split(".")[0] for key in rows if key.startswith(f"{prefix}.")})
    for name, value in data.items():
        here = (*path, name)
        key = f"{prefix}.{name}"
        if fields := rows.get(key):
            _row(file, value, here, key, fields, cells, errors)
        elif name in known:
            if isinstance(value, dict):
                _descend(file, value, here, rows, cells, errors)
            else:
                errors.append(ParamsError(file.where(here), f"{key} 应为键和值，实为{quoted(value)}"))
        else:
            errors.append(ParamsError(file.where(here), f"没有 {key} 这一行", suggestion(str(name), known)))


def _row(
    file: YamlFile,
    value: Any,
    path: KeyPath,
    key: str,
    fields: tuple[Field, ...],
    cells: dict[str, Scalar],
    errors: list[NianbaoError],
) -> None:
    if len(fields) == 1:
        values, paths = [value], [path]
    elif isinstance(value, list) and (
        len(value) == len(fields) or (len(value) == len(fields) - 1 and fields[-1].key.endswith(".total"))
    ):
        values, paths = value, [(*path, index) for index in range(len(value))]
    else:
        columns = enumeration(field.label.rpartition("〔")[2].rstrip("〕") for field in fields)
        found = f" {len(value)} 个" if isinstance(value, list) else quoted("空" if value is None else value)
        comma = "；数里不写逗号" if isinstance(value, list) and len(value) > len(fields) else ""
        wrong = f"{key} 应为 {len(fields)} 个值的列表，实为{found}"
        errors.append(ParamsError(file.where(path), wrong, f"依次为：{columns}{comma}"))
        return
    for field, item, item_path in zip(fields, values, paths, strict=False):
        if _acceptable(field.kind, item):
            cells[field.key] = item
        else:
            wrong = f"{field.key} 应为{_EXPECTED[field.kind]}，实为{quoted(item)}"
            errors.append(ParamsError(file.where(item_path), wrong, how_to_write(item)))


def how_to_write(value: Any) -> str:
    """How a number is written that stands in quotes, in full-width digits, with a unit or with commas."""
    match = _WRITTEN.fullmatch(unicodedata.normalize("NFKC", value).strip()) if isinstance(value, str) else None
    if match is None or len(match[1]) > _LONGEST:
        return "只写数；没有的填 0，还不知道的写 null"
    return f"写 {int(match[1].replace(',', '').replace('_', ''))}，不加引号、单位和逗号"


def _acceptable(kind: Kind, value: Any) -> bool:
    if value is None:
        return True
    if isinstance(value, str):
        return value.strip() in NOT_APPLICABLE_MARKS
    if isinstance(value, bool):
        return False
    if isinstance(value, int):
        return abs(value) <= _MAX and (value >= 0 or kind is Kind.CHANGE)
    return kind is Kind.MONEY and isinstance(value, Decimal) and 0 <= value <= _MAX
