"""Published reports, or figures from another office, into the params."""

from __future__ import annotations

from pathlib import Path

import click

from nianbao.cli.app import command
from nianbao.cli.arguments import PARAMS, params_folder, shown_option
from nianbao.errors import UsageError
from nianbao.params import load_units, parse_year
from nianbao.params.yamlio import display_name
from nianbao.wording import enumeration


@command()
@click.argument("files", nargs=-1, type=Path, metavar="FILE…")
@click.option("--dry-run", is_flag=True, help="只看不写：列出要写的内容，不写入。")
@click.option("--unit", "only_unit", metavar="UNIT", help="只收这个单位的报告，别的单位拒绝。")
@click.option("--year", "only_year", metavar="YEAR", help="只收这一年的报告，别的年份拒绝。")
@click.option("--force", is_flag=True, help="覆盖已有的参数文件。")
@click.option("--waive-published", "waived_by", metavar="NAME", help="已公开文本中的错误照录，以这个名义逐条写明豁免。")
@PARAMS
def adopt(
    files: tuple[Path, ...],
    dry_run: bool,
    only_unit: str | None,
    only_year: str | None,
    force: bool,
    waived_by: str | None,
    params_dir: Path | None,
) -> None:
    """把已公开的报告（网页、Word、PDF、文本、表格、压缩包）或 tables.json 录入参数。有一份不行，全部不写。

    没有读出的留待填写，不当作 0。
    """
    from nianbao.project.adopt import adopt as write
    from nianbao.project.adopt import plan_adoption

    if not files:
        raise UsageError("adopt", "没有指明文件", "例如 nianbao adopt 永和镇2023年年报.html")
    folder = params_folder(params_dir)
    plans = plan_adoption(
        files,
        folder,
        unit=load_units(folder).find(only_unit) if only_unit is not None else None,
        year=parse_year(only_year) if only_year is not None else None,
        force=force or dry_run,
        waived_by=waived_by,
    )
    for plan in plans:
        click.echo(f"{plan.unit.name} {plan.year}（{plan.source.as_posix()}）→ {display_name(plan.path)}")
        for line in plan.lines:
            click.echo(f"  {line}")
        if plan.unread:
            click.echo(
                f"  [待填] 没有读出 {len(plan.unread)} 处：{enumeration(plan.unread[:8])}{'等' if len(plan.unread) > 8 else ''}"
            )
    if dry_run:
        click.echo("只看不写，没有写入任何文件。")
        return
    write(plans, folder)
    years = enumeration(dict.fromkeys(str(plan.year) for plan in plans))
    click.echo(f"已写入 {len(plans)} 份参数。核对原文后：nianbao check {years}{shown_option(params_dir)}")


COMMANDS = (adopt,)
