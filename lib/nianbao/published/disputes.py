"""Part four: one row of figures, each known by the group and the result at the head of its column."""

from __future__ import annotations

from dataclasses import dataclass

from nianbao.published.figure import looks_like_figure
from nianbao.published.grid import Grid
from nianbao.published.labels import RowLabels, labels_of, word
from nianbao.published.ledger import Ledger
from nianbao.statute.form import DisputesTable


@dataclass(frozen=True)
class Column:
    """A column of figures: its group and result, and the columns of the table that it covers, where that is known."""

    group: str
    result: str
    start: int = 0
    end: int = 0


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
    if by_group := _a_row_a_group(grid, labels, table):
        fields = dict(ledger.edition.rows_of("t4"))
        for group in table.groups:
            ledger.enter(group.label, f"t4.{group.key}", fields[f"t4.{group.key}"], by_group[group.key])
        return
    columns = _columns(grid, head, labels, table)
    if not columns:
        ledger.give_up("t4", "表头不是格式规定的三组各五列，或次序不同，这张表的数没有读")
        return
    written = [index for index in rows if grid.texts(index)]
    # Words below the table are a note; a row with figures is not.
    figures = [index for index in written if any(looks_like_figure(text) for text in grid.texts(index))]
    chosen = figures or [index for index in written if len(grid.texts(index)) > 1] or rows[:1]
    if len(chosen) != 1:
        ledger.give_up("t4", f"应有一行数，实有 {len(chosen)} 行，这张表的数没有读")
        return
    _enter(grid, chosen[0], columns, ledger)


def _a_row_a_group(grid: Grid, labels: RowLabels, table: DisputesTable) -> dict[str, list[str]]:
    """The figures of a table with the results as heads and a row for each group; nothing where it is no such table."""
    results = [column.key for column in table.columns]
    top = next(
        (
            y
            for y in range(len(grid.rows))
            if [labels.results.get(word(text)) for text in grid.texts(y)][-5:] == results
        ),
        None,
    )
    if top is None or not grid.whole(top, grid.width):
        return {}
    leaves = [cell for cell in grid.own(top) if cell.text][-len(results) :]
    heads = [(cell.column, cell.column + cell.colspan) for cell in leaves]
    found: dict[str, list[str]] = {}
    for index in range(top + 1, len(grid.rows)):
        stub = {cell for cell in grid.rows[index][: heads[0][0]] if cell is not None and cell.text}
        said = {word(cell.text) for cell in stub}
        groups = {labels.groups[text] for text in said if text in labels.groups}
        texts = grid.texts_under(index, heads)
        if not said or not said <= {*labels.groups, *labels.dispute_heads} or len(groups) != 1 or texts is None:
            return {}
        (group,) = groups
        if group in found or heads[0][0] == 0:
            return {}
        found[group] = texts
    return found if len(found) == len(table.groups) else {}


def _enter(grid: Grid, index: int, columns: list[Column], ledger: Ledger) -> None:
    found = grid.texts_under(index, [(column.start, column.end) for column in columns]) if columns[0].end else None
    if found is None:  # cells that do not line up with the heads: in order, where every figure is there
        cells = grid.own(index)
        plain = len(cells) == len(columns) and index not in grid.broken and all(cell.rowspan == 1 for cell in cells)
        if not plain or (grid.spanned and len({cell.blank for cell in cells}) > 1):
            ledger.give_up("t4", f"表头有 {len(columns)} 列，数有 {len(cells)} 格，对不上，这张表的数没有读")
            return
        found = [cell.text for cell in cells]
    texts = {(column.group, column.result): text for column, text in zip(columns, found, strict=True)}
    rows = dict(ledger.edition.rows_of("t4"))
    for group in ledger.edition.t4.groups:
        if (group.key, ledger.edition.t4.total_column) in texts:
            row = f"t4.{group.key}"
            values = [texts[group.key, column.key] for column in ledger.edition.t4.columns]
            ledger.enter(group.label, row, rows[row], values)


def _columns(grid: Grid, head: list[int], labels: RowLabels, table: DisputesTable) -> list[Column]:
    """The columns: whole groups in the order of the form; empty where the head does not give that."""
    if not head:
        return []
    found = _by_span(grid, head, labels) if grid.spanned else _by_sequence(grid, head, labels, table)
    groups = [group for group in (g.key for g in table.groups) if any(group == column.group for column in found)]
    whole = [(group, column.key) for group in groups for column in table.columns]
    return found if [(column.group, column.result) for column in found] == whole else []


def _by_span(grid: Grid, head: list[int], labels: RowLabels) -> list[Column]:
    width = len(grid.rows[head[0]])
    if not all(grid.whole(index, width) for index in head):
        return []
    columns: list[Column] = []
    place = 0
    while place < width:
        slots = [grid.rows[index][place] for index in head]
        path = [word(slot.text) for slot in slots if slot is not None and slot.text]
        leaf = next((slot for slot in reversed(slots) if slot is not None and slot.text), None)
        groups = {labels.groups[text] for text in path if text in labels.groups}
        if leaf is None or leaf.column != place or len(groups) != 1 or word(leaf.text) not in labels.results:
            return []
        columns.append(Column(groups.pop(), labels.results[word(leaf.text)], place, place + leaf.colspan))
        place += leaf.colspan
    return columns


def _by_sequence(grid: Grid, head: list[int], labels: RowLabels, table: DisputesTable) -> list[Column]:
    """Without spans the head must read exactly as the form prints it, row by row."""
    named = {**labels.groups, **labels.results, **dict.fromkeys(labels.dispute_heads - set(labels.groups), "")}
    rows = [[named[word(text)] for text in grid.texts(index)] for index in head]
    results = [column.key for column in table.columns]
    review, direct, after = (group.key for group in table.groups)
    if rows == [[review, ""], [*results, direct, after], results * 2]:
        return [Column(group, result) for group in (review, direct, after) for result in results]
    alone = [key for row in rows for key in row if key and key not in results]
    if len(alone) == 1 and rows[-1] == results:  # a table of its own for each group
        return [Column(alone[0], result) for result in results]
    return []
