"""Whatever stands in a register is text: it never runs, and never breaks the page."""

from __future__ import annotations

import io
import json
import shutil
from html import unescape
from pathlib import Path

import pytest
from lxml import html as lxml_html
from nbformat import NotebookNode, v4
from pypdf import PdfReader
from tests.conftest import PARAMS

import nianbao as nb
from nianbao import charts
from nianbao.document import read_notebook
from nianbao.document.pdf.compiler import typeset
from nianbao.document.pdf.fonts import require_glyphs, select_fonts
from nianbao.document.web.fragment import write_fragment
from nianbao.document.web.page import write_page
from nianbao.errors import FontError, NianbaoError, TemplateTextError
from nianbao.report import Report, load_report
from nianbao.report.prose import full_text
from nianbao.report.tables import tables_json
from nianbao.rules import check_report

HOSTILE = [
    '#read("/etc/passwd")',
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "{{ 7*7 }}{% raw %}",
    "$x^2$ *b* _i_ `c` = h @ref \\u{41}",
    "</figcaption></p></table>",
    "=HYPERLINK(1)",
    "a" * 150,
]
PROSE = "narrative:\n  overview: |\n    （一）主动公开\n    公开{{ 主动公开.总数 }}条，其中{{ 主动公开.分类 }}。\n"


def load(folder: Path, said: str, **registers: list[list[str]]) -> Report:
    own = folder / "params" / "2023" / "anhai"
    own.mkdir(parents=True)
    shutil.copy(PARAMS / "units.yaml", folder / "params")
    own.with_suffix(".yaml").write_text(f"unit: anhai\nyear: 2023\n{said}", encoding="utf-8")
    for name, rows in registers.items():
        lines = [",".join('"' + cell.replace('"', '""') + '"' for cell in row) for row in rows]
        (own / f"{name}.csv").write_text("\n".join(lines), encoding="utf-8")
    return load_report("anhai", 2023, folder / "params")


def disclosures(names: list[str]) -> list[list[str]]:
    head = ["索引号", "发布日期", "标题", "类别", "渠道"]
    return [head, *([f"{n}-{name}", "2023-5-6", name, name, f"网站、{name}"] for n, name in enumerate(names * 2))]


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Report:
    """A report whose registers hold hostile text in every column that is free."""
    ids = [[name, "2023-5-6", "自然人", "予以公开", "2023-5-20"] for name in HOSTILE]
    return load(
        tmp_path_factory.mktemp("hostile"),
        PROSE + "t3:\n  received: [1, 0, 0, 0, 0, 0, 1]\n",
        disclosures=disclosures(HOSTILE),
        applications=[["收件编号", "收到日期", "申请人类型", "办理结果", "答复日期"], *ids],
    )


@pytest.fixture(scope="module")
def shown(hostile: Report) -> tuple[str, str, bytes]:
    """Page, fragment and PDF of its part one, with the analyst's cell as if it were published too."""
    html = [nb.panel(hostile).as_raw_html(), nb.casework(hostile).html, nb.overview(hostile).html]
    outputs = [v4.new_output("display_data", {"text/html": text}) for text in html]
    node: NotebookNode = v4.new_notebook(cells=[v4.new_code_cell("", outputs=outputs, id="all")])
    document = read_notebook(node)
    return write_page(document), write_fragment(document), typeset(document, select_fonts(system=False))


def test_names_are_printed_as_they_stand(shown: tuple[str, str, bytes]) -> None:
    page, web, pdf = shown
    text = "".join(page_.extract_text() for page_ in PdfReader(io.BytesIO(pdf)).pages)
    for name in HOSTILE:
        assert name in unescape(page) and name in unescape(web)
        assert "".join(name.split()) in "".join(text.split())


def test_nothing_of_them_is_markup(shown: tuple[str, str, bytes]) -> None:
    for html in shown[:2]:
        root = lxml_html.fromstring(html)
        assert not root.xpath("//script[contains(., 'alert')] | //@onerror | //img[@src='x']")
    assert b"root:" not in shown[2]


def test_the_narrative_fills_nothing_in_for_them(hostile: Report) -> None:
    assert f"公开{2 * len(HOSTILE)}条，其中" in full_text(hostile)["overview"]
    assert "{{ 7*7 }}{% raw %}2条" in full_text(hostile)["overview"]
    assert "49" not in full_text(hostile)["overview"]


def test_a_finding_stays_one_line(hostile: Report) -> None:
    (finding,) = [f for f in check_report(hostile).findings if f.cell == "t3.received.natural" and f.rule == "T0-01"]
    assert (finding.left, finding.right) == (1, len(HOSTILE))
    assert "\n" not in finding.message and HOSTILE[0] in finding.message


def test_tables_json_lists_the_rows_of_each_counted_cell(hostile: Report) -> None:
    cells = json.loads(json.dumps(tables_json(hostile)))["cells"]
    assert hostile.registers is not None
    counted = {key: cell for key, cell in hostile.cells.items() if cell.source.value == "register"}
    assert len(counted) > 150
    for key, cell in counted.items():
        assert cells[key]["source"] == "register"
        assert cells[key].get("rows", []) == list(cell.rows)
        assert len(cells[key].get("rows", [])) == cells[key]["value"]
        assert len(nb.cases(hostile, key)) == cells[key]["value"]
    assert cells["t3.granted.natural"]["rows"] == HOSTILE
    assert "rows" not in cells["t3.received.natural"], "typed"


def test_characters_no_font_has_stop_the_run_and_are_named(tmp_path: Path) -> None:
    report = load(tmp_path, PROSE, disclosures=disclosures(["好😀", "\U00020000村"]))
    with pytest.raises(FontError, match=r"U\+1F600、U\+20000"):
        charts.preflight(report)
    with pytest.raises(FontError, match=r"U\+1F600.*U\+20000"):
        require_glyphs(full_text(report)["overview"].split("\n"), select_fonts(system=False))


def test_marks_of_filled_in_figures_cannot_be_forged(tmp_path: Path) -> None:
    forged = "\ue000t3.received.total\ue00199\ue002"
    with pytest.raises(NianbaoError, match=r"“类别”：含有不能显示的字符 U\+E000") as caught:
        load(tmp_path, PROSE, disclosures=disclosures([forged, "其他"]))
    assert not isinstance(caught.value, TemplateTextError)
