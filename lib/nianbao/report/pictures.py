"""Pictures of a narrative: PNG or JPEG files in the unit's own folder beside its params file."""

from __future__ import annotations

import base64
import io
import zlib
from dataclasses import dataclass
from pathlib import Path

from nianbao.errors import PictureError
from nianbao.report.prose import PictureLine, narrative_parts, render
from nianbao.report.report import Report
from nianbao.wording import quoted

MAX_BYTES = 3 * 1024 * 1024
MAX_SIDE = 6000
"""Pixels; larger pictures only make a file that a site's editor refuses."""
FORMATS = {"PNG": "image/png", "JPEG": "image/jpeg"}


@dataclass(frozen=True)
class PictureFile:
    """A picture that passed every check."""

    mime: str
    data: bytes
    caption: str

    @property
    def uri(self) -> str:
        return f"data:{self.mime};base64,{base64.b64encode(self.data).decode('ascii')}"


def load_picture(report: Report, part: str, line: PictureLine) -> PictureFile:
    """The picture that a line of the narrative names.

    Raises
    ------
    PictureError
        When it is missing, outside ``params/<year>/<unit>/``, no PNG or JPEG, too
        large, or has no caption.
    """
    if report.loaded is None:
        raise PictureError(line.file, "这份报告没有图片文件夹", "改从 params 读取报告")
    where = report.loaded.where(("narrative", part))
    folder = report.loaded.path.with_suffix("")
    name = f"图片{quoted(line.file)}"
    if not line.caption:
        raise PictureError(where, f"{name}没有图注", "写成 ![图注](文件名.png)")
    path = inside(folder, line.file)
    if path is None:
        raise PictureError(
            where, f"{name}不在 {report.year}/{report.unit.id}/ 文件夹之内", "把图片放进该文件夹，只写文件名"
        )
    if not path.is_file():
        raise PictureError(where, f"{name}不存在", f"放到 {report.year}/{report.unit.id}/ 文件夹，或删除这一行")
    data = checked_picture(where, name, path)
    return PictureFile(mime_of(where, name, data), data, line.caption)


def checked_picture(where: str, name: str, path: Path) -> bytes:
    """The bytes of a picture's file.

    Raises
    ------
    PictureError
        It is no sound PNG or JPEG, or too large; ``name`` is how the message calls it.
    """
    size = path.stat().st_size
    if size > MAX_BYTES:
        raise PictureError(where, f"{name}有 {size} 字节，应不超过 {MAX_BYTES} 字节", "压缩后再放入")
    data = path.read_bytes()
    mime_of(where, name, data)
    return data


def inside(folder: Path, name: str) -> Path | None:
    """The file's real path when it lies inside the folder, links followed; else None."""
    try:
        path = (folder / name).resolve()
        inside = path.is_relative_to(folder.resolve())
    except (OSError, ValueError):
        return None
    return path if inside and not Path(name).is_absolute() and "\\" not in name else None


def mime_of(where: str, name: str, data: bytes) -> str:
    """The MIME type of a picture of which every pixel can be read; raises PictureError for any other."""
    from PIL import Image, UnidentifiedImageError

    try:
        with Image.open(io.BytesIO(data), formats=tuple(FORMATS)) as image:
            if max(image.width, image.height) > MAX_SIDE:
                size = f"{image.width}×{image.height}"
                raise PictureError(where, f"{name}为 {size} 像素，边长应不超过 {MAX_SIDE}", "缩小后再放入")
            image.load()  # all of it: a check of sums alone passes pixels that cannot be unpacked
            return FORMATS[image.format or ""]
    except (UnidentifiedImageError, Image.DecompressionBombError, OSError, SyntaxError, ValueError, zlib.error):
        raise PictureError(where, f"{name}不是完好的 PNG 或 JPEG 图片", "重新导出图片") from None


def preflight(report: Report) -> None:
    """Fill in the whole narrative and open every picture, so that a fault stops a run before it starts.

    Raises
    ------
    TemplateTextError, PictureError
    """
    for part in narrative_parts():
        for line in render(report, part):
            if isinstance(line, PictureLine):
                load_picture(report, part, line)
