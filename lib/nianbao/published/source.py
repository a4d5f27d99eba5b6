"""Bytes of a published report → lines and grids: what kind of file it is, and in what encoding."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from pathlib import Path

from nianbao.document.longform import COLUMNS
from nianbao.errors import ReadError, reason_of
from nianbao.office.archive import is_locked, is_old_container
from nianbao.office.libreoffice import as_docx
from nianbao.published.containers import Member, is_mhtml, kind_of_zip, members_of, page_of_mhtml
from nianbao.published.grid import Grid, Item, Line
from nianbao.published.html import Link, read_html_text
from nianbao.published.odt import is_flat, read_odt
from nianbao.published.pdf import read_pdf
from nianbao.published.plain import MOST_TEXT, read_plain
from nianbao.published.separated import with_tabs
from nianbao.published.sheets import read_sheets
from nianbao.published.traditional import is_traditional, simplified_grid
from nianbao.published.word import read_word
from nianbao.report import Unrecognised
from nianbao.rules.judge.normalise import simplified
from nianbao.statute.rulebook import Severity

MOST_BYTES = 5 * 2**20
MOST_ZIP_BYTES = 50 * 2**20
"""Of a ZIP of several reports."""
MOST_TABLES = 500
MOST_UNREADABLE = 20
"""Bytes that may fail to decode before a text counts as none."""

_TAG = re.compile(
    r"<(?:!doctype|html|head|body|meta|table|tbody|tr|td|th|p|div|span|br|h[1-6]|section|article|ul|ol|li|a|img|iframe)\b[^>]*>",
    re.I,
)
_CHARSET = re.compile(rb"""(?:charset|encoding)\s*=\s*["']?\s*([A-Za-z0-9_-]+)""", re.I)
_CHINESE = {"gbk", "gb2312", "gb18030", "gb-2312", "x-gbk", "cp936", "hz-gb-2312"}
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f]")
_TEXT_FORM = "在浏览器或 Word 中打开报告，另存为 HTML 或 .docx 再读"

# The first bytes of files that are not read, what they are, and what to do.
_MAGIC: tuple[tuple[bytes, str, str], ...] = (
    (b"\x89PNG", "是图片", "图片中的字读不出，改用网页或 Word 版"),
    (b"\xff\xd8\xff", "是图片", "图片中的字读不出，改用网页或 Word 版"),
    (b"GIF8", "是图片", "图片中的字读不出，改用网页或 Word 版"),
    (b"BM", "是图片", "图片中的字读不出，改用网页或 Word 版"),
    (b"II*\0", "是图片", "图片中的字读不出，改用网页或 Word 版"),
    (b"MM\0*", "是图片", "图片中的字读不出，改用网页或 Word 版"),
    (b"Rar!", "是压缩包", "解压后再读其中的报告"),
    (b"7z\xbc\xaf", "是压缩包", "解压后再读其中的报告"),
    (b"\x1f\x8b", "是压缩包", "解压后再读其中的报告"),
)
_XML: tuple[tuple[str, str, str], ...] = (
    (
        'urn:schemas-microsoft-com:office:spreadsheet"',
        "是 Excel 2003 的 XML 表格",
        "用 WPS 或 Excel 打开，另存为 .xlsx 再读",
    ),
    (
        "schemas.microsoft.com/office/word/2003/wordml",
        "是 Word 2003 的 XML 文档",
        "用 Word 或 WPS 打开，另存为 .docx 再读",
    ),
    ("schemas.microsoft.com/office/2006/xmlPackage", "是 Word 的 XML 文档", "用 Word 或 WPS 打开，另存为 .docx 再读"),
)
"""The namespaces of documents of XML that are not read, what these are, and what to do."""
_WORD_STREAM = "WordDocument".encode("utf-16-le")
_SPREADSHEET_STREAMS = tuple(name.encode("utf-16-le") for name in ("Workbook", "Book"))


@dataclass(frozen=True)
class Source:
    """A published document as lines and grids.

    Attributes
    ----------
    format : str
        ``html``, ``mhtml``, ``docx``, ``doc``, ``odt``, ``rtf``, ``xlsx``, ``pdf`` or ``text``.
    titles : tuple of str
        Titles that a page declares in its head.
    published : str
        The day of publication that a page declares in its head, as written there.
    links : tuple of Link
        Where a page leads to, and what it shows of other files.
    scripted : bool
        Whether a page loads scripts.
    pictures : int
        How many pictures a page shows.
    again : tuple of Grid
        The tables as a second, independent reading of the file gives them, where there is one.
    said : tuple of Unrecognised
        What of the file could not be read at all.
    """

    name: str
    format: str
    items: tuple[Item, ...]
    titles: tuple[str, ...] = ()
    published: str = ""
    links: tuple[Link, ...] = ()
    scripted: bool = False
    pictures: int = 0
    again: tuple[Grid, ...] = ()
    said: tuple[Unrecognised, ...] = ()

    @property
    def grids(self) -> tuple[Grid, ...]:
        return tuple(item for item in self.items if isinstance(item, Grid))

    @property
    def lines(self) -> tuple[str, ...]:
        return tuple(item.text for item in self.items if isinstance(item, Line))


def read_source(path: Path) -> Source:
    """The lines and tables of a file.

    Raises
    ------
    ReadError
        With what the file is and what to do instead; a ZIP of several reports is for :func:`read_sources`.
    """
    sources = read_sources(path)
    if len(sources) > 1:
        raise ReadError(path.as_posix(), f"压缩包中有 {len(sources)} 份文件", "解压后读其中一份")
    first = sources[0]
    if isinstance(first, ReadError):
        raise first
    return first


def read_sources(path: Path) -> tuple[Source | ReadError, ...]:
    """The documents in a file: one, or of a ZIP those that it holds, each read or refused by itself.

    Raises
    ------
    ReadError
        When the file itself cannot be opened.
    """
    name = path.as_posix()
    try:
        if path.is_dir():
            raise ReadError(name, "是文件夹，应为文件", "写出文件夹中报告的文件名")
        with path.open("rb") as file:  # a device tells no size: read no more than is allowed
            raw = file.read(MOST_ZIP_BYTES + 1)
    except FileNotFoundError:
        raise ReadError(name, "没有这个文件", "核对文件名和所在文件夹") from None
    except (OSError, ValueError) as error:
        reason = reason_of(error) if isinstance(error, OSError) else "文件名不能用"
        raise ReadError(name, f"无法读取（{reason}）", "核对文件是否可读") from None
    if raw.startswith(b"PK") and kind_of_zip(raw, name) == "zip":
        if len(raw) > MOST_ZIP_BYTES:
            raise ReadError(name, f"压缩包超过 {MOST_ZIP_BYTES // 2**20} MB", "解压后再读其中的报告")
        return tuple(map(_member, members_of(raw, name)))
    return (parse_source(raw, name),)


def _member(member: Member) -> Source | ReadError:
    try:
        if member.raw.startswith(b"PK") and kind_of_zip(member.raw, member.name) == "zip":
            return ReadError(member.name, "压缩包中还有压缩包", "解压后再读其中的报告")
        return parse_source(member.raw, member.name)
    except ReadError as error:
        return error


def parse_source(raw: bytes, name: str) -> Source:
    """The lines and tables of the bytes of a file called ``name``; see :func:`read_source`."""
    if len(raw) > MOST_BYTES:
        raise ReadError(name, f"超过 {MOST_BYTES // 2**20} MB，不像报告", "删去图片，只留报告正文再读")
    if not raw.strip():
        raise ReadError(name, "文件是空的", "重新下载或另存报告")
    source = _parse(raw, name)
    if len(source.grids) > MOST_TABLES:
        raise ReadError(name, f"有 {len(source.grids)} 张表，不像报告", "只留报告正文再读")
    return in_simplified(source)


def in_simplified(source: Source) -> Source:
    """The same document in simplified characters; one that is in them already is left as it is."""
    if not is_traditional(source.lines, source.grids):
        return source
    said = Unrecognised("文件", "是繁体字，转为简体字后读", "引用原文时对照原文", None, Severity.INFO)
    return replace(
        source,
        items=tuple(
            simplified_grid(one) if isinstance(one, Grid) else Line(simplified(one.text)) for one in source.items
        ),
        titles=tuple(map(simplified, source.titles)),
        again=tuple(map(simplified_grid, source.again)),
        said=(*source.said, said),
    )


def _parse(raw: bytes, name: str) -> Source:
    if raw.startswith(b"PK"):
        return _packed(raw, name)
    if raw.startswith(b"%PDF"):
        return _pdf(raw, name)
    if raw.startswith(b"{\\rtf"):
        return Source(name, "rtf", read_word(as_docx(raw, ".rtf", name), name))
    if is_old_container(raw):
        return Source(name, "doc", read_word(as_docx(_old_word(raw, name), ".doc", name), name))
    for magic, wrong, remedy in _MAGIC:
        if raw.startswith(magic):
            raise ReadError(name, wrong, remedy)
    if is_flat(raw):
        return Source(name, "odt", read_odt(raw, name))
    if is_mhtml(raw):
        return replace(_text(page_of_mhtml(raw, name), name), format="mhtml")
    return _text(raw, name)


def _packed(raw: bytes, name: str) -> Source:
    match kind_of_zip(raw, name):
        case "docx":
            return Source(name, "docx", read_word(raw, name))
        case "xlsx":
            return Source(name, "xlsx", read_sheets(raw, name))
        case "odt":
            return Source(name, "odt", read_odt(raw, name))
    raise ReadError(name, "是压缩包", "解压后再读其中的报告")


def _old_word(raw: bytes, name: str) -> bytes:
    """The bytes, if they are a document of Word or WPS from before 2007."""
    if is_locked(raw):
        raise ReadError(name, "文件已加密", "去掉密码后另存为 .docx 再读")
    if _WORD_STREAM in raw:
        return raw
    if any(stream in raw for stream in _SPREADSHEET_STREAMS):
        raise ReadError(name, "是旧格式的电子表格（.xls 或 .et）", "用 WPS 或 Excel 打开，另存为 .xlsx 再读")
    raise ReadError(name, "是旧格式的 Office 文件，其中没有 Word 文档", "用 Word 或 WPS 打开，另存为 .docx 再读")


def _text(raw: bytes, name: str) -> Source:
    """A page or a plain text."""
    text, damaged = decode(raw, name)
    for mark, wrong, remedy in _XML:
        if mark in text[:2000]:
            raise ReadError(name, wrong, remedy)
    said = (Unrecognised("文件", "有些字节不成字", "从原网页重新另存", None, Severity.WARNING),) if damaged else ()
    if _TAG.search(text):
        page = read_html_text(text, name)
        return Source(
            name,
            "html",
            page.items,
            page.titles,
            page.published,
            page.links,
            page.scripted,
            page.pictures,
            said=said,
        )
    if text.lstrip("\ufeff").startswith(",".join(COLUMNS)):
        raise ReadError(name, "是一份报告各格的长表，不是报告", "改读同一文件夹里的 report.xlsx 或 report.html")
    if len(text) > MOST_TEXT:
        raise ReadError(name, f"有 {len(text)} 字，应不超过 {MOST_TEXT} 字", "只留报告正文再读")
    return Source(name, "text", tuple(read_plain(with_tabs(text))), said=said)


def _pdf(raw: bytes, name: str) -> Source:
    content = read_pdf(raw, name)
    said = tuple(
        Unrecognised(f"第 {page} 页", "是图片，没有读", "对照原文核对这一页", None, Severity.WARNING)
        for page in content.pictures
    )
    return Source(name, "pdf", content.items, again=content.again, said=said)


def decode(raw: bytes, name: str) -> tuple[str, bool]:
    """The text of a file and whether any of it could not be decoded.

    A mark at the start decides; then UTF-8, which Chinese in another encoding does
    not happen to be; then GB18030, which includes GBK and GB2312. What the file
    declares decides only where neither fits throughout.
    """
    for mark, encoding in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if raw.startswith(mark):
            return _checked(raw.decode(encoding, "replace"), name)
    if (wide := _wide_encoding(raw)) is not None:
        return _checked(raw.decode(wide, "replace"), name)
    for encoding in ("utf-8", "gb18030"):
        try:
            return _checked(raw.decode(encoding), name)
        except UnicodeDecodeError:
            continue
    declared = _CHARSET.search(raw[:4096])
    name_of = declared[1].decode("ascii").lower() if declared else ""
    encodings = ("gb18030", "utf-8") if name_of in _CHINESE else ("utf-8", "gb18030")
    return _checked(min((raw.decode(e, "replace") for e in encodings), key=lambda text: text.count("\ufffd")), name)


def _wide_encoding(raw: bytes) -> str | None:
    """UTF-16 without a mark at its start: every other byte of its tags and blanks is zero, hardly any of the others."""
    odd, even = (raw[start:8000:2].count(0) for start in (1, 0))
    most, least = max(odd, even), min(odd, even)
    if most < 10 or most < 10 * least:
        return None
    return "utf-16-le" if odd == most else "utf-16-be"


def _checked(text: str, name: str) -> tuple[str, bool]:
    if len(_CONTROL.findall(text)) > MOST_UNREADABLE or text.count("\ufffd") > MOST_UNREADABLE:
        raise ReadError(name, "不是文本，也不是 HTML 或 DOCX", _TEXT_FORM)
    return _CONTROL.sub("\ufffd", text), "\ufffd" in text or bool(_CONTROL.search(text))
