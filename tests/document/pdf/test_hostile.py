"""Text that tries to be something else is printed as it stands, or refused with a message."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import cycle, islice

import nbformat.v4 as nbf
import pytest
from pdfpage import MM, read_pages, tagged_tables
from typeset_samples import notebook, paragraph, shown

from nianbao.document import markup, read_notebook
from nianbao.document.pdf.compiler import typeset
from nianbao.document.pdf.fonts import select_fonts
from nianbao.errors import FontError, NianbaoError, NotebookError

MARKUP = (
    '#read("/etc/passwd")',
    "#panic()",
    "$x^2$ @ref <label> *a* _b_ `c`",
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "{{ 7 * 7 }}{% raw %}",
    "= Heading",
    "- item /* comment */ // line",
    "\\u{41} \\n ~ --- ...",
    '"}, "kind": "table',
)
LONG_WORDS = (
    "A" * 400,
    "http://example.test/" + "a/b?c=d&" * 40,
    "。" * 200,
    "（" * 200,
    "9" * 300,
    "—" * 120,
    "ж" * 200,
)
ELEMENTS: dict[str, Callable[[str], str]] = {
    role: (lambda text, role=role: markup.element("p", text, role))  # type: ignore[misc]
    for role in (
        markup.RED_HEAD, markup.DOCUMENT_NUMBER, markup.SIGNER, markup.ADDRESSEE, markup.ATTACHMENT,
        markup.SIGNATURE, markup.DATE, markup.CAPTION, markup.NOTE, markup.DRAFT, markup.SAMPLE, "",
    )
} | {
    tag: (lambda text, tag=tag: markup.element(tag, text))  # type: ignore[misc]
    for tag in ("h1", "h2", "h3", "h4", "h5", "pre", "blockquote", "figcaption")
} | {
    "title": lambda text: markup.element("h1", text, markup.TITLE, unit=text, year=text, author=text),
    "lead": lambda text: f"<p>{markup.element('span', text, markup.LEAD)}甲</p>",
    "strong": lambda text: f"<p>甲{markup.element('strong', text)}{markup.element('em', text)}</p>",
    "code": lambda text: f"<p>甲{markup.element('code', text)}</p>",
    "list": lambda text: f"<ol>{markup.element('li', text)}</ol><ul>{markup.element('li', text)}</ul>",
    "cell": lambda text: f"<table>{markup.element('caption', text)}<tr>{markup.element('th', text)}"
    f"{markup.element('td', text)}<td>1</td></tr></table>",
}  # fmt: skip


def pdf_of(*elements: str) -> bytes:
    return typeset(read_notebook(notebook(shown(*elements))), select_fonts(None, system=False))


def printed(pdf: bytes) -> str:
    """Text of all pages without white space and page numbers."""
    text = "".join(line.text for page in read_pages(pdf) for line in page.body())
    return re.sub(r"\s", "", text)


@pytest.mark.parametrize("element", ELEMENTS)
def test_markup_of_any_language_is_printed_as_text(element: str) -> None:
    for text in (" ".join(MARKUP[:5]), " ".join(MARKUP[5:])):
        assert re.sub(r"\s", "", text) in printed(pdf_of(ELEMENTS[element](text), paragraph("乙")))


@pytest.mark.parametrize("element", ELEMENTS)
def test_long_words_break_and_stay_on_the_page(element: str) -> None:
    words = islice(cycle(LONG_WORDS), list(ELEMENTS).index(element) % len(LONG_WORDS), None)
    for word in islice(words, 2):
        pages = read_pages(pdf_of(ELEMENTS[element](word), paragraph("乙")))
        assert "".join(c for c in printed_of(pages) if c == word[-1]).count(word[-1]) >= word.count(word[-1])
        for glyph in (glyph for page in pages for line in page.body() for glyph in line.glyphs):
            assert glyph.x >= 28 * MM - glyph.size
            assert glyph.right <= 184 * MM + glyph.size
            assert glyph.top >= 36 * MM


def printed_of(pages: list) -> str:  # type: ignore[type-arg]
    return "".join(line.text for page in pages for line in page.body())


def test_a_cell_cannot_become_another_cell() -> None:
    text = '")], table.cell[x] </td><td>'
    (rows,) = tagged_tables(pdf_of(f"<table><tr>{markup.element('td', text)}<td>1</td></tr></table>"))
    assert [[cell.text for cell in row] for row in rows] == [[text, "1"]]


def test_rare_characters_that_a_face_covers_are_printed() -> None:
    assert "陈埭深沪㙟䶮𠮷" in printed(pdf_of(paragraph("陈埭深沪㙟䶮𠮷")))


@pytest.mark.parametrize("character", ["😀", "\U00020000", "\U00030000", "\ue000", "\ufffd"])
@pytest.mark.parametrize("wrap", [paragraph, lambda text: f"<table><tr><td>{text}</td></tr></table>"])
def test_characters_without_a_glyph_stop_the_build_and_are_named(character: str, wrap: Callable[[str], str]) -> None:
    shown = "<U\\+E000>" if character == "\ue000" else character
    with pytest.raises(FontError, match=f"U\\+{ord(character):04X}“磁灶{shown}镇”"):
        pdf_of(wrap(f"磁灶{character}镇"))


@pytest.mark.parametrize("character", ["\x01", "\x1b", "\u202e", "\ufffe"])
@pytest.mark.parametrize("place", ["html", "markdown", "attribute", "stream", "alt"])
def test_control_characters_are_refused_wherever_they_come_from(character: str, place: str) -> None:
    text = f"甲{character}乙"
    picture = f'<img src="data:image/svg+xml,<svg/>" alt="{text}">'
    cells = {
        "html": shown(paragraph(text)),
        "markdown": nbf.new_markdown_cell(text),
        "attribute": shown(f'<h1 class="nb-title" data-author="{text}">题</h1>'),
        "stream": nbf.new_code_cell("x", outputs=[nbf.new_output("stream", text=text.replace("\x1b", "\x02"))]),
        "alt": shown(picture),
    }
    with pytest.raises(NotebookError, match="不能印出的字符"):
        read_notebook(notebook(cells[place]))


@pytest.mark.parametrize("data", ["", "AAAA", "iVBORw0KGgo=", "PHN2Zz4="])
@pytest.mark.parametrize("mime", ["image/png", "image/jpeg", "image/svg+xml"])
def test_broken_pictures_are_refused(data: str, mime: str) -> None:
    with pytest.raises(NianbaoError):
        pdf_of(f'<img src="data:{mime};base64,{data}" alt="图">')


def test_a_picture_cannot_read_files() -> None:
    svg = (
        '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="40" height="40">'
        '<rect width="40" height="40"/><image xlink:href="../../../../etc/hostname" width="9" height="9"/></svg>'
    )
    with pytest.raises(NianbaoError):
        pdf_of(f"<img alt='图' src='data:image/svg+xml,{svg.replace('#', '%23')}'>")


def test_a_picture_of_too_many_pixels_is_refused() -> None:
    import base64
    import struct

    head = (
        b"\x89PNG\r\n\x1a\n"
        + struct.pack(">I", 13)
        + b"IHDR"
        + struct.pack(">II", 50000, 50000)
        + b"\x08\x02\x00\x00\x00"
    )
    with pytest.raises(NianbaoError, match="像素"):
        pdf_of(f'<img alt="图" src="data:image/png;base64,{base64.b64encode(head).decode()}">')
