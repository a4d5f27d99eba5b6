"""Asks a process of its own what is in a PDF, so that a file that kills its reader kills nothing else."""

from __future__ import annotations

import json
import subprocess
import sys

from nianbao.errors import ReadError
from nianbao.office.pdf.contents import PdfContents, from_json

MOST_SECONDS = 10
"""From start to answer; a report takes 0.3."""
_CHILD = "nianbao.office.pdf.child"
_INSTEAD = "用 Word 或 WPS 打开，另存为 .docx 再读"


def read_contents(raw: bytes, where: str) -> PdfContents:
    """Characters, strokes and tags of a PDF.

    Raises
    ------
    ReadError
        With what is wrong with the file and what to do.
    """
    try:
        done = subprocess.run(  # noqa: S603 - this interpreter, a module of this package
            [sys.executable, "-P", "-m", _CHILD],
            input=raw,
            capture_output=True,
            timeout=MOST_SECONDS,
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise ReadError(where, f"PDF 在 {MOST_SECONDS} 秒内没有读完，不像报告", _INSTEAD) from None
    try:
        answer = json.loads(done.stdout) if done.returncode == 0 else None
    except ValueError:
        answer = None
    if answer is None:
        raise ReadError(where, "PDF 读不下去：内容过大或结构不正常", _INSTEAD)
    if "wrong" in answer:
        raise ReadError(where, answer["wrong"], answer["remedy"])
    return from_json(answer)
