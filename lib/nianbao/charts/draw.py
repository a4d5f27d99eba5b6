"""Two kinds of chart, each number written beside its bar: bars across with long names, columns by month."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from nianbao.charts.canvas import HAIRLINE, SIZE, WIDTH, Canvas, text_width
from nianbao.registers.columns import LAST_CLASS
from nianbao.registers.labels import class_key

MAX_BARS = 20
MAX_NAME = 0.5
"""Share of the width that names may take; longer ones are set in two lines."""
MONTHS = 12

_LINE = 13.0
_LOOSE, _CLOSE = (19.0, 11.0), (14.5, 9.0)
"""pt from bar to bar, and its thickness: where there are few, and where there are many."""
_FEW, _MOST_BELOW = 12, 24
"""Bars that stand loosely, and bars that stand one below the other: more would fill a page, and stand in two columns."""
_TWO_COLUMNS, _BETWEEN = 400.0, 12.0
"""Width in pt of a chart in two columns, and the space between them."""
_GAP = 6.0
_PLOT, _PLOTS = 62.0, 46.0
"""Height of the tallest column where there is one series, where there are several."""
_MOST_LETTERS = 100
_NEVER_FIRST = "、，。；：）》〉”’〕】"


@dataclass(frozen=True)
class Series:
    """Twelve counts under a name with its unit, e.g. 主动公开政府信息, 条."""

    name: str
    unit: str
    counts: tuple[int, ...]

    @property
    def total(self) -> int:
        return sum(self.counts)


def bars(items: Sequence[tuple[str, int]], unit: str) -> bytes:
    """Name and count of each bar, top down, as SVG; many in two columns of one scale."""
    columns = 1 if len(items) <= _MOST_BELOW else 2
    rows = -(-len(items) // columns)
    whole = WIDTH if columns == 1 else _TWO_COLUMNS
    width = (whole - _BETWEEN * (columns - 1)) / columns
    names = {name: _lines(name, width * MAX_NAME) for name, _ in items}
    left = max(text_width(line) for lines in names.values() for line in lines) + _GAP
    room = width - left - _GAP - max(text_width(f"{count}{unit}") for _, count in items)
    highest = max(1, *(count for _, count in items))
    pitch, thick = _LOOSE if len(items) <= _FEW else _CLOSE
    abreast = [items[row::rows] for row in range(rows)]
    heights = [pitch + (max(len(names[name]) for name, _ in row) - 1) * _LINE for row in abreast]
    canvas = Canvas(whole, sum(heights) + 2)
    top, ends = 1.0, [1.0] * columns
    for row, height in zip(abreast, heights, strict=True):
        middle = top + height / 2
        top += height
        for column, (name, count) in enumerate(row):
            begin = column * (width + _BETWEEN) + left
            for index, line in enumerate(names[name]):
                canvas.text(begin - _GAP, middle + (index - (len(names[name]) - 1) / 2) * _LINE, line, "right")
            if count:
                canvas.bar(begin, middle - thick / 2, room * count / highest, thick)
            canvas.text(begin + room * count / highest + _GAP, middle, f"{count}{unit}")
            ends[column] = top
    for column, end in enumerate(ends):
        begin = column * (width + _BETWEEN) + left
        canvas.rule(begin, 1.0, begin, end)
    return canvas.svg()


def shortened(items: Sequence[tuple[str, int]], rest: str) -> list[tuple[str, int]]:
    """The largest first, a class 其他… last; what is beyond ``MAX_BARS`` in one bar, named by ``rest`` with its number."""
    last = class_key(LAST_CLASS)
    ordered = sorted(items, key=lambda item: (class_key(item[0]) == last, -item[1]))
    if len(ordered) <= MAX_BARS:
        return ordered
    kept, others = ordered[: MAX_BARS - 1], ordered[MAX_BARS - 1 :]
    return [*kept, (rest.format(len(others)), sum(count for _, count in others))]


def months(panels: Sequence[Series]) -> bytes:
    """A row of twelve columns for each series, one below the other, as SVG."""
    head, foot, between, thick = 20.0, 18.0, 12.0, _LOOSE[1]
    plot = _PLOT if len(panels) == 1 else _PLOTS
    height = head + _LINE + plot + foot
    canvas = Canvas(WIDTH, len(panels) * height + (len(panels) - 1) * between)
    step = WIDTH / MONTHS
    for index, series in enumerate(panels):
        top = index * (height + between)
        canvas.text(0, top + head / 2, f"{series.name}（{series.unit}）")
        base = top + head + _LINE + plot
        highest = max(1, *series.counts)
        widest = max(text_width(str(count)) for count in series.counts)
        size = min(SIZE, SIZE * (step - 3) / widest)
        for month, count in enumerate(series.counts):
            tall = plot * count / highest
            middle = (month + 0.5) * step
            if count:
                canvas.bar(middle - thick / 2, base - tall, thick, tall)
            canvas.text(middle, base - tall - _LINE / 2, str(count), "center", size)
            canvas.text(middle, base + foot / 2 + HAIRLINE, f"{month + 1}月", "center")
        canvas.rule(0, base, WIDTH, base)
    return canvas.svg()


def _lines(name: str, most: float) -> list[str]:
    """A name in one line, in two of like length, or in two of which the second is cut short with …."""
    if len(name) > _MOST_LETTERS:
        name = name[:_MOST_LETTERS] + "…"  # no more than this fits, however narrow
    if text_width(name) <= most:
        return [name]
    ends = [end for end in range(1, len(name)) if name[end] not in _NEVER_FIRST and text_width(name[:end]) <= most]
    half = text_width(name) / 2
    end = min(ends, key=lambda end: abs(text_width(name[:end]) - half)) if ends else 1
    if text_width(name[end:]) > most and ends:
        end = ends[-1]
    rest = name[end:]
    while text_width(rest) > most:
        rest = rest.removesuffix("…")[:-1] + "…"
    return [name[:end], rest]
