"""Registers (CSV, XLSX) → figures; each figure knows its rows.

The registers of a unit lie in ``params/<year>/<unit>/``: ``applications.csv``,
``disclosures.csv``, ``documents.csv``, ``reviews.csv``, or sheets of one
``registers.xlsx``. A register that is not kept tells nothing: its cells are
left to typing.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from nianbao.errors import UsageError
from nianbao.params.holidays import Holidays
from nianbao.registers.figures import RegisterFigures
from nianbao.registers.files import register_files, table_files
from nianbao.statute import Edition

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["RegisterFigures", "cases", "deadlines", "load_registers", "register_files"]


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


def load_registers(
    folder: Path,
    year: int,
    edition: Edition,
    *,
    portal: str | None = None,
    holidays: Holidays = (),
    attached: Collection[str] = (),
) -> RegisterFigures | None:
    """Read and count the registers in a folder; None where there are none.

    Parameters
    ----------
    portal : str or None
        What the city's website calls itself: a channel of this name is the website.
    holidays : tuple of DaysOff
        Of years that the library's calendar does not know yet.
    attached : collection of str
        Names of files that are attached to the report: a table among them is no register that is named wrongly.

    Raises
    ------
    RegisterError
        With file, sheet, row and column of what is not understood; several as ``ErrorList``.
    """
    if not table_files(folder, attached):
        return None  # most units: without loading pandas
    from nianbao.registers.counting import count_registers

    figures = count_registers(folder, year, edition, portal, attached)
    return replace(figures, holidays=holidays)
