"""The values of an XLSX are those that openpyxl reads, whoever saved it."""

from __future__ import annotations

import io
import re
import warnings
import zipfile
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.comments import Comment
from openpyxl.drawing.image import Image
from openpyxl.formatting.rule import CellIsRule
from openpyxl.styles import PatternFill
from openpyxl.utils.datetime import CALENDAR_MAC_1904, CALENDAR_WINDOWS_1900
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.table import Table
from PIL import Image as Picture

from nianbao.errors import RegisterError
from nianbao.office.xlsx import read_xlsx
from nianbao.registers import RegisterFigures
from nianbao.registers.grid import Formula
from nianbao.registers.sheetxml import Book
from nianbao.registers.workbook import LIMITS, read_workbook

HEAD = ["收件编号", "收到日期", "申请人类型", "办理结果", "答复日期"]

texts = st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff"), min_size=1)
numbers = st.integers(-(10**20), 10**20) | st.floats(allow_nan=False, allow_infinity=False)
moments = st.datetimes(datetime.fromisoformat("1910-01-01"), datetime.fromisoformat("2200-01-01")).map(
    lambda at: at.replace(microsecond=0)
)
cell_values = st.one_of(
    texts, numbers, st.booleans(), moments, moments.map(datetime.date), st.times().map(lambda at: at.replace(microsecond=0)),
    st.sampled_from(["#REF!", "#N/A", "=A1+1", "=SUM(A1:B2)", "001", "2023年5月6日", " 空格 ", "a\nb", timedelta(hours=30)]),
)  # fmt: skip
formats = st.sampled_from(["General", "0.00", "yyyy-mm-dd", 'yyyy"年"m"月"d"日"', "[h]:mm", "@", '0"day"', "[Red]0;-0"])
places = st.tuples(st.integers(1, 8), st.integers(1, 6))
areas = st.tuples(places, st.integers(0, 2), st.integers(0, 2))


def by_openpyxl(raw: bytes) -> list[np.ndarray]:
    """What openpyxl itself makes of it, cell by cell."""
    grids = []
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        book = openpyxl.load_workbook(io.BytesIO(raw))
    for sheet in book.worksheets:
        grid = np.full((sheet.max_row, sheet.max_column), None, dtype=object)
        for row in sheet.iter_rows():
            for cell in row:
                text = cell.data_type == "f" and isinstance(cell.value, str)
                grid[cell.row - 1, cell.column - 1] = Formula(cell.value) if text else cell.value
        for area in sheet.merged_cells.ranges:
            grid[area.min_row - 1 : area.max_row, area.min_col - 1 : area.max_col] = grid[
                area.min_row - 1, area.min_col - 1
            ]
        grids.append(grid)
    return grids


def plain(grid: np.ndarray) -> dict[tuple[int, int], tuple[type, Any]]:
    """Place → type and value, without the blanks that a format alone leaves at the edges."""
    return {
        place: (type(value), str(value) if isinstance(value, float) else value)
        for place, value in np.ndenumerate(grid)
        if value is not None
    }


def by_us(raw: bytes) -> list[np.ndarray]:
    book = Book(raw)
    return [book.cells(part).grid() for _, part in book.sheets]


def saved(book: openpyxl.Workbook) -> bytes:
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def with_shared_strings(raw: bytes) -> bytes:
    """The same workbook as Excel and WPS keep it: texts in a part of their own, cells by number."""
    source = zipfile.ZipFile(io.BytesIO(raw))
    parts = {name: source.read(name) for name in source.namelist()}
    strings: list[bytes] = []

    def move(found: re.Match[bytes]) -> bytes:
        strings.append(found[2])
        return b'<c%s t="s"><v>%d</v></c>' % (found[1], len(strings) - 1)

    for name in parts:
        if name.startswith("xl/worksheets/sheet"):
            pattern = rb'<c((?: [rs]="\w+")*) t="inlineStr"><is>(.*?)</is></c>'
            parts[name] = re.sub(pattern, move, parts[name], flags=re.DOTALL)
    space = b'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    items = b"".join(b"<si>%s</si>" % text for text in strings)
    parts["xl/sharedStrings.xml"] = b"<sst %s>%s</sst>" % (space, items)
    kind = b"http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings"
    relation = b'<Relationship Type="%s" Target="/xl/sharedStrings.xml" Id="rIdS"/></Relationships>' % kind
    rels = "xl/_rels/workbook.xml.rels"
    parts[rels] = parts[rels].replace(b"</Relationships>", relation)
    content = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
    declared = b'<Override PartName="/xl/sharedStrings.xml" ContentType="%s"/></Types>' % content
    types = "[Content_Types].xml"
    if b"sharedStrings" not in parts[types]:
        parts[types] = parts[types].replace(b"</Types>", declared)
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as target:
        for name, content in parts.items():
            target.writestr(name, content)
    return stream.getvalue()


@settings(max_examples=120, deadline=None)
@given(
    st.lists(st.tuples(places, cell_values, formats | st.none()), max_size=14),
    st.lists(areas, max_size=2),
    st.sampled_from([CALENDAR_WINDOWS_1900, CALENDAR_MAC_1904]),
    st.booleans(),
)
def test_any_workbook_reads_as_openpyxl_reads_it(
    cells: list[Any], merged: list[Any], epoch: datetime, shared: bool
) -> None:
    book = openpyxl.Workbook()
    book.epoch = epoch
    book.create_sheet("空")
    sheet = book.worksheets[0]
    for (row, column), value, shape in cells:
        cell = sheet.cell(row, column, value)
        if shape is not None:
            cell.number_format = shape
    covered: set[tuple[int, int]] = set()
    for (row, column), height, width in merged:
        area = {(y, x) for y in range(row, row + height + 1) for x in range(column, column + width + 1)}
        if len(area) > 1 and not area & covered:
            covered |= area
            sheet.merge_cells(None, row, column, row + height, column + width)
    raw = with_shared_strings(saved(book)) if shared else saved(book)
    assert not shared or b"inlineStr" not in zipfile.ZipFile(io.BytesIO(raw)).read("xl/worksheets/sheet1.xml")
    assert [plain(grid) for grid in by_us(raw)] == [plain(grid) for grid in by_openpyxl(raw)]


def rewritten(change: Callable[[str], str], fill: Callable[[Any], None]) -> bytes:
    """A workbook whose sheet is changed as text."""
    book = openpyxl.Workbook()
    fill(book.active)
    source = zipfile.ZipFile(io.BytesIO(saved(book)))
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as target:
        for name in source.namelist():
            content = source.read(name)
            if name.endswith("sheet1.xml"):
                content = change(content.decode()).encode()
            target.writestr(name, content)
    return stream.getvalue()


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("<c><v>5</v></c><c><v>6</v></c>", {(0, 0): 5, (0, 1): 6}),  # without a place: one after another
        ('<c r="C1"><v>5</v></c><c><v>6</v></c>', {(0, 2): 5, (0, 3): 6}),
        ('<c r="A1" t="str"><v>001</v></c>', {(0, 0): "001"}),
        ('<c r="A1" t="str"><f>B1</f><v>001</v></c>', {(0, 0): "=B1"}),
        ('<c r="A1"><f t="shared" si="0"/><v>1</v></c>', {(0, 0): "="}),
        ('<c r="A1" t="e"><v>#N/A</v></c>', {(0, 0): "#N/A"}),
        ('<c r="A1" t="d"><v>2023-05-06T00:00:00</v></c>', {(0, 0): datetime.fromisoformat("2023-05-06")}),
        ('<c r="A1" t="inlineStr"><is><r><t>甲</t></r><r><rPr/><t>乙</t></r><rPh sb="0" eb="1"><t>x</t></rPh></is></c>',
         {(0, 0): "甲乙"}),
        ('<c r="A1" t="inlineStr"><is><t>a<!-- b -->c</t></is></c>', {(0, 0): "ac"}),
        ('<c r="A1" s="1"/><c r="B1"><v/></c>', {}),
    ],
)  # fmt: skip
def test_cells_as_other_programs_write_them(cell: str, expected: dict[tuple[int, int], Any]) -> None:
    def change(xml: str) -> str:
        return re.sub("<sheetData ?/?>(.*</sheetData>)?", f"<sheetData><row>{cell}</row></sheetData>", xml)

    (grid,) = by_us(rewritten(change, lambda sheet: None))
    assert {place: value for place, value in np.ndenumerate(grid) if value is not None} == expected


def test_an_escaped_escape_in_a_shared_text_reads_as_openpyxl_reads_it() -> None:
    raw = with_shared_strings(rewritten(lambda xml: xml, lambda sheet: sheet.append(["甲_x005F_x000D_乙", "丙"])))
    assert by_us(raw)[0].tolist() == by_openpyxl(raw)[0].tolist() == [["甲_x000D_乙", "丙"]]


def test_a_formula_is_never_taken_for_its_result() -> None:
    def change(xml: str) -> str:
        assert "<v></v>" in xml or "<v />" in xml or "<v/>" in xml
        return re.sub("<v></v>|<v ?/>", "<v>7</v>", xml)

    (grid,) = by_us(rewritten(change, lambda sheet: sheet.append([1, "=A1+6"])))
    assert isinstance(grid[0, 1], Formula)


def office_file(book: Any) -> None:
    """A register with what an office adds to one."""
    sheet = book.create_sheet("申请登记")
    sheet.append(HEAD)
    sheet.append(["1", date(2023, 5, 6), "自然人", "予以公开", date(2023, 5, 20)])
    sheet.append(["2", datetime.fromisoformat("2023-05-07T09:30"), "自然人", None, None])
    sheet["A2"].comment = Comment("核对过", "经办人")
    sheet["C2"].hyperlink = "https://www.example.com/"
    sheet["C3"].hyperlink = "#申请登记!A1"
    sheet.auto_filter.ref = "A1:E3"
    sheet.row_dimensions[3].hidden = True
    sheet.column_dimensions["D"].hidden = True
    sheet.conditional_formatting.add("B2:B9", CellIsRule("lessThan", ["45000"], fill=PatternFill("solid", "FFFF0000")))
    choice = DataValidation("list", '"自然人,商业企业"')
    choice.add("C2:C1048576")
    sheet.add_data_validation(choice)
    sheet.freeze_panes = "A2"
    sheet.print_title_rows = "1:1"
    sheet.print_area = "A1:E3"
    sheet.oddFooter.center.text = "第 &P 页"
    sheet.protection.sheet = True
    book.defined_names["结果"] = DefinedName("结果", attr_text="申请登记!$D$2:$D$3")
    picture = io.BytesIO()
    white_picture(picture)
    sheet.add_image(Image(picture), "G1")
    other = book.create_sheet("统计")
    other.append(["类型", "件数"])
    other.append(["自然人", "=COUNTA(申请登记!A2:A3)"])
    other.add_table(Table(displayName="t", ref="A1:B2"))
    other.sheet_state = "hidden"


def white_picture(stream: io.BytesIO) -> None:
    """A white picture, which packs to next to nothing."""
    Picture.new("RGB", (800, 400), "white").save(stream, "png")


def test_what_an_office_adds_to_a_register_does_no_harm(workbook: Callable[..., RegisterFigures], folder: Path) -> None:
    found = workbook(office_file)
    assert found.figures["t3.received.total"].rows == ("1", "2")
    assert found.applications is not None
    assert found.applications.received.tolist() == [date(2023, 5, 6), date(2023, 5, 7)]
    notes = "\n".join(found.notes)
    assert "第 3 行是隐藏的，照样读取" in notes and "工作表“统计”不是登记簿，未读" in notes
    names = zipfile.ZipFile(folder / "registers.xlsx").namelist()
    for part in ("xl/comments/comment1.xml", "xl/drawings/drawing1.xml", "xl/media/image1.png", "xl/tables/table1.xml"):
        assert part in names, part


def test_times_of_day_and_spans_are_kept_apart_from_days() -> None:
    def fill(sheet: Any) -> None:
        sheet.append([time(9, 30), timedelta(hours=30), datetime.fromisoformat("2023-05-06T23:59:59")])

    (grid,) = by_us(rewritten(lambda xml: xml, fill))
    assert grid[0].tolist() == [time(9, 30), timedelta(hours=30), datetime.fromisoformat("2023-05-06T23:59:59")]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("xl/printerSettings/printerSettings1.bin", bytes(range(256)) * 4),
        ("xl/media/image9.bmp", b"\xff" * 10**6),  # one colour: packed a thousandfold, and never unpacked
        ("xl/drawings/vmlDrawing1.vml", b'<xml xmlns:v="urn:schemas-microsoft-com:vml"><br></xml>'),
        ("xl/threadedComments/threadedComment1.xml", '\ufeff<?xml version="1.0" encoding="UTF-8"?><a/>'.encode()),
        ("customXml/item1.xml", '<?xml version="1.0" encoding="utf-16"?><a/>'.encode("utf-16")),
        ("xl/calcChain.xml", b'<?xml version="1.0" standalone="yes"?>\r\n<calcChain><c r="A1" i="1"/></calcChain>'),
    ],
)
def test_parts_that_office_programs_leave_in_a_file_do_no_harm(
    workbook: Callable[..., RegisterFigures], folder: Path, name: str, content: bytes
) -> None:
    workbook(office_file)
    with zipfile.ZipFile(folder / "registers.xlsx", "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    sheets, _ = read_workbook(folder / "registers.xlsx")
    assert sheets["applications"].grid[:, 0].tolist() == ["收件编号", "1", "2"]


EXTRA = [
    ({"xl/externalLinks/externalLink1.xml": b"<a/>"}, "带有到其他工作簿或数据源的链接"),
    ({"xl/connections.xml": b"<a/>"}, "带有到其他工作簿或数据源的链接"),
    ({"xl/embeddings/oleObject1.bin": b"x"}, "带有嵌入的对象或控件"),
    ({"xl/activeX/activeX1.xml": b"<a/>"}, "带有嵌入的对象或控件"),
    ({"xl/macrosheets/sheet1.xml": b"<a/>"}, "带有宏"),
    ({"xl/x.xml": b'<?xml version="1.0" encoding="UTF-7"?><a/>'}, "不是完整的 .xlsx 文件"),
    ({"xl/x.xml": b"\x4c\x6f\xa7\x94\x93"}, "不是完整的 .xlsx 文件"),
    ({"xl/x.xml": '<!DOCTYPE a [<!ENTITY b "c">]><a/>'.encode("utf-16")}, "xl/x.xml 带有文档类型声明"),
    ({"xl/drawings/a.vml": b'<!DOCTYPE a [<!ENTITY b "c">]><xml/>'}, "xl/drawings/a.vml 带有文档类型声明"),
    ({"xl/x.xml": b" " * 10**6}, "压缩比超过 200 倍"),
    ({"xl/Workbook.xml": b"<a/>"}, "不是完整的 .xlsx 文件"),
]


@pytest.mark.parametrize(("extra", "message"), EXTRA)
def test_what_no_register_needs_is_refused(tmp_path: Path, extra: dict[str, bytes], message: str) -> None:
    path = tmp_path / "registers.xlsx"
    path.write_bytes(rewritten(lambda xml: xml, lambda sheet: sheet.append(HEAD)))
    read_xlsx(path, path.name, LIMITS, RegisterError)
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        for name, content in extra.items():
            archive.writestr(name, content)
    with pytest.raises(RegisterError) as caught:
        read_xlsx(path, path.name, LIMITS, RegisterError)
    assert message in str(caught.value)


@pytest.mark.parametrize("area", ["A1:XFD1048576", "A:H", "1:999"])
def test_a_link_over_whole_columns_is_refused(tmp_path: Path, area: str) -> None:
    path = tmp_path / "registers.xlsx"
    link = f'<hyperlinks><hyperlink ref="{area}" location="A1"/></hyperlinks></worksheet>'
    path.write_bytes(rewritten(lambda xml: xml.replace("</worksheet>", link), lambda sheet: sheet.append(HEAD)))
    with pytest.raises(RegisterError, match=r"合并的区域和超链接占 [0-9]+ 格，应不超过 2000000 格。取消整行整列"):
        read_xlsx(path, path.name, LIMITS, RegisterError)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('r="A1"', 'r="A0"'),
        ('r="A1"', 'r="A9999999"'),
        ('r="A1"', 'r="ABCD1"'),
        ('r="A1"', 'r="1"'),
        ('t="inlineStr"><is>', 't="s"><v>9</v><is>'),
        ('t="inlineStr"><is>', 't="n"><v>x</v><is>'),
        ("</sheetData>", ""),
    ],
)
def test_cells_that_make_no_sense_are_refused(folder: Path, old: str, new: str) -> None:
    def change(xml: str) -> str:
        assert old in xml
        return xml.replace(old, new, 1)

    def fill(sheet: Any) -> None:
        sheet.title = "申请登记"
        sheet.append(HEAD)

    path = folder / "registers.xlsx"
    path.write_bytes(rewritten(change, fill))
    with pytest.raises(RegisterError, match=r"不是完整的 \.xlsx 文件（\w+）"):
        read_workbook(path)


def test_a_sheet_that_is_missing_is_never_passed_over(folder: Path) -> None:
    book = openpyxl.Workbook()
    book.active.title = "申请登记"
    book.active.append(HEAD)
    book.create_sheet("公开登记").append(["发布日期", "标题", "类别"])
    source = zipfile.ZipFile(io.BytesIO(saved(book)))
    path = folder / "registers.xlsx"
    with zipfile.ZipFile(path, "w") as target:
        for name in source.namelist():
            if not name.endswith("sheet2.xml"):
                target.writestr(name, source.read(name))
    with pytest.raises(RegisterError, match=r"不是完整的 \.xlsx 文件（KeyError）"):
        read_workbook(path)
