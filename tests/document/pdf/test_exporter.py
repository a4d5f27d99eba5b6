"""The nbconvert exporter: identity, standards, the same bytes, any notebook."""

from __future__ import annotations

import base64
import importlib
import io
import os
import re
import struct
import subprocess
import sys
import tomllib
import zlib
from pathlib import Path

import nbformat
import nbformat.v4 as nbf
import pypdf
import pytest
import typeset_samples as samples
from nbconvert.exporters.exporter import Exporter
from pdfpage import alternative_texts, outline, read_pages, text_of
from typeset_samples import notebook, shown

from nianbao.document.pdf import compiler
from nianbao.document.pdf.compiler import typeset
from nianbao.notebook.exporters import PDFExporter

ROOT = Path(__file__).parents[3]


def export(cells_or_notebook: nbf.nbbase.NotebookNode, name: str = "notebook") -> bytes:
    pdf, _ = PDFExporter().from_notebook_node(cells_or_notebook, {"metadata": {"name": name}})
    return pdf


def png(width: int = 40, height: int = 20) -> str:
    """A grey picture as base64."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = (b"\0" + b"\x80" * width) * height
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    data = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
    return base64.b64encode(data).decode()


SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="20"><rect width="40" height="20" fill="gray"/></svg>'


def test_identity_language_and_standards_are_in_the_pdf() -> None:
    reader = pypdf.PdfReader(io.BytesIO(export(samples.report(red_head=True))))
    assert reader.metadata is not None
    assert reader.metadata.title == "晋江市某某镇2023年政府信息公开工作年度报告"
    assert reader.metadata.author == "晋江市某某镇人民政府"
    assert reader.metadata["/Keywords"] == "晋江市某某镇人民政府, 2023年, 政府信息公开, 年度报告"
    assert str(reader.metadata["/CreationDate"]).startswith("D:20240112")
    assert reader.root_object["/Lang"] == "zh-CN"
    assert reader.root_object["/ViewerPreferences"]["/DisplayDocTitle"]
    metadata = reader.root_object["/Metadata"].get_data().decode()
    for wanted in ("<pdfaid:part>2<", "<pdfaid:conformance>A<", "<pdfuaid:part>1<"):
        assert wanted in metadata
    for page in reader.pages:
        for font in page["/Resources"]["/Font"].values():
            descriptor = font["/DescendantFonts"][0]["/FontDescriptor"]
            assert "/FontFile3" in descriptor or "/FontFile2" in descriptor


def test_bytes_depend_on_the_notebook_only() -> None:
    node = samples.report(red_head=True)
    pdf = export(node)
    assert export(node, "elsewhere") == pdf
    code = (
        "import sys, nbformat\n"
        "from nianbao.notebook.exporters import PDFExporter\n"
        "node = nbformat.reads(sys.stdin.buffer.read().decode(), as_version=4)\n"
        "sys.stdout.buffer.write(PDFExporter().from_notebook_node(node)[0])"
    )
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "lib"), "PYTHONHASHSEED": "7", "TZ": "America/Lima"}
    fresh = subprocess.run(
        [sys.executable, "-c", code],
        input=nbformat.writes(node).encode(),
        capture_output=True,
        env=environment,
        check=True,
    )
    assert fresh.stdout == pdf


def test_a_report_is_small() -> None:
    assert len(export(samples.report(red_head=True))) < 300_000


def test_the_entry_point_names_an_exporter_for_the_menu() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    module, _, name = project["entry-points"]["nbconvert.exporters"]["nianbao_pdf"].partition(":")
    exporter = getattr(importlib.import_module(module), name)
    assert exporter is PDFExporter
    assert issubclass(exporter, Exporter)
    assert exporter.export_from_notebook == "年报 PDF（公文版式）"
    assert (exporter().file_extension, exporter().output_mimetype) == (".pdf", "application/pdf")


def test_the_notebook_is_not_changed() -> None:
    node = samples.report()
    before = nbformat.writes(node)
    export(node)
    assert nbformat.writes(node) == before


def general_notebook() -> nbf.nbbase.NotebookNode:
    text = (
        "# 笔记\n\n正文 **重** *轻* `code` $x^2$ [链接](http://a.cn)\n\n- 甲\n  - 乙\n\n3. 丙\n4. 丁\n\n> 引文\n\n"
        "```\ndef f():\n    return 1\n```\n\n| 名 | 数 |\n|---|--:|\n| 甲 | 1 |\n\n#### 细目\n\n## 小题\n"
    )
    outputs = [
        nbf.new_output("stream", text="a  b\n" + "x" * 250 + "\n"),
        nbf.new_output("execute_result", {"text/plain": "42"}, execution_count=1),
        nbf.new_output("display_data", {"image/svg+xml": SVG}, metadata={"image/svg+xml": {"alt": "灰块"}}),
        nbf.new_output("display_data", {"image/png": png()}),
        nbf.new_output("display_data", {"image/png": png(3000, 4000)}),
        nbf.new_output("error", ename="ValueError", evalue="坏", traceback=["ValueError: 坏"]),
    ]
    return notebook(nbf.new_markdown_cell(text), nbf.new_code_cell("secret = 1", outputs=outputs))


def test_any_notebook_converts() -> None:
    pdf = export(general_notebook())
    pages = read_pages(pdf)
    text = text_of(pages)
    for wanted in (
        "笔记",
        "正文 重 轻 code $x^2$ 链接",
        "·甲",
        "3.丙",
        "4.丁",
        "引文",
        "    return 1",
        "42",
        "ValueError: 坏",
    ):
        assert wanted in text
    assert "secret" not in text
    assert text.replace("\n", "").count("x" * 250) == 1
    assert alternative_texts(pdf) == ["灰块", "图（无文字说明）", "图（无文字说明）"]
    assert {"L", "LI", "Table", "Figure", "H1", "Title"} <= set(outline(pdf))


def test_an_empty_notebook_is_an_empty_page_named_after_its_file() -> None:
    pdf = export(notebook(), "空白")
    reader = pypdf.PdfReader(io.BytesIO(pdf))
    assert len(reader.pages) == 1
    assert reader.metadata is not None
    assert reader.metadata.title == "空白"


def test_a_picture_is_no_wider_and_no_higher_than_the_type_area() -> None:
    pdf = export(notebook(shown(f'<figure><img src="data:image/png;base64,{png(4000, 8000)}" alt="图"></figure>')))
    content = pypdf.PdfReader(io.BytesIO(pdf)).pages[0].get_contents()
    assert content is not None
    scales = [
        tuple(map(float, m)) for m in re.findall(rb"([\d.]+) 0 0 (-?[\d.]+) [\d.]+ [\d.]+ cm", content.get_data())
    ]
    wide, high = max((abs(a), abs(b)) for a, b in scales if abs(a) > 2)
    assert wide <= 156 * 72 / 25.4
    assert 300 < high <= 225 * 72 / 25.4


def test_a_caption_stands_below_its_picture_on_the_same_page() -> None:
    figure = f'<figure><img src="data:image/png;base64,{png()}" alt="图"><figcaption>图1　说明</figcaption></figure>'
    pages = read_pages(export(notebook(shown(*("<p>文</p>" for _ in range(20)), figure))))
    assert pages[-1].body()[-1].text == "图1　说明"


def test_warnings_of_typst_are_errors(monkeypatch: pytest.MonkeyPatch) -> None:
    from nianbao.document import read_notebook
    from nianbao.document.pdf.fonts import select_fonts
    from nianbao.errors import TypesetError

    template = compiler._template() + '\n#set text(font: "No Such Font")\n甲'.encode()
    monkeypatch.setattr(compiler, "_template", lambda: template)
    with pytest.raises(TypesetError, match="no such font"):
        typeset(read_notebook(notebook()), select_fonts(None, system=False))


def test_the_command_line_says_one_sentence_and_shows_no_traceback(tmp_path: Path) -> None:
    nbformat.write(notebook(nbf.new_markdown_cell("a\x08b")), tmp_path / "x.ipynb")
    command = [sys.executable, "-m", "nbconvert", "--to", "nianbao_pdf", "--log-level", "ERROR", "x.ipynb"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 1
    assert done.stderr == "第 1 个单元格：“a”之后有不能印出的字符 U+0008。删去该字符后重新运行。\n"
