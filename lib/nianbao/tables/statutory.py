"""The three tables of the form, as the notice prints them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from html import escape
from typing import Any, Protocol

import pandas as pd

from nianbao.statute import EDITIONS
from nianbao.statute.form import Block, Edition
from nianbao.tables.merged import FormTable, Merge

STUB_WIDTHS = (9.0, 23.0, 61.0)
"""Part three, mm: 三 | （一）… | 1.…; with seven columns of 9 mm they fill 156 mm."""
APPLICANT_WIDTH = 9.0
RESULT_WIDTH = 10.4
ITEM_WIDTHS = (48.0, 36.0, 36.0, 36.0)


class Text(Protocol):
    """What a cell prints."""

    @property
    def text(self) -> str: ...


class Figures(Protocol):
    """A report, a city's sums: a form with what its cells print, by key."""

    @property
    def edition(self) -> Edition: ...
    @property
    def cells(self) -> Mapping[str, Text]: ...


@dataclass(frozen=True)
class _Place:
    """Prints as a mark that no text can hold, for params refuse these characters."""

    key: str

    @property
    def text(self) -> str:
        return f"\ue000{self.key}\ue002"


@dataclass(frozen=True)
class _Form:
    """An edition with a mark in each cell."""

    edition: Edition
    cells: Mapping[str, _Place]


def statutory_html(part: str, figures: Figures) -> str:
    """The HTML of the table of a part (``disclosure``, ``applications``, ``disputes``).

    great-tables draws each table of an edition once a process, with marks in its cells; a report's figures take
    their place. A test holds the result equal to the table drawn with the figures.
    """
    cells = figures.cells
    return re.sub(
        "\ue000(.+?)\ue002",
        lambda match: escape(cells[match[1]].text, quote=False),
        _drawn(part, figures.edition),
    )


@lru_cache(maxsize=3 * len(EDITIONS))
def _drawn(part: str, edition: Edition) -> str:
    places = {key: _Place(key) for key in edition.fields}
    return STATUTORY[part](_Form(edition, places)).as_raw_html()


def disclosure_table(report: Figures) -> FormTable:
    """Part two, 主动公开政府信息情况: four columns; where a block has fewer, the last one spans the rest."""
    table = report.edition.t2
    width = 1 + max(len(block.columns) for block in table.blocks)
    rows: list[list[str]] = []
    groups: list[str] = []
    merges: list[Merge] = []
    head_rows: set[int] = set()
    for number, block in enumerate(table.blocks, start=1):
        for cells in _block_rows(report, block):
            printed = len(rows) + number  # the block's own heading row stands above
            if cells is None:
                cells = [table.item_head, *(column.label for column in block.columns)]
                head_rows.add(printed)
            if len(cells) < width:
                merges.append(Merge(printed, len(cells) - 1, width - len(cells) + 1))
            rows.append(cells + [""] * (width - len(cells)))
            groups.append(block.clause)
    names = ["item", *(f"figure{n}" for n in range(1, width))]
    data = pd.DataFrame(rows, columns=names).assign(clause=groups)
    gt = FormTable(data, groupname_col="clause", rowname_col="item", id="t2")
    return styled(gt.tab_options(column_labels_hidden=True)).with_form(tuple(merges), frozenset(head_rows), ITEM_WIDTHS)


def _block_rows(report: Figures, block: Block) -> list[list[str] | None]:
    """None for the row of column heads, then a row per item."""
    items: list[list[str] | None] = [
        [item.label, *(report.cells[f"t2.{item.key}.{column.key}"].text for column in block.columns)]
        for item in block.items
    ]
    return [None, *items]


def applications_table(report: Figures) -> FormTable:
    """Part three, 收到和处理政府信息公开申请情况: 3 rows of heads, then the form's rows × (3 + 7) columns."""
    table = report.edition.t3
    stub = [list(row.stub) + [""] * (3 - len(row.stub)) for row in table.rows]
    figures = [[report.cells[f"t3.{row.key}.{c.key}"].text for c in table.columns] for row in table.rows]
    data = pd.DataFrame(
        [labels + cells for labels, cells in zip(stub, figures, strict=True)],
        columns=["part", "outcome", "reason", *(column.key for column in table.columns)],
    )
    legal_persons: Any = [column.key for column in table.legal_persons]
    everyone: Any = [column.key for column in table.columns]
    gt = (
        FormTable(data, rowname_col=["part", "outcome", "reason"], id="t3")
        .cols_label(cases={column.key: column.label for column in table.columns})
        .tab_stubhead(table.corner)
        .tab_spanner(table.legal_person_head, columns=legal_persons, id="legal-persons")
        .tab_spanner(table.head, columns=everyone, level=1, id="applicants")
    )
    widths = (*STUB_WIDTHS, *(APPLICANT_WIDTH for _ in table.columns))
    return styled(gt).with_form(tuple(_stub_merges(stub)), widths=widths)


def _stub_merges(stub: list[list[str]]) -> list[Merge]:
    """A label with nothing to its right spans the rest of the stub."""
    merges: list[Merge] = []
    above = ["", "", ""]
    for row, labels in enumerate(stub):
        depth = sum(1 for label in labels if label)
        # Labels equal to the row above were merged upwards by great-tables and are not in this row.
        absorbed = 0
        while absorbed < depth and labels[absorbed] and labels[absorbed] == above[absorbed]:
            absorbed += 1
        if depth < 3:
            merges.append(Merge(row, depth - 1 - absorbed, 3 - depth + 1))
        above = labels
    return merges


def disputes_table(report: Figures) -> FormTable:
    """Part four, 行政复议、行政诉讼情况: one row of fifteen cells under heads of three rows."""
    table = report.edition.t4
    names = [f"{group.key}.{column.key}" for group in table.groups for column in table.columns]
    data = pd.DataFrame([[report.cells[f"t4.{name}"].text for name in names]], columns=names)
    gt = FormTable(data, id="t4").cols_label(
        cases={f"{group.key}.{column.key}": column.label for group in table.groups for column in table.columns}
    )
    outer: dict[str, list[str]] = {}
    for group in table.groups:
        columns: Any = [f"{group.key}.{column.key}" for column in table.columns]
        outer.setdefault(group.heads[0], []).extend(columns)
        if len(group.heads) > 1:
            gt = gt.tab_spanner(group.heads[1], columns=columns, id=group.key)
    for head, under in outer.items():
        everything: Any = under
        gt = gt.tab_spanner(head, columns=everything, level=1, id=f"head-{under[0].split('.')[0]}")
    return styled(gt).with_form(widths=tuple(RESULT_WIDTH for _ in names))


STATUTORY = {"disclosure": disclosure_table, "applications": applications_table, "disputes": disputes_table}
"""The table of each part that has one."""


def styled(gt: FormTable) -> FormTable:
    """The look in JupyterLab: thin even rules, figures centred. Published pages have their own style sheet."""
    line: dict[str, Any] = {
        f"{part}_{side}_{what}": value
        for part, sides in (
            ("table_body", ("hlines", "vlines")),
            ("column_labels", ("vlines",)),
            ("row_group_border", ("top", "bottom")),
            ("column_labels_border", ("top", "bottom")),
            ("table_border", ("top", "bottom")),
        )
        for side in sides
        for what, value in (("style", "solid"), ("width", "1px"), ("color", "#333333"))
    }
    look: FormTable = (
        gt.cols_align("center")
        .tab_options(table_font_size="14px", stub_border_style="solid", stub_border_color="#333333", **line)
        .opt_table_outline(width="1px", color="#333333")
    )
    return look
