"""The rules about reading a published report: what was not recognised is never taken for sound."""

from __future__ import annotations

from nianbao.statute.rule import Predicate, Rule, Severity

READING_RULES = (
    Rule(
        code="R-01",
        severity=Severity.ERROR,
        test=Predicate("everything_is_recognised"),
        holds="读取已公开的报告时，每张表、每一行、每一部分都能按格式认出。",
        fails="有 {left} 处没有认出",
        remedy="对照原文核对没有认出的地方",
        source="惯例：认不出的不猜，不当作没有问题",
        example="网页里第三部分少了总计列，这张表的数没有读。",
    ),
    Rule(
        code="R-02",
        severity=Severity.WARNING,
        test=Predicate("every_equation_can_be_worked_out"),
        holds="读取已公开的报告时，各条等式要用的格都读得出。",
        fails="有 {left} 处没有核对",
        remedy="对照原文核对没有读出的格之后再算",
        source="惯例：没有读出的格，要用它的等式不算成立，也不算不成立",
        example="第三部分没有读出，各列的勾稽关系没有核对。",
    ),
    Rule(
        code="R-03",
        severity=Severity.WARNING,
        test=Predicate("no_cell_is_left_blank"),
        holds="已公开的报告没有空白的格，没有的填 0。",
        fails="有 {left} 格空白，其余各条按 0 核对",
        remedy="没有的应填 0",
        source="《政府信息公开工作年度报告格式》（国办公开办函〔2021〕30号）；2019、2020 年为国办公开办函〔2019〕60号",
        example="没有行政复议，左半张表留空。",
    ),
)
