"""Registers written as an office would write them."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from nianbao.errors import ErrorList, NianbaoError
from nianbao.registers import RegisterFigures, load_registers
from nianbao.statute import edition_for

Rows = Sequence[Sequence[Any]]


def csv_text(rows: Rows, delimiter: str = ",") -> str:
    stream = io.StringIO(newline="")
    csv.writer(stream, delimiter=delimiter).writerows(rows)
    return stream.getvalue()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "params" / "2023" / "anhai"
    path.mkdir(parents=True)
    return path


@pytest.fixture
def load(folder: Path) -> Callable[..., RegisterFigures]:
    """Write the registers given by name as CSV and read them."""

    def run(year: int = 2023, encoding: str = "utf-8", **registers: Rows | str) -> RegisterFigures:
        for name, rows in registers.items():
            text = rows if isinstance(rows, str) else csv_text(rows)
            (folder / f"{name}.csv").write_bytes(text.encode(encoding))
        found = load_registers(folder, year, edition_for(year))
        assert found is not None
        return found

    return run


@pytest.fixture
def refused(load: Callable[..., RegisterFigures]) -> Callable[..., list[str]]:
    """The messages with which registers are refused."""

    def run(**registers: Any) -> list[str]:
        with pytest.raises(NianbaoError) as caught:
            load(**registers)
        assert caught.value.exit_code == 2
        errors = caught.value.errors if isinstance(caught.value, ErrorList) else (caught.value,)
        return [str(error) for error in errors]

    return run


@pytest.fixture
def workbook(folder: Path) -> Callable[[Callable[[Any], None]], RegisterFigures]:
    """Fill an XLSX through openpyxl, save it as registers.xlsx and read it."""

    def run(fill: Callable[[Any], None], year: int = 2023) -> RegisterFigures:
        book = openpyxl.Workbook()
        book.remove(book.active)
        fill(book)
        book.save(folder / "registers.xlsx")
        found = load_registers(folder, year, edition_for(year))
        assert found is not None
        return found

    return run
