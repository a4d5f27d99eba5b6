"""From an empty folder to a report under way: init, new, lab."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import click

from nianbao.cli.app import command
from nianbao.cli.arguments import PARAMS, params_folder, shown_option, typed, year_and_units
from nianbao.cli.complete import units_and_years
from nianbao.errors import MissingParamsError, UsageError
from nianbao.params import load_units, params_path
from nianbao.params.yamlio import display_name
from nianbao.wording import enumeration, quoted


@command()
@click.argument("folder", required=False, type=Path, default=Path(), metavar="[DIR]")
def init(folder: Path) -> None:
    """新建项目文件夹（默认当前文件夹）：单位名录、笔记本模板、编辑器用的格式说明。"""
    from nianbao.project import lay_out

    done = lay_out(folder)
    click.echo(f"已建好项目文件夹 {folder.as_posix()}/：{enumeration(done.written)}")
    for name in done.kept:
        click.echo(f"{name}：已有，没有改动。")
    go = "" if folder == Path() else f"cd {typed(folder)}，再运行 "
    click.echo(f"下一步：{go}nianbao new 单位 年份，例如 nianbao new 安海镇 2026。")


@command()
@click.argument("words", nargs=-1, shell_complete=units_and_years, metavar="UNIT YEAR")
@click.option("--from", "files", metavar="FILE", type=Path, multiple=True, help="本单位已公开的上年报告，可写几次。")
@PARAMS
def new(words: tuple[str, ...], files: tuple[Path, ...], params_dir: Path | None) -> None:
    """开始一份新报告：参数和笔记本。上年的参数或已公开的报告里能沿用的先填好，其余留空。"""
    from nianbao.project import begin

    folder = params_folder(params_dir)
    year, name = _year_and_unit("new", words, folder)
    done = begin(name, year, folder, files)
    click.echo(f"已写入 {display_name(done.params)} 和 notebooks/{year}/{done.notebook.name}。")
    if done.source:
        click.echo(f"取自 {done.source}，核对后再用：")
        for line in done.carried:
            click.echo(f"  {line}")
    else:
        click.echo("没有上年的参数，也没有给已公开的报告（--from 文件），从空白开始。")
    click.echo(f"下一步：nianbao lab {done.unit.name} {year}{shown_option(params_dir)}")


@command(context_settings={"ignore_unknown_options": True})
@click.argument("words", nargs=-1, shell_complete=units_and_years, metavar="[UNIT YEAR]", type=click.UNPROCESSED)
@PARAMS
def lab(words: tuple[str, ...], params_dir: Path | None) -> None:
    """打开 JupyterLab：中文界面，项目文件夹，写了单位和年份就打开那份笔记本。

    以 - 开头的选项原样交给 JupyterLab，例如 --no-browser、--port=8899。
    """
    from nianbao.lab import lab_command
    from nianbao.project import write_notebook
    from nianbao.report import has_report

    folder = params_folder(params_dir).resolve()
    options = tuple(word for word in words if word.startswith("-"))
    named = tuple(word for word in words if not word.startswith("-"))
    notebook = None
    if named:
        year, name = _year_and_unit("lab", named, folder)
        unit = load_units(folder).find(name)
        if not has_report(unit, year, folder):
            option = shown_option(params_dir)
            raise MissingParamsError(
                display_name(params_path(folder, unit, year)),
                "没有这份报告的参数",
                f"先运行 nianbao new {unit.name} {year}{option}",
            )
        notebook = write_notebook(unit, year, folder)
    arguments, environment = lab_command(folder.parent, folder, notebook, options)
    click.echo("正在打开 JupyterLab；用完后在这里按 Ctrl+C 结束。", err=True)
    sys.exit(subprocess.run(arguments, env=environment, check=False).returncode)  # noqa: S603


def _year_and_unit(command: str, words: tuple[str, ...], folder: Path) -> tuple[int, str]:
    year, names = year_and_units(words, folder, every=True)
    if len(words) != 2 or len(names) != 1:
        raise UsageError(
            command,
            f"应为一个单位和一个年份，实为{quoted(' '.join(words))}",
            f"例如 nianbao {command} 安海镇 2026",
        )
    return year, names[0]


COMMANDS = (init, new, lab)
