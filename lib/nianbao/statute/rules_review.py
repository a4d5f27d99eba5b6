"""The rules that those who review reports apply: most inform, for the notice leaves them to judgement."""

from __future__ import annotations

from nianbao.statute.rule import Predicate, Rule, Severity

_NOTICE = "国办公开办函〔2021〕30号"

REVIEW_RULES = (
    Rule(
        code="P-23",
        severity=Severity.WARNING,
        test=Predicate("on_time_means_none_overdue"),
        holds="正文说申请均按期答复的，登记簿里没有逾期的申请。",
        fails="{place}，登记簿里有 {right} 件逾期",
        remedy="核对登记簿的收到、答复和延期日期；确实逾期的，改写这句话",
        source="《中华人民共和国政府信息公开条例》第三十三条",
        example="“申请均按期答复”，登记簿里有 1 件逾期三个工作日。",
    ),
    Rule(
        code="D-34",
        severity=Severity.INFO,
        test=Predicate("overview_is_short_enough"),
        holds="总体情况原则上不超过 1000 字。",
        fails="有 {left} 字，原则上不超过 {right} 字",
        remedy="压缩这一部分，留下当年的做法和数",
        source=f"{_NOTICE}一（一）",
        example="总体情况写了 2025 字。",
        but_not=("2019",),
    ),
    Rule(
        code="D-35",
        severity=Severity.INFO,
        test=Predicate("problems_have_measures"),
        holds="第五部分列出的每个问题都有对应的改进措施。",
        fails="列出 {left} 个问题，只列出 {right} 项措施",
        remedy="给每个问题写一项措施",
        source=f"{_NOTICE}一（五）",
        example="问题写到“三是”，措施只写到“二是”。",
    ),
    Rule(
        code="D-36",
        severity=Severity.INFO,
        test=Predicate("last_years_problems_are_taken_up"),
        holds="第五部分说明上年报告所列问题的改进结果。",
        fails="没有说到 {left} 年报告所列问题的改进结果",
        remedy="补一句上年所列问题改进得怎样",
        source=f"{_NOTICE}一（五）、三（四）；惯例",
        example="上年说解读偏少，今年的报告一字不提。",
    ),
    Rule(
        code="D-37",
        severity=Severity.INFO,
        test=Predicate("catalogue_is_mentioned"),
        holds="2025 年起的报告在总体情况中写到主动公开事项目录。",
        fails="没有写到主动公开事项目录",
        remedy="补写目录的编制和公布情况",
        source="惯例：省、市审核 2025 年报告时的要求",
        example="2025 年的报告没有提到主动公开事项目录。",
        but_not=("2019",),
    ),
    Rule(
        code="T2-05",
        severity=Severity.INFO,
        test=Predicate("charged_fee_stands_in_part_two"),
        holds="收取了信息处理费的，第二部分行政事业性收费不为 0。",
        fails="信息处理费收取 {amount} 元，行政事业性收费为 0",
        remedy="核对这笔收费是否已计入行政事业性收费（单位：万元）",
        source="国办函〔2020〕109号《政府信息公开信息处理费管理办法》；惯例",
        example="第六部分写收取信息处理费 35 元，第二部分收费金额为 0。",
        but_not=("2019",),
    ),
    Rule(
        code="T3-07",
        severity=Severity.INFO,
        test=Predicate("other_handling_is_the_lesser"),
        holds="（六）其他处理不超过办理结果的一半（不足 3 件的不看）。",
        fails="其他处理 {left} 件，超过办理结果 {right} 件的一半",
        remedy="逐件核对是否应归入别的结果",
        source="国办公开办函〔2019〕60号（其他处理占比偏高的应当核查）",
        example="办结 5 件，其他处理 4 件。",
    ),
    Rule(
        code="T4-03",
        severity=Severity.INFO,
        test=Predicate("no_suit_without_review"),
        holds="2025 年起，未经复议直接起诉为 0；2025 年 6 月 1 日以前立案的除外。",
        fails="未经复议直接起诉 {left} 件",
        remedy="核对立案日期；此后不经复议的起诉法院不予受理",
        source="法释〔2025〕8号",
        example="2025 年的报告未经复议直接起诉为 2。",
        but_not=("2019",),
    ),
)
