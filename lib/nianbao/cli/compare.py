"""Two years of a body side by side, or a built report against the page that was published."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from nianbao.cli.app import EXIT_FINDINGS, command
from nianbao.cli.arguments import OUT, PARAMS, params_folder
from nianbao.cli.complete import units_and_years
from nianbao.errors import UsageError
from nianbao.params import load_units, parse_year
from nianbao.statute.bodies import CITY
from nianbao.wording import quoted

_EXAMPLE = "例如 nianbao compare 永和镇 2025 2024，或 nianbao compare 永和镇 2025 公布的网页.html"


@command()
@click.argument("words", nargs=-1, shell_complete=units_and_years, metavar="UNIT YEAR [YEAR|FILE]")
@click.option("--to", "target", metavar="DIR", type=Path, help="两年对照另写成网页和表格，存入这个文件夹。")
@PARAMS
@OUT
def compare(words: tuple[str, ...], target: Path | None, params_dir: Path | None, out_dir: Path) -> None:
    """两年逐格对照（默认与上一年），或把生成的报告与公布的网页对照，逐处指出不同。"""
    from nianbao.city.inputs import FOLDER
    from nianbao.city.own import any_report

    folder = params_folder(params_dir)
    if len(words) not in (2, 3):
        raise UsageError("compare", f"应为单位、年份和另一年或文件，实为{quoted(' '.join(words))}", _EXAMPLE)
    first, second = words[:2]
    name, said = (second, first) if first.isdigit() else (first, second)
    year, unit = parse_year(said), load_units(folder).find(name)
    place = FOLDER if unit.kind == CITY.name else unit.id
    report = any_report(unit.id, year, folder)
    other = words[2] if len(words) == 3 else str(year - 1)
    if not other.isdigit():
        _page(report, out_dir / str(year) / place, Path(other))
        return
    if parse_year(other) == year:
        raise UsageError("compare", f"两个年份都是 {year}", "写另一年，或省去第二个年份，与上一年对照")
    earlier = any_report(unit.id, parse_year(other), folder)
    before, now = sorted((earlier, report), key=lambda one: one.year)
    _years(before, now, out_dir / str(before.year) / place, target)


def _page(report: Any, sealed: Path, page: Path) -> None:
    from nianbao.verify.published import against_page

    found = against_page(report, sealed, page)
    verdict = "与生成的报告一致" if not found else f"有 {len(found)} 处不同"
    click.echo(f"{report.unit.name} {report.year}，公布的网页 {page.name}：{verdict}。")
    for difference in found:
        click.echo(f"  {difference}")
    if found:
        sys.exit(EXIT_FINDINGS)


def _years(before: Any, now: Any, built: Path, target: Path | None) -> None:
    from nianbao.publish.outputs import write_files
    from nianbao.verify.years import comparison, side_by_side, workbook

    lines = side_by_side(before, now, built)
    click.echo(f"{now.unit.name} {before.year} 年与 {now.year} 年：共 {len(lines)} 格。")
    for line in lines:
        if line.change or line.notes:
            told = f"（{line.notes}）" if line.notes else ""
            click.echo(f"  {line.label}：{line.before} → {line.now} {line.change}{told}")
    if target is not None:
        from nianbao.document.web import page

        document = comparison(before, now, lines)
        stem = f"{now.unit.name}-{before.year}-{now.year}"
        files = {
            f"{stem}.html": page.write_page(document).encode("utf-8"),
            f"{stem}.xlsx": workbook(before, now, lines),
        }
        write_files(target, files)
        click.echo(f"已写入 {target.as_posix()}/：{'、'.join(files)}")


COMMANDS = (compare,)
