"""Registers (CSV, XLSX) → figures; each figure knows its rows.

The registers of a unit lie in ``params/<year>/<unit>/``: ``applications.csv``,
``disclosures.csv``, ``documents.csv``, ``reviews.csv``, or sheets of one
``registers.xlsx``. A register that is not kept tells nothing: its cells are
left to typing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from nianbao.errors import UsageError
from nianbao.registers.files import register_files, table_files
from nianbao.statute import Edition
from nianbao.statute.cell import Cell
from nianbao.wording import nearest

if TYPE_CHECKING:
    import pandas as pd

    from nianbao.registers.applications import Applications
    from nianbao.registers.model import Counted

__all__ = ["RegisterFigures", "cases", "deadlines", "load_registers", "register_files"]


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

        return pd.DataFrame() if self.applications is None else deadlines(self.applications)

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


class HasRegisters(Protocol):
    """A report, as far as :func:`cases` and :func:`deadlines` need it."""

    @property
    def registers(self) -> RegisterFigures | None: ...


def cases(report: HasRegisters, key: str) -> pd.DataFrame:
    """The register's entries behind a cell, for the analyst.

    ``cases(report, "t3.denied.secret.natural")``; the keys are those of ``tables.json``, and
    ``disclosure.total``, ``disclosure.classes.<name>``, ``disclosure.channels.<name>``.

    Returns
    -------
    pandas.DataFrame
        A row an entry with all its columns as the register has them; index 行, its row in the file.

    Raises
    ------
    UsageError
        When the unit keeps no registers, or none that tells this figure; names the nearest key.
    """
    return _registers(report, key).cases(key)


def deadlines(report: HasRegisters) -> pd.DataFrame:
    """Every application that part three counts against its periods (articles 30 and 33), for the analyst.

    Returns
    -------
    pandas.DataFrame
        A row an application, index 收件编号: 应答复日期, 逾期工作日, 状态 and more; see
        :func:`nianbao.registers.workdays.deadlines`. 状态 says so where a year's holidays are not known.

    Raises
    ------
    UsageError
        When the unit keeps no register of applications.
    """
    registers = _registers(report, "办理期限")
    if registers.applications is None:
        raise UsageError("办理期限", "没有依申请公开的登记簿", "办理期限由 applications.csv 的日期算得")
    return registers.deadlines


def _registers(report: HasRegisters, asked: str) -> RegisterFigures:
    if report.registers is None:
        raise UsageError(asked, "这个单位这一年没有登记簿", "数字为手工填写，没有逐件清单")
    return report.registers


def load_registers(folder: Path, year: int, edition: Edition) -> RegisterFigures | None:
    """Read and count the registers in a folder; None where there are none.

    Raises
    ------
    RegisterError
        With file, sheet, row and column of what is not understood; several as ``ErrorList``.
    """
    if not table_files(folder):
        return None  # most units: without loading pandas
    from nianbao.registers.counting import count_registers

    return count_registers(folder, year, edition)
