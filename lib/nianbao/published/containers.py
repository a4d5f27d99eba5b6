"""What is packed inside a file: a page saved with all it shows (MHTML), several reports in a ZIP."""

from __future__ import annotations

import email
import email.policy
import io
import zipfile
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import PurePosixPath

from nianbao.errors import ReadError
from nianbao.office.archive import ZIP_FAULTS, has_locked_parts

MOST_MEMBERS = 200
MOST_UNPACKED = 100 * 2**20
"""Bytes of all members of a ZIP together."""
MOST_PARTS = 2_000
"""Of a page saved with all it shows."""
_PICTURES = (".png", ".jpg", ".jpeg", ".gif", ".bmp", ".tif", ".tiff", ".webp")
_MANIFEST = "META-INF/manifest.xml"
_APART = "解压后再读其中的报告"


@dataclass(frozen=True)
class Member:
    """A file in a ZIP, under the name by which messages call it."""

    name: str
    raw: bytes


def is_mhtml(raw: bytes) -> bool:
    """Whether the bytes are a page saved with all it shows."""
    head = raw[:4000].lower()
    return b"mime-version:" in head and (b"multipart/related" in head or b"text/html" in head)


def page_of_mhtml(raw: bytes, name: str) -> bytes:
    """The HTML of the page that was saved; of several, one for each frame, that with the most cells of tables.

    Raises
    ------
    ReadError
        When there is none.
    """
    parts = raw.count(b"\n--")
    if parts > MOST_PARTS:
        raise ReadError(
            name,
            f"是单个网页文件（.mht），有 {parts} 个部分，应不超过 {MOST_PARTS} 个",
            "在浏览器中另存为“网页，仅 HTML”再读",
        )
    message = email.message_from_bytes(raw, policy=email.policy.default)
    pages = []
    for part in message.walk():
        if isinstance(part, EmailMessage) and part.get_content_type() == "text/html":
            content = part.get_payload(decode=True)
            if isinstance(content, bytes) and content.strip():
                pages.append(content)
    if pages:
        return max(pages, key=lambda page: page.lower().count(b"<td"))
    raise ReadError(name, "是单个网页文件（.mht），其中没有网页", "在浏览器中另存为“网页，仅 HTML”再读")


def kind_of_zip(raw: bytes, name: str) -> str:
    """What a ZIP is: ``docx``, ``xlsx``, ``odt`` or ``zip``.

    Raises
    ------
    ReadError
        When it is damaged, or of a kind that cannot be read.
    """
    names = _names(raw, name)
    if "word/document.xml" in names:
        return "docx"
    if "xl/workbook.xml" in names:
        return "xlsx"
    if "OFD.xml" in names:
        raise ReadError(name, "是 OFD 文件", "用 WPS 或 OFD 阅读器打开，另存为 .docx 再读")
    if "mimetype" in names and _MANIFEST in names:
        return "odt"
    if any(one.startswith("ppt/") for one in names):
        raise ReadError(name, "是演示文稿", "改用报告的网页、Word 文档或 PDF")
    if "[Content_Types].xml" in names:
        raise ReadError(name, "是不完整的 Office 文件", "用 Word 或 WPS 打开，另存为 .docx 再读")
    return "zip"


def members_of(raw: bytes, name: str) -> list[Member]:
    """The files of a ZIP that may be reports.

    Raises
    ------
    ReadError
        When it is damaged, under a password, too large, or holds nothing but pictures.
    """
    members: list[Member] = []
    total = 0
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as package:
            if has_locked_parts(package):
                raise ReadError(name, "压缩包有密码", "解压后再读其中的报告")
            files = [info for info in package.infolist() if not info.is_dir() and not _is_aside(info.filename)]
            if len(files) > MOST_MEMBERS:
                raise ReadError(name, f"压缩包中有 {len(files)} 个文件，应不超过 {MOST_MEMBERS} 个", _APART)
            for info in files:
                with package.open(info) as file:  # the sizes in the directory may lie
                    content = file.read(MOST_UNPACKED - total + 1)
                total += len(content)
                if total > MOST_UNPACKED:
                    raise ReadError(name, f"压缩包展开后超过 {MOST_UNPACKED // 2**20} MB", _APART)
                members.append(Member(f"{name}/{_shown(info)}", content))
    except ZIP_FAULTS:
        raise ReadError(name, "压缩包损坏，无法打开", _APART) from None
    wanted = [member for member in members if PurePosixPath(member.name).suffix.lower() not in _PICTURES]
    if not wanted:
        what = "是一包图片" if members else "是空的压缩包"
        raise ReadError(name, what, "图片中的字读不出，改用网页或 Word 版")
    return wanted


def _names(raw: bytes, name: str) -> set[str]:
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as package:
            return set(package.namelist())
    except ZIP_FAULTS:
        raise ReadError(name, "压缩包损坏，无法打开", "重新下载，或用 Word、WPS 打开后另存") from None


def _is_aside(name: str) -> bool:
    """Whether a member is what an operating system leaves beside the files."""
    parts = PurePosixPath(name).parts
    return "__MACOSX" in parts or parts[-1].startswith((".", "~$")) or parts[-1].lower() in ("thumbs.db", "desktop.ini")


def _shown(info: zipfile.ZipInfo) -> str:
    """A member's name; Windows writes Chinese ones in GBK without saying so."""
    if info.flag_bits & 0x800:
        return info.filename
    try:
        return info.filename.encode("cp437").decode("gbk")
    except UnicodeError:
        return info.filename
