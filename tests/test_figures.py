"""Charts: when they are shown, that they say nothing but what the report prints, and their bytes."""

from __future__ import annotations

import base64
import hashlib
import io
import re
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from html import unescape
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from pypdf import PdfReader
from pypdf.generic import DictionaryObject

from nianbao.charts import Series, bars, charts_of, months, preflight, shortened
from nianbao.charts.canvas import Canvas, text_width
from nianbao.charts.draw import MAX_BARS
from nianbao.errors import FontError
from nianbao.notebook import sections
from nianbao.params.schema import json_schema
from nianbao.report import Report, load_report
from nianbao.rules import check_report
from nianbao.statute import edition_for
from tests.conftest import PARAMS

SVG = "{http://www.w3.org/2000/svg}"
CLASSES = "disclosure:\n  total: 15\n  classes: [{name: 规划计划类信息, count: 4}, {name: 其他类信息, count: 6}, {name: 机构职能类信息, count: 5}]\n"
OVERVIEW = (
    "narrative:\n  overview: |\n    概述。\n    （一）主动公开\n    公开{{ 主动公开.总数 }}条。\n"
    "    （二）依申请公开情况：收到申请。\n    （三）平台建设\n    平台。\n"
)
DISCLOSURES = "索引号,发布日期,标题,类别\n" + "".join(
    f"{n},2023-{n % 12 + 1}-3,标题,{'机构职能' if n % 3 else '其他'}\n" for n in range(1, 26)
)
APPLICATIONS = "收件编号,收到日期,申请人类型,办理结果,答复日期\n" + "".join(
    f"{n},2023-{n % 6 + 1}-8,自然人,予以公开,2023-{n % 6 + 1}-18\n" for n in range(1, 15)
)

Make = Callable[..., Report]


@pytest.fixture
def make(tmp_path: Path) -> Make:
    """A report of 安海镇 2023 from what its params file says after the unit, and its registers."""

    def run(said: str = "", **registers: str) -> Report:
        folder = tmp_path / "params" / "2023"
        (folder / "anhai").mkdir(parents=True, exist_ok=True)
        (folder.parent / "units.yaml").write_text((PARAMS / "units.yaml").read_text("utf-8"), encoding="utf-8")
        (folder / "anhai.yaml").write_text(f"unit: anhai\nyear: 2023\n{said}", encoding="utf-8")
        for name, text in registers.items():
            (folder / "anhai" / f"{name}.csv").write_text(text, encoding="utf-8")
        return load_report("anhai", 2023, folder.parent)

    return run


def captions(report: Report) -> list[str]:
    return [placed.chart.caption for placed in charts_of(report)]


def drawn(html: str) -> list[bytes]:
    return [base64.b64decode(code) for code in re.findall(r'src="data:image/svg\+xml;base64,([^"]+)"', html)]


# ---- when ----


def test_typed_figures_have_a_chart_only_where_the_params_ask(make: Make) -> None:
    assert captions(make(CLASSES)) == []
    assert captions(make(CLASSES + "charts: true\n")) == ["图1　2023年主动公开政府信息分类情况"]


def test_the_published_report_of_yonghe_has_none(yonghe: Report) -> None:
    assert yonghe.disclosure.classes
    assert "<figure" not in sections.overview(yonghe).html


def test_registers_bring_charts_and_the_params_can_refuse_them(make: Make) -> None:
    registers = {"disclosures": DISCLOSURES, "applications": APPLICATIONS}
    assert captions(make(**registers)) == [
        "图1　2023年主动公开政府信息分类情况",
        "图2　2023年各月主动公开政府信息和收到政府信息公开申请情况",
    ]
    assert captions(make("charts: false\n", **registers)) == []


@pytest.mark.parametrize(
    "said",
    [
        "",
        "disclosure:\n  total: 15\n",
        "disclosure:\n  classes: [{name: 其他, count: 6}]\n",
        "disclosure:\n  classes: [{name: 其他, count: 6}, {name: 规划计划, count: 0}]\n",
        "disclosure:\n  classes: [{name: 其他, count: 0}, {name: 规划计划, count: 0}]\n",
    ],
)
def test_nothing_to_show_no_chart(make: Make, said: str) -> None:
    assert captions(make(said + "charts: true\n")) == []


def test_classes_that_do_not_add_up_to_the_printed_total_are_not_drawn(make: Make) -> None:
    assert captions(make(CLASSES.replace("15", "16") + "charts: true\n")) == []


def test_months_that_do_not_add_up_to_what_is_printed_are_not_drawn(make: Make) -> None:
    typed = "t3:\n  received: [15, 0, 0, 0, 0, 0, 15]\ndisclosure:\n  total: 24\n"
    report = make(typed, disclosures=DISCLOSURES, applications=APPLICATIONS)
    assert {f.cell for f in check_report(report).findings if f.rule == "T0-01"} >= {"t3.received.total"}
    assert captions(report) == []


def test_half_a_dozen_a_year_is_the_least_for_months(make: Make) -> None:
    few = "\n".join(APPLICATIONS.splitlines()[:6]) + "\n"  # 5 applications
    assert captions(make(applications=few)) == []
    assert captions(make(applications=few + "99,2023-9-1,自然人,,\n")) == ["图1　2023年各月收到政府信息公开申请情况"]


def test_a_finished_text_gets_no_chart(make: Make) -> None:
    assert captions(replace(make(CLASSES + "charts: true\n"), literal=True)) == []


def test_numbers_go_on_after_those_of_the_pictures(make: Make) -> None:
    report = make("narrative:\n  problems: |\n    ![图3　公开栏](a.png)\n" + CLASSES + "charts: true\n")
    assert captions(report) == ["图4　2023年主动公开政府信息分类情况"]


def test_the_schema_knows_the_switch() -> None:
    assert "charts" in json_schema(edition_for(2023))["properties"]


# ---- where, and in words ----


def test_charts_stand_at_the_end_of_the_section_they_belong_to(make: Make) -> None:
    html = sections.overview(make(OVERVIEW, disclosures=DISCLOSURES, applications=APPLICATIONS)).html
    order = [line[:40] if "<figure" not in line else "figure" for line in html.split("\n")]
    assert [line for line in order if line == "figure" or "h3" in line or "lead" in line] == [
        "<h3>（一）主动公开</h3>",
        "figure",
        '<p><span class="nb-lead">（二）依申请公开情况：</sp',
        "figure",
        "<h3>（三）平台建设</h3>",
    ]


def test_without_such_sections_charts_come_last(make: Make) -> None:
    report = make("narrative:\n  overview: |\n    概述。\ncharts: true\n" + CLASSES)
    assert [line[:7] for line in sections.overview(report).html.split("\n")] == ["<p>概述。<"[:7], "<figure"]


def test_the_alternative_text_says_every_number(make: Make) -> None:
    classes, months_ = charts_of(make(disclosures=DISCLOSURES, applications=APPLICATIONS))
    assert classes.chart.alt == "条形图，2023年主动公开政府信息25条的分类情况：机构职能17条、其他8条。"
    assert months_.chart.alt.startswith("柱形图，2023年各月情况。主动公开政府信息共25条：1月2条、2月3条、3月2条、")
    assert months_.chart.alt.endswith("收到政府信息公开申请共14件：1月2件、2月3件、3月3件、4月2件、5月2件、6月2件、7月0件、8月0件、9月0件、10月0件、11月0件、12月0件。")  # fmt: skip


# ---- the drawing ----


def rectangles(svg: bytes) -> list[tuple[float, float]]:
    """Width and height of each bar, in order."""
    return [
        (float(bar.get("width", "")), float(bar.get("height", ""))) for bar in etree.fromstring(svg).iter(f"{SVG}rect")
    ]


@settings(max_examples=15, deadline=None)
@given(st.lists(st.integers(0, 500), min_size=1, max_size=8))
def test_bars_are_as_long_as_their_numbers(counts: list[int]) -> None:
    lengths = [width for width, _ in rectangles(bars([(f"第{n}类", count) for n, count in enumerate(counts)], "条"))]
    shown = [count for count in counts if count]
    assert len(lengths) == len(shown)
    for length, count in zip(lengths, shown, strict=True):
        assert length == pytest.approx(max(lengths) * count / max(shown), abs=0.01)


@settings(max_examples=15, deadline=None)
@given(st.lists(st.integers(0, 10**6), min_size=12, max_size=12))
def test_columns_are_as_tall_as_their_numbers(counts: list[int]) -> None:
    heights = [height for _, height in rectangles(months([Series("主动公开", "条", tuple(counts))]))]
    shown = [count for count in counts if count]
    assert len(heights) == len(shown)
    for height, count in zip(heights, shown, strict=True):
        assert height == pytest.approx(max(heights) * count / max(shown), abs=0.01)


def test_the_largest_comes_first_and_the_rest_last() -> None:
    assert shortened([("其他类信息", 9), ("甲", 1), ("乙", 3), ("丙", 3)], "其余{}类") == [
        ("乙", 3),
        ("丙", 3),
        ("甲", 1),
        ("其他类信息", 9),
    ]


def test_many_classes_share_a_last_bar_and_none_is_lost() -> None:
    items = [(f"第{n}类", n) for n in range(50)]
    shown = shortened(items, "其余{}类")
    assert len(shown) == MAX_BARS
    assert shown[-1] == ("其余31类", sum(range(31)))
    assert sum(count for _, count in shown) == sum(count for _, count in items)


@pytest.mark.parametrize(
    "name",
    ["$\\frac{1}{0}$", "<script>alert(1)</script>", "{{ 7*7 }}", '#read("/etc/passwd")', "a&b\"'", "长名字，" * 50],
)
def test_hostile_names_are_drawn_as_they_stand(make: Make, name: str) -> None:
    said = "charts: true\ndisclosure:\n  classes:\n    - {name: %s, count: 1}\n    - {name: 其他, count: 2}\n"
    quoted = "'" + name.replace("'", "''") + "'"
    report = make(said % quoted)
    preflight(report)
    html = sections.overview(report).html
    (svg,) = drawn(html)
    assert name in unescape(re.findall(r'alt="([^"]*)"', html)[0])
    assert b"script" not in svg and b"passwd" not in svg and b"<text" not in svg
    root = etree.fromstring(svg)
    assert {etree.QName(node).localname for node in root.iter()} <= {"svg", "g", "rect", "path"}
    letters = len(root.findall(f"{SVG}g/{SVG}path"))
    assert letters == len((name + "其他1条2条").replace(" ", "")) or len(name) > 40
    box = [float(number) for number in root.get("viewBox", "").split()]
    assert box[2] == 340 and box[3] < 80


def test_a_character_that_cannot_be_drawn_stops_the_run_before_it_starts(make: Make) -> None:
    said = "disclosure:\n  classes: [{name: 好😀, count: 1}, {name: 㙟\U00020000, count: 2}]\ncharts: true\n"
    with pytest.raises(FontError, match=r"anhai\.yaml:5：图1的字体没有 U\+1F600、U\+20000。.*charts: false"):
        preflight(make(said))
    preflight(make(said.replace("charts: true", "charts: false")))


# ---- the bytes ----

_DRAW = """
import hashlib, sys
from nianbao.charts import Series, bars, months
svg = bars([("机构职能类信息", 3), ("其他类信息", 1)], "条") + months([Series("主动公开", "条", tuple(range(12)))])
print(hashlib.sha256(svg).hexdigest(), "matplotlib" in sys.modules)
"""


def test_the_bytes_are_the_same_in_every_process() -> None:
    done = subprocess.run([sys.executable, "-c", _DRAW], capture_output=True, text=True, check=True)
    svg = bars([("机构职能类信息", 3), ("其他类信息", 1)], "条") + months([Series("主动公开", "条", tuple(range(12)))])
    assert etree.fromstring(svg[: svg.index(b"</svg>") + 6]).get("width") == "340pt"
    assert done.stderr == "", "it would be printed in the report"
    assert done.stdout.split() == [hashlib.sha256(svg).hexdigest(), "False"]


def test_no_chart_no_font() -> None:
    """The font is 16 MB; a report without charts does not open it."""
    code = (
        "import sys; import nianbao as nb; report = nb.load_report('yonghe', 2023); nb.overview(report);"
        "from nianbao.charts import preflight; preflight(report); print('fontTools' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=PARAMS.parent)
    assert done.stdout.strip() == "False"


@given(st.text(st.characters(min_codepoint=32, max_codepoint=0x9FFF), min_size=1, max_size=12))
def test_a_line_ends_where_it_is_to_end(text: str) -> None:
    """What is set from the right ends where what is set from the left begins, and the middle lies between."""
    places = {}
    for align in ("left", "center", "right"):
        canvas = Canvas(100, 20)
        canvas.text(50, 10, text, align)
        group = etree.fromstring(canvas.svg()).find(f"{SVG}g")
        assert group is not None
        places[align] = float(re.findall(r"-?[0-9.]+", group.get("transform", ""))[0])
    assert places["left"] - places["right"] == pytest.approx(text_width(text), abs=0.002)
    assert places["left"] - places["center"] == pytest.approx(text_width(text) / 2, abs=0.002)


def test_page_fragment_and_pdf_show_the_same_chart_with_its_words(make: Make) -> None:
    import nbformat
    from nbformat import v4

    from nianbao.document import read_notebook
    from nianbao.document.pdf.compiler import typeset
    from nianbao.document.pdf.fonts import select_fonts
    from nianbao.document.web.fragment import write_fragment
    from nianbao.document.web.page import write_page

    report = make(OVERVIEW, disclosures=DISCLOSURES, applications=APPLICATIONS)
    output = v4.new_output("display_data", {"text/html": sections.overview(report).html})
    node: nbformat.NotebookNode = v4.new_notebook(cells=[v4.new_code_cell("", outputs=[output], id="overview")])
    document = read_notebook(node)
    page, web = write_page(document), write_fragment(document)
    assert len(drawn(page)) == 2
    assert drawn(page) == drawn(web)
    said = _alternative_texts(typeset(document, select_fonts(system=False)))
    for placed in charts_of(report):
        assert placed.chart.alt in said
        assert placed.chart.alt in unescape(page) and placed.chart.alt in unescape(web)
        words = (re.sub(r"</?span[^>]*>", "", html) for html in (page, web))
        assert all(placed.chart.caption in html for html in words)


def _alternative_texts(pdf: bytes) -> set[str]:
    """What a reader of the screen says for the pictures of a PDF."""
    reader = PdfReader(io.BytesIO(pdf))
    objects = (reader.get_object(number) for number in range(1, int(str(reader.trailer["/Size"]))))
    return {str(found["/Alt"]) for found in objects if isinstance(found, DictionaryObject) and "/Alt" in found}


@pytest.mark.parametrize(("units", "share"), [(19, 0.45), (24, 0.56), (25, 0.45), (37, 0.45), (60, 0.7)])
def test_a_chart_of_the_units_of_a_city_takes_about_half_a_page(units: int, share: float) -> None:
    """In two columns where they are many, each bar as long as its number."""
    counts = [200 - number for number in range(units)]
    drawn = bars([(f"某某镇{number}", count) for number, count in enumerate(counts)], "条")
    found = re.search(rb'viewBox="0 0 [0-9.]+ ([0-9.]+)"', drawn)
    assert found is not None and float(found[1]) < share * 225 * 72 / 25.4
    lengths = sorted((width for width, _ in rectangles(drawn)), reverse=True)
    assert lengths == pytest.approx([lengths[0] * count / counts[0] for count in counts], abs=0.01)
    few = re.search(rb'viewBox="0 0 [0-9.]+ ([0-9.]+)"', bars([("甲", 3), ("乙", 2)], "条"))
    assert few is not None and float(few[1]) == pytest.approx(2 * 19 + 2, abs=1)
