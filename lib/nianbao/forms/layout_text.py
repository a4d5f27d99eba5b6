"""The sheets 说明, 基本信息, 正文 and 图片: how to fill the form in, what the tables do not hold, and the narrative."""

from __future__ import annotations

from nianbao.forms.plan import Identity, Input, Label, Mark, Role, SheetPlan, Sizes, Slot, Total
from nianbao.statute import Edition

NONE_RECEIVED, NO_DISPUTES = "none.t3", "none.t4"
TICKED = {NONE_RECEIVED: "t3", NO_DISPUTES: "t4"}
"""Ticks that stand for the zeros of a table, and that table."""
CLASSES, YES_NO, PARTS = "公开分类", "是否", "部分"
"""Names of drop-down lists."""

SUM_OF_CLASSES = "classes.sum"

_INSTRUCTIONS = (
    "只在有颜色的格子里填写，其余各格已锁定，不必改动。先填“基本信息”“二”“三”“四”，再写“正文”。",
    "没有的填 0，不要留空：空白表示“还没有填”，不等于 0。",
    "合计在各项填满后自动算出；✓ 表示勾稽关系成立，✗ 表示不成立，“未填”表示还有格子没有数。",
    "直接填数，不写公式，不链接别的工作簿；从别处复制时用“选择性粘贴—数值”。",
    "不插入、删除行列，不移动格子，不改工作表名称；类别、渠道的行数不够时告诉市政务公开主管科室，重新生成表格。",
    "正文一格一段，从上往下写；行数不够时，在最后一格内换行（Alt+Enter）另起一段。数不要手抄：写 {{ 主动公开.总数 }} 这样的名称，生成报告时自动填入。",
    "逐件登记的单位在“申请登记”等工作表里一行登记一件，表头加粗的列必填；相应的数可以不填，由登记自动计出，两处都填时必须一致。不登记的工作表留空。",
    "填好后保存为 .xlsx，不要另存为带宏的 .xlsm，不要加打开密码，交市政务公开主管科室汇总。",
)
_HOW_TO_GIVE_PICTURES = "图片登记在“图片”里，图片文件与填好的表放在同一个文件夹里一起交。"

NARRATIVE = (
    ("preamble", "前言", "编制依据、数据统计期限、下载网址，以及联系科室、地址、电话、邮编。"),
    (
        "overview",
        "",
        "依次写：（一）主动公开（二）依申请公开（三）政府信息管理（四）政府信息公开平台建设（五）监督保障。",
    ),
    ("disclosure", "", "表格见工作表“二”。另有说明时写在这里，没有就留空。"),
    ("applications", "", "表格见工作表“三”。另有说明时写在这里，没有就留空。"),
    ("disputes", "", "表格见工作表“四”。另有说明时写在这里，没有就留空。"),
    ("problems", "", "写本年实有的问题和对应的改进措施，不照抄上年。"),
    ("other", "", "写明本年收取信息处理费的情况（发出收费通知的件数和总金额，没有也要写明）；没有其他事项写“无”。"),
)
"""Parts of the narrative: key, heading where the form has none, guidance."""

_LEGEND = (
    ("input", "在这里填写"),
    ("carried", "由上年报告、已知信息带来的内容，核对后可以改"),
    ("typed", "原有数据里手填的、与各项不符的合计，核对后可以改"),
    ("total", "自动算出的合计，不能手填"),
)


def _title(identity: Identity, text: str, cols: int) -> Label:
    return Label(1, 1, f"{identity.heading}　{text}", Role.TITLE, cols=cols)


def instructions(identity: Identity, edition: Edition, sizes: Sizes) -> SheetPlan:
    """说明: whose form it is and how it is filled in."""
    head = [
        _title(identity, f"{edition.title}填报表", 2),
        Label(2, 1, "填报单位", Role.NAME),
        Label(2, 2, identity.authority, Role.GUIDE),
        Label(3, 1, "报告年度", Role.NAME),
        Label(3, 2, f"{identity.year}年1月1日至{identity.year}年12月31日", Role.GUIDE),
        Label(4, 1, "格式依据", Role.NAME),
        Label(4, 2, edition.notice, Role.GUIDE),
        Label(5, 1, "各种颜色的格子", Role.SECTION, cols=2),
    ]
    row = 5
    for fill, text in _LEGEND:
        row += 1
        head += [Label(row, 1, "", Role.LEGEND, fill=fill), Label(row, 2, text, Role.GUIDE)]
    row += 1
    head.append(Label(row, 1, "填写方法", Role.SECTION, cols=2))
    texts = (*_INSTRUCTIONS, *([_HOW_TO_GIVE_PICTURES] if sizes.pictures else ()))
    lines = [
        label
        for index, text in enumerate(texts, start=1)
        for label in (Label(row + index, 1, str(index), Role.NUMBER), Label(row + index, 2, text, Role.GUIDE))
    ]
    heights = dict.fromkeys(range(2, row + 1), 22.0)
    heights |= {row + index: 24.0 + 15.0 * (len(text) // 52) for index, text in enumerate(texts, start=1)}
    return SheetPlan("说明", (14, 84), (*head, *lines), heights=tuple(heights.items()), tab="note")


def basics(identity: Identity, edition: Edition, sizes: Sizes) -> SheetPlan:
    """基本信息: contact, document head, figures of disclosure, fees."""
    year = identity.year
    sections = (
        (
            "联系方式（印在前言里）",
            (
                ("contact.office", "科室", Input.LINE, "印在前言里的科室名称，如：党政办公室"),
                ("contact.address", "地址", Input.LINE, "写到门牌号"),
                ("contact.phone", "电话", Input.LINE, "办公电话，带区号；不写个人手机号"),
                ("contact.postcode", "邮编", Input.LINE, "六位数字"),
            ),
        ),
        (
            "公文",
            (
                ("date", "成文日期", Input.DATE, f"落款日期，应不晚于 {year + 1}-01-31，写作 {year + 1}-01-20"),
                ("document.red_head", "是否用红头", Input.FLAG, "不填时，有发文字号的用红头"),
                ("document.number", "发文字号", Input.LINE, f"如：晋×政〔{year + 1}〕5号，用六角括号；没有就留空"),
                ("document.addressee", "主送机关", Input.LINE, "写上级机关的全称；没有就留空"),
                ("document.signer", "签发人", Input.LINE, "上行文写签发人姓名；没有就留空"),
                ("document.title", "标题", Input.LINE, "一般留空，自动写为单位名称加“……年政府信息公开工作年度报告”"),
            ),
        ),
        (
            "信息处理费",
            (
                ("fees.notices", "发出收费通知（件）", Input.NUMBER, "没有的填 0"),
                ("fees.amount", "收取金额（元）", Input.YUAN, "单位是元；没有的填 0"),
            ),
        ),
        (
            "没有申请、没有案件的（选“是”，相应的表不必再填）",
            (
                (NONE_RECEIVED, "本年没有收到申请", Input.FLAG, "也没有上年结转的；选“是”，工作表“三”里空白的都是 0"),
                (NO_DISPUTES, "本年没有复议、诉讼", Input.FLAG, "选“是”，工作表“四”里空白的都是 0"),
            ),
        ),
    )
    labels = [
        _title(identity, "基本信息", 3),
        Label(2, 1, "在浅黄格内填写；不知道的留空，不要编造。", Role.NOTE, cols=3),
    ]
    slots: list[Slot] = []
    row = 3
    for heading, fields in sections:
        labels.append(Label(row, 1, heading, Role.SECTION, cols=3))
        for key, name, kind, guide in fields:
            row += 1
            labels += [Label(row, 1, name, Role.NAME), Label(row, 3, guide, Role.GUIDE)]
            slots.append(Slot(row, 2, key, kind, name, options=YES_NO if kind is Input.FLAG else ""))
        row += 1
    labels.append(Label(row, 1, "主动公开（政府网站公开的条数，其他渠道另列）", Role.SECTION, cols=3))
    row += 1
    labels += [
        Label(row, 1, "总数（条）", Role.NAME),
        Label(row, 3, "应等于下面各类之和；不填时按各类之和计", Role.GUIDE),
    ]
    slots.append(Slot(row, 2, "disclosure.total", Input.NUMBER, "主动公开总数"))
    total_row = row
    row += 1
    labels += [Label(row, 1, "类别", Role.HEAD), Label(row, 2, "条数", Role.HEAD)]
    labels.append(Label(row, 3, "每类一行，0 条的不列；有“公开登记”的可不填", Role.GUIDE))
    counts: list[str] = []
    for index in range(sizes.classes):
        row += 1
        slots.append(
            Slot(
                row,
                1,
                f"disclosure.classes.{index}.name",
                Input.LINE,
                f"第 {index + 1} 行类别",
                options=CLASSES,
            )
        )
        slots.append(Slot(row, 2, f"disclosure.classes.{index}.count", Input.NUMBER, f"第 {index + 1} 行类别的条数"))
        counts.append(f"disclosure.classes.{index}.count")
    row += 1
    labels += [Label(row, 1, "各类合计", Role.NAME), Label(row, 3, "与上面的总数相等为 ✓", Role.GUIDE)]
    total = Total(row, 2, SUM_OF_CLASSES, "各类合计", tuple(counts), optional=True)
    mark = Mark(total_row, 4, "", "disclosure.total", (SUM_OF_CLASSES,), ("disclosure.total",))
    row += 1
    labels += [Label(row, 1, "其他渠道", Role.HEAD), Label(row, 2, "条数", Role.HEAD)]
    labels.append(Label(row, 3, "如：微信、微博；不计入上面的总数", Role.GUIDE))
    for index in range(sizes.channels):
        row += 1
        name = f"第 {index + 1} 行渠道"
        slots.append(Slot(row, 1, f"disclosure.channels.{index}.name", Input.LINE, name))
        slots.append(Slot(row, 2, f"disclosure.channels.{index}.count", Input.NUMBER, f"{name}的条数"))
    heights = ((2, 22.0), *((line, 21.0) for line in range(3, row + 1)))
    return SheetPlan(
        "基本信息", (32, 36, 46, 7), tuple(labels), tuple(slots), (total,), (mark,), heights=heights, frozen=2
    )


def narrative(identity: Identity, edition: Edition, sizes: Sizes) -> SheetPlan:
    """正文: a row a paragraph, the guidance of each part above its rows."""
    labels = [
        _title(identity, "正文", 2),
        Label(
            2,
            1,
            "一格一段；（一）……单独成段即为小标题。可填入的数：{{ 年份 }}、{{ 主动公开.总数 }}、{{ 主动公开.分类 }}、"
            "{{ 主动公开.渠道.微信 }}、{{ 依申请公开.新收 }}、{{ 依申请公开.办结 }}、{{ 依申请公开.结转下年 }}、"
            "{{ 信息处理费.件数 }}、{{ 信息处理费.金额 }}。",
            Role.NOTE,
            cols=2,
        ),
    ]
    slots: list[Slot] = []
    row = 2
    names = part_names(edition)
    rows_of = dict(sizes.paragraphs)
    for key, _, guide in NARRATIVE:
        heading = names[key]
        row += 1
        labels.append(Label(row, 1, heading, Role.SECTION, cols=2))
        row += 1
        labels.append(Label(row, 1, guide, Role.GUIDE, cols=2))
        for index in range(rows_of[key]):
            row += 1
            labels.append(Label(row, 1, str(index + 1), Role.NUMBER))
            slots.append(Slot(row, 2, f"narrative.{key}.{index}", Input.PROSE, f"{heading}第 {index + 1} 段"))
    heights = ((2, 50.0), *((label.row, 22.0) for label in labels if label.role in (Role.SECTION, Role.GUIDE)))
    return SheetPlan("正文", (6, 90), tuple(labels), tuple(slots), heights=heights, frozen=2)


def part_names(edition: Edition) -> dict[str, str]:
    """What each part of the narrative is called in the form, by its key."""
    headings = {part.key: part.heading for part in edition.parts}
    return {key: headings.get(key) or name for key, name, _ in NARRATIVE}


PICTURES = "图片"
"""Name of the sheet of pictures."""
PICTURE_COLUMNS = (
    ("file", "文件名", Input.LINE, "如：公开栏.png，限 PNG、JPEG；文件与本表放在同一个文件夹"),
    ("caption", "图注", Input.LINE, "印在图下的说明，也供看不见图的人听读；必填"),
    ("part", "放在哪一部分", Input.LINE, "从下拉列表中选择；必填"),
    ("after", "放在第几段之后", Input.NUMBER, "“正文”里这一部分左边的序号，0 为最前；不填放在最后"),
)
"""Columns of the sheet of pictures: key, head, kind, guidance."""


def pictures(identity: Identity, edition: Edition, sizes: Sizes) -> SheetPlan:
    """图片: a row a picture, with its caption and where in the narrative it belongs."""
    cols = len(PICTURE_COLUMNS) + 1
    labels = [
        _title(identity, PICTURES, cols),
        Label(2, 1, "没有图片就空着。一行一张，文件名照写，带扩展名；一张不超过 3 MB。", Role.NOTE, cols=cols),
        Label(3, 1, "序号", Role.HEAD),
    ]
    slots: list[Slot] = []
    for col, (_, head, _, guide) in enumerate(PICTURE_COLUMNS, start=2):
        labels += [Label(3, col, head, Role.HEAD), Label(4, col, guide, Role.GUIDE)]
    for index in range(sizes.pictures):
        row = 5 + index
        labels.append(Label(row, 1, str(index + 1), Role.NUMBER))
        for col, (key, head, kind, _) in enumerate(PICTURE_COLUMNS, start=2):
            options = PARTS if key == "part" else ""
            slots.append(Slot(row, col, f"pictures.{index}.{key}", kind, f"第 {index + 1} 张的{head}", options=options))
    heights = ((2, 22.0), (3, 22.0), (4, 46.0), *((5 + index, 24.0) for index in range(sizes.pictures)))
    return SheetPlan(
        PICTURES, (6, 28, 40, 34, 18), tuple(labels), tuple(slots), heights=heights, landscape=True, frozen=4
    )
