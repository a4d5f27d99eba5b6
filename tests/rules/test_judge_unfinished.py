"""〔待填〕 is told of once, by D-30: nothing else of its sentence is judged, everything else of the text is."""

from __future__ import annotations

import re
from typing import Any

import narratives as nv
import pytest
from test_judge_sentences import SENTENCES

from nianbao.rules.judge.holdings import ReportHoldings
from nianbao.rules.judge.passages import Passage
from nianbao.rules.judge.reading import Role, judge

_IDS = [text[:12] for text, _, _ in SENTENCES]
_COUNT = re.compile(r"\d+(?=[件条份篇])")
_APPLIED: dict[str, Any] = {
    "app": [[48, 2], 0, {"granted": [44, 2], "not_held": [1, 0]}, [3, 0]],
    "rv": [1, 0, 0, 2, 3],
}
# A sentence that is wrong, the rule that tells of it, and what of it might be left to be filled in.
WRONG = (
    ("公开信息48条，其中政策40条，业务30条，占比62.5%。", "P-03", "62.5"),
    ("公开信息48条，分别为政策10条，业务30条，动态6条，共3个栏目。", "P-03", "3"),
    ("收到政府信息公开申请51件，提供咨询6次。", "P-01", "6"),
    ("收到申请50件，其中自然人申请47件，开展培训6次。", "P-02", "6"),
    ("收到申请50件，其中自然人申请48件，占比95%，培训6次。", "P-07", "6"),
    ("公开信息6条，政策类占54%，业务类占30%，其他占10%，涉及6个领域。", "P-09", "6"),
    ("发生行政复议3件，全部维持，培训6次。", "P-14", "6"),
    ("收到申请50件，均已按时办结，培训6次。", "P-11", "6"),
    ("未收到政府信息公开申请，培训6次。", "P-12", "6"),
    ("公开信息48条，比上年的40条增长30%，培训6次。", "P-20", "6"),
    ("培训6次，政务服务满意率达102%。", "P-22", "6"),
)  # fmt: skip
MARKS = ("〔待填〕", "（待填：全年数）", "【待填】", "[待填：见台账]")


@pytest.mark.parametrize(("text", "figures"), [one[:2] for one in SENTENCES], ids=_IDS)
def test_of_a_sentence_with_a_figure_still_to_be_filled_in_nothing_else_is_told(
    text: str, figures: dict[str, Any]
) -> None:
    """That the others do not come to their whole is no second fault."""
    for figure in _COUNT.finditer(text):
        assert nv.heard(f"{text[: figure.start()]}〔待填〕{text[figure.end() :]}", figures) == [], figure


@pytest.mark.parametrize(("text", "rule", "left"), WRONG, ids=[rule for _, rule, _ in WRONG])
@pytest.mark.parametrize("mark", MARKS)
def test_no_rule_judges_a_sentence_before_it_is_whole(text: str, rule: str, left: str, mark: str) -> None:
    assert any(message.startswith(rule) for message in nv.heard(text, _APPLIED)), nv.heard(text, _APPLIED)
    unfinished = re.sub(rf"(?<![\d.]){re.escape(left)}(?![\d.])", mark, text, count=1)
    assert unfinished != text
    assert nv.heard(unfinished, _APPLIED) == []
    assert len(nv.heard(unfinished, _APPLIED, "D-30")) == 1


@pytest.mark.parametrize(("text", "rule", "left"), WRONG, ids=[rule for _, rule, _ in WRONG])
@pytest.mark.parametrize(
    "gap", ["另有信息〔待填〕条。", "名称为“〔待填〕”。", "印发《关于〔待填〕的通知》。", "其中〔待填：分类〕。"]
)
def test_every_other_sentence_is_judged(text: str, rule: str, left: str, gap: str) -> None:
    told = {message[:4] for message in nv.heard(text, _APPLIED)}
    for whole in (f"{gap}{text}", f"{text}{gap}", f"{gap}\n{text}", f"{text}\n{gap}"):
        assert {message[:4] for message in nv.heard(whole, _APPLIED)} == told, whole


@pytest.mark.parametrize("text", [
    "收到申请50件。公开信息〔待填〕条。其中政策20条、业务60条。",
    "公开信息9条。公开解读〔待填〕篇。其中政策20篇、业务60篇、其他3篇。",
    "公开信息9条。收到“〔待填〕”。政策20条、业务60条，其他3条。",
    "公开信息48条，具体如下：\n政策20条；\n业务〔待填〕条；\n其他3条。",
    "公开信息48条，具体如下：\n政策20条；\n其他3条；\n业务〔待填〕条。",
    "收到申请50件。答复〔待填〕件。其中予以公开46件，占97.9%。",
])  # fmt: skip
def test_no_row_reaches_over_what_is_still_to_be_filled_in(text: str) -> None:
    assert nv.heard(text, _APPLIED) == []


@pytest.mark.parametrize(("text", "figures"), [one[:2] for one in SENTENCES], ids=_IDS)
def test_the_figures_beside_it_are_shown_as_withheld(text: str, figures: dict[str, Any]) -> None:
    report = nv.report_of(
        {"id": "示例", "year": 2024, "unit": "示例局", "excerpt": f"说明。\n一、总体情况\n{text}", "faults": []}
    )
    holdings = ReportHoldings(report)
    counted = judge([Passage("narrative.overview", "", text)], holdings, 2024).figures
    gapped = judge([Passage("narrative.overview", "", text.rstrip("。") + "，〔待填〕。")], holdings, 2024).figures
    assert [one.text for one in counted] == [one.text for one in gapped]
    first = len(re.split("[。！？]", text.rstrip("。"))) == 1
    assert not first or all(one.role is Role.ODD for one in gapped)
