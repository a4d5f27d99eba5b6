"""The nbconvert exporter: any executed notebook → an official document as PDF."""

from __future__ import annotations

from typing import Any

from nbconvert.exporters.exporter import Exporter
from nbformat import NotebookNode

from nianbao.document import read_notebook
from nianbao.document.pdf.compiler import typeset
from nianbao.document.pdf.fonts import requested_folder, select_fonts, system_allowed


class PDFExporter(Exporter):
    """PDF laid out after GB/T 9704-2012, PDF/A-2a and PDF/UA-1.

    ``NIANBAO_FONTS`` names a folder with fonts, ``NIANBAO_SYSTEM_FONTS=0`` leaves the system's alone.
    """

    export_from_notebook = "年报 PDF（公文版式）"
    output_mimetype = "application/pdf"

    def _file_extension_default(self) -> str:
        return ".pdf"

    def from_notebook_node(  # type: ignore[override]  # nbconvert's own annotation leaves out its PDF exporters
        self, nb: NotebookNode, resources: dict[str, Any] | None = None, **kwargs: Any
    ) -> tuple[bytes, dict[str, Any]]:
        """The PDF and the resources.

        Raises NotebookError, FontError, PictureError or TypesetError.
        """
        copy, resources = super().from_notebook_node(nb, resources, **kwargs)
        name = (resources.get("metadata") or {}).get("name") or ""
        fonts = select_fonts(requested_folder(), system_allowed())
        pdf = typeset(read_notebook(copy), fonts, name)
        resources["output_extension"] = ".pdf"
        return pdf, resources
