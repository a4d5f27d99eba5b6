"""The workbook: numbers are numbers, blanks are blanks, totals are formulas whose value is what the report prints."""

from __future__ import annotations

import csv
import io
import re
import time
import tracemalloc
import zipfile
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

import openpyxl
import pytest
from lxml import etree
from tests.document.pdf import typeset_samples as samples

from nianbao.document import Document, Table, read_notebook
from nianbao.document.longform import COLUMNS, long_rows, write_csv
from nianbao.document.model import Meta, Run
from nianbao.document.workbook import Book, write_workbook
from nianbao.errors import IdentityError
from nianbao.report import Report
from nianbao.statute import edition_for
from nianbao.statute.cell import BLANK, Cell, not_applicable_cell, number_cell
from nianbao.tables import applications_table, disclosure_table, disputes_table

SHEETS = {"t2": "主动公开政府信息情况", "t3": "收到和处理政府信息公开申请情况"}


def document_of(report: Report) -> Document:
    """The three tables of a report as a document."""
    shown = (disclosure_table(report), applications_table(report), disputes_table(report))
    return read_notebook(
        samples.notebook(samples.shown(samples.title(report.title), *(table.as_raw_html() for table in shown)))
    )


def book_of(report: Report) -> Book:
    rows = tuple(long_rows(report.unit.name, report.year, report.edition, report.cells))
    return Book(document_of(report), report.edition, report.cells, rows)


def with_cells(report: Report, cells: Mapping[str, Cell]) -> Report:
    return replace(report, cells={**report.cells, **cells})


def opened(data: bytes, *, values: bool) -> Any:
    return openpyxl.load_workbook(io.BytesIO(data), data_only=values)


@pytest.fixture(scope="module")
def adding_up(yonghe: Report) -> Report:
    """Every part another number, every total their sum."""
    edition = yonghe.edition
    cells: dict[str, Cell] = {
        key: number_cell(number) for number, key in enumerate(edition.fields, start=11) if key not in edition.totals
    }
    cells["t2.fees.amount"] = number_cell(Decimal("190.457379"))
    cells["t3.received.natural"] = number_cell(12345678)
    for key, parts in edition.totals.items():
        cells[key] = number_cell(sum(cells[part].number for part in parts))
    return with_cells(yonghe, cells)


def figures_of(data: bytes, report: Report, *, values: bool) -> dict[str, Any]:
    """What stands in the cells of the form, by key: all cells of a sheet that are no labels, in their order."""
    book = opened(data, values=values)
    found: dict[str, Any] = {}
    for sheet in book.worksheets[3:6]:
        covered = {
            (row, column)
            for area in sheet.merged_cells.ranges
            for row in range(area.min_row, area.max_row + 1)
            for column in range(area.min_col, area.max_col + 1)
            if (row, column) != (area.min_row, area.min_col)
        }
        table = next(name for name in ("t2", "t3", "t4") if name not in {key[:2] for key in found})
        labels = {re.sub(r"\s", "", text) for text in _labels(report)}
        cells = [
            cell.value
            for row in sheet.iter_rows(min_row=3)
            for cell in row
            if (cell.row, cell.column) not in covered and re.sub(r"\s", "", str(cell.value)) not in labels
        ]
        keys = [key for key in report.edition.fields if key.startswith(table)]
        found |= dict(zip(keys, cells, strict=True))
    return found


def _labels(report: Report) -> set[str]:
    t2, t3, t4 = report.edition.t2, report.edition.t3, report.edition.t4
    labels = {t2.item_head, t3.corner, t3.head, t3.legal_person_head}
    for block in t2.blocks:
        labels |= {block.clause, *(c.label for c in block.columns), *(i.label for i in block.items)}
    labels |= {c.label for c in t3.columns} | {label for row in t3.rows for label in row.stub}
    return labels | {c.label for c in t4.columns} | {head for group in t4.groups for head in group.heads}


def test_figures_are_numbers_and_totals_formulas_with_their_values(adding_up: Report) -> None:
    data = write_workbook(book_of(adding_up))
    values, formulas = (figures_of(data, adding_up, values=only) for only in (True, False))
    for key, cell in adding_up.cells.items():
        assert Decimal(str(values[key])) == cell.number, key
        assert str(formulas[key]).startswith("=SUM(") == (key in adding_up.edition.totals), key


def test_each_formula_adds_up_the_parts_of_its_total(adding_up: Report) -> None:
    book = opened(write_workbook(book_of(adding_up)), values=False)
    counted = 0
    for sheet in book.worksheets[3:6]:
        values = opened(write_workbook(book_of(adding_up)), values=True)[sheet.title]
        for row in sheet.iter_rows():
            for cell in row:
                if not str(cell.value).startswith("="):
                    continue
                counted += 1
                areas = re.fullmatch(r"=SUM\((.+)\)", cell.value)
                assert areas
                parts = [one for area in areas[1].split(",") for line in _area(values, area) for one in line]
                assert sum(parts) == values[cell.coordinate].value, cell.coordinate
    assert counted == len(adding_up.edition.totals)


def _area(sheet: Any, area: str) -> list[list[Any]]:
    found = sheet[area]
    rows = found if isinstance(found, tuple) else ((found,),)
    return [[cell.value for cell in row] for row in rows]


@pytest.mark.parametrize("cell", [BLANK, not_applicable_cell("/"), not_applicable_cell("不适用")])
def test_blanks_and_marks_stay_what_they_are_and_nothing_is_added_up_over_them(adding_up: Report, cell: Cell) -> None:
    report = with_cells(adding_up, {"t3.granted.natural": cell})
    data = write_workbook(book_of(report))
    values, formulas = (figures_of(data, report, values=only) for only in (True, False))
    assert values["t3.granted.natural"] == (cell.text or None)
    for key in ("t3.granted.total", "t3.total.natural"):
        assert formulas[key] == report.cells[key].number


def test_a_total_that_does_not_add_up_is_written_as_the_report_prints_it(yonghe: Report) -> None:
    formulas = figures_of(write_workbook(book_of(yonghe)), yonghe, values=False)
    assert formulas["t3.denied.prohibited.total"] == 0  # its parts come to 1, and the report says so
    assert str(formulas["t3.denied.secret.total"]).startswith("=SUM(")
    assert formulas["t4.review.total"] is None


def test_a_figure_too_long_for_a_spreadsheet_is_text(adding_up: Report) -> None:
    report = with_cells(adding_up, {"t2.fees.amount": number_cell(Decimal("1234567890123.456789"))})
    assert figures_of(write_workbook(book_of(report)), report, values=True)["t2.fees.amount"] == "1234567890123.456789"


def test_a_document_that_prints_another_figure_gives_no_workbook(yonghe: Report) -> None:
    book = book_of(yonghe)
    for table in (block for block in book.document.blocks if isinstance(block, Table)):
        row, place = next((r, c) for r in table.body for c in r if not c.header)
        other = tuple(
            tuple(replace(c, runs=(Run("7"),)) if c is place else c for c in line) if line is row else line
            for line in table.body
        )
        blocks = tuple(replace(b, body=other) if b is table else b for b in book.document.blocks)
        with pytest.raises(IdentityError, match="印作“7”"):
            write_workbook(replace(book, document=Document(book.document.meta, blocks)))
        short = tuple(replace(b, body=b.body[:-1]) if b is table else b for b in book.document.blocks)
        if len(table.body) > 1 and max(c.rowspan for line in table.body for c in line) == 1:
            with pytest.raises(IdentityError, match="应有"):
                write_workbook(replace(book, document=Document(book.document.meta, short)))


def test_the_sheets_are_cover_contents_notes_one_table_each_and_the_long_form(adding_up: Report) -> None:
    book = opened(write_workbook(book_of(adding_up)), values=True)
    parts = [adding_up.edition.heading(part) for part in ("disclosure", "applications", "disputes")]
    assert book.sheetnames == ["封面", "目录", "说明", *(part.partition("、")[2] for part in parts), "长表"]
    assert [book[name]["A1"].value for name in book.sheetnames[3:6]] == parts
    assert book["封面"]["A1"].value == adding_up.title
    linked = [book["目录"].cell(row, 1).hyperlink.location for row in range(2, 9)]
    assert linked == [f"'{name}'!A1" for name in book.sheetnames]
    assert book.properties.title == adding_up.title


@pytest.mark.parametrize("name", ["2019", "2021"])
def test_both_editions_have_a_workbook(adding_up: Report, name: str) -> None:
    year = {"2019": 2020, "2021": 2025}[name]
    edition = edition_for(year)
    cells = {key: number_cell(number) for number, key in enumerate(edition.fields)}
    report = replace(adding_up, year=year, edition=edition, cells=cells)
    values = figures_of(write_workbook(book_of(report)), report, values=True)
    assert {key: cell.number for key, cell in cells.items()} == values


def test_a_draft_is_marked_on_its_cover_and_on_every_printed_page(adding_up: Report) -> None:
    book = book_of(adding_up)
    meta = replace(book.document.meta, draft="草稿：有 2 个问题未解决。", sample="示例：数据为虚构。")
    data = write_workbook(replace(book, document=Document(meta, book.document.blocks)))
    found = opened(data, values=True)
    assert [found["封面"].cell(row, 1).value for row in (2, 3)] == [meta.draft, meta.sample]
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        sheets = [name for name in package.namelist() if name.startswith("xl/worksheets/sheet")]
        heads = [etree.fromstring(package.read(name)).findtext(".//{*}oddHeader") or "" for name in sheets]
    assert len(heads) == 7
    assert all("草稿　示例" in head for head in heads)
    plain = replace(book, document=Document(Meta(title=book.document.meta.title), book.document.blocks))
    assert opened(write_workbook(plain), values=True)["封面"]["A2"].value != "草稿"


def test_the_long_form_has_every_cell_under_its_key(adding_up: Report) -> None:
    report = with_cells(adding_up, {"t3.granted.natural": BLANK, "t3.granted.other": not_applicable_cell("/")})
    sheet = opened(write_workbook(book_of(report)), values=True)["长表"]
    head, *rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=3)]
    assert tuple(head) == COLUMNS
    by_key = {row[3]: row for row in rows}
    assert list(by_key) == list(report.edition.fields)
    for key, cell in report.cells.items():
        value, state = by_key[key][5], by_key[key][7]
        assert (None if value is None else Decimal(str(value))) == cell.value, key
        assert state == {"number": "数", "blank": "空白", "not_applicable": "不适用"}[cell.state.value]
    assert by_key["t2.fees.amount"][6] == "万元"
    read = list(csv.reader(io.StringIO(write_csv(book_of(report).rows).decode("utf-8-sig"))))
    assert read[0] == list(COLUMNS)
    assert [[text or None for text in row] for row in read[1:]] == [
        [None if value is None else str(value) for value in row] for row in rows
    ]


@pytest.mark.parametrize(
    "names", [("甲局",), ("=1+1", "<b>&amp;", "甲 “乙” '丙'"), ("  前后有空格  ", "@名", "-1", "0012", "true")]
)
def test_the_long_form_of_many_bodies_says_what_it_was_given(yonghe: Report, names: tuple[str, ...]) -> None:
    edition, cells = yonghe.edition, dict(yonghe.cells) | {"t2.fees.amount": number_cell(Decimal("0.5"))}
    rows = tuple(row for name in names for row in long_rows(name, yonghe.year, edition, cells))
    data = write_workbook(replace(book_of(yonghe), rows=rows))
    sheet = opened(data, values=False)["长表"]
    read = [tuple(cell.value for cell in row) for row in sheet.iter_rows(min_row=4)]
    assert [tuple(None if value == "" else value for value in row) for row in rows] == read
    assert not [cell for row in sheet.iter_rows(min_row=4) for cell in row if cell.data_type == "f"]
    assert sheet.dimensions == sheet.tables["figures"].ref.replace("A3", "A1")
    looks = {cell.style_id for row in sheet.iter_rows(min_row=4) for cell in row if cell.value is not None}
    assert len(looks) == 1


def test_the_long_form_of_a_thousand_bodies_needs_little_memory(yonghe: Report) -> None:
    rows = tuple(long_rows("甲局", yonghe.year, yonghe.edition, yonghe.cells)) * 100
    book = replace(book_of(yonghe), rows=rows)
    write_workbook(book_of(yonghe))
    tracemalloc.start()
    write_workbook(book)
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert most < 600 * len(rows), "a cell of a workbook takes some 300 bytes, and a row has nine"


def test_the_same_report_gives_the_same_bytes(adding_up: Report) -> None:
    first = write_workbook(book_of(adding_up))
    time.sleep(2.1)  # a ZIP counts time in steps of two seconds
    assert write_workbook(book_of(adding_up)) == first


def test_the_table_of_a_draft_that_is_not_the_reports_is_written_as_text(yonghe: Report) -> None:
    book = book_of(yonghe)
    table = book.tables["t3"]
    first = next(cell for row in table.body for cell in row if not cell.header)
    body = tuple(tuple(replace(c, runs=(Run("7"),)) if c is first else c for c in row) for row in table.body)
    blocks = tuple(replace(b, body=body) if b is table else b for b in book.document.blocks)
    meta = replace(book.document.meta, draft="草稿：笔记本与报告不一致。")
    data = write_workbook(replace(book, document=Document(meta, blocks)))
    formulas = opened(data, values=False)[SHEETS["t3"]]
    found = {cell.value for row in formulas.iter_rows(min_row=6, min_col=4) for cell in row}
    assert found == {"0", "1", "7"}
    assert opened(data, values=False)[SHEETS["t2"]]["B5"].value == 0
