"""Lines of a page outside its tables → paragraphs: what the width of the page broke is put together again."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from statistics import median

from nianbao.office.pdf import Character, PdfPage
from nianbao.published.grid import Grid, GridCell, Line
from nianbao.published.pdf.text import Strokes, cell_text, in_reading_order

_MARGIN = 0.12
"""Of the height of a page, at its top and its foot, where page numbers and running heads stand."""
_PAGE_NUMBER = re.compile(
    r"[-—·\u2013\s]*[0-9]{1,3}[-—·\u2013\s]*|第?\s*[0-9]{1,3}\s*(?:页|/)\s*(?:[，,/共]?\s*共?\s*[0-9]{1,3}\s*页?)?"
)
_UNIT = re.compile(r"[“‘（《〈【〔(\[]*(?:[!-~]+|.)[，。、：；！？”’）》〉】〕,.:;)\]%％]*")
"""What a line does not break: a run of letters or digits, or a character, with the marks that cling to it."""
_INDENT, _LARGER, _APART, _LEFT_OVER = 0.7, 0.15, 1.35, 0.6
"""An indented line, another size, a gap (of the usual distance of lines), room that a full line may leave."""
_COLUMN = 1.5
"""Of the size: a gap as wide as between the columns of a table."""
_COLUMNS = 3


@dataclass(frozen=True)
class TextLine:
    """A line of a page: its text, its fields where wide gaps part it, and where it stands."""

    text: str
    fields: tuple[str, ...]
    left: float
    right: float
    baseline: float
    size: float
    lead: float
    """Width of what stands first in the line and is never broken."""
    page: int
    margin: bool
    """Whether it stands at the top or the foot of the page, outside the text."""


def page_lines(characters: Iterable[Character], page: PdfPage, number: int, strokes: Strokes) -> list[TextLine]:
    """The lines of a page from the top; ``characters`` are those outside its tables."""
    found = []
    edge = _MARGIN * (page.top - page.bottom)
    for line in in_reading_order(characters):
        visible = [one for one in line if one.text.strip()]
        if not visible:
            continue
        fields: list[list[Character]] = [[visible[0]]]
        for before, one in pairwise(visible):
            if one.left - before.right > _COLUMN * one.size:
                fields.append([])
            fields[-1].append(one)
        baseline = visible[0].baseline
        found.append(
            TextLine(
                cell_text(line, strokes),
                tuple(cell_text(field, strokes) for field in fields),
                visible[0].left,
                visible[-1].right,
                baseline,
                median(one.size for one in visible),
                _lead(visible),
                number,
                baseline > page.top - edge or baseline < page.bottom + edge,
            )
        )
    return found


def _lead(visible: Sequence[Character]) -> float:
    match = _UNIT.match("".join(one.text for one in visible))
    count = len(match[0]) if match else 1
    return visible[count - 1].right - visible[0].left


def without_running_heads(lines: Sequence[TextLine]) -> list[TextLine]:
    """Lines but for page numbers, and for what stands at the same height of several pages but for its digits."""
    repeated = Counter(_shape(line) for line in lines if line.margin)
    return [
        line
        for line in lines
        if not (line.margin and (_PAGE_NUMBER.fullmatch(line.text) or repeated[_shape(line)] > 1))
    ]


def _shape(line: TextLine) -> tuple[str, int]:
    return re.sub(r"[0-9]+", "0", line.text), round(line.baseline)


@dataclass(frozen=True)
class Measure:
    """Where the text of a document begins and ends in the line, and how far its lines are apart; in points."""

    left: float
    right: float
    pitch: float

    @classmethod
    def of(cls, lines: Sequence[TextLine]) -> Measure:
        pairs = pairwise(lines)
        pitches = [before.baseline - line.baseline for before, line in pairs if before.page == line.page]
        return cls(
            min((line.left for line in lines), default=0.0),
            max((line.right for line in lines), default=0.0),
            median(pitches) if pitches else 0.0,
        )

    def goes_on(self, before: TextLine, line: TextLine) -> bool:
        """Whether a line belongs to the paragraph of the one before it."""
        alike = abs(line.size - before.size) <= _LARGER * before.size
        full = before.right + line.lead > self.right - _LEFT_OVER * line.size
        flush = line.left <= self.left + _INDENT * line.size
        near = before.page != line.page or before.baseline - line.baseline <= _APART * self.pitch
        return alike and full and flush and near


def paragraphs(lines: Sequence[TextLine], measure: Measure) -> list[Line | Grid]:
    """Lines that follow one another without a table between, as paragraphs; those in columns as an open table."""
    found: list[Line | Grid] = []
    texts: list[str] = []
    for in_columns, group in groupby(lines, key=lambda line: len(line.fields) >= _COLUMNS):
        run = list(group)
        if in_columns and len(run) >= _COLUMNS:
            found += [Line(text) for text in texts]
            texts = []
            found.append(open_table(run))
            continue
        for before, line in zip([None, *run], run, strict=False):
            if texts and before is not None and measure.goes_on(before, line):
                texts[-1] += line.text
            else:
                texts.append(line.text)
    return [*found, *(Line(text) for text in texts)]


def open_table(lines: Sequence[TextLine]) -> Grid:
    """A table whose strokes do not part its columns: what stands in it can be seen, but no figure has a place."""
    rows = tuple(tuple(GridCell(text, y, x) for x, text in enumerate(line.fields)) for y, line in enumerate(lines))
    return Grid(rows, spanned=False, broken=frozenset(range(len(rows))))
