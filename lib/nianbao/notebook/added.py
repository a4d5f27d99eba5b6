"""What an analyst added to a report's notebook: welcome, printed, and judged."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from nianbao.document import Block, Heading, ListBlock, Paragraph, Picture, Preformatted, Table, Title, markup, plain
from nianbao.document.notebook import Shown

OFFICIAL = frozenset(
    {
        markup.RED_HEAD,
        markup.DOCUMENT_NUMBER,
        markup.SIGNER,
        markup.ADDRESSEE,
        markup.ATTACHMENT,
        markup.SIGNATURE,
        markup.DATE,
        markup.REMARK,
        markup.COPIES,
        markup.ISSUER,
        markup.ISSUED,
        markup.DRAFT,
        markup.SAMPLE,
    }
)
"""Roles of paragraphs that only the official sections have."""


def misplaced_roles(pieces: Sequence[Shown]) -> Iterator[str]:
    """What in added content poses as an official part: a title, a heading of the first levels, a signature."""
    for piece in pieces:
        for block in piece.blocks:
            match block:
                case Title(runs=runs):
                    yield f"{piece.where}添加了标题“{plain(runs)}”"
                case Heading(level=1 | 2, runs=runs):
                    yield f"{piece.where}添加了法定部分一级的标题“{plain(runs)}”"
                case Paragraph(runs=runs, role=role) if role in OFFICIAL:
                    yield f"{piece.where}的“{plain(runs)}”用了正式文件各要素的样式"
                case _:
                    pass


def lines_of(block: Block) -> Iterator[str]:
    """Every line of text that a block prints, captions and alternative texts included."""
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
            for row in (*block.head, *block.body):
                yield from (cell.text for cell in row)
