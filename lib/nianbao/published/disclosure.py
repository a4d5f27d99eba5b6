"""Part two: items by label, figures by the column head they stand under."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from nianbao.published.figure import looks_like_figure
from nianbao.published.grid import Grid, GridCell
from nianbao.published.labels import column_keys, labels_of, word
from nianbao.published.ledger import Ledger
from nianbao.statute.form import Block
from nianbao.statute.rulebook import Severity
from nianbao.wording import quoted

PLACE = "第二部分"


@dataclass(frozen=True)
class _Head:
    """A head row: where each head begins and ends, and what it says."""

    words: tuple[str, ...]
    ranges: tuple[tuple[int, int], ...]
    width: int


def read_disclosure(grid: Grid, ledger: Ledger) -> None:
    """Enter the rows of part two, or say why they cannot be."""
    labels = labels_of(ledger.edition)
    fields = dict(ledger.edition.rows_of("t2"))
    blocks = {item.key: block for block in ledger.edition.t2.blocks for item in block.items}
    head: _Head | None = None
    for index in range(len(grid.rows)):
        slots = grid.own(index)
        texts = grid.texts(index)
        if not texts:
            continue
        first = word(texts[0])
        if first == labels.item_head:
            head = _read_head(grid, index)
        elif first in labels.clauses and len(texts) == 1:
            head = None
        elif first not in labels.items:
            figures = any(looks_like_figure(text) for text in texts)
            if figures or len(texts) > 1:
                shown = quoted(" ".join(text.replace("\n", " ") for text in texts))
                severity = Severity.ERROR if figures else Severity.WARNING
                ledger.say(PLACE, f"有一行的标签不在格式中：{shown}", "t2", severity)
        else:
            key = labels.items[first]
            row = f"t2.{key}"
            place = fields[row][0].label.partition("〔")[0]
            values = _values(grid, index, slots, head, blocks[key])
            if values is None:
                ledger.refuse(place, "这一行与它的表头对不上", row, fields[row])
            else:
                ledger.enter(place, row, fields[row], values)


def _read_head(grid: Grid, index: int) -> _Head | None:
    width = len(grid.rows[index])
    if not grid.whole(index, width):
        return None
    named = [slot for slot in grid.own(index) if slot.text][1:]
    if not named or any(slot.rowspan > 1 for slot in named) or grid.own(index)[0].blank:
        return None
    ends = [slot.column for slot in named[1:]] + [width]
    return _Head(
        tuple(word(slot.text) for slot in named),
        tuple((slot.column, end) for slot, end in zip(named, ends, strict=True)),
        width,
    )


def _values(grid: Grid, index: int, slots: Sequence[GridCell], head: _Head | None, block: Block) -> list[str] | None:
    """The texts of an item's figures in the order of the block's columns, or None."""
    if head is None or index in grid.broken or slots[0].blank:
        return None
    keys = column_keys(block.columns)
    if [keys.get(text) for text in head.words] != [column.key for column in block.columns]:
        return None
    rest = slots[1:]
    if not grid.spanned and len(grid.rows[index]) != head.width:
        # Blank fields at the end may have been trimmed: readable only when every figure is there.
        named = [slot.text for slot in rest]
        while named and not named[-1]:
            named.pop()
        return named if len(named) == len(head.ranges) and all(named) else None
    under = grid.texts_under(index, head.ranges) if slots[0].column + slots[0].colspan <= head.ranges[0][0] else None
    if under is not None and not any(cell.text for cell in rest if cell.column < head.ranges[0][0]):
        return under
    # Cells that do not line up with the heads: in order, where every figure is there and nothing else.
    plain = len(rest) == len(head.ranges) and all(cell.text and cell.rowspan == 1 for cell in rest)
    return [cell.text for cell in rest] if plain else None
