"""Registers in the report: computed cells, typed against computed, the cases behind a cell, the narrative."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from nianbao.errors import UsageError
from nianbao.registers import cases
from nianbao.report import Report, load_report
from nianbao.report.prose import full_text
from nianbao.rules import CheckResult, check_report
from nianbao.statute.cell import Source

Make = Callable[..., Report]

PARAMS = Path(__file__).parents[2] / "params"
APPLICATIONS = """收件编号,收到日期,申请人类型,办理结果,答复日期
2023-1,2023-2-1,自然人,部分公开,2023-2-10
2023-2,2023-3-1,自然人,1.属于国家秘密,2023-3-10
2022-9,2022-12-20,商业企业,重复申请,2023-1-5
2023-3,2023-12-20,其他,,
"""
DISCLOSURES = """发布日期,标题,类别,渠道
2023-1-3,a,其他类信息,网站
2023-1-4,b,机构职能类信息,网站、微信
2023-1-5,c,,微信
"""


@pytest.fixture
def make(tmp_path: Path) -> Make:
    def run(text: str = "", year: int = 2023, **registers: str) -> Report:
        folder = tmp_path / "params"
        (folder / str(year) / "anhai").mkdir(parents=True, exist_ok=True)
        shutil.copy(PARAMS / "units.yaml", folder)
        (folder / str(year) / "anhai.yaml").write_text(f"unit: anhai\nyear: {year}\n{text}", encoding="utf-8")
        for name, content in registers.items():
            (folder / str(year) / "anhai" / f"{name}.csv").write_text(content, encoding="utf-8")
        return load_report("anhai", year, folder)

    return run


def findings(result: CheckResult, code: str = "T0-01") -> list[tuple[str | None, object, object]]:
    return [(f.cell, f.left, f.right) for f in result.findings if f.rule == code]


def test_what_is_not_typed_is_computed_and_knows_its_rows(make: Make) -> None:
    report = make(applications=APPLICATIONS)
    assert report["t3.denied.secret.natural"].rows == ("2023-2",)
    assert report["t3.carried_in.total"].rows == ("2022-9",)
    assert report["t3.total.total"].source is Source.REGISTER
    assert report["t3.total.total"].number == 3
    assert not report["t2.licensing.decisions"].is_number
    result = check_report(report)
    assert not {f.rule for f in result.findings} & {"T0-01", "T3-01", "T3-02", "T3-03", "T3-06"}
    assert result.held["T3-01"] == 7


def test_typed_and_computed_that_agree_hold(make: Make) -> None:
    report = make("t3:\n  received: [2, 0, 0, 0, 0, 1]\n  partial: [1, 0, 0, 0, 0, 0, 1]\n", applications=APPLICATIONS)
    assert report["t3.received.natural"].source is Source.TYPED
    assert report["t3.received.total"].source is Source.TOTALLED
    result = check_report(report)
    assert findings(result) == []
    assert result.held["T0-01"] == 13


def test_typed_and_computed_that_differ_block_and_name_the_rows(make: Make) -> None:
    report = make(
        "t3:\n  received: [4, 0, 0, 0, 0, 1]\n  denied:\n    secret: [/, 0, 0, 0, 0, 0, 0]\n", applications=APPLICATIONS
    )
    assert report["t3.received.natural"].number == 4
    result = check_report(report)
    assert ("t3.received.natural", 4, 2) in findings(result)
    assert ("t3.denied.secret.natural", "/", 1) in findings(result)
    assert not result.ready
    message = next(f.message for f in result.findings if f.cell == "t3.received.natural" and f.rule == "T0-01")
    assert message == (
        "T0-01〔一、本年新收政府信息公开申请数量·自然人〕不成立：填写 4，登记簿算得 2（2023-1、2023-2）。"
        "核对登记簿，或删去填写的数，由登记簿计算。"
    )


def test_a_typed_blank_gives_way_to_the_computed_figure(make: Make) -> None:
    report = make("t3:\n  received: [null, null, null, null, null, null, null]\n", applications=APPLICATIONS)
    assert report["t3.received.natural"].number == 2
    assert findings(check_report(report)) == []


def test_a_waiver_lets_a_known_difference_through(make: Make) -> None:
    text = "t3:\n  received: [4, 0, 0, 0, 0, 1]\n"
    (open_,) = [f for f in check_report(make(text, applications=APPLICATIONS)).findings if f.rule == "T0-01"]
    report = make(
        f"{text}waivers:\n  - {{rule: T0-01, cell: t3.received.natural, left: 4, right: 2, unit: anhai, year: 2023, "
        f"seen: '{open_.seen('anhai', 2023)}', reason: 两件登记在上级平台, name: 张三, date: 2024-01-05}}\n",
        applications=APPLICATIONS,
    )
    (finding,) = [f for f in check_report(report).findings if f.rule == "T0-01"]
    assert finding.waived is not None and not finding.blocks


def test_disclosure_flows_into_the_narrative(make: Make) -> None:
    text = "narrative:\n  overview: |\n    全年公开{{ 主动公开.总数 }}条，{{ 主动公开.分类 }}；微信{{ 主动公开.渠道.微信 }}条。\n"
    report = make(text, disclosures=DISCLOSURES)
    assert full_text(report)["overview"] == "全年公开2条，机构职能类信息1条、其他类信息1条；微信2条。"
    assert report.disclosed == 2


def test_disclosure_typed_and_computed(make: Make) -> None:
    typed = "disclosure:\n  total: 3\n  classes:\n    - {name: 机构职能, count: 1}\n    - {name: 农村工作, count: 2}\n  channels: {微信: 2, 微博: 9}\n"
    report = make(typed, disclosures=DISCLOSURES)
    assert findings(check_report(report)) == [
        ("disclosure.total", 3, 2),
        ("disclosure.classes.农村工作", 2, 0),
        ("disclosure.classes.其他类信息", None, 1),
    ]
    assert report.disclosure.total == 3
    assert report.disclosure.channels == {"微信": 2, "微博": 9}


def test_no_registers_nothing_to_compare(make: Make) -> None:
    report = make("t3:\n  received: [4, 0, 0, 0, 0, 1]\n")
    assert report.registers is None
    assert check_report(report).held["T0-01"] == 0
    with pytest.raises(UsageError, match="没有登记簿"):
        cases(report, "t3.received.natural")


def test_the_cases_behind_a_cell(make: Make) -> None:
    report = make(applications=APPLICATIONS, disclosures=DISCLOSURES)
    found = cases(report, "t3.denied.secret.natural")
    assert found.index.tolist() == [3]
    assert found.to_dict("records") == [
        {
            "收件编号": "2023-2",
            "收到日期": "2023-3-1",
            "申请人类型": "自然人",
            "办理结果": "1.属于国家秘密",
            "答复日期": "2023-3-10",
        }
    ]
    assert cases(report, "disclosure.channels.微信")["标题"].tolist() == ["b", "c"]
    assert len(cases(report, "t3.received.total")) == 3
    with pytest.raises(UsageError, match=r"是否为 t3.received.natural？"):
        cases(report, "t3.received.natura")


def test_the_cases_of_every_cell_are_as_many_as_its_figure(make: Make) -> None:
    report = make(applications=APPLICATIONS, disclosures=DISCLOSURES)
    assert report.registers is not None
    for key, cell in report.registers.figures.items():
        assert len(cases(report, key)) == cell.number == len(cell.rows)


def test_last_years_registers_are_read_too(make: Make) -> None:
    make(year=2022, applications=APPLICATIONS.splitlines()[0] + "\n2022-9,2022-12-20,商业企业,,\n")
    report = make(applications=APPLICATIONS)
    assert report.previous is not None
    assert report.previous["t3.carried_out.total"].rows == ("2022-9",)


def test_a_report_with_registers_is_picklable(make: Make) -> None:
    import pickle

    report = make(applications=APPLICATIONS)
    assert pickle.loads(pickle.dumps(report)).cells == report.cells
