"""A great-tables table with the merges of an official form.

The one place that uses private parts of great-tables: it sets the cells of a table one by one, which takes a
third of the time of a report; here they are set a column at a time (:meth:`FormTable._render_formats`).

great-tables merges equal neighbours in a stub, but it leaves blank cells where a
label of a shallow row should span the rest of the stub, and it splits the corner
cell of a head of several rows. Both are closed here on the HTML, which stays the
one source from which the PDF and the web pages read the grid.
"""

from __future__ import annotations

from collections.abc import Mapping
from copy import copy
from dataclasses import dataclass
from html import escape
from types import MappingProxyType
from typing import Any, Self

import pandas as pd
from great_tables import GT
from lxml import html
from lxml.html import HtmlElement


@dataclass(frozen=True)
class Merge:
    """The cell in ``row`` of the body (counting group headings) that spans ``columns`` grid columns.

    ``column`` is its place among the cells of that row; the cells it covers are dropped.
    """

    row: int
    column: int
    columns: int


class FormTable(GT):
    """A :class:`great_tables.GT` that knows the merges, heads and column widths of a form.

    All of GT's methods work on it and keep these.
    """

    _merges: tuple[Merge, ...] = ()
    _head_rows: frozenset[int] = frozenset()
    _widths: tuple[float, ...] = ()
    _links: Mapping[tuple[int, int], str] = MappingProxyType({})

    def __repr__(self) -> str:
        """Short: GT's own runs to pages and names memory addresses, which would differ in every notebook."""
        data: Any = self._tbl_data
        rows, columns = data.shape
        return f"<{type(self).__name__}: {rows} 行 × {columns} 列>"

    def with_form(
        self,
        merges: tuple[Merge, ...] = (),
        head_rows: frozenset[int] = frozenset(),
        widths: tuple[float, ...] = (),
        links: Mapping[tuple[int, int], str] = MappingProxyType({}),
    ) -> Self:
        """The same table with merges, body rows that are heads, column widths in mm, and links by row and column."""
        table = copy(self)
        table._merges, table._head_rows, table._widths, table._links = merges, head_rows, widths, links
        return table

    def as_raw_html(self, *args: Any, **kwargs: Any) -> str:
        """GT's HTML with the merges applied; parameters as GT's."""
        root = html.fragment_fromstring(super().as_raw_html(*args, **kwargs), create_parent=False)
        table = root if root.tag == "table" else root.find(".//table")
        self._link_body(table)
        self._merge_body(table)
        _merge_corner(table)
        self._set_widths(table)
        _drop_dangling_headers(table)
        text: str = html.tostring(root, encoding="unicode")
        return text

    def _render_formats(self, context: str) -> Self:
        """GT's own result: text as it is, escaped; a column at a time where GT sets cell by cell. A test holds them equal."""
        data: Any = self._tbl_data
        columns = {name: data[name].tolist() for name in data.columns}
        text_only = all(isinstance(cell, str) for column in columns.values() for cell in column)
        if self._formats or self._substitutions or context != "html" or not text_only:
            return super()._render_formats(context)
        escaped = {name: [escape(cell) for cell in column] for name, column in columns.items()}
        body = type(self._body)(pd.DataFrame(escaped, index=data.index, dtype="object"))
        return self._replace(_body=body, _stub=self._stub.update_group_row_labels(body, data, self._boxhead))

    def _merge_body(self, table: HtmlElement) -> None:
        rows = table.findall("./tbody/tr")
        for index in self._head_rows:
            for cell in rows[index]:
                cell.tag = "th"
                cell.set("scope", "col")
                cell.set("class", "gt_col_heading gt_center")
        for merge in self._merges:
            cells = list(rows[merge.row])
            first = cells[merge.column]
            first.set("colspan", str(merge.columns))
            for covered in cells[merge.column + 1 : merge.column + merge.columns]:
                rows[merge.row].remove(covered)

    def _link_body(self, table: HtmlElement) -> None:
        rows = table.findall("./tbody/tr")
        for (row, column), address in self._links.items():
            cell = rows[row][column]
            link = html.Element("a", href=address)
            link.text, cell.text = cell.text, None
            cell.insert(0, link)

    def _set_widths(self, table: HtmlElement) -> None:
        if not self._widths:
            return
        for existing in table.findall("./colgroup"):
            table.remove(existing)
        group = html.Element("colgroup")
        whole = sum(self._widths)
        for width in self._widths:
            group.append(html.Element("col", style=f"width:{100 * width / whole:.2f}%"))
        caption = table.find("./caption")
        table.insert(0 if caption is None else 1, group)


def _merge_corner(table: HtmlElement) -> None:
    """One corner cell over all rows of the head, instead of an empty one above the stub's own."""
    rows = table.findall("./thead/tr")
    if len(rows) < 2 or not len(rows[0]) or not len(rows[1]):
        return
    upper, lower = rows[0][0], rows[1][0]
    empty = not upper.text_content().replace("\xa0", "").replace("&nbsp", "").strip()
    if empty and lower.get("colspan") == upper.get("colspan") and upper.get("rowspan", "1") == "1":
        lower.set("rowspan", str(int(lower.get("rowspan", "1")) + 1))
        rows[0].replace(upper, lower)


def _drop_dangling_headers(table: HtmlElement) -> None:
    """``headers`` that name a cell which was merged away name nothing: leave them out."""
    ids = {element.get("id") for element in table.iter("th", "td") if element.get("id")}
    for cell in table.iter("td", "th"):
        if headers := cell.get("headers"):
            kept = " ".join(name for name in headers.split() if name in ids)
            if kept:
                cell.set("headers", kept)
            else:
                del cell.attrib["headers"]
