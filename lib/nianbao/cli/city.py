"""All units of a year."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from nianbao.cli.app import EXIT_FINDINGS, EXIT_INTERRUPTED, command
from nianbao.cli.arguments import (
    FONTS,
    NOTEBOOK,
    OUT,
    PARAMS,
    Workers,
    params_folder,
    shown_option,
    typed,
    use_fonts,
    year_and_units,
)
from nianbao.cli.complete import units_and_years
from nianbao.cli.printing import print_notebook
from nianbao.errors import MissingParamsError, UsageError
from nianbao.params import parse_year
from nianbao.statute.bodies import CITY
from nianbao.wording import enumeration


@command()
@click.argument("words", nargs=-1, shell_complete=units_and_years, metavar="YEAR [UNIT…]")
@click.option("--workers", metavar="N", type=Workers(), help="同时工作的进程数（默认等于处理器数）。")
@click.option("--scheduler", metavar="ADDRESS", help="交给 Dask 集群运行，例如 tcp://10.0.0.1:8786。")
@click.option("--force", is_flag=True, help="没有变化的也重新生成。")
@click.option("--cold", is_flag=True, help="每份报告用全新的内核运行。")
@NOTEBOOK
@FONTS
@PARAMS
@OUT
def batch(
    words: tuple[str, ...],
    workers: int | None,
    scheduler: str | None,
    force: bool,
    cold: bool,
    notebook: Path | None,
    fonts_dir: Path | None,
    params_dir: Path | None,
    out_dir: Path,
) -> None:
    """生成一年的全部报告和总览页；没有变化的不重新生成。"""
    if workers and scheduler is not None:
        raise UsageError("--workers", "不能与 --scheduler 同时使用", "集群的进程数由 dask worker 决定")
    folder = params_folder(params_dir)
    year, names = year_and_units(words, folder, whole=True)
    use_fonts(fonts_dir)

    from nianbao.batch import Standing, run_batch
    from nianbao.batch.progress import shown
    from nianbao.city.papers import paper_of

    with shown(year) as tell:
        done = run_batch(
            year,
            names if len(words) > 1 else (),
            folder,
            out_dir,
            workers=workers,
            scheduler=scheduler,
            force=force,
            cold=cold,
            notebook=notebook,
            tell=tell,
        )
    for state in (Standing.DRAFT, Standing.FAILED, Standing.PENDING):
        for status in done.of(state):
            rules = enumeration(dict.fromkeys(finding.rule for finding in status.blocking))
            why = status.message or f"{len(status.blocking)} 个问题必须解决（{rules}）"
            click.echo(f"{status.unit.name}：{state.label}。{why}")
    if missing := done.of(Standing.MISSING):
        click.echo(f"{Standing.MISSING.label}：{enumeration(status.unit.name for status in missing)}。")
    print_notebook(notebook)
    counts = "，".join(_count(state, done.of(state)) for state in Standing)
    unchanged = len(
        [s for s in done.statuses if s.unit.id in done.asked and s.state in (Standing.READY, Standing.DRAFT)]
    )
    unchanged -= len([unit for unit in done.built if unit in done.asked])
    click.echo(f"{year} 年，{len(done.statuses)} 个单位：{counts}。")
    click.echo(
        f"本次生成 {len(done.built)} 份，没有变化 {max(0, unchanged)} 份。总览：{(done.folder / 'index.html').as_posix()}"
    )
    for key, paper in done.papers.items():
        links = enumeration((done.folder / name).as_posix() for name in paper.files)
        click.echo(f"{paper_of(key).name}：{paper.label}。{paper.message}{links}")
    if done.interrupted:
        click.echo("已中断；再次运行会接着做完。", err=True)
        sys.exit(EXIT_INTERRUPTED)
    option = shown_option(params_dir)
    behind = next((status.unit.name for state in (Standing.FAILED, Standing.DRAFT) for status in done.of(state)), None)
    if behind is not None:
        click.echo(f"下一步：nianbao check {year} {behind}{option}，改正后再运行 nianbao batch {year}{option}")
    else:
        click.echo(f"下一步：nianbao verify {typed(done.folder)}{option}")
    if not done.ok:
        sys.exit(EXIT_FINDINGS)


def _count(state: Any, statuses: Any) -> str:
    """How many units stand so, and how many of them have warnings."""
    warned = sum(1 for status in statuses if status.label != state.label)
    return f"{state.label} {len(statuses)}" + (f"（其中 {warned} 个有警告）" if warned else "")


@command("verify")
@click.argument("folders", nargs=-1, type=Path, metavar="DIR…")
@click.option("--workers", metavar="N", type=Workers(), help="核验一年时同时工作的进程数（默认等于处理器数）。")
@FONTS
@PARAMS
def verify_(folders: tuple[Path, ...], workers: int | None, fonts_dir: Path | None, params_dir: Path | None) -> None:
    """重新生成并逐项比较：DIR 为 output/<年份> 或 output/<年份>/<单位代号>；不写入其中。"""
    if not folders:
        raise UsageError("verify", "没有指明文件夹", "例如 nianbao verify output/2023/yonghe")
    folder = params_folder(params_dir)
    use_fonts(fonts_dir)

    from nianbao.verify import verify

    done = [(place, verify(place, folder, workers=workers)) for place in folders]
    for place, result in done:
        verdict = "与重新生成的一致" if result.same else f"有 {len(result.differences)} 处不同"
        click.echo(f"{place.as_posix()}：{result.name}，比较 {result.files} 个文件，{verdict}。")
        for difference in result.differences:
            click.echo(f"  {difference}")
    if not all(result.same for _, result in done):
        sys.exit(EXIT_FINDINGS)


@command()
@click.option("--year", metavar="YEAR", required=True, help="报告年份；上一年的数据一并写出。")
@click.option("--to", "target", metavar="DIR", type=Path, required=True, help="写入的文件夹，其中不得已有参数。")
@click.option("--faults", is_flag=True, help="有几个单位带有错误，一个没有报送。")
@click.option("--bodies", is_flag=True, help="另加 18 个虚构的部门，名称都以“示例”开头。")
@PARAMS
def demo(year: str, target: Path, faults: bool, bodies: bool, params_dir: Path | None) -> None:
    """写出各单位的示例参数，数据均为虚构，报告每页都有“示例”字样。"""
    from nianbao.demo import write_demo

    done = write_demo(parse_year(year), target, _units_of(params_dir), faults=faults, bodies=bodies)
    click.echo(f"已写出 {len(done.units)} 个单位 {done.year} 年的示例：{target.as_posix()}/")
    for line in done.faults:
        click.echo(f"  {line}")
    click.echo(f"核对：nianbao check {done.year}{shown_option(target)}")


@command("pack")
@click.argument("words", nargs=-1, shell_complete=units_and_years, metavar="YEAR [UNIT…]")
@click.option("--to", "target", metavar="DIR", type=Path, required=True, help="放报送材料的文件夹。")
@FONTS
@PARAMS
@OUT
def pack_(words: tuple[str, ...], target: Path, fonts_dir: Path | None, params_dir: Path | None, out_dir: Path) -> None:
    """把可以发布的报告装成报送材料：每个单位一个文件夹和一个 ZIP，附呈报函、文件清单；草稿和被改动过的不装。

    单位写“全市”，装全市报告、汇总、公布情况说明和全部单位的报告。
    """
    folder = params_folder(params_dir)
    year, names = year_and_units(words, folder)
    use_fonts(fonts_dir)
    if target.exists() and not target.is_dir():
        raise UsageError(f"--to {target.as_posix()}", "是文件，不是文件夹", "换一个文件夹")

    from nianbao.pack import pack

    done = pack(year, names, folder, out_dir, target)
    for refusal in done.refusals:
        click.echo(f"{refusal.unit.name}：不装入，{refusal.reason}。")
    for unit, place in done.folders:
        signed = f"，签字：{done.signed[unit.id]}" if done.signed[unit.id] else ""
        click.echo(f"{unit.name}：已装入 {place.as_posix()}/{signed}")
    bodies = sum(unit.kind != CITY.name for unit, _ in done.folders)
    refused = sum(refusal.unit.kind != CITY.name for refusal in done.refusals)
    click.echo(f"{year} 年，装入 {bodies} 个单位，未装入 {refused} 个。")
    if done.refusals:
        sys.exit(EXIT_FINDINGS)


def _units_of(params_dir: Path | None) -> Path:
    """The params folder whose units the demo is for: a project's, else the one that the package brings."""
    from nianbao.project.packaged import packaged_params

    try:
        return params_folder(params_dir)
    except MissingParamsError:
        if params_dir is not None:
            raise
        return packaged_params()


COMMANDS = (batch, verify_, pack_, demo)
