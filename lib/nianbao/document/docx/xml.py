"""WordprocessingML: elements, and the measures that it is written in."""

from __future__ import annotations

from collections.abc import Mapping
from copy import copy
from functools import lru_cache

from lxml import etree

from nianbao.office.xml import XmlElement

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
XML_SPACE = "{http://www.w3.org/XML/1998/namespace}space"

_PARAGRAPH_ORDER = [
    "pStyle",
    "keepNext",
    "keepLines",
    "pageBreakBefore",
    "framePr",
    "widowControl",
    "pBdr",
    "tabs",
    "kinsoku",
    "wordWrap",
    "overflowPunct",
    "topLinePunct",
    "autoSpaceDE",
    "autoSpaceDN",
    "adjustRightInd",
    "snapToGrid",
    "spacing",
    "ind",
    "jc",
    "outlineLvl",
    "rPr",
    "sectPr",
]
_RUN_ORDER = [
    "rStyle",
    "rFonts",
    "b",
    "i",
    "strike",
    "noProof",
    "color",
    "spacing",
    "sz",
    "szCs",
    "u",
    "vertAlign",
    "lang",
]
"""The schema wants these children in this order."""


def w(tag: str, *children: XmlElement | None, **attributes: str | float) -> XmlElement:
    """An element of the main namespace; its attributes are of the same namespace, ``None`` among children is nothing."""
    node = copy(_leaf(tag, *((name, str(value)) for name, value in attributes.items())))
    node.extend([child for child in children if child is not None])
    return node


@lru_cache(maxsize=1024)
def _leaf(tag: str, *attributes: tuple[str, str]) -> XmlElement:
    """An element without children; a copy of one costs a fraction of making it."""
    node = etree.Element(f"{{{W}}}{tag}", nsmap={"w": W})
    for name, value in attributes:
        node.set(f"{{{W}}}{name.rstrip('_')}", value)
    return node


def paragraph_properties(parts: Mapping[str, XmlElement]) -> XmlElement:
    """``w:pPr`` with its parts in the order of the schema."""
    return w("pPr", *(parts[name] for name in _ordered(parts, _PARAGRAPH_ORDER)))


def run_properties(parts: Mapping[str, XmlElement]) -> XmlElement:
    """``w:rPr`` with its parts in the order of the schema."""
    return w("rPr", *(parts[name] for name in _ordered(parts, _RUN_ORDER)))


def _ordered(parts: Mapping[str, XmlElement], order: list[str]) -> list[str]:
    return sorted(parts, key=order.index)


def on(tag: str) -> XmlElement:
    """A property that is switched on."""
    return w(tag)


def off(tag: str) -> XmlElement:
    """A property that is switched off, where a style or the default switches it on."""
    return w(tag, val=0)


def twips(points: float) -> int:
    """Twentieths of a point."""
    return round(points * 20)


def twips_of_mm(millimetres: float) -> int:
    """Twentieths of a point of a length in mm."""
    return round(millimetres * 1440 / 25.4)


def text(value: str) -> XmlElement:
    """``w:t``; spaces at its ends are kept."""
    node = w("t")
    node.text = value
    node.set(XML_SPACE, "preserve")
    return node
