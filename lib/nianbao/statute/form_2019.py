"""The trial form of 2019, 国办公开办函〔2019〕60号, for reporting years 2019 and 2020.

It differs from the form of 2021 in part two, and in part three, where
（六）其他处理 is a single row.
"""

from __future__ import annotations

from nianbao.statute.form import Block, Column, DisclosureTable, Edition, Item, Kind, Row
from nianbao.statute.form_2021 import OTHER_HANDLING, PART_FOUR, PARTS, TOTAL, part_three

_PROJECTS = (
    Column("previous", "上一年项目数量"),
    Column("change", "本年增/减", Kind.CHANGE),
)
_DECIDED = (*_PROJECTS, Column("decisions", "处理决定数量"))

PART_TWO = DisclosureTable(
    item_head="信息内容",
    blocks=(
        Block(
            "第二十条第（一）项",
            (
                Column("made", "本年新制作数量"),
                Column("opened", "本年新公开数量"),
                Column("public", "对外公开总数量"),
            ),
            (Item("rules", "规章"), Item("normative", "规范性文件")),
        ),
        Block(
            "第二十条第（五）项",
            _DECIDED,
            (Item("licensing", "行政许可"), Item("services", "其他对外管理服务事项")),
        ),
        Block("第二十条第（六）项", _DECIDED, (Item("penalty", "行政处罚"), Item("coercion", "行政强制"))),
        Block("第二十条第（八）项", _PROJECTS, (Item("fees", "行政事业性收费"),)),
        Block(
            "第二十条第（九）项",
            (Column("projects", "采购项目数量"), Column("amount", "采购总金额", Kind.MONEY)),
            (Item("procurement", "政府集中采购"),),
        ),
    ),
)

FORM_2019 = Edition(
    name="2019",
    notice="国办公开办函〔2019〕60号",
    first_year=2019,
    last_year=2020,
    title="政府信息公开工作年度报告",
    parts=PARTS,
    t2=PART_TWO,
    t3=part_three((Row("other", (*TOTAL.stub[:1], OTHER_HANDLING)),)),
    t4=PART_FOUR,
)
