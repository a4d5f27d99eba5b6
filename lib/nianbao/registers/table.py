"""From a grid to a table: where the head is, which column is which, which rows are entries."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache, partial
from itertools import product
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from nianbao.registers.columns import ColumnSpec, RegisterSpec
from nianbao.registers.grid import Formula, Sheet
from nianbao.registers.problems import Problems, rows_text
from nianbao.wording import enumeration, nearest

HEAD_ROWS = 15
"""The head must begin within this many rows."""
HEAD_DEPTH = 3
INVISIBLE = "\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff"
"""Characters that show nothing and come along when a text is copied from a web page."""

_TOTAL = re.compile(r"(合计|总计|小计|共计|累计|总数|本月合计|本年累计)[：:]?[0-9]*[件条份]?")
_COUNT = re.compile(r"[共计]*\s*[0-9]{1,6}(\.0+)?\s*[件条份个项]|[0-9]{1,4}(\.0+)?")
_FOOT = re.compile(r"(填表人|填报人|制表人?|审核人?|负责人|经办人|填表说明|填报说明|说明|备注|注)[：:].*")


@dataclass(frozen=True)
class Table:
    """The entries of a register, a column of raw values for each column that was recognised.

    Attributes
    ----------
    data : dict of str to array of object
        Column key → values as they stand.
    heads : dict of str to str
        Column key → head as the register writes it.
    rows : array of int
        Row of each entry in the file, from 1.
    frame : pandas.DataFrame
        The entries with all their columns, under the register's own heads, index 行.
    """

    spec: RegisterSpec
    where: str
    data: dict[str, npt.NDArray[Any]]
    heads: dict[str, str]
    rows: npt.NDArray[np.int64]
    frame: pd.DataFrame
    serial_offset: int = 0
    notes: list[str] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.rows)


def read_table(sheet: Sheet, spec: RegisterSpec, problems: Problems) -> Table | None:
    """The table on a sheet, or None (with a problem) where no head is recognised."""
    names = {
        _plain(name): column for column in spec.columns for name in (column.name, *column.synonyms, *column.stand_ins)
    }
    found = _find_head(sheet.grid, names)
    if found is None:
        known = enumeration(column.name for column in spec.columns)
        problems.add(sheet.where, f"没有找到{spec.sheet}的表头", f"表头应有：{known}")
        return None
    end, heads = found
    columns = _assign(sheet, spec, names, heads, problems, end)
    if columns is None:
        return None
    body = sheet.grid[end:]
    notes: list[str] = []
    dates = [column.key for column in spec.columns if column.kind == "date" and column.required]
    keep = _entries(body, columns, dates, notes, sheet.where, end)
    inner = {columns[key]: heads[columns[key]][-1] for key in sorted(columns, key=lambda key: key != dates[0])}
    _drop_heads(body, inner, keep, notes, sheet.where, end)
    used = set(columns.values())
    extra = [heads[i][-1] for i in range(len(heads)) if heads[i] and i not in used]
    if extra:
        notes.append(f"{sheet.where}：未用到的列 {enumeration(dict.fromkeys(extra))}。")
    for key, index in columns.items():
        column, head = spec.column(key), heads[index][-1]
        if _plain(head) in map(_plain, column.stand_ins):
            notes.append(f"{sheet.where}：没有“{column.name}”这一列，用了“{head}”；不合适的，另加一列{column.name}。")
    rows = np.flatnonzero(keep) + end + 1
    shown = [i for i in range(body.shape[1]) if heads[i] or i in used]
    frame = pd.DataFrame({i: body[keep, i] for i in shown}, index=pd.Index(rows, name="行"))
    frame.columns = pd.Index([heads[i][-1] if heads[i] else "" for i in shown])
    return Table(
        spec,
        sheet.where,
        {key: body[keep, index] for key, index in columns.items()},
        {key: heads[index][-1] for key, index in columns.items()},
        rows,
        frame,
        sheet.serial_offset,
        notes,
    )


@lru_cache(maxsize=1024)
def _plain(text: str) -> str:
    """A head without spaces, line breaks and marks of duty (*), half-width."""
    return re.sub(r"[\s*★：:" + INVISIBLE + "]+", "", unicodedata.normalize("NFKC", text))


def is_blank(value: object) -> bool:
    """Nothing, or nothing that shows."""
    return value is None or (isinstance(value, str) and not value.strip().strip(INVISIBLE).strip()) or value != value


def _find_head(grid: npt.NDArray[Any], names: dict[str, ColumnSpec]) -> tuple[int, list[tuple[str, ...]]] | None:
    """The row after the head, and for each column the texts of its head from the outermost in.

    A head may stand in up to three rows below titles; its widest match counts.
    """
    top = grid[: HEAD_ROWS + HEAD_DEPTH]
    most = len({spec.key for spec in names.values()})
    best: tuple[int, int, int] | None = None
    for start, depth in product(range(min(HEAD_ROWS, len(top))), range(1, HEAD_DEPTH + 1)):
        if start + depth > len(top):
            continue
        heads = _heads(top[start : start + depth])
        score = len({spec.key for head in heads if (spec := _match(head, names)) is not None})
        if score and (best is None or score > best[0]):
            best = (score, start, depth)
        if score == most:
            break
    if best is None or best[0] < 2:
        return None
    _, start, depth = best
    return start + depth, _heads(top[start : start + depth])


def _heads(block: npt.NDArray[Any]) -> list[tuple[str, ...]]:
    """The texts over each column; a blank in an upper row continues what stands left of it (a merged head)."""
    heads: list[tuple[str, ...]] = []
    carried = [""] * len(block)
    for column in block.T:
        texts: list[str] = []
        for level, value in enumerate(column):
            below = any(not is_blank(other) for other in column[level + 1 :])
            if not is_blank(value):
                carried[level] = re.sub(r"\s+", "", str(value))
                texts.append(carried[level])
            elif level < len(block) - 1 and below and carried[level]:
                texts.append(carried[level])
        heads.append(tuple(dict.fromkeys(texts)))
    return heads


def _match(head: tuple[str, ...], names: dict[str, ColumnSpec]) -> ColumnSpec | None:
    """The column that a head names, read whole (申请人 + 类型) or by its innermost text."""
    if not head:
        return None
    return names.get(_plain("".join(head))) or names.get(_plain(head[-1]))


def _assign(
    sheet: Sheet,
    spec: RegisterSpec,
    names: dict[str, ColumnSpec],
    heads: list[tuple[str, ...]],
    problems: Problems,
    end: int,
) -> dict[str, int] | None:
    """Column key → position; a column's own name goes before its synonyms."""
    candidates: dict[str, list[tuple[int, int]]] = {}
    for index, head in enumerate(heads):
        column = _match(head, names)
        if column is not None:
            ranks = [_plain(name) for name in (column.name, *column.synonyms, *column.stand_ins)]
            text = next(text for text in (_plain("".join(head)), _plain(head[-1])) if text in ranks)
            candidates.setdefault(column.key, []).append((ranks.index(text), index))
    unknown = [head[-1] for head in heads if head and _match(head, names) is None]
    chosen: dict[str, int] = {}
    complete = True
    for column in spec.columns:
        found = sorted(candidates.get(column.key, []))
        if not found and column.required:
            complete = False
            accepted = enumeration((column.name, *column.synonyms, *column.stand_ins))
            close = nearest(column.name, unknown)
            remedy = f"是否为 {close} 这一列？改名为 {column.name}" if close else f"认得的写法：{accepted}"
            problems.add(sheet.where, f"缺少“{column.name}”这一列", remedy, rows=[end])
        elif len(found) > 1 and found[0][0] == found[1][0]:
            complete = False
            problems.add(sheet.where, f"有两列都是“{heads[found[0][1]][-1]}”", "只保留一列", rows=[end])
        elif found:
            chosen[column.key] = found[0][1]
    return chosen if complete else None


def _entries(
    body: npt.NDArray[Any], columns: dict[str, int], dates: list[str], notes: list[str], where: str, end: int
) -> npt.NDArray[np.bool_]:
    """Which rows are entries: not blank in every known column, no total, no remark below the table.

    A row is left out as a total or remark only when it begins with one and has no date of its own.
    """
    first_date = columns[dates[0]]
    filled = _flags(body[:, first_date], lambda value: not is_blank(value))
    for index in columns.values():
        rest = np.flatnonzero(~filled)
        filled[rest] = _flags(body[rest, index], lambda value: not is_blank(value))
    dateless = _flags(body[:, first_date], _is_no_date)
    left_out: dict[str, list[int]] = {"是合计": [], "是表下说明": []}
    for row in np.flatnonzero(dateless).tolist():
        first = next((value for value in body[row] if not is_blank(value)), "")
        if kind := _row_kind(first):
            left_out[kind].append(row)
            filled[row] = False
    for kind, rows in left_out.items():
        if rows:
            notes.append(f"{where}：第 {rows_text(row + end + 1 for row in rows)} 行{kind}，未计入。")
    return filled


def _drop_heads(
    body: npt.NDArray[Any], heads: dict[int, str], keep: npt.NDArray[np.bool_], notes: list[str], where: str, end: int
) -> None:
    """Leave out the head where it stands again, as on every printed page."""
    first, *others = heads  # a column of dates: few different values
    again = keep & _flags(body[:, first], partial(_is_head, head=_plain(heads[first])))
    for row in np.flatnonzero(again).tolist():
        again[row] = all(_is_head(body[row, index], _plain(heads[index])) for index in others)
    if again.any():
        keep &= ~again
        rows = rows_text(row + end + 1 for row in np.flatnonzero(again).tolist())
        notes.append(f"{where}：第 {rows} 行是重复的表头，未计入。")


def _is_head(value: object, head: str) -> bool:
    return isinstance(value, str) and _plain(value) == head


def _flags(column: npt.NDArray[Any], test: Callable[[object], bool]) -> npt.NDArray[np.bool_]:
    """``test`` of every value, run once for each different value."""
    known: dict[object, bool] = {}
    for value in column:
        if value not in known:
            known[value] = test(value)
    return np.fromiter((known[value] for value in column), dtype=bool, count=len(column))


def _is_no_date(value: object) -> bool:
    """What may stand under a date in a row that is no entry: nothing, a count, a formula, a merged 合计."""
    if is_blank(value) or isinstance(value, Formula):
        return True
    return bool(_COUNT.fullmatch(unicodedata.normalize("NFKC", str(value)).strip()) or _row_kind(value))


def _row_kind(value: object) -> str:
    text = re.sub(r"\s+", "", str(value))
    return "是合计" if _TOTAL.fullmatch(text) else "是表下说明" if _FOOT.fullmatch(text) else ""
