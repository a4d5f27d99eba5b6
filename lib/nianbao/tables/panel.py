"""The check panel: what fails first, then what cannot be told, waived last; what holds is counted, not listed."""

from __future__ import annotations

from collections import Counter
from copy import copy
from typing import Any, Self

import pandas as pd
from great_tables import loc, style
from lxml import html

from nianbao.rules import CheckResult, Finding, Severity
from nianbao.rules.listed import listed
from nianbao.tables.merged import FormTable
from nianbao.wording import publishable

# A mark of its own for every level, so that nobody depends on telling the colours apart.
_MARKS = {Severity.ERROR: "■", Severity.WARNING: "▲", Severity.INFO: "●"}
_COLOURS = {Severity.ERROR: "#b3261e", Severity.WARNING: "#8a5300", Severity.INFO: "#4a4a4a"}
_WAIVED, _WAIVED_MARK, _WAIVED_COLOUR = "已豁免", "○", "#2e6b34"
_READY, _DRAFT = "#e6f2e7", "#fbe9e7"
_LEGEND = "■ 错误：改正或豁免之前是草稿。▲ 警告：看一遍，属实的可以照发。● 提示：供参考。○ 已豁免：值变了即失效。"


class FindingsTable(FormTable):
    """The panel's table; the key of the cell that a finding is about shows on hover."""

    _keys: tuple[str, ...] = ()

    def with_keys(self, keys: tuple[str, ...]) -> Self:
        """The same table with the key of each row's cell, in the order of the rows."""
        table = copy(self)
        table._keys = keys
        return table

    def as_raw_html(self, *args: Any, **kwargs: Any) -> str:
        """As :class:`FormTable`'s."""
        root = html.fragment_fromstring(super().as_raw_html(*args, **kwargs))
        rows = [row for row in root.iterfind(".//tbody/tr") if len(row) > 1]
        for row, key in zip(rows, self._keys, strict=True):
            if key:
                row[2].set("title", key)
        text: str = html.tostring(root, encoding="unicode")
        return text


def findings_table(result: CheckResult) -> FindingsTable:
    """One row a finding: 级别, 规则, 位置, 问题 (both sides), 怎么办; in groups by outcome."""
    shown = listed(result.findings)
    groups = Counter(_group(finding) for finding in shown.findings)
    rows = [(f"{_group(finding)}（{groups[_group(finding)]}）", *_row(finding)) for finding in shown.findings]
    names = ["结果", "级别", "规则", "位置", "问题", "怎么办"]
    table = (
        FindingsTable(pd.DataFrame(rows, columns=names, dtype="object"), id="findings", groupname_col="结果")
        .tab_header(title=_headline(result), subtitle=_counts(result))
        .cols_align("left")
        .cols_width(cases={"级别": "5em", "规则": "5em", "位置": "20%", "问题": "40%"})
        .tab_options(
            table_font_size="14px",
            table_width="100%",
            heading_align="left",
            heading_background_color=_READY if result.ready else _DRAFT,
            row_group_background_color="#f3f3f3",
            row_group_font_weight="bold",
            data_row_padding="6px",
            column_labels_hidden=not rows,
        )
    )
    if rows:
        body: Any = loc.body(columns=["位置", "问题", "怎么办"])
        table = table.tab_source_note(f"{shown.note}{_LEGEND}")
        table = table.tab_style(style=style.css("white-space:pre-line;overflow-wrap:anywhere;"), locations=body)
        everywhere: Any = loc.body()
        table = table.tab_style(style=style.css("vertical-align:top;"), locations=everywhere)
    for index, finding in enumerate(shown.findings):
        colour = _COLOURS[finding.severity] if finding.waived is None else _WAIVED_COLOUR
        where: Any = loc.body(columns=["级别", "规则"], rows=[index])
        css = f"color:{colour};font-weight:bold;white-space:nowrap;"
        table = table.tab_style(style=style.css(css), locations=where)
    return table.with_keys(tuple(finding.cell or "" for finding in shown.findings))


def nothing_found(result: CheckResult) -> str:
    """The head of the panel alone, for a report of which there is nothing to list."""
    css = f"background-color:{_READY};border-bottom:2px solid #d3d3d3;padding:4px 5px;font-size:14px;"
    return f'<div style="{css}"><div style="font-size:125%">{_headline(result)}</div><div>{_counts(result)}</div></div>'


def _group(finding: Finding) -> str:
    return _WAIVED if finding.waived is not None else finding.outcome.label


def _row(finding: Finding) -> tuple[str, ...]:
    place = "\n".join(filter(None, (finding.label, finding.place)))
    if finding.waived is not None:
        level, wrong = f"{_WAIVED_MARK} {_WAIVED}", f"{finding.outcome.label}：{finding.wrong}"
        return level, finding.rule, place, f"{wrong}。", f"豁免理由：{finding.waived}"
    level = f"{_MARKS[finding.severity]} {finding.severity.label}"
    return level, finding.rule, place, f"{finding.wrong}。", f"{finding.remedy}。" if finding.remedy else ""


def _headline(result: CheckResult) -> str:
    if not result.ready and not result.blocking:
        return "草稿：错误类规则一条都没有查过"
    if not result.ready:
        return f"草稿：有 {len(result.blocking)} 个问题必须先解决"
    verdict = publishable(result.counts[Severity.WARNING.value])
    if result.waived:
        return f"{verdict}：错误类规则都成立，或已豁免（{len(result.waived)} 项）"
    return f"{verdict}：错误类规则都成立"


def _counts(result: CheckResult) -> str:
    counts = result.counts
    return (
        f"成立 {counts['held']} 项，不再列出；错误 {counts['error']} 项，警告 {counts['warning']} 项，"
        f"提示 {counts['info']} 项，已豁免 {counts['waived']} 项"
    )
