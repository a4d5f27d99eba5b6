"""The exporters under the names that ``jupyter nbconvert --to`` takes.

JupyterLab's menu needs names without a hyphen (see pyproject.toml); these have
one, and no menu entry, so that the menu shows each format once.
"""

from __future__ import annotations

from nianbao.typeset.exporter import PDFExporter
from nianbao.webpage.exporter import FragmentExporter, HTMLExporter


class PDF(PDFExporter):
    """``--to nianbao-pdf``."""

    export_from_notebook = ""


class Page(HTMLExporter):
    """``--to nianbao-html``."""

    export_from_notebook = ""


class Fragment(FragmentExporter):
    """``--to nianbao-web``."""

    export_from_notebook = ""
