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
