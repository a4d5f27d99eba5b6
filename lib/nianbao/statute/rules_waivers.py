"""The rules about waivers: leave that was given for values which are no longer there is no leave."""

from __future__ import annotations

from nianbao.statute.rule import Predicate, Rule, Severity

WAIVER_RULES = (
    Rule(
        code="W-01",
        severity=Severity.WARNING,
        test=Predicate("waivers_still_fit"),
        holds="每条豁免都对应一个现有的问题，值与作出豁免时相同。",
        fails="豁免已失效：{why}",
        remedy="删除这条豁免，或用 nianbao waive 按现在的值重新作出",
        source="惯例：豁免只对写明的值有效",
        example="豁免时总计列为 0，后来改成 1，豁免没有删。",
    ),
    Rule(
        code="W-02",
        severity=Severity.ERROR,
        test=Predicate("waivers_are_of_this_report"),
        holds="每条豁免都是为本单位本年份的报告作出的。",
        fails="豁免写的是 {left}，本报告是 {right}",
        remedy="删除这条豁免；问题仍在而确需保留的，用 nianbao waive 重新作出",
        source="惯例：豁免只对所写明的报告有效",
        example="复制永和镇的参数填安海镇的报告，五条豁免一并带了过来。",
    ),
    Rule(
        code="W-03",
        severity=Severity.WARNING,
        test=Predicate("notes_stand_under_a_table"),
        holds="带注的豁免都是关于表格的，注印在那张表下。",
        fails="豁免带注，但它关于 {left}，不在表格里，注不会印出",
        remedy="把这句话写进正文，删去 note",
        source="惯例：注印在所豁免的单元格所在的表下",
        example="豁免的是正文里的一个数，note 写了“以本年度报告为准”。",
    ),
)
