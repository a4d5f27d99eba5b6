"""The rule book as a person reads it: on the terminal, and as a chapter of the handbook."""

from __future__ import annotations

from nianbao.statute.rulebook import RULES, Rule
from nianbao.wording import enumeration

_FAMILIES = {
    "T0": "登记簿",
    "T2": "第二部分的表格",
    "T3": "第三部分的表格",
    "T4": "第四部分的表格",
    "P": "正文与数字",
    "D": "文件",
    "L": "雷同",
    "C": "全市汇总",
    "W": "豁免",
    "R": "读取已公开的报告",
    "G": "笔记本与成品",
}
_OUTCOMES = """\
每条规则对一份报告只有三种结果：**成立**、**不成立**、**无法核对**。成立的只计数，不列出；无法核对的从不当作成立。

* **错误**：必须改正。改正之前报告是草稿，每页印“草稿”二字，`nianbao check` 的退出码为 1。错误类规则无法核对的，也是草稿。
* **警告**：逐条看过；属实的可以照发，并在 `waivers`（豁免）中写明原因。
* **提示**：供参考。

已知而不能改的错误（例如重现已经公开的报告），用 `nianbao waive` 写入参数文件的 `waivers`：单位、年份、规则、格、当时的两个值和所看到的一切、原因、姓名、日期；
其中任何一项变了，豁免随即失效，并由 W-01 指出；别的单位、别的年份的豁免由 W-02 指出。正文里没有数据可以对照的数，核实后把原文和依据写入 `declared`（担保的数）。

2019、2020 年度的报告用国办公开办函〔2019〕60号的试行格式，表格的行列与 2021 年的格式不同，规则相同；不用于某一种格式的规则另行注明。

G 类规则核对运行过的笔记本，也就是将要印出的成品，不能豁免；`nianbao check` 只看参数，不运行笔记本，不核对这一类。
"""


def _family(rule: Rule) -> str:
    return rule.code.partition("-")[0]


def _exceptions(rule: Rule) -> str:
    return f"（{enumeration(rule.but_not)} 年格式除外）" if rule.but_not else ""


def listing() -> str:
    """The book for the terminal: code, severity and sentence, a rule a line, under the name of its family."""
    lines: list[str] = []
    for family, name in _FAMILIES.items():
        rules = [rule for rule in RULES if _family(rule) == family]
        if rules:
            lines += ["", name] if lines else [name]
            lines += [f"  {rule.code}  {rule.severity.label}  {rule.holds}{_exceptions(rule)}" for rule in rules]
    return "\n".join(lines) + "\n"


def markdown() -> str:
    """The handbook chapter: every rule with its sentence, an example of a breach, what to do, and its source."""
    parts = ["# 核对规则\n", _OUTCOMES]
    for family, name in _FAMILIES.items():
        rules = [rule for rule in RULES if _family(rule) == family]
        if rules:
            parts.append(f"## {name}\n")
            parts += [_entry(rule) for rule in rules]
    return "\n".join(parts)


def _entry(rule: Rule) -> str:
    return (
        f"### {rule.code} {rule.severity.label}{_exceptions(rule)}\n\n"
        f"{rule.holds}\n\n"
        f"* 例：{rule.example}\n"
        f"* 怎么办：{rule.remedy}。\n"
        f"* 依据：{rule.source}。\n"
    )
