"""One cell of a filled-in form as the value its place takes, or why it is unfit."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from nianbao.forms.plan import NO, YES, Input
from nianbao.params import entry
from nianbao.params.entry import figure_of
from nianbao.statute import Kind
from nianbao.wording import plain_number, quoted

__all__ = ["FORBIDDEN", "Input", "Unfit", "clean", "take"]

MAX = 10**12
MAX_LINE = 200
MAX_PROSE = 60_000

# Invisible characters come along when text is copied from web pages; they print as nothing, or worse.
_INVISIBLE = re.compile("[\u200b-\u200f\u202a-\u202f\u2060-\u206f\ufeff]")
_BREAKS = re.compile("_x000[dD]_\n?|\r\n?|[\u2028\u2029\x0b\x0c\x85]")
FORBIDDEN = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\ue000-\uf8ff\ufff0-\uffff\ud800-\udfff]")
_DATE = re.compile(r"([0-9]{4})(?:-|/|\.|年)([0-9]{1,2})(?:-|/|\.|月)([0-9]{1,2})日?")
_SERIALS = range(36526, 73051)
"""Days of this century as spreadsheets count them, 2000-01-01 to 2099-12-31."""


class Unfit(Exception):
    """What stands in a cell cannot be what its place takes."""

    def __init__(self, wrong: str, remedy: str = "") -> None:
        super().__init__(wrong, remedy)
        self.wrong = wrong
        self.remedy = remedy


def clean(text: str) -> tuple[str, bool]:
    """Text with plain line feeds and without invisible characters, and whether any were there."""
    broken = _BREAKS.sub("\n", text)
    visible = _INVISIBLE.sub("", broken)
    return visible, visible != broken


def take(cell: Any, kind: Input) -> tuple[Any, str]:
    """The value of a cell (None where it is blank) and a remark for the clerk (mostly empty).

    Raises
    ------
    Unfit
        For a formula, an error value, text where a number belongs, a fraction, a negative figure
        and the like.
    """
    value = cell.value
    if value is None or (isinstance(value, str) and not value.strip()):
        return None, ""
    if cell.data_type == "f":
        raise Unfit(f"应直接填写，实为公式{quoted(_formula_text(value))}", "改为填写结果，不写公式")
    if cell.data_type == "e":
        raise Unfit(f"应为{kind.value}，实为错误值{quoted(value)}", "重新填写这一格")
    match kind:
        case Input.DATE:
            return _date(value), ""
        case Input.FLAG:
            if str(value).strip() in (YES, NO):
                return str(value).strip(), ""
            raise Unfit(f"应为{kind.value}，实为{quoted(value)}", "从下拉列表中选择，或留空")
        case Input.LINE | Input.PROSE:
            return _text(value, kind)
        case _:
            return _number(value, kind), ""


def _formula_text(value: Any) -> str:
    return str(getattr(value, "text", None) or value)


def _number(value: Any, kind: Input) -> int | Decimal | str:
    expected = f"应为{kind.value}，实为"
    if isinstance(value, bool):
        raise Unfit(f"{expected}{'TRUE' if value else 'FALSE'}", "直接填数")
    if isinstance(value, (date, time)):
        raise Unfit(f"{expected}日期{quoted(value)}", "把这一格的格式改为“常规”，重新填数")
    if isinstance(value, str):
        return _from_text(value, kind)
    if not isinstance(value, (int, float)):
        raise Unfit(f"{expected}{quoted(value)}", "直接填数")
    number = Decimal(value) if isinstance(value, int) else Decimal(repr(value))
    if not number.is_finite() or (abs(number) > MAX and kind is not Input.YUAN):
        raise Unfit(f"{expected}{quoted(value)}", f"应不超过 {MAX}")
    if number < 0 and kind is not Input.CHANGE:
        raise Unfit(f"{expected}负数 {plain_number(number)}", "改为不小于 0 的数")
    if number == int(number):
        return int(number)
    if kind in (Input.WAN, Input.YUAN):
        return number
    raise Unfit(f"{expected}小数 {plain_number(number)}", "改为整数")


_KINDS = {Input.CHANGE: Kind.CHANGE, Input.WAN: Kind.MONEY, Input.YUAN: Kind.MONEY}


def _from_text(text: str, kind: Input) -> Decimal | int | str:
    """A figure typed as text, full-width and with blanks around it too, or a mark for 不适用 where a table may hold one."""
    try:
        figure = figure_of(text, _KINDS.get(kind, Kind.COUNT))
    except entry.Unfit as unfit:
        raise Unfit(f"应为{kind.value}，实为文字{quoted(text)}", unfit.remedy) from None
    if figure is None or (isinstance(figure, str) and not kind.takes_marks):
        raise Unfit(f"应为{kind.value}，实为“{text.strip()}”，这是“不适用”的记号", "没有的填 0，还不知道的留空")
    return figure


def _date(value: Any) -> date:
    if isinstance(value, date):
        return value.date() if isinstance(value, datetime) else value  # the hour of signing says nothing
    if isinstance(value, (int, float)) and not isinstance(value, bool) and value in _SERIALS:
        return date(1899, 12, 30) + timedelta(days=int(value))  # a date whose format was lost on the way
    if isinstance(value, str) and (match := _DATE.fullmatch(value.strip())):
        try:
            return date(int(match[1]), int(match[2]), int(match[3]))
        except ValueError:
            raise Unfit(f"应为日期，实为不存在的日期{quoted(value)}", "改为真实日期") from None
    raise Unfit(f"应为{Input.DATE.value}，实为{quoted(value)}", "改写为日期")


def _text(value: Any, kind: Input) -> tuple[str, str]:
    if isinstance(value, bool):
        raise Unfit(f"应为{kind.value}，实为{'TRUE' if value else 'FALSE'}", "改写为文字")
    if isinstance(value, float):
        value = plain_number(Decimal(repr(value)).normalize())
    if isinstance(value, (date, time)):
        raise Unfit(f"应为{kind.value}，实为日期{quoted(value)}", "把这一格的格式改为“文本”，重新填写")
    text, changed = clean(str(value))
    if bad := FORBIDDEN.search(text):
        raise Unfit(f"含有控制字符或私用字符 U+{ord(bad[0]):04X}", "删除该字符，换成常用字")
    if kind is Input.LINE:
        text = text.lstrip()
        if "\n" in text:
            raise Unfit("应为一行文字，实有换行", "删去换行")
    limit = MAX_LINE if kind is Input.LINE else MAX_PROSE
    if len(text) > limit:
        raise Unfit(f"有 {len(text)} 字，应不超过 {limit} 字", "缩短")
    return text, "中的不可见字符已去掉" if changed else ""
