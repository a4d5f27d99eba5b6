"""What the styles of a page do to its figures: hidden text is no text, and a figure put together of unlike pieces is none."""

from __future__ import annotations

import re
import time
from collections.abc import Callable

import pytest
from made_up import on_figures
from published_samples import numbers, page, part_three, read, said, table
from test_shapes_random import wrong_cells

from nianbao.errors import ReadError
from nianbao.published import PublishedReport
from nianbao.statute import EDITIONS, FORM_2021, Edition
from nianbao.statute.cell import State

SHEET = """<style>/* } */ <!-- .hid, .a .b {display:none} td.nov{visibility:hidden} .up{vertical-align:super}
.out{text-decoration:line-through} .tab{display:none} .tab.now{display:inline} @media print{.p{display:none}}
@media screen { .s{display:none} } @media (max-width:600px){.m{display:none}} .x:hover{display:none} --></style>"""


def styled(html: str, sheet: str = SHEET) -> str:
    return html.replace("</title>", f"</title>{sheet}")


def read_with(template: str, edition: Edition = FORM_2021) -> PublishedReport:
    """A page whose figures all stand in this markup."""
    return read(on_figures(template)(styled(page(edition, numbers(edition)))))


SEEN = {
    "class": '<span class="hid">99</span>{}',
    "within a class": '<i class="a"><i class="c b">99</i></i>{}',
    "the tab that shows": '<span class="tab">99</span><span class="now tab">{}</span>',
    "screen": '<span class="s">99</span>{}',
    "paper": '<span class="p">{}</span>',
    "narrow": '<span class="m">{}</span>',
    "when pointed at": '<span class="x">{}</span>',
    "Word": "<span style='mso-hide:all'>99</span>{}",
    "no size": "<span style='font-size:0pt'>99</span>{}",
    "clear": "<span style='opacity: 0'>99</span>{}",
    "off the page": "<span style='position:absolute;left:-9999px'>99</span>{}",
    "set off": "<div style='text-indent:-999em'>99</div>{}",
    "clipped": "<span style='position:absolute;clip:rect(0, 0, 0, 0)'>99</span>{}",
    "no height": "<div style='height:0;overflow:hidden'>99</div>{}",
    "collapsed": "<span style='visibility:collapse'>99</span>{}",
    "own style over class": '<span class="hid" style="display:inline">{}</span>',
    "all raised": "<span style='vertical-align:1pt;mso-text-raise:1pt'>{}</span>",
    "all white": "<span style='color:#FFF'>{}</span>",
    "all small": "<small>{}</small>",
    "sizes alike": "<font size=2><span style='font-size:12.0pt'>{}</span></font>",
}
APART = {
    "raised": "{}<span style='vertical-align:super'>1</span>",
    "raised by class": '{}<span class="up">1</span>',
    "lowered": "{}<span style='vertical-align: sub'>1</span>",
    "raised in Word": "{}<span style='position:relative;top:-4pt;mso-text-raise:4.0pt'>1</span>",
    "struck": "<span style='text-decoration:line-through'>9</span>{}",
    "struck by class": '<span class="out">9</span>{}',
    "struck, long": "<span style='text-decoration-line: line-through'>9</span>{}",
    "white": "<span style='color: white'>9</span>{}",
    "white font": "<font color=#ffffff>0</font>{}",
    "small": "{}<small>1</small>",
    "tiny": "{}<span style='font-size:6pt'>1</span>",
    "turned round": "<bdo dir=rtl>{}</bdo>",
    "turned by style": "<span style='unicode-bidi:bidi-override;direction:rtl'>{}</span>",
    "turned by a character": "&#x202e;{}",
}


@pytest.mark.parametrize("edition", EDITIONS, ids=lambda edition: edition.name)
@pytest.mark.parametrize("kind", SEEN)
def test_only_what_shows_is_read(kind: str, edition: Edition) -> None:
    published = read_with(SEEN[kind], edition)
    assert {key: cell.value for key, cell in published.cells.items()} == numbers(edition)


@pytest.mark.parametrize("kind", APART)
def test_a_figure_of_unlike_pieces_is_not_read(kind: str) -> None:
    assert {cell.state for cell in read_with(APART[kind]).cells.values()} == {State.UNREADABLE}


@pytest.mark.parametrize("tag", ["select", "textarea", "button", "object", "svg", "math", "canvas"])
def test_what_is_shown_but_no_text_is_not_blank(tag: str) -> None:
    published = read_with(f"<{tag}>{{}}</{tag}>")
    assert {cell.state for cell in published.cells.values()} == {State.UNREADABLE}
    assert "是图片或输入框" in said(published)


def _rows() -> list[str]:
    return re.findall(r"<tr>.*?</tr>\n", table(part_three(FORM_2021, numbers(FORM_2021))))


def hidden_row(how: str) -> Callable[[list[str]], list[str]]:
    """Row 8 of the table once more with other figures, hidden."""
    return lambda rows: [*rows[:8], re.sub(r">[0-9]+<", ">77<", rows[8]).replace("<tr>", f"<tr {how}>"), *rows[8:]]


def hidden_column(how: str) -> Callable[[list[str]], list[str]]:
    return lambda rows: [re.sub(r"(<td>[0-9]+</td>)", rf"<td {how}>77</td>\1", row, count=1) for row in rows]


@pytest.mark.parametrize("how", ['class="hid"', 'style="display:none"', 'style="visibility:collapse"', "hidden"])
@pytest.mark.parametrize("hide", [hidden_row, hidden_column])
def test_rows_and_cells_that_are_hidden_are_none(
    hide: Callable[[str], Callable[[list[str]], list[str]]], how: str
) -> None:
    rows = "".join(hide(how)(_rows()))
    values = numbers(FORM_2021)
    published = read(styled(page(FORM_2021, values, tables={"applications": f"<table>{rows}</table>"})))
    assert {key: cell.value for key, cell in published.cells.items()} == values


HOSTILE = {
    "comments": "/*" * 200_000,
    "braces": "{" * 400_000,
    "heads": "a{" * 200_000 + "}" * 1000,
    "ends": "}" * 400_000,
    "selector": "a " * 200_000 + "td{display:none}",
    "classes": ".a" * 200_000 + "{display:none}",
    "many rules": "td{display:table-cell}" * 20_000,
    "many rules within": ".x td{display:none}" * 20_000,
    "one style": ".a{" + "color:red;" * 40_000 + "}",
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_no_style_sheet_takes_long(kind: str) -> None:
    values = numbers(FORM_2021)
    begin = time.process_time()
    try:
        assert not wrong_cells(read(styled(page(FORM_2021, values), f"<style>{HOSTILE[kind]}</style>")), values)
    except ReadError as error:
        assert "样式过于复杂" in str(error)
    assert time.process_time() - begin < 5
