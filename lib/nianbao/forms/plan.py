"""The vocabulary in which a form is laid out: labels, places to write, totals and marks on sheets.

A place is (row, column), both from 1, as in a spreadsheet.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from enum import Enum
from functools import cached_property

from openpyxl.utils import get_column_letter

from nianbao.statute import Edition

YES, NO = "是", "否"
FORM_VERSION = 1
"""Raised whenever a form laid out earlier can no longer be read."""


class Role(Enum):
    """What a fixed text is for; decides how it looks."""

    TITLE = "title"
    NOTE = "note"
    SECTION = "section"
    HEAD = "head"
    STUB = "stub"
    NAME = "name"
    GUIDE = "guide"
    RULE = "rule"
    LEGEND = "legend"
    NUMBER = "number"


class Input(Enum):
    """What a place takes. Only the first three are cells of the statutory tables and may hold a mark for 不适用."""

    COUNT = "非负整数"
    CHANGE = "整数"
    WAN = "非负数（万元）"
    NUMBER = "不小于 0 的整数"
    YUAN = "不小于 0 的数（元）"
    DATE = "日期，写作“年-月-日”"
    FLAG = "是或否"
    LINE = "一行文字"
    PROSE = "文字"

    @property
    def takes_marks(self) -> bool:
        return self in (Input.COUNT, Input.CHANGE, Input.WAN)


@dataclass(frozen=True)
class Label:
    """A fixed text over ``rows`` × ``cols`` merged cells; ``fill`` shows the colour of a kind of place."""

    row: int
    col: int
    text: str
    role: Role
    rows: int = 1
    cols: int = 1
    fill: str = ""


@dataclass(frozen=True)
class Slot:
    """A place where one writes; ``key`` is a dotted path into the params or the key of a cell."""

    row: int
    col: int
    key: str
    kind: Input
    label: str
    cols: int = 1
    options: str = ""
    """Name of the list that a drop-down offers."""


@dataclass(frozen=True)
class Total:
    """A place that adds up others of its sheet by formula; ``key`` names the cell."""

    row: int
    col: int
    key: str
    label: str
    parts: tuple[str, ...]
    cols: int = 1
    optional: bool = False
    """Whether parts may be left out (a list that is longer than what one fills in)."""


@dataclass(frozen=True)
class Status:
    """A place that says how many of ``keys`` hold no number yet, or that a register tells them.

    ``register`` is the register's sheet; ``tick`` the place, sheet and all, of a tick that stands for zeros.
    """

    row: int
    col: int
    keys: tuple[str, ...]
    register: str
    cols: int = 1
    tick: str = ""


@dataclass(frozen=True)
class Mark:
    """A live ✓ or ✗ for an equation between places of its sheet; 未填 where a cell is missing and no tick stands for it."""

    row: int
    col: int
    code: str
    at: str
    left: tuple[str, ...]
    right: tuple[str, ...]


@dataclass(frozen=True)
class SheetPlan:
    """One sheet of the form. ``widths`` are column widths in characters."""

    name: str
    widths: tuple[float, ...]
    labels: tuple[Label, ...]
    slots: tuple[Slot, ...] = ()
    totals: tuple[Total, ...] = ()
    marks: tuple[Mark, ...] = ()
    statuses: tuple[Status, ...] = ()
    heights: tuple[tuple[int, float], ...] = ()
    landscape: bool = False
    tab: str = "input"
    """Colour of the tab: ``input`` where one writes, ``note`` where one only reads."""
    frozen: int = 0
    """Rows that stay in view, and are repeated on every printed page."""

    @cached_property
    def places(self) -> dict[str, tuple[int, int]]:
        """Where each key stands."""
        slots = {slot.key: (slot.row, slot.col) for slot in self.slots}
        return slots | {total.key: (total.row, total.col) for total in self.totals}

    def formula(self, total: Total) -> str:
        """The sum of the parts, blank while one of them is not a number: a blank is not 0."""
        parts = ",".join(self.ranges(total.parts))
        if total.optional:
            return f'=IF(COUNT({parts})=0,"",SUM({parts}))'
        return f'=IF(COUNT({parts})<{len(total.parts)},"",SUM({parts}))'

    def mark_formula(self, mark: Mark) -> str:
        left, right = ",".join(self.ranges(mark.left)), ",".join(self.ranges(mark.right))
        lacks = f"COUNT({left},{right})<{len(mark.left) + len(mark.right)}"
        if tick := next((status.tick for status in self.statuses if status.tick), ""):
            lacks = f'AND({tick}<>"{YES}",{lacks})'
        return f'=IF({lacks},"未填",IF(SUM({left})=SUM({right}),"✓","✗"))'

    def status_formula(self, status: Status) -> str:
        count = "+".join(f"COUNT({part})" for part in self.ranges(status.keys))
        whole = len(status.keys)
        registered = f"COUNTA('{status.register}'!$A$2:$C$2001)>0"
        told = f"“{status.register}”里有登记，没有填的格子由登记自动计数"
        missing = f'"还有 "&({whole}-({count}))&" 格未填数"'
        rest = f'IF({registered},"{told}",{missing})'
        if status.tick:
            rest = f'IF({status.tick}="{YES}","已选“本年没有”，空白的格子按 0 计",{rest})'
        return f'=IF({count}={whole},"各格均已填数",{rest})'

    def ranges(self, keys: Sequence[str]) -> list[str]:
        return ranges(self.places[key] for key in keys)


def address(row: int, col: int) -> str:
    """``B7``."""
    return f"{get_column_letter(col)}{row}"


def ranges(places: Iterator[tuple[int, int]] | Sequence[tuple[int, int]]) -> list[str]:
    """Places as few ranges along rows or columns, e.g. ``["D7:I7", "K9"]``; order is kept."""
    runs: list[list[tuple[int, int]]] = []
    for place in places:
        run = runs[-1] if runs else []
        step = (place[0] - run[-1][0], place[1] - run[-1][1]) if run else None
        before = (run[1][0] - run[0][0], run[1][1] - run[0][1]) if len(run) > 1 else step
        if step in ((0, 1), (1, 0)) and step == before:
            run.append(place)
        else:
            runs.append([place])
    return [address(*run[0]) if len(run) == 1 else f"{address(*run[0])}:{address(*run[-1])}" for run in runs]


@dataclass(frozen=True)
class Sizes:
    """How many rows the lists of a form have; forms handed out before there was a sheet of pictures have none for them."""

    classes: int = 20
    channels: int = 8
    paragraphs: tuple[tuple[str, int], ...] = ()
    pictures: int = 0

    def text(self) -> str:
        rows = {"classes": self.classes, "channels": self.channels, **dict(self.paragraphs)}
        rows |= {"pictures": self.pictures} if self.pictures else {}
        return ";".join(f"{key}={value}" for key, value in rows.items())

    @classmethod
    def parse(cls, text: str) -> Sizes:
        """The reverse of :meth:`text`.

        Raises
        ------
        ValueError
            When it is not such a text.
        """
        rows = {key: int(value) for key, _, value in (part.partition("=") for part in text.split(";"))}
        if not all(0 < rows_of <= 2000 for rows_of in rows.values()) or not {"classes", "channels"} <= set(rows):
            raise ValueError(text)
        classes, channels, pictures = rows.pop("classes"), rows.pop("channels"), rows.pop("pictures", 0)
        return cls(classes, channels, tuple(rows.items()), pictures)


@dataclass(frozen=True)
class Identity:
    """Whose form it is."""

    unit_id: str
    unit_name: str
    authority: str
    year: int
    sample: bool = False
    """Whether it holds invented figures, from params marked ``sample`` or last year's."""

    @property
    def heading(self) -> str:
        """What the title of every sheet begins with."""
        return f"{self.unit_name}{self.year}年{'（示例，数据为虚构）' if self.sample else ''}"


@dataclass(frozen=True)
class FormPlan:
    """A whole form: its sheets in order, without the registers and the hidden sheet."""

    identity: Identity
    edition: Edition
    sizes: Sizes
    sheets: tuple[SheetPlan, ...]

    @cached_property
    def structure(self) -> str:
        """A digest of everything that must stand where it stands."""
        content = {
            "version": FORM_VERSION,
            "identity": asdict(self.identity),
            "edition": self.edition.name,
            "sheets": [
                [
                    sheet.name,
                    [(label.row, label.col, label.text) for label in sheet.labels],
                    [(slot.row, slot.col, slot.key, slot.kind.name) for slot in sheet.slots],
                    [(total.row, total.col, total.key) for total in sheet.totals],
                ]
                for sheet in self.sheets
            ],
        }
        return hashlib.sha256(json.dumps(content, ensure_ascii=False).encode()).hexdigest()

    @cached_property
    def slots(self) -> dict[str, Slot]:
        return {slot.key: slot for sheet in self.sheets for slot in sheet.slots}

    @cached_property
    def totals(self) -> dict[str, Total]:
        """The totals that are cells of the statutory tables."""
        return {total.key: total for sheet in self.sheets for total in sheet.totals if total.key in self.edition.fields}
