"""Completion in the shell: commands and options by click, units and years from the params; PowerShell besides."""

from __future__ import annotations

import os
from pathlib import Path

import click
from click.shell_completion import CompletionItem, ShellComplete, add_completion_class, split_arg_string

from nianbao.errors import NianbaoError
from nianbao.params import find_params_dir, load_units, years_of
from nianbao.params.units import WHOLE


def units_and_years(context: click.Context, _parameter: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Names and ids of units, and years with data, that begin as what was typed."""
    named = context.params.get("params_dir")
    try:
        folder = Path(named) if named else find_params_dir()
        known = load_units(folder)
        units = (*known.units, known.city)
        years = [str(year) for year in years_of(folder)]
    except (NianbaoError, OSError):  # nothing to offer where there is no project
        return []
    words = [*(unit.name for unit in units), *(unit.id for unit in units), WHOLE, *years]
    return [CompletionItem(word) for word in words if word.startswith(incomplete)]


class PowerShellComplete(ShellComplete):
    """``_NIANBAO_COMPLETE=powershell_source`` prints what a PowerShell profile takes."""

    name = "powershell"
    source_template = """\
[Console]::OutputEncoding = [System.Text.Encoding]::UTF8
Register-ArgumentCompleter -Native -CommandName %(prog_name)s -ScriptBlock {
    param($word, $line, $cursor)
    $env:%(complete_var)s = "powershell_complete"
    $env:COMP_LINE = $line.ToString()
    $env:COMP_WORD = $word
    %(prog_name)s | Where-Object { $_ } | ForEach-Object {
        [System.Management.Automation.CompletionResult]::new($_, $_, "ParameterValue", $_)
    }
    Remove-Item Env:%(complete_var)s, Env:COMP_LINE, Env:COMP_WORD
}
"""

    def get_completion_args(self) -> tuple[list[str], str]:
        arguments = split_arg_string(os.environ.get("COMP_LINE", ""))[1:]
        incomplete = os.environ.get("COMP_WORD", "")
        if incomplete and arguments and arguments[-1] == incomplete:
            arguments.pop()
        return arguments, incomplete

    def format_completion(self, item: CompletionItem) -> str:
        return str(item.value)


add_completion_class(PowerShellComplete)
