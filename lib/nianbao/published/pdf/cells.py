"""Ruled lines of a page → the cells that they close."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from nianbao.office.pdf import Stroke
from nianbao.published.grid import MOST_COLUMNS, MOST_PLACES, MOST_ROWS

SNAP = 2.0
"""Points: lines nearer than this are one, and meet."""
_COVERED = 0.9
"""Of an edge: how much of it lines must cover to close it."""
_OPEN = 0.1
"""Of an edge: up to how much of it lines may cover and leave it open; between the two nobody can tell."""
_BAND = 3
"""Level lines of one length that make a table without columns."""
Place = tuple[int, int]
"""Row and column of a smallest field."""


@dataclass(frozen=True)
class Frame:
    """The strokes of one table: where its columns and rows part, from the left and from the top, and its cells.

    Attributes
    ----------
    home : mapping of place to place
        For every field of the finest division, the upper left field of the cell that it belongs to.
    spans : mapping of place to (rows, columns)
        By upper left field; a cell that is not closed, or no rectangle, is missing.
    """

    xs: tuple[float, ...]
    ys: tuple[float, ...]
    home: dict[Place, Place]
    spans: dict[Place, tuple[int, int]]

    def place(self, x: float, y: float) -> Place | None:
        """The field in which a point lies; None outside."""
        column = bisect_right(self.xs, x) - 1
        row = bisect_right([-edge for edge in self.ys], -y) - 1
        inside = 0 <= column < len(self.xs) - 1 and 0 <= row < len(self.ys) - 1
        return (row, column) if inside else None


@dataclass(frozen=True)
class Band:
    """The height between the first and the last of some level lines that part rows, but no columns."""

    top: float
    bottom: float


def read_strokes(strokes: Sequence[Stroke]) -> tuple[list[Frame], list[Band]]:
    """The tables of a page whose lines close cells, and those of which only level lines are drawn; from the top."""
    level = _joined(
        [stroke for stroke in strokes if stroke.level], lambda r: (r.bottom + r.top) / 2, lambda r: (r.left, r.right)
    )
    upright = _joined(
        [stroke for stroke in strokes if not stroke.level],
        lambda r: (r.left + r.right) / 2,
        lambda r: (r.bottom, r.top),
    )
    frames: list[Frame] = []
    loose: list[_Line] = []
    for flat, tall in _groups(level, upright):
        frame = _frame(flat, tall)
        if frame is None:
            loose += flat
        else:
            frames.append(frame)
    return sorted(frames, key=lambda frame: -frame.ys[0]), list(_bands(loose))


def _bands(lines: Sequence[_Line]) -> Iterator[Band]:
    """Runs of level lines of one length."""
    runs: dict[tuple[int, int], list[_Line]] = {}
    for line in sorted(lines, key=lambda line: -line.at):
        runs.setdefault((round(line.start / SNAP), round(line.end / SNAP)), []).append(line)
    for run in runs.values():
        if len(run) >= _BAND:
            yield Band(run[0].at, run[-1].at)


@dataclass(frozen=True)
class _Line:
    """A line as long as it goes: where it stands, from where to where it runs."""

    at: float
    start: float
    end: float


def _joined(
    strokes: Iterable[Stroke], place: Callable[[Stroke], float], extent: Callable[[Stroke], tuple[float, float]]
) -> list[_Line]:
    """Rules on one straight line that touch, as one."""
    found: list[_Line] = []
    for bundle in _bundles(sorted(strokes, key=place), place):
        at = sum(map(place, bundle)) / len(bundle)
        start, end = extent(bundle[0])
        for low, high in sorted(map(extent, bundle)):
            if low < start:
                start, end = low, high
            elif low <= end + SNAP:
                end = max(end, high)
            else:
                found.append(_Line(at, start, end))
                start, end = low, high
        found.append(_Line(at, start, end))
    return found


def _bundles(strokes: Sequence[Stroke], place: Callable[[Stroke], float]) -> Iterable[list[Stroke]]:
    bundle: list[Stroke] = []
    for stroke in strokes:
        if bundle and place(stroke) - place(bundle[0]) > SNAP:
            yield bundle
            bundle = []
        bundle.append(stroke)
    if bundle:
        yield bundle


def _groups(level: Sequence[_Line], upright: Sequence[_Line]) -> Iterable[tuple[list[_Line], list[_Line]]]:
    """Lines that hang together by meeting one another."""
    leader = list(range(len(level) + len(upright)))

    def find(index: int) -> int:
        while leader[index] != index:
            leader[index] = leader[leader[index]]
            index = leader[index]
        return index

    order = sorted(range(len(level)), key=lambda index: level[index].at)
    heights = [level[index].at for index in order]
    for number, line in enumerate(upright):
        for index in order[bisect_left(heights, line.start - SNAP) : bisect_right(heights, line.end + SNAP)]:
            if level[index].start - SNAP <= line.at <= level[index].end + SNAP:
                leader[find(index)] = find(len(level) + number)
    groups: dict[int, tuple[list[_Line], list[_Line]]] = {}
    for index, line in enumerate([*level, *upright]):
        groups.setdefault(find(index), ([], []))[index >= len(level)].append(line)
    return groups.values()


def _frame(level: list[_Line], upright: list[_Line]) -> Frame | None:
    xs = _edges(line.at for line in upright)
    ys = _edges(line.at for line in level)[::-1]
    columns, rows = len(xs) - 1, len(ys) - 1
    if columns < 1 or rows < 1 or columns > MOST_COLUMNS or rows > MOST_ROWS or columns * rows > MOST_PLACES:
        return None
    walls = _covers(upright, xs, [(ys[row + 1], ys[row]) for row in range(rows)])
    floors = _covers(level, ys, [(xs[column], xs[column + 1]) for column in range(columns)])
    return _cells(xs, ys, walls, floors)


def _edges(values: Iterable[float]) -> list[float]:
    edges: list[float] = []
    for value in sorted(values):
        if not edges or value - edges[-1] > SNAP:
            edges.append(value)
    return edges


def _covers(lines: Iterable[_Line], edges: Sequence[float], fields: Sequence[tuple[float, float]]) -> list[list[float]]:
    """For each edge and each field along it, which share of the field lines cover."""
    at: dict[int, list[_Line]] = {}
    for line in lines:
        nearest = min(range(len(edges)), key=lambda index: abs(edges[index] - line.at))
        at.setdefault(nearest, []).append(line)
    return [
        [
            sum(max(0.0, min(line.end, high) - max(line.start, low)) for line in at.get(index, [])) / (high - low)
            for low, high in fields
        ]
        for index in range(len(edges))
    ]


def _cells(
    xs: Sequence[float], ys: Sequence[float], walls: Sequence[Sequence[float]], floors: Sequence[Sequence[float]]
) -> Frame:
    """Fields between which no line runs are one cell, if they are a rectangle that lines close."""
    columns, rows = len(xs) - 1, len(ys) - 1
    home: dict[Place, Place] = {}
    spans: dict[Place, tuple[int, int]] = {}
    for y in range(rows):
        for x in range(columns):
            if (y, x) in home:
                continue
            fields = _reach((y, x), walls, floors, rows, columns)
            home.update(dict.fromkeys(fields, (y, x)))
            height = max(row for row, _ in fields) - y + 1
            left = min(column for _, column in fields)
            width = max(column for _, column in fields) - left + 1
            if left == x and height * width == len(fields) and _closed((y, x), height, width, walls, floors):
                spans[y, x] = (height, width)
    return Frame(tuple(xs), tuple(ys), home, spans)


def _reach(
    first: Place, walls: Sequence[Sequence[float]], floors: Sequence[Sequence[float]], rows: int, columns: int
) -> set[Place]:
    """Every field that can be reached without crossing a line."""
    found = {first}
    waiting = [first]
    while waiting:
        y, x = waiting.pop()
        for field, share in (
            ((y, x - 1), walls[x][y]),
            ((y, x + 1), walls[x + 1][y]),
            ((y - 1, x), floors[y][x]),
            ((y + 1, x), floors[y + 1][x]),
        ):
            if share < _COVERED and 0 <= field[0] < rows and 0 <= field[1] < columns and field not in found:
                found.add(field)
                waiting.append(field)
    return found


def _closed(
    first: Place, height: int, width: int, walls: Sequence[Sequence[float]], floors: Sequence[Sequence[float]]
) -> bool:
    """Whether lines run all around a cell, and none into it."""
    y, x = first
    ys, xs = range(y, y + height), range(x, x + width)
    around = [walls[edge][row] for edge in (x, x + width) for row in ys]
    around += [floors[edge][column] for edge in (y, y + height) for column in xs]
    within = [walls[edge][row] for edge in range(x + 1, x + width) for row in ys]
    within += [floors[edge][column] for edge in range(y + 1, y + height) for column in xs]
    return all(share >= _COVERED for share in around) and all(share <= _OPEN for share in within)
