"""Leave for a known deviation, written for what stands now."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import click

from nianbao.cli.app import command
from nianbao.cli.arguments import PARAMS, params_folder, shown_option, year_and_units
from nianbao.cli.complete import units_and_years
from nianbao.errors import UsageError
from nianbao.wording import enumeration, quoted, suggestion


@command()
@click.argument("words", nargs=-1, shell_complete=units_and_years, metavar="UNIT YEAR RULE [CELL]")
@click.option("--reason", metavar="TEXT", required=True, help="为什么可以保留，4 至 500 字。")
@click.option("--name", metavar="NAME", required=True, help="作出豁免的人或科室。")
@click.option("--note", metavar="TEXT", help="印在这张表下的一句注，如“以本年度报告为准”；豁免失效即不再印出。")
@PARAMS
def waive(words: tuple[str, ...], reason: str, name: str, note: str | None, params_dir: Path | None) -> None:
    """豁免一个已知的问题：只对现在的单位、年份、规则、单元格和所看到的值有效，写入参数文件。"""
    from nianbao.city.own import any_report
    from nianbao.publish.outputs import write_files
    from nianbao.rules import check_report
    from nianbao.rules.waivers import table_of, waiver_of, written

    folder = params_folder(params_dir)
    if len(words) not in (3, 4):
        raise UsageError("waive", f"应为单位、年份、规则和单元格，实为{quoted(' '.join(words))}", _EXAMPLE)
    year, names = year_and_units(words[:2], folder)
    report = any_report(names[0], year, folder)
    code, cell = words[2].upper(), words[3] if len(words) == 4 else None
    found = [one for one in check_report(report).findings if one.rule == code and one.waived is None]
    finding = _chosen(found, code, cell, f"{report.unit.name} {year}")
    if note is not None and not table_of(finding.cell):
        raise UsageError("--note", "这个问题不在表格里，没有表可以加注", "把这句话写进正文")
    day = dt.date.today()  # noqa: DTZ011  (a calendar day)
    given = waiver_of(finding, report, reason=reason, name=name, day=day, note=note)
    waivers = [*report.params.waivers, given]
    loaded = report.loaded
    assert loaded is not None  # noqa: S101  (read from a file just now)
    from nianbao.params.writer import dump_params

    existing = loaded.path.read_text(encoding="utf-8")
    values: dict[str, Any] = {"year": year, "waivers": [written(one) for one in waivers]}
    text = dump_params(existing, values, name=loaded.path.name)
    write_files(loaded.path.parent, {loaded.path.name: text.encode("utf-8")})
    click.echo(f"已豁免：{finding.message}理由：{reason}（{name}）。")
    click.echo(f"再核对：nianbao check {year} {report.unit.id}{shown_option(params_dir)}")


_EXAMPLE = "例如 nianbao waive 永和镇 2023 T3-03 t3.denied.prohibited.total --reason 理由 --name 姓名"


def _chosen(found: list[Any], code: str, cell: str | None, where: str) -> Any:
    """The one open finding of a rule (and cell)."""
    cells = [one.cell or "" for one in found]
    if not found:
        raise UsageError(f"{where} {code}", "没有这条规则的未豁免问题", "用 nianbao check 查看现有的问题")
    if cell is None and len(found) == 1:
        return found[0]
    if cell is None:
        raise UsageError(f"{where} {code}", f"有 {len(found)} 个问题", f"写明单元格：{enumeration(cells)}")
    if cell not in cells:
        raise UsageError(f"{where} {code}", f"没有单元格为{quoted(cell)}的问题", suggestion(cell, cells))
    return found[cells.index(cell)]


COMMANDS = (waive,)
