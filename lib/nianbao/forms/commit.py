"""Write several files as one: all of them appear, or none does."""

from __future__ import annotations

import os
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from nianbao.errors import FormError, OutputError
from nianbao.params.yamlio import display_name
from nianbao.wording import enumeration


@dataclass(frozen=True)
class FileChange:
    """A file to write: its content before (None: not there) and after."""

    path: Path
    before: bytes | None
    after: bytes


def write_all(files: Sequence[FileChange]) -> tuple[Path, ...]:
    """Write the files; returns their paths.

    Raises
    ------
    FormError
        When a file is no longer as ``before`` says; nothing is written.
    OutputError
        When a file cannot be written; those written before it are put back.
    """
    for file in files:
        now = file.path.read_bytes() if file.path.is_file() else None
        if now != file.before:
            raise FormError(display_name(file.path), "在核对变化以后又被改动", "重新运行 nianbao ingest")
    beside = [(file, file.path.with_name(f".{file.path.name}.new")) for file in files]
    done: list[FileChange] = []
    current = ""
    try:
        for file, fresh in beside:
            current = display_name(file.path)
            file.path.parent.mkdir(parents=True, exist_ok=True)
            with fresh.open("wb") as stream:
                stream.write(file.after)
                stream.flush()
                os.fsync(stream.fileno())
        for file, fresh in beside:
            current = display_name(file.path)
            Path(fresh).replace(file.path)
            done.append(file)
    except BaseException as error:  # an interrupted run is put back too
        lost = _put_back(done)
        if not isinstance(error, OSError):
            raise
        reason = error.strerror or type(error).__name__
        outcome = f"{enumeration(lost)} 没能恢复原样" if lost else "原有文件没有改动"
        remedy = "从备份恢复" if lost else "关闭正打开它的程序后重试"
        raise OutputError(current, f"无法写入（{reason}），{outcome}", remedy) from error
    finally:
        for _, fresh in beside:
            with suppress(OSError):
                fresh.unlink()
    return tuple(file.path for file in files)


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
