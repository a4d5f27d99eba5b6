"""An HTML table → :class:`Table`, with what stands above and below it."""

from __future__ import annotations

import re
from collections.abc import Callable

from nianbao.document import markup
from nianbao.document.model import Block, Cell, Paragraph, Row, Runs, Table
from nianbao.errors import NotebookError
from nianbao.office.xml import XmlElement

Reader = Callable[[XmlElement], Runs]

MOST_COLUMNS = 1000
MOST_ROWS = 65534
TYPE_AREA_WIDTH = 156.0
"""Width in mm that a percentage refers to (GB/T 9704-2012, 5.2.1)."""

_ALIGN = re.compile(r"text-align\s*:\s*(left|center|right)", re.IGNORECASE)
_WIDTH = re.compile(r"(?:^|;)\s*width\s*:\s*([0-9.]+)\s*(mm|cm|in|pt|px|%)", re.IGNORECASE)
_BARE_WIDTH = re.compile(r"([0-9.]+)(%?)")
_MILLIMETRES = {"mm": 1.0, "cm": 10.0, "in": 25.4, "pt": 25.4 / 72, "px": 25.4 / 96, "%": TYPE_AREA_WIDTH / 100}
_CLASS_ALIGN = {"gt_left": "left", "gt_center": "center", "gt_right": "right"}


def read_table(element: XmlElement, read_runs: Reader, where: str) -> tuple[Block, ...]:
    """Caption paragraphs, the table, note paragraphs.

    A title of great-tables (``gt_heading`` rows) becomes a caption, its source notes and footnotes
    become notes. Rows of ``th`` at the top count as head when there is no ``thead``. Short rows are
    filled with empty cells, and a cell that would span rows beyond its section ends with it, as HTML has it.

    Raises NotebookError for spans that are no positive numbers or overlap.
    """
    above: list[Block] = []
    below: list[Block] = []
    widths: list[float | None] = []
    head: list[XmlElement] = []
    body: list[XmlElement] = []
    foot: list[XmlElement] = []
    for child in element:
        if child.tag == "caption":
            _add_paragraphs(above, [child], markup.CAPTION, read_runs)
        elif child.tag in ("colgroup", "col"):
            widths.extend(_column_widths(child))
        elif child.tag in ("thead", "tbody", "tfoot", "tr"):
            rows = [child] if child.tag == "tr" else [row for row in child if row.tag == "tr"]
            for row in rows:
                classes = (row.get("class") or "").split() + (child.get("class") or "").split()
                if "gt_heading" in classes:
                    _add_paragraphs(above, list(row), markup.CAPTION, read_runs)
                elif {"gt_sourcenotes", "gt_footnotes"} & set(classes):
                    _add_paragraphs(below, list(row), markup.NOTE, read_runs)
                else:
                    {"thead": head, "tfoot": foot}.get(str(child.tag), body).append(row)
    if not head:
        while body and all(cell.tag == "th" for cell in _cells(body[0])):
            head.append(body.pop(0))
        if not body:
            head, body = [], head
    table = Table(
        head=_rows(head, read_runs, where, in_head=True),
        body=_rows(body + foot, read_runs, where, in_head=False),
        identifier=_identifier(element),
    )
    columns = table.columns
    if not columns:
        return (*above, *below)
    known = tuple(width for width in widths if width)
    table = Table(
        _filled(table.head, columns),
        _filled(table.body, columns),
        known if len(known) == len(widths) == columns else (),
        table.identifier,
    )
    return (*above, table, *below)


def _add_paragraphs(out: list[Block], elements: list[XmlElement], role: str, read_runs: Reader) -> None:
    out.extend(Paragraph(runs, role) for element in elements if (runs := read_runs(element)))


def _identifier(element: XmlElement) -> str:
    own = element.get("id")
    parent = element.getparent()
    if own or parent is None:
        return own or ""
    return (parent.get("id") if parent.tag == "div" else "") or ""


def _column_widths(element: XmlElement) -> list[float | None]:
    """Width in mm of the columns a ``col`` or ``colgroup`` describes, None where it says nothing."""
    own = [child for child in element if child.tag == "col"] if element.tag == "colgroup" else [element]
    widths: list[float | None] = []
    for column in own or [element]:
        match = _WIDTH.search(column.get("style") or "")
        width = None
        if match and (number := _number(match[1])) is not None:
            width = number * _MILLIMETRES[match[2].lower()]
        elif (bare := _BARE_WIDTH.fullmatch(column.get("width") or "")) and (number := _number(bare[1])) is not None:
            width = number * _MILLIMETRES[bare[2] or "px"]
        span = column.get("span") or "1"
        widths.extend([width] * (min(int(span), MOST_COLUMNS) if span.isascii() and span.isdigit() else 1))
    return widths


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


def _cells(row: XmlElement) -> list[XmlElement]:
    return [cell for cell in row if cell.tag in ("td", "th")]


def _rows(rows: list[XmlElement], read_runs: Reader, where: str, *, in_head: bool) -> tuple[Row, ...]:
    read: list[Row] = []
    for index, row in enumerate(rows):
        cells = []
        for cell in _cells(row):
            left = len(rows) - index
            rowspan = min(_span(cell, "rowspan", MOST_ROWS, where) or left, left)
            header = in_head or cell.tag == "th"
            cells.append(
                Cell(
                    read_runs(cell),
                    rowspan,
                    _span(cell, "colspan", MOST_COLUMNS, where) or 1,
                    header,
                    _alignment(cell),
                    (cell.get("scope") or ("col" if in_head else "row")) if header else "",
                )
            )
        read.append(tuple(cells))
    return tuple(read)


def _span(cell: XmlElement, name: str, most: int, where: str) -> int:
    """A span as HTML defines it: 1 when absent; 0 (to the end of the section) only for ``rowspan``."""
    value = (cell.get(name) or "1").strip()
    least = 0 if name == "rowspan" else 1
    if value.isascii() and value.isdigit() and len(value) < 6 and least <= int(value) <= most:
        return int(value)
    text = "".join(str(part) for part in cell.itertext()).strip()[:20]
    raise NotebookError(
        where, f"表格单元格“{text}”的 {name} 应为 {least} 至 {most} 的整数，实为“{value[:20]}”", "改正该表格"
    )


def _alignment(cell: XmlElement) -> str:
    if match := _ALIGN.search(cell.get("style") or ""):
        return match[1].lower()
    attribute = (cell.get("align") or "").lower()
    if attribute in ("left", "center", "right"):
        return attribute
    return next((_CLASS_ALIGN[name] for name in (cell.get("class") or "").split() if name in _CLASS_ALIGN), "")


def _filled(rows: tuple[Row, ...], columns: int) -> tuple[Row, ...]:
    """Rows with empty cells added at the right so that each covers all columns."""
    covered = [0] * len(rows)
    for index, _, cell in Table((), rows).placed():
        for down in range(cell.rowspan):
            covered[index + down] += cell.colspan
    return tuple(row + (Cell(()),) * (columns - width) for row, width in zip(rows, covered, strict=True))
