"""The numbers in a table that an analyst added."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from nianbao.document import Table
from nianbao.notebook.known import Known, decimals, is_share_of
from nianbao.rules.judge.normalise import normalise
from nianbao.rules.judge.tokens import Kind, Token, tokens_of
from nianbao.wording import enumeration, quoted

_DAYS = 31
_FEW = 24
"""Cells of a line that are compared with one another."""
_MOST = 5
"""Numbers that one line of a table or drawing names."""
_NUMBER = re.compile(r"([-+]?)([0-9][0-9,]*(?:\.[0-9]+)?)\s*(?:条|件|个|次|篇|份|元|万元|项|宗|%)?")
_RATE = re.compile("占比|比[例重率]|[%率幅]|百分比")
_CHANGED = re.compile("增减|增[加长幅]|减[少幅]|变[化动]|同比|相[比差]|[比较]上年")
_NAMES = re.compile(r"(?:电话|手机|传真|邮编|编号|号码|代码|文号|学号|工号|房间)(?:（.{0,6}）)?$")
"""Heads under which digits are names."""
_YEAR = re.compile("年份|年度|年|[Yy]ear")
_RUNNING = re.compile(r"序号|编号|排名|名次|位次|[Nn]o\.?|#")
_FRACTION = re.compile(r"[0-9]+(?:/[0-9]+)+")


def doubts(where: str, texts: Sequence[str], why: str) -> Iterator[str]:
    """One line for the numbers of one table or drawing that nothing accounts for."""
    if texts:
        several = list(dict.fromkeys(texts))
        more = f"等 {len(texts)} 处" if len(texts) > _MOST else ""
        yield f"{where}{enumeration(quoted(text) for text in several[:_MOST])}{more}{why}"


def counting(text: str) -> Iterator[Token]:
    """What in a short text counts something or cannot be read; dates, numbers of rooms and the like do not."""
    for token in tokens_of(text):
        if token.kind is Kind.NUMBER:
            counts = is_fraction(token.text)
        else:
            counts = token.is_figure and not (token.in_words and token.value < 10)
        if counts:
            yield token


def number_of(text: str) -> Decimal | None:
    """The number that a text is, with its sign; None of any other text."""
    match = _NUMBER.fullmatch(text.strip())
    return Decimal(match[1] + match[2].replace(",", "")) if match else None


def running_numbers(values: Sequence[Decimal]) -> bool:
    """Whether numbers count rows: from 0 or 1 without a gap, in any order."""
    return len(values) > 1 and sorted(values) in ([*range(len(values))], [*range(1, len(values) + 1)])


def in_table(where: str, table: Table, known: Known, declared: Sequence[str]) -> Iterator[str]:
    """A number of a table is the report's under the name of its row or column, or follows from what stands beside it.

    What follows: a sum of its row or column, a share, a difference from last year. Running numbers, years and
    telephones under a head that says so count nothing.
    """
    unreadable, groundless = [], []
    sheet = _Sheet.of(table, known)
    for y, row in enumerate(sheet.grid):
        for x, text in enumerate(row):
            if (y, x) in sheet.uncounted or any(one in text for one in declared):
                continue
            if not list(counting(text)):
                continue
            if sheet.values[y][x] is None:
                unreadable.append(text)
            elif not sheet.accounts_for(y, x):
                groundless.append(text)
    yield from doubts(f"{where}的表格中", unreadable, "认不出")
    yield from doubts(f"{where}的表格中", groundless, "没有依据")


def is_fraction(text: str) -> bool:
    """Whether a text that the judge takes for a name is of numbers that no date has: 120/340."""
    return bool(_FRACTION.fullmatch(text)) and any(int(part) > _DAYS for part in text.split("/"))


@dataclass(frozen=True)
class _Sheet:
    """A table as it is judged.

    Attributes
    ----------
    grid : tuple of rows of str
        The text at every place, in the judge's normal form.
    heads : int
        How many rows at the top name columns.
    labels : frozenset of int
        Columns whose cells are heads of rows.
    """

    grid: tuple[tuple[str, ...], ...]
    heads: int
    labels: frozenset[int]
    known: Known

    @classmethod
    def of(cls, table: Table, known: Known) -> _Sheet:
        grid = tuple(tuple(normalise(text).text.strip() for text in row) for row in table.grid())
        heads = len(table.head) or 1
        cells = [(row, column, cell) for row, column, cell in table.placed() if row >= heads]
        other = {column for _, column, cell in cells if not cell.header}
        return cls(grid, heads, frozenset(column for _, column, cell in cells if cell.header) - other, known)

    @cached_property
    def values(self) -> tuple[tuple[Decimal | None, ...], ...]:
        """The number at every place that holds one."""
        return tuple(tuple(number_of(text) for text in row) for row in self.grid)

    @cached_property
    def uncounted(self) -> frozenset[tuple[int, int]]:
        """Places whose digits count nothing: running numbers, years as heads, telephones and the like."""
        found: set[tuple[int, int]] = set()
        for x in range(len(self.grid[0]) if self.grid else 0):
            head, places = self.column_name(x), [(y, x) for y in range(self.heads, len(self.grid))]
            numbers = [value for y, _ in places if (value := self.values[y][x]) is not None]
            numbered = _RUNNING.fullmatch(head) and running_numbers(numbers)
            indexed = (
                x in self.labels and not head and len(set(numbers)) == len(numbers) and max(numbers, default=0) < 100
            )
            if numbered or indexed or _NAMES.search(head):
                found.update(places)
        return frozenset(found) | self.years

    @cached_property
    def years(self) -> frozenset[tuple[int, int]]:
        """Heads of rows and columns that are bare years."""
        years = range(self.known.year - 30, self.known.year + 10)
        years_of = {x for x in range(len(self.grid[0])) if x == 0 or _YEAR.fullmatch(self.column_name(x))}
        return frozenset(
            (y, x)
            for y, row in enumerate(self.values)
            for x, value in enumerate(row)
            if value in years and self.grid[y][x].isdigit() and (y < self.heads or x in years_of or x in self.labels)
        )

    def column_name(self, x: int) -> str:
        """The heads of a column, each once."""
        return "".join(dict.fromkeys(row[x] for row in self.grid[: self.heads]))

    def row_name(self, y: int, x: int) -> str:
        """The words in a row before a place; all words of the row where there are none."""
        row = self.grid[y]
        before = [text for at, text in enumerate(row[:x]) if self._is_word(y, at)]
        return "".join(dict.fromkeys(before or [text for at, text in enumerate(row) if self._is_word(y, at)]))

    def _is_word(self, y: int, x: int) -> bool:
        return self.values[y][x] is None or (y, x) in self.years

    def accounts_for(self, y: int, x: int) -> bool:
        """Whether the number at a place is the report's, or follows from those beside it."""
        value = self.values[y][x]
        assert value is not None  # noqa: S101  (the caller has looked)
        column, row = self.column_name(x), self.row_name(y, x)
        heads = row + (column if y >= self.heads else "")
        if _CHANGED.search(heads):
            return self._is_change(value, y, x, heads)
        if _RATE.search(self.grid[y][x] + heads):
            return self._is_rate(value, y, x)
        if self.known.tells_of_last_year(heads) and self.known.last is not None:
            unknown_then = value == 0 and self.known.names(row) and not self.known.last.names(row)
            return unknown_then or self.known.last.has(value, heads) or self._is_total(value, y, x)
        return self.known.has(value, heads) or self._is_total(value, y, x)

    @cached_property
    def counts(self) -> tuple[tuple[Decimal | None, ...], ...]:
        """The numbers that count something: neither rates nor differences nor names."""
        heads = [self.column_name(x) for x in range(len(self.grid[0]))]
        other = re.compile(f"{_RATE.pattern}|{_CHANGED.pattern}")
        return tuple(
            tuple(
                None
                if (y, x) in self.uncounted or other.search(text + heads[x] + self.row_name(y, x))
                else self.values[y][x]
                for x, text in enumerate(row)
            )
            for y, row in enumerate(self.grid)
        )

    @cached_property
    def rows(self) -> tuple[tuple[Decimal, ...], ...]:
        """The counts of each row."""
        return tuple(tuple(count for count in row if count is not None) for row in self.counts)

    @cached_property
    def columns(self) -> tuple[tuple[Decimal, ...], ...]:
        """The counts of each column."""
        return tuple(tuple(count for count in column if count is not None) for column in zip(*self.counts, strict=True))

    @cached_property
    def wholes(self) -> tuple[tuple[frozenset[Decimal], ...], ...]:
        """Of each row and of each column what its counts are parts of: their sum, or the total among them."""
        return tuple(
            tuple(frozenset({sum(line, Decimal(0)), max(line, default=Decimal(0))}) for line in lines)
            for lines in (self.rows, self.columns)
        )

    @cached_property
    def _sums(self) -> tuple[tuple[Decimal, ...], ...]:
        return tuple(tuple(sum(line, Decimal(0)) for line in lines) for lines in (self.rows, self.columns))

    def _is_total(self, value: Decimal, y: int, x: int) -> bool:
        """Whether it is what the others of its row or column add up to."""
        own = self.counts[y][x]
        return any(
            len(line) > (2 if own is not None else 1) and whole - (own or 0) == value
            for line, whole in ((self.rows[y], self._sums[0][y]), (self.columns[x], self._sums[1][x]))
        )

    def _is_rate(self, value: Decimal, y: int, x: int) -> bool:
        """Whether it is the share of a count beside it in a whole: a total of the table or the report, or its neighbour."""
        digits = decimals(value)
        row, column = self.rows[y], self.columns[x] if len(self.columns[x]) <= _FEW else ()
        for parts, beside in ((self._placed_row(y), row), (self._placed_column(x), column)):
            for part, wholes in parts:
                for whole in (*wholes, *self.known.wholes, *beside):
                    if part <= whole and is_share_of(value, digits, part, whole):
                        return True
        return value == 100 and self._rates_are_whole(x)

    def _placed_row(self, y: int) -> Iterator[tuple[Decimal, frozenset[Decimal]]]:
        """Each count of a row with the wholes of its column."""
        yield from ((count, self.wholes[1][x]) for x, count in enumerate(self.counts[y]) if count is not None)

    def _placed_column(self, x: int) -> Iterator[tuple[Decimal, frozenset[Decimal]]]:
        """Each count of a short column with the wholes of its row."""
        if len(self.columns[x]) <= _FEW:
            yield from (
                (row[x] or Decimal(0), self.wholes[0][y]) for y, row in enumerate(self.counts) if row[x] is not None
            )

    def _rates_are_whole(self, x: int) -> bool:
        """Whether the rates of a column, without the total of 100 below them, make 100 as nearly as they are rounded."""
        rates = [value for y in range(self.heads, len(self.grid)) if (value := self.values[y][x]) is not None]
        return abs(sum(rates, Decimal(-200))) <= Decimal(len(rates)) / 20

    def _is_change(self, value: Decimal, y: int, x: int, heads: str) -> bool:
        """Whether it is what two numbers beside it, or this year's and last year's of its name, differ by."""
        is_rate = bool(_RATE.search(self.grid[y][x] + heads))
        digits = decimals(value)
        pairs = list(self.known.changes(heads))
        for line in (self.rows[y], self.columns[x]):
            if len(line) <= _FEW:
                pairs += [(last, now) for last in line for now in line]
        for last, now in pairs:
            change = now - last
            if is_rate and last and abs(change / last * 100 - value) <= Decimal("0.5").scaleb(-digits):
                return True
            if not is_rate and change == value:
                return True
        return False
