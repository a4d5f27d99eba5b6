"""True narratives by the thousand give no false error; one fault in each is found."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import replace
from functools import cache

import pytest
import rulebook as rb
import storyteller as st

from nianbao.report import Report
from nianbao.report.report import build_cells
from nianbao.rules.check import PREDICATES
from nianbao.rules.finding import Finding
from nianbao.rules.subject import Subject
from nianbao.statute.rulebook import Predicate, rules_for

pytestmark = pytest.mark.slow

MANY = 1000
"""Stories told true, and as many with a fault."""
RULES = [rule for rule in rules_for("2021") if rule.code.startswith("P") and rule.code != "P-19"]
RATES = {
    "class": 0.95, "class, more": 0.95, "total": 0.95, "total, less": 0.95, "channel": 0.9, "received": 0.99, "carried": 0.97, "handled": 0.9,
    "outcome": 0.95, "dispute": 0.97,
}  # fmt: skip
"""At least so many of the faults of each kind are found."""


@cache
def base() -> Report:
    report = rb.with_params(rb.sound(2023), disclosure={})
    return replace(report, previous=None, literal=True)


def findings(story: st.Story, text: str) -> list[Finding]:
    report = rb.with_text(rb.with_params(base(), disclosure={"total": story.disclosed}), overview=text)
    cells = dict.fromkeys(report.edition.fields, 0) | story.cells
    subject = Subject.of(replace(report, cells=build_cells(report.edition, cells)))
    found = []
    for rule in RULES:
        assert isinstance(rule.test, Predicate)
        found += [finding for finding in PREDICATES[rule.test.name](rule, subject) if finding is not None]
    return found


def true_findings(seed: int) -> list[Finding]:
    story = st.story(seed)
    return findings(story, story.told())


def spoilt(rng: random.Random, story: st.Story) -> tuple[str, str] | None:
    """A story with one figure off by one or by ten, and the kind of fault that this is; None where it has no such figure."""
    open_ = [index for index, slot in enumerate(story.slots) if slot.kind]
    if not open_:
        return None
    index = rng.choice(open_)
    slot = story.slots[index]
    delta = (
        rng.choice((1, 10))
        if slot.kind == "class, more"
        else -rng.choice((1, 10))
        if slot.kind == "total, less"
        else rng.choice((1, -1, 10, -10))
    )
    value = slot.value + delta
    if value < 0:
        value = slot.value + abs(delta)
        if slot.kind == "total, less":
            return None
    return slot.kind, story.told(index, value)


def test_true_stories_give_no_false_error_and_hardly_a_false_warning() -> None:
    told = [(seed, finding) for seed in range(MANY) for finding in true_findings(seed)]
    assert [(seed, finding.message) for seed, finding in told if finding.severity.value == "error"] == []
    assert len({seed for seed, _ in told}) <= MANY // 200, [(seed, finding.message) for seed, finding in told][:20]


def test_one_fault_in_a_story_is_found(capsys: pytest.CaptureFixture[str]) -> None:
    due, got = Counter[str](), Counter[str]()
    for seed in range(MANY):
        story = st.story(seed)
        fault = spoilt(random.Random(seed), story)
        if fault is None:
            continue
        kind, text = fault
        due[kind] += 1
        got[kind] += bool(findings(story, text))
    with capsys.disabled():
        print("\n  " + ", ".join(f"{kind} {got[kind]}/{due[kind]}" for kind in sorted(due)))
    assert got.total() >= 0.95 * due.total()
    assert {kind: rate for kind, rate in RATES.items() if got[kind] < rate * due[kind]} == {}
