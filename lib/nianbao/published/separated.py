"""A table saved as CSV (RFC 4180), from a spreadsheet, or drawn with bars: its rows as a copy of the sheet would have them."""

from __future__ import annotations

import csv
import io

_DELIMITERS = ",;"
_BARS = str.maketrans(dict.fromkeys("\u2502\u2503\uff5c", "|"))
"""As tables are drawn with lines, and as Chinese keyboards write them."""
_FIELDS, _ROWS = 7, 15
"""Fields of a row of the form's part three, and rows of so many from which on a text is a table and not prose."""


def with_tabs(text: str) -> str:
    """The rows of a CSV with a tab between their fields, a row of one field as that; any other text with plain bars."""
    text = text.translate(_BARS)
    if "\t" in text:
        return text
    for delimiter in _DELIMITERS:
        try:
            rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
        except csv.Error:
            continue
        if sum(len(row) >= _FIELDS for row in rows) >= _ROWS:
            return "\n".join(_line(row) for row in rows)
    return text


def _line(row: list[str]) -> str:
    fields = [" ".join(field.split()) for field in row]
    filled = [field for field in fields if field]
    return filled[0] if len(filled) == 1 and fields[0] else "\t".join(fields)
