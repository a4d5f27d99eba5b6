"""The rules about prose that was copied."""

from __future__ import annotations

from nianbao.statute.rule import Predicate, Rule, Severity

_SOURCE = "国办公开办函〔2021〕30号一（五）、三（四）；惯例：上级审核时，与上年或别处雷同的文字按敷衍退回"

LIKENESS_RULES = (
    Rule(
        code="L-01",
        severity=Severity.WARNING,
        test=Predicate("differs_from_last_year"),
        holds="各部分的文字与上年的报告不雷同。",
        fails="与 {year} 年的报告有 {left}% 相同，最长的一段 {length} 字：{longest}",
        remedy="写今年的情况",
        source=_SOURCE,
        example="第五部分与上年一字不差。",
    ),
    Rule(
        code="L-02",
        severity=Severity.WARNING,
        test=Predicate("differs_from_other_units"),
        holds="各部分的文字与本市别的镇、街道今年的报告不雷同。",
        fails="与{other}今年的报告有 {left}% 相同，最长的一段 {length} 字：{longest}",
        remedy="写本单位的情况",
        source=_SOURCE,
        example="总体情况只换了单位名称。",
    ),
)
