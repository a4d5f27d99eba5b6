"""The city's summary: sums against a plain loop, what is missing said and never counted as 0."""

from __future__ import annotations

import base64
import io
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import html
from pypdf import PdfReader

import nianbao.city as city
from nianbao.city import CitySummary, Standing, load_summary
from nianbao.city.content import MOST_BARS, SECTIONS
from nianbao.city.disclosures import MOST, OWN, class_table
from nianbao.city.expected import expected_of
from nianbao.city.shares import FEWEST, INDICATORS
from nianbao.city.unit import UnitFigures
from nianbao.demo import demo_files
from nianbao.document import Document, Meta, Table, read_html, read_notebook
from nianbao.document.pdf.compiler import typeset
from nianbao.document.pdf.fonts import select_fonts
from nianbao.errors import UsageError
from nianbao.notebook.gate import gate
from nianbao.params import Unit, load_units
from nianbao.publish.contract import check_contract
from nianbao.registers import deadlines
from nianbao.registers.periods import Answers
from nianbao.report import load_report
from nianbao.report.tables import tables_json
from nianbao.rules import Finding, Outcome
from nianbao.statute import EDITIONS, edition_for
from nianbao.statute.cell import BLANK, Cell, not_applicable_cell, number_cell
from nianbao.statute.form import Edition, Kind
from nianbao.statute.rulebook import Severity
from tests.conftest import PARAMS, TOP
from tests.document.pdf.pdfpage import read_pages

REGISTER = load_units(PARAMS)
YEARS = (2020, 2025)


def zeros(edition: Edition) -> dict[str, Cell]:
    return dict.fromkeys(edition.fields, number_cell(0))


def entry(unit: Unit, cells: Mapping[str, Cell], state: Standing = Standing.READY, **more: Any) -> UnitFigures:
    return UnitFigures(unit, state, cells=cells, **more)


def summary_of(year: int, *cells: Mapping[str, Cell], **more: Any) -> CitySummary:
    entries = [entry(unit, one, **more) for unit, one in zip(REGISTER.units, cells, strict=False)]
    return CitySummary(REGISTER.city, year, tuple(entries))


def text(fragment: Any) -> str:
    return " ".join(html.fromstring(f"<div>{fragment.html}</div>").text_content().split())


def grids(fragment: Any) -> list[tuple[tuple[str, ...], ...]]:
    return [block.grid() for block in read_html(fragment.html) if isinstance(block, Table)]


counts = st.one_of(
    st.integers(0, 10**6).map(number_cell), st.just(BLANK), st.sampled_from(["/", "无"]).map(not_applicable_cell)
)
money = st.one_of(st.decimals(0, 10**6, places=6).map(number_cell), st.just(BLANK))


@st.composite
def reports(draw: st.DrawFn, edition: Edition) -> dict[str, Cell]:
    """Cells of one report; a few of them drawn, so that sums are sometimes whole."""
    cells = zeros(edition)
    for key in draw(st.lists(st.sampled_from(list(edition.fields)), max_size=12)):
        cells[key] = draw(money if edition.fields[key].kind is Kind.MONEY else counts)
    return cells


def plain_sum(cells: list[Cell]) -> tuple[int | Decimal | None, bool]:
    """Number by number: what there is, and whether it is all."""
    total, any_number, whole = Decimal(0), False, bool(cells)
    for cell in cells:
        if cell.value is None:
            whole = False
        else:
            total, any_number = total + cell.value, True
    return (total if any_number else None), whole


@pytest.mark.parametrize("year", YEARS)
@given(data=st.data())
@settings(max_examples=25, deadline=None)
def test_each_cell_is_the_sum_of_the_units_and_each_total_of_its_parts(year: int, data: st.DataObject) -> None:
    edition = edition_for(year)
    units = data.draw(st.lists(reports(edition), min_size=1, max_size=4))
    sums = summary_of(year, *units).sums
    assert list(sums) == list(edition.fields)
    applicants = ("natural", "commercial", "research", "welfare", "legal", "other")
    for key in edition.fields:
        table, _, rest = key.partition(".")
        row, _, column = rest.rpartition(".")
        if table == "t2" or (row != "total" and column != "total"):
            expected = plain_sum([cells[key] for cells in units])
        elif table == "t4":
            parts = ("upheld", "corrected", "other", "pending")
            expected = plain_sum([cells[f"t4.{row}.{part}"] for cells in units for part in parts])
        else:
            rows = edition.t3.outcomes if row == "total" else (row,)
            columns = applicants if column == "total" else (column,)
            expected = plain_sum([cells[f"t3.{r}.{c}"] for cells in units for r in rows for c in columns])
        assert (sums[key].value, sums[key].whole) == expected, key


def test_no_total_is_added_twice() -> None:
    cells = zeros(edition_for(2025)) | {
        "t3.received.natural": number_cell(3),
        "t3.received.total": number_cell(3),
        "t3.granted.natural": number_cell(3),
        "t3.granted.total": number_cell(3),
        "t3.total.natural": number_cell(3),
        "t3.total.total": number_cell(3),
    }
    found = summary_of(2025, cells, cells)
    assert found.sums["t3.received.total"].value == found.sums["t3.total.total"].value == 6
    assert not found.mismatches and not [
        finding for one in found.outcomes for finding in one.findings if one.rule.code == "T3-02"
    ]


def test_a_unit_whose_own_total_is_wrong_shows_in_the_city_with_its_name() -> None:
    wrong = zeros(edition_for(2025)) | {"t4.review.upheld": number_cell(2), "t4.review.total": number_cell(1)}
    said = Finding("T4-01", Severity.ERROR, Outcome.FAILS, "t4.review.total", None, None, "")
    found = summary_of(2025, zeros(edition_for(2025)), wrong, findings=())
    found = CitySummary(
        found.city, 2025, (found.units[0], entry(REGISTER.units[1], wrong, Standing.DRAFT, findings=(said,)))
    )
    assert found.sums["t4.review.total"].value == 2
    assert [(one.key, one.from_parts, one.from_totals) for one in found.mismatches] == [("t4.review.total", 2, 1)]
    breaches = {one.rule.code: one.findings for one in found.outcomes if one.findings and one.rule.code == "T4-01"}
    (finding,) = breaches["T4-01"]
    assert (finding.left, finding.right) == (2, 1)
    assert [unit.name for unit in found.source_of(finding)] == ["梅岭街道"]
    assert "按各项相加为2，各单位所填总计之和为1" in text(city.disputes(found))


def test_a_blank_leaves_the_cell_incomplete_and_is_named() -> None:
    full = zeros(edition_for(2025)) | {"t3.received.natural": number_cell(4)}
    blank = full | {"t3.received.natural": BLANK, "t3.granted.natural": not_applicable_cell("/")}
    found = summary_of(2025, full, blank)
    assert found.sums["t3.received.natural"].text == "4*" and found.sums["t3.received.total"].text == "4*"
    assert not found.ready
    shown = city.applications(found)
    assert "4*" in grids(shown)[0][3]
    assert "梅岭街道：" in text(shown) and "没有当作0" in text(shown)
    assert "〔自然人〕空白" in text(shown) and "〔自然人〕“/”" in text(shown)
    unknown = [f.message for one in found.outcomes for f in one.findings if f.rule == "T3-01"]
    assert len(unknown) == 1 and "无法核对" in unknown[0]


def test_a_cell_that_no_unit_filled_is_no_nought() -> None:
    blank = zeros(edition_for(2025)) | {"t2.licensing.decisions": BLANK}
    found = summary_of(2025, blank, blank)
    assert found.sums["t2.licensing.decisions"].text == "*"
    assert ("行政许可", "*", "*", "*") in grids(city.disclosure(found))[0]


def test_without_any_report_nothing_is_nought_and_nothing_holds() -> None:
    found = CitySummary(REGISTER.city, 2025, tuple(UnitFigures(unit, Standing.MISSING) for unit in REGISTER.units))
    assert {one.text for one in found.sums.values()} == {"*"} and not found.outcomes and not found.ready
    for section in (city.opening, city.submissions, city.disclosure, city.applications, city.disputes):
        assert section(found).html
    for section in (city.carry_over, city.classes, city.fees, city.equations, city.findings):
        assert section(found).html


def test_a_long_complaint_is_cut_so_that_the_note_fits_on_a_page() -> None:
    several = UnitFigures(REGISTER.units[0], Standing.FAILED, "甲错。\n乙错。\n丙错。")
    long = UnitFigures(REGISTER.units[1], Standing.FAILED, "错" * 5000)
    shown = text(city.submissions(CitySummary(REGISTER.city, 2025, (several, long))))
    assert "青阳街道：生成失败，没有计入。甲错。另有2处，见总览页。" in shown and "乙错" not in shown
    assert shown.count("错") < 400


def test_money_is_exact() -> None:
    cells = zeros(edition_for(2025)) | {"t2.fees.amount": number_cell(Decimal("190.457379"))}
    assert summary_of(2025, cells, cells, cells).sums["t2.fees.amount"].text == "571.372137"


def test_the_city_is_compared_with_last_year_over_the_units_that_are_counted() -> None:
    edition = edition_for(2025)
    cells = zeros(edition) | {"t3.carried_in.natural": number_cell(2), "t3.carried_in.total": number_cell(2)}
    last = {key: number_cell(0) for key in ("t2.rules.in_force", "t2.normative.in_force")} | {
        f"t3.carried_out.{column.key}": number_cell(1 if column.key in ("natural", "total") else 0)
        for column in edition.t3.columns
    }
    missing = UnitFigures(REGISTER.units[1], Standing.MISSING, last_year=last)
    found = CitySummary(REGISTER.city, 2025, (entry(REGISTER.units[0], cells, last_year=last), missing))
    by_rule = {one.rule.code: one for one in found.outcomes}
    (finding,) = by_rule["T3-04"].findings
    assert (finding.left, finding.right) == (2, 1)
    rows = {row[0]: row for row in grids(city.carry_over(found))[0]}
    assert rows["青阳街道"][1:4] == ("1", "2", "1") and rows["1个单位合计"][1:4] == ("1", "2", "1")
    assert rows["梅岭街道（未报送）"][1:4] == ("1", "—", "—")
    assert "2024年报告中结转下年的有：梅岭街道1件" in text(city.carry_over(found))


def test_a_unit_without_last_years_report_leaves_the_comparison_unknown() -> None:
    edition = edition_for(2025)
    last = {f"t3.carried_out.{column.key}": number_cell(0) for column in edition.t3.columns}
    units = (entry(REGISTER.units[0], zeros(edition), last_year=last), entry(REGISTER.units[1], zeros(edition)))
    found = CitySummary(REGISTER.city, 2025, units)
    (finding,) = next(one.findings for one in found.outcomes if one.rule.code == "T3-04")
    assert "无法核对" in finding.message
    assert "没有2024年报告、无法比较的单位：梅岭街道" in text(city.carry_over(found))


def test_classes_meet_under_one_name_and_a_class_not_listed_is_no_nought() -> None:
    cells = zeros(edition_for(2025))
    one = entry(REGISTER.units[0], cells, disclosed=7, classes=(("机构职能类信息", 3), ("其他", 4)))
    two = entry(REGISTER.units[1], cells, disclosed=5, classes=(("机构职能", 5),), channels=(("微信", 9),))
    found = CitySummary(REGISTER.city, 2025, (one, two))
    table = class_table(found)
    assert table.heads == ("机构职能", "其他") and table.sums == (8, 4)
    assert grids(city.classes(found))[0][1:] == (
        ("青阳街道", "3", "4", "7"),
        ("梅岭街道", "5", "—", "5"),
        ("全市合计", "8", "4", "12"),
    )
    assert "微信9条（1个单位）" in text(city.classes(found))


def test_classes_beyond_the_page_stand_together_and_are_named() -> None:
    own = tuple((f"自设{number}类信息", number + 1) for number in range(20))
    found = CitySummary(REGISTER.city, 2025, (entry(REGISTER.units[0], zeros(edition_for(2025)), classes=own),))
    table = class_table(found)
    assert len(table.heads) == MOST and table.heads[-1] == OWN
    assert sum(table.sums) == sum(count for _, count in own) and len(table.merged) == 20 - MOST + 1
    assert "自设0" in text(city.classes(found)) and "没有主动公开总数的单位：青阳街道" in text(city.classes(found))


def test_the_chart_says_every_number_in_words_and_is_the_same_each_time() -> None:
    cells = zeros(edition_for(2025))
    entries = tuple(entry(unit, cells, disclosed=number) for number, unit in enumerate(REGISTER.units))
    found = CitySummary(REGISTER.city, 2025, entries)
    (image,) = html.fromstring(city.classes(found).html).iter("img")
    svg = base64.b64decode(image.get("src").partition(",")[2])
    assert svg.startswith(b"<svg") and "西滨镇18条、" in image.get("alt") and "合计171条" in image.get("alt")
    assert city.classes(found).html == city.classes(CitySummary(REGISTER.city, 2025, entries)).html


@pytest.mark.parametrize("bodies", [MOST_BARS, MOST_BARS + 1, 3 * MOST_BARS])
def test_the_chart_of_more_bodies_than_a_page_holds_shows_those_with_the_most_and_says_so(bodies: int) -> None:
    units = [
        Unit(
            id="made" + chr(97 + place // 26) + chr(97 + place % 26),
            name=f"示例{place}局",
            kind="部门",
            official_name=f"示例{place}局",
        )
        for place in range(bodies)
    ]
    entries = tuple(entry(unit, zeros(edition_for(2025)), disclosed=place) for place, unit in enumerate(units))
    summary = CitySummary(REGISTER.city, 2025, entries)
    root = html.fromstring(city.classes(summary).html)
    alt, caption = root.xpath("//figure//img/@alt")[0], root.xpath("//figcaption")[0].text_content()
    assert ("条数最多的60个单位" in caption) == ("条数最多的60个单位" in alt) == (bodies > MOST_BARS)
    assert alt.count("示例") == min(bodies, MOST_BARS)
    assert f"示例{bodies - 1}局{bodies - 1}条" in alt
    assert f"合计{sum(range(bodies))}条" in alt


def test_fees_are_added_and_the_silent_are_named() -> None:
    cells = zeros(edition_for(2025))
    one = entry(REGISTER.units[0], cells, notices=2, amount=Decimal("30.50"))
    found = CitySummary(REGISTER.city, 2025, (one, entry(REGISTER.units[1], cells)))
    assert "收费通知2*件，收取信息处理费30.50*元" in text(city.fees(found))
    assert "梅岭街道" in text(city.fees(found))


def test_findings_stand_with_their_unit_and_waived_ones_with_the_reason() -> None:
    said = [
        Finding("D-09", Severity.ERROR, Outcome.FAILS, None, None, None, "甲。"),
        Finding("D-10", Severity.INFO, Outcome.FAILS, None, None, None, "乙。"),
        Finding("D-11", Severity.WARNING, Outcome.FAILS, None, None, None, "丙。", waived="已核实"),
    ]
    found = CitySummary(
        REGISTER.city, 2025, (entry(REGISTER.units[0], zeros(edition_for(2025)), Standing.DRAFT, findings=tuple(said)),)
    )
    assert grids(city.findings(found))[0][1:] == (
        ("青阳街道", "错误", "甲。"),
        ("青阳街道", "已豁免", "丙。豁免理由：已核实"),
    )


@pytest.fixture(scope="module", params=YEARS)
def faulty(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[int, Path, CitySummary]:
    """Demo params with faults, one unit not submitted and one that cannot be read, and their summary."""
    year: int = request.param
    folder = tmp_path_factory.mktemp("params")
    files, _ = demo_files(year, PARAMS, faults=True)
    keep = (
        "units.yaml",
        *(f"{y}/{u}" for y in (year, year - 1) for u in ("chendai", "dongshi", "zimao", "xibin", "cizao")),
    )
    for name, content in files.items():
        if name.startswith(keep):
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(content, encoding="utf-8", newline="\n")
    (folder / str(year) / "xibin.yaml").write_text("unit: xibin\n", encoding="utf-8")
    return year, folder, load_summary(year, folder)


def test_every_unit_has_its_state(faulty: tuple[int, Path, CitySummary]) -> None:
    year, _, found = faulty
    states = {
        one.unit.id: one.state
        for one in found.units
        if one.unit.id in ("chendai", "dongshi", "zimao", "xibin", "cizao")
    }
    assert states == {
        "cizao": Standing.READY,
        "chendai": Standing.DRAFT,
        "dongshi": Standing.DRAFT,
        "zimao": Standing.MISSING,
        "xibin": Standing.FAILED,
    }
    assert len(found.units) == 19 and len(found.of(Standing.MISSING)) == 15
    assert f"/{year}/xibin.yaml" in next(one.message for one in found.of(Standing.FAILED))


def test_those_who_are_not_counted_are_said_at_each_table(faulty: tuple[int, Path, CitySummary]) -> None:
    _, _, found = faulty
    for section in (city.disclosure, city.applications, city.disputes):
        note = text(section(found))
        assert "本表为3个单位的报告之和，不含：未报送15个（" in note
        assert "、紫帽镇）" in note and "生成失败1个（西滨镇）。" in note
    assert "西滨镇：生成失败，没有计入。" in text(city.submissions(found))


def test_the_marks_stand_at_the_head(faulty: tuple[int, Path, CitySummary]) -> None:
    year, _, found = faulty
    root = html.fromstring(f"<div>{city.opening(found).html}</div>")
    draft, sample, title = root
    assert draft.get("class") == "nb-draft" and draft.text.startswith(
        "草稿：19个单位中可以发布1个，草稿2个（陈埭镇、东石镇）"
    )
    assert sample.get("class") == "nb-sample"
    assert title.text == f"晋江市各镇、街道{year}年政府信息公开工作年度报告汇总"
    assert (title.get("data-unit"), title.get("data-year"), title.get("data-date")) == ("jinjiang", str(year), "")


def test_the_faults_of_the_units_show_in_the_equations(faulty: tuple[int, Path, CitySummary]) -> None:
    _, _, found = faulty
    broken = {finding.rule: (finding, found.source_of(finding)) for one in found.outcomes for finding in one.findings}
    assert [unit.id for unit in broken["T3-01"][1]] == ["dongshi"]
    assert [unit.id for unit in broken["T4-01"][1]] == ["chendai"]
    rows = grids(city.equations(found))[1]
    assert any(row[0] == "东石镇" and "T3-03" in row[1] for row in rows)


def test_the_registers_of_a_unit_are_counted_like_typed_figures(faulty: tuple[int, Path, CitySummary]) -> None:
    year, folder, found = faulty
    from nianbao.report import load_report

    cizao = load_report("cizao", year, folder)
    others = [one for one in found.counted if one.unit.id != "cizao"]
    for key in cizao.edition.fields:
        if found.sums[key].whole and key not in cizao.edition.totals:
            assert found.sums[key].value == cizao[key].number + sum(one.cells[key].number for one in others), key


def test_the_form_of_last_year_may_be_another() -> None:
    edition = edition_for(2021)
    last = {f"t3.carried_out.{column.key}": number_cell(0) for column in edition.t3.columns}
    by_rule = {one.rule.code: one for one in summary_of(2021, zeros(edition), last_year=last).outcomes}
    assert by_rule["T3-04"].held == 1 and "没有这几格" in by_rule["T2-04"].findings[0].message


def test_a_year_before_the_form_is_wrong_usage() -> None:
    with pytest.raises(UsageError, match="没有适用的法定格式"):
        load_summary(2018, PARAMS)


def test_the_notebook_has_the_year_as_its_only_parameter() -> None:
    check_contract(TOP / "notebooks" / "city_summary.ipynb", ("year",))


def test_a_summary_is_ready_when_every_report_is(tmp_path: Path) -> None:
    for edition in EDITIONS:
        year = edition.first_year
        whole = CitySummary(REGISTER.city, year, tuple(entry(unit, zeros(edition)) for unit in REGISTER.units))
        assert whole.ready and 'class="nb-draft"' not in city.opening(whole).html
        assert "第二至第四部分各表为19个单位的报告之和。" in text(city.disclosure(whole))
        assert "报告之和" not in text(city.applications(whole)) + text(city.disputes(whole))
        for state in (Standing.DRAFT, Standing.FAILED, Standing.PENDING, Standing.MISSING):
            last = entry(REGISTER.units[-1], zeros(edition) if state.counted else {}, state)
            assert not CitySummary(REGISTER.city, year, (*whole.units[:-1], last)).ready


def shares_of(*entries: UnitFigures) -> tuple[CitySummary, tuple[tuple[str, ...], ...]]:
    summary = CitySummary(REGISTER.city, 2025, entries)
    (table,) = grids(city.indicators(summary))
    return summary, tuple(row[: 1 + len(INDICATORS)] for row in table)


@given(part=st.integers(0, 40), more=st.integers(0, 40), late=st.none() | st.integers(0, 20), blank=st.booleans())
@settings(max_examples=40, deadline=None)
def test_a_share_stands_with_its_base_or_not_at_all(part: int, more: int, late: int | None, blank: bool) -> None:
    edition, unit = edition_for(2025), REGISTER.units[0]
    cells = zeros(edition)
    cells["t3.granted.total"] = number_cell(part)
    cells["t3.total.total"] = BLANK if blank else number_cell(part + more)
    cells["t4.review.corrected"] = number_cell(part)
    cells["t4.review.upheld"] = BLANK if blank else number_cell(more)
    cells["t4.review.pending"] = number_cell(more)
    answers = None if late is None else Answers(in_time=part, overdue=late, unknown=0)
    _, table = shares_of(entry(unit, cells, answers=answers))
    head, first, whole = table
    assert head == ("单位", "按期答复", "予以公开和部分公开", "复议结果纠正")

    def said(base: int | None) -> str:
        if base is None:
            return "无法计算"
        share = "样本不足" if base < FEWEST else f"{Decimal(100 * part) / base:.1f}".rstrip("0").rstrip(".") + "%"
        return f"{share}（{part}/{base}）"

    wanted = (None if late is None else part + late, None if blank else part + more, None if blank else part + more)
    for text, base in zip(first[1:], wanted, strict=True):
        if base is not None and base >= FEWEST:  # half up, where the format above rounds to even
            number, _, told = text.partition("%")
            assert abs(Decimal(number) - Decimal(100 * part) / base) <= Decimal("0.05") and told == f"（{part}/{base}）"
        else:
            assert text == said(base)
    assert whole[1:] == first[1:]


def test_what_no_report_holds_is_never_0_and_the_whole_says_of_how_many_units_it_is() -> None:
    edition = edition_for(2025)
    cells = zeros(edition)
    first, second, third = REGISTER.units[:3]
    _, table = shares_of(
        entry(first, cells, answers=Answers(9, 1, 0)),
        entry(second, cells),
        entry(third, cells, answers=Answers(9, 1, 2)),  # of two it is not known whether they were late
    )
    assert [row[1] for row in table[1:]] == ["90%（9/10）", "无法计算", "无法计算", "90%（9/10），1个单位"]
    assert [row[2] for row in table[1:]] == ["样本不足（0/0）"] * 4


def test_channels_stand_apart_and_what_a_report_does_not_name_is_not_0() -> None:
    cells = zeros(edition_for(2025))
    many = tuple((f"渠道{letter}", 10 - number) for number, letter in enumerate("甲乙丙丁戊己庚"))
    summary, _ = shares_of(
        entry(REGISTER.units[0], cells, disclosed=50, channels=many), entry(REGISTER.units[1], cells, disclosed=7)
    )
    (table,) = grids(city.indicators(summary))
    channels = [row[1 + len(INDICATORS) :] for row in table]
    assert channels[0] == tuple(
        f"{name}（条）" for name in ("网站", *(f"渠道{letter}" for letter in "甲乙丙丁戊"), "其余渠道")
    )
    assert channels[1] == ("50", "10", "9", "8", "7", "6", "9")
    assert channels[2] == ("7", *["—"] * 6) and channels[3] == ("57", "10", "9", "8", "7", "6", "9")
    assert "网站是主动公开的总数，其他渠道另计。 “—”：该单位的报告没有写这个渠道。" in text(city.indicators(summary))
    assert "其余渠道：渠道己、渠道庚。" in text(city.indicators(summary))


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Params of the 19 bodies for 2025."""
    folder = tmp_path_factory.mktemp("demo")
    for path, content in demo_files(2025, PARAMS)[0].items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(content, encoding="utf-8")
    return folder


def test_a_register_tells_how_many_answers_were_in_time(demo: Path) -> None:
    """Recounted from the table of periods that the analyst sees."""
    kept = 0
    for one in load_summary(2025, demo).units:
        report = load_report(one.unit.id, 2025, demo)
        if report.registers is None:
            assert one.answers is None
            continue
        kept += 1
        states = list(deadlines(report)["状态"])
        late = sum(state in ("逾期答复", "年末仍未答复，已逾期") for state in states)
        in_time = sum(state.startswith("按期答复") for state in states)
        assert one.answers == Answers(in_time, late, sum(state.startswith("只知道") for state in states))
        assert tables_json(report)["answers"] == {"in_time": in_time, "overdue": late, "unknown": one.answers.unknown}
    assert kept == 5


def notebook_of(summary: CitySummary) -> Any:
    """The summary's notebook as it is when it has run."""
    from nbformat import v4

    cells = [v4.new_code_cell("year = 2025", metadata={"tags": ["parameters"]})]
    for section, (heading, _) in SECTIONS.items():
        if heading:
            cells.append(v4.new_markdown_cell(f"## {heading}"))
        data = getattr(city, section)(summary)._repr_mimebundle_()
        cells.append(v4.new_code_cell(f"city.{section}(summary)", outputs=[v4.new_output("display_data", data)]))
    return v4.new_notebook(cells=cells)


def test_the_summary_of_19_bodies_takes_six_pages(demo: Path) -> None:
    summary = load_summary(2025, demo)
    assert len(summary.counted) == 19
    pdf = typeset(read_notebook(notebook_of(summary)), select_fonts(None, system=False))
    assert len(PdfReader(io.BytesIO(pdf)).pages) <= 6


@pytest.mark.parametrize("name", ["某镇", "梅岭街道", "示例行政服务局"])
def test_names_and_shares_of_the_indicators_keep_to_one_line(name: str) -> None:
    cells = zeros(edition_for(2025))
    units = [
        entry(unit.model_copy(update={"name": name}), cells, disclosed=7, channels=(("微信", 9),))
        for unit in REGISTER.units
    ]
    summary = CitySummary(REGISTER.city, 2025, tuple(units))
    shown = notebook_of(summary).cells[-5].outputs[0].data["text/html"]
    document = Document(Meta(), read_html(shown))
    assert any(isinstance(block, Table) and block.grid()[0][1] == INDICATORS[0].head for block in document.blocks)
    lines = [
        line.text for page in read_pages(typeset(document, select_fonts(None, system=False))) for line in page.lines()
    ]
    assert lines.count(f"{name}无法计算{'样本不足（0/0）' * 2}79") == len(units)


LINK = '<a href="qingyang/report.html">青阳街道</a>'


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (LINK, LINK),
        (LINK, LINK.replace("qingyang", "anhai")),
        (LINK, LINK.replace("qingyang/report.html", "https://example.com/")),
        (LINK, "青阳街道"),
        (">罗山街道<", ' ><a href="anhai/report.html">罗山街道</a><'),
    ],
    ids=["untouched", "another body's page", "another site", "no link", "a link where none is"],
)
def test_a_link_of_the_summary_leads_where_it_says(old: str, new: str) -> None:
    cells = zeros(edition_for(2025))
    units = tuple(
        entry(unit, cells, page=f"{unit.id}/report.html" if place < 3 else "", findings=())
        for place, unit in enumerate(REGISTER.units[:4])
    )
    summary = CitySummary(REGISTER.city, 2025, units)
    nb = notebook_of(summary)
    (shown,) = [
        output.data
        for cell in nb.cells
        for output in cell.get("outputs", ())
        if cell.source == "city.submissions(summary)"
    ]
    assert old in shown["text/html"]
    shown["text/html"] = shown["text/html"].replace(old, new)
    found = [finding.rule for finding in gate(nb, expected_of(summary)).findings]
    assert found == ([] if old == new else ["G-05"])
