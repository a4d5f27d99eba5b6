"""What the tests of the office formats share."""

from __future__ import annotations

import nbformat.v4 as nbf
import pytest
from tests.document.pdf import typeset_samples as samples

from nianbao.document import Document, markup, read_notebook
from nianbao.document.docx.writer import write_docx


def document(*elements: str) -> Document:
    """A document of these elements."""
    return read_notebook(samples.notebook(samples.shown(*elements)))


def docx_of(*elements: str) -> bytes:
    """The same as DOCX."""
    return write_docx(document(*elements))


def with_attachments(nb: nbf.nbbase.NotebookNode) -> Document:
    """A sample report that names two attachments."""
    found = read_notebook(nb)
    extra = document(*(samples.paragraph(text, markup.ATTACHMENT) for text in ("2.依申请公开办理情况", "3.其他")))
    at = next(i for i, b in enumerate(found.blocks) if getattr(b, "role", "") == markup.SIGNATURE)
    return Document(found.meta, (*found.blocks[:at], *extra.blocks, *found.blocks[at:]))


@pytest.fixture(scope="session")
def upward() -> bytes:
    """A report issued upward, with number, addressee, 签发人 and attachments, as DOCX."""
    return write_docx(with_attachments(samples.report(red_head=True)))


@pytest.fixture(scope="session")
def draft() -> bytes:
    """A draft with a number, as DOCX."""
    return write_docx(read_notebook(samples.report(red_head=True, signer=False, draft=True)))
