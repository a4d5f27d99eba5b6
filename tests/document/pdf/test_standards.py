"""What PDF/A-2a and PDF/UA-1 ask of the file itself, read back with pypdf.

No validator comes with a package we may install (veraPDF is a Java program), so this checks the clauses that a
typesetter can break: identification, output intent, fonts, tags, parents, headings, alternative texts, furniture.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from datetime import datetime
from itertools import pairwise
from typing import Any
from xml.etree import ElementTree

import pypdf
import pytest
import typeset_samples as samples
from pypdf.generic import ContentStream, DictionaryObject, IndirectObject
from typeset_samples import notebook, paragraph, shown

from nianbao.document import markup, read_notebook
from nianbao.document.pdf.compiler import typeset
from nianbao.document.pdf.fonts import select_fonts

RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"
DC = "{http://purl.org/dc/elements/1.1/}"
XMP = "{http://ns.adobe.com/xap/1.0/}"
PDFA = "{http://www.aiim.org/pdfa/ns/id/}"
PDFUA = "{http://www.aiim.org/pdfua/ns/id/}"
# Structure types of ISO 32000-1, 14.8.4.
_GROUPING = ("Document", "Part", "Art", "Sect", "Div", "BlockQuote", "Caption", "TOC", "TOCI", "Index", "NonStruct")
_BLOCKS = ("P", "H", "H1", "H2", "H3", "H4", "H5", "H6", "L", "LI", "Lbl", "LBody", "Private")
_TABLES = ("Table", "TR", "TH", "TD", "THead", "TBody", "TFoot")
_INLINE = ("Span", "Quote", "Note", "Reference", "BibEntry", "Code", "Link", "Annot", "Figure", "Formula", "Form")
STANDARD = frozenset({*_GROUPING, *_BLOCKS, *_TABLES, *_INLINE})
FORBIDDEN = {"/JavaScript", "/JS", "/Launch", "/AA", "/OpenAction", "/EmbeddedFiles", "/AcroForm", "/XFA", "/Encrypt"}
PICTURE = (
    "<figure><img alt='每月公开条数' src='data:image/svg+xml,<svg xmlns=\"http://www.w3.org/2000/svg\" "
    'width="40" height="20"><rect width="40" height="20"/></svg>\'><figcaption>图一</figcaption></figure>'
)


@pytest.fixture(scope="module")
def reader() -> pypdf.PdfReader:
    """A report with everything on it: marks, red head, tables, headings that skip a level, list, picture, closing."""
    node = samples.report(red_head=True)
    node.cells.insert(
        0, shown(paragraph("草稿：有 1 个问题。", markup.DRAFT), paragraph("示例：虚构。", markup.SAMPLE))
    )
    node.cells.insert(
        -1, shown("<h2>二</h2><h4>跳级</h4><p>甲</p><h2>三</h2><ul><li>甲</li></ul><pre>a\nb</pre>", PICTURE)
    )
    return pypdf.PdfReader(io.BytesIO(typeset(read_notebook(node), select_fonts(None, system=False))))


@pytest.fixture(scope="module")
def xmp(reader: pypdf.PdfReader) -> ElementTree.Element:
    text = reader.root_object["/Metadata"].get_data().decode("utf-8")
    assert "bytes=" not in text.partition("?>")[0] and "encoding=" not in text.partition("?>")[0]
    return ElementTree.fromstring(re.search(r"<x:xmpmeta.*</x:xmpmeta>", text, re.DOTALL)[0])  # type: ignore[index]


def objects(value: Any, seen: set[int]) -> Iterator[Any]:
    """Every dictionary reached from a value, each once."""
    if isinstance(value, IndirectObject):
        if value.idnum in seen:
            return
        seen.add(value.idnum)
        value = value.get_object()
    if isinstance(value, DictionaryObject):
        yield value
        for key in value:
            yield from objects(value.raw_get(key), seen)
    elif isinstance(value, list):
        for item in value:
            yield from objects(item, seen)


def elements(reader: pypdf.PdfReader) -> list[DictionaryObject]:
    """Structure elements in reading order."""
    found: list[DictionaryObject] = []

    def walk(value: Any) -> None:
        value = value.get_object()
        if isinstance(value, list):
            for item in value:
                walk(item)
        elif isinstance(value, DictionaryObject):
            if "/S" in value:
                found.append(value)
            if "/K" in value:
                walk(value.raw_get("/K"))

    walk(reader.root_object["/StructTreeRoot"].raw_get("/K"))
    return found


def role(reader: pypdf.PdfReader, element: DictionaryObject) -> str:
    """The standard type of an element, through the role map."""
    name = str(element["/S"])
    roles = reader.root_object["/StructTreeRoot"].get("/RoleMap", {})
    for _ in range(5):
        if name[1:] in STANDARD:
            return name[1:]
        name = str(roles[name])
    raise AssertionError(f"{name} is mapped in a circle")


def kids(element: DictionaryObject) -> list[Any]:
    value = element.get("/K", [])
    value = value.get_object() if hasattr(value, "get_object") else value
    return [kid.get_object() for kid in (value if isinstance(value, list) else [value])]


def marked(reader: pypdf.PdfReader, number: int) -> Iterator[tuple[str, list[str], int | None]]:
    """Every painting operator of a page: its name, the tags it stands in, the number of its marked content."""
    page = reader.pages[number]
    stack: list[tuple[str, int | None]] = []
    for operands, operator in ContentStream(page.get_contents(), reader).operations:
        name = operator.decode()
        if name in ("BDC", "BMC"):
            properties = operands[1] if name == "BDC" else {}
            if isinstance(properties, str):
                properties = page["/Resources"]["/Properties"][properties].get_object()
            stack.append((str(operands[0]), properties.get("/MCID")))
        elif name == "EMC":
            stack.pop()
        elif name in ("Tj", "TJ", "f", "F", "f*", "S", "s", "B", "B*", "b", "b*", "Do", "sh", "'", '"'):
            yield name, [tag for tag, _ in stack], next((mcid for _, mcid in reversed(stack) if mcid is not None), None)
    assert not stack


def test_the_file_says_which_standards_it_keeps(xmp: ElementTree.Element) -> None:
    said = {element.tag: element.text for element in xmp.iter()}
    assert (said[f"{PDFA}part"], said[f"{PDFA}conformance"]) == ("2", "A")
    assert said[f"{PDFUA}part"] == "1"


def test_metadata_say_the_same_twice(reader: pypdf.PdfReader, xmp: ElementTree.Element) -> None:
    info = reader.metadata
    assert info is not None
    text = {element.tag: element for element in xmp.iter()}
    assert (
        text[f"{DC}title"].find(f"{RDF}Alt/{RDF}li").text == info.title == "晋江市某某镇2023年政府信息公开工作年度报告"
    )  # type: ignore[union-attr]
    assert [item.text for item in text[f"{DC}creator"].iter(f"{RDF}li")] == [info.author] == ["晋江市某某镇人民政府"]
    assert [item.text for item in text[f"{DC}language"].iter(f"{RDF}li")] == [reader.root_object["/Lang"]] == ["zh-CN"]
    assert text[f"{XMP}CreatorTool"].text == info.creator
    for name, date in (("CreateDate", info.creation_date), ("ModifyDate", info.modification_date)):
        assert datetime.fromisoformat(str(text[f"{XMP}{name}"].text).replace("Z", "+00:00")) == date
    assert reader.root_object["/ViewerPreferences"]["/DisplayDocTitle"].value is True


def test_colours_have_an_output_intent_with_a_profile(reader: pypdf.PdfReader) -> None:
    (intent,) = (entry.get_object() for entry in reader.root_object["/OutputIntents"])
    assert intent["/S"] == "/GTS_PDFA1" and intent["/OutputConditionIdentifier"]
    profile = intent["/DestOutputProfile"]
    data = profile.get_data()
    assert data[36:40] == b"acsp" and data[16:20] == b"RGB " and profile["/N"] == 3
    assert int.from_bytes(data[:4], "big") == len(data)


def test_nothing_acts_and_nothing_is_locked(reader: pypdf.PdfReader) -> None:
    assert not reader.is_encrypted and reader.trailer.get("/ID") and reader.pdf_header == "%PDF-1.7"
    for value in objects(reader.trailer, set()):
        assert not FORBIDDEN & set(value), set(value)
        assert value.get("/S") not in ("/Launch", "/JavaScript", "/SubmitForm", "/ImportData", "/URI")
        assert value.get("/Filter") not in ("/LZWDecode", "/Crypt")
        assert value.get("/Subtype") not in ("/PS", "/Movie", "/Sound", "/Screen", "/FileAttachment")
        assert "/F" not in value or value.get("/Type") != "/EmbeddedFile"


def test_every_font_is_embedded_and_can_be_copied_from(reader: pypdf.PdfReader) -> None:
    fonts = [value for value in objects(reader.trailer, set()) if value.get("/Type") == "/Font"]
    whole = [font for font in fonts if font["/Subtype"] in ("/Type0", "/Type3", "/TrueType", "/Type1")]
    assert whole
    for font in whole:
        assert "beginbf" in font["/ToUnicode"].get_data().decode("latin-1")
        assert font["/Subtype"] == "/Type0" and font["/Encoding"] == "/Identity-H"
        (below,) = (entry.get_object() for entry in font["/DescendantFonts"])
        descriptor = below["/FontDescriptor"]
        assert descriptor.get("/FontFile2") is not None or descriptor.get("/FontFile3") is not None
        assert re.match(r"/[A-Z]{6}\+", below["/BaseFont"]), "a subset, so that the file is small"
        assert below["/Subtype"] == "/CIDFontType0" or "/CIDToGIDMap" in below


def test_no_character_stands_for_nothing(reader: pypdf.PdfReader) -> None:
    for value in objects(reader.trailer, set()):
        if value.get("/Type") == "/Font" and "/ToUnicode" in value:
            table = value["/ToUnicode"].get_data().decode("latin-1")
            targets = re.findall(r"<[0-9A-Fa-f]+>\s*<([0-9A-Fa-f]+)>", table.partition("beginbf")[2])
            assert targets
            assert not {"0000", "FEFF", "FFFE"} & {target.upper() for target in targets}


def test_all_that_is_painted_is_tagged_or_furniture(reader: pypdf.PdfReader) -> None:
    for number in range(len(reader.pages)):
        painted = list(marked(reader, number))
        assert painted
        for name, tags, mcid in painted:
            assert "/Artifact" in tags or mcid is not None, (number + 1, name, tags)
            assert not ("/Artifact" in tags and mcid is not None), (number + 1, name, tags)
        # Page number and watermark are on every page.
        assert any(name in ("Tj", "TJ") and "/Artifact" in tags for name, tags, _ in painted)


def test_the_parent_tree_leads_back_from_every_tagged_piece(reader: pypdf.PdfReader) -> None:
    root = reader.root_object["/StructTreeRoot"]
    assert reader.root_object["/MarkInfo"]["/Marked"].value is True

    def leaves(node: DictionaryObject) -> Iterator[tuple[int, Any]]:
        flat = list(node.get("/Nums", []))
        yield from ((int(key), value.get_object()) for key, value in zip(flat[::2], flat[1::2], strict=True))
        for kid in node.get("/Kids", []):
            yield from leaves(kid.get_object())

    parents = dict(leaves(root["/ParentTree"]))
    for number, page in enumerate(reader.pages):
        assert page["/Tabs"] == "/S"
        row = parents[int(page["/StructParents"])]
        used = {mcid for _, _, mcid in marked(reader, number) if mcid is not None}
        assert used <= set(range(len(row)))
        for mcid in used:
            parent = row[mcid].get_object()
            assert parent["/Type"] == "/StructElem" and parent["/P"] is not None
            held = [kid if isinstance(kid, int) else kid.get("/MCID") for kid in kids(parent)]
            assert mcid in held
    assert int(root["/ParentTreeNextKey"]) > max(parents)


def test_every_element_has_a_standard_role_and_stands_where_it_may(reader: pypdf.PdfReader) -> None:
    may = {
        "TR": {"Table", "THead", "TBody", "TFoot"}, "TH": {"TR"}, "TD": {"TR"}, "LI": {"L"}, "LBody": {"LI"},
        "THead": {"Table"}, "TBody": {"Table"},
    }  # fmt: skip
    seen = set()
    for element in elements(reader):
        name = role(reader, element)
        seen.add(name)
        if name in may:
            assert role(reader, element["/P"]) in may[name]
    assert {"Document", "H1", "H2", "P", "Table", "THead", "TBody", "TR", "TH", "TD", "L", "LI", "Figure"} <= seen


def test_headings_nest_without_a_gap(reader: pypdf.PdfReader) -> None:
    levels = [
        int(name[1]) for name in (role(reader, element) for element in elements(reader)) if re.fullmatch("H[1-6]", name)
    ]
    assert len(levels) >= 6
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_every_picture_has_a_text_for_who_cannot_see_it(reader: pypdf.PdfReader) -> None:
    figures = [element for element in elements(reader) if role(reader, element) == "Figure"]
    assert [str(figure["/Alt"]) for figure in figures] == ["每月公开条数"]


def test_heads_name_their_columns_and_cells_name_their_heads(reader: pypdf.PdfReader) -> None:
    """Row heads are TD: the wheel of Typst 0.15 lacks ``pdf.header-cell``, which needs a feature it cannot switch on."""
    ids = set()
    for element in elements(reader):
        table = next(
            (entry.get_object() for entry in element.get("/A", []) if entry.get_object().get("/O") == "/Table"), {}
        )
        if role(reader, element) == "TH":
            assert table["/Scope"] == "/Column"
            ids.add(str(element["/ID"]))
        elif role(reader, element) == "TD":
            assert table.get("/Headers") is not None
            assert {str(name) for name in table["/Headers"]} <= ids


def test_bookmarks_lead_to_the_parts(reader: pypdf.PdfReader) -> None:
    titles = [entry.title for entry in reader.outline if not isinstance(entry, list)]
    assert titles[:2] == [title for title in titles[:2] if re.match("[一二三四五六]", title)]
    for entry in reader.outline:
        if not isinstance(entry, list):
            assert reader.get_destination_page_number(entry) is not None


def test_a_notebook_of_text_alone_keeps_the_standards_too() -> None:
    pdf = typeset(read_notebook(notebook(shown(paragraph("正文")))), select_fonts(None, system=False))
    root = pypdf.PdfReader(io.BytesIO(pdf)).root_object
    assert root["/MarkInfo"]["/Marked"] and root["/Lang"] == "zh-CN" and b"<pdfaid:part>2<" in pdf
