"""The editing form without a browser: what is typed is what the file says, and the judge sees the same."""

from __future__ import annotations

import shutil
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import nianbao as nb
from nianbao.errors import ParamsError
from nianbao.notebook.edit import draft
from nianbao.notebook.edit.state import state_of
from nianbao.params.entry import Unfit, figure_of
from nianbao.project import begin, lay_out
from nianbao.report import Report, load_report
from nianbao.rules import check_report
from nianbao.statute import Kind
from nianbao.statute.cell import State
from tests.conftest import PARAMS


@pytest.fixture
def yonghe_copy(tmp_path: Path) -> Report:
    """永和镇 2023, in a folder that may be written to."""
    shutil.copytree(PARAMS, tmp_path / "params")
    return load_report("yonghe", 2023, tmp_path / "params")


def saved(report: Report, changes: dict[str, Any]) -> Report:
    _, digest = draft.read_params(report)
    draft.save(report, changes, digest)
    assert report.loaded is not None
    return load_report(report.unit.id, report.year, report.loaded.path.parent.parent)


def lines_of(report: Report) -> list[str]:
    return draft.read_params(report)[0].splitlines()


def test_a_change_of_one_cell_is_a_change_of_one_line(yonghe_copy: Report) -> None:
    before = lines_of(yonghe_copy)
    after = saved(yonghe_copy, {"cells": {"t3.granted.natural": "３ "}})
    now = lines_of(after)
    assert len(before) == len(now)
    (changed,) = [new for old, new in zip(before, now, strict=True) if old != new]
    assert "granted:" in changed and "[3, 0, 0, 0, 0, 0, 0]" in changed and "# （一）予以公开" in changed
    assert after["t3.granted.natural"].value == 3


def test_saving_nothing_changes_nothing(yonghe_copy: Report) -> None:
    before = lines_of(yonghe_copy)
    assert lines_of(saved(yonghe_copy, {})) == before


@settings(max_examples=25, deadline=None)
@given(st.data())
def test_what_is_typed_is_what_the_judge_sees_and_the_file_says(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    """Over random cells of a blank report: the draft, the saved file and a report read anew agree in every cell."""
    folder = tmp_path_factory.mktemp("form")
    lay_out(folder)
    begin("安海镇", 2026, folder / "params")
    report = load_report("anhai", 2026, folder / "params")
    keys = data.draw(st.lists(st.sampled_from(sorted(report.edition.fields)), unique=True, max_size=30))
    changes = {"cells": {key: data.draw(st.sampled_from(["", "0", "7", "12", "/"])) for key in keys}}
    drafted = draft.draft_of(report, draft.read_params(report)[0], changes).report
    again = saved(report, changes)
    assert {k: (c.state, c.value) for k, c in drafted.cells.items()} == {
        k: (c.state, c.value) for k, c in again.cells.items()
    }
    for key, text in changes["cells"].items():
        if text == "/":
            assert again[key].state is State.NOT_APPLICABLE
        elif text:
            assert again[key].value == int(text)
        elif key not in report.edition.totals:
            assert again[key].state is State.BLANK
    assert [f.message for f in check_report(drafted).findings] == [f.message for f in check_report(again).findings]


def test_a_total_is_left_to_be_computed_until_it_is_typed(tmp_path: Path) -> None:
    lay_out(tmp_path)
    begin("安海镇", 2026, tmp_path / "params")
    report = load_report("anhai", 2026, tmp_path / "params")
    columns = [column.key for column in report.edition.t3.columns]
    row = {f"t3.received.{column}": str(n) for n, column in enumerate(columns[:-1], start=1)}
    report = saved(report, {"cells": row})
    assert report["t3.received.total"].value == 21 and any("[1, 2, 3, 4, 5, 6] " in line for line in lines_of(report))
    report = saved(report, {"cells": {"t3.received.total": "20"}})
    assert report["t3.received.total"].value == 20
    assert "T3-03" in {finding.rule for finding in check_report(report).findings if finding.outcome.value == "fails"}
    report = saved(report, {"cells": {"t3.received.total": ""}})
    assert report["t3.received.total"].value == 21


def test_lists_fields_and_prose_are_saved(yonghe_copy: Report) -> None:
    changes = {
        "fields": {
            "contact.phone": " 0595-85700000 ",
            "fees.notices": "２",
            "fees.amount": "1,035.50",
            "date": "2024年1月5日",
        },
        "classes": [
            {"name": "机构职能类信息", "count": "9"},
            {"name": "", "count": ""},
            {"name": "其他类信息", "count": ""},
        ],
        "channels": [{"name": "微信", "count": "1151"}, {"name": "抖音", "count": ""}],
        "narrative": {"narrative.other": "本年度没有收取信息处理费。  \n\n"},
    }
    report = saved(yonghe_copy, changes)
    params = report.params
    assert params.contact.phone == "0595-85700000" and str(params.date) == "2024-01-05"
    assert (params.fees.notices, params.fees.amount) == (2, Decimal("1035.50"))
    assert [(c.name, c.count) for c in params.disclosure.classes] == [("机构职能类信息", 9), ("其他类信息", None)]
    assert params.disclosure.channels == {"微信": 1151, "抖音": None}
    assert params.narrative.other == "本年度没有收取信息处理费。\n"
    assert report.disclosure.pending == ("其他类信息", "抖音") and len(params.waivers) == 5
    assert "#" in "".join(lines_of(report)[:3])


def test_what_cannot_be_read_is_named_by_its_field_and_nothing_is_written(yonghe_copy: Report) -> None:
    before = lines_of(yonghe_copy)
    changes = {
        "cells": {"t3.granted.natural": "3件", "t3.partial.other": "一", "t2.licensing.decisions": "-1"},
        "fields": {"date": "2024-02-30", "fees.amount": "三十元"},
        "classes": [{"name": "", "count": "3"}],
    }
    _, digest = draft.read_params(yonghe_copy)
    with pytest.raises(draft.UnfitFields) as caught:
        draft.save(yonghe_copy, changes, digest)
    assert set(caught.value.fields) == {
        *changes["cells"], *changes["fields"], "disclosure.classes.0"  # type: ignore[misc]
    }  # fmt: skip
    assert "只写数，不写单位" in caught.value.fields["t3.granted.natural"]
    assert lines_of(yonghe_copy) == before


def test_a_file_that_changed_meanwhile_is_not_written(yonghe_copy: Report) -> None:
    _, digest = draft.read_params(yonghe_copy)
    assert yonghe_copy.loaded is not None
    with yonghe_copy.loaded.path.open("a", encoding="utf-8") as stream:
        stream.write("# 别人加的\n")
    before = lines_of(yonghe_copy)
    with pytest.raises(ParamsError, match="又被改动"):
        draft.save(yonghe_copy, {"cells": {"t3.granted.natural": "3"}}, digest)
    assert lines_of(yonghe_copy) == before


@given(st.integers(0, 10**9), st.sampled_from(["", " ", "\u3000", "\t"]), st.booleans())
def test_a_figure_may_be_full_width_grouped_and_have_blanks_around_it(number: int, blank: str, grouped: bool) -> None:
    text = f"{number:,}" if grouped else str(number)
    wide = "".join(chr(ord(c) + 0xFEE0) if c.isdigit() else c for c in text)
    assert figure_of(f"{blank}{wide}{blank}", Kind.COUNT) == number == figure_of(text, Kind.MONEY)


@pytest.mark.parametrize("text", ["1.5", "-3", "1件", "无", "1 2", "1e3", "0x1", "二", "1,2,3", "٣"])
def test_a_count_is_nothing_else(text: str) -> None:
    with pytest.raises(Unfit):
        figure_of(text, Kind.COUNT)


def test_the_state_has_every_cell_and_every_equation_that_can_be_worked_out(yonghe_copy: Report) -> None:
    state = state_of(yonghe_copy, "params/2023/yonghe.yaml", "")
    assert set(state["cells"]) == set(yonghe_copy.edition.fields)
    rules = {equation["rule"] for equation in state["equations"]}
    assert {"T3-01", "T3-02", "T3-03", "T4-01"} <= rules and not rules & {"T3-04", "T2-04"}, "no report of 2022"
    for equation in state["equations"]:
        assert {term["key"] for side in ("left", "right") for term in equation[side]} <= set(state["cells"])


def test_without_a_front_end_there_is_nothing(yonghe_copy: Report) -> None:
    assert nb.edit(yonghe_copy) is None
