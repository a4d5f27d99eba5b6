"""Part four: one row of figures, each known by the group and the result at the head of its column."""

from __future__ import annotations

from nianbao.published.figure import looks_like_figure
from nianbao.published.grid import Grid
from nianbao.published.labels import RowLabels, labels_of, word
from nianbao.published.ledger import Ledger
from nianbao.statute.form import DisputesTable

PLACE = "第四部分"
Column = tuple[str, str]
"""Group and result."""


def read_disputes(grid: Grid, ledger: Ledger) -> None:
    """Enter the groups of part four, or say why they cannot be."""
    table, labels = ledger.edition.t4, labels_of(ledger.edition)
    known = {*labels.results, *labels.groups, *labels.dispute_heads}
    rows = [index for index in range(len(grid.rows)) if grid.own(index)]
    while rows and not any(word(text) in known for text in grid.texts(rows[0])):
        rows.pop(0)
    head = []
    while rows and (texts := grid.texts(rows[0])) and all(word(text) in known for text in texts):
        head.append(rows.pop(0))
    columns = _columns(grid, head, labels, table)
    if columns is None:
        ledger.give_up("t4", PLACE, "表头不是格式规定的三组各五列，或次序不同，这张表的数没有读")
        return
    written = [index for index in rows if grid.texts(index)]
    # Words below the table are a note; a row with figures is not.
    figures = [index for index in written if any(looks_like_figure(text) for text in grid.texts(index))]
    chosen = figures or [index for index in written if len(grid.texts(index)) > 1] or rows[:1]
    if len(chosen) != 1:
        ledger.give_up("t4", PLACE, f"应有一行数，实有 {len(chosen)} 行，这张表的数没有读")
        return
    _enter(grid, chosen[0], columns, ledger)


def _enter(grid: Grid, index: int, columns: list[Column], ledger: Ledger) -> None:
    slots = grid.own(index)
    aligned = len(slots) == len(columns) and all(slot.single for slot in slots) and index not in grid.broken
    if not aligned or not grid.whole(index, len(columns)):
        ledger.give_up("t4", PLACE, f"表头有 {len(columns)} 列，数有 {len(slots)} 格，对不上，这张表的数没有读")
        return
    texts = dict(zip(columns, (slot.text for slot in slots), strict=True))
    rows = dict(ledger.edition.rows_of("t4"))
    for group in ledger.edition.t4.groups:
        if (group.key, ledger.edition.t4.total_column) in texts:
            row = f"t4.{group.key}"
            values = [texts[group.key, column.key] for column in ledger.edition.t4.columns]
            ledger.enter(group.label, row, rows[row], values)


def _columns(grid: Grid, head: list[int], labels: RowLabels, table: DisputesTable) -> list[Column] | None:
    """Group and result of every column: whole groups in the order of the form; else None."""
    if not head:
        return None
    found = _by_span(grid, head, labels) if grid.spanned else _by_sequence(grid, head, labels, table)
    if found is None:
        return None
    groups = [group for group in (g.key for g in table.groups) if any(group == key for key, _ in found)]
    return found if found == [(group, column.key) for group in groups for column in table.columns] else None


def _by_span(grid: Grid, head: list[int], labels: RowLabels) -> list[Column] | None:
    width = len(grid.rows[head[0]])
    if not all(grid.whole(index, width) for index in head):
        return None
    columns: list[Column] = []
    for place in range(width):
        slots = [grid.rows[index][place] for index in head]
        path = [word(slot.text) for slot in slots if slot is not None and slot.text]
        leaf = next((slot for slot in reversed(slots) if slot is not None and slot.text), None)
        groups = {labels.groups[text] for text in path if text in labels.groups}
        if leaf is None or leaf.colspan != 1 or len(groups) != 1 or word(leaf.text) not in labels.results:
            return None
        columns.append((groups.pop(), labels.results[word(leaf.text)]))
    return columns


def _by_sequence(grid: Grid, head: list[int], labels: RowLabels, table: DisputesTable) -> list[Column] | None:
    """Without spans the head must read exactly as the form prints it, row by row."""
    named = {**labels.groups, **labels.results, **dict.fromkeys(labels.dispute_heads - set(labels.groups), "")}
    rows = [[named[word(text)] for text in grid.texts(index)] for index in head]
    results = [column.key for column in table.columns]
    review, direct, after = (group.key for group in table.groups)
    if rows != [[review, ""], [*results, direct, after], results * 2]:
        return None
    return [(group, result) for group in (review, direct, after) for result in results]
