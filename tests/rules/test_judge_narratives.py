"""Openings of 60 published reports, retold: nothing is found but what a reader found, and what was put in is found."""

from __future__ import annotations

from collections import Counter
from typing import Any

import narratives as nv
import pytest

from nianbao.rules import check_report

NARRATIVES: dict[str, dict[str, Any]] = {one["id"]: one for one in nv.narratives()}
READ = ("P", "D-09", "D-12", "D-13", "D-15", "D-16", "D-17", "D-18", "D-19", "D-27", "D-32")
"""The rules that read the words; the others ask about a whole document, which these are not."""


@pytest.mark.parametrize("half", [False, True], ids=["full", "half"])
@pytest.mark.parametrize("name", NARRATIVES)
def test_a_narrative_gives_no_false_alarm_and_its_faults(name: str, half: bool) -> None:
    outcome = nv.outcome_of(NARRATIVES[name], check_report(nv.report_of(NARRATIVES[name], half=half)).findings, READ)
    assert (outcome.false, outcome.missed) == ((), ())


@pytest.mark.parametrize("half", [False, True], ids=["full", "half"])
def test_faults_that_are_put_in_are_found(half: bool) -> None:
    due, got = Counter[str](), Counter[str]()
    missed = []
    for seed in nv.data()["seeds"]:
        if not seed["rules"][0].startswith(READ) or seed["words"] == "龙湖":  # a neighbour, which these have none of
            continue
        findings = check_report(nv.report_of(nv.seeded(NARRATIVES[seed["id"]], seed), half=half)).findings
        due[seed["kind"]] += 1
        if any(nv.hits(finding, seed) for finding in findings):
            got[seed["kind"]] += 1
        else:
            missed.append((seed["id"], seed["kind"], seed["new"]))
    assert due.total() == 35
    assert missed == []
