"""The city's own report: the sum of all bodies, its words filled in, judged and gated like any other."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path

import pytest
from lxml import html

import nianbao as nb
import nianbao.city as city
from nianbao.city.own import city_work
from nianbao.demo import write_demo
from nianbao.errors import ParamsError, UsageError
from nianbao.params import load_units
from nianbao.publish.make import make, prepare
from nianbao.report import load_report
from nianbao.report.prose import full_text
from nianbao.report.tables import tables_json, value_of
from nianbao.rules import check_report
from tests.conftest import PARAMS

YEAR = 2025


@pytest.fixture(scope="module")
def params(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("city") / "params"
    write_demo(YEAR, folder, PARAMS, bodies=True)
    return folder


@pytest.fixture(scope="module")
def contents(params: Path) -> Mapping[str, bytes]:
    return make(prepare(city_work(YEAR, params))).contents


def changed(params: Path, folder: Path, name: str, old: str, new: str, count: int = 1) -> Path:
    """A copy of the params with one file changed."""
    target = folder / "params"
    for path in params.rglob("*"):
        if path.is_file():
            place = target / path.relative_to(params)
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(path.read_bytes())
    path = target / name
    text = path.read_text(encoding="utf-8")
    assert re.search(old, text)
    path.write_text(re.sub(old, new, text, count=count), encoding="utf-8")
    return target


def test_it_is_ready_and_every_cell_is_the_sum_of_the_bodies(params: Path, contents: Mapping[str, bytes]) -> None:
    tables = json.loads(contents["tables.json"])
    assert json.loads(contents["findings.json"])["ready"] is True and tables["unit"] == "jinjiang"
    parts = [tables_json(load_report(unit.id, YEAR, params)) for unit in load_units(params).units]
    assert len(parts) == 37
    for key, said in tables["cells"].items():
        numbers: list[int | Decimal] = []
        for part in parts:
            value = value_of(part["cells"][key]["value"])
            assert value is not None
            numbers.append(value)
        assert value_of(said["value"]) == sum(numbers), key
    assert tables["disclosure"]["total"] == sum(part["disclosure"]["total"] for part in parts)
    assert tables["fees"]["notices"] == sum(part["fees"]["notices"] for part in parts)


def test_its_words_name_the_city_its_kinds_of_bodies_and_last_year(params: Path) -> None:
    report = city.load_report(YEAR, params)
    text = full_text(report)["overview"]
    units = load_units(params).units
    now = {unit.id: load_report(unit.id, YEAR, params) for unit in units}
    total = sum(one.disclosed or 0 for one in now.values())
    last = sum(load_report(unit.id, YEAR - 1, params).disclosed or 0 for unit in units)
    towns = sum(now[unit.id].disclosed or 0 for unit in units if unit.kind == "镇")
    change = f"{'增加' if total > last else '减少'}{abs(total - last)}条"
    assert f"全市37个单位通过政府门户网站主动公开政府信息{total}条" in text
    assert f"各镇公开{towns}条，占{100 * towns / total:.1f}%；全市总数比上年{change}。" in text
    assert [finding.message for finding in check_report(report).findings if finding.severity.value != "info"] == []


def test_the_pages_carry_its_title_and_table(contents: Mapping[str, bytes]) -> None:
    page = contents["report.html"].decode("utf-8")
    assert f"晋江市{YEAR}年政府信息公开工作年度报告" in page and "晋江市人民政府" in page and "草稿：" not in page


CASES: tuple[tuple[str, str, str, str, str], ...] = (
    ("one that is missing", "units.yaml", r"\Z", "", "C-01"),
    ("one whose table does not add up", f"{YEAR}/bureaua.yaml", r"(received: +\[)(\d+)", r"\g<1>9\2", "C-02"),
    ("a blank cell", f"{YEAR}/bureaua.yaml", r"(licensing: +)\d+", r"\1null", "C-03"),
)


@pytest.mark.parametrize(("file", "old", "new", "code"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_a_body_that_is_not_ready_keeps_the_city_a_draft_by_name(
    params: Path, tmp_path: Path, file: str, old: str, new: str, code: str
) -> None:
    target = changed(params, tmp_path, file, old, new)
    if code == "C-01":
        (target / str(YEAR) / "bureaua.yaml").unlink()
    result = check_report(city.load_report(YEAR, target))
    assert not result.ready
    assert any(finding.rule == code and "示例一局" in finding.message for finding in result.findings)


def test_what_the_bodies_tell_is_not_typed(params: Path, tmp_path: Path) -> None:
    for key, text in (("t2", "t2: {licensing: 3}\n"), ("fees", "fees: {notices: 1}\n")):
        target = changed(params, tmp_path / key, f"{YEAR}/city.yaml", r"\Z", text)
        with pytest.raises(ParamsError, match=f"{key} 由各单位的报告相加"):
            city.load_report(YEAR, target)


def test_it_is_not_read_as_a_body(params: Path) -> None:
    with pytest.raises(UsageError, match="由各单位的报告相加"):
        load_report("晋江市", YEAR, params)


def test_in_the_notebook_findings_lead_to_the_words_and_no_form_is_offered(
    params: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The figures are the bodies': there is nothing to fill in, and every helper says where to look instead."""
    target = changed(params, tmp_path, f"{YEAR}/city.yaml", "健全协调机制", "健全〔待填：机制〕")
    report = city.load_report(YEAR, target)
    monkeypatch.setattr("nianbao.notebook.sections.in_front_end", lambda: True)
    shown = html.fromstring(nb.panel(report)._repr_html_())
    links = [link.get("href") for link in shown.iter("a")]
    assert any("city.yaml#line=" in link for link in links) and not any(link.startswith("#nbf:") for link in links)
    with pytest.raises(UsageError, match=r"没有可填的表单.*city\.yaml"):
        nb.edit(report)
    assert "登记簿在各单位" in nb.casework(report).html


def test_a_figure_of_the_city_is_traced_to_its_bodies(params: Path, tmp_path: Path) -> None:
    target = changed(params, tmp_path, f"{YEAR}/bureaua.yaml", r"(licensing: +)\d+", r"\1null")
    (target / str(YEAR) / "bureaub.yaml").unlink()
    report = city.load_report(YEAR, target)
    key = "t2.licensing.decisions"
    table = nb.cases(report, key)
    assert list(table.index) == [unit.name for unit in load_units(params).units]
    for unit in load_units(params).units:
        said = table.loc[unit.name, "数"]
        if unit.id == "bureaub":
            assert said == "没有计入" and table.loc[unit.name, "状态"] == "未报送"
        else:
            assert said == load_report(unit.id, YEAR, target).cells[key].text
    with pytest.raises(UsageError, match=r"是否为 t2\.licensing\.decisions？"):
        nb.cases(report, "t2.licensing.decision")
