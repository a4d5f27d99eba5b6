"""The cells of a report as a pandas frame: what ``report.csv`` says, exact."""

from __future__ import annotations

import io
from dataclasses import replace
from decimal import Decimal

import pandas as pd
import pytest

import nianbao as nb
from nianbao.document.longform import COLUMNS, long_rows, write_csv
from nianbao.report import Report
from nianbao.statute import edition_for
from nianbao.statute.cell import number_cell


@pytest.mark.parametrize("year", [2023, 2020])
def test_the_frame_holds_what_the_csv_holds(yonghe: Report, year: int) -> None:
    edition = edition_for(year)
    cells = {key: yonghe.cells.get(key, number_cell(Decimal("12.5"))) for key in edition.fields}
    report = replace(yonghe, params=yonghe.params.model_copy(update={"year": year}), edition=edition, cells=cells)
    frame = nb.frame(report)
    rows = list(long_rows(report.unit.name, report.year, report.edition, report.cells))
    printed = pd.read_csv(io.BytesIO(write_csv(rows)), dtype=str, keep_default_na=False, encoding="utf-8-sig")
    assert list(frame.columns) == list(COLUMNS) == list(printed.columns)
    said = frame.map(lambda value: "" if value is None else f"{value:f}" if isinstance(value, Decimal) else str(value))
    pd.testing.assert_frame_equal(said, printed, check_dtype=False)
    assert list(frame["键"]) == list(report.edition.fields)


def test_a_blank_is_no_number_and_a_sum_of_counts_is_exact(yonghe: Report) -> None:
    frame = nb.frame(yonghe).set_index("键")
    blank = [key for key, cell in yonghe.cells.items() if cell.value is None and key in frame.index]
    assert blank and all(frame.loc[key, "数值"] is None for key in blank)
    received = [key for key in frame.index if key.startswith("t3.received.") and not key.endswith(".total")]
    assert frame.loc[received, "数值"].sum() == sum(yonghe.cells[key].value or 0 for key in received)
    assert all(isinstance(value, int | Decimal) for value in frame["数值"].dropna()), "no float: 万元 are exact"
