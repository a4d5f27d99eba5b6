"""The whole page: structure, policy, identity, marks, tables, determinism."""

from __future__ import annotations

import base64
import hashlib
import re
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import lxml.html
import nbformat
import pytest
from nbconvert.exporters import get_exporter
from nbformat import NotebookNode

from nianbao.document import (
    Cell,
    Document,
    ListBlock,
    Meta,
    Paragraph,
    Preformatted,
    Run,
    Table,
    markup,
    read_notebook,
)
from nianbao.document.markup import element
from nianbao.document.web import page as web_page
from nianbao.document.web.fragment import write_fragment
from nianbao.document.web.page import write_page
from nianbao.notebook.exporters import FragmentExporter, PageExporter

ROOT = Path(__file__).parents[3]
SIZE_LIMIT = 120_000


@pytest.fixture(scope="module")
def exporter() -> PageExporter:
    return PageExporter()


@pytest.fixture
def export() -> Callable[[NotebookNode], str]:
    return lambda nb: write_page(read_notebook(nb))


@pytest.fixture
def page(export: Callable[[NotebookNode], str], report: NotebookNode) -> Any:
    return lxml.html.document_fromstring(export(report))


def texts(nodes: Any) -> list[str]:
    return [node.text_content().strip() for node in nodes]


def test_is_listed_in_the_menu_of_jupyterlab() -> None:
    assert (PageExporter.export_from_notebook, PageExporter.output_mimetype) == ("年报网页", "text/html")
    assert PageExporter().file_extension == ".html"


def test_head_says_language_title_author_and_date(page: Any) -> None:
    assert page.get("lang") == "zh-CN"
    assert page.findtext(".//title") == "晋江市永和镇2023年政府信息公开工作年度报告"
    meta = {node.get("name"): node.get("content") for node in page.iter("meta")}
    assert meta["author"] == "晋江市永和镇人民政府"
    assert meta["date"] == "2024-01-20"
    assert meta["description"].startswith("本报告系根据")


def test_title_keeps_its_text_and_identity(page: Any) -> None:
    (title,) = page.iter("h1")
    assert title.text_content() == "晋江市永和镇2023年政府信息公开工作年度报告"
    assert (title.get("data-unit"), title.get("data-year")) == ("yonghe", "2023")


def test_title_may_break_between_its_phrases_only(export: Callable[[NotebookNode], str], report: NotebookNode) -> None:
    assert ">晋江市永和镇<wbr>2023年<wbr>政府信息公开<wbr>工作<wbr>年度报告</h1>" in export(report)


def test_only_published_cells_are_shown(export: Callable[[NotebookNode], str], report: NotebookNode) -> None:
    html = export(report)
    assert "核对面板" not in html
    assert "secret_source" not in html
    assert "township" not in html
    assert "Fragment(" not in html


def test_what_a_library_warns_of_is_not_published(export: Callable[[NotebookNode], str], report: NotebookNode) -> None:
    report.cells += [ran("stream", name=name, text=f"来自 {name}\n") for name in ("stdout", "stderr")]
    html = export(report)
    assert "来自 stdout" in html and "来自 stderr" not in html


def test_a_readers_configuration_cannot_publish_internal_cells(report: NotebookNode) -> None:
    from traitlets.config import Config

    config = Config(
        {"TagRemovePreprocessor": {"remove_cell_tags": ["other"]}, "TemplateExporter": {"exclude_input": False}}
    )
    html, _ = PageExporter(config=config).from_notebook_node(report)
    assert "核对面板" not in html and "secret_source" not in html


def test_policy_names_the_hash_of_the_only_style(export: Callable[[NotebookNode], str], report: NotebookNode) -> None:
    html = export(report)
    styles = re.findall(r"<style>(.*?)</style>", html, flags=re.DOTALL)
    assert len(styles) == 1
    digest = base64.b64encode(hashlib.sha256(styles[0].encode("utf-8")).digest()).decode("ascii")
    (policy,) = lxml.html.document_fromstring(html).xpath("//meta[@http-equiv='Content-Security-Policy']/@content")
    assert policy.split("; ") == [
        "default-src 'none'",
        f"style-src 'sha256-{digest}'",
        "img-src data:",
        "base-uri 'none'",
        "form-action 'none'",
    ]


def test_nothing_in_the_page_acts_or_calls_out(page: Any) -> None:
    assert not page.xpath("//script | //iframe | //form | //@style | //*[@*[starts-with(name(), 'on')]]")
    addresses = [str(value) for value in page.xpath("//@src | //link/@href")]
    assert addresses == ["data:,"]
    assert "@import" not in page.findtext(".//style") and "url(http" not in page.findtext(".//style")


def test_headings_are_listed_in_the_contents(page: Any) -> None:
    (contents,) = page.xpath("//nav[@aria-label='目录']")
    links = list(contents.iter("a"))
    targets = [page.get_element_by_id(link.get("href").removeprefix("#")) for link in links]
    assert texts(links) == texts(targets) == texts(page.iter("h2"))
    assert len(links) == 6
    assert page.xpath("//a[@class='nb-skip']/@href") == ["#main"]
    assert page.get_element_by_id("main").tag == "main"


def test_letterhead_stands_together_with_the_signers_label(page: Any) -> None:
    (letterhead,) = page.find_class("nb-letterhead")
    assert texts(letterhead) == ["晋江市永和镇人民政府文件", "晋永政〔2024〕5号", "签发人：林某某"]
    assert letterhead.getnext().tag == "h1"
    (signoff,) = page.find_class("nb-signoff")
    assert texts(signoff) == ["晋江市永和镇人民政府", "2024年1月20日"]


def test_tables_keep_their_grid(
    export: Callable[[NotebookNode], str], report: NotebookNode, tables: tuple[str, ...], grids: Callable[[str], Any]
) -> None:
    html = export(report)
    expected = [grid for table in tables for grid in grids(table)]
    assert grids(html) == expected
    assert max(y + height for y, _, height, _, _ in expected[1]) == 28
    assert max(x + width for _, x, _, width, _ in expected[1]) == 10


def test_heads_keep_their_scope_and_lose_their_ids(page: Any) -> None:
    three = page.xpath("//table")[1]
    scopes = {cell.get("scope") for cell in three.iter("th")}
    assert scopes == {"col", "colgroup", "row", "rowgroup"}
    assert not three.xpath(".//@id | .//@headers")


def test_wide_tables_stand_in_a_named_frame(page: Any) -> None:
    frames = page.find_class("nb-frame")
    assert [frame.get("aria-label") for frame in frames] == [
        "表格：三、收到和处理政府信息公开申请情况",
        "表格：四、政府信息公开行政复议、行政诉讼情况",
    ]
    for frame in frames:
        assert (frame.get("tabindex"), frame.get("role")) == ("0", "region")
        assert [child.tag for child in frame] == ["table"]


def test_every_table_has_a_caption_that_is_seen_where_nothing_above_says_it(
    export: Callable[[NotebookNode], str], make_notebook: Callable[..., NotebookNode]
) -> None:
    """The heading's words for those who hear the page; a caption of its own for all; a unit stays where it is."""
    table = "<table><tr><td>1</td></tr></table>"
    unit, titled = (element("p", text, markup.CAPTION) for text in ("单位：件", "各月条数"))
    page = lxml.html.document_fromstring(
        export(make_notebook("<h2>甲</h2>", table, unit + table, titled + table, "<h2>乙</h2>", titled + "<p>文</p>"))
    )
    captions = [(one.get("class"), one.text_content()) for one in page.xpath("//table/caption")]
    assert captions == [
        (markup.NOT_SEEN, "甲"),
        (markup.NOT_SEEN, "甲（2）"),
        (f"{markup.CAPTION} nb-center", "各月条数"),
    ]
    assert [one[0].tag for one in page.iter("table")] == ["caption"] * 3
    assert not page.xpath("//table[@aria-label]")
    assert texts(page.xpath("//p[contains(@class, 'nb-caption')]")) == ["单位：件", "各月条数"]


UNITS = "年月日号件条次个人元份项期场篇家名"


@pytest.mark.parametrize("write", [write_page, write_fragment])
@pytest.mark.parametrize("unit", [*UNITS, "万元", "%"])
@pytest.mark.parametrize("number", ["3", "1150", "190.457379"])
def test_a_number_and_its_unit_stay_on_one_line(write: Callable[[Document], str], unit: str, number: str) -> None:
    """In paragraphs, lists, notes and cells; the text is what it was, the title stays plain, and so does program text."""
    said = f"共{number}{unit}，另有{number}{unit}"
    runs = (Run(said),)
    blocks = (Paragraph(runs), Paragraph(runs, markup.NOTE), ListBlock(((Paragraph(runs),),)))
    table = Table((), ((Cell(runs), Cell((Run("1"),))),))
    html = write(Document(Meta(title=(Run("甲镇2023年报告"),)), (*blocks, table, Preformatted(said))))
    root = lxml.html.document_fromstring(html)
    kept = [one.text_content() for one in root.xpath("//span[@class='nb-number' or contains(@style, 'nowrap')]")]
    assert kept == [number + unit] * 8
    assert "甲镇2023年报告" in html
    assert root.text_content().count(said) == 5


@pytest.mark.parametrize("write", [write_page, write_fragment])
@pytest.mark.parametrize("share", ["（11/11）", "（0/0）", "（1057/12345）"])
def test_a_part_and_its_whole_stay_in_one_bracket(write: Callable[[Document], str], share: str) -> None:
    said = (Run(f"100%{share}"),)
    html = write(Document(Meta(title=(Run("甲"),)), (Paragraph(said), Table((), ((Cell(said), Cell((Run("1"),))),)))))
    root = lxml.html.document_fromstring(html)
    kept = [one.text_content() for one in root.xpath("//span[@class='nb-number' or contains(@style, 'nowrap')]")]
    assert kept == ["100%", share] * 2


def test_two_tables_under_one_heading_have_two_names(
    export: Callable[[NotebookNode], str], make_notebook: Callable[..., NotebookNode], tables: tuple[str, ...]
) -> None:
    page = lxml.html.document_fromstring(export(make_notebook("<h2>甲</h2>", tables[2], tables[2])))
    assert [frame.get("aria-label") for frame in page.find_class("nb-frame")] == ["表格：甲", "表格：甲（2）"]


def test_marks_stand_first_and_across_the_sheet(export: Callable[[NotebookNode], str], draft: NotebookNode) -> None:
    main = lxml.html.document_fromstring(export(draft)).get_element_by_id("main")
    assert main.get("class").split() == ["nb-sheet", "nb-marked-draft", "nb-marked-sample"]
    assert texts(main[0]) == ["草稿：有 1 项错误未处理，不得报送。", "示例数据，非真实报告。"]


def test_a_report_in_order_carries_no_mark(page: Any) -> None:
    assert page.get_element_by_id("main").get("class") == "nb-sheet"
    assert not page.find_class("nb-marks")


def test_same_notebook_same_bytes(report: NotebookNode) -> None:
    first, _ = PageExporter().from_notebook_node(report)
    again = nbformat.v4.new_notebook(cells=[dict(cell, id=f"other-{n}") for n, cell in enumerate(report.cells)])
    second, _ = PageExporter().from_notebook_node(nbformat.from_dict(again))
    assert first == second


def test_a_report_is_small(export: Callable[[NotebookNode], str], report: NotebookNode) -> None:
    assert len(export(report).encode("utf-8")) < SIZE_LIMIT


PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="


def ran(kind: str, *args: Any, **fields: Any) -> NotebookNode:
    return nbformat.v4.new_code_cell("x", outputs=[nbformat.v4.new_output(kind, *args, **fields)])


def test_any_notebook_converts(export: Callable[[NotebookNode], str]) -> None:
    attached = {"贴图.png": {"image/png": PIXEL}}
    described = {"image/png": {"width": 40, "alt": "走势"}}
    drawing = "<svg xmlns='http://www.w3.org/2000/svg'/>"
    markdown = nbformat.v4.new_markdown_cell
    cells = [
        markdown("# 分析\n\n一段 **重点** `x`\n\n- 甲\n- 乙\n\n1. 一\n2. 二\n\n- [x] 已办"),
        markdown("| a | b |\n|:--|--:|\n| 1 | 2 |\n\n![贴图](attachment:贴图.png)", attachments=attached),
        markdown("# 又一个一级标题\n\n<script>alert(1)</script><b onclick='x'>粗</b>"),
        ran("stream", name="stdout", text="\x1b[31m红\x1b[0m <b>\n  缩进\n"),
        ran("execute_result", {"text/plain": "<Series>"}, execution_count=1),
        ran("display_data", {"image/png": PIXEL + "\n", "text/plain": "<Figure>"}, metadata=described),
        ran("display_data", {"image/svg+xml": drawing, "text/plain": "x"}),
        ran("display_data", {"text/markdown": "*强调*"}),
        ran("error", ename="E", evalue="v", traceback=["Traceback\x1b[0m", "E: v"]),
        nbformat.v4.new_raw_cell("<b>raw</b>"),
    ]
    html = export(nbformat.v4.new_notebook(cells=cells))
    page = lxml.html.document_fromstring(html)
    main = page.get_element_by_id("main")
    assert page.findtext(".//title") == "分析"
    assert texts(page.iter("h1")) == ["分析"] and texts(page.iter("h2")) == ["又一个一级标题"]
    assert texts(main.iter("li")) == ["甲", "乙", "一", "二", "√ 已办"]
    assert texts(main.iter("pre")) == ["红 <b>\n  缩进", "<Series>", "Traceback\nE: v"]
    assert [(node.get("alt"), node.get("width")) for node in main.iter("img")] == [
        ("贴图", None),
        ("走势", "40"),
        ("图片", None),
    ]
    assert [node.get("class") for node in main.iter("td")] == ["nb-left nb-short", "nb-right nb-short"]
    assert "强调" in texts(main.iter("em"))
    assert "raw" not in html and "¶" not in html and "alert" not in html and "onclick" not in html


def test_a_notebook_without_headings_is_named_after_its_file(
    exporter: PageExporter, make_notebook: Callable[..., NotebookNode]
) -> None:
    html, _ = exporter.from_notebook_node(make_notebook("<p>x</p>"), {"metadata": {"name": "a<b"}})
    assert "<title>a&lt;b</title>" in html


@pytest.mark.parametrize(
    "hostile",
    [
        "<script>alert(1)</script>",
        "{{ 7*7 }}{% raw %}",
        "</title><img src=x onerror=alert(1)>",
        '"><img src=x onerror=alert(1)>',
        "]]>",
    ],
)
def test_hostile_text_in_every_role_prints_as_text(
    export: Callable[[NotebookNode], str], make_notebook: Callable[..., NotebookNode], hostile: str
) -> None:
    roles = [markup.RED_HEAD, markup.DOCUMENT_NUMBER, markup.SIGNER, markup.ADDRESSEE, markup.ATTACHMENT]
    roles += [markup.SIGNATURE, markup.DATE, markup.CAPTION, markup.NOTE, markup.DRAFT, markup.SAMPLE]
    parts = [element("p", hostile, role) for role in roles]
    parts.append(element("h1", hostile, markup.TITLE, unit=hostile, year=hostile, author=hostile, date="2024-01-20"))
    parts += [element(tag, hostile) for tag in ("h2", "h3", "h4", "p")]
    parts.append(f"<table><tr>{element('td', hostile) * 6}</tr></table>")
    page = lxml.html.document_fromstring(export(make_notebook("\n".join(parts))))
    assert not page.xpath("//script | //img | //*[@onerror]")
    assert page.findtext(".//title") == hostile
    captions = 1  # of the table, by its heading
    assert page.get_element_by_id("main").text_content().count(hostile) == len(roles) + 1 + 4 + 6 + captions
    meta = {node.get("name"): node.get("content") for node in page.iter("meta")}
    assert meta["author"] == hostile


def test_real_tables_keep_their_grid_and_no_random_id(
    export: Callable[[NotebookNode], str], make_notebook: Callable[..., NotebookNode], grids: Callable[[str], Any]
) -> None:
    import pandas as pd
    from great_tables import GT

    frame = pd.DataFrame(
        {"一级": ["甲", "甲", "乙"], "二级": ["1.", "2.", ""], "件数": [3, 0, 12], "备注": ["", "a<b", "无"]}
    )

    def drawn() -> str:
        table = GT(frame, rowname_col=["一级", "二级"]).tab_header("表题").tab_source_note("来源：登记簿")
        return str(table.tab_spanner("情况", columns=["件数", "备注"]).cols_align("center").as_raw_html())

    first, second = drawn(), drawn()
    assert first != second
    html = export(make_notebook("<h2>节</h2>", first))
    assert html == export(make_notebook("<h2>节</h2>", second))
    page = lxml.html.document_fromstring(html)
    assert texts(page.find_class("nb-caption")) == ["表题"]
    assert texts(page.find_class("nb-note")) == ["来源：登记簿"]
    (grid,) = grids(html)
    assert (2, 0, 2, 1, "甲") in grid
    assert {(2, 2, 1, 1, "3"), (3, 3, 1, 1, "a<b"), (4, 2, 1, 1, "12")} <= set(grid)


@pytest.mark.parametrize("exporter_class", [PageExporter, FragmentExporter])
def test_nbconvert_finds_the_exporter_by_its_name(exporter_class: type) -> None:
    assert get_exporter(f"nianbao.notebook.exporters.{exporter_class.__name__}") is exporter_class
    points = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["entry-points"]
    assert f"nianbao.notebook.exporters:{exporter_class.__name__}" in points["nbconvert.exporters"].values()


def test_columns_are_worked_out_for_the_type_and_the_padding_that_the_style_sheet_has() -> None:
    style = Path(web_page.__file__).with_name("style.css").read_text(encoding="utf-8")
    sizes = {False: r"^table \{.*font: ([.\d]+)rem", True: r"^\.nb-wide \{ font-size: ([.\d]+)rem"}
    insets = {
        False: r"^th, td \{ padding: [.\d]+em ([.\d]+)em",
        True: r"^\.nb-wide :is\(th, td\) \{ padding: [.\d]+em ([.\d]+)em",
    }
    for wide, (size, inset) in web_page._TYPE.items():
        rem, em = (re.search(found[wide], style, re.MULTILINE) for found in (sizes, insets))
        assert rem and em and size == float(rem[1]) * 12
        assert inset == pytest.approx(float(em[1]) * size, abs=0.05)
