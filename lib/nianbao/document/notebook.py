"""An executed notebook → :class:`Document`: what of it is published, in order."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from nianbao.document import markup
from nianbao.document.html import read_html
from nianbao.document.images import FORMATS, picture_of
from nianbao.document.markdown import to_html
from nianbao.document.model import Block, Document, Heading, Meta, Paragraph, Preformatted, Run, Title, each, plain
from nianbao.document.text import clean, terminal
from nianbao.errors import NotebookError

if TYPE_CHECKING:
    from nbformat import NotebookNode

KIND_KEY = "nianbao"
"""In a notebook's metadata: what it makes, ``report`` or ``summary``."""
SILENT_TAGS = {"parameters", "injected-parameters"}
"""Tags of the cells that papermill fills in: what they print is not part of the report."""

_META_ROLES = {
    markup.RED_HEAD: "red_head",
    markup.DOCUMENT_NUMBER: "document_number",
    markup.SIGNER: "signer",
    markup.ADDRESSEE: "addressee",
    markup.COPIES: "copies",
    markup.ISSUER: "issuer",
    markup.ISSUED: "issued",
}
_IDENTITY = f'class="{markup.TITLE}" data-unit='
_ACTIVE = re.compile(r"<(?:script|iframe|object|embed|canvas|video|audio)\b", re.IGNORECASE)
"""Elements by which HTML shows something that a document cannot."""
_BOX = re.compile(r"Glyph ([0-9]{1,7}) \(.{1,120}?\) missing from")
"""What matplotlib warns of when it draws a box."""
_MARKS = {markup.DRAFT: "draft", markup.SAMPLE: "sample"}


@dataclass(frozen=True)
class Shown:
    """What one place of a notebook publishes: a markdown cell, or an output of a code cell.

    Attributes
    ----------
    cell : int
        The number of the cell, from 1.
    stamp : mapping or None
        Of which part of which report an official section is (see ``notebook.sections``); None for anything else.
    failed : bool
        The cell ended in an error; in a report nothing of that is printed.
    """

    cell: int
    blocks: tuple[Block, ...]
    stamp: Mapping[str, Any] | None = None
    failed: bool = False

    @property
    def where(self) -> str:
        return f"第 {self.cell} 个单元格"


def kind_of(nb: NotebookNode) -> str | None:
    """What a notebook of ours makes: as its metadata say, else ``report`` where a cell shows an official section.

    None for any other notebook.
    """
    if kind := nb.metadata.get(KIND_KEY):
        return str(kind)
    data = [output.get("data", {}) for cell in nb.cells for output in cell.get("outputs", ())]
    official = any(markup.SECTION_MIME in one or _IDENTITY in _text(one.get("text/html", "")) for one in data)
    return "report" if official else None


def poses_as_report(pieces: Iterable[Shown]) -> bool:
    """Whether something is set as only a report's title, number, signature and the like are, however it was written."""
    return any(
        isinstance(block, Title) or (isinstance(block, Paragraph) and block.role in markup.OFFICIAL)
        for piece in pieces
        for block in each(piece.blocks)
    )


def read_notebook(nb: NotebookNode) -> Document:
    """The published content of an executed notebook.

    Markdown cells and outputs count; code, raw cells, cells tagged ``internal`` and the outputs of
    parameter cells do not. Works on any notebook: without ``h1.nb-title`` a leading heading of level 1
    becomes the title.

    Raises NotebookError when something said once is said twice, or when an output cannot be read.
    """
    return document_of(shown(nb))


def document_of(pieces: Iterable[Shown]) -> Document:
    """What the pieces of a notebook make together. Raises as :func:`read_notebook`."""
    meta = Meta()
    blocks: list[Block] = []
    for where, block in ((piece.where, block) for piece in pieces for block in piece.blocks):
        if isinstance(block, Title):
            if meta.title:
                raise NotebookError(where, f"标题重复，已有“{plain(meta.title)}”", "只保留一个标题")
            meta = replace(
                meta,
                title=block.runs,
                unit=block.unit,
                year=block.year,
                author=block.author,
                date=block.date,
                index_number=block.index_number,
            )
        elif isinstance(block, Paragraph) and block.role in _META_ROLES:
            name = _META_ROLES[block.role]
            if getattr(meta, name):
                raise NotebookError(where, f"{block.role} 重复，已有“{getattr(meta, name)}”", "只保留一处")
            meta = _with(meta, name, plain(block.runs))
        elif isinstance(block, Paragraph) and block.role in _MARKS:
            name = _MARKS[block.role]
            earlier = getattr(meta, name)
            meta = _with(meta, name, plain(block.runs) if earlier is None else f"{earlier}；{plain(block.runs)}")
        else:
            blocks.append(block)
    if not meta.title and blocks and isinstance(blocks[0], Heading) and blocks[0].level == 1:
        meta = replace(meta, title=blocks[0].runs)
        del blocks[0]
    return Document(meta, tuple(blocks))


def _with(meta: Meta, name: str, text: str) -> Meta:
    changes: dict[str, Any] = {name: text}
    return replace(meta, **changes)


def shown(nb: NotebookNode) -> Iterator[Shown]:
    """What a notebook publishes, in order. Raises NotebookError when an output cannot be read."""
    ours = kind_of(nb) is not None
    for number, cell in enumerate(nb.cells, start=1):
        where = f"第 {number} 个单元格"
        tags = tags_of(cell)
        if markup.INTERNAL_TAG in tags:
            continue
        if cell.cell_type == "markdown":
            html = to_html(clean(_text(cell.source), where))
            yield Shown(number, tuple(read_html(html, where, cell.get("attachments", {}))))
        elif cell.cell_type == "code" and not tags & SILENT_TAGS:
            yield from _outputs(cell.get("outputs", ()), number, ours)


def tags_of(cell: Any) -> frozenset[str]:
    """The tags of a cell; a hand may have left anything else in their place."""
    tags = cell.get("metadata", {}).get("tags")
    return frozenset(map(str, tags)) if isinstance(tags, list | tuple) else frozenset()


def _text(value: object) -> str:
    """A text of the notebook format, which may be kept as a list of lines."""
    return "".join(str(line) for line in value) if isinstance(value, list | tuple) else str(value)


_OBJECT = re.compile(r"<(?:class '|[A-Za-z_][\w.]{0,100}(?: object)?(?: at 0x|: | of ))")
"""How Python writes an object that has no text: ``<Axes: …>``, ``<function f at 0x…>``."""


def _is_for_the_analyst(output: Any, beside: Any) -> bool:
    """Whether the value of a last line says nothing to a report's reader: an object, or what the call that drew returned."""
    data = output.get("data", {})
    if output.output_type != "execute_result" or set(data) != {"text/plain"}:
        return False
    drawn = any(mime in one.get("data", {}) for one in beside for mime in FORMATS)
    return drawn or _OBJECT.search(_text(data["text/plain"])) is not None


def _outputs(outputs: Any, number: int, ours: bool) -> Iterator[Shown]:
    where = f"第 {number} 个单元格"
    stream: list[str] = []
    for output in outputs:
        if output.output_type == "stream":
            if output.name == "stderr":  # warnings are for whoever runs the notebook, not for who reads the document
                _refuse_boxes(_text(output.text), where)
            else:
                stream.append(_text(output.text))
            continue
        yield Shown(number, tuple(_preformatted("".join(stream), where)))
        stream.clear()
        if ours and _is_for_the_analyst(output, outputs):
            continue
        if output.output_type != "error":
            data = output.get("data", {})
            blocks = tuple(_bundle(data, output.get("metadata", {}), where))
            stamp = data.get(markup.SECTION_MIME)
            yield Shown(number, blocks, stamp if isinstance(stamp, Mapping) else None)
        elif ours:
            yield Shown(number, (), failed=True)
        else:
            text = "\n".join(output.traceback) or f"{output.ename}: {output.evalue}"
            yield Shown(number, tuple(_preformatted(text, where)), failed=True)
    yield Shown(number, tuple(_preformatted("".join(stream), where)))


def _bundle(data: Any, metadata: Any, where: str) -> Iterator[Block]:
    """What JupyterLab shows of an output, where a document can hold it: HTML, picture, markdown, formula, text.

    Blank HTML is an object that shows nothing, such as a part without text: its text form is for the analyst, as is
    the text form of what only a program can show.
    """
    if "text/html" in data:
        html = _text(data["text/html"])
        blocks = read_html(html, where)
        if blocks or not _ACTIVE.search(html):
            yield from blocks
            return
    for mime in FORMATS:
        if mime in data:
            described = {**metadata, **metadata.get(mime, {})}
            alt = " ".join(clean(str(described.get("alt") or ""), where).split())
            width = described.get("width")
            yield picture_of(data[mime], mime, alt, where, width=width if isinstance(width, int) else 0)
            return
    if "text/markdown" in data:
        yield from read_html(to_html(clean(_text(data["text/markdown"]), where)), where)
    elif "text/latex" in data:
        formula = clean(" ".join(_text(data["text/latex"]).split()), where)
        yield Paragraph((Run(f"（公式未排版：{formula}）"),), markup.NOTE)
    elif set(data) == {"text/plain"}:
        yield from _preformatted(_text(data["text/plain"]), where)
    elif data:
        yield Paragraph((Run("（此处是交互内容，不能印出）"),), markup.NOTE)


def _refuse_boxes(warnings: str, where: str) -> None:
    """A chart of matplotlib's in which boxes stand for characters is no more fit to print than a page that has them."""
    missing = sorted({int(code) for code in _BOX.findall(warnings)})
    if missing:
        shown = "、".join(f"{chr(code)}（U+{code:04X}）" for code in missing[:5])
        raise NotebookError(
            where,
            f"图中有 {len(missing)} 个字没有字形：{shown}",
            "去掉自设的字体，在第一格写 import nianbao.notebook.sections 后重新运行",
        )


def _preformatted(text: str, where: str) -> Iterator[Block]:
    shown = terminal(text, where)
    if shown.strip():
        yield Preformatted(shown)
