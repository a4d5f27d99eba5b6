"""How the judge reads: every digit comes out as something, its data do what they say, and its time is linear."""

from __future__ import annotations

import json
import random
import re
import time
from collections.abc import Callable
from pathlib import Path

import pytest
import rulebook as rb

import nianbao as nb
from nianbao.rules.judge.facets import FACETS
from nianbao.rules.judge.frames import APPLICANTS, frames_of
from nianbao.rules.judge.holdings import ReportHoldings
from nianbao.rules.judge.markers import DIVIDES, OPENERS, OUTSIDE
from nianbao.rules.judge.matters import EXAMPLES, last_matter
from nianbao.rules.judge.normalise import normalise
from nianbao.rules.judge.passages import Passage
from nianbao.rules.judge.reading import Reading, Role, judge
from nianbao.rules.judge.tokens import Kind, tokens_of
from nianbao.rules.stale import LOST
from nianbao.rules.subject import Subject
from nianbao.rules.years import EXCUSES
from nianbao.statute import EDITIONS

NARRATIVES = json.loads((Path(__file__).parents[1] / "cases" / "narratives.json").read_text(encoding="utf-8"))[
    "narratives"
]


def read(text: str, part: str = "overview") -> Reading:
    lines = [Passage(f"narrative.{part}", "一、总体情况", line) for line in text.split("\n")]
    return judge(lines, ReportHoldings(rb.sound(2023)), 2023)


def roles(text: str) -> dict[str, Role]:
    return {figure.text: figure.role for figure in read(text).figures}


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("公开1,057条", Kind.QUANTITY, 1057),
        ("公开１０５７条", Kind.QUANTITY, 1057),
        ("公开9.9万条", Kind.QUANTITY, 99000),
        ("公开100余条", Kind.QUANTITY, 100),
        ("公开一百零五条", Kind.QUANTITY, 105),
        ("公开壹仟零伍拾柒条", Kind.QUANTITY, 1057),
        ("公开廿条", Kind.QUANTITY, 20),
        ("收到申请：99。", Kind.QUANTITY, 99),
        ("收费190.457379万元", Kind.QUANTITY, 1904573),
        ("占14.5％", Kind.SHARE, 14),
        ("1O57条", Kind.UNREADABLE, None),
        ("l057条", Kind.UNREADABLE, None),
        ("10³条", Kind.UNREADABLE, None),
        ("1 057条", Kind.UNREADABLE, None),
        ("1'057条", Kind.UNREADABLE, None),
        ("057条", Kind.UNREADABLE, None),
        ("公开③条", Kind.UNREADABLE, None),
        ("公开Ⅳ条", Kind.UNREADABLE, None),
        ("公开IV条", Kind.UNREADABLE, None),
        ("公开1О57条", Kind.UNREADABLE, None),
        ("2023年1月20日", Kind.NUMBER, None),
        ("电话0595-85786000", Kind.NUMBER, None),
        ("国办函〔2020〕109号", Kind.NUMBER, None),
        ("第711号", Kind.NUMBER, None),
        ("12345热线", Kind.NUMBER, None),
        ("20个工作日", Kind.NUMBER, None),
        ("G20峰会", Kind.NUMBER, None),
    ],
)
def test_a_number_is_read_or_named(text: str, kind: Kind, value: int | None) -> None:
    (token,) = (token for token in tokens_of(normalise(text).text) if token.is_figure)
    assert token.kind is kind
    assert value is None or int(token.value) == value


DIGITS = "0123456789０９①③⑳²³¼ⅣⅫ٣〡𝟏"
ALPHABET = [
    *DIGITS,
    *"条件%，。；：、（）年月日第号万余其中包括另占比收到申请公开信息\n",
    *"OlI.-/+~ ’〇一二十百廿壹拾",
    "\u200b",
    "\ufe0f",
]


def test_no_digit_is_passed_over() -> None:
    """Any text at all: every character that Unicode calls a digit lies in some figure."""
    rng = random.Random(1)
    for _ in range(3000):
        text = normalise("".join(rng.choice(ALPHABET) for _ in range(rng.randint(1, 40)))).text
        covered = {place for token in tokens_of(text) if token.is_figure for place in range(token.start, token.end)}
        missed = [
            place
            for place, char in enumerate(text)
            if char.isnumeric() and not re.match(r"[〇一二十百廿壹拾万]", char) and place not in covered
        ]
        assert missed == [], (text, missed)


def test_a_figure_stands_where_it_is_printed() -> None:
    """Places survive unseen characters, wide forms and traditional characters."""
    for text in ("公\u200b开信\u200b息１０\u200b５７条。", "公開信息1,057條。", "公开…１０５７条"):
        (figure,) = read(text).figures
        assert re.sub("[\u200b,]", "", figure.text).translate({0xFF10 + i: str(i) for i in range(10)}) in (
            "1057条",
            "1057條",
        )


def test_a_plain_line_has_the_normal_form_that_it_has_character_by_character() -> None:
    """Lines of plain characters are not taken apart; an unseen character at the end has them taken apart."""
    rng = random.Random(2025)
    plain = "，。；：、（）“”《》〔〕%,;:().…+·0123456789收到公开申请条件AZaz \n！？‘’【】"
    other = plain + "收到公開申請條件１２％　-—"
    for number in range(4000):
        text = "".join(rng.choice(other if number % 4 == 0 else plain) for _ in range(rng.randint(0, 14)))
        quick, slow = normalise(text), normalise(text + "\u200b")
        assert (quick.text, quick.origin[:-1]) == (slow.text, slow.origin[:-1]), text


@pytest.mark.parametrize("opener", OPENERS)
def test_an_opener_opens_a_row(opener: str) -> None:
    text = OPENERS[opener]
    assert opener in text
    found = roles(text)
    assert (found["48条"], found["35条"], found["13条"]) == (Role.WHOLE, Role.PART, Role.PART) or found[
        "48条"
    ] is Role.QUOTES
    wrong = read(text.replace("35条", "55条"))
    assert any(not one.fits for stretch in wrong.stretches for one in stretch.sums)


@pytest.mark.parametrize("text", DIVIDES.values())
def test_words_that_divide_open_a_row(text: str) -> None:
    (stretch,) = read(text).stretches
    assert [one.fits for one in stretch.sums if len(one.parts) == 2] == [True]
    (wrong,) = read(text.replace("35条", "55条")).stretches
    assert any(not one.fits for one in wrong.sums)


@pytest.mark.parametrize("word", OUTSIDE)
def test_what_is_outside_is_no_part(word: str) -> None:
    text = OUTSIDE[word]
    assert word in text
    (stretch,) = read(text).stretches
    assert [one.fits for one in stretch.sums if len(one.parts) > 1] == [True]


@pytest.mark.parametrize("facet", FACETS)
def test_another_facet_ends_a_row(facet: str) -> None:
    (stretch,) = read(FACETS[facet]).stretches
    assert all(one.fits for one in stretch.sums)


@pytest.mark.parametrize("matter", EXAMPLES, ids=lambda matter: matter.name)
def test_a_matter_is_told_by_its_words(matter: object) -> None:
    assert last_matter(EXAMPLES[matter].rpartition("，")[0] or EXAMPLES[matter]) is matter  # type: ignore[index]


FRAMES = [(edition, frame) for edition in EDITIONS for frame in frames_of(edition)]


@pytest.mark.parametrize(("edition", "frame"), FRAMES, ids=lambda one: getattr(one, "name", ""))
def test_a_frame_fits_its_example(edition: object, frame: object) -> None:
    report = rb.sound(2023 if edition.name == "2021" else 2020)  # type: ignore[attr-defined]
    report = rb.with_params(report, disclosure={"total": 7}, fees={"notices": 3, "amount": 5})
    text = frame.example  # type: ignore[attr-defined]
    (stretch,) = judge([Passage("narrative.overview", "", text)], ReportHoldings(report), report.year).stretches
    keys = frame.keys  # type: ignore[attr-defined]
    assert keys[0] in {quotation.cell for quotation in stretch.quotations}, stretch.quotations


@pytest.mark.parametrize(("words", "columns", "example"), APPLICANTS, ids=[words for words, _, _ in APPLICANTS])
def test_an_applicant_is_told_by_its_words(words: str, columns: tuple[str, ...], example: str) -> None:
    assert re.search(words, example)
    (stretch,) = read(example).stretches
    assert any(quotation.cell.endswith(f".{columns[0]}") for quotation in stretch.quotations)


@pytest.mark.parametrize("text", EXCUSES)
def test_a_year_is_excused_by_the_words_beside_it(text: str) -> None:
    assert "D-15" not in rb.breaches(rb.with_line(rb.sound(2023), "overview", text))


@pytest.mark.parametrize("text", LOST)
def test_a_lost_figure_is_missed(text: str) -> None:
    assert "D-19" in rb.breaches(rb.with_line(rb.sound(2023), "overview", text))


def test_a_filled_in_figure_is_keyed_only_where_it_is_exactly_that() -> None:
    report = rb.with_params(rb.sound(2023), disclosure={"total": 57, "classes": []})
    for text, keyed in (
        ("{{ 主动公开.总数 }}条", True),
        ("1{{ 主动公开.总数 }}条", False),
        ("{{ 主动公开.总数 }}0条", False),
        ("{{ 主动公开.总数 }}万条", False),
    ):
        told = rb.with_text(report, overview=f"推送{text}。")
        (figure,) = (one for one in Subject.of(told).reading.figures if one.passage.part == "overview")
        assert (figure.key is not None) is keyed, text


HOSTILE: dict[str, Callable[[int], str]] = {
    "real": lambda n: ("\n".join(one["excerpt"] for one in NARRATIVES) * 9)[:n],
    "one sentence": lambda n: (
        "，".join(one["excerpt"].replace("。", "，").replace("\n", "，") for one in NARRATIVES) * 9
    )[:n],
    "openers": lambda n: "公开48条，" + ("其中1条，" * n)[:n],
    "nested": lambda n: ("1条含" * n)[:n],
    "brackets": lambda n: ("（" * n)[: n // 2] + ("1条）" * n)[: n // 2],
    "titles": lambda n: ("《" * n)[:n],
    "quotes": lambda n: ("“1条" * n)[:n],
    "digits": lambda n: ("1" * n)[:n],
    "spaced digits": lambda n: ("1 " * n)[:n],
    "letters": lambda n: ("a" * n)[:n],
    "dots": lambda n: ("a." * n)[:n],
    "numerals": lambda n: ("一百" * n)[:n],
    "financial": lambda n: ("壹" * n)[:n],
    "shares": lambda n: ("3件，占5%，" * n)[:n],
    "lines": lambda n: "公开9条：\n" + ("A1条\n" * n)[:n],
    "commas": lambda n: ("1条，" * n)[:n],
    "semicolons": lambda n: ("1条；" * n)[:n],
    "bare": lambda n: ("收到申请" * n)[:n],
    "growth": lambda n: ("比上年增加3条，" * n)[:n],
    "claims": lambda n: ("均已办结" * n)[:n],
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_reading_takes_time_in_proportion_to_length(kind: str) -> None:
    """Eight times the text takes at most some sixteen times the time: a square would be sixty-four."""
    report = rb.sound(2023)

    def seconds(length: int) -> float:
        lines = [Passage("narrative.overview", "", line) for line in HOSTILE[kind](length).split("\n")]
        begin = time.process_time()
        reading = judge(lines, ReportHoldings(report), 2023)
        _ = reading.figures
        return time.process_time() - begin

    for _ in range(3):  # a busy machine may disturb one measurement, hardly three
        small, large = seconds(2_500), seconds(20_000)
        if large < 0.05 + 18 * max(small, 0.004):
            break
    else:
        pytest.fail(f"{kind}: {small:.3f} s for 2,500 characters, {large:.3f} s for 20,000")


def test_the_notebook_shows_every_figure_with_what_it_was_taken_for() -> None:
    report = rb.with_line(rb.sound(2023), "overview", "推送1O57条，比上年增加3条，咨询电话0595-85786000。")
    html = nb.figures(report).as_raw_html()
    for figure in Subject.of(report).reading.figures:
        assert figure.role.value in html
    assert "认不出" in html and "数字里有形似的字母" in html and "由数据填入" in html
