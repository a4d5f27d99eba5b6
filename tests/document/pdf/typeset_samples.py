"""Notebooks made by hand, with the roles of ``markup`` and tables shaped like the statutory ones."""

from __future__ import annotations

from html import escape

import nbformat.v4 as nbf
from nbformat import NotebookNode

from nianbao.document import markup

APPLICANTS = ("自然人", "商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他", "总计")
OUTCOMES = {
    "（三）不予公开": (
        "1.属于国家秘密",
        "2.其他法律行政法规禁止公开",
        "3.危及“三安全一稳定”",
        "4.保护第三方合法权益",
        "5.属于三类内部事务信息",
        "6.属于四类过程性信息",
        "7.属于行政执法案卷",
        "8.属于行政查询事项",
    ),
    "（四）无法提供": ("1.本机关不掌握相关政府信息", "2.没有现成信息需要另行制作", "3.补正后申请内容仍不明确"),
    "（五）不予处理": (
        "1.信访举报投诉类申请",
        "2.重复申请",
        "3.要求提供公开出版物",
        "4.无正当理由大量反复申请",
        "5.要求行政机关确认或重新出具已获取信息",
    ),
    "（六）其他处理": (
        "1.申请人无正当理由逾期不补正、行政机关不再处理其政府信息公开申请",
        "2.申请人逾期未按收费通知要求缴纳费用、行政机关不再处理其政府信息公开申请",
        "3.其他",
    ),
}


def _cell(tag: str, text: str, rowspan: int = 1, colspan: int = 1, align: str = "") -> str:
    spans = (f' rowspan="{rowspan}"' if rowspan > 1 else "") + (f' colspan="{colspan}"' if colspan > 1 else "")
    style = f' style="text-align: {align}"' if align else ""
    return f"<{tag}{spans}{style}>{escape(text)}</{tag}>"


def _rows(rows: list[list[str]]) -> str:
    return "".join(f"<tr>{''.join(row)}</tr>" for row in rows)


def part_two() -> str:
    """Four columns; the figure cells of the last three blocks span three."""
    rows = [[_cell("th", "第二十条第（一）项", colspan=4, align="center")]]
    rows.append([_cell("th", t, align="center") for t in ("信息内容", "本年制发件数", "本年废止件数", "现行有效件数")])
    rows += [
        [_cell("th", name, align="center"), *(_cell("td", n) for n in "012")] for name in ("规章", "行政规范性文件")
    ]
    for item, head, names in (
        ("（五）", "本年处理决定数量", ("行政许可",)),
        ("（六）", "本年处理决定数量", ("行政处罚", "行政强制")),
        ("（八）", "本年收费金额（单位：万元）", ("行政事业性收费",)),
    ):
        rows.append([_cell("th", f"第二十条第{item}项", colspan=4, align="center")])
        rows.append([_cell("th", "信息内容", align="center"), _cell("th", head, colspan=3, align="center")])
        rows += [[_cell("th", name, align="center"), _cell("td", "190.457379", colspan=3)] for name in names]
    return f'<table id="t2"><tbody>{_rows(rows)}</tbody></table>'


def part_three() -> str:
    """28 rows × 10 columns with every merge of the form of 2021."""
    corner = "（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）"
    head = [
        [_cell("th", corner, 3, 3, "center"), _cell("th", "申请人情况", 1, 7)],
        [_cell("th", "自然人", 2), _cell("th", "法人或其他组织", 1, 5), _cell("th", "总计", 2)],
        [_cell("th", name) for name in APPLICANTS[1:6]],
    ]

    def figures(row: int) -> list[str]:
        return [_cell("td", str(row * 10 + column)) for column in range(7)]

    body = [
        [_cell("th", "一、本年新收政府信息公开申请数量", 1, 3), *figures(1)],
        [_cell("th", "二、上年结转政府信息公开申请数量", 1, 3), *figures(2)],
        [_cell("th", "三、本年度办理结果", 22, align="center"), _cell("th", "（一）予以公开", 1, 2), *figures(3)],
        [_cell("th", "（二）部分公开（区分处理的，只计这一情形，不计其他情形）", 1, 2), *figures(4)],
    ]
    number = 5
    for group, labels in OUTCOMES.items():
        for index, label in enumerate(labels):
            first = [_cell("th", group, len(labels))] if index == 0 else []
            body.append([*first, _cell("th", label), *figures(number)])
            number += 1
    body.append([_cell("th", "（七）总计", 1, 2), *figures(number)])
    body.append([_cell("th", "四、结转下年度继续办理", 1, 3), *figures(number + 1)])
    return f'<table id="t3"><thead>{_rows(head)}</thead><tbody>{_rows(body)}</tbody></table>'


def part_four() -> str:
    """15 columns under three levels of heads, one row."""
    five = ["结果维持", "结果纠正", "其他结果", "尚未审结", "总计"]
    head = [
        [_cell("th", "行政复议", 2, 5), _cell("th", "行政诉讼", 1, 10)],
        [_cell("th", "未经复议直接起诉", 1, 5), _cell("th", "复议后起诉", 1, 5)],
        [_cell("th", name) for name in five * 3],
    ]
    body = [[_cell("td", str(n)) for n in range(15)]]
    return f'<table id="t4"><thead>{_rows(head)}</thead><tbody>{_rows(body)}</tbody></table>'


def shown(*elements: str, **metadata: object) -> NotebookNode:
    """A code cell whose output is HTML."""
    output = nbf.new_output("execute_result", {"text/html": "\n".join(elements)}, execution_count=1)
    return nbf.new_code_cell("shown()", outputs=[output], metadata=metadata)


def paragraph(text: str, role: str = "") -> str:
    return markup.element("p", text, role)


def title(text: str = "晋江市某某镇2023年政府信息公开工作年度报告", date: str = "2024-01-12") -> str:
    return markup.element(
        "h1", text, markup.TITLE, unit="moumou", year="2023", author="晋江市某某镇人民政府", date=date
    )


def notebook(*cells: NotebookNode) -> NotebookNode:
    return nbf.new_notebook(cells=list(cells))


LONG = (
    "全面贯彻落实《条例》《办法》等文件精神，坚持以公开为常态、不公开为例外，遵循公正、公平、合法、便民的原则，着力健全政务公开机制，"
    "提升政务公开质量，推进政务公开标准化，深化重点领域公开，有序推进政府信息公开工作，全年主动公开信息69条，发送推文1150条。"
)


def report(*, red_head: bool = False, number: bool = True, signer: bool = True, draft: bool = False) -> NotebookNode:
    """A whole report: six parts, three tables, closing."""
    top = []
    if draft:
        top.append(paragraph("草稿：T3-02〔商业企业〕不成立，共 1 处，未经豁免。", markup.DRAFT))
    if red_head:
        top.append(paragraph("晋江市某某镇人民政府文件", markup.RED_HEAD))
        if number:
            top.append(paragraph("晋某政〔2024〕5号", markup.DOCUMENT_NUMBER))
        if signer:
            top.append(paragraph("张三丰", markup.SIGNER))
    top.append(title())
    if red_head:
        top.append(paragraph("晋江市人民政府：", markup.ADDRESSEE))
    top += [
        paragraph(
            "本报告系根据《中华人民共和国政府信息公开条例》规定起草，可在“中国晋江”（http://www.jinjiang.gov.cn/）政府门户网站下载。"
        )
    ]
    top += [
        f'<p><span class="nb-lead">{lead}</span>{text}</p>'
        for lead, text in (("地址：", "某某镇某某街27号"), ("邮编：", "362235"))
    ]
    first = [markup.element("h2", "一、总体情况"), paragraph(LONG)]
    for name in ("（一）主动公开", "（二）依申请公开", "（三）政府信息管理", "（四）平台建设", "（五）监督保障"):
        first += [
            markup.element("h3", name),
            markup.element("h4", "1.信息公开情况"),
            paragraph(LONG),
            paragraph(LONG + LONG),
        ]
    return notebook(
        shown(*top),
        shown(*first),
        shown(markup.element("h2", "二、主动公开政府信息情况"), part_two()),
        shown(
            markup.element("h2", "三、收到和处理政府信息公开申请情况"),
            paragraph("单位：件", markup.CAPTION),
            part_three(),
        ),
        shown(markup.element("h2", "四、政府信息公开行政复议、行政诉讼情况"), part_four()),
        shown(markup.element("h2", "五、存在的主要问题及改进情况"), paragraph(LONG), paragraph(LONG)),
        shown(markup.element("h2", "六、其他需要报告的事项"), paragraph("本年度发出收费通知0件，收取信息处理费0元。")),
        shown(
            paragraph("附件：1.主动公开信息分类统计表", markup.ATTACHMENT),
            paragraph("晋江市某某镇人民政府", markup.SIGNATURE),
            paragraph("2024年1月12日", markup.DATE),
        ),
    )
