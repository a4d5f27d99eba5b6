"""Several files as one: all of them appear, or none does, and what could not be undone is said."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from tests.command import Run
from tests.conftest import PARAMS

from nianbao.errors import FormError, OutputError
from nianbao.params import commit
from nianbao.params.commit import FileChange, recover, write_all


@pytest.fixture
def three(tmp_path: Path) -> list[FileChange]:
    """One file that is there, and two new ones."""
    (tmp_path / "a").write_bytes(b"old")
    return [
        FileChange(tmp_path / "a", b"old", b"new"),
        FileChange(tmp_path / "deep/b", None, b"b"),
        FileChange(tmp_path / "c", None, b"c"),
    ]


def content(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def failing(at: str, error: BaseException) -> Any:
    real = os.replace

    def replace(source: Any, target: Any) -> None:
        if Path(target).name == at:
            raise error
        real(source, target)

    return replace


def test_all_are_written(tmp_path: Path, three: list[FileChange]) -> None:
    assert [path.name for path in write_all(three, tmp_path)] == ["a", "b", "c"]
    assert content(tmp_path) == {"a": b"new", "b": b"b", "c": b"c"}


def test_none_is_written_when_one_was_changed_meanwhile(tmp_path: Path, three: list[FileChange]) -> None:
    (tmp_path / "c").write_bytes(b"somebody else's")
    with pytest.raises(FormError, match="在核对变化以后又被改动"):
        write_all(three, tmp_path)
    assert content(tmp_path) == {"a": b"old", "c": b"somebody else's"}


@pytest.mark.parametrize("error", [PermissionError(13, "in use"), KeyboardInterrupt()])
def test_what_was_written_is_put_back(
    tmp_path: Path, three: list[FileChange], monkeypatch: pytest.MonkeyPatch, error: BaseException
) -> None:
    monkeypatch.setattr(os, "replace", failing("c", error))
    with pytest.raises((OutputError, KeyboardInterrupt)) as caught:
        write_all(three, tmp_path)
    if isinstance(error, OSError):
        assert "c：无法写入（没有权限，或正被别的程序打开），原有文件没有改动。" in str(caught.value)
    assert content(tmp_path) == {"a": b"old"}


def test_a_file_that_cannot_be_put_back_is_named(
    tmp_path: Path, three: list[FileChange], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "replace", failing("c", PermissionError(13, "in use")))
    real = Path.write_bytes

    def refuse(path: Path, data: bytes) -> int:
        if path.name == "a":
            raise PermissionError(13, "in use")
        return real(path, data)

    monkeypatch.setattr(Path, "write_bytes", refuse)
    with pytest.raises(OutputError, match="a 没能恢复原样。从备份恢复"):
        write_all(three, tmp_path)
    assert content(tmp_path) == {"a": b"new"}


KILLED = """
import os, sys
from pathlib import Path
from nianbao.params.commit import FileChange, write_all

root, step = Path(sys.argv[1]), int(sys.argv[2])
taken = 0

def counted(function):
    def call(*args, **options):
        global taken
        if taken == step:
            os._exit(9)
        taken += 1
        return function(*args, **options)
    return call

os.replace, os.fsync, Path.replace = counted(os.replace), counted(os.fsync), counted(Path.replace)
Path.unlink = counted(Path.unlink)
names = [f"2025/{number:02}.yaml" for number in range(23)]
old = {name: (root / name).read_bytes() if (root / name).is_file() else None for name in names}
write_all([FileChange(root / name, old[name], f"new {name}".encode()) for name in names], root)
print(taken)
"""


def _kill_at(root: Path, step: int) -> int:
    for number in range(0, 23, 2):
        path = root / "2025" / f"{number:02}.yaml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"old")
    done = subprocess.run([sys.executable, "-c", KILLED, str(root), str(step)], capture_output=True, text=True)
    return -1 if done.returncode == 9 else int(done.stdout)


def test_killed_at_any_step_the_next_run_finishes_or_undoes(tmp_path: Path) -> None:
    steps = _kill_at(tmp_path / "whole", 10**6)
    assert steps > 3 * 23
    outcomes = set()
    for step in range(0, steps, 5):
        root = tmp_path / str(step)
        assert _kill_at(root, step) == -1
        told = recover(root)
        found = content(root)
        old = {f"{number:02}.yaml": b"old" for number in range(0, 23, 2)}
        new = {f"{number:02}.yaml": f"new 2025/{number:02}.yaml".encode() for number in range(23)}
        found.pop(".ingest.lock", None)  # of the process that was killed; the next one takes it over
        assert found in (old, new), step
        outcomes.add((found == new, told.partition("，")[2]))
        assert recover(root) == ""
    assert {told for _, told in outcomes} >= {"已撤销，原有文件没有改动。", "已接着写完。"}


def test_every_command_finishes_what_was_left(tmp_path: Path, run: Run) -> None:
    root = tmp_path / "params"
    shutil.copytree(PARAMS, root)
    target = root / "2023" / "yonghe.yaml"
    before = target.read_bytes()
    change = FileChange(target, before, before + "# 新的一行\n".encode())
    commit._note(root, "decided", [change])
    change.fresh.write_bytes(change.after)
    done = run("check", "2023", "--params", root)
    assert done.code == 0 and "上次写入 1 个文件时中断，已接着写完。" in done.err
    assert target.read_bytes() == change.after and not (root / commit.JOURNAL).exists()


def test_what_was_edited_since_is_not_overwritten(tmp_path: Path) -> None:
    change = FileChange(tmp_path / "a", b"old", b"new")
    change.path.write_bytes(b"old")
    commit._note(tmp_path, "decided", [change])
    change.fresh.write_bytes(b"new")
    change.path.write_bytes(b"somebody else's")
    with pytest.raises(FormError, match=r"a：上次写入中断以后又被改动.*\.a\.new"):
        recover(tmp_path)
    assert content(tmp_path)["a"] == b"somebody else's" and content(tmp_path)[".a.new"] == b"new"


@pytest.mark.parametrize("text", [b"", b"{}", b"[]", b'{"state": "decided", "files": [1]}', b"\xff"])
def test_a_journal_that_cannot_be_read_stops_everything(tmp_path: Path, text: bytes) -> None:
    (tmp_path / commit.JOURNAL).write_bytes(text)
    with pytest.raises(OutputError, match="记录读不出"):
        recover(tmp_path)
    assert (tmp_path / commit.JOURNAL).read_bytes() == text
