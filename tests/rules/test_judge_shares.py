"""Shares of several wholes in one text: each is held against the whole of its own row, and against no other."""

from __future__ import annotations

import itertools
import re
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import narratives as nv
import pytest

_TWO: dict[str, Any] = {"app": [[48, 2], 0, {"granted": [44, 2], "not_held": [1, 0]}, [3, 0]]}
_THREE: dict[str, Any] = {**_TWO, "rv": [1, 0, 0, 2, 3]}

# What is said, the figures of the tables; after a share in {} the count and the whole that it is of.
TEXTS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("收到申请50件，其中自然人申请48件，占比{48/50}；答复47件，其中予以公开46件，占比{46/47}；结转下年度继续办理3件。", _TWO),
    ("收到申请50件，其中自然人申请48件（占{48/50}）、企业申请2件（占{2/50}）；答复47件，其中予以公开46件（占{46/47}）、无法提供1件（占{1/47}）。", _TWO),
    ("收到申请50件。其中自然人申请48件，占{48/50}。答复47件。其中予以公开46件，占{46/47}。", _TWO),
    (
        "收到申请50件，其中自然人申请48件，占比{48/50}；答复47件，其中予以公开46件，占比{46/47}；发生行政复议3件，其中结果维持1件，占比{1/3}。",
        _THREE,
    ),
    ("公开信息80条，其中政策类信息20条，占{20/80}；发布解读15篇，其中图文解读9篇，占{9/15}；开展培训8次，其中专题培训3次，占{3/8}。", {}),
    ("收到申请50件，其中自然人申请48件、企业申请2件，分别占{48/50}、{2/50}；答复47件，其中予以公开46件，占{46/47}。", _TWO),
    ("答复47件，其中予以公开46件、无法提供1件，占比分别为{46/47}和{1/47}。", _TWO),
    ("公开信息80条，其中政策类信息20条、业务类信息45条、其他信息15条，分别占{20/80}、{45/80}和{15/80}。", {}),
    ("收到申请50件。从申请人看，自然人申请占{48/50}（48件），企业申请占{2/50}（2件）。", _TWO),
    ("公开信息80条，其中政策类信息占{20/80}，共20条；业务类信息占{45/80}，共45条；其他信息占{15/80}，共15条。", {}),
    ("公开信息80条，其中政策类信息20条，占{20/80}，含规范性文件8条，占40%；业务类信息60条，占{60/80}。", {}),
    ("公开信息80条，其中政策类信息20条，占{20/80}，含规范性文件8条，占总数的10%；业务类信息60条，占{60/80}。", {}),
    (
        "受理申请17件，按时办结12件，5件结转下年度办理。所有申请中，予以公开6件，占{6/12}；无法提供2件，占{2/12}；不予处理3件，占{3/12}；部分公开1件，占{1/12}。",
        {"app": [17, 0, {"granted": 6, "not_held": 2, "petition": 3, "partial": 1}, 5]},
    ),
)  # fmt: skip
_SHARE = re.compile(r"\{(\d+)/(\d+)\}")


def _percent(part: str, whole: str) -> Decimal:
    return (Decimal(part) * 100 / Decimal(whole)).quantize(Decimal("0.1"), ROUND_HALF_UP)


def _written(text: str, instead: dict[int, Decimal]) -> str:
    number = itertools.count()
    return _SHARE.sub(lambda match: f"{instead.get(next(number), _percent(match[1], match[2]))}%", text)


_IDS = [f"{number}-{text[:10]}" for number, (text, _) in enumerate(TEXTS)]


@pytest.mark.parametrize(("text", "figures"), TEXTS, ids=_IDS)
def test_each_share_is_of_the_whole_of_its_own_row(text: str, figures: dict[str, Any]) -> None:
    """Silent as it stands; heard with any share as it would be of another whole, or simply wrong."""
    assert nv.heard(_written(text, {}), figures) == []
    shares = _SHARE.findall(text)
    wholes = {whole for _, whole in shares}
    for number, (part, whole) in enumerate(shares):
        right = _percent(part, whole)
        wrong = {_percent(part, other) for other in wholes if int(other) >= int(part)} | {right + 1, right - 2}
        for value in sorted(value for value in wrong - {right} if 0 < value <= 100):
            told = nv.heard(_written(text, {number: value}), figures)
            assert any(message.startswith(("P-07", "P-10")) for message in told), (part, whole, value)


@pytest.mark.parametrize("words", ["占受理总数的", "占申请总量的", "占全部申请的"])
def test_words_may_name_a_whole_that_stands_farther_off(words: str) -> None:
    text = f"收到申请50件，其中自然人申请48件，占比96%；答复47件，其中予以公开46件，{words}{{}}。"
    assert nv.heard(text.format("92%"), _TWO) == []


@pytest.mark.parametrize("text", [
    "收到申请50件，自然人申请48件，占{48/50}；答复47件，予以公开46件，占{46/47}；结转下年度继续办理3件。",
    "收到申请50件，自然人申请48件，占{48/50}；答复47件，予以公开46件，占{46/50}；结转下年度继续办理3件。",
])  # fmt: skip
def test_where_nothing_says_that_a_count_is_part_of_another_either_may_be_the_whole(text: str) -> None:
    assert nv.heard(_written(text, {}), _TWO) == []


# Rates, growth and shares in brackets, each with what stands for the right figure and figures that are wrong.
TOLD: tuple[tuple[str, dict[str, Any], str, str], ...] = (
    ("办理群众来件1763件，办结1741件，办结率{}。", {}, "98.8%", "97.5% 99.2%"),
    ("社会评议参评500人，满意491人，满意率{}。", {}, "98.2%", "96.9% 99.8%"),
    ("抽查发现问题60个，已整改57个，整改率为{}。", {}, "95%", "93% 97.5%"),
    ("新收来件30件，结转2件，办结24件，办结率{}。", {}, "75%", "70%"),
    ("新收来件30件，结转2件，办结24件，办结率{}。", {}, "80%", "85%"),
    ("办理来件30件，办结24件，按时办结率{}。", {}, "95%", ""),
    ("办理来件30件，办结24件，办结率{}。", {}, "100%", ""),
    ("办理来件30件，未办结6件，办结率{}。", {}, "80%", ""),
    ("公开信息218条，同比上升{}（2023年为199条）。", {}, "9.5%", "8.2% 10.5%"),
    ("公开信息105条，较2023年同期（98条）多{}条。", {}, "7", "6 8"),
    ("公开信息156条，比上年增加22条，增长{}。", {}, "16.4%", "15.1% 22%"),
    ("公开信息134条，比上年减少22条，下降{}。", {}, "14.1%", "16.4%"),
    ("收到申请34件，其中当面申请2件、网络申请32件，较上年的29件增长{}。", {"app": [34, 0, {"granted": 34}, 0]}, "17.2%", "18.2%"),
    ("办结件按结果分：28件中，予以公开12件（{}）、部分公开3件（10.7%）、无法提供13件（46.4%）。", {"app": [28, 0, {"granted": 12, "partial": 3, "not_held": 13}, 0]}, "42.9%", "41.6% 44%"),
)  # fmt: skip


@pytest.mark.parametrize(("text", "figures", "right", "wrong"), TOLD, ids=[f"{at}-{one[0][:12]}" for at, one in enumerate(TOLD)])  # fmt: skip
def test_a_rate_or_growth_is_held_against_the_figures_beside_it(
    text: str, figures: dict[str, Any], right: str, wrong: str
) -> None:
    assert nv.heard(text.format(right), figures) == []
    for other in wrong.split():
        assert len(nv.heard(text.format(other), figures)) == 1, other
