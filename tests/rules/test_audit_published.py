"""Real classes and totals, in the wording of the reports they come from: nothing is found but what is wrong."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import rulebook as rb

from nianbao.report import Report
from nianbao.rules import check_report
from nianbao.rules.finding import Finding

PUBLISHED: list[dict[str, Any]] = json.loads(
    (Path(__file__).parents[1] / "golden" / "published_classes.json").read_text(encoding="utf-8")
)

# How reports of this kind put it; the classes follow one after another.
WORDINGS = {
    "其中": "{year}年，主动公开政府信息{total}条，其中：{classes}。",
    "主要包括": "全年主动公开信息数{total}条，全文电子化率达100%。公开的内容主要包括，{classes}，全文百分百电子化。",
    "网站": "{year}年度，通过政府门户网站主动公开政府信息的数量为{total}条，按类别分：{classes}。",
    "共计": "主动公开的信息中，{classes}，共计{total}条。",
    "逐行": "主动公开政府信息{total}条，具体如下：\n{lines}",
}


def prose(entry: dict[str, Any], wording: str, unit: str = "条") -> str:
    items = [f"{item['name']}{item['count']}{unit}" for item in entry["categories"]]
    lines = "\n".join(f"{number}.{item}。" for number, item in enumerate(items, start=1))
    text = WORDINGS[wording].format(
        year=entry["year"], total=entry["proactive_total"], classes="、".join(items), lines=lines
    )
    return text.replace(f"{entry['proactive_total']}条", f"{entry['proactive_total']}{unit}", 1)


def report_of(entry: dict[str, Any], wording: str, *, typed: bool = False, unit: str = "条") -> Report:
    """An otherwise sound report of the same year with the published classes, in the prose or in the params."""
    report = rb.sound(entry["year"])
    received = entry.get("applications_received")
    channels = {"微信": entry["wechat_posts"]} if "wechat_posts" in entry else {}
    disclosure: dict[str, Any] = {"total": entry["proactive_total"], "channels": channels}
    if typed:
        disclosure["classes"] = entry["categories"]
    lines = [
        "{{ 年份 }}年，我镇扎实推进工作。",
        prose(entry, wording, unit),
        *(f"微信公众号推送信息{posts}条。" for posts in channels.values()),
        "收到政府信息公开申请{{ 依申请公开.新收 }}件。" if received is None else f"收到政府信息公开申请{received}件。",
        "加强政府信息管理，做好平台建设，落实监督保障，开展考核、社会评议，没有责任追究的情形。",
    ]
    if received is not None:
        report = with_received(report, received)
    return rb.with_text(rb.with_params(report, disclosure=disclosure), overview="\n".join(lines))


def with_received(report: Report, received: int) -> Report:
    """All applications from natural persons, granted; nothing carried over."""
    cells = {key: 0 for key in report.cells if key.startswith("t3.")}
    for row in ("received", "granted", "total"):
        cells |= {f"t3.{row}.natural": received, f"t3.{row}.total": received}
    report = rb.with_cells(report, cells)
    last = {key: 0 for key in report.cells if key.startswith("t3.carried_out.")}
    return rb.with_last_year(report, last) if report.previous else report


def findings(report: Report) -> list[Finding]:
    """Findings, those aside that only say that last year cannot be told, or that the catalogue is not mentioned."""
    return [f for f in check_report(report).findings if f.outcome.value == "fails" and f.rule != "D-37"]


@pytest.mark.parametrize("unit", ["条", "件"])
@pytest.mark.parametrize("wording", WORDINGS)
@pytest.mark.parametrize("entry", PUBLISHED, ids=lambda entry: f"{entry['unit']}{entry['year']}")
def test_the_published_classes_give_the_one_finding_they_contain(
    entry: dict[str, Any], wording: str, unit: str
) -> None:
    found = [(f.rule, f.left, f.right) for f in findings(report_of(entry, wording, unit=unit))]
    assert found == ([("P-03", 14, 16)] if entry["unit"] == "西洋镇" else [])


@pytest.mark.parametrize("entry", PUBLISHED, ids=lambda entry: f"{entry['unit']}{entry['year']}")
def test_the_same_classes_typed_as_figures_give_the_same_one_finding(entry: dict[str, Any]) -> None:
    report = report_of(entry, "其中", typed=True)
    overview = (report.params.narrative.overview or "").splitlines()
    overview[1] = "主动公开政府信息{{ 主动公开.总数 }}条，其中{{ 主动公开.分类 }}。"
    found = [(f.rule, f.cell) for f in findings(rb.with_text(report, overview="\n".join(overview)))]
    assert found == ([("P-03", "disclosure.total")] if entry["unit"] == "西洋镇" else [])


def test_the_one_finding_says_what_differs_and_what_stands_twice() -> None:
    entry = next(entry for entry in PUBLISHED if entry["unit"] == "西洋镇")
    (finding,) = findings(report_of(entry, "其中"))
    assert finding.message == (
        "P-03〔一、总体情况〕不成立：“…年，主动公开政府信息16条”，16 = 6＋2＋2＋1＋3，相差 2，其中“规划计划类信息”列了两次。核对各类的数和总数。"
    )


@pytest.mark.parametrize(
    "entry", [entry for entry in PUBLISHED if "doc_number" in entry], ids=lambda entry: str(entry["unit"])
)
def test_one_published_number_has_square_brackets(entry: dict[str, Any]) -> None:
    report = rb.with_params(
        rb.sound(entry["year"]), document={"number": entry["doc_number"]}, date=rb.date(entry["year"] + 1, 1, 20)
    )
    assert [f.rule for f in findings(report)] == (["D-06"] if entry["unit"] == "杏滨街道" else [])
