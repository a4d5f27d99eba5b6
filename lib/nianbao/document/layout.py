"""Layout that is decided before Typst and Word: title lines, where long words break, where pages cut tables or turn."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Callable, Iterable
from functools import lru_cache
from itertools import pairwise
from typing import TypeVar

from nianbao.document import Table

T = TypeVar("T")

TYPE_AREA_WIDTH = 156.0
"""mm (GB/T 9704-2012, 5.2.1)."""
TYPE_AREA_HEIGHT = 225.0
"""mm; how wide a table may be on a page that is turned."""
POINT = 25.4 / 72
"""mm."""

_CHINESE = "\u2e80-\u2fff\u3005-\u3007\u3021-\u3029\u3031-\u30ff\u3130-\u9fff\ua960-\ua97f\uac00-\ud7ff\uf900-\ufaff"
_UNBROKEN = re.compile(rf"[^\s{_CHINESE}\U00020000-\U0003ffff]+")
NUMBER_WITH_UNIT = r"[0-9]+(?:\.[0-9]+)?(?:[年月日号件条次个人元份项期场篇家名]|万元|%)|（[0-9]+/[0-9]+）"
"""A number and the unit after it, or a part and its whole in brackets, which stay on one line."""
_JOINTS = re.compile(r"(?<=[/\\?&=_@:,;.%#+|~-])(?=[0-9A-Za-z])")


@lru_cache(maxsize=4096)
def width(text: str, other: float = 0.5) -> float:
    """Width in em: a full-width character is 1, any ``other`` half."""
    return sum(1.0 if unicodedata.east_asian_width(c) in "WFA" else other for c in text)


def with_breaks(text: str, line: float) -> str:
    """``text`` with U+200B where words too long for a line of ``line`` em may break.

    Addresses break after their punctuation; a piece longer than a line, anywhere.
    """

    def broken(match: re.Match[str]) -> str:
        word = match[0]
        if width(word) <= line / 2:
            return word
        pieces = _JOINTS.split(word)
        return "\u200b".join("\u200b".join(piece) if width(piece) > line - 1 else piece for piece in pieces)

    return _UNBROKEN.sub(broken, text)


LONG_WORD = 6.0
"""em: a web address, a longer number; a word of this length that does not fit leaves a gap at the end of its line."""


def has_long_word(text: str) -> bool:
    """Whether a text holds a word so long that it would stretch the line before it."""
    return any(width(word[0]) >= LONG_WORD for word in _UNBROKEN.finditer(text))


def title_lines(title: str, most: float = 20.0) -> tuple[str, ...]:
    """A title in as few lines as it needs, of similar length (GB/T 9704-2012, 7.3.1).

    Line breaks in ``title`` are kept. Lines end after a year or a closing mark where that costs little,
    never inside a number or a Latin word. ``most`` is the longest line in em (20 at 22 pt).
    """
    return tuple(line for part in title.split("\n") for line in _balanced(part.strip(), most))


_TITLE_DIGIT = 0.6
"""em; the digits of faces for titles are a little wider than half."""
_MOST_LINES = 6
"""A title of more lines is no title; it is left to wrap as it comes."""


def _balanced(text: str, most: float) -> list[str]:
    for count in range(max(1, math.ceil(width(text) / most)), _MOST_LINES + 1):
        lines = _best_split(text, count)
        if lines and max(width(line, _TITLE_DIGIT) for line in lines) <= most:
            return lines
    return [text]


_GOOD_ENDS = "年度》”）、，：的"
_NEVER_FIRST = "》”’）、，。：；？！〕】年月日号"
_NEVER_LAST = "《“‘（〔【"


def _best_split(text: str, count: int) -> list[str]:
    """``text`` in ``count`` lines with the least cost; empty when there are too few places to break."""
    places = [0, *(i for i in range(1, len(text)) if _may_break(text, i)), len(text)]
    ideal = width(text) / count
    best: dict[int, tuple[float, list[int]]] = {0: (0.0, [0])}
    for _ in range(count):
        reached: dict[int, tuple[float, list[int]]] = {}
        for start, (cost, path) in best.items():
            for end in places:
                if end <= start:
                    continue
                penalty = 0.0 if end == len(text) or text[end - 1] in _GOOD_ENDS else 9.0
                total = cost + (width(text[start:end]) - ideal) ** 2 + penalty
                if end not in reached or total < reached[end][0]:
                    reached[end] = (total, [*path, end])
        best = reached
    if len(text) not in best:
        return []
    return [text[a:b].strip() for a, b in pairwise(best[len(text)][1])]


_WORDS = (
    "年度",
    "政府",
    "信息公开",
    "工作",
    "报告",
    "人民",
    "街道",
    "办事处",
    "委员会",
    "管理",
    "服务",
    "中心",
    "汇总",
)
"""Words of titles, within which no line ends."""


def _within_word(text: str, index: int) -> bool:
    return any(
        text.startswith(word, start)
        for word in _WORDS
        for start in range(max(0, index - len(word) + 1), index)
        if start + len(word) > index
    )


def _may_break(text: str, index: int) -> bool:
    before, after = text[index - 1], text[index]
    if _within_word(text, index):
        return False
    if after.isspace() or after in _NEVER_FIRST or before in _NEVER_LAST:
        return False
    return not (before.isascii() and after.isascii() and before.isalnum() and after.isalnum())


def table_size(columns: int) -> float:
    """Type size in pt: 小四 for few columns, 五号 for more; from 12 columns on, heads break two by two at 9 pt."""
    for most, size in ((4, 12.0), (8, 10.5), (11, 8.5), (18, 9.0), (28, 6.5)):
        if columns <= most:
            return size
    return 5.0


LONG_FROM = 13
"""Rows of the body from which on a table whose cells span nothing is a list: its type is no larger, its rows stand closer."""


def is_list(table: Table) -> bool:
    """Whether a table lists many things that are alike, a row each."""
    return len(table.body) >= LONG_FROM and not any(c.rowspan > 1 or c.colspan > 1 for row in table.body for c in row)


def table_padding(table: Table) -> float:
    """Space above and below the text of a cell, in em."""
    return 0.2 if is_list(table) else 0.36


def table_inset(columns: int) -> float:
    """Space in pt left and right in a cell."""
    return 4.0 if columns <= 8 else 2.0 if columns <= 18 else 1.0


def stretches(
    items: Iterable[T], wide: Callable[[T], bool], above: Callable[[T], bool], below: Callable[[T], bool]
) -> list[tuple[bool, list[T]]]:
    """Items in their order, parted into those that stand upright and those on a page that is turned.

    A ``wide`` table takes with it what stands right ``above`` it (headings, captions) and ``below`` it (notes).
    """
    parts: list[tuple[bool, list[T]]] = []
    for item in items:
        taken = [item]
        if is_wide := wide(item):
            while parts and not parts[-1][0] and above(parts[-1][1][-1]):
                taken.insert(0, parts[-1][1].pop())
                if not parts[-1][1]:
                    parts.pop()
        if parts and (parts[-1][0] == is_wide or (parts[-1][0] and below(item))):
            parts[-1][1].extend(taken)
        else:
            parts.append((is_wide, taken))
    return parts


MOST_GROUPED = 10
"""Rows of a group, beside a label that spans them, that stay on one page; a page may cut a larger one."""
LEAST_ON_PAGE = (2, 3)
"""Rows of a table, its head not counted, that stand on its first page and on its last, where pages cut it."""


def joints(table: Table) -> list[int]:
    """Rows of the body, from the second on, before which no group is cut: those that may begin a page."""
    grouped = [range(y + 1, y + cell.rowspan) for y, _, cell in table.placed() if 1 < cell.rowspan <= MOST_GROUPED]
    inside = {row for group in grouped for row in group}
    return [row for row in range(len(table.head) + 1, table.rows) if row not in inside]


def seams(table: Table) -> list[int]:
    """Those of the :func:`joints` that leave enough rows on the page before and on the last one."""
    first, last = len(table.head) + LEAST_ON_PAGE[0], table.rows - LEAST_ON_PAGE[1]
    return [row for row in joints(table) if first <= row <= last]
