"""A report notebook written by hand, as the library's cells would show it."""

from __future__ import annotations

from collections.abc import Callable
from html import escape

import lxml.html
import nbformat
import pytest
from nbformat import NotebookNode

from nianbao.document import markup
from nianbao.document.markup import element

OUTCOMES = (
    ("（三）不予公开", ("1.属于国家秘密", "2.其他法律行政法规禁止公开", "3.危及“三安全一稳定”", "4.保护第三方合法权益",
                 "5.属于三类内部事务信息", "6.属于四类过程性信息", "7.属于行政执法案卷", "8.属于行政查询事项")),
    ("（四）无法提供", ("1.本机关不掌握相关政府信息", "2.没有现成信息需要另行制作", "3.补正后申请内容仍不明确")),
    ("（五）不予处理", ("1.信访举报投诉类申请", "2.重复申请", "3.要求提供公开出版物", "4.无正当理由大量反复申请",
                 "5.要求行政机关确认或重新出具已获取信息")),
    ("（六）其他处理", ("1.申请人无正当理由逾期不补正、行政机关不再处理其政府信息公开申请",
                 "2.申请人逾期未按收费通知要求缴纳费用、行政机关不再处理其政府信息公开申请", "3.其他")),
)  # fmt: skip
PARTIAL = "（二）部分公开（区分处理的，只计这一情形，不计其他情形）"
CORNER = "（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）"
RESULTS = ("结果维持", "结果纠正", "其他结果", "尚未审结", "总计")

Cell = tuple[str, int, int]
"""Text, rows and columns spanned."""


def great_table(name: str, head: list[list[Cell]], body: list[list[Cell]], stub: int = 0) -> str:
    """A table in the markup of great-tables: a style element, inline styles, ids; ``stub`` columns are heads."""
    rows = {"thead": [], "tbody": []}
    for part, source in (("thead", head), ("tbody", body)):
        taken: dict[tuple[int, int], bool] = {}
        for y, row in enumerate(source):
            cells, x = [], 0
            for text, height, width in row:
                while (y, x) in taken:
                    x += 1
                for dy in range(height):
                    for dx in range(width):
                        taken[y + dy, x + dx] = True
                is_head = part == "thead" or x < stub
                tag = "th" if is_head else "td"
                scope = (
                    f' scope="{"col" if part == "thead" else "row"}{"group" if height > 1 else ""}"' if is_head else ""
                )
                align = "gt_left" if part == "tbody" and is_head else "gt_center"
                cells.append(
                    f'    <{tag} id="{name}-{y}-{x}" rowspan="{height}" colspan="{width}"{scope} '
                    f'class="gt_row {align}" style="color: #333333;">{escape(text)}</{tag}>'
                )
                x += width
            rows[part].append("  <tr>\n" + "\n".join(cells) + "\n  </tr>")
    parts = "\n".join(f"<{part}>\n" + "\n".join(lines) + f"\n</{part}>" for part, lines in rows.items() if lines)
    return (
        f'<div id="{name}" style="padding-left:0px;overflow-x:auto;">\n'
        f"<style>\n#{name} table {{ color: red }}\n</style>\n"
        f'<table class="gt_table" data-quarto-disable-processing="false">\n{parts}\n</table>\n</div>'
    )


def part_two() -> str:
    def block(title: str, head: str, *names: str) -> list[list[Cell]]:
        return [[(title, 1, 4)], [("信息内容", 1, 1), (head, 1, 3)], *([(name, 1, 1), ("0", 1, 3)] for name in names)]

    return great_table(
        "t2",
        [],
        [
            [("第二十条第（一）项", 1, 4)],
            [(text, 1, 1) for text in ("信息内容", "本年制发件数", "本年废止件数", "现行有效件数")],
            [(text, 1, 1) for text in ("规章", "0", "0", "0")],
            [(text, 1, 1) for text in ("行政规范性文件", "3", "1", "12")],
            *block("第二十条第（五）项", "本年处理决定数量", "行政许可"),
            *block("第二十条第（六）项", "本年处理决定数量", "行政处罚", "行政强制"),
            *block("第二十条第（八）项", "本年收费金额（单位：万元）", "行政事业性收费"),
        ],
        stub=1,
    )


def part_three() -> str:
    """28 rows × 10 columns."""
    figures: list[Cell] = [(text, 1, 1) for text in ("1", "0", "0", "0", "0", "2", "3")]
    head: list[list[Cell]] = [
        [(CORNER, 3, 3), ("申请人情况", 1, 7)],
        [("自然人", 2, 1), ("法人或其他组织", 1, 5), ("总计", 2, 1)],
        [(text, 1, 1) for text in ("商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他")],
    ]
    body: list[list[Cell]] = [
        [("一、本年新收政府信息公开申请数量", 1, 3), *figures],
        [("二、上年结转政府信息公开申请数量", 1, 3), *figures],
        [("三、本年度办理结果", 22, 1), ("（一）予以公开", 1, 2), *figures],
        [(PARTIAL, 1, 2), *figures],
    ]
    for group, names in OUTCOMES:
        first: list[Cell] = [(group, len(names), 1)]
        for number, name in enumerate(names):
            body.append([*(first if number == 0 else []), (name, 1, 1), *figures])
    body.append([("（七）总计", 1, 2), *figures])
    body.append([("四、结转下年度继续办理", 1, 3), *figures])
    return great_table("t3", head, body, stub=3)


def part_four() -> str:
    """One row of fifteen cells."""
    return great_table(
        "t4",
        [
            [("行政复议", 1, 5), ("行政诉讼", 1, 10)],
            [*((name, 2, 1) for name in RESULTS), ("未经复议直接起诉", 1, 5), ("复议后起诉", 1, 5)],
            [(name, 1, 1) for name in RESULTS * 2],
        ],
        [[(str(number % 7), 1, 1) for number in range(15)]],
    )


def shown(html: str, *, tags: tuple[str, ...] = ()) -> NotebookNode:
    """An executed code cell that shows ``html``."""
    output = nbformat.v4.new_output(
        "execute_result", {"text/html": html, "text/plain": "Fragment(…)"}, execution_count=1
    )
    return nbformat.v4.new_code_cell("secret_source()", outputs=[output], metadata={"tags": list(tags)})


def notebook(*cells: NotebookNode | str) -> NotebookNode:
    """A notebook; text becomes a cell that shows it."""
    return nbformat.v4.new_notebook(cells=[shown(cell) if isinstance(cell, str) else cell for cell in cells])


TITLE = "晋江市永和镇2023年政府信息公开工作年度报告"
OPENING = (
    "本报告系根据《中华人民共和国政府信息公开条例》（以下简称《条例》）、《福建省政府信息公开办法》（以下简称《办法》）规定起草，"
    "所列政府信息公开数据统计期限自2023年1月1日至2023年12月31日。本报告电子版可在“中国晋江”政府门户网站下载。"
)
CLASSES = (
    "全年主动公开信息69条，其中机构职能类10条、民政扶贫救灾社会保障就业类18条、国土资源城乡建设环保能源类1条、"
    "科教文体卫生类9条、安全生产应急管理类8条、其他类23条。"
)


def report_cells(*, upward: bool = True, marks: tuple[str, ...] = ()) -> list[NotebookNode]:
    """The cells of a report; ``upward`` with red head, number and signer."""
    head = [
        element("p", "晋江市永和镇人民政府文件", markup.RED_HEAD),
        element("p", "晋永政〔2024〕5号", markup.DOCUMENT_NUMBER),
        element("p", "林某某", markup.SIGNER),
    ]
    identity = {"unit": "yonghe", "year": "2023", "author": "晋江市永和镇人民政府", "date": "2024-01-20"}
    title = element("h1", TITLE, markup.TITLE, **identity)
    addressee = element("p", "晋江市人民政府：", markup.ADDRESSEE)
    opening = [element("p", OPENING), element("p", "联系方式：晋江市永和镇锦石街27号，电话0595-88082141，邮编362235。")]
    lead = f'<p><span class="{markup.LEAD}">1.信息公开情况。</span>{CLASSES}</p>'
    part_one = [
        element("h2", "一、总体情况"),
        element(
            "p",
            "2023年我镇全面贯彻落实《条例》《办法》等文件精神，坚持以公开为常态、不公开为例外，有序推进政府信息公开工作。",
        ),
        element("h3", "（一）主动公开"),
        lead,
        element("h4", "2.新媒体运用情况"),
        element("p", CLASSES * 2),
        element("h3", "（二）依申请公开"),
        element("p", "2023年度受理申请3件，均在法定期限内答复。"),
    ]
    return [
        nbformat.v4.new_code_cell("township = 'yonghe'", metadata={"tags": ["parameters"]}),
        nbformat.v4.new_code_cell("township = '永和镇'", metadata={"tags": ["injected-parameters"]}),
        shown("\n".join([*marks, *(head if upward else []), title, *([addressee] if upward else []), *opening])),
        shown("<p>核对面板</p>", tags=("internal",)),
        shown("\n".join(part_one)),
        shown(element("h2", "二、主动公开政府信息情况")),
        shown(part_two()),
        nbformat.v4.new_markdown_cell("## 三、收到和处理政府信息公开申请情况"),
        shown(part_three()),
        shown(element("h2", "四、政府信息公开行政复议、行政诉讼情况")),
        shown(part_four()),
        shown(
            "\n".join(
                [
                    element("h2", "五、存在的主要问题及改进情况"),
                    element("p", "一是事前和事中公开不足，信息传送效率仍需进一步提高。二是信息公开渠道有待拓宽。" * 3),
                    element("h2", "六、其他需要报告的事项"),
                    element("p", "本年度发出收费通知0件，收取信息处理费0元。"),
                    element("p", "附件：1.主动公开目录", markup.ATTACHMENT),
                    element("p", "晋江市永和镇人民政府", markup.SIGNATURE),
                    element("p", "2024年1月20日", markup.DATE),
                ]
            )
        ),
    ]


Placed = tuple[int, int, int, int, str]
"""Row, column, rows and columns spanned, text."""


def grids_of(html: str) -> list[list[Placed]]:
    """Every table in ``html`` as its placed cells, read as a browser would place them."""
    grids = []
    for table in lxml.html.fromstring(f"<div>{html}</div>").iter("table"):
        taken: set[tuple[int, int]] = set()
        placed: list[Placed] = []
        for y, row in enumerate(table.iter("tr")):
            x = 0
            for cell in row.iter("td", "th"):
                while (y, x) in taken:
                    x += 1
                height, width = int(cell.get("rowspan", "1")), int(cell.get("colspan", "1"))
                taken |= {(y + dy, x + dx) for dy in range(height) for dx in range(width)}
                placed.append((y, x, height, width, " ".join(cell.text_content().split())))
                x += width
        grids.append(placed)
    return grids


@pytest.fixture
def grids() -> Callable[[str], list[list[Placed]]]:
    return grids_of


@pytest.fixture
def tables() -> tuple[str, ...]:
    """The tables of parts two, three and four as cells show them."""
    return part_two(), part_three(), part_four()


@pytest.fixture
def make_notebook() -> Callable[..., NotebookNode]:
    return notebook


@pytest.fixture
def make_cell() -> Callable[..., NotebookNode]:
    return shown


@pytest.fixture
def report() -> NotebookNode:
    return notebook(*report_cells())


@pytest.fixture
def draft() -> NotebookNode:
    marks = (
        element("p", "草稿：有 1 项错误未处理，不得报送。", markup.DRAFT),
        element("p", "示例数据，非真实报告。", markup.SAMPLE),
    )
    return notebook(*report_cells(upward=False, marks=marks))
