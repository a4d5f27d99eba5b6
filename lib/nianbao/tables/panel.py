"""The check panel: what fails first, then what cannot be told; what holds is counted, not listed."""

from __future__ import annotations

from typing import Any

import pandas as pd
from great_tables import loc, style

from nianbao.checks import CheckResult, Finding, Severity
from nianbao.tables.merged import FormTable

_COLOURS = {Severity.ERROR: "#b3261e", Severity.WARNING: "#8a5300", Severity.INFO: "#4a4a4a"}
_WAIVED = "#2e6b34"


def findings_table(result: CheckResult) -> FormTable:
    """One row a finding: 级别, 规则, 结果, 说明, 豁免理由."""
    rows = [_row(finding) for finding in result.findings]
    names = ["级别", "规则", "结果", "说明", "豁免理由"]
    table = (
        FormTable(pd.DataFrame(rows, columns=names, dtype="object"), id="findings")
        .tab_header(title=_headline(result), subtitle=_counts(result))
        .cols_align("left")
        .cols_width(cases={"级别": "5em", "规则": "5em", "结果": "6em", "说明": "50%"})
        .tab_options(table_font_size="14px", table_width="100%")
    )
    for index, finding in enumerate(result.findings):
        colour = _WAIVED if finding.waived is not None else _COLOURS[finding.severity]
        where: Any = loc.body(columns=["级别", "规则", "结果"], rows=[index])
        table = table.tab_style(style=style.text(color=colour, weight="bold"), locations=where)
    return table


def _row(finding: Finding) -> list[str]:
    level = "已豁免" if finding.waived is not None else finding.severity.label
    return [level, finding.rule, finding.outcome.label, finding.message, finding.waived or ""]


def _headline(result: CheckResult) -> str:
    if result.ready:
        return "可以发布：各项硬性规则均成立或已豁免"
    return f"草稿：有 {len(result.blocking)} 个问题必须先解决"


def _counts(result: CheckResult) -> str:
    counts = result.counts
    return (
        f"成立 {counts['held']} 项；错误 {counts['error']}、警告 {counts['warning']}、"
        f"提示 {counts['info']}；已豁免 {counts['waived']}"
    )
