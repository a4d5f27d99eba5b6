"""Another city by params alone: a made-up one (示例) with three units, from params to the finished files."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from nianbao.demo import write_demo
from nianbao.errors import UnknownUnitError
from nianbao.params import load_units
from nianbao.report import load_report
from nianbao.rules import check_report
from tests.command import nianbao
from tests.conftest import PARAMS, TOP

# 示例：这座城市和它的单位都是为测试编的。
UNITS = """\
city:
  id: shili
  name: 示例市
  kind: 市
  official_name: 示例市人民政府
  portal: 示例之窗
  sites: [shili.gov.cn, shengji.gov.cn]
  regulation: 某省政府信息公开规定
  papers: [示例日报]
  elsewhere: [邻近市, 远方县]
units:
  - {id: dongjie, name: 东街街道, kind: 街道, official_name: 示例市人民政府东街街道办事处, wechat_account: 东街在线}
  - {id: heping, name: 河坪镇, kind: 镇, official_name: 示例市河坪镇人民政府, doc_prefix: 示河政}
  - {id: shanqian, name: 山前镇, kind: 镇, official_name: 示例市山前镇人民政府, phone: "0000-1234567"}
"""
YEAR = 2024


@pytest.fixture(scope="module")
def params(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("shili")
    (folder / "units").mkdir()
    (folder / "units" / "units.yaml").write_text(UNITS, encoding="utf-8")
    write_demo(YEAR, folder / "params", folder / "units")
    return folder / "params"


def test_the_code_names_no_city() -> None:
    """What is true of one city stands in its params: its name, its site, its papers, the cities around it."""
    city = load_units(PARAMS).city
    words = [city.name.removesuffix("市"), city.portal or "", *city.papers, *city.elsewhere, "泉州"]
    sites = [site.removesuffix(".gov.cn") + ".gov.cn" for site in city.sites]
    named = re.compile("|".join(map(re.escape, filter(None, [*words, *sites]))))
    found = [
        f"{path.relative_to(TOP)}:{number}: {line.strip()}"
        for path in sorted((TOP / "lib").rglob("*.py"))
        if "judge" not in path.parts
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if named.search(line)
    ]
    assert found == []


def test_its_reports_are_ready_and_speak_of_it_alone(params: Path) -> None:
    for unit in load_units(params).units:
        report = load_report(unit.id, YEAR, params)
        assert check_report(report).blocking == (), unit.name
        assert report.title == f"示例市{unit.name}{YEAR}年政府信息公开工作年度报告"
        text = (params / str(YEAR) / f"{unit.id}.yaml").read_text(encoding="utf-8")
        assert "示例之窗" in text and "晋江" not in text and "福建" not in text


def test_it_is_built_to_the_last_file(params: Path, tmp_path: Path) -> None:
    ran = nianbao("build", "河坪镇", str(YEAR), "--params", str(params), "--out", str(tmp_path))
    assert ran.code == 0, ran.err
    folder = tmp_path / str(YEAR) / "heping"
    page = (folder / "report.html").read_text(encoding="utf-8")
    assert "示例市河坪镇" in page and "示例之窗" in page and "晋江" not in page
    assert {"report.pdf", "report.web.html", "tables.json", "manifest.json"} <= {path.name for path in folder.iterdir()}


def test_an_unknown_unit_is_answered_for_this_city(params: Path) -> None:
    with pytest.raises(UnknownUnitError, match="单位“河平镇”：不在示例市的单位名单里。是否为 河坪镇？"):
        load_units(params).find("河平镇")


@pytest.mark.parametrize(
    ("line", "rule"),
    [
        ("可在 www.shili.gov.cn 查阅。", None),
        ("可在 zwgk.shili.gov.cn 查阅。", None),
        ("可在 www.shengji.gov.cn 和 www.gov.cn 查阅。", None),
        ("可在 www.jinjiang.gov.cn 查阅。", "D-14"),
        ("可在 www.notshili.gov.cn 查阅。", "D-14"),
        ("按照邻近市人民政府的部署，扎实推进。", "D-12"),
        ("按照石狮市人民政府的部署，扎实推进。", None),
    ],
)
def test_its_own_sites_and_the_cities_around_it_come_from_its_params(
    params: Path, tmp_path: Path, line: str, rule: str | None
) -> None:
    before = {finding.rule for finding in check_report(load_report("heping", YEAR, params)).findings}
    path = params / str(YEAR) / "heping.yaml"
    text = path.read_text(encoding="utf-8")
    try:
        path.write_text(text.replace("  preamble: |\n", f"  preamble: |\n    {line}\n"), encoding="utf-8")
        found = {finding.rule for finding in check_report(load_report("heping", YEAR, params)).findings}
    finally:
        path.write_text(text, encoding="utf-8")
    assert found - before == ({rule} if rule else set())


@pytest.mark.parametrize("channel", ["示例之窗", "“示例之窗”", "门户网", "本市网站"])
def test_what_the_portal_calls_itself_is_the_website_in_a_register(params: Path, channel: str) -> None:
    folder = params / str(YEAR) / "shanqian"
    folder.mkdir(exist_ok=True)
    register = folder / "disclosures.csv"
    register.write_text(f"标题,类别,发布日期,渠道\n甲,机构职能,{YEAR}-03-01,{channel}\n", encoding="utf-8")
    path = params / str(YEAR) / "shanqian.yaml"
    text = path.read_text(encoding="utf-8")
    try:
        path.write_text(re.sub(r"(?ms)^disclosure:\n(?:  .*\n)+", "", text), encoding="utf-8")
        registers = load_report("shanqian", YEAR, params).registers
    finally:
        register.unlink()
        path.write_text(text, encoding="utf-8")
    assert registers is not None and registers.total is not None
    assert (registers.total.value, dict(registers.channels)) == (1, {})
