"""Attachments that are files in the unit's own folder: what follows the report as pages, and what lies separate."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from nianbao.errors import AttachmentError, PictureError, ReadError
from nianbao.office.pdf import draw_contents
from nianbao.office.texts import FoundText, texts_of
from nianbao.report.pictures import FORMATS, inside, mime_of
from nianbao.report.report import Report
from nianbao.wording import quoted

MAX_BYTES = 10 * 1024 * 1024
"""Of one attachment."""
MAX_PAGE_BYTES = 12 * 1024 * 1024
"""Of all pages that follow a report, as pictures."""
MOST_DESCRIBED = 2000
"""Characters of a page that its picture is described by."""
_PICTURES = (".png", ".jpg", ".jpeg")
_SEPARATE = "（另附）"


@dataclass(frozen=True)
class AttachedPage:
    """A page that follows the report: PNG or JPEG, what it shows in words, and its whole text; empty of a picture."""

    mime: str
    data: bytes
    alt: str
    text: str = ""

    @property
    def uri(self) -> str:
        return f"data:{self.mime};base64,{base64.b64encode(self.data).decode('ascii')}"


@dataclass(frozen=True)
class Attached:
    """An attachment.

    Attributes
    ----------
    label : str
        附件, with its number where there are several (GB/T 9704-2012, 7.3.6).
    name : str
        As the note below the text has it.
    file : Path or None
        Where it lies; None where it is named only.
    pages : tuple of AttachedPage
        What follows the report of it.
    texts : tuple of FoundText
        What is written in it.
    searched : bool
        Whether that is all of it: not where a page is a picture, or the format is not known.
    """

    label: str
    name: str
    file: Path | None = None
    pages: tuple[AttachedPage, ...] = ()
    texts: tuple[FoundText, ...] = ()
    searched: bool = True

    @property
    def noted(self) -> str:
        """The name in the note below the text (7.3.4), which says what lies separate."""
        return self.name + (_SEPARATE if self.file is not None and not self.pages else "")


def attachments_of(report: Report) -> tuple[Attached, ...]:
    """The attachments in their order.

    Raises
    ------
    AttachmentError
        A file is missing, outside ``params/<year>/<unit>/``, empty, encrypted, broken or too large.
    """
    found = tuple(attachment_of(report, number) for number in range(len(report.params.document.attachments)))
    if (size := sum(len(page.data) for one in found for page in one.pages)) > MAX_PAGE_BYTES:
        where = _where(report, "document", "attachments")
        wrong = f"附件的各页共 {size} 字节，应不超过 {MAX_PAGE_BYTES} 字节"
        raise AttachmentError(where, wrong, "有的附件只写名称，另行报送")
    return found


def attachment_of(report: Report, number: int) -> Attached:
    """One of the attachments, from 0; raises AttachmentError where its file cannot be used."""
    given = report.params.document.attachments
    label = f"附件{number + 1}" if len(given) > 1 else "附件"
    name, file = given[number].name, given[number].file
    return Attached(label, name) if file is None else _attached(report, number, label, name, file)


def _where(report: Report, *path: str | int) -> str:
    return report.loaded.where(path) if report.loaded else report.title


def _attached(report: Report, number: int, label: str, name: str, file: str) -> Attached:
    where = _where(report, "document", "attachments", number, "file")
    if report.loaded is None:
        raise AttachmentError(where, "这份报告没有附件文件夹", "改从 params 读取报告")
    folder, shown = report.loaded.path.with_suffix(""), f"附件{quoted(file)}"
    place = f"{report.year}/{folder.name}/ 文件夹"
    path = inside(folder, file)
    if path is None:
        raise AttachmentError(where, f"{shown}不在 {place}之内", "把文件放进该文件夹，只写文件名")
    if not path.is_file():
        raise AttachmentError(where, f"{shown}不存在", f"放到 {place}，或只写名称")
    size = path.stat().st_size
    if not 0 < size <= MAX_BYTES:
        raise AttachmentError(where, f"{shown}有 {size} 字节，应不超过 {MAX_BYTES} 字节，也不为空", "压缩后再放入")
    described = f"{label}《{name}》"
    suffix = path.suffix.lower()
    if suffix == ".pdf":
        pages = _pdf_pages(where, shown, path.read_bytes(), described)
    elif suffix in _PICTURES:
        pages = (_picture(where, shown, path.read_bytes(), described),)
    else:
        texts = _texts(where, shown, path.read_bytes(), suffix)
        return Attached(label, name, path, (), texts or (), texts is not None)
    texts = tuple(FoundText(f"第{number}页", page.text) for number, page in enumerate(pages, start=1) if page.text)
    return Attached(label, name, path, pages, texts, len(texts) == len(pages))


def _texts(where: str, shown: str, raw: bytes, suffix: str) -> tuple[FoundText, ...] | None:
    try:
        return _written(raw, suffix)
    except ReadError as error:
        raise AttachmentError(where, f"{shown}：{error.wrong}", f"{error.remedy}，或只写名称，另行报送") from error


@lru_cache(maxsize=16)
def _written(raw: bytes, suffix: str) -> tuple[FoundText, ...] | None:
    return texts_of(raw, suffix, "附件")


def _pdf_pages(where: str, shown: str, raw: bytes, described: str) -> tuple[AttachedPage, ...]:
    try:
        drawn = _drawn(raw)
    except ReadError as error:
        raise AttachmentError(
            where, f"{shown}：{error.wrong}", "换成完好、没有密码的 PDF，或只写名称，另行报送"
        ) from error
    return tuple(
        AttachedPage(
            FORMATS["PNG"] if data.startswith(b"\x89PNG") else FORMATS["JPEG"],
            data,
            f"{described}第{number}页，共{len(drawn)}页：{_shortened(text) or '图像，没有文字'}",
            text,
        )
        for number, (data, text) in enumerate(drawn, start=1)
    )


def _shortened(text: str) -> str:
    return text if len(text) <= MOST_DESCRIBED else text[: MOST_DESCRIBED - 1] + "…"


@lru_cache(maxsize=16)
def _drawn(raw: bytes) -> tuple[tuple[bytes, str], ...]:
    """Rules, the check before a build and the gate ask for the same files, one after another; few reports have more."""
    return draw_contents(raw, "附件")


def _picture(where: str, shown: str, data: bytes, described: str) -> AttachedPage:
    try:
        return AttachedPage(mime_of(where, shown, data), data, described)
    except PictureError as error:
        raise AttachmentError(error.where, error.wrong, error.remedy) from error
