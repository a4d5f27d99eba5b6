"""Programs of others open and judge the PDF: page-validation (PDF/UA-1, PDF/A-2a), qpdf, poppler, pdfium, PDF.js."""

from __future__ import annotations

import base64
import io
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pypdf
import pytest
import typeset_samples as samples
from fontTools.cffLib import CFFFontSet
from fontTools.pens.basePen import NullPen
from fontTools.ttLib import TTFont
from PIL import Image
from typeset_samples import notebook, paragraph, shown

from nianbao.document import Document, markup, read_notebook
from nianbao.document.pdf.compiler import typeset
from nianbao.document.pdf.fonts import select_fonts

page = pytest.importorskip("page", reason="page-validation is not installed")
TRUETYPE = Path("/usr/share/fonts/truetype/lxgw-wenkai/LXGWWenKai-Regular.ttf")
PROFILES = ("ua1", "2a")
WIDTHS_OF_CFF = {"PDFUA1-FONT-GLYPH-WIDTH-001", "PDFA2A-TRUETYPE-GLYPH-WIDTH-001"}
"""A false alarm: the validator takes 0 for the width of glyphs whose CFF program states it in the glyph."""
STREAM_LENGTH = "PDFA2A-STREAM-LENGTH-001"
"""Another: it does not count a last byte of compressed data that looks like the end of a line."""


def _pixels() -> str:
    out = io.BytesIO()
    Image.new("RGB", (210, 297), "#336699").save(out, "PNG")
    return f"data:image/png;base64,{base64.b64encode(out.getvalue()).decode('ascii')}"


PIXELS = _pixels()


def documents() -> dict[str, Document]:
    """Whole documents: an upward one, a draft with marks, a colophon, figures on turned pages, nothing."""
    drawn = '<figure><img alt=\'柱\' src=\'data:image/svg+xml,<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>\'></figure>'
    colophon = [paragraph(text, role) for text, role in (("抄送：甲。", markup.COPIES), ("乙", markup.ISSUER))]
    wide = f"<table><tr>{''.join(f'<td>{12345678 + n}</td>' for n in range(20))}</tr></table>"
    page = f'<figure class="{markup.PAGE}"><img src="{PIXELS}" alt="第1页"></figure>'
    attached = (paragraph("附件", markup.ENCLOSURE), markup.element("h2", "指南"), page, page)
    return {
        "upward": read_notebook(samples.report(red_head=True)),
        "draft": read_notebook(samples.report(red_head=True, draft=True)),
        "colophon": read_notebook(notebook(shown(samples.title(), paragraph("文"), *colophon))),
        "drawing and wide table": read_notebook(notebook(shown(samples.title(), "<h2>一</h2>", drawn, wide))),
        "cut table": read_notebook(notebook(shown(samples.title(), *[paragraph("文")] * 9, samples.part_three()))),
        "attachment": read_notebook(notebook(shown(samples.title(), paragraph("文"), *attached))),
        "empty": read_notebook(notebook(shown(""))),
    }


@pytest.fixture(
    scope="module", params=["upward", "draft", "colophon", "drawing and wide table", "cut table", "attachment", "empty"]
)
def document(request: pytest.FixtureRequest) -> Document:
    return documents()[request.param]


@pytest.fixture(scope="module")
def pdf(document: Document) -> bytes:
    return typeset(document, select_fonts(None, system=False), "无题")


@pytest.fixture(scope="module")
def truetype(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a TrueType face under the official names."""
    if not TRUETYPE.is_file():
        pytest.skip("the TrueType face of fonts-lxgw-wenkai is not installed")
    folder = tmp_path_factory.mktemp("truetype")
    for family in ("FZXiaoBiaoSong-B05S", "FangSong", "KaiTi", "SimHei", "SimSun"):
        font = TTFont(TRUETYPE)
        for record in font["name"].names:
            if record.nameID in (1, 4, 6, 16):
                record.string = family
        font.save(folder / f"{family}.ttf")
    return folder


@pytest.mark.parametrize("profile", PROFILES)
def test_with_truetype_faces_nothing_fails(document: Document, truetype: Path, profile: str) -> None:
    set_in = typeset(document, select_fonts(truetype, system=False), "无题")
    report = page.validate_pdf_bytes(set_in, profile=page.ValidationProfile(profile))
    assert [(one.rule_id, one.message) for one in report.failures if one.rule_id != STREAM_LENGTH] == []


def test_every_stream_is_as_long_as_it_says(pdf: bytes) -> None:
    lengths = list(re.finditer(rb"/Length (\d+)(?:(?!endobj).)*?>>\s*?stream\r?\n", pdf, re.DOTALL))
    assert len(lengths) > 5
    for found in lengths:
        assert re.match(rb"\r?\n?endstream", pdf[found.end() + int(found[1]) :][:12])


@pytest.mark.parametrize("profile", PROFILES)
def test_with_the_bundled_faces_only_their_widths_are_doubted(pdf: bytes, profile: str) -> None:
    report = page.validate_pdf_bytes(pdf, profile=page.ValidationProfile(profile))
    assert {one.rule_id for one in report.failures} <= WIDTHS_OF_CFF | {STREAM_LENGTH}


def test_the_widths_that_are_doubted_are_right(pdf: bytes) -> None:
    """Each width of the PDF is that of the glyph in the embedded program."""
    compared = 0
    for font in _descendants(pypdf.PdfReader(io.BytesIO(pdf))):
        program = CFFFontSet()
        program.decompile(io.BytesIO(font["/FontDescriptor"]["/FontFile3"].get_object().get_data()), None)
        (top,) = (program[name] for name in program.keys())  # noqa: SIM118  (no mapping)
        glyphs = top.CharStrings
        scale = top.rawDict.get("FontMatrix", [0.001])[0] * 1000
        for code, width in _widths(font).items():
            glyph = glyphs[top.charset[code]] if code < len(top.charset) else None
            if glyph is None:
                continue
            glyph.draw(NullPen())
            assert glyph.width * scale == pytest.approx(width, abs=1.0)
            compared += 1
    assert compared


def _descendants(reader: pypdf.PdfReader) -> list[Any]:
    found = {}
    for one in reader.pages:
        for font in (one["/Resources"].get("/Font") or {}).values():
            descendant = font.get_object()["/DescendantFonts"][0].get_object()
            if "/FontFile3" in descendant["/FontDescriptor"]:
                found[str(descendant["/BaseFont"])] = descendant
    return list(found.values())


def _widths(font: Any) -> dict[int, float]:
    entries, widths = list(font.get("/W", [])), {}
    while entries:
        first, second, *entries = entries
        if isinstance(second.get_object(), list):
            widths |= {int(first) + place: float(width) for place, width in enumerate(second.get_object())}
        else:
            width, *entries = entries
            widths |= dict.fromkeys(range(int(first), int(second) + 1), float(width))
    return widths


def test_qpdf_finds_no_fault(pdf: bytes) -> None:
    pikepdf = pytest.importorskip("pikepdf", reason="pikepdf (qpdf) is not installed")
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        assert opened.check_pdf_syntax() == []


@pytest.mark.system
@pytest.mark.skipif(shutil.which("pdftoppm") is None, reason="poppler is not installed")
def test_poppler_draws_every_page(pdf: bytes, tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(pdf)
    command = ["pdftoppm", "-r", "20", "-png", str(tmp_path / "a.pdf"), str(tmp_path / "page")]
    subprocess.run(command, capture_output=True, text=True, check=True)
    assert len(list(tmp_path.glob("page*.png"))) == len(pypdf.PdfReader(io.BytesIO(pdf)).pages)


PDF_JS = Path("/usr/share/javascript/pdf/build")
CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")
DRAW = """async raw => {
    const data = Uint8Array.from(atob(raw), one => one.charCodeAt(0));
    const pdf = await pdfjsLib.getDocument({data, stopAtErrors: true}).promise;
    const pages = [];
    for (let number = 1; number <= pdf.numPages; number++) {
        const page = await pdf.getPage(number), viewport = page.getViewport({scale: 0.5});
        const canvas = document.createElement("canvas");
        [canvas.width, canvas.height] = [viewport.width, viewport.height];
        const canvasContext = canvas.getContext("2d");
        await page.render({canvasContext, viewport}).promise;
        const {data: pixels} = canvasContext.getImageData(0, 0, canvas.width, canvas.height);
        const text = (await page.getTextContent()).items.map(one => one.str).join("");
        pages.push([text, pixels.some((value, place) => place % 4 < 3 && value < 128)]);
    }
    return pages;
}"""


@pytest.fixture(scope="module")
def pdf_js() -> Iterator[Any]:
    """A page with Mozilla's PDF.js, as Debian has it."""
    sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    if CHROMIUM is None or not (PDF_JS / "pdf.worker.js").is_file():
        pytest.skip("Chromium or libjs-pdf is not installed")
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        opened = browser.new_page()
        for script in ("pdf.js", "pdf.worker.js"):
            opened.add_script_tag(path=PDF_JS / script)
        yield opened
        browser.close()


@pytest.mark.system
def test_pdf_js_draws_every_page_and_reads_its_text(pdf: bytes, pdf_js: Any) -> None:
    found = pdf_js.evaluate(DRAW, base64.b64encode(pdf).decode("ascii"))
    reader = pypdf.PdfReader(io.BytesIO(pdf))
    assert len(found) == len(reader.pages)
    for (text, is_drawn), one in zip(found, reader.pages, strict=True):
        assert sorted("".join(text.split())) == sorted("".join(one.extract_text().split()))
        assert is_drawn


def test_pdfium_draws_every_page(pdf: bytes) -> None:
    """The library of Chromium."""
    pdfium = pytest.importorskip("pypdfium2", reason="pypdfium2 is not installed")
    opened = pdfium.PdfDocument(pdf)
    for one in opened:
        assert one.render(scale=0.3).to_pil().size[0] > 100
    opened.close()
