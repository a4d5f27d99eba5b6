"""An executed notebook → :class:`Document`: what of it is published, in order."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from nianbao.document import markup
from nianbao.document.html import PICTURES, decode_base64, read_html
from nianbao.document.model import Block, Document, Heading, Meta, Paragraph, Picture, Preformatted, Title, plain
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
}
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


def is_report(nb: NotebookNode) -> bool:
    """Whether a notebook is a report: its metadata say so, or a cell shows an official section."""
    if nb.metadata.get(KIND_KEY):
        return True
    outputs = (output for cell in nb.cells for output in cell.get("outputs", ()))
    return any(markup.SECTION_MIME in output.get("data", {}) for output in outputs)


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
                meta, title=block.runs, unit=block.unit, year=block.year, author=block.author, date=block.date
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
    report = is_report(nb)
    for number, cell in enumerate(nb.cells, start=1):
        where = f"第 {number} 个单元格"
        tags = set(cell.get("metadata", {}).get("tags", ()))
        if markup.INTERNAL_TAG in tags:
            continue
        if cell.cell_type == "markdown":
            html = _attached(_markdown()(clean(_text(cell.source), where)), cell)
            yield Shown(number, tuple(read_html(html, where)))
        elif cell.cell_type == "code" and not tags & SILENT_TAGS:
            yield from _outputs(cell.get("outputs", ()), number, report)


def _text(value: object) -> str:
    """A text of the notebook format, which may be kept as a list of lines."""
    return "".join(str(line) for line in value) if isinstance(value, list | tuple) else str(value)


@cache
def _markdown() -> Any:
    import mistune

    # Addresses are never followed here, and pictures come as attachments and data.
    renderer = mistune.HTMLRenderer(escape=False, allow_harmful_protocols=True)
    return mistune.create_markdown(renderer=renderer, plugins=["table", "strikethrough", "task_lists"])


def _attached(html: str, cell: NotebookNode) -> str:
    """HTML of a markdown cell with its attachments put in as data."""
    for name, bundle in cell.get("attachments", {}).items():
        for mime in PICTURES:
            if mime in bundle:
                data = _text(bundle[mime]).replace("\n", "")
                html = html.replace(f'src="attachment:{quote(name)}"', f'src="data:{mime};base64,{data}"')
                break
    return html


def _outputs(outputs: Any, number: int, report: bool) -> Iterator[Shown]:
    where = f"第 {number} 个单元格"
    stream: list[str] = []
    for output in outputs:
        if output.output_type == "stream":
            if output.name != "stderr":  # warnings are for whoever runs the notebook, not for who reads the document
                stream.append(_text(output.text))
            continue
        yield Shown(number, tuple(_preformatted("".join(stream), where)))
        stream.clear()
        if output.output_type != "error":
            data = output.get("data", {})
            blocks = tuple(_bundle(data, output.get("metadata", {}), where))
            yield Shown(number, blocks, data.get(markup.SECTION_MIME))
        elif report:
            yield Shown(number, (), failed=True)
        else:
            text = "\n".join(output.traceback) or f"{output.ename}: {output.evalue}"
            yield Shown(number, tuple(_preformatted(text, where)), failed=True)
    yield Shown(number, tuple(_preformatted("".join(stream), where)))


def _bundle(data: Any, metadata: Any, where: str) -> Iterator[Block]:
    """The richest representation that has content: HTML, picture, markdown, text.

    Blank HTML is an object that shows nothing, such as a part without text: its text form is for the analyst.
    """
    if "text/html" in data:
        html = _text(data["text/html"])
        blocks = read_html(html, where)
        if blocks or not html.strip():
            yield from blocks
            return
    for mime in PICTURES:
        if mime in data:
            content = _text(data[mime])
            picture = content.encode() if mime == "image/svg+xml" else decode_base64(content, where)
            alt = metadata.get(mime, {}).get("alt") or metadata.get("alt") or ""
            yield Picture(picture, mime, " ".join(clean(str(alt), where).split()))
            return
    if "text/markdown" in data:
        yield from read_html(_markdown()(clean(_text(data["text/markdown"]), where)), where)
    elif "text/plain" in data:
        yield from _preformatted(_text(data["text/plain"]), where)


def _preformatted(text: str, where: str) -> Iterator[Block]:
    shown = terminal(text, where)
    if shown.strip():
        yield Preformatted(shown)
