"""What the package knows: its rules, the schema of params files, its fonts."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click

from nianbao.cli.app import EXIT_FINDINGS, command
from nianbao.cli.arguments import (
    FONTS,
    PARAMS,
    params_folder,
    use_fonts,
    year_and_units,
)
from nianbao.cli.complete import units_and_years
from nianbao.params import parse_year
from nianbao.statute import EDITIONS, edition_for


@command()
@click.option("--markdown", is_flag=True, help="输出手册中的一章。")
def rules(markdown: bool) -> None:
    """列出全部规则。"""
    from nianbao.statute import handbook

    click.echo(handbook.markdown() if markdown else handbook.listing(), nl=False)


@command()
@click.argument("year", required=False)
def schema(year: str | None) -> None:
    """输出参数文件的 JSON Schema，供编辑器补全和检查。"""
    from nianbao.params.schema import json_schema

    edition = edition_for(parse_year(year)) if year else EDITIONS[-1]
    click.echo(json.dumps(json_schema(edition), ensure_ascii=False, indent=2))


@command()
@click.argument("words", nargs=-1, shell_complete=units_and_years, metavar="[UNIT YEAR]")
@FONTS
@PARAMS
def fonts(words: tuple[str, ...], fonts_dir: Path | None, params_dir: Path | None) -> None:
    """列出各处所用的字体、哪些是代用，以及某份报告有哪些字印不出。"""
    from nianbao.document.pdf.fonts import ROLES, missing_characters, requested_folder, select_fonts, system_allowed

    use_fonts(fonts_dir)
    folder = params_folder(params_dir) if words else None
    year, names = year_and_units(words, folder) if folder is not None else (0, [])
    chosen = select_fonts(requested_folder(), system_allowed())
    for role in ROLES:
        face = chosen.face(role.name)
        click.echo(
            f"{role.label}：{face.family}（{face.file}）{'' if face.official or not role.official else '，代用'}"
        )
        if role.official and not face.official:
            effect = role.cost if face.is_bundled else "与公文用的同类，字形略有出入"
            click.echo(f"  代用的效果：{effect}。{role.advice}。")
    if folder is None:
        return
    from nianbao.report import load_report
    from nianbao.report.prose import full_text

    printable = True
    for name in names:
        report = load_report(name, year, folder)
        text = "".join((report.title, *full_text(report).values(), *(f.label for f in report.edition.fields.values())))
        missing = missing_characters(text, chosen)
        shown = "，".join(f"{character}（U+{ord(character):04X}）" for character in missing)
        click.echo(
            f"{report.unit.name} {year}：{f'{len(missing)} 个字没有字体能印：{shown}' if missing else '每个字都能印'}"
        )
        printable = printable and not missing
    if not printable:
        sys.exit(EXIT_FINDINGS)


COMMANDS = (rules, schema, fonts)
