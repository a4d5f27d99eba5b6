"""A clerk's whole way: the form filled in, taken, checked, built; and the same once another program has saved it."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import zipfile
from collections.abc import Callable
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

import lxml.html
import pytest
from openpyxl import Workbook, load_workbook
from tests.command import Run
from tests.conftest import PARAMS

from nianbao.forms import plan_ingest, read_form, write_form
from nianbao.forms.xlsx import set_value
from nianbao.params import load_units
from nianbao.statute import FORM_2021

UNIT = "紫帽镇"
NAME = f"{UNIT}2023年报填报表.xlsx"
BASICS = {
    "contact.office": "示例办公室",
    "contact.address": "示例路1号",
    "contact.phone": "0595-00000000",
    "contact.postcode": "362200",
    "date": date(2024, 1, 18),
    "document.red_head": "是",
    "document.number": "示例〔2024〕1号",
    "document.addressee": "晋江市人民政府",
    "document.signer": "示例",
    "fees.notices": 1,
    "fees.amount": 40.5,
    "t2.fees.amount": 190.457379,
}
NARRATIVE = {
    "preamble": [
        "本报告根据《中华人民共和国政府信息公开条例》编制，统计期限自{{ 年份 }}年1月1日至{{ 年份 }}年12月31日。",
        "联系科室：{{ 联系.科室 }}，地址：{{ 联系.地址 }}，电话：{{ 联系.电话 }}，邮编：{{ 联系.邮编 }}。",
    ],
    "overview": [
        "（一）主动公开",
        "全年主动公开信息{{ 主动公开.总数 }}条，其中{{ 主动公开.分类 }}。",
        "（二）依申请公开",
        "全年新收申请{{ 依申请公开.新收 }}件，办结{{ 依申请公开.办结 }}件。",
        "（三）政府信息管理\n逐件登记，落实先审后发。",
        "（四）政府信息公开平台建设",
        "管好用好门户网站专栏。",
        "（五）监督保障",
        "@所有村居，=每季度自查一次；工作考核、社会评议良好，没有责任追究的情形。",
    ],
    "problems": ["一是解读材料偏少；二是更新不够及时。下一步配备专人，按月检查更新，增加图文解读。"],
    "other": ["发出收费通知{{ 信息处理费.件数 }}件，收取信息处理费{{ 信息处理费.金额 }}元。"],
}
REGISTERS: dict[str, list[tuple[Any, ...]]] = {
    "申请登记": [
        ("ZM-1", date(2023, 3, 1), "自然人", "（一）予以公开", date(2023, 3, 10)),
        ("=ZM-2", date(2023, 7, 3), "商业企业", "（四）无法提供1.本机关不掌握相关政府信息", date(2023, 8, 20), 20),
        ("003", date(2023, 12, 20), "自然人", "办理中"),
    ],
    "公开登记": [
        (None, date(2023, 2, 1), "甲", "机构职能类信息", "网站"),
        (None, date(2023, 5, 1), "乙", "其他类信息", "网站、微信"),
        (None, date(2023, 6, 1), "丙", "其他类信息", "微信"),
    ],
    "文件登记": [("紫政〔2023〕1号", "示例办法", "行政规范性文件", date(2023, 4, 1))],
    "复议诉讼登记": [("示例1", "行政复议", date(2023, 5, 1), "结果维持", date(2023, 6, 20))],
}


def params_in(folder: Path) -> Path:
    (folder / "params").mkdir(parents=True)
    return Path(shutil.copy(PARAMS / "units.yaml", folder / "params")).parent


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A form filled in as a clerk would: figures, narrative and all four registers, drop-down values as offered."""
    folder = tmp_path_factory.mktemp("clerk")
    params = params_in(folder)
    path = write_form(load_units(params).find(UNIT), 2023, params, folder)
    workbook = load_workbook(path)
    offered = {cell.value for row in workbook["系统"].iter_rows(min_row=2) for cell in row}
    plan = read_form(path).plan
    values: dict[str, Any] = {**BASICS, "disclosure.channels.0.name": "微信", "disclosure.channels.0.count": 2}
    values |= {f"t2.{key}.decisions": number for key, number in (("licensing", 7), ("penalty", 0), ("coercion", 0))}
    values |= {f"narrative.{part}.{i}": line for part, lines in NARRATIVE.items() for i, line in enumerate(lines)}
    for slot in plan.slots.values():  # the sentences that are laid out give way to the clerk's own
        if slot.key.startswith("narrative."):
            workbook["正文"].cell(slot.row, slot.col).value = None
    for sheet in plan.sheets:
        for key in values.keys() & sheet.places.keys():
            set_value(workbook[sheet.name].cell(*sheet.places[key]), values.pop(key))
    assert not values
    for name, rows in REGISTERS.items():
        for line, row in enumerate(rows, start=2):
            for col, value in enumerate(row, start=1):
                set_value(workbook[name].cell(line, col), value)
    assert {row[3] for row in REGISTERS["申请登记"]} <= offered
    assert {text for row in REGISTERS["复议诉讼登记"] for text in (row[1], row[3])} <= offered
    workbook.save(path)
    return path


def taken(form: Path, folder: Path) -> dict[str, bytes]:
    """The params that a form gives where there were none."""
    params = params_in(folder)
    plan = plan_ingest(form, params)
    assert not plan.notes
    return {file.path.relative_to(params).as_posix(): file.after for file in plan.files}


def test_a_form_filled_in_becomes_a_report_that_is_ready(run: Run, filled: Path, tmp_path: Path) -> None:
    params = params_in(tmp_path)
    done = run("ingest", filled, "--params", params)
    assert done.code == 0 and "可以发布" in done.out and f"下一步：nianbao check 2023 {UNIT}" in done.out
    assert run("check", "2023", UNIT, "--params", params).code == 0
    assert run("build", UNIT, "2023", "--params", params, "--out", tmp_path / "out").code == 0
    report = tmp_path / "out/2023/zimao"
    cells = json.loads((report / "tables.json").read_text(encoding="utf-8"))["cells"]
    wanted = {"t3.received.total": 3, "t3.unavailable.not_held.commercial": 1, "t3.carried_out.natural": 1}
    wanted |= {"t2.normative.made": 1, "t4.review.upheld": 1, "t4.review.total": 1, "t2.licensing.decisions": 7}
    assert {key: cells[key]["value"] for key in wanted} == wanted
    assert cells["t3.received.total"]["rows"] == ["ZM-1", "=ZM-2", "003"]
    fragment = (report / "report.web.html").read_text(encoding="utf-8")
    page = lxml.html.fromstring(f"<div>{fragment}</div>").text_content()
    assert "全年主动公开信息2条" in page and "40.5元" in page and "@所有村居，=每季度自查一次" in page


# -- saved by another program -----------------------------------------------------------------------------------------


def repack(path: Path, target: Path, change: Callable[[str, str], str]) -> Path:
    """The same form with the XML of its parts changed."""
    raw = BytesIO(path.read_bytes())
    with zipfile.ZipFile(raw) as source, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in source.namelist():
            content = source.read(name)
            archive.writestr(name, change(name, content.decode()).encode() if name.endswith(".xml") else content)
    return target


def test_formulas_shared_between_cells_are_ours(filled: Path, tmp_path: Path) -> None:
    """Excel and WPS may keep equal formulas once, for a range of cells."""

    def share(name: str, xml: str) -> str:
        if not name.endswith("sheet4.xml"):  # 三
            return xml
        first = r'(<c r="J7"[^>]*>)<f>([^<]*)</f>'
        assert re.search(first, xml)
        xml = re.sub(first, r'\1<f t="shared" ref="J7:J11" si="0">\2</f>', xml)
        return re.sub(r'(<c r="J(?:8|9|10|11)"[^>]*>)<f>[^<]*</f>', r'\1<f t="shared" si="0"/>', xml)

    path = repack(filled, tmp_path / NAME, share)
    assert taken(path, tmp_path / "a") == taken(filled, tmp_path / "b")


def test_what_programs_add_on_saving_is_no_matter(filled: Path, tmp_path: Path) -> None:
    """Defined names, document properties, printer settings, formulas written their own way."""

    def change(name: str, xml: str) -> str:
        if name.endswith("sheet4.xml"):  # 三
            assert "SUM(D7:I7))</f>" in xml
            return xml.replace("SUM(D7:I7))</f>", "SUM( $D$7:$I$7 ))</f>", 1)
        if name == "xl/workbook.xml":
            assert "</definedNames>" in xml
            extra = (
                '<definedName name="_xlnm._FilterDatabase" localSheetId="6" hidden="1">申请登记!$A$1:$I$3</definedName>'
            )
            return xml.replace("</definedNames>", extra + "</definedNames>")
        return xml

    path = repack(filled, tmp_path / NAME, change)
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("xl/printerSettings/printerSettings1.bin", b"\0" * 32)
        archive.writestr("customXml/item1.xml", b"<a/>")
    assert taken(path, tmp_path / "a") == taken(filled, tmp_path / "b")


SOFFICE = shutil.which("soffice")


@pytest.mark.system
@pytest.mark.skipif(SOFFICE is None, reason="LibreOffice (soffice) is not installed")
def test_a_form_saved_by_libreoffice_is_taken_alike(filled: Path, tmp_path: Path) -> None:
    """Slow, some 10 s: opened and saved as XLSX, as ODS and as XLSX again; every part of the file is another."""
    command = [str(SOFFICE), f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}", "--headless"]

    def saved(path: Path, kind: str, folder: str) -> Path:
        target = tmp_path / folder
        words = ["--convert-to", kind, "--outdir", str(target), str(path)]
        subprocess.run([*command, *words], check=True, capture_output=True, timeout=180)
        return target / path.with_suffix(f".{kind}").name

    once = saved(filled, "xlsx", "once")
    again = saved(saved(once, "ods", "ods"), "xlsx", "again")
    expected = taken(filled, tmp_path / "a")
    assert set(expected) == {
        "2023/zimao.yaml",
        *(f"2023/zimao/{key}.csv" for key in ("applications", "disclosures", "documents", "reviews")),
    }
    assert taken(once, tmp_path / "b") == expected
    assert taken(again, tmp_path / "c") == expected
    _assert_still_a_form(load_workbook(once))
    shown = load_workbook(once, data_only=True)
    assert shown["三"]["A3"].value == "“申请登记”里有登记，没有填的格子由登记自动计数"
    assert shown["三"]["K7"].value == "未填"


def _assert_still_a_form(workbook: Workbook) -> None:
    """What helps and guards a clerk outlives a program that saves the form."""
    assert workbook["系统"].sheet_state == "hidden"
    for sheet in workbook.worksheets:
        assert sheet.protection.sheet
    assert not workbook["三"]["D7"].protection.locked and workbook["三"]["J7"].protection.locked
    kinds = {rule.type for rule in workbook["申请登记"].data_validations.dataValidation}
    assert {"list", "date", "whole"} <= kinds
    assert len(FORM_2021.t3.rows) == 25 and workbook["三"]["A9"].value == "三、本年度办理结果"
