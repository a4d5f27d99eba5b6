"""The building blocks in which an edition of the statutory form is written down."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from functools import cached_property


class Kind(Enum):
    """What a cell of the form holds."""

    COUNT = "件"
    """A whole number, 0 or more."""
    CHANGE = "增减"
    """A whole number that may be negative (本年增/减, form of 2019)."""
    MONEY = "万元"
    """An amount in units of 10,000 yuan, exact decimals, 0 or more."""


@dataclass(frozen=True)
class Field:
    """One cell of the form that takes a figure.

    Attributes
    ----------
    key : str
        Stable name, ``<table>.<row>.<column>``, e.g. ``t3.denied.secret.natural``.
    label : str
        How a finding names it in Chinese, e.g. ``（三）不予公开 1.属于国家秘密〔自然人〕``.
    """

    key: str
    label: str
    kind: Kind = Kind.COUNT


@dataclass(frozen=True)
class Column:
    """A column of figures."""

    key: str
    label: str
    kind: Kind = Kind.COUNT


@dataclass(frozen=True)
class Row:
    """A row of part three; ``stub`` holds its labels from the outermost in."""

    key: str
    stub: tuple[str, ...]

    @property
    def label(self) -> str:
        """The row as a finding names it: without the heading 三 that all outcomes share."""
        return " ".join(self.stub[1:] if len(self.stub) > 1 else self.stub)


@dataclass(frozen=True)
class Item:
    """A row of part two."""

    key: str
    label: str


@dataclass(frozen=True)
class Block:
    """A block of part two: the clause of article 20, its column heads and its rows."""

    clause: str
    columns: tuple[Column, ...]
    items: tuple[Item, ...]


@dataclass(frozen=True)
class Group:
    """A group of part four: its heads from the outermost in, over the same five columns."""

    key: str
    heads: tuple[str, ...]

    @property
    def label(self) -> str:
        return "·".join(self.heads)


@dataclass(frozen=True)
class DisclosureTable:
    """Part two, 主动公开政府信息情况."""

    item_head: str
    blocks: tuple[Block, ...]

    @cached_property
    def fields(self) -> tuple[Field, ...]:
        return tuple(
            Field(f"t2.{item.key}.{column.key}", f"{item.label}〔{column.label}〕", column.kind)
            for block in self.blocks
            for item in block.items
            for column in block.columns
        )


@dataclass(frozen=True)
class ApplicationsTable:
    """Part three, 收到和处理政府信息公开申请情况: rows × applicant columns.

    ``outcomes`` are the keys of the rows that 三 adds up into its 总计.
    """

    corner: str
    head: str
    legal_person_head: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    received: str
    carried_in: str
    outcomes: tuple[str, ...]
    total_row: str
    carried_out: str
    total_column: str

    @cached_property
    def fields(self) -> tuple[Field, ...]:
        return tuple(
            Field(f"t3.{row.key}.{column.key}", f"{row.label}〔{column.label}〕")
            for row in self.rows
            for column in self.columns
        )

    @property
    def applicants(self) -> tuple[Column, ...]:
        """The six columns that 总计 adds up."""
        return tuple(column for column in self.columns if column.key != self.total_column)

    @property
    def legal_persons(self) -> tuple[Column, ...]:
        """The five columns under 法人或其他组织."""
        return self.applicants[1:]

    def row(self, key: str) -> Row:
        return next(row for row in self.rows if row.key == key)


@dataclass(frozen=True)
class DisputesTable:
    """Part four, 行政复议、行政诉讼情况: three groups of five columns."""

    groups: tuple[Group, ...]
    columns: tuple[Column, ...]
    total_column: str

    @cached_property
    def fields(self) -> tuple[Field, ...]:
        return tuple(
            Field(f"t4.{group.key}.{column.key}", f"{group.label}〔{column.label}〕")
            for group in self.groups
            for column in self.columns
        )

    @property
    def results(self) -> tuple[Column, ...]:
        """The four columns that 总计 adds up."""
        return tuple(column for column in self.columns if column.key != self.total_column)


@dataclass(frozen=True)
class Part:
    """One of the six parts: its exact heading, and the longer one that the notice itself uses where it has another.

    Both are lawful in a report that others published; ours print the first.
    """

    key: str
    heading: str
    longer: str | None = None


@dataclass(frozen=True)
class Edition:
    """One edition of the form: the notice that prescribes it, its parts and its three tables."""

    name: str
    notice: str
    first_year: int
    last_year: int | None
    title: str
    parts: tuple[Part, ...]
    t2: DisclosureTable
    t3: ApplicationsTable
    t4: DisputesTable

    def __hash__(self) -> int:
        """Of the name: the rest is large, and no two editions share one."""
        return hash(self.name)

    @cached_property
    def fields(self) -> dict[str, Field]:
        """Every cell that takes a figure, by key, in the order of the form."""
        return {field.key: field for field in (*self.t2.fields, *self.t3.fields, *self.t4.fields)}

    @cached_property
    def totals(self) -> dict[str, tuple[str, ...]]:
        """The cells that are the total of others, each with its parts; a total stands after those it is made of."""
        t3, t4 = self.t3, self.t4
        totals = {
            f"t3.{t3.total_row}.{column.key}": tuple(f"t3.{row}.{column.key}" for row in t3.outcomes)
            for column in t3.applicants
        }
        for row in t3.rows:
            totals[f"t3.{row.key}.{t3.total_column}"] = tuple(f"t3.{row.key}.{c.key}" for c in t3.applicants)
        for group in t4.groups:
            totals[f"t4.{group.key}.{t4.total_column}"] = tuple(f"t4.{group.key}.{c.key}" for c in t4.results)
        return totals

    def covers(self, year: int) -> bool:
        return self.first_year <= year and (self.last_year is None or year <= self.last_year)

    def heading(self, key: str) -> str:
        return next(part.heading for part in self.parts if part.key == key)

    @cached_property
    def _rows(self) -> dict[str, dict[str, tuple[Field, ...]]]:
        rows: dict[str, dict[str, tuple[Field, ...]]] = {}
        for field in self.fields.values():
            row = field.key.rpartition(".")[0]
            table = rows.setdefault(row.partition(".")[0], {})
            table[row] = (*table.get(row, ()), field)
        return rows

    def rows_of(self, table: str) -> Iterator[tuple[str, tuple[Field, ...]]]:
        """The rows of a table as ``(row key, fields)``; in part four a row is a group."""
        yield from self._rows[table].items()
