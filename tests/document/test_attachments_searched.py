"""What is written in attachments that lie separate is searched for personal data, and what cannot be is said."""

from __future__ import annotations

import csv
import io
import re
import time
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import docx
import openpyxl
import pytest
from openpyxl.comments import Comment
from tests.document.test_attachments import PERSONAL, a_pdf, a_picture, params_in

from nianbao.errors import AttachmentError, ReadError
from nianbao.office.archive import packed, parts_of
from nianbao.office.texts import MOST_UNPACKED, texts_of
from nianbao.report import load_report
from nianbao.report.attachments import attachment_of
from nianbao.rules import CheckResult, check_report

ENTRY = "  attachments:\n    - 目录\n    - {{name: 名册, file: {}}}\n"
W_P = '<w:p xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">{}</w:p>'


def word(body: Callable[[Any], Any] = id, xml: str = "") -> bytes:
    """A Word file with a paragraph, then what ``body`` does to it; ``xml`` is put before the end of its text."""
    document = docx.Document()
    document.add_paragraph("名册")
    body(document)
    out = io.BytesIO()
    document.save(out)
    parts = parts_of(out.getvalue())
    parts["word/document.xml"] = parts["word/document.xml"].replace(b"<w:sectPr", f"{xml}<w:sectPr".encode(), 1)
    return packed(parts)


def book(fill: Callable[[Any], Any]) -> bytes:
    file = openpyxl.Workbook()
    file.active.title = "名册"
    file.active.append(["序号", "号码"])
    fill(file.active)
    out = io.BytesIO()
    file.save(out)
    return out.getvalue()


def hidden_sheet(sheet: Any, number: str) -> None:
    other = sheet.parent.create_sheet("底稿")
    other["B7"] = number
    other.sheet_state = "hidden"


def note(sheet: Any, number: str) -> None:
    sheet["A1"].comment = Comment(number, "甲")


def open_document(number: str) -> bytes:
    names = " ".join(f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "text"))
    body = f"<text:p>名册</text:p><text:p>号{number[:5]}<text:span>{number[5:]}</text:span>码</text:p>"
    return packed({"content.xml": f"<office:document-content {names}>{body}</office:document-content>".encode()})


def slides(number: str) -> bytes:
    drawing = 'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
    slide = f"<s {drawing}><a:p><a:r><a:t>名册</a:t></a:r></a:p><a:p><a:r><a:t>{number}</a:t></a:r></a:p></s>"
    return packed({"[Content_Types].xml": b"<Types/>", "ppt/slides/slide1.xml": slide.encode()})


def rows(number: str) -> str:
    out = io.StringIO()
    csv.writer(out).writerows([["序号", "号码"], ["1", number]])
    return out.getvalue()


FILES: dict[str, tuple[str, Callable[[str], bytes], str]] = {
    "paragraph": ("a.docx", lambda n: word(lambda d: d.add_paragraph(f"号码{n}。")), "第2段"),
    "runs": ("a.docx", lambda n: word(lambda d: [p := d.add_paragraph(), *map(p.add_run, n)]), "第2段"),
    "cell": ("a.docx", lambda n: word(lambda d: setattr(d.add_table(2, 2).cell(1, 1), "text", n)), "段"),
    "foot": ("a.docx", lambda n: word(lambda d: setattr(d.sections[0].footer.paragraphs[0], "text", n)), "第1段"),
    "hidden": (
        "a.docx",
        lambda n: word(xml=W_P.format(f"<w:r><w:rPr><w:vanish/></w:rPr><w:t>{n}</w:t></w:r>")),
        "第2段",
    ),
    "deleted": (
        "a.docx",
        lambda n: word(xml=W_P.format(f"<w:del><w:r><w:delText>{n}</w:delText></w:r></w:del>")),
        "第2段",
    ),
    "text": ("a.xlsx", lambda n: book(lambda s: s.append([1, n])), "〔名册〕第2行"),
    "hidden sheet": ("a.XLSX", lambda n: book(lambda s: hidden_sheet(s, n)), "〔底稿〕第7行"),
    "note": ("a.xlsx", lambda n: book(lambda s: note(s, n)), "段"),
    "OpenDocument": ("a.odt", open_document, "第2段"),
    "slides": ("a.pptx", slides, "第2段"),
    "text file": ("a.txt", lambda n: f"名册\r\n号码{n}".encode("gb18030"), "第2行"),
    "CSV": ("a.csv", lambda n: rows(n).encode("utf-8-sig"), "第2行"),
    "UTF-16": ("a.csv", lambda n: rows(n).encode("utf-16"), "第2行"),
}


def checked(folder: Path, name: str, raw: bytes) -> CheckResult:
    return check_report(load_report("yonghe", 2023, params_in(folder, ENTRY.format(name), {name: raw})))


@pytest.mark.parametrize("code", PERSONAL)
@pytest.mark.parametrize("kind", FILES)
def test_personal_data_in_a_separate_attachment_is_found_where_it_stands(tmp_path: Path, kind: str, code: str) -> None:
    name, make, place = FILES[kind]
    result = checked(tmp_path, name, make(PERSONAL[code]))
    (found,) = (one for one in result.findings if one.rule == code)
    assert found.label.startswith("附件2") and found.label.endswith(place) and found.blocks
    assert PERSONAL[code] not in found.message and re.search(r"yonghe\.yaml:\d+$", found.place)
    assert not [one for one in result.findings if one.rule == "D-39"]


def test_a_number_of_a_spreadsheet_is_read_as_one_reads_it(tmp_path: Path) -> None:
    (found,) = (
        one
        for one in checked(tmp_path, "a.xlsx", book(lambda s: s.append([1, 1.3800001234e10]))).findings
        if one.rule == "D-27"
    )
    assert found.label == "附件2〔名册〕第2行"


@pytest.mark.parametrize("kind", FILES)
def test_a_file_without_personal_data_is_silent(tmp_path: Path, kind: str) -> None:
    name, make, _ = FILES[kind]
    assert not {one.rule for one in checked(tmp_path, name, make("0595-88082141")).findings} & {*PERSONAL, "D-39"}


def scan() -> bytes:
    out = io.BytesIO()
    from PIL import Image

    Image.new("RGB", (300, 400), "white").save(out, "PDF")
    return out.getvalue()


UNSEARCHED: dict[str, tuple[str, bytes]] = {
    "scan": ("a.pdf", scan()),
    "picture": ("a.png", a_picture()),
    "old Word": ("a.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)),
    "WPS": ("a.wps", b"x"),
    "archive": ("a.zip", packed({"a.txt": b"13800001234"})),
    "too much": ("a.docx", packed({"word/document.xml": b"<a>" + b" " * MOST_UNPACKED + b"</a>"})),
}


@pytest.mark.parametrize("kind", UNSEARCHED)
def test_what_cannot_be_searched_is_said_in_one_sentence(tmp_path: Path, kind: str) -> None:
    name, raw = UNSEARCHED[kind]
    (found,) = (one for one in checked(tmp_path, name, raw).findings if one.rule == "D-39")
    assert "附件2《名册》" in found.message and not found.blocks and "身份证号" in found.message


def test_several_that_cannot_be_searched_are_one_finding(tmp_path: Path) -> None:
    entries = "  attachments:\n" + "".join(f"    - {{name: 第{n}份, file: {n}.png}}\n" for n in (1, 2))
    entries += "    - {name: 指南, file: a.pdf}\n"
    files = {"1.png": a_picture(), "2.png": a_picture(), "a.pdf": a_pdf(1)}
    result = check_report(load_report("yonghe", 2023, params_in(tmp_path, entries, files)))
    (found,) = (one for one in result.findings if one.rule == "D-39")
    assert "附件1《第1份》" in found.message and "附件2《第2份》" in found.message and "附件3" not in found.message


def locked(raw: bytes) -> bytes:
    """The same ZIP, of which every part asks for a password."""
    data = bytearray(raw)
    with zipfile.ZipFile(io.BytesIO(raw)) as package:
        starts = [info.header_offset for info in package.infolist()]
    for start in starts:
        data[start + 6] |= 1
    place = data.find(b"PK\x01\x02")
    while place >= 0:
        data[place + 8] |= 1
        place = data.find(b"PK\x01\x02", place + 4)
    return bytes(data)


ENTITY = b'<!DOCTYPE a [<!ENTITY b "1">]><a>&b;</a>'
BAD: dict[str, tuple[bytes, str]] = {
    "cut": (word()[:-60], "不完整或已损坏"),
    "no XML": (packed({"word/document.xml": b"<a>"}), "已损坏（word/document.xml）"),
    "an entity": (packed({"word/document.xml": ENTITY}), "DTD"),
    "locked parts": (locked(word()), "加了密码"),
    "locked": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le") + bytes(600), "加了密码"),
}


@pytest.mark.parametrize("kind", BAD)
def test_a_separate_attachment_that_nobody_can_open_is_refused(tmp_path: Path, kind: str) -> None:
    raw, wrong = BAD[kind]
    report = load_report("yonghe", 2023, params_in(tmp_path, ENTRY.format("a.docx"), {"a.docx": raw}))
    with pytest.raises(AttachmentError, match=wrong):
        attachment_of(report, 1)
    assert {"D-38"} == {one.rule for one in check_report(report).findings} & {"D-38", "D-39"}


def test_paragraphs_within_paragraphs_are_searched_once_and_in_no_time() -> None:
    """Text boxes stand in paragraphs; each text belongs to the innermost."""
    words = "".join(f"<w:t>{number}，</w:t>" for number in range(1500))
    nested = "<w:p>" * 120 + words + "</w:p>" * 120
    document = f'<w:document xmlns:w="urn:w"><w:body>{nested * 40}</w:body></w:document>'
    begin = time.process_time()
    found = texts_of(packed({"word/document.xml": document.encode()}), ".docx", "附件")
    assert found is not None and len(found) == 40
    assert time.process_time() - begin < 3


def test_sizes_in_the_directory_of_a_package_may_lie(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("nianbao.office.texts.MOST_UNPACKED", 2000)
    bomb = packed({"word/document.xml": b"<a>" + b" " * 100_000 + b"</a>"})
    assert texts_of(bomb, ".docx", "附件") is None
    with pytest.raises(ReadError):
        texts_of(packed({"word/document.xml": b"<a"}), ".docx", "附件")
