"""What commands print of a report and its findings."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from nianbao.errors import NianbaoError


def print_verdict(unit: Any, year: int, params_dir: Path) -> None:
    """How many findings a report has now, without naming them; why, where it cannot be checked."""
    from nianbao.publish.preflight import preflight
    from nianbao.report import load_report
    from nianbao.rules import checked

    try:
        report = load_report(unit.id, year, params_dir)
        preflight(report)
        click.echo(verdict(unit.name, checked(report)))
    except NianbaoError as error:
        click.echo(f"{unit.name} {year}：无法核对。{error}")


def print_result(report: Any, result: Any) -> None:
    click.echo(verdict(report.unit.name, result))
    for finding in result.findings:
        if finding.waived is None:
            click.echo(f"  [{finding.severity.label}] {finding.message}{_place(report, finding.cell)}")
        else:
            click.echo(f"  [已豁免] {finding.message}豁免理由：{finding.waived}")
    for note in report.registers.notes if report.registers else ():
        click.echo(f"  [登记簿] {note}")


def _place(report: Any, cell: str | None) -> str:
    """Where the params file has what a finding is about, as ``file:line``; nothing where it has not."""
    if cell is None or report.loaded is None:
        return ""
    path = tuple(int(step) if step.isdecimal() else step for step in cell.split("."))
    return f"见 {report.loaded.where(path)}。" if path[:1] in report.loaded.file.lines else ""


def verdict(name: str, result: Any) -> str:
    counts = result.counts
    verdict = "可以发布" if result.ready else f"草稿，{len(result.blocking)} 个问题必须解决"
    return (
        f"{name} {result.year}：{verdict}。成立 {counts['held']}，错误 {counts['error']}，警告 {counts['warning']}，"
        f"提示 {counts['info']}，已豁免 {counts['waived']}。"
    )
