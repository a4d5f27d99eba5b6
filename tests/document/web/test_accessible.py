"""axe-core in Chromium finds nothing on page, fragment, overview and summary; figures show at once on a telephone."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from tests.conftest import PARAMS

from nianbao.batch import run_batch
from nianbao.demo import write_demo
from nianbao.document.model import Document, Meta, Run
from nianbao.document.web.page import write_page

axe_module = pytest.importorskip(
    "axe_playwright_python.sync_playwright", reason="axe-playwright-python is not installed"
)
pytestmark = pytest.mark.system
WIDTHS = (375, 1280)
SHELL = '<!DOCTYPE html><html lang="zh-CN"><head><meta charset="utf-8"><title>站</title></head><body><main><h1>站</h1>{}</main></body></html>'


@pytest.fixture(scope="module")
def output(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A year of two samples and 永和镇, built with its overview and summary."""
    params = tmp_path_factory.mktemp("params")
    write_demo(2025, params, PARAMS)
    out = tmp_path_factory.mktemp("output")
    run_batch(2025, ["anhai", "qingyang"], params, out, workers=0)
    folder = out / "2025"
    fragment = (folder / "anhai" / "report.web.html").read_text(encoding="utf-8")
    (folder / "site.html").write_text(SHELL.format(fragment), encoding="utf-8")
    return folder


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("name", ["anhai/report.html", "site.html", "index.html", "summary.html"])
def test_axe_finds_no_violation(output: Path, browser: Any, name: str, width: int) -> None:
    context = browser.new_context(viewport={"width": width, "height": 900}, bypass_csp=True)
    page = context.new_page()
    page.goto((output / name).as_uri())
    results = axe_module.Axe().run(page)
    context.close()
    found = [(one["id"], [node["html"][:120] for node in one["nodes"]]) for one in results.response["violations"]]
    assert found == []


def test_figures_of_part_three_show_at_once_on_a_telephone(output: Path, browser: Any) -> None:
    page = browser.new_page(viewport={"width": 390, "height": 844})
    page.goto((output / "anhai" / "report.html").as_uri())
    edges = page.evaluate(
        "[...document.querySelectorAll('td')].map(cell => {const box = cell.getBoundingClientRect();"
        "return [box.left, box.right]})"
    )
    hints = page.evaluate("[...document.querySelectorAll('.nb-broad')].length")
    page.close()
    assert len(edges) > 180
    assert all(left >= 0 and right <= 390 for left, right in edges)
    assert hints == 0


@pytest.mark.parametrize("stripped", [False, True], ids=["whole", "stripped"])
@pytest.mark.parametrize("width", [390, 1280])
def test_a_site_shows_the_figures_at_once_and_no_label_of_a_group_is_torn(
    output: Path, browser: Any, width: int, stripped: bool
) -> None:
    """Also where its editor strips style and class."""
    html = (output / "site.html").read_text(encoding="utf-8")
    page = browser.new_page(viewport={"width": width, "height": 844})
    page.set_content(re.sub(r' (?:style|class)="[^"]*"', "", html) if stripped else html)
    rights = page.evaluate("[...document.querySelectorAll('td')].map(cell => cell.getBoundingClientRect().right)")
    groups = page.evaluate(
        "[...document.querySelectorAll('td[rowspan]')].filter(cell => /^（[三四五六]）/.test(cell.innerText)).map(cell => {"
        "const text = cell.firstChild, range = document.createRange();"
        "range.setStart(text, 3); range.setEnd(text, text.length);"
        "return new Set([...range.getClientRects()].map(r => r.top)).size})"
    )
    page.close()
    assert len(rights) > 180 and max(rights) <= width + 8
    assert groups == [1, 1, 1, 1]


def test_what_an_editor_is_asked_for_stands_in_one_block_above_the_sheet(output: Path, browser: Any) -> None:
    page = browser.new_page(viewport={"width": 1280, "height": 844})
    page.goto((output / "anhai" / "report.html").as_uri())
    shown = page.evaluate("[...document.querySelectorAll('.nb-record div')].map(one => one.innerText.split(/\\n+/))")
    page.emulate_media(media="print")
    printed = page.evaluate("getComputedStyle(document.querySelector('.nb-record')).display")
    page.close()
    assert dict(shown)["标题"] == "晋江市安海镇2025年政府信息公开工作年度报告"
    assert dict(shown)["来源"] == "晋江市安海镇人民政府"
    assert re.fullmatch("2026-01-[0-9]{2}", dict(shown)["成文日期"])
    assert printed == "none"
    meta = Meta(
        title=(Run("标题"),), year="2025", author="甲", index_number="QZ01-2026-1", document_number="甲〔2026〕1号"
    )
    assert meta.record == {"标题": "标题", "索引号": "QZ01-2026-1", "来源": "甲", "文号": "甲〔2026〕1号"}
    assert "<dt>索引号</dt><dd>QZ01-2026-1</dd>" in write_page(Document(meta, ()))
    assert Meta(title=(Run("标题"),), year="2025").record == {}


@pytest.mark.parametrize(
    "authority", ["晋江市人民政府", "晋江市某某镇人民政府", "晋江市住房和城乡建设局行政执法大队办公室"]
)
def test_the_red_head_stands_on_one_line_at_every_width(browser: Any, authority: str, tmp_path: Path) -> None:
    meta = Meta(title=(Run("标题"),), red_head=f"{authority}文件", document_number="晋某政〔2024〕5号", signer="张三")
    (tmp_path / "page.html").write_text(write_page(Document(meta, ())), encoding="utf-8")
    for width in (320, 390, 700, 1280):
        page = browser.new_page(viewport={"width": width, "height": 844})
        page.goto((tmp_path / "page.html").as_uri())
        height, size = page.evaluate(
            "(() => {const head = document.querySelector('.nb-redhead'); const style = getComputedStyle(head);"
            "return [head.getBoundingClientRect().height, parseFloat(style.fontSize)]})()"
        )
        scroll = page.evaluate("document.documentElement.scrollWidth")
        page.close()
        assert height < 2 * size, width
        assert scroll <= width


def test_labels_of_groups_break_after_their_numeral_alone(output: Path, browser: Any) -> None:
    for width in (390, 1280):
        page = browser.new_page(viewport={"width": width, "height": 844})
        page.goto((output / "anhai" / "report.html").as_uri())
        heights = page.evaluate(
            "[...document.querySelectorAll('.nb-group')].map(cell => {const range = document.createRange();"
            "range.selectNodeContents(cell); return new Set([...range.getClientRects()].map(r => r.top)).size})"
        )
        page.close()
        assert len(heights) == 4
        assert all(lines <= 2 for lines in heights)
