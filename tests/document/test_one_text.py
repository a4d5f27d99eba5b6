"""Whatever HTML a notebook shows: page, fragment, PDF, Word and document say the same, and no number that is not shown."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import lxml.html
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.document.office.wordfile import W, part, text
from tests.document.pdf.pdfpage import Page, read_pages

from nianbao.document import (
    Block,
    Document,
    Heading,
    ListBlock,
    Meta,
    Paragraph,
    Preformatted,
    Run,
    Table,
    markup,
    plain,
    read_html,
)
from nianbao.document.docx.writer import write_docx
from nianbao.document.pdf.compiler import typeset
from nianbao.document.pdf.fonts import select_fonts
from nianbao.document.web.fragment import write_fragment
from nianbao.document.web.page import write_page

PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
DRAWN = "990"
"""A number that stands in drawings only; in a PDF the text of a drawing is text."""
DRAWING = f'<svg viewBox="0 0 60 20" width="60" height="20"><text x="1" y="9">{DRAWN}</text></svg>'
PLAIN_FIGURES = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹₀₁₂₃₄₅₆₇₈₉", "01234567890123456789")


@dataclass(frozen=True)
class Shown:
    """Some HTML, and what a browser shows of it: ``|`` parts what is not joined, braces hold what is struck out."""

    html: str
    text: str


def joined(parts: Sequence[Shown], between: str = "") -> Shown:
    return Shown("".join(part.html for part in parts), between.join(part.text for part in parts))


def wrapped(before: str, after: str, left: str = "", right: str = "") -> st.SearchStrategy[Shown]:
    return st.builds(lambda inner: Shown(before + inner.html + after, left + inner.text + right), INLINE)


WORD = st.one_of(st.integers(0, 989).map(str), st.sampled_from(["件", "安海镇", "，共", "x"])).map(
    lambda t: Shown(t, t)
)
INLINE: st.SearchStrategy[Shown] = st.deferred(lambda: st.lists(PIECE, max_size=4).map(joined))
STYLED = [
    ("<b>", "</b>"),
    ("<em>", "</em>"),
    ("<span>", "</span>"),
    ("<u>", "</u>"),
    ("<code>", "</code>"),
    ("<font>", "</font>"),
]
APART = [
    ("<sup>", "</sup>"),
    ("<sub>", "</sub>"),
    ('<span class="gt_footnote_marks">', "</span>"),
    ('<span style="vertical-align:super">', "</span>"),
    ('<span style="display:block">', "</span>"),
    ("<br>", "<br>"),
]
STRUCK = [
    ("<s>", "</s>"),
    ("<del>", "</del>"),
    ('<span style="color:red;text-decoration: line-through">', "</span>"),
]
GONE = [
    "<span hidden>{}</span>", '<span style="display:none">{}</span>', '<i style="color:red; display : none">{}</i>',
    '<span style="font-size:0">{}</span>', "<script>{}</script>", "<style>{}</style>", "<template>{}</template>",
    "<select><option>{}</option></select>", "<textarea>{}</textarea>", "<button>{}</button>", '<input value="{}">',
    "<noscript>{}</noscript>", "<datalist><option>{}</option></datalist>", "<!-- {} -->", '<a title="{}"></a>',
    "<iframe>{}</iframe>", "<audio>{}</audio>", "<object>{}</object>",
]  # fmt: skip
BLANK = [
    '<span style="visibility:hidden">{}</span>',
    '<span style="visibility:hidden"><b>{}</b></span>',
    f'<img alt="{{}}" src="data:image/png;base64,{PIXEL}">',
    DRAWING,
    '<img alt="" src="data:image/png;base64,' + PIXEL + '">',
]
NUMBER = st.integers(0, 989).map(str)
PIECE: st.SearchStrategy[Shown] = st.one_of(
    WORD,
    WORD,
    st.sampled_from(STYLED).flatmap(lambda tags: wrapped(*tags)),
    st.builds(
        lambda tags, word, after: Shown(tags[0] + word.html + tags[1] + after, f"|{word.text}|{after}"),
        st.sampled_from(APART),
        WORD,
        st.sampled_from(["，", "5"]),
    ),
    st.builds(
        lambda tags, word, after: Shown(tags[0] + word.html + tags[1] + after, f"{{{word.text}}}{after}"),
        st.sampled_from(STRUCK),
        WORD,
        st.sampled_from(["，", "5"]),
    ),
    st.builds(lambda form, number: Shown(form.format(number), ""), st.sampled_from(GONE), NUMBER),
    st.builds(lambda form, number: Shown(form.format(number), "|"), st.sampled_from(BLANK), NUMBER),
)
NESTED = st.lists(WORD, min_size=2, max_size=3).map(
    lambda cells: Shown(
        f"<table><tr>{''.join(f'<td>{c.html}</td>' for c in cells)}</tr></table>",
        "|".join(["", *(c.text for c in cells), ""]),
    )
)
CELL = st.one_of(INLINE, INLINE, NESTED)


@st.composite
def tables(draw: st.DrawFn) -> Shown:
    """Rows that may be short of cells, cells hidden or reaching beyond the last row."""
    html, text = "", ""
    rows = draw(st.lists(st.lists(CELL, min_size=1, max_size=4), min_size=1, max_size=3))
    for number, row in enumerate(rows):
        html += "<tr>"
        for cell in row:
            tag = draw(st.sampled_from(["td", "td", "th"]))
            beyond = ' rowspan="7"' if number == len(rows) - 1 and draw(st.booleans()) else ""
            html += f"<{tag}{beyond}>{cell.html}</{tag}>"
            text += f"|{cell.text}|"
        html += draw(st.sampled_from(["", "<td hidden>123</td>", '<td style="display:none">123</td>'])) + "</tr>"
    html += draw(st.sampled_from(["", '<tr style="display:none"><td>123</td></tr>']))
    return Shown(f"<table>{html}</table>", text)


def block(form: str) -> st.SearchStrategy[Shown]:
    return st.builds(lambda inner: Shown(form.format(inner.html), f"|{inner.text}|"), INLINE)


BLOCKS = st.lists(
    st.one_of(
        block("<p>{}</p>"),
        block("<div>{}</div>"),
        block("{}<hr>"),
        block("<h3>{}</h3>"),
        block("<ul><li>{}</li></ul>"),
        block("<blockquote><p>{}</p></blockquote>"),
        block("<fieldset><legend>{}</legend></fieldset>"),
        st.builds(lambda inner: Shown(f"<div hidden>{inner.html}</div>", ""), INLINE),
        st.builds(lambda word: Shown(f"<del><p>{word.html}</p></del>", f"|{{{word.text}}}|"), WORD),
        tables(),
    ),
    min_size=1,
    max_size=5,
).map(joined)  # fmt: skip


def numbers(text: str) -> list[str]:
    return re.findall("[0-9]+", text)


def without_struck(text: str) -> list[str]:
    return numbers(re.sub(r"\{[^}]*\}", "|", text))


def shown_in(html: str) -> str:
    """The text of HTML with a line for each element that begins one."""
    root = lxml.html.fromstring(f"<div>{html}</div>")
    for node in root.iter("p", "li", "td", "th", "h2", "h3", "h4", "br", "tr", "pre", "figure", "img", "caption"):
        node.tail = "\n" + (node.tail or "")
        node.text = "\n" + (node.text or "") if node.tag not in ("br", "img") else None
    return str(root.text_content())


def text_of_blocks(blocks: Sequence[Block]) -> str:
    lines: list[str] = []
    for each in blocks:
        match each:
            case Heading() | Paragraph():
                lines.append(plain(each.runs))
            case ListBlock():
                lines += [text_of_blocks(item) for item in each.items]
            case Table():
                lines += [cell.text for row in (*each.head, *each.body) for cell in row]
            case Preformatted():
                lines.append(each.text)
    return "\n".join(lines)


def main_of(page: str) -> str:
    """The sheet of a page as it is seen."""
    found = re.search(r"<main[^>]*>(.*)</main>", page, flags=re.DOTALL)
    assert found
    return re.sub(f'<caption class="{markup.NOT_SEEN}">.*?</caption>', "", found[1])


def unspaced(text: str) -> str:
    return "".join(text.translate(PLAIN_FIGURES).replace("·", "").split())


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(BLOCKS)
def test_page_fragment_and_document_show_the_numbers_that_the_notebook_shows(shown: Shown) -> None:
    document = Document(Meta(), read_html(shown.html))
    page, fragment = main_of(write_page(document)), write_fragment(document)
    assert numbers(shown_in(page)) == numbers(shown.text)
    unstruck = re.sub(r"<s>.*?</s>", "", page)
    told = text_of_blocks(document.blocks).translate(PLAIN_FIGURES)
    assert numbers(shown_in(fragment).translate(PLAIN_FIGURES)) == numbers(told) == without_struck(shown.text)
    assert unspaced(shown_in(unstruck)) == unspaced(shown_in(fragment)) == unspaced(told)
    for output in (shown_in(page), shown_in(fragment), text_of_blocks(document.blocks)):
        assert set(numbers(output)) <= set(numbers(shown.text))


def printed_on(page: Page) -> str:
    """The text of a page in the order of reading; what stands apart, or on another line, is parted."""
    text, last = "", None
    for glyph in page.glyphs:
        if glyph in page.number.glyphs:
            continue
        apart = last and (
            abs(glyph.base - last.base) > 0.6 * last.size or glyph.x < last.x or glyph.x - last.right > 0.3 * last.size
        )
        text += ("\n" if apart else "") + glyph.text
        last = glyph
    return text


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(BLOCKS)
def test_a_pdf_shows_the_numbers_that_the_notebook_shows(shown: Shown) -> None:
    document = Document(Meta(), (*read_html(shown.html), Paragraph((Run("完"),))))
    pages = read_pages(typeset(document, select_fonts(system=False)))
    printed = [number for page in pages for number in numbers(printed_on(page))]
    assert sorted(number for number in printed if number != DRAWN) == sorted(numbers(shown.text))


def word_text(docx: bytes) -> str:
    """The text of a DOCX in its order, a line for each paragraph; what is continued from above says nothing."""
    body = part(docx, "word/document.xml")[0]
    return "\n".join(text(paragraph) for paragraph in body.iter(f"{W}p"))


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(BLOCKS)
def test_a_word_document_says_what_the_page_says(shown: Shown) -> None:
    document = Document(Meta(), read_html(shown.html))
    said = word_text(write_docx(document))
    assert numbers(said) == numbers(shown.text)
    assert unspaced(said) == unspaced(shown_in(main_of(write_page(document))))
