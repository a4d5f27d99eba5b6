"""Characters and straight lines of each page, by PDFium. Only for the child process: PDFium aborts its process on some files."""

from __future__ import annotations

import ctypes
import itertools
import math
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pypdfium2.raw as pdfium

from nianbao.errors import ReadError
from nianbao.office.pdf.contents import ARTIFACT, NO_MARK, Character, PdfPage, Stroke
from nianbao.office.pdf.integrity import damaged, too_large

MOST_CHARACTERS = 200_000
MOST_PATHS = 20_000
MOST_FORMS = 10
"""Depth of forms within forms."""
_THICK = 3.0
"""Points; what is filled and thinner than this is a line."""
_SLANT = 0.02
"""Radians; a mark across the page is slanted, text is not."""
_MOST_TURNED = 0.1
_FEW_TURNED = 40
"""Characters that may stand at a right angle to the text of a page, such as its number: a share of them, or so many."""
_MOST_OF_A_PAGE = 0.5
_UNSEEN = (pdfium.FPDF_TEXTRENDERMODE_INVISIBLE, pdfium.FPDF_TEXTRENDERMODE_CLIP)
_UNKNOWN = "\ufffd"
_WITHOUT_TEXT = "改用网页或 Word 版；没有时按原文录入 params"

Matrix = tuple[float, float, float, float, float, float]
_SAME: Matrix = (1, 0, 0, 1, 0, 0)


def read_pages(raw: bytes) -> tuple[PdfPage, ...]:
    """What stands on each page.

    Raises
    ------
    ReadError
        Without a place: damaged, text in two directions, a scan, or more than any report has.
    """
    pdfium.FPDF_InitLibrary()
    document = pdfium.FPDF_LoadMemDocument64(raw, len(raw), None)
    if not document:
        raise damaged("无法打开")
    pages = []
    hidden = 0
    paths = 0
    for index in range(pdfium.FPDF_GetPageCount(document)):
        handle = pdfium.FPDF_LoadPage(document, index)
        if not handle:
            raise damaged(f"第 {index + 1} 页无法打开")
        reader = _PageReader(handle, index)
        pages.append(reader.read())
        hidden += reader.hidden
        paths += reader.paths
        if paths > MOST_PATHS or sum(len(page.characters) for page in pages) > MOST_CHARACTERS:
            raise too_large(f"有超过 {MOST_PATHS} 条线或 {MOST_CHARACTERS} 个字")
        pdfium.FPDF_ClosePage(handle)
    pdfium.FPDF_CloseDocument(document)
    _refuse_pictures(pages, hidden)
    return tuple(pages)


def _refuse_pictures(pages: list[PdfPage], hidden: int) -> None:
    if any(page.characters for page in pages):
        return
    if hidden:
        raise ReadError("", "PDF 各页是图片，其上的字由识别软件加入，不可靠", _WITHOUT_TEXT)
    if any(page.picture for page in pages):
        raise ReadError("", "PDF 是扫描件，各页都是图片", _WITHOUT_TEXT)
    raise ReadError("", "PDF 中没有字", _WITHOUT_TEXT)


class _PageReader:
    """One page."""

    def __init__(self, handle: Any, index: int) -> None:
        self.handle = handle
        self.index = index
        box = pdfium.FS_RECTF()
        if not pdfium.FPDF_GetPageBoundingBox(handle, box):
            raise damaged(f"第 {index + 1} 页没有大小")
        self.left, self.bottom, self.right, self.top = box.left, box.bottom, box.right, box.top
        self.hidden = 0
        """Characters that are drawn invisibly, as recognised text over a picture is."""
        self.paths = 0
        self.picture = False
        self.strokes: list[Stroke] = []
        self.marks: dict[int, int] = {}

    def read(self) -> PdfPage:
        for position in range(pdfium.FPDFPage_CountObjects(self.handle)):
            self._object(pdfium.FPDFPage_GetObject(self.handle, position), _SAME, 0)
        text = self._text()
        turns = self._turns(text)
        if pdfium.FPDFPage_GetRotation(self.handle) != turns:
            # PDFium gives characters in the order in which the page is shown: shown upright, they are in theirs.
            pdfium.FPDFText_ClosePage(text)
            pdfium.FPDFPage_SetRotation(self.handle, turns)
            text = self._text()
        characters = tuple(self._characters(text, turns))
        pdfium.FPDFText_ClosePage(text)
        if self.picture and self.hidden > len(characters):
            characters = ()
        strokes = tuple(
            _stroke(*self._turned(one.left, one.bottom, turns), *self._turned(one.right, one.top, turns))
            for one in self.strokes
        )
        ends = [self._turned(x, y, turns)[1] for x, y in ((self.left, self.bottom), (self.right, self.top))]
        return PdfPage(characters, strokes, min(ends), max(ends), self.picture)

    # -- lines and pictures -------------------------------------------------------------------------------------------

    def _object(self, thing: Any, outer: Matrix, depth: int) -> None:
        kind = pdfium.FPDFPageObj_GetType(thing)
        if kind == pdfium.FPDF_PAGEOBJ_PATH:
            self.paths += 1
            if self.paths > MOST_PATHS:
                raise too_large(f"有超过 {MOST_PATHS} 条线")
            self.strokes.extend(stroke for stroke in _strokes(thing, outer) if self._inside(stroke))
        elif kind == pdfium.FPDF_PAGEOBJ_IMAGE:
            self.picture = self.picture or self._covers(thing, outer)
        elif kind == pdfium.FPDF_PAGEOBJ_TEXT and depth == 0:
            self.marks[_address(thing)] = _mark(thing)
        elif kind == pdfium.FPDF_PAGEOBJ_FORM and depth < MOST_FORMS:
            matrix = _times(_matrix(thing), outer)
            for position in range(pdfium.FPDFFormObj_CountObjects(thing)):
                self._object(pdfium.FPDFFormObj_GetObject(thing, position), matrix, depth + 1)

    def _inside(self, stroke: Stroke) -> bool:
        across = stroke.right >= self.left and stroke.left <= self.right
        return bool(across and stroke.top >= self.bottom and stroke.bottom <= self.top)

    def _covers(self, image: Any, outer: Matrix) -> bool:
        a, b, c, d, _, _ = _times(_matrix(image), outer)  # an image fills the unit square
        area = (self.right - self.left) * (self.top - self.bottom)
        return bool(abs(a * d - b * c) >= _MOST_OF_A_PAGE * area)

    # -- characters ---------------------------------------------------------------------------------------------------

    def _text(self) -> Any:
        text = pdfium.FPDFText_LoadPage(self.handle)
        if not text:
            raise damaged(f"第 {self.index + 1} 页的字读不出")
        return text

    def _turns(self, text: Any) -> int:
        """By how many right angles the text of the page is turned to the left, whatever /Rotate says of how it is shown."""
        count = pdfium.FPDFText_CountChars(text)
        if count > MOST_CHARACTERS:
            raise too_large(f"有超过 {MOST_CHARACTERS} 个字")
        found = Counter(
            turns
            for position in range(count)
            if not pdfium.FPDFText_IsGenerated(text, position)
            and (turns := _right_angles(pdfium.FPDFText_GetCharAngle(text, position))) is not None
        )
        if not found:
            return 0
        (turns, most), *others = found.most_common()
        if sum(number for _, number in others) > max(_FEW_TURNED, _MOST_TURNED * most):
            raise ReadError("", f"PDF 第 {self.index + 1} 页的字有横有竖", "把各页转正后另存，再读")
        return turns

    def _turned(self, x: float, y: float, turns: int) -> tuple[float, float]:
        """A point once the page, whose text is turned to the left so many right angles, is turned back, from its corner."""
        match turns:
            case 1:
                return y - self.bottom, self.right - x
            case 2:
                return self.right - x, self.top - y
            case 3:
                return self.top - y, x - self.left
        return x, y

    def _characters(self, text: Any, turns: int) -> Iterator[Character]:
        count = pdfium.FPDFText_CountChars(text)
        box = pdfium.FS_RECTF()
        x, y = ctypes.c_double(), ctypes.c_double()
        for position in range(count):
            if pdfium.FPDFText_IsGenerated(text, position):
                continue
            if _right_angles(pdfium.FPDFText_GetCharAngle(text, position)) != turns:
                continue
            thing = pdfium.FPDFText_GetTextObject(text, position)
            if pdfium.FPDFTextObj_GetTextRenderMode(thing) in _UNSEEN:
                self.hidden += 1
                continue
            pdfium.FPDFText_GetLooseCharBox(text, position, box)
            pdfium.FPDFText_GetCharOrigin(text, position, x, y)
            if not (self.left <= x.value <= self.right and self.bottom <= y.value <= self.top):
                continue
            x0, y0 = self._turned(box.left, box.bottom, turns)
            x1, y1 = self._turned(box.right, box.top, turns)
            left, base = self._turned(x.value, y.value, turns)
            code = pdfium.FPDFText_GetUnicode(text, position)
            unknown = pdfium.FPDFText_HasUnicodeMapError(text, position) == 1 or not 0x20 <= code < 0x110000
            yield Character(
                _UNKNOWN if unknown or 0xD800 <= code < 0xE000 else chr(code),
                round(min(left, x0, x1), 2),
                round(max(x0, x1), 2),
                round(base, 2),
                round(abs(y1 - y0), 2),
                self.marks.get(_address(thing), NO_MARK),
            )


def _right_angles(angle: float) -> int | None:
    """An angle as PDFium gives it, to the right, as right angles to the left; None where it is slanted."""
    turns = round(-angle / (math.pi / 2))
    return turns % 4 if abs(-angle - turns * math.pi / 2) <= _SLANT else None


def _address(thing: Any) -> int:
    return ctypes.addressof(thing.contents)


def _mark(thing: Any) -> int:
    """The marked-content id of an object, or whether it is an artifact."""
    mcid: int = pdfium.FPDFPageObj_GetMarkedContentID(thing)
    if mcid >= 0:
        return mcid
    for index in range(pdfium.FPDFPageObj_CountMarks(thing)):
        name = (ctypes.c_ushort * 64)()
        length = ctypes.c_ulong()
        mark = pdfium.FPDFPageObj_GetMark(thing, index)
        if pdfium.FPDFPageObjMark_GetName(mark, name, ctypes.sizeof(name), length) and (
            bytes(name)[: length.value].decode("utf-16-le", "replace").rstrip("\0") == "Artifact"
        ):
            return ARTIFACT
    return NO_MARK


def _matrix(thing: Any) -> Matrix:
    matrix = pdfium.FS_MATRIX()
    if not pdfium.FPDFPageObj_GetMatrix(thing, matrix):
        return _SAME
    return (matrix.a, matrix.b, matrix.c, matrix.d, matrix.e, matrix.f)


def _times(first: Matrix, then: Matrix) -> Matrix:
    a, b, c, d, e, f = first
    p, q, r, s, t, u = then
    return (a * p + b * r, a * q + b * s, c * p + d * r, c * q + d * s, e * p + f * r + t, e * q + f * s + u)


def _strokes(path: Any, outer: Matrix) -> Iterator[Stroke]:
    """Level and upright lines of a path: those that are drawn, and filled shapes too thin to be anything else."""
    filled, drawn = ctypes.c_int(), ctypes.c_int()
    if not pdfium.FPDFPath_GetDrawMode(path, filled, drawn):
        return
    a, b, c, d, e, f = _times(_matrix(path), outer)
    for points in _subpaths(path):
        placed = [(a * x + c * y + e, b * x + d * y + f) for x, y in points]
        if drawn.value:
            for (x0, y0), (x1, y1) in itertools.pairwise(placed):
                if abs(x1 - x0) < 1 or abs(y1 - y0) < 1:
                    yield _stroke(x0, y0, x1, y1)
        elif filled.value:
            xs, ys = [x for x, _ in placed], [y for _, y in placed]
            width, height = max(xs) - min(xs), max(ys) - min(ys)
            if height <= _THICK and height <= width:
                middle = (max(ys) + min(ys)) / 2
                yield _stroke(min(xs), middle, max(xs), middle)
            elif width <= _THICK:
                middle = (max(xs) + min(xs)) / 2
                yield _stroke(middle, min(ys), middle, max(ys))


def _stroke(x0: float, y0: float, x1: float, y1: float) -> Stroke:
    return Stroke(round(min(x0, x1), 2), round(min(y0, y1), 2), round(max(x0, x1), 2), round(max(y0, y1), 2))


def _subpaths(path: Any) -> Iterator[list[tuple[float, float]]]:
    """The points of each run of straight lines, the first again where a run is closed."""
    points: list[tuple[float, float]] = []
    x, y = ctypes.c_float(), ctypes.c_float()
    for index in range(pdfium.FPDFPath_CountSegments(path)):
        segment = pdfium.FPDFPath_GetPathSegment(path, index)
        kind = pdfium.FPDFPathSegment_GetType(segment)
        pdfium.FPDFPathSegment_GetPoint(segment, x, y)
        if kind == pdfium.FPDF_SEGMENT_LINETO:
            points.append((x.value, y.value))
            if pdfium.FPDFPathSegment_GetClose(segment):
                points.append(points[0])
        else:
            if len(points) > 1:
                yield points
            points = [(x.value, y.value)]
    if len(points) > 1:
        yield points
