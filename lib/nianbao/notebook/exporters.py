"""nbconvert exporters: any executed notebook as PDF, as a web page, and as a fragment for a site's editor.

JupyterLab builds its menu *Save and Export Notebook As* from the names of all
enabled exporters, but its server answers only for names of letters, digits and
underscores (``nianbao_pdf``, see pyproject.toml). A name with a hyphen, as
``jupyter nbconvert --to`` takes it, would be a menu entry that leads nowhere, so
the classes with these names stand aside inside that server.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from nbconvert.exporters.exporter import Exporter
from nbformat import NotebookNode
from traitlets import Bool, HasTraits, default

from nianbao.document import Document
from nianbao.document.pdf.compiler import typeset
from nianbao.document.pdf.fonts import requested_folder, select_fonts, system_allowed
from nianbao.document.web.fragment import write_fragment
from nianbao.document.web.page import UNTITLED, write_page
from nianbao.errors import NianbaoError
from nianbao.notebook.reading import printable


class _DocumentExporter(Exporter):
    # What is published is decided by the document and not by a reader's nbconvert configuration.
    default_preprocessors: list[Any] = []  # noqa: RUF012
    extension = ""

    @default("file_extension")
    def own_extension(self) -> str:
        """Of the files that it writes."""
        return self.extension

    def from_notebook_node(  # type: ignore[override]  # nbconvert's own annotation leaves out its PDF exporters
        self, nb: NotebookNode, resources: dict[str, Any] | None = None, **kwargs: Any
    ) -> tuple[str | bytes, dict[str, Any]]:
        """The file and the resources.

        Raises NotebookError, and for PDF FontError, PictureError or TypesetError.
        """
        copy, resources = super().from_notebook_node(nb, resources, **kwargs)
        metadata = resources.get("metadata") or {}
        name = metadata.get("name") or ""
        path = metadata.get("path")
        try:
            written = self.write(printable(copy, Path(path) if path else None), name)
        except NianbaoError as error:
            command = sys.modules.get("nbconvert.nbconvertapp")
            if command is not None and command.NbConvertApp.initialized():  # it shows a traceback of whatever is raised
                sys.exit(str(error))
            raise
        resources["output_extension"] = self.extension
        return written, resources

    def write(self, document: Document, name: str) -> str | bytes:
        """The document in the format of this exporter; ``name`` is that of the notebook's file."""
        raise NotImplementedError


class PDFExporter(_DocumentExporter):
    """PDF laid out after GB/T 9704-2012, PDF/A-2a and PDF/UA-1.

    ``NIANBAO_FONTS`` names a folder with fonts, ``NIANBAO_SYSTEM_FONTS=0`` leaves the system's alone.
    """

    export_from_notebook = "年报 PDF（公文版式）"
    output_mimetype = "application/pdf"
    extension = ".pdf"

    def write(self, document: Document, name: str) -> bytes:
        return typeset(document, select_fonts(requested_folder(), system_allowed()), name)


class PageExporter(_DocumentExporter):
    """One self-contained HTML page: no script, no code, no request to anywhere."""

    export_from_notebook = "年报网页"
    output_mimetype = "text/html"
    extension = ".html"

    def write(self, document: Document, name: str) -> str:
        return write_page(document, name or UNTITLED)


class FragmentExporter(_DocumentExporter):
    """HTML for a site's editor (``….web.html``): UTF-8, nothing around it."""

    export_from_notebook = "年报网页（供网站编辑器粘贴）"
    output_mimetype = "text/html"
    extension = ".web.html"

    def write(self, document: Document, name: str) -> str:
        return write_fragment(document)


class _OutsideTheServer(HasTraits):
    enabled = Bool(help="Not inside JupyterLab's server, which cannot answer for this name.")

    @default("enabled")
    def answers(self) -> bool:
        """Whether it can be asked for here."""
        return "jupyter_server.services.nbconvert.handlers" not in sys.modules


class HyphenPDF(_OutsideTheServer, PDFExporter):
    """``--to nianbao-pdf``."""


class HyphenPage(_OutsideTheServer, PageExporter):
    """``--to nianbao-html``."""


class HyphenFragment(_OutsideTheServer, FragmentExporter):
    """``--to nianbao-web``."""
