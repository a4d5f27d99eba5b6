"""Document → HTML for a site's editor: what survives being pasted.

Editors drop classes, ids, list markup, line breaks and whatever they do not know, so only ``p``, ``h2`` to
``h4``, ``table``, ``tr``, ``td``, ``th``, ``img``, ``strong``, ``span`` and ``a`` are written. What is struck out is left out: where
an editor drops the stroke, the wrong figure would stand there. Numerals of lists
and the indents of paragraphs are text, alignment is an attribute too, labels of rows are plain cells, and the
inline styles say only how it looks. The letterhead (red head, document number, signer) belongs to the paper
document and is left out: the site prints a head of its own, from what the page shows above its sheet.
"""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from nianbao.document import (
    QUOTE,
    Block,
    Cell,
    Document,
    Heading,
    ListBlock,
    Paragraph,
    Picture,
    Preformatted,
    Run,
    Runs,
    Table,
    Title,
    in_one_line,
    markup,
    plain,
)
from nianbao.document.model import without_struck
from nianbao.document.web import pictures
from nianbao.document.web.page import UNIT_OF_TABLE, WIDE_FROM, is_group, kept_together

RED = "#c4161c"

_FLUSH = "text-indent:0"
_BODY = f"{_FLUSH};"
"""Of a paragraph that is set in; the spaces that do it are text, and the template's own indent is switched off."""
_INDENT = "\u3000\u3000"
_CENTRED = "text-indent:0;text-align:center"
_RIGHT = "text-indent:0;text-align:right"
_STYLES = {
    markup.ADDRESSEE: _FLUSH,
    markup.SIGNATURE: _RIGHT,
    markup.DATE: _RIGHT,
    markup.CAPTION: _CENTRED,
    markup.ENCLOSURE: _FLUSH,
    QUOTE: f"margin-left:2em;{_BODY}",
}
_TABLE = "width:100%;border-collapse:collapse;margin:0 auto"
_CELL = "border:1px solid #000;padding:4px;font-weight:normal;text-indent:0"
_NUMBER = '<span style="white-space:nowrap">'
_ATTACHMENTS = "附件"
_UNDER_NUMBER = "\u3000" * 3
"""More of an indent: further attachments stand under the first."""


def write_fragment(document: Document) -> str:
    """The document as a fragment: no ``html``, ``head`` or ``body`` around it, an element a line.

    Raises NotebookError when the spans of a table overlap.
    """
    meta = document.meta
    lines = [
        _element("p", _FLUSH, f'<strong style="color:{RED}">{_text(sentence)}</strong>')
        for sentence in meta.marks.values()
    ]
    if meta.title:
        lines.append(_element("h2", _CENTRED, _one_line(meta.title)))
    if meta.addressee:
        lines.append(_element("p", _FLUSH, _text(meta.addressee)))
    for block in document.blocks:
        lines += _block(block, 0)
    return "\n".join(lines) + "\n"


def _block(block: Block, depth: int) -> Iterator[str]:
    match block:
        case Title():
            yield _element("h2", _CENTRED, _one_line(block.runs))
        case Heading() if block.level > 3:
            yield _element("p", _BODY, f"{_INDENT}<strong>{_one_line(block.runs)}</strong>")
        case Heading():  # below the title, which is of the second level
            yield _element(f"h{max(block.level, 2) + 1}", _BODY, _INDENT + _one_line(block.runs))
        case Paragraph():
            further = block.role == markup.ATTACHMENT and not plain(block.runs).startswith(_ATTACHMENTS)
            more = _UNDER_NUMBER if further else ""
            yield from _paragraphs(block.runs, _paragraph_style(block, depth), more, block.role != markup.DATE)
        case ListBlock():
            yield from _list(block, depth)
        case Table():
            yield from _table(block)
        case Picture():
            yield from _figure(block)
        case Preformatted():
            for line in block.text.split("\n"):
                yield _element("p", _FLUSH, _text(line).replace(" ", "&nbsp;"))


def _paragraph_style(paragraph: Paragraph, depth: int) -> str:
    if paragraph.role == markup.CAPTION and plain(paragraph.runs).startswith(UNIT_OF_TABLE):
        return _RIGHT
    style = _STYLES.get(paragraph.role, _BODY)
    return f"margin-left:{2 * depth}em;{style}" if depth else style


def _paragraphs(runs: Runs, style: str, more: str = "", kept: bool = True) -> Iterator[str]:
    """A paragraph for every line: editors drop forced line breaks."""
    for number, line in enumerate(_lines(runs, kept)):
        set_in = _INDENT + more if style.endswith(_BODY) and number == 0 and line else ""
        yield _element("p", style.rstrip(";"), set_in + line)


def _list(block: ListBlock, depth: int) -> Iterator[str]:
    """Items as paragraphs; what list markup would print stands in the text."""
    for number, item in enumerate(block.items, start=block.start):
        label = f"{number}. " if block.ordered else "· "
        first, *rest = item or (Paragraph(()),)
        if isinstance(first, Paragraph):
            yield from _block(Paragraph((Run(label), *first.runs), first.role), depth)
        else:
            yield from _block(Paragraph((Run(label.strip()),)), depth)
            rest = [first, *rest]
        for inner in rest:
            yield from _block(inner, depth + 1)


def _table(table: Table) -> Iterator[str]:
    wide = table.columns >= WIDE_FROM  # also refuses spans that overlap
    style = f"{_TABLE};font-size:14px" if wide else _TABLE
    yield f'<table border="1" cellspacing="0" cellpadding="{2 if wide else 4}" style="{style}">'
    for row in (*table.head, *table.body):
        yield f"<tr>{''.join(_cell(cell, wide) for cell in row)}</tr>"
    yield "</table>"


def _cell(cell: Cell, wide: bool) -> str:
    spans = "".join(
        f' {name}="{count}"' for name, count in (("rowspan", cell.rowspan), ("colspan", cell.colspan)) if count > 1
    )
    head = cell.header and cell.scope in ("col", "colgroup")
    style = f"{_CELL};text-align:{cell.alignment}"
    if wide:
        style += ";text-wrap:balance" if cell.header else ";width:6%"
        style += ";white-space:normal;word-break:keep-all;min-width:4.4em" if is_group(cell) else ""
    lines = _lines(cell.runs)
    content = lines[0] if len(lines) == 1 else "".join(_element("p", "margin:0", line) for line in lines)
    tag = "th" if head else "td"
    scope = f' scope="{cell.scope}"' if head else ""
    kept = " nowrap" if is_group(cell) else ""  # where styles are stripped, （三）不/予公开 is not torn
    return f'<{tag}{spans}{scope}{kept} align="{cell.alignment}" style="{style}">{content}</{tag}>'


def _figure(picture: Picture) -> Iterator[str]:
    yield _element("p", _CENTRED, _image(picture))
    if picture.caption:
        yield from _paragraphs(picture.caption, _CENTRED)


def _image(picture: Picture) -> str:
    source, alternative = pictures.embedded(picture)
    if source is None:
        return _text(f"（图片未嵌入：{alternative}）")
    return f'<img src="{source}" alt="{escape(alternative)}" style="max-width:100%">'


def _lines(runs: Runs, kept: bool = True) -> list[str]:
    """The runs as HTML, split at forced line breaks; ``kept`` says whether a number and its unit are kept together."""
    lines = [""]
    for run in without_struck(runs):
        if run.picture is not None:
            lines[-1] += _image(run.picture)
            continue
        first, *more = run.plain.split("\n")
        lines[-1] += _run(run, first, kept)
        lines += [_run(run, text, kept) for text in more]
    return lines


def _one_line(runs: Runs) -> str:
    return "".join(_lines(in_one_line(runs), kept=False))


def _run(run: Run, text: str, kept: bool) -> str:
    shown = kept_together(text, _NUMBER) if kept and not run.code else _text(text)
    if shown and run.link:
        shown = f'<a href="{escape(run.link)}">{shown}</a>'
    return f"<strong>{shown}</strong>" if shown and (run.strong or run.lead) else shown


def _text(text: str) -> str:
    return escape(text, quote=False)


def _element(tag: str, style: str, content: str) -> str:
    _, aligned, side = style.partition("text-align:")
    align = f' align="{side}"' if aligned else ""
    return f'<{tag}{align} style="{style.rstrip(";")}">{content}</{tag}>'
