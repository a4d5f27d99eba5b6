"""A report as XLSX: its three tables as the form prints them, and every figure in long form under its stable key.

The layout comes from the document, the values from the report, and each cell is compared before it is written: a
workbook cannot show another figure than the report prints. The table of a draft that is not the report's is text. Cover, contents and notes come first, one table stands on
each sheet, its title in the first cell, so that a screen reader finds its way.
"""

from __future__ import annotations

import datetime as dt
import io
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any

import xlsxwriter
from xlsxwriter.utility import xl_rowcol_to_cell

from nianbao.document import markup
from nianbao.document.columns import column_widths, fitting_size
from nianbao.document.layout import table_inset, width
from nianbao.document.longform import COLUMNS, LongRow, with_rows
from nianbao.document.model import Cell, Document, Paragraph, Table, plain
from nianbao.errors import IdentityError
from nianbao.statute import Edition
from nianbao.statute.cell import Cell as Figure

TABLES = ("t2", "t3", "t4")
UNDATED = dt.datetime(2000, 1, 1)  # noqa: DTZ001  (a property of the file, not a moment)
EXACT_DIGITS = 15
"""Digits that a number in a spreadsheet holds; a longer figure is written as text."""
_COVER, _CONTENTS, _NOTES, _LONG = "封面", "目录", "说明", "长表"
_MM_PER_CHARACTER = 2.0
"""mm of a column of width 1, about: a digit of the type that spreadsheets start with."""
_PORTRAIT = 10
"""Columns that a page stands upright for; a table of more lies across it."""
_LINE = 15.0
"""pt of a line at 11 pt."""
_TOP = 2
"""Rows above a table: its title and the way back."""
_NOTE_LINES = (
    "各表按《中华人民共和国政府信息公开工作年度报告格式》（{notice}）的格式排列。",
    "数是数，空白是报告中的空白，“/”“—”“不适用”照报告原样；空白不是 0。",
    "合计格是公式：各组成部分都是数、相加等于报告所印合计的，写公式；报告所印合计与各部分之和不符的，按报告写数。",
    "长表一格一行，“键”固定不变，可用于跨年、跨单位比较；金额单位为万元，其余单位为件。",
)


@dataclass(frozen=True)
class Book:
    """What goes into a workbook.

    Attributes
    ----------
    figures : mapping of str to Figure
        The cells of the form by key.
    rows : sequence of LongRow
        The long form.
    notes : tuple of str
        Further notes.
    """

    document: Document
    edition: Edition
    figures: Mapping[str, Figure]
    rows: Sequence[LongRow]
    notes: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        return plain(self.document.meta.title).replace("\n", "")

    @cached_property
    def tables(self) -> dict[str, Table]:
        """The three tables of the form by id, as far as the document has them."""
        found = {block.identifier: block for block in self.document.blocks if isinstance(block, Table)}
        return {name: found[name] for name in TABLES if name in found}

    @cached_property
    def below(self) -> dict[str, tuple[str, ...]]:
        """The notes that stand under each table, by its id."""
        found: dict[str, tuple[str, ...]] = {}
        name = ""
        for block in self.document.blocks:
            if isinstance(block, Table):
                name = block.identifier
            elif name and isinstance(block, Paragraph) and block.role == markup.NOTE:
                found[name] = (*found.get(name, ()), plain(block.runs))
            else:
                name = ""
        return found

    def heading(self, table: str) -> str:
        """The statutory heading of the part that a table stands in."""
        return self.edition.heading({"t2": "disclosure", "t3": "applications", "t4": "disputes"}[table])


def write_workbook(book: Book) -> bytes:
    """The workbook. Same document and figures, same bytes.

    Raises
    ------
    IdentityError
        When a cell of a document that is no draft prints something else than the report holds.
    """
    raw = io.BytesIO()
    with xlsxwriter.Workbook(raw, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as file:
        _Writer(file, book).write()
        long = f"xl/worksheets/sheet{len(file.worksheets())}.xml"
    return with_rows(raw.getvalue(), long, book.rows) if book.rows else raw.getvalue()


class _Writer:
    """Writes the sheets of one workbook."""

    def __init__(self, file: Any, book: Book) -> None:
        self._file, self._book = file, book
        base = {"font_name": "宋体", "font_size": 11, "valign": "vcenter", "text_wrap": True}
        self._formats = {
            "plain": file.add_format(base),
            "title": file.add_format({**base, "font_name": "黑体", "font_size": 16, "text_wrap": False}),
            "mark": file.add_format({**base, "font_name": "黑体", "font_color": "#C00000", "text_wrap": False}),
            "head": file.add_format({**base, "border": 1, "align": "center"}),
            "label": file.add_format({**base, "border": 1}),
            "cell": file.add_format({**base, "border": 1, "align": "center"}),
            "long": file.add_format({**base, "text_wrap": False}),
            "link": file.add_format({**base, "font_color": "#0563C1", "underline": 1, "text_wrap": False}),
        }

    def write(self) -> None:
        book, meta = self._book, self._book.document.meta
        stamp = dt.datetime.combine(meta.date, dt.time()) if meta.date else UNDATED
        self._file.set_properties(
            {
                "title": book.title,
                "author": meta.author,
                "keywords": "，".join(meta.keywords),
                "status": "草稿" if meta.draft is not None else "",
                "created": stamp,
            }
        )
        sheets = {_COVER: "封面", _CONTENTS: "目录", _NOTES: "说明"}
        sheets |= {book.heading(table).partition("、")[2][:31]: book.heading(table) for table in book.tables}
        sheets[_LONG] = "各格的数，一格一行"
        self._cover()
        self._contents(sheets)
        self._notes()
        for name, table in book.tables.items():
            self._table(name, table)
        self._long()

    def _sheet(self, name: str, title: str, columns: Sequence[float]) -> Any:
        sheet = self._file.add_worksheet(name)
        for column, characters in enumerate(columns):
            sheet.set_column(column, column, characters, self._formats["plain"])
        sheet.set_row(0, 24)
        sheet.write_string(0, 0, title, self._formats["title"])
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.hide_gridlines(2)
        if marks := self._book.document.meta.marks:
            sheet.set_header(f'&C&"黑体"&14{"　".join(marks)}')
        return sheet

    def _cover(self) -> None:
        book, meta = self._book, self._book.document.meta
        sheet = self._sheet(_COVER, book.title, (16, 60))
        sheet.set_landscape()
        row = 1
        for sentence in meta.marks.values():
            sheet.write_string(row, 0, sentence, self._formats["mark"])
            row += 1
        facts = {
            "单位": meta.author or meta.unit,
            "年份": meta.year,
            "格式": book.edition.notice,
            "成文日期": meta.date.isoformat() if meta.date else "",
        }
        for name, fact in facts.items():
            if fact:
                sheet.write_string(row, 0, name, self._formats["label"])
                sheet.write_string(row, 1, fact, self._formats["label"])
                row += 1

    def _contents(self, sheets: Mapping[str, str]) -> None:
        sheet = self._sheet(_CONTENTS, _CONTENTS, (36, 60))
        for row, (name, said) in enumerate(sheets.items(), start=1):
            sheet.write_url(row, 0, f"internal:'{name}'!A1", self._formats["link"], name)
            sheet.write_string(row, 1, said, self._formats["plain"])

    def _notes(self) -> None:
        sheet = self._sheet(_NOTES, _NOTES, (110,))
        lines = [line.format(notice=self._book.edition.notice) for line in _NOTE_LINES]
        for row, line in enumerate((*self._book.document.meta.marks.values(), *lines, *self._book.notes), start=1):
            sheet.set_row(row, _LINE * _lines(line, 110))
            sheet.write_string(row, 0, line, self._formats["plain"])

    def _table(self, name: str, table: Table) -> None:
        heading = self._book.heading(name)
        given = column_widths(table, fitting_size(table), table_inset(table.columns))
        widths = [max(width / _MM_PER_CHARACTER, 8.5) for width in given]
        sheet = self._sheet(heading.partition("、")[2][:31], heading, widths)
        for row, count in enumerate(_row_lines(table, widths), start=_TOP):
            sheet.set_row(row, _LINE * count + 3)
        sheet.write_url(1, 0, f"internal:'{_CONTENTS}'!A1", self._formats["link"], "回到目录")
        sheet.fit_to_pages(1, 1)
        if table.columns > _PORTRAIT:
            sheet.set_landscape()
        if table.head:
            sheet.repeat_rows(_TOP, _TOP + len(table.head) - 1)
            sheet.freeze_panes(_TOP + len(table.head), 0)
        keys = self._keys(name, table)
        places: dict[str, tuple[int, int]] = {}
        figures: list[tuple[int, int, Cell]] = []
        for row, column, cell in table.placed():
            if cell.header or not keys:
                self._label(sheet, _TOP + row, column, cell)
            else:
                places[keys[len(figures)]] = (_TOP + row, column)
                figures.append((_TOP + row, column, cell))
        for key, (row, column, cell) in zip(keys, figures, strict=True):
            self._figure(sheet, row, column, cell, key, places)
        for row, note in enumerate(self._book.below.get(name, ()), start=_TOP + table.rows):
            sheet.merge_range(row, 0, row, table.columns - 1, note, self._formats["plain"])
            sheet.set_row(row, _LINE * _lines(note, sum(widths)))

    def _keys(self, name: str, table: Table) -> list[str]:
        """The keys of the figures in their order; none for a draft whose table is not that of the report."""
        book = self._book
        keys = [key for key in book.edition.fields if key.startswith(f"{name}.")]
        figures = [cell.text for _, _, cell in table.placed() if not cell.header]
        wanted = [book.figures[key].text for key in keys]
        if figures == wanted:
            return keys
        if book.document.meta.draft is not None:
            return []
        if len(figures) != len(wanted):
            raise IdentityError(book.heading(name), f"有 {len(figures)} 个数，应有 {len(wanted)} 个", "核对笔记本")
        place = next(place for place, text in enumerate(figures) if text != wanted[place])
        label = book.edition.fields[keys[place]].label
        raise IdentityError(label, f"表中印作“{figures[place]}”，数据为“{wanted[place]}”", "重新运行笔记本")

    def _label(self, sheet: Any, row: int, column: int, cell: Cell) -> None:
        style = self._formats["head" if cell.scope in ("col", "colgroup") else "label"]
        _merged(sheet, row, column, cell, style)
        sheet.write_string(row, column, cell.text, style)

    def _figure(
        self, sheet: Any, row: int, column: int, cell: Cell, key: str, places: Mapping[str, tuple[int, int]]
    ) -> None:
        """A number as a number, a total as a formula with its value, a blank as a blank, a mark as it prints."""
        figure, style = self._book.figures[key], self._formats["cell"]
        _merged(sheet, row, column, cell, style)
        if not figure.is_number:
            sheet.write_string(row, column, cell.text, style) if cell.text else sheet.write_blank(
                row, column, None, style
            )
        elif len(str(figure.number).replace(".", "").replace("-", "").lstrip("0")) > EXACT_DIGITS:
            sheet.write_string(row, column, cell.text, style)
        elif self._adds_up(key):
            sheet.write_formula(row, column, _sum(places, self._book.edition.totals[key]), style, figure.number)
        else:
            sheet.write_number(row, column, figure.number, style)

    def _adds_up(self, key: str) -> bool:
        figures = self._book.figures
        parts = self._book.edition.totals.get(key, ())
        whole = bool(parts) and all(figures[part].is_number for part in parts)
        return whole and sum(figures[part].number for part in parts) == figures[key].number

    def _long(self) -> None:
        rows = self._book.rows
        found: list[set[Any]] = [{name} for name in COLUMNS]
        for row in rows:
            for values, value in zip(found, row, strict=True):
                values.add(value)
        wide = [max(8, *(min(width(str(value or "")) * 2 + 2, 60) for value in values)) for values in found]
        sheet = self._sheet(_LONG, "各格的数，一格一行", wide)
        sheet.write_url(1, 0, f"internal:'{_CONTENTS}'!A1", self._formats["link"], "回到目录")
        sheet.freeze_panes(_TOP + 1, 0)
        sheet.repeat_rows(_TOP)
        columns = [{"header": name, "format": self._formats["long"]} for name in COLUMNS]
        sheet.set_landscape()
        first = _TOP + 1  # the only row written here; the others come when the workbook is done, see `with_rows`
        options = {"columns": columns, "name": "figures", "style": "Table Style Light 1"}
        sheet.add_table(_TOP, 0, first, len(COLUMNS) - 1, options)
        for x, value in enumerate(rows[0] if rows else ()):
            if isinstance(value, int | Decimal):
                sheet.write_number(first, x, value, self._formats["long"])
            elif value:
                sheet.write_string(first, x, value, self._formats["long"])


def _lines(text: str, room: float) -> int:
    """How many lines a text takes in a column of this width."""
    return max(1, math.ceil(2 * width(text) / (0.9 * room)))


def _row_lines(table: Table, widths: Sequence[float]) -> list[int]:
    """Lines of each row; a spreadsheet does not make rows with merged cells high enough by itself."""
    lines = [1] * table.rows
    for row, column, cell in table.placed():
        if cell.rowspan == 1:
            lines[row] = max(lines[row], _lines(cell.text, sum(widths[column : column + cell.colspan])))
    return lines


def _merged(sheet: Any, row: int, column: int, cell: Cell, style: Any) -> None:
    if cell.rowspan > 1 or cell.colspan > 1:
        sheet.merge_range(row, column, row + cell.rowspan - 1, column + cell.colspan - 1, "", style)


def _sum(places: Mapping[str, tuple[int, int]], parts: Sequence[str]) -> str:
    """``=SUM(…)`` over the parts, neighbours as one range."""
    cells = sorted(places[part] for part in parts)
    for along in (0, 1):
        ordered = sorted(cells, key=lambda place: place[along])
        steps = range(ordered[0][along], ordered[-1][along] + 1)
        if len({place[1 - along] for place in cells}) == 1 and [place[along] for place in ordered] == list(steps):
            return f"=SUM({xl_rowcol_to_cell(*ordered[0])}:{xl_rowcol_to_cell(*ordered[-1])})"
    return f"=SUM({','.join(xl_rowcol_to_cell(*place) for place in cells)})"
