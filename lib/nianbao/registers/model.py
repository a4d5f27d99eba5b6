"""What a register comes to: which entries make up each figure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import numpy as np
import numpy.typing as npt

from nianbao.registers.table import Table
from nianbao.statute.cell import Cell, Source, number_cell

Positions = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Year:
    """The reporting period, 1 January to 31 December."""

    number: int

    @property
    def start(self) -> np.datetime64:
        return np.datetime64(f"{self.number}-01-01", "D")

    @property
    def end(self) -> np.datetime64:
        return np.datetime64(f"{self.number}-12-31", "D")

    @property
    def next_end(self) -> np.datetime64:
        """The end of the year after: a register kept on after New Year has no later date."""
        return np.datetime64(f"{self.number + 1}-12-31", "D")

    def holds(self, days: npt.NDArray[np.datetime64]) -> npt.NDArray[np.bool_]:
        return (days >= self.start) & (days <= self.end)

    def months(self, days: npt.NDArray[np.datetime64]) -> npt.NDArray[np.int64]:
        """How many of the days fall into each of the twelve months."""
        inside = days[self.holds(days)]
        return np.bincount(inside.astype("datetime64[M]").astype(np.int64) % 12, minlength=12).astype(np.int64)


@dataclass(frozen=True)
class Counted:
    """A register read and counted.

    Attributes
    ----------
    ids : array of str
        How each entry is called: its number, else its row.
    positions : dict of str to array of int
        Key of a figure → the entries it counts.
    amounts : dict of str to Decimal
        Figures that are sums of money (万元) over their entries.
    monthly : dict of str to array of int
        Name of a series → twelve counts.
    """

    table: Table
    ids: npt.NDArray[Any]
    positions: Mapping[str, Positions]
    amounts: Mapping[str, Decimal] = field(default_factory=dict)
    monthly: Mapping[str, npt.NDArray[np.int64]] = field(default_factory=dict)

    def cell(self, key: str) -> Cell:
        rows = tuple(self.ids[self.positions[key]].tolist())
        return number_cell(self.amounts.get(key, len(rows)), Source.REGISTER, rows)


def names_of(table: Table, ids: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """The ids, and 第 n 行 where an entry has none."""
    named = ids.copy()
    for position in np.flatnonzero(ids == "").tolist():
        named[position] = f"第 {table.rows[position]} 行"
    return named


def where(mask: npt.NDArray[np.bool_]) -> Positions:
    """Positions at which a mask holds."""
    return np.flatnonzero(mask).astype(np.int64)
