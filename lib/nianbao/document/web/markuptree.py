"""Trees of HTML: parsed from a fragment, written again element by element.

The writer is our own and small, so that the bytes do not depend on the version
of libxml2, and so that nothing is written that was not asked for.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from html import escape
from typing import TypeAlias

from lxml import html

from nianbao.errors import NotebookError

Element: TypeAlias = html.HtmlElement
Attributes: TypeAlias = list[tuple[str, str]]
Rewrite: TypeAlias = Callable[[Element], "tuple[str, Attributes] | str"]
"""Element → tag and attributes to write (tag ``""``: its content alone), or the text to write instead."""

VOID = frozenset({"br", "wbr", "hr", "img", "col"})
MAX_DEPTH = 120
"""Elements nested deeper than this are written as their text."""

_TOO_DEEP = "ERR_RESOURCE_LIMIT"
_STRUCTURE = frozenset({"table", "colgroup", "thead", "tbody", "tfoot", "tr", "ul", "ol", "dl", "figure"})
_BLOCKS = frozenset({"p", "h1", "h2", "h3", "h4", "h5", "h6", "td", "th", "li", "dt", "dd", "div", "caption"})
_SPACE = re.compile(r"[ \t\n\r\f]+")
# Control characters, overrides of the writing direction, lone surrogates and non-characters: shown, never obeyed.
_UNPRINTABLE = re.compile(
    "[\x00-\x08\x0b\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]"
)


def printable(text: str) -> str:
    """``text`` in which every character that cannot be printed shows as U+FFFD."""
    return _UNPRINTABLE.sub("\ufffd", text)


def parse(text: str) -> Element:
    """The element that holds the parsed fragment.

    Raises NotebookError when it is nested so deeply that the parser would lose text.
    """
    parser = html.HTMLParser(remove_comments=True, remove_pis=True, huge_tree=True, encoding="utf-8")
    document = f"<!DOCTYPE html><html><body><div>{printable(text)}</div></body></html>"
    body: Element = html.document_fromstring(document.encode("utf-8"), parser=parser).find("body")
    if any(entry.type_name == _TOO_DEEP for entry in parser.error_log):
        raise NotebookError("HTML", "元素嵌套过深，其中的文字会丢失", "简化该单元格的输出")
    # The div keeps the parser from inventing a paragraph; a stray </div> may have closed it early.
    body[0].drop_tag()
    return body


def write(root: Element, rewrite: Rewrite) -> str:
    """What is inside ``root`` as HTML, each element as ``rewrite`` says."""
    out: list[str] = []
    _write_inside(root, rewrite, out, depth=0, verbatim=False)
    return "".join(out)


def _write_inside(node: Element, rewrite: Rewrite, out: list[str], depth: int, verbatim: bool) -> None:
    parent = str(node.tag)
    last = len(node) - 1
    out.append(_text(node.text, parent, verbatim, first=True, last=last < 0))
    for index, child in enumerate(node):
        if isinstance(child.tag, str):  # else a comment or an entity
            _write_element(child, rewrite, out, depth, verbatim)
        out.append(_text(child.tail, parent, verbatim, last=index == last))


def _write_element(node: Element, rewrite: Rewrite, out: list[str], depth: int, verbatim: bool) -> None:
    rewritten = rewrite(node)
    if isinstance(rewritten, str):
        out.append(_escaped(rewritten))
        return
    if depth > MAX_DEPTH:
        out.append(_escaped(node.text_content()))
        return
    tag, attributes = rewritten
    if tag:
        written = "".join(f' {name}="{escape(printable(value))}"' for name, value in attributes)
        out.append(f"<{tag}{written}>")
    if tag not in VOID:
        _write_inside(node, rewrite, out, depth + 1, verbatim or tag == "pre")
        if tag:
            out.append(f"</{tag}>")


def _text(text: str | None, parent: str, verbatim: bool, *, first: bool = False, last: bool = False) -> str:
    if not text:
        return ""
    if verbatim:
        # The first line feed in a pre is not shown.
        return _escaped("\n" + text if first and parent == "pre" and text.startswith("\n") else text)
    text = _SPACE.sub(lambda space: "\n" if "\n" in space[0] else " ", text)
    if parent in _STRUCTURE and not text.strip():
        return ""
    if parent in _BLOCKS:
        text = text.lstrip(" \n") if first else text
        text = text.rstrip(" \n") if last else text
    return _escaped(text)


def _escaped(text: str) -> str:
    return escape(printable(text), quote=False)
