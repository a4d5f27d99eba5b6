"""What commands print of a report and its findings."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from nianbao.errors import NianbaoError
from nianbao.wording import publishable


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
    from nianbao.rules.listed import listed

    click.echo(verdict(report.unit.name, result))
    shown = listed(result.findings)
    for finding in shown.findings:
        if finding.waived is None:
            place = f"见 {finding.place}。" if finding.place else ""
            click.echo(f"  [{finding.severity.label}] {finding.message}{place}")
        else:
            click.echo(f"  [已豁免] {finding.message}豁免理由：{finding.waived}")
    if shown.note:
        click.echo(f"  {shown.note}")
    for note in report.registers.notes if report.registers else ():
        click.echo(f"  [登记簿] {note}")


def print_notebook(notebook: Path | None) -> None:
    """Say so when another notebook was run than the package's own."""
    if notebook is not None:
        click.echo(f"所用笔记本：{notebook.as_posix()}，不是随 nianbao 安装的模板。")


def verdict(name: str, result: Any) -> str:
    counts = result.counts
    verdict = publishable(counts["warning"]) if result.ready else f"草稿，{len(result.blocking)} 个问题必须解决"
    return (
        f"{name} {result.year}：{verdict}。成立 {counts['held']}，错误 {counts['error']}，警告 {counts['warning']}，"
        f"提示 {counts['info']}，已豁免 {counts['waived']}。"
    )
