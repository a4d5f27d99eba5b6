"""The rules that tie a report's figures to those of the year before."""

from __future__ import annotations

from nianbao.statute.rule import Equation, Rule, Severity

YEAR_RULES = (
    Rule(
        code="T2-04",
        severity=Severity.WARNING,
        test=Equation(
            over="t2.documents",
            left=("t2.{item}.in_force",),
            right=("上年:t2.{item}.in_force", "t2.{item}.made", "-t2.{item}.repealed"),
            at="t2.{item}.in_force",
        ),
        holds="现行有效件数等于上年的现行有效件数加上本年制发件数，再减去本年废止件数。",
        fails="现行有效 {left} 件，按上年现行有效加本年制发减本年废止为 {right} 件，相差 {difference}",
        remedy="核对这一行；有别的原因的（如文件到期失效），在 waivers 中写明",
        elsewhere="核对这一行，看有没有文件到期失效等别的原因",
        source="惯例：年末数等于年初数加增减数",
        example="上年现行有效 5 件，本年制发 1 件、废止 0 件，现行有效却为 5。",
        but_not=("2019",),
    ),
    Rule(
        code="T3-04",
        severity=Severity.ERROR,
        test=Equation(
            over="t3.total_column",
            left=("t3.carried_in.{column}",),
            right=("上年:t3.carried_out.{column}",),
            at="t3.carried_in.{column}",
        ),
        holds="上年结转的总计等于上年报告中结转下年度继续办理的总计。",
        fails="上年结转 {left}，上年报告的结转下年度为 {right}，相差 {difference}",
        remedy="核对上年报告；上年报告有误的，先更正上年报告",
        source="惯例：本年的上年结转就是上年的结转下年度",
        example="上年结转下年度 2 件，本年的上年结转填了 0。",
    ),
    Rule(
        code="T3-05",
        severity=Severity.WARNING,
        test=Equation(
            over="t3.applicants",
            left=("t3.carried_in.{column}",),
            right=("上年:t3.carried_out.{column}",),
            at="t3.carried_in.{column}",
        ),
        holds="上年结转的各列等于上年报告中结转下年度继续办理的各列。",
        fails="上年结转 {left}，上年报告的结转下年度为 {right}，相差 {difference}",
        remedy="核对这一列；申请人改了类别的，在 waivers 中写明",
        elsewhere="核对这一列，看申请人有没有改了类别",
        source="惯例：本年的上年结转就是上年的结转下年度",
        example="上年报告结转的 1 件在自然人一列，本年却填在商业企业一列。",
    ),
)
