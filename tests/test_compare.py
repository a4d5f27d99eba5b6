"""compare: a report against the page that was published of it, and two years of one body side by side."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from nianbao.demo import write_demo
from nianbao.params.models import Published
from nianbao.publish.build import publish
from nianbao.report import Report, load_report
from nianbao.verify.published import against_page
from nianbao.verify.years import SMALL, _question, comparison, side_by_side, workbook
from nianbao.wording import quoted
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
        (replaced(r"<p>(?:(?!</p>).)*微平台.*?</p>", ""), "一、总体情况"),
        (replaced(r"2024年1月(\d+)日</p>", r"2024年2月\1日</p>"), "日期"),
        (replaced(r"(<h1[^>]*>(?:[^<]|<wbr>)*?)2023", r"\g<1>2022"), "标题"),
    ],
    ids=["one changed cell", "a lost paragraph", "another date", "another title"],
)
def test_each_difference_is_named(golden: Path, tmp_path: Path, change: Callable[[str], str], where: str) -> None:
    found = differences(golden, saved(golden, tmp_path, change))
    assert any(line.startswith(f"{where}：") for line in found), found
    assert len(found) <= 2
    assert all(
        one.endswith("。") and not one.endswith("。。") for one in differences(golden, saved(golden, tmp_path, change))
    )


FIGURE = r"<figure[^>]*>.*?</figure>"


@pytest.fixture(scope="module")
def charted(tmp_path_factory: pytest.TempPathFactory) -> tuple[Report, Path]:
    """A report with charts, and its folder."""
    folder = tmp_path_factory.mktemp("charted")
    write_demo(2025, folder / "params", PARAMS)
    done = publish("luoshan", 2025, folder / "params", folder / "out")
    return done.report, done.folder


def without_pictures(charted: tuple[Report, Path], folder: Path, text: str) -> list[str]:
    report, sealed = charted
    page = folder / "page.html"
    page.write_text(text, encoding="utf-8")
    return [str(one) for one in against_page(report, sealed, page) if one.where == "图片"]


def test_a_lost_picture_is_named_with_its_place(charted: tuple[Report, Path], tmp_path: Path) -> None:
    """Each of them, also where the site's own pictures make up the number."""
    text = (charted[1] / "report.html").read_text(encoding="utf-8")
    figures = re.findall(FIGURE, text, re.DOTALL)
    banner = '<img src="banner.png" alt="政府网站"><img src="logo.png" alt=""><main'
    assert len(figures) == 2
    for figure in figures:
        name = re.search('alt="([^"]*)"', figure)
        assert name
        found = without_pictures(charted, tmp_path, text.replace(figure, "").replace("<main", banner, 1))
        assert len(found) == 1 and f"缺少{quoted(name[1])}" in found[0] and "之后" in found[0]
    assert len(without_pictures(charted, tmp_path, re.sub(FIGURE, "", text, flags=re.DOTALL))) == 2


def test_pictures_that_a_site_hosts_itself_are_not_lost(charted: tuple[Report, Path], tmp_path: Path) -> None:
    """Its own address, no words for those who cannot see, the caption above instead of below."""
    text = (charted[1] / "report.html").read_text(encoding="utf-8")
    text = re.sub('src="data:image[^"]*"', 'src="W020240120.png"', text)
    text = re.sub('alt="[^"]*"', 'alt=""', text)
    text, moved = re.subn(r"(<img[^>]*>)\s*(<figcaption>.*?</figcaption>)", r"\2\1", text, flags=re.DOTALL)
    assert moved == 2 and without_pictures(charted, tmp_path, text) == []


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
@pytest.mark.parametrize(
    ("printed", "said"),
    [
        ("索引号：示例-2023-01", ""),
        ("索 引 号： 示例-2023-01", ""),
        ("索引号：QZ0000-2023-77", "索引号：公布的网页为 QZ0000-2023-77，登记的为 示例-2023-01"),
        ("", "索引号：公布的网页上没有，登记的为 示例-2023-01"),
    ],
    ids=["the same", "with blanks", "another", "none"],
)
def test_the_index_number(golden: Path, tmp_path: Path, encoding: str, printed: str, said: str) -> None:
    report = load_report("yonghe", 2023, PARAMS)
    published = Published(index_number="示例-2023-01")
    report = replace(report, params=report.params.model_copy(update={"published": published}))
    text = (golden / "report.html").read_text(encoding="utf-8").replace("<main", f"<p>{printed}</p><main", 1)
    page = tmp_path / "page.html"
    page.write_bytes(text.replace('charset="utf-8"', f'charset="{encoding}"').encode(encoding, "xmlcharrefreplace"))
    found = [str(one) for one in against_page(report, golden, page)]
    assert [line for line in found if line.startswith("索引号")] == ([f"{said}。"] if said else [])


def test_each_cell_that_a_page_changes_is_named_by_its_row_and_column(golden: Path, tmp_path: Path) -> None:
    """Every figure of part three, one after another."""
    report = load_report("yonghe", 2023, PARAMS)
    text = (golden / "report.html").read_text(encoding="utf-8")
    table = next(found for found in re.findall(r"<table.*?</table>", text, re.DOTALL) if "结转下年度" in found)
    figures = list(re.finditer(r"(<td[^>]*>)(\d+)(</td>)", table))
    fields = [field for key, field in report.edition.fields.items() if key.startswith("t3.")]
    assert len(figures) == len(fields)
    for place in range(0, len(figures), 11):
        one, label = figures[place], fields[place].label
        changed = f"{table[: one.start()]}{one[1]}{int(one[2]) + 4}{one[3]}{table[one.end() :]}"
        found = differences(golden, saved(golden, tmp_path, lambda whole, new=changed: whole.replace(table, new)))
        assert len(found) == 1 and found[0].startswith(f"{label}：公布的网页为"), found


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
    assert (comparison(before, now, lines).meta.sample or "").startswith("示例")


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
