"""Pictures as PNG or JPEG with their size on paper, for programs that show nothing else."""

from __future__ import annotations

import io
from dataclasses import dataclass
from functools import cache, lru_cache

import typst

from nianbao.document import bundled
from nianbao.document.model import Picture
from nianbao.errors import PictureError

PIXELS_PER_INCH = 220
"""Fine enough for print, and small enough for a site's editor."""
_SCREEN = 96.0
"""Pixels per inch of a picture that does not say."""
_KEPT = {"image/png": "png", "image/jpeg": "jpg"}
_DRAWING = (
    b'#set page(width: auto, height: auto, margin: 0pt, fill: white)\n#image(bytes(sys.inputs.drawing), format: "svg")'
)


@dataclass(frozen=True)
class Raster:
    """A picture made of pixels; width and height in pt, and the pixels across and down."""

    data: bytes
    suffix: str
    width: float
    height: float
    pixels: tuple[int, int]


def rasterise(picture: Picture) -> Raster:
    """PNG and JPEG as they are, everything else as PNG. Same picture, same bytes.

    Raises
    ------
    PictureError
        When the picture cannot be read.
    """
    suffix = _KEPT.get(picture.mime, "png")
    if picture.mime == "image/svg+xml":
        data = _drawn(picture.data)
        across, down, resolution = _size(data)[0], _size(data)[1], float(PIXELS_PER_INCH)
    else:
        across, down, resolution = _size(picture.data)
        data = picture.data if picture.mime in _KEPT else _as_png(picture.data)
    if picture.width:
        resolution = across * _SCREEN / picture.width
    return Raster(data, suffix, across * 72 / resolution, down * 72 / resolution, (across, down))


def _size(data: bytes) -> tuple[int, int, float]:
    """Pixels across and down, and pixels per inch."""
    from PIL import Image, UnidentifiedImageError

    try:
        with Image.open(io.BytesIO(data)) as image:
            said = image.info.get("dpi", (0.0, 0.0))[0]
            return image.width, image.height, float(said) if said and said > 1 else _SCREEN
    except (UnidentifiedImageError, Image.DecompressionBombError, OSError, SyntaxError, ValueError) as error:
        raise PictureError("图片", f"读不出（{type(error).__name__}）", "重新导出图片") from error


def _as_png(data: bytes) -> bytes:
    from PIL import Image

    out = io.BytesIO()
    with Image.open(io.BytesIO(data)) as image:
        image.convert("RGBA").save(out, "PNG", optimize=False)
    return out.getvalue()


@lru_cache(maxsize=8)
def _drawn(svg: bytes) -> bytes:
    """A drawing as PNG; the pictures of a report are asked for by more than one of its files."""
    try:
        drawing = svg.decode("utf-8")
        png = _compiler().compile(input=_DRAWING, format="png", ppi=PIXELS_PER_INCH, sys_inputs={"drawing": drawing})
    except (typst.TypstError, UnicodeDecodeError) as error:
        raise PictureError("图片", f"SVG 画不出（{type(error).__name__}）", "重新导出图片") from error
    if not isinstance(png, bytes):
        raise PictureError("图片", f"SVG 应成一张图，实为 {type(png).__name__}", "重新导出图片")
    return png


@cache
def _compiler() -> typst.Compiler:
    """A compiler that sees the bundled faces, for drawings whose letters are no outlines, and nothing else."""
    folder = str(bundled.file(bundled.SANS).parent)
    found = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[folder])
    return typst.Compiler(root=folder, font_paths=found)
