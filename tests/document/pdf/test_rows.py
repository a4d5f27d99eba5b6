"""Rows whose height is known beforehand come out as Typst would have made them."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import pytest
from great_tables import GT
from tests.proportion import assert_in_proportion
from typeset_samples import notebook, shown

from nianbao.document import Cell, Document, Run, Table, read_notebook
from nianbao.document.pdf import data
from nianbao.document.pdf.compiler import typeset
from nianbao.document.pdf.fonts import select_fonts
from nianbao.document.pdf.rows import certain_lines, known_rows, most_lines
from nianbao.report import Report
from nianbao.tables import applications_table, disclosure_table, disputes_table

TEXTS = "申请公开信息办理结果维持纠正其他尚未审结总计情况说明"
MARKS = "，、（）《》“”；：。"


def document_of(*elements: str) -> Document:
    return read_notebook(notebook(shown(*elements)))


def pdf_of(document: Document) -> bytes:
    return typeset(document, select_fonts(None, system=False))


def known(document: Document) -> list[bool]:
    """Whether the rows of each table are known beforehand."""
    blocks = data.report_data(document, select_fonts(None, system=False))["blocks"]
    return [block["rows"] is not None for block in blocks if block["kind"] == "table"]


def random_tables(seed: int) -> list[str]:
    """Tables of figures, labels with and without marks, Latin words, styles, blanks and spans."""
    chance = random.Random(seed)

    def text() -> str:
        kind = chance.random()
        if kind < 0.35:
            return str(chance.randint(0, 10 ** chance.randint(0, 9)))
        if kind < 0.45:
            return ""
        if kind < 0.52:
            return f"Lorem WWW {chance.random()}"
        if kind < 0.57:
            return "<b>重</b>甲<br><sup>2</sup>"
        letters = TEXTS + (MARKS if kind < 0.75 else "")
        return "".join(chance.choice(letters) for _ in range(chance.randint(1, 30)))

    def table() -> str:
        columns, rows = chance.randint(2, 14), chance.randint(2, 9)
        span = chance.randint(1, min(4, rows))
        out = f"<table><thead><tr>{''.join(f'<th>{text()}</th>' for _ in range(columns))}</tr></thead>"
        for row in range(rows):
            first = f'<td rowspan="{min(span, rows - row)}">{text()}</td>' if row % span == 0 else ""
            out += f"<tr>{first}{''.join(f'<td>{text()}</td>' for _ in range(columns - 1))}</tr>"
        return f"{out}</table>"

    return [table() for _ in range(12)]


def where_typst_would(table: Table, rooms: list[float]) -> dict[str, Any] | None:
    """Known rows, but a page may cut the table wherever no group is cut, as Typst cuts it."""
    rows = known_rows(table, rooms)
    return rows and {**rows, "seams": rows["joints"]}


@pytest.mark.parametrize("seed", range(3))
def test_tables_come_out_the_same_as_when_typst_finds_the_heights(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each on a page of its own: a row that pages cut through stands a little differently."""
    documents = [document_of(table) for table in random_tables(seed)]
    assert 0 < sum(sum(known(document)) for document in documents) <= 12
    monkeypatch.setattr(data, "known_rows", where_typst_would)
    before = [pdf_of(document) for document in documents]
    monkeypatch.setattr(data, "known_rows", lambda _table, _rooms: None)
    assert not any(any(known(document)) for document in documents)
    assert [pdf_of(document) for document in documents] == before


@pytest.mark.parametrize("table", [disclosure_table, applications_table, disputes_table])
def test_the_statutory_tables_are_known_and_come_out_the_same(
    yonghe: Report, table: Callable[[Report], GT], monkeypatch: pytest.MonkeyPatch
) -> None:
    document = document_of(table(yonghe).as_raw_html())
    assert known(document) == [True]
    pdf = pdf_of(document)
    monkeypatch.setattr(data, "known_rows", lambda _table, _rooms: None)
    assert pdf_of(document) == pdf


@pytest.mark.parametrize(
    ("text", "room", "lines"),
    [
        ("", 3.0, 0),
        ("0", 2.5, 1),
        ("结果维持", 2.8, 2),
        ("社会公益组织", 2.5, 3),
        ("结果维持", 4.5, 1),
        ("结果维持", 4.01, None),  # too close to tell
        ("甲，乙，丙，丁，戊", 3.5, None),  # marks may not begin a line
        ("WWWWWW", 4.0, None),
    ],
)
def test_lines_are_counted_where_they_are_certain(text: str, room: float, lines: int | None) -> None:
    assert certain_lines(Cell((Run(text),) if text else ()), room) == lines


def test_a_spanning_cell_that_may_need_more_than_its_rows_is_measured() -> None:
    def rows_of(label: str) -> list[int]:
        body = ((Cell((Run(label),), rowspan=2), Cell((Run("1"),))), (Cell((Run("2"),)),))
        rows = known_rows(Table((), body), [2.5, 9.0, 9.0])
        assert rows is not None
        return list(rows["spans"])

    assert rows_of("三、") == []
    assert rows_of("三、本年度办理结果") == [0]
    assert rows_of("Supercalifragilistic") == [0]


def test_a_page_cuts_no_group_and_leaves_enough_rows_on_either_side() -> None:
    """Two rows and a head at least before, three at least after; a large group is cut, and its label measured."""
    figure = Cell((Run("1"),))

    def body(*groups: int) -> tuple[tuple[Cell, ...], ...]:
        rows = []
        for rows_of_group in groups:
            label = Cell((Run("组"),), rowspan=rows_of_group)
            rows += [(label, figure), *[(figure,)] * (rows_of_group - 1)]
        return tuple(rows)

    def cuts(table: Table) -> tuple[list[int], list[int], list[int]]:
        rows = known_rows(table, [9.0] * len(list(table.placed())))
        assert rows is not None
        return rows["joints"], rows["seams"], rows["spans"]

    head = ((figure, figure),)
    assert cuts(Table(head, body(1, 1, 1, 1, 1, 1))) == ([2, 3, 4, 5, 6], [3, 4], [])
    assert cuts(Table(head, body(1, 3, 2, 1))) == ([2, 5, 7], [5], [])
    assert cuts(Table((), body(11, 1))) == (list(range(1, 12)), list(range(2, 10)), [0])
    assert cuts(Table(head, body(1, 1))) == ([2], [], [])


def test_no_line_is_thought_longer_than_it_may_be() -> None:
    assert most_lines(Cell((Run("三、本年度办理结果"),)), 2.5) == 9
    assert most_lines(Cell((Run("甲）））））乙"),)), 30.0) == 7
    assert most_lines(Cell((Run("甲" * 60),)), 30.5) == 3
    assert most_lines(Cell((Run("甲" * 60),)), 0.5) is None


LONG_TABLES: dict[str, Callable[[int], str]] = {
    "a line each": lambda row: f"<tr><td>示例{row}局</td><td>{row}</td><td>0</td></tr>",
    "several lines each": lambda row: (
        f"<tr><td>示例{row}局</td><td>警告</td><td>{'与上年相同，改写' * 9}{row}</td></tr>"
    ),
    "groups of three": lambda row: (
        f"<tr>{'' if row % 3 else f'<td rowspan=3>第{row}组</td>'}<td>{row}</td><td>0</td></tr>"
    ),
}


@pytest.mark.parametrize("kind", LONG_TABLES)
def test_a_table_takes_time_in_proportion_to_its_rows(kind: str) -> None:
    """The summary of a city of a thousand bodies is one of them."""
    fonts = select_fonts(None, system=False)

    def typeset_rows(rows: int) -> None:
        body = "".join(LONG_TABLES[kind](row) for row in range(rows))
        heads = "".join(f"<th>{head}</th>" for head in "甲乙丙")
        typeset(document_of(f"<table><thead><tr>{heads}</tr></thead><tbody>{body}</tbody></table>"), fonts)

    typeset_rows(3)  # with the fonts read
    assert_in_proportion(typeset_rows, 240, 1920, 14)
