"""XLSX with the same bytes for the same content, and text that no spreadsheet takes for a formula."""

from __future__ import annotations

import re
import zipfile
from datetime import datetime
from decimal import Decimal
from io import BytesIO
from typing import Any

from openpyxl import Workbook
from openpyxl.cell.cell import Cell

from nianbao.forms.contents import exact_float

_FIXED = datetime(2000, 1, 1)  # noqa: DTZ001  (a property of the file, not a moment)
_ZIP_DATE = (2000, 1, 1, 0, 0, 0)
_MODIFIED = re.compile(rb"(<dcterms:modified[^>]*>)[^<]*(</dcterms:modified>)")
_ESCAPE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
_RISKY = frozenset("=+-@\t\r\n'")


def set_value(cell: Cell, value: Any) -> None:
    """Write a value; a text stays a text whatever it begins with."""
    if isinstance(value, str):
        set_text(cell, value)
    elif isinstance(value, (int, Decimal)) and not exact_float(value):
        set_text(cell, f"{value:f}" if isinstance(value, Decimal) else str(value))
    else:
        cell.value = value


def set_text(cell: Cell, text: str) -> None:
    """Write a text as such. ``_x000D_`` and the like are escaped, which spreadsheets would take for a character."""
    cell.value = _ESCAPE.sub("_x005F_", text)
    cell.data_type = "s"
    if text[:1] in _RISKY:
        cell.quotePrefix = True


def to_bytes(workbook: Workbook) -> bytes:
    """The workbook without a clock: fixed properties, fixed dates in the archive."""
    workbook.properties.creator = "nianbao"
    workbook.properties.created = _FIXED
    raw = BytesIO()
    workbook.save(raw)
    result = BytesIO()
    with zipfile.ZipFile(raw) as source, zipfile.ZipFile(result, "w", zipfile.ZIP_DEFLATED) as target:
        for name in sorted(source.namelist(), key=lambda name: (name != "[Content_Types].xml", name)):
            content = source.read(name)
            if name == "docProps/core.xml":
                content = _MODIFIED.sub(rb"\g<1>2000-01-01T00:00:00Z\g<2>", content)
            info = zipfile.ZipInfo(name, _ZIP_DATE)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = 0o600 << 16
            target.writestr(info, content)
    return result.getvalue()
