"""Where a person mends what a finding is about."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from nianbao.registers.problems import rows_text
from nianbao.report import Report
from nianbao.report.handed_in import HandedIn
from nianbao.report.prose import printed_lines

_QUOTED = re.compile(r"“([^“”]+)”")


def place_of(report: Report, cell: str | None, message: str = "") -> str:
    """``params/2023/yonghe.yaml:37`` of what is typed, register and rows of what is counted; empty where neither is.

    Of a report that came in by a form, sheet and cell of that form.

    Parameters
    ----------
    cell : str or None
        Key of a cell or of a part of the narrative.
    message : str
        What a finding says: a sentence that it quotes from the narrative is looked for, and its own line named.
    """
    if cell is None or report.loaded is None:
        return ""
    path = tuple(int(step) if step.isdecimal() else step for step in cell.split("."))
    lines = report.loaded.file.lines
    registers = report.registers.counted if report.registers else {}
    key, counted = next(((key, one) for key, one in registers.items() if cell in one.positions), ("", None))
    rows = counted.table.rows[counted.positions[cell]].tolist() if counted is not None else []
    if report.handed_in is not None and (place := _place_in_form(report, report.handed_in, cell, message, key, rows)):
        return place
    if path not in lines and counted is not None and rows:
        return f"{counted.table.where} 第 {rows_text(rows)} 行"
    if path[:1] == ("narrative",) and path in lines and (line := _line_of_text(report, str(path[1]), message)):
        return f"{report.loaded.file.name}:{line}"
    return report.loaded.where(path) if path[:1] in lines else ""


def _place_in_form(report: Report, form: HandedIn, cell: str, message: str, register: str, rows: Sequence[int]) -> str:
    """Where in the form that was handed in it stands: rows where only a register tells it, else the cell."""
    assert report.loaded is not None  # noqa: S101  (asked only of such a report)
    if rows and not _is_typed(report, cell) and (place := form.row_place(f"{register}.csv", rows)):
        return place
    head, _, part = cell.partition(".")
    if head == "narrative" and (line := _quoted_line(report, part, message)) is not None:
        return form.place(f"{cell}.{line}")
    lacking = [key for key, one in report.cells.items() if key.startswith(f"{cell}.") and not one.is_number]
    return form.cells_place(lacking) or form.place(cell)  # a row is at fault for what is no figure in it


def _is_typed(report: Report, cell: str) -> bool:
    """Whether the params hold a figure for a cell, for the total of what was disclosed, a class or a channel."""
    assert report.loaded is not None  # noqa: S101  (asked only of such a report)
    disclosure = report.params.disclosure
    if cell == "disclosure.total":
        return disclosure.total is not None
    which, _, name = cell.removeprefix("disclosure.").partition(".")
    if cell.startswith("disclosure."):
        named = {item.name for item in disclosure.classes} if which == "classes" else set(disclosure.channels)
        return name in named
    return report.loaded.cells.get(cell) is not None


def _quoted_line(report: Report, part: str, message: str) -> int | None:
    """Which line of a part a finding quotes, from 0; None where that is not certain."""
    source, printed, _ = _lines_of(report, part)
    quotes = sorted((quote.strip("…") for quote in _QUOTED.findall(message)), key=len, reverse=True)
    found = next((i for quote in quotes if quote for i, line in enumerate(printed) if quote in line), None)
    return found if len(printed) == len(source) else None


def _line_of_text(report: Report, part: str, message: str) -> int | None:
    """The line of the params file on which a text stands that a finding quotes; None where that is not certain.

    Certain is the line of a literal block (``overview: |``) whose text in the file is what was read.
    """
    assert report.loaded is not None  # noqa: S101  (asked only of such a report)
    source, _, text = _lines_of(report, part)
    if (found := _quoted_line(report, part, message)) is None:
        return None
    line = report.loaded.file.lines[("narrative", part)] + 1 + found
    return line if line <= len(text) and text[line - 1].strip() == source[found].strip() else None


@lru_cache(maxsize=8)
def _lines_of(report: Report, part: str) -> tuple[list[str], tuple[str, ...], list[str]]:
    """A part as it was read and as it prints, and the file, line by line: once for all findings of a part."""
    assert report.loaded is not None  # noqa: S101  (asked only of such a report)
    source = (getattr(report.params.narrative, part) or "").splitlines()
    try:
        text = report.loaded.path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError):
        text = []
    return source, printed_lines(report, part), text
