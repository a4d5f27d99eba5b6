"""Every figure of the narrative with what it was taken for: how the judge reads, for whoever wants to see it."""

from __future__ import annotations

from typing import Any

import pandas as pd
from great_tables import loc, style

from nianbao.rules.judge.reading import Figure, Reading, Role
from nianbao.tables.merged import FormTable

_COLOURS = {Role.OPEN: "#8a5300", Role.UNREADABLE: "#b3261e", Role.ODD: "#4a4a4a"}
REACH = 16
"""So many characters before a figure are shown with it."""


def figures_table(reading: Reading) -> FormTable:
    """One row a figure, in order: 部分, 原文, 数, 判为, 说明."""
    figures = reading.figures
    rows = [(one.passage.label, one.quote(REACH), one.text, one.role.value, _what(one)) for one in figures]
    open_ = sum(not one.is_accounted_for for one in figures)
    table = (
        FormTable(
            pd.DataFrame(rows, columns=["部分", "原文", "数", "判为", "说明"], dtype="object"),
            id="figures",
            groupname_col="部分",
        )
        .tab_header(title=f"正文里的数：{len(figures)} 个", subtitle=f"其中 {open_} 个没有数据可以对照")
        .cols_align("left")
        .tab_options(
            table_font_size="14px",
            table_width="100%",
            heading_align="left",
            data_row_padding="4px",
            column_labels_hidden=not rows,
        )
    )
    for role, colour in _COLOURS.items():
        where: Any = loc.body(
            columns=["数", "判为"], rows=[index for index, one in enumerate(figures) if one.role is role]
        )
        table = table.tab_style(style=style.css(f"color:{colour};"), locations=where)
    return table


def _what(figure: Figure) -> str:
    """What it quotes or is, and that it was filled in."""
    return "；".join(part for part in (figure.what, "由数据填入" if figure.key else "") if part)
