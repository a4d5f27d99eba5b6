"""Write several files as one: all of them appear, or none does, also when the program is killed in between.

A journal beside the files says what is under way. It is *prepared* while the new contents are laid beside their
places, and *decided* once they all lie there; then they are renamed into place and the journal goes. Whoever comes
next undoes what was prepared and finishes what was decided.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nianbao.errors import FormError, OutputError, reason_of
from nianbao.params.yamlio import display_name
from nianbao.wording import enumeration

JOURNAL = ".ingest.json"
_LOCK = ".ingest.lock"
_LOCK_SECONDS = 30.0
_PREPARED, _DECIDED = "prepared", "decided"


@dataclass(frozen=True)
class FileChange:
    """A file to write: its content before (None: not there) and after."""

    path: Path
    before: bytes | None
    after: bytes

    @property
    def fresh(self) -> Path:
        """Where the new content lies until it takes its place."""
        return _fresh(self.path)


def write_all(files: Sequence[FileChange], root: Path) -> tuple[Path, ...]:
    """Write the files, all of which lie under `root`; returns their paths.

    Raises
    ------
    FormError
        When a file is no longer as ``before`` says; nothing is written.
    OutputError
        When a file cannot be written; those written before it are put back.
    """
    if not files:
        return ()
    with _locked(root):
        _recover(root)
        for file in files:
            if _content(file.path) != file.before:
                raise FormError(display_name(file.path), "在核对变化以后又被改动", "再运行一次")
        _write(files, root)
    return tuple(file.path for file in files)


def _write(files: Sequence[FileChange], root: Path) -> None:
    done: list[FileChange] = []
    current = display_name(root / JOURNAL)
    try:
        _note(root, _PREPARED, files)
        for file in files:
            current = display_name(file.path)
            file.path.parent.mkdir(parents=True, exist_ok=True)
            _write_through(file.fresh, file.after)
        current = display_name(root / JOURNAL)
        _note(root, _DECIDED, files)
        for file in files:
            current = display_name(file.path)
            file.fresh.replace(file.path)
            done.append(file)
    except BaseException as error:  # an interrupted run is put back too
        lost = _put_back(done)
        if not isinstance(error, OSError):
            raise
        reason = reason_of(error)
        outcome = f"{enumeration(lost)} 没能恢复原样" if lost else "原有文件没有改动"
        remedy = "从备份恢复" if lost else "关闭正打开它的程序后重试"
        raise OutputError(current, f"无法写入（{reason}），{outcome}", remedy) from error
    finally:
        with suppress(OSError):
            _drop([file.path for file in files], root)


def recover(root: Path) -> str:
    """Finish or undo what a killed run has left under `root`; says what was done, nothing where nothing was left.

    Raises
    ------
    FormError
        A file was edited since; both versions are kept.
    OutputError
        Another run is writing, or a file cannot be written.
    """
    if not any(path.is_file() for path in (root / JOURNAL, _fresh(root / JOURNAL))):
        return ""
    with _locked(root):
        return _recover(root)


def _recover(root: Path) -> str:
    journal = root / JOURNAL
    if not journal.is_file():
        with _explained(display_name(journal)):
            _drop((), root)  # killed before anything was said
        return ""
    try:
        said = json.loads(journal.read_bytes())
        state, entries = str(said["state"]), [dict(entry) for entry in said["files"]]
        paths = [root / str(entry["path"]) for entry in entries]
        states = [(entry["before"], entry["after"]) for entry in entries]
    except (OSError, ValueError, LookupError, TypeError) as error:
        wrong = f"上次写入中断，记录读不出（{type(error).__name__}）"
        raise OutputError(display_name(journal), wrong, "从备份恢复参数，再删除这个文件") from error
    with _explained(display_name(journal)):
        if state == _PREPARED:
            _drop(paths, root)
            return f"上次写入 {len(paths)} 个文件时中断，已撤销，原有文件没有改动。"
        edited = [
            path
            for path, (before, after) in zip(paths, states, strict=True)
            if _digest(path) != after and not (_digest(path) == before and _fresh(path).is_file())
        ]
        if edited:
            raise FormError(
                enumeration(map(display_name, edited)),
                f"上次写入中断以后又被改动，没有写完的内容在同一文件夹的 {_fresh(edited[0]).name}",
                f"核对后删除 {display_name(journal)}，再运行",
            )
        for path in paths:
            if _fresh(path).is_file():
                _fresh(path).replace(path)
        _drop(paths, root)
    return f"上次写入 {len(paths)} 个文件时中断，已接着写完。"


def _note(root: Path, state: str, files: Sequence[FileChange]) -> None:
    """Write the journal, whole or not at all."""
    entries: list[Mapping[str, Any]] = [
        {
            "path": file.path.relative_to(root).as_posix(),
            "before": None if file.before is None else hashlib.sha256(file.before).hexdigest(),
            "after": hashlib.sha256(file.after).hexdigest(),
        }
        for file in files
    ]
    text = json.dumps({"state": state, "files": entries}, ensure_ascii=False, indent=2)
    _write_through(_fresh(root / JOURNAL), text.encode("utf-8"))
    _fresh(root / JOURNAL).replace(root / JOURNAL)


def _drop(paths: Sequence[Path], root: Path) -> None:
    """Remove what lies beside the files, then the journal."""
    for path in paths:
        _fresh(path).unlink(missing_ok=True)
    _fresh(root / JOURNAL).unlink(missing_ok=True)
    (root / JOURNAL).unlink(missing_ok=True)


def _fresh(path: Path) -> Path:
    return path.with_name(f".{path.name}.new")


def _write_through(path: Path, data: bytes) -> None:
    with path.open("wb") as stream:
        stream.write(data)
        stream.flush()
        os.fsync(stream.fileno())


def _content(path: Path) -> bytes | None:
    return path.read_bytes() if path.is_file() else None


def _digest(path: Path) -> str | None:
    content = _content(path)
    return None if content is None else hashlib.sha256(content).hexdigest()


def _put_back(done: Sequence[FileChange]) -> list[str]:
    """Undo what was written, the last first; returns what could not be undone."""
    lost: list[str] = []
    for file in reversed(done):
        try:
            if file.before is None:
                file.path.unlink()
            else:
                file.path.write_bytes(file.before)
        except OSError:
            lost.append(display_name(file.path))
    return lost


@contextmanager
def _locked(root: Path) -> Iterator[None]:
    """The one right to write under `root`; the system releases it when a process ends."""
    from filelock import FileLock, Timeout

    with _explained(display_name(root / _LOCK)):
        root.mkdir(parents=True, exist_ok=True)
        lock = FileLock(root / _LOCK)
        try:
            lock.acquire(timeout=_LOCK_SECONDS)
        except Timeout:
            raise OutputError(f"{root.name}/", "另一次运行正在写参数", "等它结束后再运行") from None
    try:
        yield
    finally:
        with suppress(OSError):  # gone while it is held: whoever waits for it notices and makes a new one
            (root / _LOCK).unlink()
        lock.release()


@contextmanager
def _explained(where: str) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise OutputError(where, f"无法写入（{reason_of(error)}）", "检查权限和磁盘") from error
