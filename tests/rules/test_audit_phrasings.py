"""A dozen sound reports in varied wording: no false alarm, and few questions, all of them listed."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import rulebook as rb
from phrasings import PHRASINGS, Phrasing

from nianbao.report import Report
from nianbao.rules import check_report

SNAPSHOT = Path(__file__).parents[1] / "golden" / "sound_reports_findings.txt"


def report_of(one: Phrasing) -> Report:
    """The report that a phrasing tells of: applications of natural persons, and of one company for 金井."""
    report = rb.sound(one.year, one.unit)
    cells = dict.fromkeys(report.cells, 0)
    company = 1 if "商业企业" in one.overview else 0
    done = sum(one.outcomes.values())
    rows = {"received": one.received, "carried_in": one.carried_in, "total": done, "carried_out": one.carried_out}
    for row, count in (rows | one.outcomes).items():
        mine = company if row in ("received", "total", "granted") else 0
        cells |= {f"t3.{row}.natural": count - mine, f"t3.{row}.commercial": mine, f"t3.{row}.total": count}
    for key, count in one.disputes.items():
        cells[f"t4.review.{key}"] = count
    cells["t4.review.total"] = sum(one.disputes.values())
    cells |= {f"t2.normative.{key}": count for key, count in one.t2.items()}
    report = rb.with_cells(report, cells)
    if report.previous is not None:
        last = dict.fromkeys(report.previous.cells, 0)
        last |= {f"t3.carried_out.{column}": one.carried_in for column in ("natural", "total")}
        last |= {f"t3.received.{column}": one.last_received for column in ("natural", "total")}
        if report.previous.edition.name == "2021":
            last["t2.normative.in_force"] = (
                one.t2.get("in_force", 0) + one.t2.get("repealed", 0) - one.t2.get("made", 0)
            )
        previous = rb.with_params(report.previous, disclosure={"total": one.last_disclosed})
        report = rb.with_last_year(replace(report, previous=previous), last)
    words = {
        "name": report.unit.name,
        "year": one.year,
        "next": one.year + 1,
        "self": "我镇" if report.unit.kind == "镇" else "我街道",
    }
    report = rb.with_params(
        report,
        disclosure=one.disclosure,
        fees=one.fees,
        declared=[{"text": text, "reason": "见会议纪要"} for text in one.declared],
    )
    return rb.with_text(
        report,
        preamble=one.preamble.format(**words),
        overview=one.overview,
        problems=one.problems.format(**words),
        other=one.other,
    )


@pytest.mark.parametrize("one", PHRASINGS, ids=lambda one: one.unit)
def test_a_sound_report_gives_no_error(one: Phrasing) -> None:
    assert [f.message for f in check_report(report_of(one)).findings if f.severity.value == "error"] == []


def test_a_dozen_sound_reports_give_few_warnings() -> None:
    warnings = [
        f.message for one in PHRASINGS for f in check_report(report_of(one)).findings if f.severity.value == "warning"
    ]
    assert len(PHRASINGS) == 12
    assert len(warnings) <= 3, warnings


def test_the_findings_of_the_dozen_are_those_listed() -> None:
    lines = []
    for one in PHRASINGS:
        lines.append(f"{one.unit} {one.year}")
        lines += [f"  {f.severity.label} {f.message}" for f in check_report(report_of(one)).findings]
    assert "\n".join(lines) + "\n" == SNAPSHOT.read_text(encoding="utf-8")


@pytest.mark.parametrize("one", PHRASINGS, ids=lambda one: one.unit)
def test_every_quoted_total_is_noticed_when_the_table_changes(one: Phrasing) -> None:
    """A sound report is no use if it is sound because nothing in it was understood."""
    report = report_of(one)
    total = report.params.disclosure.total
    assert total is not None
    other = rb.with_params(report, disclosure=one.disclosure | {"total": total * 2, "classes": []})
    assert "P-01" in rb.breaches(other)
    if one.received:
        other = rb.with_cells(report, {f"t3.received.{column}": one.received + 5 for column in ("natural", "total")})
        assert rb.breaches(other) & {"P-01", "P-02"}
    else:
        other = rb.with_cells(report, {"t3.received.total": 5})
        assert rb.breaches(other) & {"P-01", "P-12"}
