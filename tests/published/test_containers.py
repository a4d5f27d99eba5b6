"""Reports in other containers: a page saved with all it shows, a workbook, older formats of office programs, a ZIP of several."""

from __future__ import annotations

import io
import subprocess
import zipfile
from collections.abc import Callable
from decimal import Decimal
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.styles import Font
from published_samples import (
    TABLES,
    YEARS,
    Rows,
    figures,
    numbers,
    page,
    read,
    said,
    saved,
    word,
)
from shapes import LAYOUTS, Tables, as_the_form

from nianbao.document.longform import write_csv
from nianbao.errors import ReadError
from nianbao.office import libreoffice
from nianbao.published import PublishedReport, read_several
from nianbao.published.source import MOST_BYTES, read_source
from nianbao.statute import EDITIONS, FORM_2021, Edition
from nianbao.statute.cell import State

Values = dict[str, int | Decimal]
OFFICE = libreoffice.program()
needs_office = pytest.mark.skipif(OFFICE is None, reason="LibreOffice is not installed")


def by_edition(test: Callable[..., None]) -> Callable[..., None]:
    return pytest.mark.parametrize("edition", EDITIONS, ids=lambda edition: edition.name)(test)


# -- MHTML ------------------------------------------------------------------------------------------------------------


def mhtml(html: str, charset: str, related: bool = True, frame: bool = False) -> bytes:
    part = MIMEText(html, "html", charset)
    part["Content-Location"] = "https://example.gov.cn/x.htm"
    if not related:
        return part.as_bytes()
    whole = MIMEMultipart("related", type="text/html")
    whole["Subject"] = "年报"
    if frame:
        whole.attach(MIMEText("<p>外面的页</p><iframe src='cid:1'></iframe><table><td>1</td></table>", "html", "utf-8"))
    whole.attach(part)
    whole.attach(MIMEText("td { color: red }", "css"))
    whole.attach(MIMEText("<p>另一帧</p>", "html", "utf-8"))
    return whole.as_bytes()


@by_edition
@pytest.mark.parametrize("charset", ["utf-8", "gb18030"])
@pytest.mark.parametrize(("related", "frame"), [(True, False), (True, True), (False, False)])
def test_a_page_saved_with_all_it_shows_is_read(edition: Edition, charset: str, related: bool, frame: bool) -> None:
    """Also where the report is what a frame within the page shows."""
    values = numbers(edition)
    published = read(mhtml(page(edition, values), charset, related, frame))
    assert figures(published) == values
    assert published.format == "mhtml" and not said(published)


def test_a_page_without_html_is_refused() -> None:
    whole = MIMEMultipart("related")
    whole.attach(MIMEText("x", "css"))
    with pytest.raises(ReadError, match="其中没有网页"):
        read(whole.as_bytes())


# -- workbooks --------------------------------------------------------------------------------------------------------


def workbook(edition: Edition, tables: Tables, one_sheet: bool, as_text: bool = False) -> openpyxl.Workbook:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    year = YEARS[edition.name]
    sheet.append([f"石狮市蚶江镇{year}年政府信息公开工作年度报告"])
    row = 3
    for part in TABLES:
        if not one_sheet:
            sheet, row = book.create_sheet(part), 1
        for rows in tables[part]:
            sheet.cell(row, 1, edition.heading(part))
            row = entered(sheet, rows, row + 1, as_text) + 1
    return book


def entered(sheet: openpyxl.worksheet.worksheet.Worksheet, rows: Rows, first: int, as_text: bool) -> int:
    covered: set[tuple[int, int]] = set()
    for y, row in enumerate(rows, first):
        x = 1
        for cell in row:
            while (y, x) in covered:
                x += 1
            number = cell.text.lstrip("-").replace(".", "", 1).isdigit() and not as_text
            value = (float(cell.text) if "." in cell.text else int(cell.text)) if number else cell.text
            sheet.cell(y, x, value if cell.text else None)
            covered |= {(y + dy, x + dx) for dy in range(cell.rowspan) for dx in range(cell.colspan)}
            if cell.rowspan * cell.colspan > 1:
                sheet.merge_cells(None, y, x, y + cell.rowspan - 1, x + cell.colspan - 1)
            x += cell.colspan
    return first + len(rows)


def packed(book: openpyxl.Workbook) -> bytes:
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


@by_edition
@pytest.mark.parametrize("one_sheet", [True, False])
@pytest.mark.parametrize("as_text", [True, False])
@pytest.mark.parametrize("layout", ["as the form", "remarks", "taken apart", "wide column", "three small tables"])
def test_the_tables_of_a_workbook_are_read(edition: Edition, one_sheet: bool, as_text: bool, layout: str) -> None:
    values = numbers(edition)
    tables = LAYOUTS[layout](as_the_form(edition, values))
    published = read(packed(workbook(edition, tables, one_sheet, as_text)))
    assert figures(published) == values
    assert (published.unit, published.year) == ("石狮市蚶江镇", YEARS[edition.name])


def test_a_formula_is_read_by_what_it_came_to_and_else_not_at_all() -> None:
    values = numbers(FORM_2021)
    book = workbook(FORM_2021, as_the_form(FORM_2021, values), True)
    sheet = book.active
    assert sheet is not None
    place = next(cell for row in sheet.iter_rows() for cell in row if cell.value == values["t3.granted.total"])
    place.value = "=1+1"
    published = read(packed(book))  # as a program writes it that works nothing out
    assert not published.cells["t3.granted.total"].is_number and published.cells["t3.granted.total"].text == "〔公式〕"
    shown = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(packed(book))) as source, zipfile.ZipFile(shown, "w") as target:
        for info in source.infolist():
            content = (
                source.read(info)
                .replace(b"<f>1+1</f><v></v>", b"<f>1+1</f><v>77</v>")
                .replace(b"<f>1+1</f><v />", b"<f>1+1</f><v>77</v>")
            )
            target.writestr(info, content)
    assert read(shown.getvalue()).cells["t3.granted.total"].number == 77


def test_hidden_rows_are_not_read() -> None:
    values = numbers(FORM_2021)
    book = workbook(FORM_2021, as_the_form(FORM_2021, values), True)
    sheet = book.active
    assert sheet is not None
    row = next(cell.row for row in sheet.iter_rows() for cell in row if cell.value == values["t3.granted.total"])
    sheet.row_dimensions[row].hidden = True
    cells = read(packed(book)).cells
    assert not cells["t3.granted.total"].is_number
    assert not {key: cell.value for key, cell in cells.items() if cell.is_number and cell.value != values[key]}


def _sheets_of_last_year(sheet: Any, state: str) -> None:
    other = sheet.parent.copy_worksheet(sheet)
    other.sheet_state = state
    for cell in figures_in(other):
        cell.value += 1


def _hidden_column(sheet: Any, column: str) -> None:
    """A column of remarks with figures, which does not show."""
    for row in range(5, 30):
        sheet[f"{column}{row}"] = "上年 5"
    sheet.column_dimensions[column].hidden = True


def figures_in(sheet: Any) -> list[Any]:
    return [cell for row in sheet.iter_rows() for cell in row if isinstance(cell.value, int | float)]


def _in(cell: Any, **changes: Any) -> None:
    for name, value in changes.items():
        setattr(cell, name, value)


def _before(piece: TextBlock, value: object) -> CellRichText:
    return CellRichText(piece, str(value))


AS_SHOWN: dict[str, Callable[[Any], object]] = {
    "a hidden sheet": lambda sheet: _sheets_of_last_year(sheet, "hidden"),
    "a very hidden sheet": lambda sheet: _sheets_of_last_year(sheet, "veryHidden"),
    "a hidden column": lambda sheet: _hidden_column(sheet, "P"),
    "text": lambda sheet: [_in(cell, value=str(cell.value), quotePrefix=True) for cell in figures_in(sheet)],
    "two kinds of letters": lambda sheet: [
        _in(cell, value=CellRichText(TextBlock(InlineFont(b=True), str(cell.value)[:1]), str(cell.value)[1:]))
        for cell in figures_in(sheet)
    ],
    **{
        f"format {code}": lambda sheet, code=code: [_in(cell, number_format=code) for cell in figures_in(sheet)]
        for code in ("0.00", "#,##0", '0"件"', "[Red]0", "_ * #,##0_ ", "0_);(0)", '0"%"', '#,##0"条，"', "0;-0;;@")
    },
}
NOT_AS_WRITTEN: dict[str, Callable[[Any], object]] = {
    "thousands": lambda cell: _in(cell, number_format="0,"),
    "millions": lambda cell: _in(cell, number_format="#,##0.0,,"),
    "percent": lambda cell: _in(cell, number_format="0%"),
    "struck": lambda cell: _in(cell, font=Font(strike=True)),
    "partly struck": lambda cell: _in(cell, value=_before(TextBlock(InlineFont(strike=True), "9"), cell.value)),
    "partly white": lambda cell: _in(cell, value=_before(TextBlock(InlineFont(color="FFFFFFFF"), "9"), cell.value)),
    "raised": lambda cell: _in(
        cell, value=CellRichText(str(cell.value), TextBlock(InlineFont(vertAlign="superscript"), "1"))
    ),
    "an error": lambda cell: _in(cell, value="#REF!"),
    "a formula without a value": lambda cell: _in(cell, value=f"={cell.value}"),
}


@pytest.mark.parametrize("kind", AS_SHOWN)
def test_a_workbook_is_read_as_it_shows(kind: str) -> None:
    values = numbers(FORM_2021)
    book = workbook(FORM_2021, as_the_form(FORM_2021, values), True)
    AS_SHOWN[kind](book.active)
    assert figures(read(packed(book))) == values


@pytest.mark.parametrize("kind", NOT_AS_WRITTEN)
def test_a_cell_that_does_not_show_what_is_written_is_no_figure(kind: str) -> None:
    values = numbers(FORM_2021)
    book = workbook(FORM_2021, as_the_form(FORM_2021, values), True)
    for cell in figures_in(book.active):
        NOT_AS_WRITTEN[kind](cell)
    assert {cell.state for cell in read(packed(book)).cells.values()} == {State.UNREADABLE}


# -- Word's grid ------------------------------------------------------------------------------------------------------


def test_a_column_of_a_twip_or_two_is_no_column() -> None:
    values = numbers(FORM_2021)
    document = word(FORM_2021, values)
    for table in document.tables:
        grid = table._tbl.tblGrid
        columns = list(grid)
        columns[1].addprevious(parse_xml(f'<w:gridCol {nsdecls("w")} w:w="1"/>'))
        for row in table._tbl.tr_lst:
            first = row.tc_lst[0]
            first.grid_span = first.grid_span + 1
    published = read(saved(document))
    assert figures(published) == values and not said(published)


# -- by LibreOffice ---------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def converted(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Edition, str], bytes]:
    """A sample in a format, each made once."""
    folder = tmp_path_factory.mktemp("office")
    made: dict[tuple[str, str], bytes] = {}

    def convert(edition: Edition, format_: str) -> bytes:
        if (edition.name, format_) not in made:
            source = folder / f"{edition.name}.docx"
            source.write_bytes(saved(word(edition, numbers(edition))))
            profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
            command = [
                str(OFFICE),
                profile,
                "--headless",
                "--convert-to",
                format_,
                "--outdir",
                str(folder),
                str(source),
            ]
            subprocess.run(command, check=True, capture_output=True, timeout=120)
            made[edition.name, format_] = (folder / f"{edition.name}.{format_}").read_bytes()
        return made[edition.name, format_]

    return convert


@needs_office
@pytest.mark.system
@pytest.mark.parametrize("format_", ["doc", "rtf", "odt"])
def test_older_formats_are_read(converted: Callable[[Edition, str], bytes], format_: str) -> None:
    values = numbers(FORM_2021)
    published = read(converted(FORM_2021, format_))
    assert figures(published) == values
    assert published.format == format_ and not said(published)


@needs_office
@pytest.mark.system
def test_a_document_that_libreoffice_cannot_load_is_refused(converted: Callable[[Edition, str], bytes]) -> None:
    raw = converted(FORM_2021, "doc")
    with pytest.raises(ReadError, match=r"打不开|没有 Word 文档|不像"):
        read(raw[:512] + "WordDocument".encode("utf-16-le") + bytes(4000))


def test_without_libreoffice_the_way_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(libreoffice, "program", lambda: None)
    with pytest.raises(ReadError, match="没有安装可以转换它的 LibreOffice") as caught:
        read(b"{\\rtf1 x}")
    assert ".docx" in caught.value.remedy


# -- ZIP --------------------------------------------------------------------------------------------------------------


def zipped(members: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in members.items():
            package.writestr(name, content)
    return buffer.getvalue()


def sample(unit: str) -> str:
    return page(FORM_2021, numbers(FORM_2021)).replace("蚶江镇", unit)


def test_every_report_of_a_zip_is_read_by_itself(tmp_path: Path) -> None:
    path = tmp_path / "各镇.zip"
    path.write_bytes(
        zipped(
            {
                "甲镇.html": sample("甲镇").encode(),
                "下级/乙镇.docx": saved(word(FORM_2021, numbers(FORM_2021))),
                "__MACOSX/._甲镇.html": b"x",
                "照片.jpg": b"\xff\xd8\xff",
                "说明.txt": "本压缩包有两份年报。".encode(),
                "里面.zip": zipped({"丙镇.html": sample("丙镇").encode()}),
            }
        )
    )
    readings = read_several([path])
    told = {reading.path.name: (reading.published is not None, str(reading.error or "")) for reading in readings}
    assert told.keys() == {"甲镇.html", "乙镇.docx", "说明.txt", "里面.zip"}
    assert told["甲镇.html"][0] and told["乙镇.docx"][0]
    assert "不像政府信息公开工作年度报告" in told["说明.txt"][1] and "压缩包中还有压缩包" in told["里面.zip"][1]
    assert {reading.published.unit for reading in readings if reading.published} == {"石狮市甲镇", "石狮市蚶江镇"}


def test_names_that_windows_packed_are_shown_as_they_are(tmp_path: Path) -> None:
    raw = zipped({"aaaa.html": sample("甲镇").encode()})
    path = tmp_path / "a.zip"
    path.write_bytes(raw.replace(b"aaaa.html", "甲镇".encode("gbk") + b".html"))
    assert [reading.path.name for reading in read_several([path])] == ["甲镇.html"]


@pytest.mark.parametrize(
    ("members", "wrong"),
    [
        ({"1.jpg": b"\xff\xd8\xff", "2.png": b"\x89PNG"}, "是一包图片"),
        ({}, "是空的压缩包"),
        ({"OFD.xml": b"<ofd/>"}, "是 OFD 文件"),
        ({"[Content_Types].xml": b"<x/>", "ppt/presentation.xml": b"<x/>"}, "是演示文稿"),
        ({"[Content_Types].xml": b"<x/>"}, "是不完整的 Office 文件"),
        ({f"{n}.html": b"x" for n in range(300)}, "有 300 个文件"),
        ({"a.txt": b"0" * (101 * 2**20)}, "展开后超过 100 MB"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_zip_that_holds_no_reports_is_refused_by_name(members: dict[str, bytes], wrong: str, tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    path.write_bytes(zipped(members))
    with pytest.raises(ReadError, match=wrong):
        read_source(path)


# -- what is no report ------------------------------------------------------------------------------------------------

TITLE = "石狮市蚶江镇2023年政府信息公开工作年度报告"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
REFUSED: dict[str, tuple[bytes, str]] = {
    "frame": (
        f"<html><h1>{TITLE}</h1><iframe src='/d/2023nb.pdf'></iframe></html>".encode(),
        "报告在附件 2023nb.pdf 中",
    ),
    "embed": (f"<html><h1>{TITLE}</h1><embed src='a%20b.pdf?x=1'></html>".encode(), "报告在附件 a b.pdf 中"),
    "attachment": (f"<html><h1>{TITLE}</h1><a href='年报.docx'>附件</a></html>".encode(), "报告在附件 年报.docx 中"),
    "list": (
        "".join(f"<li><a href='{n}.htm'>{n}镇2023年政府信息公开工作年度报告</a>" for n in "甲乙丙").encode(),
        "是年度报告的列表，列有 3 份报告",
    ),
    "list of documents": (
        "".join(f"<li><a href='{n}.pdf'>{n}镇2023年政府信息公开工作年度报告</a>" for n in "甲乙").encode(),
        "是年度报告的列表，列有 2 份报告",
    ),
    "script": (
        f"<html><title>{TITLE}</title><div id=app></div><script src=a.js></script></html>".encode(),
        "由脚本填入",
    ),
    "pictures": (f"<html><h1>{TITLE}</h1>{'<p><img src=1.jpg></p>' * 5}</html>".encode(), "报告是图片"),
    "title alone": (f"<html><h1>{TITLE}</h1><p>正在建设中</p></html>".encode(), "没有各部分的标题，也没有法定的表"),
    "old workbook": (OLE + "Workbook".encode("utf-16-le"), "是旧格式的电子表格"),
    "old office": (OLE + "PowerPoint Document".encode("utf-16-le"), "其中没有 Word 文档"),
    "locked": (OLE + "EncryptedPackage".encode("utf-16-le"), "已加密"),
    "XML of Excel": (
        b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"><Worksheet/></Workbook>',
        "是 Excel 2003 的 XML 表格",
    ),
    "XML of Word": (
        b'<w:wordDocument xmlns:w="http://schemas.microsoft.com/office/word/2003/wordml"/>',
        "是 Word 2003 的 XML 文档",
    ),
    "flat Word": (
        b'<pkg:package xmlns:pkg="http://schemas.microsoft.com/office/2006/xmlPackage"/>',
        "是 Word 的 XML 文档",
    ),
    "our own long form": (write_csv([]), "是一份报告各格的长表"),
    "bitmap": (b"BM" + bytes(100), "是图片"),
    "large": (b"<p>" + b"x" * MOST_BYTES, "超过 5 MB"),
}


@pytest.mark.parametrize("kind", REFUSED)
def test_what_is_no_report_is_named_as_what_it_is(kind: str) -> None:
    raw, wrong = REFUSED[kind]
    with pytest.raises(ReadError, match=wrong) as caught:
        read(raw)
    assert caught.value.remedy and "\n" not in str(caught.value)


def test_links_beside_a_report_do_not_hide_it() -> None:
    html = page(FORM_2021, numbers(FORM_2021)).replace(
        "</body>", "<a href='原件.pdf'>原件</a><script src=a.js></script>"
    )
    published: PublishedReport = read(html)
    assert figures(published) == numbers(FORM_2021)
