"""Table grids → the cells of parts two, three and four."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import pairwise

from nianbao.published.applications import ApplicationsReader
from nianbao.published.disclosure import read_disclosure
from nianbao.published.disputes import read_disputes
from nianbao.published.grid import Grid, Item, Line, text_grid
from nianbao.published.labels import RowLabels, labels_of, word
from nianbao.published.ledger import Ledger
from nianbao.published.plain import MOST_TEXT
from nianbao.published.shape import plain_shape
from nianbao.published.stream import read_stream, tokens_of
from nianbao.report import Unrecognised
from nianbao.statute import EDITIONS, Edition
from nianbao.statute.cell import Cell

_ENOUGH_LABELS = 3
_SEVERAL = 2


def table_of(grid: Grid, edition: Edition) -> str | None:
    """Which of the form's tables a grid is (``t2`` ``t3`` ``t4``), by what its cells say; None for another."""
    labels = labels_of(edition)
    words = {word(text) for index in range(len(grid.rows)) for text in grid.texts(index)} - {""}
    if _is_applications(words, labels):
        return "t3"
    if len(words & set(labels.results)) >= _ENOUGH_LABELS and words & (set(labels.groups) | labels.dispute_heads):
        return "t4"
    if words & set(labels.items) and (labels.item_head in words or words & labels.clauses):
        return "t2"
    return None


def _is_applications(words: set[str], labels: RowLabels) -> bool:
    common = {*labels.results, *labels.applicants}  # 其他 and 总计 stand in other tables too
    rows = (words & set(labels.rows)) - common
    return len(rows) >= _ENOUGH_LABELS or len((words & set(labels.applicants)) - set(labels.results)) >= _ENOUGH_LABELS


def in_shape(items: Sequence[Item]) -> tuple[Item, ...]:
    """The same document with the tables of the form as the form has them; where there is none, from cells in a row."""
    lines = [item.text for item in items if isinstance(item, Line)]
    if not any(_is_form_table(item) for item in items) and sum(map(len, lines)) <= MOST_TEXT:
        tokens = tokens_of(lines)
        streams = [read_stream(tokens, edition) for edition in EDITIONS]
        best = max(streams, key=lambda stream: sum(map(_is_form_table, stream)))
        items = best if any(map(_is_form_table, best)) else items
    items = [part for item in _rows_together(items) for part in _parted(item)]
    return tuple(plain_shape(item) if isinstance(item, Grid) and _is_form_table(item) else item for item in items)


def _rows_together(items: Sequence[Item]) -> Iterator[Item]:
    """Tables of one row each, one right below the other, as the table that they show; merged cells are not known then."""
    rows: list[Grid] = []
    for item in (*items, None):
        if isinstance(item, Grid) and len(item.rows) == 1:
            rows.append(item)
            continue
        joined = text_grid([[cell.text for cell in row.own(0)] for row in rows])
        if len(rows) > 1 and _is_form_table(joined):
            yield joined
        else:
            yield from rows
        rows = []
        if item is not None:
            yield item


def _parted(item: Item) -> Iterator[Item]:
    """A table that holds several of the form's, cut where a row across it says the heading of a part."""
    if not isinstance(item, Grid):
        yield item
        return
    cuts = [index for index in range(len(item.rows)) if _is_heading(item.texts(index))]
    cuts = [index for index in cuts if index]
    parts = [item.lines(start, end) for start, end in pairwise([0, *cuts, len(item.rows)])]
    kinds = [next(filter(None, (table_of(part, edition) for edition in EDITIONS)), None) for part in parts]
    if len({kind for kind in kinds if kind}) < _SEVERAL:
        yield item
        return
    for part, kind in zip(parts, kinds, strict=True):
        if kind:
            yield part
        else:
            yield from (Line(text) for index in range(len(part.rows)) for text in part.texts(index))


def _is_heading(texts: Sequence[str]) -> bool:
    return len(texts) == 1 and word(texts[0]) in _headings_of_parts()


@lru_cache(maxsize=1)
def _headings_of_parts() -> frozenset[str]:
    parts = (part for edition in EDITIONS for part in edition.parts)
    return frozenset(word(heading) for part in parts for heading in (part.heading, part.longer) if heading)


def _is_form_table(item: Item) -> bool:
    return isinstance(item, Grid) and any(table_of(item, edition) for edition in EDITIONS)


def edition_of(grids: Sequence[Grid]) -> Edition | None:
    """The edition whose own labels the tables carry; None where they carry those of neither or of both."""
    words = {word(text) for grid in grids for index in range(len(grid.rows)) for text in grid.texts(index)}
    vocabulary = {edition.name: _vocabulary(edition) for edition in EDITIONS}
    found = [
        edition
        for edition in EDITIONS
        if words & (vocabulary[edition.name] - set().union(*(v for n, v in vocabulary.items() if n != edition.name)))
    ]
    return found[0] if len(found) == 1 else None


def _vocabulary(edition: Edition) -> set[str]:
    """Everything that an edition prints: a word of one alone is enough to know it."""
    labels = labels_of(edition)
    heads = {word(column.label) for block in edition.t2.blocks for column in block.columns}
    return {*labels.items, *labels.rows, *labels.headings, *labels.applicants, *labels.results, *heads}


def read_tables(grids: Sequence[Grid], edition: Edition) -> tuple[dict[str, Cell], tuple[Unrecognised, ...], set[int]]:
    """Every cell of the edition's form, what was not recognised, and the indices of the grids that were read."""
    ledger = Ledger(edition)
    applications = ApplicationsReader(ledger)
    used: set[int] = set()
    for index, grid in enumerate(grids):
        table = table_of(grid, edition)
        if table is None:
            continue
        used.add(index)
        if len(grid.broken) == len(grid.rows):
            ledger.give_up(table, "看不出各格的界线，这张表的数没有读")
            continue
        match table:
            case "t2":
                read_disclosure(grid, ledger)
            case "t3":
                applications.read(grid)
            case "t4":
                read_disputes(grid, ledger)
    cells = ledger.finish()
    return cells, tuple(ledger.said), used
