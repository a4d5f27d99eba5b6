"""Reports as Word documents: merged cells, lists, tracked changes, and what must not be read as a figure."""

from __future__ import annotations

import re
import shutil
import subprocess
import zipfile
from io import BytesIO
from pathlib import Path

import docx
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from published_samples import figures, numbers, page, part_three, read, said, saved, word, zeros

from nianbao.office.archive import packed, parts_of
from nianbao.statute import EDITIONS, FORM_2021, Edition
from nianbao.statute.cell import Cell, State

TEXT_OF_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


@pytest.mark.parametrize("edition", EDITIONS, ids=lambda edition: edition.name)
def test_every_cell_is_read_from_merged_cells(edition: Edition) -> None:
    values = numbers(edition)
    published = read(saved(word(edition, values)))
    assert published.format == "docx"
    assert figures(published) == values
    assert not published.unrecognised
    assert published.narrative["problems"] == "一是公开渠道有待拓宽。"


def test_strict_documents_are_read_too() -> None:
    raw = saved(word(FORM_2021, numbers(FORM_2021)))
    strict = repacked(
        raw, lambda xml: xml.replace(TEXT_OF_W.encode(), b"http://purl.oclc.org/ooxml/wordprocessingml/main")
    )
    assert strict != raw
    assert figures(read(strict)) == numbers(FORM_2021)


def repacked(raw: bytes, change: object) -> bytes:
    """A document with its main part changed."""
    assert callable(change)
    buffer = BytesIO()
    with zipfile.ZipFile(BytesIO(raw)) as old, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            content = old.read(name)
            new.writestr(name, change(content) if name == "word/document.xml" else content)
    return buffer.getvalue()


CELL = "t3.granted.legal"


@pytest.mark.parametrize(
    ("xml", "state"),
    [
        ("<w:r><w:t>4</w:t></w:r>", State.NUMBER),
        ("<w:r><w:t>1</w:t></w:r><w:r><w:t>2</w:t></w:r>", State.NUMBER),
        ('<w:del w:id="1" w:author="a"><w:r><w:delText>9</w:delText></w:r></w:del><w:r><w:t>4</w:t></w:r>', State.NUMBER),
        ('<w:ins w:id="1" w:author="a"><w:r><w:t>4</w:t></w:r></w:ins>', State.NUMBER),
        ("<w:r><w:rPr><w:vanish/></w:rPr><w:t>9</w:t></w:r>", State.BLANK),
        ("<w:r><w:rPr><w:strike/></w:rPr><w:t>9</w:t></w:r>", State.UNREADABLE),
        ('<w:r><w:t>1</w:t></w:r><w:r><w:rPr><w:vertAlign w:val="superscript"/></w:rPr><w:t>2</w:t></w:r>', State.UNREADABLE),
        ("<w:r><w:t>1</w:t><w:br/><w:t>2</w:t></w:r>", State.UNREADABLE),
        ("<w:r><w:t>1</w:t><w:tab/><w:t>2</w:t></w:r>", State.UNREADABLE),
        ('<w:r><w:t>1</w:t></w:r><w:r><w:footnoteReference w:id="2"/></w:r>', State.NUMBER),
    ],
)  # fmt: skip
def test_what_a_cell_prints_decides(xml: str, state: State) -> None:
    assert cell_with(xml).state is state


STYLES = """
<w:style w:type="character" w:styleId="Hid"><w:rPr><w:vanish/></w:rPr></w:style>
<w:style w:type="character" w:styleId="Hid2"><w:basedOn w:val="Hid"/></w:style>
<w:style w:type="character" w:styleId="Loop"><w:basedOn w:val="Loop2"/><w:rPr><w:b/></w:rPr></w:style>
<w:style w:type="character" w:styleId="Loop2"><w:basedOn w:val="Loop"/></w:style>
<w:style w:type="character" w:styleId="Sup"><w:rPr><w:vertAlign w:val="superscript"/></w:rPr></w:style>
<w:style w:type="character" w:styleId="Out"><w:rPr><w:strike/></w:rPr></w:style>
<w:style w:type="paragraph" w:styleId="Gone"><w:rPr><w:vanish/></w:rPr></w:style>
<w:style w:type="paragraph" w:styleId="Small"><w:rPr><w:sz w:val="12"/></w:rPr></w:style>
"""
MATH = 'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"'


def run_of(text: str, properties: str = "") -> str:
    return f"<w:r><w:rPr>{properties}</w:rPr><w:t>{text}</w:t></w:r>"


def style(name: str) -> str:
    return f'<w:rStyle w:val="{name}"/>'


def field_of(code: str, shown: str) -> str:
    begin, middle, end = (f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>' for kind in ("begin", "separate", "end"))
    return f"{begin}{code}{middle}{shown}{end}"


FIGURE = run_of("12")
SMALL = '<w:pPr><w:pStyle w:val="Small"/></w:pPr>'
AS_WRITTEN: dict[str, str] = {
    "hidden by style": run_of("9", style("Hid")) + FIGURE,
    "hidden by a style below": run_of("9", style("Hid2")) + FIGURE,
    "shown for all its style": run_of("12", style("Hid") + '<w:vanish w:val="0"/>'),
    "a circle of styles": run_of("12", style("Loop")),
    "field": field_of("<w:r><w:instrText>=SUM(ABOVE)</w:instrText></w:r>", FIGURE),
    "field within the code of a field": field_of(field_of("", run_of("9")), FIGURE),
    "simple field": f'<w:fldSimple w:instr="=1">{FIGURE}</w:fldSimple>',
    "note": FIGURE + f'<w:r><w:rPr>{style("Sup")}</w:rPr><w:footnoteReference w:id="2"/></w:r>',
    "reading above": f"<w:r><w:ruby><w:rt>{run_of('9')}</w:rt><w:rubyBase>{FIGURE}</w:rubyBase></w:ruby></w:r>",
    "all raised": run_of("12", '<w:position w:val="2"/>'),
    "all small": SMALL + FIGURE,
    "content control": f"<w:sdt><w:sdtContent>{FIGURE}</w:sdtContent></w:sdt>",
}
NO_FIGURE: dict[str, tuple[str, State]] = {
    "raised by style": (FIGURE + run_of("1", style("Sup")), State.UNREADABLE),
    "struck by style": (run_of("9", style("Out")) + FIGURE, State.UNREADABLE),
    "raised": (FIGURE + run_of("1", '<w:position w:val="12"/>'), State.UNREADABLE),
    "white": (run_of("9", '<w:color w:val="ffffff"/>') + FIGURE, State.UNREADABLE),
    "tiny": (FIGURE + run_of("1", '<w:sz w:val="8"/>'), State.UNREADABLE),
    "small paragraph, large run": (SMALL + run_of("1", '<w:sz w:val="24"/>') + run_of("2"), State.UNREADABLE),
    "turned round": (f'<w:bdo w:val="rtl">{FIGURE}</w:bdo>', State.UNREADABLE),
    "symbol": ('<w:r><w:sym w:font="Symbol" w:char="F035"/></w:r>', State.UNREADABLE),
    "formula": (f"<m:oMath {MATH}><m:r><m:t>5</m:t></m:r></m:oMath>", State.UNREADABLE),
    "own mark of a note": (f'{FIGURE}<w:r><w:rPr>{style("Sup")}</w:rPr><w:footnoteReference w:id="2" w:customMarkFollows="1"/><w:t>1</w:t></w:r>', State.UNREADABLE),
    "hidden paragraph": (f'<w:pPr><w:pStyle w:val="Gone"/></w:pPr>{FIGURE}', State.BLANK),
}  # fmt: skip


def with_styles(raw: bytes) -> bytes:
    parts = parts_of(raw)
    name = "word/styles.xml"
    return packed({**parts, name: parts[name].replace(b"</w:styles>", f"{STYLES}</w:styles>".encode())})


def cell_with(xml: str) -> Cell:
    """A cell whose paragraph holds this markup, in a document with these styles."""
    values = {**zeros(FORM_2021), CELL: "示例格"}
    marked = f"<w:p {nsdecls('w')}>{xml}</w:p>".encode()
    raw = repacked(
        saved(word(FORM_2021, values)),
        lambda content: content.replace("<w:p><w:r><w:t>示例格</w:t></w:r></w:p>".encode(), marked),
    )
    return read(with_styles(raw)).cells[CELL]


@pytest.mark.parametrize("kind", AS_WRITTEN)
def test_a_figure_is_read_as_it_shows(kind: str) -> None:
    assert cell_with(AS_WRITTEN[kind]).value == 12


@pytest.mark.parametrize("kind", NO_FIGURE)
def test_what_does_not_show_as_one_plain_figure_is_none(kind: str) -> None:
    xml, state = NO_FIGURE[kind]
    assert cell_with(xml).state is state


@pytest.mark.parametrize("how", ["<w:del w:id='9'/>", "<w:hidden/>"])
def test_rows_that_are_deleted_or_hidden_are_none(how: str) -> None:
    values = numbers(FORM_2021)

    def with_ghost(content: bytes) -> bytes:
        rows = re.findall(r"<w:tr>.*?</w:tr>", content.decode(), re.DOTALL)
        row = next(one for one in rows if "1.属于国家秘密" in one)
        ghost = re.sub(r"<w:t>[0-9]+</w:t>", "<w:t>77</w:t>", row).replace("<w:tr>", f"<w:tr><w:trPr>{how}</w:trPr>", 1)
        return content.decode().replace(row, row + ghost).encode()

    assert figures(read(repacked(saved(word(FORM_2021, values)), with_ghost))) == values


def test_cells_that_are_deleted_are_none() -> None:
    values = numbers(FORM_2021)
    gone = '<w:tc><w:tcPr><w:cellDel w:id="5"/></w:tcPr><w:p><w:r><w:t>77</w:t></w:r></w:p></w:tc>'
    figure = re.compile(r"<w:tc>(?=<w:tcPr>(?:(?!</w:tc>).)*<w:t>[0-9])")
    raw = repacked(
        saved(word(FORM_2021, values)), lambda content: figure.sub(f"{gone}<w:tc>", content.decode()).encode()
    )
    assert figures(read(raw)) == values


def test_a_figure_that_list_markup_makes_is_read_as_printed() -> None:
    document = word(FORM_2021, {**zeros(FORM_2021), CELL: ""})
    add_list(document, 77, "decimal", "%1")
    before = read(saved(document)).cells[CELL].state
    row = next(row for row in document.tables[1].rows if row.cells[1].text.startswith("（一）予以公开"))
    row.cells[-3].paragraphs[0]._p.get_or_add_pPr().append(in_list(77))
    found = read(saved(document)).cells
    assert before is State.BLANK
    assert found[CELL].value == 1


def test_numerals_made_by_lists_are_read_as_printed() -> None:
    values = numbers(FORM_2021)
    document = word(FORM_2021, values)
    number_headings(document, "chineseCountingThousand", "%1、")
    published = read(saved(document))
    assert list(published.headings.values()) == [
        f"{numeral}、 {part.heading[2:]}" for numeral, part in zip("一二三四五六", FORM_2021.parts, strict=True)
    ]
    assert not published.unrecognised
    assert figures(published) == values


def test_a_heading_without_its_numeral_is_found_and_asked_about() -> None:
    document = word(FORM_2021, zeros(FORM_2021))
    number_headings(document, "bullet", "")
    published = read(saved(document))
    assert len(published.headings) == 6
    assert "一、总体情况：标题印作“总体情况”" in said(published)


def test_a_list_numeral_before_a_figure_makes_it_unreadable() -> None:
    document = word(FORM_2021, {**zeros(FORM_2021), "t2.fees.amount": "5"})
    add_list(document, 77, "decimal", "%1.")
    cell = next(c for t in document.tables for row in t.rows for c in row.cells if c.text == "5")
    cell.paragraphs[0]._p.get_or_add_pPr().append(in_list(77))
    amount = read(saved(document)).cells["t2.fees.amount"]
    assert (amount.state, amount.text) == (State.UNREADABLE, "1. 5")


def number_headings(document: docx.document.Document, form: str, text: str) -> None:
    add_list(document, 78, form, text)
    for paragraph in document.paragraphs:
        if paragraph.style.name == "Heading 1":
            paragraph.runs[0].text = paragraph.text[2:]
            paragraph._p.get_or_add_pPr().append(in_list(78))


def in_list(number: int) -> object:
    return parse_xml(f'<w:numPr {nsdecls("w")}><w:ilvl w:val="0"/><w:numId w:val="{number}"/></w:numPr>')


def add_list(document: docx.document.Document, number: int, form: str, text: str) -> None:
    root = document.part.numbering_part.element
    level = f'<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="{form}"/><w:lvlText w:val="{text}"/></w:lvl>'
    root.insert(0, parse_xml(f'<w:abstractNum {nsdecls("w")} w:abstractNumId="{number}">{level}</w:abstractNum>'))
    root.append(parse_xml(f'<w:num {nsdecls("w")} w:numId="{number}"><w:abstractNumId w:val="{number}"/></w:num>'))


def test_a_row_with_a_cell_too_few_is_refused() -> None:
    document = word(FORM_2021, numbers(FORM_2021))
    row = document.tables[1].rows[5]._tr
    row.remove(row.tc_lst[-1])
    published = read(saved(document))
    lost = {key for key, value in figures(published).items() if value is None}
    assert lost == {f"t3.granted.{column.key}" for column in FORM_2021.t3.columns}
    assert "（一）予以公开：这一行与表头的 7 列对不上" in said(published)


def test_tables_inside_a_layout_table_are_found() -> None:
    values = numbers(FORM_2021)
    raw = repacked(
        saved(word(FORM_2021, values)),
        lambda xml: xml.replace(b"<w:body>", b"<w:body><w:tbl><w:tr><w:tc>").replace(
            b"<w:sectPr", b"</w:tc></w:tr></w:tbl><w:sectPr", 1
        ),
    )
    assert figures(read(raw)) == values


def test_the_sample_has_the_rows_of_the_form() -> None:
    assert len(part_three(FORM_2021, zeros(FORM_2021))) == 3 + len(FORM_2021.t3.rows) == 28


SOFFICE = shutil.which("soffice")


@pytest.mark.slow
@pytest.mark.system
@pytest.mark.skipif(SOFFICE is None, reason="LibreOffice (soffice) is not installed")
def test_a_document_that_libreoffice_makes_of_the_page_reads_the_same(tmp_path: Path) -> None:
    """Needs Writer; an installation with Calc alone cannot make it."""
    values = numbers(FORM_2021)
    source = tmp_path / "report.html"
    source.write_text(page(FORM_2021, values).replace("<head>", "<head><meta charset=utf-8>"), encoding="utf-8")
    command = [str(SOFFICE), f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}", "--headless"]
    subprocess.run(
        [*command, "--convert-to", "docx:MS Word 2007 XML", "--outdir", str(tmp_path), str(source)],
        check=True,
        capture_output=True,
        timeout=180,
    )
    made = tmp_path / "report.docx"
    if not made.is_file():
        pytest.skip("LibreOffice Writer is not installed")
    assert figures(read(made.read_bytes())) == values
