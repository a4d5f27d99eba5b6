"""A table that goes on over a page: its parts joined, and rows that the page cuts never read by half."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

from nianbao.published.figure import looks_like_figure
from nianbao.published.grid import GridCell
from nianbao.published.labels import form_words, labels_of, word
from nianbao.published.pdf.cells import SNAP
from nianbao.published.pdf.part import TablePart
from nianbao.statute import EDITIONS


def goes_on(above: TablePart, below: TablePart) -> bool:
    """Whether two parts are as wide as one another and stand under one another."""
    return abs(above.xs[0] - below.xs[0]) <= SNAP and abs(above.xs[-1] - below.xs[-1]) <= SNAP


def join(above: TablePart, below: TablePart) -> TablePart:
    """Two parts of a table as one.

    The last row of a page and the first of the next are two rows where each has a
    label of the form; one row where only both together make such a label;
    otherwise neither is read.
    """
    xs = _union(above.xs, below.xs)
    above, below = above.under(xs), _without_head(above.under(xs), below.under(xs))
    if not below.slots:
        return above
    above, below = _joined_stub(above, below)
    last, first = above.height - 1, 0
    end, start = above.row(last), below.row(first)
    if not any(slot.text for slot in start) and all(slot.rowspan == 1 for slot in start):
        return _stacked(above, _from(below, 1))
    if (_known(end) and _known(start)) or (_is_head(end) and _are_figures(start)):
        return _stacked(above, below)
    merged = _merged(above, below)
    if merged is not None:
        return _stacked(merged, _from(below, 1))
    return _stacked(replace(above, broken=above.broken | {last}), replace(below, broken=below.broken | {first}))


def _union(one: tuple[float, ...], other: tuple[float, ...]) -> tuple[float, ...]:
    edges = list(one)
    edges += [x for x in other if all(abs(x - known) > SNAP for known in one)]
    return tuple(sorted(edges))


def _without_head(above: TablePart, below: TablePart) -> TablePart:
    """The lower part without the head of the table, which some writers print again."""
    count = 0
    while count < min(above.height, below.height):
        one, other = (
            [(slot.text, slot.column, slot.colspan, slot.rowspan) for slot in part.row(count)]
            for part in (above, below)
        )
        if one != other or any(looks_like_figure(text) for text, *_ in other):
            break
        count += 1
    whole = all(slot.row >= count or slot.row + slot.rowspan <= count for slot in below.slots)
    return _from(below, count) if whole else below


def _from(sheet: TablePart, first: int) -> TablePart:
    """A part without its first rows."""
    slots = (
        replace(slot, row=max(slot.row - first, 0), rowspan=slot.rowspan - max(first - slot.row, 0))
        for slot in sheet.slots
        if slot.row + slot.rowspan > first
    )
    broken = frozenset(row - first for row in sheet.broken if row >= first)
    return replace(sheet, height=max(sheet.height - first, 0), slots=tuple(slots), broken=broken)


def _stacked(above: TablePart, below: TablePart) -> TablePart:
    lower = (replace(slot, row=slot.row + above.height) for slot in below.slots)
    broken = above.broken | {row + above.height for row in below.broken}
    return TablePart(above.xs, above.height + below.height, (*above.slots, *lower), broken)


def _seam(above: TablePart, below: TablePart) -> list[tuple[GridCell, GridCell | None]]:
    """The cells at the foot of a page, each with the one of the same width at the head of the next."""
    heads = {(slot.column, slot.colspan): slot for slot in below.slots if slot.row == 0}
    feet = (slot for slot in above.slots if slot.row + slot.rowspan == above.height)
    return [(slot, heads.get((slot.column, slot.colspan))) for slot in feet]


def _joined_stub(above: TablePart, below: TablePart) -> tuple[TablePart, TablePart]:
    """Headings beside several rows that a page cuts, put together at the foot of the upper one."""
    headings = _vocabulary()[1]
    for foot, head in _seam(above, below):
        if head is None or not foot.text or not head.text or word(foot.text) in headings:
            continue
        both = f"{foot.text}\n{head.text}"
        if word(both) in headings:
            above = _with(above, foot, both)
            below = _with(below, head, "")
    return above, below


def _merged(above: TablePart, below: TablePart) -> TablePart | None:
    """The upper part with its last row made whole by the first of the lower; None where that gives no label of the form."""
    pairs = _seam(above, below)
    last = above.height - 1
    if len(pairs) != sum(slot.row == 0 for slot in below.slots) or any(head is None for _, head in pairs):
        return None
    for foot, head in pairs:
        if head is not None and head.text:
            above = _with(above, foot, f"{foot.text}\n{head.text}" if foot.text else head.text)
    return above if _known(above.row(last)) else None


def _with(sheet: TablePart, old: GridCell, text: str) -> TablePart:
    new = replace(old, text=text)
    return replace(sheet, slots=tuple(new if slot == old else slot for slot in sheet.slots))


def _known(row: list[GridCell]) -> bool:
    """Whether the label of a row is one of the form's."""
    labels = [word(slot.text) for slot in row if slot.text and not looks_like_figure(slot.text)]
    rows, headings = _vocabulary()
    return bool(labels) and (labels[-1] in rows or set(labels) <= headings)


def _is_head(row: list[GridCell]) -> bool:
    texts = {word(slot.text) for slot in row if slot.text}
    return bool(texts) and texts <= _vocabulary()[1]


def _are_figures(row: list[GridCell]) -> bool:
    texts = [slot.text for slot in row if slot.text]
    return bool(texts) and all(map(looks_like_figure, texts))


@lru_cache(maxsize=1)
def _vocabulary() -> tuple[frozenset[str], frozenset[str]]:
    """The words of rows that carry figures, and of everything that stands above or beside them, in all editions."""
    rows = frozenset().union(*({*labels_of(edition).rows, *labels_of(edition).items} for edition in EDITIONS))
    columns = frozenset().union(*(labels_of(edition).applicants for edition in EDITIONS))
    return rows, (form_words() - rows) | columns
