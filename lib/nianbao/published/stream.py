"""Cells that a copy left one after another, a line each or all on one → tables, by the labels of the form between them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from nianbao.published.figure import looks_like_figure
from nianbao.published.grid import Grid, Item, Line, text_grid
from nianbao.published.labels import column_keys, form_words, labels_of, word
from nianbao.statute import Edition

_CROWDED = 15
"""Labels of the form on one line that make it a text without line ends."""


def tokens_of(lines: Sequence[str]) -> list[str]:
    """What a copy gives one after another: its lines, of a row of cells what ``|`` parts, of a line with many labels what gaps part."""
    found: list[str] = []
    for line in lines:
        if "|" in line and _is_row(cells := [cell for piece in line.split("|") if (cell := piece.strip())]):
            found += cells
            continue
        pieces = line.split()
        crowded = sum(word(piece) in form_words() for piece in pieces) >= _CROWDED
        found += pieces if crowded else [line]
    return found


def _is_row(cells: Sequence[str]) -> bool:
    """Whether the fields of a line are cells of the form; a line of nothing but bars is an empty row."""
    known = sum(word(cell) in form_words() or looks_like_figure(cell) for cell in cells)
    return known * 2 >= len(cells)


def read_stream(tokens: Sequence[str], edition: Edition) -> tuple[Item, ...]:
    """The tables that follow one another among the tokens, and every other token as a line.

    A row is a label with the figures behind it. A blank cell leaves no trace, and the
    number of a row would stand behind the row before: so nothing of a table is read
    unless every row of it has as many figures as the form has columns.
    """
    return tuple(_Stream(tokens, edition).items())


class _Stream:
    def __init__(self, tokens: Sequence[str], edition: Edition) -> None:
        self.tokens = tokens
        self.words = [word(token) for token in tokens]
        self.edition = edition
        self.labels = labels_of(edition)
        self.columns = [column_keys(block.columns) for block in edition.t2.blocks]
        self.sizes = dict.fromkeys(self.labels.rows, len(edition.t3.columns))
        sizes = {item.key: len(block.columns) for block in edition.t2.blocks for item in block.items}
        self.sizes |= {text: sizes[key] for text, key in self.labels.items.items()}
        self.rows: list[list[str]] = []
        self.place = 0

    def items(self) -> Iterator[Item]:
        while self.place < len(self.tokens):
            row = self._head() or self._row()
            if row:
                self.rows += row
                continue
            yield from self._table()
            yield Line(self.tokens[self.place])
            self.place += 1
        yield from self._table()

    def _table(self) -> Iterator[Grid]:
        if self.rows:
            grid = text_grid(self.rows)
            whole = all(map(self._is_whole, self.rows))
            yield grid if whole else replace(grid, broken=frozenset(range(len(grid.rows))))
        self.rows = []

    def _is_whole(self, row: list[str]) -> bool:
        """Whether a row has no figures, or as many as there are columns of the form."""
        figures = sum(map(looks_like_figure, row))
        label = next((text for text in reversed([word(cell) for cell in row]) if text in self.sizes), "")
        return figures in (0, self.sizes.get(label, len(self.edition.t4.fields)))

    def _take(self, count: int) -> list[str]:
        taken = list(self.tokens[self.place : self.place + count])
        self.place += count
        return taken

    def _head(self) -> list[list[str]]:
        """The rows of a head that begins here, in the order in which the form prints them."""
        here = self.words[self.place]
        if here == self.labels.item_head:
            for columns in self.columns:
                following = self.words[self.place + 1 : self.place + 1 + len(set(columns.values()))]
                if [columns.get(text) for text in following] == list(dict.fromkeys(columns.values())):
                    return [self._take(1 + len(following))]
        return self._applicants() or self._disputes()

    def _applicants(self) -> list[list[str]]:
        """自然人, 法人或其他组织 with its five, 总计 before or behind them; the corner and 申请人情况 before it all."""
        start = self.place
        while start < len(self.words) and self.words[start] in self.labels.legal_person:
            start += 1
        natural, *legal, total = (column.key for column in self.edition.t3.columns)
        size = len(legal) + 3
        keys = [self.labels.applicants.get(text, "") for text in self.words[start : start + size]]
        if keys not in ([natural, "", total, *legal], [natural, "", *legal, total]):
            return []
        if self.words[start + 1] not in self.labels.legal_person:
            return []
        above = self._take(start - self.place)
        named = dict(zip(keys, self._take(size), strict=True))
        top = [named[natural], named[""], named[total]]
        return [*([above] if above else []), top, [named[key] for key in legal]]

    def _disputes(self) -> list[list[str]]:
        """The three groups with their five results each, row by row or group by group."""
        review, direct, after = (group.key for group in self.edition.t4.groups)
        results = [column.key for column in self.edition.t4.columns]
        suits = self.labels.dispute_heads - set(self.labels.groups)
        names = {**self.labels.groups, **self.labels.results, **dict.fromkeys(suits, "suit")}
        size = 3 * len(results) + 4
        keys = [names.get(text, "") for text in self.words[self.place : self.place + size]]
        by_row = [review, "suit", *results, direct, after, *results, *results]
        by_group = [review, *results, "suit", direct, *results, after, *results]
        if keys not in (by_row, by_group):
            return []
        taken = self._take(size)
        if keys == by_group:
            taken = [taken[by_group.index(key)] for key in by_row]
        return [taken[:2], taken[2:9], taken[9:]]

    def _row(self) -> list[list[str]]:
        """A label with what stands above it and the figures behind it, or figures alone below a head."""
        start = self.place
        while start < len(self.words) and self.words[start] in self.labels.headings:
            start += 1
        labels = {*self.labels.rows, *self.labels.items, *self.labels.clauses}
        labelled = start < len(self.words) and self.words[start] in labels
        if not self.rows and not (labelled and self.words[start] in self.labels.clauses):
            return []
        end = start + labelled
        while end < len(self.tokens) and looks_like_figure(self.tokens[end]):
            end += 1
        return [self._take(end - self.place)] if end > self.place else []
