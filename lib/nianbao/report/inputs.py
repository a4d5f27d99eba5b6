"""What a report is made of: the digests of its files, taken before they are read."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path

from nianbao.errors import ParamsError, reason_of
from nianbao.params import Unit, params_path
from nianbao.params.yamlio import display_name

SHARED = ("units.yaml", "holidays.yaml")
"""Files of the params folder that every report is made of, where they are there."""


def digest(data: bytes) -> str:
    """SHA-256 in hexadecimal."""
    return hashlib.sha256(data).hexdigest()


def file_digest(path: Path) -> str:
    """SHA-256 of a file in hexadecimal, however large it is.

    Raises
    ------
    ParamsError
        It cannot be read.
    """
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        wrong = f"读不出（{reason_of(error)}）"
        raise ParamsError(display_name(path), wrong, "检查文件和权限") from error


MAX_INPUT = 64 * 1024 * 1024
"""Bytes of the largest file that any reader of the params takes, a register in CSV."""


def sized(path: Path) -> Path:
    """A file of the params, no larger than any reader of them takes: nothing is opened before this is known.

    Raises
    ------
    ParamsError
        It is larger.
    """
    if (size := path.stat().st_size) > MAX_INPUT:
        wrong = f"文件有 {size} 字节，参数文件夹里的文件应不超过 {MAX_INPUT} 字节"
        raise ParamsError(display_name(path), wrong, "移到别的文件夹")
    return path


def own_digests(unit: Unit, year: int, params_dir: Path) -> dict[str, str]:
    """SHA-256 of every file that is read for one report, last year's included, by its path under the params folder.

    Raises
    ------
    ParamsError
        A file cannot be read, or is larger than any reader takes.
    """
    files = [path for name in SHARED if (path := params_dir / name).is_file()]
    for number in (year, year - 1):
        path = params_path(params_dir, unit, number)
        if path.is_file():
            files.append(path)
            folder = path.with_suffix("")
            if folder.is_dir():
                files.extend(sorted(item for item in folder.rglob("*") if item.is_file()))
    return {path.relative_to(params_dir).as_posix(): file_digest(sized(path)) for path in files}


def fingerprint(digests: Mapping[str, str]) -> str:
    """One digest over all, the same wherever the params folder lies."""
    return digest(json.dumps(sorted(digests.items())).encode("utf-8"))
