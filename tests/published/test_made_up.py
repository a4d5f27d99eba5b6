"""Other shapes of the kinds that real pages have: every figure in its cell or named as unread, and nothing true is blamed."""

from __future__ import annotations

import random
from collections.abc import Callable
from decimal import Decimal

import pytest
from made_up import LAYOUTS, MARKUPS, NOT_READ, UNREADABLE, in_one_table, rendered
from published_samples import PREAMBLE, TEXTS, YEARS, Rows, Td, aligned, page, read, said, tabbed, table, unmerged
from shapes import LAYOUTS as SHAPES
from shapes import as_the_form, one_a_line
from test_shapes_random import Values, sound_values, with_blanks, wrong_cells

from nianbao.published import PublishedReport, to_report
from nianbao.published.figure import read_figure
from nianbao.rules import check_report
from nianbao.statute import EDITIONS, FORM_2021, Edition, Kind
from nianbao.statute.cell import State

SEEDS = range(3)


def values_of(edition: Edition, seed: int) -> dict[str, int | Decimal]:
    return sound_values(random.Random(f"made up {seed}"), edition)


def blamed(published: PublishedReport) -> list[str]:
    """What stops the report but for what was not read."""
    return [one.message for one in check_report(to_report(published)).findings if one.blocks and one.rule != "R-01"]


def assert_right(published: PublishedReport, values: Values, *, whole: bool) -> None:
    assert not wrong_cells(published, values)
    assert not blamed(published)
    unread = [key for key, cell in published.cells.items() if not cell.is_number]
    assert not (whole and unread), (unread[:5], said(published)[:300])
    assert not unread or said(published)


@pytest.mark.parametrize("edition", EDITIONS, ids=lambda edition: edition.name)
@pytest.mark.parametrize("name", LAYOUTS)
def test_another_layout_gives_the_same_figures(name: str, edition: Edition) -> None:
    for seed in SEEDS:
        values = values_of(edition, seed)
        html = page(edition, values, tables=rendered(LAYOUTS[name](as_the_form(edition, values))))
        assert_right(read(html), values, whole=name not in UNREADABLE)


@pytest.mark.parametrize("edition", EDITIONS, ids=lambda edition: edition.name)
@pytest.mark.parametrize("name", MARKUPS)
def test_other_markup_gives_the_same_figures(name: str, edition: Edition) -> None:
    for seed in SEEDS:
        values = values_of(edition, seed)
        published = read(MARKUPS[name](page(edition, values)))
        if name in (
            "struck",
            "last year beside",
        ):  # what was struck out, and two tables that differ, are the document's
            assert not wrong_cells(published, values) and not any(cell.is_number for cell in published.cells.values())
            continue
        assert_right(published, values, whole=name not in NOT_READ)


@pytest.mark.parametrize("seed", range(40))
def test_a_layout_in_other_markup_puts_no_figure_into_a_wrong_cell(seed: int) -> None:
    chance = random.Random(f"both {seed}")
    edition = chance.choice(EDITIONS)
    values = values_of(edition, seed)
    tables = as_the_form(edition, values)
    for name in chance.sample(sorted(LAYOUTS), 2):
        try:
            tables = LAYOUTS[name](tables)
        except (IndexError, ValueError):  # a layout of a table that the other has taken apart
            continue
    html = page(edition, values, tables=rendered(tables))
    markups = chance.sample(sorted(set(MARKUPS) - {"last year beside", "struck"}), 2)
    for name in markups:
        html = MARKUPS[name](html)
    published = read(html)
    assert not wrong_cells(published, values), markups
    assert not blamed(published), markups
    assert all(cell.is_number for cell in published.cells.values()) or said(published)


@pytest.mark.parametrize("edition", EDITIONS, ids=lambda edition: edition.name)
def test_one_table_of_all_three_parts_is_read_part_by_part(edition: Edition) -> None:
    values = values_of(edition, 1)
    own = {"disclosure": in_one_table(as_the_form(edition, values)), "applications": "", "disputes": ""}
    assert_right(read(page(edition, values, tables=own)), values, whole=True)


@pytest.mark.parametrize(
    ("unit", "whole"), [("件", True), ("条", True), ("", True), ("元", False), ("户", False), ("3", False)]
)
def test_a_column_of_units_is_passed_over_unless_it_says_another_unit(unit: str, whole: bool) -> None:
    values = values_of(FORM_2021, 1)
    rows = as_the_form(FORM_2021, values)["applications"][0]
    head = [[rows[0][0], Td("单位", 3), rows[0][1]], *rows[1:3]]
    body = [[*row[:-7], Td(unit), *row[-7:]] for row in rows[3:]]
    published = read(page(FORM_2021, values, tables={"applications": table([*head, *body])}))
    assert not wrong_cells(published, values)
    assert all(cell.is_number for key, cell in published.cells.items() if key.startswith("t3.")) == whole


@pytest.mark.parametrize(
    ("text", "number"),
    [("5^①", 5), ("12^[1]", 12), ("3^*", 3), ("0^※", 0), ("7件^①", None), ("5^1", None), ("5①", None), ("^①", None), ("〔图〕", None), ("〔框〕5", None)],
)  # fmt: skip
def test_only_a_raised_mark_that_is_no_digit_is_passed_over(text: str, number: int | None) -> None:
    figure = read_figure(text, Kind.COUNT)
    assert (figure.cell.value if figure.cell.state is State.NUMBER else None) == number
    assert bool(figure.note) == (number is not None)


def test_rows_of_another_table_never_join_their_figures() -> None:
    """A table that is none of the form's stands in the text a row a line; side by side, figures would make a telephone number."""
    values = values_of(FORM_2021, 2)
    other = (
        "<table>" + "".join(f"<tr><td>{name}</td><td>1380</td><td>5958461</td></tr>" for name in "甲乙丙") + "</table>"
    )
    html = page(FORM_2021, values).replace("<p>一是公开", f"{other}<p>一是公开")
    assert not blamed(read(html))


@pytest.mark.parametrize("copy", [aligned, unmerged, tabbed, one_a_line], ids=lambda copy: copy.__name__)
@pytest.mark.parametrize("edition", EDITIONS, ids=lambda edition: edition.name)
def test_a_layout_copied_as_text_with_blanks_puts_no_figure_into_a_wrong_cell(
    edition: Edition, copy: Callable[[Rows], str]
) -> None:
    """A blank leaves no trace between columns that are parted by spaces alone."""
    year = YEARS[edition.name]
    for name, layout in {**SHAPES, **LAYOUTS}.items():
        values = with_blanks(values_of(edition, len(name)))
        tables = layout(as_the_form(edition, values))
        if any(
            "<" in cell.text or "&" in cell.text
            for own in tables.values()
            for rows in own
            for row in rows
            for cell in row
        ):
            continue  # a shape of HTML markup
        lines = [f"石狮市蚶江镇{year}年政府信息公开工作年度报告", PREAMBLE.format(year=year)]
        for part in edition.parts:
            lines += [part.heading, TEXTS[part.key].format(year=year), *map(copy, tables.get(part.key, ()))]
        assert not wrong_cells(read("\n".join([*lines, "石狮市蚶江镇人民政府", f"{year + 1}年1月20日"])), values), name
