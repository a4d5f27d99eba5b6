"""Pictures in HTML and in outputs → :class:`Picture`. Nothing is fetched."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote, unquote_to_bytes

from lxml import etree

from nianbao.document.model import Picture, Runs
from nianbao.document.text import clean
from nianbao.errors import NotebookError
from nianbao.office.xml import XmlElement

FORMATS = ("image/svg+xml", "image/png", "image/jpeg", "image/webp", "image/gif")

_MIXED_CASE = [
    "attributeName", "clipPath", "clipPathUnits", "gradientTransform", "gradientUnits", "linearGradient",
    "markerHeight", "markerUnits", "markerWidth", "maskContentUnits", "maskUnits", "patternContentUnits",
    "patternTransform", "patternUnits", "preserveAspectRatio", "radialGradient", "refX", "refY", "spreadMethod",
    "startOffset", "textLength", "textPath", "viewBox",
]  # fmt: skip
_CAMEL = {name.lower(): name for name in _MIXED_CASE}


class ImageReader:
    """Reads ``img`` and ``svg``; ``attachments`` are those of a markdown cell, data by MIME type under each name."""

    def __init__(self, where: str, attachments: Mapping[str, Mapping[str, Any]]) -> None:
        self.where = where
        self.attachments = attachments

    def read(self, element: XmlElement, caption: Runs = ()) -> Picture | str:
        """The picture, or the words that stand where one is missing.

        Raises NotebookError for a format that cannot be printed and for data that are none.
        """
        if element.tag == "svg":
            return Picture(_svg(element), "image/svg+xml", self._attribute(element, "aria-label"), caption)
        source = (element.get("src") or "").strip()
        alt = self._attribute(element, "alt")
        width = element.get("width") or ""
        pixels = int(width) if width.isascii() and width.isdigit() and len(width) < 5 else 0
        scheme, _, rest = source.partition(":")
        if scheme.lower() == "attachment":
            bundle = self.attachments.get(unquote(rest)) or self.attachments.get(rest) or {}
            if found := next((mime for mime in FORMATS if mime in bundle), None):
                return picture_of(bundle[found], found, alt, self.where, caption, pixels)
        if scheme.lower() != "data":
            return f"（图片未嵌入：{alt or clean(source, self.where) or '无来源'}）"
        header, _, payload = rest.partition(",")
        mime, *options = header.lower().split(";")
        if mime not in FORMATS:
            raise NotebookError(self.where, f"图片格式“{mime}”不能印出", f"改用 {'、'.join(FORMATS)}")
        data = _decoded(payload, self.where) if "base64" in options else unquote_to_bytes(payload)
        return Picture(data, mime, alt, caption, pixels)

    def _attribute(self, element: XmlElement, name: str) -> str:
        return " ".join(clean(element.get(name) or "", self.where).split())


def picture_of(content: Any, mime: str, alt: str, where: str, caption: Runs = (), width: int = 0) -> Picture:
    """A picture as the notebook format holds it: SVG as text, others as base64, either as a list of lines.

    Raises NotebookError when it is not base64.
    """
    text = "".join(map(str, content)) if isinstance(content, list | tuple) else str(content)
    return Picture(text.encode() if mime == "image/svg+xml" else _decoded(text, where), mime, alt, caption, width)


def _decoded(payload: str, where: str) -> bytes:
    """Bytes of a base64 text, white space allowed."""
    try:
        return base64.b64decode("".join(unquote_to_bytes(payload).decode("ascii").split()), validate=True)
    except (binascii.Error, UnicodeDecodeError):
        raise NotebookError(where, "图片数据不是 base64", "重新运行该单元格") from None


def _svg(element: XmlElement) -> bytes:
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
