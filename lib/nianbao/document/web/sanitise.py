"""HTML from notebook cells → HTML that can do nothing but be read.

Everything a cell shows passes through :func:`sanitise`. The text is parsed and
written anew from an allow-list, so what is not named here does not exist in the
result: no script, style, handler, frame, form or remote address. Ids and inline
styles go as well; alignment survives as one of :data:`ALIGNMENTS`.
"""

from __future__ import annotations

import re

from lxml import html

from nianbao.document import markup
from nianbao.document.web import pictures
from nianbao.document.web.markuptree import Attributes, Element, parse, write

ROLES = frozenset(
    {
        markup.TITLE,
        markup.RED_HEAD,
        markup.DOCUMENT_NUMBER,
        markup.SIGNER,
        markup.ADDRESSEE,
        markup.LEAD,
        markup.ATTACHMENT,
        markup.SIGNATURE,
        markup.DATE,
        markup.CAPTION,
        markup.NOTE,
        markup.DRAFT,
        markup.SAMPLE,
    }
)
FIGURE = re.compile(r"[-+\u2212]?[0-9][0-9,.]*%?|[-—/]|不适用")
"""A figure, or what stands for one: centred in its cell, unless the cell says otherwise."""
ALIGNMENTS = {"left": "nb-left", "center": "nb-center", "right": "nb-right"}

_CELLS = frozenset({"td", "th"})
_ALLOWED = _CELLS | {
    "h1", "h2", "h3", "h4", "h5", "h6", "p", "div", "blockquote", "pre", "hr", "ul", "ol", "li", "dl", "dt", "dd",
    "table", "caption", "colgroup", "col", "thead", "tbody", "tfoot", "tr", "figure", "figcaption", "img",
    "a", "strong", "b", "em", "i", "u", "s", "del", "ins", "sub", "sup", "small", "mark", "code", "kbd", "samp",
    "br", "ruby", "rt", "rp", "span",
}  # fmt: skip
# What stands inside these is not text of the page.
_DROPPED = {
    "script", "style", "template", "noscript", "iframe", "frame", "frameset", "object", "embed", "applet", "svg",
    "math", "head", "title", "textarea", "select", "option", "button", "audio", "video", "canvas", "map", "link",
    "meta", "base", "xmp", "noembed", "noframes", "plaintext",
}  # fmt: skip
# Rows by which great-tables says what stands above and below a table.
_HEADINGS = frozenset({"gt_heading"})
_FOOTNOTES = frozenset({"gt_sourcenotes", "gt_footnotes"})
_SCOPES = frozenset({"row", "col", "rowgroup", "colgroup"})
_IDENTITY = ("data-unit", "data-year", "data-author", "data-date")
_LINK = re.compile(r"https?://[^\s\\]+", re.IGNORECASE)
_SVG = re.compile(r"<svg\b.*?</svg\s*>", re.IGNORECASE | re.DOTALL)
_WIDTH = re.compile(r"(?:^|;)\s*width\s*:\s*(\d{1,4}(?:\.\d{1,4})?(?:px|%))", re.IGNORECASE)
_TEXT_ALIGN = re.compile(r"(?:^|;)\s*text-align\s*:\s*(left|center|right)", re.IGNORECASE)


def sanitise(text: str) -> str:
    """``text`` rewritten from the allow-list; what stays is said at the head of the module."""
    root = parse(_SVG.sub(_picture, text))
    _lift_table_text(root)
    return write(root, _rewrite)


def _lift_table_text(root: Element) -> None:
    """Title rows of great-tables become the caption of their table, its footnote rows notes below it."""
    for row in list(root.iter("tr")):
        table = next(row.iterancestors("table"), None)
        part = row.getparent()
        names = {name for node in (row, part) for name in node.get("class", "").split()}
        if table is None or not names & (_HEADINGS | _FOOTNOTES):
            continue
        lines = [cell for cell in row if cell.tag in _CELLS]
        part.remove(row)
        for line in lines:
            line.attrib.clear()
            if names & _HEADINGS:
                _add_to_caption(table, line)
            else:
                line.tag = "p"
                line.set("class", markup.NOTE)
                last = _last_note(table)
                last.addnext(line)
                last.tail, line.tail = None, last.tail


def _add_to_caption(table: Element, line: Element) -> None:
    caption = table.find("caption")
    if caption is None:
        caption = html.Element("caption")
        table.insert(0, caption)
    else:
        caption.append(html.Element("br"))
    line.tag = "span"
    caption.append(line)


def _last_note(table: Element) -> Element:
    """The last of the notes that follow ``table``, else the table."""
    last = table
    while (following := last.getnext()) is not None and following.get("class") == markup.NOTE:
        last = following
    return last


def _picture(match: re.Match[str]) -> str:
    """An inline drawing becomes a picture; one that cannot be read is left for the allow-list to drop."""
    source = pictures.svg_uri(match[0])
    return f'<img src="{source}">' if source else match[0]


def _rewrite(node: Element) -> tuple[str, Attributes] | str:
    tag = str(node.tag)
    if tag in _DROPPED:
        return ""
    if tag == "input":
        return _tick(node)
    if tag == "img":
        return _image(node)
    if tag not in _ALLOWED:
        return "", []
    attributes = _attributes(node, tag)
    if tag in {"span", "a"} and not attributes:
        return "", []
    return tag, attributes


def _tick(node: Element) -> str:
    """The box of a task list, as text."""
    if node.get("type") != "checkbox":
        return ""
    return "☑ " if node.get("checked") is not None else "☐ "


def _image(node: Element) -> tuple[str, Attributes] | str:
    source = pictures.checked(node.get("src", ""))
    alternative = " ".join(node.get("alt", "").split())
    if source is None:
        # A picture that cannot stand here must not vanish without a trace.
        return f"（图片未嵌入：{alternative or '无说明'}）"
    attributes = [("src", source), ("alt", alternative or pictures.title(source) or "图片")]
    return "img", attributes + [(name, node.get(name, "")) for name in ("width", "height") if _whole(node.get(name))]


def _attributes(node: Element, tag: str) -> Attributes:
    if tag == "a":
        address = node.get("href", "").strip()
        return [("href", address), ("rel", "noopener noreferrer")] if _LINK.fullmatch(address) else []
    attributes: Attributes = []
    classes = [name for name in node.get("class", "").split() if name in ROLES]
    if tag in _CELLS or tag in {"p", "tr"}:
        classes += _alignment(node, tag)
    if classes:
        attributes.append(("class", " ".join(classes)))
    if tag == "h1":
        attributes += [(name, node.get(name, "")) for name in _IDENTITY if node.get(name)]
    elif tag in _CELLS:
        attributes += [(name, node.get(name, "")) for name in ("colspan", "rowspan") if _whole(node.get(name), 2)]
        if tag == "th" and node.get("scope") in _SCOPES:
            attributes.append(("scope", node.get("scope", "")))
    elif tag == "col":
        attributes += _column(node)
    elif tag == "ol" and _whole(node.get("start")):
        attributes.append(("start", node.get("start", "")))
    return attributes


def _alignment(node: Element, tag: str) -> list[str]:
    """Alignment as a class, from an inline style, ``align`` or the class that great-tables gives."""
    styled = _TEXT_ALIGN.search(node.get("style", ""))
    if styled:
        return [ALIGNMENTS[styled[1].lower()]]
    if node.get("align", "").lower() in ALIGNMENTS:
        return [ALIGNMENTS[node.get("align", "").lower()]]
    names = set(node.get("class", "").split())
    given = [ours for theirs, ours in ALIGNMENTS.items() if f"gt_{theirs}" in names or ours in names][:1]
    return given or ([ALIGNMENTS["center"]] if tag == "td" and FIGURE.fullmatch(node.text_content().strip()) else [])


def _column(node: Element) -> Attributes:
    attributes: Attributes = [("span", node.get("span", ""))] if _whole(node.get("span"), 2) else []
    styled = _WIDTH.search(node.get("style", ""))
    width = styled[1] if styled else node.get("width", "")
    if re.fullmatch(r"\d{1,4}(\.\d{1,4})?(px|%)?", width):
        attributes.append(("width", width.removesuffix("px")))
    return attributes


def _whole(value: str | None, least: int = 1) -> bool:
    return value is not None and re.fullmatch(r"[0-9]{1,4}", value) is not None and least <= int(value) <= 1000
