"""The process in which a PDF is opened: bytes on the standard input, JSON on the standard output.

What it is asked for is its argument: ``read`` (what stands on the pages) or ``draw`` (the pages as pictures).
"""

from __future__ import annotations

import base64
import json
import sys
from typing import Any

from nianbao.errors import ReadError
from nianbao.office.pdf.contents import PdfContents, as_json
from nianbao.office.pdf.integrity import open_whole, too_large
from nianbao.office.pdf.overlaid import refuse_hidden_layers, with_overlays
from nianbao.office.pdf.pages import read_pages
from nianbao.office.pdf.tree import read_tree

if sys.platform != "win32":
    import resource

MOST_MEMORY = 450 * 2**20
"""Bytes of data that the process may hold, where the system can limit them."""
MOST_SECONDS = {"read": 3, "draw": 20}
"""Of processor time, where the system can limit it; a report takes 0.1, a page that is drawn 0.2."""


def extract(raw: bytes) -> PdfContents:
    """The contents of a PDF that is whole; raises :class:`ReadError` without a place."""
    with open_whole(raw) as pdf:
        refuse_hidden_layers(pdf)
        tags = read_tree(pdf)
        whole = with_overlays(pdf, raw)
    return PdfContents(read_pages(whole), tags)


def draw(raw: bytes) -> dict[str, Any]:
    """Each page as a picture in base64 with its words; raises :class:`ReadError` without a place."""
    from nianbao.office.pdf.drawing import draw_pages  # with Pillow, which reading does without

    return {"pages": [[base64.b64encode(one.data).decode("ascii"), one.text] for one in draw_pages(raw)]}


def _limit(task: str) -> None:
    if sys.platform != "win32":  # there the parent's time limit alone
        resource.setrlimit(resource.RLIMIT_DATA, (MOST_MEMORY, MOST_MEMORY))
        resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS[task], MOST_SECONDS[task]))


def main() -> None:
    """Answer with ``{"pages": …}``, and ``"tags"`` where pages are read, or with ``{"wrong": …, "remedy": …}``."""
    task = sys.argv[1]
    _limit(task)
    raw = sys.stdin.buffer.read()
    try:
        answer = draw(raw) if task == "draw" else as_json(extract(raw))
    except ReadError as error:
        answer = _refusal(error)
    except MemoryError:
        answer = _refusal(too_large("要用的内存过多"))
    sys.stdout.buffer.write(json.dumps(answer).encode("ascii"))


def _refusal(error: ReadError) -> dict[str, str]:
    return {"wrong": error.wrong, "remedy": error.remedy}


if __name__ == "__main__":
    main()
