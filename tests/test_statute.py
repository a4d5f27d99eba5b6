"""The form as data: complete, and labelled as it was really printed."""

from __future__ import annotations

import json
import re
import unicodedata

import pytest

from nianbao.errors import UsageError
from nianbao.statute import EDITIONS, FORM_2019, FORM_2021, Edition, Kind, edition_for
from tests.conftest import GOLDEN, TOP


def _plain(text: str) -> str:
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))


def test_part_three_of_2021_has_25_rows_and_7_columns() -> None:
    assert (len(FORM_2021.t3.rows), len(FORM_2021.t3.columns)) == (25, 7)


def test_the_trial_form_has_one_row_for_other_handling() -> None:
    assert len(FORM_2019.t3.rows) == 23
    assert [row.stub[-1] for row in FORM_2019.t3.rows if "其他处理" in row.stub[-1]] == ["（六）其他处理"]


def test_part_four_has_fifteen_cells() -> None:
    assert all(len(edition.t4.fields) == 15 for edition in EDITIONS)


@pytest.mark.parametrize("edition", EDITIONS, ids=lambda edition: edition.name)
def test_every_cell_has_its_own_key_and_label(edition: Edition) -> None:
    fields = (*edition.t2.fields, *edition.t3.fields, *edition.t4.fields)
    assert len({field.key for field in fields}) == len({field.label for field in fields}) == len(fields)


@pytest.mark.parametrize("edition", EDITIONS, ids=lambda edition: edition.name)
def test_the_outcomes_are_all_rows_between_the_carry_overs_and_the_total(edition: Edition) -> None:
    keys = [row.key for row in edition.t3.rows]
    assert list(edition.t3.outcomes) == keys[2:-2]
    assert keys[-2:] == [edition.t3.total_row, edition.t3.carried_out]


@pytest.mark.parametrize("year", range(2019, 2031))
def test_the_year_chooses_the_edition(year: int) -> None:
    assert edition_for(year) is (FORM_2019 if year < 2021 else FORM_2021)


def test_before_2019_there_is_no_edition() -> None:
    with pytest.raises(UsageError, match="2018"):
        edition_for(2018)


def test_every_label_is_printed_in_the_published_report() -> None:
    seed = _plain((GOLDEN / "yonghe-2023.txt").read_text(encoding="utf-8"))
    form = FORM_2021
    labels = [part.heading for part in form.parts]
    labels += [form.t3.corner, form.t3.head, form.t3.legal_person_head, form.t2.item_head]
    labels += [label for row in form.t3.rows for label in row.stub]
    labels += [column.label for column in form.t3.columns]
    labels += [column.label for column in form.t4.columns]
    labels += [head for group in form.t4.groups for head in group.heads]
    for block in form.t2.blocks:
        labels += [block.clause, *(c.label for c in block.columns), *(i.label for i in block.items)]
    assert not [label for label in labels if _plain(label) not in seed]


def test_money_is_the_only_figure_with_decimals() -> None:
    assert [field.key for field in FORM_2021.fields.values() if field.kind is not Kind.COUNT] == ["t2.fees.amount"]


def test_the_notebook_carries_the_headings_of_the_form() -> None:
    notebook = json.loads((TOP / "notebooks" / "annual_report.ipynb").read_text(encoding="utf-8"))
    headings = ["".join(c["source"]) for c in notebook["cells"] if "".join(c["source"]).startswith("## ")]
    assert headings == [f"## {part.heading}" for part in FORM_2021.parts]
