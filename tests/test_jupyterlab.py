"""JupyterLab's own server lists the exporters and exports a notebook through them."""

from __future__ import annotations

import copy
import io
import json
import os
import re
import shutil
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import nbformat
import pytest
from nbformat import NotebookNode, v4
from pypdf import PdfReader

from nianbao.publish.build import Publication, publish
from tests.conftest import GOLDEN, PARAMS

TOKEN = "a-token-of-this-test"
START_SECONDS = 60


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, built: Publication) -> Iterator[str]:
    """A JupyterLab server on loopback, rooted at a project with an executed report in its folder."""
    folder = tmp_path_factory.mktemp("lab")
    shutil.copytree(PARAMS, folder / "params")
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


def edited(built: Publication) -> NotebookNode:
    return copy.deepcopy(nbformat.read(built.folder / "report.ipynb", 4))


def cell(nb: NotebookNode, name: str) -> NotebookNode:
    return next(one for one in nb.cells if one.get("id") == name)


def never_run(nb: NotebookNode, _other: NotebookNode) -> None:
    for one in nb.cells:
        if one.cell_type == "code":
            one.outputs = []


def half_run_again(nb: NotebookNode, other: NotebookNode) -> None:
    for name in ("disclosure", "applications", "disputes"):
        cell(nb, name).outputs = cell(other, name).outputs


def a_failed_cell(nb: NotebookNode, _other: NotebookNode) -> None:
    trace = ["Traceback (most recent call last)", "/home/somebody/secret.py in <module>", "ValueError: 3"]
    cell(nb, "problems").outputs = [v4.new_output("error", ename="ValueError", evalue="3", traceback=trace)]


def a_cell_deleted(nb: NotebookNode, _other: NotebookNode) -> None:
    nb.cells.remove(cell(nb, "disputes"))


def a_cell_hidden(nb: NotebookNode, _other: NotebookNode) -> None:
    cell(nb, "applications").metadata["tags"] = ["internal"]


def another_township(nb: NotebookNode, _other: NotebookNode) -> None:
    for one in nb.cells:
        if "parameters" in "".join(one.metadata.get("tags", ())):
            one.source = 'township = "安海镇"\nyear = 2023'


TRICKS = (never_run, half_run_again, a_failed_cell, a_cell_deleted, a_cell_hidden, another_township)


@pytest.fixture(scope="module")
def other(tmp_path_factory: pytest.TempPathFactory) -> NotebookNode:
    """The same report run on other params: without its waivers."""
    done = publish("yonghe", 2023, GOLDEN / "unwaived", tmp_path_factory.mktemp("other"))
    return nbformat.read(done.folder / "report.ipynb", 4)


@pytest.mark.parametrize("trick", TRICKS, ids=lambda trick: trick.__name__)
def test_an_export_of_a_tricked_report_is_a_draft_that_says_why(
    trick: Callable[[NotebookNode, NotebookNode], None], server: str, built: Publication, other: NotebookNode
) -> None:
    nb = edited(built)
    trick(nb, other)
    body = json.dumps({"type": "notebook", "content": nb}).encode("utf-8")
    path = f"/api/contents/{trick.__name__}.ipynb"
    headers = {"Authorization": f"token {TOKEN}", "Content-Type": "application/json"}
    urllib.request.urlopen(urllib.request.Request(f"{server}{path}", body, headers, method="PUT"), timeout=60).close()
    for name in ("nianbao_html", "nianbao_web"):
        page = _get(server, f"/nbconvert/{name}/{trick.__name__}.ipynb").decode("utf-8")
        assert "草稿" in page and re.search(r"G-0\d", page), name
        assert "Traceback" not in page and "/home/" not in page, name
    pdf = io.BytesIO(_get(server, f"/nbconvert/nianbao_pdf/{trick.__name__}.ipynb"))
    for number, sheet in enumerate(PdfReader(pdf).pages):
        text = "".join(sheet.extract_text().split())
        assert "草稿" in text, number
        assert "Traceback" not in text, number


def test_a_report_far_from_its_params_is_a_draft(built: Publication, tmp_path: Path) -> None:
    shutil.copy(built.folder / "report.ipynb", tmp_path / "report.ipynb")
    command = [sys.executable, "-m", "nbconvert", "--to", "nianbao_html", "report.ipynb"]
    environment = {name: value for name, value in os.environ.items() if name != "NIANBAO_PARAMS"}
    subprocess.run(command, check=True, capture_output=True, cwd=tmp_path, env=environment)
    assert "G-09" in (tmp_path / "report.html").read_text(encoding="utf-8")


def test_nbconvert_knows_the_names_with_a_hyphen(built: Publication, tmp_path: Path) -> None:
    shutil.copy(built.folder / "report.ipynb", tmp_path / "report.ipynb")
    command = [sys.executable, "-m", "nbconvert", "--to", "nianbao-pdf", str(tmp_path / "report.ipynb")]
    environment = {**os.environ, "NIANBAO_PARAMS": str(PARAMS)}
    subprocess.run(command, check=True, capture_output=True, env=environment)
    assert (tmp_path / "report.pdf").read_bytes() == (built.folder / "report.pdf").read_bytes()


def test_papermill_runs_the_notebook_as_it_is(tmp_path: Path) -> None:
    from tests.conftest import TOP

    notebook = TOP / "notebooks" / "annual_report.ipynb"
    command = [sys.executable, "-m", "papermill", str(notebook), str(tmp_path / "run.ipynb")]
    command += ["-p", "township", "永和镇", "-p", "year", "2023", "--cwd", str(notebook.parent), "--no-progress-bar"]
    subprocess.run([*command, "--engine", "nianbao-cold"], check=True, capture_output=True)
    assert "晋江市永和镇2023年政府信息公开工作年度报告" in (tmp_path / "run.ipynb").read_text(encoding="utf-8")
