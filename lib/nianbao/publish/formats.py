"""The one table of output files: name, label, writer, comparer, and who it is for; one line a format.

A new format is one line here (for the city's papers, in :mod:`nianbao.city.paper`) and one writer. Whatever makes,
seals, links or verifies files takes them from the table.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nianbao.params import Unit
from nianbao.publish import compare
from nianbao.publish.compare import Comparer
from nianbao.publish.manifest import as_json_bytes
from nianbao.report.tables import TABLES, tables_json

if TYPE_CHECKING:
    from nianbao.document import Document
    from nianbao.document.longform import LongRow
    from nianbao.document.pdf.fonts import FontSet
    from nianbao.notebook.gate import Expected
    from nianbao.report import Report
    from nianbao.rules.finding import Finding

MANIFEST = "manifest.json"
FINDINGS = "findings.json"
NOTEBOOK = "report.ipynb"
PAGE = "report.html"
"""The page that a saved one is held against."""
PICTURES = "report.web/"
"""The folder of the pictures, for a site whose editor takes files alone."""
FAILED = "failed.ipynb"
"""A notebook that failed, run up to the cell that did; goes when the report succeeds."""
FAILED_LABEL = "运行到出错处的笔记本"


@dataclass(frozen=True)
class Subject:
    """What is printed, once it is read and judged.

    Attributes
    ----------
    title : str
        Stands on every output that a reader opens.
    ready : bool
        Whether it may be published; else every page is marked as a draft.
    sample : bool
        Whether the figures are invented.
    content, result : Any
        What the figures come from (a ``Report`` with its ``CheckResult``; the city's ``CitySummary`` with None).
    expected : Expected
        What its notebook is to show, for the gate.
    gate : tuple of Finding
        What the gate found; a subject with any is a draft.
    """

    unit: Unit
    year: int
    edition: str
    title: str
    ready: bool
    sample: bool
    content: Any
    expected: Expected
    result: Any = None
    gate: tuple[Finding, ...] = ()

    def at_gate(self, findings: tuple[Finding, ...]) -> Subject:
        """The subject after the gate: a draft where that found anything."""
        if not findings:
            return self
        result = None if self.result is None else self.result.with_findings(findings)
        return replace(self, ready=False, result=result, gate=findings)


@dataclass(frozen=True)
class Printed:
    """A notebook that has run for a subject, and the document in it: what every writer writes from."""

    subject: Subject
    node: Any
    document: Document
    fonts: FontSet


@dataclass(frozen=True)
class Format:
    """One output file.

    Attributes
    ----------
    name, label : str
        Of the file; and what a reader's link to it says.
    write : callable
        The bytes of the file.
    compare : callable
        What differs between two versions of it.
    titled : bool
        Whether the title must be found in its bytes.
    linked : bool
        Whether the overview page leads a reader to it.
    sealed : bool
        Whether its bytes follow from the inputs alone, so that the seal holds their digest.
    packed : str
        What it is called for those who get it, ``{}`` standing for the title; empty where it is not handed in.
    """

    name: str
    label: str
    write: Callable[[Printed], bytes]
    compare: Comparer = compare.by_bytes
    titled: bool = False
    linked: bool = True
    sealed: bool = True
    packed: str = ""


def write_notebook(printed: Printed) -> bytes:
    """The executed notebook."""
    import nbformat

    text: str = nbformat.writes(printed.node)
    return f"{text}\n".encode()


def write_pdf(printed: Printed) -> bytes:
    """The official layout, typeset."""
    from nianbao.document.pdf.compiler import typeset

    return typeset(printed.document, printed.fonts, printed.subject.title)


def write_page(printed: Printed) -> bytes:
    """The self-contained web page."""
    from nianbao.document.web import page

    return page.write_page(printed.document).encode("utf-8")


def write_fragment(printed: Printed) -> bytes:
    """The page's text for a site's editor."""
    from nianbao.document.web import fragment

    return fragment.write_fragment(printed.document).encode("utf-8")


def write_docx(printed: Printed) -> bytes:
    """The official layout as a Word document, for offices that edit and print with their own faces."""
    from nianbao.document.docx import writer

    return writer.write_docx(printed.document, printed.subject.title)


def write_xlsx(printed: Printed) -> bytes:
    """The three tables as a workbook, and every figure in long form."""
    from nianbao.document.workbook import Book, write_workbook

    report = printed.subject.content
    return write_workbook(Book(printed.document, report.edition, report.cells, long_form(report)))


def write_csv(printed: Printed) -> bytes:
    """Every figure in long form as CSV."""
    from nianbao.document import longform

    return longform.write_csv(long_form(printed.subject.content))


def long_form(report: Report) -> tuple[LongRow, ...]:
    """The cells of a report, a row each."""
    from nianbao.document.longform import long_rows

    return tuple(long_rows(report.unit.name, report.year, report.edition, report.cells))


def write_tables(printed: Printed) -> bytes:
    """Every cell of the report as JSON."""
    return as_json_bytes(tables_json(printed.subject.content))


def write_findings(printed: Printed) -> bytes:
    """What the rule book found, as JSON."""
    return as_json_bytes(printed.subject.result.as_json())


def write_findings_page(printed: Printed) -> bytes:
    """What the rule book found, for people."""
    from nianbao.document.web import page
    from nianbao.publish.slip import findings_document

    subject = printed.subject
    document = findings_document(subject.unit, subject.year, subject.sample, subject.result.published)
    return page.write_page(document).encode("utf-8")


def _slip(printed: Printed) -> Document:
    from nianbao.publish.slip import return_slip

    subject = printed.subject
    return return_slip(subject.unit, subject.content.city, subject.year, subject.sample, subject.result.published)


def write_slip_page(printed: Printed) -> bytes:
    """What a draft is returned with, as a page."""
    from nianbao.document.web import page

    return page.write_page(_slip(printed)).encode("utf-8")


def write_slip_docx(printed: Printed) -> bytes:
    """What a draft is returned with, as a Word document."""
    from nianbao.document.docx import writer

    slip = _slip(printed)
    return writer.write_docx(slip, "".join(run.text for run in slip.meta.title))


REPORT: tuple[Format, ...] = (
    Format(NOTEBOOK, "笔记本", write_notebook, compare.notebook, linked=False, sealed=False),
    Format("report.pdf", "PDF", write_pdf, titled=True, packed="{}.pdf"),
    Format("report.docx", "Word", write_docx, compare.by_parts, packed="{}.docx"),
    Format(PAGE, "网页", write_page, titled=True, packed="{}.html"),
    Format("report.web.html", "网站正文", write_fragment, titled=True, packed="{}（网站正文）.html"),
    Format("report.xlsx", "表格", write_xlsx, compare.by_parts, packed="{}（数据表）.xlsx"),
    Format("report.csv", "长表", write_csv, linked=False, packed="{}（开放数据）.csv"),
    Format(TABLES, "数据", write_tables, compare.tables, linked=False, packed="{}（开放数据）.json"),
    Format("findings.html", "核对结果", write_findings_page),
    Format(FINDINGS, "核对数据", write_findings, compare.findings, linked=False),
)
"""The files of a report; :data:`MANIFEST` seals them."""

SLIP: tuple[Format, ...] = (
    Format("return.html", "退回单", write_slip_page),
    Format("return.docx", "退回单 Word", write_slip_docx, compare.by_parts),
)
"""What lies beside the files of a draft, and only of a draft."""


def picture_files(printed: Printed) -> dict[str, bytes]:
    """The pictures of the text as PNG or JPEG by name; a name is of letters and figures that every site takes.

    Pages of attachments are none of them: an editor uploads the attachment itself.
    """
    from nianbao.document import Picture
    from nianbao.document.raster import rasterise

    subject = printed.subject
    shown = [block for block in printed.document.blocks if isinstance(block, Picture) and not block.page]
    images = enumerate(map(rasterise, shown), start=1)
    return {f"{PICTURES}{subject.unit.id}-{subject.year}-{number}.{one.suffix}": one.data for number, one in images}


def files_of(sealed: Iterable[str]) -> tuple[Format, ...]:
    """The files that are to lie there where a seal names these, pictures left out."""
    names = set(sealed)
    return (*REPORT, *(one for one in SLIP if one.name in names))


def left_over(contents: Iterable[str], folder: Path) -> tuple[str, ...]:
    """Names of slips and pictures in a folder that are to go, for what is written now is no draft or shows others."""
    names = set(contents)
    there = [f"{PICTURES}{path.name}" for path in sorted((folder / PICTURES).glob("*"))]
    return tuple(name for name in (*(one.name for one in SLIP), *there) if name not in names)


def links(formats: Iterable[Format]) -> tuple[tuple[str, str], ...]:
    """Names and labels of the files that a reader is led to, in the table's order."""
    return tuple((one.name, one.label) for one in formats if one.linked)
