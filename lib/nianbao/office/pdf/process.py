"""Asks a process of its own what is in a PDF, so that a file that kills its reader kills nothing else."""

from __future__ import annotations

import base64
import json
import subprocess
import sys
from typing import Any

from nianbao.errors import ReadError
from nianbao.office.pdf.contents import PdfContents, from_json

MOST_SECONDS = {"read": 10, "draw": 40}
"""From start to answer; a report takes 0.3, a page that is drawn 0.2."""
_CHILD = "nianbao.office.pdf.child"
_INSTEAD = "用 Word 或 WPS 打开，另存为 .docx 再读"


def read_contents(raw: bytes, where: str) -> PdfContents:
    """Characters, strokes and tags of a PDF.

    Raises
    ------
    ReadError
        With what is wrong with the file and what to do.
    """
    return from_json(_asked("read", raw, where))


def draw_contents(raw: bytes, where: str) -> tuple[tuple[bytes, str], ...]:
    """Each page of a PDF as PNG or JPEG, and what it says.

    Raises
    ------
    ReadError
        With what is wrong with the file.
    """
    pages = _asked("draw", raw, where)["pages"]
    return tuple((base64.b64decode(picture), text) for picture, text in pages)


def _asked(task: str, raw: bytes, where: str) -> dict[str, Any]:
    """What the process answers to ``read`` or ``draw``."""
    seconds = MOST_SECONDS[task]
    try:
        done = subprocess.run(  # noqa: S603 - this interpreter, a module of this package
            [sys.executable, "-P", "-m", _CHILD, task],
            input=raw,
            capture_output=True,
            timeout=seconds,
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise ReadError(where, f"PDF 在 {seconds} 秒内没有读完", _INSTEAD) from None
    try:
        answer: dict[str, Any] | None = json.loads(done.stdout) if done.returncode == 0 else None
    except ValueError:
        answer = None
    if answer is None:
        raise ReadError(where, "PDF 读不下去：内容过大或结构不正常", _INSTEAD)
    if "wrong" in answer:
        raise ReadError(where, answer["wrong"], answer["remedy"])
    return answer
