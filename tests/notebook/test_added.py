"""What an analyst adds: every figure that is printed is judged wherever it stands, and what is true goes through."""

from __future__ import annotations

import base64
import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from urllib.parse import quote

import pandas as pd
import pytest
from nbformat import NotebookNode, v4
from PIL import Image

from nianbao.demo import write_demo
from nianbao.document import Document, Paragraph, plain
from nianbao.document.notebook import Shown, read_notebook, shown
from nianbao.errors import NotebookError
from nianbao.notebook.added import misplaced_roles, unaccounted
from nianbao.notebook.reading import printable
from nianbao.report import Report, load_report
from tests.conftest import PARAMS

YEAR = 2025
SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="90" height="60">{}</svg>'


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Report:
    """A demo report that has one of last year beside it."""
    folder = tmp_path_factory.mktemp("params")
    write_demo(YEAR, folder, PARAMS)
    return load_report("qingyang", YEAR, folder)


def markdown(text: str) -> NotebookNode:
    return v4.new_markdown_cell(text)


def shows(mime: str, data: str, kind: str = "display_data") -> NotebookNode:
    return v4.new_code_cell("…", outputs=[v4.new_output(kind, {mime: data})])


def html(text: str) -> NotebookNode:
    return shows("text/html", text)


def prints(text: str) -> NotebookNode:
    return v4.new_code_cell("…", outputs=[v4.new_output("stream", name="stdout", text=text)])


def pieces_of(*cells: NotebookNode) -> tuple[Shown, ...]:
    return tuple(shown(v4.new_notebook(cells=list(cells), metadata={"nianbao": "report"})))


def doubts(report: Report, *cells: NotebookNode) -> list[str]:
    return list(unaccounted(pieces_of(*cells), report))


def table(*rows: tuple[object, ...]) -> str:
    return pd.DataFrame(rows[1:], columns=rows[0]).to_html(index=False)


# ---- wherever a figure stands ----

CONTAINERS = {
    "by itself": "{}",
    "list": "<ul><li>说明{}</li></ul>",
    "list in a list": "<ol><li><ul><li>{}</li></ul></li></ol>",
    "cell": "<table><tr><td>说明</td><td>{}</td></tr></table>",
    "cell in a list": "<ul><li><table><tr><td>{}</td></tr></table></li></ul>",
    "head of a table": "<table><thead><tr><th>{}</th></tr></thead><tr><td>说明</td></tr></table>",
    "quotation": "<blockquote>{}</blockquote>",
    "details": "<details><summary>更多</summary>{}</details>",
    "terms": "<dl><dt>说明</dt><dd>{}</dd></dl>",
    "heading": "<h3>说明{}</h3>",
    "caption": "<figure><figcaption>说明{}</figcaption></figure>",
}
DRAWN = SVG.format("<text y='9'>9999</text>")
FOREIGN = '<foreignObject width="9" height="9"><p xmlns="http://www.w3.org/1999/xhtml">9999条</p></foreignObject>'
FIGURES = {
    "words": "开展培训9999次",
    "numeral": "开展培训九十九次",
    "raised": "开展培训10<sup>5</sup>次",
    "full width": "开展培训９９９９次",
    "drawing": DRAWN,
    "HTML in a drawing": f'<img src="data:image/svg+xml,{quote(SVG.format(FOREIGN))}">',
    "picture of a drawing": f'<img src="data:image/svg+xml,{quote(DRAWN)}">',
    "alternative text": '<img alt="培训9999次" src="data:image/gif;base64,R0lGODlhAQABAIAAAAUEBAAAACwAAAAAAQABAAACAkQBADs=">',
    "table": "<table><tr><td>培训</td><td>9999</td></tr></table>",
    "fraction": "<table><tr><td>培训</td><td>9999/8888</td></tr></table>",
}  # fmt: skip


@pytest.mark.parametrize("container", CONTAINERS)
@pytest.mark.parametrize("figure", FIGURES)
def test_a_figure_is_heard_wherever_it_stands(report: Report, container: str, figure: str) -> None:
    assert doubts(report, html(CONTAINERS[container].format(FIGURES[figure])))
    assert not doubts(report, html(CONTAINERS[container].format("说明")))


@pytest.mark.parametrize("container", [name for name in CONTAINERS if name not in ("heading", "caption")])
def test_an_official_role_is_heard_wherever_it_stands(container: str) -> None:
    for posing in ("<h2>七、其他</h2>", '<p class="nb-signature">某某</p>', '<h1 class="nb-title">另一份</h1>'):
        found = list(misplaced_roles(pieces_of(html(CONTAINERS[container].format(posing)))))
        in_a_cell = "cell" in container or "table" in container  # where all roles are text
        assert found or in_a_cell, posing


@pytest.mark.parametrize("source", ["9999. 条政府信息", "说明\n\n1057. 条", '<ol start="9999"><li>条</li></ol>'])
def test_the_numbers_of_a_list_are_read(report: Report, source: str) -> None:
    assert doubts(report, markdown(source))


def test_a_list_that_is_carried_on_is_no_figure(report: Report) -> None:
    assert not doubts(report, markdown("1. 甲\n2. 乙\n\n说明\n\n3. 丙\n4. 丁"))


def test_entities_of_a_drawing_are_read_as_a_browser_does(report: Report) -> None:
    drawing = '<!DOCTYPE svg [<!ENTITY x "9999">]>' + SVG.format("<text>&x;</text>")
    assert doubts(report, shows("image/svg+xml", drawing))


def png(size: int) -> str:
    stream = io.BytesIO()
    Image.effect_noise((60, 60), 40).save(stream, "PNG")
    return base64.b64encode(stream.getvalue()[:size]).decode()


@pytest.mark.parametrize(
    ("mime", "data"),
    [
        ("image/svg+xml", SVG.format("<text>9")[:-6]),
        ("image/svg+xml", ""),
        ("image/svg+xml", "<svg><text>9999</text></svg>"),
        ("image/png", png(8)),
        ("image/png", png(300)),
        ("image/jpeg", png(300)),
        ("image/png", base64.b64encode(b"GIF89a").decode()),
    ],
)
def test_a_broken_picture_is_named_with_its_cell(report: Report, mime: str, data: str) -> None:
    with pytest.raises(NotebookError, match="第 1 个单元格"):
        doubts(report, shows(mime, data))
    assert not doubts(report, shows("image/png", png(100_000)))


# ---- what is true goes through ----


def frames(report: Report) -> Mapping[str, pd.DataFrame]:
    """Tables as an analyst makes them of a report; every number of them follows from it."""
    assert report.previous is not None
    total, classes = report.disclosed or 0, {one.name: one.count for one in report.disclosure.classes}
    last = {one.name: one.count for one in report.previous.disclosure.classes}
    plain_ = pd.DataFrame({"类别": list(classes), "条数": list(classes.values())})
    rows = ("received", "carried_in", "total")
    now, before = ([one.cells[f"t3.{row}.total"].number for row in rows] for one in (report, report.previous))
    compared = pd.DataFrame({f"{YEAR - 1}年": last, f"{YEAR}年": classes}).fillna(0).astype(int).loc[list(classes)]
    return {
        "classes": plain_,
        "sorted": plain_.sort_values("条数"),
        "largest": plain_.nlargest(3, "条数"),
        "shares": plain_.assign(占比=[f"{100 * n / total:.1f}%" for n in classes.values()]),
        "rates": plain_.assign(**{"占比（%）": [round(100 * n / total, 2) for n in classes.values()]}),
        "numbered": plain_.rename_axis("序号").reset_index().assign(序号=lambda frame: frame["序号"] + 1),
        "turned": plain_.set_index("类别").T.assign(合计=total),
        "compared": compared,
        "changes": compared.assign(增减=lambda frame: frame[f"{YEAR}年"] - frame[f"{YEAR - 1}年"]),
        "growth": compared.assign(
            增长率=[f"{100 * (b - a) / a:+.1f}%" if a else "—" for a, b in compared.itertuples(index=False)]
        ),
        "years": pd.DataFrame({"主动公开总数": [report.previous.disclosed, total]}, index=[YEAR - 1, YEAR]),
        "named years": pd.DataFrame({"年份": [YEAR - 1, YEAR], "主动公开总数": [report.previous.disclosed, total]}),
        "applications": pd.DataFrame(
            {f"{YEAR - 1}年": before, f"{YEAR}年": now}, index=["新收申请", "上年结转", "办理结果总计"]
        ),
    }  # fmt: skip


NAMES = (
    "classes", "sorted", "largest", "shares", "rates", "numbered", "turned", "compared", "changes", "growth", "years",
    "named years", "applications",
)  # fmt: skip


def cells_of(frame: pd.DataFrame) -> Iterator[tuple[str, NotebookNode]]:
    """The ways in which pandas shows a frame."""
    yield "html", html(frame.to_html())
    yield "repr", html(frame._repr_html_())
    yield "without index", html(frame.reset_index(drop="类别" in frame or "年份" in frame).to_html(index=False))
    yield "styled", html(frame.style.bar(color="#d65f5f").to_html())


@pytest.mark.parametrize("name", NAMES)
def test_a_table_of_pandas_with_true_figures_goes_through(report: Report, name: str) -> None:
    known = frames(report)
    assert tuple(known) == NAMES
    for way, cell in cells_of(known[name]):
        assert doubts(report, cell) == [], way


@pytest.mark.parametrize("name", NAMES)
def test_each_figure_of_such_a_table_is_heard_when_it_is_another(report: Report, name: str) -> None:
    page = frames(report)[name].to_html()
    places = list(re.finditer(r"<td>([-+]?)(\d+)(\.\d+)?(%?)</td>", page))
    heard = 0
    for match in places:
        # by 137, so that it is no other number of the report
        wrong = f"<td>{match[1]}{int(match[2]) + 137}{match[3] or ''}{match[4]}</td>"
        heard += bool(doubts(report, html(page[: match.start()] + wrong + page[match.end() :])))
    assert heard == len(places) > 0


def test_printed_tables_and_lines_go_through(report: Report) -> None:
    frame = frames(report)["classes"]
    series = frame.set_index("类别")["条数"]
    for text in (
        str(frame),
        frame.to_string(index=False),
        str(series),
        f"主动公开总数: {report.disclosed}\n新收申请: 10\n",
    ):
        assert doubts(report, prints(text + "\n")) == [], text
        assert doubts(report, shows("text/plain", text, "display_data")) == [], text
    assert doubts(report, prints(str(frame.assign(条数=frame["条数"] + 137))))


def sentences(report: Report) -> Mapping[str, str]:
    """True sentences, each with one figure in angle brackets."""
    assert report.previous is not None
    now, last = report.disclosed or 0, report.previous.disclosed or 1
    more, grew = ("增加", "增长") if now >= last else ("减少", "下降")
    received, before = (one.cells["t3.received.total"].number for one in (report, report.previous))
    up = "增加" if received >= before else "减少"
    rate = f"{abs(now - last) / last * 100:.1f}"
    return {
        "change": f"主动公开政府信息{now}条，比上年{more}<{abs(now - last)}>条。",
        "rate": f"主动公开政府信息{now}条，比上年{grew}<{rate}>%。",
        "applications": f"新收政府信息公开申请{received}件，较上年{up}<{abs(received - before)}>件。",
        "last year": f"上年主动公开政府信息<{last}>条。",
        "that year": f"{YEAR - 1}年主动公开政府信息<{last}>条。",
    }


@pytest.mark.parametrize("name", ["change", "rate", "applications", "last year", "that year"])
def test_what_has_changed_since_last_year_is_held_against_last_years_report(report: Report, name: str) -> None:
    text = sentences(report)[name]
    before, figure, after = re.split("[<>]", text)
    assert doubts(report, markdown(f"{before}{figure}{after}")) == []
    assert doubts(report, markdown(f"{before}{float(figure) + 37:g}{after}"))
    assert doubts(replace(report, previous=None), markdown(f"{before}{figure}{after}"))


def test_a_change_in_the_other_direction_is_heard(report: Report) -> None:
    text = sentences(report)["change"].replace("<", "").replace(">", "")
    turned = text.replace("增加", "X").replace("减少", "增加").replace("X", "减少")
    assert doubts(report, markdown(turned))


@pytest.mark.parametrize("text", ["表1 主动公开信息分类", "见图2。", "如表3所示", "附表1", "（图2）说明"])
def test_the_number_of_a_chart_or_table_is_no_figure(report: Report, text: str) -> None:
    assert doubts(report, markdown(text)) == []


@pytest.mark.parametrize(
    "text",
    [
        "新收政府信息公开申请-10件",
        "全年主动公开政府信息115%",
        "图9999条",
        "代表99",
        "115",
        "开展培训廿三次",
        "115\n\n9999",
    ],
)
def test_what_only_looks_like_a_figure_of_the_report_is_heard(report: Report, text: str) -> None:
    assert report.disclosed == 115 and report.cells["t3.received.total"].number == 10
    assert doubts(report, markdown(text))


def test_doubts_of_one_table_are_one_line(report: Report) -> None:
    cell = html(table(("培训", "次数"), *[(f"第{n}期", 900 + 7 * n) for n in range(1, 40)]))
    (line,) = doubts(report, cell)
    assert line.endswith("等 39 处没有依据")


def value(text: str) -> NotebookNode:
    return v4.new_code_cell("…", outputs=[v4.new_output("execute_result", {"text/plain": text})])


@pytest.mark.parametrize(
    "text",
    ["<BarContainer object of 9 artists>", "[<matplotlib.lines.Line2D at 0x7f6e1c0d3f10>]", "<Axes: title={'center': '3'}>"],
)  # fmt: skip
def test_the_value_of_a_last_line_that_is_an_object_is_not_printed(text: str) -> None:
    assert not any(piece.blocks for piece in pieces_of(value(text)))


def test_what_a_drawing_call_returns_is_not_printed_beside_the_chart(report: Report) -> None:
    picture = v4.new_output("display_data", {"image/png": png(100_000)})
    for text in ("Text(0.5, 1.0, '分类')", "(array([3., 4.]), array([0., 1.]))"):
        cell = v4.new_code_cell("…", outputs=[v4.new_output("execute_result", {"text/plain": text}), picture])
        assert len([block for piece in pieces_of(cell) for block in piece.blocks]) == 1
        assert doubts(report, cell) == []
    assert doubts(report, value("3"))


# ---- a notebook that poses as a report ----


@pytest.mark.parametrize(
    "posing",
    [
        "<h1 data-unit='anhai' class='nb-title'>安海镇人民政府2025年政府信息公开工作年度报告</h1>",
        '<h1 class="x nb-title">报告</h1>',
        '<h1 class="nb&#45;title">报告</h1>',
        '<ul><li><p class="nb-signature">安海镇人民政府</p></li></ul>',
    ],
)
@pytest.mark.parametrize("cell", [markdown, html], ids=["markdown", "output"])
def test_what_is_set_as_a_report_goes_through_the_gate(posing: str, cell: object) -> None:
    assert callable(cell)
    nb = v4.new_notebook(cells=[cell(posing + "<p>新收申请9999件</p>")])
    assert read_notebook(nb).meta.draft is None
    found: Document = printable(nb)
    assert found.meta.draft and "parameters" in found.meta.draft


def test_any_other_notebook_is_printed_as_it_is() -> None:
    found = printable(v4.new_notebook(cells=[markdown("# 笔记\n\n新收9999件")]))
    assert found.meta.draft is None and plain(found.meta.title) == "笔记"
    assert found.blocks == (Paragraph(found.blocks[0].runs),)  # type: ignore[union-attr]


@pytest.mark.parametrize("tags", [None, "internal", 3, {"a": 1}])
def test_tags_of_another_shape_are_none(tags: object) -> None:
    nb = v4.new_notebook(cells=[markdown("说明")])
    nb.cells[0]["metadata"]["tags"] = tags
    assert [len(piece.blocks) for piece in shown(nb)] == [1]
