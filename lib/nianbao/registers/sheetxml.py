"""The values of an XLSX, straight from its XML in one pass.

What a cell means (ISO/IEC 29500-1, 18.3.1.4) is read as openpyxl reads it and with
openpyxl's own dates and number formats; openpyxl itself builds an object for every cell and
string, which takes several times as long and as much memory, and a register needs none of them.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache, cached_property
from io import BytesIO
from itertools import chain
from typing import Any
from zipfile import ZipFile

import numpy as np
import numpy.typing as npt
from lxml import etree
from openpyxl.styles.numbers import BUILTIN_FORMATS, is_date_format, is_timedelta_format
from openpyxl.utils import column_index_from_string, range_boundaries
from openpyxl.utils.datetime import CALENDAR_MAC_1904, CALENDAR_WINDOWS_1900, from_excel, from_ISO8601

from nianbao.office.xml import XmlElement
from nianbao.registers.grid import Formula

READ_FAULTS = (etree.XMLSyntaxError, KeyError, IndexError, TypeError, ValueError, OverflowError)
"""Whatever comes of reading XML that no office program writes."""

_WORKBOOK = "xl/workbook.xml"
_RELATIONSHIPS = "xl/_rels/workbook.xml.rels"
_DIGITS = "0123456789"
_LAST_ROW, _LAST_COLUMN = 1_048_576, 16_384
_LITERAL = re.compile(r'"[^"]*"|\\.|_.|\*.|\[[^\]]*\]')
"""What a number format writes beside the number."""
_SCALES = re.compile(r"%|[0#?],+(?![0#?,])")
_column = cache(column_index_from_string)
Area = tuple[int, int, int, int]


@dataclass
class Cells:
    """What a sheet holds; rows and columns count from 1.

    Attributes
    ----------
    rows, columns, values : list
        Place and value of each cell that is not blank, one after another.
    merged : list of tuple
        Left, top, right and bottom of each merged area.
    hidden : list of int
        Rows that do not show.
    hidden_columns : set of int
        Columns that do not show.
    struck : list of int
        Rows in which everything written is struck through.
    crossed, scaled : set of tuple
        Rows and columns of cells that are struck through, and of those that show a number as thousands or percent.
    """

    rows: list[int] = field(default_factory=list)
    columns: list[int] = field(default_factory=list)
    values: list[Any] = field(default_factory=list)
    merged: list[Area] = field(default_factory=list)
    hidden: list[int] = field(default_factory=list)
    hidden_columns: set[int] = field(default_factory=set)
    struck: list[int] = field(default_factory=list)
    crossed: set[tuple[int, int]] = field(default_factory=set)
    scaled: set[tuple[int, int]] = field(default_factory=set)

    @cached_property
    def size(self) -> tuple[int, int]:
        """Rows and columns that are used; (0, 0) where nothing is written."""
        corners = {(top, left) for left, top, _, _ in self.merged}
        filled = {place for place in zip(self.rows, self.columns, strict=True) if place in corners}
        shown = [(right, bottom) for left, top, right, bottom in self.merged if (top, left) in filled]
        return (
            max(chain(self.rows, (bottom for _, bottom in shown)), default=0),
            max(chain(self.columns, (right for right, _ in shown)), default=0),
        )

    def grid(self) -> npt.NDArray[Any]:
        """Rows × columns, None where blank; every cell of a merged area holds the area's value."""
        grid = np.full(self.size, None, dtype=object)
        flat = np.empty(len(self.values), dtype=object)
        flat[:] = self.values
        grid[np.array(self.rows, dtype=int) - 1, np.array(self.columns, dtype=int) - 1] = flat
        height, width = grid.shape
        for left, top, right, bottom in self.merged:
            if top <= height and left <= width:
                grid[top - 1 : bottom, left - 1 : right] = grid[top - 1, left - 1]
        return grid


class Book:
    """A workbook, open for reading; its bytes have passed :func:`nianbao.office.xlsx.read_xlsx`.

    Attributes
    ----------
    sheets : tuple of (str, str)
        Title and part of each worksheet, in their order.
    hidden : set of str
        The parts of those worksheets that do not show.
    epoch : datetime
        The day from which dates count.

    Raises
    ------
    Exception
        One of ``READ_FAULTS`` or ``nianbao.office.archive.ZIP_FAULTS``, here and from :meth:`cells`.
    """

    def __init__(self, raw: bytes) -> None:
        self._package = ZipFile(BytesIO(raw))
        self.epoch = CALENDAR_WINDOWS_1900
        kinds: dict[str, str] = {}
        targets: dict[str, str] = {}
        for relation in self._elements(_RELATIONSHIPS, "Relationship"):
            key = relation.get("Id", "")
            kinds[key] = relation.get("Type", "").rpartition("/")[2]
            targets[key] = posixpath.normpath(posixpath.join("/xl", relation.get("Target", ""))).lstrip("/")
        parts = {kind: targets[key] for key, kind in kinds.items()}
        sheets: list[tuple[str, str]] = []
        self.hidden: set[str] = set()
        for element in self._elements(_WORKBOOK, "workbookPr", "sheet"):
            if element.tag.endswith("}workbookPr"):
                self.epoch = CALENDAR_MAC_1904 if _is_on(element.get("date1904")) else CALENDAR_WINDOWS_1900
                continue
            key = next((str(value) for name, value in element.attrib.items() if str(name).endswith("}id")), "")
            if kinds[key] == "worksheet":
                sheets.append((element.get("name", ""), targets[key]))
                if element.get("state", "visible") != "visible":
                    self.hidden.add(targets[key])
        self.sheets = tuple(sheets)
        self._strings = list(self._shared(parts["sharedStrings"])) if "sharedStrings" in parts else []
        self._dates: set[int] = set()
        self._spans: set[int] = set()
        self._struck: set[int] = set()
        self._scaled: set[int] = set()
        if "styles" in parts:
            self._read_styles(parts["styles"])
        self._numbers: dict[tuple[str, bool, bool], Any] = {}
        self._seen: dict[str, str] = {}

    def cells(self, part: str) -> Cells:
        """The cells of a worksheet."""
        found = Cells()
        row = 0
        for element in self._elements(part, "col", "row", "mergeCell"):
            if element.tag.endswith("}col"):
                if _is_on(element.get("hidden")):
                    last = min(int(element.get("max", 0)), _LAST_COLUMN)
                    found.hidden_columns.update(range(int(element.get("min", 0)), last + 1))
                continue
            if element.tag.endswith("}mergeCell"):
                left, top, right, bottom = range_boundaries(element.get("ref", ""))
                found.merged.append((left or 1, top or 1, right or _LAST_COLUMN, bottom or _LAST_ROW))
                continue
            row = int(element.get("r", row + 1))
            if _is_on(element.get("hidden")):
                found.hidden.append(row)
            self._row(element, row, found)
        return found

    def _row(self, element: XmlElement, number: int, found: Cells) -> None:
        column = 0
        before = len(found.values)
        struck = bool(self._struck)
        for cell in element:
            row, place = number, cell.get("r")
            if place is None:
                column += 1
            else:
                letters = place.rstrip(_DIGITS)
                row, column = int(place[len(letters) :]), _column(letters)
            value = self._value(cell)
            if value is None:
                continue
            if not 1 <= row <= _LAST_ROW:
                raise ValueError(place)
            found.rows.append(row)
            found.columns.append(column)
            found.values.append(value)
            style = int(cell.get("s", 0))
            struck = struck and style in self._struck
            if style in self._struck:
                found.crossed.add((row, column))
            if style in self._scaled and (isinstance(value, Formula) or not isinstance(value, str)):
                found.scaled.add((row, column))
        if struck and len(found.values) > before:
            found.struck.append(number)

    def _value(self, cell: XmlElement) -> Any:
        kind = cell.get("t", "n")
        written = inline = formula = None
        for child in cell:
            tag = child.tag
            if tag.endswith("}v"):
                written = child.text
            elif tag.endswith("}is"):
                inline = child
            elif tag.endswith("}f"):
                formula = Formula(f"={child.text or ''}")
        if formula is not None:
            formula.shown = written
            return formula
        if kind == "inlineStr":
            text = None if inline is None else _text(inline)
            return text if text is None else self._seen.setdefault(text, text)
        if written is None:
            return None
        if kind == "s":
            return self._strings[int(written)]
        if kind == "n":
            style = int(cell.get("s", 0))
            return self._number(written, style in self._dates, style in self._spans)
        if kind == "b":
            return bool(int(written))
        return from_ISO8601(written) if kind == "d" else written  # type: ignore[no-untyped-call]

    def _number(self, written: str, is_date: bool, is_span: bool) -> Any:
        key = (written, is_date, is_span)
        if key not in self._numbers:
            number = float(written) if any(mark in written for mark in ".eE") else int(written)
            if is_date:
                try:
                    self._numbers[key] = from_excel(number, self.epoch, timedelta=is_span)
                except (OverflowError, ValueError):  # a spreadsheet shows ##### for it
                    self._numbers[key] = "#VALUE!"
            else:
                self._numbers[key] = number
        return self._numbers[key]

    def _shared(self, part: str) -> Iterator[str]:
        for element in self._elements(part, "si"):
            yield _text(element).replace("x005F_", "")  # the mark by which Excel says that _x… is no escape

    def _read_styles(self, part: str) -> None:
        """The cell styles that show a number as a date or time, those of them that show a span of time, those that
        strike it through, and those that show it as thousands or percent."""
        codes = dict(BUILTIN_FORMATS)
        fonts: list[bool] = []
        for element in self._elements(part, "numFmt", "fonts", "cellXfs"):
            if element.tag.endswith("}numFmt"):
                codes[int(element.get("numFmtId", 0))] = element.get("formatCode", "")
            elif element.tag.endswith("}fonts"):
                fonts = [_is_struck(font) for font in element]
            else:
                styles = [codes.get(int(style.get("numFmtId", 0)), "General") for style in element]
                self._dates = {index for index, code in enumerate(styles) if is_date_format(code)}
                self._spans = {index for index in self._dates if is_timedelta_format(styles[index])}
                self._scaled = {index for index, code in enumerate(styles) if _SCALES.search(_LITERAL.sub("", code))}
                used = [int(style.get("fontId", 0)) for style in element]
                self._struck = {index for index, font in enumerate(used) if font < len(fonts) and fonts[font]}

    def _elements(self, part: str, *names: str) -> Iterator[XmlElement]:
        """The elements of these names, each whole; what has been read is let go."""
        with self._package.open(part) as stream:
            tags = [f"{{*}}{name}" for name in names]
            for _, element in etree.iterparse(
                stream, tag=tags, resolve_entities=False, no_network=True, remove_comments=True, remove_pis=True
            ):
                yield element
                element.clear()


def _text(element: XmlElement) -> str:
    """The text of a string without its phonetic guide; a part that is struck, white or raised carries a mark before it."""
    texts: list[str] = []
    for child in element:
        name = child.tag.rpartition("}")[2]
        if name == "t":
            texts.append(child.text or "")
        elif name == "r":
            mark = next((_mark(look) for look in child if look.tag.endswith("}rPr")), "")
            texts += [mark + run.text for run in child if run.tag.endswith("}t") and run.text]
    return "".join(texts)


def _mark(look: XmlElement) -> str:
    """What stands before a part of a string, so that its figures are not read as part of another."""
    for child in look:
        if child.tag.endswith("}vertAlign") and child.get("val", "baseline") != "baseline":
            return "^"
        if child.tag.endswith("}color") and child.get("rgb", "")[-6:].upper() == "FFFFFF":
            return "~"
    return "~" if _is_struck(look) else ""


def _is_struck(font: XmlElement) -> bool:
    return any(child.tag.endswith("}strike") and _is_on(child.get("val", "1")) for child in font)


def _is_on(value: str | None) -> bool:
    return value in ("1", "true", "on", "t")


def serial_offset(epoch: datetime) -> int:
    """Days to add to a bare serial number."""
    return 1462 if epoch == CALENDAR_MAC_1904 else 0
