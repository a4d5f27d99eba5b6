"""Whether a PDF is whole: opened without repair, every compressed stream to its checksum, nothing inflated past a bound.

A damaged byte that a lenient reader passes over may be a digit, and then a
wrong figure. So a file that is not whole is refused, with the check that failed.
"""

from __future__ import annotations

import base64
import binascii
import io
import re
import zlib

import pikepdf
import pikepdf.settings

from nianbao.errors import ReadError

MOST_STREAM = 24 * 2**20
"""Bytes of one stream when inflated; a report's largest, a font, has a few million."""
MOST_STREAMS = 64 * 2**20
"""Bytes of all streams when inflated."""
MOST_STREAM_COUNT = 20_000
MOST_PAGES = 60
MOST_OBJECTS = 100_000

_PIECE = 65_536
_STREAM = re.compile(rb"stream\r?\n")
_FLATE = {"/FlateDecode", "/Fl"}
_TEXT_FILTERS = {
    "/ASCII85Decode": lambda raw: base64.a85decode(raw.strip().removesuffix(b"~>").removeprefix(b"<~")),
    "/ASCIIHexDecode": lambda raw: binascii.unhexlify(re.sub(rb"\s", b"", raw).rstrip(b">")),
}
_PICTURE_FILTERS = {"/DCTDecode", "/JPXDecode", "/JBIG2Decode", "/CCITTFaxDecode", "/DCT", "/CCF"}
_CHECKS = (
    ("startxref", "文件末尾没有目录"),
    ("xref", "目录有误"),
    ("endstream", "数据的长度不符"),
    ("length", "数据的长度不符"),
    ("decod", "数据解不开"),
    ("inflate", "数据解不开"),
    ("trailer", "目录有误"),
)
_AGAIN = "重新下载；仍不行时用 Word 或 WPS 打开，另存为 .docx 再读"


def damaged(check: str) -> ReadError:
    """The refusal of a file that is not whole, with what was found."""
    return ReadError("", f"PDF 文件不完整或已损坏（{check}）", _AGAIN)


def too_large(what: str) -> ReadError:
    """The refusal of a file that is larger than any report."""
    return ReadError("", f"PDF {what}", "不像报告：只留报告正文，用 Word 或 WPS 另存为 .docx 再读")


def open_whole(raw: bytes) -> pikepdf.Pdf:
    """A PDF of which every part is known to be whole.

    Raises
    ------
    ReadError
        Without a place: the file is damaged, under a password, or larger than any report.
    """
    _inflate_all(raw)
    pikepdf.settings.set_qpdf_limits(flate_max_memory=MOST_STREAM, parser_max_nesting=100)
    try:
        pdf = pikepdf.Pdf.open(io.BytesIO(raw), attempt_recovery=False, suppress_warnings=True)
        pages = len(pdf.pages)
        if pages > MOST_PAGES:
            raise too_large(f"有 {pages} 页，应不超过 {MOST_PAGES} 页")
        if len(pdf.objects) > MOST_OBJECTS:
            raise too_large(f"有 {len(pdf.objects)} 个对象，应不超过 {MOST_OBJECTS} 个")
        for thing in pdf.objects:
            if isinstance(thing, pikepdf.Stream):
                _check_stream(thing)
    except pikepdf.PasswordError:
        raise ReadError("", "PDF 文件已加密，要密码才能打开", "去掉密码后再读") from None
    except (pikepdf.PdfError, ValueError, RuntimeError) as error:
        raise damaged(_check_of(error)) from None
    warnings = pdf.get_warnings()
    if warnings:
        raise damaged(_check_of(warnings[0]))
    return pdf


def _check_of(error: object) -> str:
    """Which of qpdf's checks failed."""
    text = str(error).lower()
    return next((check for sign, check in _CHECKS if sign in text), "对象的写法有误")


def _inflate_all(raw: bytes) -> None:
    """Inflate whatever follows the word ``stream``, before any parser does, and stop at the bounds."""
    view = memoryview(raw)
    total = 0
    for number, match in enumerate(_STREAM.finditer(raw), 1):
        if number > MOST_STREAM_COUNT:
            raise too_large(f"有超过 {MOST_STREAM_COUNT} 段数据")
        size = _inflated_size(view, match.end())
        total += size
        if size > MOST_STREAM or total > MOST_STREAMS:
            raise too_large(f"压缩的内容展开后超过 {(MOST_STREAM if size > MOST_STREAM else MOST_STREAMS) // 2**20} MB")


def _inflated_size(view: memoryview, start: int) -> int:
    """What the bytes from a place on inflate to, as far as they do; no more than one stream may come to, and one byte."""
    inflater = zlib.decompressobj()
    size = 0
    try:
        while start < len(view) and not inflater.eof and size <= MOST_STREAM:
            waiting: bytes | memoryview = view[start : start + _PIECE]
            start += _PIECE
            while waiting and size <= MOST_STREAM:
                size += len(inflater.decompress(waiting, MOST_STREAM + 1 - size))
                waiting = inflater.unconsumed_tail
    except zlib.error:
        pass  # no compressed data, or damaged: that is said of the objects
    return size


def _check_stream(stream: pikepdf.Stream) -> None:
    filters = _filters(stream)
    picture = stream.get("/Subtype") == "/Image"
    data = b""
    for place, name in enumerate(filters):
        if place == 0:
            data = stream.read_raw_bytes()
        if name in _TEXT_FILTERS and place == 0:
            try:
                data = _TEXT_FILTERS[name](data)
            except ValueError:
                raise damaged(f"对象 {stream.objgen[0]} 不是 {name[1:]}") from None
        elif name in _FLATE:
            data = _inflated(data, stream.objgen[0])
        elif name in _PICTURE_FILTERS and picture:
            return
        else:
            raise ReadError("", f"PDF 用了不支持的压缩方式（{name[1:]}）", _AGAIN)


def _filters(stream: pikepdf.Stream) -> list[str]:
    value = stream.get("/Filter")
    if value is None:
        return []
    return [str(name) for name in value] if isinstance(value, pikepdf.Array) else [str(value)]


def _inflated(data: bytes, number: int) -> bytes:
    """The inflated bytes; zlib compares them with the checksum at their end (RFC 1950)."""
    if not data:
        return b""
    inflater = zlib.decompressobj()
    try:
        plain = inflater.decompress(data, MOST_STREAM + 1)
    except zlib.error:
        raise damaged(f"对象 {number} 的校验和不符") from None
    if len(plain) > MOST_STREAM:
        raise too_large(f"压缩的内容展开后超过 {MOST_STREAM // 2**20} MB")
    if not inflater.eof or inflater.unused_data.strip(b"\r\n"):
        raise damaged(f"对象 {number} 的长度不符")
    return plain
