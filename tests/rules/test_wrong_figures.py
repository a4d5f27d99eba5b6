"""A wrong figure in the prose is mentioned, whatever script it is written in and wherever it stands."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping

import pytest
import rulebook as rb

from nianbao.errors import NianbaoError
from nianbao.params.invisible import first_invisible
from nianbao.report import Report
from nianbao.rules import check_report

RIGHT = 60
"""Items (条) that the sound report has disclosed."""


def digits(base: int, value: int = 9157) -> str:
    return "".join(chr(base + int(digit)) for digit in str(value))


NUMERALS: Mapping[str, str] = {
    "ascii": "9157",
    "comma": "9,157",
    "full-width comma": "9，157",
    "space": "9 157",
    "thin space": "9\u2009157",
    "apostrophe": "9'157",
    "dot": "9.157.000",
    "decimals": "9157.00",
    "leading zero": "09157",
    "scaled": "9.157千",
    "wan": "0.9157万",
    "full-width": digits(0xFF10),
    "arabic-indic": digits(0x0660),
    "eastern arabic": digits(0x06F0),
    "devanagari": digits(0x0966),
    "thai": digits(0x0E50),
    "bold": digits(0x1D7CE),
    "double-struck": digits(0x1D7D8),
    "monospace": digits(0x1D7F6),
    "subscript": digits(0x2080),
    "superscript": "10³",
    "fraction": "9157½",
    "circled": "⑨①⑤⑦",
    "parenthesised": "⑼",
    "full stop": "⒐",
    "ideographic circled": "㊈",
    "double circled": "⓽",
    "dingbat": "❾",
    "hangzhou": "〩〡〥〧",
    "chinese": "九千一百五十七",
    "chinese digits": "九一五七",
    "financial": "玖仟壹佰伍拾柒",
    "traditional": "玖仟壹佰伍拾貳",
    "twenty": "廿",
    "thirty": "卅",
    "roman": "Ⅸ",
    "roman letters": "IX",
    "letter O": "91O7",
    "letter l": "l057",
    "letter I": "9I57",
    "cyrillic O": "91О7",
    "mixed": "9一57",
    "mixed width": "9１57",
    "exponent": "9e3",
    "hexadecimal": "0x23C5",
    "range": "9157-9158",
    "plus": "9157+1",
    "tilde": "9157~",
    "zero width": "9\u200b157",
    "joiner": "9\u034f157",
    "variation": "9\ufe0f157",
}

PLACES: Mapping[str, str] = {
    "paragraph": "全年主动公开政府信息{}条。",
    "no unit": "全年主动公开政府信息：{}。",
    "no stop": "全年主动公开政府信息{}条",
    "heading": "（六）全年主动公开政府信息{}条",
    "heading with a colon": "（六）全年主动公开政府信息{}条：",
    "caption": "![主动公开政府信息{}条](图.png)",
    "list": "1.主动公开政府信息{}条；",
    "quotation": "“全年主动公开政府信息{}条”。",
    "bracket": "信息公开工作（主动公开政府信息{}条）有序推进。",
    "second clause": "扎实推进，主动公开政府信息{}条，成效明显。",
    "applications": "全年收到政府信息公开申请{}件。",
    "glued behind": "全年推文{}{{{{ 主动公开.总数 }}}}条。",
    "glued before": "全年推文{{{{ 主动公开.总数 }}}}{}条。",
    "activity": "全年开展政策宣讲{}次。",
}

WAYS = [(kind, place) for kind, place in itertools.product(NUMERALS, PLACES)]


def spoilt(kind: str, place: str) -> Report:
    report = rb.sound()
    overview = f"{report.params.narrative.overview}\n{PLACES[place].format(NUMERALS[kind])}"
    return rb.with_text(report, overview=overview)


def mentions(report: Report) -> Iterator[str]:
    """What the rule book says of the prose; an invisible character is refused before that, in params."""
    for finding in check_report(report).findings:
        if finding.cell == "narrative.overview" or finding.rule.startswith("P"):
            yield finding.message


def test_there_are_more_than_five_hundred_ways() -> None:
    assert len(WAYS) > 500


@pytest.mark.parametrize("kind", NUMERALS)
def test_a_wrong_figure_never_passes_unmentioned(kind: str) -> None:
    if first_invisible(NUMERALS[kind]) is not None:
        return  # refused when the params are read: tests/test_params_invisible.py
    unmentioned = []
    for place in PLACES:
        try:
            if not list(mentions(spoilt(kind, place))):
                unmentioned.append(PLACES[place].format(NUMERALS[kind]))
        except NianbaoError:  # a glued look-up that cannot be filled in is refused whole
            continue
    assert unmentioned == []


def test_the_right_figure_passes_in_every_place() -> None:
    for place in ("paragraph", "no unit", "no stop", "bracket", "second clause"):
        report = rb.sound()
        overview = f"{report.params.narrative.overview}\n{PLACES[place].format(RIGHT)}"
        assert list(mentions(rb.with_text(report, overview=overview))) == [], place
