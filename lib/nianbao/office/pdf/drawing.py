"""Each page of a PDF as a picture, by PDFium. Only for the child process: PDFium aborts its process on some files."""

from __future__ import annotations

import io
import unicodedata
from typing import Any, NamedTuple

import pypdfium2

from nianbao.errors import ReadError
from nianbao.office.pdf.integrity import damaged, open_whole

MOST_DRAWN = 30
"""Pages; a longer file is handed in beside the document, not bound into it."""
RESOLUTION = 150
"""Pixels per inch of the page as it was; bound in, it is set smaller and so finer."""
_LONGEST_SIDE = 2600
"""Pixels."""
_LARGEST_PNG = 400 * 1024
"""Bytes; a page of text has 150 KB, a photograph many times that and is better kept as JPEG."""
_QUALITY = 85
_MOST_TEXT = 100_000
"""Characters of a page; a page of small type has some five thousand."""


class Drawing(NamedTuple):
    """A page: PNG or JPEG, and what it says, for who cannot see it; empty where the page is a scan."""

    data: bytes
    text: str


def draw_pages(raw: bytes) -> list[Drawing]:
    """Every page of a PDF that is whole.

    Raises
    ------
    ReadError
        Without a place: damaged, under a password, or too many pages.
    """
    open_whole(raw).close()
    try:
        document = pypdfium2.PdfDocument(raw)
        if len(document) > MOST_DRAWN:
            raise ReadError("", f"PDF 有 {len(document)} 页，应不超过 {MOST_DRAWN} 页")
        return [_drawing(document[number]) for number in range(len(document))]
    except pypdfium2.PdfiumError as error:
        raise damaged("画不出") from error


def _drawing(page: Any) -> Drawing:
    across, down = page.get_size()
    scale = min(RESOLUTION / 72, _LONGEST_SIDE / max(across, down, 1))
    image = page.render(scale=scale).to_pil().convert("RGB")
    grey = image.convert("L")
    if image.tobytes() == grey.convert("RGB").tobytes():
        image = grey
    data = _saved(image, "PNG")
    if len(data) > _LARGEST_PNG:
        data = min(data, _saved(image, "JPEG", quality=_QUALITY), key=len)
    return Drawing(data, _shown(page.get_textpage().get_text_bounded()))


def _saved(image: Any, kind: str, **options: int) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def _shown(text: str) -> str:
    """The words of a page in one line, without characters that stand for nothing."""
    kept = "".join(one if unicodedata.category(one)[0] != "C" else " " for one in text.replace("\ufffd", " "))
    line = " ".join(kept.split())
    return line[:_MOST_TEXT]
