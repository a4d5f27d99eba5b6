"""The registers as data: their sheets, columns and synonyms, and the labels that offices write.

The form's own labels come from ``statute``; here stands only what registers add:
column heads, and short forms in daily use. A label that could mean two rows of
the form is not here, so that it is asked about instead of guessed.
"""

from __future__ import annotations

from dataclasses import dataclass

APPLICATIONS = "applications"
DISCLOSURES = "disclosures"
DOCUMENTS = "documents"
REVIEWS = "reviews"

WORKBOOK = "registers.xlsx"


@dataclass(frozen=True)
class ColumnSpec:
    """A column of a register: its key, its head and other heads in use.

    ``kind`` is ``text``, ``date``, ``label``, ``days`` or ``money``. ``stand_ins`` are heads of something near
    that serve where the column itself is not kept; a remark says so.
    """

    key: str
    name: str
    kind: str
    synonyms: tuple[str, ...] = ()
    required: bool = False
    stand_ins: tuple[str, ...] = ()


@dataclass(frozen=True)
class RegisterSpec:
    """A register: ``<key>.csv`` or a sheet of ``registers.xlsx`` called by one of ``sheets``."""

    key: str
    sheet: str
    columns: tuple[ColumnSpec, ...]
    other_sheets: tuple[str, ...] = ()

    @property
    def sheets(self) -> tuple[str, ...]:
        return (self.sheet, self.key, *self.other_sheets)

    def column(self, key: str) -> ColumnSpec:
        return next(column for column in self.columns if column.key == key)


REGISTERS: dict[str, RegisterSpec] = {
    spec.key: spec
    for spec in (
        RegisterSpec(
            APPLICATIONS,
            "申请登记",
            (
                ColumnSpec(
                    "id",
                    "收件编号",
                    "text",
                    ("申请编号", "编号", "受理编号", "登记编号", "收文编号", "收件号", "回执号", "流水号"),
                    True,
                    ("序号",),
                ),
                ColumnSpec(
                    "received",
                    "收到日期",
                    "date",
                    (
                        "收到申请日期",
                        "收件日期",
                        "收到时间",
                        "受理日期",
                        "收件时间",
                        "受理时间",
                        "登记日期",
                        "登记时间",
                    ),
                    True,
                    ("申请时间", "申请日期", "提交时间", "提交日期"),
                ),
                ColumnSpec(
                    "applicant",
                    "申请人类型",
                    "label",
                    ("申请人类别", "申请人性质", "申请人种类", "申请人分类", "申请主体类型"),
                    True,
                ),
                ColumnSpec(
                    "outcome",
                    "办理结果",
                    "label",
                    ("处理结果", "答复结果", "答复类型", "办理结果类型", "答复情况", "办理情况", "处理情况", "结果"),
                    True,
                ),
                ColumnSpec("answered", "答复日期", "date", ("答复时间", "办结日期", "办理日期", "办结时间"), True),
                ColumnSpec(
                    "extension", "延长工作日", "days", ("延期", "延期工作日", "延长期限", "延期天数", "延长天数")
                ),
                ColumnSpec("excluded", "扣除工作日", "days", ("征求意见工作日", "不计入期限工作日", "不计入工作日")),
                ColumnSpec("notified", "补正告知日期", "date", ("补正通知日期", "告知补正日期", "通知补正日期")),
                ColumnSpec("amended", "收到补正日期", "date", ("补正日期", "收到补正申请日期", "补正收到日期")),
            ),
            ("依申请公开登记", "依申请公开", "依申请登记"),
        ),
        RegisterSpec(
            DISCLOSURES,
            "公开登记",
            (
                ColumnSpec("id", "索引号", "text", ("编号", "信息编号", "公开编号", "信息索引号")),
                ColumnSpec(
                    "published", "发布日期", "date", ("公开日期", "发布时间", "公开时间", "公布日期", "上网日期"), True
                ),
                ColumnSpec("title", "标题", "text", ("信息标题", "名称", "信息名称", "信息内容", "文章标题"), True),
                ColumnSpec(
                    "class", "类别", "label", ("信息类别", "分类", "信息分类", "公开类别", "所属栏目", "栏目"), True
                ),
                ColumnSpec(
                    "channel",
                    "渠道",
                    "label",
                    ("公开渠道", "发布渠道", "发布平台", "公开平台", "公开方式", "公开载体", "发布载体"),
                ),
            ),
            ("主动公开登记", "主动公开"),
        ),
        RegisterSpec(
            DOCUMENTS,
            "文件登记",
            (
                ColumnSpec("id", "文号", "text", ("发文字号", "文件编号", "文书号", "编号")),
                ColumnSpec("title", "名称", "text", ("文件名称", "标题", "文件标题"), True),
                ColumnSpec("class", "类别", "label", ("文件类别", "文件类型", "类型", "种类")),
                ColumnSpec(
                    "made", "制发日期", "date", ("成文日期", "印发日期", "发文日期", "制定日期", "决定日期"), True
                ),
                ColumnSpec("opened", "公开日期", "date", ("公布日期", "发布日期")),
                ColumnSpec("repealed", "废止日期", "date", ("失效日期", "废止失效日期", "废止时间")),
                ColumnSpec(
                    "amount", "金额（万元）", "money", ("收费金额（万元）", "采购金额（万元）", "金额（单位：万元）")
                ),
                ColumnSpec("yuan", "金额（元）", "money", ("收费金额（元）", "采购金额（元）", "金额（单位：元）")),
            ),
            ("规范性文件登记",),
        ),
        RegisterSpec(
            REVIEWS,
            "复议诉讼登记",
            (
                ColumnSpec("id", "案号", "text", ("案件编号", "文书号", "编号"), True, ("序号",)),
                ColumnSpec("type", "类型", "label", ("案件类型", "类别", "案件类别"), True),
                ColumnSpec("accepted", "受理日期", "date", ("立案日期", "收案日期", "受理时间", "立案时间"), True),
                ColumnSpec("result", "结果", "label", ("审理结果", "案件结果", "办理结果", "处理结果"), True),
                ColumnSpec("closed", "结案日期", "date", ("审结日期", "办结日期", "结案时间", "审结时间"), True),
            ),
            ("行政复议诉讼登记", "复议和诉讼登记"),
        ),
    )
}

# What offices write instead of the form's label; keys are rows and columns of ``statute``.

APPLICANT_SYNONYMS: dict[str, tuple[str, ...]] = {
    "natural": ("个人", "公民", "居民", "村民", "市民"),
    "commercial": ("企业", "公司"),
    "research": ("科研单位",),
    "welfare": ("公益组织",),
    "legal": ("律师事务所", "律所"),
    "other": ("其他组织",),
}

APPLICANT_GROUP_WORDS = ("法人", "法人组织", "法人单位", "法人和其他组织", "组织", "单位", "机构")
"""Say that an organisation applied, not which of the five."""

# 《政府信息公开条例》第三十六条：已主动公开的，告知获取方式和途径（一）；不属于本机关负责公开的，告知并说明理由（五）。
# 计入哪一行，按国务院办公厅转发的江苏省规范：前者为予以公开，后者为（四）1；党务信息不属于政府信息，为不予公开，哪一项由填报人定。
OUTCOME_SYNONYMS: dict[str, tuple[str, ...]] = {
    "granted": (
        *("公开", "全部公开", "同意公开"),
        *("已主动公开", "信息已主动公开", "属于主动公开", "告知获取途径", "告知获取方式和途径", "已公开告知途径"),
    ),
    "partial": ("部分公开", "区分处理"),
    "denied.secret": ("国家秘密", "涉及国家秘密", "涉密"),
    "denied.prohibited": ("法律行政法规禁止公开", "法律法规禁止公开", "其他法律法规禁止公开"),
    "denied.stability": ("三安全一稳定",),
    "denied.third_party": ("第三方合法权益", "涉及第三方合法权益", "涉及商业秘密", "涉及个人隐私"),
    "denied.internal": ("内部事务信息", "三类内部事务信息", "属于内部事务信息"),
    "denied.process": ("过程性信息", "四类过程性信息", "属于过程性信息"),
    "denied.enforcement": ("行政执法案卷", "执法案卷"),
    "denied.query": ("行政查询事项", "行政查询"),
    "unavailable.not_held": (
        *("不掌握", "本机关不掌握", "不掌握相关政府信息", "信息不存在", "政府信息不存在"),
        *("不属于本机关", "不属于本机关公开", "不属于本机关负责公开", "不属于本机关掌握", "不属于本行政机关公开"),
    ),
    "unavailable.not_compiled": ("需要另行制作", "没有现成信息", "需另行制作"),
    "unavailable.unclear": ("补正后仍不明确", "补正后申请内容不明确"),
    "declined.petition": ("信访举报投诉", "信访投诉举报", "信访类申请", "信访"),
    "declined.repeat": ("重复",),
    "declined.publication": ("公开出版物",),
    "declined.abuse": ("大量反复申请", "无正当理由大量申请"),
    "declined.reissue": ("确认或重新出具", "要求确认或重新出具已获取信息"),
    "other.uncorrected": ("逾期不补正", "逾期未补正", "无正当理由逾期不补正"),
    "other.unpaid": ("逾期未缴费", "逾期不缴费", "逾期未缴纳费用"),
    "other.other": ("撤回申请", "申请人撤回", "申请人撤回申请", "申请人主动撤回申请", "主动撤回申请"),
}

DENIED_GROUP_WORDS = ("党务信息", "属于党务信息", "涉及党务信息")
"""Say that the answer was 不予公开, not which item."""

PENDING_APPLICATION = (
    "办理中",
    "正在办理",
    "未办结",
    "尚未办结",
    "待答复",
    "未答复",
    "结转下年度",
    "结转下年度继续办理",
)

GROUP_SYNONYMS: dict[str, tuple[str, ...]] = {
    "review": ("复议",),
    "direct": ("直接起诉", "未经复议起诉", "行政诉讼（直接起诉）"),
    "after_review": ("经复议后起诉", "经复议起诉", "行政诉讼（复议后）"),
}

RESULT_SYNONYMS: dict[str, tuple[str, ...]] = {
    "upheld": ("维持",),
    "corrected": ("纠正",),
    "other": ("其他",),
}

PENDING_REVIEW = ("未审结", "审理中", "正在审理", "未结案", "未结")

# Kinds of entries in the register of documents: item of part two → labels besides the form's own.
DOCUMENT_SYNONYMS: dict[str, tuple[str, ...]] = {
    "rules": (),
    "normative": ("规范性文件", "行政规范性文件"),
    "licensing": ("行政许可决定", "许可"),
    "services": (),
    "penalty": ("行政处罚决定", "处罚"),
    "coercion": ("行政强制决定", "强制"),
    "fees": ("行政事业收费",),
    "procurement": ("政府采购", "集中采购"),
}

OTHER_DOCUMENTS = ("其他", "其他文件", "一般文件", "普通文件", "非规范性文件")
"""Documents that part two does not count."""

SITE_CHANNELS = ("门户网", "政府网")
SITE_MARK = "网站"
"""A channel called so, one of these, or as the city's portal calls itself makes up the total; every other channel is counted apart from it."""

CHANNEL_SYNONYMS: dict[str, tuple[str, ...]] = {
    "微信": ("微信公众号", "微信公众平台", "政务微信", "微信平台"),
    "微博": ("政务微博",),
}

CLASS_ORDER = (
    "机构职能", "政策、规范性文件", "规划计划", "行政许可", "重大建设项目", "为民办实事",
    "民政扶贫救灾社会保障就业", "国土资源城乡建设环保能源", "科教文体卫生", "安全生产、应急管理",
)  # fmt: skip
"""The main scheme of classes, in its order; a town's own classes follow, 其他 comes last."""

LAST_CLASS = "其他"
