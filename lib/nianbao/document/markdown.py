"""Markdown of a notebook → HTML, as JupyterLab reads it."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

_FENCE = re.compile(r" {0,3}(```|~~~)")
_RULE = re.compile(r" {0,3}\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?[ \t]*")
_BAR = re.compile(r"(?<!\\)\|")
_SPACED_ATTACHMENT = re.compile(r"(?<=\]\()attachment:[^()\n\"<>]*?(?=\))")


def to_html(source: str) -> str:
    """The HTML of a text: tables whose rows are short of a cell, footnotes, struck text, task lists, attachments."""
    spaced = _SPACED_ATTACHMENT.sub(lambda match: match[0].strip().replace(" ", "%20"), source)
    return str(_parser()(_with_full_rows(spaced)))


@cache
def _parser() -> Any:
    import mistune

    # Addresses are never followed here, and pictures come as attachments and data.
    renderer = mistune.HTMLRenderer(escape=False, allow_harmful_protocols=True)
    return mistune.create_markdown(renderer=renderer, plugins=["table", "strikethrough", "task_lists", "footnotes"])


def _with_full_rows(source: str) -> str:
    """The rows of tables with as many cells as their head: a short row gets empty ones, cells beyond go (GFM, 4.10)."""
    lines = source.split("\n")
    fenced = False
    columns = 0
    for place, line in enumerate(lines):
        if _FENCE.match(line):
            fenced = not fenced
        if fenced or not _BAR.search(line):
            columns = 0
        elif columns:
            lines[place] = _row(line, columns)
        elif place and _RULE.fullmatch(line) and _BAR.search(lines[place - 1]):
            head = len(_cells(lines[place - 1]))
            columns = head if head == len(_cells(line)) else 0
            if columns:
                lines[place - 1 : place + 1] = [_row(lines[place - 1], columns), _row(line, columns)]
    return "\n".join(lines)


def _row(line: str, columns: int) -> str:
    return f"| {' | '.join([*_cells(line), *[''] * columns][:columns])} |"


def _cells(line: str) -> list[str]:
    text = line.strip()
    text = text[1:] if text.startswith("|") else text
    if _BAR.search(text[-1:]) and not text.endswith("\\|"):
        text = text[:-1]
    return [cell.strip() for cell in _BAR.split(text)]
