"""compare: a report against the page that was published of it, and two years of one body side by side."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from nianbao.demo import write_demo
from nianbao.publish.build import publish
from nianbao.report import load_report
from nianbao.verify.published import against_page
from nianbao.verify.years import SMALL, _question, side_by_side, workbook
from tests.command import nianbao
from tests.conftest import PARAMS


@pytest.fixture(scope="module")
def golden(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """永和镇 2023 as it was built."""
    out = tmp_path_factory.mktemp("golden")
    return publish("yonghe", 2023, PARAMS, out).folder


def saved(golden: Path, folder: Path, change: Callable[[str], str]) -> Path:
    page = folder / "page.html"
    page.write_text(change((golden / "report.html").read_text(encoding="utf-8")), encoding="utf-8")
    return page


def differences(golden: Path, page: Path) -> list[str]:
    return [str(one) for one in against_page(load_report("yonghe", 2023, PARAMS), golden, page)]


def replaced(old: str, new: str) -> Callable[[str], str]:
    def change(text: str) -> str:
        found, count = re.subn(old, new, text, count=1)
        assert count == 1
        return found

    return change


def test_a_report_is_what_its_own_page_says(golden: Path, tmp_path: Path) -> None:
    assert differences(golden, saved(golden, tmp_path, lambda text: text)) == []


@pytest.mark.parametrize(
    ("change", "where"),
    [
        (replaced(r"(行政许可</t[hd]>\s*<td[^>]*>)\s*(\d+)", r"\g<1>9\2"), "行政许可〔本年处理决定数量〕"),
        (replaced(r"<p>[^<]*微平台[^<]*</p>", ""), "一、总体情况"),
        (replaced(r"2024年1月(\d+)日</p>", r"2024年2月\1日</p>"), "日期"),
        (replaced(r"(<h1[^>]*>(?:[^<]|<wbr>)*?)2023", r"\g<1>2022"), "标题"),
    ],
    ids=["one changed cell", "a lost paragraph", "another date", "another title"],
)
def test_each_difference_is_named(golden: Path, tmp_path: Path, change: Callable[[str], str], where: str) -> None:
    found = differences(golden, saved(golden, tmp_path, change))
    assert any(line.startswith(f"{where}：") for line in found), found
    assert len(found) <= 2


def test_the_command_names_them_and_ends_with_1(golden: Path, tmp_path: Path) -> None:
    page = saved(golden, tmp_path, replaced(r"2024年1月(\d+)日</p>", r"2024年2月\1日</p>"))
    done = nianbao("compare", "永和镇", "2023", page, "--params", PARAMS, "--out", golden.parent.parent)
    assert done.code == 1 and "日期：公布的网页为" in done.out


def test_two_years_cell_by_cell(tmp_path: Path) -> None:
    write_demo(2025, tmp_path / "params", PARAMS)
    before, now = (load_report("anhai", year, tmp_path / "params") for year in (2024, 2025))
    lines = side_by_side(before, now)
    assert [line.key for line in lines] == ["disclosure.total", *now.edition.fields]
    for line in lines[1:]:
        old, new = before.cells[line.key], now.cells[line.key]
        assert (line.before, line.now) == (old.text, new.text)
        difference = new.number - old.number
        assert line.change == ("" if not difference else f"{difference:+}")
    assert workbook(before, now, lines) == workbook(before, now, lines)


@pytest.mark.parametrize(
    ("old", "new", "word"),
    [
        (0, SMALL, "从无到有"),
        (SMALL, 0, "降为0"),
        (SMALL, 2 * SMALL + 1, "一倍以上"),
        (2 * SMALL + 1, SMALL, "一半以上"),
        (SMALL, 2 * SMALL, ""),
        (0, SMALL - 1, ""),
        (SMALL, SMALL, ""),
    ],
)
def test_swings_that_a_reviewer_asks_about(old: int, new: int, word: str) -> None:
    found = _question(old, new)
    assert word in found and found.startswith("提示：") is bool(found) is bool(word)
