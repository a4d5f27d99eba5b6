"""What an analyst added to a report's notebook: welcome, printed, and judged."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from lxml import etree

from nianbao.document import Block, Heading, ListBlock, Paragraph, Picture, Preformatted, Table, Title, markup, plain
from nianbao.document.notebook import Shown
from nianbao.office.xml import XmlElement
from nianbao.report import Report
from nianbao.rules.judge.holdings import ReportHoldings
from nianbao.rules.judge.passages import Passage
from nianbao.rules.judge.reading import Reading, Role, Stretch, judge
from nianbao.rules.judge.tokens import Kind, Token, tokens_of
from nianbao.statute.cell import Cell
from nianbao.wording import plain_number, quoted


def misplaced_roles(pieces: Sequence[Shown]) -> Iterator[str]:
    """What in added content poses as an official part: a title, a heading of the first levels, a signature."""
    for piece in pieces:
        for block in piece.blocks:
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
    """Every line of running text that a block prints, captions and alternative texts included; not a table's cells."""
    match block:
        case Title(runs=runs) | Heading(runs=runs) | Paragraph(runs=runs):
            yield plain(runs)
        case ListBlock(items=items):
            for item in items:
                for inner in item:
                    yield from lines_of(inner)
        case Preformatted(text=text):
            yield from text.splitlines()
        case Picture(alt=alt, caption=caption):
            yield alt
            yield plain(caption)
        case Table():
            return


def unaccounted(pieces: Sequence[Shown], report: Report) -> Iterator[str]:
    """A line for each figure in added content that the judge cannot account for, or that quotes the report wrongly."""
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
        for block in piece.blocks:
            if isinstance(block, Table):
                yield from _in_table(piece.where, block, known, declared)
            elif isinstance(block, Picture) and block.mime == "image/svg+xml":
                yield from _in_drawing(piece.where, block, known, declared)


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
        told = f"{figure.passage.label}的{quoted(figure.quote())}"
        if index in wrong:
            yield f"{told}与{wrong[index].name}不一致，应为 {plain_number(wrong[index].figures[0])}"
        elif known.has(figure.token.value, figure.quote(_NAME)):
            continue
        elif figure.role in (Role.WHOLE, Role.PART) and index not in exact | quoted_rightly:
            yield f"{told}没有依据，各项之和也不等于总数"
        elif figure.role is Role.UNREADABLE:
            yield f"{told}认不出：{figure.what}"
        elif not figure.is_accounted_for and not figure.token.in_words:
            yield f"{told}没有依据"


@dataclass(frozen=True)
class Known:
    """Every number that a report holds, with the words that name it."""

    named: tuple[tuple[frozenset[str], Decimal], ...]

    @classmethod
    def of(cls, report: Report) -> Known:
        disclosure, fees = report.disclosure, report.params.fees
        told: list[tuple[str, int | Decimal | None]] = [
            *((field.label, _number(report.cells[key])) for key, field in report.edition.fields.items()),
            *((item.name, item.count) for item in disclosure.classes),
            *disclosure.channels.items(),
            ("主动公开总数条数合计", report.disclosed),
            ("信息处理费收费通知件数", fees.notices),
            ("信息处理费收费金额", fees.amount),
        ]
        return cls(tuple((_words(name), Decimal(value)) for name, value in told if value is not None))

    def has(self, value: Decimal, heads: str) -> bool:
        """Whether the report holds this number under a name that shares a word with the heads."""
        words = _words(heads)
        return any(value == held and words & name for name, held in self.named)

    def anywhere(self, value: Decimal) -> bool:
        return any(value == held for _, held in self.named)


def _number(cell: Cell) -> int | Decimal | None:
    return cell.number if cell.is_number else None


_NAME = 16
"""So many characters before a figure may name it."""
_GENERAL = frozenset(["政府", "府信", "信息", "息公", "公开", "开申", "申请", "请数", "数量", "本年", "年度", "件数"])
_BARE_NUMBER = re.compile(r"([0-9][0-9,]*(?:\.[0-9]+)?)\s*(?:条|件|个|次|篇|份|元|万元|项|宗|%)?")


def _words(name: str) -> frozenset[str]:
    """Pairs of neighbouring Chinese characters, without those that stand in every name of the form."""
    han = re.findall("[\u4e00-\u9fff]+", name)
    return frozenset(run[at : at + 2] for run in han for at in range(len(run) - 1)) - _GENERAL


def _in_table(where: str, table: Table, known: Known, declared: Sequence[str]) -> Iterator[str]:
    """A number of a table is the report's under the name of its row or column, or the sum of what stands beside it."""
    grid = table.grid()
    if not grid:
        return
    values = [[_value(text) for text in row] for row in grid]
    for y, row in enumerate(grid):
        for x, text in enumerate(row):
            if not list(_counting(text)) or any(one in text for one in declared):
                continue
            value, heads = values[y][x], row[0] + grid[0][x]
            if value is None:
                yield f"{where}的表格中{quoted(text)}认不出"
                continue
            column = [line[x] for line in values]
            if not (known.has(value, heads) or _is_sum(value, column, y) or _is_sum(value, values[y], x)):
                yield f"{where}的表格中{quoted(text)}没有依据"


def _counting(text: str) -> Iterator[Token]:
    """What in a short text counts something or cannot be read; dates, numbers of rooms and the like do not."""
    for token in tokens_of(text):
        if token.kind in (Kind.QUANTITY, Kind.SHARE, Kind.UNREADABLE) and not (token.in_words and token.value < 10):
            yield token


def _value(text: str) -> Decimal | None:
    match = _BARE_NUMBER.fullmatch(text.strip())
    return Decimal(match[1].replace(",", "")) if match else None


def _is_sum(value: Decimal, line: Sequence[Decimal | None], at: int) -> bool:
    """Whether the number at a place is what the others of its line add up to."""
    others = [one for place, one in enumerate(line) if place != at and one is not None]
    return len(others) > 1 and sum(others) == value


def _in_drawing(where: str, picture: Picture, known: Known, declared: Sequence[str]) -> Iterator[str]:
    """A number written in a drawing is the report's, or one of the even steps of an axis."""
    texts = [" ".join("".join(map(str, node.itertext())).split()) for node in _text_nodes(picture.data)]
    numbers = {text: value for text in texts if (value := _value(text)) is not None}
    for text in texts:
        if any(one in text for one in declared):
            continue
        for token in _counting(text):
            grounded = token.kind is not Kind.UNREADABLE and known.anywhere(token.value)
            if not (grounded or (text in numbers and _is_step(numbers[text], numbers.values()))):
                yield f"{where}的图中{quoted(text)}没有依据"


def _text_nodes(svg: bytes) -> list[XmlElement]:
    root = etree.fromstring(svg, etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False))
    return list(root.iter("{http://www.w3.org/2000/svg}text"))


def _is_step(value: Decimal, numbers: Iterable[Decimal]) -> bool:
    """Whether a number is one of three or more that go up in even steps."""
    told = set(numbers)
    steps = {value - other for other in told if other != value}
    return any(
        {value - 2 * step, value - step} <= told
        or {value - step, value + step} <= told
        or {value + step, value + 2 * step} <= told
        for step in steps
        if step
    )
