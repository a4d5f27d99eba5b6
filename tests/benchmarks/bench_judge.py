"""How the judge does: precision and recall by kind, mutations of sums that hold, and time by length.

python tests/benchmarks/bench_judge.py [--stories N]
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "rules"))

import narratives as nv
import rulebook as rb
import storyteller as st
import test_judge_reading as reading
import test_judge_stories as stories

from nianbao.rules import check_report
from nianbao.rules.judge.holdings import ReportHoldings
from nianbao.rules.judge.passages import Passage
from nianbao.rules.judge.reading import Stretch, judge

READ = ("P", "D-09", "D-12", "D-13", "D-15", "D-16", "D-17", "D-18", "D-19", "D-27", "D-32")


def on_narratives() -> None:
    """The shared openings of published reports."""
    by_name = {one["id"]: one for one in nv.narratives()}
    for half in (False, True):
        outcomes = [
            nv.outcome_of(one, check_report(nv.report_of(one, half=half)).findings, READ) for one in by_name.values()
        ]
        found, false = sum(one.found for one in outcomes), sum(len(one.false) for one in outcomes)
        missed = sum(len(one.missed) for one in outcomes)
        print(
            f"narratives, {'half' if half else 'full'} width: {len(outcomes)}, false alarms {false}, faults found {found} of {found + missed}"
        )
        due, got = Counter[str](), Counter[str]()
        for seed in nv.data()["seeds"]:
            if seed["rules"][0].startswith(READ):
                findings = check_report(nv.report_of(nv.seeded(by_name[seed["id"]], seed), half=half)).findings
                due[seed["kind"]] += 1
                got[seed["kind"]] += any(nv.hits(finding, seed) for finding in findings)
        print("  seeds:", ", ".join(f"{kind} {got[kind]}/{due[kind]}" for kind in due))


def exact(stretch: Stretch) -> list[tuple[int, tuple[int, ...]]]:
    """Sums of two parts or more that hold exactly, between figures without hedges."""
    held = []
    for one in stretch.sums:
        tokens = [stretch.tokens[index] for index in (one.whole, *one.parts)]
        plain = all(token.text[:1].isdigit() and not token.hedge and token.step == 1 for token in tokens)
        if one.fits and len(one.parts) > 1 and plain and sum(token.value for token in tokens[1:]) == tokens[0].value:
            held.append((one.whole, one.parts))
    return held


def mutations() -> None:
    """Each figure of every sum that holds in the narratives, off by one and by ten."""
    due, got = Counter[str](), Counter[str]()
    for one in nv.narratives():
        report = nv.report_of(one)
        text = report.params.narrative.overview or ""
        for stretch in stretches(report, text):
            for whole, parts in exact(stretch):
                for index in (whole, *parts):
                    token = stretch.tokens[index]
                    for delta in (1, 10, -1, -10):
                        value = int(token.value) + delta
                        if value < 0:
                            continue
                        start, end = token.numeral
                        wrong = stretch.text[:start] + str(value) + stretch.text[end:]
                        kind = f"{'whole' if index == whole else 'item'} {delta:+d}"
                        due[kind] += 1
                        got[kind] += any(faults(other) for other in stretches(report, wrong))
    print("mutations of sums that hold:", ", ".join(f"{kind} {got[kind]}/{due[kind]}" for kind in sorted(due)))


def stretches(report: nv.Report, text: str) -> tuple[Stretch, ...]:
    lines = [Passage("narrative.overview", "", line) for line in text.split("\n")]
    return judge(lines, ReportHoldings(report), report.year).stretches


def faults(stretch: Stretch) -> bool:
    return any(not one.fits for one in stretch.sums) or any(not one.agrees for one in stretch.quotations)


def on_stories(many: int) -> None:
    """True narratives by the thousand, and one fault in each."""
    due, got, told = Counter[str](), Counter[str](), Counter[str]()
    for seed in range(many):
        story = st.story(seed)
        told.update(finding.severity.value for finding in stories.findings(story, story.told()))
        if fault := stories.spoilt(random.Random(seed), story):
            due[fault[0]] += 1
            got[fault[0]] += bool(stories.findings(story, fault[1]))
    rates = ", ".join(f"{kind} {got[kind]}/{due[kind]}" for kind in sorted(due))
    print(
        f"stories: {many}, false errors {told['error']}, false warnings {told['warning']}; faults {got.total()}/{due.total()}: {rates}"
    )


def seconds() -> None:
    """Time by length, on real and on hostile text."""
    report = rb.sound(2023)
    narratives = [one["excerpt"] for one in nv.narratives()]
    begin = time.process_time()
    for text in narratives * 5:
        stretches(report, text)
    print(
        f"a narrative as it comes ({sum(map(len, narratives)) // len(narratives)} characters): {(time.process_time() - begin) / len(narratives) / 5 * 1000:.2f} ms"
    )
    for kind, make in reading.HOSTILE.items():
        took = []
        for length in (1_000, 10_000, 60_000):
            text = make(length)
            begin = time.process_time()
            _ = [stretch.figures for stretch in stretches(report, text)]
            took.append(f"{(time.process_time() - begin) * 1000:.0f}")
        print(f"  {kind}: {' · '.join(took)} ms for 1,000 · 10,000 · 60,000 characters")


if __name__ == "__main__":
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--stories", type=int, default=2000)
    many = arguments.parse_args().stories
    on_narratives()
    mutations()
    on_stories(many)
    seconds()
