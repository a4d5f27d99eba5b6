"""Bodies of every kind: own words, what binds governments only, deadlines, and a made-up city of 37 of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import get_args

import pytest

from nianbao.city.deadlines import city_deadline, unit_deadline
from nianbao.demo import write_demo
from nianbao.params import load_units
from nianbao.params.models import Unit
from nianbao.report import Report, load_report
from nianbao.rules import check_report
from nianbao.statute.bodies import KINDS, LEVELS, own_words
from tests.conftest import PARAMS

YEAR = 2025


@pytest.fixture(scope="module")
def params(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("bodies") / "params"
    write_demo(YEAR, folder, PARAMS, bodies=True)
    return folder


def rules_of(report: Report) -> set[str]:
    return {finding.rule for finding in check_report(report).findings if finding.severity.value != "info"}


def with_line(report: Report, part: str, line: str) -> Report:
    text = f"{getattr(report.params.narrative, part)}\n{line}\n"
    narrative = report.params.narrative.model_copy(update={part: text})
    return replace(report, params=report.params.model_copy(update={"narrative": narrative}))


def test_the_kinds_of_units_yaml_are_those_of_the_statute() -> None:
    assert set(get_args(Unit.model_fields["kind"].annotation)) == set(KINDS)


def test_a_made_up_city_has_37_bodies_of_every_kind_and_each_is_sound(params: Path) -> None:
    units = load_units(params).units
    assert len(units) == 37
    assert {unit.kind for unit in units} == set(KINDS) - {"市"}
    assert all(unit.name.startswith("示例") for unit in units[19:])
    for unit in units:
        report = load_report(unit.id, YEAR, params)
        assert report.params.sample
        assert rules_of(report) == set(), unit.name


def test_each_body_may_use_its_own_words_and_nobody_elses(params: Path) -> None:
    """Every kind, every word: its own give no finding, those of other kinds give D-13."""
    units = load_units(params).units
    chosen = {own_words(unit.kind, unit.name): unit for unit in units}
    words = {word for own in chosen for word in own}
    for own, unit in chosen.items():
        report = load_report(unit.id, YEAR, params)
        for word in sorted(words):
            found = rules_of(with_line(report, "problems", f"今后，{word}将继续做好公开工作。"))
            assert ("D-13" in found) is (word not in own), (unit.name, word)


@pytest.mark.parametrize(
    "text", ["本办法自发布之日起施行", "委托本委派的代表", "本局部区域", "本区域内的企业", "本办公场所"]
)
def test_words_that_only_look_like_a_body_are_no_self(params: Path, text: str) -> None:
    report = load_report("yonghe", YEAR, params)
    assert "D-13" not in rules_of(with_line(report, "problems", f"今后，{text}，继续做好公开。"))


def test_article_50_4_binds_governments_only(params: Path) -> None:
    for unit in load_units(params).units:
        report = load_report(unit.id, YEAR, params)
        text = "（一）主动公开\n主动公开、依申请公开、政府信息管理、平台、监督保障。\n"
        narrative = report.params.narrative.model_copy(update={"overview": text})
        bare = replace(report, params=report.params.model_copy(update={"narrative": narrative}))
        found = {finding.rule for finding in check_report(bare).findings}
        assert ("D-24" in found) is KINDS[unit.kind].government, unit.name


@pytest.mark.parametrize(
    ("line", "binds_towns"),
    [
        ("安海镇、永和镇和示例一局的栏目已经更新。", True),
        ("示例一局的栏目已经更新。", False),
        ("会同安海镇、永和镇和示例一局开展督查。", False),
    ],
)
def test_a_department_may_name_towns_and_a_town_departments_and_towns_it_works_with(
    params: Path, line: str, binds_towns: bool
) -> None:
    for name, found in (("bureaub", False), ("dongshi", binds_towns)):
        report = with_line(load_report(name, YEAR, params), "overview", line)
        assert ("D-12" in rules_of(report)) is found, name


def test_deadlines_by_level() -> None:
    city = load_units(PARAMS).city
    assert unit_deadline(2025) == date(2026, 1, 31)
    assert city_deadline(2025, city) == date(2026, 2, 20)
    due = [city_deadline(2025, city.model_copy(update={"level": level})) for level in LEVELS]
    assert due == [date(2026, 2, 20), date(2026, 3, 10), date(2026, 3, 31)]
