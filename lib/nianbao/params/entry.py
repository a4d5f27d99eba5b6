"""A figure as a person enters it: full-width digits and blanks around it are accepted, anything else is said."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal

from nianbao.params.cells import NOT_APPLICABLE_MARKS
from nianbao.statute import Kind
from nianbao.wording import quoted

EXPECTED = {Kind.COUNT: "非负整数", Kind.CHANGE: "整数", Kind.MONEY: "非负数"}
MAX_FIGURE = 10**12

_NUMBER = re.compile(r"([-+]?)(\d+|\d{1,3}(?:,\d{3})+)(?:\.(\d+))?", re.ASCII)
_WITH_UNIT = re.compile(r"[-+]?[\d,.]+\s*(?:件|条|万元|元|份|个)", re.ASCII)


class Unfit(Exception):
    """What was entered cannot be what its place takes; ``wrong`` and ``remedy`` as in a message."""

    def __init__(self, wrong: str, remedy: str = "") -> None:
        super().__init__(wrong, remedy)
        self.wrong = wrong
        self.remedy = remedy


def figure_of(text: str, kind: Kind) -> int | Decimal | str | None:
    """The figure that a text means; None where it is blank, the mark itself where it says 不适用.

    Raises
    ------
    Unfit
        For words, a unit, a fraction where a whole number belongs, a negative figure.
    """
    plain = unicodedata.normalize("NFKC", text).strip()
    if not plain:
        return None
    if text.strip() in NOT_APPLICABLE_MARKS or plain in NOT_APPLICABLE_MARKS:
        return plain if plain in NOT_APPLICABLE_MARKS else text.strip()
    expected = f"应为{EXPECTED[kind]}，实为{quoted(text.strip())}"
    match = _NUMBER.fullmatch(plain)
    if match is None:
        remedy = "只写数，不写单位" if _WITH_UNIT.fullmatch(plain) else "没有的填 0，还不知道的留空"
        raise Unfit(expected, remedy)
    number = Decimal(plain.replace(",", "").lstrip("+"))
    if abs(number) > MAX_FIGURE:
        raise Unfit(expected, "核对位数")
    if number < 0 and kind is not Kind.CHANGE:
        raise Unfit(expected, "核对正负号")
    if kind is Kind.MONEY and match[3]:
        return number
    if number % 1:
        raise Unfit(expected, "改为整数")
    return int(number)
