"""Sign-off of a report."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import click

from nianbao.cli.app import command
from nianbao.cli.arguments import PARAMS, params_folder, shown_option, year_and_units
from nianbao.cli.complete import units_and_years
from nianbao.errors import UsageError
from nianbao.params import load_units
from nianbao.wording import enumeration, quoted, suggestion

_EXAMPLE = "例如 nianbao sign 永和镇 2025 --as 审核 --name 姓名"


@command()
@click.argument("words", nargs=-1, shell_complete=units_and_years, metavar="UNIT YEAR")
@click.option("--as", "role", metavar="经办|审核|签发", required=True, help="以什么身份签字。")
@click.option("--name", metavar="NAME", required=True, help="签字人姓名。")
@PARAMS
def sign(words: tuple[str, ...], role: str, name: str, params_dir: Path | None) -> None:
    """为一份报告签字：只对现在的数据和文字有效，一有改动即失效。草稿不能签发。"""
    from nianbao.city.own import any_report
    from nianbao.publish.outputs import write_files
    from nianbao.report.signing import ROLES, Signature, sign_path, signatures_of, signed_off, with_signature
    from nianbao.rules import checked

    folder = params_folder(params_dir)
    if len(words) != 2:
        raise UsageError("sign", f"应为一个单位和一个年份，实为{quoted(' '.join(words))}", _EXAMPLE)
    if role not in ROLES:
        raise UsageError(f"--as {role}", f"应为{enumeration(ROLES)}之一", suggestion(role, ROLES))
    if not name.strip() or name != name.strip() or len(name) > 50:
        raise UsageError(f"--name {quoted(name)}", "应为签字人的姓名", _EXAMPLE)
    first, second = words
    named = second if first.isdigit() else first
    unit = load_units(folder).find(named)
    year, _ = year_and_units(words, folder)
    report = any_report(unit.id, year, folder)
    where = f"{unit.name} {year}"
    if not checked(report).ready:
        raise UsageError(where, "是草稿，不能签字", f"先解决 nianbao check {year} {unit.name} 列出的问题")
    today = dt.date.today()  # noqa: DTZ011  (a calendar day)
    new = Signature(role=role, name=name, date=today, fingerprint=report.fingerprint)  # type: ignore[arg-type]
    path = sign_path(folder, unit, year)
    text = with_signature(signatures_of(folder, unit, year), new)
    write_files(path.parent, {path.name: text.encode("utf-8")})
    now = signed_off(report, folder)
    click.echo(f"{where}：{now.text}。")
    if now.missing:
        click.echo(f"还缺：{enumeration(now.missing)}。")
    click.echo(f"重新生成后写入校验文件：nianbao build {unit.name} {year}{shown_option(params_dir)}")


COMMANDS = (sign,)
