"""What clerks type into a form: figures as text, full-width, with blanks; and how much is said of a form that comes back."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from tests.command import Run
from tests.conftest import PARAMS

from nianbao.demo import write_demo
from nianbao.params import load_units
from nianbao.project import lay_out
from nianbao.report import load_report


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory, chosen: str = "anhai") -> Path:
    """A filled-in form of the demo."""
    folder = tmp_path_factory.mktemp("messy")
    write_demo(2025, folder / "params", PARAMS)
    from nianbao.forms import write_form

    unit = load_units(PARAMS).find(chosen)
    return write_form(unit, 2025, folder / "params", folder)


@pytest.fixture
def empty(tmp_path: Path) -> Path:
    lay_out(tmp_path)
    return tmp_path / "params"


def test_of_one_form_at_most_thirty_lines_are_printed_and_all_on_request(run: Run, filled: Path, empty: Path) -> None:
    short = run("ingest", filled, "--dry-run", "--params", empty)
    whole = run("ingest", filled, "--dry-run", "--all", "--params", empty)
    assert short.code == whole.code == 0, short.err
    assert whole.out.count("\n") > 100
    said = short.out.splitlines()
    assert f"另有 {whole.out.count(chr(10)) - len(said) + 1} 行，加 --all 列出。" in short.out
    done = run("ingest", filled, "--params", empty)
    assert done.code == 0 and done.out.count("\n") <= 30
    assert done.out.splitlines()[-1].startswith("下一步：nianbao check 2025 安海镇")


@pytest.mark.parametrize("shape", ["{}", " {} ", "　{}", "{}\t", "wide"])
def test_figures_typed_as_text_are_figures(run: Run, filled: Path, empty: Path, tmp_path: Path, shape: str) -> None:
    """Every figure of the three tables as text of one shape: what comes back is the same report."""
    book = openpyxl.load_workbook(filled)
    changed = 0
    for name in ("二", "三", "四"):
        sheet: Any = book[name]
        for line in sheet.iter_rows():
            for cell in line:
                if isinstance(cell.value, int):
                    text = str(cell.value)
                    wide = "".join(chr(ord(c) + 0xFEE0) for c in text)
                    cell.value = wide if shape == "wide" else shape.format(text)
                    cell.data_type = "s"
                    changed += 1
    assert changed > 100
    book.save(tmp_path / filled.name)
    done = run("ingest", tmp_path / filled.name, "--params", empty)
    assert done.code == 0, done.err
    expected = load_report("anhai", 2025, filled.parent / "params")
    found = load_report("anhai", 2025, empty)
    assert {k: c.value for k, c in found.cells.items()} == {k: c.value for k, c in expected.cells.items()}


def tick(book: Any, label: str, value: str) -> None:
    sheet = book["基本信息"]
    (row,) = [cell.row for cell in sheet["A"] if cell.value == label]
    sheet.cell(row, 2).value = value


TICKS = {"本年没有收到申请": ("三", "t3."), "本年没有复议、诉讼": ("四", "t4.")}


@pytest.mark.parametrize("label", TICKS)
@pytest.mark.parametrize("value", ["是", "否", None])
def test_one_tick_stands_for_the_zeros_of_a_table(
    run: Run, empty: Path, tmp_path: Path, label: str, value: str
) -> None:
    assert run("forms", "2026", "安海镇", "--to", tmp_path, "--params", empty).code == 0
    (form,) = tmp_path.glob("*.xlsx")
    book = openpyxl.load_workbook(form)
    tick(book, label, value)
    book["基本信息"]["B4"] = "党政办公室"
    book.save(form)
    done = run("ingest", form, "--params", empty)
    assert done.code == 0, done.err
    report = load_report("anhai", 2026, empty)
    for _, prefix in TICKS.values():
        zero = value == "是" and prefix == TICKS[label][1]
        assert {cell.value for key, cell in report.cells.items() if key.startswith(prefix)} == {0 if zero else None}


@pytest.mark.parametrize("label", TICKS)
def test_a_tick_against_a_figure_is_refused_with_both_places(
    run: Run, filled: Path, empty: Path, tmp_path: Path, label: str
) -> None:
    book = openpyxl.load_workbook(filled)
    tick(book, label, "是")
    name, _ = TICKS[label]
    place = {"三": "D7", "四": "A7"}[name]
    book[name][place] = 5
    book.save(tmp_path / filled.name)
    done = run("ingest", tmp_path / filled.name, "--params", empty)
    assert done.code == 2 and f"{label}选了“是”，工作表“{name}” {place} 格却有 5" in done.err


SOFFICE = shutil.which("soffice")
MESSY = {
    "科室": "　党政办公室 ",
    "地址": "安海镇示例路 1 号",
    "电话": "０５９５－８５７８００００",
    "邮编": "３６２２６１",
    "成文日期": " 2026年1月18日 ",
    "发出收费通知（件）": "０",
    "收取金额（元）": " 0 ",
    "总数（条）": "１２０",
    "本年没有收到申请": "是",
    "本年没有复议、诉讼": "是",
}


@pytest.mark.system
@pytest.mark.skipif(SOFFICE is None, reason="LibreOffice (soffice) is not installed")
def test_a_messy_form_that_libreoffice_saved_is_taken_and_told_in_few_lines(
    run: Run, empty: Path, tmp_path: Path
) -> None:
    """Slow, some 10 s: full-width figures, blanks, marks, ticks; opened and saved as ODS and as XLSX again."""
    assert run("forms", "2025", "安海镇", "--to", tmp_path / "out", "--params", empty).code == 0
    (form,) = (tmp_path / "out").glob("*.xlsx")
    book = openpyxl.load_workbook(form)
    for label, value in MESSY.items():
        tick(book, label, value)
    (head,) = [cell.row for cell in book["基本信息"]["A"] if cell.value == "类别"]
    for row, (name, count) in enumerate((("机构职能类信息", "１００"), ("其他类信息", " 20")), start=head + 1):
        book["基本信息"].cell(row, 1).value, book["基本信息"].cell(row, 2).value = name, count
    cells = ("B6", "C6", "D6", "B7", "C7", "D7", "B10", "B13", "B14", "B17")
    for cell, value in zip(cells, ("０", "0", "-", "３ ", "　１", "１２", "/", "７", " 0", "０．５"), strict=True):
        book["二"][cell] = value
    book["三"]["D7"] = " "
    book.save(form)
    for kind, source in (("ods", form), ("xlsx", tmp_path / "saved" / form.with_suffix(".ods").name)):
        profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
        words = ["--headless", "--convert-to", kind, "--outdir", str(tmp_path / "saved"), str(source)]
        subprocess.run([str(SOFFICE), profile, *words], check=True, capture_output=True, timeout=180)
    done = run("ingest", tmp_path / "saved" / form.name, "--params", empty)
    assert done.code == 0, done.err
    lines = done.out.splitlines()
    assert lines[0] == f"安海镇 2025（{form.name}）：41 处变化。" and len(lines) <= 30
    assert (
        "  本年没有收到申请：第三部分 175 格按 0 计" in lines and "  本年没有复议、诉讼：第四部分 15 格按 0 计" in lines
    )
    for line in (
        "电话：空白 → “0595-85780000”",
        "邮编：空白 → “362261”",
        "科室：空白 → “党政办公室”",
        "主动公开总数：空白 → 120",
    ):
        assert f"  {line}" in lines
    assert "  规章〔现行有效件数〕：空白 → “-”" in lines and "  行政许可〔本年处理决定数量〕：空白 → “/”" in lines
    cells_of = load_report("anhai", 2025, empty).cells
    texts = [cell.text for key, cell in cells_of.items() if key.startswith("t2.")]
    assert texts == ["0", "0", "-", "3", "1", "12", "/", "7", "0", "0.5"]
