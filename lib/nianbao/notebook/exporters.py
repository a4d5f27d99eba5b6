"""The exporters under the names that ``jupyter nbconvert --to`` takes.

JupyterLab builds its menu *Save and Export Notebook As* from the names of all
enabled exporters, but its server answers only for names of letters, digits and
underscores (``nianbao_pdf``, see pyproject.toml). A name with a hyphen would be a
menu entry that leads nowhere, so these stand aside inside that server.
"""

from __future__ import annotations

import sys

from traitlets import Bool, HasTraits, default

from nianbao.notebook.html_exporters import FragmentExporter, HTMLExporter
from nianbao.notebook.pdf_exporter import PDFExporter


class _OutsideTheServer(HasTraits):
    enabled = Bool(help="Not inside JupyterLab's server, which cannot answer for this name.")

    @default("enabled")
    def _enabled_default(self) -> bool:
        return "jupyter_server.services.nbconvert.handlers" not in sys.modules


class PDF(_OutsideTheServer, PDFExporter):
    """``--to nianbao-pdf``."""


class Page(_OutsideTheServer, HTMLExporter):
    """``--to nianbao-html``."""


class Fragment(_OutsideTheServer, FragmentExporter):
    """``--to nianbao-web``."""
