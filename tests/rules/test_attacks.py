"""Sentences as clerks write them: the faulty ones are found, the sound ones give no error."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from functools import cache

import pytest
import rulebook as rb
from attacks import CLASSES, FAULTY, FAULTY_WITHOUT_APPLICATIONS, SOUND, SOUND_WITHOUT_APPLICATIONS
from hypothesis import given, settings
from hypothesis import strategies as st

from nianbao.report import Report
from nianbao.rules import check_report

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
LAST = {
    "t3.received.natural": 8, "t3.received.total": 8,
    "t3.carried_out.natural": 1, "t3.carried_out.total": 1, "t2.normative.in_force": 6,
}  # fmt: skip


@cache
def town(year: int = 2023, *, applications: bool = True) -> Report:
    """安海镇 as the sentences have it; it says no figure in words and breaks nothing."""
    report = rb.sound(year)
    assert report.previous is not None

    def of(cells: Mapping[str, object], wanted: dict[str, int]) -> dict[str, int]:
        there = {key: count for key, count in wanted.items() if key in cells}
        if not applications:
            there = {key: count for key, count in there.items() if key.startswith("t2.")}
        return dict.fromkeys(cells, 0) | there

    report = rb.with_cells(report, of(report.cells, TABLE))
    assert report.previous is not None
    report = rb.with_last_year(report, of(report.previous.cells, LAST))
    assert report.previous is not None
    report = replace(report, previous=rb.with_params(report.previous, disclosure={"total": 42}))
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


def test_sound_sentences_give_no_warnings() -> None:
    warnings = [
        finding.message
        for part, sentence in SOUND
        for finding in check_report(rb.with_line(town(), part, sentence)).findings
        if finding.severity.value == "warning"
    ]
    assert warnings == []


@pytest.mark.parametrize("sentence", SOUND_WITHOUT_APPLICATIONS)
def test_a_sound_sentence_of_a_report_without_applications_is_left_alone(sentence: str) -> None:
    found = check_report(rb.with_line(town(applications=False), "overview", sentence)).findings
    assert [finding.message for finding in found if finding.severity.value != "info"] == []


@pytest.mark.parametrize(("sentence", "code"), FAULTY_WITHOUT_APPLICATIONS)
def test_a_faulty_sentence_of_a_report_without_applications_is_found(sentence: str, code: str) -> None:
    assert code in rb.breaches(rb.with_line(town(applications=False), "overview", sentence))


def on_the_form_of_2019(sentence: str) -> str:
    """The sentence three years earlier."""
    for year, before in (("2022", "2019"), ("2023", "2020"), ("2024", "2021"), ("二○二二", "二○一九")):
        sentence = sentence.replace(year, before)
    return sentence


def test_the_same_sentences_are_found_and_left_alone_on_the_form_of_2019() -> None:
    report = town(2020)
    assert rb.breaches(report) == set()
    missed = [
        (code, sentence)
        for part, sentence, code in FAULTY
        if code not in rb.breaches(rb.with_line(report, part, on_the_form_of_2019(sentence)))
    ]
    assert {code for code, _ in missed} == {"D-17", "P-16"}  # the trial form is right for 2020, and 2020 a leap year
    assert [sentence for code, sentence in missed if code == "P-16"] == ["2023年2月29日召开推进会。"]
    for part, sentence in SOUND:
        found = check_report(rb.with_line(report, part, on_the_form_of_2019(sentence))).findings
        assert [finding.message for finding in found if finding.severity.value != "info"] == []


def test_there_are_enough_sentences_of_either_kind() -> None:
    assert (len(FAULTY) >= 120, len(SOUND) >= 70) == (True, True)
    assert len(set(FAULTY)) == len(FAULTY) and len(set(SOUND)) == len(SOUND)


QUOTES = (
    ("2023年，我镇主动公开政府信息{}条。", 48, {"P-01", "P-05"}),
    ("通过政府网站公开信息的数量为{}条，全文电子化率100%。", 48, {"P-01", "P-05"}),
    ("微信公众号全年推送信息{}条。", 812, {"P-02"}),
    ("本年度共收到政府信息公开申请{}件。", 5, {"P-01", "P-02"}),
    ("上年结转政府信息公开申请{}件。", 1, {"P-01"}),
    ("政府信息公开申请中，结转下年度继续办理{}件。", 1, {"P-01"}),
    ("对信息公开申请，予以公开{}件。", 3, {"P-01"}),
    ("因政府信息公开发生行政复议{}件。", 2, {"P-01"}),
    ("因政府信息公开发生行政诉讼{}件。", 1, {"P-01"}),
    ("制发行政规范性文件{}件。", 2, {"P-02"}),
    ("作出行政许可决定{}件。", 12, {"P-02"}),
)


def in_words(number: int) -> str:
    """一百零五 for 105, up to 9,999."""
    digits, places, text = "零一二三四五六七八九", ("千", "百", "十", ""), ""
    for digit, place in zip(f"{number:04}", places, strict=True):
        text += digits[int(digit)] + (place if digit != "0" else "")
    return re.sub("零+", "零", text).strip("零") or "零"


WAYS = {
    "plain": str,
    "commas": "{:,}".format,
    "full width": lambda number: str(number).translate({ord(str(d)): 0xFF10 + d for d in range(10)}),
    "spaces": " {} ".format,
    "words": in_words,
}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(("sentence", "right", "codes"), QUOTES)
def test_a_figure_is_understood_in_whatever_way_it_is_written(
    sentence: str, right: int, codes: set[str], way: str
) -> None:
    write = WAYS[way]
    assert rb.breaches(rb.with_line(town(), "overview", sentence.format(write(right)))) == set()
    for wrong in {0, right + 1, right - 1, 10 * right, right + 10, 1057} - {right}:
        found = rb.breaches(rb.with_line(town(), "overview", sentence.format(write(wrong))))
        assert found & codes, f"{write(wrong)}: {found}"


@settings(max_examples=40, deadline=None)
@given(st.sampled_from(QUOTES), st.sampled_from(sorted(WAYS)), st.integers(0, 9999))
def test_any_other_figure_is_found(quote: tuple[str, int, set[str]], way: str, number: int) -> None:
    sentence, right, codes = quote
    found = rb.breaches(rb.with_line(town(), "overview", sentence.format(WAYS[way](number))))
    assert bool(found & codes) is (number != right), f"{WAYS[way](number)}: {found}"


@pytest.mark.parametrize(
    ("fees", "other", "found"),
    [
        ({"notices": 1, "amount": 35}, "无", {"D-22"}),
        ({"notices": 1, "amount": 35}, "本年度没有收取信息处理费。", {"D-22"}),
        ({"notices": 1, "amount": 35}, "未收取任何费用。", {"D-22"}),
        ({"notices": 1, "amount": 35}, "本年度收取信息处理费0元。", {"P-01"}),
        ({"notices": 1, "amount": 35}, "发出收费通知1件，收取信息处理费35元。", set()),
        ({"notices": 1, "amount": 35}, "没有其他事项。发出收费通知1件，收取信息处理费35元。", set()),
        ({"notices": 1, "amount": 0}, "发出收费通知1件，申请人撤回申请，没有收取信息处理费。", set()),
        ({"notices": 0, "amount": 0}, "未收取信息处理费。", set()),
    ],
)
def test_a_fee_that_was_charged_is_not_denied(fees: dict[str, int], other: str, found: set[str]) -> None:
    # T2-05 asks besides whether the fee stands in part two as well.
    assert rb.breaches(rb.with_text(rb.with_params(town(), fees=fees), other=other), besides={"T2-05"}) == found
