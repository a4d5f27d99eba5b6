"""The blocks of a document as paragraphs, tables and pictures of Word."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from nianbao.document import markup
from nianbao.document.columns import turned
from nianbao.document.docx.marks import watermark
from nianbao.document.docx.runs import MOST_HEIGHT, MOST_WIDTH, RunWriter
from nianbao.document.docx.styles import BODY, CHARACTER, LINE_PITCH, indent, spacing
from nianbao.document.docx.tables import word_table
from nianbao.document.docx.xml import on, paragraph_properties, w
from nianbao.document.html import QUOTE
from nianbao.document.layout import has_long_word, stretches, title_lines, width
from nianbao.document.model import (
    Block,
    Heading,
    ListBlock,
    Paragraph,
    Picture,
    Preformatted,
    Run,
    Table,
    Title,
    plain,
)
from nianbao.office.xml import XmlElement

_DATE_FROM_RIGHT = 4
"""Characters (7.3.5.1)."""
_STYLE_OF_ROLE = {
    "": "NormalIndent",
    QUOTE: "Quote",
    markup.CAPTION: "Caption",
    markup.NOTE: "TableNote",
    markup.ATTACHMENT: "Attachment",
    markup.ENCLOSURE: "Enclosure",
}
LINES = 22
"""Of a page."""
_HEADERS = 2
"""Which bear the marks of the document's own pages, numbered 1 and 2."""
_SLACK = 12.0
"""pt by which a picture is lower than the page: a line is a little higher than what stands in it."""
_TABLE_UNIT = "单位"
"""A caption that begins so names the unit of a table and stands at the right."""


class Content:
    """Turns blocks into elements; pictures become parts of ``package`` (python-docx's document part).

    A page of an attachment covers the ``marks`` that lie behind it: they stand over it once more.
    """

    def __init__(self, package: Any, marks: Iterable[str] = ()) -> None:
        self._runs = RunWriter(package)
        self._marks = tuple(marks)
        self._pages = 0
        self._heading = ""
        self._caption = ""

    def elements(self, blocks: Sequence[Block]) -> Iterator[tuple[bool, XmlElement]]:
        """Paragraphs and tables in the order of the blocks, each with whether it stands on a page that is turned."""
        places = stretches(
            range(len(blocks)),
            lambda place: _is_turned(blocks[place]),
            lambda place: _is_above(blocks[place]) and not _is_enclosed(blocks[:place]),
            lambda place: _is_noted(blocks[place:]),
        )
        for is_turned, index in ((is_turned, index) for is_turned, part in places for index in part):
            block, following = blocks[index], blocks[index + 1 :]
            yield from ((is_turned, element) for element in self._block(block, blocks[:index], following, 0))
            if not isinstance(block, Paragraph | Table):
                self._caption = ""

    def _block(self, block: Block, before: Sequence[Block], after: Sequence[Block], depth: int) -> Iterator[XmlElement]:
        match block:
            case Title():
                yield paragraph("Title", self._runs.write(block.runs))
            case Heading():
                self._heading = plain(block.runs)
                if _is_enclosed(before):
                    lines = "\n".join(title_lines(self._heading))
                    yield paragraph("EnclosureTitle", self._runs.write((Run(lines),)))
                    return
                yield paragraph(f"Heading{min(max(block.level - 1, 1), 4)}", self._runs.write(block.runs))
            case Paragraph():
                self._caption = plain(block.runs) if block.role == markup.CAPTION else ""
                yield self._paragraph(block, before, after, depth)
            case ListBlock():
                yield from self._list(block, depth)
            case Table():
                noted = _is_noted(after)
                on_turned = depth == 0 and turned(block)
                yield word_table(block, self._caption or self._heading or "表格", self._runs, noted, on_turned)
                yield _below(noted, bool(after))
            case Picture(page=True):
                yield self._page(block, before)
            case Picture():
                yield from self._picture(block)
            case Preformatted():
                for line in block.text.split("\n"):
                    yield paragraph("Output", self._runs.write((Run(line),)))

    def _paragraph(self, block: Paragraph, before: Sequence[Block], after: Sequence[Block], depth: int) -> XmlElement:
        shown = self._runs.write(block.runs)
        if block.role == markup.SIGNATURE:
            return _signature(block, shown, before, after)
        if block.role == markup.DATE:
            return paragraph("Date", shown, keep=False)
        parts: dict[str, XmlElement] = {}
        if block.role == markup.CAPTION and plain(block.runs).startswith(_TABLE_UNIT):
            parts["jc"] = w("jc", val="right")
        elif block.role == markup.ENCLOSURE:
            parts["pageBreakBefore"] = on("pageBreakBefore")
        elif block.role == markup.ATTACHMENT:
            parts |= _attachment(block, before)
        elif depth:
            parts["ind"] = indent(2, 2 * depth)
        if block.role == "" and has_long_word(plain(block.runs)):
            parts["jc"] = w("jc", val="left")  # where it goes over to the next line, the line before is not stretched
        return paragraph(_STYLE_OF_ROLE.get(block.role, "NormalIndent"), shown, parts, keep=_is_closing(after))

    def _list(self, block: ListBlock, depth: int) -> Iterator[XmlElement]:
        """Items as paragraphs; their numerals are text, so that they survive being pasted."""
        for number, item in enumerate(block.items, start=block.start):
            label = f"{number}. " if block.ordered else "· "
            first, *rest = item or (Paragraph(()),)
            if isinstance(first, Paragraph):
                first = Paragraph((Run(label), *first.runs), first.role)
            else:
                first, rest = Paragraph((Run(label.strip()),)), [first, *rest]
            yield from self._block(first, (), (), depth)
            for inner in rest:
                yield from self._block(inner, (), (), depth + 1)

    def _page(self, picture: Picture, before: Sequence[Block]) -> XmlElement:
        """A page of an attachment on a page of its own, but for the first, which stands below label and title (7.3.6)."""
        first = isinstance(before[-1] if before else None, Heading)
        taken = 3 + len(title_lines(self._heading)) if first else 0
        drawing = self._runs.picture(picture, MOST_WIDTH, (LINES - taken) * LINE_PITCH / 20 - _SLACK, grow=True)
        parts = {"jc": w("jc", val="center"), "ind": indent()}
        if not first:
            parts["pageBreakBefore"] = on("pageBreakBefore")
        self._pages += 1
        shown = [drawing, watermark(self._marks, _HEADERS + self._pages, over=True)] if self._marks else [drawing]
        return paragraph("NormalIndent", shown, parts)

    def _picture(self, picture: Picture) -> Iterator[XmlElement]:
        drawing = self._runs.picture(picture, MOST_WIDTH, MOST_HEIGHT)
        keep = {"keepNext": on("keepNext")} if picture.caption else {}
        yield paragraph("NormalIndent", [drawing], {"jc": w("jc", val="center"), "ind": indent(), **keep})
        if picture.caption:
            yield paragraph("Caption", self._runs.write(picture.caption), keep=False)


def _is_enclosed(before: Sequence[Block]) -> bool:
    """Whether a heading is the title of an attachment."""
    return bool(before) and isinstance(before[-1], Paragraph) and before[-1].role == markup.ENCLOSURE


def paragraph(
    style: str, shown: Sequence[XmlElement], parts: dict[str, XmlElement] | None = None, keep: bool | None = None
) -> XmlElement:
    """``w:p`` in a style; ``keep`` says whether it stays on the page of the next, None leaves that to the style."""
    given = {"pStyle": w("pStyle", val=style), **(parts or {})}
    if keep is not None and (keep or style in ("Caption", "Date")):
        given["keepNext"] = on("keepNext") if keep else w("keepNext", val=0)
    return w("p", paragraph_properties(given), *shown)


def _is_turned(block: Block) -> bool:
    """Whether a block is a table that needs a page that is turned."""
    return isinstance(block, Table) and turned(block)


def _is_above(block: Block) -> bool:
    """Whether a block goes with the table that comes next."""
    return isinstance(block, Heading) or (isinstance(block, Paragraph) and block.role == markup.CAPTION)


def _is_noted(after: Sequence[Block]) -> bool:
    """Whether the note of a table comes next."""
    return bool(after) and isinstance(after[0], Paragraph) and after[0].role == markup.NOTE


def _below(noted: bool, followed: bool) -> XmlElement:
    """A line below a table: Word joins tables that touch, and text needs air.

    Thin where a note follows, and where nothing does: a page of its own for an empty line is none.
    """
    parts = {"ind": indent(), **spacing(3.0 if noted else 14.0 if followed else 1.0)}
    if noted:
        parts["keepNext"] = on("keepNext")
    return paragraph("TableText", [], parts)


def _is_closing(after: Sequence[Block]) -> bool:
    """Whether attachments, signature or date come next: no page is to hold these alone (7.3.5)."""
    roles = (markup.ATTACHMENT, markup.SIGNATURE, markup.DATE)
    return bool(after) and isinstance(after[0], Paragraph) and after[0].role in roles


def _attachment(block: Paragraph, before: Sequence[Block]) -> dict[str, XmlElement]:
    """附件： one line below the text, two characters in; further names under the first (7.3.4)."""
    first = not (before and isinstance(before[-1], Paragraph) and before[-1].role == markup.ATTACHMENT)
    label = "附件：" if plain(block.runs).startswith("附件") else ""
    number = 1.0 if plain(block.runs).removeprefix(label)[:1].isdigit() else 0.0
    hanging = width(label) + number
    left = 2 + width("附件：") + number
    return {"ind": indent(left=left, hanging=hanging), **(spacing(before=1) if first else {})}


def _signature(
    block: Paragraph, shown: list[XmlElement], before: Sequence[Block], after: Sequence[Block]
) -> XmlElement:
    """The signature centred on the date, which stands four characters in from the right; two lines for the seal above."""
    dated = after[0] if after else None
    date = plain(dated.runs) if isinstance(dated, Paragraph) and dated.role == markup.DATE else ""
    middle = _DATE_FROM_RIGHT + _in_characters(date) / 2
    right = max(0.0, middle - _in_characters(plain(block.runs)) / 2)
    first = not (before and isinstance(before[-1], Paragraph) and before[-1].role == markup.SIGNATURE)
    parts = {"ind": indent(right=right), **(spacing(before=2) if first else {})}
    return paragraph("Signature", shown, parts)


def _in_characters(value: str) -> float:
    """Width in characters of the grid; half-width ones are set a little closer too, so they are a little narrower."""
    closer = BODY - CHARACTER / 20
    return sum(width(character) * BODY - closer for character in value) / (CHARACTER / 20)
