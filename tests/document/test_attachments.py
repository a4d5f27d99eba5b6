"""Attachments that are files: what follows the report as numbered pages, what lies separate, what is refused."""

from __future__ import annotations

import base64
import io
import pickle
import re
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pikepdf
import pypdf
import pytest
from PIL import Image
from tests.command import Run
from tests.conftest import PARAMS
from tests.document.office.wordfile import W, paragraphs
from tests.document.pdf import typeset_samples as samples
from tests.document.pdf.pdfpage import MM, Page, read_pages

from nianbao.document import Document, Picture, read_html, read_notebook
from nianbao.document.docx.writer import write_docx
from nianbao.document.model import Paragraph, plain
from nianbao.document.pdf.compiler import typeset
from nianbao.document.pdf.fonts import select_fonts
from nianbao.document.web.fragment import write_fragment
from nianbao.document.web.page import write_page
from nianbao.errors import AttachmentError
from nianbao.notebook.text import text_of
from nianbao.office.archive import packed
from nianbao.office.pdf.drawing import MOST_DRAWN
from nianbao.pack import pack
from nianbao.publish.build import publish
from nianbao.publish.preflight import preflight
from nianbao.report import Report, attachments, load_report
from nianbao.report.attachments import MAX_BYTES, MOST_DESCRIBED, attachment_of, attachments_of
from nianbao.rules import check_report

PICTURE = (300, 200)


def a_pdf(pages: int = 3) -> bytes:
    """A PDF with a word on each page."""
    text = "".join(samples.paragraph(f"第{number}面的字") for number in range(1, 22 * pages - 20))
    return typeset(read_notebook(samples.notebook(samples.shown(text))), select_fonts(None, system=False))


def a_picture(kind: str = "PNG") -> bytes:
    out = io.BytesIO()
    Image.new("RGB", PICTURE, "#336699").save(out, kind)
    return out.getvalue()


def encrypted(raw: bytes) -> bytes:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(raw)) as pdf:
        pdf.save(out, encryption=pikepdf.Encryption(owner="甲", user="乙"))
    return out.getvalue()


FILES: dict[str, Callable[[], bytes]] = {
    "guide.pdf": a_pdf,
    "shot.png": a_picture,
    "photo.JPG": lambda: a_picture("JPEG"),
    "figures.xlsx": lambda: packed({"xl/workbook.xml": b"<workbook/>"}),
    "letter.wps": lambda: b"x",
}
ENTRIES = """  attachments:
    - 主动公开目录
    - {name: 依申请公开办事指南, file: guide.pdf}
    - {name: 专栏截图, file: shot.png}
    - {name: 培训照片, file: photo.JPG}
    - {name: 公开条数表, file: figures.xlsx}
    - {name: 来信, file: letter.wps}
  colophon: {issuer: 永和镇党政办公室, date: 2024-01-22}
"""


def params_in(folder: Path, entries: str, files: dict[str, bytes]) -> Path:
    """The real params with these attachments, and the files beside them."""
    shutil.copytree(PARAMS, folder, dirs_exist_ok=True)
    path = folder / "2023" / "yonghe.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("  signer: null\n", f"  signer: null\n{entries}"), encoding="utf-8")
    for name, raw in files.items():
        place = folder / "2023" / "yonghe" / name
        place.parent.mkdir(exist_ok=True)
        place.write_bytes(raw)
    return folder


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    files = {name: make() for name, make in FILES.items()}
    return params_in(tmp_path_factory.mktemp("attached"), ENTRIES, files)


@pytest.fixture(scope="module")
def report(folder: Path) -> Report:
    return load_report("yonghe", 2023, folder)


@pytest.fixture(scope="module")
def document(report: Report) -> Document:
    shown = [text_of(report, part).html for part in ("opening", "closing")]
    return read_notebook(samples.notebook(samples.shown(*shown)))


@pytest.fixture(scope="module")
def pages(document: Document) -> list[Page]:
    return read_pages(typeset(document, select_fonts(None, system=False)))


def test_pdf_and_pictures_follow_and_what_is_neither_lies_separate(report: Report) -> None:
    found = attachments_of(report)
    assert [(one.label, len(one.pages)) for one in found] == [
        ("附件1", 0), ("附件2", 3), ("附件3", 1), ("附件4", 1), ("附件5", 0), ("附件6", 0),
    ]  # fmt: skip
    assert [one.noted for one in found] == [
        "主动公开目录", "依申请公开办事指南", "专栏截图", "培训照片", "公开条数表（另附）", "来信（另附）",
    ]  # fmt: skip
    assert [page.mime for one in found for page in one.pages] == ["image/png"] * 4 + ["image/jpeg"]


def test_the_note_below_the_text_names_all_of_them(document: Document) -> None:
    noted = [
        plain(block.runs) for block in document.blocks if isinstance(block, Paragraph) and "attachment" in block.role
    ]
    assert noted == [
        "附件：1.主动公开目录", "2.依申请公开办事指南", "3.专栏截图", "4.培训照片", "5.公开条数表（另附）", "6.来信（另附）",
    ]  # fmt: skip


def test_each_page_is_described_by_what_it_says(document: Document) -> None:
    alts = [block.alt for block in document.blocks if isinstance(block, Picture)]
    assert [alt.partition("：")[0] for alt in alts] == [
        *(f"附件2《依申请公开办事指南》第{number}页，共3页" for number in (1, 2, 3)),
        "附件3《专栏截图》", "附件4《培训照片》",
    ]  # fmt: skip
    assert "第1面的字" in alts[0] and "第23面的字" in alts[1]


def test_an_attachment_begins_on_a_new_page_under_its_label_and_title(pages: list[Page]) -> None:
    heads = [page.body()[:2] for page in pages if page.body() and page.body()[0].text.startswith("附件")]
    assert [[line.text for line in head] for head in heads] == [
        ["附件2", "依申请公开办事指南"], ["附件3", "专栏截图"], ["附件4", "培训照片"],
    ]  # fmt: skip
    for label, title in heads:
        assert label.first.x == pytest.approx(28 * MM, abs=1)
        assert label.first.base == pytest.approx(37 * MM + 22, abs=8)  # in the first line
        assert title.first.base - label.first.base == pytest.approx(2 * 225 * MM / 22, abs=7)  # in the third
        assert (title.first.x + title.last.right) / 2 == pytest.approx((28 + 78) * MM, abs=1)
        assert title.first.size == pytest.approx(22, abs=0.1)


def test_its_pages_are_numbered_on_and_the_colophon_comes_after_them(pages: list[Page]) -> None:
    first = next(number for number, page in enumerate(pages, start=1) if page.body() and page.body()[0].text == "附件2")
    for number in range(first, first + 5):
        assert pages[number - 1].number.text == f"— {number} —"
    assert len(pages) % 2 == 0
    assert any("印发" in line.text for line in pages[-1].lines())


def test_every_page_of_it_is_a_picture_within_the_type_area(document: Document) -> None:
    raw = typeset(document, select_fonts(None, system=False))
    assert sum(len(page.images) for page in pypdf.PdfReader(io.BytesIO(raw)).pages) == 5
    with pikepdf.open(io.BytesIO(raw)) as pdf:
        figures = [
            thing for thing in pdf.objects if isinstance(thing, pikepdf.Dictionary) and thing.get("/S") == "/Figure"
        ]
        boxes = [[float(x) for x in _layout(figure)["/BBox"]] for figure in figures]
        alts = [str(figure["/Alt"]) for figure in figures]
    assert sorted(alts) == sorted(block.alt for block in document.blocks if isinstance(block, Picture))
    for left, bottom, right, top in boxes:
        assert left >= 28 * MM - 2 and right <= 184 * MM + 2
        assert bottom >= 35 * MM - 2 and top <= (297 - 37) * MM + 2
        assert max((right - left) / (156 * MM), (top - bottom) / (225 * MM)) > 0.75  # as large as there is room


def _layout(figure: pikepdf.Dictionary) -> Any:
    given = figure["/A"]
    return next(one for one in (given if isinstance(given, pikepdf.Array) else [given]) if "/BBox" in one)


@pytest.mark.parametrize("profile", ["ua1", "2a"])
def test_the_standards_are_kept(document: Document, profile: str) -> None:
    page = pytest.importorskip("page", reason="page-validation is not installed")
    raw = typeset(document, select_fonts(None, system=False))
    judged = page.validate_pdf_bytes(raw, profile=page.ValidationProfile(profile))
    doubted = {"PDFUA1-FONT-GLYPH-WIDTH-001", "PDFA2A-TRUETYPE-GLYPH-WIDTH-001", "PDFA2A-STREAM-LENGTH-001"}
    assert {one.rule_id for one in judged.failures} <= doubted  # see test_validators


def test_a_draft_says_so_on_pages_that_cover_what_is_behind_them(document: Document) -> None:
    marked = read_notebook(
        samples.notebook(samples.shown(samples.paragraph("草稿：不得发布。", "nb-draft"), *_closing()))
    )
    found = read_pages(typeset(marked, select_fonts(None, system=False)))
    assert [sum(glyph.text == "草" for glyph in page.watermark) for page in found[-1:]] == [2]


def _closing() -> tuple[str, ...]:
    uri = f"data:image/png;base64,{base64.b64encode(a_picture()).decode()}"
    return (
        '<p class="nb-enclosure">附件</p><h2>截图</h2>',
        f'<figure class="nb-page"><img src="{uri}" alt="图"></figure>',
    )


def test_word_page_and_fragment_hold_the_same_pages(document: Document) -> None:
    word = write_docx(document)
    with zipfile.ZipFile(io.BytesIO(word)) as package:
        pictures = [name for name in package.namelist() if name.startswith("word/media/")]
    assert len(pictures) == 5
    breaks = [said for _, said, element in paragraphs(word) if element.find(f"{W}pPr/{W}pageBreakBefore") is not None]
    assert breaks == ["附件2", "", "", "附件3", "附件4"]
    styles = {said: style for style, said, _ in paragraphs(word)}
    assert (styles["附件2"], styles["专栏截图"]) == ("Enclosure", "EnclosureTitle")
    for html in (write_page(document), write_fragment(document)):
        assert len(re.findall(r'<img src="data:image/(?:png|jpeg);base64,', html)) == 5
        order = [html.rindex(words) for words in ("印发" if "印发" in html else "2024年1月20日", "附件2<", "附件4<")]
        assert order[1] < order[2]


def test_the_same_files_give_the_same_pages(folder: Path, report: Report) -> None:
    again = load_report("yonghe", 2023, folder)
    assert [one.pages for one in attachments_of(again)] == [one.pages for one in attachments_of(report)]
    assert again.fingerprint == report.fingerprint


def test_a_page_of_an_attachment_is_read_back_as_one(report: Report) -> None:
    blocks = read_html(text_of(report, "closing").html)
    assert [block.page for block in blocks if isinstance(block, Picture)] == [True] * 5


def test_a_table_that_is_attached_is_no_register_under_a_wrong_name(report: Report) -> None:
    assert report.registers is None


PDF = a_pdf(1)
BAD: dict[str, tuple[str, dict[str, bytes], str]] = {
    "missing": ("a.pdf", {}, "附件“a.pdf”不存在"),
    "outside": ("../../units.yaml", {}, "不在 2023/yonghe/ 文件夹之内"),
    "absolute": ("/etc/hostname", {}, "不在 2023/yonghe/ 文件夹之内"),
    "of Windows": ("..\\a.pdf", {}, "不在 2023/yonghe/ 文件夹之内"),
    "folder": (".", {}, "不存在"),
    "empty": ("a.pdf", {"a.pdf": b""}, "有 0 字节"),
    "large": ("a.pdf", {"a.pdf": b"%PDF" + bytes(MAX_BYTES)}, f"应不超过 {MAX_BYTES} 字节"),
    "large, separate": ("a.xlsx", {"a.xlsx": bytes(MAX_BYTES + 1)}, f"应不超过 {MAX_BYTES} 字节"),
    "encrypted": ("a.pdf", {"a.pdf": encrypted(PDF)}, "已加密"),
    "cut": ("a.pdf", {"a.pdf": PDF[: len(PDF) // 2]}, "不完整或已损坏"),
    "a byte": ("a.pdf", {"a.pdf": PDF.replace(b"endstream", b"endstreaX", 1)}, "不完整或已损坏"),
    "no PDF": ("a.pdf", {"a.pdf": a_picture()}, "不完整或已损坏"),
    "no picture": ("a.png", {"a.png": PDF}, "不是完好的 PNG 或 JPEG 图片"),
    "half a picture": ("a.png", {"a.png": a_picture()[:-40]}, "不是完好的 PNG 或 JPEG 图片"),
    "too long": ("a.pdf", {"a.pdf": a_pdf(MOST_DRAWN + 1)}, f"应不超过 {MOST_DRAWN} 页"),
}


@pytest.mark.parametrize("kind", BAD)
def test_a_bad_attachment_is_one_sentence_with_its_line(tmp_path: Path, kind: str) -> None:
    name, files, wrong = BAD[kind]
    entries = f"  attachments:\n    - {{name: 指南, file: '{name}'}}\n"
    report = load_report("yonghe", 2023, params_in(tmp_path, entries, files))
    with pytest.raises(AttachmentError) as caught:
        preflight(report)
    said = str(caught.value)
    assert wrong in said and said.count("\n") == 0 and caught.value.remedy
    assert re.match(r"params/2023/yonghe\.yaml:\d+：|[^/]*/2023/yonghe\.yaml:\d+：", said)
    assert str(pickle.loads(pickle.dumps(caught.value))) == said


@pytest.mark.parametrize("kind", BAD)
def test_check_says_it_with_its_line_and_all_that_is_wrong_besides(tmp_path: Path, kind: str, run: Run) -> None:
    name, files, wrong = BAD[kind]
    entries = f"  attachments:\n    - 目录\n    - {{name: 指南, file: '{name}'}}\n"
    params = params_in(tmp_path, entries, files)
    done = run("check", "永和镇", "2023", "--params", params)
    (said,) = (line for line in done.out.splitlines() if "D-38" in line)
    assert done.code == 1 and done.err == "" and wrong in said
    line = (params / "2023" / "yonghe.yaml").read_text(encoding="utf-8").splitlines().index(entries.splitlines()[2]) + 1
    assert said.endswith(f"2023/yonghe.yaml:{line}。")
    assert "草稿" in done.out and "T3-03" in done.out


PERSONAL = {"D-26": "350582199001011231", "D-27": "13800001234", "D-28": "6222021234567890128"}


@pytest.mark.parametrize("code", PERSONAL)
@pytest.mark.parametrize("page", [1, 3])
def test_personal_data_in_an_attachment_is_found_on_its_page(tmp_path: Path, code: str, page: int) -> None:
    """Also behind two thousand characters, which is all that a page is described by."""
    before = "".join(samples.paragraph(f"第{number}面的字") for number in range(1, 21 * page - 20))
    text = f"{before}{samples.paragraph('办事须知。' * 20)}{samples.paragraph(f'号码{PERSONAL[code]}。')}"
    guide = typeset(read_notebook(samples.notebook(samples.shown(text))), select_fonts(None, system=False))
    params = params_in(tmp_path, "  attachments:\n    - 目录\n    - {name: 指南, file: a.pdf}\n", {"a.pdf": guide})
    (found,) = (one for one in check_report(load_report("yonghe", 2023, params)).findings if one.rule == code)
    assert found.label == f"附件2第{page}页" and found.blocks
    assert PERSONAL[code] not in found.message and re.search(r"yonghe\.yaml:\d+$", found.place)


def test_all_of_a_page_is_searched(monkeypatch: pytest.MonkeyPatch, report: Report) -> None:
    long = "字" * (2 * MOST_DESCRIBED) + PERSONAL["D-27"]
    monkeypatch.setattr(attachments, "_drawn", lambda _raw: ((b"\x89PNG", long),))
    page = attachment_of(report, 1).pages[0]
    assert page.text == long and len(page.alt) < MOST_DESCRIBED + 100
    assert "D-27" in {one.rule for one in check_report(report).findings}


def test_nothing_is_lost_when_an_attachment_cannot_be_used(tmp_path: Path, run: Run) -> None:
    entries = "  attachments:\n    - {name: 指南, file: a.pdf}\n"
    params = params_in(tmp_path / "params", entries, {"a.pdf": encrypted(PDF)})
    kept = tmp_path / "out" / "2023" / "yonghe" / "report.pdf"
    kept.parent.mkdir(parents=True)
    kept.write_bytes(b"earlier")
    done = run("build", "永和镇", "2023", "--params", params, "--out", tmp_path / "out")
    assert done.code == 2 and "已加密" in done.err and "Traceback" not in done.err
    assert [path.name for path in kept.parent.iterdir()] == ["report.pdf"]
    assert kept.read_bytes() == b"earlier"


def test_the_files_are_handed_in_with_the_report(folder: Path, tmp_path: Path) -> None:
    publish("yonghe", 2023, folder, tmp_path / "out")
    done = pack(2023, ["yonghe"], folder, tmp_path / "out", tmp_path / "handed in")
    assert not done.refusals
    ((_, place),) = done.folders
    own = {path.name: path.read_bytes() for path in (folder / "2023" / "yonghe").iterdir()}
    for name, file in (
        ("附件2 依申请公开办事指南.pdf", "guide.pdf"),
        ("附件3 专栏截图.png", "shot.png"),
        ("附件4 培训照片.jpg", "photo.JPG"),
        ("附件5 公开条数表.xlsx", "figures.xlsx"),
        ("附件6 来信.wps", "letter.wps"),
    ):
        assert (place / name).read_bytes() == own[file]
    assert not list(place.glob("附件1*"))


def test_the_pages_of_all_attachments_have_a_limit(report: Report, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("nianbao.report.attachments.MAX_PAGE_BYTES", 10)
    with pytest.raises(AttachmentError, match=r"附件的各页共 .* 字节，应不超过 10 字节"):
        attachments_of(report)


def test_many_attachments_are_drawn_once_each(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    names = [f"{number}.pdf" for number in range(8)]
    entries = "  attachments:\n" + "".join(f"    - {{name: 指南, file: {name}}}\n" for name in names)
    params = params_in(tmp_path, entries, {name: a_pdf(number + 1) for number, name in enumerate(names)})
    attachments._drawn.cache_clear()
    draw, drawn = attachments.draw_contents, []
    monkeypatch.setattr(attachments, "draw_contents", lambda raw, what: drawn.append(raw) or draw(raw, what))
    report = load_report("永和镇", 2023, params)
    check_report(report)
    attachments_of(report)
    assert len(drawn) == len(set(drawn)) == len(names)
