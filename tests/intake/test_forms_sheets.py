"""What a form looks like: the grid of print, locked save where one writes, text that never becomes a formula."""

from __future__ import annotations

import re
import shutil
import subprocess
import zipfile
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook
from openpyxl.cell.cell import Cell
from tests.conftest import PARAMS

from nianbao.errors import FormError, OutputError
from nianbao.forms import apply, form_bytes, plan_ingest, read_form, write_form
from nianbao.forms.layout import form_plan, sizes_for
from nianbao.forms.layout_text import NO_DISPUTES, NONE_RECEIVED
from nianbao.forms.plan import FormPlan, Identity, Role, SheetPlan, address
from nianbao.forms.register_sheets import REGISTERS, from_cell, load_rows, rows_of, to_cell, to_csv
from nianbao.forms.write import SYSTEM
from nianbao.forms.xlsx import set_text, set_value, to_bytes
from nianbao.params import load_units
from nianbao.params.csvtext import csv_bytes, csv_rows, escape_cell, unescape_cell
from nianbao.params.writer import dump_params
from nianbao.registers import load_registers
from nianbao.report import load_report
from nianbao.rules.equations import check_equation
from nianbao.statute import FORM_2019, FORM_2021
from nianbao.statute.rulebook import Equation, rule

ROOT = Path(__file__).parents[2]
YONGHE = Identity("yonghe", "永和镇", "晋江市永和镇人民政府", 2023)


@pytest.fixture(scope="session")
def pristine(tmp_path_factory: pytest.TempPathFactory) -> Path:
    unit = load_units(ROOT / "params").find("永和镇")
    return write_form(unit, 2023, ROOT / "params", tmp_path_factory.mktemp("form"))


@pytest.fixture
def params(tmp_path: Path) -> Path:
    (tmp_path / "params/2023/yonghe").mkdir(parents=True)
    for name in ("units.yaml", "2023/yonghe.yaml"):
        (tmp_path / "params" / name).write_bytes((ROOT / "params" / name).read_bytes())
    return tmp_path / "params"


def plan_of(year: int) -> FormPlan:
    return form_plan(Identity("yonghe", "永和镇", "晋江市永和镇人民政府", year), sizes_for(0, 0, {}))


def sheet_of(plan: FormPlan, name: str) -> SheetPlan:
    return next(sheet for sheet in plan.sheets if sheet.name == name)


# -- the grid ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("year", "edition", "spanned"), [(2023, FORM_2021, 22), (2020, FORM_2019, 20)])
def test_part_three_has_the_heads_and_spans_of_print(year: int, edition: object, spanned: int) -> None:
    sheet = sheet_of(plan_of(year), "三")
    spans = {label.text: (label.rows, label.cols) for label in sheet.labels if label.role in (Role.HEAD, Role.STUB)}
    assert spans["（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）"] == (3, 3)
    assert spans["申请人情况"] == (1, 7)
    assert spans["法人或其他组织"] == (1, 5)
    assert spans["一、本年新收政府信息公开申请数量"] == (1, 3)
    assert spans["三、本年度办理结果"] == (spanned, 1)
    assert spans["（一）予以公开"] == (1, 2)
    assert spans["（三）不予公开"] == (8, 1)
    assert spans["（七）总计"] == (1, 2)
    assert {key for key in sheet.places if key.startswith("t3.")} == {field.key for field in edition.t3.fields}  # type: ignore[attr-defined]


@pytest.mark.parametrize("year", [2023, 2020])
def test_no_two_things_stand_in_one_place(year: int) -> None:
    for sheet in plan_of(year).sheets:
        taken: set[tuple[int, int]] = set()
        things = [(i.row, i.col, getattr(i, "rows", 1), getattr(i, "cols", 1)) for i in _things(sheet)]
        for row, col, rows, cols in things:
            area = {(line, column) for line in range(row, row + rows) for column in range(col, col + cols)}
            assert not area & taken, (sheet.name, row, col)
            taken |= area


def _things(sheet: SheetPlan) -> list[object]:
    return [*sheet.labels, *sheet.slots, *sheet.totals, *sheet.marks, *sheet.statuses]


@pytest.mark.parametrize("year", [2023, 2020])
def test_every_cell_of_the_form_has_one_place(year: int) -> None:
    plan = plan_of(year)
    keys = [key for sheet in plan.sheets for key in sheet.places if key in plan.edition.fields]
    assert sorted(keys) == sorted(plan.edition.fields)


def test_part_two_spans_single_figures_over_three_columns(pristine: Path) -> None:
    sheet = load_workbook(pristine)["二"]
    merged = {str(area) for area in sheet.merged_cells.ranges}
    assert {"B9:D9", "B10:D10", "B13:D13", "B14:D14", "B17:D17"} <= merged
    assert [sheet.cell(row, 1).value for row in range(4, 18)] == [
        "第二十条第（一）项", "信息内容", "规章", "行政规范性文件",
        "第二十条第（五）项", "信息内容", "行政许可",
        "第二十条第（六）项", "信息内容", "行政处罚", "行政强制",
        "第二十条第（八）项", "信息内容", "行政事业性收费",
    ]  # fmt: skip


def test_totals_and_marks_are_formulas_that_wait_for_every_part(pristine: Path) -> None:
    workbook = load_workbook(pristine)
    tick = f"'{BASICS}'!{ticks(pristine)['三']}"
    assert workbook["三"]["J7"].value == '=IF(COUNT(D7:I7)<6,"",SUM(D7:I7))'
    assert workbook["三"]["D30"].value == '=IF(COUNT(D9:D29)<21,"",SUM(D9:D29))'
    assert workbook["三"]["K7"].value == (
        f'=IF(AND({tick}<>"是",COUNT(D7:I7,J7)<7),"未填",IF(SUM(D7:I7)=SUM(J7),"✓","✗"))'
    )
    assert workbook["三"]["D32"].value == (
        f'=IF(AND({tick}<>"是",COUNT(D7:D8,D30:D31)<4),"未填",IF(SUM(D7:D8)=SUM(D30:D31),"✓","✗"))'
    )
    assert workbook["四"]["E7"].value == '=IF(COUNT(A7:D7)<4,"",SUM(A7:D7))'
    assert workbook["三"]["I30"].value == 0  # typed, and not what its parts add up to


# -- protection and help ----------------------------------------------------------------------------------------------


def test_only_places_to_write_are_unlocked_and_nothing_asks_for_a_password(pristine: Path) -> None:
    workbook = load_workbook(pristine)
    form = read_form(pristine)
    for sheet in form.plan.sheets:
        target = workbook[sheet.name]
        assert target.protection.sheet
        assert target.protection.password is None
        open_ = {
            (c.row, c.column) for row in target.iter_rows() for c in row if type(c) is Cell and not c.protection.locked
        }
        typed = {sheet.places[key] for key in form.typed_totals if key in sheet.places}
        assert open_ == {(slot.row, slot.col) for slot in sheet.slots} | typed
    assert workbook[SYSTEM].sheet_state == "hidden"
    assert workbook.security.lockStructure


def test_figures_dates_and_lists_are_validated(pristine: Path) -> None:
    workbook = load_workbook(pristine)
    rules = {
        (name, rule.type, rule.operator, rule.formula1, str(rule.sqref).split()[0])
        for name in ("基本信息", "二", "三", "四", "申请登记")
        for rule in workbook[name].data_validations.dataValidation
    }
    assert ("三", "whole", "greaterThanOrEqual", "0", "D7:I7") in rules
    assert ("四", "whole", "greaterThanOrEqual", "0", "A7:D7") in rules
    assert ("二", "decimal", "greaterThanOrEqual", "0", "B17") in rules
    assert ("基本信息", "date", "greaterThanOrEqual", "36526", "B9") in rules
    lists = {rule[4]: rule[3] for rule in rules if rule[0] == "申请登记" and rule[1] == "list"}
    area = lists["D2:D2001"]
    column = re.search(r"\$([A-Z]+)\$2", area)[1]  # type: ignore[index]
    offered = [cell.value for cell in workbook[SYSTEM][column] if cell.value][1:]
    assert offered[:2] == ["（一）予以公开", "（二）部分公开（区分处理的，只计这一情形，不计其他情形）"]
    assert len(offered) == len(FORM_2021.t3.outcomes) + 1
    for spec in REGISTERS.values():
        prompts = {rule.promptTitle for rule in workbook[spec.sheet].data_validations.dataValidation if rule.prompt}
        assert prompts == {column.name for column in spec.columns}
    styles = {rule.errorStyle for rule in workbook["三"].data_validations.dataValidation}
    assert styles == {"stop"}
    own = next(r for r in workbook["公开登记"].data_validations.dataValidation if r.promptTitle == "类别")
    assert not own.showErrorMessage  # a unit may have classes of its own


def test_the_same_params_give_the_same_bytes(pristine: Path) -> None:
    unit = load_units(ROOT / "params").find("永和镇")
    assert form_bytes(unit, 2023, ROOT / "params") == pristine.read_bytes()
    with zipfile.ZipFile(pristine) as archive:
        assert {info.date_time for info in archive.infolist()} == {(2000, 1, 1, 0, 0, 0)}
        assert not [name for name in archive.namelist() if "vba" in name or "external" in name]


def test_a_form_goes_under_its_name_or_the_one_given(tmp_path: Path) -> None:
    unit = load_units(ROOT / "params").find("永和镇")
    assert write_form(unit, 2023, ROOT / "params", tmp_path / "new") == tmp_path / "new/永和镇2023年报填报表.xlsx"
    assert write_form(unit, 2023, ROOT / "params", tmp_path / "a.xlsx") == tmp_path / "a.xlsx"
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(OutputError, match="无法写入"):
        write_form(unit, 2023, ROOT / "params", tmp_path / "file/b.xlsx")


def test_a_paragraph_too_long_for_a_cell_is_refused_not_cut(params: Path) -> None:
    file = params / "2023/yonghe.yaml"
    long = {"narrative": {"other": "长" * 32_768}}
    file.write_text(dump_params(file.read_text(encoding="utf-8"), long), encoding="utf-8")
    with pytest.raises(FormError, match="一段有 32768 字，XLSX 一格至多 32767 字"):
        form_bytes(load_units(params).find("永和镇"), 2023, params)


# -- nothing becomes a formula ----------------------------------------------------------------------------------------

RISKY = st.text(st.sampled_from("=+-@\t'\"＝＋－,\n abc_x0041;永"), max_size=8)


@given(RISKY)
def test_text_in_csv_comes_back_and_never_begins_like_a_formula(text: str) -> None:
    escaped = escape_cell(text)
    assert not escaped.startswith(("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－"))
    assert unescape_cell(escaped) == text
    assert csv_rows(csv_bytes([[text, text]])) == [[text, text]]


def test_csv_of_others_is_read_as_it_stands() -> None:
    assert [unescape_cell(text) for text in ("'90年代", "it's", "'", "''", "-1", "")] == [
        "'90年代", "it's", "'", "''", "-1", "",
    ]  # fmt: skip


@settings(deadline=None, max_examples=30)
@given(st.lists(RISKY.filter(lambda text: text.strip() != ""), min_size=1, max_size=8))
def test_text_in_xlsx_stays_text_and_comes_back(tmp_path_factory: pytest.TempPathFactory, texts: list[str]) -> None:
    workbook = Workbook()
    for row, text in enumerate(texts, start=1):
        set_text(workbook.worksheets[0].cell(row, 1), text)
    path = tmp_path_factory.mktemp("x") / "a.xlsx"
    path.write_bytes(to_bytes(workbook))
    cells = [load_workbook(path).worksheets[0].cell(row, 1) for row in range(1, len(texts) + 1)]
    assert [cell.value for cell in cells] == texts
    assert {cell.data_type for cell in cells} == {"s"}
    with zipfile.ZipFile(path) as archive:
        assert b"<f>" not in archive.read("xl/worksheets/sheet1.xml")


def test_a_narrative_that_looks_like_a_formula_is_no_formula(params: Path) -> None:
    file = params / "2023/yonghe.yaml"
    hostile = {"narrative": {"other": '=HYPERLINK("http://a")\n-1\n@x\n'}, "contact": {"office": "+86"}}
    file.write_text(dump_params(file.read_text(encoding="utf-8"), hostile), encoding="utf-8")
    path = write_form(load_units(params).find("永和镇"), 2023, params, params.parent)
    assert load_workbook(path)["基本信息"]["B4"].quotePrefix
    assert plan_ingest(path, params).files == ()


# -- registers --------------------------------------------------------------------------------------------------------


def test_cases_written_in_the_form_become_a_register_and_come_back(params: Path, pristine: Path) -> None:
    path = Path(shutil.copy(pristine, params.parent))
    workbook = load_workbook(path)
    heads = [cell.value for cell in workbook["申请登记"][1]]
    assert heads == [column.name for column in REGISTERS["applications"].columns]
    rows = [
        ["=1+1", "2023-05-06", "自然人", "（一）予以公开", "2023-05-09"],
        [7, "2023年6月1日", "个人", "办理中", None],
    ]
    for line, row in zip((2, 5), rows, strict=True):
        for col, value in enumerate(row, start=1):
            cell = workbook["申请登记"].cell(line, col)
            cell.value = value
            cell.data_type = "s" if value == "=1+1" else cell.data_type
    workbook.save(path)
    plan = plan_ingest(path, params)
    assert "登记簿 params/2023/yonghe/applications.csv：新建，2 行" in plan.lines
    (written,) = apply(plan)
    assert written.read_bytes().decode("utf-8-sig").splitlines() == [
        "收件编号,收到日期,申请人类型,办理结果,答复日期",
        "'=1+1,2023-05-06,自然人,（一）予以公开,2023-05-09",
        "7,2023年6月1日,个人,办理中,",
    ]
    again = write_form(load_units(params).find("永和镇"), 2023, params, params.parent)
    assert load_workbook(again)["申请登记"]["E2"].is_date
    assert load_workbook(again)["申请登记"]["A2"].data_type == "s"
    assert plan_ingest(again, params).files == ()


def test_the_register_a_form_gives_is_counted_as_written(params: Path, pristine: Path) -> None:
    path = Path(shutil.copy(pristine, params.parent))
    workbook = load_workbook(path)
    rows = [
        ["=2023-1", date(2023, 5, 6), "自然人", "（一）予以公开", date(2023, 5, 9)],
        ["@2", "2023年12月20日", "商业企业", "办理中", None],
    ]
    for line, row in enumerate(rows, start=2):
        for col, value in enumerate(row, start=1):
            set_value(workbook["申请登记"].cell(line, col), value)
    workbook.save(path)
    apply(plan_ingest(path, params))
    counted = load_registers(params / "2023/yonghe", 2023, FORM_2021)
    assert counted is not None
    received = counted.figures["t3.received.total"]
    assert (received.value, received.rows) == (2, ("=2023-1", "@2"))
    assert counted.figures["t3.carried_out.commercial"].value == 1
    later = read_form(write_form(load_units(params).find("永和镇"), 2024, params, params.parent))
    assert later.values["t3.carried_in.commercial"] == 0  # typed in 2023, and typed figures go before counted ones


def test_an_emptied_sheet_deletes_no_register(params: Path, pristine: Path) -> None:
    file = params / "2023/yonghe/documents.csv"
    file.write_bytes(to_csv(REGISTERS["documents"], [["1", "办法", "", "2023-01-02", "", "", "", ""]]))
    plan = plan_ingest(pristine, params)
    assert plan.files == ()
    assert "工作表“文件登记”为空，保留原有的 params/2023/yonghe/documents.csv（1 行），没有删除。" in plan.notes


def test_a_register_changed_since_is_shown_with_the_rows_that_come_and_go(params: Path) -> None:
    file = params / "2023/yonghe/documents.csv"
    rows = [[str(number), "办法", "", f"2023-01-0{number}", "", "", "", ""] for number in range(1, 6)]
    file.write_bytes(to_csv(REGISTERS["documents"], rows[:3]))
    path = write_form(load_units(params).find("永和镇"), 2023, params, params.parent)
    assert plan_ingest(path, params).files == ()
    file.write_bytes(to_csv(REGISTERS["documents"], rows[1:]))
    assert plan_ingest(path, params).lines == (
        "登记簿 params/2023/yonghe/documents.csv：4 行 → 3 行（新写 1 行，去掉 2 行）",
        "永和镇2023年报填报表.xlsx 工作表“文件登记”：没有写明类别，全部按行政规范性文件计数。",
        "生成这份表以后，参数文件或登记簿又改动过；表中的内容取代现有内容，逐行核对上面的变化。",
    )


@pytest.mark.parametrize("name", ["applications.csv", "registers.xlsx"])
def test_a_register_kept_otherwise_is_left_alone_and_not_written_twice(params: Path, pristine: Path, name: str) -> None:
    (params / "2023/yonghe" / name).write_bytes("收件编号,备注\n1,x\n".encode("gb18030"))
    path = write_form(load_units(params).find("永和镇"), 2023, params, params.parent)
    workbook = load_workbook(path)
    assert f"已另存于 {name}" in workbook["申请登记"].cell(1, 10).value
    for column, text in zip("ABC", ("1", "2023-05-06", "自然人"), strict=True):
        workbook["申请登记"][f"{column}2"] = text
    workbook.save(path)
    with pytest.raises(FormError, match="只保留一处"):
        plan_ingest(path, params)


def test_a_register_too_long_for_a_form_stays_in_its_file(
    params: Path, pristine: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in ("register_sheets", "ingest"):
        monkeypatch.setattr(f"nianbao.forms.{module}.MAX_SHOWN", 2)
    rows = [[str(number), "办法", "", "2023-01-02", "", "", "", ""] for number in range(3)]
    (params / "2023/yonghe/documents.csv").write_bytes(to_csv(REGISTERS["documents"], rows))
    path = write_form(load_units(params).find("永和镇"), 2023, params, params.parent)
    sheet = load_workbook(path)["文件登记"]
    assert sheet["A2"].value is None and "已另存于 documents.csv" in sheet["I1"].value
    assert sheet.oddHeader.center.text == "永和镇2023年　文件登记"
    assert plan_ingest(path, params).files == ()
    workbook = load_workbook(path)
    workbook["文件登记"]["A2"], workbook["文件登记"]["B2"], workbook["文件登记"]["D2"] = "9", "办法", date(2023, 1, 2)
    workbook.save(path)
    with pytest.raises(FormError, match=r"documents\.csv 有 3 行，表格中没有列出，不能由表格改写"):
        plan_ingest(path, params)


def test_last_years_carry_over_is_not_typed_where_registers_are_kept(params: Path) -> None:
    folder = params / "2024/yonghe"
    folder.mkdir(parents=True)
    (folder / "applications.csv").write_bytes(
        to_csv(REGISTERS["applications"], [["1", "2024-01-02", "自然人", "办理中", "", "", "", "", ""]])
    )
    path = write_form(load_units(params).find("永和镇"), 2024, params, params.parent)
    assert not [key for key in read_form(path).values if key.startswith("t3.")]


@given(
    st.sampled_from(["text", "date", "label", "days", "money"]),
    st.sampled_from(
        ["20", "020", "1.50", "0.1", "2023-05-06", "2023-13-01", "1e3", "-1", "三", "12345678901234567", ""]
    ),
)
def test_a_register_text_comes_back_from_its_cell(kind: str, text: str) -> None:
    value = to_cell(text, kind)
    assert from_cell(float(value) if isinstance(value, Decimal) else value) == text


def test_registers_of_others_are_not_taken_apart(params: Path) -> None:
    spec = REGISTERS["reviews"]
    for raw in (b"\xff\xfe", "案号,案号\n1,2\n".encode(), "案号,备注\n1,2\n".encode(), "案号\n1,2\n".encode(), b""):
        assert rows_of(raw, spec) is None
    assert all(not register.rows and not register.elsewhere for register in load_rows(params, "yonghe", 2023))


# -- a spreadsheet computes the same ----------------------------------------------------------------------------------

SOFFICE = shutil.which("soffice")


BASICS = "基本信息"


def ticks(path: Path) -> Mapping[str, str]:
    """The ticks that stand for zeros, by the sheet that they stand for."""
    basics = next(sheet for sheet in read_form(path).plan.sheets if NONE_RECEIVED in sheet.places)
    return {sheet: address(*basics.places[key]) for sheet, key in (("三", NONE_RECEIVED), ("四", NO_DISPUTES))}


@pytest.mark.system
@pytest.mark.skipif(SOFFICE is None, reason="LibreOffice (soffice) is not installed")
def test_libreoffice_agrees_on_every_total_and_every_mark(tmp_path: Path, params: Path, pristine: Path) -> None:
    """Slow, some 10 s: a form with equations that hold, that fail and that cannot be told, computed by LibreOffice."""
    path = Path(shutil.copy(pristine, tmp_path))
    workbook = load_workbook(path)
    for cell, value in {"D7": 4, "E8": 2, "D9": 3, "D11": 1, "E31": 1, "G20": None, "H12": 5}.items():
        workbook["三"][cell] = value
    for column, value in zip("ABCDKLMN", (2, 0, 0, 1, 1, None, 0, 0), strict=True):
        workbook["四"][f"{column}7"] = value
    workbook.save(path)
    apply(plan_ingest(path, params))
    computed = computed_by_libreoffice(path, tmp_path)
    report = load_report("yonghe", 2023, params)
    results = load_workbook(computed, data_only=True)
    form = read_form(path)
    marks = 0
    for sheet in form.plan.sheets:
        for total in sheet.totals:
            if total.key in report.cells and total.key not in form.typed_totals:
                shown = results[sheet.name].cell(total.row, total.col).value
                assert (shown if shown != "" else None) == report.cells[total.key].value, total.key
        for mark in sheet.marks:
            if not mark.code:
                continue
            found = rule(mark.code)
            assert isinstance(found.test, Equation)
            findings = {f.cell: f.outcome.value for f in check_equation(found, found.test, report) if f is not None}
            expected = {"fails": "✗", "unknown": "未填", None: "✓"}[findings.get(mark.at)]
            assert results[sheet.name].cell(mark.row, mark.col).value == expected, (mark.code, mark.at)
            marks += 1
    assert marks == 42
    assert (results["三"]["A3"].value, results["二"]["A3"].value) == ("还有 1 格未填数", "各格均已填数")
    seen = {results["三"].cell(row, 11).value for row in range(7, 32)}
    assert seen == {"✓", "✗", "未填"}
    sent_back = plan_ingest(computed, params)
    assert sent_back.files == ()
    assert not [note for note in sent_back.notes if "重新计算" in note]


def computed_by_libreoffice(path: Path, folder: Path) -> Path:
    command = [str(SOFFICE), f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless"]
    subprocess.run(
        [*command, "--convert-to", "xlsx:Calc MS Excel 2007 XML", "--outdir", str(folder / "lo"), str(path)],
        check=True,
        capture_output=True,
        timeout=180,
    )
    return folder / "lo" / path.name


@pytest.mark.system
@pytest.mark.skipif(SOFFICE is None, reason="LibreOffice (soffice) is not installed")
def test_where_a_tick_stands_for_zeros_no_mark_says_that_something_is_missing(tmp_path: Path) -> None:
    """Slow, some 5 s: each tick by itself, and a figure that contradicts it."""
    path = write_form(load_units(PARAMS).find("青阳街道"), 2023, PARAMS, tmp_path)
    workbook = load_workbook(path)
    three, four = ticks(path).values()
    workbook[BASICS][three] = "是"
    workbook.save(path)
    results = load_workbook(computed_by_libreoffice(path, tmp_path), data_only=True)
    shown = {
        sheet.name: {str(results[sheet.name].cell(mark.row, mark.col).value) for mark in sheet.marks}
        for sheet in read_form(path).plan.sheets
        if sheet.name in ("三", "四")
    }
    assert shown == {"三": {"✓"}, "四": {"未填"}}
    workbook[BASICS][three], workbook[BASICS][four] = None, "是"
    workbook["四"]["A7"] = 3
    workbook.save(path)
    results = load_workbook(computed_by_libreoffice(path, tmp_path), data_only=True)
    assert [results["三"]["K7"].value, results["四"]["E8"].value, results["四"]["J8"].value] == ["未填", "✗", "✓"]
