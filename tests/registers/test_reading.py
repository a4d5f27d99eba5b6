"""Registers as offices really keep them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from itertools import chain
from pathlib import Path
from typing import Any

import pytest

from nianbao.registers import RegisterFigures, columns, labels, load_registers
from nianbao.registers.columns import REGISTERS
from nianbao.statute import EDITIONS, edition_for

Load = Callable[..., RegisterFigures]
Workbook = Callable[[Callable[[Any], None]], RegisterFigures]

HEAD = ["收件编号", "收到日期", "申请人类型", "办理结果", "答复日期"]
ONE = [HEAD, ["2023-1", "2023-5-6", "自然人", "予以公开", "2023-5-20"]]


def granted(found: RegisterFigures) -> int:
    return int(found.figures["t3.granted.natural"].number)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_encodings_and_separators(load: Load, encoding: str, delimiter: str) -> None:
    text = "\r\n".join(delimiter.join(row) for row in ONE)
    assert granted(load(applications=text, encoding=encoding)) == 1


@pytest.mark.parametrize(
    "text",
    ["2023-5-6", "2023/5/6", "2023.5.6", "2023年5月6日", "20230506", "45052", "2023-05-06 09:30:00", " 2023 年 5 月 6 日 ",
     "2023-05-06T00:00:00", "２０２３年５月６日", "2023年5月6号", "45052.0"],
)  # fmt: skip
def test_dates_as_text(load: Load, text: str) -> None:
    found = load(applications=[HEAD, ["1", text, "自然人", "", ""]])
    assert found.applications is not None
    assert found.applications.received.tolist() == [date(2023, 5, 6)]


@pytest.mark.parametrize(
    "value",
    [
        date(2023, 5, 6),
        datetime.fromisoformat("2023-05-06T09:30"),
        45052,
        45052.4,
        "2023年5月6日",
        "20230506",
        20230506,
    ],
)
def test_dates_in_a_workbook(workbook: Workbook, value: Any) -> None:
    def fill(book: Any) -> None:
        sheet = book.create_sheet("申请登记")
        sheet.append(HEAD)
        sheet.append([1, value, "自然人", None, None])

    found = workbook(fill)
    assert found.applications is not None
    assert found.applications.received.tolist() == [date(2023, 5, 6)]
    assert found.figures["t3.carried_out.natural"].rows == ("1",)


def test_serial_numbers_of_a_workbook_in_the_1904_system(workbook: Workbook) -> None:
    def fill(book: Any) -> None:
        from openpyxl.utils.datetime import CALENDAR_MAC_1904

        book.epoch = CALENDAR_MAC_1904
        sheet = book.create_sheet("申请登记")
        sheet.append(HEAD)
        sheet.append([1, 45052 - 1462, "自然人", None, None])
        sheet.append([2, date(2023, 5, 6), "自然人", None, None])

    found = workbook(fill)
    assert found.applications is not None
    assert found.applications.received.tolist() == [date(2023, 5, 6)] * 2


def test_blank_rows_totals_and_remarks_are_left_out_and_listed(load: Load) -> None:
    found = load(
        applications=[
            ["2023年政府信息公开申请登记表"],
            [],
            ["序号", *HEAD, "备注"],
            ["1", "2023-1", "2023-5-6", "自然人", "予以公开", "2023-5-20", ""],
            ["小计", "", "", "", "", "", ""],
            [],
            ["2", "2023-2", "2023-6-6", "自然人", "", "", "待办"],
            ["3", "", "", "", "", "", ""],
            ["合 计", "2", "", "", "", "", ""],
            ["填表人：张三", "", "", "审核：李四", "", "", ""],
        ]
    )
    assert found.figures["t3.received.total"].rows == ("2023-1", "2023-2")
    notes = "\n".join(found.notes)
    assert "第 5、9 行是合计，未计入" in notes
    assert "第 10 行是表下说明，未计入" in notes
    assert "未用到的列 序号、备注" in notes


def test_a_head_that_stands_again_is_left_out_and_listed(load: Load) -> None:
    found = load(applications=[*ONE, HEAD, ["2023-2", "2023-6-6", "自然人", "", ""]])
    assert found.figures["t3.received.total"].rows == ("2023-1", "2023-2")
    assert any("第 3 行是重复的表头，未计入" in note for note in found.notes)


def test_what_does_not_show_makes_no_difference(load: Load) -> None:
    line = ["2023\n-1", "\u200b2023-5-6\u00a0", "自然人\ufeff", "\u3000予以\u200b公开", "2023-5-20\u200b"]
    found = load(applications=[["收件编号\ufeff", *HEAD[1:]], line, ["2", "2023-5-7", "自然人", "\u200b", "\u200b"]])
    assert found.figures["t3.granted.natural"].rows == ("2023 -1",)
    assert found.figures["t3.carried_out.natural"].rows == ("2",)
    classes = load(
        disclosures=[["发布日期", "标题", "类别"], ["2023-1-1", "a", "机构职能\u200b"], ["2023-1-1", "b", "机构职能"]]
    ).classes
    assert {name: cell.number for name, cell in classes.items()} == {"机构职能": 2}


def test_hidden_rows_of_a_workbook_are_entries_and_listed(workbook: Workbook) -> None:
    def fill(book: Any) -> None:
        sheet = book.create_sheet("申请登记")
        for line in (HEAD, ["1", "2023-5-6", "自然人"], ["2", "2023-5-7", "自然人"]):
            sheet.append(line)
        sheet.row_dimensions[3].hidden = True

    found = workbook(fill)
    assert found.figures["t3.received.total"].rows == ("1", "2")
    assert any("第 3 行是隐藏的，照样读取" in note for note in found.notes)


def test_an_entry_that_begins_like_a_total_is_an_entry(load: Load) -> None:
    found = load(
        disclosures=[
            ["标题", "类别", "发布日期"],
            ["说明：关于收费的公告", "其他", "2023-3-1"],
            ["总计", "其他", "2023-3-2"],
        ]
    )
    assert found.total is not None and found.total.number == 2


def test_a_head_of_two_rows_in_csv(load: Load) -> None:
    found = load(
        applications=[
            ["晋江市安海镇2023年申请登记"],
            ["收件编号", "收到日期", "申请人", "", "办理", ""],
            ["", "", "姓名", "类型", "结果", "答复日期"],
            ["1", "2023-5-6", "某甲", "自然人", "予以公开", "2023-5-20"],
        ]
    )
    assert granted(found) == 1


def test_merged_heads_and_cells_in_a_workbook(workbook: Workbook) -> None:
    def fill(book: Any) -> None:
        sheet = book.create_sheet("申请登记")
        sheet.append(["2023年申请登记表"])
        sheet.merge_cells("A1:F1")
        sheet.append(["收件编号", "收到日期", "申请人", None, "办理情况", None])
        sheet.append([None, None, "姓名", "类型", "办理结果", "答复日期"])
        for area in ("A2:A3", "B2:B3", "C2:D2", "E2:F2"):
            sheet.merge_cells(area)
        sheet.append(["a", date(2023, 5, 6), "某甲", "自然人", "予以公开", date(2023, 5, 20)])
        sheet.append(["b", None, "某乙", "商业企业", None, None])
        sheet.merge_cells("B4:B5")  # received on the same day, written once
        sheet.append(["合计：2件"])
        sheet.merge_cells("A6:F6")

    found = workbook(fill)
    assert found.figures["t3.received.total"].rows == ("a", "b")
    assert found.figures["t3.carried_out.commercial"].rows == ("b",)


def test_several_registers_in_one_workbook_under_chinese_or_english_names(workbook: Workbook) -> None:
    def fill(book: Any) -> None:
        for title, head in (
            ("申请登记", HEAD),
            ("Disclosures", ["发布日期", "标题", "类别"]),
            ("文件登记", ["文号", "名称", "制发日期"]),
            ("复议诉讼登记", ["案号", "类型", "受理日期", "结果", "结案日期"]),
            ("说明", ["怎样填写"]),
            ("台账", ["a", "b"]),
        ):
            book.create_sheet(title).append(head)

    found = workbook(fill)
    assert found.total is not None and found.total.number == 0
    assert {key.partition(".")[0] for key in found.figures} == {"t2", "t3", "t4"}
    assert all(cell.number == 0 and cell.rows == () for cell in found.figures.values())
    assert any("台账" in note for note in found.notes)


def test_what_registers_do_not_tell_is_left_out(load: Load) -> None:
    found = load(
        documents=[["文号", "名称", "制发日期", "废止日期"], ["1", "a", "2010-1-1", ""], ["2", "b", "2023-1-1", ""]]
    )
    assert set(found.figures) == {
        f"t2.{kind}.{column}" for kind in ("rules", "normative") for column in ("made", "repealed", "in_force")
    }
    assert found.figures["t2.normative.in_force"].rows == ("1", "2")
    assert found.total is None and not found.classes
    assert any("没有写明类别" in note for note in found.notes)


def test_no_registers_is_none(folder: Path) -> None:
    assert load_registers(folder, 2023, edition_for(2023)) is None
    assert load_registers(folder / "nowhere", 2023, edition_for(2023)) is None


def test_an_own_name_goes_before_a_synonym(load: Load) -> None:
    found = load(applications=[["编号", "收件编号", *HEAD[1:]], ["7", "a", "2023-5-6", "自然人", "", ""]])
    assert found.figures["t3.received.natural"].rows == ("a",)


def test_spellings_of_a_class_are_one_class(load: Load) -> None:
    rows = [
        ["2023-1-1", f"t{i}", name]
        for i, name in enumerate(["机构职能类信息", "机构职能", "机构职能类信息", "机构职能类"])
    ]
    found = load(disclosures=[["发布日期", "标题", "类别"], *rows])
    assert {name: cell.number for name, cell in found.classes.items()} == {"机构职能类信息": 4}


def test_every_label_of_the_form_is_understood() -> None:
    for edition in EDITIONS:
        known = labels.outcomes(edition)
        assert set(known.known.values()) == {*edition.t3.outcomes, labels.PENDING}
        for label in known.shown:
            assert labels.normal(label) in known.known
        groups = {labels.normal(row.stub[1]) for row in edition.t3.rows if len(row.stub) > 2}
        assert not groups & set(known.known), "a heading alone says no outcome"


def test_no_label_and_no_column_head_means_two_things() -> None:
    for table in (columns.APPLICANT_SYNONYMS, columns.OUTCOME_SYNONYMS, columns.GROUP_SYNONYMS, columns.RESULT_SYNONYMS,
                  columns.DOCUMENT_SYNONYMS):  # fmt: skip
        every = [labels.normal(label) for label in chain.from_iterable(table.values())]
        assert len(every) == len(set(every))
    for spec in REGISTERS.values():
        heads = [name for column in spec.columns for name in (column.name, *column.synonyms, *column.stand_ins)]
        assert len(heads) == len(set(heads))
    for edition in EDITIONS:
        own = {labels.normal(edition.t3.row(key).stub[-1]): key for key in edition.t3.outcomes}
        for key, short in columns.OUTCOME_SYNONYMS.items():
            for label in short:
                assert own.get(labels.normal(label), key) == key


def test_the_readme_names_every_register_column_and_spelling() -> None:
    lines = (Path(__file__).parents[2] / "docs" / "usage.zh.md").read_text(encoding="utf-8").splitlines()
    for spec in REGISTERS.values():
        assert any(f"`{spec.key}.csv`<br>工作表“{spec.sheet}”" in line for line in lines)
        for column in spec.columns:
            duty = "（必有）" if column.required else ""
            near = f"；没有的用 {'、'.join(column.stand_ins)}" if column.stand_ins else ""
            row = f"| {column.name}{duty} | {'、'.join(column.synonyms)}{near} |"
            assert any(line.endswith(row) for line in lines), row
