"""Forms that are not what they are taken for: renamed, of another unit or year, another program's, pulled apart."""

from __future__ import annotations

import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook
from tests.command import Run
from tests.conftest import PARAMS

from nianbao.demo import write_demo
from nianbao.forms import write_form
from nianbao.params import load_units

NAME = "安海镇2025年报填报表.xlsx"


@pytest.fixture(scope="module")
def sources(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Params of the demo; forms of two units of 2025 and of one of 2024."""
    folder = tmp_path_factory.mktemp("mistaken")
    write_demo(2025, folder / "params", PARAMS)
    units = load_units(PARAMS)
    for name, year in (("安海镇", 2025), ("永和镇", 2025), ("安海镇", 2024)):
        write_form(units.find(name), year, folder / "params", folder)
    return folder


def rename_all(book: Workbook) -> None:
    for number, sheet in enumerate(book.worksheets):
        sheet.title = f"Sheet{number}"


def error_value(value: str) -> Callable[[Workbook], None]:
    def change(book: Workbook) -> None:
        book["三"]["D8"].value, book["三"]["D8"].data_type = value, "e"

    return change


def of_another(book: Workbook, sources: Path, name: str) -> None:
    other = load_workbook(sources / name)
    for row in other["三"].iter_rows(max_row=3):
        book["三"][row[0].coordinate].value = row[0].value


NO_SYSTEM = "没有“系统”工作表或内容不全，不是本系统生成的填报表"
MOVED = "文字不在原处：插入、删除过行列，改过文字，或是另一单位、另一年的表"
CHANGES: list[tuple[str, Callable[[Workbook], Any], str]] = [
    ("every sheet renamed", rename_all, NO_SYSTEM),
    *((f"{name} renamed", lambda b, n=name: setattr(b[n], "title", "表1"), f"工作表“{name}”：没有这个工作表，或已改名")
      for name in ("说明", "基本信息", "二", "三", "四", "正文", "图片", "申请登记", "复议诉讼登记")),
    *((f"{name} gone", lambda b, n=name: b.remove(b[n]), f"工作表“{name}”：没有这个工作表，或已改名")
      for name in ("基本信息", "四", "图片", "公开登记")),
    *((f"row of {name} gone", lambda b, n=name: b[n].delete_rows(9), MOVED) for name in ("基本信息", "二", "三", "正文", "图片")),
    *((f"row into {name}", lambda b, n=name: b[n].insert_rows(6), MOVED) for name in ("基本信息", "二", "三", "四", "正文", "图片")),
    *((f"column of {name} gone", lambda b, n=name: b[n].delete_cols(2), MOVED) for name in ("二", "三", "四", "图片")),
    *((value, error_value(value), f"工作表“三” D8 格：二、上年结转政府信息公开申请数量〔自然人〕应为非负整数，实为错误值“{value}”")
      for value in ("#REF!", "#N/A", "#VALUE!", "#DIV/0!", "#NAME?")),
    ("formula in the text", lambda b: b["正文"].__setitem__("B5", "=A1"), "工作表“正文” B5 格：前言第 1 段应直接填写，实为公式"),
    ("formula in a picture", lambda b: b["图片"].__setitem__("B5", "=A1"), "工作表“图片” B5 格：第 1 张的文件名应直接填写"),
    ("broken total", lambda b: b["三"].__setitem__("J8", "=#REF!"), "工作表“三” J8 格"),
    ("unit of the hidden sheet", lambda b: b["系统"].__setitem__("B2", "yonghe"), "表格的结构与本版本不一致"),
    ("year of the hidden sheet", lambda b: b["系统"].__setitem__("B5", "2024"), "表格的结构与本版本不一致"),
]  # fmt: skip


@pytest.mark.parametrize(("change", "says"), [one[1:] for one in CHANGES], ids=[one[0] for one in CHANGES])
def test_what_was_pulled_apart_is_refused_in_one_line(
    run: Run, sources: Path, tmp_path: Path, change: Callable[[Workbook], Any], says: str
) -> None:
    params = Path(shutil.copytree(sources / "params", tmp_path / "params"))
    before = {path: path.read_bytes() for path in params.rglob("*") if path.is_file()}
    book = load_workbook(sources / NAME)
    change(book)
    book.save(tmp_path / NAME)
    done = run("ingest", tmp_path / NAME, "--params", params)
    assert done.code == 2 and len(done.err.splitlines()) == 1 and says in done.err and done.err.startswith(NAME)
    assert before == {path: path.read_bytes() for path in params.rglob("*") if path.is_file()}


def test_forms_of_two_units_swapped_are_both_named(run: Run, sources: Path, tmp_path: Path) -> None:
    shutil.copy(sources / NAME, tmp_path / "永和镇2025年报填报表.xlsx")
    shutil.copy(sources / "永和镇2025年报填报表.xlsx", tmp_path / NAME)
    done = run("ingest", tmp_path, "--params", sources / "params")
    assert (
        done.code == 2
        and "文件名写的是永和镇，表是安海镇的" in done.err
        and "文件名写的是安海镇，表是永和镇的" in done.err
    )


def test_a_sheet_of_another_unit_or_year_is_told_by_its_title(run: Run, sources: Path, tmp_path: Path) -> None:
    for other in ("永和镇2025年报填报表.xlsx", "安海镇2024年报填报表.xlsx"):
        book = load_workbook(sources / NAME)
        of_another(book, sources, other)
        book.save(tmp_path / NAME)
        done = run("ingest", tmp_path / NAME, "--params", sources / "params")
        assert done.code == 2 and "工作表“三” A1 格" in done.err and other[:7] in done.err.replace("年（", "年")


@pytest.mark.parametrize("words", [(), ("--year", "2025")])
def test_last_years_form_under_this_years_name_is_refused(
    run: Run, sources: Path, tmp_path: Path, words: tuple[str, ...]
) -> None:
    shutil.copy(sources / "安海镇2024年报填报表.xlsx", tmp_path / NAME)
    done = run("ingest", tmp_path / NAME, *words, "--params", sources / "params")
    assert done.code == 2 and "2024 年的" in done.err and "2025 年" in done.err


def test_a_form_that_wps_saved_is_taken(run: Run, sources: Path, tmp_path: Path) -> None:
    """WPS names itself, adds its own properties and writes no cached strings of ours."""
    app = (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?><Properties xmlns="http://schemas.openxmlformats.org/'
        'officeDocument/2006/extended-properties"><Application>WPS 表格</Application></Properties>'
    )
    custom = (
        '<?xml version="1.0" encoding="UTF-8"?><Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/'
        'custom-properties" xmlns:vt="http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes">'
        '<property fmtid="{D5CDD505-2E9C-101B-9397-08002B2CF9AE}" pid="2" name="KSOProductBuildVer">'
        "<vt:lpwstr>2052-12.1.0.16929</vt:lpwstr></property></Properties>"
    )
    with zipfile.ZipFile(sources / NAME) as source, zipfile.ZipFile(tmp_path / NAME, "w") as target:
        for name in source.namelist():
            target.writestr(name, app if name == "docProps/app.xml" else source.read(name))
        target.writestr("docProps/custom.xml", custom)
    done = run("ingest", tmp_path / NAME, "--params", sources / "params")
    assert done.code == 0 and "没有变化" in done.out
