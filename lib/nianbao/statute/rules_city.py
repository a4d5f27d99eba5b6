"""The rules of a city's own report: it is the sum of all its bodies, and of nothing less."""

from __future__ import annotations

from nianbao.statute.rule import Predicate, Rule, Severity

_NOTICE = "国办公开办函〔2021〕30号二（二）"

CITY_RULES = (
    Rule(
        code="C-01",
        severity=Severity.ERROR,
        test=Predicate("every_body_is_counted"),
        holds="全市报告由全部单位的报告相加，没有缺少的单位。",
        fails="{right} 个单位中有 {left} 个没有计入：{names}",
        remedy="催报或改正这些单位的报告，再生成全市报告",
        elsewhere="核对汇总的单位",
        source=_NOTICE,
        example="37 个单位，有一个没有报送，全市的数已经公布。",
    ),
    Rule(
        code="C-02",
        severity=Severity.ERROR,
        test=Predicate("every_body_is_ready"),
        holds="计入全市报告的各单位报告都可以发布。",
        fails="有 {left} 个单位的报告仍是草稿：{names}",
        remedy="退回这些单位改正，再生成全市报告",
        elsewhere="核对各单位的报告",
        source=f"{_NOTICE}；30号三",
        example="一个镇的报告总计不平，照样计入全市。",
    ),
    Rule(
        code="C-03",
        severity=Severity.ERROR,
        test=Predicate("every_body_fills_every_cell"),
        holds="各单位报告的每一格都是数，全市的数没有缺漏。",
        fails="全市的表有 {left} 格不完整：{names}",
        remedy="让这些单位补上，没有的填 0",
        elsewhere="核对这些格",
        source=_NOTICE,
        example="一个单位行政复议一行空白，全市的复议总计少了它的一部分。",
    ),
)
