"""Running text told from the words of a screenshot and the buttons of a page; lines broken in mid-sentence joined."""

from __future__ import annotations

import random

import pytest
from published_samples import page, read, said, zeros

from nianbao.published.running import joined, screenshots
from nianbao.statute import FORM_2021

SENTENCES = [
    "全年主动公开信息12条，其中机构职能类信息3条。",
    "（二）依申请公开",
    "一是加强学习；",
    "2.新媒体运用情况。",
    "联系方式：",
    "地址：示例路1号",
    "电话：0595-00000000",
    "工作考核",
    "社会评议",
    "责任追究",
    "加强组织领导，完善工作机制。",
]
SHOTS = [
    ["示例微平台", "某某镇人民政府", "福建", "党政工作动态 >", "8篇原创内容", "480个朋友关注", "已关注公众号", "发消息", "消息 视频 服务"],
    ["某某发布", "关注", "12个朋友关注", "发消息"],
    ["点赞", "在看", "收藏", "写留言"],
    ["【打印】", "打印本页", "关闭窗口", "返回顶部"],
    ["微信扫一扫", "关注公众号", "长按二维码识别"],
]  # fmt: skip


@pytest.mark.parametrize("shot", SHOTS, ids=lambda shot: shot[0])
@pytest.mark.parametrize("seed", range(8))
def test_a_screenshot_anywhere_in_a_part_is_found_whole_and_nothing_else(shot: list[str], seed: int) -> None:
    chance = random.Random(seed)
    before = [*chance.choices(SENTENCES, k=chance.randint(0, 6)), SENTENCES[0]]
    after = [SENTENCES[-1], *chance.choices(SENTENCES, k=chance.randint(0, 6))]
    assert screenshots([*before, *shot, *after]) == [range(len(before), len(before) + len(shot))]


def test_lines_without_the_words_of_an_application_stay() -> None:
    assert screenshots(SENTENCES * 3) == []
    assert screenshots(["工作考核", "社会评议", "责任追究", "关注民生"]) == []
    assert screenshots(["关注公众号", "发消息"]) == []  # two lines may be anything


def test_a_page_is_read_without_them_and_they_are_named() -> None:
    html = page(FORM_2021, zeros(FORM_2021))
    shot = "".join(f"<p>{line}</p>" for line in SHOTS[0])
    published = read(html.replace("<p>一是公开", f"{shot}<p>一是公开"))
    assert published.narrative == read(html).narrative
    assert "有 9 行像是截图上的字或网页的按钮，没有当作正文：示例微平台、" in said(published)


@pytest.mark.parametrize(
    ("lines", "whole"),
    [
        (["通过微信公众号“永和微平台”，并在公开栏", "发布政策解读，落实制度。"], 1),
        (["宣传国家的惠民政策和法律法规，", "真正让群众第一时间获得信息。"], 1),
        (["公开包括政策、", "规划、", "预算。"], 2),  # the middle brings no sentence to its end
        (["联系科室：办公室，电话：0595-00000000", "地址：示例路1号"], 2),
        (["加强领导，完善机制", "（二）依申请公开"], 2),
        (["加强领导，完善机制", "二是强化监督。"], 2),
        (["加强领导，完善机制", "2.平台建设情况：开设专栏。"], 2),
        (["（一）主动公开", "全年公开信息12条。"], 2),
        (["全年公开信息12条。", "其中网站10条。"], 2),
        (["存在的主要问题：", "一些栏目更新不及时。"], 2),
        (["晋江市永和镇人民政府", "2024年1月20日"], 2),
    ],
)
def test_only_a_line_broken_in_mid_sentence_goes_on(lines: list[str], whole: int) -> None:
    result = joined(lines)
    assert len(result) == whole and "".join(result) == "".join(lines)
