"""Copied prose: what is told, by section, and what is left alone."""

from __future__ import annotations

import os
import random
from collections.abc import Callable
from pathlib import Path

import mangling
import pytest
import rulebook as rb
from hypothesis import given, settings
from hypothesis import strategies as st

from nianbao.params.narratives import narrative_of
from nianbao.params.writer import dump_params
from nianbao.params.yamlio import read_yaml
from nianbao.report import Report, load_report
from nianbao.rules import Finding, check_report, likeness
from nianbao.rules.likeness import settled
from nianbao.rules.overlap import ALIKE, SHORTEST, common_share, compare, longest_common, plain

# 示例：为测试编的文字。
ANHAI = """安海镇坚持把政务公开作为联系群众的桥梁，全年围绕侨乡特色、古镇保护和产业转型做好信息发布，让居民看得到、看得懂、能监督。
围绕五里古桥周边环境整治，安海镇人民政府先后公布征收补偿方案、进度安排和咨询方式，安排专人在现场解答，收集意见后逐条回应。
我镇还把惠企政策拆成流程图，送到园区和商会，由企业服务专员上门讲解，减少跑动；对群众常问的低保、医保、建房审批等事项，编成口袋书发到村里。
镇政府每季度抽查一次栏目，发现链接失效、内容陈旧的，当天通知责任办公室更换，年底向班子汇报整改情况。"""
STRANGER = """池店的做法是先问需求再定清单。年初向各社区征集想知道的事，汇总后按轻重排出公开顺序，谁承办、何时公布写得清清楚楚。
对拆迁安置这类大家盯得紧的工作，把评估机构的选定、房源分配的办法、每一户的结果都贴到小区门口，也放到网上，方便外出务工的人查。
遇到看不明白的地方，社区书记用方言录成语音转到群里。窗口人员轮岗前先过业务关，答复口径统一，避免各说各话。
年底请居民代表打分，哪里做得不好就从哪里改起，评分不公开粉饰，结果同干部的年终奖励挂钩。"""
FEES = (
    "按照《国务院办公厅关于印发〈政府信息公开信息处理费管理办法〉的通知》（国办函〔2020〕109号）和《福建省政府信息公开办法》规定的"
    "按件、按量收费标准，本年度没有发出收费通知，没有收取信息处理费；除此之外没有其他需要报告的事项。本报告依据《中华人民共和国政府信息公开条例》"
    "和《国务院办公厅政府信息与政务公开办公室关于政府信息公开工作年度报告有关事项的通知》编制。"
)


def bare(text: str, unit: str = "anhai") -> str:
    said = next(one for one in rb.units() if one.id == unit)
    return plain(text, said.name, said.official_name, "晋江市")


def swapped(text: str) -> str:
    """As a copyist of 永和镇 would leave it."""
    return text.replace("安海镇人民政府", "永和镇人民政府").replace("安海", "永和")


def shares(own: str, other: str, unit: str = "yonghe", another: str = "anhai") -> list[int]:
    """What is told of the text of one unit beside the text of another: nothing, or the share."""
    found = compare({"overview": bare(own, unit)}, {"另一个": {"overview": bare(other, another)}})
    return [one.share for one in found]


def findings(report: Report, code: str) -> list[Finding]:
    return [finding for finding in check_report(report).findings if finding.rule == code]


def test_a_copy_is_a_copy() -> None:
    assert shares(ANHAI, ANHAI, "anhai", "anhai") == [100]
    assert shares(ANHAI, ANHAI)[0] >= 95  # and not even the name was changed
    assert shares(STRANGER, ANHAI, "chidian") == []


@pytest.mark.parametrize(
    ("change", "least"),
    [
        (swapped, 100),
        (lambda text: swapped(text).replace("我镇", "我街道"), 100),
        (lambda text: swapped(text).replace("每季度", "每年4次，即每季度").replace("一次", "１次"), 95),
        (lambda text: swapped(text).replace("，", ", ").replace("。", "。\n\n"), ALIKE),
        (lambda text: "\n".join(reversed(swapped(text).split("\n"))), 97),
        (lambda text: "".join("甲" if number % 16 == 15 else char for number, char in enumerate(text)), ALIKE),
        (lambda text: swapped(text) + "以上工作由办公室牵头落实。", 90),
        (lambda text: swapped(text).replace("五里古桥", "![图注](a.png)五里古桥"), 100),
    ],
    ids=["names", "kind", "figures", "punctuation", "order", "every 16th character", "more besides", "picture"],
)
def test_a_copy_is_told_whatever_a_copyist_does_to_hide_it(change: Callable[[str], str], least: int) -> None:
    (share,) = shares(change(ANHAI), ANHAI)
    assert least <= share <= 100


def test_half_a_copy_is_none() -> None:
    own, other = ANHAI.split("\n"), STRANGER.split("\n")
    assert shares("\n".join(own[:2] + other[2:]), ANHAI) == []


def test_the_share_is_that_of_the_characters_in_common_pieces() -> None:
    text = bare(ANHAI)[:200]
    assert common_share(text, text[:170]) == 85
    assert common_share(text, text[:150]) == 75
    assert common_share(text, text[:7]) == 0
    assert common_share(text[:7], text[:7]) == 0


def test_short_sections_are_alike_by_nature() -> None:
    text = bare(ANHAI)
    for length, found in ((SHORTEST - 1, 0), (SHORTEST, 1)):
        assert len(compare({"other": text[:length]}, {"乙": {"other": text}})) == found


def test_what_the_form_and_the_law_prescribe_is_nobodys_own() -> None:
    """Titles, document numbers, figures, the preamble and headings of the five matters are the same everywhere."""
    assert compare({"other": bare(FEES)}, {"永和镇": {"other": bare(FEES, "yonghe")}}) == ()
    assert compare({"preamble": ANHAI}, {"永和镇": {"preamble": ANHAI}}) == ()
    heads = (
        "（一）主动公开情况",
        "（二）依申请公开情况",
        "（三）政府信息管理情况",
        "（四）平台建设情况",
        "（五）监督保障情况",
    )
    mine, theirs = (
        "\n".join(f"{head}\n{line}" for head, line in zip(heads, [*text.split("\n"), ""], strict=True))
        for text in (ANHAI, STRANGER)
    )
    assert shares(theirs, mine, "chidian") == []


def test_only_the_same_section_is_compared_and_the_most_alike_report_is_named() -> None:
    text = bare(ANHAI)
    others = {
        "甲": {"problems": text},
        "乙": {"overview": text[:-20]},
        "丙": {"overview": text},
        "丁": {"overview": text[:9]},
    }
    (one,) = compare({"overview": text}, others)
    assert (one.section, one.other, one.share, one.longest) == ("overview", "丙", 100, text)


def test_the_finding_names_the_section_the_share_and_the_longest_passage() -> None:
    report = rb.sound()
    assert report.previous is not None
    old, new = ANHAI.split("\n"), STRANGER.split("\n")
    last = rb.with_text(report.previous, problems=rb.PROBLEMS + ANHAI)
    text = "\n".join([rb.PROBLEMS, *old[:3], new[3]])
    (finding,) = findings(rb.replace(rb.with_text(report, problems=text), previous=last), "L-01")
    assert (finding.severity.value, finding.cell, finding.left) == ("warning", "narrative.problems", 87)
    assert finding.message == (
        "L-01〔五、存在的主要问题及改进情况〕不成立：与 2022 年的报告有 87% 相同，最长的一段 321 字："
        "“存在的问题：一是公开的内容还不够丰富，与群众的期待有差距；二是经办人员的业…”。写今年的情况。"
    )


def test_without_last_years_report_or_neighbours_there_is_nothing_to_be_like() -> None:
    assert not {"L-01", "L-02"} & rb.breaches(rb.sound(history=False))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A params folder in which 永和镇 and 池店镇 lie beside 安海镇, whose part five is 永和镇's."""
    path = mangling.write_sound(tmp_path / "params")
    text = path.read_text(encoding="utf-8")
    before = rb.PROBLEMS.replace("\n", "\n    ")
    path.write_text(text.replace(before, ANHAI.replace("\n", "\n    ")), encoding="utf-8", newline="\n")
    rb.write_narrative(path.with_name("yonghe.yaml"), problems=swapped(ANHAI))
    rb.write_narrative(path.with_name("chidian.yaml"), problems=STRANGER)
    return tmp_path / "params"


def test_a_neighbours_text_is_found_in_its_file(folder: Path) -> None:
    (finding,) = findings(load_report("anhai", 2023, folder), "L-02")
    assert finding.message.startswith(
        "L-02〔五、存在的主要问题及改进情况〕不成立：与永和镇今年的报告有 100% 相同，最长的一段 "
    )
    assert "“本单位坚持把政务公开作为联系群众的桥梁" in finding.message


@pytest.mark.parametrize("style", ["windows", "folded", "quoted", "comments"])
def test_a_neighbours_text_is_found_however_its_file_is_written(folder: Path, style: str) -> None:
    path = folder / "2023" / "yonghe.yaml"
    text = path.read_text(encoding="utf-8")
    match style:
        case "windows":
            path.write_bytes(text.replace("\n", "\r\n").encode())
        case "folded":
            path.write_text(text.replace("problems: |", "problems: >"), encoding="utf-8")
        case "quoted":
            prose = swapped(ANHAI).replace("\n", "\\n")
            path.write_text(f'unit: yonghe\nnarrative: {{problems: "{prose}"}}\n', encoding="utf-8")
        case "comments":
            path.write_text(text.replace("narrative:", "narrative:  # 正文\n  # 第五部分"), encoding="utf-8")
    assert [f.left for f in findings(load_report("anhai", 2023, folder), "L-02")] == [100]


def test_a_neighbours_file_that_cannot_be_read_is_told_and_blocks_nothing(folder: Path) -> None:
    (folder / "2023" / "yonghe.yaml").write_bytes("unit: 年".encode("gb18030"))
    result = check_report(load_report("anhai", 2023, folder))
    (finding,) = [f for f in result.findings if f.rule == "L-02"]
    assert finding.message == "L-02〔永和镇〕无法核对：读不出永和镇的正文（不是 UTF-8 文本）。"
    assert (finding.severity.value, result.ready) == ("info", True)


def test_reports_that_are_checked_in_one_go_ask_for_the_others_files_once(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the same verdicts; and outside, a neighbour's file that changes is seen at once."""
    looked: list[str] = []

    class Counted:
        @staticmethod
        def stat(path: str) -> os.stat_result:
            looked.append(path)
            return Path(path).stat()

    monkeypatch.setattr(likeness, "os", Counted)

    def verdicts() -> list[list[str]]:
        return [
            [found.message for found in findings(load_report(unit, 2023, folder), "L-02")]
            for unit in ("anhai", "anhai", "anhai")
        ]

    apart = verdicts()
    every = len(looked)
    looked.clear()
    with settled():
        assert verdicts() == apart and apart[0]
    assert 0 < len(looked) == every // 3

    path = folder / "2023" / "yonghe.yaml"
    rb.write_narrative(path, problems=STRANGER)
    assert verdicts() == [[]] * 3


SMALL = st.text(st.sampled_from("安海乙丙"), max_size=14)


@settings(max_examples=200, deadline=None)
@given(SMALL, SMALL)
def test_the_longest_common_passage_is_the_first_of_the_longest(text: str, other: str) -> None:
    every = (text[start:end] for start in range(len(text)) for end in range(start + 1, len(text) + 1))
    assert longest_common(text, other) == max((one for one in every if one in other), key=len, default="")


@settings(max_examples=50, deadline=None)
@given(st.text(st.sampled_from("安海乙丙丁"), min_size=8, max_size=60), st.text(max_size=40))
def test_a_text_stands_whole_in_itself_and_in_whatever_holds_it(text: str, more: str) -> None:
    assert common_share(text, text) == 100
    assert common_share(text, more + text + more) == 100


def test_a_long_text_is_compared_in_no_more_space_than_it_takes() -> None:
    """60,000 characters are as much as a part of the narrative may have."""
    text = "".join(random.Random(1).choices([chr(0x4E00 + number) for number in range(3000)], k=60_000))
    assert longest_common(text, f"{text[:30_001]}！{text[30_001:]}") == text[:30_001]
    assert len(longest_common("公" * 60_000, "公" * 59_999)) == 59_999


PROSE = st.lists(st.sampled_from(["", "公开  信息", "# 不是注释", "a: b", "- c", "{{ 年份 }}年"]), max_size=4).map(
    "\n".join
)


@settings(max_examples=40, deadline=None)
@given(
    texts=st.dictionaries(st.sampled_from(["overview", "problems", "other"]), PROSE, max_size=3), windows=st.booleans()
)
def test_a_narrative_read_on_its_own_is_the_one_of_the_whole_file(
    tmp_path_factory: pytest.TempPathFactory, texts: dict[str, str], windows: bool
) -> None:
    path = tmp_path_factory.mktemp("narrative") / "anhai.yaml"
    text = dump_params(None, {"unit": "anhai", "year": 2023, "narrative": texts, "t2": {}})
    path.write_bytes(text.replace("\n", "\r\n" if windows else "\n").encode())
    whole = read_yaml(path).data["narrative"] or {}
    assert {part: prose.strip("\n") for part, prose in narrative_of(path).items()} == {
        part: prose.strip("\n") for part, prose in whole.items()
    }
