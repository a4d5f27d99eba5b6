"""An executed notebook → the document that is published: the one way there for builds, batches and exporters."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nianbao.document import Document, read_notebook

if TYPE_CHECKING:
    from nbformat import NotebookNode


def document_of(node: NotebookNode) -> Document:
    """What every writer writes of an executed notebook.

    Raises NotebookError when an output cannot be read or something said once is said twice.
    """
    return read_notebook(node)
