"""The text of one cell → a number, blank, not applicable or unreadable."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from nianbao.params.cells import NOT_APPLICABLE_MARKS
from nianbao.published.labels import fold
from nianbao.statute import Kind
from nianbao.statute.cell import BLANK, Cell, not_applicable_cell, number_cell, unreadable_cell

_NUMBER = r"(?:0|[1-9][0-9]*|[1-9][0-9]{0,2}(?:,[0-9]{3})+)"
_INTEGER = re.compile(_NUMBER, re.ASCII)
_DECIMAL = re.compile(rf"{_NUMBER}\.[0-9]+", re.ASCII)
_WHOLE_DECIMAL = re.compile(rf"({_NUMBER})\.0+", re.ASCII)
_UNIT = re.compile(r"(?<=[0-9])\s*(件|条|份|项|个|次|宗|起|万元|元)$")
_FOOTNOTE = re.compile(r"(?<=[0-9])\^(?:[\u2460-\u2473*※]|[\[(〔][0-9]{1,2}[\])〕])$")
"""A raised mark behind a number that can be no part of it; a raised digit might be."""
_DRAWN = ("〔图〕", "〔框〕")
"""What stands for a picture and for a field of a form, whose figures are not in the text."""
_TURNED_ROUND = "\u202e"
"""After which characters run from right to left, digits too."""
_MONEY = ("万元", "元")
_YUAN = Decimal(10_000)
_MOST_DIGITS = 20

NOT_FOUND = unreadable_cell("未识别")
"""A cell of the form that the document does not show."""
DIFFERING_PLACES, DIFFERING_WAYS = unreadable_cell("两处不同"), unreadable_cell("两种读法不同")
"""A cell that stands twice in the document, or was read in two ways, with other figures."""
UNREAD = (NOT_FOUND, DIFFERING_PLACES, DIFFERING_WAYS)
"""Cells that were not read; an unreadable cell that is none of these is so in the document."""


@dataclass(frozen=True)
class Figure:
    """What a cell's text comes to.

    Attributes
    ----------
    note : str
        What was passed over to read it as a number; empty where nothing was.
    """

    cell: Cell
    note: str = ""


def read_figure(text: str, kind: Kind) -> Figure:
    """A cell's text as a figure of this kind; what is not plainly one is unreadable, with its text.

    A unit behind the number that the kind may have (any, behind 0), and decimals that
    are all 0, and the mark of a footnote are passed over and noted. An amount in 元 becomes 万元. White space inside a
    number or a sign where none belongs make it unreadable.
    """
    plain = fold(text).strip()
    if not plain:
        return Figure(BLANK)
    if any(mark in plain for mark in _DRAWN):
        return Figure(NOT_FOUND)
    if _FOOTNOTE.search(plain):
        figure = read_figure(_FOOTNOTE.sub("", plain), kind)
        return Figure(figure.cell, figure.note or "数后的脚注标记没有算在数里") if figure.cell.is_number else figure
    if plain in NOT_APPLICABLE_MARKS:
        return Figure(not_applicable_cell(plain))
    unread = Figure(unreadable_cell(" ".join(fold(text).split())))
    if _TURNED_ROUND in text:
        return unread
    unit = match[1] if (match := _UNIT.search(plain)) else ""
    digits = _UNIT.sub("", plain)
    if unit and (unit in _MONEY) != (kind is Kind.MONEY) and digits.strip("0."):  # nothing is nothing in any unit
        return unread
    sign = ""
    if kind is Kind.CHANGE and digits[0] in "+-\u2212":
        sign, digits = "" if digits[0] == "+" else "-", digits[1:]
    if len(digits) > _MOST_DIGITS:
        return unread
    note = {"": "", "元": "以元为单位的金额折合为万元"}.get(unit, f"数后的“{unit}”没有算在数里")
    if kind is Kind.MONEY and (_INTEGER.fullmatch(digits) or _DECIMAL.fullmatch(digits)):
        amount = digits.replace(",", "")
        if unit == "元":
            return Figure(number_cell(Decimal(amount) / _YUAN), note)
        return Figure(number_cell(Decimal(amount) if "." in amount else int(amount)), note)
    if kind is not Kind.MONEY and (match := _WHOLE_DECIMAL.fullmatch(digits)):
        note, digits = note or "小数部分为 0，按整数读", match[1]
    if _INTEGER.fullmatch(digits):
        return Figure(number_cell(int(sign + digits.replace(",", ""))), note)
    return unread


def looks_like_figure(text: str) -> bool:
    """Whether a text begins like a figure or is a mark for 不适用."""
    plain = _UNIT.sub("", _FOOTNOTE.sub("", fold(text).strip()))
    return bool(re.match(r"[-+\u2212]?[0-9][0-9,.\s]*$", plain)) or plain in NOT_APPLICABLE_MARKS
