"""Pictures of a page: data URIs of pixels and of drawings (SVG) that can do nothing but be looked at."""

from __future__ import annotations

import base64
import re

from lxml import etree

from nianbao.document.model import Picture, plain
from nianbao.office.xml import XmlElement

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


def embedded(picture: Picture) -> tuple[str | None, str]:
    """The ``src`` of an ``img``, None for data that are no picture that may stand in a page, and what it shows in words."""
    alternative = picture.alt or plain(picture.caption)
    if picture.mime == "image/svg+xml":
        root = _drawing(picture.data)
        if root is None:
            return None, alternative or "无说明"
        alternative = alternative or " ".join(root.findtext(_SVG_TITLE, default="").split())
        data = etree.tostring(root, encoding="utf-8")
    elif picture.data.startswith(_SIGNATURES[picture.mime]):
        data = picture.data
    else:
        return None, alternative or "无说明"
    return f"data:{picture.mime};base64,{base64.b64encode(data).decode('ascii')}", alternative or "图片"


def _drawing(content: bytes) -> XmlElement | None:
    """A drawing without scripts, links, remote parts or metadata; None when it is not SVG."""
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, remove_comments=True, remove_pis=True, huge_tree=True, encoding="utf-8"
    )
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError:
        return None
    if root.tag == "svg":  # written without a namespace, as inside HTML
        named = etree.tostring(root, encoding="unicode").replace("<svg", f'<svg xmlns="{_SVG_NAMESPACE}"', 1)
        return _drawing(named.encode())
    if root.tag != f"{{{_SVG_NAMESPACE}}}svg":
        return None
    for node in list(root.iter()):
        _disarm(node)
    return root


def _disarm(node: XmlElement) -> None:
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


def _remove(node: XmlElement) -> None:
    parent = node.getparent()
    if parent is not None:
        parent.remove(node)
