"""The same bytes whoever builds a report, after whatever other report."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

import nianbao.notebook.engine.kernel as kernels
from nianbao.batch import Standing, pool, run_batch
from nianbao.batch.jobs import Job
from nianbao.batch.keys import Ground
from nianbao.notebook import engine
from tests.batch.conftest import UNITS, YEAR, files_of, states, status

_NOTEBOOK = "report.ipynb"


def test_cold_kernels_make_the_same_bytes(few: Path, finished: tuple[Path, Path], tmp_path: Path) -> None:
    """In every file but the executed notebook, which says on which kernel it ran."""
    run_batch(YEAR, UNITS[:2], few, tmp_path / "out", workers=0, cold=True)
    for unit in UNITS[:2]:
        made, before = files_of(tmp_path / "out" / "2025" / unit), files_of(finished[1] / "2025" / unit)
        assert made.pop(_NOTEBOOK) and before.pop(_NOTEBOOK) and made == before


def test_several_workers_and_their_successors_make_the_same_bytes(
    again: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    params, out = again
    before = files_of(out)
    monkeypatch.setattr(pool, "REPORTS_PER_PROCESS", 1)
    started: list[Path] = []
    start = pool._Lane._start
    monkeypatch.setattr(pool._Lane, "_start", lambda lane: (started.append(lane._folder), start(lane))[1])
    result = run_batch(YEAR, (), params, out, workers=2, force=True)
    assert result.built == dict.fromkeys(UNITS, "--force")
    assert len(started) == len(UNITS) + 1 and len(set(started)) == 2  # the summary is a job, too
    assert files_of(out) == before


MESS = """
import builtins, decimal, locale, logging, os, random, sys, warnings
import numpy as np, pandas as pd, great_tables, matplotlib, matplotlib.pyplot as plt
import nianbao, nianbao.document.markup as m, nianbao.wording as w, nianbao.tables.statutory as s, nianbao.statute.form as f
pd.set_option("display.max_rows", 1); pd.set_option("future.infer_string", False)
pd.DataFrame.fillna = lambda self, *a, **k: self
plt.rcParams["font.size"] = 99; plt.figure(); matplotlib.use("svg")
os.environ["NIANBAO_X"] = "1"; os.environ["TZ"] = "Asia/Tokyo"; os.environ["NIANBAO_PARAMS"] = "/"; os.chdir("/")
m.TITLE = "x"; w.chinese_date = lambda day: "x"; s.STUB_WIDTHS = (1.0, 1.0, 1.0)
nianbao.opening = lambda report: 1; nianbao.load_report = lambda *a: 1
w.quoted.__defaults__ = ("x",); nianbao.statute.form.Edition.title = "x"; nianbao.params.units._load_units = None
great_tables.GT.as_raw_html = lambda self, *a, **k: "x"
locale.setlocale(locale.LC_ALL, "C"); warnings.simplefilter("ignore"); logging.disable(50)
sys.path.insert(0, "/nowhere"); sys.setrecursionlimit(5000); decimal.getcontext().prec = 2; decimal.DefaultContext.prec = 2
random.seed(1); np.random.seed(1); builtins.leak = 1
get_ipython().display_formatter.formatters["text/html"].enabled = False
"""
THREAD = "import threading, time; threading.Thread(target=time.sleep, args=(60,), daemon=True).start()"


def test_what_a_report_leaves_behind_does_not_reach_the_next(
    few: Path, finished: tuple[Path, Path], tmp_path: Path, notebook_with: Callable[[str], Path]
) -> None:
    """青阳街道 changes everything it can, 安海镇 leaves a thread; 永和镇 comes after each of them."""
    mess = "\n    ".join(MESS.strip().split("\n"))
    notebook = notebook_with(
        f'if township == "青阳街道":\n    {mess}\nelif township == "安海镇":\n    {THREAD}\nassert True'
    )
    engine.prestart((*engine.DEFAULT_IMPORTS, "matplotlib.pyplot"))
    for first in UNITS[:2]:
        out = tmp_path / first
        kernel = kernels.warm_kernel(tmp_path)
        result = run_batch(YEAR, (first, "yonghe"), few, out, workers=0, notebook=notebook)
        assert status(result, "yonghe").state is Standing.READY
        made, before = files_of(out / "2025" / "yonghe"), files_of(finished[1] / "2025" / "yonghe")
        for name in ("report.pdf", "report.html", "report.web.html", "tables.json", "findings.json"):
            assert made[name] == before[name], (first, name)
        assert (kernels._running() is kernel) == (first == "qingyang"), (
            "reset after the mess, replaced after the thread"
        )
    engine.prestart(engine.DEFAULT_IMPORTS)


def test_the_mess_is_one(few: Path, tmp_path: Path, notebook_with: Callable[[str], Path]) -> None:
    """The leak test can fail: what comes after the mess in the same report does not survive it."""
    result = run_batch(YEAR, ("yonghe",), few, tmp_path / "out", notebook=notebook_with(MESS.strip()))
    assert status(result, "yonghe").state is Standing.FAILED
    assert "单元格" not in status(result, "yonghe").message, "the mess itself must go through"


def test_a_worker_with_other_versions_refuses(few: Path) -> None:
    here = Ground.here()
    ground = Ground(here.notebook, here.library, {**here.packages, "typst": "0.0.1"}, here.fonts)
    (result,) = pool.in_process([Job("yonghe", "永和镇", YEAR, str(few), ground, system_fonts="0")])
    assert "typst 0.0.1 → " in result.error and not result.contents


@contextmanager
def dask(folder: Path, workers: int) -> Iterator[tuple[str, list[subprocess.Popen[bytes]]]]:
    """A real scheduler and its workers as processes of their own on loopback: address and worker processes."""
    file = folder / "scheduler.json"
    command = [sys.executable, "-m"]
    scheduler = [*command, "distributed.cli.dask_scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard"]
    worker = [*command, "distributed.cli.dask_worker", "--nworkers", "1", "--nthreads", "1", "--no-dashboard"]
    worker += ["--host", "127.0.0.1", "--scheduler-file", str(file), "--local-directory", str(folder)]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "cwd": folder}
    started = [subprocess.Popen([*scheduler, "--scheduler-file", str(file)], **quiet)]  # type: ignore[call-overload]
    try:
        deadline = time.monotonic() + 60
        while not file.exists() and time.monotonic() < deadline:
            time.sleep(0.05)
        started += [subprocess.Popen(worker, **quiet) for _ in range(workers)]  # type: ignore[call-overload]
        yield json.loads(file.read_bytes())["address"], started[1:]
    finally:
        for process in started[::-1]:
            process.terminate()
        for process in started:
            process.wait(30)


def test_a_dask_cluster_makes_the_same_bytes_though_a_worker_is_killed(
    few: Path, finished: tuple[Path, Path], tmp_path: Path, notebook_with: Callable[[str], Path]
) -> None:
    """Slow: a real scheduler and two workers; the one that builds 安海镇 first is killed over it."""
    kill = "import os, pathlib, signal, sys, time\nmark = pathlib.Path(MARK)\n".replace(
        "MARK", repr(str(tmp_path / "killed"))
    )
    kill += "if township == '安海镇' and not mark.exists():\n"
    kill += "    mark.touch(); os.kill(os.getppid(), signal.SIGKILL); time.sleep(60)"
    with dask(tmp_path, 2) as (address, _):
        result = run_batch(YEAR, (), few, tmp_path / "out", scheduler=address)
        assert files_of(tmp_path / "out") == files_of(finished[1]), [status.message for status in result.statuses]
        if sys.platform != "win32":
            result = run_batch(YEAR, (), few, tmp_path / "two", scheduler=address, notebook=notebook_with(kill))
            assert states(result) == dict.fromkeys(UNITS, Standing.READY) and (tmp_path / "killed").exists()
