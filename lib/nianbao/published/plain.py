"""Plain text → lines and grids: a table is a run of lines whose fields are parted by tabs, by ``|``, or by wide gaps."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import groupby

from nianbao.published.grid import Grid, Item, Line, text_grid

_ENDS = re.compile(r"\r\n|[\r\n\f\v\x85\u2028\u2029]")
_RULE = re.compile(r"[-=:+|\s\u2500-\u257f\u3000]+")
_GAP = re.compile(r"[ \u00a0]{2,}|[ \u00a0]*\u3000[ \u00a0\u3000]*")
MOST_TEXT = 300_000
"""Characters of a plain text; a report's has some ten thousand."""
_MOST_LONE_TABS = 10
"""Lines of nothing but a tab that a text may have without being a copy of a browser's table."""
_MOST_FIELD = 60
"""Characters of a field that is parted by gaps; anything longer is a sentence."""


def read_plain(text: str) -> Iterator[Item]:
    """Lines of text, and a grid for each run of lines that are parted in the same way."""
    for parted, lines in groupby(_with_joined_cells(_ENDS.split(text)), key=_parting):
        run = list(lines)
        match parted:
            case "\t":
                yield from _tabbed(run)
            case "|":
                yield text_grid([_piped(line) for line in run if not _RULE.fullmatch(line)])
            case " ":
                yield from _spaced(run)
            case _:
                yield from _lines(run)


def _with_joined_cells(lines: list[str]) -> list[str]:
    """Lines of which a browser put each cell on its own and a tab between two of a row, as a line for each row."""
    if sum(_is_tab(line) for line in lines) < _MOST_LONE_TABS:
        return lines
    joined: list[str] = []
    awaited = False
    for line in lines:
        if _is_tab(line) and joined:
            joined[-1] += "\t" * line.count("\t")
            awaited = True
        elif awaited:
            joined[-1] += line.strip()
            awaited = False
        else:
            joined.append(line)
    return joined


def _is_tab(line: str) -> bool:
    return "\t" in line and not line.strip()


def _parting(line: str) -> str:
    """What parts the fields of a line: a tab, ``|``, a gap, or nothing."""
    if "\t" in line:
        return "\t"
    bare = line.strip()
    if bare.startswith("|") and bare.count("|") > 1:
        return "|"
    fields = _gapped(line)
    return " " if len(fields) > 1 and all(len(field) <= _MOST_FIELD for field in fields) else ""


def _lines(run: list[str]) -> Iterator[Line]:
    for raw in run:
        if (line := raw.strip()) and not (_RULE.fullmatch(line) and len(line) > 1):
            yield Line(line)


def _tabbed(run: list[str]) -> Iterator[Item]:
    """Fields keep their places, blank ones too. Where no line has two fields the tabs only indent."""
    rows = [[field.strip() for field in raw.split("\t")] for raw in run]
    if any(sum(map(bool, row)) > 1 for row in rows):
        yield text_grid(rows)
    else:
        yield from _lines(["".join(row) for row in rows])


def _piped(line: str) -> list[str]:
    return [field.strip() for field in line.strip().removeprefix("|").removesuffix("|").split("|")]


def _spaced(run: list[str]) -> Iterator[Item]:
    """A blank field leaves no trace among gaps, so what reads the grid has to count the fields of a row."""
    grid = text_grid([_gapped(line) for line in run if not _RULE.fullmatch(line)])
    yield Grid(grid.rows, spanned=False, loose=True)


def _gapped(line: str) -> list[str]:
    return _GAP.split(line.strip(" \u00a0\u3000"))
