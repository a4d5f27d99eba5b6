"""The grid of every statutory table, read back from every output file: cells, spans and values.

What must stand where is put together here from the form's labels and ``tables.json``, not from the code that
draws the tables.
"""

from __future__ import annotations

import csv
import io
import itertools
import json
import re
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

import lxml.html
import openpyxl
import pytest

from nianbao.demo import write_demo
from nianbao.publish.build import build
from nianbao.published import read_published
from nianbao.statute import edition_for
from nianbao.statute.form import Edition
from tests.conftest import PARAMS
from tests.document.office.wordfile import tables as word_tables
from tests.document.pdf.pdfpage import tagged_tables

Matrix = list[list[str]]
Placed = tuple[int, int, int, int, str]
"""Row, column, rows and columns spanned, text without white space."""

ROW = re.compile(r"^( +(\w+): +)(?:\[([^\]]*)\]|[0-9.]+)", re.MULTILINE)
MONEY = "190.457379"
MARKS = ("null", '"/"', '"—"', '"不适用"')


def _bare(text: str) -> str:
    return re.sub(r"\s+", "", text)


def with_distinct_cells(text: str, first: int = 11) -> str:
    """The params with another figure in every cell, and among them blanks, marks for 不适用 and money."""
    head, _, tables = text.partition("\nt2:")
    numbers = itertools.count(first)

    def row(match: re.Match[str]) -> str:
        cells = []
        for _ in (match[3] or "").split(","):
            number = next(numbers)
            cells.append(MARKS[number // 9 % 4] if number % 9 == 0 else str(number))
        if match[2] == "procurement" or (match[2] == "fees" and len(cells) == 1):
            cells[-1] = MONEY
        return match[1] + (cells[0] if match[3] is None else f"[{', '.join(cells)}]")

    return f"{head}\nt2:{ROW.sub(row, tables)}"


Files = Mapping[str, bytes]
CASES = {
    "typed, with blanks, 2021": ("yonghe", 2023, None),
    "computed from registers, 2021": ("chidian", 2025, None),
    "every cell another, 2021": ("anhai", 2025, with_distinct_cells),
    "every cell another, of eight digits, 2021": ("anhai", 2025, partial(with_distinct_cells, first=12_345_011)),
    "every cell another, of eight digits, 2019": ("anhai", 2020, partial(with_distinct_cells, first=12_345_011)),
    "computed from registers, 2019": ("luoshan", 2020, None),
    "every cell another, 2019": ("anhai", 2020, with_distinct_cells),
}


@pytest.fixture(scope="module", params=CASES, ids=str)
def files(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Files:
    """All files of one report."""
    unit, year, change = CASES[request.param]
    folder = PARAMS
    if (unit, year) != ("yonghe", 2023):
        folder = tmp_path_factory.mktemp("params")
        write_demo(year, folder, PARAMS)
    if change is not None:
        path = folder / str(year) / f"{unit}.yaml"
        path.write_text(change(path.read_text(encoding="utf-8")), encoding="utf-8")
    return build(unit, year, folder)


def expected(edition: Edition, text: Callable[[str], str]) -> list[Matrix]:
    """The text at every place of the three tables; what spans stands at each place it covers."""
    wide = 1 + max(len(block.columns) for block in edition.t2.blocks)

    def filled(cells: list[str], width: int) -> list[str]:
        return [*cells, *cells[-1:] * (width - len(cells))]

    two: Matrix = []
    for block in edition.t2.blocks:
        two.append([block.clause] * wide)
        two.append(filled([edition.t2.item_head, *(column.label for column in block.columns)], wide))
        for item in block.items:
            two.append(filled([item.label, *(text(f"t2.{item.key}.{c.key}") for c in block.columns)], wide))

    labels = [column.label for column in edition.t3.columns]
    corner = [edition.t3.corner] * 3
    legal = [labels[0], *[edition.t3.legal_person_head] * 5, labels[-1]]
    three = [corner + [edition.t3.head] * 7, corner + legal, corner + labels]
    for row in edition.t3.rows:
        three.append(filled(list(row.stub), 3) + [text(f"t3.{row.key}.{c.key}") for c in edition.t3.columns])

    results = [column.label for column in edition.t4.columns]
    four: Matrix = [[], [], results * 3, []]
    for group in edition.t4.groups:
        four[0] += [group.heads[0]] * 5
        four[1] += [group.heads[1]] * 5 if len(group.heads) > 1 else results
        four[3] += [text(f"t4.{group.key}.{column.key}") for column in edition.t4.columns]
    return [[[_bare(cell) for cell in row] for row in table] for table in (two, three, four)]


def placed(rows: list[list[tuple[int, int, str]]]) -> list[Placed]:
    """Rows of ``(rowspan, colspan, text)`` placed as HTML and PDF place them; no two on one place."""
    taken: set[tuple[int, int]] = set()
    found: list[Placed] = []
    for y, row in enumerate(rows):
        x = 0
        for height, width, text in row:
            while (y, x) in taken:
                x += 1
            covered = {(y + down, x + across) for down in range(height) for across in range(width)}
            assert not covered & taken, f"{text} at {y}, {x} covers what another cell covers"
            taken |= covered
            found.append((y, x, height, width, _bare(text)))
            x += width
    return found


def in_html(html: bytes) -> list[list[Placed]]:
    """The tables of a page or fragment."""
    root = lxml.html.fromstring(f"<div>{html.decode('utf-8')}</div>")
    return [
        placed(
            [
                [
                    (int(cell.get("rowspan", "1")), int(cell.get("colspan", "1")), cell.text_content())
                    for cell in row
                    if cell.tag in ("td", "th")
                ]
                for row in table.iter("tr")
            ]
        )
        for table in root.iter("table")
    ]


def in_pdf(pdf: bytes) -> list[list[Placed]]:
    """The tables of the PDF's structure tree."""
    return [
        placed([[(cell.rowspan, cell.colspan, cell.text) for cell in row] for row in table])
        for table in tagged_tables(pdf)
    ]


def in_docx(docx: bytes) -> list[list[Placed]]:
    """The tables of the Word document."""
    return [[(c.row, c.column, c.rowspan, c.colspan, _bare(c.text)) for c in table] for table in word_tables(docx)]


def in_xlsx(xlsx: bytes) -> list[list[Placed]]:
    """The tables of the form in the workbook, below the two rows of each sheet's head; values, as they print."""
    book = openpyxl.load_workbook(io.BytesIO(xlsx), data_only=True)
    return [_in_sheet(sheet) for sheet in book.worksheets[3:6]]


def _in_sheet(sheet: Any) -> list[Placed]:
    spans = {(area.min_row, area.min_col): area for area in sheet.merged_cells.ranges}
    covered = {(row, column) for area in spans.values() for row, column in area.cells} - set(spans)
    found = []
    for row in range(3, sheet.max_row + 1):
        for column in range(1, sheet.max_column + 1):
            if (row, column) not in covered:
                value = sheet.cell(row, column).value
                area = spans.get((row, column))
                height, width = (area.size["rows"], area.size["columns"]) if area else (1, 1)
                found.append((row - 3, column - 1, height, width, "" if value is None else _bare(str(value))))
    return found


def matrix(cells: list[Placed]) -> Matrix:
    """The text at every place; every place is covered."""
    rows, columns = max(y + h for y, _, h, _, _ in cells), max(x + w for _, x, _, w, _ in cells)
    grid: list[list[str | None]] = [[None] * columns for _ in range(rows)]
    for y, x, height, width, text in cells:
        for down in range(height):
            for across in range(width):
                grid[y + down][x + across] = text
    assert not any(text is None for row in grid for text in row)
    return [[text or "" for text in row] for row in grid]


def test_the_tables_hold_what_tables_json_holds(files: Files) -> None:
    tables: dict[str, Any] = json.loads(files["tables.json"])
    edition = edition_for(tables["year"])
    wanted = expected(edition, lambda key: tables["cells"][key]["text"])
    assert [(len(table), len(table[0])) for table in wanted[1:]] == [
        (28 if edition.name == "2021" else 26, 10),
        (4, 15),
    ]
    for name, found in (
        ("report.html", in_html(files["report.html"])),
        ("report.web.html", in_html(files["report.web.html"])),
        ("report.pdf", in_pdf(files["report.pdf"])),
        ("report.docx", in_docx(files["report.docx"])),
        ("report.xlsx", in_xlsx(files["report.xlsx"])),
    ):
        assert len(found) == 3, name
        for table, grid in zip(found, wanted, strict=True):
            assert matrix(table) == grid, name


def test_every_form_has_the_same_cells_with_the_same_spans(files: Files) -> None:
    page = in_html(files["report.html"])
    assert in_html(files["report.web.html"]) == page
    assert in_pdf(files["report.pdf"]) == page
    assert [sorted(table) for table in in_docx(files["report.docx"])] == [sorted(table) for table in page]
    assert [sorted(table) for table in in_xlsx(files["report.xlsx"])] == [sorted(table) for table in page]


def test_the_long_form_holds_what_tables_json_holds(files: Files) -> None:
    cells = json.loads(files["tables.json"])["cells"]
    rows = list(csv.DictReader(io.StringIO(files["report.csv"].decode("utf-8-sig"))))
    assert {row["键"]: (row["数值"], row["印作"]) for row in rows} == {
        key: ("" if cell["value"] is None else str(cell["value"]), cell["text"]) for key, cell in cells.items()
    }


@pytest.mark.parametrize("name", ["report.html", "report.web.html", "report.docx", "report.pdf", "report.xlsx"])
def test_what_is_read_back_is_what_was_written(files: Files, name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(files[name])
    read = read_published(tmp_path / name)
    cells = json.loads(files["tables.json"])["cells"]
    assert {key: _bare(cell.text) for key, cell in read.cells.items()} == {k: cell["text"] for k, cell in cells.items()}


def test_what_spans_in_the_form_is_one_cell(files: Files) -> None:
    _, three, four = in_html(files["report.html"])
    edition = edition_for(json.loads(files["tables.json"])["year"])
    spans = {text: (height, width) for _, _, height, width, text in three}
    outcomes = sum(1 for row in edition.t3.rows if row.stub[0].startswith("三"))
    assert spans[_bare(edition.t3.corner)] == (3, 3)
    assert spans["三、本年度办理结果"] == (outcomes, 1)
    assert [spans[row.stub[0]] for row in edition.t3.rows if row.stub[0][0] in "一二四"] == [(1, 3)] * 3
    assert spans["（七）总计"] == spans["（一）予以公开"] == (1, 2)
    assert sorted((height, width) for _, _, height, width, _ in four if height * width > 1) == [
        *[(1, 5)] * 3,
        (1, 10),
        *[(2, 1)] * 5,
    ]


def test_the_text_of_a_cell_is_its_value(files: Files) -> None:
    cells = json.loads(files["tables.json"])["cells"]
    for key, cell in cells.items():
        if cell["state"] == "number":
            assert cell["text"] == str(cell["value"]), key
        elif cell["state"] == "blank":
            assert (cell["text"], cell["value"]) == ("", None), key
        else:
            assert cell["text"] in ("/", "—", "不适用") and cell["value"] is None, key


def test_the_cases_have_all_kinds_of_cells(files: Files, request: pytest.FixtureRequest) -> None:
    cells = json.loads(files["tables.json"])["cells"].values()
    states, sources = {cell["state"] for cell in cells}, {cell["source"] for cell in cells}
    case = request.node.callspec.id
    if "every cell" in case:
        assert states == {"number", "blank", "not_applicable"}
        figures = [cell["text"] for cell in cells if cell["state"] == "number"]
        assert len(set(figures)) == len(figures) > 100
        assert MONEY in figures
    elif "registers" in case:
        assert "register" in sources and any(cell.get("rows") for cell in cells)
    else:
        assert states == {"number", "blank"}
