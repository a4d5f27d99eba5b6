"""Numerals in words: 三, 十二, 一百零五, 两千三百, 廿三, 二〇二三, 壹仟零伍拾柒."""

from __future__ import annotations

_DIGITS = {
    char: value
    for value, chars in enumerate(("〇零○", "一壹", "二两贰", "三叁", "四肆", "五伍", "六陆", "七柒", "八捌", "九玖"))
    for char in chars
}
_PLACES = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}
_TENS = {"廿": 20, "卅": 30, "卌": 40}
_MYRIADS = {"万": 10_000, "亿": 100_000_000}

NUMERAL = f"[{''.join((*_DIGITS, *_PLACES, *_TENS, *_MYRIADS))}]"
"""A regular expression for one character of a numeral."""
FINANCIAL = "[零壹贰叁肆伍陆柒捌玖拾佰仟万亿]"
"""The same for numerals as cheques have them: words of everyday text are not written so."""


def chinese_number(text: str) -> int | None:
    """The value of a Chinese numeral below 10,000 亿, or of a row of digits (二〇二三); None for anything else."""
    if not text or any(
        char not in _DIGITS and char not in _PLACES and char not in _TENS and char not in _MYRIADS for char in text
    ):
        return None
    if all(char in _DIGITS for char in text):
        return int("".join(str(_DIGITS[char]) for char in text))
    total = 0
    rest = text
    for mark, worth in (("亿", 100_000_000), ("万", 10_000)):
        high, there, low = rest.partition(mark)
        if there:
            upper = _below_ten_thousand(high) if high else None
            if upper is None:
                return None
            total, rest = total + upper * worth, low
    lower = _below_ten_thousand(rest) if rest else 0
    return None if lower is None else total + lower


def _below_ten_thousand(text: str) -> int | None:
    total, digit, limit = 0, None, 10_000
    for char in text:
        if char in _TENS:
            if limit <= 10 or digit not in (None, 0):
                return None
            total, digit, limit = total + _TENS[char], None, 10
        elif char in _PLACES:
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
