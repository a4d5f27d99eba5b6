"""The process in which a PDF is opened: bytes on the standard input, JSON on the standard output."""

from __future__ import annotations

import json
import sys

from nianbao.errors import ReadError
from nianbao.office.pdf.contents import PdfContents, as_json
from nianbao.office.pdf.integrity import open_whole, too_large
from nianbao.office.pdf.pages import read_pages
from nianbao.office.pdf.tree import read_tree

if sys.platform != "win32":
    import resource

MOST_MEMORY = 450 * 2**20
"""Bytes of data that the process may hold, where the system can limit them."""
MOST_SECONDS = 3
"""Of processor time, where the system can limit it; a report takes 0.1."""


def extract(raw: bytes) -> PdfContents:
    """The contents of a PDF that is whole; raises :class:`ReadError` without a place."""
    with open_whole(raw) as pdf:
        tags = read_tree(pdf)
    return PdfContents(read_pages(raw), tags)


def _limit() -> None:
    if sys.platform != "win32":  # there the parent's time limit alone
        resource.setrlimit(resource.RLIMIT_DATA, (MOST_MEMORY, MOST_MEMORY))
        resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS, MOST_SECONDS))


def main() -> None:
    """Answer with ``{"pages": …, "tags": …}`` or with ``{"wrong": …, "remedy": …}``."""
    _limit()
    try:
        answer = as_json(extract(sys.stdin.buffer.read()))
    except ReadError as error:
        answer = _refusal(error)
    except MemoryError:
        answer = _refusal(too_large("要用的内存过多"))
    sys.stdout.buffer.write(json.dumps(answer).encode("ascii"))


def _refusal(error: ReadError) -> dict[str, str]:
    return {"wrong": error.wrong, "remedy": error.remedy}


if __name__ == "__main__":
    main()
