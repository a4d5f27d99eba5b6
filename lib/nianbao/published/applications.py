"""Part three: rows known by their label path, figures by their place under a verified head."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from nianbao.published.figure import looks_like_figure
from nianbao.published.grid import Grid, GridCell
from nianbao.published.labels import labels_of, word
from nianbao.published.ledger import Ledger
from nianbao.published.shape import has_own_heads
from nianbao.statute.form import Field
from nianbao.statute.rulebook import Severity
from nianbao.wording import quoted

PLACE = "第三部分"
_HEAD_WORDS = 2


class ApplicationsReader:
    """Reads part three, also where it is split over several tables: a verified head serves those that follow."""

    def __init__(self, ledger: Ledger) -> None:
        self.ledger = ledger
        self.edition = ledger.edition
        self.labels = labels_of(ledger.edition)
        self.fields: dict[str, tuple[Field, ...]] = dict(ledger.edition.rows_of("t3"))
        self.order = tuple(column.key for column in ledger.edition.t3.columns)
        self.depth = max(len(row.stub) for row in ledger.edition.t3.rows)
        self.heads: tuple[tuple[int, int], ...] = ()
        """Where each of the seven columns begins and ends, by the last head with merged cells that was verified."""
        self.verified = False

    def read(self, grid: Grid) -> None:
        """Enter the rows of one table, or say why they cannot be."""
        head: list[int] = []
        body = False
        for index in range(len(grid.rows)):
            if not grid.texts(index):
                continue
            if self._is_head(grid, index):
                head = head if head and not body else []
                head.append(index)
                body = False
                continue
            if head and not body:
                self.heads = self._heads(grid, head) if grid.spanned else ()
                self.verified = bool(self.heads) or (not grid.spanned and self._verify_sequence(grid, head))
                if not self.verified:
                    self.ledger.give_up("t3", "表头不是格式规定的七列，或次序不同，这张表的数没有读")
            body = True
            self._row(grid, index)

    def _is_head(self, grid: Grid, index: int) -> bool:
        words = {word(text) for text in grid.texts(index)}
        if any(looks_like_figure(text) for text in grid.texts(index)):
            return False
        heads = words & (set(self.labels.applicants) | self.labels.legal_person)
        return len(heads) >= _HEAD_WORDS or bool(words & self.labels.legal_person)

    def _heads(self, grid: Grid, head: list[int]) -> tuple[tuple[int, int], ...]:
        """Where the seven columns stand, if the head gives them in the order of the form and nothing beside them."""
        width = len(grid.rows[head[0]])
        if not all(grid.whole(index, width) for index in head):
            return ()
        leaves: list[GridCell] = []
        for column in range(width):
            leaf = self._leaf(grid, head, column)
            if leaf is not None and leaf not in leaves:
                leaves.append(leaf)
        known = [leaf for leaf in leaves if word(leaf.text) in self.labels.applicants]
        ends = [(leaf.column, leaf.column + leaf.colspan) for leaf in known]
        in_order = tuple(self.labels.applicants[word(leaf.text)] for leaf in known) == self.order
        together = all(end == start for (_, end), (start, _) in pairwise(ends))
        return tuple(ends) if in_order and together and ends[0][0] > 0 and ends[-1][1] == width else ()

    @staticmethod
    def _leaf(grid: Grid, head: list[int], column: int) -> GridCell | None:
        slots = (grid.rows[index][column] for index in reversed(head))
        return next((slot for slot in slots if slot is not None and slot.text), None)

    def _verify_sequence(self, grid: Grid, head: list[int]) -> bool:
        """Without spans: 自然人, 法人或其他组织 in one row, the five legal persons in the next, 总计 once before."""
        if grid.loose and has_own_heads(grid, head):
            return False  # where a blank leaves no trace, a figure of that column would be taken for the form's
        rows = [[word(text) for text in grid.texts(index)] for index in head]
        known = [[self.labels.applicants[text] for text in row if text in self.labels.applicants] for row in rows]
        natural, *legal, total = self.order
        deepest = known[-1] if known else []
        if deepest == list(self.order) and not any(known[:-1]):
            return True
        above = [key for row in known[:-1] for key in row]
        return deepest == legal and sorted(above) == sorted([natural, total]) and self._natural_first(known[:-1])

    def _natural_first(self, rows: list[list[str]]) -> bool:
        return all(row in ([self.order[0]], [self.order[-1]], [self.order[0], self.order[-1]], []) for row in rows)

    def _row(self, grid: Grid, index: int) -> None:
        slots = grid.own(index)
        leaf = self._label(self._stub(grid, index, slots))
        if leaf is None:
            self._unknown(slots)
            return
        key = self.labels.rows[word(slots[leaf].text)]
        row = f"t3.{key}"
        place = self.edition.t3.row(key).label
        fields = self.fields[row]
        if not self.verified:
            if "t3" not in self.ledger.given_up:
                self.ledger.give_up("t3", "表没有表头，不能认定各列，这张表的数没有读")
            return
        values = None if index in grid.broken else self._values(grid, index, leaf)
        if values is None:
            self.ledger.refuse(place, f"这一行与表头的 {len(fields)} 列对不上：{_shown(slots)}", row, fields)
        elif not self._stands_under(grid, index, key, slots[leaf]):
            self.ledger.refuse(place, "这一行所属的类别与格式不同", row, fields)
        else:
            self.ledger.enter(place, row, fields, values)

    def _stub(self, grid: Grid, index: int, slots: tuple[GridCell, ...]) -> tuple[GridCell, ...]:
        """The slots before the seven columns of figures, where that is known; else all of them."""
        if not (self.heads and grid.spanned and grid.whole(index, self.heads[-1][1])):
            return slots
        return tuple(slot for slot in slots if slot.column < self.heads[0][0]) or slots

    def _label(self, slots: Sequence[GridCell]) -> int | None:
        """The label next to the figures: the last text that is a row of the form, with only the row's stub before."""
        texts = [word(slot.text) for slot in slots]
        for index in range(len(slots) - 1, -1, -1):
            if not texts[index] or looks_like_figure(slots[index].text):
                continue
            key = self.labels.rows.get(texts[index])
            allowed = self.labels.stubs.get(key, frozenset()) if key else frozenset()
            return index if key and all(not text or text in allowed for text in texts[:index]) else None
        return None

    def _values(self, grid: Grid, index: int, leaf: int) -> list[str] | None:
        """The seven texts of a row, or None where it cannot be told which is which."""
        slots = grid.own(index)
        if not grid.spanned:
            return self._fields_after(slots, leaf, self._is_deepest(slots[leaf]))
        if self.heads and slots[leaf].column < self.heads[0][0]:
            under = grid.texts_under(index, self.heads)
            if under is not None and self._only_blanks(slots, leaf, self.heads[0][0]):
                return under
        rest = slots[leaf + 1 :]  # cells that do not line up: only a row without any gap can be read
        plain = len(rest) == len(self.order) and all(slot.rowspan == 1 for slot in rest)
        return [slot.text for slot in rest] if plain and all(slot.text for slot in rest) else None

    def _only_blanks(self, slots: Sequence[GridCell], leaf: int, first: int) -> bool:
        """Whether a label reaches to the figures, or leaves only blank cells of a stub that it does not fill."""
        end = slots[leaf].column + slots[leaf].colspan
        if self._is_deepest(slots[leaf]):
            return end == first
        return end <= first and all(slot.blank for slot in slots[leaf + 1 :] if slot.column < first)

    def _is_deepest(self, leaf: GridCell) -> bool:
        """Whether a row's label stands in the last column of the stub, so that no merged cell lies before the figures."""
        return len(self.edition.t3.row(self.labels.rows[word(leaf.text)]).stub) == self.depth

    def _fields_after(self, slots: Sequence[GridCell], leaf: int, deepest: bool) -> list[str] | None:
        """Seven figures without a gap, or all blank.

        A blank may stand for a merged cell: it is a figure's only where the row
        has exactly seven fields and no merged cell.
        """
        rest = [slot.text for slot in slots[leaf + 1 :]]
        wanted = len(self.order)
        if len(rest) >= wanted and not any(rest):
            return [""] * wanted
        if len(rest) == wanted and deepest:
            return rest
        while rest and not rest[0]:
            rest.pop(0)
        while rest and not rest[-1]:
            rest.pop()
        return rest if len(rest) == wanted and all(rest) else None

    def _stands_under(self, grid: Grid, index: int, key: str, leaf: GridCell) -> bool:
        """Whether every label to the left of the row's own is one the form puts there."""
        if not grid.spanned:
            return True
        left = {word(slot.text) for slot in grid.rows[index][: leaf.column] if slot is not None and slot.text}
        return left <= self.labels.stubs[key]

    def _unknown(self, slots: Sequence[GridCell]) -> None:
        texts = [slot.text for slot in slots if slot.text]
        figures = any(looks_like_figure(text) for text in texts)
        if not figures and len(texts) == 1 and (word(texts[0]) in self.labels.headings or len(slots) == 1):
            return  # a heading or a note across the table
        severity = Severity.ERROR if figures else Severity.WARNING
        self.ledger.say(PLACE, f"有一行的标签不在格式中：{_shown(slots)}", "t3", severity)


def _shown(slots: Sequence[GridCell]) -> str:
    return quoted(" ".join(slot.text.replace("\n", " ") or "□" for slot in slots) or "空行")
