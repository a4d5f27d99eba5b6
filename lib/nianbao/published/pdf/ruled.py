"""A PDF → lines and grids, by the strokes that are drawn on its pages."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from nianbao.office.pdf import Character, PdfContents, PdfPage
from nianbao.office.pdf.contents import ARTIFACT
from nianbao.published.grid import Grid, Item
from nianbao.published.labels import word
from nianbao.published.pdf.cells import Band, Frame, read_strokes
from nianbao.published.pdf.lines import (
    Measure,
    TextLine,
    open_table,
    page_lines,
    paragraphs,
    without_running_heads,
)
from nianbao.published.pdf.part import TablePart, read_part
from nianbao.published.pdf.seams import goes_on, join
from nianbao.published.pdf.text import Strokes
from nianbao.statute import EDITIONS

_HEADINGS = frozenset(word(part.heading) for edition in EDITIONS for part in edition.parts)
Piece = TextLine | TablePart | Grid


def read_ruled(contents: PdfContents) -> tuple[Item, ...]:
    """The lines and tables of the pages in their order; a table that goes on over pages is one."""
    pages = [_Page(page, number) for number, page in enumerate(contents.pages)]
    kept = set(without_running_heads([line for page in pages for line in page.lines]))
    pieces: list[Piece] = []
    for page in pages:
        own = list(page.pieces(kept))
        last, first = pieces[-1] if pieces else None, own[0] if own else None
        if isinstance(last, TablePart) and isinstance(first, TablePart) and goes_on(last, first):
            pieces[-1:] = [join(last, first), *own[1:]]
        else:
            pieces += own
    measure = Measure.of([piece for piece in pieces if isinstance(piece, TextLine)])
    return tuple(_items(pieces, measure))


def _items(pieces: Sequence[Piece], measure: Measure) -> Iterator[Item]:
    for is_text, run in groupby(pieces, key=lambda piece: isinstance(piece, TextLine)):
        if is_text:
            yield from paragraphs([piece for piece in run if isinstance(piece, TextLine)], measure)
        else:
            yield from (
                piece.grid() if isinstance(piece, TablePart) else piece
                for piece in run
                if not isinstance(piece, TextLine)
            )


class _Page:
    """One page: its frames with what stands in them, its bands, and its lines outside both."""

    def __init__(self, page: PdfPage, number: int) -> None:
        strokes = Strokes.of(page)
        frames, bands = read_strokes(page.strokes)
        inside: list[list[Character]] = [[] for _ in frames]
        between: list[list[Character]] = [[] for _ in bands]
        outside: list[Character] = []
        for one in page.characters:
            if one.mark != ARTIFACT:
                _home(one, frames, inside, bands, between, outside).append(one)
        self.sheets = [
            (frame.ys[0], read_part(frame, own, strokes)) for frame, own in zip(frames, inside, strict=True) if own
        ]
        self.lines = page_lines(outside, page, number, strokes)
        self.bands: list[tuple[float, Grid]] = []
        for own in between:
            for is_heading, group in groupby(page_lines(own, page, number, strokes), key=_is_heading):
                run = list(group)
                if is_heading:
                    self.lines += run
                else:
                    self.bands.append((run[0].baseline, open_table(run)))
        self.lines.sort(key=lambda line: -line.baseline)

    def pieces(self, kept: set[TextLine]) -> Iterator[Piece]:
        """What stands on the page, from the top; of its lines those that are kept."""
        placed: list[tuple[float, Piece]] = [*self.sheets, *self.bands]
        placed += [(line.baseline, line) for line in self.lines if line in kept]
        return (piece for _, piece in sorted(placed, key=lambda pair: -pair[0]))


def _is_heading(line: TextLine) -> bool:
    """Whether a line is the heading of a part: level lines of two tables may enclose it."""
    return word(line.text) in _HEADINGS


def _home(
    one: Character,
    frames: Sequence[Frame],
    inside: Sequence[list[Character]],
    bands: Sequence[Band],
    between: Sequence[list[Character]],
    outside: list[Character],
) -> list[Character]:
    """Where a character belongs."""
    for frame, own in zip(frames, inside, strict=True):
        if frame.place((one.left + one.right) / 2, one.middle) is not None:
            return own
    for band, own in zip(bands, between, strict=True):
        if band.bottom < one.middle < band.top:
            return own
    return outside
