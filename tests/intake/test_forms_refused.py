"""Forms that must not be taken: a clear message, all of them at once, and the params as they were."""

from __future__ import annotations

import shutil
import struct
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.drawing.image import Image
from PIL import Image as Picture

from nianbao.errors import ErrorList, FormError, NianbaoError, OutputError
from nianbao.forms import apply, plan_ingest, read_form, write_form
from nianbao.forms.opening import LIMITS
from nianbao.forms.write import SYSTEM
from nianbao.params import load_units

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def pristine(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The form of 永和镇 2023, written once."""
    return write_form(
        load_units(ROOT / "params").find("永和镇"), 2023, ROOT / "params", tmp_path_factory.mktemp("form")
    )


@pytest.fixture
def params(tmp_path: Path) -> Path:
    (tmp_path / "params/2023").mkdir(parents=True)
    for name in ("units.yaml", "2023/yonghe.yaml"):
        (tmp_path / "params" / name).write_bytes((ROOT / "params" / name).read_bytes())
    return tmp_path / "params"


@pytest.fixture(scope="session")
def opened(pristine: Path) -> Workbook:
    """The form, open; a test that changes it changes it back."""
    return load_workbook(pristine)


@pytest.fixture
def form(pristine: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy(pristine, tmp_path / pristine.name))


def edit(path: Path, change: Callable[[Workbook], Any]) -> Path:
    workbook = load_workbook(path)
    change(workbook)
    workbook.save(path)
    return path


def repack(path: Path, change: Callable[[str, bytes], bytes | None], extra: dict[str, bytes] | None = None) -> Path:
    """Rewrite the archive, part by part; None leaves a part out."""
    raw = BytesIO(path.read_bytes())
    with zipfile.ZipFile(raw) as source, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            if (content := change(name, source.read(name))) is not None:
                target.writestr(name, content)
        for name, content in (extra or {}).items():
            target.writestr(name, content)
    return path


def refused(path: Path, params: Path) -> list[str]:
    """The messages, after making sure that nothing was touched."""
    before = {file: file.read_bytes() for file in sorted(params.rglob("*")) if file.is_file()}
    with pytest.raises(NianbaoError) as caught:
        plan_ingest(path, params)
    assert {file: file.read_bytes() for file in sorted(params.rglob("*")) if file.is_file()} == before
    errors = caught.value.errors if isinstance(caught.value, ErrorList) else (caught.value,)
    assert all(isinstance(error, FormError) and error.exit_code == 2 for error in errors)
    return [str(error) for error in errors]


def put(sheet: str, cell: str, value: Any) -> Callable[[Workbook], None]:
    return lambda book: book[sheet].__setitem__(cell, value)


NAME = "永和镇2023年报填报表.xlsx"


@pytest.mark.parametrize(
    ("sheet", "cell", "value", "message"),
    [
        ("三", "D7", "三件", "一、本年新收政府信息公开申请数量〔自然人〕应为非负整数，实为文字“三件”。没有的填 0，还不知道的留空。"),
        ("三", "D7", "３件", "一、本年新收政府信息公开申请数量〔自然人〕应为非负整数，实为文字“３件”。只写数，不写单位。"),
        ("三", "D7", "1.5", "应为非负整数，实为文字“1.5”。改为整数。"),
        ("三", "D7", "－3", "应为非负整数，实为文字“－3”。核对正负号。"),
        ("三", "D7", "=1+2", "一、本年新收政府信息公开申请数量〔自然人〕应直接填写，实为公式“=1+2”。改为填写结果，不写公式。"),
        ("三", "D7", "='[上年.xlsx]三'!D7", "应直接填写，实为公式"),
        ("三", "D7", -1, "应为非负整数，实为负数 -1。改为不小于 0 的数。"),
        ("三", "D7", 1.5, "应为非负整数，实为小数 1.5。改为整数。"),
        ("三", "D7", True, "应为非负整数，实为TRUE。直接填数。"),
        ("三", "D7", date(1900, 1, 3), "应为非负整数，实为日期“1900-01-03"),
        ("三", "D7", "#REF!", "应为非负整数，实为错误值“#REF!”。重新填写这一格。"),
        ("三", "D7", 10**13, "应不超过 1000000000000。"),
        ("二", "B17", "约3万", "行政事业性收费〔本年收费金额（单位：万元）〕应为非负数（万元），实为文字“约3万”。"),
        ("二", "B17", -0.5, "应为非负数（万元），实为负数 -0.5。"),
        ("四", "F7", "无", "行政诉讼·未经复议直接起诉〔结果维持〕应为非负整数，实为文字“无”。"),
        ("基本信息", "B9", "年底", "成文日期应为日期，写作“年-月-日”，实为“年底”。改写为日期。"),
        ("基本信息", "B9", "2024-02-30", "成文日期应为日期，实为不存在的日期“2024-02-30”。"),
        ("基本信息", "B10", "有", "是否用红头应为是或否，实为“有”。从下拉列表中选择，或留空。"),
        ("基本信息", "B5", "甲\n乙", "地址应为一行文字，实有换行。删去换行。"),
        ("基本信息", "B5", "长" * 201, "地址有 201 字，应不超过 200 字。缩短。"),
        ("基本信息", "B22", "/", "主动公开总数应为不小于 0 的整数，实为“/”，这是“不适用”的记号。没有的填 0，还不知道的留空。"),
        ("基本信息", "B24", None, "类别“机构职能类信息”没有条数。填写条数，或删去名称。"),
        ("基本信息", "A24", None, "第 1 行类别没有名称，条数为 10。填写名称，或删去条数。"),
        ("正文", "B5", "\ue000", "前言第 1 段含有控制字符或私用字符 U+E000。"),
        ("正文", "B5", "=HYPERLINK(\"http://a\")", "前言第 1 段应直接填写，实为公式"),
        ("三", "J7", 5, "一、本年新收政府信息公开申请数量〔总计〕是自动计算的合计（0），不能手填，实为“5”。"),
        ("四", "E7", 0, "行政复议〔总计〕是自动计算的合计（空白），不能手填，实为“0”。"),
        ("四", "E7", "=0", "行政复议〔总计〕是自动计算的合计（空白），不能手填，实为“=0”。"),
        ("三", "J7", None, "〔总计〕是自动计算的合计（0），不能手填，实为“空白”。"),
        ("三", "J7", "=SUM(D7:H7)", "是自动计算的合计（0），不能手填，实为“=SUM(D7:H7)”。"),
    ],
)  # fmt: skip
def test_a_value_that_does_not_belong_is_named_with_its_cell(
    opened: Workbook, tmp_path: Path, params: Path, sheet: str, cell: str, value: Any, message: str
) -> None:
    place = opened[sheet][cell]
    before, shape = place.value, place.number_format
    place.value = value
    opened.save(tmp_path / NAME)
    place.value, place.number_format = before, shape
    (found,) = refused(tmp_path / NAME, params)
    where = "A24" if (sheet, cell) == ("基本信息", "B24") else cell
    assert found.startswith(f"{NAME} 工作表“{sheet}” {where} 格：")
    assert message in found


def test_everything_wrong_is_said_at_once(form: Path, params: Path) -> None:
    def change(book: Workbook) -> None:
        book["三"]["D7"], book["三"]["E8"], book["二"]["B6"] = "三", -1, 0.5
        book["基本信息"]["B9"] = "年底"
        book["申请登记"]["A2"] = "=1"

    found = refused(edit(form, change), params)
    assert [line.partition("：")[0].removeprefix(f"{NAME} ") for line in found] == [
        "工作表“基本信息” B9 格",
        "工作表“二” B6 格",
        "工作表“三” D7 格",
        "工作表“三” E8 格",
        "工作表“申请登记” A2 格",
    ]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda book: book["三"].insert_rows(8), "处文字不在原处"),
        (lambda book: book["三"].delete_rows(8), "处文字不在原处"),
        (lambda book: book["二"].insert_cols(2), "处文字不在原处"),
        (put("三", "C11", "2.其他"), "C11 格：应为“1.属于国家秘密”，实为“2.其他”，共 1 处"),
        (put("三", "A1", "安海镇2023年　三、收到和处理政府信息公开申请情况"), "A1 格：应为“永和镇2023年"),
        (lambda book: book["三"].unmerge_cells("A4:C6"), "A4 格：原来合并的格子被拆开"),
        (lambda book: book.remove(book["四"]), "工作表“四”：没有这个工作表，或已改名"),
        (lambda book: setattr(book["正文"], "title", "正文（定稿）"), "工作表“正文”：没有这个工作表，或已改名"),
        (lambda book: book.remove(book["公开登记"]), "工作表“公开登记”：没有这个工作表"),
        (put("申请登记", "B1", "日期"), "工作表“申请登记” B1 格：表头应为“收到日期”，实为“日期”"),
        (put("申请登记", "Z9", "附注"), "工作表“申请登记” Z9 格：写在表格之外"),
        (lambda book: book.remove(book[SYSTEM]), "没有“系统”工作表或内容不全，不是本系统生成的填报表"),
        (put(SYSTEM, "B1", "0"), "表单版本为“0”，应为 1"),
        (put(SYSTEM, "B2", "anhai"), "结构与本版本不一致"),
        (put(SYSTEM, "B5", "2022"), "结构与本版本不一致"),
        (put(SYSTEM, "B5", "去年"), "“系统”工作表的内容被改动"),
        (put(SYSTEM, "B7", "classes=99999999"), "“系统”工作表的内容被改动"),
        (put(SYSTEM, "B9", "t3.total.nobody"), "手填合计一行被改动"),
    ],
)
def test_an_altered_structure_is_refused(
    form: Path, params: Path, change: Callable[[Workbook], Any], message: str
) -> None:
    (found,) = refused(edit(form, change), params)
    assert message in found


def test_the_form_of_another_unit_or_year_is_refused(form: Path, params: Path) -> None:
    units = load_units(params)
    with pytest.raises(FormError, match="是永和镇的表，应为安海镇的表"):
        plan_ingest(form, params, unit=units.find("安海镇"))
    with pytest.raises(FormError, match="是 2023 年的表，应为 2024 年的表"):
        plan_ingest(form, params, year=2024)
    assert "文件名写的是安海镇，表是永和镇的" in refused(form.rename(form.with_name("安海镇.xlsx")), params)[0]
    renamed = form.with_name("安海镇.xlsx").rename(form.with_name("2021年报.xlsx"))
    assert "文件名写的是 2021 年，表是 2023 年的" in refused(renamed, params)[0]


def test_a_unit_that_is_not_in_the_list_is_refused(form: Path, params: Path) -> None:
    units = params / "units.yaml"
    units.write_text(units.read_text(encoding="utf-8").replace("yonghe", "other"), encoding="utf-8")
    assert "units.yaml 中没有" in refused(form, params)[0]


# -- the archive ------------------------------------------------------------------------------------------------------


def test_a_zip_bomb_is_refused_unread(tmp_path: Path, params: Path) -> None:
    path = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", b"<Types/>")
        archive.writestr("xl/workbook.xml", b"<workbook/>")
        with archive.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as part:
            for _ in range(60):
                part.write(b" " * (1 << 20))
    (found,) = refused(path, params)
    assert "解压后有 62914" in found
    assert "应不超过 52428800 字节" in found


def test_an_absurd_ratio_is_refused(form: Path, params: Path) -> None:
    assert "压缩比超过 200 倍" in refused(repack(form, lambda _, c: c, {"xl/x.xml": b" " * 10**6}), params)[0]


@pytest.mark.parametrize(
    ("extra", "message"),
    [
        ({"xl/vbaProject.bin": b"x"}, "带有宏"),
        ({"xl/macrosheets/sheet1.xml": b"<a/>"}, "带有宏"),
        ({"xl/externalLinks/externalLink1.xml": b"<a/>"}, "链接"),
        ({"xl/connections.xml": b"<a/>"}, "链接"),
        ({"xl/embeddings/oleObject1.bin": b"x"}, "嵌入的对象"),
        ({"xl/x.xml": b'<!DOCTYPE a [<!ENTITY b "c">]><a/>'}, "文档类型声明"),
    ],
)
def test_macros_links_and_objects_are_refused(form: Path, params: Path, extra: dict[str, bytes], message: str) -> None:
    assert message in refused(repack(form, lambda _, content: content, extra), params)[0]


def test_a_workbook_declared_with_macros_is_refused(form: Path, params: Path) -> None:
    def declare(name: str, content: bytes) -> bytes:
        return content.replace(b"sheet.main+xml", b"sheet.macroEnabled.main+xml") if "Types" in name else content

    assert "带有宏" in refused(repack(form, declare), params)[0]
    assert "扩展名为 .xlsm" in refused(form.rename(form.with_suffix(".xlsm")), params)[0]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "不是 .xlsx 文件"),
        (b"PK\x03\x04 cut short", "不是完整的 .xlsx 文件"),
        (b"%PDF-1.7", "不是 .xlsx 文件"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "是旧的 .xls 格式"),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "EncryptedPackage".encode("utf-16-le"),
            "加了打开密码",
        ),
    ],
)
def test_a_file_that_is_no_workbook_is_refused(tmp_path: Path, params: Path, content: bytes, message: str) -> None:
    path = tmp_path / "x.xlsx"
    path.write_bytes(content)
    assert message in refused(path, params)[0]


def test_an_encrypted_part_is_refused(form: Path, params: Path) -> None:
    raw = bytearray(form.read_bytes())
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = raw.index(signature)
        flags = struct.unpack_from("<H", raw, at + offset)[0]
        struct.pack_into("<H", raw, at + offset, flags | 1)
    form.write_bytes(raw)
    assert "加了打开密码" in refused(form, params)[0]


def test_a_truncated_or_foreign_workbook_is_refused(form: Path, params: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.xlsx"
    Workbook().save(other)
    assert "不是本系统生成的填报表" in refused(other, params)[0]
    form.write_bytes(form.read_bytes()[:-200])
    assert "不是完整的 .xlsx 文件" in refused(form, params)[0]
    assert "没有这个文件" in refused(tmp_path / "none.xlsx", params)[0]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (b"<mergeCell ", b'<mergeCell ref="A40:XFD1048576"/><mergeCell ', "合并的区域和超链接占 17179"),
        (b"<mergeCell ", b'<mergeCell  ref = "M:XFD"/><mergeCell ', "合并的区域和超链接占 17167"),
        (b"<mergeCell ", b'<mergeCell ref="&#65;1:B2"/><mergeCell ', "不是完整的 .xlsx 文件"),
        (
            b"<pageMargins",
            b'<hyperlinks><hyperlink ref="M1:XFD1048576"/></hyperlinks><pageMargins',
            "合并的区域和超链接占 17167",
        ),
        (b"</sheetData>", b'<row r="900">' + b'<c r="A900"/>' * 10**6 + b"</row></sheetData>", "压缩比超过 200 倍"),
        (b"<worksheet", b"<?xml version='1.0' encoding='UTF-7'?><worksheet", "不是完整的 .xlsx 文件"),
        (b"<worksheet", b"\x4c\x6f\xa7\x94\x93", "不是完整的 .xlsx 文件"),
    ],
)
def test_a_small_file_that_would_fill_the_memory_is_refused(
    form: Path, params: Path, old: bytes, new: bytes, message: str
) -> None:
    def change(name: str, content: bytes) -> bytes:
        if not name.endswith("sheet4.xml"):
            return content
        assert old in content
        return content.replace(old, new, 1)

    assert message in refused(repack(form, change), params)[0]


def test_more_cells_than_a_form_can_have_are_refused(form: Path, params: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("nianbao.forms.read.LIMITS", replace(LIMITS, cells=500))
    assert "：用到 957 格，应不超过 500 格。删去多余的行和列。" in refused(form, params)[0]


def test_broken_xml_inside_is_refused(form: Path, params: Path) -> None:
    path = repack(form, lambda name, content: content[:300] if name.endswith("sheet3.xml") else content)
    assert "不是完整的 .xlsx 文件" in refused(path, params)[0]


def test_a_picture_that_would_fill_the_memory_is_refused(form: Path, params: Path) -> None:
    picture = BytesIO()
    Picture.new("RGB", (1, 1)).save(picture, "png")
    edit(form, lambda book: book["三"].add_image(Image(picture), "Z1"))

    def enlarge(name: str, content: bytes) -> bytes:
        if not name.endswith(".png"):
            return content
        head = b"IHDR" + struct.pack(">II", 60_000, 60_000) + content[24:29]
        return content[:12] + head + struct.pack(">I", zlib.crc32(head)) + content[33:]

    assert "不是完整的 .xlsx 文件（DecompressionBombError）" in refused(repack(form, enlarge), params)[0]


# -- writing ----------------------------------------------------------------------------------------------------------


def test_results_that_the_file_keeps_are_never_believed_but_said(form: Path, params: Path) -> None:
    def keep(name: str, content: bytes) -> bytes:
        return content.replace(b"<v></v>", b"<v>7</v>").replace(b"<v />", b"<v>7</v>").replace(b"<v/>", b"<v>7</v>")

    plan = plan_ingest(repack(form, keep), params)
    assert plan.changes == ()
    assert f"{NAME} 工作表“三” J7 格：一、本年新收政府信息公开申请数量〔总计〕文件中存的结果为“7”，" in plan.notes[1]
    assert "按各项重新计算为 0，以重新计算的为准。" in plan.notes[1]


def test_params_changed_since_are_pointed_out_and_changed_again_refused(form: Path, params: Path) -> None:
    file = params / "2023/yonghe.yaml"
    file.write_bytes(file.read_bytes().replace(b"total: 69", b"total: 70"))
    plan = plan_ingest(form, params)
    assert "主动公开总数：70 → 69" in plan.lines
    assert any("参数文件或登记簿又改动过" in note for note in plan.notes)
    file.write_bytes(file.read_bytes() + b"# \n")
    with pytest.raises(FormError, match="在核对变化以后又被改动"):
        apply(plan)


def test_what_cannot_be_written_whole_is_not_written_at_all(
    form: Path, params: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def change(book: Workbook) -> None:
        book["三"]["D7"] = 1
        for row in (2, 3):
            for column, text in zip("ABC", (str(row), "2023-05-06", "自然人"), strict=True):
                book["申请登记"][f"{column}{row}"] = text

    plan = plan_ingest(edit(form, change), params)
    assert [file.path.name for file in plan.files] == ["yonghe.yaml", "applications.csv"]
    before = (params / "2023/yonghe.yaml").read_bytes()

    import os

    real = os.replace

    def fail(source: Any, target: Any) -> None:
        if str(target).endswith(".csv"):
            raise PermissionError(13, "in use")
        real(source, target)

    monkeypatch.setattr(os, "replace", fail)
    with pytest.raises(OutputError, match="原有文件没有改动"):
        apply(plan)
    assert (params / "2023/yonghe.yaml").read_bytes() == before
    assert sorted(file.name for file in params.rglob("*") if file.is_file()) == ["units.yaml", "yonghe.yaml"]
    monkeypatch.undo()
    assert [path.name for path in apply(plan)] == ["yonghe.yaml", "applications.csv"]


def test_sheets_that_others_add_are_left_alone_and_said(form: Path, params: Path) -> None:
    plan = plan_ingest(edit(form, lambda book: book.create_sheet("草稿")), params)
    assert plan.files == ()
    assert f"{NAME}：工作表“草稿”不是填报表的一部分，没有读取。" in plan.notes


def test_reading_knows_whose_form_it_is(form: Path) -> None:
    filled = read_form(form)
    assert (filled.identity.unit_id, filled.identity.year) == ("yonghe", 2023)
    assert filled.typed_totals == {"t3.denied.prohibited.total", "t3.total.other"}
