"""Chinese numerals: 三, 十二, 一百零五, 两千三百, 二〇二三."""

from __future__ import annotations

_DIGITS = {
    "〇": 0, "零": 0, "○": 0, "一": 1, "二": 2, "两": 2, "三": 3, "四": 4,
    "五": 5, "六": 6, "七": 7, "八": 8, "九": 9,
}  # fmt: skip
_PLACES = {"十": 10, "百": 100, "千": 1000}
NUMERAL = "[〇零○一二两三四五六七八九十百千万]"
"""A regular expression for one character of a numeral."""


def chinese_number(text: str) -> int | None:
    """The value of a Chinese numeral up to 9,999 万, or of a row of digits (二〇二三); None for anything else."""
    if not text or any(char not in _DIGITS and char not in _PLACES and char != "万" for char in text):
        return None
    if all(char in _DIGITS for char in text):
        return int("".join(str(_DIGITS[char]) for char in text))
    high, wan, low = text.rpartition("万")
    upper = _below_ten_thousand(high) if high else (1 if wan else 0)
    lower = _below_ten_thousand(low) if low else 0
    if upper is None or lower is None:
        return None
    return upper * 10_000 + lower


def _below_ten_thousand(text: str) -> int | None:
    total, digit, limit = 0, None, 10_000
    for char in text:
        if char in _PLACES:
            place = _PLACES[char]
            if place >= limit or digit == 0:
                return None
            total, digit, limit = total + (1 if digit is None else digit) * place, None, place
        elif char in _DIGITS:
            if digit not in (None, 0):
                return None
            digit = _DIGITS[char]
        else:
            return None
    return total + (digit or 0)


def small_number(text: str) -> int | None:
    """A numeral in Chinese or Arabic figures."""
    return int(text) if text.isascii() and text.isdigit() else chinese_number(text)
