"""A corpus says of a text what comparing it with each of the others says, however many there are."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from nianbao.rules.overlap import ALIKE, PIECE, Corpus, common_share

BLOCKS = st.sampled_from(
    ["依法公开政府信息，做到应公开尽公开", "组织培训和督查", "群众来信来访及时答复，不拖延", "甲乙丙丁", "一", "二三"]
)
TEXTS = st.lists(BLOCKS, max_size=14).map("".join)


@settings(max_examples=400)
@given(st.lists(TEXTS, min_size=1, max_size=9), st.integers(0, 8))
def test_it_says_what_comparing_each_pair_says(texts: list[str], own: int) -> None:
    named = {str(number): text for number, text in enumerate(texts)}
    name = str(own % len(texts))
    shares = {other: common_share(named[name], text) for other, text in named.items() if other != name}
    expected = {other: share for other, share in shares.items() if share >= ALIKE}
    assert Corpus(named).alike(named[name], name) == (expected if len(named[name]) >= PIECE else {})


@given(st.integers(60, 200))
def test_beyond_a_machine_word(count: int) -> None:
    base = "各科室按照分工做好信息的收集、审核、发布和更新，遇有申请及时登记办理。" * 4
    named = {str(number): base[: 40 + number % 90] + f"第{number}号" for number in range(count)}
    corpus = Corpus(named)
    for name in ("0", str(count // 2), str(count - 1)):
        shares = {other: common_share(named[name], text) for other, text in named.items() if other != name}
        assert corpus.alike(named[name], name) == {other: share for other, share in shares.items() if share >= ALIKE}
