"""HTML → blocks. Only meaning is read; scripts, styles and event attributes are not."""

from __future__ import annotations

import base64
import binascii
import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import groupby
from operator import itemgetter
from urllib.parse import unquote_to_bytes

from lxml import etree
from lxml.etree import _Element

from nianbao.document import markup
from nianbao.document.model import Block, Heading, ListBlock, Paragraph, Picture, Preformatted, Run, Runs, Title
from nianbao.document.table import read_table
from nianbao.document.text import clean
from nianbao.errors import NotebookError

PICTURES = ("image/svg+xml", "image/png", "image/jpeg", "image/webp", "image/gif")
QUOTE = "quote"
"""Role of a paragraph in a block quotation; all other roles are those of ``markup``."""

_ROLES = {
    markup.RED_HEAD,
    markup.DOCUMENT_NUMBER,
    markup.SIGNER,
    markup.ADDRESSEE,
    markup.ATTACHMENT,
    markup.SIGNATURE,
    markup.DATE,
    markup.CAPTION,
    markup.NOTE,
    markup.DRAFT,
    markup.SAMPLE,
}
_IGNORED = {
    "script", "style", "iframe", "object", "embed", "applet", "template", "head", "meta", "link", "noscript",
    "audio", "video", "canvas", "map", "colgroup", "col", "param", "source", "track",
}  # fmt: skip
_BLOCKS = {
    "address", "article", "aside", "blockquote", "body", "center", "dd", "details", "dialog", "div", "dl", "dt",
    "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hgroup", "hr",
    "html", "li", "main", "nav", "ol", "p", "pre", "section", "summary", "table", "ul", "img", "svg",
}  # fmt: skip
_OWN_LINES = (_BLOCKS | {"tr"}) - {"img", "svg"}
_STYLES: dict[str, dict[str, object]] = {
    "strong": {"strong": True},
    "b": {"strong": True},
    "em": {"emphasis": True},
    "i": {"emphasis": True},
    "code": {"code": True},
    "kbd": {"code": True},
    "samp": {"code": True},
    "tt": {"code": True},
    "sub": {"shift": "sub"},
    "sup": {"shift": "super"},
}
_BREAK = "\u2028"
_SPACE = re.compile(r"[ \t\n\r\f]+")
_WIDE = re.compile(r"[\u2e80-\u9fff\uac00-\ud7ff\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60\U00020000-\U0003fffd]")
_DEEPEST = 200
_MIXED_CASE = [
    "attributeName", "clipPath", "clipPathUnits", "gradientTransform", "gradientUnits", "linearGradient",
    "markerHeight", "markerUnits", "markerWidth", "maskContentUnits", "maskUnits", "patternContentUnits",
    "patternTransform", "patternUnits", "preserveAspectRatio", "radialGradient", "refX", "refY", "spreadMethod",
    "startOffset", "textLength", "textPath", "viewBox",
]  # fmt: skip
_CAMEL = {name.lower(): name for name in _MIXED_CASE}


def read_html(fragment: str, where: str = "HTML") -> tuple[Block, ...]:
    """The blocks of a piece of HTML.

    Raises NotebookError when a span, a picture or a character cannot be read, or when elements
    are nested deeper than 200.
    """
    clean(fragment, where)
    parser = etree.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, huge_tree=True)
    root = etree.fromstring(f"<html><body>{fragment}</body></html>".encode(), parser)
    return tuple(_Reader(where).blocks(root, 0)) if root is not None else ()


class _Reader:
    """Walks one fragment; ``where`` names it in messages."""

    def __init__(self, where: str) -> None:
        self.where = where

    def blocks(self, element: _Element, depth: int) -> Iterator[Block]:
        """Blocks of an element's content; text and inline elements between blocks make paragraphs."""
        if depth > _DEEPEST:
            raise NotebookError(self.where, f"元素嵌套超过 {_DEEPEST} 层", "简化该单元格的输出")
        inline: list[Run] = self._runs_of_text(element.text, Run(""))
        for child in element:
            if self._holds_blocks(child):
                yield from self._paragraph(inline)
                inline = []
                yield from self._block(child, depth + 1)
            else:
                inline += self._inline(child, Run(""))
            inline += self._runs_of_text(child.tail, Run(""))
        yield from self._paragraph(inline)

    def runs(self, element: _Element) -> Runs:
        """The text of an element and all below it as runs; block elements inside begin a new line."""
        return _normalised(self._content(element, Run("")))

    def _paragraph(self, inline: list[Run], role: str = "") -> Iterator[Block]:
        runs = _normalised(inline)
        if runs:
            yield Paragraph(runs, role)

    def _runs_of_text(self, text: object, style: Run) -> list[Run]:
        return [replace(style, text=clean(str(text), self.where))] if text else []

    @staticmethod
    def _holds_blocks(element: _Element) -> bool:
        """Whether an element is a block or an inline element around one (``<a><img></a>``)."""
        return element.tag in _BLOCKS or (
            element.tag not in _IGNORED and any(child.tag in _BLOCKS for child in element.iterdescendants())
        )

    def _inline(self, element: _Element, style: Run) -> list[Run]:
        if element.tag in _IGNORED or not isinstance(element.tag, str):
            return []
        if element.tag == "br":
            return [replace(style, text=_BREAK)]
        if element.tag == "img":
            return self._runs_of_text(element.get("alt"), style)
        if element.tag == "input" and element.get("type") == "checkbox":
            # The box of a task list, in characters that Chinese faces have.
            return [replace(style, text="√ " if element.get("checked") is not None else "□ ")]
        changes = _STYLES.get(element.tag, {})
        if markup.LEAD in (element.get("class") or "").split():
            changes = {**changes, "lead": True}
        return self._content(element, replace(style, **changes))  # type: ignore[arg-type]

    def _content(self, element: _Element, style: Run) -> list[Run]:
        runs = self._runs_of_text(element.text, style)
        for child in element:
            block = child.tag in _OWN_LINES
            if block and runs and runs[-1].text != _BREAK:
                runs.append(Run(_BREAK))
            runs += self._inline(child, style)
            if block and (str(child.tail or "").strip() or child.getnext() is not None):
                runs.append(Run(_BREAK))
            runs += self._runs_of_text(child.tail, style)
        return runs

    def _block(self, element: _Element, depth: int) -> Iterator[Block]:
        tag = str(element.tag)
        classes = (element.get("class") or "").split()
        if tag == "h1" and markup.TITLE in classes:
            yield self._title(element)
        elif re.fullmatch("h[1-6]", tag):
            if runs := self.runs(element):
                yield Heading(int(tag[1]), runs)
        elif tag in ("ul", "ol"):
            yield from self._list(element, depth)
        elif tag == "table":
            yield from read_table(element, self.runs, self.where)
        elif tag == "pre":
            text = clean("".join(str(part) for part in element.itertext()), self.where).expandtabs(8).strip("\n")
            if text.strip():
                yield Preformatted(text)
        elif tag == "img":
            yield self._picture(element, ())
        elif tag == "svg":
            yield Picture(_svg(element), "image/svg+xml", _attribute(element, "aria-label", self.where))
        elif tag == "figure":
            yield from self._figure(element, depth)
        elif tag == "blockquote":
            for block in self.blocks(element, depth):
                yield Paragraph(block.runs, QUOTE) if isinstance(block, Paragraph) and not block.role else block
        else:
            role = next((name for name in classes if name in _ROLES), "")
            if role:
                yield from self._paragraph(self._content(element, Run("")), role)
            else:
                yield from self.blocks(element, depth)

    def _title(self, element: _Element) -> Title:
        date = element.get("data-date") or ""
        try:
            parsed = dt.date.fromisoformat(date) if date else None
        except ValueError:
            raise NotebookError(self.where, f"data-date 应为 YYYY-MM-DD，实为“{date}”", "改正报告日期") from None
        unit, year, author = (_attribute(element, f"data-{name}", self.where) for name in ("unit", "year", "author"))
        return Title(self.runs(element), unit, year, author, parsed)

    def _list(self, element: _Element, depth: int) -> Iterator[Block]:
        items = [tuple(self.blocks(child, depth + 1)) for child in element if child.tag not in _IGNORED]
        start = element.get("start") or "1"
        number = int(start) if re.fullmatch(r"[0-9]{1,6}", start) else 1
        if items:
            yield ListBlock(tuple(items), element.tag == "ol", number)

    def _figure(self, element: _Element, depth: int) -> Iterator[Block]:
        caption: Runs = ()
        for child in element.iterchildren("figcaption"):
            caption += self.runs(child)
        pictures = list(element.iterdescendants("img"))
        for picture in pictures[:-1]:
            yield self._picture(picture, ())
        if pictures:
            yield self._picture(pictures[-1], caption)
            return
        for child in element:
            if child.tag != "figcaption":
                yield from self._block(child, depth + 1)
        if caption:
            yield Paragraph(caption, markup.NOTE)

    def _picture(self, element: _Element, caption: Runs) -> Block:
        source = (element.get("src") or "").strip()
        alt = " ".join(_attribute(element, "alt", self.where).split())
        if not source.lower().startswith("data:"):
            # Nothing is fetched; the reader is told that a picture is missing.
            return Paragraph((Run(f"（图片未嵌入：{alt or clean(source, self.where) or '无来源'}）"),), markup.NOTE)
        header, _, payload = source[5:].partition(",")
        mime, *options = header.lower().split(";")
        if mime not in PICTURES:
            raise NotebookError(self.where, f"图片格式“{mime}”不能印出", f"改用 {'、'.join(PICTURES)}")
        if "base64" not in options:
            return Picture(unquote_to_bytes(payload), mime, alt, caption)
        return Picture(decode_base64(payload, self.where), mime, alt, caption)


def decode_base64(payload: str, where: str) -> bytes:
    """Bytes of a base64 text, white space allowed. Raises NotebookError when it is not base64."""
    try:
        return base64.b64decode("".join(unquote_to_bytes(payload).decode("ascii").split()), validate=True)
    except (binascii.Error, UnicodeDecodeError):
        raise NotebookError(where, "图片数据不是 base64", "重新运行该单元格") from None


def _attribute(element: _Element, name: str, where: str) -> str:
    return clean(element.get(name) or "", where)


def _svg(element: _Element) -> bytes:
    """Inline SVG as a file of its own; the HTML parser lowers names that SVG writes in mixed case."""
    for node in element.iter():
        if isinstance(node.tag, str):
            node.tag = _CAMEL.get(node.tag, node.tag)
            for name in list(node.attrib):
                if str(name) in _CAMEL:
                    node.set(_CAMEL[str(name)], node.attrib.pop(name))
    element.attrib.pop("xmlns", "")
    text = etree.tostring(element, encoding="unicode", with_tail=False)
    return text.replace("<svg", '<svg xmlns="http://www.w3.org/2000/svg"', 1).encode()


def _normalised(runs: list[Run]) -> Runs:
    """Runs with white space collapsed as HTML does, none at the ends of lines.

    A line end between two Chinese characters is no space. No-break spaces become spaces.
    """
    text = "".join(run.text for run in runs)
    owners = [index for index, run in enumerate(runs) for _ in run.text]
    kept: list[tuple[str, int]] = []
    position = 0
    while position < len(text):
        match = _SPACE.match(text, position)
        if not match:
            character = text[position]
            kept.append((" " if character in "\u00a0\u202f" else character, owners[position]))
            position += 1
            continue
        end = match.end()
        before = kept[-1][0] if kept else _BREAK
        after = text[end] if end < len(text) else _BREAK
        joined = "\n" in match[0] and _WIDE.match(before) and _WIDE.match(after)
        if before != _BREAK and before != " " and after != _BREAK and not joined:
            kept.append((" ", owners[position]))
        position = end
    while kept and kept[-1][0] in " \u3000" + _BREAK:
        kept.pop()
    start = 0
    while start < len(kept) and kept[start][0] in " \u3000" + _BREAK:
        start += 1
    out: list[Run] = []
    for owner, characters in groupby(kept[start:], key=itemgetter(1)):
        run = replace(runs[owner], text="".join(character for character, _ in characters).replace(_BREAK, "\n"))
        if out and replace(out[-1], text="") == replace(run, text=""):
            run = replace(run, text=out.pop().text + run.text)
        out.append(run)
    return tuple(out)
