"""Output folders: a file appears whole or not at all, and one run at a time writes a year's folder.

Files are written into a folder of their own beside their place and then renamed into it. A run that is
killed leaves at most such a folder, which the next one removes.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from nianbao.errors import OutputError, reason_of

_BUILDING = ".building"
_LOCK = ".lock"


@contextmanager
def year_lock(folder: Path, seconds: float = 30.0) -> Iterator[None]:
    """Hold the one right to write into ``output/<year>/`` (released by the system when the process ends).

    Raises
    ------
    OutputError
        Another run held it for all of `seconds`, or the folder cannot be written.
    """
    from filelock import FileLock, Timeout

    with explained(folder):
        folder.mkdir(parents=True, exist_ok=True)
        lock = FileLock(folder / _LOCK)
        try:
            lock.acquire(timeout=seconds)
        except Timeout:
            raise OutputError(
                f"{folder.name}/", "另一次运行正在写这个文件夹", "等它结束后再运行，或用 --out 换一个文件夹"
            ) from None
    try:
        yield
    finally:
        lock.release()


def require_writable(folder: Path) -> None:
    """Make `folder` if need be, and refuse before any work is done when it cannot be written.

    The year's lock is held meanwhile: what lies half-written there may be another run's.

    Raises
    ------
    OutputError
        It cannot be written, or another run holds the year's folder.
    """
    with year_lock(folder.parent), explained(folder), _workspace(folder):
        pass


def write_files(folder: Path, contents: Mapping[str, bytes], drop: Iterable[str] = ()) -> None:
    """Write all of `contents` by name, in its order, and remove the files named in `drop`.

    A name may have a folder before it, which goes when it is empty.

    Nothing in `folder` changes before everything is on the disk. Call with the year's lock held.

    Raises
    ------
    OutputError
        The disk is full, the folder is read-only, a file is open elsewhere.
    """
    with explained(folder), _workspace(folder) as work:
        for name, data in contents.items():
            (work / name).parent.mkdir(exist_ok=True)
            (work / name).write_bytes(data)
        for name in contents:
            (folder / name).parent.mkdir(exist_ok=True)
            (work / name).replace(folder / name)
        for name in drop:
            (folder / name).unlink(missing_ok=True)
        for place in {(folder / name).parent for name in drop} - {folder}:
            if place.is_dir() and not any(place.iterdir()):
                place.rmdir()


def write_changed(folder: Path, contents: Mapping[str, bytes]) -> None:
    """:func:`write_files` for those whose content differs from what is there."""
    with explained(folder):
        changed = {name: data for name, data in contents.items() if not _holds(folder / name, data)}
    if changed:
        write_files(folder, changed)


def _holds(path: Path, data: bytes) -> bool:
    return path.is_file() and path.read_bytes() == data


def sweep(folder: Path) -> None:
    """Remove what a killed run left half-written in ``output/<year>/``; call with the year's lock held."""
    with explained(folder):
        for left in (folder / _BUILDING, *folder.glob(f"*/{_BUILDING}")):
            if left.is_dir():
                shutil.rmtree(left)


@contextmanager
def _workspace(folder: Path) -> Iterator[Path]:
    """A folder beside the finished files, on the same file system, gone afterwards; for who holds the year's lock."""
    folder.mkdir(parents=True, exist_ok=True)
    work = folder / _BUILDING
    if work.is_dir():
        shutil.rmtree(work)
    work.mkdir()
    try:
        yield work
    finally:
        shutil.rmtree(work, ignore_errors=True)  # what cannot be removed now is swept by the next run


@contextmanager
def explained(folder: Path) -> Iterator[None]:
    """Turn what the operating system says about `folder` into an :class:`OutputError`."""
    try:
        yield
    except OSError as error:
        reason = reason_of(error)
        parent = f"{folder.parent.name}/" if folder.parent.name else ""
        raise OutputError(
            f"{parent}{folder.name}/",
            f"无法写入（{reason}）",
            "关闭正打开其中文件的程序，释放磁盘空间，或换一个可写的文件夹",
        ) from error
