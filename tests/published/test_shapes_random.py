"""Random sound reports in random shapes, markup, containers and encodings: every cell right or named as unread, none wrong.

``NIANBAO_SHAPES=5000`` draws that many.
"""

from __future__ import annotations

import os
import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal

import pytest
from opencc import OpenCC
from published_samples import (
    Rows,
    Td,
    aligned,
    page,
    piped,
    plain_td,
    read,
    said,
    saved,
    tabbed,
    table,
    text,
    unmerged,
    word,
)
from shapes import (
    WRITTEN,
    Tables,
    as_the_form,
    blank_column_at,
    blank_last_cells,
    browser_copy,
    filled_tabs,
    one_a_line,
    other_spans,
    serial_column,
    serial_tabs,
    stacked_heads,
    stub_twice,
    taken_apart,
    three_small_tables,
    wide_column,
    with_last_column,
    word_text,
)
from test_containers import mhtml, packed, workbook
from test_random import _commas, _nbsp, _spans, _wide

from nianbao.errors import ReadError
from nianbao.published import PublishedReport, to_report
from nianbao.rules import check_report
from nianbao.statute import EDITIONS, Edition, Kind

COUNT = int(os.environ.get("NIANBAO_SHAPES", "500"))
ROUND = 25
Values = Mapping[str, int | Decimal | str]
Change = Callable[[Tables], Tables]

APPLICATIONS: tuple[Change, ...] = (
    lambda tables: tables,
    *(blank_column_at(place) for place in range(7)),
    wide_column,
    serial_column,
    stub_twice,
)
DISPUTES: tuple[Change, ...] = (lambda tables: tables, three_small_tables, other_spans)
ALL_TABLES: tuple[Change, ...] = (
    lambda tables: tables,
    with_last_column("备注", ""),
    with_last_column("说明", "同比"),
    with_last_column("", ""),
    blank_last_cells,
)
MARKUP: tuple[Callable[[Td], str], ...] = (plain_td, _nbsp, _spans, _commas, _wide)
ENCODINGS = ("utf-8", "gb18030", "utf-16", "utf-8-sig")
COPIES: tuple[Callable[[Rows], str], ...] = (
    tabbed, unmerged, piped, aligned, word_text, browser_copy, one_a_line, serial_tabs, filled_tabs,
)  # fmt: skip


@dataclass(frozen=True)
class Drawn:
    """A report as it was printed: its bytes, what every cell shows, and whether all of it must be read."""

    edition: Edition
    values: Values
    raw: bytes
    whole: bool
    how: str


def sound_values(chance: random.Random, edition: Edition) -> dict[str, int | Decimal]:
    """Random figures of which every equation holds; many are 0, as in published reports."""
    values: dict[str, int | Decimal] = {}
    most = chance.choice((3, 60, 5_000))
    for field in edition.fields.values():
        number = chance.choice((0, 0, chance.randint(0, most)))
        values[field.key] = (
            Decimal(number) + Decimal(chance.randint(1, 999_999)) / 1_000_000 if field.kind is Kind.MONEY else number
        )
    t3 = edition.t3
    for key in values:
        if key.startswith("t2.rules."):
            values[key] = 0
        if key.endswith(".in_force"):
            values[key] += values[key.replace("in_force", "made")]
    for column in t3.applicants:
        done = sum(int(values[f"t3.{row}.{column.key}"]) for row in t3.outcomes)
        left = int(values[f"t3.{t3.carried_out}.{column.key}"])
        before = chance.randint(0, done + left)
        values[f"t3.{t3.carried_in}.{column.key}"] = before
        values[f"t3.{t3.received}.{column.key}"] = done + left - before
    for total, parts in edition.totals.items():
        values[total] = sum(int(values[part]) for part in parts)
    return values


def with_blanks(values: Values) -> dict[str, int | Decimal | str]:
    return {key: "" if value == 0 else value for key, value in values.items()}


def draw(chance: random.Random) -> Drawn:
    edition = chance.choice(EDITIONS)
    values: Values = sound_values(chance, edition)
    blanks = chance.random() < 0.3
    if blanks:
        values = with_blanks(values)
    written = "plain" if blanks else chance.choice(list(WRITTEN))
    shown = WRITTEN[written](edition, values)
    container = chance.choice(("html", "html", "html", "mhtml", "docx", "xlsx", "text", "text", "one line"))
    if container in ("text", "one line"):
        copy = one_a_line if container == "one line" else chance.choice(COPIES)
        content = text(edition, shown, copy)
        if container == "one line":
            content = " ".join(content.split())
        return Drawn(
            edition,
            values,
            content.encode(chance.choice(ENCODINGS)),
            not blanks,
            f"{container} {copy.__name__} {written}",
        )
    if container == "docx":
        return Drawn(edition, values, saved(word(edition, shown)), True, f"docx {written}")
    changes = [chance.choice(APPLICATIONS), chance.choice(DISPUTES)]
    if chance.random() < 0.3:
        changes = [chance.choice(ALL_TABLES)]
    tables = as_the_form(edition, shown)
    for change in changes:
        tables = change(tables)
    # Cells that do not line up with their heads are read by their order only where none is blank; a workbook has other cells beside them.
    whole = other_spans not in changes or not (blanks or container == "xlsx")
    apart = chance.random() < 0.2 and other_spans not in changes
    tables = taken_apart(tables) if apart else tables
    how = f"{container} {written} {[APPLICATIONS.index(c) if c in APPLICATIONS else c for c in changes]} {apart}"
    if container == "xlsx":
        as_text = written != "plain" or chance.random() < 0.5
        return Drawn(edition, values, packed(workbook(edition, tables, chance.random() < 0.5, as_text)), whole, how)
    td = chance.choice(MARKUP) if written == "plain" else chance.choice((plain_td, _nbsp))
    if not apart and chance.random() < 0.2:
        tables, td = stacked_heads(tables) if len(tables["disputes"]) == 1 else tables, plain_td
    html = page(
        edition, shown, td, tables={part: "".join(table(rows, td) for rows in own) for part, own in tables.items()}
    )
    if chance.random() < 0.1:
        html = OpenCC("s2t").convert(html)
    if container == "mhtml":
        return Drawn(edition, values, mhtml(html, chance.choice(("utf-8", "gb18030"))), whole, how)
    return Drawn(edition, values, html.encode(chance.choice(ENCODINGS)), whole, f"{how} {td.__name__}")


def wrong_cells(published: PublishedReport, values: Values) -> dict[str, object]:
    return {
        key: (cell.value, values[key])
        for key, cell in published.cells.items()
        if cell.is_number and cell.value != values[key]
    }


@pytest.mark.parametrize("seed", range(COUNT // ROUND))
def test_every_cell_is_right_or_named_as_unread(seed: int) -> None:
    chance = random.Random(f"shapes {seed}")
    for _ in range(ROUND):
        drawn = draw(chance)
        try:
            published = read(drawn.raw)
        except ReadError:
            assert not drawn.whole, drawn.how
            continue
        assert not wrong_cells(published, drawn.values), drawn.how
        unread = [key for key, cell in published.cells.items() if not cell.is_number and drawn.values[key] != ""]
        assert not (drawn.whole and unread), (drawn.how, unread[:5], said(published)[:300])
        assert not unread or said(published), drawn.how


PLANTED = (
    "t3.received.{}",
    "t3.granted.{}",
    "t3.total.{}",
    "t3.carried_out.{}",
    "t4.review.upheld",
    "t4.after_review.total",
)


@pytest.mark.parametrize("seed", range(max(COUNT // 50, 5)))
def test_a_planted_fault_is_named_among_the_first_findings(seed: int) -> None:
    chance = random.Random(f"fault {seed}")
    for _ in range(3):
        edition = chance.choice(EDITIONS)
        values = sound_values(chance, edition)
        key = chance.choice(PLANTED).format(chance.choice(edition.t3.columns).key)
        values[key] += chance.randint(1, 9)
        printed: Values = with_blanks(values) if chance.random() < 0.5 else values
        tables = chance.choice(APPLICATIONS)(as_the_form(edition, printed))
        html = page(edition, printed, tables={part: "".join(map(table, own)) for part, own in tables.items()})
        first = check_report(to_report(read(html))).findings[:4]
        row, _, column = key.rpartition(".")
        about = [finding.cell or "" for finding in first]
        assert any(cell.startswith(row) or cell.endswith(f".{column}") for cell in about), (key, about)
