"""Completion: the shells of Linux and Windows get their script, and units and years are offered."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import click
import pytest

from nianbao.cli import cli
from nianbao.params import load_units
from tests.conftest import PARAMS, TOP


def nianbao(folder: Path, **variables: str) -> str:
    environment = {**os.environ, "PYTHONUTF8": "1", "_NIANBAO_COMPLETE": variables.pop("asked"), **variables}
    done = subprocess.run(
        [sys.executable, "-m", "nianbao.cli"],
        cwd=folder,
        env=environment,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert not done.stderr, done.stderr
    return done.stdout


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish", "powershell"])
def test_every_shell_gets_its_script(shell: str) -> None:
    script = nianbao(TOP, asked=f"{shell}_source")
    assert "nianbao" in script and f"{shell}_complete" in script


@pytest.mark.parametrize("shell", ["bash", "powershell"])
def test_units_and_years_are_offered(shell: str) -> None:
    def offered(line: str, word: str) -> list[str]:
        if shell == "bash":
            words, at = f"nianbao {line} {word}", str(1 + len(line.split()))
            out = nianbao(TOP, asked="bash_complete", COMP_WORDS=words, COMP_CWORD=at)
            return [one.partition(",")[2] for one in out.splitlines()]
        return nianbao(
            TOP, asked="powershell_complete", COMP_LINE=f"nianbao {line} {word}", COMP_WORD=word
        ).splitlines()

    assert {unit.name for unit in load_units(PARAMS).units} <= set(offered("check", ""))
    assert offered("new", "永和") == ["永和镇"] and offered("batch", "yong") == ["yonghe"]
    assert offered("build 永和镇", "202") == ["2023"]


def test_every_command_that_takes_units_offers_them() -> None:
    for name, command in cli.commands.items():
        for parameter in command.params:
            if parameter.name == "words":
                context = click.Context(command, info_name=name)
                context.params["params_dir"] = PARAMS
                assert [item.value for item in parameter.shell_complete(context, "永和")] == ["永和镇"], name


def test_outside_a_project_nothing_is_offered_and_nothing_said(tmp_path: Path) -> None:
    assert nianbao(tmp_path, asked="powershell_complete", COMP_LINE="nianbao check 永", COMP_WORD="永").strip() == ""
