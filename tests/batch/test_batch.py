"""A batch: what is rebuilt and why, one unit's trouble left to that unit, the same bytes whoever built them."""

from __future__ import annotations

import errno
import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from nianbao import outputs
from nianbao.batch import State, pool, run, run_batch
from nianbao.batch.jobs import Job, JobResult, Snapshot
from nianbao.batch.keys import Ground
from nianbao.errors import OutputError, UsageError
from tests.batch.conftest import UNITS, copy_params, files_of

posix = pytest.mark.skipif(os.name != "posix", reason="signals and permissions of POSIX")


def states(result: Any) -> dict[str, State]:
    return {status.unit.id: status.state for status in result.statuses if status.state is not State.MISSING}


def status(result: Any, unit: str) -> Any:
    return next(status for status in result.statuses if status.unit.id == unit)


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Params and output of three units, built in this process; copy before changing anything."""
    folder = tmp_path_factory.mktemp("finished")
    params = copy_params(folder, UNITS)
    run_batch(2023, (), params, folder / "out", workers=1)
    return params, folder / "out"


@pytest.fixture
def again(finished: tuple[Path, Path], tmp_path: Path) -> tuple[Path, Path]:
    """A copy of what was built, with its params."""
    params, out = tmp_path / "params", tmp_path / "out"
    shutil.copytree(finished[0], params)
    shutil.copytree(finished[1], out)
    return params, out


def test_units_without_data_are_not_submitted_and_no_error(finished: tuple[Path, Path]) -> None:
    params, out = finished
    result = run_batch(2023, (), params, out, workers=1)
    assert result.ok and not result.built
    assert states(result) == dict.fromkeys(UNITS, State.READY)
    assert len(result.of(State.MISSING)) == 19 - len(UNITS)


def test_nothing_is_rewritten_when_nothing_changed(again: tuple[Path, Path]) -> None:
    params, out = again
    before = {path: path.stat().st_mtime_ns for path in out.rglob("*") if path.is_file()}
    run_batch(2023, (), params, out)
    after = {path: path.stat().st_mtime_ns for path in before}
    assert {path for path in before if before[path] != after[path] and path.name != ".lock"} == set()


def change_params(params: Path, _out: Path) -> None:
    path = params / "2023" / "anhai.yaml"
    path.write_text(path.read_text(encoding="utf-8") + "\n# 核对过\n", encoding="utf-8")


def change_narrative_of_another(params: Path, _out: Path) -> None:
    """The others compare themselves with it; of these only 安海镇 is asked for."""
    path = params / "2023" / "yonghe.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("本报告系根据", "本报告根据", 1), encoding="utf-8")


def add_picture(params: Path, _out: Path) -> None:
    (params / "2023" / "anhai").mkdir()
    (params / "2023" / "anhai" / "a.png").write_bytes(b"x")


def lose_pdf(_params: Path, out: Path) -> None:
    (out / "2023" / "anhai" / "report.pdf").unlink()


def touch_up_page(_params: Path, out: Path) -> None:
    path = out / "2023" / "anhai" / "report.html"
    path.write_bytes(path.read_bytes() + b" ")


def lose_manifest(_params: Path, out: Path) -> None:
    (out / "2023" / "anhai" / "manifest.json").unlink()


def seal(out: Path, **changes: Any) -> None:
    path = out / "2023" / "anhai" / "manifest.json"
    path.write_text(json.dumps(json.loads(path.read_bytes()) | changes), encoding="utf-8")


def older_library(_params: Path, out: Path) -> None:
    seal(out, library="0")


def older_typst(_params: Path, out: Path) -> None:
    now = json.loads((out / "2023" / "anhai" / "manifest.json").read_bytes())["packages"]
    seal(out, packages=now | {"typst": "0.14.0"})


def other_fonts(_params: Path, out: Path) -> None:
    seal(out, fonts={})


def other_notebook(_params: Path, out: Path) -> None:
    seal(out, notebook="0")


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (change_params, "params/2023/anhai.yaml 已改"),
        (change_narrative_of_another, "其他单位的正文已改"),
        (add_picture, "params/2023/anhai/a.png 新增"),
        (lose_pdf, "成品缺失或被改动：report.pdf"),
        (touch_up_page, "成品缺失或被改动：report.html"),
        (lose_manifest, "首次生成"),
        (older_library, "程序已更新"),
        (older_typst, "typst 0.14.0 → "),
        (other_fonts, "字体已变"),
        (other_notebook, "报告笔记本已改"),
    ],
)
def test_each_rebuild_says_why(
    again: tuple[Path, Path], change: Callable[[Path, Path], None], says: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    params, out = again
    change(params, out)
    asked: list[Job] = []

    def instead(jobs: list[Job]) -> Any:
        asked.extend(jobs)
        yield from ()

    monkeypatch.setattr(pool, "in_process", instead)
    monkeypatch.setattr(run, "_summary_job", lambda *_: iter(()))
    result = run_batch(2023, ("anhai",), params, out, workers=1)
    assert [job.unit for job in asked] == ["anhai"]
    assert status(result, "anhai").state is State.PENDING and says in status(result, "anhai").message


def test_a_changed_unit_alone_is_rebuilt(again: tuple[Path, Path]) -> None:
    params, out = again
    change_params(params, out)
    lines: list[str] = []
    result = run_batch(2023, (), params, out, tell=lambda event: lines.append(event.text))
    assert result.built == {"anhai": "params/2023/anhai.yaml 已改"} and result.ok
    assert lines[0].startswith("安海镇：已生成（params/2023/anhai.yaml 已改）")


def test_force_rebuilds_to_the_same_bytes_over_two_processes(again: tuple[Path, Path]) -> None:
    params, out = again
    before = files_of(out)
    result = run_batch(2023, (), params, out, workers=2, force=True)
    assert result.built == dict.fromkeys(UNITS, "--force")
    assert files_of(out) == before


def test_params_that_cannot_be_read_fail_their_unit_only(again: tuple[Path, Path]) -> None:
    params, out = again
    (params / "2023" / "anhai.yaml").write_text("unit: anhai\nyear: 2023\nyaer: 1\n", encoding="utf-8")
    result = run_batch(2023, (), params, out)
    assert states(result) == {"anhai": State.FAILED, "yonghe": State.READY, "xibin": State.READY}
    assert "params/2023/anhai.yaml:" in status(result, "anhai").message and not result.ok
    page = (out / "2023" / "index.html").read_text(encoding="utf-8")
    assert "生成失败" in page and 'href="anhai/report.pdf"' not in page and 'href="yonghe/report.pdf"' in page


def test_a_failed_report_is_tried_again_and_forgets_its_failure(again: tuple[Path, Path]) -> None:
    params, out = again
    path = params / "2023" / "anhai.yaml"
    good = path.read_text(encoding="utf-8")
    path.write_text("unit: anhai\n", encoding="utf-8")
    assert status(run_batch(2023, (), params, out), "anhai").state is State.FAILED
    assert status(run_batch(2023, ("yonghe",), params, out), "anhai").state is State.FAILED
    path.write_text(good, encoding="utf-8")
    result = run_batch(2023, (), params, out)
    assert result.ok and result.built["anhai"] == "上次生成失败"


def test_a_draft_makes_the_batch_not_ready(again: tuple[Path, Path]) -> None:
    params, out = again
    path = params / "2023" / "anhai.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text[: text.index("waivers:")], encoding="utf-8")
    result = run_batch(2023, ("anhai",), params, out)
    assert status(result, "anhai").state is State.DRAFT and not result.ok
    content = json.loads((out / "2023" / "status.json").read_bytes())
    assert content["counts"]["draft"] == 1 and content["rules"]["T3-02"] == {
        "severity": "error",
        "count": 1,
        "units": ["安海镇"],
    }
    assert "T3-02" in (out / "2023" / "index.html").read_text(encoding="utf-8")


def test_no_data_at_all_is_wrong_usage(few: Path, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="没有这一年的数据"):
        run_batch(2023, ("qingyang",), few, tmp_path / "out")


def test_a_file_named_after_no_unit_is_pointed_out(again: tuple[Path, Path]) -> None:
    params, out = again
    (params / "2023" / "anhia.yaml").write_text("unit: anhai\n", encoding="utf-8")
    lines: list[str] = []
    run_batch(2023, (), params, out, tell=lambda event: lines.append(event.text))
    assert lines == ["params/2023/anhia.yaml：文件名不是单位代号，没有采用。是否为 anhai？"]
    assert "anhia.yaml" in (out / "2023" / "index.html").read_text(encoding="utf-8")


TROUBLE = {
    "exception": ("1 / 0", "ZeroDivisionError"),
    "hang": ("import time; time.sleep(600)", "整份报告运行超过"),
    "kernel": ("import os, signal; os.kill(os.getpid(), signal.SIGKILL)", "内核退出"),
    "worker": (
        "import os, signal; os.kill(os.getppid(), signal.SIGKILL); import time; time.sleep(60)",
        "工作进程意外退出",
    ),
}


@posix
@pytest.mark.parametrize("trouble", TROUBLE)
def test_trouble_in_one_report_leaves_the_others_whole(
    few: Path, tmp_path: Path, notebook_with: Callable[[str], Path], trouble: str
) -> None:
    source, says = TROUBLE[trouble]
    notebook = notebook_with(f'if township == "永和镇":\n    {source}')
    result = run_batch(2023, (), few, tmp_path / "out", workers=2, notebook=notebook, report_seconds=8)
    assert states(result) == {"anhai": State.READY, "yonghe": State.FAILED, "xibin": State.READY}
    assert says in status(result, "yonghe").message
    folder = tmp_path / "out" / "2023" / "yonghe"
    kept = {path.name for path in folder.iterdir()} if folder.is_dir() else set()
    assert kept == (set() if trouble == "worker" else {"failed.ipynb"})
    if kept:
        cells = json.loads((folder / "failed.ipynb").read_bytes())["cells"]
        assert any(output["output_type"] == "error" for cell in cells for output in cell.get("outputs", ()))


@posix
def test_a_worker_that_hangs_outside_the_notebook_is_ended(
    few: Path, tmp_path: Path, notebook_with: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pool, "GRACE_SECONDS", 4.0)
    stop = "import os, signal; os.kill(os.getppid(), signal.SIGSTOP)"
    notebook = notebook_with(f'if township == "永和镇":\n    {stop}')
    result = run_batch(2023, (), few, tmp_path / "out", workers=2, notebook=notebook, report_seconds=8)
    assert states(result) == {"anhai": State.READY, "yonghe": State.FAILED, "xibin": State.READY}
    assert "没有结束，已中止" in status(result, "yonghe").message


def test_what_a_notebook_leaves_behind_does_not_reach_the_next_report(
    few: Path, finished: tuple[Path, Path], tmp_path: Path, notebook_with: Callable[[str], Path]
) -> None:
    mess = (
        "import os, pandas as pd, matplotlib.pyplot as plt, nianbao.markup as m, nianbao.wording as w\n"
        "pd.set_option('display.max_rows', 1); plt.rcParams['font.size'] = 99; os.environ['NIANBAO_X'] = '1'\n"
        "os.chdir('/'); m.TITLE = 'x'; w.chinese_date = lambda day: 'x'\n"
        "import nianbao.tables.statutory as s; s.STUB_WIDTHS = (1.0, 1.0, 1.0)"
    )
    lines = mess.split("\n")
    notebook = notebook_with('if township == "安海镇":\n    ' + "\n    ".join(lines))
    result = run_batch(2023, ("anhai", "yonghe"), few, tmp_path / "out", workers=1, notebook=notebook)
    assert "yonghe" in result.built
    for name in ("report.pdf", "report.html", "report.web.html", "tables.json"):
        assert (tmp_path / "out" / "2023" / "yonghe" / name).read_bytes() == (
            finished[1] / "2023" / "yonghe" / name
        ).read_bytes()


def start(params: Path, out: Path, *options: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "nianbao.cli", "batch", "2023", "--params", str(params), "--out", str(out)]
    return subprocess.Popen([*command, *options], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def wait_for(path: Path, process: subprocess.Popen[str]) -> None:
    deadline = time.monotonic() + 60
    while not path.exists() and process.poll() is None and time.monotonic() < deadline:
        time.sleep(0.01)
    assert path.exists()


def is_whole(folder: Path) -> bool:
    """Whether every sealed file of a report's folder is complete, or its manifest is of another build."""
    path = folder / "report.pdf"
    return not path.exists() or path.read_bytes().rstrip().endswith(b"%%EOF")


@posix
def test_a_batch_that_was_killed_goes_on_where_it_was(few: Path, finished: tuple[Path, Path], tmp_path: Path) -> None:
    import random

    out = tmp_path / "out"
    chance = random.Random(os.environ.get("NIANBAO_KILL_SEED"))
    for _ in range(int(os.environ.get("NIANBAO_KILLS", "3"))):
        process = start(few, out, "--workers", "2", "--force")
        time.sleep(chance.uniform(0.3, 6.0))
        process.send_signal(signal.SIGKILL)
        process.communicate()
        assert all(is_whole(folder) for folder in (out / "2023").glob("*/") if folder.is_dir())
        for path in out.rglob("*.json"):
            if ".building" not in path.parts:
                json.loads(path.read_bytes())
    result = run_batch(2023, (), few, out)
    assert result.ok
    assert files_of(out) == files_of(finished[1])


@posix
def test_ctrl_c_ends_the_batch_and_says_what_is_done(tmp_path: Path) -> None:
    params, out = copy_params(tmp_path), tmp_path / "out"
    process = start(params, out, "--workers", "2")
    wait_for(out / "2023" / "qingyang" / "manifest.json", process)
    process.send_signal(signal.SIGINT)
    output, errors = process.communicate(timeout=20)
    assert process.returncode == 130 and "已中断" in errors and "Traceback" not in errors
    assert "待生成" in output and "待生成" in (out / "2023" / "index.html").read_text(encoding="utf-8")
    assert not list(out.rglob(".building"))


def test_a_second_batch_into_the_same_folder_is_refused(again: tuple[Path, Path], monkeypatch: Any) -> None:
    params, out = again
    monkeypatch.setattr(run, "LOCK_SECONDS", 0.1)
    held, release = threading.Event(), threading.Event()

    def hold() -> None:
        with outputs.year_lock(out / "2023"):
            held.set()
            release.wait(30)

    other = threading.Thread(target=hold)
    other.start()
    try:
        assert held.wait(10)
        before = files_of(out)
        with pytest.raises(OutputError, match="另一次运行正在写"):
            run_batch(2023, (), params, out, force=True)
        assert files_of(out) == before
    finally:
        release.set()
        other.join()


@posix
def test_two_batches_at_once_do_not_corrupt_each_other(few: Path, finished: tuple[Path, Path], tmp_path: Path) -> None:
    out = tmp_path / "out"
    both = [start(few, out, "--workers", "1", "--force") for _ in range(2)]
    ended = [(process.communicate(timeout=120), process.returncode) for process in both]
    codes = sorted(code for _, code in ended)
    assert codes in ([0, 0], [0, 2]), ended
    assert files_of(out) == files_of(finished[1])


def test_a_full_disk_is_a_message_and_breaks_no_file(again: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    params, out = again
    change_params(params, out)
    before = files_of(out / "2023" / "anhai")
    write = Path.write_bytes

    def full(path: Path, data: bytes) -> int:
        if path.name == "report.pdf":
            write(path, data[:1000])
            raise OSError(errno.ENOSPC, "No space left on device")
        return write(path, data)

    monkeypatch.setattr(Path, "write_bytes", full)
    result = run_batch(2023, (), params, out, workers=1)
    assert status(result, "anhai").state is State.FAILED
    assert "无法写入输出文件夹（No space left on device）" in status(result, "anhai").message
    assert files_of(out / "2023" / "anhai") == before


@posix
def test_a_really_full_disk_is_a_message_and_breaks_no_file(few: Path, tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=900k", "tmpfs", str(disk)], capture_output=True)
    if mounted.returncode:
        pytest.skip(f"no small file system can be mounted here: {mounted.stderr.decode().strip()}")
    try:
        process = start(few, disk / "out", "--workers", "1")
        output, errors = process.communicate(timeout=120)
        assert process.returncode in (1, 2) and "Traceback" not in errors
        assert "无法写入输出文件夹" in output + errors
        assert all(is_whole(folder) for folder in (disk / "out" / "2023").glob("*/"))
        for path in disk.rglob("*.json"):
            json.loads(path.read_bytes())
    finally:
        subprocess.run(["umount", str(disk)], check=True)


def test_an_output_folder_that_turns_read_only_is_a_message(
    again: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    params, out = again
    change_params(params, out)
    before = files_of(out)
    replaced = Path.replace

    def denied(path: Path, target: Path) -> Path:
        if ".building" in path.parts and path.name != "status.json" and path.name != "index.html":
            raise OSError(errno.EROFS, "Read-only file system")
        return replaced(path, target)

    monkeypatch.setattr(Path, "replace", denied)
    result = run_batch(2023, (), params, out, workers=1)
    assert "Read-only file system" in status(result, "anhai").message
    after = files_of(out)
    assert {name for name in before if before[name] != after[name]} == {"2023/status.json", "2023/index.html"}


def test_a_worker_with_other_versions_refuses(few: Path) -> None:
    here = Ground.here()
    ground = Ground(here.notebook, here.library, {**here.packages, "typst": "0.0.1"}, here.fonts)
    job = Job("yonghe", 2023, str(few), ground, system_fonts="0")
    (result,) = pool.in_process([job])
    assert "typst 0.0.1 → " in result.error and not result.contents


def test_a_fault_nobody_foresaw_is_named_and_logged(again: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    from nianbao.batch import jobs

    params, out = again
    change_params(params, out)

    def broken(*_: object, **__: object) -> JobResult:
        raise KeyError("natural")

    monkeypatch.setattr(jobs, "build", broken)
    result = run_batch(2023, (), params, out, workers=1)
    assert "程序出错，KeyError" in status(result, "anhai").message
    logs = sorted((out / "2023" / "logs").glob("batch-*.log"))
    assert "Traceback" in logs[-1].read_text(encoding="utf-8")


def test_a_scheduler_that_is_not_there_is_wrong_usage(few: Path, tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.setattr(pool, "CONNECT_SECONDS", 1.0)
    with pytest.raises(UsageError, match="连接不上调度器"):
        run_batch(2023, (), few, tmp_path / "out", scheduler="tcp://127.0.0.1:9")


def test_a_dask_cluster_makes_the_same_bytes(few: Path, finished: tuple[Path, Path], tmp_path: Path) -> None:
    """Slow: a real scheduler and two workers as processes of their own."""
    file = tmp_path / "scheduler.json"
    dask = [sys.executable, "-m"]
    scheduler = [*dask, "distributed.cli.dask_scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard"]
    worker = [*dask, "distributed.cli.dask_worker", "--nworkers", "1", "--nthreads", "1", "--no-dashboard"]
    worker += ["--host", "127.0.0.1", "--scheduler-file", str(file), "--local-directory", str(tmp_path)]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "cwd": tmp_path}
    started = [subprocess.Popen([*scheduler, "--scheduler-file", str(file)], **quiet)]  # type: ignore[call-overload]
    try:
        wait_for(file, started[0])
        started += [subprocess.Popen(worker, **quiet) for _ in range(2)]  # type: ignore[call-overload]
        address = json.loads(file.read_bytes())["address"]
        result = run_batch(2023, (), few, tmp_path / "out", scheduler=address)
    finally:
        for process in started[::-1]:
            process.terminate()
        for process in started:
            process.wait(30)
    assert result.ok, [status.message for status in result.statuses]
    assert files_of(tmp_path / "out") == files_of(finished[1])


def test_four_workers_make_the_same_bytes_as_one(tmp_path: Path) -> None:
    params = copy_params(tmp_path, (*UNITS, "qingyang"))
    run_batch(2023, (), params, tmp_path / "one", workers=1)
    run_batch(2023, (), params, tmp_path / "four", workers=4)
    assert len(files_of(tmp_path / "one")) == 4 * 7 + 5
    assert files_of(tmp_path / "four") == files_of(tmp_path / "one")


def test_a_snapshot_holds_the_year_and_the_year_before(few: Path) -> None:
    (few / "2022").mkdir()
    (few / "2022" / "anhai.yaml").write_text("x", encoding="utf-8")
    (few / "2021").mkdir()
    (few / "2021" / "anhai.yaml").write_text("x", encoding="utf-8")
    snapshot = Snapshot.of(few, 2023)
    assert set(snapshot.files) == {"units.yaml", "2022/anhai.yaml", *(f"2023/{unit}.yaml" for unit in UNITS)}
    with snapshot.unpacked("params") as folder:
        assert folder.name == "params" and (folder / "2022" / "anhai.yaml").read_bytes() == b"x"
