"""Forms out, filled-in forms in."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import Any

import click

from nianbao.cli.app import EXIT_USAGE, command
from nianbao.cli.arguments import (
    PARAMS,
    params_folder,
    shown_option,
    typed,
    year_and_units,
)
from nianbao.cli.complete import units_and_years
from nianbao.cli.printing import print_verdict
from nianbao.errors import UsageError
from nianbao.params import load_units, parse_year
from nianbao.params.yamlio import display_name
from nianbao.wording import enumeration

MOST_LINES = 30
"""What ``ingest`` prints of a form or of a few; the rest on request."""


@command()
@click.argument("words", nargs=-1, shell_complete=units_and_years, metavar="YEAR [UNIT…]")
@click.option("--return", "back", is_flag=True, help="退回：把交来的表（写文件）标出有问题的格子，另存一份。")
@click.option("--to", "target", metavar="DIR", type=Path, required=True, help="写入的文件夹。")
@click.option("--force", is_flag=True, help="已有的表也重新生成，其中已填而未收回的内容会丢失。")
@PARAMS
def forms(words: tuple[str, ...], back: bool, target: Path, force: bool, params_dir: Path | None) -> None:
    """生成填报表（XLSX），一个单位一份，已知的内容先填好。没有指定单位时为全部单位。

    加 --return 并写交来的表（文件或文件夹），则另存一份退回：有问题的格子标颜色，旁边写明问题，全部问题列在“核对结果”里；
    原表和参数都不改动。写年份和单位的，退回按现有参数填好的表。
    """
    from nianbao.forms import Fate, hand_out

    folder = params_folder(params_dir)
    if back:
        _give_back(words, target, folder, force=force)
        return
    year, names = year_and_units(words, folder, every=True, whole=True)
    units = load_units(folder)
    done = []
    for form in hand_out([units.find(name) for name in names], year, folder, target, force=force):
        done.append(form)
        if not form.errors:
            click.echo(f"{form.name}：{form.fate.value} {form.path.as_posix()}")
        for error in form.errors:
            click.echo(f"{form.name}：{form.fate.value}。{error}", err=True)
    fates = (Fate.WRITTEN, Fate.UNCHANGED, Fate.REFUSED)
    counts = "，".join(f"{fate.value} {sum(form.fate is fate for form in done)} 份" for fate in fates)
    click.echo(f"{year} 年的填报表：{counts}。填好后收回：nianbao ingest {typed(target)}{shown_option(params_dir)}")
    if any(form.errors for form in done):
        sys.exit(EXIT_USAGE)


def _give_back(words: tuple[str, ...], target: Path, folder: Path, *, force: bool) -> None:
    """Forms back with what is wrong in them: the files named, or those that the params of a year would fill."""
    from nianbao.forms import Fate, form_files, hand_back

    files = [Path(word) for word in words if word.lower().endswith(".xlsx") or Path(word).exists()]
    if files and len(files) < len(words):
        raise UsageError("--return", "文件与年份、单位混写", "只写交来的表，或只写年份和单位")
    with tempfile.TemporaryDirectory(prefix="nianbao-") as name:
        if not files:
            files = _filled_from_params(words, folder, Path(name))
        done = []
        for form in hand_back(form_files(files), folder, target, force=force):
            done.append(form)
            if form.fate is Fate.SOUND:
                click.echo(f"{form.name}：没有问题，不必退回。")
            elif not form.errors:
                click.echo(f"{form.name}：{form.fate.value} {form.path.as_posix()}：{form.said}。")
            for error in form.errors:
                click.echo(f"{form.name}：{form.fate.value}。{error}", err=True)
    if any(form.errors for form in done):
        sys.exit(EXIT_USAGE)


def _filled_from_params(words: tuple[str, ...], folder: Path, target: Path) -> list[Path]:
    """The forms of the units that have params of a year, filled in with them."""
    from nianbao.forms import write_form
    from nianbao.report import has_report

    year, names = year_and_units(words, folder, every=True, whole=True)
    units = [load_units(folder).find(name) for name in names]
    there = [unit for unit in units if has_report(unit, year, folder)]
    if not there:
        raise UsageError(
            "--return", f"所列单位都没有 {year} 年的参数", "写交来的表，例如 nianbao forms --return 表.xlsx --to 退回"
        )
    return [write_form(unit, year, folder, target) for unit in there]


@command()
@click.argument("files", nargs=-1, type=Path, metavar="FILE…")
@click.option("--all", "everything", is_flag=True, help="列出每一处变化；不写则各表只列前几处。")
@click.option("--dry-run", is_flag=True, help="只看不写：列出变化，不写入。")
@click.option("--unit", "only_unit", metavar="UNIT", help="只收这个单位的表。")
@click.option("--year", "only_year", metavar="YEAR", help="只收这一年的表。")
@PARAMS
def ingest(
    files: tuple[Path, ...],
    everything: bool,
    dry_run: bool,
    only_unit: str | None,
    only_year: str | None,
    params_dir: Path | None,
) -> None:
    """收回填好的表，写入参数文件和登记簿。写文件夹则收其中全部 .xlsx；有一份不合格，全部不写。

    网站搜索结果（JSON）和公众号文章列表（XLSX）也收，并入公开登记，须写明 --unit 和 --year。
    """
    from nianbao.forms import apply, form_files, plan_all
    from nianbao.forms.exports import is_export

    if not files:
        raise UsageError("ingest", "没有指明文件", "例如 nianbao ingest 永和镇2023年报填报表.xlsx")
    folder = params_folder(params_dir)
    unit = load_units(folder).find(only_unit) if only_unit is not None else None
    year = parse_year(only_year) if only_year is not None else None
    if exports := [file for file in files if is_export(file)]:
        if len(exports) < len(files) or unit is None or year is None:
            remedy = "例如 nianbao ingest 搜索结果.json --unit 安海镇 --year 2026"
            raise UsageError("ingest", "收导出的列表要写明 --unit 和 --year，且不与填报表混收", remedy)
        _take_exports(exports, folder, unit, year, dry_run=dry_run, option=shown_option(params_dir))
        return
    plans = plan_all(form_files(files), folder, unit, year)
    most = max(1, MOST_LINES // max(1, len(plans)) - 5)  # besides what is said of each form in any case
    for plan in plans:
        click.echo(f"{plan.unit.name} {plan.year}（{plan.source}）：{plan.summary}。")
        lines = [*(f"  [说明] {note}" for note in plan.notes), *(f"  {line}" for line in plan.differences)]
        for line in lines if everything else lines[:most]:
            click.echo(line)
        if not everything and len(lines) > most:
            click.echo(f"  另有 {len(lines) - most} 行，加 --all 列出。")
    if dry_run:
        click.echo("只看不写，没有写入任何文件。")
        return
    written = apply(*plans)
    click.echo(f"已写入 {enumeration(map(display_name, written))}" if written else "没有需要写入的内容。")
    for plan in plans:
        if not plan.is_blank:
            print_verdict(plan.unit, plan.year, folder)
            click.echo(f"下一步：nianbao check {plan.year} {plan.unit.name}{shown_option(params_dir)}")


def _take_exports(files: list[Path], folder: Path, unit: Any, year: int, *, dry_run: bool, option: str) -> None:
    """Lists that other systems exported, into the register of disclosures."""
    from nianbao.forms.exports import plan_exports

    plan = plan_exports(files, folder, unit, year)
    click.echo(f"{unit.name} {year}（{enumeration(file.name for file in files)}）：公开登记新增 {plan.added} 条。")
    for note in plan.notes:
        click.echo(f"  [说明] {note}")
    if dry_run:
        click.echo("只看不写，没有写入任何文件。")
        return
    written = plan.write()
    click.echo(f"已写入 {enumeration(map(display_name, written))}" if written else "没有需要写入的内容。")
    click.echo(f"下一步：nianbao check {year} {unit.name}{option}")


COMMANDS = (forms, ingest)
