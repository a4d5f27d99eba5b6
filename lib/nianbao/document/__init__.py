"""Executed notebook → headings, paragraphs, table grids with spans, figures."""

from nianbao.document.html import QUOTE, read_html
from nianbao.document.model import (
    Block,
    Cell,
    Document,
    Heading,
    ListBlock,
    Meta,
    Paragraph,
    Picture,
    Preformatted,
    Row,
    Run,
    Runs,
    Table,
    Title,
    each,
    in_one_line,
    pictures_in,
    plain,
)
from nianbao.document.notebook import read_notebook

__all__ = [
    "QUOTE",
    "Block",
    "Cell",
    "Document",
    "Heading",
    "ListBlock",
    "Meta",
    "Paragraph",
    "Picture",
    "Preformatted",
    "Row",
    "Run",
    "Runs",
    "Table",
    "Title",
    "each",
    "in_one_line",
    "pictures_in",
    "plain",
    "read_html",
    "read_notebook",
]
