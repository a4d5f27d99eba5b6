"""Whose report it is, for which year, and its prose by part, from any site's page; the rules then see the same text."""

from __future__ import annotations

import json
import re
from datetime import date

import pytest
from published_samples import figures, numbers, page, read, said, zeros
from tests.conftest import GOLDEN, PARAMS

from nianbao.errors import ReadError
from nianbao.params import load_units
from nianbao.publish.build import Publication
from nianbao.published import PublishedReport, as_json, read_published, to_report
from nianbao.published.identity import read_date, read_title
from nianbao.report import Report
from nianbao.report.prose import full_text
from nianbao.rules import CheckResult, check_report, checked
from nianbao.statute import EDITIONS, FORM_2021, Edition

UNITS = load_units(PARAMS)
HTML = page(FORM_2021, zeros(FORM_2021))
TITLE = "石狮市蚶江镇2023年政府信息公开工作年度报告"


OVERVIEW = "2023年，我镇主动公开政府信息12条。"


def report_of(published: PublishedReport) -> Report:
    return to_report(published, UNITS)


def result_of(html: str) -> CheckResult:
    return check_report(report_of(read(html)))


# -- what we publish reads back as it was -----------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["report.html", "report.web.html", "report.pdf", "report.docx", "report.xlsx"])
@pytest.mark.parametrize("which", ["built", "built_draft"])
def test_our_own_files_read_back_as_they_were_built(request: pytest.FixtureRequest, which: str, name: str) -> None:
    publication: Publication = request.getfixturevalue(which)
    published = read_published(publication.folder / name)
    cells = json.loads((publication.folder / "tables.json").read_text(encoding="utf-8"))["cells"]
    assert {key: (cell.state.value, cell.text) for key, cell in published.cells.items()} == {
        key: (cell["state"], cell["text"]) for key, cell in cells.items()
    }
    if name == "report.xlsx":  # which holds the tables alone
        assert [thing.reason for thing in published.unrecognised] == ["电子表格中只有各表，没有正文"]
        return
    prose = {part: _lines(text) for part, text in full_text(publication.report).items()}
    assert {part: _lines(published.narrative.get(part, "")) for part in prose} == prose
    assert published.unrecognised == ()
    assert published.date == publication.report.date
    read_ = check_report(to_report(published, UNITS))
    blank = {("T4-01", "t4.review.total"), ("T4-02", "t4.review")}  # of what others published that is a warning
    assert {(f.rule, f.cell) for f in read_.blocking} == {
        (f.rule, f.cell) for f in checked(publication.report).findings if f.severity.value == "error"
    } - blank
    assert ("R-03", "t4") in {(f.rule, f.cell) for f in read_.findings}


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


# -- title, unit and year ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "shown",
    [
        f"<h1>{TITLE}</h1>",
        f"<p><strong><span>{TITLE[:6]}</span><span>{TITLE[6:]}</span></strong></p>",
        f"<p>{TITLE[:6]}</p><p>{TITLE[6:]}</p>",
        f"<h1>{TITLE[:6]}<br/>{TITLE[6:]}</h1>",
        f"<p>{TITLE[:6]}</p><p>{TITLE[6:15]}</p><p>{TITLE[15:]}</p>",
        f"<div>首页&gt;政务公开</div><p>{TITLE[:6]}</p><p>{TITLE[6:]}</p>",
    ],
)
def test_a_title_is_found_also_where_it_is_broken(shown: str) -> None:
    published = read(HTML.replace(f"<h1>{TITLE}</h1>", shown))
    assert (published.title, published.unit, published.year) == (TITLE, "石狮市蚶江镇", 2023)
    assert not published.unrecognised


@pytest.mark.parametrize(
    "head", [f'<meta name="ArticleTitle" content="{TITLE}">', f"<title>{TITLE}_石狮市人民政府</title>"]
)
def test_a_title_in_the_head_of_the_page_serves_where_none_is_shown(head: str) -> None:
    bare = re.sub("<h1>.*?</h1>", "", HTML)
    published = read(bare.replace("<head>", f"<head>{head}"))
    assert (published.title, published.unit, published.year) == (TITLE, "石狮市蚶江镇", 2023)


def test_without_any_title_the_period_gives_the_year_and_that_is_said() -> None:
    published = read(re.sub("<h1>.*?</h1>", "", HTML))
    assert (published.title, published.year, published.unit) == ("", 2023, "石狮市蚶江镇人民政府")
    assert "标题：没有找到标题，年份取自统计期限" in said(published)
    assert not check_report(report_of(published)).ready


def test_titles_of_two_years_are_settled_by_the_period_or_said() -> None:
    two = HTML.replace("<h1>", "<h1>石狮市蚶江镇2022年政府信息公开工作年度报告</h1><h1>")
    assert (read(two).year, said(read(two))) == (2023, "")
    unsettled = two.replace("统计期限自2023年1月1日至2023年12月31日", "")
    assert "有 2022、2023 几个年份的标题，统计期限不能定夺" in said(read(unsettled))


@pytest.mark.parametrize(
    ("line", "year", "unit"),
    [
        ("晋江市永和镇2023年政府信息 公开工作年度报告", 2023, "晋江市永和镇"),
        ("永春县石鼓镇人民政府2022年度政府信息公开工作年度报告", 2022, "永春县石鼓镇人民政府"),
        ("2021年石狮市蚶江镇政府信息公开工作年度报告", 2021, "石狮市蚶江镇"),
        ("晋江市教育局关于２０２３年政府信息公开工作年度报告", 2023, "晋江市教育局"),
        ("永春县石鼓镇政府信息公开工作年度报告（2023年度）", 2023, "永春县石鼓镇"),
    ],
)
def test_titles(line: str, year: int, unit: str) -> None:
    title = read_title(line)
    assert title is not None and (title.year, title.unit) == (year, unit)


@pytest.mark.parametrize("line", ["关于做好2023年政府信息公开工作年度报告编制工作的通知", "通知公告", "2023年1月20日"])
def test_other_lines_are_no_titles(line: str) -> None:
    assert read_title(line) is None


@pytest.mark.parametrize(
    ("title", "signature", "unit", "official", "kind", "above"),
    [
        ("永春县石鼓镇", "永春县石鼓镇人民政府", "石鼓镇", "永春县石鼓镇人民政府", "镇", "永春县"),
        ("石鼓镇人民政府", "永春县石鼓镇人民政府", "石鼓镇", "永春县石鼓镇人民政府", "镇", "永春县"),
        ("永春县横口乡", "永春县横口乡人民政府", "横口乡", "永春县横口乡人民政府", "镇", "永春县"),
        (
            "泉州市丰泽区东湖街道办事处",
            "泉州市丰泽区人民政府东湖街道办事处",
            "东湖街道",
            "泉州市丰泽区人民政府东湖街道办事处",
            "街道",
            "泉州市丰泽区",
        ),
        ("石狮市教育局", "石狮市教育局", "石狮市教育局", "石狮市教育局", "市", "石狮市教育局"),
    ],
)
def test_a_unit_that_is_none_of_the_19_is_itself(
    title: str, signature: str, unit: str, official: str, kind: str, above: str
) -> None:
    html = HTML.replace("石狮市蚶江镇人民政府", signature).replace("石狮市蚶江镇2023", f"{title}2023")
    report = report_of(read(html))
    assert (report.unit.name, report.unit.official_name, report.unit.kind) == (unit, official, kind)
    assert report.city.name == above
    findings = check_report(report).findings
    assert not [f for f in findings if f.severity.value == "error"]
    assert not {"D-01", "D-12", "D-13"} & {f.rule for f in findings if "我镇" not in f.message}
    assert as_json(read(html), check_report(report))["unit"] == title


@pytest.mark.parametrize(
    ("title", "signature", "id_"),
    [
        ("晋江市永和镇", "晋江市永和镇人民政府", "yonghe"),
        ("永和镇人民政府", "晋江市永和镇人民政府", "yonghe"),
        ("梅岭街道办事处", "晋江市人民政府梅岭街道办事处", "meiling"),
        ("晋江市人民政府梅岭街道办事处", "晋江市人民政府梅岭街道办事处", "meiling"),
        ("泉州市晋江市东石镇", "晋江市东石镇人民政府", "dongshi"),
        ("南安市东石镇", "南安市东石镇人民政府", "published"),
        ("东石镇", "南安市东石镇人民政府", "published"),
    ],
)
def test_the_known_units_are_known_by_name_and_place(title: str, signature: str, id_: str) -> None:
    html = HTML.replace("石狮市蚶江镇人民政府", signature).replace("石狮市蚶江镇2023", f"{title}2023")
    assert report_of(read(html)).unit.id == id_


def test_another_units_name_in_a_known_units_text_is_asked_about() -> None:
    html = HTML.replace("石狮市蚶江镇", "晋江市永和镇").replace("我镇主动公开", "安海镇主动公开")
    assert [f for f in result_of(html).findings if f.rule == "D-12" and "安海镇" in f.message]


def test_a_unit_of_another_county_may_name_its_own_county_and_site() -> None:
    told = "永春县政府网站（http://www.fjyc.gov.cn/）"
    html = HTML.replace(OVERVIEW, f"{OVERVIEW}电子版见{told}。")
    stranger = html.replace("石狮市蚶江镇", "永春县石鼓镇")
    assert not [f for f in result_of(stranger).findings if f.rule in ("D-12", "D-14")]
    known = html.replace("石狮市蚶江镇", "晋江市永和镇")
    assert {f.rule for f in result_of(known).findings} >= {"D-12", "D-14"}


def test_a_signature_of_somebody_else_is_asked_about() -> None:
    html = HTML.replace("石狮市蚶江镇人民政府", "石狮市永宁镇人民政府")
    assert [f for f in result_of(html).findings if f.cell == "signature" and "石狮市永宁镇人民政府" in f.message]


# -- parts and headings -----------------------------------------------------------------------------------------------


def reheaded(pattern: str) -> str:
    """The page with its headings in other markup; \\1 is the numeral, \\2 the heading."""
    return re.sub(r"<p>([一二三四五六])、([^<]*)</p>", pattern, HTML)


@pytest.mark.parametrize("edition", EDITIONS, ids=lambda edition: edition.name)
@pytest.mark.parametrize(
    "pattern",
    [
        r"<h2>\1、\2</h2>",
        r"<p><strong><span style='font-family:黑体'>\1</span></strong><b>、\2</b></p>",
        r"<p>　　\1、\2&nbsp;</p>",
        r"&nbsp;&nbsp;\1、\2<br>",
        r"<p>\1、\2：</p>",
        r"<p>\1．\2。</p>",
        r"<table><tr><td>\1、\2</td></tr></table>",
    ],
)
def test_headings_are_found_in_any_markup(edition: Edition, pattern: str) -> None:
    html = re.sub(r"<p>([一二三四五六])、([^<]*)</p>", pattern, page(edition, numbers(edition)))
    published = read(html)
    assert list(published.headings) == [part.key for part in edition.parts]
    assert published.narrative["overview"].endswith("我镇主动公开政府信息12条。")
    assert published.narrative["other"] == "本年度未收取信息处理费。"
    assert figures(published) == numbers(edition)
    assert not published.unrecognised


@pytest.mark.parametrize(
    ("pattern", "shown"), [(r"<ul><li>\2</li></ul>", "总体情况"), (r"<ol><li>\2</li></ol>", "1. 总体情况")]
)
def test_a_numeral_that_list_markup_lost_is_asked_about(pattern: str, shown: str) -> None:
    published = read(reheaded(pattern))
    assert len(published.headings) == 6
    assert f"一、总体情况：标题印作“{shown}”" in said(published)
    assert check_report(report_of(published)).ready


def test_a_heading_that_is_missing_is_said_and_blocks() -> None:
    published = read(HTML.replace("<p>五、存在的主要问题及改进情况</p>", ""))
    assert "problems" not in published.narrative
    assert "五、存在的主要问题及改进情况：没有找到这个标题" in said(published)
    assert not check_report(report_of(published)).ready


def test_a_table_of_contents_is_not_taken_for_the_parts() -> None:
    contents = "".join(f"<p>{part.heading}</p>" for part in FORM_2021.parts)
    published = read(HTML.replace("</h1>", f"</h1>{contents}"))
    assert published.narrative["overview"] == "2023年，我镇主动公开政府信息12条。"
    assert not published.unrecognised


def test_a_sites_own_dates_and_footer_are_left_out() -> None:
    published = read(HTML.replace("<div>上一篇", "<p>2024年3月5日</p><div>扫一扫在手机打开</div><div>上一篇"))
    assert published.date == date(2024, 1, 20)
    assert published.signature == "石狮市蚶江镇人民政府"
    assert published.narrative["other"] == "本年度未收取信息处理费。"


@pytest.mark.parametrize(
    ("line", "day"),
    [
        ("2024年1月20日", date(2024, 1, 20)),
        ("２０２４年 1 月 20 日", date(2024, 1, 20)),
        ("二〇二四年一月二十日", date(2024, 1, 20)),
        ("二○二四年十二月三十一日", date(2024, 12, 31)),
        ("2024年2月30日", None),
        ("2024年1月20日印发", None),
    ],
)
def test_dates(line: str, day: date | None) -> None:
    assert read_date(line) == day


# -- the audit works on what was read ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("old", "new", "rule"),
    [
        ("主动公开信息数69条", "主动公开信息数70条", "P-03"),
        ("科教文体卫生类信息9条", "科教文体卫生类信息8条", "P-03"),
        ("科教文体卫生类信息9条", "机构职能类信息9条", "P-04"),
        ("受理申请的数量0条", "受理申请的数量2条", "P-01"),
        ("2023年我镇全面贯彻", "2021年我镇全面贯彻", "D-15"),
        ("自2023年1月1日至2023年12月31日", "自2022年1月1日至2022年12月31日", "D-09"),
        ("与永和镇人民政府办公室联系", "与安海镇人民政府办公室联系", "D-12"),
        ("地址：晋江市永和镇锦石街27号", "联系人手机：13900000000", "D-27"),
    ],
)
def test_faults_in_the_published_prose_are_found(old: str, new: str, rule: str) -> None:
    seed = (GOLDEN / "yonghe-2023.txt").read_text(encoding="utf-8")
    assert old in seed
    before, after = ({f.rule for f in result_of(text).findings} for text in (seed, seed.replace(old, new)))
    assert rule not in before and rule in after


def test_braces_in_a_published_text_are_text() -> None:
    published = read(HTML.replace(OVERVIEW, "2023年{{ 单位 }}公开{% raw %}12条。![图](x.png)"))
    assert published.narrative["overview"] == "2023年{{ 单位 }}公开{% raw %}12条。![图](x.png)"
    assert {"D-20", "D-19", "D-18"} & {f.rule for f in check_report(report_of(published)).findings}


def test_what_is_no_report_is_refused() -> None:
    for html in ("<p>2023年政府信息公开工作年度报告</p>", "<p>一切正常</p>", "<html></html>"):
        with pytest.raises(ReadError):
            read(html)
