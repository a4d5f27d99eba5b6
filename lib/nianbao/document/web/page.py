"""Document → a self-contained web page: no script, no request to anywhere.

Marks come first, then the letterhead, the title, and the blocks in order; wide tables stand in frames that scroll.
Above the sheet stands what the editor of a site is asked for.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import escape
from itertools import groupby, zip_longest

from nianbao.document import markup
from nianbao.document.columns import column_widths
from nianbao.document.html import QUOTE
from nianbao.document.layout import NUMBER_WITH_UNIT, width
from nianbao.document.model import (
    Block,
    Cell,
    Document,
    Heading,
    ListBlock,
    Meta,
    Paragraph,
    Picture,
    Preformatted,
    Row,
    Run,
    Runs,
    Table,
    Title,
    in_one_line,
    plain,
)
from nianbao.document.web import pictures
from nianbao.document.web.shell import Entry, Page, render

FRAMED_FROM = 5
"""Tables of this many columns or more stand in a frame that scrolls sideways on a narrow screen."""
WIDE_FROM = 8
"""Tables of this many columns or more are set smaller."""
PHONE = 29.0
"""em of the smaller type in which a table is set on a telephone, from edge to edge of the text."""
SHORT, SHORT_HEAD = 5.0, 3.0
"""em of a text, and of a head, that keeps to one line in a table whose columns are as wide as what stands in them."""
SHEET = 165.5
"""mm from edge to edge of the text."""
_TYPE = {False: (11.25, 5.6), True: (10.5, 2.6)}
"""Whether a table is wide → its type and the space left and right in a cell, in pt, as ``style.css`` has them."""
LONG_FROM = 40
"""Tables of this many rows or more may break over printed pages."""
UNIT_OF_TABLE = "单位"
"""A caption that begins so names the unit of a table and stands at the right; others are centred."""
UNTITLED = "未命名"

_KEPT = f'<span class="{markup.NUMBER}">'
_NUMBER_WITH_UNIT = re.compile(NUMBER_WITH_UNIT)
_TITLE_PHRASES = re.compile(r"(.+?)([0-9]{4}年度?)(政府信息公开)(工作)?(年度报告)(汇总)?")
_LONGEST_AUTHORITY = 40
"""Characters of a red head that is kept on one line; browsers set no type smaller than 6 px."""
_DESCRIPTION_LENGTH = 120
_MARKS = {"草稿": markup.DRAFT, "示例": markup.SAMPLE}
_CLOSING = (markup.SIGNATURE, markup.DATE)


def write_page(document: Document, fallback_title: str = UNTITLED) -> str:
    """The whole page; ``fallback_title`` names a document without headings.

    Raises NotebookError when the spans of a table overlap.
    """
    meta = document.meta
    writer = _Writer()
    body = "\n".join(
        [
            *_marks(document),
            *_letterhead(document),
            *_head(document),
            *writer.blocks(document.blocks),
            *_colophon(document),
        ]
    )
    headings = (block.runs for block in document.blocks if isinstance(block, Heading))
    title = _line(meta.title or next(headings, ())) or fallback_title
    marks = tuple(_MARKS[mark] for mark in meta.marks)
    date = meta.date.isoformat() if meta.date else ""
    description = _description(document) or title
    return render(
        Page(
            title,
            description,
            meta.author,
            date,
            marks,
            tuple(writer.contents),
            body,
            _red_head_rule(meta),
            meta.record,
        )
    )


def _red_head_rule(meta: Meta) -> str:
    """The red head on one line, on a screen and in print, however long the name of the authority is."""
    if not 0 < len(meta.red_head) <= _LONGEST_AUTHORITY:
        return ""
    rule = f"font-size:min(var(--red-head),calc(100cqw/{len(meta.red_head) + 0.2}));white-space:nowrap"
    return f".nb-letterhead .{markup.RED_HEAD}{{{rule}}}\n"


def _marks(document: Document) -> Iterator[str]:
    """The marks 草稿 and 示例 with their reasons."""
    if marks := document.meta.marks:
        yield '<div class="nb-marks" role="note" aria-label="文稿状态">'
        yield from (markup.element("p", sentence, _MARKS[mark]) for mark, sentence in marks.items())
        yield "</div>"


def _letterhead(document: Document) -> Iterator[str]:
    """Red head, document number and signer stand together above the red line."""
    meta = document.meta
    if not (meta.red_head or meta.document_number or meta.signer):
        return
    yield f'<div class="nb-letterhead{" nb-upward" if meta.signer else ""}">'
    if meta.red_head:
        yield markup.element("p", meta.red_head, markup.RED_HEAD)
    if meta.document_number:
        yield markup.element("p", meta.document_number, markup.DOCUMENT_NUMBER)
    if meta.signer:
        yield markup.element("p", f"签发人：{meta.signer.removeprefix('签发人：')}", markup.SIGNER)
    yield "</div>"


def _head(document: Document) -> Iterator[str]:
    """Title, with the identity of the document, and addressee."""
    meta = document.meta
    if meta.title:
        date = meta.date.isoformat() if meta.date else ""
        identity = {
            "unit": meta.unit,
            "year": meta.year,
            "author": meta.author,
            "date": date,
            "index": meta.index_number,
        }
        data = "".join(f' data-{name}="{escape(value)}"' for name, value in identity.items() if value)
        phrases = _TITLE_PHRASES.fullmatch(plain(meta.title))
        if phrases and len(meta.title) == 1:
            # Lines of a title break between its phrases (GB/T 9704-2012, 7.3.1).
            text = "<wbr>".join(_escaped(phrase) for phrase in phrases.groups() if phrase)
            yield f'<h1 class="{markup.TITLE} nb-phrased"{data}>{text}</h1>'
        else:
            yield f'<h1 class="{markup.TITLE}"{data}>{_runs(meta.title, kept=False)}</h1>'
    if meta.addressee:
        yield markup.element("p", meta.addressee, markup.ADDRESSEE)


def _colophon(document: Document) -> Iterator[str]:
    """版记: copies, who had it printed and when."""
    meta = document.meta
    if meta.has_colophon:
        yield '<div class="nb-colophon">'
        for role, text in ((markup.COPIES, meta.copies), (markup.ISSUER, meta.issuer), (markup.ISSUED, meta.issued)):
            if text:
                yield markup.element("p", text, role)
        yield "</div>"


def _description(document: Document) -> str:
    """The opening of the first body paragraph."""
    texts = (_line(block.runs) for block in document.blocks if isinstance(block, Paragraph) and not block.role)
    text = next(filter(None, texts), "")
    return text if len(text) <= _DESCRIPTION_LENGTH else text[: _DESCRIPTION_LENGTH - 1] + "…"


class _Writer:
    """Writes blocks and keeps what the contents and the names of tables need."""

    def __init__(self) -> None:
        self.contents: list[Entry] = []
        self._near = ""
        """The words that name the next table: its caption, else the last heading."""
        self._heading = ""
        self._title: Runs = ()
        """The caption that stands right above the next table, which becomes its own."""
        self._used: dict[str, int] = {}

    def blocks(self, blocks: tuple[Block, ...]) -> Iterator[str]:
        """HTML of blocks, an element a line."""
        for group, members in groupby(blocks, key=_group):
            if group == "closing":
                yield from self._closing([block for block in members if isinstance(block, Paragraph)])
            elif group == QUOTE:
                yield "<blockquote>"
                for block in members:
                    yield from self._block(block, None)
                yield "</blockquote>"
            else:
                together = list(members)
                for block, following in zip_longest(together, together[1:]):
                    yield from self._block(block, following)

    def _closing(self, members: list[Paragraph]) -> Iterator[str]:
        """Authorities and the date below them stand together at the right."""
        signed = False
        for place, block in enumerate(members):
            if block.role == markup.SIGNATURE and not signed:
                yield '<div class="nb-signoff">'
                signed = True
            yield f'<p class="{block.role}">{_runs(block.runs, kept=False)}</p>'
            if signed and (block.role == markup.DATE or place == len(members) - 1):
                yield "</div>"
                signed = False

    def _block(self, block: Block, following: Block | None) -> Iterator[str]:
        caption, self._near = self._near, self._heading
        match block:
            case Title():
                yield from self._section(2, block.runs)
            case Heading():
                yield from self._section(max(block.level, 2), block.runs)
            case Paragraph(role=markup.CAPTION):
                self._near = _line(block.runs)
                if self._near.startswith(UNIT_OF_TABLE):
                    yield self._paragraph(block)
                    self._near = self._heading
                elif isinstance(following, Table):
                    self._title = block.runs
                else:
                    yield self._paragraph(block, " nb-center")
            case Paragraph():
                yield self._paragraph(block)
            case ListBlock():
                yield from self._list(block)
            case Table():
                yield from self._table(block, caption)
                self._title = ()
            case Picture():
                yield _figure(block)
            case Preformatted():
                yield f"<pre>\n{_escaped(block.text)}</pre>"

    def _section(self, level: int, runs: Runs) -> Iterator[str]:
        self._heading = self._near = _line(runs)
        anchor = ""
        if level == 2 and self._heading:
            entry = Entry(f"part-{len(self.contents) + 1}", self._heading)
            self.contents.append(entry)
            anchor = f' id="{entry.anchor}"'
        yield f"<h{level}{anchor}>{_runs(runs)}</h{level}>"

    def _paragraph(self, block: Paragraph, more: str = "") -> str:
        role = "" if block.role == QUOTE else block.role
        shown = f' class="{role}{more}"' if role else ""
        return f"<p{shown}>{_runs(block.runs)}</p>"

    def _list(self, block: ListBlock) -> Iterator[str]:
        start = f' start="{block.start}"' if block.ordered and block.start != 1 else ""
        yield f"<ol{start}>" if block.ordered else "<ul>"
        for item in block.items:
            first, *rest = item or (Paragraph(()),)
            if isinstance(first, Paragraph) and not first.role:
                inner = [_runs(first.runs), *self.blocks(tuple(rest))]
            else:
                inner = list(self.blocks(item))
            yield "<li>" + "\n".join(inner) + "</li>"
        yield "</ol>" if block.ordered else "</ul>"

    def _table(self, table: Table, label: str) -> Iterator[str]:
        columns = table.columns  # also refuses spans that overlap
        classes = ["nb-wide"] if columns >= WIDE_FROM else []
        classes += ["nb-long"] if table.rows >= LONG_FROM else []
        classes += [] if table.widths else ["nb-free"]
        self._used[label] = self._used.get(label, 0) + 1
        again = f"（{self._used[label]}）" if self._used[label] > 1 else ""
        if columns >= FRAMED_FROM:
            broad = " nb-broad" if _narrowest(table) > PHONE else ""
            yield f'<div class="nb-frame{broad}" tabindex="0" role="region" aria-label="表格：{escape(label)}{again}">'
        shown = f' class="{" ".join(classes)}"' if classes else ""
        yield f"<table{shown}>"
        if self._title:
            yield f'<caption class="{markup.CAPTION} nb-center">{_runs(self._title)}</caption>'
        elif label:  # the heading above says it to those who see it
            yield f'<caption class="{markup.NOT_SEEN}">{_escaped(label)}{again}</caption>'
        widths = table.widths or column_widths(table, *_TYPE[columns >= WIDE_FROM], SHEET)
        whole = sum(widths)
        yield "".join(["<colgroup>", *(f'<col width="{100 * width / whole:.2f}%">' for width in widths), "</colgroup>"])
        for part, rows in (("thead", table.head), ("tbody", table.body)):
            if rows:
                yield f"<{part}>"
                yield from (_row(row, bool(table.widths)) for row in rows)
                yield f"</{part}>"
        yield "</table>"
        if columns >= FRAMED_FROM:
            yield "</div>"


def _narrowest(table: Table) -> float:
    """How narrow a table can be set, in em: figures keep to one line, labels of rows to four characters."""
    widths = [0.0] * table.columns
    for _, column, cell in table.placed():
        if cell.colspan == 1:
            least = width(cell.text) if cell.is_figure else 4.0 if cell.header and cell.scope == "row" else 1.0
            widths[column] = max(widths[column], least + 0.3)
    return sum(widths)


def _group(block: Block) -> str:
    if not isinstance(block, Paragraph):
        return ""
    return "closing" if block.role in _CLOSING else block.role if block.role == QUOTE else ""


def _row(row: Row, has_widths: bool) -> str:
    return f"<tr>{''.join(_cell(cell, has_widths) for cell in row)}</tr>"


def _cell(cell: Cell, has_widths: bool) -> str:
    tag = "th" if cell.header else "td"
    align = cell.align or ("center" if not cell.header and cell.is_figure else "")
    classes = [f"nb-{align}"] if align else []
    classes += ["nb-group"] if is_group(cell) else []
    classes += ["nb-short"] if not has_widths and _is_short(cell) else []
    attributes = f' class="{" ".join(classes)}"' if classes else ""
    attributes += f' colspan="{cell.colspan}"' if cell.colspan > 1 else ""
    attributes += f' rowspan="{cell.rowspan}"' if cell.rowspan > 1 else ""
    attributes += f' scope="{escape(cell.scope)}"' if cell.scope else ""
    return f"<{tag}{attributes}>{_runs(cell.runs)}</{tag}>"


def _is_short(cell: Cell) -> bool:
    """Whether a cell is a name, a code or a head that would be torn apart: 青阳街道, T2-03, 不成立."""
    most = SHORT_HEAD if cell.scope in ("col", "colgroup") else SHORT
    return 0 < width(cell.text) <= most and not re.search(r"\s", cell.text)


def is_group(cell: Cell) -> bool:
    """Whether a cell is the label of a group of rows, （三）不予公开, which breaks after its numeral alone."""
    return cell.header and cell.rowspan > 1 and re.match("（[一二三四五六七八九十]）", cell.text) is not None


def _figure(picture: Picture) -> str:
    caption = f"<figcaption>{_runs(picture.caption)}</figcaption>" if picture.caption else ""
    page = f' class="{markup.PAGE}"' if picture.page else ""
    return f"<figure{page}>{_image(picture)}{caption}</figure>"


def _image(picture: Picture) -> str:
    source, alternative = pictures.embedded(picture)
    if source is None:
        return _escaped(f"（图片未嵌入：{alternative}）")
    width = f' width="{picture.width}"' if picture.width else ""
    return f'<img src="{source}" alt="{escape(alternative)}"{width}>'


def _runs(runs: Runs, kept: bool = True) -> str:
    """Runs as HTML; ``kept`` says whether a number and its unit are kept together, which no title or date is in need of."""
    return "".join(_run(run, kept) for run in runs)


def _run(run: Run, kept: bool) -> str:
    if run.picture is not None:
        return _image(run.picture)
    shown = kept_together(run.text, _KEPT) if kept and not run.code else _escaped(run.text)
    shown = shown.replace("\n", "<br>")
    for tag, given in (
        ("code", run.code),
        ("sup", run.shift == "super"),
        ("sub", run.shift == "sub"),
        ("u", run.underline),
        ("s", run.struck),
        ("em", run.emphasis),
        ("strong", run.strong),
    ):
        if given:
            shown = f"<{tag}>{shown}</{tag}>"
    if run.link:
        shown = f'<a href="{escape(run.link)}" rel="noopener noreferrer">{shown}</a>'
    return f'<span class="{markup.LEAD}">{shown}</span>' if run.lead else shown


def kept_together(text: str, opening: str) -> str:
    """Text as HTML in which a number and its unit are one ``span`` that does not break; ``opening`` is its tag."""
    return _NUMBER_WITH_UNIT.sub(lambda found: f"{opening}{found[0]}</span>", _escaped(text))


def _line(runs: Runs) -> str:
    """The text of runs in one line."""
    return " ".join(plain(in_one_line(runs)).split())


def _escaped(text: str) -> str:
    return escape(text, quote=False)
