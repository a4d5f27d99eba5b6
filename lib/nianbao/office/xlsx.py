"""Look into an XLSX from outside before anything parses it.

Refused: an old .xls, a password, macros, links to other workbooks, embedded objects, a
document type declaration, an odd encoding, and whatever would fill the memory: a zip bomb,
more cells than allowed, merged areas and hyperlinks over whole rows and columns.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

from openpyxl.utils import range_boundaries

from nianbao.errors import NianbaoError, reason_of
from nianbao.office.archive import ZIP_FAULTS, has_locked_parts, is_locked, is_old_container

MAX_PARTS = 2000
MAX_RATIO = 200
"""Unpacked to packed size of a part; text of a spreadsheet reaches some dozens."""

_SMALL = 100_000
"""Bytes of a part up to which any ratio will do."""
_SAVE = "用 WPS 或 Excel 打开后另存为 .xlsx"
_MACRO_SUFFIXES = (".xlsm", ".xltm", ".xlsb", ".xlam")
_MACROS = re.compile(r"vbaProject|vbaData|macrosheets/|dialogsheets/", re.IGNORECASE)
_MACRO_TYPE = re.compile(rb"macroEnabled", re.IGNORECASE)
_LINKS = re.compile(r"externalLinks/|connections\.xml$|queryTables/", re.IGNORECASE)
_OBJECTS = re.compile(r"embeddings/|activeX/|ctrlProps/", re.IGNORECASE)
_AREA = re.compile(rb"<(?:\w+:)?(?:mergeCell|hyperlink)\s[^>]*?\bref\s*=\s*[\"']([^\"']*)")
_CELL = re.compile(rb"<(?:\w+:)?c[\s/>]")
_START = re.compile(rb"(?:\xef\xbb\xbf|\xff\xfe|\xfe\xff)?\s*<")
_ENCODING = re.compile(rb"\W*xml\b[^>]*?\bencoding\s*=\s*[\"']([A-Za-z0-9._-]+)")
_ENCODINGS = frozenset({b"utf-8", b"utf8", b"utf-16", b"us-ascii"})


@dataclass(frozen=True)
class Limits:
    """What an XLSX may come to.

    Attributes
    ----------
    file, unpacked : int
        Bytes, as it lies on the disk and with all of its parts unpacked.
    cells : int
        Cells that are written, and cells under merged areas and hyperlinks.
    """

    file: int
    unpacked: int
    cells: int


def read_xlsx(path: Path, name: str, limits: Limits, error: type[NianbaoError]) -> bytes:
    """The bytes of an XLSX that may be parsed; ``name`` is how messages call it.

    Raises
    ------
    NianbaoError
        An ``error``, when the file is missing, no plain workbook, or larger than ``limits``.
    """
    if path.suffix.lower() in _MACRO_SUFFIXES:
        raise error(name, f"扩展名为 {path.suffix}，可能带宏，应为 .xlsx", "另存为不带宏的 .xlsx")
    try:
        if (size := path.stat().st_size) > limits.file:
            raise error(name, f"文件有 {size} 字节，应不超过 {limits.file} 字节", "删去多余的内容")
        raw = path.read_bytes()
    except FileNotFoundError:
        raise error(name, "没有这个文件", "检查路径") from None
    except OSError as fault:
        reason = reason_of(fault)
        raise error(name, f"无法读取（{reason}）", "关闭正打开它的程序后重试") from fault
    check_xlsx(raw, name, limits, error)
    return raw


def check_xlsx(raw: bytes, name: str, limits: Limits, error: type[NianbaoError]) -> None:
    """Raise an ``error`` unless the bytes are a workbook that may be parsed; see :func:`read_xlsx`."""
    if is_locked(raw):
        raise _locked(name, error)
    if is_old_container(raw):
        raise error(name, "是旧的 .xls 格式，应为 .xlsx", "另存为 .xlsx")
    if not raw.startswith(b"PK"):
        raise error(name, "不是 .xlsx 文件", _SAVE)
    try:
        with ZipFile(BytesIO(raw)) as package:
            _inspect(package, name, limits, error)
    except ZIP_FAULTS as fault:
        raise broken(name, error, fault) from fault


def broken(name: str, error: type[NianbaoError], fault: Exception | None = None) -> NianbaoError:
    """The error for a file that is damaged, with the kind of fault for whoever looks into it."""
    detail = f"（{type(fault).__name__}）" if fault is not None else ""
    return error(name, f"不是完整的 .xlsx 文件{detail}", _SAVE)


def _locked(name: str, error: type[NianbaoError]) -> NianbaoError:
    return error(name, "文件加了打开密码，应为不加密的 .xlsx", "取消密码后另存")


def _inspect(package: ZipFile, name: str, limits: Limits, error: type[NianbaoError]) -> None:
    parts = package.infolist()
    names = [part.filename for part in parts]
    unpacked = sum(part.file_size for part in parts)
    if unpacked > limits.unpacked or len(parts) > MAX_PARTS:
        raise error(
            name,
            f"解压后有 {unpacked} 字节、{len(parts)} 个部分，应不超过 {limits.unpacked} 字节、{MAX_PARTS} 个",
            "核对文件来源",
        )
    texts = [part for part in parts if part.filename.lower().endswith((".xml", ".rels", ".vml"))]
    # A picture may well be one colour; it is never unpacked.
    if any(part.file_size > max(_SMALL, MAX_RATIO * part.compress_size) for part in texts):
        raise error(name, f"压缩比超过 {MAX_RATIO} 倍，不是办公软件保存的表格", "核对文件来源")
    # Readers differ in whether the case of a name counts.
    if len({part.lower() for part in names}) != len(names):
        raise broken(name, error)
    if "[Content_Types].xml" not in names or "xl/workbook.xml" not in names:
        raise broken(name, error)
    if has_locked_parts(package):
        raise _locked(name, error)
    if any(map(_MACROS.search, names)) or _MACRO_TYPE.search(package.read("[Content_Types].xml")):
        raise error(name, "带有宏，应为不带宏的 .xlsx", "另存为不带宏的 .xlsx")
    if any(map(_LINKS.search, names)):
        raise error(name, "带有到其他工作簿或数据源的链接", "在 WPS 或 Excel 的“数据—编辑链接”中断开链接后另存")
    if any(map(_OBJECTS.search, names)):
        raise error(name, "带有嵌入的对象或控件", "删去对象和控件后另存")
    cells = covered = 0
    for part in texts:
        content = package.read(part).replace(b"\0", b"")  # so that UTF-16 reads like ASCII
        if b"<!DOCTYPE" in content or b"<!ENTITY" in content:
            raise error(name, f"{part.filename} 带有文档类型声明，不是正常的表格", "核对文件来源")
        if not _START.match(content) or ((found := _ENCODING.match(content)) and found[1].lower() not in _ENCODINGS):
            raise broken(name, error)
        covered += _covered(content)
        cells += sum(1 for _ in _CELL.finditer(content))
    if covered > limits.cells:
        wrong = f"合并的区域和超链接占 {covered} 格，应不超过 {limits.cells} 格"
        raise error(name, wrong, "取消整行整列的合并和超链接")
    if cells > limits.cells:
        raise error(name, f"用到 {cells} 格，应不超过 {limits.cells} 格", "删去多余的行和列")


def _covered(xml: bytes) -> int:
    """Cells under merged areas and links, each of which openpyxl makes one by one; ValueError where one is no area."""
    if b"mergeCell" not in xml and b"hyperlink" not in xml:
        return 0
    total = 0
    for found in _AREA.finditer(xml):
        left, top, right, bottom = range_boundaries(found[1].decode("ascii"))
        total += ((right or 16_384) - (left or 1) + 1) * ((bottom or 1_048_576) - (top or 1) + 1)
    return total
