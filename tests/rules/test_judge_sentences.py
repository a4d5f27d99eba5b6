"""True sentences of kinds met in published reports, in words of our own: silent as they stand, and heard with a figure changed."""

from __future__ import annotations

import re
from typing import Any

import narratives as nv
import pytest

from nianbao.rules import check_report

# What is said, the figures of the tables (received, carried in, outcomes, carried out), others, which of its figures are checked.
SENTENCES: tuple[tuple[str, dict[str, Any], str], ...] = (
    ("公布市政府规章9件（含新制定3件，修改2件，废止4件），行政规范性文件6件。", {"n2": [6, 1, 20]}, ""),
    ("制定行政规范性文件6件，废止文件1件，现行有效文件20件。", {"n2": [6, 1, 20]}, "1 20"),
    ("制发新增行政规范性文件6份、废止1份、有效存续20份。", {"n2": [6, 1, 20]}, "1 20"),
    ("全年公开信息30条，其中指南1条，部门决算4（12个单位在4张总表中列出）条，其他信息25条。", {}, ""),
    ("公开涉及卫生的信息30条，全文电子化率100%。其中，指南1条，部门文件4条，其他信息25条。", {}, "30 1 4 25"),
    ("共发布政策解读25篇，解读形式包含文字、图片、视频等6种形式。印发规范性文件6件，废止文件1件。", {"n2": [6, 1, 20]}, ""),
    ("公开工作动态、人事任免等政务信息75条，意见征集、结果反馈等互动信息22条。其中公开资金信息33条，建议答复19条，提案答复16条。", {}, ""),
    ("全年公开信息12条。在主动公开的12条信息中，通知公告8条，其他类信息4条。", {}, "12 8 4"),
    ("全年公开信息12条，在主动公开的信息中，通知公告8条，其他类信息4条。", {}, "12 8 4"),
    ("共受理依申请公开事项59件，结转上年后新收到依申请公开事项47件。", {"app": [47, 12, {"granted": 59}, 0]}, "59"),
    ("收到依申请公开件64件，上年结转2件；办理35件，下年度继续办理31件。", {"app": [64, 2, {"granted": 35}, 31]}, "64 2 31"),
    ("新收到依申请公开政府信息42件，答复依申请公开政府信息39件，结转下年度继续办理3件。", {"app": [42, 0, {"granted": 39}, 3]}, "42 39 3"),
    ("市局接收到申请书55份，申请公开的信息主要涉及征地。", {"app": [55, 0, {"granted": 55}, 0]}, "55"),
    ("我局共收到政府信息公开申请情况7件。", {"app": [7, 0, {"granted": 7}, 0]}, "7"),
    ("共收到依申请公开办理事项7件，其中，6件均按时答复，1件结转下年办理。", {"app": [7, 0, {"granted": 6}, 1]}, "7"),
    (
        "依申请信息公开办理有69件，均为自然人申请。办理结果如下：予以公开65件；部分予以公开3件；结转下年度继续办理1件。",
        {"app": [69, 0, {"granted": 65, "partial": 3}, 1]},
        "69 65 3 1",
    ),
    (
        "公开信息36条。其中机构类信息20条，内有领导成员10条、机构职能10条；工作类信息11条，其中计划总结3条、通知公告8条；财政类信息5条。",
        {},
        "36 11 5",
    ),
    (
        "收到申请50件，其中自然人申请48件，占比96%；答复47件，其中予以公开46件，占比97.9%；结转下年度继续办理3件。",
        {"app": [[48, 2], 0, {"granted": [44, 2], "not_held": [1, 0]}, [3, 0]]},
        "50 48 47 46 3",
    ),
    (
        "共办结申请73件，其中予以公开23件，无法提供50件，转接下年度办理5件。",
        {"app": [78, 0, {"granted": 23, "not_held": 50}, 5]},
        "73 23 50 5",
    ),
    (
        "收到申请1046件。其中网站提交862件，占比82.4%；信函提交171件，占比16.3%；当面提交13件，占比1.3%。",
        {"app": [1046, 0, {"granted": 1046}, 0]},
        "1046 862 171 13",
    ),
    ("新接收依申请公开26件，办结申请25件，另有1件转2025年继续办理。", {"app": [26, 0, {"granted": 25}, 1]}, "26 25 1"),
    ("制发行政规范性文件6件，废止行政规范性文件1件，现行有效件数20件。", {"n2": [6, 1, 20]}, "6 1 20"),
    ("收到申请政府信息公开事项18件，已进行行政答复。", {"app": [18, 0, {"granted": 18}, 0]}, "18"),
    ("受理依申请公开9件。8件申请均在法定期限内予以回复。", {"app": [9, 0, {"granted": 8}, 1]}, "9 8"),
    ("公开组织机构4条、价格收费52条、重点项目12条，共发布68条。", {}, "4 52 12 68"),
    ("公开信息35条。其中目录中公开年报1条、机构4条，共发布5条；专题专栏包括机构3条、价格收费27条，共发布30条。", {}, "1 4 5 3 27 30"),
    ("微博发布12条，微信发布30条，全年共公开96条。", {}, ""),
    ("在网站公开机构信息3条、动态9条；在公众号共发布45条。", {}, ""),
    ("公开年报1条、指南2条，共发布政策解读5条。", {}, ""),
    ("网站主动公开信息2条，分别为规范性文件和许可事项。网站和公众号分别发布动态400条、300条。", {}, ""),
    ("网站和公众号共发布信息70条，分别发布40条、30条。", {}, "70 40 30"),
    ("全年办理政府信息公开申请12件，其中上年结转2件。", {"app": [10, 2, {"granted": 11}, 1]}, ""),
    (
        "收到政府信息公开申请18件，从办理结果来看，“予以公开”的12件，“无法提供”的4件，“其他处理”的2件。",
        {"app": [18, 0, {"granted": 12, "not_held": 4, "other_reason": 2}, 0]},
        "18 12 4 2",
    ),
    (
        "共受理依申请公开政府信息27件，25件为自然人申请，2件为法人申请，除1件尚在答复状态中，其余26件全部按时处理完毕。",
        {"app": [[25, 2], 0, {"granted": [24, 2]}, [1, 0]]},
        "27 25 2",
    ),
    ("公开信息331条，其中财政信息6条、基层政务公开26个试点领域信息288条、其他信息37条。", {}, "331 6 288 37"),
    ("主动公开信息45条，其中平台公开18条、政务微博（1个）发布12条、微信公众号（1个）发布15条。", {}, "45 18 12 15"),
    (
        "受理依申请公开3宗，其中信函2宗、当面1宗，全部予以答复，其中同意公开2宗、信息不存在1宗。",
        {"app": [3, 0, {"granted": 2, "not_held": 1}, 0]},
        "",
    ),
    ("启动防汛Ⅳ级应急响应6次、Ⅲ级响应2次，公开Ⅰ类信息30条，其中预警信息18条、通知信息12条。", {}, "30 18 12"),
    ("公开教育信息97条，其中招生信息12条、招聘信息5条、公示信息23批次涉及机构186家、其他信息57条。", {}, ""),
    ("全镇有8个村、2个社区。2024年：\n1.主动公开政府信息97条（政务动态62条，其他信息35条）。", {}, "97 62 35"),
    ("制发公文136件，其中主动公开28件，依申请公开0件，不予公开108件。", {"app": [7, 0, {"granted": 7}, 0]}, "136 28 108"),
    ("主动公开信息45条。依申请公开类0条，不予公开12条。", {"app": [7, 0, {"granted": 7}, 0]}, ""),
    ("依申请公开7件，予以公开5件，不予公开2件。", {"app": [7, 0, {"granted": 5, "process_info": 2}, 0]}, "7 5 2"),
    (
        "收到信息公开申请34件，其中当面申请2件、网络申请32件，较上年的29件增长17.2%。",
        {"app": [34, 0, {"granted": 34}, 0]},
        "34 29 2 32",
    ),
    (
        "办结信息公开申请5件：予以公开2件，信息不存在1件，不属于本行政机关公开2件。",
        {"app": [5, 0, {"granted": 2, "not_held": 3}, 0]},
        "5 2 1",
    ),
    ("一、二、三季度分别公开信息21条、34条、28条，全年共83条。", {}, "21 34 28 83"),
    ("公开信息48条。按信息类别划分，机构职能类8条、业务工作类40条。", {}, "48 8 40"),
    ("公开信息48条。从信息类别看，机构职能类8条、业务工作类40条。", {}, "8 40"),
    (
        "公开政策解读3条，办结依申请公开2件（公开1件、部分公开1件）。",
        {"app": [2, 0, {"granted": 1, "partial": 1}, 0]},
        "2 1",
    ),
    (
        "收到信息公开申请11件，申请内容涉及设施农用地备案（6件）、高标准农田建设（3件）、其他（2件）。",
        {"app": [11, 0, {"granted": 11}, 0]},
        "11 6 3 2",
    ),
    (
        "收到申请19件，其中涉及投诉举报处理情况15件、登记档案查询4件。办理结果：予以公开7件、不予处理12件。",
        {"app": [19, 0, {"granted": 7, "petition": 12}, 0]},
        "19 15 4 7 12",
    ),
    ("收到依申请公开2件，1件为物业纠纷，1件为老旧小区改造，均按期答复。", {"app": [2, 0, {"granted": 2}, 0]}, "2 1"),
    ("收到5件申请，4件为自然人、1件为其他组织。", {"app": [[4, 1], 0, {"granted": [4, 1]}, 0]}, "1"),
    ("复议2件，均被维持；诉讼1件，正在审理。", {"rv": [2, 0, 0, 0, 2], "dr": [0, 0, 0, 1, 1]}, "2 1"),
    (
        "公开信息30条，其中政策类12条、业务类18条。\n行政复议收到4件，其中撤回3件、维持1件。",
        {"rv": [1, 0, 3, 0, 4]},
        "30 12 18 4 3 1",
    ),
    (
        "办结申请40件，其中予以公开38件（占95%），不予公开1件、其他处理1件（各占2.5%）。",
        {"app": [40, 0, {"granted": 38, "process_info": 1, "other_reason": 1}, 0]},
        "40 38 1",
    ),
)  # fmt: skip


@pytest.mark.parametrize(("text", "figures", "checked"), SENTENCES, ids=[text[:12] for text, _, _ in SENTENCES])
def test_a_true_sentence_is_silent_and_a_false_one_is_heard(text: str, figures: dict[str, Any], checked: str) -> None:
    assert nv.heard(text, figures) == []
    for figure in checked.split():
        changed = re.sub(rf"(?<!\d){figure}(?=[件条份宗])", str(int(figure) + 1), text, count=1)
        assert changed != text
        assert nv.heard(changed, figures), changed


@pytest.mark.parametrize("number", ["〔2019〕60号", "〔2019〕61号", "〔2021〕31号"])
def test_the_number_of_the_notice_that_sets_the_form_is_right_whatever_else_is_written(number: str) -> None:
    named = "《国务院办公厅政府信息与政务公开办公室关于政府信息公开工作年度报告有关事项的通知》"
    told = {"id": "示例", "year": 2024, "unit": "示例市示例局", "faults": []}
    for opening, wrong in (
        (f"根据{named}（国办公开办函{number}）编制。", True),
        (f"另据国办公开办函{number}。", "60" in number),
    ):
        report = nv.report_of({**told, "excerpt": f"{opening}\n一、总体情况\n无。"})
        assert any(one.rule == "D-17" for one in check_report(report).findings) == wrong


@pytest.mark.parametrize(
    ("unit", "word"), [("示例镇", "本乡镇"), ("示例市市场监督管理局（知识产权局）", "我局"), ("示例街道", "本镇街")]
)
def test_words_for_bodies_of_every_kind_are_nobody_elses(unit: str, word: str) -> None:
    told = {"id": "示例", "year": 2024, "unit": unit, "faults": []}
    report = nv.report_of({**told, "excerpt": f"说明。\n一、总体情况\n2024年，{word}未收到政府信息公开申请。"})
    assert [one.message for one in check_report(report).findings if one.rule in ("D-13", "D-01")] == []


@pytest.mark.parametrize("kind", ["街道", "镇", "乡"])
@pytest.mark.parametrize("word", ["目前", "当前", "此外", "同时", "今后", "其中", "年底", "期间", "日常"])
def test_a_word_before_town_or_subdistrict_is_no_name(word: str, kind: str) -> None:
    told = {"id": "示例", "year": 2024, "unit": f"示例{kind}", "faults": []}
    text = f"公开信息9条。{word}{kind}信息公开的平台有网站和公开栏。"
    report = nv.report_of({**told, "excerpt": f"说明。\n一、总体情况\n{text}"})
    assert [one.message for one in check_report(report).findings if one.rule == "D-12"] == []


@pytest.mark.parametrize(
    ("text", "lost"),
    [
        ("依法办理政府信息公开申请件。", False),
        ("对收到的政府信息公开申请件，按期答复。", False),
        ("未接到书面方式申请的政府信息公开申请和网络方式申请的政府信息公开申请件，未发生行政复议。", False),
        ("认真办理申请件，共同做好答复。", False),
        ("全年共收到政府信息公开申请件，均已答复。", True),
        ("新收网络申请件。", True),
        ("累计受理政府信息公开申请件。", True),
        ("收到公民提交的政府信息公开申请件；均已答复。", True),
    ],
)
def test_an_application_may_be_called_申请件_where_none_is_counted(text: str, lost: bool) -> None:
    told = {"id": "示例", "year": 2024, "unit": "示例市示例局", "faults": []}
    report = nv.report_of({**told, "excerpt": f"说明。\n一、总体情况\n{text}"})
    assert any(one.rule == "D-19" for one in check_report(report).findings) == lost


def test_shares_are_evened_out_only_where_they_come_to_a_hundred() -> None:
    figures = {"app": [1046, 0, {"granted": 1046}, 0]}
    told = "收到申请1046件。其中网站提交862件，占比82.4%；信函提交171件，占比16.3%；当面提交13件，占比{}%。"
    assert nv.heard(told.format("1.3"), figures) == []
    for wrong in ("1.4", "1.1", "2.3"):
        assert nv.heard(told.format(wrong), figures), wrong
