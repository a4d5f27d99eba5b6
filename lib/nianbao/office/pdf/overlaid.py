"""What a PDF shows over its pages, or hides of them: annotations, fields of a form, layers."""

from __future__ import annotations

import io
from collections.abc import Iterator

import pikepdf

from nianbao.errors import ReadError

_NO_TEXT = {"/Link", "/Popup", "/Text", "/FileAttachment", "/Sound", "/Movie", "/PrinterMark", "/TrapNet"}
"""Annotations that lay nothing over the page but an icon."""
_NO_SHOW = 0b10 | 0b100000
"""Flags of an annotation that does not show: Hidden, NoView (ISO 32000-1, 12.5.3)."""
_AGAIN = "在阅读器中打印为新的 PDF，或用 Word、WPS 另存为 .docx 再读"


def refuse_hidden_layers(pdf: pikepdf.Pdf) -> None:
    """Raise :class:`ReadError`, without a place, where a layer is switched off: what lies on it would be read with the rest."""
    layers = pdf.Root.get("/OCProperties")
    default = layers.get("/D") if isinstance(layers, pikepdf.Dictionary) else None
    if not isinstance(default, pikepdf.Dictionary):
        return
    off = default.get("/OFF")
    if default.get("/BaseState") == "/OFF" or (isinstance(off, pikepdf.Array) and len(off)):
        raise ReadError("", "PDF 有不显示的图层，看不出哪些字显示", _AGAIN)


def with_overlays(pdf: pikepdf.Pdf, raw: bytes) -> bytes:
    """The file with what annotations and fields show as part of its pages; the same bytes where there is nothing.

    Raises
    ------
    ReadError
        Without a place: one of them shows a text, but not how.
    """
    shown = list(_annotations(pdf))
    if not shown:
        return raw
    for page in pdf.pages:
        if isinstance(found := page.obj.get("/Annots"), pikepdf.Array):
            page.obj.Annots = pikepdf.Array([one for one in found if not _is_seal(one)])
    pdf.generate_appearance_streams()
    for one in shown:
        says = one.get("/Contents") if one.get("/Subtype") == "/FreeText" else one.get("/V")
        if says is not None and str(says).strip() and "/AP" not in one:
            raise ReadError("", "PDF 上有批注或表单域，其中的字读不出", _AGAIN)
    pdf.flatten_annotations()
    flat = io.BytesIO()
    pdf.save(flat)
    return flat.getvalue()


def _annotations(pdf: pikepdf.Pdf) -> Iterator[pikepdf.Dictionary]:
    """Those that lay something over a page."""
    for page in pdf.pages:
        found = page.obj.get("/Annots")
        for one in found if isinstance(found, pikepdf.Array) else ():
            if isinstance(one, pikepdf.Dictionary) and not _is_seal(one) and str(one.get("/Subtype")) not in _NO_TEXT:
                flags = one.get("/F", 0)
                if not (isinstance(flags, int) and flags & _NO_SHOW):
                    yield one


def _is_seal(annotation: object) -> bool:
    """Whether it is the seal of a signature, whose words are none of the text."""
    if not isinstance(annotation, pikepdf.Dictionary):
        return False
    parent = annotation.get("/Parent")
    kinds = (annotation.get("/FT"), parent.get("/FT") if isinstance(parent, pikepdf.Dictionary) else None)
    return "/Sig" in kinds
