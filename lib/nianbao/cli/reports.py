"""One report: what there is, what is wrong with it, its files; and reports that others published."""

from __future__ import annotations

import json
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

import click

from nianbao.cli.app import EXIT_FINDINGS, EXIT_USAGE, command
from nianbao.cli.arguments import (
    FONTS,
    JSON,
    NOTEBOOK,
    OUT,
    PARAMS,
    params_folder,
    units_if_any,
    use_fonts,
    year_and_units,
)
from nianbao.cli.complete import units_and_years
from nianbao.cli.printing import print_notebook, print_result
from nianbao.errors import AttachmentError, NianbaoError, UsageError
from nianbao.params import load_units, params_path, parse_year, years_of
from nianbao.wording import enumeration, quoted


@command("list")
@click.argument("year", required=False)
@PARAMS
def list_(year: str | None, params_dir: Path | None) -> None:
    """列出单位，以及各有哪些年份的数据。"""

    folder = params_folder(params_dir)
    units = load_units(folder)
    years = years_of(folder)
    wanted = parse_year(year) if year is not None else None
    for unit in (*units.units, units.city):
        stem = params_path(folder, unit, 0).stem
        have = [str(known) for known, ids in years.items() if stem in ids and wanted in (None, known)]
        if unit is units.city and not have:
            continue
        own = "（全市报告）" if unit is units.city else ""
        click.echo(f"{unit.id:<10} {unit.name}{own}  {enumeration(have) if have else '无数据'}")


@command()
@click.argument("words", nargs=-1, shell_complete=units_and_years, metavar="YEAR [UNIT…]")
@JSON
@PARAMS
def check(words: tuple[str, ...], as_json: bool, params_dir: Path | None) -> None:
    """核对报告，逐条列出问题。没有指定单位时核对该年全部单位。"""
    from nianbao.city.own import any_report
    from nianbao.publish.preflight import preflight
    from nianbao.rules import checked
    from nianbao.rules.likeness import settled

    folder = params_folder(params_dir)
    year, names = year_and_units(words, folder)
    found, errors, ready = [], [], True
    with settled():
        for name in names:  # no report is kept: a city has hundreds
            try:
                report = any_report(name, year, folder)
                with suppress(AttachmentError):  # which the rules find, with all that is wrong besides (D-38)
                    preflight(report)
                result = checked(report)
            except NianbaoError as error:  # said below; one that cannot be read hides none of the others
                errors.append(error)
                continue
            ready = ready and result.ready
            if as_json:
                found.append(result.as_json())
            else:
                print_result(report, result)
    if as_json:
        click.echo(json.dumps(found, ensure_ascii=False, indent=2))
    for unread in errors:
        click.echo(str(unread), err=True)
    if errors:
        sys.exit(EXIT_USAGE)
    if not ready:
        sys.exit(EXIT_FINDINGS)


@command()
@click.argument("words", nargs=-1, shell_complete=units_and_years, metavar="UNIT YEAR")
@click.option("--cold", is_flag=True, help="用全新的内核运行。")
@NOTEBOOK
@FONTS
@PARAMS
@OUT
def build(
    words: tuple[str, ...],
    cold: bool,
    notebook: Path | None,
    fonts_dir: Path | None,
    params_dir: Path | None,
    out_dir: Path,
) -> None:
    """生成一份报告的全部文件；当年已有总览页的，总览页一并更新。"""
    folder = params_folder(params_dir)
    year, names = year_and_units(words, folder)
    if len(names) != 1 or len(words) != 2:
        raise UsageError(
            "build", f"应为一个单位和一个年份，实为{quoted(' '.join(words))}", "例如 nianbao build 永和镇 2023"
        )
    use_fonts(fonts_dir)

    from nianbao.notebook.engine import prestart

    if not cold:
        # The kernel starts, with what one report needs, while this process loads the rest.
        prestart(("pandas", "great_tables", "nianbao.notebook.sections"))
    from nianbao.batch.single import publish_one

    done, refreshed = publish_one(names[0], year, folder, out_dir, notebook=notebook, cold=cold)
    print_result(done.report, done.result)
    print_notebook(notebook)
    click.echo(f"已生成 {done.folder.as_posix()}/：{enumeration(done.files)}")
    if refreshed is not None:
        click.echo(f"总览已更新：{refreshed.as_posix()}")
    if not done.result.ready:
        sys.exit(EXIT_FINDINGS)


@command()
@click.argument("files", nargs=-1, type=Path, metavar="FILE…")
@JSON
@PARAMS
def read(files: tuple[Path, ...], as_json: bool, params_dir: Path | None) -> None:
    """读取任何单位已公开的报告（网页、PDF、Word、WPS、表格、文本、压缩包），列出数据和问题。不访问网络。

    同一单位上一年的报告一并给出时，跨年的数也核对。
    """
    from nianbao import published

    if not files:
        raise UsageError("read", "没有指明文件", "例如 nianbao read 报告.html")
    readings = published.read_several(files, units_if_any(params_dir))
    if as_json:
        documents = [reading.as_json() for reading in readings]
        if len(readings) > 1 or readings[0].error is None:
            shown: Any = documents[0] if len(documents) == 1 else documents
            click.echo(json.dumps(shown, ensure_ascii=False, indent=2))
    else:
        for line in published.lines_of(readings):
            click.echo(line)
    for reading in readings:
        if reading.error is not None:
            click.echo(str(reading.error), err=True)
    if any(reading.error is not None for reading in readings):
        sys.exit(EXIT_USAGE)
    if not all(reading.ready for reading in readings):
        sys.exit(EXIT_FINDINGS)


COMMANDS = (list_, check, build, read)
