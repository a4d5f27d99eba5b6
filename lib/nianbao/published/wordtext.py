"""The text of a paragraph of Word as it shows: hidden and deleted text is none, what is no plain text carries a mark."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from lxml import etree

from nianbao.office.xml import XmlElement
from nianbao.published.looks import Look, is_mixed

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_DROPPED = {
    "del", "moveFrom", "instrText", "delText", "delInstrText", "pPr", "rPr", "tblPr", "tcPr", "trPr", "sectPr", "rt",
}  # fmt: skip
_PICTURES = ("blip", "imagedata", "oMath")
_SYMBOLS = ("sym", "object")
"""Shown, but what they show is not in the text; in a paragraph outside of tables they are mere ornaments."""
_MOST_STYLES = 20
"""Styles that a style is based on, one on another."""
Properties = Mapping[str, str]


@dataclass(frozen=True)
class WordStyles:
    """The styles of a document by id; ``""`` stands for what holds by default.

    Attributes
    ----------
    runs : mapping of str to Properties
        What a style says of text.
    bases : mapping of str to str
        The style that one is based on.
    """

    runs: Mapping[str, Properties]
    bases: Mapping[str, str]
    _known: dict[tuple[str, ...], Properties] = field(default_factory=dict)

    def of(self, run: XmlElement, paragraph: XmlElement) -> Properties:
        """What holds for a run: defaults, the style of its paragraph, its own style, its own properties."""
        own = run.find(f"{W}rPr")
        given = _properties(own)
        styles = (_value(paragraph.find(f"{W}pPr/{W}pStyle")), given.get("rStyle", ""))
        if styles not in self._known:
            chains = [chain for style in styles for chain in reversed(self._chain(style))]
            self._known[styles] = {
                name: value for style in ("", *chains) for name, value in self.runs.get(style, {}).items()
            }
        return {**self._known[styles], **given} if given else self._known[styles]

    def _chain(self, style: str) -> list[str]:
        chain: list[str] = []
        while style and style not in chain and len(chain) < _MOST_STYLES:
            chain.append(style)
            style = self.bases.get(style, "")
        return chain


def read_styles(styles: XmlElement | None) -> WordStyles:
    """The styles of ``word/styles.xml``, which may be missing."""
    runs: dict[str, Properties] = {}
    bases: dict[str, str] = {}
    if styles is None:
        return WordStyles(runs, bases)
    default = _properties(styles.find(f"{W}docDefaults/{W}rPrDefault/{W}rPr"))
    for style in styles.findall(f"{W}style"):
        name = style.get(f"{W}styleId") or ""
        runs[name] = _properties(style.find(f"{W}rPr"))
        bases[name] = _value(style.find(f"{W}basedOn"))
        if style.get(f"{W}default") in ("1", "true", "on") and style.get(f"{W}type") == "paragraph":
            default = {**default, **runs[name]}
    return WordStyles({**runs, "": default}, bases)


def paragraph_text(paragraph: XmlElement, styles: WordStyles, in_cell: bool = False) -> str:
    """The text of a paragraph with that of its text boxes; a line break is ``\\n``.

    Marked is what is struck out, raised, a picture or turned round, and a figure of which a part looks otherwise than
    the rest: raised, small or white on white. Of a field what it comes to is text, not its code.
    """
    parts: list[str] = []
    figures: list[Look] = []
    fields: list[bool] = []  # those that are open, each with whether its code is over
    look, mark = Look(), ""
    context = etree.iterwalk(paragraph, events=("start", "end"))
    for event, element in context:
        name = _name(element)
        if event == "end":
            if name == "p" and element is not paragraph:
                parts.append("\n")
            continue
        if name == "r":
            properties = styles.of(element, paragraph)
            if properties.get("vanish"):
                context.skip_subtree()
                continue
            look, mark = _look(properties), _mark(properties)
        elif name in _DROPPED or name == "Fallback":
            context.skip_subtree()
        elif name == "fldChar":
            _count(fields, element.get(f"{W}fldCharType", ""))
        elif name == "p" and element is not paragraph:
            parts.append("\n")
        elif all(fields):
            text = _piece(element, name, in_cell)
            if name == "t" and text:
                text, mark = mark + text, ""
            parts.append(text)
            if re.search("[0-9\uff10-\uff19]", text):
                figures.append(look)
    whole = "".join(parts)
    return f"~{whole}" if is_mixed(whole, figures) else whole


def _count(fields: list[bool], kind: str) -> None:
    if kind == "begin":
        fields.append(False)
    elif fields and kind == "separate":
        fields[-1] = True
    elif fields and kind == "end":
        fields.pop()


def _piece(element: XmlElement, name: str, in_cell: bool) -> str:
    if name == "t" and element.tag.startswith(W):
        return str(element.text or "")
    if name == "noBreakHyphen":
        return "-"
    if name in _PICTURES or (in_cell and name in _SYMBOLS):
        return "〔图〕"
    if name in ("footnoteReference", "endnoteReference"):
        return "^※" if in_cell else "^"
    if name == "bdo" and element.get(f"{W}val") == "rtl":
        return "~"
    return {"tab": "\t", "br": "\n", "cr": "\n"}.get(name, "")


_SWITCHES = ("vanish", "strike", "dstrike")
_VALUES = ("rStyle", "vertAlign", "position", "color", "sz")


def _properties(own: XmlElement | None) -> dict[str, str]:
    """Those properties of text that change what it says; a switch that is off is empty."""
    found: dict[str, str] = {}
    for one in own if own is not None else ():
        name = _name(one)
        if name in _SWITCHES:
            found[name] = "" if one.get(f"{W}val", "true") in ("0", "false", "off") else "on"
        elif name in _VALUES:
            found[name] = one.get(f"{W}val", "")
    return found


def _mark(properties: Properties) -> str:
    """A mark before text that is struck out or raised, so that it is never read as a plain figure."""
    if properties.get("vertAlign") in ("superscript", "subscript"):
        return "^"
    return "~" if properties.get("strike") or properties.get("dstrike") else ""


def _look(properties: Properties) -> Look:
    size = properties.get("sz", "")
    raised = properties.get("position", "0") not in ("", "0")
    faint = properties.get("color", "").upper() == "FFFFFF"
    return Look(raised, faint, int(size) / 2 if re.fullmatch("[0-9]{1,4}", size) else Look().size)


def _value(element: XmlElement | None) -> str:
    return element.get(f"{W}val", "") if element is not None else ""


def _name(element: XmlElement) -> str:
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""
