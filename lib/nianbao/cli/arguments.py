"""Options and arguments that several commands share."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import click

from nianbao.errors import MissingParamsError, UsageError
from nianbao.params import PARAMS_VARIABLE, find_params_dir, load_units, parse_year, year_in_digits, years_of
from nianbao.params.commit import recover
from nianbao.wording import enumeration, quoted

PARAMS = click.option("--params", "params_dir", metavar="DIR", type=Path, help="参数文件夹（默认 params/）。")
OUT = click.option(
    "--out", "out_dir", metavar="DIR", type=Path, default=Path("output"), help="输出文件夹（默认 output/）。"
)
FONTS = click.option("--fonts", "fonts_dir", metavar="DIR", type=Path, help="另有字体的文件夹。")
NOTEBOOK = click.option("--notebook", metavar="FILE", type=Path, help="另用一个笔记本（默认用随 nianbao 安装的模板）。")
JSON = click.option("--json", "as_json", is_flag=True, help="以 JSON 输出。")


class Workers(click.ParamType[int]):
    """A number of processes, one or more."""

    name = "workers"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        if not str(value).isascii() or not str(value).isdigit() or int(value) < 1:
            raise UsageError("--workers", f"应为正整数，实为{quoted(value)}", "例如 --workers 2")
        return int(value)


def params_folder(params_dir: Path | None) -> Path:
    """The folder that ``--params`` names, else the one that is found; said once where the environment names it.

    What a killed run has left half-written there is finished or undone first.
    """
    folder = params_dir if params_dir is not None else find_params_dir()
    context = click.get_current_context(silent=True)
    if params_dir is None and PARAMS_VARIABLE in os.environ and context and not context.meta.get(PARAMS_VARIABLE):
        context.meta[PARAMS_VARIABLE] = True
        click.echo(f"参数文件夹：{folder.as_posix()}，由环境变量 {PARAMS_VARIABLE} 指定。", err=True)
    _check_folder("--params", folder)
    if told := recover(folder):
        click.echo(told, err=True)
    return folder


def _check_folder(option: str, folder: Path) -> None:
    if not folder.is_dir():
        wrong = "是文件，应为文件夹" if folder.exists() else "没有这个文件夹"
        raise UsageError(f"{option} {folder.as_posix()}", wrong, "检查路径")


def units_if_any(params_dir: Path | None) -> Any:
    """The known units; None where there is no params folder and none was named."""
    try:
        return load_units(params_folder(params_dir))
    except MissingParamsError:
        if params_dir is not None:
            raise
        return None


def use_fonts(fonts: Path | None) -> None:
    if fonts is not None:
        _check_folder("--fonts", fonts)
        os.environ["NIANBAO_FONTS"] = str(fonts.resolve())


def shown_option(params_dir: Path | None) -> str:
    """The option as the next command needs it."""
    return f" --params {typed(params_dir)}" if params_dir is not None else ""


def typed(path: Path) -> str:
    """A path as it must be typed."""
    text = path.as_posix()
    return f'"{text}"' if " " in text else text


def year_and_units(
    words: tuple[str, ...], params_dir: Path, *, every: bool = False, whole: bool = False
) -> tuple[int, list[str]]:
    """The one year and the units among the words, in either order.

    When none is named: all units that have data for the year, or all there are (``every``). With ``whole`` the city's
    name stands for all of them, for the command has nothing to do with the city's own report.
    """
    numbers = [
        word
        for word in words
        if word.strip()[:1].isdigit() or word.strip()[:1] in ("-", "+") or year_in_digits(word) is not None
    ]
    names = [word for word in words if word not in numbers]
    if len(numbers) != 1:
        found = f" {len(numbers)} 个" if numbers else "没有"
        raise UsageError("参数", f"应有一个年份，实为{found}", "例如 2023")
    year = parse_year(numbers[0])
    units = load_units(params_dir)
    named = list(dict.fromkeys(units.find(name).id for name in names))
    if named and not (whole and units.city.id in named):
        return year, named
    if every:
        return year, [unit.id for unit in units.units]
    known = years_of(params_dir)
    if year not in known:
        have = f"有数据的年份：{enumeration(map(str, known))}" if known else "先在 params/ 中录入数据"
        raise UsageError(f"年份 {year}", "没有任何单位的数据", have)
    order = [unit.id for unit in units.units]
    return year, [unit for unit in order if unit in known[year]]
