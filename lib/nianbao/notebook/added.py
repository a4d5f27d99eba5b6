"""What an analyst added to a report's notebook: welcome, printed, and judged."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal

from nianbao.document import (
    Block,
    Heading,
    ListBlock,
    Paragraph,
    Picture,
    Preformatted,
    Table,
    Title,
    each,
    markup,
    pictures_in,
    plain,
)
from nianbao.document.notebook import Shown
from nianbao.notebook.added_drawings import check_picture, in_drawing
from nianbao.notebook.added_tables import in_table, is_fraction, running_numbers
from nianbao.notebook.known import Known, decimals, is_share_of
from nianbao.report import Report
from nianbao.rules.judge.holdings import ReportHoldings
from nianbao.rules.judge.passages import Passage
from nianbao.rules.judge.reading import Figure, Reading, Role, Stretch, judge
from nianbao.rules.judge.tokens import Kind
from nianbao.wording import plain_number, quoted


def misplaced_roles(pieces: Sequence[Shown]) -> Iterator[str]:
    """What in added content poses as an official part: a title, a heading of the first levels, a signature."""
    for piece in pieces:
        for block in each(piece.blocks):
            match block:
                case Title(runs=runs):
                    yield f"{piece.where}添加了标题“{plain(runs)}”"
                case Heading(level=1 | 2, runs=runs):
                    yield f"{piece.where}添加了法定部分一级的标题“{plain(runs)}”"
                case Paragraph(runs=runs, role=role) if role in markup.OFFICIAL:
                    yield f"{piece.where}的“{plain(runs)}”用了正式文件各要素的样式"
                case _:
                    pass


def lines_of(block: Block) -> Iterator[str]:
    """Every line of running text that a block prints, captions and alternative texts included; not a table's cells.

    The numbers of a list that does not begin with 1 are text like any other: ``9999.`` counts nothing by itself.
    """
    match block:
        case Title(runs=runs) | Heading(runs=runs) | Paragraph(runs=runs):
            yield plain(runs)
        case ListBlock(items=items, ordered=ordered, start=start):
            for number, item in enumerate(items, start=start):
                first, *others = [line for inner in item for line in lines_of(inner)] or [""]
                yield f"{number}. {first}" if ordered and start > 1 else first
                yield from others
        case Preformatted(text=text):
            yield from _printed(text.splitlines())
        case Picture(alt=alt, caption=caption):
            yield alt
            yield plain(caption)
        case Table():
            pass
    for picture in pictures_in(block):
        yield from lines_of(picture)


_INDEX = re.compile(r"\s*(\d{1,4})\s+(?=\D)")


def _printed(lines: Sequence[str]) -> Iterator[str]:
    """Lines that a program printed, without the running numbers that pandas prints before the rows of a table."""
    matches = [_INDEX.match(line) for line in lines]
    is_index = running_numbers([Decimal(match[1]) for match in matches if match])
    for line, match in zip(lines, matches, strict=True):
        yield line[match.end() :] if match and is_index else line


def unaccounted(pieces: Sequence[Shown], report: Report) -> Iterator[str]:
    """A line for each figure in added content that the judge cannot account for, or that quotes the report wrongly."""
    if not any(piece.blocks for piece in pieces):
        return
    declared = [one.text for one in report.params.declared]
    lines = [
        Passage(f"added.{number}", piece.where, text)
        for number, piece in enumerate(pieces)
        for block in piece.blocks
        for text in lines_of(block)
        if text
    ]
    reading, known = judge(lines, ReportHoldings(report), report.year, declared), Known.of(report)
    for stretch in reading.stretches:
        yield from _in_text(stretch, reading, known)
    for piece in pieces:
        for block in each(piece.blocks):
            if isinstance(block, Table):
                yield from in_table(piece.where, block, known, declared)
            elif isinstance(block, Picture) and block.mime == "image/svg+xml":
                yield from in_drawing(piece.where, block, known, declared)
            elif isinstance(block, Picture):
                check_picture(piece.where, block)


_NAME = 16
"""So many characters before a figure may name it."""
_MINUS = "-\uff0d\u2212"
_REFERENCE = re.compile(r"(?:^|[^\u4e00-\u9fff]|[见如为及和与])(?:附?[图表]|附件|续表)\s?$")
"""What stands before the number of a chart or table."""
_REFERRED = re.compile(r"\d{1,2}(?=所示|[^\d\u4e00-\u9fff]|$)")
_MORE = re.compile("[增升多涨]|提高|上浮")
_LESS = re.compile("[减少降跌]|下滑|回落")


def _in_text(stretch: Stretch, reading: Reading, known: Known) -> Iterator[str]:
    wrong = {one.index: one for one in stretch.quotations if not one.agrees}
    exact: set[int] = set()
    for one in stretch.sums:
        if sum(stretch.tokens[part].value for part in one.parts) == stretch.tokens[one.whole].value:
            exact |= {one.whole, *one.parts}
    quoted_rightly = {one.index for one in stretch.quotations if one.agrees}
    for index, figure in stretch.figures.items():
        if reading.is_declared(figure):
            continue
        before = figure.passage.text[: figure.start]
        told = f"{figure.passage.label}的{quoted(figure.quote())}"
        if index in wrong:
            yield f"{told}与{wrong[index].name}不一致，应为 {plain_number(wrong[index].figures[0])}"
        elif before[-1:] in _MINUS and before and not figure.is_accounted_for:
            yield f"{told}前有减号，件数不会是负数"
        elif _is_of_another_time(figure):
            if not _is_of_last_year(stretch, index, figure, known):
                yield f"{told}没有依据"
        elif _is_known(figure, _words_before(stretch, index, figure), known):
            continue
        elif figure.role in (Role.WHOLE, Role.PART) and index not in exact | quoted_rightly:
            yield f"{told}没有依据，各项之和也不等于总数"
        elif figure.role is Role.UNREADABLE:
            yield f"{told}认不出：{figure.what}"
        elif is_fraction(figure.text) or not (
            figure.is_accounted_for or _is_small_word(figure) or _is_reference(figure, before)
        ):
            named = re.search("[\u4e00-\u9fff]", figure.passage.text)
            yield f"{told}没有依据" if named else f"{told}没有写明是什么数"


def _words_before(stretch: Stretch, index: int, figure: Figure) -> str:
    """The text before a figure; where that holds no word, as in a list of terms, the line above as well."""
    before = figure.passage.text[: figure.start]
    if re.search("[\u4e00-\u9fff]", before):
        return before
    above = stretch.text.rfind("\n", 0, stretch.tokens[index].start)
    return stretch.text[stretch.text.rfind("\n", 0, max(above, 0)) + 1 : max(above, 0)] + before


def _is_known(figure: Figure, before: str, known: Known) -> bool:
    """Whether the report holds a count under a name that stands right before it, however far apart they are set."""
    name = "".join(before.split())[-_NAME:]
    return figure.token.kind is not Kind.SHARE and known.has(figure.token.value, name + figure.text)


def _is_small_word(figure: Figure) -> bool:
    """Whether it is one of the numerals below ten that Chinese speaks in: 两次, 一项."""
    return figure.token.in_words and figure.token.value < 10


def _is_reference(figure: Figure, before: str) -> bool:
    """Whether it is the number of a chart or a table: 图2, 见表1."""
    number = _REFERRED.match(figure.passage.text, figure.start)
    return number is not None and bool(_REFERENCE.search(before))


def _is_of_another_time(figure: Figure) -> bool:
    """Whether it is another year's number, or what has changed since."""
    return figure.role is Role.ODD and (figure.what in ("比较", "别的时期") or figure.what.endswith("年的数"))


def _is_of_last_year(stretch: Stretch, index: int, figure: Figure, known: Known) -> bool:
    """Whether it is last year's number, or what has changed since, of what its sentence names."""
    if known.last is None:
        return False
    place, value = stretch.places[index], figure.token.value
    if figure.what != "比较":
        return known.tells_of_last_year(place.near) and known.last.has(value, place.before)
    words = place.near + figure.text + place.right
    for last, now in known.changes(place.before):
        if (last < now and not _MORE.search(words)) or (last > now and not _LESS.search(words)):
            continue
        change, is_rate = abs(now - last), figure.token.kind is Kind.SHARE
        if is_share_of(value, decimals(value), change, last) if is_rate else value == change:
            return True
    return False
