"""Executed notebook → headings, paragraphs, table grids with spans, figures."""

from nianbao.blocks.html import QUOTE, read_html
from nianbao.blocks.model import (
    Block,
    Cell,
    Document,
    Figure,
    Heading,
    ListBlock,
    Meta,
    Paragraph,
    Preformatted,
    Row,
    Run,
    Runs,
    Table,
    Title,
    plain,
)
from nianbao.blocks.notebook import read_notebook

__all__ = [
    "QUOTE",
    "Block",
    "Cell",
    "Document",
    "Figure",
    "Heading",
    "ListBlock",
    "Meta",
    "Paragraph",
    "Preformatted",
    "Row",
    "Run",
    "Runs",
    "Table",
    "Title",
    "plain",
    "read_html",
    "read_notebook",
]
