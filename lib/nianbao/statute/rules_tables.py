"""The rules that bind the figures of parts two, three and four within one report."""

from __future__ import annotations

from nianbao.statute.rule import Equation, Predicate, Rule, Severity

_FORM = "国办公开办函〔2021〕30号附件"

TABLE_RULES = (
    Rule(
        code="T2-01",
        severity=Severity.ERROR,
        test=Predicate("t2_cells_are_numbers"),
        holds="第二部分每一格都是数，没有空白。",
        fails="有 {left} 格不是数：{cells}",
        remedy="逐格填数，确实没有的填 0",
        source=_FORM,
        example="行政许可的处理决定数量留空。",
    ),
    Rule(
        code="T3-01",
        severity=Severity.ERROR,
        test=Equation(
            over="t3.columns",
            left=("t3.received.{column}", "t3.carried_in.{column}"),
            right=("t3.total.{column}", "t3.carried_out.{column}"),
            at="t3.received.{column}",
        ),
        holds="每一列，本年新收加上年结转，等于（七）总计加结转下年度。",
        fails="新收与上年结转合计 {left}，（七）总计与结转下年度合计 {right}，相差 {difference}",
        remedy="核对这一列的新收、结转和办理结果",
        source=f"{_FORM}第三部分勾稽关系",
        example="新收 3 件、结转 0 件，办结 2 件、结转下年度 0 件。",
    ),
    Rule(
        code="T3-02",
        severity=Severity.ERROR,
        test=Equation(
            over="t3.columns",
            left=("t3.{outcomes}.{column}",),
            right=("t3.total.{column}",),
            at="t3.total.{column}",
        ),
        holds="每一列，各项办理结果之和等于（七）总计。",
        fails="各项办理结果合计 {left}，（七）总计 {right}，相差 {difference}",
        remedy="核对这一列的各项办理结果",
        source=f"{_FORM}第三部分",
        example="其他列只有一项为 1，（七）总计却为 0。",
    ),
    Rule(
        code="T3-03",
        severity=Severity.ERROR,
        test=Equation(
            over="t3.rows",
            left=("{row}.{applicants}",),
            right=("{row}.total",),
            at="{row}.total",
        ),
        holds="每一行，六类申请人之和等于总计列。",
        fails="六类申请人合计 {left}，总计列 {right}，相差 {difference}",
        remedy="核对这一行的六类申请人",
        source=f"{_FORM}第三部分",
        example="其他列为 1，总计列为 0。",
    ),
    Rule(
        code="T3-06",
        severity=Severity.ERROR,
        test=Predicate("t3_cells_are_numbers"),
        holds="第三部分每一格都是非负整数，没有空白。",
        fails="有 {left} 格不是数：{cells}",
        remedy="逐格填数，没有的填 0",
        source=_FORM,
        example="没有收到申请，于是整行留空。",
    ),
    Rule(
        code="T4-01",
        severity=Severity.ERROR,
        test=Equation(
            over="t4.groups",
            left=("{group}.{results}",),
            right=("{group}.total",),
            at="{group}.total",
        ),
        holds="行政复议和两类行政诉讼，四种结果之和等于总计。",
        fails="四种结果合计 {left}，总计 {right}，相差 {difference}",
        remedy="核对这一组的四种结果",
        source=f"{_FORM}第四部分",
        example="结果维持 2 件、尚未审结 1 件，总计却为 2。",
    ),
    Rule(
        code="T4-02",
        severity=Severity.ERROR,
        test=Predicate("t4_cells_are_numbers"),
        holds="第四部分每一格都是非负整数，没有空白。",
        fails="有 {left} 格不是数：{cells}",
        remedy="逐格填数，没有的填 0",
        source=_FORM,
        example="没有行政复议，于是左半张表留空。",
    ),
)
