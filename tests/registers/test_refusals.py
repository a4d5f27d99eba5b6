"""What is not understood is refused, all of it at once, naming file, sheet, row and column."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from nianbao.errors import ErrorList, NianbaoError
from nianbao.registers import load_registers
from nianbao.registers.workbook import LIMITS, Book
from nianbao.statute import edition_for

Refused = Callable[..., list[str]]

HEAD = ["收件编号", "收到日期", "申请人类型", "办理结果", "答复日期"]
GOOD = ["9", "2023-5-6", "自然人", "予以公开", "2023-5-20"]


def refusal(folder: Path) -> str:
    with pytest.raises(NianbaoError) as caught:
        load_registers(folder, 2023, edition_for(2023))
    assert "Traceback" not in str(caught.value)
    return str(caught.value)


def test_everything_wrong_is_listed_at_once(refused: Refused) -> None:
    messages = refused(
        applications=[
            HEAD,
            ["1", "2023-5-6", "自然人", "同意", "2023-5-20"],
            ["2", "2023-13-6", "自然人", "", ""],
            ["2", "2023-5-6", "法人或其他组织", "", ""],
            ["4", "2023-5-6", "自然人", "予以公开", "2023-5-1"],
            ["5", "2024-1-1", "自然人", "", ""],
            ["6", "2022-5-6", "自然人", "予以公开", "2022-5-20"],
            ["7", "2023-5-6", "自然人", "予以公开", ""],
            ["8", "2023-5-6", "自然人", "", "2023-5-20"],
            ["", "2023-5-6", "自然人", "", ""],
            ["10", "", "自然人", "", ""],
            ["11", "2023-5-6", "", "不予公开", "2023-5-20"],
            ["12", "2023-5", "自然人", "", ""],
            ["13", "23-5-6", "自然人", "办理中", "2023-5-20"],
        ],
        reviews=[
            ["案号", "类型", "受理日期", "结果", "结案日期"],
            ["1", "行政诉讼", "2023-5-6", "结果维持", "2023-6-6"],
            ["2", "行政复议", "2023-5-6", "驳回", "2023-5-1"],
        ],
        documents=[["文号", "名称", "类别", "制发日期"], ["1", "a", "公告", "2024-1-1"]],
        disclosures=[
            ["发布日期", "标题", "类别", "渠道"],
            ["2022-12-31", "a", "其他", "网站"],
            ["2023-1-1", "", "", ""],
        ],
    )
    text = "\n".join(messages)
    for expected in (
        "params/2023/anhai/applications.csv 第 2 行“办理结果”：不认得“同意”",
        "第 3 行“收到日期”：“2023-13-6”不是存在的日期",
        "第 3、4 行“收件编号”：“2”重复",
        "第 4 行“申请人类型”：不认得“法人或其他组织”",
        "第 5 行“答复日期”：早于收到日期",
        "第 6 行“收到日期”：晚于 2023 年",
        "第 7 行“答复日期”：早于 2023 年",
        "第 8 行“答复日期”：空白，却有办理结果",
        "第 9 行“办理结果”：空白，却有答复日期",
        "第 10 行“收件编号”：空白",
        "第 11 行“收到日期”：空白",
        "第 12 行“申请人类型”：空白",
        "第 12 行“办理结果”：不认得“不予公开”",
        "第 13 行“收到日期”：“2023-5”不是完整的日期",
        "第 14 行“收到日期”：“23-5-6”不是完整的日期",
        "第 14 行“办理结果”：写明未办结，却有答复日期",
        "reviews.csv 第 2 行“类型”：不认得“行政诉讼”",
        "reviews.csv 第 3 行“结果”：不认得“驳回”",
        "reviews.csv 第 3 行“结案日期”：早于受理日期",
        "documents.csv 第 2 行“类别”：不认得“公告”",
        "documents.csv 第 2 行“制发日期”：晚于 2023 年",
        "disclosures.csv 第 2 行“发布日期”：不在 2023 年内",
        "disclosures.csv 第 3 行“标题”：空白",
        "disclosures.csv 第 3 行“渠道”：空白",
    ):
        assert expected in text
    assert all(message.endswith(("。", "？")) and "\n" not in message for message in messages)


@pytest.mark.parametrize(
    ("outcome", "remedy"),
    [
        ("部份公开", "是否为 部分公开？"),
        ("信息不存在的", "是否为 信息不存在？"),
        ("重复的申请", "是否为 重复申请？"),
        ("不予公开", "写明是哪一项：1.属于国家秘密、2.其他法律行政法规禁止公开、"),
        ("（五）不予处理", "写明是哪一项：1.信访举报投诉类申请、2.重复申请、"),
        ("不公开", "写明是哪一项：1.属于国家秘密、"),  # never: 公开
        ("未公开", "可用：（一）予以公开、"),
        ("天气", "可用：（一）予以公开、"),
    ],
)
def test_the_nearest_outcome_is_named_never_its_opposite(refused: Refused, outcome: str, remedy: str) -> None:
    (message,) = refused(applications=[HEAD, ["1", "2023-5-6", "自然人", outcome, "2023-5-20"]])
    assert f"第 2 行“办理结果”：不认得“{outcome}”。{remedy}" in message


def test_a_heading_alone_says_not_which(refused: Refused) -> None:
    messages = refused(
        applications=[HEAD, ["1", "2023-5-6", "法人或其他组织", "", ""]],
        reviews=[["案号", "类型", "受理日期", "结果", "结案日期"], ["1", "行政诉讼", "2023-5-6", "", ""]],
    )
    assert messages[0].endswith("写明是哪一项：商业企业、科研机构、社会公益组织、法律服务机构、其他。")
    assert messages[1].endswith("写明是哪一项：未经复议直接起诉、复议后起诉。")


@pytest.mark.parametrize("character", ["\ue000", "\u202e", "\u2067", "\x9b"])
def test_characters_that_deceive_are_refused_where_they_stand(refused: Refused, character: str) -> None:
    messages = refused(
        applications=[HEAD, [f"1{character}2", "2023-5-6", "自然人", "", ""]],
        disclosures=[["发布日期", "标题", "类别", "渠道"], ["2023-1-1", f"甲{character}乙", f"机构{character}职能", f"微{character}信"]],
    )  # fmt: skip
    found = f"含有不能显示的字符 U+{ord(character):04X}"
    assert [message.partition("：")[2].partition("。")[0] for message in messages] == [found] * 4
    assert [message.partition("：")[0].partition("“")[2] for message in messages] == [
        "收件编号”", "标题”", "类别”", "渠道”",
    ]  # fmt: skip


@pytest.mark.parametrize("name", ["", "/", "—", "无", "。", "（）"])
def test_an_item_without_a_class_is_refused(refused: Refused, name: str) -> None:
    (message,) = refused(disclosures=[["发布日期", "标题", "类别"], ["2023-1-1", "a", name], ["2023-1-1", "b", "其他"]])
    assert "第 2 行“类别”：没有类别" in message


def test_an_entry_that_is_only_partly_like_the_head_is_an_entry(refused: Refused) -> None:
    (message,) = refused(applications=[HEAD, GOOD, ["收件编号", "收到日期", "自然人", "", ""]])
    assert "第 3 行“收到日期”：“收到日期”不是完整的日期" in message


def test_a_fault_in_many_rows_is_one_message(refused: Refused) -> None:
    (message,) = refused(
        applications=[HEAD, *([str(i), "2023-5-6", "自然人", "同意", "2023-5-20"] for i in range(500))]
    )
    assert "第 2、3、4、5、6、7、8、9、10、11等 500 行" in message


def test_a_hundred_thousand_different_faults_stay_readable(refused: Refused) -> None:
    messages = refused(
        applications=[HEAD, *([str(i), "2023-5-6", "自然人", f"结果{i}", "2023-5-20"] for i in range(1000))]
    )
    assert len(messages) == 201
    assert "另有 800 类问题未列出" in messages[-1]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("application.csv", "是否为 applications.csv？"),
        ("old.xlsm", "宏"),
        ("台账.xls", "不读取 .xls 格式"),
        ("a.et", ".et"),
    ],
)
def test_a_table_under_another_name_is_not_passed_over(folder: Path, name: str, expected: str) -> None:
    (folder / name).write_bytes(b"x")
    assert expected in refusal(folder)


def test_pictures_and_lock_files_are_passed_over(folder: Path) -> None:
    for name in ("图.png", "~$registers.xlsx", ".~lock.csv"):
        (folder / name).write_bytes(b"x")
    assert load_registers(folder, 2023, edition_for(2023)) is None


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (b"", "文件是空的"),
        (b"\xff\xff\xff,\x81", "不是 UTF-8 也不是 GB18030"),
        ('收件编号,收到日期\n"a,b\n'.encode(), "引号没有配对"),
        ("收件编号,\x00收到日期\n".encode(), "控制字符 U+0000"),
        (b"PK\x03\x04....", "是工作簿，不是 CSV"),
        ("一,二,三\n1,2,3\n".encode(), "没有找到申请登记的表头"),
        ("收件编号,收到日期,申请人类型,办理进度,答复日期\n".encode(), "缺少“办理结果”这一列"),
        ("收件编号,收到日期,收到日期,申请人类型,办理结果,答复日期\n".encode(), "有两列都是“收到日期”"),
        (b"a," * 300, "有 301 列"),
    ],
)
def test_a_csv_that_cannot_be_read(folder: Path, raw: bytes, expected: str) -> None:
    (folder / "applications.csv").write_bytes(raw)
    assert expected in refusal(folder)


def test_a_register_kept_twice(folder: Path) -> None:
    (folder / "applications.csv").write_text(",".join(HEAD), encoding="utf-8")
    book = openpyxl.Workbook()
    book.active.title = "申请登记"
    book.active.append(HEAD)
    book.save(folder / "registers.xlsx")
    assert "申请登记已在 params/2023/anhai/applications.csv 中" in refusal(folder)


def save(folder: Path, *rows: list[Any], **areas: str) -> Path:
    book = openpyxl.Workbook()
    book.active.title = "申请登记"
    for row in rows:
        book.active.append(row)
    book.save(folder / "registers.xlsx")
    return folder / "registers.xlsx"


def test_formulas_are_refused_where_figures_come_from_them(folder: Path) -> None:
    save(folder, HEAD, ["=A9", "2023-5-6", "自然人", "=B2", "=TODAY()"])
    text = refusal(folder)
    for column in ("收件编号", "办理结果", "答复日期"):
        assert f"registers.xlsx〔申请登记〕 第 2 行“{column}”：是公式" in text


def test_formulas_in_other_columns_and_totals_are_harmless(folder: Path) -> None:
    save(folder, ["序号", *HEAD], ["=ROW()-1", *GOOD], ["合计", "=COUNTA(B2:B2)"])
    found = load_registers(folder, 2023, edition_for(2023))
    assert found is not None and found.figures["t3.received.total"].rows == ("9",)


def test_a_text_that_looks_like_a_formula_stays_a_text(folder: Path) -> None:
    (folder / "applications.csv").write_text(
        ",".join(HEAD) + "\n" + ",".join(["=1+1", *GOOD[1:]]) + "\n", encoding="utf-8"
    )
    found = load_registers(folder, 2023, edition_for(2023))
    assert found is not None and found.figures["t3.received.total"].rows == ("=1+1",)


def repack(path: Path, change: Callable[[str, bytes], bytes], extra: dict[str, bytes] | None = None) -> None:
    source = zipfile.ZipFile(io.BytesIO(path.read_bytes()))
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            target.writestr(name, change(name, source.read(name)))
        for name, content in (extra or {}).items():
            target.writestr(name, content)


def test_a_zip_bomb_is_refused_before_it_is_opened(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = save(folder, HEAD, GOOD)
    repack(path, lambda _, content: content, {"xl/media/a.xml": b"\0" * (LIMITS.unpacked + 1)})
    assert path.stat().st_size < 1_000_000

    def never(*_: object, **__: object) -> None:
        raise AssertionError("opened")

    monkeypatch.setattr(Book, "__init__", never)
    monkeypatch.setattr(zipfile.ZipFile, "read", never)
    assert "解压后有" in refusal(folder)


@pytest.mark.parametrize("area", ["A1:XFD1048576", "A1:XFD500", "M:XFD"])
def test_merged_areas_that_would_fill_the_memory(folder: Path, area: str) -> None:
    path = save(folder, HEAD, GOOD)
    merge = f'<mergeCells count="1"><mergeCell ref="{area}"/></mergeCells>'.encode()
    repack(path, lambda _, content: content.replace(b"</sheetData>", b"</sheetData>" + merge))
    assert "合并的区域和超链接占" in refusal(folder)


def test_a_used_range_that_would_fill_the_memory(folder: Path) -> None:
    book = openpyxl.Workbook()
    book.active.title = "申请登记"
    book.active.append(HEAD)
    book.active["XFD1048576"] = "x"
    book.save(folder / "registers.xlsx")
    assert "用到 1048576 行 16384 列" in refusal(folder)


def test_entities_macros_passwords_and_fakes(folder: Path) -> None:
    path = save(folder, HEAD, GOOD)
    good = path.read_bytes()
    bomb = b'<?xml version="1.0"?><!DOCTYPE w [<!ENTITY a "aaaaaaaa">]>'
    repack(path, lambda name, content: bomb + content if name.endswith("sheet1.xml") else content)
    assert "文档类型声明" in refusal(folder)
    path.write_bytes(good)
    repack(path, lambda _, content: content, {"xl/vbaProject.bin": b"x"})
    assert "宏" in refusal(folder)
    old = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600
    path.write_bytes(old)
    assert "是旧的 .xls 格式" in refusal(folder)
    path.write_bytes(old + "EncryptedPackage".encode("utf-16-le"))
    assert "加了打开密码" in refusal(folder)
    path.write_bytes(b"%PDF-1.7")
    assert "不是 .xlsx 文件" in refusal(folder)
    path.write_bytes(good[: len(good) // 2])
    assert "不是完整的 .xlsx 文件" in refusal(folder)
    path.write_bytes(good)
    repack(path, lambda name, content: b"<broken" if name.endswith("workbook.xml") else content)
    assert "不是完整的 .xlsx 文件" in refusal(folder)


def test_a_workbook_without_a_register(folder: Path) -> None:
    book = openpyxl.Workbook()
    book.active.title = "台账"
    book.save(folder / "registers.xlsx")
    assert "没有登记簿的工作表，实有“台账”" in refusal(folder)


def test_error_values_are_not_labels(folder: Path) -> None:
    save(folder, HEAD, ["#REF!", "2023-5-6", "自然人", None, None])
    assert "第 2 行“收件编号”：是出错的公式 #REF!" in refusal(folder)


def test_amounts(refused: Refused) -> None:
    messages = refused(
        documents=[
            ["文号", "名称", "类别", "制发日期", "金额（万元）", "金额（元）"],
            ["1", "a", "行政事业性收费", "2023-1-1", "1.5", "15000"],
            ["2", "a", "行政事业性收费", "2023-1-1", "1.5", "1500"],
            ["3", "a", "行政事业性收费", "2023-1-1", "", ""],
            ["4", "a", "行政事业性收费", "2023-1-1", "三万", ""],
        ]
    )
    text = "\n".join(messages)
    assert "第 3 行“金额（元）”：两列金额不一致" in text
    assert "第 4、5 行“金额（万元）”：没有金额" in text
    assert "第 5 行“金额（万元）”：“三万”不是金额" in text


def test_the_errors_are_picklable(refused: Refused, folder: Path) -> None:
    import pickle

    refused(applications=[HEAD, ["", "x", "y", "z", ""]])
    with pytest.raises(ErrorList) as caught:
        load_registers(folder, 2023, edition_for(2023))
    assert str(pickle.loads(pickle.dumps(caught.value))) == str(caught.value)
