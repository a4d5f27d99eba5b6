"""A project under JupyterLab, and a browser to work in it."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

TOKEN = "a-token-of-this-test"
START_SECONDS = 120

Start = Callable[..., "Lab"]


class Lab:
    """A running ``nianbao lab``: where it answers, and where its project lies."""

    def __init__(self, folder: Path, address: str) -> None:
        self.folder = folder
        self.address = address

    def url(self, path: str) -> str:
        return f"{self.address}/lab/tree/{path}?token={TOKEN}"


def nianbao_in(folder: Path, *words: str, python: str = sys.executable) -> subprocess.CompletedProcess[str]:
    """``nianbao …`` as a user types it in a folder."""
    environment = {name: value for name, value in os.environ.items() if name != "NIANBAO_PARAMS"}
    return subprocess.run(
        [python, "-m", "nianbao.cli", *words],
        cwd=folder,
        capture_output=True,
        encoding="utf-8",
        env={**environment, "PYTHONUTF8": "1"},
        check=False,
    )


@contextmanager
def running(folder: Path, *words: str, python: str = sys.executable) -> Iterator[Lab]:
    """``nianbao lab …`` until the end of the block; its own process group, so that no kernel is left."""
    log = folder / "lab.log"
    command = [python, "-m", "nianbao.cli", "lab", *words, "--no-browser", "--ServerApp.ip=127.0.0.1", "--port=0"]
    with log.open("w", encoding="utf-8") as stream:
        process = subprocess.Popen(
            [*command, f"--IdentityProvider.token={TOKEN}"],
            stdout=stream,
            stderr=subprocess.STDOUT,
            cwd=folder,
            start_new_session=True,
        )
    try:
        yield Lab(folder, _address(process, log))
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(timeout=60)


def _address(process: subprocess.Popen[bytes], log: Path) -> str:
    for _ in range(START_SECONDS * 5):
        if found := re.search(r"(http://127\.0\.0\.1:[1-9][0-9]*)/lab", log.read_text(encoding="utf-8")):
            return found[1]
        assert process.poll() is None, log.read_text(encoding="utf-8")
        time.sleep(0.2)
    pytest.fail(log.read_text(encoding="utf-8"))
