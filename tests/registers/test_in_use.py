"""Registers as offices keep them: heads and words in use, totals with a unit, rows struck through; no opposite proposed."""

from __future__ import annotations

from collections.abc import Callable
from itertools import permutations
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.styles import Font

from nianbao.registers import RegisterFigures, columns, labels, load_registers
from nianbao.registers.columns import REGISTERS
from nianbao.statute import EDITIONS, edition_for

Load = Callable[..., RegisterFigures]
Refused = Callable[..., list[str]]
HEAD = ["收件编号", "收到日期", "申请人类型", "办理结果", "答复日期"]
ENTRY = ["2024-001", "2023-03-05", "自然人", "予以公开", "2023-03-20"]


def test_the_columns_of_an_ordinary_ledger_are_read_and_what_stood_in_is_said(load: Load) -> None:
    head = "序号,申请时间,申请人,申请人类型,申请方式,申请内容,承办科室,答复时间,答复类型,送达方式,备注"
    found = load(applications=f"{head}\n1,2023.3.5,甲某,公民,网络,某事项,党政办,2023.3.20,予以公开,邮寄,\n")
    assert found.figures["t3.granted.natural"].value == 1
    text = "\n".join(found.notes)
    assert "没有“收件编号”这一列，用了“序号”" in text and "没有“收到日期”这一列，用了“申请时间”" in text


@pytest.mark.parametrize(
    ("spec", "column", "head"),
    [(s.key, c.key, head) for s in REGISTERS.values() for c in s.columns for head in (*c.synonyms, *c.stand_ins)],
)
def test_every_head_in_use_names_its_column(load: Load, spec: str, column: str, head: str) -> None:
    """Each other spelling in turn in place of the column's own; a stand-in gives way to the column itself."""
    entries = {
        "applications": {"id": "1", "received": "2023-1-5", "applicant": "自然人", "outcome": "", "answered": ""},
        "disclosures": {"published": "2023-1-5", "title": "甲", "class": "机构职能"},
        "documents": {"title": "甲", "class": "规范性文件", "made": "2023-1-5"},
        "reviews": {"id": "1", "type": "行政复议", "accepted": "2023-1-5", "result": "", "closed": ""},
    }[spec]
    columns_ = REGISTERS[spec].columns
    own = {c.key: c.name for c in columns_ if c.key in entries or c.key == column}
    value = {"channel": "网站", "opened": "2023-1-5", "id": "甲1"}.get(column, "")
    names = [head if key == column else name for key, name in own.items()]
    values = [entries.get(key, value) for key in own]
    found = load(**{spec: [names, values]})
    assert "未用到的列" not in "\n".join(found.notes)
    told = [note for note in found.notes if "用了" in note]
    assert bool(told) == (head in REGISTERS[spec].column(column).stand_ins)
    if told:
        both = load(**{spec: [[*names, own[column]], [*values, values[names.index(head)]]]})
        assert not [note for note in both.notes if "用了" in note]
        assert f"未用到的列 {head}" in "\n".join(both.notes)


@pytest.mark.parametrize("word", ["合计", "总计", "小计", "共计", "合 计："])
@pytest.mark.parametrize("count", ["3件", "3 件", "共3件", "３件", "3", "", "计 12 条"])
def test_a_total_row_is_not_counted_whatever_stands_under_the_date(load: Load, word: str, count: str) -> None:
    found = load(applications=[HEAD, ENTRY, [word, count, "", "", ""]])
    assert found.figures["t3.received.total"].value == 1
    assert any("第 3 行是合计，未计入" in note for note in found.notes)


@pytest.mark.parametrize("word", columns.APPLICANT_GROUP_WORDS)
def test_an_organisation_is_asked_which_of_the_five(refused: Refused, word: str) -> None:
    (message,) = refused(applications=[HEAD, [*ENTRY[:2], word, *ENTRY[3:]]])
    assert message.endswith("写明是哪一项：商业企业、科研机构、社会公益组织、法律服务机构、其他。")


@pytest.mark.parametrize("word", columns.DENIED_GROUP_WORDS)
def test_party_matters_are_asked_which_item_of_denial(refused: Refused, word: str) -> None:
    (message,) = refused(applications=[HEAD, [*ENTRY[:3], word, ENTRY[4]]])
    assert "写明是哪一项：（三）不予公开1.属于国家秘密、（三）不予公开2." in message


@pytest.mark.parametrize(
    ("word", "row"),
    [
        ("已主动公开", "granted"),
        ("告知获取方式和途径", "granted"),
        ("不属于本机关", "unavailable.not_held"),
        ("不属于本机关负责公开", "unavailable.not_held"),
    ],
)
def test_outcomes_in_the_words_of_practice(load: Load, word: str, row: str) -> None:
    found = load(applications=[HEAD, [*ENTRY[:3], word, ENTRY[4]]])
    assert found.figures[f"t3.{row}.natural"].value == 1


def test_no_word_is_answered_with_its_opposite() -> None:
    """Every label known for an outcome or an applicant, with each mark of opposition put before or taken for another."""
    opposites = [*permutations(("已", "未", "待", "不", ""), 2)]
    for edition in EDITIONS:
        for known in (labels.outcomes(edition), labels.applicants(edition), labels.review_results(edition)):
            for label in known.known:
                for mark, other in opposites:
                    bare = label.removeprefix(mark) if mark and label.startswith(mark) else None
                    if bare is None or f"{other}{bare}" in known.known:
                        continue
                    assert f"是否为 {label}？" not in known.remedy(f"{other}{bare}"), (f"{other}{bare}", label)
        assert "待答复" not in labels.outcomes(edition).remedy("已答复")
        assert "个人" not in labels.applicants(edition).remedy("法人")


@pytest.mark.parametrize("struck", [(), (2,), (3,), (2, 3)])
def test_rows_struck_through_are_named_and_counted(folder: Path, struck: tuple[int, ...]) -> None:
    book = openpyxl.Workbook()
    sheet: Any = book.active
    sheet.title = "申请登记"
    for row in (HEAD, ENTRY, ["2024-002", *ENTRY[1:]]):
        sheet.append(row)
    for number in struck:
        for cell in sheet[number]:
            cell.font = Font(strike=True)
    sheet["A1"].font = Font(strike=True)  # one cell of a row says nothing
    book.save(folder / "registers.xlsx")
    found = load_registers(folder, 2023, edition_for(2023))
    assert found is not None and found.figures["t3.received.total"].value == 2
    told = [note for note in found.notes if "删除线" in note]
    assert len(told) == bool(struck)
    if struck:
        assert (
            f"第 {'、'.join(map(str, struck))} 行有删除线" in told[0] or "第 2—3 行" in told[0] or "2 至 3" in told[0]
        )
