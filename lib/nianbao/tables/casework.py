"""What the registers tell the analyst, never printed: answers and requests to amend against their periods, months."""

from __future__ import annotations

from typing import Any

import pandas as pd

from nianbao.registers import RegisterFigures
from nianbao.registers.periods import IN_TIME, LATE, NEVER, NOT_DUE
from nianbao.tables.merged import FormTable

MOST_ROWS = 100
"""Applications that the table names; the rest are counted."""

_PERIODS = "办理期限"
_ORDER = (
    *("收到日期", "应答复日期", "答复日期", "逾期工作日", "年末剩余工作日"),
    *("补正告知期限", "补正告知日期", "补正告知逾期工作日"),
)


def deadlines_table(registers: RegisterFigures) -> FormTable | None:
    """The applications that were late, are open or cannot be reckoned; how many there are in the head.

    Without such applications one row says so. None where no register of applications is kept.
    """
    if registers.applications is None:
        return None
    found = registers.deadlines
    amend_late = (found["补正告知逾期工作日"] > 0).fillna(False)
    attention = found[(found["状态"] != IN_TIME) | amend_late]
    if attention.empty:
        said = "都已按期答复" if len(found) else "登记簿里没有这一年的申请"
        return _table(pd.DataFrame({"情况": [f"共 {len(found)} 件，{said}"]}), "deadlines", _PERIODS)
    shown = attention.head(MOST_ROWS)
    rows = pd.DataFrame({"收件编号": shown.index})
    for name in _ORDER:
        texts = shown[name].dt.strftime("%Y-%m-%d") if name.endswith(("日期", "期限")) else shown[name].astype("string")
        if texts.notna().any():
            rows[name] = texts.fillna("").to_numpy()
    also = amend_late.loc[shown.index]
    rows["情况"] = shown["状态"].where(~also, shown["状态"] + "；补正告知逾期").to_numpy()
    table = _table(rows, "deadlines", _PERIODS, _headline(found, amend_late)).cols_align("left")
    if len(attention) > len(shown):
        table = table.tab_source_note(
            f"另有 {len(attention) - len(shown)} 件未列出，用 nb.deadlines(report) 查看全部。"
        )
    return table


def _headline(found: pd.DataFrame, amend_late: pd.Series[bool]) -> str:
    """How many applications are in which state, in one line; what there is none of is left out."""
    states = found["状态"]
    counts = {
        "按期答复": int(states.str.startswith(IN_TIME).sum()),
        "逾期答复": int((states == LATE).sum()),
        "年末仍未答复且已逾期": int((states == NEVER).sum()),
        "年末未答复、未到期": int((states == NOT_DUE).sum()),
        "放假安排未知、无法计算": int(states.str.startswith("只知道").sum()),
        "补正告知逾期": int(amend_late.sum()),
    }
    told = "，".join(f"{name} {count} 件" for name, count in counts.items() if count)
    return f"共 {len(found)} 件：{told}"


def months_table(registers: RegisterFigures) -> FormTable | None:
    """A row for each monthly series, twelve columns and the year; None where no register has one."""
    monthly = registers.monthly
    if monthly.empty:
        return None
    rows = monthly.T.set_axis([f"{month}月" for month in monthly.index], axis="columns")
    rows["全年"] = rows.sum(axis="columns")
    shown = rows.rename_axis("登记簿").reset_index()
    return _table(shown, "months", "逐月件数", f"{registers.year} 年，按登记簿的日期").cols_align(
        "center", columns=[name for name in shown.columns if name != "登记簿"]
    )


def _table(rows: pd.DataFrame, name: str, title: str, subtitle: str = "") -> FormTable:
    table: Any = FormTable(rows.astype("object").map(str), id=name)
    styled: FormTable = table.tab_header(title=title, subtitle=subtitle or None).tab_options(
        table_font_size="14px", table_width="100%"
    )
    return styled
