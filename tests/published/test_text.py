"""Reports as plain text: tabs, columns under one another, pipes; what cannot be told apart is said."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal

import pytest
from published_samples import Rows, aligned, figures, numbers, piped, read, said, tabbed, text, unmerged, zeros
from tests.conftest import GOLDEN, PARAMS

from nianbao.params import load_units
from nianbao.published import read_published, to_report
from nianbao.published.identity import read_place
from nianbao.report import load_report
from nianbao.rules import check_report, checked
from nianbao.statute import EDITIONS, FORM_2021, Edition
from nianbao.statute.cell import State

Values = Mapping[str, int | Decimal | str]
RENDERERS = (tabbed, unmerged, piped, aligned)
SEED = GOLDEN / "yonghe-2023.txt"


# -- the text really published ----------------------------------------------------------------------------------------


def test_the_published_text_gives_the_cells_of_the_params_that_were_typed_from_it() -> None:
    published, typed = read_published(SEED), load_report("yonghe", 2023, PARAMS)
    assert {key: (cell.state, cell.value) for key, cell in published.cells.items()} == {
        key: (cell.state, cell.value) for key, cell in typed.cells.items()
    }
    assert said(published).startswith("一、总体情况：有 9 行像是截图上的字或网页的按钮，没有当作正文：永和微平台、")
    assert len(published.unrecognised) == 1 and "480个朋友关注" not in published.narrative["overview"]
    assert (published.unit, published.year, published.date) == ("晋江市永和镇", 2023, typed.date)


def test_the_published_text_has_the_findings_of_the_same_report_without_waivers() -> None:
    read_ = check_report(to_report(read_published(SEED), load_units(PARAMS)))
    typed = checked(load_report("yonghe", 2023, GOLDEN / "unwaived"))
    blank = {("T4-01", "t4.review.total"), ("T4-02", "t4.review")}  # of what others published that is a warning
    assert {(f.rule, f.cell, f.left, f.right) for f in read_.blocking} == {
        (f.rule, f.cell, f.left, f.right) for f in typed.blocking if (f.rule, f.cell) not in blank
    }
    # The text has a screenshot's words, which are left out and named, and a figure of WeChat that the params declare;
    # nothing else differs.
    assert {(f.rule, f.cell) for f in read_.findings} - {(f.rule, f.cell) for f in typed.findings} == {
        ("P-19", "narrative.overview"),
        ("R-01", "overview"),
        ("R-03", "t4"),
    }


# -- every make of text -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("edition", EDITIONS, ids=lambda edition: edition.name)
@pytest.mark.parametrize("render", RENDERERS)
@pytest.mark.parametrize("values", [numbers, zeros])
def test_every_cell_is_read_from_text(
    edition: Edition, render: Callable[[Rows], str], values: Callable[[Edition], Values]
) -> None:
    expected = values(edition)
    published = read(text(edition, expected, render))
    assert figures(published) == expected
    assert not published.unrecognised
    assert published.narrative["disclosure"] == ""


@pytest.mark.parametrize("render", RENDERERS)
@pytest.mark.parametrize("encoding", ["gb18030", "utf-8-sig", "utf-16"])
def test_line_ends_and_encodings_of_windows_do_not_matter(render: Callable[[Rows], str], encoding: str) -> None:
    raw = text(FORM_2021, numbers(FORM_2021), render).replace("\n", "\r\n").encode(encoding)
    assert figures(read(raw)) == numbers(FORM_2021)


@pytest.mark.parametrize("render", [tabbed, unmerged, piped])
@pytest.mark.parametrize("column", ["natural", "legal", "total"])
def test_a_blank_among_figures_is_blank_or_not_read_but_never_a_number(
    render: Callable[[Rows], str], column: str
) -> None:
    values: dict[str, int | Decimal | str] = {**numbers(FORM_2021), f"t3.granted.{column}": ""}
    published = read(text(FORM_2021, values, render))
    assert not published.cells[f"t3.granted.{column}"].is_number
    wrong = {key for key, value in figures(published).items() if value is not None and value != values[key]}
    assert not wrong
    assert not check_report(to_report(published)).ready


def test_a_blank_that_leaves_no_trace_makes_its_row_unread_and_said() -> None:
    values: dict[str, int | Decimal | str] = {**numbers(FORM_2021), "t3.granted.legal": ""}
    published = read(text(FORM_2021, values, aligned))
    row = [published.cells[f"t3.granted.{column.key}"] for column in FORM_2021.t3.columns]
    assert all(cell.state is State.UNREADABLE for cell in row)
    assert "（一）予以公开：这一行与表头的 7 列对不上" in said(published)


def test_blank_groups_of_part_four_are_blank_where_fields_keep_their_places() -> None:
    values: dict[str, int | Decimal | str] = {**zeros(FORM_2021)}
    values |= {f"t4.review.{column.key}": "" for column in FORM_2021.t4.columns}
    for render in (tabbed, piped):
        cells = read(text(FORM_2021, values, render)).cells
        assert {cells[f"t4.review.{c.key}"].state for c in FORM_2021.t4.columns} == {State.BLANK}
        assert cells["t4.direct.total"].number == 0
    cells = read(text(FORM_2021, values, aligned)).cells
    assert not any(cell.is_number for key, cell in cells.items() if key.startswith("t4."))


def test_a_table_of_which_no_cell_can_be_told_from_the_next_is_said_not_to_be_read() -> None:
    def glued(rows: Rows) -> str:
        return "\n".join("".join(cell.text for cell in row) for row in rows)

    published = read(text(FORM_2021, numbers(FORM_2021), glued))
    assert not any(cell.is_number for cell in published.cells.values())
    for place in ("第二部分", "第三部分", "第四部分"):
        assert f"{place}：没有认出这张表" in said(published)
    result = check_report(to_report(published))
    assert not result.ready
    assert any(f.rule == "R-01" and "表若是图片" in f.message for f in result.blocking)


def test_a_simplified_head_in_one_row_is_enough() -> None:
    values = numbers(FORM_2021)
    heads = "\t".join(column.label for column in FORM_2021.t3.columns)
    lines = text(FORM_2021, values, unmerged).split("\n")
    first = next(i for i, line in enumerate(lines) if FORM_2021.t3.corner in line)
    lines[first : first + 3] = ["\t" + heads]
    assert figures(read("\n".join(lines))) == values


def test_prose_with_gaps_stays_prose() -> None:
    overview = "地址：示例路1号    电话：0595-00000000\n联系人  示例\n2023年，我镇主动公开政府信息12条。"
    published = read(text(FORM_2021, zeros(FORM_2021), tabbed, overview))
    assert published.narrative["overview"].splitlines() == [
        "地址：示例路1号 电话：0595-00000000",
        "联系人 示例",
        "2023年，我镇主动公开政府信息12条。",
    ]
    assert not published.unrecognised


@pytest.mark.parametrize(
    ("name", "above", "own", "kind"),
    [
        ("龙游县湖镇镇人民政府", "龙游县", "湖镇镇", "镇"),
        ("示例市某县集镇乡", "示例市某县", "集镇乡", "镇"),
        ("永和镇", "", "永和镇", "镇"),
        ("示例县某镇街道办事处", "示例县", "某镇街道", "街道"),
        ("示例县水利局", "", "示例县水利局", "市"),
    ],
)
def test_a_name_is_taken_apart_also_where_a_town_is_called_so(name: str, above: str, own: str, kind: str) -> None:
    place = read_place(name)
    assert (place.above, place.name, place.kind) == (above, own, kind)
