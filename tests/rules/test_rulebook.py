"""The rule book as data, and as a person reads it."""

from __future__ import annotations

import re
import string

import pytest

from nianbao.statute import EDITIONS, handbook
from nianbao.statute.rulebook import RULES, Rule, Severity, rule, rules_for


def test_codes_are_unique_and_well_formed() -> None:
    codes = [rule.code for rule in RULES]
    assert len(set(codes)) == len(codes)
    assert all(re.fullmatch(r"(T[0234]|P|D|L|C|W|R|G)-\d{2}", code) for code in codes)


def test_codes_of_a_family_run_from_01_without_a_gap() -> None:
    families: dict[str, list[int]] = {}
    for one in RULES:
        family, _, number = one.code.partition("-")
        families.setdefault(family, []).append(int(number))
    for family, numbers in families.items():
        assert sorted(numbers) == list(range(1, len(numbers) + 1)), family


@pytest.mark.parametrize("one", RULES, ids=lambda one: one.code)
def test_every_rule_reads_whole(one: Rule) -> None:
    assert one.holds.endswith("。")
    assert one.example.endswith("。")
    assert one.remedy and not one.remedy.endswith("。")
    assert one.source and not one.source.endswith("。")
    assert one.fails and not one.fails.endswith("。")
    for text in (one.holds, one.fails, one.remedy, one.example, one.source):
        assert not re.search(r"(?<!申)请|[！!]", text)
        assert not re.search(r"[\u4e00-\u9fff][,;:?(]|[,;:?)][\u4e00-\u9fff]", text), "half-width punctuation"
    assert set(one.but_not) < {edition.name for edition in EDITIONS}


def test_only_the_sentence_of_a_finding_has_places_to_fill() -> None:
    for one in RULES:
        for text in (one.holds, one.example, one.source):
            assert [name for _, name, _, _ in string.Formatter().parse(text) if name] == [], one.code


def test_a_rule_is_found_by_its_code() -> None:
    assert rule("T3-01").severity is Severity.ERROR
    with pytest.raises(KeyError):
        rule("T9-99")


def test_the_form_of_2019_has_no_rule_about_what_the_notice_of_2021_brought() -> None:
    """Documents in force, the fee in part six, the length of part one, and what is asked since 2025."""
    later = {"T2-03", "T2-04", "T2-05", "T4-03", "D-22", "D-23", "D-34", "D-37"}
    assert {one.code for one in RULES} - {one.code for one in rules_for("2019")} == later


def test_the_listing_has_every_rule_once_with_its_severity() -> None:
    lines = handbook.listing().splitlines()
    for one in RULES:
        (line,) = [line for line in lines if line.startswith(f"  {one.code}  ")]
        assert f"  {one.severity.label}  {one.holds}" in line


def test_the_chapter_has_sentence_example_remedy_and_source_of_every_rule() -> None:
    text = handbook.markdown()
    for one in RULES:
        entry = text.split(f"### {one.code} ")[1].split("\n### ")[0].split("\n## ")[0]
        assert all(part in entry for part in (one.severity.label, one.holds, one.example, one.remedy, one.source))
    assert text.startswith("# 核对规则\n")
    assert "None" not in text and "{left}" not in text
