"""Trouble stays where it is: one report's leaves the others whole, a killed run goes on, a full disk breaks no file."""

from __future__ import annotations

import errno
import json
import os
import random
import shutil
import signal
import subprocess
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from nianbao.batch import Standing, pool, run_batch, scratch
from nianbao.batch.page import PAGES
from nianbao.errors import OutputError
from nianbao.publish import formats, outputs
from tests.batch.conftest import UNITS, YEAR, copy_params, edit, files_of, start, states, status

posix = pytest.mark.skipif(os.name != "posix", reason="signals and permissions of POSIX")

TROUBLE = {
    "anhai": ("1 / 0", "notebooks/annual_report.ipynb 第 8 个单元格（In [7]）：运行出错，ZeroDivisionError"),
    "cizao": ("import os; os._exit(3)", "内核退出（退出码 3）"),
    "chendai": ("import os, signal; os.kill(os.getpid(), signal.SIGKILL)", "内核退出（被系统终止，可能是内存不足）"),
    "dongshi": (
        "import os, signal, time; os.kill(os.getppid(), signal.SIGKILL); time.sleep(60)",
        "东石镇 2025：工作进程意外退出（被系统终止，可能是内存不足）",
    ),
    "shenhu": ("import time; time.sleep(600)", "整份报告运行超过 20 秒"),
    "jinjing": ("import os, signal; os.kill(os.getppid(), signal.SIGSTOP)", "金井镇 2025：超过 30 秒没有结束，已中止"),
}
"""By unit: an exception, an exit, an out-of-memory kill of the kernel and of the worker, a hang, a worker that hangs."""


@posix
def test_trouble_in_one_report_leaves_the_others_whole(
    demo: Path,
    finished: tuple[Path, Path],
    tmp_path: Path,
    notebook_with: Callable[[str], Path],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(pool, "GRACE_SECONDS", 10.0)
    params = copy_params(demo, tmp_path, ("qingyang", *TROUBLE, "yonghe"))
    names = {"anhai": "安海镇", "cizao": "磁灶镇", "chendai": "陈埭镇", "dongshi": "东石镇"}
    names |= {"shenhu": "深沪镇", "jinjing": "金井镇"}
    cell = "".join(f'if township == "{names[unit]}":\n    {source}\n' for unit, (source, _) in TROUBLE.items())
    lines: list[str] = []
    result = run_batch(
        YEAR,
        (),
        params,
        tmp_path / "out",
        workers=2,
        notebook=notebook_with(cell),
        report_seconds=20,
        tell=lambda event: lines.append(event.text),
    )
    assert states(result) == {
        "qingyang": Standing.READY,
        "yonghe": Standing.READY,
        **dict.fromkeys(TROUBLE, Standing.FAILED),
    }, lines
    page = (tmp_path / "out" / "2025" / "index.html").read_text(encoding="utf-8")
    for unit, (_, says) in TROUBLE.items():
        assert says in status(result, unit).message and str(tmp_path) not in page
        folder = tmp_path / "out" / "2025" / unit
        kept = sorted(path.name for path in folder.iterdir()) if folder.is_dir() else []
        if unit in ("dongshi", "jinjing"):
            assert kept == []
            continue
        assert kept == ["failed.ipynb"] and f'href="{unit}/failed.ipynb"' in page
        assert any(f"运行到出错处的笔记本见 2025/{unit}/failed.ipynb" in line for line in lines)
        cells = {cell["id"]: cell for cell in json.loads((folder / "failed.ipynb").read_bytes())["cells"]}
        assert cells["panel"]["outputs"][0]["output_type"] == "execute_result"
        assert cells["extra"]["outputs"][-1]["output_type"] == "error" and not cells["opening"]["outputs"]
    for unit in ("qingyang", "yonghe"):
        made = files_of(tmp_path / "out" / "2025" / unit)
        own = {name for name in made if not name.startswith(formats.PICTURES)}
        assert own == {*(one.name for one in formats.REPORT), formats.MANIFEST}
        assert made["report.pdf"].rstrip().endswith(b"%%EOF")


def processes_marked(mark: str) -> list[int]:
    """Processes that inherited NIANBAO_TEST_MARK with this value, from /proc; dead ones do not count."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            marked = f"NIANBAO_TEST_MARK={mark}".encode() in (folder / "environ").read_bytes()
            if marked and (folder / "stat").read_text(encoding="ascii").rpartition(")")[2].split()[0] != "Z":
                found.append(int(folder.name))
        except OSError:  # gone meanwhile
            continue
    return found


def ended(mark: str, seconds: float = 15.0) -> bool:
    deadline = time.monotonic() + seconds
    while processes_marked(mark):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.1)
    return True


@pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="looks at /proc")
def test_a_batch_that_was_killed_goes_on_where_it_was(few: Path, finished: tuple[Path, Path], tmp_path: Path) -> None:
    """At random moments; NIANBAO_KILLS=50 takes fifty, NIANBAO_KILL_SEED chooses others."""
    out, temporary, whole = tmp_path / "out", tmp_path / "tmp", files_of(finished[1])
    temporary.mkdir()
    chance = random.Random(os.environ.get("NIANBAO_KILL_SEED", "1"))
    seconds = float(os.environ.get("NIANBAO_KILL_SECONDS", "6"))
    mark = uuid.uuid4().hex
    for _ in range(int(os.environ.get("NIANBAO_KILLS", "2"))):
        process = start(few, out, "--workers", "2", "--force", NIANBAO_TEST_MARK=mark, TMPDIR=str(temporary))
        time.sleep(chance.uniform(0.3, seconds))
        process.send_signal(signal.SIGKILL)
        process.communicate()
        assert ended(mark), "a worker or a kernel outlives its parent"
        for name, data in files_of(out).items():
            if ".building" not in name and Path(name).name not in PAGES:
                assert data == whole[name], f"{name} is not whole"
        for page in out.glob("2025/status.json"):
            json.loads(page.read_bytes())
    result = run_batch(YEAR, (), few, out)
    assert result.ok
    assert files_of(out) == whole
    assert {path.name.rstrip("_abcdefghijklmnopqrstuvwxyz0123456789") for path in temporary.iterdir()} <= {
        "nianbao-batch-",
        "nianbao-kernel-",
    }


def test_what_a_killed_run_left_in_the_temporary_folder_goes_with_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scratch.tempfile, "tempdir", str(tmp_path))
    (tmp_path / "nianbao-batch-left" / "0").mkdir(parents=True)
    (tmp_path / "nianbao-batch-new").mkdir()
    (tmp_path / "others").mkdir()
    for name in ("nianbao-batch-left", "others"):
        os.utime(tmp_path / name, (1e9, 1e9))
    with scratch.scratch() as used:
        os.utime(used, (1e9, 1e9))
        with scratch.scratch():
            assert used.is_dir(), "in use, however old"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["nianbao-batch-new", "others"]


@pytest.fixture
def interruptible() -> Iterator[None]:
    """Ctrl-C reaches the processes that a test starts, also where the tests themselves run in the background and ignore it."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="looks at /proc")
@pytest.mark.usefixtures("interruptible")
def test_ctrl_c_ends_the_batch_and_says_what_is_done(demo: Path, tmp_path: Path) -> None:
    mark, out = uuid.uuid4().hex, tmp_path / "out"
    process = start(demo, out, "--workers", "2", NIANBAO_TEST_MARK=mark)
    deadline = time.monotonic() + 60
    while not list(out.glob("2025/*/manifest.json")) and process.poll() is None and time.monotonic() < deadline:
        time.sleep(0.01)
    process.send_signal(signal.SIGINT)
    output, errors = process.communicate(timeout=120)
    assert process.returncode == 130 and "已中断" in errors and "Traceback" not in errors
    assert "待生成" in output and "待生成" in (out / "2025" / "index.html").read_text(encoding="utf-8")
    assert not list(out.rglob(".building")) and ended(mark)


def test_an_interrupt_that_comes_while_half_written_files_are_removed_leaves_none(
    few: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    remove, came = shutil.rmtree, []

    def interrupted(path: Path, **options: bool) -> None:
        if not came and (path.parent / formats.MANIFEST).exists():
            came.append(path)
            raise KeyboardInterrupt
        remove(path, **options)

    monkeypatch.setattr(outputs.shutil, "rmtree", interrupted)
    result = run_batch(YEAR, UNITS[:2], few, tmp_path / "out", workers=0)
    assert result.interrupted and [path.name for path in came] == [".building"]
    assert not list((tmp_path / "out").rglob(".building"))


def test_a_second_batch_into_the_same_folder_is_refused(
    again: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    from nianbao.batch import run

    params, out = again
    monkeypatch.setattr(run, "LOCK_SECONDS", 0.1)
    held, release = threading.Event(), threading.Event()

    def hold() -> None:
        with outputs.year_lock(out / "2025"):
            held.set()
            release.wait(30)

    other = threading.Thread(target=hold)
    other.start()
    try:
        assert held.wait(10)
        before = files_of(out)
        with pytest.raises(OutputError, match="另一次运行正在写"):
            run_batch(YEAR, (), params, out, force=True)
        assert files_of(out) == before
    finally:
        release.set()
        other.join()


def test_two_batches_at_once_do_not_corrupt_each_other(few: Path, finished: tuple[Path, Path], tmp_path: Path) -> None:
    out = tmp_path / "out"
    both = [start(few, out, "--workers", "1", "--force") for _ in range(2)]
    results = [(process.communicate(timeout=120), process.returncode) for process in both]
    assert sorted(code for _, code in results) in ([0, 0], [0, 2]), results
    assert files_of(out) == files_of(finished[1])


def test_a_full_disk_is_a_message_and_breaks_no_file(again: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    params, out = again
    edit(params / "2025" / "anhai.yaml", "unit: anhai", "# 核对过\nunit: anhai")
    before = files_of(out / "2025" / "anhai")
    write = Path.write_bytes

    def full(path: Path, data: bytes) -> int:
        if path.name == "report.pdf":
            write(path, data[:1000])
            raise OSError(errno.ENOSPC, "No space left on device")
        return write(path, data)

    monkeypatch.setattr(Path, "write_bytes", full)
    result = run_batch(YEAR, (), params, out)
    assert status(result, "anhai").state is Standing.FAILED
    assert "无法写入（磁盘已满）" in status(result, "anhai").message
    assert files_of(out / "2025" / "anhai") == before


@posix
def test_a_really_full_disk_is_a_message_and_breaks_no_file(
    few: Path, finished: tuple[Path, Path], tmp_path: Path
) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=900k", "tmpfs", str(disk)], capture_output=True)
    if mounted.returncode:
        pytest.skip(f"no small file system can be mounted here: {mounted.stderr.decode().strip()}")
    try:
        process = start(few, disk / "out", "--workers", "1")
        output, errors = process.communicate(timeout=120)
        assert process.returncode in (1, 2) and "Traceback" not in errors
        assert "无法写入（磁盘已满）" in output + errors
        for name, data in files_of(disk / "out").items():
            if Path(name).name not in PAGES:
                assert data == files_of(finished[1])[name]
    finally:
        subprocess.run(["umount", str(disk)], check=True)


def test_an_output_folder_that_turns_read_only_is_a_message(
    again: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    params, out = again
    edit(params / "2025" / "anhai.yaml", "unit: anhai", "# 核对过\nunit: anhai")
    before = files_of(out)
    replaced = Path.replace

    def denied(path: Path, target: Path) -> Path:
        if ".building" in path.parts and path.name not in PAGES:
            raise OSError(errno.EROFS, "Read-only file system")
        return replaced(path, target)

    monkeypatch.setattr(Path, "replace", denied)
    result = run_batch(YEAR, (), params, out)
    assert "无法写入（只读）" in status(result, "anhai").message
    after = files_of(out)
    assert {name for name in before if before[name] != after[name]} == {f"2025/{name}" for name in PAGES}
