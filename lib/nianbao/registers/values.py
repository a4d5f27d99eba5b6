"""Raw values of a register's columns → dates, labels, numbers and texts, every different value read once."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from nianbao.registers.grid import Formula
from nianbao.registers.labels import Labels, normal
from nianbao.registers.problems import Problems
from nianbao.registers.table import INVISIBLE, Table, is_blank
from nianbao.wording import quoted

Dates = npt.NDArray[np.datetime64]
Objects = npt.NDArray[Any]

FIRST_DAY = date(1990, 1, 1)
LAST_DAY = date(2099, 12, 31)

_DATE = re.compile(
    r"(?:([0-9]{4})(?:-([0-9]{1,2})-|/([0-9]{1,2})/|\.([0-9]{1,2})\.|年([0-9]{1,2})月)([0-9]{1,2})[日号]?"
    r"|([0-9]{4})([0-9]{2})([0-9]{2}))"
    r"(?:[T ]?[0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?)?"
)
_SERIAL = re.compile(r"[0-9]{5}(?:\.[0-9]+)?")
_WHOLE = re.compile(r"([0-9]{1,3})(?:\.0+)?(?:个)?(?:工作日|天|日)?")
_ERROR_VALUES = frozenset({"#REF!", "#N/A", "#VALUE!", "#NAME?", "#DIV/0!", "#NUM!", "#NULL!"})
_DASHES = frozenset({"/", "-", "—", "——", "无", "\\"})
"""Marks by which a register leaves a date or a number open."""
_REORDERING = frozenset(chr(code) for code in (*range(0x202A, 0x202F), *range(0x2066, 0x206A)))


class _NotUnderstood(Exception):
    """Carries what is wrong with a value, and what to do."""


def legible(text: str) -> str:
    """A text in one line without what does not show: line ends, no-break and zero-width spaces.

    Raises
    ------
    _NotUnderstood
        For control and private-use characters, and those that reorder the text around them.
    """
    if text.isprintable():
        return text.strip()
    kept = " ".join("".join(character for character in text if character not in INVISIBLE).split())
    for character in kept:
        if unicodedata.category(character) in ("Cc", "Co", "Cs") or character in _REORDERING:
            raise _NotUnderstood(f"含有不能显示的字符 U+{ord(character):04X}", "删除该字符")
    return kept


def _read(
    table: Table, key: str, problems: Problems, convert: Callable[[Any], Any], empty: Any, missing: str = ""
) -> tuple[list[Any], npt.NDArray[np.intp]]:
    """Every different value of a column through ``convert``, and which of them stands in each row.

    Problems are noted, and the value is then ``empty``. ``missing`` is what to do
    about a blank where none may be.
    """
    codes, uniques = pd.factorize(pd.Series(table.data[key], dtype=object), use_na_sentinel=False)
    results: list[Any] = []
    for position, value in enumerate(uniques):
        result = empty
        try:
            shown = legible(value) if type(value) is str else value
            if not is_blank(shown):
                _refuse_computed(shown)
                result = convert(shown)
            elif missing:
                raise _NotUnderstood("空白", missing)
        except _NotUnderstood as fault:
            wrong, remedy = fault.args
            rows = table.rows[codes == position]
            problems.add(table.where, wrong, remedy, column=table.heads[key], rows=rows.tolist())
        results.append(result)
    return results, codes


def _refuse_computed(value: Any) -> None:
    """Formulas, and what is left of one that failed."""
    if isinstance(value, Formula):
        raise _NotUnderstood("是公式，应为值", "选择性粘贴为数值后保存")
    if isinstance(value, str) and value.strip() in _ERROR_VALUES:
        raise _NotUnderstood(f"是出错的公式 {value.strip()}", "填写实际的值")


def dates(table: Table, key: str, problems: Problems, missing: str = "") -> Dates:
    """Days as ``datetime64[D]``; NaT where blank, where the column is not kept, or where not understood."""
    if key not in table.data:
        return np.full(len(table), np.datetime64("NaT"), dtype="datetime64[D]")
    offset = table.serial_offset

    def convert(value: Any) -> date | None:
        if not missing and str(value).strip() in _DASHES:
            return None
        return _day(value, offset)

    found, codes = _read(table, key, problems, convert, None, missing)
    return np.array(found, dtype="datetime64[D]")[codes]


def _day(value: Any, offset: int) -> date:
    text = re.sub(r"\s*([年月日号./-])\s*", r"\1", unicodedata.normalize("NFKC", str(value)).strip())
    day: date | None = None
    try:
        if isinstance(value, datetime):
            day = value.date()
        elif isinstance(value, date):
            day = value
        elif isinstance(value, (int, float)) and not isinstance(value, bool) and 10_000 <= value < 100_000:
            day = _serial(float(value), offset)
        elif not isinstance(value, (time, timedelta)) and (match := _DATE.fullmatch(text)):
            digits = [group for group in match.groups() if group]
            day = date(int(digits[0]), int(digits[1]), int(digits[2]))
        elif isinstance(value, str) and _SERIAL.fullmatch(text):
            day = _serial(float(text), offset)
    except (ValueError, OverflowError):
        raise _NotUnderstood(f"{quoted(value)}不是存在的日期", "改为真实日期，写作“年-月-日”") from None
    if day is None:
        raise _NotUnderstood(f"{quoted(value)}不是完整的日期", "写作“年-月-日”，年份四位")
    if not FIRST_DAY <= day <= LAST_DAY:
        raise _NotUnderstood(f"{quoted(value)}的年份不可信", "核对年份")
    return day


def _serial(number: float, offset: int) -> date:
    """The day of an Excel serial number: 45000 is 2023-03-15 in the 1900 system."""
    return date(1899, 12, 30) + timedelta(days=int(number) + offset)


def labels(table: Table, key: str, problems: Problems, known: Labels, missing: str = "") -> Objects:
    """Keys of the form; None where blank or not understood."""

    def convert(value: Any) -> str | None:
        if not missing and str(value).strip() in _DASHES:
            return None
        found = known.known.get(normal(str(value)))
        if found is None:
            raise _NotUnderstood(f"不认得{quoted(value)}", known.remedy(str(value)))
        return found

    found, codes = _read(table, key, problems, convert, None, missing)
    return _objects(found)[codes]


def texts(table: Table, key: str, problems: Problems, missing: str = "") -> Objects:
    """Texts without spaces around them; ``""`` where blank. A whole number prints without ``.0``."""
    if key not in table.data:
        return _objects([""] * len(table))
    plain = [value.strip() if type(value) is str and value.isprintable() else "" for value in table.data[key]]
    result = _objects(plain)
    rest = [position for position, text in enumerate(plain) if not text or text[0] == "#"]
    for position in rest:
        value = table.data[key][position]
        try:
            shown = legible(value) if type(value) is str else value
            if not is_blank(shown):
                _refuse_computed(shown)
                result[position] = text_of(shown)
            elif missing:
                raise _NotUnderstood("空白", missing)
        except _NotUnderstood as fault:
            wrong, remedy = fault.args
            row = int(table.rows[position])
            problems.add(table.where, wrong, remedy, column=table.heads[key], rows=[row])
            result[position] = ""
    return result


def text_of(value: Any) -> str:
    """A value as the register shows it."""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ")
    return str(value).strip()


def days(table: Table, key: str, problems: Problems) -> npt.NDArray[np.int64]:
    """Numbers of working days, 0 where blank or where the column is not kept."""
    if key not in table.data:
        return np.zeros(len(table), dtype=np.int64)

    def convert(value: Any) -> int:
        text = re.sub(r"\s+", "", unicodedata.normalize("NFKC", str(value)))
        if text in _DASHES or text == "否":
            return 0
        if match := _WHOLE.fullmatch(text):
            return int(match[1])
        raise _NotUnderstood(f"{quoted(value)}不是工作日数", "填写工作日数，如 20；没有的留空")

    found, codes = _read(table, key, problems, convert, 0)
    return np.array(found, dtype=np.int64)[codes]


def amounts(table: Table, key: str, problems: Problems) -> Objects:
    """Exact amounts as Decimal; None where blank or where the column is not kept."""
    if key not in table.data:
        return _objects([None] * len(table))

    def convert(value: Any) -> Decimal:
        text = unicodedata.normalize("NFKC", str(value)).strip().replace(",", "")
        try:
            if isinstance(value, bool) or not re.fullmatch(r"[0-9.]+(e[-+]?[0-9]+)?", text):
                raise InvalidOperation
            amount = Decimal(text)
        except InvalidOperation:
            raise _NotUnderstood(f"{quoted(value)}不是金额", "填写不带单位的数，如 1200.50") from None
        if amount > 10**12:
            raise _NotUnderstood(f"{quoted(value)}的金额不可信", "核对金额和单位")
        return amount

    found, codes = _read(table, key, problems, convert, None)
    return _objects(found)[codes]


def _objects(values: list[Any]) -> Objects:
    """A one-dimensional array of objects, whatever they are."""
    array = np.empty(len(values), dtype=object)
    array[:] = values
    return array


def blanks(table: Table, key: str) -> npt.NDArray[np.bool_]:
    """Where a column is blank; what is not understood is not blank."""
    if key not in table.data:
        return np.ones(len(table), dtype=bool)
    codes, uniques = pd.factorize(pd.Series(table.data[key], dtype=object), use_na_sentinel=False)
    return np.array([is_blank(value) or str(value).strip() in _DASHES for value in uniques], dtype=bool)[codes]


def refuse(table: Table, key: str, bad: npt.NDArray[np.bool_], problems: Problems, wrong: str, remedy: str) -> None:
    """Note a problem of the rows ``bad`` in one column."""
    if bad.any():
        problems.add(table.where, wrong, remedy, column=table.heads[key], rows=table.rows[bad].tolist())


def refuse_duplicates(table: Table, key: str, values: Objects, problems: Problems) -> None:
    """Every number that stands twice, with all its rows."""
    series = pd.Series(values, dtype=object)
    again = (series.duplicated(keep=False) & (series != "")).to_numpy()
    for value, rows in pd.Series(table.rows[again]).groupby(series[again].to_numpy(), sort=True):
        problems.add(
            table.where,
            f"{quoted(value)}重复",
            "每个编号只列一行，核对编号",
            column=table.heads[key],
            rows=rows.tolist(),
        )
