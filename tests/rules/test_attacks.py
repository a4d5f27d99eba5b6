"""Sentences as clerks write them: the faulty ones are found, the sound ones give no error."""

from __future__ import annotations

from functools import cache

import pytest
import rulebook as rb
from attacks import CLASSES, FAULTY, SOUND

from nianbao.checks import check_report
from nianbao.report import Report

OVERVIEW = """主动公开：及时公开信息。
依申请公开：依法办理申请。
政府信息管理：规范信息管理。
平台建设：维护网站。
监督保障：开展考核、社会评议，没有责任追究的情形。"""
TABLE = {
    "t2.normative.made": 2, "t2.normative.repealed": 1, "t2.normative.in_force": 7, "t2.licensing.decisions": 12,
    "t2.penalty.decisions": 6, "t3.received.natural": 4, "t3.received.commercial": 1, "t3.received.total": 5,
    "t3.carried_in.natural": 1, "t3.carried_in.total": 1, "t3.granted.natural": 3, "t3.granted.total": 3,
    "t3.partial.commercial": 1, "t3.partial.total": 1, "t3.denied.internal.natural": 1, "t3.denied.internal.total": 1,
    "t3.total.natural": 4, "t3.total.commercial": 1, "t3.total.total": 5, "t3.carried_out.natural": 1,
    "t3.carried_out.total": 1, "t4.review.upheld": 1, "t4.review.pending": 1, "t4.review.total": 2,
    "t4.after_review.upheld": 1, "t4.after_review.total": 1,
}  # fmt: skip
LAST = {"t3.carried_out.natural": 1, "t3.carried_out.total": 1, "t2.normative.in_force": 6}


@cache
def town() -> Report:
    """安海镇 2023 as the sentences have it; it says no figure in words and breaks nothing."""
    report = rb.sound()
    report = rb.with_cells(report, dict.fromkeys(report.cells, 0) | TABLE)
    assert report.previous is not None
    report = rb.with_last_year(report, dict.fromkeys(report.previous.cells, 0) | LAST)
    classes = [{"name": name, "count": count} for name, count in CLASSES]
    disclosure = {"total": 48, "classes": classes, "channels": {"微信公众号": 812}}
    return rb.with_text(
        rb.with_params(report, disclosure=disclosure, fees={"notices": 0, "amount": 0}), overview=OVERVIEW
    )


def test_the_report_that_the_sentences_are_about_breaks_nothing() -> None:
    assert rb.breaches(town()) == set()


@pytest.mark.parametrize(("part", "sentence", "code"), FAULTY)
def test_a_faulty_sentence_is_found(part: str, sentence: str, code: str) -> None:
    assert code in rb.breaches(rb.with_line(town(), part, sentence))


@pytest.mark.parametrize(("part", "sentence"), SOUND)
def test_a_sound_sentence_is_no_error(part: str, sentence: str) -> None:
    found = check_report(rb.with_line(town(), part, sentence)).findings
    assert [finding.message for finding in found if finding.severity.value == "error"] == []


def test_sound_sentences_give_few_warnings() -> None:
    warnings = [
        (sentence, finding.message)
        for part, sentence in SOUND
        for finding in check_report(rb.with_line(town(), part, sentence)).findings
        if finding.severity.value == "warning"
    ]
    assert len(warnings) <= 0, warnings
