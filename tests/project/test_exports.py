"""Exports of other systems as the register of disclosures: the site's search, a WeChat account's articles."""

from __future__ import annotations

import json
from datetime import date, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nianbao.errors import FormError
from nianbao.forms.exports import is_export, plan_exports
from nianbao.params import Unit, load_units
from nianbao.project import begin, lay_out
from nianbao.report import load_report
from nianbao.rules import check_report
from tests.command import Run
from tests.conftest import PARAMS

ANHAI: Unit = load_units(PARAMS).find("安海镇")


@pytest.fixture
def params(tmp_path: Path) -> Path:
    lay_out(tmp_path)
    begin("安海镇", 2026, tmp_path / "params")
    return tmp_path / "params"


def answer(path: Path, entries: list[dict[str, Any]], *wrapped: str) -> Path:
    """A saved answer of the search, the list under these keys."""
    content: Any = entries
    for key in reversed(wrapped):
        content = {key: content, "code": 200}
    path.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
    return path


def articles(
    path: Path, rows: list[tuple[str, Any]], heads: tuple[str, str] = ("标题", "发布时间"), above: int = 0
) -> Path:
    book = openpyxl.Workbook()
    sheet: Any = book.active
    for _ in range(above):
        sheet.append(["内容分析"])
    sheet.append(["序号", heads[0], "阅读次数", heads[1]])
    for number, (title, day) in enumerate(rows, start=1):
        sheet.append([number, title, 100, day])
    book.save(path)
    return path


ENTRY = {"doctitle": "关于<em>安海镇</em>的公告", "pubdate": "2026-03-05 10:00:00", "idxid": "QZ1", "chnlid": 3312}


def test_search_and_articles_become_one_register(run: Run, params: Path, tmp_path: Path) -> None:
    site = answer(
        tmp_path / "搜索.json",
        [
            ENTRY,
            {**ENTRY, "docpuburl": "http://x/1"},
            {"doctitle": "二", "docreltime": "2026/4/1", "puborg": "晋江市安海镇人民政府", "chnlid": "3312"},
            {"doctitle": "别镇的", "pubdate": "2026-04-01", "puborg": "晋江市东石镇人民政府"},
            {"doctitle": "上年的", "pubdate": "2025-12-31"},
            {"doctitle": "", "pubdate": "2026-04-01"},
        ],
        "data",
        "list",
    )
    first = articles(
        tmp_path / "一季度.xlsx",
        [("推文一", "2026-01-05 08:00"), ("推文二", datetime.fromisoformat("2026-03-31T09:00"))],
    )
    second = articles(
        tmp_path / "二季度.xlsx", [("推文二", "2026年3月31日"), ("推文三", 20260401)], ("内容标题", "发表时间"), 2
    )
    done = run("ingest", site, first, second, "--unit", "安海镇", "--year", "2026", "--params", params)
    assert done.code == 0, done.err
    assert "公开登记新增 5 条" in done.out and "不是安海镇" in done.out and "不是 2026 年发布的 1 条" in done.out
    report = load_report("anhai", 2026, params)
    assert report.disclosed == 2 and report.disclosure.channels == {"微信": 3}
    assert [item.name for item in report.disclosure.classes] == ["〔待填：栏目3312〕"]
    blocked = [finding for finding in check_report(report).blocking if finding.rule == "D-30"]
    assert any("栏目3312" in finding.message for finding in blocked), "a class that nobody named must not be published"
    register = params / "2026" / "anhai" / "disclosures.csv"
    register.write_text(
        register.read_text(encoding="utf-8").replace("〔待填：栏目3312〕", "机构职能"), encoding="utf-8"
    )
    kept = register.read_text(encoding="utf-8")
    again = run("ingest", site, first, second, "--unit", "安海镇", "--year", "2026", "--params", params)
    assert "新增 0 条" in again.out and register.read_text(encoding="utf-8") == kept


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 30), st.dates(date(2026, 1, 1), date(2026, 12, 31))), min_size=1, max_size=40),
    st.lists(st.integers(0, 39), max_size=3),
)
def test_the_same_article_is_taken_once_however_the_files_overlap(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[int, date]], cuts: list[int]
) -> None:
    folder = tmp_path_factory.mktemp("wechat")
    lay_out(folder)
    titled = [(f"推文{number}", day) for number, day in rows]
    bounds = sorted({0, len(titled), *(min(cut, len(titled)) for cut in cuts)})
    files = [
        articles(folder / f"{start}.xlsx", [(title, day.isoformat()) for title, day in titled[max(0, start - 2) : end]])
        for start, end in pairwise(bounds)
    ]
    plan = plan_exports(files, folder / "params", ANHAI, 2026)
    assert plan.added == len(set(titled))


@pytest.mark.parametrize(
    "written",
    ["2026-03-05", "2026-3-5 10:00", "2026/03/05", "20260305", "20260305101500", "2026年3月5日", "2026-03-05T01:00:00Z",
     1772676000000, "1772676000", datetime.fromisoformat("2026-03-05T08:00")],
)  # fmt: skip
def test_a_date_is_read_however_it_is_written(params: Path, tmp_path: Path, written: Any) -> None:
    value = written.isoformat() if isinstance(written, datetime) else written
    plan = plan_exports([answer(tmp_path / "a.json", [{**ENTRY, "pubdate": value}])], params, ANHAI, 2026)
    assert plan.added == 1 and plan.file is not None and "2026-03-05" in plan.file.after.decode("utf-8-sig")


@pytest.mark.parametrize(
    "raw", [b"", b"{", b"[]", b'{"data": []}', b'[{"title": "x"}]', b"\xff\xfe", b"[" * 100_000, b'"doctitle"']
)
def test_another_json_is_refused_and_nothing_written(run: Run, params: Path, tmp_path: Path, raw: bytes) -> None:
    (tmp_path / "a.json").write_bytes(raw)
    done = run("ingest", tmp_path / "a.json", "--unit", "安海镇", "--year", "2026", "--params", params)
    assert done.code == 2 and done.err.count("\n") == 1 and "a.json" in done.err
    assert not (params / "2026" / "anhai").exists()


def test_unit_and_year_must_be_named(run: Run, params: Path, tmp_path: Path) -> None:
    done = run("ingest", answer(tmp_path / "a.json", [ENTRY]), "--params", params)
    assert done.code == 2 and "--unit" in done.err


def test_a_register_kept_otherwise_is_left_alone(params: Path, tmp_path: Path) -> None:
    folder = params / "2026" / "anhai"
    folder.mkdir()
    (folder / "disclosures.csv").write_text("发布时间,信息标题,分类\n2026-1-1,甲,机构职能\n", encoding="utf-8")
    with pytest.raises(FormError, match="另一种写法"):
        plan_exports([answer(tmp_path / "a.json", [ENTRY])], params, ANHAI, 2026)


def test_a_form_is_no_export(run: Run, params: Path, tmp_path: Path) -> None:
    assert run("forms", "2026", "安海镇", "--to", tmp_path / "forms", "--params", params).code == 0
    (form,) = (tmp_path / "forms").glob("*.xlsx")
    assert not is_export(form)
