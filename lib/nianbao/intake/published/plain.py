"""Plain text → lines and grids: a table is a run of lines whose fields are parted by tabs."""

from __future__ import annotations

from collections.abc import Iterator

from nianbao.intake.published.grid import Item, Line, text_grid


def read_plain(text: str) -> Iterator[Item]:
    """Lines of text, and a grid for each run of lines with tabs; fields keep their places, blank ones too."""
    rows: list[list[str]] = []
    for raw in (*text.replace("\r\n", "\n").replace("\r", "\n").replace("\f", "\n").split("\n"), ""):
        if "\t" in raw:
            rows.append([field.strip() for field in raw.split("\t")])
            continue
        yield from _table(rows)
        rows = []
        if line := raw.strip():
            yield Line(line)


def _table(rows: list[list[str]]) -> Iterator[Item]:
    """A grid where some line has two fields; otherwise the tabs only indent."""
    if any(sum(map(bool, row)) > 1 for row in rows):
        yield text_grid(rows)
        return
    for row in rows:
        if line := "".join(row):
            yield Line(line)
