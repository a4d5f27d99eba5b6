"""The rule about reading a published report: what was not recognised is never taken for sound."""

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
)
