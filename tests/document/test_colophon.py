"""版记 (GB/T 9704-2012, 7.4), the remark below the date and 签发人, from the params to page, PDF and Word document."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest
from tests.conftest import PARAMS
from tests.document.office.wordfile import W, paragraphs, part, text
from tests.document.pdf import typeset_samples as samples
from tests.document.pdf.pdfpage import MM, read_pages

from nianbao.document import Document, read_notebook
from nianbao.document.docx.writer import write_docx
from nianbao.document.model import plain
from nianbao.document.pdf.compiler import typeset
from nianbao.document.pdf.fonts import select_fonts
from nianbao.document.web.fragment import write_fragment
from nianbao.document.web.page import write_page
from nianbao.errors import ParamsError
from nianbao.notebook.text import text_of
from nianbao.report import load_report
from nianbao.rules import check_report

COLOPHON = """document:
  number: 晋永政〔2024〕5号
  addressee: 晋江市人民政府
  disclosure: 此件公开发布
  colophon:
    copies: [晋江市人民政府办公室, 中共晋江市永和镇委员会]
    issuer: 永和镇党政办公室
    date: 2024-01-22
"""
WANTED = ("抄送：晋江市人民政府办公室，中共晋江市永和镇委员会。", "永和镇党政办公室", "2024年1月22日印发")


def params_of(folder: Path, head: str) -> Path:
    """The real params with another head of the document."""
    shutil.copytree(PARAMS, folder, dirs_exist_ok=True)
    path = folder / "2023" / "yonghe.yaml"
    before, _, after = path.read_text(encoding="utf-8").partition("document:\n")
    path.write_text(before + head + after[after.index("\ndisclosure:") :], encoding="utf-8")
    return folder


def document_of(folder: Path, lines: int = 1) -> Document:
    """Head and end of the report with `lines` paragraphs between."""
    report = load_report("yonghe", 2023, folder)
    text = [samples.paragraph("文" * 20) for _ in range(lines)]
    shown = (text_of(report, "opening").html, *text, text_of(report, "closing").html)
    return read_notebook(samples.notebook(samples.shown(*shown)))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return params_of(tmp_path_factory.mktemp("colophon"), COLOPHON)


def test_the_document_knows_its_colophon(folder: Path) -> None:
    document = document_of(folder)
    assert (document.meta.copies, document.meta.issuer, document.meta.issued) == WANTED
    assert plain(document.blocks[-1].runs) == "（此件公开发布）"  # type: ignore[union-attr]
    assert not document_of(PARAMS).meta.has_colophon


def test_page_and_word_document_print_it_and_the_site_does_not(folder: Path) -> None:
    document = document_of(folder)
    page, fragment = write_page(document), write_fragment(document)
    body = part(write_docx(document), "word/document.xml")[0]
    table = body.findall(f"{W}tbl")[-1]
    assert [text(row) for row in table.findall(f"{W}tr")] == [WANTED[0], "\t".join(WANTED[1:])]
    place = table.find(f"{W}tblPr/{W}tblpPr")
    assert place is not None
    assert (place.get(f"{W}vertAnchor"), place.get(f"{W}tblpYSpec")) == ("margin", "bottom")
    borders = {b.tag.removeprefix(W): int(b.get(f"{W}sz") or 0) / 8 for b in table.iter() if b.get(f"{W}sz")}
    mm = {side: width * 25.4 / 72 for side, width in borders.items()}
    assert mm == pytest.approx({"top": 0.35, "bottom": 0.35, "insideH": 0.25}, abs=0.02)
    for words in WANTED:
        assert words in page
        assert words not in fragment
    assert "（此件公开发布）" in fragment
    assert [said for _, said, _ in paragraphs(write_docx(document))][-2] == "（此件公开发布）"


ATTACHED = "  addressee: 晋江市人民政府\n", "  addressee: 晋江市人民政府\n  attachments: [主动公开目录, 公开指南]\n"


@pytest.mark.parametrize("change", [("", ""), ATTACHED], ids=["plain", "attachments"])
@pytest.mark.parametrize("lines", range(1, 60, 3))
def test_in_the_pdf_it_ends_the_last_page_which_is_an_even_one(
    tmp_path: Path, lines: int, change: tuple[str, str]
) -> None:
    document = document_of(params_of(tmp_path, COLOPHON.replace(*change)), lines)
    pages = read_pages(typeset(document, select_fonts(None, system=False)))
    assert len(pages) % 2 == 0
    *_, issued = (line for line in pages[-1].lines() if "—" not in line.text)
    assert issued.text == WANTED[1] + WANTED[2]
    assert 0 < 262 * MM - issued.first.bottom < 10
    texts = [any("文文" in line.text or "此件" in line.text for line in page.lines()) for page in pages]
    ends = max(place for place, is_text in enumerate(texts) if is_text)
    first_rule = min(rule.y0 for rule in pages[-1].rules if rule.y0 == rule.y1 and rule.y0 > 200 * MM)
    left = min(262 * MM - line.first.base for line in pages[ends].lines() if "此件" in line.text)
    room, needed = left - 225 * MM / 22, 262 * MM - first_rule
    if (ends + 1) % 2 == 0 and abs(room - needed) > 12:
        assert len(pages) - ends == (1 if room > needed else 3)
    else:
        assert len(pages) - ends in (1, 2, 3)
    numbered = [
        any(line.text == f"— {number} —" for line in page.lines()) for number, page in enumerate(pages, start=1)
    ]
    assert numbered == [place <= ends for place in range(len(pages))]


def test_its_rules_are_as_wide_as_the_type_area(folder: Path) -> None:
    page = read_pages(typeset(document_of(folder, 1), select_fonts(None, system=False)))[-1]
    rules = sorted((rule for rule in page.rules if rule.y0 == rule.y1), key=lambda rule: rule.y0)[-3:]
    assert [rule.thickness / MM for rule in rules] == pytest.approx([0.35, 0.25, 0.35], abs=0.01)
    assert [(rule.x1 - rule.x0) / MM for rule in rules] == pytest.approx([156] * 3, abs=0.1)
    assert rules[-1].y0 / MM == pytest.approx(37 + 225, abs=0.5)


@pytest.mark.parametrize(
    ("left_out", "message"),
    [
        ("    date: 2024-01-22\n", "缺少 document.colophon.date"),
        ("    issuer: 永和镇党政办公室\n", "缺少 document.colophon.issuer"),
    ],
)
def test_a_colophon_that_lacks_a_part_is_refused_by_name(tmp_path: Path, left_out: str, message: str) -> None:
    with pytest.raises(ParamsError, match=message):
        load_report("yonghe", 2023, params_of(tmp_path, COLOPHON.replace(left_out, "")))


@pytest.mark.parametrize(
    ("change", "found"),
    [
        (("", ""), True),
        (("  addressee: 晋江市人民政府\n", "  addressee: 晋江市人民政府\n  signer: 张三\n"), False),
        (("  addressee: 晋江市人民政府\n", "  addressee: 各村（社区）\n"), False),
        (("  number: 晋永政〔2024〕5号\n", ""), False),
    ],
)
def test_a_numbered_document_to_a_higher_authority_names_who_signed(
    tmp_path: Path, change: tuple[str, str], found: bool
) -> None:
    report = load_report("yonghe", 2023, params_of(tmp_path, COLOPHON.replace(*change)))
    assert ("D-31" in {one.rule for one in check_report(report).findings}) == found


@pytest.mark.skipif(shutil.which("pdffonts") is None, reason="poppler is not installed")
def test_other_readers_open_it(folder: Path, tmp_path: Path) -> None:
    path = tmp_path / "report.pdf"
    path.write_bytes(typeset(document_of(folder, 30), select_fonts(None, system=False)))
    done = subprocess.run(["pdftotext", str(path), "-"], capture_output=True, text=True, check=True)
    assert WANTED[2] in done.stdout
