"""The form of 2021, 国办公开办函〔2021〕30号, for reporting years from 2021 on.

Every label stands here as the notice prints it, and nowhere else.
"""

from __future__ import annotations

from nianbao.statute.form import (
    ApplicationsTable,
    Block,
    Column,
    DisclosureTable,
    DisputesTable,
    Edition,
    Group,
    Item,
    Kind,
    Part,
    Row,
)

PARTS = (
    Part("overview", "一、总体情况"),
    Part("disclosure", "二、主动公开政府信息情况", "二、行政机关主动公开政府信息情况"),
    Part(
        "applications",
        "三、收到和处理政府信息公开申请情况",
        "三、行政机关收到和处理政府信息公开申请情况",
    ),
    Part(
        "disputes",
        "四、政府信息公开行政复议、行政诉讼情况",
        "四、因政府信息公开工作被申请行政复议、提起行政诉讼情况",
    ),
    Part("problems", "五、存在的主要问题及改进情况", "五、政府信息公开工作存在的主要问题及改进情况"),
    Part("other", "六、其他需要报告的事项"),
)

_DECISIONS = (Column("decisions", "本年处理决定数量"),)

PART_TWO = DisclosureTable(
    item_head="信息内容",
    blocks=(
        Block(
            "第二十条第（一）项",
            (Column("made", "本年制发件数"), Column("repealed", "本年废止件数"), Column("in_force", "现行有效件数")),
            (Item("rules", "规章"), Item("normative", "行政规范性文件")),
        ),
        Block("第二十条第（五）项", _DECISIONS, (Item("licensing", "行政许可"),)),
        Block("第二十条第（六）项", _DECISIONS, (Item("penalty", "行政处罚"), Item("coercion", "行政强制"))),
        Block(
            "第二十条第（八）项",
            (Column("amount", "本年收费金额（单位：万元）", Kind.MONEY),),
            (Item("fees", "行政事业性收费"),),
        ),
    ),
)

APPLICANTS = (
    Column("natural", "自然人"),
    Column("commercial", "商业企业"),
    Column("research", "科研机构"),
    Column("welfare", "社会公益组织"),
    Column("legal", "法律服务机构"),
    Column("other", "其他"),
    Column("total", "总计"),
)

_RESULT = "三、本年度办理结果"
_DENIED = "（三）不予公开"
_UNAVAILABLE = "（四）无法提供"
_DECLINED = "（五）不予处理"
OTHER_HANDLING = "（六）其他处理"

RECEIVED = Row("received", ("一、本年新收政府信息公开申请数量",))
CARRIED_IN = Row("carried_in", ("二、上年结转政府信息公开申请数量",))
TOTAL = Row("total", (_RESULT, "（七）总计"))
CARRIED_OUT = Row("carried_out", ("四、结转下年度继续办理",))

# （一） to （五）: the same in both editions.
COMMON_OUTCOMES = (
    Row("granted", (_RESULT, "（一）予以公开")),
    Row("partial", (_RESULT, "（二）部分公开（区分处理的，只计这一情形，不计其他情形）")),
    Row("denied.secret", (_RESULT, _DENIED, "1.属于国家秘密")),
    Row("denied.prohibited", (_RESULT, _DENIED, "2.其他法律行政法规禁止公开")),
    Row("denied.stability", (_RESULT, _DENIED, "3.危及“三安全一稳定”")),
    Row("denied.third_party", (_RESULT, _DENIED, "4.保护第三方合法权益")),
    Row("denied.internal", (_RESULT, _DENIED, "5.属于三类内部事务信息")),
    Row("denied.process", (_RESULT, _DENIED, "6.属于四类过程性信息")),
    Row("denied.enforcement", (_RESULT, _DENIED, "7.属于行政执法案卷")),
    Row("denied.query", (_RESULT, _DENIED, "8.属于行政查询事项")),
    Row("unavailable.not_held", (_RESULT, _UNAVAILABLE, "1.本机关不掌握相关政府信息")),
    Row("unavailable.not_compiled", (_RESULT, _UNAVAILABLE, "2.没有现成信息需要另行制作")),
    Row("unavailable.unclear", (_RESULT, _UNAVAILABLE, "3.补正后申请内容仍不明确")),
    Row("declined.petition", (_RESULT, _DECLINED, "1.信访举报投诉类申请")),
    Row("declined.repeat", (_RESULT, _DECLINED, "2.重复申请")),
    Row("declined.publication", (_RESULT, _DECLINED, "3.要求提供公开出版物")),
    Row("declined.abuse", (_RESULT, _DECLINED, "4.无正当理由大量反复申请")),
    Row("declined.reissue", (_RESULT, _DECLINED, "5.要求行政机关确认或重新出具已获取信息")),
)

_OTHER_OUTCOMES = (
    Row(
        "other.uncorrected",
        (_RESULT, OTHER_HANDLING, "1.申请人无正当理由逾期不补正、行政机关不再处理其政府信息公开申请"),
    ),
    Row(
        "other.unpaid",
        (_RESULT, OTHER_HANDLING, "2.申请人逾期未按收费通知要求缴纳费用、行政机关不再处理其政府信息公开申请"),
    ),
    Row("other.other", (_RESULT, OTHER_HANDLING, "3.其他")),
)


def part_three(other_outcomes: tuple[Row, ...]) -> ApplicationsTable:
    """Part three with the rows of （六）其他处理, in which alone the two editions differ."""
    outcomes = (*COMMON_OUTCOMES, *other_outcomes)
    return ApplicationsTable(
        corner="（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）",
        head="申请人情况",
        legal_person_head="法人或其他组织",
        columns=APPLICANTS,
        rows=(RECEIVED, CARRIED_IN, *outcomes, TOTAL, CARRIED_OUT),
        received=RECEIVED.key,
        carried_in=CARRIED_IN.key,
        outcomes=tuple(row.key for row in outcomes),
        total_row=TOTAL.key,
        carried_out=CARRIED_OUT.key,
        total_column="total",
    )


PART_FOUR = DisputesTable(
    groups=(
        Group("review", ("行政复议",)),
        Group("direct", ("行政诉讼", "未经复议直接起诉")),
        Group("after_review", ("行政诉讼", "复议后起诉")),
    ),
    columns=(
        Column("upheld", "结果维持"),
        Column("corrected", "结果纠正"),
        Column("other", "其他结果"),
        Column("pending", "尚未审结"),
        Column("total", "总计"),
    ),
    total_column="total",
)

FORM_2021 = Edition(
    name="2021",
    notice="国办公开办函〔2021〕30号",
    first_year=2021,
    last_year=None,
    title="政府信息公开工作年度报告",
    parts=PARTS,
    t2=PART_TWO,
    t3=part_three(_OTHER_OUTCOMES),
    t4=PART_FOUR,
)
