"""What the notebook does not show is not read: ``hidden``, ``display:none``, ``visibility:hidden`` and the like."""

from __future__ import annotations

import re

from nianbao.office.xml import XmlElement

_NOT_SHOWN = re.compile(
    r"(?:^|;)\s*(?:display\s*:\s*none|opacity\s*:\s*0*\.?0+%?|font-size\s*:\s*0(?:px|pt|r?em|%)?)\s*(?:!|;|$)",
    re.IGNORECASE,
)
_VISIBILITY = re.compile(r"(?:^|;)\s*visibility\s*:\s*(hidden|collapse|visible)", re.IGNORECASE)


def drop_hidden(root: XmlElement) -> None:
    """Take out of a tree what is not shown, and leave what stands after it."""
    for element in [*root.iterfind(".//*[@hidden]"), *root.iterfind(".//dialog")]:
        if element.get("hidden") is not None or element.get("open") is None:
            _remove(element)
    for element in root.findall(".//*[@style]"):
        css = element.get("style") or ""
        visibility = _VISIBILITY.search(css)
        if _NOT_SHOWN.search(css):
            _remove(element)
        elif visibility and visibility[1].lower() != "visible":
            _blank(element)


def _remove(element: XmlElement) -> None:
    parent = element.getparent()
    if parent is None:
        return
    before = element.getprevious()
    if before is not None:
        before.tail = (before.tail or "") + (element.tail or "")
    else:
        parent.text = (parent.text or "") + (element.tail or "")
    parent.remove(element)


def _blank(element: XmlElement) -> None:
    """Only the place of an element is left, unless something inside is shown again."""
    element.text = " "
    for child in list(element):
        visibility = _VISIBILITY.search(child.get("style") or "")
        if visibility is None or visibility[1].lower() != "visible":
            if child.tag in ("img", "svg", "input", "math"):
                element.remove(child)
                continue
            _blank(child)
        child.tail = " "
