"""The rule that binds typed figures to the registers."""

from __future__ import annotations

from nianbao.statute.rule import Predicate, Rule, Severity

REGISTER_RULES = (
    Rule(
        code="T0-01",
        severity=Severity.ERROR,
        test=Predicate("typed_equals_counted"),
        holds="手工填写的数与登记簿算得的数一致。",
        fails="填写 {left}，登记簿算得 {right}（{rows}）",
        remedy="核对登记簿，或删去填写的数，由登记簿计算",
        source="惯例",
        example="填写本年新收 3 件，登记簿里本年收到的只有 2 件。",
    ),
)
