"""The text of a cell of a page as it shows; what is no plain text carries a mark, so that it is never read as a figure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from lxml import etree

from nianbao.office.xml import XmlElement
from nianbao.published.looks import Look, Looks, is_mixed

SKIPPED = {
    "script", "style", "noscript", "template", "iframe", "object", "embed", "svg", "math", "select", "datalist",
    "button", "textarea", "audio", "video", "canvas", "head", "title", "nav",
}  # fmt: skip
BREAKS = {
    "address", "article", "aside", "blockquote", "body", "caption", "center", "dd", "details", "dialog", "div", "dl",
    "dt", "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr",
    "html", "legend", "li", "main", "ol", "p", "pre", "section", "summary", "table", "tbody", "td", "tfoot", "th",
    "thead", "tr", "ul", "br",
}  # fmt: skip
MARKED = {"del": "~", "s": "~", "strike": "~", "sup": "^", "sub": "_"}
STRUCK = ("del", "s", "strike")
_STANDS_FOR = {
    **dict.fromkeys(("img", "svg", "math", "canvas", "object", "embed", "iframe"), "〔图〕"),
    **dict.fromkeys(("input", "select", "button", "textarea"), "〔框〕"),
}
"""What is put where something is shown that is not text."""
_SPACE = re.compile(r"[ \t\n\r\f]+")
_WIDE = re.compile(r"[\u2e80-\u9fff\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60]")
_DIGIT = re.compile(r"[0-9\uff10-\uff19]")


def collapse(text: str) -> str:
    """White space as a browser shows it, no-break spaces as spaces; a line end between Chinese characters is none."""

    def space(match: re.Match[str]) -> str:
        before, after = text[match.start() - 1 : match.start()], text[match.end() : match.end() + 1]
        wide = "\n" in match[0] and _WIDE.match(before) and _WIDE.match(after)
        return "" if wide else " "

    return _SPACE.sub(space, text).replace("\u00a0", " ").replace("\u202f", " ").strip(" \u3000")


@dataclass(frozen=True)
class CellTexts:
    """Reads cells; ``numerals`` are what list markup shows before an item, ``looks`` the styles of the page."""

    numerals: Mapping[XmlElement, str]
    looks: Looks

    def of(self, cell: XmlElement) -> str:
        """The text of a cell, a line for each block.

        Marked is what is struck out, raised, turned round, a picture or a field, and a figure of which a part looks
        otherwise than the rest: raised, small or white on white.
        """
        parts: list[str] = []
        looks = [self.looks.look(cell, Look())]
        figures: list[Look] = []
        context = etree.iterwalk(cell, events=("start", "end"))
        for event, element in context:
            tag = str(element.tag).lower()
            inner = element is not cell
            if event == "start":
                if inner:
                    looks.append(self.looks.look(element, looks[-1]))
                hidden = inner and self.looks.is_hidden(element)
                if hidden or tag in SKIPPED:
                    parts.append("" if hidden else _STANDS_FOR.get(tag, ""))
                    context.skip_subtree()
                    continue
                if inner and tag in BREAKS:
                    parts.append("\r")
                parts.append(self.numerals.get(element) or self._mark(element, tag))
                text = element.text
            elif inner:
                looks.pop()
                parts.append("\r" if tag in BREAKS else "~" if tag in STRUCK else "")
                text = element.tail
            else:
                continue
            if text:
                parts.append(str(text))
                if _DIGIT.search(str(text)):
                    figures.append(looks[-1])
        lines = (collapse(line) for line in "".join(parts).split("\r"))
        whole = "\n".join(line for line in lines if line)
        return f"~{whole}" if whole[:1] != "~" and is_mixed(whole, figures) else whole

    def _mark(self, element: XmlElement, tag: str) -> str:
        if tag == "input" and (element.get("type") or "").lower() == "hidden":
            return ""
        if mark := MARKED.get(tag) or _STANDS_FOR.get(tag):
            return mark
        return "~" if self.looks.is_struck(element) or self.looks.is_turned_round(element) else ""
