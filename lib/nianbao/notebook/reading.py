"""An executed notebook → the document that an exporter prints: ours through the gate, any other as it is."""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import TYPE_CHECKING

from nianbao.document import Document
from nianbao.document.notebook import document_of, kind_of, poses_as_report, shown
from nianbao.errors import NianbaoError
from nianbao.notebook.gate import Expected, gate, parameters_of, refused

if TYPE_CHECKING:
    from nbformat import NotebookNode

_KINDS = {
    "report": "nianbao.notebook.expected",
    "summary": "nianbao.city.expected",
    "city": "nianbao.city.own",
    "note": "nianbao.city.note",
}
"""Kind of notebook → the module whose ``expected_for`` knows what such a notebook is to show."""


def printable(node: NotebookNode, folder: Path | None = None) -> Document:
    """What an exporter prints of a notebook.

    One of ours is held against the params that `folder` (or the working directory) leads to; what does not pass the
    gate comes out as a draft that says why. Any other notebook is printed as it is.

    Raises
    ------
    NotebookError
        Of a notebook that is none of ours: an output cannot be read, or something said once is said twice.
    """
    kind = kind_of(node)
    if kind is None:
        pieces = tuple(shown(node))
        if not poses_as_report(pieces):
            return document_of(pieces)
        kind = "report"
    parameters = parameters_of(node)
    if not parameters:
        return refused(node, "没有写明单位和年份的单元格（标签为 parameters）").document
    try:
        module = importlib.import_module(_KINDS.get(kind, _KINDS["report"]))
        expected: Expected = module.expected_for(parameters, folder)
    except NianbaoError as error:
        return refused(node, str(error).removesuffix("。")).document
    return gate(node, expected).document
