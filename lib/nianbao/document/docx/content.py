"""The blocks of a document as paragraphs, tables and pictures of Word."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from typing import Any

from nianbao.document import markup
from nianbao.document.docx.styles import BODY, CHARACTER, FACES, indent, spacing, type_of
from nianbao.document.docx.tables import word_table
from nianbao.document.docx.xml import on, paragraph_properties, run_properties, text, w
from nianbao.document.html import QUOTE
from nianbao.document.layout import width
from nianbao.document.model import (
    Block,
    Heading,
    ListBlock,
    Paragraph,
    Picture,
    Preformatted,
    Run,
    Runs,
    Table,
    Title,
    plain,
)
from nianbao.document.raster import rasterise
from nianbao.office.xml import XmlElement

MOST_WIDTH, MOST_HEIGHT = 442.0, 18 * 28.95
"""pt that a picture may take: the type area across, 18 lines down."""
_EMU = 12700
"""English metric units in a point."""
_DATE_FROM_RIGHT = 4
"""Characters (7.3.5.1)."""
_STYLE_OF_ROLE = {
    "": "NormalIndent",
    QUOTE: "Quote",
    markup.CAPTION: "Caption",
    markup.NOTE: "TableNote",
    markup.ATTACHMENT: "Attachment",
}
_TABLE_UNIT = "单位"
"""A caption that begins so names the unit of a table and stands at the right."""


class Content:
    """Turns blocks into elements; pictures become parts of ``package`` (python-docx's document part)."""

    def __init__(self, package: Any) -> None:
        self._package = package
        self._heading = ""
        self._caption = ""

    def elements(self, blocks: Sequence[Block]) -> Iterator[XmlElement]:
        """Paragraphs and tables in the order of the blocks."""
        for index, block in enumerate(blocks):
            following = blocks[index + 1 :]
            yield from self._block(block, blocks[:index], following, 0)
            if not isinstance(block, Paragraph | Table):
                self._caption = ""

    def _block(self, block: Block, before: Sequence[Block], after: Sequence[Block], depth: int) -> Iterator[XmlElement]:
        match block:
            case Title():
                yield paragraph("Title", runs(block.runs))
            case Heading():
                self._heading = plain(block.runs)
                yield paragraph(f"Heading{min(max(block.level - 1, 1), 4)}", runs(block.runs))
            case Paragraph():
                self._caption = plain(block.runs) if block.role == markup.CAPTION else ""
                yield self._paragraph(block, before, after, depth)
            case ListBlock():
                yield from self._list(block, depth)
            case Table():
                yield word_table(block, self._caption or self._heading or "表格", _in_cell)
                yield _below(block, after)
            case Picture():
                yield from self._picture(block)
            case Preformatted():
                for line in block.text.split("\n"):
                    yield paragraph("Output", runs((Run(line),)))

    def _paragraph(self, block: Paragraph, before: Sequence[Block], after: Sequence[Block], depth: int) -> XmlElement:
        shown = runs(block.runs)
        if block.role == markup.SIGNATURE:
            return _signature(block, before, after)
        if block.role == markup.DATE:
            return paragraph("Date", shown, keep=False)
        parts: dict[str, XmlElement] = {}
        if block.role == markup.CAPTION and plain(block.runs).startswith(_TABLE_UNIT):
            parts["jc"] = w("jc", val="right")
        elif block.role == markup.ATTACHMENT:
            parts |= _attachment(block, before)
        elif depth:
            parts["ind"] = indent(2, 2 * depth)
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

    def _picture(self, picture: Picture) -> Iterator[XmlElement]:
        image = rasterise(picture)
        factor = min(1.0, MOST_WIDTH / image.width, MOST_HEIGHT / image.height)
        size = (round(image.width * factor * _EMU), round(image.height * factor * _EMU))
        inline = self._package.new_pic_inline(io.BytesIO(image.data), *size)
        alternative = picture.alt or plain(picture.caption) or "图（无文字说明）"
        inline.docPr.set("descr", alternative)
        drawing = w("drawing")
        drawing.append(inline)
        keep = {"keepNext": on("keepNext")} if picture.caption else {}
        yield paragraph("NormalIndent", [w("r", drawing)], {"jc": w("jc", val="center"), "ind": indent(), **keep})
        if picture.caption:
            yield paragraph("Caption", runs(picture.caption), keep=False)


def paragraph(
    style: str, shown: Sequence[XmlElement], parts: dict[str, XmlElement] | None = None, keep: bool | None = None
) -> XmlElement:
    """``w:p`` in a style; ``keep`` says whether it stays on the page of the next, None leaves that to the style."""
    given = {"pStyle": w("pStyle", val=style), **(parts or {})}
    if keep is not None and (keep or style in ("Caption", "Date")):
        given["keepNext"] = on("keepNext") if keep else w("keepNext", val=0)
    return w("p", paragraph_properties(given), *shown)


def runs(shown: Runs, face: str = "", size: float = 0.0) -> list[XmlElement]:
    """``w:r`` for each run; ``face`` and ``size`` where they are not the style's."""
    return [_run(run, face, size) for run in shown if run.text]


def _run(run: Run, face: str, size: float) -> XmlElement:
    role = "mono" if run.code else "heiti" if run.strong else "kaiti" if run.emphasis or run.lead else face
    parts = type_of(role, size) if role else {"rFonts": w("rFonts", hint="eastAsia")}
    if size and not role:
        parts |= {name: part for name, part in type_of("body", size).items() if name != "rFonts"}
    if run.shift:
        parts["vertAlign"] = w("vertAlign", val=f"{run.shift}script")
    lines: list[XmlElement] = []
    for number, line in enumerate(run.text.split("\n")):
        if number:
            lines.append(w("br"))
        if line:
            lines.append(text(line))
    return w("r", run_properties(parts), *lines)


def _in_cell(shown: Runs, size: float) -> list[XmlElement]:
    return runs(shown, "", size)


def _below(table: Table, after: Sequence[Block]) -> XmlElement:
    """A line below a table: Word joins tables that touch, and text needs air. Thin where a note follows."""
    note = bool(after) and isinstance(after[0], Paragraph) and after[0].role == markup.NOTE
    parts = {"ind": indent(), **spacing(3.0 if note else 14.0)}
    if note:
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


def _signature(block: Paragraph, before: Sequence[Block], after: Sequence[Block]) -> XmlElement:
    """The signature centred on the date, which stands four characters in from the right; two lines for the seal above."""
    dated = after[0] if after else None
    date = plain(dated.runs) if isinstance(dated, Paragraph) and dated.role == markup.DATE else ""
    middle = _DATE_FROM_RIGHT + _in_characters(date) / 2
    right = max(0.0, middle - _in_characters(plain(block.runs)) / 2)
    first = not (before and isinstance(before[-1], Paragraph) and before[-1].role == markup.SIGNATURE)
    parts = {"ind": indent(right=right), **(spacing(before=2) if first else {})}
    return paragraph("Signature", runs(block.runs), parts)


def _in_characters(value: str) -> float:
    """Width in characters of the grid; half-width ones are set a little closer too, so they are a little narrower."""
    closer = BODY - CHARACTER / 20
    return sum(width(character) * BODY - closer for character in value) / (CHARACTER / 20)


__all__ = ["FACES", "Content", "paragraph", "runs"]
