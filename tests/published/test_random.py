"""Any sound report in any markup is read back whole; a damaged one gives the same figures or none, never others."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Mapping
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from published_samples import (
    Rows,
    Td,
    aligned,
    numbers,
    page,
    piped,
    plain_td,
    read,
    saved,
    tabbed,
    text,
    unmerged,
    word,
)

from nianbao.errors import ReadError
from nianbao.published import to_report
from nianbao.rules import check_report
from nianbao.statute import EDITIONS, Edition, Kind
from nianbao.statute.cell import BLANK, Cell, not_applicable_cell, number_cell

Values = dict[str, int | Decimal | str]
QUICK = settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
DAMAGED = settings(QUICK, max_examples=70)


@st.composite
def reports(draw: st.DrawFn, marks: bool = True) -> tuple[Edition, Values]:
    """An edition and what every cell prints: figures from a small pool, spread at random."""
    edition = draw(st.sampled_from(EDITIONS))
    counts = [*draw(st.lists(st.integers(0, 10**9), min_size=1, max_size=6)), 0]
    amounts = draw(st.lists(st.decimals("0", "99999999", allow_nan=False, places=6), min_size=1, max_size=2))
    others_: list[str] = draw(st.lists(st.sampled_from(("", "/", "—")), max_size=3)) if marks else []
    spread = random.Random(draw(st.integers(0, 2**32)))
    values: Values = {}
    for key, field in edition.fields.items():
        pool: list[int | Decimal | str] = [*counts, *others_]
        if field.kind is Kind.MONEY:
            pool += amounts
        if field.kind is Kind.CHANGE:
            pool += [-number for number in counts]
        values[key] = spread.choice(pool)
    return edition, values


def expected(values: Mapping[str, int | Decimal | str]) -> dict[str, Cell]:
    return {key: _cell(value) for key, value in values.items()}


def _cell(value: int | Decimal | str) -> Cell:
    if isinstance(value, str):
        return not_applicable_cell(value) if value else BLANK
    return number_cell(value)


# -- makes of markup --------------------------------------------------------------------------------------------------


def _nbsp(cell: Td) -> str:
    return plain_td(Td(f"<p align=center>{cell.text or '&nbsp;'}</p>", cell.rowspan, cell.colspan))


def _spans(cell: Td) -> str:
    inside = "".join(f"<span lang=EN-US><b>{character}</b></span>" for character in cell.text)
    return plain_td(Td(f"\n<div>\n {inside}<o:p></o:p></div>\n", cell.rowspan, cell.colspan))


def _commas(cell: Td) -> str:
    whole, point, rest = cell.text.partition(".")
    shown = f"{int(whole):,}{point}{rest}" if re.fullmatch(r"-?[0-9]+", whole) else cell.text
    return plain_td(Td(shown, cell.rowspan, cell.colspan)).replace("<td", "<TD align=right").replace("</td>", "")


def _wide(cell: Td) -> str:
    numeric = re.fullmatch(r"-?[0-9.]+", cell.text)
    shown = cell.text.translate({ord(c): ord(c) + 0xFEE0 for c in "0123456789.-"}) if numeric else cell.text
    return plain_td(Td(f"　{shown}<br>", cell.rowspan, cell.colspan)).replace("td", "th")


MARKUP: dict[str, Callable[[Edition, Values], bytes]] = {
    "paragraphs": lambda edition, values: page(edition, values, _nbsp).encode(),
    "spans": lambda edition, values: page(edition, values, _spans).encode("gb18030"),
    "commas": lambda edition, values: page(edition, values, _commas).encode("utf-16"),
    "full width": lambda edition, values: page(edition, values, _wide).encode(),
    "headings in strong": lambda edition, values: page(edition, values, paragraph="<p><strong>{}</strong></p>".format).encode(),
    "line breaks": lambda edition, values: page(edition, values, paragraph="&nbsp;&nbsp;{}<br>".format).encode(),
    "word": lambda edition, values: saved(word(edition, values)),
}  # fmt: skip


@pytest.mark.parametrize("make", MARKUP)
@QUICK
@given(report=reports())
def test_every_cell_comes_back_from_markup(make: str, report: tuple[Edition, Values]) -> None:
    edition, values = report
    published = read(MARKUP[make](edition, values))
    assert dict(published.cells) == expected(values)
    assert published.edition is edition
    assert not published.unrecognised


@pytest.mark.parametrize("render", [tabbed, unmerged, piped, aligned])
@QUICK
@given(report=reports(marks=False))
def test_every_figure_comes_back_from_text(render: Callable[[Rows], str], report: tuple[Edition, Values]) -> None:
    edition, values = report
    published = read(text(edition, values, render))
    assert dict(published.cells) == expected(values)
    assert not published.unrecognised


@pytest.mark.parametrize("render", [tabbed, unmerged, piped, aligned])
@QUICK
@given(report=reports())
def test_blanks_in_text_never_become_figures(render: Callable[[Rows], str], report: tuple[Edition, Values]) -> None:
    edition, values = report
    try:
        published = read(text(edition, values, render))
    except ReadError:
        return
    assert not others(published.cells, values)


def others(cells: Mapping[str, Cell], values: Mapping[str, int | Decimal | str]) -> dict[str, object]:
    """Cells that show a number which is not the printed one."""
    return {key: cell.value for key, cell in cells.items() if cell.is_number and cell.value != values[key]}


# -- damage -----------------------------------------------------------------------------------------------------------

TAG = re.compile(r"<[^>]*>")
TD = re.compile(r"<td[^>]*>.*?</td>", re.DOTALL)
TR = re.compile(r"<tr>.*?</tr>", re.DOTALL)
SPAN = re.compile(r'(?:row|col)span="\d+"')


def _at(draw: st.DrawFn, html: str, pattern: re.Pattern[str]) -> re.Match[str]:
    found = list(pattern.finditer(html, html.index("<table>")))
    return found[draw(st.integers(0, len(found) - 1))]


@st.composite
def damaged_pages(draw: st.DrawFn) -> tuple[str, Values]:
    """A page with one or two faults in its markup; no digit is touched."""
    edition = draw(st.sampled_from(EDITIONS))
    values: Values = dict(numbers(edition))
    for key in draw(st.lists(st.sampled_from(list(values)), max_size=40)):
        values[key] = ""
    html = page(edition, values)
    for _ in range(draw(st.integers(1, 2))):
        kind = draw(st.sampled_from(("tag", "cell", "row", "span", "label")))
        found = _at(draw, html, {"tag": TAG, "cell": TD, "row": TR, "span": SPAN, "label": re.compile("[一-龥]")}[kind])
        whole = found[0]
        match kind:
            case "tag":
                new = (
                    "",
                    whole * 2,
                    "<td>",
                    "</td>",
                    "<tr>",
                    "</tr>",
                    "</table><table>",
                    whole + "<td></td>",
                    whole + "续",
                )
            case "cell":
                new = ("", whole * 2, whole + '<td colspan="2"></td>', whole.replace("span", "spam"))
            case "row":
                new = ("", whole * 2, whole.replace("<tr>", '<tr style="display:none">'), f"<tbody>{whole}</tbody>")
            case "span":
                name = whole.partition("=")[0]
                new = ("", *(f'{name}="{number}"' for number in (0, 1, 2, 3, 5, 8, 99)))
            case _:
                new = ("", "某", whole * 2)
        html = html[: found.start()] + draw(st.sampled_from(new)) + html[found.end() :]
    return html, values


@DAMAGED
@given(damaged=damaged_pages())
def test_damaged_markup_gives_the_same_figures_or_none(damaged: tuple[str, Values]) -> None:
    html, values = damaged
    try:
        published = read(html)
    except ReadError:
        return
    assert not others(published.cells, values)
    lost = [key for key, cell in published.cells.items() if not cell.is_number]
    assert not lost or not check_report(to_report(published)).ready


@st.composite
def damaged_texts(draw: st.DrawFn) -> tuple[str, Values]:
    """A text with a fault in one line of a table: a field or what parts fields is lost, doubled or moved."""
    edition = draw(st.sampled_from(EDITIONS))
    values: Values = dict(numbers(edition))
    render, gap = draw(st.sampled_from(((tabbed, "\t"), (unmerged, "\t"), (piped, " | "), (aligned, "  "))))
    for key in draw(st.lists(st.sampled_from(list(values)), max_size=20)):
        values[key] = ""
    lines = text(edition, values, render).split("\n")
    inside = [index for index, line in enumerate(lines) if gap in line]
    index, other = (draw(st.sampled_from(inside)) for _ in range(2))
    fields = lines[index].split(gap)
    place = draw(st.integers(0, len(fields) - 1))
    match draw(st.sampled_from(("drop", "double", "blank", "break", "lose", "exchange", "label"))):
        case "drop":
            lines[index] = gap.join(fields[:place] + fields[place + 1 :])
        case "double":
            lines[index] = gap.join(fields[: place + 1] + fields[place:])
        case "blank":
            lines[index] = gap.join([*fields[:place], "", *fields[place:]])
        case "break":
            lines[index : index + 1] = [gap.join(fields[:place]), gap.join(fields[place:])]
        case "lose":
            del lines[index]
        case "exchange":
            lines[index], lines[other] = lines[other], lines[index]
        case _:
            lines[index] = re.sub("[一-龥]", "", lines[index], count=1)
    return "\n".join(lines), values


@DAMAGED
@given(damaged=damaged_texts())
def test_damaged_text_gives_the_same_figures_or_none(damaged: tuple[str, Values]) -> None:
    content, values = damaged
    try:
        published = read(content)
    except ReadError:
        return
    assert not others(published.cells, values)


@settings(QUICK, max_examples=60)
@given(raw=st.binary(max_size=2000) | st.text("<>/abtdrhp =\"'&;#x0一、三（）总计", max_size=500).map(str.encode))
def test_any_bytes_end_in_a_report_or_in_word_of_what_is_wrong(raw: bytes) -> None:
    for content in (raw, page(EDITIONS[1], numbers(EDITIONS[1])).encode()[:3000] + raw, b"PK\x03\x04" + raw):
        try:
            published = read(content)
        except ReadError as error:
            assert "\n" not in str(error)
        else:
            assert published.unrecognised
