"""``Report``: one unit, one year; every cell of the three tables and what the prose draws on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from nianbao.errors import MissingParamsError, UsageError
from nianbao.params import (
    City,
    LoadedParams,
    Scalar,
    Unit,
    find_params_dir,
    load_params,
    load_units,
    params_path,
    parse_year,
)
from nianbao.params.holidays import load_holidays
from nianbao.params.models import ReportParams
from nianbao.registers import RegisterFigures, load_registers
from nianbao.registers.files import NAMES as REGISTER_FILES
from nianbao.report.handed_in import HandedIn, digest_of, load_handed_in
from nianbao.report.inputs import fingerprint, own_digests
from nianbao.statute import Edition, edition_for
from nianbao.statute.bodies import CITY
from nianbao.statute.cell import BLANK, Cell, Source, not_applicable_cell, number_cell
from nianbao.statute.rulebook import Severity


@dataclass(frozen=True)
class Unrecognised:
    """Something in a published report that could not be recognised: where, what, what to do.

    ``cell`` is the key of the row, table or part it concerns, where there is one.
    """

    place: str
    reason: str
    remedy: str = ""
    cell: str | None = None
    severity: Severity = Severity.ERROR


if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class DisclosedClass:
    """A class of proactively disclosed information, in 条."""

    name: str
    count: int


@dataclass(frozen=True)
class Disclosed:
    """Proactive disclosure as far as it is told, typed or counted.

    Attributes
    ----------
    total : int or None
        Items (条) on the website.
    classes : tuple of DisclosedClass
        None at all while the count of any is still to be filled in: nothing is added up over a blank.
    channels : mapping of str to int
        Items by other channel, apart from ``total``.
    pending : tuple of str
        Classes and channels whose counts are still to be filled in.
    """

    total: int | None
    classes: tuple[DisclosedClass, ...]
    channels: Mapping[str, int]
    pending: tuple[str, ...] = ()


@dataclass(frozen=True)
class Body:
    """One of the bodies whose reports a city's own report adds up.

    Attributes
    ----------
    standing : str
        Where its report stands, in words.
    counted, ready : bool
        Whether its figures are in the sums; whether its report may be published.
    cells : mapping of str to Cell
        Of its report; empty where it is not counted.
    disclosed, last_disclosed : int or None
        Items (条) proactively disclosed, this year and last.
    last_year : mapping of str to Cell, or None
        The cells of its report of the year before, where there is one.
    """

    unit: Unit
    standing: str
    counted: bool
    ready: bool
    cells: Mapping[str, Cell]
    disclosed: int | None = None
    last_year: Mapping[str, Cell] | None = None
    last_disclosed: int | None = None


@dataclass(frozen=True, eq=False)
class Report:
    """One unit's report for one year.

    Attributes
    ----------
    cells : mapping of str to Cell
        Every cell of the edition's form by key, e.g. ``t3.received.natural``.
    previous : Report or None
        The same unit's report of the year before, where there is one.
    literal : bool
        Whether the narrative is somebody's finished text, in which nothing is filled in.
    unrecognised : tuple of Unrecognised
        What could not be recognised where the report was read from a published document.
    unread, blank : frozenset of str
        Cells of such a document, and parts of its narrative, that could not be read; cells that it leaves blank,
        which stand as 0.
    registers : RegisterFigures or None
        What the unit's registers tell, where it keeps any.
    bodies : tuple of Body
        Of a city's own report: the bodies whose figures its own are the sum of.
    inputs : mapping of str to str
        SHA-256 of every file that it was made of, taken before any of them was read.
    handed_in : HandedIn or None
        The form that params and registers came from, as long as they say what it said.
    """

    unit: Unit
    city: City
    year: int
    edition: Edition
    params: ReportParams
    cells: Mapping[str, Cell]
    loaded: LoadedParams | None = field(default=None, compare=False, repr=False)
    previous: Report | None = field(default=None, compare=False, repr=False)
    neighbours: tuple[Unit, ...] = field(default=(), compare=False, repr=False)
    literal: bool = False
    unrecognised: tuple[Unrecognised, ...] = ()
    unread: frozenset[str] = frozenset()
    blank: frozenset[str] = frozenset()
    registers: RegisterFigures | None = field(default=None, compare=False, repr=False)
    bodies: tuple[Body, ...] = field(default=(), compare=False, repr=False)
    inputs: Mapping[str, str] = field(default_factory=dict, compare=False, repr=False)
    handed_in: HandedIn | None = field(default=None, compare=False, repr=False)

    def __getitem__(self, key: str) -> Cell:
        """The cell with this key; KeyError names it."""
        return self.cells[key]

    @cached_property
    def fingerprint(self) -> str:
        """One digest over everything the report was made of."""
        return fingerprint(self.inputs)

    @property
    def title(self) -> str:
        """某某市某某镇2023年政府信息公开工作年度报告."""
        if self.params.document.title:
            return self.params.document.title
        area = self.city.name if self.unit.id != self.city.id else ""
        return f"{area}{self.unit.name}{self.year}年{self.edition.title}"

    @property
    def date(self) -> date | None:
        """The date under the signature."""
        return self.params.date

    @property
    def t2(self) -> pd.DataFrame:
        """Part two, long: a row per cell with columns 项目, 数值 (printed text)."""
        import pandas as pd  # only the notebook needs it, and it is slow to load

        labels = [(f.label, self.cells[f.key].text) for f in self.edition.t2.fields]
        return pd.DataFrame(labels, columns=["项目", "数值"])

    @property
    def t3(self) -> pd.DataFrame:
        """Part three as printed text: the form's rows × seven applicant columns, index by row key."""
        import pandas as pd  # only the notebook needs it, and it is slow to load

        table = self.edition.t3
        return pd.DataFrame(
            [[self.cells[f"t3.{row.key}.{column.key}"].text for column in table.columns] for row in table.rows],
            index=pd.Index([row.key for row in table.rows], name="row"),
            columns=[column.label for column in table.columns],
        )

    @property
    def t4(self) -> pd.DataFrame:
        """Part four as printed text: three groups × five columns."""
        import pandas as pd  # only the notebook needs it, and it is slow to load

        table = self.edition.t4
        return pd.DataFrame(
            [[self.cells[f"t4.{group.key}.{column.key}"].text for column in table.columns] for group in table.groups],
            index=pd.Index([group.label for group in table.groups], name="类别"),
            columns=[column.label for column in table.columns],
        )

    @cached_property
    def disclosure(self) -> Disclosed:
        """Proactive disclosure as typed, from the register where it is not typed."""
        typed, registers = self.params.disclosure, self.registers
        counts = [(item.name, item.count) for item in typed.classes]
        total, channels = typed.total, typed.channels
        if registers is not None:
            if total is None and not typed.classes and registers.total is not None:
                total = int(registers.total.number)
            counts = counts or [(name, int(cell.number)) for name, cell in registers.classes.items()]
            computed = {name: int(cell.number) for name, cell in registers.channels.items()}
            channels = {**computed, **typed.channels}
        pending = tuple(name for name, count in counts if count is None)
        return Disclosed(
            total,
            () if pending else tuple(DisclosedClass(name, count) for name, count in counts if count is not None),
            {name: count for name, count in channels.items() if count is not None},
            (*pending, *(name for name, count in channels.items() if count is None)),
        )

    @cached_property
    def disclosed(self) -> int | None:
        """Proactively disclosed items (条): typed, or the sum of the classes, or counted; None where none is given."""
        disclosure = self.disclosure
        if disclosure.total is not None or not disclosure.classes:
            return disclosure.total
        return sum(item.count for item in disclosure.classes)


def build_cells(
    edition: Edition, typed: Mapping[str, Scalar], computed: Mapping[str, Cell] | None = None
) -> dict[str, Cell]:
    """Every cell of the form: as typed, else as counted from registers, else a total of its parts, else blank.

    A total is computed only when every part of it is a number: nothing is added
    up over a blank. A total keeps the rows that a register counted unless a part
    of it was typed.
    """
    counted = computed or {}
    cells = {
        key: _cell(typed[key]) if _is_typed(typed, key, counted) else counted.get(key, BLANK) for key in edition.fields
    }
    for key, parts in edition.totals.items():
        _total(cells, typed, key, parts)
    return cells


def _is_typed(typed: Mapping[str, Scalar], key: str, computed: Mapping[str, Cell]) -> bool:
    """A blank (null) gives way to a counted figure."""
    return key in typed and (typed[key] is not None or key not in computed)


def _cell(value: Scalar) -> Cell:
    if value is None:
        return BLANK
    if isinstance(value, str):
        return not_applicable_cell(value.strip())
    return number_cell(value)


def _total(cells: dict[str, Cell], typed: Mapping[str, Scalar], key: str, parts: Sequence[str]) -> None:
    if (key in typed and cells[key].source is not Source.REGISTER) or not all(cells[part].is_number for part in parts):
        return
    if cells[key].source is Source.REGISTER and all(cells[part].source is Source.REGISTER for part in parts):
        return
    total = sum(cells[part].number for part in parts)
    cells[key] = number_cell(total, Source.TOTALLED)


def load_report(township: str, year: int | str, params_dir: Path | str | None = None) -> Report:
    """The report of a unit (``永和镇`` or ``yonghe``) for a year, with last year's where it is kept.

    Raises
    ------
    UnknownUnitError, UsageError, MissingParamsError, ParamsError
        Each with the place, what was found and what to do.
    """
    folder = Path(params_dir) if params_dir is not None else find_params_dir()
    units = load_units(folder)
    unit = units.find(township)
    number = parse_year(year)
    if unit.kind == CITY.name:
        raise UsageError(
            f"{unit.name} {number}",
            "本市的报告由各单位的报告相加，不能单独读取",
            f"写 nianbao build {unit.name} {number}；在笔记本里用 nianbao.city.load_report({number})",
        )
    others = tuple(other for other in units.units if other.id != unit.id)
    inputs = own_digests(unit, number, folder)
    report = _load_one(unit, units.city, number, folder, others)
    report = replace(report, inputs=inputs, handed_in=_handed_in(report, inputs))
    if number > 2019 and params_path(folder, unit, number - 1).is_file():
        return replace(report, previous=_load_one(unit, units.city, number - 1, folder, others))
    return report


def _load_one(unit: Unit, city: City, year: int, folder: Path, neighbours: tuple[Unit, ...]) -> Report:
    edition = edition_for(year)
    loaded = load_params(unit, year, folder)
    registers = load_registers(
        loaded.path.with_suffix(""),
        year,
        edition,
        portal=city.portal,
        holidays=load_holidays(folder),
        attached=loaded.params.document.attached_files,
    )
    return Report(
        unit=unit,
        city=city,
        year=year,
        edition=edition,
        params=loaded.params,
        cells=build_cells(edition, loaded.cells, registers.figures if registers else None),
        loaded=loaded,
        neighbours=neighbours,
        registers=registers,
    )


def _handed_in(report: Report, inputs: Mapping[str, str]) -> HandedIn | None:
    """The form that it came from; None where what it said has been edited since."""
    assert report.loaded is not None  # noqa: S101  (just loaded)
    form = load_handed_in(report.loaded.path.with_suffix(""))
    folder = f"{report.year}/{report.loaded.path.stem}"
    registers = {name: inputs.get(f"{folder}/{name}") for name in REGISTER_FILES}
    return form if form is not None and form.says == digest_of(report.loaded.file.data, registers) else None


def has_report(unit: Unit, year: int, params_dir: Path) -> bool:
    """Whether there is a params file for this unit and year."""
    return params_path(params_dir, unit, year).is_file()


__all__ = ["MissingParamsError", "Report", "Unrecognised", "build_cells", "has_report", "load_report"]
