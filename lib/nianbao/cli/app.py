"""The group of commands; whatever goes wrong is one Chinese line on stderr and an exit code."""

from __future__ import annotations

import re
import sys
from functools import partial
from typing import Any

import click

from nianbao.cli.failure import complain, failure_text, give_up_output
from nianbao.errors import NianbaoError, UsageError
from nianbao.wording import nearest, quoted, suggestion

EXIT_FINDINGS = 1
EXIT_USAGE = 2
EXIT_INTERRUPTED = 130


class ChineseHelp(click.HelpFormatter):
    """Writes headings with a Chinese colon."""

    def write_heading(self, heading: str) -> None:
        self.write(f"{'':>{self.current_indent}}{heading}：\n")


class ChineseContext(click.Context):
    """The context in which a command writes its help."""

    formatter_class = ChineseHelp


class Chinese(click.Command):
    """A command whose help is in Chinese throughout."""

    context_class = ChineseContext

    def collect_usage_pieces(self, ctx: click.Context) -> list[str]:
        self.options_metavar = "[选项]"
        return super().collect_usage_pieces(ctx)

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        formatter.write_usage(ctx.command_path, " ".join(self.collect_usage_pieces(ctx)), prefix="用法：")

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        options = [param for param in self.get_params(ctx) if isinstance(param, click.Option)]
        records = [record for option in options if (record := option.get_help_record(ctx)) is not None]
        with formatter.section("选项"):
            formatter.write_dl([(names, text.replace("  [required]", "必填。")) for names, text in records])

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        option = super().get_help_option(ctx)
        if option is not None:
            option.help = "显示本说明。"
        return option


command = partial(click.command, cls=Chinese)
"""Makes a command; as ``click.command``."""


class Commands(Chinese, click.Group):
    """Names the nearest command when one is unknown."""

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        super().format_options(ctx, formatter)
        commands = [(name, self.commands[name].get_short_help_str(limit=200)) for name in self.list_commands(ctx)]
        with formatter.section("命令"):
            formatter.write_dl(commands)

    def resolve_command(self, ctx: click.Context, args: list[str]) -> Any:
        name = args[0] if args else ""
        if name and not name.startswith("-") and self.get_command(ctx, name) is None:
            raise UsageError(f"命令{quoted(name)}", "没有这个命令", suggestion(name, self.list_commands(ctx)))
        return super().resolve_command(ctx, args)


@click.group(
    cls=Commands,
    invoke_without_command=True,
    subcommand_metavar="[命令]",
    context_settings={"help_option_names": ["-h", "--help"]},
)
@click.version_option(package_name="nianbao", message="nianbao %(version)s", help="显示版本。")
@click.pass_context
def cli(context: click.Context) -> None:
    """年报：政府信息公开工作年度报告的核对、生成与汇总。

    单位写名称或代号（永和镇 或 yonghe），年份写四位数字，先后不限。
    """
    if context.invoked_subcommand is None:
        click.echo(context.get_help())


def main() -> None:
    """Entry point: every error is one Chinese line on stderr, never a traceback."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    try:
        cli.main(prog_name="nianbao", standalone_mode=False)
        sys.stdout.flush()
    except NianbaoError as error:
        complain(str(error))
        sys.exit(error.exit_code)
    except click.ClickException as error:
        complain(_usage_message(error))
        sys.exit(EXIT_USAGE)
    except (click.Abort, KeyboardInterrupt):
        complain("已中断。")
        sys.exit(EXIT_INTERRUPTED)
    except BrokenPipeError:  # whoever read the output has enough of it
        sys.exit(EXIT_FINDINGS)
    except Exception as error:
        complain(failure_text(error))
        sys.exit(EXIT_USAGE)
    finally:
        give_up_output()


_EXTRA = re.compile(r"unexpected extra arguments? \((.*)\)")


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
        case click.BadOptionUsage():
            return f"{command}：{error.option_name} 后面缺少值。{help_}。"
        case click.MissingParameter() if isinstance(error.param, click.Option):
            return f"{command}：缺少 {error.param.opts[0]} {error.param.metavar}。{help_}。"
        case click.BadParameter():
            name = error.param.opts[0] if error.param is not None else "参数"
            return f"{command}：{name} 的值不对（{error.message}）。{help_}。"
        case _ if extra := _EXTRA.search(error.format_message()):
            return f"{command}：多出{quoted(extra[1])}，这个命令不要它。{help_}。"
        case _:
            return f"{command}：用法不对（{error.format_message()}）。{help_}。"
