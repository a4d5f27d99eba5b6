"""Published reports into params: what was printed stays as it was, what was not read is never 0, and it is all or nothing."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from functools import partial
from pathlib import Path

import pytest
from published_samples import TABLES, Rows, page, table, text_of
from test_containers import packed, workbook, zipped
from test_speech import sound
from tests.command import Run, nianbao
from tests.conftest import GOLDEN, PARAMS

from nianbao.demo import write_demo
from nianbao.params import load_units
from nianbao.params.writer import dump_params
from nianbao.project.quoting import contact_of
from nianbao.publish.build import build
from nianbao.report import Report, load_report
from nianbao.report.prose import full_text
from nianbao.report.tables import tables_json
from nianbao.rules import check_report
from nianbao.statute import FORM_2021

SEED = GOLDEN / "yonghe-2023.txt"
YEAR = 2024


@pytest.fixture
def params(tmp_path: Path) -> Path:
    folder = tmp_path / "params"
    folder.mkdir()
    for name in ("units.yaml", "holidays.yaml"):
        shutil.copy(PARAMS / name, folder)
    return folder


@pytest.fixture
def run(params: Path) -> Run:
    return partial(nianbao, "adopt", "--params", params)  # type: ignore[return-value]


def page_of(report: Report) -> str:
    """A report as a site prints it: its own prose, its cells in the form's tables."""
    values: Mapping[str, int | Decimal | str] = {key: cell.text for key, cell in report.cells.items()}
    texts = full_text(report)
    tables = {part: table(make(report.edition, values)) for part, make in TABLES.items()}
    parts = []
    for part in report.edition.parts:
        parts.append(f"<h2>{part.heading}</h2>")
        parts += [f"<p>{line}</p>" for line in texts[part.key].split("\n") if line]
        parts.append(tables.get(part.key, ""))
    preamble = "".join(f"<p>{line}</p>" for line in texts["preamble"].split("\n"))
    day = report.date
    assert day is not None
    signed = f"<p>{report.unit.official_name}</p><p>{day.year}年{day.month}月{day.day}日</p>"
    head = "".join(f"<p>{line}</p>" for line in _head(report))
    return f"<html>{head}<h1>{report.title}</h1>{preamble}{''.join(parts)}{signed}</html>"


def _head(report: Report) -> list[str]:
    document = report.params.document
    lines = [
        f"{report.unit.official_name}文件",
        document.number,
        f"签发人：{document.signer}" if document.signer else None,
    ]
    return [line for line in [*lines, f"{document.addressee}：" if document.addressee else None] if line]


def findings(report: Report) -> set[tuple[str, str | None, str]]:
    alone = replace(report, previous=None)
    return {(f.rule, f.cell, f.severity.value) for f in check_report(alone).findings}


# -- the text really published ----------------------------------------------------------------------------------------


def test_the_seed_gives_the_params_that_were_typed_from_it(run: Run, params: Path) -> None:
    assert run(SEED).code == 0
    adopted, typed = load_report("yonghe", 2023, params), load_report("yonghe", 2023, PARAMS)
    assert adopted.cells == typed.cells
    assert adopted.params.model_dump(exclude={"narrative", "waivers", "declared"}) == typed.params.model_dump(
        exclude={"narrative", "waivers", "declared"}
    )
    for part, text in typed.params.narrative.model_dump().items():
        mine = getattr(adopted.params.narrative, part) or ""
        assert mine == (text or "").replace("民营经济 全面", "民营经济全面")  # but for a space between words
    text = (params / "2023" / "yonghe.yaml").read_text(encoding="utf-8")
    assert text.startswith("# 永和镇 2023 年政府信息公开工作年度报告的参数，已公开文本，取自 yonghe-2023.txt。")
    assert "2024-01-20" in text.split("unit:")[0]
    assert "有 9 行像是截图上的字或网页的按钮，没有当作正文：永和微平台、晋江市永和镇人民政府、福建、" in text


def test_faults_that_were_published_are_waived_on_request_only(run: Run, params: Path) -> None:
    assert run(SEED).code == 0
    plain = check_report(load_report("yonghe", 2023, params))
    assert plain.blocking and not plain.waived
    assert run(SEED, "--force", "--waive-published", "办公室").code == 0
    waived = check_report(load_report("yonghe", 2023, params))
    assert waived.ready and {f.rule for f in waived.waived} == {f.rule for f in plain.blocking}
    given = load_report("yonghe", 2023, params).params.waivers
    assert all(one.name == "办公室" and one.reason.startswith("原文如此，按已公开文本：") for one in given)


# -- nineteen pages ---------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("demo") / "params"
    write_demo(YEAR, folder, PARAMS)
    return folder


def test_nineteen_pages_at_once_give_the_reports_that_they_were_made_from(
    run: Run, demo: Path, params: Path, tmp_path: Path
) -> None:
    reports = [load_report(unit.id, YEAR, demo) for unit in load_units(PARAMS).units]
    pages = {f"{report.unit.name}.html": page_of(report).encode() for report in reports}
    packet = tmp_path / "各镇.zip"
    packet.write_bytes(zipped(pages))
    done = run(packet)
    assert done.code == 0 and "已写入 19 份参数" in done.out
    for report in reports:
        adopted = load_report(report.unit.id, YEAR, params)
        assert {key: cell.value for key, cell in adopted.cells.items()} == {k: c.value for k, c in report.cells.items()}
        assert full_text(adopted) == full_text(report)
        assert (adopted.disclosed, adopted.disclosure.classes) == (report.disclosed, report.disclosure.classes)
        assert dict(adopted.disclosure.channels) == dict(report.disclosure.channels)
        assert adopted.params.document.number == report.params.document.number
        assert findings(adopted) == findings(report)
        assert "{{" in (adopted.params.narrative.overview or "")


def test_what_is_filled_in_follows_the_figures(run: Run, demo: Path, params: Path, tmp_path: Path) -> None:
    report = load_report("anhai", YEAR, demo)
    path = tmp_path / "a.html"
    path.write_text(page_of(report), encoding="utf-8")
    assert run(path).code == 0
    file = params / str(YEAR) / "anhai.yaml"
    values = {"year": YEAR, "disclosure": {"total": 987_654}}
    file.write_text(dump_params(file.read_text(encoding="utf-8"), values), encoding="utf-8")
    assert "987654条" in full_text(load_report("anhai", YEAR, params))["overview"]


def test_figures_come_from_another_office_without_a_text(run: Run, demo: Path, params: Path, tmp_path: Path) -> None:
    report = load_report("anhai", YEAR, demo)
    path = tmp_path / "tables.json"
    path.write_text(json.dumps(tables_json(report), ensure_ascii=False), encoding="utf-8")
    done = run(path)
    assert done.code == 0 and "[待填]" in done.out
    adopted = load_report("anhai", YEAR, params)
    assert {key: cell.value for key, cell in adopted.cells.items()} == {k: c.value for k, c in report.cells.items()}
    assert adopted.disclosure == report.disclosure and adopted.params.fees == report.params.fees
    assert "D-30" in {finding.rule for finding in check_report(adopted).blocking}


def test_a_workbook_is_adopted(run: Run, params: Path, tmp_path: Path) -> None:
    values = sound(FORM_2021)
    tables: dict[str, list[Rows]] = {part: [make(FORM_2021, values)] for part, make in TABLES.items()}
    book = workbook(FORM_2021, tables, True)
    sheet = book.active
    assert sheet is not None
    sheet["A1"] = "晋江市永和镇2023年政府信息公开工作年度报告"
    path = tmp_path / "a.xlsx"
    path.write_bytes(packed(book))
    assert run(path).code == 0
    assert {k: c.value for k, c in load_report("yonghe", 2023, params).cells.items()} == values


# -- what was not read ------------------------------------------------------------------------------------------------


def html(unit: str = "永和镇", **changes: str) -> str:
    text = page(FORM_2021, sound(FORM_2021)).replace("石狮市蚶江镇", f"晋江市{unit}")
    for old, new in changes.items():
        text = text.replace(old, new)
    return text


@pytest.mark.parametrize("part", TABLES)
def test_a_table_that_was_not_read_is_left_to_be_filled_in(run: Run, params: Path, tmp_path: Path, part: str) -> None:
    path = tmp_path / "a.html"
    lost = table(TABLES[part](FORM_2021, {key: text_of(value) for key, value in sound(FORM_2021).items()}))
    path.write_text(html().replace(lost, "<p><img src=1.png></p>"), encoding="utf-8")
    done = run(path, "--waive-published", "办公室")
    assert done.code == 0 and "没有读出" in done.out
    report = load_report("yonghe", 2023, params)
    name = {"disclosure": "t2", "applications": "t3", "disputes": "t4"}[part]
    cells = {key: cell for key, cell in report.cells.items() if key.startswith(name)}
    assert not any(cell.is_number for cell in cells.values())
    assert "# 待填（没有读出，不是 0）" in (params / "2023" / "yonghe.yaml").read_text(encoding="utf-8")
    blocking = {finding.rule for finding in check_report(report).blocking}
    assert blocking & {"T2-01", "T3-06", "T4-02"}  # never waived: it is no fault of the page


def test_a_part_that_was_not_read_is_a_mark(run: Run, params: Path, tmp_path: Path) -> None:
    path = tmp_path / "a.html"
    path.write_text(html(**{"五、存在的主要问题及改进情况": "第五章"}), encoding="utf-8")
    assert run(path).code == 0
    report = load_report("yonghe", 2023, params)
    assert report.params.narrative.problems == "〔待填：原文没有读出这一部分〕\n"
    assert "D-30" in {finding.rule for finding in check_report(report).blocking}


def test_braces_in_a_text_are_printed_as_they_were_or_refused(run: Run, params: Path, tmp_path: Path) -> None:
    path = tmp_path / "a.html"
    path.write_text(html(**{"2023年，我镇主动公开": "{{ 年份 }}年，我镇主动公开"}), encoding="utf-8")
    done = run(path)
    assert done.code == 2 and "不能照录" in done.err and not (params / "2023").exists()


# -- all or nothing ---------------------------------------------------------------------------------------------------


def test_nothing_is_overwritten_and_one_bad_file_stops_all(run: Run, params: Path, tmp_path: Path) -> None:
    good, bad = tmp_path / "好.html", tmp_path / "坏.html"
    good.write_text(html(), encoding="utf-8")
    bad.write_text("<p>通知公告</p>", encoding="utf-8")
    done = run(good, bad)
    assert done.code == 2 and "坏.html" in done.err and not (params / "2023").exists()
    assert run(good).code == 0
    file = params / "2023" / "yonghe.yaml"
    file.write_text(file.read_text(encoding="utf-8") + "# 手工改过\n", encoding="utf-8")
    before = file.read_bytes()
    again = run(good)
    assert again.code == 2 and "不会覆盖" in again.err and file.read_bytes() == before
    assert run(good, "--force").code == 0 and file.read_bytes() != before


def test_a_dry_run_shows_and_writes_nothing(run: Run, params: Path) -> None:
    done = run(SEED, "--dry-run")
    assert done.code == 0 and "主动公开 69 条，6 类" in done.out and "没有写入" in done.out
    assert not (params / "2023").exists()


@pytest.mark.parametrize(
    ("content", "options", "wrong"),
    [
        (html("蚶江镇"), (), "单位名录中没有它"),
        (html(), ("--unit", "安海镇"), "是永和镇的报告，应为安海镇"),
        (html(), ("--year", "2024"), "是 2023 年的报告，应为 2024 年"),
    ],
)
def test_a_page_of_another_authority_or_year_is_refused_by_name(
    run: Run, params: Path, tmp_path: Path, content: str, options: tuple[str, ...], wrong: str
) -> None:
    path = tmp_path / "a.html"
    path.write_text(content, encoding="utf-8")
    done = run(path, *options)
    assert done.code == 2 and wrong in done.err and not (params / "2023").exists()


def test_two_files_of_one_report_must_agree(run: Run, params: Path, tmp_path: Path) -> None:
    one, same, other = (tmp_path / name for name in ("a.html", "b.html", "c.html"))
    one.write_text(html(), encoding="utf-8")
    same.write_text(html(), encoding="gb18030")
    other.write_text(html(**{"12条": "13条"}), encoding="utf-8")
    done = run(one, other)
    assert done.code == 2 and "内容不同" in done.err
    assert run(one, same).code == 0


@pytest.mark.parametrize(
    "content", ["", "{}", "[]", '{"unit": "yonghe"}', "x", '{"unit": "nowhere", "edition": "2021"}']
)
def test_a_json_that_is_no_tables_is_refused(run: Run, params: Path, tmp_path: Path, content: str) -> None:
    path = tmp_path / "tables.json"
    path.write_text(content, encoding="utf-8")
    done = run(path)
    assert done.code == 2 and "Traceback" not in done.err and not (params / "2023").exists()


@pytest.mark.parametrize(
    ("preamble", "found"),
    [
        ("若有疑问，可与永和镇人民政府办公室联系。\n地址：锦石街27号\n电话：0595-88082141\n邮编：362235", 4),
        ("联系科室：党政办；电话：0595-88082141", 2),
        ("本报告根据条例编制。", 0),
    ],
)
def test_contact_is_told_from_the_preamble(preamble: str, found: int) -> None:
    assert sum(value is not None for value in contact_of(preamble).model_dump().values()) == found


@pytest.mark.slow
def test_invented_figures_never_become_real_ones(run: Run, params: Path, demo: Path) -> None:
    files = build("anhai", YEAR, demo)
    for kind in ("html", "web.html", "docx", "pdf", "xlsx"):
        path = params.parent / f"report.{kind}"
        path.write_bytes(files[f"report.{kind}"])
        assert run(path, "--force").code == 0
        assert load_report("anhai", YEAR, params).params.sample, kind
