"""Numerals that Word makes by list markup (ISO/IEC 29500-1, 17.9): printed, but written nowhere in the text."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from nianbao.office.xml import XmlElement

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_DIGITS = "〇一二三四五六七八九"
_CHINESE = {"chineseCounting", "chineseCountingThousand", "japaneseCounting", "taiwaneseCounting", "ideographDigital"}
_MOST_LEVELS = 9


@dataclass(frozen=True)
class _Level:
    """One level of a list: where it starts, how a number is written and what stands around it (``%1、``)."""

    start: int
    format: str
    text: str


@dataclass
class Numbering:
    """The numerals of a document's lists, given out paragraph by paragraph in reading order."""

    lists: Mapping[str, Mapping[int, _Level]] = field(default_factory=dict)
    styles: Mapping[str, tuple[str, int]] = field(default_factory=dict)
    counts: dict[str, dict[int, int]] = field(default_factory=dict)

    def before(self, paragraph: XmlElement) -> str:
        """What is printed before a paragraph, a space behind it; empty where that is nothing or cannot be told."""
        number, level = self._place(paragraph)
        levels = self.lists.get(number, {})
        if level not in levels:
            return ""
        counts = self.counts.setdefault(number, {})
        counts[level] = counts.get(level, levels[level].start - 1) + 1
        for deeper in [other for other in counts if other > level]:
            del counts[deeper]

        def written(match: re.Match[str]) -> str:
            one = levels.get(int(match[1]) - 1)
            return _written(counts.get(int(match[1]) - 1, one.start), one.format) if one else ""

        printed = re.sub(r"%([1-9])", written, levels[level].text)
        return f"{printed} " if re.search(r"\w", printed) else ""  # a bullet says nothing

    def _place(self, paragraph: XmlElement) -> tuple[str, int]:
        properties = paragraph.find(f"{_W}pPr")
        if properties is None:
            return "", 0
        style = _value(properties.find(f"{_W}pStyle"))
        number, level = self.styles.get(style, ("", 0))
        own = properties.find(f"{_W}numPr")
        if own is not None:
            number = _value(own.find(f"{_W}numId")) or number
            level = _whole(_value(own.find(f"{_W}ilvl")), level)
        return number, level


def read_numbering(numbering: XmlElement | None, styles: XmlElement | None) -> Numbering:
    """The lists of ``word/numbering.xml`` and the styles of ``word/styles.xml`` that belong to one; either may be missing."""
    if numbering is None:
        return Numbering()
    abstract = {one.get(f"{_W}abstractNumId"): _levels(one) for one in numbering.findall(f"{_W}abstractNum")}
    lists: dict[str, Mapping[int, _Level]] = {}
    for one in numbering.findall(f"{_W}num"):
        levels = dict(abstract.get(_value(one.find(f"{_W}abstractNumId")), {}))
        for override in one.findall(f"{_W}lvlOverride"):
            place = _whole(override.get(f"{_W}ilvl"), 0)
            start = override.find(f"{_W}startOverride")
            if start is not None and place in levels:
                levels[place] = _Level(_whole(_value(start), 1), levels[place].format, levels[place].text)
        lists[one.get(f"{_W}numId") or ""] = levels
    lists.pop("0", None)  # 0 takes a paragraph out of every list
    return Numbering(lists, _styles(styles))


def _levels(abstract: XmlElement) -> dict[int, _Level]:
    found: dict[int, _Level] = {}
    for level in abstract.findall(f"{_W}lvl")[:_MOST_LEVELS]:
        place = _whole(level.get(f"{_W}ilvl"), 0)
        start = _whole(_value(level.find(f"{_W}start")), 1)
        form = _value(level.find(f"{_W}numFmt")) or "decimal"
        found[place] = _Level(start, form, _value(level.find(f"{_W}lvlText")))
    return found


def _styles(styles: XmlElement | None) -> dict[str, tuple[str, int]]:
    found: dict[str, tuple[str, int]] = {}
    for style in styles.findall(f"{_W}style") if styles is not None else ():
        own = style.find(f"{_W}pPr/{_W}numPr")
        if own is not None:
            level = _whole(_value(own.find(f"{_W}ilvl")), 0)
            found[style.get(f"{_W}styleId") or ""] = (_value(own.find(f"{_W}numId")), level)
    return found


def _value(element: XmlElement | None) -> str:
    return element.get(f"{_W}val", "") if element is not None else ""


def _whole(text: str | None, default: int) -> int:
    return int(text) if text and re.fullmatch("[0-9]{1,4}", text) else default


def _written(number: int, form: str) -> str:
    """A number as a list writes it; formats that no report uses are written in digits."""
    if form in ("none", "bullet"):
        return ""
    if form in _CHINESE and 0 < number < 100:
        tens, ones = divmod(number, 10)
        ten = ("" if tens == 1 else _DIGITS[tens]) + "十" if tens else ""
        return ten + (_DIGITS[ones] if ones else "")
    if form in ("lowerLetter", "upperLetter") and 0 < number <= 26:
        letter = chr(ord("a") + number - 1)
        return letter if form == "lowerLetter" else letter.upper()
    return str(number)
