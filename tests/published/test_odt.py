"""OpenDocument texts, packed and flat, read from their own XML: every figure in its cell, hostile ones refused by name."""

from __future__ import annotations

import io
import random
import zipfile
from collections.abc import Callable
from html import escape

import pytest
from made_up import LAYOUTS as MADE_UP
from made_up import UNREADABLE
from published_samples import PREAMBLE, TEXTS, YEARS, Rows, figures, numbers, read, said
from shapes import LAYOUTS, Tables, as_the_form
from test_shapes_random import sound_values, wrong_cells

from nianbao.errors import ReadError
from nianbao.published import odt
from nianbao.statute import EDITIONS, FORM_2021, Edition

KIND = "application/vnd.oasis.opendocument.text"
NAMES = " ".join(
    f'xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{long}:1.0"'
    for short, long in (
        ("office", "office"),
        ("text", "text"),
        ("table", "table"),
        ("style", "style"),
        ("draw", "drawing"),
    )
)
STYLES = """
<style:style style:name="Struck" style:family="text"><style:text-properties style:text-line-through-style="solid"/></style:style>
<style:style style:name="Derived" style:family="text" style:parent-style-name="Struck"/>
<style:style style:name="Plain" style:family="text" style:parent-style-name="Struck"><style:text-properties style:text-line-through-style="none"/></style:style>
<style:style style:name="Raised" style:family="text"><style:text-properties style:text-position="super 58%"/></style:style>
<style:style style:name="Level" style:family="text"><style:text-properties style:text-position="0% 100%"/></style:style>
<style:style style:name="Hidden" style:family="text"><style:text-properties text:display="none"/></style:style>
<style:style style:name="HiddenLine" style:family="paragraph"><style:text-properties text:display="none"/></style:style>
"""


def line(text: str) -> str:
    return f"<text:p>{text}</text:p>"


def odt_table(rows: Rows, write: Callable[[str], str] = escape) -> str:
    """As Writer saves it: a covered cell for every place that a merged one covers."""
    covered: set[tuple[int, int]] = set()
    shown = []
    for y, row in enumerate(rows):
        cells, x, out = list(row), 0, ""
        while cells or (y, x) in covered:
            if (y, x) in covered:
                out += "<table:covered-table-cell/>"
                x += 1
                continue
            cell = cells.pop(0)
            covered |= {(y + dy, x + dx) for dy in range(cell.rowspan) for dx in range(cell.colspan)} - {(y, x)}
            spans = f' table:number-columns-spanned="{cell.colspan}" table:number-rows-spanned="{cell.rowspan}"'
            out += f"<table:table-cell{spans}>{line(write(cell.text))}</table:table-cell>"
            x += 1
        shown.append(f"<table:table-row>{out}</table:table-row>")
    return (
        f"<table:table><table:table-header-rows>{shown[0]}</table:table-header-rows>{''.join(shown[1:])}</table:table>"
    )


def content(edition: Edition, tables: Tables, more: str = "", write: Callable[[str], str] = escape) -> str:
    year = YEARS[edition.name]
    body = [line(f"石狮市蚶江镇{year}年<text:line-break/>政府信息公开工作年度报告"), line(PREAMBLE.format(year=year))]
    for part in edition.parts:
        body.append(f'<text:h text:outline-level="1">{part.heading}</text:h>')
        if TEXTS[part.key]:
            body.append(line(TEXTS[part.key].format(year=year)))
        body += [odt_table(rows, write) for rows in tables.get(part.key, ())]
    body += [more, line("石狮市蚶江镇人民政府"), line(f"{year + 1}年1月20日")]
    return "".join(body)


def flat(body: str, styles: str = "") -> bytes:
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<office:document {NAMES} office:mimetype="{KIND}">'
        f"<office:automatic-styles>{STYLES}{styles}</office:automatic-styles>"
        f"<office:body><office:text>{body}</office:text></office:body></office:document>"
    ).encode()


def packed(body: str, styles: str = "", manifest: str = "<m/>", kind: str = KIND) -> bytes:
    raw = io.BytesIO()
    with zipfile.ZipFile(raw, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("mimetype", kind)
        package.writestr(
            "content.xml",
            f"<office:document-content {NAMES}><office:automatic-styles>{styles}</office:automatic-styles>"
            f"<office:body><office:text>{body}</office:text></office:body></office:document-content>",
        )
        package.writestr(
            "styles.xml",
            f"<office:document-styles {NAMES}><office:styles>{STYLES}</office:styles></office:document-styles>",
        )
        package.writestr("META-INF/manifest.xml", manifest)
    return raw.getvalue()


CONTAINERS = {"odt": packed, "fodt": flat}


@pytest.fixture(autouse=True)
def alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """No other program helps."""

    def refused(raw: bytes, suffix: str, where: str) -> bytes:
        raise ReadError(where, f"LibreOffice is asked for {suffix}", "")

    monkeypatch.setattr(odt, "as_docx", refused)


@pytest.mark.parametrize("container", CONTAINERS)
@pytest.mark.parametrize("edition", EDITIONS, ids=lambda edition: edition.name)
def test_every_figure_and_sentence_is_read(edition: Edition, container: str) -> None:
    values = numbers(edition)
    published = read(CONTAINERS[container](content(edition, as_the_form(edition, values))))
    assert figures(published) == values and not said(published)
    assert published.format == "odt" and published.signature == "石狮市蚶江镇人民政府"
    year = YEARS[edition.name]
    assert published.title == f"石狮市蚶江镇{year}年政府信息公开工作年度报告"
    assert published.narrative["overview"] == TEXTS["overview"].format(year=year)


def in_markup(rows: list[Rows]) -> bool:
    return any("<" in cell.text or "&" in cell.text for table in rows for row in table for cell in row)


@pytest.mark.parametrize("edition", EDITIONS, ids=lambda edition: edition.name)
@pytest.mark.parametrize("name", [*LAYOUTS, *MADE_UP])
def test_every_layout_is_read_as_on_a_page(name: str, edition: Edition) -> None:
    values = sound_values(random.Random(f"odt {name}"), edition)
    tables = {**LAYOUTS, **MADE_UP}[name](as_the_form(edition, values))
    if any(map(in_markup, tables.values())):
        pytest.skip("a shape of HTML markup")
    published = read(packed(content(edition, tables)))
    assert not wrong_cells(published, values)
    if name not in UNREADABLE:
        assert [key for key, cell in published.cells.items() if not cell.is_number] == [], said(published)


def write(template: str) -> Callable[[str], str]:
    return lambda text: template.replace("N", text) if text.isdecimal() else escape(text)


@pytest.mark.parametrize(
    ("template", "whole"),
    [
        ('<text:span text:style-name="Plain">N</text:span>', True),
        ('<text:span text:style-name="Level">N</text:span>', True),
        ('<text:s/>N<text:s text:c="3"/><text:tab/>', True),
        ("\n   N\n  ", True),
        ('<text:span text:style-name="Hidden">9</text:span>N', True),
        ("N<office:annotation><text:p>9</text:p></office:annotation>", True),
        ("<text:bookmark-start/>N<text:bookmark-end/><text:soft-page-break/>", True),
        ('<text:span text:style-name="Struck">9</text:span>N', False),
        ('<text:span text:style-name="Derived">N</text:span>', False),
        ('N<text:span text:style-name="Raised">2</text:span>', False),
        ("N<text:note><text:note-citation>1</text:note-citation><text:note-body><text:p>9</text:p></text:note-body></text:note>", False),
        ("<draw:frame><draw:image/></draw:frame>N", False),
        ("N<text:line-break/>9", False),
    ],
)  # fmt: skip
def test_only_what_shows_as_a_plain_figure_is_one(template: str, whole: bool) -> None:
    values = {key: int(abs(value)) for key, value in numbers(FORM_2021).items()}
    for build in (packed, flat):
        published = read(build(content(FORM_2021, as_the_form(FORM_2021, values), write=write(template))))
        assert not wrong_cells(published, values)
        assert all(cell.is_number for cell in published.cells.values()) == whole


def test_hidden_lines_and_sections_and_deleted_text_are_no_text() -> None:
    more = (
        '<text:p text:style-name="HiddenLine">隐藏的话。</text:p><text:section text:display="none"><text:p>也隐藏。</text:p></text:section>'
        "<text:tracked-changes><text:p>删去的话。</text:p></text:tracked-changes><text:section><text:p>看得见的话。</text:p></text:section>"
    )
    published = read(packed(content(FORM_2021, as_the_form(FORM_2021, numbers(FORM_2021)), more)))
    assert published.narrative["other"].splitlines() == [TEXTS["other"], "看得见的话。"]


@pytest.mark.parametrize(
    ("more", "styles"),
    [
        ("<text:list><text:list-item><text:p>项</text:p></text:list-item></text:list>", '<text:list-style style:name="L"><text:list-level-style-number style:num-format="1"/></text:list-style>'),
        ('<text:p text:style-name="N">项</text:p>', '<text:list-style style:name="L"><text:list-level-style-number style:num-format="一"/></text:list-style><style:style style:name="N" style:family="paragraph" style:list-style-name="L"/>'),
        ("", '<text:outline-style><text:outline-level-style style:num-format="一"/></text:outline-style>'),
        ("<text:p><text:conditional-text>甲</text:conditional-text></text:p>", ""),
        ('<text:section text:condition="x"><text:p>甲</text:p></text:section>', ""),
        ('<table:table><table:table-row table:visibility="collapse"><table:table-cell/><table:table-cell/></table:table-row></table:table>', ""),
    ],
)  # fmt: skip
def test_what_only_a_layout_tells_is_left_to_libreoffice(more: str, styles: str) -> None:
    body = content(FORM_2021, as_the_form(FORM_2021, numbers(FORM_2021)), more)
    for build, suffix in ((packed, "odt"), (flat, "fodt")):
        with pytest.raises(ReadError, match=f"LibreOffice is asked for .{suffix}"):
            read(build(body, styles))
    read(packed(body.replace(more, "") if more else body))


def table_of(cells: str, rows: int = 1) -> str:
    return f"<table:table>{f'<table:table-row>{cells}</table:table-row>' * rows}</table:table>"


REFUSED = {
    "a spreadsheet": (lambda: packed("", kind="application/vnd.oasis.opendocument.spreadsheet"), "不是文档"),
    "a password": (lambda: packed("", manifest="<m><encryption-data/></m>"), "已加密"),
    "no body": (lambda: packed("").replace(b"content.xml", b"kontent.xml"), "压缩包损坏"),
    "a DTD": (lambda: flat("").replace(b"\n<office", b'\n<!DOCTYPE a [<!ENTITY b "c">]><office', 1), "DTD"),
    "cut off": (lambda: flat(line("甲"))[:-30], "损坏"),
    "many rows": (lambda: flat(table_of("<table:table-cell/><table:table-cell/>", 2_001)), "超过 2000 行"),
    "rows repeated": (
        lambda: flat('<table:table><table:table-row table:number-rows-repeated="9999999"><table:table-cell/><table:table-cell/></table:table-row><table:table-row/></table:table>'),
        "超过 2000 行",
    ),
    "cells repeated": (lambda: flat(table_of('<table:table-cell table:number-columns-repeated="9999999"/>' * 40, 1_000)), "超过 100000 格"),
    "many tags": (lambda: flat(line("<text:s/>" * 150_001)), "过大"),
    "nothing of a report": (lambda: flat(line("你好。")), "不像政府信息公开工作年度报告"),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_no_report_is_refused_by_name(name: str) -> None:
    build, wrong = REFUSED[name]
    with pytest.raises(ReadError, match=wrong):
        read(build(), "报告.odt")


@pytest.mark.parametrize("seed", range(30))
def test_covered_cells_that_contradict_the_spans_never_move_a_figure(seed: int) -> None:
    chance = random.Random(f"covered {seed}")
    values = numbers(FORM_2021)
    body = content(FORM_2021, as_the_form(FORM_2021, values))
    places = [i for i in range(len(body)) if body.startswith("<table:covered-table-cell/>", i)]
    at = chance.choice(places)
    extra = chance.choice(["", "<table:covered-table-cell/>" * 2, "<table:table-cell/>"])
    published = read(packed(body[:at] + extra + body[at + len("<table:covered-table-cell/>") :]))
    assert not wrong_cells(published, values)
