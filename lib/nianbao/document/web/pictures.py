"""Pictures of a page: data URIs of pixels and of drawings (SVG) that can do nothing but be looked at."""

from __future__ import annotations

import base64
import binascii
import re
from urllib.parse import unquote

from lxml import etree

_DATA_URI = re.compile(r"data:(image/(?:png|jpeg|gif|webp|svg\+xml))((?:;[\w=-]+)*),(.*)", re.IGNORECASE | re.DOTALL)
_SIGNATURES = {
    "image/png": b"\x89PNG\r\n\x1a\n",
    "image/jpeg": b"\xff\xd8\xff",
    "image/gif": b"GIF8",
    "image/webp": b"RIFF",
}
_SVG_NAMESPACE = "http://www.w3.org/2000/svg"
_SVG_DROPPED = {
    "script", "foreignObject", "iframe", "object", "embed", "audio", "video", "animate", "animateMotion",
    "animateTransform", "set", "handler", "listener", "metadata", "a",
}  # fmt: skip
_SVG_TITLE = f"{{{_SVG_NAMESPACE}}}title"
_REMOTE = re.compile(r"@import|url\s*\(\s*['\"]?\s*(?!#)", re.IGNORECASE)


def checked(source: str) -> str | None:
    """The ``src`` of an ``img`` in one canonical spelling, or None when it is no picture that may stand in a page."""
    match = _DATA_URI.fullmatch(source.strip())
    if match is None:
        return None
    kind, parameters, payload = match[1].lower(), match[2].lower(), match[3]
    if kind == "image/svg+xml" and ";base64" not in parameters:
        return svg_uri(unquote(payload, errors="replace"))
    try:
        content = base64.b64decode("".join(unquote(payload).split()), validate=True)
    except (binascii.Error, ValueError):
        return None
    if kind == "image/svg+xml":
        return svg_uri(content)
    return _data_uri(kind, content) if content.startswith(_SIGNATURES[kind]) else None


def svg_uri(drawing: str | bytes) -> str | None:
    """A drawing as a data URI without scripts, links, remote parts or metadata; None when it is not SVG."""
    content = drawing.encode("utf-8", errors="replace") if isinstance(drawing, str) else drawing
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, remove_comments=True, remove_pis=True, huge_tree=True, encoding="utf-8"
    )
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError:
        return None
    if root.tag == "svg":  # written without a namespace, as inside HTML
        return svg_uri(etree.tostring(root, encoding="unicode").replace("<svg", f'<svg xmlns="{_SVG_NAMESPACE}"', 1))
    if root.tag != f"{{{_SVG_NAMESPACE}}}svg":
        return None
    for node in list(root.iter()):
        _disarm(node)
    return _data_uri("image/svg+xml", etree.tostring(root, encoding="utf-8"))


def title(source: str) -> str:
    """The title that a drawing carries in itself, else ``""``."""
    if not source.startswith("data:image/svg+xml;base64,"):
        return ""
    root = etree.fromstring(base64.b64decode(source.partition(",")[2]))
    return " ".join(root.findtext(_SVG_TITLE, default="").split())


def _disarm(node: etree._Element) -> None:
    if not isinstance(node.tag, str):  # an entity that was not resolved
        _remove(node)
        return
    name = etree.QName(node)
    if name.namespace != _SVG_NAMESPACE or name.localname in _SVG_DROPPED:
        _remove(node)
        return
    if name.localname == "style" and _REMOTE.search(node.text or ""):
        _remove(node)
        return
    for key in [str(key) for key in node.keys()]:  # noqa: SIM118
        attribute = etree.QName(key).localname.lower()
        value = str(node.get(key))
        if attribute.startswith("on") or _REMOTE.search(value) or (attribute == "href" and not _inside(value)):
            del node.attrib[key]


def _inside(reference: str) -> bool:
    """Whether a reference points into the drawing itself, or is a picture in it."""
    return reference.startswith("#") or re.match(r"data:image/(png|jpeg);", reference) is not None


def _remove(node: etree._Element) -> None:
    parent = node.getparent()
    if parent is not None:
        parent.remove(node)


def _data_uri(kind: str, content: bytes) -> str:
    return f"data:{kind};base64,{base64.b64encode(content).decode('ascii')}"
