"""Text and inline elements of HTML → runs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import groupby
from operator import itemgetter

from nianbao.document import markup
from nianbao.document.images import ImageReader
from nianbao.document.model import Picture, Run, Runs
from nianbao.document.text import clean
from nianbao.office.xml import XmlElement

IGNORED = {
    "script", "style", "iframe", "object", "embed", "applet", "template", "head", "title", "meta", "link", "noscript",
    "noframes", "noembed", "audio", "video", "canvas", "map", "colgroup", "col", "param", "source", "track", "rp",
    "select", "datalist", "option", "optgroup", "textarea", "button", "meter", "progress",
}  # fmt: skip
"""Elements whose content is not text of the document: programs, what an old browser would show, form controls."""
BLOCKS = {
    "address", "article", "aside", "blockquote", "body", "center", "dd", "details", "dialog", "dir", "div", "dl", "dt",
    "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hgroup", "hr",
    "html", "legend", "li", "listing", "main", "menu", "nav", "ol", "p", "pre", "section", "summary", "table", "ul",
    "img", "svg",
}  # fmt: skip

_STYLES: dict[str, dict[str, object]] = {
    "strong": {"strong": True},
    "b": {"strong": True},
    "em": {"emphasis": True},
    "i": {"emphasis": True},
    "u": {"underline": True},
    "ins": {"underline": True},
    "s": {"struck": True},
    "strike": {"struck": True},
    "del": {"struck": True},
    "code": {"code": True},
    "kbd": {"code": True},
    "samp": {"code": True},
    "tt": {"code": True},
    "sub": {"shift": "sub"},
    "sup": {"shift": "super"},
}
_FOOTNOTE_MARK = "gt_footnote_marks"
"""Class by which great-tables raises the mark of a footnote."""
_BACK_TO_TEXT = "footnote"
"""Class of the arrow by which a footnote of markdown leads back to its place in the text."""
_STRUCK = re.compile(r"text-decoration(?:-line)?\s*:[^;]*line-through", re.IGNORECASE)
_SHIFT = re.compile(r"vertical-align\s*:\s*(sub|super)\b", re.IGNORECASE)
_OWN_LINE = re.compile(
    r"(?:^|;)\s*display\s*:\s*(?:block|flex|grid|flow-root|list-item|table|table-row|table-caption)\s*(?:!|;|$)",
    re.IGNORECASE,
)
_LINK = re.compile(r"https?://[^\s\\]+|[a-z]{2,20}/[a-z]+(?:\.[a-z]+)*\.html", re.IGNORECASE)
"""An address, or a page in a folder beside: ``anhai/report.html``."""
_BREAK, _EDGE = "\u2028", "\u2029"
"""A line break, and the edge of a block inside a line, which breaks the line where it has begun."""
_PICTURE = "\ufffc"
_BETWEEN_CELLS = "\u3000"
_SPACE = re.compile(r"[ \t\n\r\f]+")
_SOLID = re.compile(r"\S+")
_WIDE = re.compile(r"[\u2e80-\u9fff\uac00-\ud7ff\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60\U00020000-\U0003fffd]")
_WORD = re.compile(r"[0-9A-Za-z.,%]")


def is_block(element: XmlElement) -> bool:
    """Whether an element begins a block of its own."""
    return element.tag in BLOCKS or bool(_OWN_LINE.search(element.get("style") or ""))


def styled(element: XmlElement, style: Run) -> Run:
    """The style inside an element that stands in text of this style."""
    changes = dict(_STYLES.get(str(element.tag), {}))
    if classes := (element.get("class") or "").split():
        if markup.LEAD in classes:
            changes["lead"] = True
        if _FOOTNOTE_MARK in classes:
            changes["shift"] = "super"
    if css := element.get("style"):
        if _STRUCK.search(css):
            changes["struck"] = True
        if not is_block(element) and element.tag not in ("td", "th") and (shift := _SHIFT.search(css)):
            changes["shift"] = shift[1].lower()
    if element.tag == "a" and _LINK.fullmatch(address := (element.get("href") or "").strip()):
        changes["link"] = address
    return replace(style, **changes) if changes else style  # type: ignore[arg-type]


class InlineReader:
    """Reads runs; ``where`` names the fragment in messages."""

    def __init__(self, where: str, images: ImageReader) -> None:
        self.where = where
        self.images = images

    def runs(self, element: XmlElement, style: Run) -> Runs:
        """The text of an element and all below it; block elements inside begin a new line."""
        return normalised(self.content(element, styled(element, style)))

    def text(self, text: object, style: Run) -> list[Run]:
        """A text as it stands in the source."""
        return [replace(style, text=clean(str(text), self.where))] if text else []

    def content(self, element: XmlElement, style: Run) -> list[Run]:
        """The inside of an element."""
        runs = self.text(element.text, style)
        for child in element:
            block = child.tag not in ("img", "svg") and (child.tag == "tr" or is_block(child))
            if block:
                runs.append(Run(_EDGE))
            if child.tag in ("td", "th") and child.getprevious() is not None:
                runs.append(Run(_BETWEEN_CELLS))
            runs += self.inline(child, style)
            if block:
                runs.append(Run(_EDGE))
            runs += self.text(child.tail, style)
        return runs

    def inline(self, element: XmlElement, style: Run) -> list[Run]:
        """An element in a line."""
        tag = element.tag
        if tag in IGNORED or not isinstance(tag, str):
            return []
        if tag == "br":
            return [replace(style, text=_BREAK)]
        if tag in ("img", "svg"):
            found = self.images.read(element)
            return [Run(_PICTURE, picture=found)] if isinstance(found, Picture) else self.text(found, style)
        if tag == "input":
            return self.text(tick(element), style)
        if tag == "math":
            return self.text("（公式未印出）", style)
        if tag == "rt":
            return [*self.text("（", style), *self.content(element, style), *self.text("）", style)]
        if tag == "a" and _BACK_TO_TEXT in (element.get("class") or "").split():
            return []
        return self.content(element, styled(element, style))


def tick(element: XmlElement) -> str:
    """The box of a task list, in characters that Chinese faces have; nothing for another control."""
    if (element.get("type") or "").lower() != "checkbox":
        return ""
    return "√ " if element.get("checked") is not None else "□ "


def normalised(runs: list[Run]) -> Runs:
    """Runs with white space collapsed as HTML does, none at the ends of lines.

    A line end between two Chinese characters is no space. No-break spaces become spaces.
    """
    if len(runs) == 1 and _SOLID.fullmatch(runs[0].text) and runs[0].picture is None:
        return tuple(runs)  # most cells of a table
    return tuple(_parted(_grouped(runs, _collapsed(runs))))


def _collapsed(runs: list[Run]) -> list[tuple[str, int]]:
    """The characters that are shown, each with the place of its run."""
    text = "".join(run.text for run in runs)
    owners = [index for index, run in enumerate(runs) for _ in run.text]
    kept: list[tuple[str, int]] = []
    position = 0
    while position < len(text):
        match = _SPACE.match(text, position)
        if not match:
            character = text[position]
            if character != _EDGE:
                kept.append((" " if character in "\u00a0\u202f" else character, owners[position]))
            elif kept and kept[-1][0] != _BREAK:
                kept.append((_BREAK, owners[position]))
            position += 1
            continue
        end = match.end()
        before = kept[-1][0] if kept else _BREAK
        after = text[end] if end < len(text) else _BREAK
        joined = "\n" in match[0] and _WIDE.match(before) and _WIDE.match(after)
        if before not in (_BREAK, " ") and after not in (_BREAK, _EDGE) and not joined:
            kept.append((" ", owners[position]))
        position = end
    while kept and kept[-1][0] in " \u3000" + _BREAK:
        kept.pop()
    start = 0
    while start < len(kept) and kept[start][0] in " \u3000" + _BREAK:
        start += 1
    return kept[start:]


def _grouped(runs: list[Run], kept: list[tuple[str, int]]) -> Iterator[Run]:
    """Runs of equal style as one."""
    last: Run | None = None
    for owner, characters in groupby(kept, key=itemgetter(1)):
        run = runs[owner]
        text = "".join(character for character, _ in characters).replace(_BREAK, "\n")
        if run.picture is not None:
            text = ""
        elif last is not None and replace(last, text="") == replace(run, text=""):
            last = replace(last, text=last.text + text)
            continue
        if last is not None:
            yield last
        last = replace(run, text=text)
    if last is not None:
        yield last


def _parted(runs: Iterator[Run]) -> Iterator[Run]:
    """A space where text that is copied or read out would join figures that the page holds apart.

    Between words struck out and words that are not (``300 30``), between a figure and a raised or lowered one, and
    beside a picture.
    """
    shown = list(runs)
    for place in range(len(shown) - 1):
        one, other = shown[place : place + 2]
        struck = one.struck != other.struck and _WORD.match(one.text[-1:]) and _WORD.match(other.text[:1])
        if one.picture is not None and _WORD.match(other.text[:1]):
            shown[place + 1] = replace(other, text=" " + other.text)
        if other.picture is not None and _WORD.match(one.text[-1:]):
            shown[place] = replace(one, text=one.text + " ")
        shifted = one.shift != other.shift and one.text[-1:].isdigit() and other.text[:1].isdigit()
        if struck or shifted:
            if one.struck or (one.shift and not struck):
                shown[place] = replace(one, text=one.text + " ")
            else:
                shown[place + 1] = replace(other, text=" " + other.text)
    yield from shown
