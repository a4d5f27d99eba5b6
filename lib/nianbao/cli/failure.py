"""What is said when the system, and not what was asked for, is at fault: one line, never a traceback."""

from __future__ import annotations

import errno
import os
import sys
import traceback
from contextlib import suppress
from pathlib import Path

import click

_LIBRARY = Path(__file__).parent.parent
_REASONS = {
    errno.EMFILE: ("系统允许同时打开的文件太少", "用 ulimit -n 1024 放宽后再运行"),
    errno.ENFILE: ("整台电脑打开的文件太多", "关闭其他程序后再运行"),
    errno.ENOSPC: ("磁盘已满", "释放磁盘空间后再运行"),
    errno.ENOMEM: ("内存不足", "关闭其他程序，或用较小的 --workers"),
    errno.EAGAIN: ("系统不让再启动进程", "关闭其他程序，或用较小的 --workers"),
    errno.EACCES: ("没有权限", "检查权限"),
    errno.EPERM: ("没有权限", "检查权限"),
    errno.EROFS: ("只读，不能写入", "换一个可写的位置"),
    errno.ENOENT: ("不存在", "检查路径"),
    errno.EIO: ("读写出错", "检查磁盘"),
}


def failure_text(error: Exception) -> str:
    """One Chinese line for an error that nobody raised on purpose."""
    match error:
        case MemoryError():
            return "内存不足。关闭其他程序，或用较小的 --workers。"
        case OSError() if not _has_working_directory():
            return "当前文件夹：已不存在。换到一个存在的文件夹再运行。"
        case OSError():
            wrong, remedy = _REASONS.get(error.errno or 0, (error.strerror or type(error).__name__, "检查系统"))
            where = "系统" if error.filename is None else _shown(error.filename)
            return f"{where}：{wrong}。{remedy}。"
        case RecursionError():
            return f"程序出错，嵌套太深（{_origin(error)}）。把这一行报告给开发者。"
        case _:
            told = " ".join(str(error).split())[:200]
            return f"程序出错，{type(error).__name__}：{told}（{_origin(error)}）。把这一行报告给开发者。"


def complain(text: str) -> None:
    """Say it on stderr, as far as there is one."""
    with suppress(OSError, ValueError):
        click.echo(text, err=True)


def give_up_output() -> None:
    """Leave nothing in stdout that would fail once more when the interpreter ends."""
    try:
        sys.stdout.flush()
    except (OSError, ValueError):
        with suppress(OSError, ValueError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _has_working_directory() -> bool:
    try:
        Path.cwd()
    except OSError:
        return False
    return True


def _shown(name: object) -> str:
    """The last parts of a path; never where on this machine it lies."""
    text = os.fsdecode(name) if isinstance(name, (str, bytes)) else str(name)
    return "/".join(Path(text).parts[-2:]) if Path(text).is_absolute() else text


def _origin(error: Exception) -> str:
    """The last line of the library that had a part in it."""
    frames = traceback.extract_tb(error.__traceback__)
    own = [frame for frame in frames if Path(frame.filename).is_relative_to(_LIBRARY)]
    if not own:
        return "nianbao 之外"
    return f"{Path(own[-1].filename).relative_to(_LIBRARY).as_posix()}:{own[-1].lineno}"
