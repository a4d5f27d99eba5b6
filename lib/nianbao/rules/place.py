"""Where a person mends what a finding is about."""

from __future__ import annotations

from nianbao.registers.problems import rows_text
from nianbao.report import Report


def place_of(report: Report, cell: str | None) -> str:
    """``params/2023/yonghe.yaml:37`` of what is typed, register and rows of what is counted; empty where neither is.

    Parameters
    ----------
    cell : str or None
        Key of a cell or of a part of the narrative.
    """
    if cell is None or report.loaded is None:
        return ""
    path = tuple(int(step) if step.isdecimal() else step for step in cell.split("."))
    lines = report.loaded.file.lines
    registers = report.registers.counted.values() if report.registers else ()
    counted = next((one for one in registers if cell in one.positions), None)
    if path not in lines and counted is not None and len(counted.positions[cell]):
        return f"{counted.table.where} 第 {rows_text(counted.table.rows[counted.positions[cell]].tolist())} 行"
    return report.loaded.where(path) if path[:1] in lines else ""
