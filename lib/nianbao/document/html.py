"""HTML → blocks. Only what is shown is read; scripts, styles and event attributes are not."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from lxml import etree

from nianbao.document import markup
from nianbao.document.hidden import drop_hidden
from nianbao.document.images import ImageReader
from nianbao.document.inline import IGNORED, InlineReader, is_block, normalised, styled
from nianbao.document.model import Block, Heading, ListBlock, Paragraph, Picture, Preformatted, Run, Runs, Title, plain
from nianbao.document.table import read_table
from nianbao.document.text import clean
from nianbao.errors import NotebookError
from nianbao.office.xml import XmlElement

QUOTE = "quote"
"""Role of a paragraph in a block quotation; all other roles are those of ``markup``."""

_ROLES = markup.OFFICIAL | {markup.CAPTION, markup.NOTE}
_LISTS = ("ul", "ol", "menu", "dir")
_DEEPEST = 200
_PLAIN = Run("")


def read_html(
    fragment: str, where: str = "HTML", attachments: Mapping[str, Mapping[str, Any]] | None = None
) -> tuple[Block, ...]:
    """The blocks of a piece of HTML; ``attachments`` are those of the markdown cell that it was made of.

    Raises NotebookError when a span, a picture or a character cannot be read, or when elements
    are nested deeper than 200.
    """
    clean(fragment, where)
    parser = etree.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, huge_tree=True)
    root = etree.fromstring(f"<html><body>{fragment}</body></html>".encode(), parser)
    if root is None:
        return ()
    drop_hidden(root)
    return tuple(_Reader(where, ImageReader(where, attachments or {})).blocks(root, _PLAIN, 0))


class _Reader:
    """Walks one fragment; ``where`` names it in messages."""

    def __init__(self, where: str, images: ImageReader) -> None:
        self.where = where
        self.images = images
        self.inline = InlineReader(where, images)

    def blocks(self, element: XmlElement, style: Run, depth: int) -> Iterator[Block]:
        """Blocks of an element's content; text and inline elements between blocks make paragraphs."""
        inline: list[Run] = []
        for part in self._flow(element, style, depth):
            if isinstance(part, Run):
                inline.append(part)
                continue
            yield from _paragraph(inline)
            inline = []
            if part is not None:
                yield part
        yield from _paragraph(inline)

    def _flow(self, element: XmlElement, style: Run, depth: int) -> Iterator[Run | Block | None]:
        """What is inside an element: runs, blocks, and None where a paragraph ends.

        An inline element around a block (``<b>12<img></b>``) is gone through as if it were not there.
        """
        if depth > _DEEPEST:
            raise NotebookError(self.where, f"元素嵌套超过 {_DEEPEST} 层", "简化该单元格的输出")
        style = styled(element, style)
        yield from self.inline.text(element.text, style)
        for child in element:
            if is_block(child):
                yield None
                yield from self._block(child, style, depth + 1)
                yield None
            elif child.tag not in IGNORED and any(is_block(inner) for inner in child.iterdescendants()):
                yield from self._flow(child, style, depth + 1)
            else:
                yield from self.inline.inline(child, style)
            yield from self.inline.text(child.tail, style)

    def _block(self, element: XmlElement, style: Run, depth: int) -> Iterator[Block]:
        tag = str(element.tag)
        role = next((name for name in (element.get("class") or "").split() if name in _ROLES), "")
        if tag == "h1" and markup.TITLE in (element.get("class") or "").split():
            yield self._title(element)
        elif re.fullmatch("h[1-6]", tag):
            yield from _heading(int(tag[1]), self.inline.runs(element, style))
        elif tag in _LISTS:
            yield from self._list(element, style, depth)
        elif tag == "table":
            yield from read_table(element, lambda cell: self.inline.runs(cell, _down_to(cell, style)), self.where)
        elif tag in ("pre", "listing"):
            text = clean("".join(str(part) for part in element.itertext()), self.where).expandtabs(8).strip("\n")
            if text.strip():
                yield Preformatted(text)
        elif tag in ("img", "svg"):
            yield self._picture(element)
        elif tag == "figure":
            yield from self._figure(element, style, depth)
        elif tag == "blockquote":
            for block in self.blocks(element, style, depth):
                yield Paragraph(block.runs, QUOTE) if isinstance(block, Paragraph) and not block.role else block
        elif role:
            yield from _paragraph(self.inline.content(element, styled(element, style)), role)
        else:
            yield from self.blocks(element, style, depth)

    def _title(self, element: XmlElement) -> Title:
        date = element.get("data-date") or ""
        try:
            parsed = dt.date.fromisoformat(date) if date else None
        except ValueError:
            raise NotebookError(self.where, f"data-date 应为 YYYY-MM-DD，实为“{date}”", "改正报告日期") from None
        unit, year, author, index_number = (
            clean(element.get(f"data-{name}") or "", self.where) for name in ("unit", "year", "author", "index")
        )
        return Title(self.inline.runs(element, _PLAIN), unit, year, author, parsed, index_number)

    def _list(self, element: XmlElement, style: Run, depth: int) -> Iterator[Block]:
        style = styled(element, style)
        items = [tuple(self.blocks(child, style, depth + 1)) for child in element if child.tag not in IGNORED]
        start = element.get("start") or "1"
        number = int(start) if re.fullmatch(r"[0-9]{1,6}", start) else 1
        if items:
            yield ListBlock(tuple(items), element.tag == "ol", number)

    def _figure(self, element: XmlElement, style: Run, depth: int) -> Iterator[Block]:
        caption: Runs = ()
        for child in element.iterchildren("figcaption"):
            caption += self.inline.runs(child, style)
        pictures = list(element.iterdescendants("img"))
        for picture in pictures[:-1]:
            yield self._picture(picture)
        if pictures:
            shown = self._picture(pictures[-1], caption)
            is_page = markup.PAGE in (element.get("class") or "").split() and isinstance(shown, Picture)
            yield replace(shown, page=True) if is_page and isinstance(shown, Picture) else shown
            return
        for child in element:
            if child.tag != "figcaption":
                yield from self._block(child, style, depth + 1)
        if caption:
            yield Paragraph(caption, markup.NOTE)

    def _picture(self, element: XmlElement, caption: Runs = ()) -> Block:
        found = self.images.read(element, caption)
        return found if isinstance(found, Picture) else Paragraph((Run(found),), markup.NOTE)


def _paragraph(inline: list[Run], role: str = "") -> Iterator[Block]:
    if runs := normalised(inline):
        yield Paragraph(runs, role)


def _heading(level: int, runs: Runs) -> Iterator[Block]:
    """A heading, and before it the pictures that stand in it: contents and outline are words."""
    yield from (run.picture for run in runs if run.picture is not None)
    words = tuple(Run(" ") if run.picture is not None else run for run in runs)
    if plain(words):
        yield Heading(level, words)


def _down_to(cell: XmlElement, style: Run) -> Run:
    """The style in which a cell stands, from its table down."""
    above: list[XmlElement] = []
    for element in cell.iterancestors():
        above.append(element)
        if element.tag == "table":
            break
    for element in reversed(above):
        style = styled(element, style)
    return style
