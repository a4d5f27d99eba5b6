"""Stretches of text, links and pictures in a line as runs of Word."""

from __future__ import annotations

import io
from copy import deepcopy
from functools import lru_cache
from typing import Any

from docx.opc.constants import RELATIONSHIP_TYPE

from nianbao.document.docx.styles import type_of
from nianbao.document.docx.xml import R, on, run_properties, text, w
from nianbao.document.model import Picture, Run, Runs, plain
from nianbao.document.raster import rasterise
from nianbao.office.xml import XmlElement

MOST_WIDTH, MOST_HEIGHT = 442.0, 18 * 28.95
"""pt that a picture may take: the type area across, 18 lines down."""
_EMU = 12700
"""English metric units in a point."""
_LINK = "0B4F9E"


class RunWriter:
    """Writes runs; pictures and addresses become parts and relations of ``package`` (python-docx's document part)."""

    def __init__(self, package: Any) -> None:
        self._package = package

    def write(self, shown: Runs, size: float = 0.0, room: float = MOST_WIDTH) -> list[XmlElement]:
        """An element for each run; ``size`` in pt where it is not the style's, ``room`` is what a picture may take."""
        found = []
        for run in shown:
            if run.picture is not None:
                found.append(self.picture(run.picture, room, MOST_HEIGHT))
            elif run.text and run.address:
                found.append(self._link(run, size))
            elif run.text:
                found.append(_run(run, size))
        return found

    def picture(self, picture: Picture, width: float, height: float, grow: bool = False) -> XmlElement:
        """A picture in a run of its own, at most as wide and as high as these (pt), or as large as they allow."""
        image = rasterise(picture)
        factor = min(width / image.width, height / image.height, *(() if grow else (1.0,)))
        size = (round(image.width * factor * _EMU), round(image.height * factor * _EMU))
        inline = self._package.new_pic_inline(io.BytesIO(image.data), *size)
        inline.docPr.set("descr", picture.alt or plain(picture.caption) or "图（无文字说明）")
        drawing = w("drawing")
        drawing.append(inline)
        return w("r", drawing)

    def _link(self, run: Run, size: float) -> XmlElement:
        link = w("hyperlink", _run(run, size), history=1)
        link.set(f"{{{R}}}id", self._package.relate_to(run.address, RELATIONSHIP_TYPE.HYPERLINK, is_external=True))
        return link


def _run(run: Run, size: float) -> XmlElement:
    face = "mono" if run.code else "heiti" if run.strong else "kaiti" if run.emphasis or run.lead else ""
    properties = deepcopy(_properties(face, size, run.struck, run.underline, bool(run.address), run.shift))
    lines: list[XmlElement] = []
    for number, line in enumerate(run.text.split("\n")):
        if number:
            lines.append(w("br"))
        if line:
            lines.append(text(line))
    return w("r", properties, *lines)


@lru_cache(maxsize=256)
def _properties(face: str, size: float, struck: bool, underline: bool, link: bool, shift: str) -> XmlElement:
    """``w:rPr`` of one kind of run, which is made once and copied."""
    parts = type_of(face, size)
    if struck:
        parts["strike"] = on("strike")
    if underline or link:
        parts["u"] = w("u", val="single")
    if link:
        parts["color"] = w("color", val=_LINK)
    if shift:
        parts["vertAlign"] = w("vertAlign", val=f"{shift}script")
    return run_properties(parts)
