"""What the registers of one unit come to, and the way back to their rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from nianbao.errors import UsageError
from nianbao.params.holidays import Holidays
from nianbao.registers.periods import Answers
from nianbao.statute.cell import Cell
from nianbao.wording import nearest

if TYPE_CHECKING:
    import pandas as pd

    from nianbao.registers.applications import Applications
    from nianbao.registers.model import Counted


@dataclass(frozen=True)
class RegisterFigures:
    """What the registers of one unit tell of one year.

    Attributes
    ----------
    figures : mapping of str to Cell
        The cells of the form that can be told, with the rows they count.
    total : Cell or None
        Items disclosed on the website; None where no such register is kept.
    classes, channels : mapping of str to Cell
        Name → items: the classes of ``total``; the other channels, apart from it.
    notes : tuple of str
        What was left out on reading (totals, remarks, columns, sheets), a Chinese line each.
    files : tuple of Path
        The files that were read.
    """

    year: int
    figures: Mapping[str, Cell]
    total: Cell | None
    classes: Mapping[str, Cell]
    channels: Mapping[str, Cell]
    notes: tuple[str, ...]
    files: tuple[Path, ...]
    counted: Mapping[str, Counted] = field(repr=False)
    applications: Applications | None = field(default=None, repr=False)
    holidays: Holidays = field(default=(), repr=False)

    def months(self, series: str) -> tuple[int, ...] | None:
        """The twelve counts of a series of :attr:`monthly`; None where no register tells it."""
        for counted in self.counted.values():
            if series in counted.monthly:
                return tuple(counted.monthly[series].tolist())
        return None

    @cached_property
    def monthly(self) -> pd.DataFrame:
        """Counts by month: index 1 to 12, a column for each series that a register tells."""
        import pandas as pd

        series = {name: counts for counted in self.counted.values() for name, counts in counted.monthly.items()}
        return pd.DataFrame(series, index=pd.RangeIndex(1, 13, name="月份"))

    @cached_property
    def deadlines(self) -> pd.DataFrame:
        """Answers due, late and extended, for the analyst; see :func:`workdays.deadlines`.

        Empty where no register of applications is kept.
        """
        import pandas as pd

        from nianbao.registers.workdays import deadlines

        return pd.DataFrame() if self.applications is None else deadlines(self.applications, self.holidays)

    @property
    def answers(self) -> Answers | None:
        """How many applications were answered in time; None where no register of applications is kept."""
        from nianbao.registers.workdays import answers

        if self.applications is None:
            return None
        return answers(self.deadlines) if len(self.deadlines) else Answers(0, 0, 0)

    def cases(self, key: str) -> pd.DataFrame:
        """The entries behind a figure as the register has them, index 行.

        Raises
        ------
        UsageError
            When no register tells this figure; names the nearest that is told.
        """
        for counted in self.counted.values():
            if key in counted.positions:
                return counted.table.frame.iloc[counted.positions[key]]
        known = [key for counted in self.counted.values() for key in counted.positions]
        close = nearest(key, known)
        raise UsageError(
            key, "登记簿里没有这个数", f"是否为 {close}？" if close else "用 report.registers.figures 查看全部"
        )
