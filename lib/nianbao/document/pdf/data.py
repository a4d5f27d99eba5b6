"""A document as the JSON that the template reads."""

from __future__ import annotations

import base64
import re
import struct
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any

from nianbao.document import (
    Block,
    Document,
    Heading,
    ListBlock,
    Paragraph,
    Picture,
    Preformatted,
    Runs,
    Table,
    Title,
    in_one_line,
    markup,
    plain,
)
from nianbao.document.columns import column_widths, fits, fitting_size, turned
from nianbao.document.layout import (
    NUMBER_WITH_UNIT,
    POINT,
    TYPE_AREA_HEIGHT,
    TYPE_AREA_WIDTH,
    stretches,
    table_inset,
    table_padding,
    title_lines,
    width,
    with_breaks,
)
from nianbao.document.pdf.fonts import ROLES, FontSet
from nianbao.document.pdf.rows import known_rows
from nianbao.document.raster import rasterise
from nianbao.errors import PictureError

LINES = 22
"""Lines of body text on a page (GB/T 9704-2012, 5.2.3)."""
LINE = 28.0
"""Characters in a line of body text (GB/T 9704-2012, 5.2.3)."""
OUTPUT_LINE = 97
"""Half-width columns of program output at 9 pt."""
MOST_PIXELS = 60_000_000
UNTITLED = "未命名文件"

_ATTACHMENT = re.compile(r"(附件[：:])?([0-9]{1,2}[.\uff0e])?")
_LAID_OUT = {"\n", "\u200b"}
"""Characters that the template does not print as they stand: the end of a line, and a place where a word may break."""
_STYLES = ("strong", "emphasis", "underline", "struck", "code", "lead")


def report_data(document: Document, fonts: FontSet, fallback_title: str = "") -> dict[str, Any]:
    """Everything the template shows, as values that JSON can hold.

    Raises PictureError for a PNG with more pixels than could be meant.
    """
    meta = document.meta
    return {
        "meta": {
            "title": [with_breaks(line, 20.0) for line in title_lines(plain(meta.title))] if meta.title else [],
            "author": meta.author,
            "keywords": list(meta.keywords),
            "date": None
            if meta.date is None
            else {"year": meta.date.year, "month": meta.date.month, "day": meta.date.day},
            "red-head": meta.red_head,
            "document-number": with_breaks(meta.document_number, 15.0),
            "signer": with_breaks(meta.signer, 10.0),
            "addressee": with_breaks(meta.addressee, LINE),
            "copies": with_breaks(meta.copies, LINE),
            "issuer": with_breaks(meta.issuer, 15.0),
            "issued": meta.issued,
            "reasons": [with_breaks(sentence, 40.0) for sentence in meta.marks.values()],
        },
        "name": plain(in_one_line(meta.title)) or fallback_title or _first_heading(document.blocks) or UNTITLED,
        "marks": list(meta.marks),
        "kept-together": NUMBER_WITH_UNIT,
        "fonts": {
            role.name: {"families": fonts.families(role.name), "emboldened": fonts.face(role.name).emboldened}
            for role in ROLES
        },
        "blocks": _turned(_blocks(document.blocks)),
    }


def passages(document: Document) -> Iterator[str]:
    """Every text that is printed, for the glyph check."""
    meta = document.meta
    yield _printed(meta.title)
    yield from (meta.red_head, meta.document_number, meta.signer, meta.addressee, *meta.marks.values())
    yield from (meta.copies, meta.issuer, meta.issued)
    yield from _texts(document.blocks)


def _texts(blocks: Sequence[Block]) -> Iterator[str]:
    for block in blocks:
        match block:
            case Heading() | Paragraph() | Title():
                yield _printed(block.runs)
            case ListBlock():
                for item in block.items:
                    yield from _texts(item)
            case Table():
                for row in (*block.head, *block.body):
                    yield from (_printed(cell.runs) for cell in row)
            case Picture():
                yield _printed(block.caption)
            case Preformatted():
                yield block.text


def _printed(runs: Runs) -> str:
    return "".join(run.text for run in runs)


def _first_heading(blocks: Sequence[Block]) -> str:
    return next((plain(in_one_line(block.runs)) for block in blocks if isinstance(block, Heading)), "")


def _blocks(blocks: Sequence[Block]) -> list[dict[str, Any]]:
    shown: list[dict[str, Any]] = []
    outline: list[int] = []
    for index, block in enumerate(blocks):
        match block:
            case Heading():
                # PDF/UA-1 wants levels without gaps, whatever the notebook's are.
                while outline and outline[-1] >= block.level:
                    outline.pop()
                outline.append(block.level)
                runs = _runs(block.runs, LINE)
                if shown and shown[-1]["kind"] == "enclosure" and not shown[-1]["title"]:
                    lines = [with_breaks(line, 20.0) for line in title_lines(plain(block.runs))]
                    shown[-1] |= {"level": len(outline), "title": lines}
                else:
                    shown.append({"kind": "heading", "level": len(outline), "style": block.level, "runs": runs})
            case Paragraph(role=markup.ENCLOSURE):
                shown.append({"kind": "enclosure", "label": _runs(block.runs, LINE), "level": 1, "title": []})
            case Paragraph(role=markup.SIGNATURE | markup.DATE):
                _close(shown, block)
            case Paragraph():
                before = blocks[index - 1] if index else None
                first = not (isinstance(before, Paragraph) and before.role == block.role)
                runs = _runs(block.runs, LINE)
                paragraph = {"kind": "paragraph", "role": block.role, "first": first, "runs": runs}
                if block.role == markup.ATTACHMENT:
                    paragraph |= _attachment(plain(block.runs))
                shown.append(paragraph)
            case ListBlock():
                items = [_blocks(item) for item in block.items]
                shown.append({"kind": "list", "ordered": block.ordered, "start": block.start, "items": items})
            case Table():
                shown.append(_table(block))
            case Picture(page=True):
                shown.append(_page(block, shown[-1] if shown else {}))
            case Picture():
                shown.append(_picture(block))
            case Preformatted():
                shown.append({"kind": "preformatted", "lines": _folded(block.text)})
            case Title():
                shown.append({"kind": "heading", "level": 1, "style": 1, "runs": _runs(block.runs, 20.0)})
    shown = _joined_notes(shown)
    for one, following in pairwise(shown):
        if one["kind"] == "table" and following.get("role") == markup.NOTE:
            one |= {"kept": True, "note": following}
    return _tied(shown)


def _joined_notes(shown: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Notes that follow each other as one block, a line each: apart, each would take a whole line of the grid."""
    joined: list[dict[str, Any]] = []
    for one in shown:
        if joined and one.get("role") == joined[-1].get("role") == markup.NOTE:
            line_end = {"text": "\n", "style": [], "link": ""}
            joined[-1] = {**joined[-1], "runs": [*joined[-1]["runs"], line_end, *one["runs"]]}
        else:
            joined.append(one)
    return joined


def _attachment(text: str) -> dict[str, str]:
    """What stands before the name of an attachment, which further lines and attachments are set in by (7.3.4)."""
    match = _ATTACHMENT.match(text)
    assert match  # noqa: S101  (both parts may be empty)
    return {"label": match[1] or "附件：", "before-name": (match[1] or "附件：") + (match[2] or "")}


def _close(shown: list[dict[str, Any]], block: Paragraph) -> None:
    """Signatures and the date that follow each other are set together."""
    if not shown or shown[-1]["kind"] != "closing" or shown[-1]["date"]:
        shown.append({"kind": "closing", "signatures": [], "date": []})
    runs = _runs(block.runs, LINE)
    if block.role == markup.DATE:
        shown[-1]["date"] = runs
    else:
        shown[-1]["signatures"].append(runs)


def _tied(shown: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Blocks in which attachments and closing are tied to what stands before them."""
    end = next((i for i, block in enumerate(shown) if block["kind"] == "closing"), 0)
    start = end
    while start and shown[start - 1].get("role") == markup.ATTACHMENT:
        start -= 1
    if not start:
        return shown
    before = shown[start - 1]
    if before["kind"] == "paragraph" and before["role"] == "":
        tied = [{**before, "tail": shown[start : end + 1]}]
    else:
        tied = [{**before, "kept": True}, *shown[start : end + 1]]
    return [*shown[: start - 1], *tied, *_tied(shown[end + 1 :])]


def _turned(shown: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Blocks in which a wide table stands on a turned page, with the headings and captions above it and the notes below.

    Only where a page can be turned: not inside a list.
    """
    parts = stretches(
        shown,
        lambda block: block["kind"] == "table" and block["wide"] is not None,
        lambda block: block["kind"] == "heading" or block.get("role") == markup.CAPTION,
        lambda block: block.get("role") == markup.NOTE,
    )
    pages: list[dict[str, Any]] = []
    for is_turned, blocks in parts:
        if is_turned:
            pages.append({"kind": "turned", "blocks": [block.get("wide") or block for block in blocks]})
        else:
            pages += blocks
    return pages


def _runs(runs: Runs, line: float) -> list[dict[str, Any]]:
    """Runs in lines of ``line`` em; a picture among them is no wider."""
    return [
        {
            "text": with_breaks(run.text, line),
            "style": [name for name in _STYLES if getattr(run, name)] + ([run.shift] if run.shift else []),
            "link": run.address,
        }
        if run.picture is None
        else {**_image(run.picture), "room": line}
        for run in runs
    ]


def _words(runs: list[dict[str, Any]]) -> dict[str, Any]:
    """What a cell says: ``text`` where it is a text of one line in the cell's own face, else ``runs``."""
    if len(runs) == 1 and not (_LAID_OUT & set(runs[0].get("text", "\n")) or runs[0]["style"] or runs[0]["link"]):
        return {"text": runs[0]["text"]}
    return {"runs": runs}


def _table(table: Table) -> dict[str, Any]:
    """A table upright, and under ``wide`` as it stands on a page that is turned, None where it need not be."""
    return {**_laid_out(table), "wide": _laid_out(table, TYPE_AREA_HEIGHT) if turned(table) else None}


def _laid_out(table: Table, area: float = TYPE_AREA_WIDTH) -> dict[str, Any]:
    columns = table.columns
    size, inset = fitting_size(table, area), table_inset(columns)
    widths = column_widths(table, size, inset, area)
    head: list[dict[str, Any]] = []
    body: list[dict[str, Any]] = []
    rooms: list[float] = []
    for row, column, cell in table.placed():
        room = (sum(widths[column : column + cell.colspan]) / POINT - 2 * inset) / size
        rooms.append(room)
        (head if row < len(table.head) else body).append(
            {
                "x": column,
                "y": row,
                "rowspan": cell.rowspan,
                "colspan": cell.colspan,
                "align": cell.alignment,
                **_words(_runs(cell.runs, max(room, 2 * width(cell.text)) if fits(cell, room) else room)),
            }
        )
    for entry in body:
        entry["head"] = entry["y"] in table.heads_below
    merged = any(cell["rowspan"] > 1 for cell in body)
    plain_rows = all(cell["rowspan"] == cell["colspan"] == 1 for cell in body)
    rows = known_rows(table, rooms)
    if rows is not None:
        cells = [*head, *body]
        for name in ("unsure", "spans"):
            rows[name] = [{**cells[place], "width": rooms[place]} for place in rows[name]]
    return {
        "kind": "table",
        "turned": area > TYPE_AREA_WIDTH,
        "widths": widths,
        "size": size,
        "inset": inset,
        "padding": table_padding(table),
        "head": head,
        "body": body,
        "merged": merged,
        "in-blocks": bool(table.heads_below),
        "plain": plain_rows,
        "head-rows": len(table.head),
        "rows": rows,
    }


def _page(picture: Picture, before: dict[str, Any]) -> dict[str, Any]:
    """A page of an attachment on a page of its own, but for the first, which stands below label and title (7.3.6).

    Wrapped in a drawing, its bytes are text, which Typst reads faster than numbers.
    """
    first = before.get("kind") == "enclosure"
    taken = 3 + len(before["title"]) if first else 0
    across, down = rasterise(picture).pixels
    encoded = base64.b64encode(picture.data).decode("ascii")
    drawing = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{across}" height="{down}">'
        f'<image width="{across}" height="{down}" href="data:{picture.mime};base64,{encoded}"/></svg>'
    )
    room = LINES - taken
    return {"kind": "page", "first": first, "lines": room, "data": drawing, "alt": picture.alt, "shape": down / across}


def _picture(picture: Picture) -> dict[str, Any]:
    return {"kind": "picture", **_image(picture), "caption": _runs(picture.caption, 37.0)}


def _image(picture: Picture) -> dict[str, Any]:
    if picture.mime == "image/png" and picture.data[12:16] == b"IHDR" and len(picture.data) >= 24:
        across, down = struct.unpack(">II", picture.data[16:24])
        if across * down > MOST_PIXELS:
            raise PictureError("图片", f"{across}×{down} 像素，应不超过 {MOST_PIXELS} 像素", "缩小图片后重新运行")
    return {
        "data": _text(picture.data) if picture.mime == "image/svg+xml" else list(picture.data),
        "alt": picture.alt or plain(picture.caption) or "图（无文字说明）",
        "width": picture.width * 0.75,
    }


def _text(drawing: bytes) -> str | list[int]:
    """SVG as text, which JSON holds and Typst reads many times faster than numbers."""
    try:
        return drawing.decode("utf-8")
    except UnicodeDecodeError:
        return list(drawing)


def _folded(text: str) -> list[str]:
    """Lines of program output, long ones folded at the right edge."""
    lines: list[str] = []
    for line in text.split("\n"):
        kept, used = "", 0.0
        for character in line:
            step = 2 * width(character)
            if used + step > OUTPUT_LINE:
                lines.append(kept)
                kept, used = "", 0.0
            kept += character
            used += step
        lines.append(kept)
    return lines
