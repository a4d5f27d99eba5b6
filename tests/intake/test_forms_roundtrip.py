"""params → form → filled in by openpyxl, as a clerk would in WPS → ingest → the same params."""

from __future__ import annotations

import shutil
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from nianbao.forms import apply, plan_ingest, read_form, write_form
from nianbao.forms.contents import from_params
from nianbao.forms.xlsx import set_value
from nianbao.params import Unit, load_params, load_units
from nianbao.params.writer import dump_params
from nianbao.report import build_cells
from nianbao.report.skeleton import narrative
from nianbao.statute import FORM_2019, FORM_2021, Edition, Kind

ROOT = Path(__file__).parents[2]
YONGHE = (ROOT / "params/2023/yonghe.yaml").read_bytes()


@pytest.fixture
def params(tmp_path: Path) -> Path:
    """A params folder with 永和镇 2023."""
    return params_in(tmp_path / "params")


def params_in(folder: Path) -> Path:
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "2023").mkdir(parents=True)
    (folder / "units.yaml").write_bytes((ROOT / "params/units.yaml").read_bytes())
    (folder / "2023/yonghe.yaml").write_bytes(YONGHE)
    return folder


def unit_of(params: Path) -> Unit:
    return load_units(params).find("永和镇")


def form_of(params: Path, year: int = 2023) -> Path:
    return write_form(unit_of(params), year, params, params.parent)


def edit(path: Path, change: Callable[[Workbook], None] = lambda _: None) -> Path:
    """Open a form, change it, save it; the results of formulas are lost, as always with openpyxl."""
    workbook = load_workbook(path)
    change(workbook)
    workbook.save(path)
    return path


def fill(path: Path, values: Mapping[str, Any]) -> Path:
    """Empty every place of a form and write ``values``; totals by formula are left alone."""
    form = read_form(path)

    def write(workbook: Workbook) -> None:
        for sheet in form.plan.sheets:
            places = {slot.key: (slot.row, slot.col) for slot in sheet.slots}
            places |= {key: place for key, place in sheet.places.items() if key in form.typed_totals}
            for key, place in places.items():
                cell = workbook[sheet.name].cell(*place)
                cell.value = None
                if (value := values.get(key)) is not None:
                    set_value(cell, value)

    return edit(path, write)


def test_a_form_sent_back_as_it_was_changes_nothing(params: Path) -> None:
    path = form_of(params)
    for sent_back in (path, edit(path)):
        plan = plan_ingest(sent_back, params)
        assert plan.changes == ()
        assert plan.files == ()
        assert plan.text.encode() == YONGHE


def test_a_form_typed_anew_gives_the_same_file(params: Path) -> None:
    data = load_params(unit_of(params), 2023, params).file.data
    path = fill(form_of(params), from_params(data, FORM_2021).values)
    assert plan_ingest(path, params).files == ()


def test_every_kind_of_change_is_shown_and_made_and_the_rest_of_the_file_stays(params: Path) -> None:
    def change(workbook: Workbook) -> None:
        sheet = workbook["三"]
        sheet["D7"], sheet["D9"] = 3, 3
        sheet["I11"], sheet["I12"] = None, 0
        workbook["二"]["B17"] = 190.457379
        workbook["四"]["A7"] = 0
        basics = workbook["基本信息"]
        basics["B4"], basics["B9"] = "永和镇党政办", "2024年1月19日"
        basics["A30"], basics["B30"] = "财政资金类信息", 1
        workbook["正文"]["B6"] = "另起一段"

    plan = plan_ingest(edit(form_of(params), change), params)
    assert [str(change) for change in plan.changes] == [
        "科室：“永和镇人民政府办公室” → “永和镇党政办”",
        "成文日期：2024-01-20 → 2024-01-19",
        "公开分类〔财政资金类信息〕：空白 → 1",
        "行政事业性收费〔本年收费金额（单位：万元）〕：0 → 190.457379",
        "一、本年新收政府信息公开申请数量〔自然人〕：0 → 3",
        "一、本年新收政府信息公开申请数量〔总计〕：0 → 3",
        "（一）予以公开〔自然人〕：0 → 3",
        "（一）予以公开〔总计〕：0 → 3",
        "（三）不予公开 1.属于国家秘密〔其他〕：0 → 空白",
        "（三）不予公开 1.属于国家秘密〔总计〕：0 → 空白",
        "（三）不予公开 2.其他法律行政法规禁止公开〔其他〕：1 → 0",
        "（七）总计〔自然人〕：0 → 3",
        "（七）总计〔总计〕：0 → 3",
        "行政复议〔结果维持〕：空白 → 0",
        "正文〔前言〕第 2 段：“若有疑问或意见建议，可与{{ 联系.科室 }}联系。” → “另起一段”",
    ]
    (written,) = apply(plan)
    before, after = YONGHE.decode().splitlines(), written.read_text(encoding="utf-8").splitlines()
    assert [line for line in before if line not in after] == [
        "date: 2024-01-20",
        "  office: 永和镇人民政府办公室",
        "    若有疑问或意见建议，可与{{ 联系.科室 }}联系。",
        "  fees: 0                 # 行政事业性收费",
        "  received:             [0, 0, 0, 0, 0, 0, 0]  # 一、本年新收政府信息公开申请数量",
        "  granted:              [0, 0, 0, 0, 0, 0, 0]  # （一）予以公开",
        "    secret:             [0, 0, 0, 0, 0, 0, 0]  # 1.属于国家秘密",
        "    prohibited:         [0, 0, 0, 0, 0, 1, 0]  # 2.其他法律行政法规禁止公开",
        "  total:                [0, 0, 0, 0, 0, 0, 0]  # （七）总计",
        "  review:       [null, null, null, null, null]  # 行政复议：公开文本此处空白",
    ]
    assert "  fees: 190.457379        # 行政事业性收费" in after
    assert "    secret:             [0, 0, 0, 0, 0, null, null]  # 1.属于国家秘密" in after
    assert load_params(unit_of(params), 2023, params).params.waivers


def test_a_new_year_starts_from_what_is_known_and_says_no_more_than_was_written(params: Path) -> None:
    path = form_of(params, 2024)
    form = read_form(path)
    known = {key for key in form.values if not key.startswith(("contact.", "narrative."))}
    assert known == {f"t3.carried_in.{column.key}" for column in FORM_2021.t3.applicants}
    unfilled = plan_ingest(path, params)
    assert unfilled.is_blank and (unfilled.files, unfilled.lines) == ((), ())
    apply(plan_ingest(edit(path, lambda book: book["基本信息"].__setitem__("B12", "晋江市人民政府")), params))
    loaded = load_params(unit_of(params), 2024, params)
    assert loaded.params.contact.postcode == "362235"
    assert loaded.params.document.addressee == "晋江市人民政府"
    assert set(loaded.cells) == {f"t3.carried_in.{column.key}" for column in FORM_2021.t3.columns}
    assert plan_ingest(path, params).files == ()


def test_blank_zero_and_not_applicable_are_three_things(params: Path) -> None:
    path = params / "2023/yonghe.yaml"
    path.write_text(dump_params(YONGHE.decode(), {"t4": {"direct": [0, None, "/", "—", "-"]}}), encoding="utf-8")
    assert plan_ingest(edit(form_of(params)), params).files == ()
    sent = plan_ingest(edit(form_of(params), lambda book: book["四"].__setitem__("H7", None)), params)
    assert '  direct:       [0, null, null, "—", "-"]' in sent.text


def test_rows_keep_their_length_and_rows_that_were_not_typed_stay_away(params: Path) -> None:
    path = params / "2023/yonghe.yaml"
    text = "unit: yonghe\nyear: 2023\nt3:\n  received: [1, 0, 0, 0, 0, 0]  # 未写总计\nt4: {}\n"
    path.write_text(text, encoding="utf-8")
    assert plan_ingest(edit(form_of(params)), params).files == ()
    changed = plan_ingest(edit(form_of(params), lambda book: book["三"].__setitem__("D7", 2)), params)
    assert changed.text == text.replace("[1,", "[2,")


def test_a_number_is_text_where_text_belongs(params: Path) -> None:
    path = edit(form_of(params), lambda book: book["基本信息"].__setitem__("B7", 362200))
    assert '  postcode: "362200"\n' in plan_ingest(path, params).text


def test_text_pasted_from_a_web_page_loses_what_nobody_sees_and_that_is_said(params: Path) -> None:
    path = edit(form_of(params), lambda book: book["正文"].__setitem__("B6", "甲\u200b乙_x000D_\n丙"))
    plan = plan_ingest(path, params)
    assert "    甲乙\n    丙\n" in plan.text
    assert any("不可见字符已去掉" in line for line in plan.lines)


def test_comments_waivers_declared_numbers_and_pictures_stay_where_they_are(params: Path) -> None:
    """Everything the form does not carry, in a file with a comment wherever one may stand."""
    path = params / "2023/yonghe.yaml"
    lines: list[str] = ["# 首注", ""]
    literal = False
    for number, line in enumerate(YONGHE.decode().splitlines()):
        indent = len(line) - len(line.lstrip())
        literal = (literal and (indent > 2 or not line)) or line.endswith(": |")
        lines += [line] if literal and not line.endswith(": |") else [f"{' ' * indent}# 上 {number}", line]
        if line and not literal and "#" not in line:
            lines[-1] += f"  # 旁 {number}"
    text = (
        "\n".join(lines)
        + "\n\ndeclared:  # 说明过的数\n  - text: '100%'  # 甲\n    reason: 全文电子化率  # 乙\n# 尾注\n"
    )
    text = text.replace("    （二）依申请公开情况\n", "    ![公众号截图](weixin.png)\n    （二）依申请公开情况\n")
    path.write_text(text, encoding="utf-8")
    before = load_params(unit_of(params), 2023, params)
    form = form_of(params)
    assert plan_ingest(edit(form), params).files == ()

    def change(workbook: Workbook) -> None:
        workbook["三"]["D7"], workbook["四"]["F7"], workbook["二"]["B6"], workbook["二"]["B17"] = 1, 2, 3, 4.5
        basics = workbook["基本信息"]
        basics["B4"], basics["B9"], basics["B11"], basics["B16"], basics["B22"] = "甲", "2024-01-19", "乙", 7, 70
        basics["B24"], basics["B25"], basics["A30"], basics["B30"] = 11, 17, "财政资金类信息", 1
        workbook["正文"]["B5"] = "改写"

    apply(plan_ingest(edit(form, change), params))
    after = path.read_text(encoding="utf-8")
    assert comments(after) == comments(text) and len(comments(text)) > 150
    loaded = load_params(unit_of(params), 2023, params)
    assert (loaded.params.waivers, loaded.params.declared) == (before.params.waivers, before.params.declared)
    assert "![公众号截图](weixin.png)" in str(loaded.params.narrative.overview)
    assert (loaded.params.fees.notices, loaded.params.disclosure.total) == (7, 70)
    changed = [line for line in text.splitlines() if line not in after.splitlines()]
    assert len(changed) == 12, changed


def comments(text: str) -> list[str]:
    return [line.partition("#")[2] for line in text.splitlines() if "#" in line]


def test_a_date_that_lost_its_format_is_still_a_date(params: Path) -> None:
    def change(workbook: Workbook) -> None:
        workbook["基本信息"]["B9"].number_format = "General"
        workbook["基本信息"]["B9"] = 45310

    assert plan_ingest(edit(form_of(params), change), params).lines == ("成文日期：2024-01-20 → 2024-01-19",)


def test_a_change_within_a_long_paragraph_is_shown_where_it_is(params: Path) -> None:
    def change(workbook: Workbook) -> None:
        cell = workbook["正文"]["B5"]
        cell.value = str(cell.value).replace("政府门户网站", "市政府门户网站")

    (line,) = plan_ingest(edit(form_of(params), change), params).lines
    assert line == "正文〔前言〕第 1 段：“…gov.cn/）政府门户网站下载。” → “…gov.cn/）市政府门户网站下载。”"


# -- generated reports ------------------------------------------------------------------------------------------------

# A form takes a second to write and read, so examples are few and failing ones are shown as they came.
FEW = settings(
    max_examples=3,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
)
WORDS = st.text(st.sampled_from("永和镇年报公开=+-@#：:、{}'\"/ 0123456789aZ"), min_size=1, max_size=12)
LINE = WORDS.map(str.strip).filter(bool)
# A form's telephone number is taken in half-width characters.
PHONE = LINE.map(lambda text: unicodedata.normalize("NFKC", text))
PARAGRAPHS = st.none() | st.lists(WORDS.filter(str.strip) | st.just(""), min_size=1, max_size=4).map(
    lambda lines: "\n".join(lines) + "\n"
)
COUNT = st.integers(0, 10**6)
MARK = st.sampled_from(["/", "-", "—", "不适用"])
MONEY = COUNT | st.decimals(0, 10**6, places=6) | st.just(Decimal("12345678901.123456789"))


def rows(edition: Edition) -> st.SearchStrategy[dict[str, Any]]:
    """Rows of the three tables: whole, without totals, or not there; totals right, wrong or blank."""

    def row(fields: Any) -> st.SearchStrategy[Any]:
        kinds = [st.none() | MARK | (MONEY if field.kind is Kind.MONEY else COUNT) for field in fields]
        if len(kinds) == 1:
            return kinds[0]
        whole = st.tuples(*kinds).map(list)
        return whole | whole.map(lambda values: values[:-1]) if fields[-1].key.endswith(".total") else whole

    flat = {key: row(fields) for table in ("t2", "t3", "t4") for key, fields in edition.rows_of(table)}
    return st.fixed_dictionaries({}, optional=flat).map(nested)


def nested(flat: dict[str, Any]) -> dict[str, Any]:
    result: dict[str, Any] = {}
    for key, value in flat.items():
        *parents, last = key.split(".")
        here = result
        for parent in parents:
            here = here.setdefault(parent, {})
        here[last] = value
    return result


def reports(year: int, edition: Edition) -> st.SearchStrategy[dict[str, Any]]:
    classes = st.lists(st.fixed_dictionaries({"name": LINE, "count": COUNT}), max_size=20)
    return st.builds(
        lambda rest, figures: {"unit": "yonghe", "year": year, **rest, **figures},
        st.fixed_dictionaries(
            {},
            optional={
                "date": st.dates(date(2020, 1, 1), date(2030, 1, 1)),
                "contact": st.fixed_dictionaries({}, optional={"office": LINE, "phone": PHONE}),
                "document": st.fixed_dictionaries({}, optional={"red_head": st.booleans(), "number": LINE}),
                "disclosure": st.fixed_dictionaries(
                    {},
                    optional={"total": COUNT, "classes": classes, "channels": st.dictionaries(LINE, COUNT, max_size=8)},
                ),
                "fees": st.fixed_dictionaries({}, optional={"notices": COUNT, "amount": MONEY}),
                "narrative": st.fixed_dictionaries({}, optional={"overview": PARAGRAPHS, "other": PARAGRAPHS}),
                "declared": st.just([{"text": "1", "reason": "测试"}]),
            },
        ),
        rows(edition),
    )


@pytest.mark.parametrize(("year", "edition"), [(2023, FORM_2021), (2020, FORM_2019)])
@FEW
@given(data=st.data())
def test_any_report_survives_the_way_there_and_back(
    tmp_path: Path, data: st.DataObject, year: int, edition: Edition
) -> None:
    params = params_in(tmp_path / "params")
    file = params / str(year) / "yonghe.yaml"
    file.parent.mkdir(exist_ok=True)
    file.write_bytes(dump_params(None, data.draw(reports(year, edition))).encode())
    plan = plan_ingest(edit(form_of(params, year)), params)
    assert plan.files == ()
    assert plan.changes == ()


@FEW
@given(report=reports(2023, FORM_2021))
def test_any_report_typed_into_a_filled_form_replaces_what_was_there(tmp_path: Path, report: dict[str, Any]) -> None:
    params = params_in(tmp_path / "params")
    wanted = from_params(report, FORM_2021).values
    path = fill(form_of(params), wanted)
    typed = read_form(path).typed_totals
    plan = plan_ingest(path, params)
    apply(plan)
    loaded = load_params(unit_of(params), 2023, params)
    found = from_params(loaded.file.data, FORM_2021).values
    not_totals = {key for key in wanted if not key.endswith(".total") and ".total." not in key}
    assert {key: found.get(key) for key in not_totals} == {key: wanted[key] for key in not_totals}
    parts = {key: value for key, value in found.items() if key in FORM_2021.fields and key in not_totals}
    cells = build_cells(FORM_2021, loaded.cells)
    for key, cell in build_cells(FORM_2021, parts | {key: wanted.get(key) for key in typed}).items():
        assert cells[key].value == cell.value, key
    assert plan_ingest(form_of(params), params).files == ()


@pytest.mark.parametrize("name", ["永和镇", "青阳街道"])
def test_a_new_form_lays_out_the_headings_and_sentences_that_the_law_asks_for(params: Path, name: str) -> None:
    unit = load_units(params).find(name)
    values = read_form(write_form(unit, 2024, params, params.parent / "laid")).values
    text = {key: str(value) for key, value in values.items() if key.startswith("narrative.")}
    wanted = narrative(unit, FORM_2021, ())
    assert {part: [line for key, line in text.items() if key.split(".")[1] == part] for part in wanted} == {
        part: lines.splitlines() for part, lines in wanted.items()
    }
    assert [line for line in text.values() if line.startswith("（")][:5] == [
        "（一）主动公开",
        "（二）依申请公开",
        "（三）政府信息管理",
        "（四）政府信息公开平台建设",
        "（五）监督保障",
    ]
    assert ("责任追究" in text["narrative.overview.9"]) == (unit.kind == "镇")
