"""The analyst's way in a real JupyterLab: init, new, lab, fill in, mend, run, export; the PDF is build's.

``NIANBAO_PICTURES=docs/pictures`` writes the pictures that docs/usage.zh.md shows; ``NIANBAO_WIDTH=1440`` for a
wider window.
"""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from PIL import Image

from nianbao.params import load_units
from nianbao.report import load_report
from tests.conftest import PARAMS
from tests.lab.conftest import Lab, nianbao_in, running

pytestmark = pytest.mark.system
playwright = pytest.importorskip("playwright.sync_api")

UNIT, YEAR = "安海镇", "2026"

# 示例：以下数和文字都是为测试编的，不是任何单位的情况。
CLASSES = "机构职能类信息\t4\n政策、规范性文件类信息\t6\n安全生产、应急管理类信息\t8\n其他类信息\t22"
OVERVIEW = """（一）主动公开
全年在政府网站主动公开政府信息{{ 主动公开.总数 }}条，其中{{ 主动公开.分类 }}。通过微信发布信息{{ 主动公开.渠道.微信 }}条。公开的重点是民生实事和涉企政策，规范性文件公布时同步解读。
（二）依申请公开
本年新收政府信息公开申请{{ 依申请公开.新收 }}件，上年结转{{ 依申请公开.上年结转 }}件；办结{{ 依申请公开.办结 }}件，结转下年度继续办理{{ 依申请公开.结转下年 }}件。申请可以当面、邮寄或者在网上提出。
（三）政府信息管理
公文拟制时确定公开属性，发布前进行保密审查，过期的信息及时清理。
（四）政府信息公开平台建设
网站专栏按月检查，公开栏和网上的内容保持一致。
（五）监督保障
党政办公室专人负责，科室分工配合。工作考核：纳入年度绩效考核。社会评议：通过网站征求意见，没有收到不满意的评价。责任追究：没有发生需要追究责任的情形。"""
PROBLEMS = """存在的主要问题：一是部分政策的解读偏少，群众不容易看懂；二是村级公开栏更新不够及时，与网上的内容有时不一致。
改进情况：上年提出的栏目空白问题已经解决，各栏目都有内容。针对今年的问题，一是涉及群众切身利益的文件都配图解或问答；二是每季度检查村级公开栏，检查结果在镇里通报，逾期不改的由分管领导约谈。"""
OTHER = "本年度发出收费通知{{ 信息处理费.件数 }}件，收取信息处理费{{ 信息处理费.金额 }}元。"


@pytest.fixture(scope="module")
def python() -> str:
    return os.environ.get("NIANBAO_TEST_PYTHON", sys.executable)


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory, chromium: str, python: str) -> Iterator[Lab]:
    """An empty folder, three commands later."""
    folder = tmp_path_factory.mktemp("empty")
    for words in (("init",), ("new", UNIT, YEAR)):
        done = nianbao_in(folder, *words, python=python)
        assert done.returncode == 0, done.stderr
    with running(folder, UNIT, YEAR, python=python) as lab:
        yield lab


@pytest.fixture(scope="module")
def page(lab: Lab, chromium: str) -> Iterator[Any]:
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        context = browser.new_context(
            viewport={"width": int(os.environ.get("NIANBAO_WIDTH", "1280")), "height": 900}, accept_downloads=True
        )
        context.grant_permissions(["clipboard-read", "clipboard-write"])
        page = context.new_page()
        page.set_default_timeout(40_000)
        requests: list[str] = []
        page.on("request", lambda request: requests.append(request.url))
        page.goto(lab.url(f"notebooks/{YEAR}/{quote(UNIT)}.ipynb"))
        yield page
        outside = [url for url in requests if not url.startswith((lab.address, "data:", "blob:"))]
        browser.close()
        assert outside == [], "something was asked of the network"


def menu(page: Any, *names: str) -> None:
    page.get_by_role("menuitem", name=names[0], exact=True).first.click()
    for name in names[1:-1]:
        page.locator(".lm-Menu-itemLabel", has_text=re.compile(f"^{name}$")).last.hover()
    page.locator(".lm-Menu-itemLabel", has_text=re.compile(f"^{names[-1]}$")).last.click()


def run_all(page: Any) -> None:
    idle(page)
    menu(page, "运行", "运行所有单元格")
    page.wait_for_selector(".nbf")
    idle(page)


def idle(page: Any, name: str = UNIT) -> None:
    """Until the notebook of this name has a kernel with nothing to do; between two cells it has nothing to do, too."""
    page.wait_for_function(
        "() => ![...document.querySelectorAll('.jp-Notebook .jp-InputPrompt')].some(p => p.innerText.includes('*'))"
    )
    page.wait_for_function(
        "name => ['空闲', `${name}.ipynb`].every(t => document.querySelector('#jp-main-statusbar')?.innerText.includes(t))",
        arg=name,
    )
    page.wait_for_function("() => !document.querySelector('.jp-Dialog')")


def cell(page: Any, key: str) -> Any:
    return page.locator(f'.nbf [data-key="{key}"]')


def paste(page: Any, target: Any, text: str) -> None:
    page.evaluate("text => navigator.clipboard.writeText(text)", text)
    target.click()
    page.keyboard.press("Control+V")


def picture(page: Any, name: str, selector: str = "") -> None:
    """Keep a picture where ``NIANBAO_PICTURES`` says; nothing without it."""
    if folder := os.environ.get("NIANBAO_PICTURES"):
        if selector:
            page.locator(selector).first.evaluate("e => e.scrollIntoView({block: 'center'})")
            page.wait_for_timeout(300)
        Path(folder).mkdir(parents=True, exist_ok=True)
        shot = Image.open(BytesIO(page.screenshot()))
        shot.convert("P", palette=Image.Palette.ADAPTIVE, colors=64).save(Path(folder) / f"{name}.png", optimize=True)


def test_jupyterlab_opens_the_notebook_in_chinese(page: Any, lab: Lab) -> None:
    page.wait_for_selector(".jp-Notebook")
    assert page.get_by_role("menuitem", name="文件", exact=True).count() == 1
    assert page.locator(".lm-TabBar-tabLabel", has_text=f"{UNIT}.ipynb").count() >= 1
    page.wait_for_function("() => document.querySelector('.jp-Notebook')?.innerText.includes('township')")
    idle(page)


def test_the_form_stands_in_the_notebook(page: Any) -> None:
    run_all(page)
    form = page.locator(".nbf").first
    assert f"{UNIT} {YEAR} 年" in form.inner_text()
    assert "草稿" in page.locator(".nbf-findings").inner_text()


def test_fields_are_typed_and_blocks_are_pasted(page: Any) -> None:
    for key, text in {
        "contact.office": "安海镇党政办公室",
        "contact.address": "晋江市安海镇示例路1号",
        "contact.phone": "0595-00000000",
        "contact.postcode": "362000",
        "date": "2027年1月20日",
        "fees.notices": "０",
        "fees.amount": "0",
        "disclosure.total": "40",
    }.items():
        cell(page, key).click()
        page.keyboard.type(text)
    page.get_by_role("button", name="加一类").click()
    paste(page, page.locator('[data-grid="classes"] tbody input').first, CLASSES)
    assert page.locator('[data-grid="classes"] tbody tr').count() == 4
    assert "✓ 各类合计 40" in page.locator(".nbf-sum").inner_text()
    page.get_by_role("button", name="加一个渠道").click()
    page.keyboard.type("微信")
    page.keyboard.press("Tab")
    page.keyboard.type("120")
    # Part two: a block of three with the keyboard, the rest by its button.
    cell(page, "t2.normative.made").click()
    for text in ("1", "0", "3"):
        page.keyboard.type(text)
        page.keyboard.press("Tab")
    page.get_by_role("button", name="空白处都填 0", exact=True).click()
    assert cell(page, "t2.licensing.decisions").input_value() == "0"
    page.get_by_role("button", name="本年没有复议、诉讼").click()
    picture(page, "form-fields", ".nbf-disclosure")


def test_a_wrong_total_turns_red_and_is_mended(page: Any) -> None:
    # As copied from a spreadsheet: two rows of seven columns, the second row's total wrong.
    paste(page, cell(page, "t3.received.natural"), "2\t1\t0\t0\t0\t0\t3\n0\t0\t0\t0\t0\t0\t1")
    assert cell(page, "t3.received.commercial").input_value() == "1"
    wrong = cell(page, "t3.carried_in.total")
    assert wrong.input_value() == "1"
    assert "nbf-wrong" in wrong.get_attribute("class")
    assert wrong.evaluate("e => getComputedStyle(e).color") == "rgb(179, 38, 30)"
    row = page.locator('[data-grid="t3"] tbody tr', has=page.locator('[data-key="t3.carried_in.total"]'))
    assert row.locator(".nbf-mark").inner_text().strip() == "✗"
    page.wait_for_function("() => document.querySelector('.nbf-findings').innerText.includes('T3-03〔二、上年结转')")
    picture(page, "form-wrong", '[data-key="t3.denied.prohibited.total"]')
    # The finding leads to its cell.
    page.locator(".nbf-findings li", has_text="T3-03〔二、上年结转").first.click()
    assert page.evaluate("document.activeElement.dataset.key") == "t3.carried_in.total"
    page.keyboard.press("Delete")
    assert "nbf-wrong" not in wrong.get_attribute("class")
    assert wrong.get_attribute("placeholder") == "0" and row.locator(".nbf-mark").inner_text().strip() == "✓"
    # A pasted block is taken back as a whole.
    paste(page, cell(page, "t3.denied.secret.natural"), "9\t9\n9\t9")
    page.keyboard.press("Control+Z")
    assert cell(page, "t3.denied.prohibited.commercial").input_value() == ""
    cell(page, "t3.granted.natural").click()
    page.keyboard.type("2")
    page.keyboard.press("ArrowRight")
    page.keyboard.type("1")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.dataset.key") == "t3.partial.commercial"
    page.get_by_role("button", name="本年没有收到申请").click()
    assert cell(page, "t3.total.natural").get_attribute("placeholder") == "2"
    assert page.locator('[data-grid="t3"] .nbf-fails').count() == 0


def test_the_narrative_is_written_and_everything_saved(page: Any, lab: Lab) -> None:
    for part, text in {"overview": OVERVIEW, "problems": PROBLEMS, "other": OTHER}.items():
        area = cell(page, f"narrative.{part}")
        area.click()
        page.keyboard.press("Control+A")
        page.evaluate("text => navigator.clipboard.writeText(text)", text)
        page.keyboard.press("Control+V")
    assert "没有保存" in page.locator(".nbf-status").inner_text()
    page.wait_for_function("() => document.querySelector('.nbf-findings').innerText.includes('可以发布')")
    page.keyboard.press("Control+S")
    page.wait_for_function("() => document.querySelector('.nbf-status').innerText.includes('已保存')")
    report = load_report(UNIT, YEAR, lab.folder / "params")
    assert report["t3.received.total"].value == 3 and report.disclosed == 40
    assert report.params.fees.notices == 0 and report.params.contact.office == "安海镇党政办公室"
    text = (lab.folder / "params" / YEAR / "anhai.yaml").read_text(encoding="utf-8")
    assert "# （一）予以公开" in text and "[null" not in text


def test_running_all_shows_a_report_that_is_ready(page: Any) -> None:
    page.get_by_role("button", name="保存并运行全部").click()
    page.wait_for_function(
        "() => document.querySelector('.jp-Notebook').innerText.includes('可以发布：错误类规则都成立')"
    )
    # The last cell prints the date that was typed.
    page.wait_for_function(
        "() => [...document.querySelectorAll('.jp-Notebook .jp-CodeCell')].at(-1).innerText.includes('2027年1月20日')"
    )
    idle(page)


def test_the_pdf_from_the_menu_is_the_one_that_build_makes(page: Any, lab: Lab, python: str, tmp_path: Path) -> None:
    page.locator(".lm-TabBar-tabLabel", has_text=f"{UNIT}.ipynb").first.click()
    page.keyboard.press("Control+S")
    page.wait_for_function(
        "() => document.querySelector('.lm-DockPanel-tabBar .jp-mod-current')?.className.includes('jp-mod-dirty') === false"
    )
    downloads: list[Any] = []

    def keep(download: Any) -> None:
        downloads.append(download)

    page.context.on("page", lambda opened: opened.on("download", keep))
    page.on("download", keep)
    page.get_by_role("menuitem", name="文件", exact=True).first.click()
    page.locator(".lm-Menu-itemLabel", has_text=re.compile("^保存并导出笔记本为$")).last.hover()
    page.locator(".lm-Menu-itemLabel", has_text=re.compile("^Nianbao_pdf$")).last.hover()
    picture(page, "menu")
    page.locator(".lm-Menu-itemLabel", has_text=re.compile("^Nianbao_pdf$")).last.click()
    for _ in range(120):
        if downloads:
            break
        page.wait_for_timeout(500)
    (download,) = downloads
    assert download.suggested_filename == f"{UNIT}.pdf"
    download.save_as(tmp_path / "menu.pdf")
    done = nianbao_in(lab.folder, "build", UNIT, YEAR, python=python)
    assert done.returncode == 0, done.stdout + done.stderr
    built = lab.folder / "output" / YEAR / "anhai" / "report.pdf"
    assert (tmp_path / "menu.pdf").read_bytes() == built.read_bytes()


def test_nothing_of_the_form_stays_in_the_notebook_or_in_print(lab: Lab) -> None:
    notebook = (lab.folder / "notebooks" / YEAR / f"{UNIT}.ipynb").read_text(encoding="utf-8")
    assert "可以发布" in notebook and "widget" not in notebook and "ReportForm" not in notebook
    folder = lab.folder / "output" / YEAR / "anhai"
    assert "ReportForm" not in (folder / "report.html").read_text(encoding="utf-8")
    assert "widget" not in (folder / "report.ipynb").read_text(encoding="utf-8")


def test_the_panel_leads_to_the_field_and_to_the_line(page: Any, lab: Lab) -> None:
    cell(page, "t3.received.total").fill("4")
    page.get_by_role("button", name="保存并运行全部").click()
    finding = page.locator("#findings tbody tr", has_text="T3-03").first
    finding.wait_for()
    idle(page)
    marked = page.locator('td[title*="T3-03"]')
    assert marked.inner_text() == "4"
    picture(page, "panel", "#findings")
    finding.get_by_role("link", name="填这里").click()
    assert page.evaluate("document.activeElement.dataset.key") == "t3.received.total"
    link = finding.locator('a[href*="#line="]')
    said = int(link.inner_text().removeprefix("anhai.yaml 第 ").removesuffix(" 行"))
    link.click()
    page.locator(".lm-TabBar-tabLabel", has_text="anhai.yaml").first.wait_for()
    page.wait_for_function(
        "line => document.querySelector('#jp-main-statusbar').innerText.includes(`行 ${line}`)", arg=said
    )
    lines = (lab.folder / "params" / YEAR / "anhai.yaml").read_text(encoding="utf-8").split("\n")
    assert lines[said - 1].strip().startswith("received:")


def test_a_template_is_not_saved(page: Any, lab: Lab) -> None:
    before = (lab.folder / "notebooks" / "annual_report.ipynb").read_bytes()
    request = page.context.request
    model = request.get(f"{lab.address}/api/contents/notebooks/annual_report.ipynb", headers=authorised()).json()
    assert model["writable"] is False
    answer = request.put(
        f"{lab.address}/api/contents/notebooks/annual_report.ipynb",
        headers=authorised(),
        data=json.dumps({"type": "notebook", "content": model["content"]}),
    )
    assert answer.status == 403 and "模板" in answer.json()["message"]
    assert (lab.folder / "notebooks" / "annual_report.ipynb").read_bytes() == before


def authorised() -> dict[str, str]:
    from tests.lab.conftest import TOKEN

    return {"Authorization": f"token {TOKEN}", "Content-Type": "application/json"}


def test_an_unknown_town_is_one_red_box(page: Any, lab: Lab) -> None:
    path = lab.folder / "notebooks" / YEAR / "错.ipynb"
    source = (lab.folder / "notebooks" / "annual_report.ipynb").read_text(encoding="utf-8")
    path.write_text(re.sub(r'township = \\"[^"]*\\"', 'township = \\\\"安海真\\\\"', source), encoding="utf-8")
    page.goto(lab.url(f"notebooks/{YEAR}/{quote('错')}.ipynb"))
    idle(page, "错")
    menu(page, "运行", "运行所有单元格")
    box = page.locator(
        '[data-mime-type="application/vnd.jupyter.stderr"], .jp-RenderedText[data-mime-type*="error"]'
    ).first
    box.wait_for()
    said = box.inner_text().strip()
    assert said.startswith("单位“安海真”：") and said.endswith("是否为 安海镇？") and "\n" not in said


def test_every_unit_gets_its_notebook(lab: Lab, python: str) -> None:
    unit = load_units(PARAMS).units[0]
    done = nianbao_in(lab.folder, "new", unit.name, YEAR, python=python)
    assert done.returncode == 0
    assert (lab.folder / "notebooks" / YEAR / f"{unit.name}.ipynb").is_file()
    lost = nianbao_in(lab.folder, "lab", load_units(PARAMS).units[1].name, YEAR, "--no-browser", python=python)
    assert lost.returncode == 2 and "nianbao new" in lost.stderr
