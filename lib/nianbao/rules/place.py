"""Where a person mends what a finding is about."""

from __future__ import annotations

import re
from functools import lru_cache

from nianbao.registers.problems import rows_text
from nianbao.report import Report
from nianbao.report.prose import printed_lines

_QUOTED = re.compile(r"“([^“”]+)”")


def place_of(report: Report, cell: str | None, message: str = "") -> str:
    """``params/2023/yonghe.yaml:37`` of what is typed, register and rows of what is counted; empty where neither is.

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
    registers = report.registers.counted.values() if report.registers else ()
    counted = next((one for one in registers if cell in one.positions), None)
    if path not in lines and counted is not None and len(counted.positions[cell]):
        return f"{counted.table.where} 第 {rows_text(counted.table.rows[counted.positions[cell]].tolist())} 行"
    if path[:1] == ("narrative",) and path in lines and (line := _line_of_text(report, str(path[1]), message)):
        return f"{report.loaded.file.name}:{line}"
    return report.loaded.where(path) if path[:1] in lines else ""


def _line_of_text(report: Report, part: str, message: str) -> int | None:
    """The line of the params file on which a text stands that a finding quotes; None where that is not certain.

    Certain is the line of a literal block (``overview: |``) whose text in the file is what was read.
    """
    assert report.loaded is not None  # noqa: S101  (asked only of such a report)
    source, printed, text = _lines_of(report, part)
    quotes = sorted((quote.strip("…") for quote in _QUOTED.findall(message)), key=len, reverse=True)
    found = next((i for quote in quotes if quote for i, line in enumerate(printed) if quote in line), None)
    if found is None or len(printed) != len(source):
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
