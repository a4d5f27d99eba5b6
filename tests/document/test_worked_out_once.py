"""What is worked out once and used again is neither shared nor mixed up."""

from __future__ import annotations

import pickle
from dataclasses import replace

import pytest
from lxml import etree

from nianbao.document.docx.xml import on, w
from nianbao.document.longform import COLUMNS, LongRow
from nianbao.document.model import Cell, Run, Table
from nianbao.errors import NotebookError


@pytest.mark.parametrize("value", [0, 0.0, 1, 1.0, "1"])
def test_elements_are_written_with_the_value_that_is_given(value: str | float) -> None:
    w("sz", val=0), w("sz", val=0.0), w("sz", val=1)
    assert [*w("sz", val=value).attrib.values()] == [str(value)]


def test_an_element_is_of_its_own() -> None:
    first = w("jc", val="left")
    before = etree.tostring(first)
    first.append(on("b"))
    first.set("more", "1")
    first.text = "字"
    assert etree.tostring(w("jc", val="left")) == before


def test_a_cell_that_is_changed_reads_otherwise() -> None:
    cell = Cell((Run("7"),))
    assert (cell.text, cell.is_figure) == ("7", True)
    changed = replace(cell, runs=(Run("七"),))
    assert (changed.text, changed.is_figure, cell.text) == ("七", False, "7")
    assert pickle.loads(pickle.dumps(cell)) == cell == Cell((Run("7"),))


def test_the_places_of_a_table_are_told_every_time_and_its_faults_too() -> None:
    cell = Cell((Run("1"),))
    table = Table(((cell,),), ((cell,),))
    assert list(table.placed()) == list(table.placed()) == [(0, 0, cell), (1, 0, cell)]
    assert list(replace(table, head=()).placed()) == [(0, 0, cell)]
    wrong = Table((), ((replace(cell, rowspan=2),),))
    for _ in range(2):
        with pytest.raises(NotebookError):
            list(wrong.placed())


def test_a_row_of_the_long_form_has_a_value_a_column() -> None:
    assert len(LongRow._fields) == len(COLUMNS)
