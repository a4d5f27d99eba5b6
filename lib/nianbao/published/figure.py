"""The text of one cell → a number, blank, not applicable or unreadable."""

from __future__ import annotations

import re
from decimal import Decimal

from nianbao.params.cells import NOT_APPLICABLE_MARKS
from nianbao.published.labels import fold
from nianbao.statute import Kind
from nianbao.statute.cell import BLANK, Cell, not_applicable_cell, number_cell, unreadable_cell

_INTEGER = re.compile(r"(?:0|[1-9][0-9]*|[1-9][0-9]{0,2}(?:,[0-9]{3})+)", re.ASCII)
_DECIMAL = re.compile(r"(?:0|[1-9][0-9]*|[1-9][0-9]{0,2}(?:,[0-9]{3})+)\.[0-9]+", re.ASCII)
_MOST_DIGITS = 20

NOT_FOUND = unreadable_cell("未识别")
"""A cell of the form that the document does not show."""


def read_figure(text: str, kind: Kind) -> Cell:
    """A cell's text as a figure of this kind; what is not plainly one is unreadable, with its text.

    White space inside a number, a unit behind it or a sign where none belongs make it unreadable.
    """
    plain = fold(text).strip()
    if not plain:
        return BLANK
    if plain in NOT_APPLICABLE_MARKS:
        return not_applicable_cell(plain)
    sign = ""
    if kind is Kind.CHANGE and plain[0] in "+-\u2212":
        sign, plain = "" if plain[0] == "+" else "-", plain[1:]
    if len(plain) <= _MOST_DIGITS:
        if _INTEGER.fullmatch(plain):
            return number_cell(int(sign + plain.replace(",", "")))
        if kind is Kind.MONEY and _DECIMAL.fullmatch(plain):
            return number_cell(Decimal(plain.replace(",", "")))
    return unreadable_cell(" ".join(fold(text).split()))


def looks_like_figure(text: str) -> bool:
    """Whether a text begins like a figure or is a mark for 不适用."""
    plain = fold(text).strip()
    return bool(re.match(r"[-+\u2212]?[0-9][0-9,.\s]*$", plain)) or plain in NOT_APPLICABLE_MARKS
