"""The words in a file of an office program: all that anyone who gets it could find there, hidden or deleted or not.

Nothing is opened but the XML that holds text. What is looked for are a few digits, so no more is known of a text than
roughly where it stands.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from pathlib import PurePosixPath
from typing import NamedTuple

from lxml import etree

from nianbao.errors import ReadError
from nianbao.office.archive import ZIP_FAULTS, has_locked_parts, is_locked, is_old_container
from nianbao.office.xml import XmlElement

MOST_UNPACKED = 30 * 1024 * 1024
"""Bytes of all XML that holds text."""
MOST_TAGS = 1_500_000
_PARAGRAPHS = frozenset({"p", "h"})
"""Of Word, PowerPoint and OpenDocument alike."""
_WORDS = frozenset({"t", "delText", "instrText", "v", "text"})
_HOLDS_TEXT = re.compile(
    r"(?:word|ppt)/(?:document|header\d*|footer\d*|footnotes|endnotes|comments|slides/slide\d+|notesSlides/notesSlide\d+)\.xml"
    r"|xl/(?:(?:comments/)?comments?\d*|drawings/drawing\d+|threadedComments/threadedComment\d+)\.xml|content\.xml"
)
_SHEET = re.compile(r"xl/worksheets/[^/]+\.xml")
_STRINGS, _BOOK, _LINKS = "xl/sharedStrings.xml", "xl/workbook.xml", "xl/_rels/workbook.xml.rels"


class FoundText(NamedTuple):
    """A text and roughly where it stands: 第3段, 名册第5行."""

    place: str
    text: str


def texts_of(raw: bytes, suffix: str, where: str) -> tuple[FoundText, ...] | None:
    """Every text of a DOCX, XLSX, PPTX, OpenDocument or plain text file; None where this cannot be told.

    Raises
    ------
    ReadError
        The file is damaged, or under a password.
    """
    if suffix in (".txt", ".csv"):
        return tuple(_numbered(_decoded(raw).splitlines(), "行"))
    if is_locked(raw):
        raise ReadError(where, "文件加了密码", "去掉密码后另存")
    if is_old_container(raw) or not raw.startswith(b"PK"):
        return None
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as package:
            if has_locked_parts(package):
                raise ReadError(where, "文件加了密码", "去掉密码后另存")
            parts = _parts(package)
    except ZIP_FAULTS:
        raise ReadError(where, "文件不完整或已损坏", "用 Word、Excel 或 WPS 打开，另存后再放入") from None
    if not parts or sum(map(len, parts.values())) > MOST_UNPACKED:
        return None
    if sum(content.count(b"<") for content in parts.values()) > MOST_TAGS:
        return None
    return tuple(_texts({name: _root(content, name, where) for name, content in parts.items()}))


def _parts(package: zipfile.ZipFile) -> dict[str, bytes]:
    """The parts that hold text, by name; read no further than is allowed, since the sizes in the directory may lie."""
    parts: dict[str, bytes] = {}
    room = MOST_UNPACKED + 1
    for name in package.namelist():
        if name in (_STRINGS, _BOOK, _LINKS) or _SHEET.fullmatch(name) or _HOLDS_TEXT.fullmatch(name):
            with package.open(name) as part:
                parts[name] = part.read(room)
            room -= len(parts[name])
    return parts


def _root(content: bytes, name: str, where: str) -> XmlElement:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError):
        raise ReadError(where, f"文件已损坏（{name}）", "用 Word、Excel 或 WPS 打开，另存后再放入") from None
    if root.getroottree().docinfo.internalDTD is not None:
        raise ReadError(where, f"文件含有 DTD（{name}），不是正常的文档", "用 Word、Excel 或 WPS 打开，另存后再放入")
    return root


def _texts(parts: dict[str, XmlElement]) -> Iterator[FoundText]:
    strings = [_words(one) for one in parts[_STRINGS]] if _STRINGS in parts else []
    titles = _titles(parts)
    for name, root in parts.items():
        if _SHEET.fullmatch(name):
            yield from _rows(root, strings, titles.get(PurePosixPath(name).name, "工作表"))
        elif _HOLDS_TEXT.fullmatch(name):
            yield from _numbered(_paragraphs(root), "段")


def _titles(parts: dict[str, XmlElement]) -> dict[str, str]:
    """The names of sheets by the names of their parts."""
    if _BOOK not in parts or _LINKS not in parts:
        return {}
    files = {one.get("Id"): PurePosixPath(one.get("Target", "")).name for one in parts[_LINKS]}
    sheets = [one for one in parts[_BOOK].iter() if _name(one) == "sheet"]
    return {
        files[key]: f"〔{one.get('name', '')}〕"
        for one in sheets
        for attribute, key in one.attrib.items()
        if str(attribute).endswith("}id") and key in files
    }


def _rows(sheet: XmlElement, strings: list[str], name: str) -> Iterator[FoundText]:
    """A text for each row of a sheet, a line for each cell."""
    for row in (one for one in sheet.iter() if _name(one) == "row"):
        cells = "\n".join(filter(None, (_cell(one, strings) for one in row if _name(one) == "c")))
        if cells:
            yield FoundText(f"{name}第{row.get('r', '?')}行", cells)


def _cell(cell: XmlElement, strings: list[str]) -> str:
    written = _words(cell)
    match cell.get("t"):
        case "s":
            return strings[int(written)] if written.isdecimal() and int(written) < len(strings) else ""
        case None | "n":
            return _plain(written)
    return written


def _plain(number: str) -> str:
    """A number as one reads it: 1.38E10 is the way in which a spreadsheet keeps eleven digits."""
    try:
        return f"{Decimal(number):f}" if number else ""
    except InvalidOperation:
        return number


def _paragraphs(root: XmlElement) -> list[str]:
    """The text of each paragraph, that of those within it left to them; OpenDocument writes right into its paragraphs."""
    mixed = "opendocument" in str(root.tag)
    found: list[list[str]] = [[]]  # the first: what stands in no paragraph
    open_: list[list[str]] = [found[0]]
    for event, element in etree.iterwalk(root, events=("start", "end")):
        name = _name(element)
        if event == "start":
            if name in _PARAGRAPHS:
                found.append([])
                open_.append(found[-1])
            if element.text and (mixed or name in _WORDS):
                open_[-1].append(element.text)
            continue
        if name in _PARAGRAPHS:
            open_.pop()
        if element.tail and mixed:
            open_[-1].append(element.tail)
    return ["".join(pieces) for pieces in (*found[1:], found[0])]


def _words(element: XmlElement) -> str:
    """Everything that is written in an element of a workbook."""
    return "".join(one.text or "" for one in element.iter() if _name(one) in _WORDS)


def _name(element: XmlElement) -> str:
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def _numbered(texts: list[str], measure: str) -> Iterator[FoundText]:
    for number, text in enumerate(texts, start=1):
        if text.strip():
            yield FoundText(f"第{number}{measure}", text)


def _decoded(raw: bytes) -> str:
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        return raw.decode("utf-16", "replace")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("gb18030", "replace")
