"""Characters → text that keeps apart what the page keeps apart: no number is put together from pieces of two."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from nianbao.office.pdf import Character, PdfPage, Stroke

_SAME_LINE = 0.3
"""Of the size of a character: baselines nearer than this are one."""
_GAP = 0.35
"""Of the size: digits further apart than this are two numbers."""
_RAISED, _SMALLER = 0.8, 0.9
"""Of the largest size in a text, and of that of its figures: smaller figures are marks of footnotes."""
_BESIDE = 1.0
"""Of the size: how far from the baseline of a figure a mark beside it stands."""
_STRUCK_ABOVE, _STRUCK_BELOW = 0.12, 0.65
"""Of the size, above the baseline: where a line strikes a character out."""
_PADDING = 11.5
"""Points: the margins of a cell on both sides together, as Word sets them (0.19 cm each), and a little more."""
_TOUCH = 1.0
"""Points; characters may reach this far over a stroke."""
FIGURE = frozenset("0123456789.,%-" + "".join(map(chr, range(0xFF10, 0xFF1A))) + "\uff0e，")
"""Characters of which figures are made."""


@dataclass(frozen=True)
class Strokes:
    """The strokes of a page: the level ones by height, the upright ones from the left."""

    level: tuple[Stroke, ...]
    heights: tuple[float, ...]
    upright: tuple[Stroke, ...]

    @classmethod
    def of(cls, page: PdfPage) -> Strokes:
        level = sorted((stroke for stroke in page.strokes if stroke.level), key=lambda stroke: stroke.bottom)
        upright = sorted((stroke for stroke in page.strokes if not stroke.level), key=lambda stroke: stroke.left)
        return cls(tuple(level), tuple(stroke.bottom for stroke in level), tuple(upright))

    def strikes(self, character: Character) -> bool:
        """Whether a line goes through a character."""
        start = bisect_left(self.heights, character.baseline + _STRUCK_ABOVE * character.size)
        end = bisect_left(self.heights, character.baseline + _STRUCK_BELOW * character.size)
        middle = (character.left + character.right) / 2
        return any(stroke.left <= middle <= stroke.right for stroke in self.level[start:end])

    def is_full(self, line: Sequence[Character]) -> bool:
        """Whether a line of figures leaves no room for one more, between the strokes of its column."""
        first, last = line[0], line[-1]
        here = [stroke.left for stroke in self.upright if stroke.bottom <= first.middle <= stroke.top]
        before = [x for x in here if x <= first.left + _TOUCH]
        after = [x for x in here if x >= last.right - _TOUCH]
        if not before or not after:
            return False
        width = last.right - first.left
        return min(after) - max(before) - width < _PADDING + width / len(line)


def cell_text(characters: Sequence[Character], strokes: Strokes) -> str:
    """The text of a cell from its characters in reading order.

    A new line stands where the page has one, but for a figure that goes on in the
    next line because its column is full; a space where two figures stand apart;
    ``~`` and ``^`` before figures that are struck out or raised.
    """
    parts: list[str] = []
    line: list[Character] = []
    largest = max((one.size for one in characters), default=0.0)
    figure = max((one.size for one in characters if one.text.isdecimal()), default=0.0)
    least = max(_RAISED * largest, _SMALLER * figure)
    for one in characters:
        if line:
            gap = _between(line[-1], one)
            if gap == "\n":
                figures = one.text in FIGURE and all(other.text in FIGURE for other in line)
                beside = figures and _is_beside(line[-1], one)
                parts.append("^" if beside else "" if figures and strokes.is_full(line) else gap)
                line.clear()
            else:
                parts.append(gap)
        if one.text in FIGURE:
            parts.append("~" if strokes.strikes(one) else "")
            parts.append("^" if one.size < least else "")
        parts.append(one.text)
        line.append(one)
    return "\n".join(text for raw in "".join(parts).split("\n") if (text := " ".join(raw.split())))


def is_gap(before: Character, one: Character) -> bool:
    """Whether two figures of one line stand apart, or over one another."""
    return not -_GAP < (one.left - before.right) / min(before.size, one.size) < _GAP


def _is_beside(before: Character, one: Character) -> bool:
    """Whether a figure stands a little above or below the one before it and to its right, not on a line of its own."""
    near = abs(before.baseline - one.baseline) < _BESIDE * max(before.size, one.size)
    return near and one.left > before.right - _GAP * before.size


def _between(before: Character, one: Character) -> str:
    size = min(before.size, one.size)
    if abs(before.baseline - one.baseline) > _SAME_LINE * size:
        return "\n"
    if before.text in FIGURE and one.text in FIGURE and is_gap(before, one):
        return " "
    return ""


def in_reading_order(characters: Iterable[Character]) -> list[list[Character]]:
    """Characters as lines from the top, each from the left."""
    lines: list[list[Character]] = []
    for one in sorted(characters, key=lambda one: (-one.baseline, one.left)):
        if lines and abs(lines[-1][0].baseline - one.baseline) <= _SAME_LINE * min(one.size, lines[-1][0].size):
            lines[-1].append(one)
        else:
            lines.append([one])
    for line in lines:
        line.sort(key=lambda one: one.left)
    return lines
