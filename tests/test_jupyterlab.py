"""JupyterLab's own server lists the exporters and exports a notebook through them."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from nianbao.publish.build import Publication

TOKEN = "a-token-of-this-test"
START_SECONDS = 60


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, built: Publication) -> Iterator[str]:
    """A JupyterLab server on loopback, with an executed report in its folder."""
    folder = tmp_path_factory.mktemp("lab")
    shutil.copy(built.folder / "report.ipynb", folder / "report.ipynb")
    log = folder / "server.log"
    command = [sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root", "--ServerApp.ip=127.0.0.1"]
    command += ["--ServerApp.port=0", f"--IdentityProvider.token={TOKEN}", f"--ServerApp.root_dir={folder}"]
    with log.open("w", encoding="utf-8") as stream:
        process = subprocess.Popen(command, stdout=stream, stderr=subprocess.STDOUT, cwd=folder)
    try:
        yield _address(process, log)
    finally:
        process.terminate()
        process.wait(timeout=30)


def _address(process: subprocess.Popen[bytes], log: Path) -> str:
    for _ in range(START_SECONDS * 5):
        found = re.search(r"(http://127\.0\.0\.1:[1-9][0-9]*)/lab", log.read_text(encoding="utf-8"))
        if found:
            return found[1]
        assert process.poll() is None, log.read_text(encoding="utf-8")
        time.sleep(0.2)
    pytest.fail(log.read_text(encoding="utf-8"))


def _get(server: str, path: str) -> bytes:
    request = urllib.request.Request(f"{server}{path}", headers={"Authorization": f"token {TOKEN}"})
    with urllib.request.urlopen(request, timeout=60) as answer:
        data: bytes = answer.read()
    return data


def test_the_menu_shows_each_format_once(server: str) -> None:
    formats = json.loads(_get(server, "/api/nbconvert"))
    assert sorted(name for name in formats if "nianbao" in name) == ["nianbao_html", "nianbao_pdf", "nianbao_web"]


def test_a_report_exported_from_the_menu_is_the_published_one(server: str, built: Publication) -> None:
    assert _get(server, "/nbconvert/nianbao_pdf/report.ipynb") == (built.folder / "report.pdf").read_bytes()
    assert _get(server, "/nbconvert/nianbao_html/report.ipynb") == (built.folder / "report.html").read_bytes()


def test_nbconvert_knows_the_names_with_a_hyphen(built: Publication, tmp_path: Path) -> None:
    shutil.copy(built.folder / "report.ipynb", tmp_path / "report.ipynb")
    command = [sys.executable, "-m", "nbconvert", "--to", "nianbao-pdf", str(tmp_path / "report.ipynb")]
    subprocess.run(command, check=True, capture_output=True)
    assert (tmp_path / "report.pdf").read_bytes() == (built.folder / "report.pdf").read_bytes()


def test_papermill_runs_the_notebook_as_it_is(tmp_path: Path) -> None:
    from tests.conftest import TOP

    notebook = TOP / "notebooks" / "annual_report.ipynb"
    command = [sys.executable, "-m", "papermill", str(notebook), str(tmp_path / "run.ipynb")]
    command += ["-p", "township", "永和镇", "-p", "year", "2023", "--cwd", str(notebook.parent), "--no-progress-bar"]
    subprocess.run([*command, "--engine", "nianbao-cold"], check=True, capture_output=True)
    assert "晋江市永和镇2023年政府信息公开工作年度报告" in (tmp_path / "run.ipynb").read_text(encoding="utf-8")
