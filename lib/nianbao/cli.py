"""The command line: parse, call, print, exit code. Nothing is decided here."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import click

from nianbao.errors import NianbaoError, UsageError
from nianbao.wording import enumeration, nearest, quoted, suggestion

EXIT_FINDINGS = 1
EXIT_USAGE = 2
EXIT_INTERRUPTED = 130

PARAMS = click.option("--params", "params_dir", metavar="DIR", type=Path, help="参数文件夹（默认 params/）。")
OUT = click.option(
    "--out", "out_dir", metavar="DIR", type=Path, default=Path("output"), help="输出文件夹（默认 output/）。"
)


class Workers(click.ParamType[int]):
    """A number of processes, one or more."""

    name = "workers"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        if not str(value).isascii() or not str(value).isdigit() or int(value) < 1:
            raise UsageError("--workers", f"应为正整数，实为{quoted(value)}", "例如 --workers 2")
        return int(value)


class Commands(click.Group):
    """Names the nearest command when one is unknown."""

    def resolve_command(self, ctx: click.Context, args: list[str]) -> Any:
        name = args[0] if args else ""
        if name and not name.startswith("-") and self.get_command(ctx, name) is None:
            raise UsageError(f"命令{quoted(name)}", "没有这个命令", suggestion(name, self.list_commands(ctx)))
        return super().resolve_command(ctx, args)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="nianbao", message="nianbao %(version)s", help="显示版本。")
def cli() -> None:
    """年报：政府信息公开工作年度报告的核对、生成与汇总。

    单位写名称或代号（永和镇 或 yonghe），年份写四位数字，先后不限。
    """


@cli.command("list")
@click.argument("year", required=False)
@PARAMS
def list_(year: str | None, params_dir: Path | None) -> None:
    """列出单位，以及各有哪些年份的数据。"""
    from nianbao.params import load_units, parse_year, years_of

    folder = _params(params_dir)
    units = load_units(folder)
    years = years_of(folder)
    wanted = parse_year(year) if year is not None else None
    for unit in units.units:
        have = [str(known) for known, ids in years.items() if unit.id in ids and wanted in (None, known)]
        click.echo(f"{unit.id:<10} {unit.name}  {enumeration(have) if have else '无数据'}")


@cli.command()
@click.argument("words", nargs=-1, metavar="YEAR [UNIT…]")
@click.option("--json", "as_json", is_flag=True, help="以 JSON 输出。")
@PARAMS
def check(words: tuple[str, ...], as_json: bool, params_dir: Path | None) -> None:
    """核对报告，逐条列出问题。没有指定单位时核对该年全部单位。"""
    from nianbao import figures, pictures
    from nianbao.checks import checked
    from nianbao.report import load_report

    folder = _params(params_dir)
    year, names = _year_and_units(words, folder)
    results = []
    for name in names:
        report = load_report(name, year, folder)
        pictures.preflight(report)
        figures.preflight(report)
        results.append((report, checked(report)))
    if as_json:
        click.echo(json.dumps([result.as_json() for _, result in results], ensure_ascii=False, indent=2))
    else:
        for report, result in results:
            _print_result(report, result)
    if not all(result.ready for _, result in results):
        sys.exit(EXIT_FINDINGS)


@cli.command()
@click.argument("words", nargs=-1, metavar="UNIT YEAR")
@click.option("--cold", is_flag=True, help="用全新的内核运行。")
@click.option("--fonts", metavar="DIR", type=Path, help="另有字体的文件夹。")
@PARAMS
@OUT
def build(words: tuple[str, ...], cold: bool, fonts: Path | None, params_dir: Path | None, out_dir: Path) -> None:
    """生成一份报告：网页、PDF、核对结果和清单。"""
    folder = _params(params_dir)
    year, names = _year_and_units(words, folder)
    if len(names) != 1 or len(words) != 2:
        raise UsageError(
            "build", f"应为一个单位和一个年份，实为{quoted(' '.join(words))}", "例如 nianbao build 永和镇 2023"
        )
    _use_fonts(fonts)

    from nianbao.engine import prestart

    if not cold:
        # The kernel starts, with what one report needs, while this process loads the rest.
        prestart(("pandas", "great_tables", "nianbao.sections"))
    from nianbao.publish import publish

    done = publish(names[0], year, folder, out_dir, cold=cold)
    _print_result(done.report, done.result)
    click.echo(f"已生成 {done.folder.as_posix()}/：{enumeration(done.files)}")
    if not done.result.ready:
        sys.exit(EXIT_FINDINGS)


@cli.command()
@click.argument("files", nargs=-1, type=Path, metavar="FILE…")
@click.option("--json", "as_json", is_flag=True, help="以 JSON 输出。")
@PARAMS
def read(files: tuple[Path, ...], as_json: bool, params_dir: Path | None) -> None:
    """读取任何单位已公开的报告（HTML、DOCX、文本），列出数据和问题。不访问网络。

    同一单位上一年的报告一并给出时，跨年的数也核对。
    """
    from nianbao.intake import published

    if not files:
        raise UsageError("read", "没有指明文件", "例如 nianbao read 报告.html")
    readings = published.read_several(files, _units_if_any(params_dir))
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


@cli.command()
@click.option("--markdown", is_flag=True, help="输出手册中的一章。")
def rules(markdown: bool) -> None:
    """列出全部规则。"""
    from nianbao import handbook

    click.echo(handbook.markdown() if markdown else handbook.listing(), nl=False)


@cli.command()
@click.argument("year", required=False)
def schema(year: str | None) -> None:
    """输出参数文件的 JSON Schema，供编辑器补全和检查。"""
    from nianbao.params import parse_year
    from nianbao.params.schema import json_schema
    from nianbao.statute import EDITIONS, edition_for

    edition = edition_for(parse_year(year)) if year else EDITIONS[-1]
    click.echo(json.dumps(json_schema(edition), ensure_ascii=False, indent=2))


@cli.command()
@click.argument("words", nargs=-1, metavar="[UNIT YEAR]")
@click.option("--fonts", "folder", metavar="DIR", type=Path, help="另有字体的文件夹。")
@PARAMS
def fonts(words: tuple[str, ...], folder: Path | None, params_dir: Path | None) -> None:
    """列出各处所用的字体、哪些是代用，以及某份报告有哪些字印不出。"""
    from nianbao.typeset.fonts import ROLES, missing_characters, requested_folder, select_fonts, system_allowed

    _use_fonts(folder)
    chosen = select_fonts(requested_folder(), system_allowed())
    for role in ROLES:
        face = chosen.face(role.name)
        click.echo(
            f"{role.label}：{face.family}（{face.file}）{'' if face.official or not role.official else '，代用'}"
        )
    if not words:
        return
    from nianbao.prose import full_text
    from nianbao.report import load_report

    directory = _params(params_dir)
    year, names = _year_and_units(words, directory)
    for name in names:
        report = load_report(name, year, directory)
        text = "".join((report.title, *full_text(report).values(), *(f.label for f in report.edition.fields.values())))
        missing = missing_characters(text, chosen)
        shown = "，".join(f"{character}（U+{ord(character):04X}）" for character in missing)
        click.echo(
            f"{report.unit.name} {year}：{f'{len(missing)} 个字没有字体能印：{shown}' if missing else '每个字都能印'}"
        )
        if missing:
            sys.exit(EXIT_FINDINGS)


@cli.command()
@click.option("--year", metavar="YEAR", required=True, help="报告年份；上一年的数据一并写出。")
@click.option("--to", "target", metavar="DIR", type=Path, required=True, help="写入的文件夹，其中不得已有参数。")
@click.option("--faults", is_flag=True, help="有几个单位带有错误，一个没有报送。")
@PARAMS
def demo(year: str, target: Path, faults: bool, params_dir: Path | None) -> None:
    """写出各单位的示例参数，数据均为虚构，报告每页都有“示例”字样。"""
    from nianbao.demo import write_demo
    from nianbao.params import parse_year

    done = write_demo(parse_year(year), target, _params(params_dir), faults=faults)
    click.echo(f"已写出 {len(done.units)} 个单位 {done.year} 年的示例：{target.as_posix()}/")
    for line in done.faults:
        click.echo(f"  {line}")
    click.echo(f"核对：nianbao check {done.year} --params {target.as_posix()}")


@cli.command()
@click.argument("words", nargs=-1, metavar="YEAR [UNIT…]")
@click.option("--workers", metavar="N", type=Workers(), help="同时工作的进程数（默认等于处理器数）。")
@click.option("--scheduler", metavar="ADDRESS", help="交给 Dask 集群运行，例如 tcp://10.0.0.1:8786。")
@click.option("--force", is_flag=True, help="没有变化的也重新生成。")
@click.option("--cold", is_flag=True, help="每份报告用全新的内核运行。")
@click.option("--fonts", metavar="DIR", type=Path, help="另有字体的文件夹。")
@PARAMS
@OUT
def batch(
    words: tuple[str, ...],
    workers: int | None,
    scheduler: str | None,
    force: bool,
    cold: bool,
    fonts: Path | None,
    params_dir: Path | None,
    out_dir: Path,
) -> None:
    """生成一年的全部报告和总览页；没有变化的不重新生成。"""
    if workers and scheduler is not None:
        raise UsageError("--workers", "不能与 --scheduler 同时使用", "集群的进程数由 dask worker 决定")
    folder = _params(params_dir)
    year, names = _year_and_units(words, folder)
    _use_fonts(fonts)

    from nianbao.batch import State, run_batch
    from nianbao.batch.progress import shown

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
            tell=tell,
        )
    for state in (State.DRAFT, State.FAILED, State.PENDING):
        for status in done.of(state):
            rules = enumeration(dict.fromkeys(finding["rule"] for finding in status.blocking))
            why = status.message or f"{len(status.blocking)} 个问题必须解决（{rules}）"
            click.echo(f"{status.unit.name}：{state.label}。{why}")
    if missing := done.of(State.MISSING):
        click.echo(f"{State.MISSING.label}：{enumeration(status.unit.name for status in missing)}。")
    counts = "，".join(f"{state.label} {len(done.of(state))}" for state in State)
    unchanged = len([s for s in done.statuses if s.unit.id in done.asked and s.state in (State.READY, State.DRAFT)])
    unchanged -= len([unit for unit in done.built if unit in done.asked])
    click.echo(f"{year} 年，{len(done.statuses)} 个单位：{counts}。")
    click.echo(
        f"本次生成 {len(done.built)} 份，没有变化 {max(0, unchanged)} 份。总览：{(done.folder / 'index.html').as_posix()}"
    )
    links = enumeration((done.folder / name).as_posix() for name in done.summary.files)
    click.echo(f"全市汇总：{done.summary.state.label}。{done.summary.message}{links}")
    if done.interrupted:
        click.echo("已中断；再次运行会接着做完。", err=True)
        sys.exit(EXIT_INTERRUPTED)
    if not done.ok:
        sys.exit(EXIT_FINDINGS)


@cli.command()
@click.argument("words", nargs=-1, metavar="YEAR [UNIT…]")
@click.option("--to", "target", metavar="DIR", type=Path, required=True, help="写入的文件夹。")
@click.option("--force", is_flag=True, help="已有的表也重新生成，其中已填而未收回的内容会丢失。")
@PARAMS
def forms(words: tuple[str, ...], target: Path, force: bool, params_dir: Path | None) -> None:
    """生成填报表（XLSX），一个单位一份，已知的内容先填好。没有指定单位时为全部单位。"""
    from nianbao.intake.forms import Fate, hand_out
    from nianbao.params import load_units

    folder = _params(params_dir)
    year, names = _year_and_units(words, folder, every=True)
    units = load_units(folder)
    done = []
    for form in hand_out([units.find(name) for name in names], year, folder, target, force=force):
        done.append(form)
        if not form.errors:
            click.echo(f"{form.unit.name}：{form.fate.value} {form.path.as_posix()}")
        for error in form.errors:
            click.echo(f"{form.unit.name}：{form.fate.value}。{error}", err=True)
    counts = "，".join(f"{fate.value} {sum(form.fate is fate for form in done)} 份" for fate in Fate)
    click.echo(f"{year} 年的填报表：{counts}。填好后收回：nianbao ingest {_typed(target)}{_shown(params_dir)}")
    if any(form.errors for form in done):
        sys.exit(EXIT_USAGE)


@cli.command()
@click.argument("files", nargs=-1, type=Path, metavar="FILE…")
@click.option("--dry-run", is_flag=True, help="只看不写：列出变化，不写入。")
@click.option("--unit", "only_unit", metavar="UNIT", help="只收这个单位的表。")
@click.option("--year", "only_year", metavar="YEAR", help="只收这一年的表。")
@PARAMS
def ingest(
    files: tuple[Path, ...], dry_run: bool, only_unit: str | None, only_year: str | None, params_dir: Path | None
) -> None:
    """收回填好的表，写入参数文件和登记簿。写文件夹则收其中全部 .xlsx；有一份不合格，全部不写。"""
    from nianbao.intake.forms import apply, form_files, plan_all
    from nianbao.params import load_units, parse_year
    from nianbao.params.yamlio import display_name

    if not files:
        raise UsageError("ingest", "没有指明文件", "例如 nianbao ingest 永和镇2023年报填报表.xlsx")
    folder = _params(params_dir)
    unit = load_units(folder).find(only_unit) if only_unit is not None else None
    plans = plan_all(form_files(files), folder, unit, parse_year(only_year) if only_year is not None else None)
    for plan in plans:
        click.echo(f"{plan.unit.name} {plan.year}（{plan.source}）：{plan.summary}。")
        for line in plan.differences:
            click.echo(f"  {line}")
        for note in plan.notes:
            click.echo(f"  [说明] {note}")
    if dry_run:
        click.echo("只看不写，没有写入任何文件。")
        return
    written = apply(*plans)
    click.echo(f"已写入 {enumeration(map(display_name, written))}" if written else "没有需要写入的内容。")
    for plan in plans:
        if not plan.is_blank:
            _print_verdict(plan.unit, plan.year, folder)
            click.echo(f"下一步：nianbao check {plan.year} {plan.unit.name}{_shown(params_dir)}")


@cli.command("verify")
@click.argument("folders", nargs=-1, type=Path, metavar="DIR…")
@click.option("--workers", metavar="N", type=Workers(), help="核验一年时同时工作的进程数（默认等于处理器数）。")
@click.option("--fonts", metavar="DIR", type=Path, help="另有字体的文件夹。")
@PARAMS
def verify_(folders: tuple[Path, ...], workers: int | None, fonts: Path | None, params_dir: Path | None) -> None:
    """重新生成并逐项比较：DIR 为 output/<年份> 或 output/<年份>/<单位代号>；不写入其中。"""
    if not folders:
        raise UsageError("verify", "没有指明文件夹", "例如 nianbao verify output/2023/yonghe")
    folder = _params(params_dir)
    _use_fonts(fonts)

    from nianbao.verify import verify

    done = [(place, verify(place, folder, workers=workers)) for place in folders]
    for place, result in done:
        verdict = "与重新生成的一致" if result.same else f"有 {len(result.differences)} 处不同"
        click.echo(f"{place.as_posix()}：{result.name}，比较 {result.files} 个文件，{verdict}。")
        for difference in result.differences:
            click.echo(f"  {difference}")
    if not all(result.same for _, result in done):
        sys.exit(EXIT_FINDINGS)


def _params(params_dir: Path | None) -> Path:
    from nianbao.params import find_params_dir

    folder = params_dir if params_dir is not None else find_params_dir()
    if not folder.is_dir():
        raise UsageError(f"--params {folder.as_posix()}", "没有这个文件夹", "检查路径")
    return folder


def _units_if_any(params_dir: Path | None) -> Any:
    """The known units; None where there is no params folder and none was named."""
    from nianbao.errors import MissingParamsError
    from nianbao.params import load_units

    try:
        return load_units(_params(params_dir))
    except MissingParamsError:
        if params_dir is not None:
            raise
        return None


def _use_fonts(fonts: Path | None) -> None:
    import os

    if fonts is not None:
        if not fonts.is_dir():
            raise UsageError(f"--fonts {fonts.as_posix()}", "没有这个文件夹", "检查路径")
        os.environ["NIANBAO_FONTS"] = str(fonts.resolve())


def _shown(params_dir: Path | None) -> str:
    """The option as the next command needs it."""
    return f" --params {_typed(params_dir)}" if params_dir is not None else ""


def _typed(path: Path) -> str:
    """A path as it must be typed."""
    text = path.as_posix()
    return f'"{text}"' if " " in text else text


def _year_and_units(words: tuple[str, ...], params_dir: Path, *, every: bool = False) -> tuple[int, list[str]]:
    """The one year and the units among the words, in either order.

    When none is named: all units that have data for the year, or all there are (``every``).
    """
    from nianbao.params import load_units, parse_year, years_of

    numbers = [word for word in words if word.strip()[:1].isdigit() or word.strip()[:1] in ("-", "+")]
    names = [word for word in words if word not in numbers]
    if len(numbers) != 1:
        found = f"{len(numbers)} 个年份" if numbers else "没有年份"
        raise UsageError("参数", f"应有一个年份，实为{found}", "例如 2023")
    year = parse_year(numbers[0])
    units = load_units(params_dir)
    if names:
        return year, list(dict.fromkeys(units.find(name).id for name in names))
    if every:
        return year, [unit.id for unit in units.units]
    known = years_of(params_dir)
    if year not in known:
        have = f"有数据的年份：{enumeration(map(str, known))}" if known else "先在 params/ 中录入数据"
        raise UsageError(f"年份 {year}", "没有任何单位的数据", have)
    order = [unit.id for unit in units.units]
    return year, [unit for unit in order if unit in known[year]]


def _print_verdict(unit: Any, year: int, params_dir: Path) -> None:
    """How many findings a report has now, without naming them; why, where it cannot be checked."""
    from nianbao.checks import checked
    from nianbao.pictures import preflight
    from nianbao.report import load_report

    try:
        report = load_report(unit.id, year, params_dir)
        preflight(report)
        click.echo(_verdict(unit.name, checked(report)))
    except NianbaoError as error:
        click.echo(f"{unit.name} {year}：无法核对。{error}")


def _print_result(report: Any, result: Any) -> None:
    click.echo(_verdict(report.unit.name, result))
    for finding in result.findings:
        if finding.waived is None:
            click.echo(f"  [{finding.severity.label}] {finding.message}")
        else:
            click.echo(f"  [已豁免] {finding.message}豁免理由：{finding.waived}")
    for note in report.registers.notes if report.registers else ():
        click.echo(f"  [登记簿] {note}")


def _verdict(name: str, result: Any) -> str:
    counts = result.counts
    verdict = "可以发布" if result.ready else f"草稿，{len(result.blocking)} 个问题必须解决"
    return (
        f"{name} {result.year}：{verdict}。成立 {counts['held']}，错误 {counts['error']}，警告 {counts['warning']}，"
        f"提示 {counts['info']}，已豁免 {counts['waived']}。"
    )


def main() -> None:
    """Entry point: every foreseen error is one Chinese line on stderr, never a traceback."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    try:
        cli.main(standalone_mode=False)
    except NianbaoError as error:
        click.echo(str(error), err=True)
        sys.exit(error.exit_code)
    except click.ClickException as error:
        click.echo(_usage_message(error), err=True)
        sys.exit(EXIT_USAGE)
    except (click.Abort, KeyboardInterrupt):
        click.echo("已中断。", err=True)
        sys.exit(EXIT_INTERRUPTED)


def _usage_message(error: click.ClickException) -> str:
    """click's complaint in our own words."""
    context = getattr(error, "ctx", None)
    command = context.command_path if context else "nianbao"
    help_ = f"用 {command} --help 查看用法"
    match error:
        case click.NoSuchOption():
            known = [name for parameter in context.command.params for name in parameter.opts] if context else []
            close = nearest(error.option_name, known)
            return f"{command}：没有选项 {error.option_name}。" + (f"是否为 {close}？" if close else f"{help_}。")
        case click.MissingParameter():
            return f"{command}：缺少参数。{help_}。"
        case click.BadParameter():
            name = error.param.opts[0] if error.param is not None else "参数"
            return f"{command}：{name} 的值不对（{error.message}）。{help_}。"
        case _:
            return f"{command}：用法不对（{error.format_message()}）。{help_}。"


if __name__ == "__main__":
    main()
