"""CSV cells that a spreadsheet must not take for formulas.

A text that begins with = + - @ (or a full-width form of them, a tab or a line break) is written
behind an apostrophe, and so is a text that begins with an apostrophe followed by one of these; reading
takes that one apostrophe off. Every text comes back as it was, and files of others rarely change.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from io import StringIO

_RISKY = frozenset("=+-@＝＋－\uff20\t\r\n")


def escape_cell(text: str) -> str:
    """The text as it is written to CSV."""
    return f"'{text}" if _is_risky(text) else text


def unescape_cell(text: str) -> str:
    """The reverse of :func:`escape_cell`; text that it did not write stays as it is."""
    return text[1:] if text.startswith("'") and _is_risky(text[1:]) else text


def _is_risky(text: str) -> bool:
    return text.lstrip("'")[:1] in _RISKY


def csv_bytes(rows: Iterable[Sequence[str]]) -> bytes:
    """Rows as CSV in UTF-8 with a byte order mark, which WPS and Excel need to read Chinese."""
    stream = StringIO(newline="")
    csv.writer(stream, lineterminator="\n").writerows([escape_cell(cell) for cell in row] for row in rows)
    return stream.getvalue().encode("utf-8-sig")


def csv_rows(raw: bytes) -> list[list[str]]:
    """The rows of what :func:`csv_bytes` wrote.

    Raises
    ------
    UnicodeDecodeError, csv.Error
        When it is another encoding, or not CSV.
    """
    reader = csv.reader(StringIO(raw.decode("utf-8-sig"), newline=""), strict=True)
    return [[unescape_cell(cell) for cell in row] for row in reader]
