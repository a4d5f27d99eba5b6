"""The same bytes whoever builds a report, after whatever other report."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing.process import BaseProcess
from pathlib import Path

import pytest

from nianbao.batch import Standing, pool, run_batch
from nianbao.batch.jobs import Job
from nianbao.publish.ground import Ground
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
    started: list[BaseProcess] = []
    start = BaseProcess.start
    monkeypatch.setattr(BaseProcess, "start", lambda process: (started.append(process), start(process))[1])
    result = run_batch(YEAR, (), params, out, workers=2, force=True)
    assert result.built == dict.fromkeys(UNITS, "--force")
    assert len(started) >= len(UNITS) + 1  # the summary is a job, too
    assert not any(process.is_alive() for process in started)
    assert files_of(out) == before


LEAVINGS = """
import pandas as pd, great_tables, nianbao.wording as w
pd.set_option("display.max_rows", 1); w.chinese_date = lambda day: "x"
great_tables.GT.as_raw_html = lambda self, *a, **k: "x"
"""


def test_what_an_edited_notebook_leaves_behind_does_not_reach_the_next_report(
    few: Path, finished: tuple[Path, Path], tmp_path: Path, notebook_with: Callable[[str], Path]
) -> None:
    """青阳街道 spoils its kernel; 永和镇 comes after it, and its bytes are those of the packaged notebook, run warm."""
    spoil = "\n    ".join(LEAVINGS.strip().split("\n"))
    notebook = notebook_with(f'if township == "青阳街道":\n    {spoil}\nassert True')
    result = run_batch(YEAR, ("qingyang", "yonghe"), few, tmp_path / "out", workers=0, notebook=notebook)
    assert states(result) == {"qingyang": Standing.FAILED, "anhai": Standing.PENDING, "yonghe": Standing.READY}
    assert "There is leading text: 'x'" in status(result, "qingyang").message, "it is spoilt for what comes after"
    made, before = files_of(tmp_path / "out" / "2025" / "yonghe"), files_of(finished[1] / "2025" / "yonghe")
    for name in before.keys() - {_NOTEBOOK, "manifest.json"}:
        assert made[name] == before[name], name


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
