"""A form back with what is wrong in it; findings of a unit that files forms name sheet and cell."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook
from tests.command import Run
from tests.conftest import PARAMS

from nianbao.demo import write_demo
from nianbao.forms import apply, form_name, give_back, plan_ingest, read_form, style, write_form
from nianbao.forms.read_registers import REMARKS
from nianbao.params import load_units, params_path
from nianbao.report import load_report
from nianbao.report.handed_in import HandedIn, Spot, load_handed_in, rows_text, spans_of, spans_text, spot_of
from nianbao.rules import check_report
from nianbao.rules.place import place_of
from nianbao.statute import FORM_2021

UNIT, YEAR = "安海镇", 2025
NAME = f"{UNIT}{YEAR}年报填报表.xlsx"


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Params of the demo, in a folder named as real ones are."""
    folder = tmp_path_factory.mktemp("demo") / "params"
    write_demo(YEAR, folder, PARAMS)
    return folder


@pytest.fixture(scope="module")
def pristine(demo: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_form(load_units(demo).find(UNIT), YEAR, demo, tmp_path_factory.mktemp("form"))


@pytest.fixture
def params(demo: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(demo, tmp_path / "params"))


def edited(source: Path, folder: Path, change: Callable[[Workbook], Any], name: str = NAME) -> Path:
    folder.mkdir(exist_ok=True)
    workbook = load_workbook(source)
    change(workbook)
    workbook.save(folder / name)
    return folder / name


def fill(cell: Any) -> str:
    return str(cell.fill.start_color.rgb)


FAULT, HINT = (str(colour.start_color.rgb) for colour in (style.FAULT, style.HINT))


def cell_of_key(form: Path, key: str) -> tuple[str, int, int]:
    plan = read_form(form).plan
    return next((sheet.name, *sheet.places[key]) for sheet in plan.sheets if key in sheet.places)


# -- places -----------------------------------------------------------------------------------------------------------


def taken(form: Path, params: Path) -> None:
    apply(plan_ingest(form, params))


def test_every_cell_of_the_report_is_named_by_its_sheet_and_cell(params: Path, pristine: Path, tmp_path: Path) -> None:
    form = edited(pristine, tmp_path / "in", lambda book: book["三"].__setitem__("D7", 9))
    taken(form, params)
    report = load_report(UNIT, YEAR, params)
    assert report.handed_in is not None
    at = {key: (s.name, cell) for s in read_form(form).plan.sheets for key, cell in s.places.items()}
    keys = [*report.edition.fields, "date", "fees.amount", "contact.phone", "document.number", "disclosure.total"]
    assert len(keys) > 190
    letters = "ABCDEFGHIJKLMNOP"
    for key in keys:
        sheet, (row, col) = at[key]
        assert place_of(report, key) == f"{NAME} 工作表“{sheet}” {letters[col - 1]}{row} 格", key
    rows = {key.rpartition(".")[0] for key in report.edition.fields} | {"t2", "t3", "t4"}
    for key in rows | {
        "contact",
        "fees",
        "disclosure",
        "disclosure.classes",
        *(f"narrative.{p}" for p in ("other", "problems")),
    }:
        spot = spot_of(place_of(report, key))
        assert spot is not None and any(sheet == spot.sheet for sheet, _ in at.values()), key
    found = check_report(report).findings
    assert any(finding.blocks for finding in found)
    assert all(spot_of(finding.place) for finding in found if finding.cell and not finding.cell.startswith("published"))


def test_a_row_is_at_fault_for_the_cells_that_hold_no_figure(params: Path, pristine: Path, tmp_path: Path) -> None:
    def change(book: Workbook) -> None:
        book["二"]["D6"], book["二"]["C7"], book["二"]["D7"], book["四"]["B7"] = "-", None, "/", None
        for col in "DEFGHI":
            for row in range(7, 13):
                book["三"][f"{col}{row}"] = None if row != 9 else book["三"][f"{col}{row}"].value

    taken(edited(pristine, tmp_path / "in", change), params)
    report = load_report(UNIT, YEAR, params)
    assert place_of(report, "t2.rules") == f"{NAME} 工作表“二” D6 格"
    assert place_of(report, "t2.normative") == f"{NAME} 工作表“二” C7、D7 格"
    assert spot_of(place_of(report, "t2.normative")) == Spot("二", ("C7", "D7"))
    assert place_of(report, "t4.review") == f"{NAME} 工作表“四” B7、E7 格"
    spot = spot_of(place_of(report, "t3"))
    assert spot is not None and spot.sheet == "三" and len(spot.cells) == 10


def test_a_class_a_channel_and_a_line_of_the_narrative_are_named_where_they_stand(
    params: Path, pristine: Path, tmp_path: Path
) -> None:
    lines = ["第一段。", "（一）主动公开", "第三段有数12345件。\n同一格里的第二段。", "再一段。"]

    def change(book: Workbook) -> None:
        form = read_form(pristine).plan
        for sheet in form.sheets:
            for slot in sheet.slots:
                if slot.key.startswith("narrative.overview."):
                    book[sheet.name].cell(slot.row, slot.col).value = None
        for index, line in zip((0, 1, 3, 4), lines, strict=True):  # a row left out
            slot = form.slots[f"narrative.overview.{index}"]
            book["正文"].cell(slot.row, slot.col).value = line

    form = edited(pristine, tmp_path / "in", change)
    taken(form, params)
    report = load_report(UNIT, YEAR, params)
    assert (
        report.params.narrative.overview
        == "第一段。\n（一）主动公开\n\n第三段有数12345件。\n同一格里的第二段。\n再一段。\n"
    )
    for quote, key in (("第一段", 0), ("12345件", 3), ("同一格里", 3), ("再一段", 4)):
        sheet, row, _ = cell_of_key(form, f"narrative.overview.{key}")
        assert place_of(report, "narrative.overview", f"P-01不成立：“…{quote}…”") == f"{NAME} 工作表“{sheet}” B{row} 格"
    for index, item in enumerate(report.params.disclosure.classes):
        row = cell_of_key(form, f"disclosure.classes.{index}.name")[1]
        assert place_of(report, f"disclosure.classes.{item.name}") == f"{NAME} 工作表“基本信息” B{row} 格"
        assert place_of(report, f"disclosure.classes.{index}") == f"{NAME} 工作表“基本信息” A{row} 格"
    row = cell_of_key(form, "disclosure.channels.0.count")[1]
    name = next(iter(report.params.disclosure.channels))
    assert place_of(report, f"disclosure.channels.{name}") == f"{NAME} 工作表“基本信息” B{row} 格"


def test_what_a_register_tells_is_named_by_its_rows_on_the_sheet(params: Path, pristine: Path, tmp_path: Path) -> None:
    def change(book: Workbook) -> None:
        for sheet, places in ((s, s.places) for s in read_form(pristine).plan.sheets if s.name == "三"):
            for key, (row, col) in places.items():
                if book[sheet.name].cell(row, col).data_type != "f" and key in FORM_2021.fields:
                    book[sheet.name].cell(row, col).value = None
        for row, number in ((2, "甲1"), (5, "甲2"), (6, "甲3"), (9, "甲4")):  # rows left blank between
            values = (number, f"{YEAR}-03-0{row}", "自然人", "（一）予以公开", f"{YEAR}-03-20")
            for col, value in enumerate(values, start=1):
                book["申请登记"].cell(row, col).value = value

    taken(edited(pristine, tmp_path / "in", change), params)
    report = load_report(UNIT, YEAR, params)
    assert place_of(report, "t3.received.natural") == f"{NAME} 工作表“申请登记” 第 2、5、6、9 行"
    assert place_of(report, "t3.received.commercial") == f"{NAME} 工作表“三” E7 格"
    assert spot_of(place_of(report, "t3.granted.natural")) == Spot("申请登记", rows=(2, 5, 6, 9))


@pytest.mark.parametrize("rows", [[2], [2, 3, 4], [3, 5], [2, 3, 7, 8, 9, 20], [*range(2, 500), 600]])
def test_rows_of_a_sheet_are_kept_as_spans(rows: list[int]) -> None:
    form = HandedIn("表.xlsx", {}, {"a.csv": f"甲!{spans_text(rows)}"}, "")
    assert [row for span in spans_of(spans_text(rows)) for row in span] == rows
    for index, row in enumerate(rows):
        assert form.row_place("a.csv", [index + 2]) == f"表.xlsx 工作表“甲” 第 {row} 行"
    assert (
        form.row_place("a.csv", [len(rows) + 2]) == form.row_place("b.csv", [2]) == form.row_place("a.csv", [1]) == ""
    )
    place = form.row_place("a.csv", range(2, len(rows) + 2))
    spot = spot_of(place)
    assert spot is not None and spot.rows == tuple(rows[:10]) and rows_text(rows) in place


def test_params_edited_by_hand_are_mended_where_they_were_edited(params: Path, pristine: Path, tmp_path: Path) -> None:
    taken(edited(pristine, tmp_path / "in", lambda book: book["三"].__setitem__("D7", 9)), params)
    path = params_path(params, load_units(params).find(UNIT), YEAR)
    text = path.read_text(encoding="utf-8")
    path.write_text(f"{text}declared:\n  - text: '7 项'\n    reason: 示例\n", encoding="utf-8")  # the office's own
    assert spot_of(place_of(load_report(UNIT, YEAR, params), "t3.received.natural"))
    path.write_text(text.replace("received:", "received:  ", 1).replace("[9,", "[8,", 1), encoding="utf-8")
    assert place_of(load_report(UNIT, YEAR, params), "t3.received.natural").startswith(f"params/{YEAR}/anhai.yaml:")
    again = write_form(load_units(params).find(UNIT), YEAR, params, tmp_path)
    taken(again, params)
    assert spot_of(place_of(load_report(UNIT, YEAR, params), "t3.received.natural"))


@pytest.mark.parametrize(
    "content", [b"", b"[]", b"{}", b'{"form": 1, "rows": {"a": "b!x-"}, "places": {}, "says": ""}', b"\xff"]
)
def test_a_broken_record_of_a_form_is_named(run: Run, params: Path, content: bytes) -> None:
    folder = params / f"{YEAR}/anhai"
    folder.mkdir(exist_ok=True)
    (folder / "form.json").write_bytes(content)
    done = run("check", str(YEAR), UNIT, "--params", params)
    assert done.code == 2 and f"params/{YEAR}/anhai/form.json：读不出" in done.err


def test_a_form_that_says_what_is_there_writes_nothing(params: Path, pristine: Path) -> None:
    before = sorted(params.rglob("*"))
    assert apply(plan_ingest(pristine, params)) == ()
    assert sorted(params.rglob("*")) == before


def test_the_record_is_what_was_taken(params: Path, pristine: Path, tmp_path: Path) -> None:
    taken(edited(pristine, tmp_path / "in", lambda book: book["三"].__setitem__("D7", 9)), params)
    record = load_handed_in(params / f"{YEAR}/anhai")
    assert record is not None and record.name == NAME and record.place("t3.received.natural").endswith("D7 格")


# -- the form back ----------------------------------------------------------------------------------------------------


def messy(book: Workbook) -> None:
    book["三"]["D7"] = 9
    book["基本信息"]["B9"] = None


def test_faulty_cells_are_coloured_and_everything_is_listed(params: Path, pristine: Path, tmp_path: Path) -> None:
    form = edited(pristine, tmp_path / "in", messy)
    before = (form.read_bytes(), {path: path.read_bytes() for path in params.rglob("*") if path.is_file()})
    returned = give_back(form, params)
    assert give_back(form, params).content == returned.content
    assert before == (form.read_bytes(), {path: path.read_bytes() for path in params.rglob("*") if path.is_file()})
    (tmp_path / "back.xlsx").write_bytes(returned.content)
    book = load_workbook(tmp_path / "back.xlsx")
    taken(form, params)
    findings = check_report(load_report(UNIT, YEAR, params)).findings
    listed = [[str(cell.value or "") for cell in row] for row in book[REMARKS].iter_rows(min_row=6, max_col=4)]
    assert book.sheetnames[0] == REMARKS and len(listed) == len(findings) > 2
    assert {row[3] for row in listed} == {finding.message for finding in findings}
    assert returned.faults == sum(finding.blocks for finding in findings) == sum(row[1] == "必须改正" for row in listed)
    assert returned.hints == len(findings) - returned.faults
    for finding in findings:
        spot = spot_of(finding.place)
        if spot is None:
            continue
        sheet = book[spot.sheet]
        row = sheet[spot.cells[0]].row
        column = next(cell.column for cell in sheet[1] if cell.value == REMARKS)
        word = "必须改正" if finding.blocks else finding.severity.label
        assert {fill(sheet[cell]) for cell in spot.cells} <= {
            FAULT,
            HINT,
        } and f"{word}：{finding.message}" in sheet.cell(row, column).value
        if finding.blocks:
            assert {fill(sheet[cell]) for cell in spot.cells} == {FAULT}
    assert fill(book["三"]["D7"]) == FAULT and fill(book["三"]["D9"]) not in (FAULT, HINT)


def test_a_returned_form_is_mended_taken_and_given_back_clean(params: Path, pristine: Path, tmp_path: Path) -> None:
    form = edited(pristine, tmp_path / "in", messy)
    first = tmp_path / "first.xlsx"
    first.write_bytes(give_back(form, params).content)
    assert fill(load_workbook(first)["三"]["D7"]) == FAULT
    original = load_workbook(pristine)

    def mend(book: Workbook) -> None:
        book["三"]["D7"] = original["三"]["D7"].value
        book["基本信息"]["B9"] = original["基本信息"]["B9"].value

    mended = edited(first, tmp_path / "mended", mend)
    assert plan_ingest(mended, params).files == () and plan_ingest(mended, params).notes == ()
    second = give_back(mended, params)
    (tmp_path / "second.xlsx").write_bytes(second.content)
    again = load_workbook(tmp_path / "second.xlsx")
    assert second.faults == 0 and again.sheetnames.count(REMARKS) == 1
    assert FAULT not in {fill(cell) for name in ("三", "基本信息") for row in again[name].iter_rows() for cell in row}
    assert not any(cell.value for row in again["三"].iter_rows(min_row=2, min_col=12) for cell in row)


def test_a_form_that_cannot_be_taken_is_given_back_with_what_stops_it(
    params: Path, pristine: Path, tmp_path: Path
) -> None:
    def change(book: Workbook) -> None:
        book["三"]["D7"], book["三"]["E8"], book["四"]["A7"] = "三件", "=1+1", -1
        for col, value in enumerate(("甲1", "某日", "自然人", "（一）予以公开", "2025-03-20"), start=1):
            book["申请登记"].cell(4, col).value = value

    form = edited(pristine, tmp_path / "in", change)
    returned = give_back(form, params)
    (tmp_path / "back.xlsx").write_bytes(returned.content)
    book = load_workbook(tmp_path / "back.xlsx")
    assert [
        fill(book[sheet][cell]) for sheet, cell in (("三", "D7"), ("三", "E8"), ("四", "A7"), ("申请登记", "B4"))
    ] == [FAULT] * 4
    assert (
        returned.faults >= 4
        and "三件" in str(book["三"]["L7"].value)
        and "某日" in str(book["申请登记"].cell(4, 10).value)
    )


def test_forms_back_by_the_command(run: Run, params: Path, pristine: Path, tmp_path: Path) -> None:
    edited(pristine, tmp_path / "in", messy)
    words = ("forms", "--return", tmp_path / "in", "--to", tmp_path / "back", "--params", params)
    done = run(*words)
    target = tmp_path / "back" / f"{UNIT}{YEAR}年报填报表（退回）.xlsx"
    assert done.code == 0 and done.out.startswith(f"{UNIT}：已生成 {target.as_posix()}：必须改正 ") and target.is_file()
    assert run(*words).out.startswith(f"{UNIT}：没有变化 ")
    target.write_bytes(b"mine")
    assert run(*words).code == 2 and target.read_bytes() == b"mine"
    assert run(*words, "--force").code == 0 and target.read_bytes() != b"mine"
    over = run("forms", "--return", target, "--to", tmp_path / "back", "--force", "--params", params)
    assert over.code == 2 and "会盖掉交来的表" in over.err
    typed = run("forms", "--return", str(YEAR), UNIT, "--to", tmp_path / "typed", "--params", params)
    assert typed.code == 0 and (f"{UNIT}：没有问题" in typed.out or f"{UNIT}：已生成" in typed.out)
    mixed = run("forms", "--return", str(YEAR), tmp_path / "in", "--to", tmp_path / "x", "--params", params)
    assert mixed.code == 2 and "混写" in mixed.err
    none = run("forms", "--return", "2022", UNIT, "--to", tmp_path / "x", "--params", params)
    assert none.code == 2 and "没有 2022 年的参数" in none.err
    (tmp_path / "in" / "别的.xlsx").write_bytes(b"no workbook")
    other = run(*words, "--force")
    assert other.code == 2 and "别的.xlsx" in other.err and "没有变化" in other.out


def test_the_names_of_forms_stay(params: Path) -> None:
    assert form_name(load_units(params).find(UNIT), YEAR) == NAME


def test_every_output_names_sheet_and_cell(run: Run, params: Path, pristine: Path, tmp_path: Path) -> None:
    """check, build, the slip that goes back, the page of findings and what the notebook shows."""
    taken(edited(pristine, tmp_path / "in", lambda book: book["三"].__setitem__("D7", 9)), params)
    place = f"{NAME} 工作表“三” D7 格"
    assert place in run("check", str(YEAR), UNIT, "--params", params).out
    assert run("build", UNIT, str(YEAR), "--params", params, "--out", tmp_path / "out").code == 1
    folder = tmp_path / "out" / str(YEAR) / "anhai"
    said = json.loads((folder / "findings.json").read_text(encoding="utf-8"))["findings"]
    assert place in {finding["place"] for finding in said}
    assert not any("anhai.yaml" in finding["place"] for finding in said)
    for name in ("return.html", "findings.html", "report.ipynb"):
        assert "工作表“三” D7 格" in (folder / name).read_text(encoding="utf-8"), name
