"""The body of a page, put in order: marks, letterhead, anchors, tables in frames, contents, signature."""

from __future__ import annotations

import re
from dataclasses import dataclass

from lxml import html

from nianbao.document import markup
from nianbao.document.web.markuptree import Attributes, Element, parse, write

FRAMED_FROM = 5
"""Tables of this many columns or more stand in a frame that scrolls sideways on a narrow screen."""
WIDE_FROM = 8
"""Tables of this many columns or more are set smaller."""
LONG_FROM = 40
"""Tables of this many rows or more may break over printed pages."""

_SIGNER_LABEL = "签发人："
_SIGNOFF = "nb-signoff"
_UNIT_OF_TABLE = "单位"
"""A caption that begins so names the unit of a table and stands at the right; others are centred."""
_TITLE_PHRASES = re.compile(r"(.+?)([0-9]{4}年度?)(政府信息公开)(工作)?(年度报告)(汇总)?")
_LONG_AUTHORITY = 12
"""A red head of more characters than this is set smaller, to stay on one line."""
_LETTERHEAD = (markup.RED_HEAD, markup.DOCUMENT_NUMBER, markup.SIGNER)
_DESCRIPTION_LENGTH = 120


@dataclass(frozen=True)
class Entry:
    """A line of the table of contents."""

    anchor: str
    text: str


@dataclass(frozen=True)
class Page:
    """What the template needs. ``body`` is HTML, all else is text."""

    title: str
    description: str
    author: str
    date: str
    marks: tuple[str, ...]
    contents: tuple[Entry, ...]
    body: str


def lay_out(body: str, fallback_title: str) -> Page:
    """Sanitised ``body`` as a page; ``fallback_title`` names a notebook without headings."""
    root = parse(body)
    title = _single_title(root)
    marks = _take_marks(root)
    _group_letterhead(root)
    _group_signature(root)
    contents = _anchor_headings(root)
    _place_captions(root)
    _frame_tables(root)
    heading = title if title is not None else next(root.iter("h2", "h3", "h4"), None)
    name = text_of(heading) if heading is not None else fallback_title
    identity = title if title is not None else html.Element("h1")
    if title is not None:
        _offer_breaks(title)
    return Page(
        title=name,
        description=_description(root) or name,
        author=identity.get("data-author", ""),
        date=identity.get("data-date", ""),
        marks=marks,
        contents=contents,
        body=write(root, _as_is),
    )


def text_of(node: Element) -> str:
    """The text of an element, a space wherever there is white space."""
    return " ".join(node.text_content().split())


def column_count(table: Element) -> int:
    """How many columns the widest row of ``table`` asks for."""
    return max((sum(int(cell.get("colspan", "1")) for cell in row) for row in table.iter("tr")), default=0)


def _as_is(node: Element) -> tuple[str, Attributes]:
    return str(node.tag), [(str(name), str(value)) for name, value in node.items()]


def _has_role(node: Element, role: str) -> bool:
    return role in node.get("class", "").split()


def _single_title(root: Element) -> Element | None:
    """The title of the report, else the first ``h1``; every other ``h1`` becomes an ``h2``."""
    candidates = list(root.iter("h1"))
    title = next((node for node in candidates if _has_role(node, markup.TITLE)), next(iter(candidates), None))
    for node in candidates:
        if node is not title:
            node.tag = "h2"
            node.attrib.clear()
    if title is not None and not _has_role(title, markup.TITLE):
        title.set("class", markup.TITLE)
    return title


def _offer_breaks(title: Element) -> None:
    """Lines of a title break between its phrases (GB/T 9704-2012, 7.3.1) when it is worded as a report's title is."""
    match = _TITLE_PHRASES.fullmatch(text_of(title))
    if match is None or len(title):
        return
    phrases = [phrase for phrase in match.groups() if phrase]
    title.text = phrases[0]
    for phrase in phrases[1:]:
        opportunity = html.Element("wbr")
        opportunity.tail = phrase
        title.append(opportunity)
    title.set("class", f"{title.get('class', '')} nb-phrased".strip())


def _take_marks(root: Element) -> tuple[str, ...]:
    """The marks 草稿 and 示例 move to the head of the page; returns the roles that were found."""
    found = []
    banner = html.Element("div", {"class": "nb-marks", "role": "note", "aria-label": "文稿状态"})
    for role in (markup.DRAFT, markup.SAMPLE):
        seen = set()
        for node in [node for node in root.iter("p") if _has_role(node, role)]:
            text = text_of(node)
            node.drop_tree()
            if text not in seen:
                banner.append(node)
            seen.add(text)
            node.tail = None
        found += [role] if seen else []
    if len(banner):
        banner.tail, root.text = root.text, None
        root.insert(0, banner)
    return tuple(found)


def _group_letterhead(root: Element) -> None:
    """Red head, document number and signer stand together above the red line."""
    nodes = [node for node in root.iter("p") if any(_has_role(node, role) for role in _LETTERHEAD)]
    if not nodes:
        return
    letterhead = html.Element("div", {"class": "nb-letterhead"})
    nodes[0].addprevious(letterhead)
    for node in nodes:
        if _has_role(node, markup.SIGNER) and not text_of(node).startswith(_SIGNER_LABEL):
            node.text = _SIGNER_LABEL + (node.text or "")
        if _has_role(node, markup.RED_HEAD) and len(text_of(node)) > _LONG_AUTHORITY:
            node.set("class", f"{node.get('class')} nb-condensed")
        _move(node, letterhead)
    if any(_has_role(node, markup.SIGNER) for node in nodes):
        letterhead.set("class", "nb-letterhead nb-upward")


def _group_signature(root: Element) -> None:
    """Authorities and date stand together at the right."""
    for node in list(root.iter("p")):
        if not _has_role(node, markup.SIGNATURE) or node.getparent().get("class") == _SIGNOFF:
            continue
        members = [node]
        while (following := members[-1].getnext()) is not None and _has_role(members[-1], markup.SIGNATURE):
            if not (_has_role(following, markup.SIGNATURE) or _has_role(following, markup.DATE)):
                break
            members.append(following)
        block = html.Element("div", {"class": _SIGNOFF})
        node.addprevious(block)
        for member in members:
            _move(member, block)


def _move(node: Element, into: Element) -> None:
    node.drop_tree()
    node.tail = None
    into.append(node)


def _anchor_headings(root: Element) -> tuple[Entry, ...]:
    """Ids for the ``h2``, in the order of the page; the same on every build."""
    entries = []
    for number, node in enumerate((node for node in root.iter("h2") if text_of(node)), start=1):
        node.set("id", f"part-{number}")
        entries.append(Entry(f"part-{number}", text_of(node)))
    return tuple(entries)


def _place_captions(root: Element) -> None:
    for node in root.iter("p"):
        if _has_role(node, markup.CAPTION) and not text_of(node).startswith(_UNIT_OF_TABLE):
            node.set("class", f"{markup.CAPTION} nb-center")


def _frame_tables(root: Element) -> None:
    heading = caption = ""
    used: dict[str, int] = {}
    for node in list(root.iter("h1", "h2", "h3", "h4", "p", "table")):
        if node.tag == "p":
            caption = text_of(node) if _has_role(node, markup.CAPTION) else ""
        elif node.tag != "table":
            heading, caption = text_of(node), ""
        elif next(node.iterancestors("table"), None) is None:
            own = node.find("caption")
            label = (text_of(own) if own is not None else "") or caption or heading
            used[label] = used.get(label, 0) + 1
            _frame_table(node, f"表格：{label}" + (f"（{used[label]}）" if used[label] > 1 else ""))


def _frame_table(table: Element, label: str) -> None:
    columns = column_count(table)
    rows = sum(1 for _ in table.iter("tr"))
    classes = ["nb-wide"] if columns >= WIDE_FROM else []
    classes += ["nb-long"] if rows >= LONG_FROM else []
    if classes:
        table.set("class", " ".join(classes))
    if columns >= FRAMED_FROM:
        frame = html.Element("div", {"class": "nb-frame", "tabindex": "0", "role": "region", "aria-label": label})
        frame.tail, table.tail = table.tail, None
        parent = table.getparent()
        parent.replace(table, frame)
        frame.append(table)


def _description(root: Element) -> str:
    """The opening of the first body paragraph."""
    first = next((node for node in root.iter("p") if not node.get("class") and text_of(node)), None)
    if first is None:
        return ""
    text = text_of(first)
    return text if len(text) <= _DESCRIPTION_LENGTH else text[: _DESCRIPTION_LENGTH - 1] + "…"
