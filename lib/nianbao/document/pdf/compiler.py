"""Document → PDF with Typst: one compiler for each choice of fonts, kept for the process."""

from __future__ import annotations

import datetime as dt
import json
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

import typst

from nianbao.document import Document, Meta, Paragraph, Run
from nianbao.document.pdf.data import passages, report_data
from nianbao.document.pdf.fonts import FontSet, folder_of, require_glyphs
from nianbao.errors import TypesetError

if TYPE_CHECKING:
    from typst import PDFStandard

STANDARDS: list[PDFStandard] = ["a-2a", "ua-1"]
"""PDF/A-2a (for the archive) and PDF/UA-1 (for readers of the screen), both at once."""
UNDATED = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)
"""Creation date of a document that bears none, so that its bytes do not depend on the clock."""
HARMLESS: tuple[str, ...] = ()
"""Beginnings of Typst warnings that do not matter, each with its reason. None is known."""


def typeset(document: Document, fonts: FontSet, fallback_title: str = "") -> bytes:
    """The document as PDF/A-2a and PDF/UA-1, laid out after GB/T 9704-2012. Same input, same bytes.

    Raises FontError for characters no face covers, PictureError for a picture that is too large and
    TypesetError for anything else that Typst refuses or warns of.
    """
    report = json.dumps(report_data(document, fonts, fallback_title), ensure_ascii=False, separators=(",", ":"))
    date = document.meta.date
    timestamp = UNDATED if date is None else dt.datetime.combine(date, dt.time(), dt.UTC)
    try:
        pdf, warnings = _compiler(fonts).compile_with_warnings(
            input=_template(),
            format="pdf",
            sys_inputs={"report": report},
            pdf_standards=STANDARDS,
            timestamp=timestamp,
        )
    except typst.TypstError as error:
        # A missing glyph is refused by PDF/A; our own check says which characters and where.
        require_glyphs(passages(document), fonts)
        raise TypesetError("Typst", _reason(error), "改正报告中的这一处后重新运行") from error
    serious = [warning for warning in warnings if not warning.message.startswith(HARMLESS)]
    if serious:
        raise TypesetError("Typst", "；".join(_reason(warning) for warning in serious), "改正报告中的这一处后重新运行")
    if not isinstance(pdf, bytes):
        raise TypesetError("Typst", f"应得到一个 PDF，实为 {type(pdf).__name__}", "检查 typst 的版本")
    return pdf


@cache
def warm_up(fonts: FontSet) -> None:
    """Have Typst read the template and the faces while there is time; the first document would wait for them."""
    typeset(Document(Meta(), (Paragraph((Run("年报"),)),)), fonts)


def _reason(problem: typst.TypstError | typst.TypstWarning) -> str:
    return "，".join([problem.message, *problem.hints])


@cache
def _template() -> bytes:
    return files("nianbao.document.pdf").joinpath("template.typ").read_bytes()


@cache
def _compiler(fonts: FontSet) -> typst.Compiler:
    """A compiler that sees the chosen fonts and, as its root, a folder that holds nothing else."""
    folder = str(folder_of(fonts))
    found = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[folder])
    return typst.Compiler(root=folder, font_paths=found)
