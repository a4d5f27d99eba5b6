"""Look into the archive of a filled-in form before anything parses it."""

from __future__ import annotations

import re
import zipfile
from io import BytesIO
from pathlib import Path

from openpyxl.utils import range_boundaries

from nianbao.errors import FormError

MAX_FILE = 20 * 1024 * 1024
MAX_UNPACKED = 50 * 1024 * 1024
MAX_RATIO = 200
"""Unpacked to packed size of a part; text of a spreadsheet reaches some dozens."""
MAX_PARTS = 2000
MAX_CELLS = 1_000_000

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED_STREAM = "EncryptedPackage".encode("utf-16-le")
_MACROS = re.compile(r"vbaProject|vbaData|macrosheets/|dialogsheets/", re.IGNORECASE)
_MACRO_TYPE = re.compile(rb"macroEnabled", re.IGNORECASE)
_LINKS = re.compile(r"externalLinks/|connections\.xml$|queryTables/", re.IGNORECASE)
_AREA = re.compile(rb"<(?:\w+:)?(?:mergeCell|hyperlink)\s[^>]*?\bref\s*=\s*[\"']([^\"']*)")
_CELL = re.compile(rb"<(?:\w+:)?c[\s/>]")
_START = re.compile(rb"(?:\xef\xbb\xbf|\xff\xfe|\xfe\xff)?\s*<")
_ENCODING = re.compile(rb"\W*xml\b[^>]*?\bencoding\s*=\s*[\"']([A-Za-z0-9._-]+)")
_ENCODINGS = frozenset({b"utf-8", b"utf8", b"utf-16", b"us-ascii"})
_OBJECTS = re.compile(r"embeddings/|activeX/|ctrlProps/", re.IGNORECASE)


def open_checked(path: Path) -> bytes:
    """The bytes of an XLSX that may be handed to openpyxl.

    Raises
    ------
    FormError
        When the file is no plain workbook: encrypted, an old .xls, with macros, with links
        to other workbooks or embedded objects, larger unpacked than a form can be, or broken.
    """
    name = path.name
    if path.suffix.lower() in (".xlsm", ".xltm", ".xlsb", ".xlam"):
        raise FormError(name, f"扩展名为 {path.suffix}，可能带宏，应为 .xlsx", "另存为不带宏的 .xlsx")
    try:
        if path.stat().st_size > MAX_FILE:
            raise FormError(name, f"文件有 {path.stat().st_size} 字节，应不超过 {MAX_FILE} 字节", "删去多余的内容")
        raw = path.read_bytes()
    except FileNotFoundError:
        raise FormError(name, "没有这个文件", "检查路径") from None
    except OSError as error:
        raise FormError(
            name, f"无法读取（{error.strerror or type(error).__name__}）", "关闭正打开它的程序后重试"
        ) from error
    if raw.startswith(_OLE):
        if _ENCRYPTED_STREAM in raw:
            raise FormError(name, "文件加了打开密码，应为不加密的 .xlsx", "取消密码后另存")
        raise FormError(name, "是旧的 .xls 格式，应为 .xlsx", "另存为 .xlsx")
    try:
        with zipfile.ZipFile(BytesIO(raw)) as archive:
            _inspect(archive, name)
    except (zipfile.BadZipFile, zipfile.LargeZipFile, NotImplementedError, EOFError, OSError, ValueError) as error:
        raise _broken(name) from error
    except RuntimeError as error:  # zipfile's way of asking for a password
        raise FormError(name, "文件加了打开密码，应为不加密的 .xlsx", "取消密码后另存") from error
    except zipfile.zlib.error as error:  # type: ignore[attr-defined]
        raise _broken(name) from error
    return raw


def _broken(name: str) -> FormError:
    return FormError(name, "不是完整的 .xlsx 文件", "用 WPS 或 Excel 打开后另存为 .xlsx")


def _inspect(archive: zipfile.ZipFile, name: str) -> None:
    parts = archive.infolist()
    names = [part.filename for part in parts]
    unpacked = sum(part.file_size for part in parts)
    if unpacked > MAX_UNPACKED or len(parts) > MAX_PARTS:
        raise FormError(
            name,
            f"解压后有 {unpacked} 字节、{len(parts)} 个部分，应不超过 {MAX_UNPACKED} 字节、{MAX_PARTS} 个",
            "这不是填报表，核对文件来源",
        )
    if any(part.file_size > 100_000 and part.file_size > MAX_RATIO * part.compress_size for part in parts):
        raise FormError(name, f"压缩比超过 {MAX_RATIO} 倍", "这不是填报表，核对文件来源")
    if len(set(names)) != len(names) or "[Content_Types].xml" not in names or "xl/workbook.xml" not in names:
        raise _broken(name)
    for part in parts:
        if part.flag_bits & 1:
            raise FormError(name, "文件加了打开密码，应为不加密的 .xlsx", "取消密码后另存")
    cells = spanned = 0
    content_types = archive.read("[Content_Types].xml")
    if any(map(_MACROS.search, names)) or _MACRO_TYPE.search(content_types):
        raise FormError(name, "带有宏，应为不带宏的 .xlsx", "另存为不带宏的 .xlsx")
    if any(map(_LINKS.search, names)):
        raise FormError(name, "带有到其他工作簿或数据源的链接", "在 WPS 或 Excel 的“数据—编辑链接”中断开链接后另存")
    if any(map(_OBJECTS.search, names)):
        raise FormError(name, "带有嵌入的对象或控件", "删去对象和控件后另存")
    for part in parts:
        if part.filename.lower().endswith((".xml", ".rels", ".vml")):
            content = archive.read(part).replace(b"\0", b"")  # so that UTF-16 reads like ASCII
            if b"<!DOCTYPE" in content or b"<!ENTITY" in content:
                raise FormError(name, f"{part.filename} 带有文档类型声明，不是正常的表格", "核对文件来源")
            if not _START.match(content) or (
                (found := _ENCODING.match(content)) and found[1].lower() not in _ENCODINGS
            ):
                raise _broken(name)
            spanned += _spanned(content)
            cells += len(_CELL.findall(content))
    if cells > MAX_CELLS or spanned > MAX_CELLS:
        raise FormError(
            name, f"用到 {max(cells, spanned)} 格，应不超过 {MAX_CELLS} 格", "删去多余的行列、整行整列的合并和超链接"
        )


def _spanned(xml: bytes) -> int:
    """Cells under merged areas and links, each of which openpyxl makes one by one; ValueError where one is no area."""
    total = 0
    for found in _AREA.finditer(xml):
        left, top, right, bottom = range_boundaries(found[1].decode("ascii"))
        total += ((right or 16_384) - (left or 1) + 1) * ((bottom or 1_048_576) - (top or 1) + 1)
    return total
