"""The summary in a batch: built when its figures changed, from what was built, and without harm to the reports."""

from __future__ import annotations

import json
import re
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from lxml import html

from nianbao.batch import Standing, run_batch
from nianbao.city import load_summary, paper
from nianbao.city.paper import FAILED, NAME, SEAL, SUMMARY
from nianbao.errors import NianbaoError, NotebookError
from nianbao.params import load_units
from nianbao.publish.manifest import digest
from tests.batch.conftest import UNITS, YEAR, edit, files_of

PAGES = [one.name for one in SUMMARY]


def seal(out: Path) -> Any:
    return json.loads((out / str(YEAR) / SEAL).read_bytes())


def test_the_summary_is_sealed_and_linked(finished: tuple[Path, Path]) -> None:
    from pypdf import PdfReader

    folder = finished[1] / str(YEAR)
    content = seal(finished[1])
    assert content["counted"] == list(UNITS) and not content["ready"]
    assert content["outputs"] == {name: digest((folder / name).read_bytes()) for name in PAGES}
    tables = [json.loads((folder / unit / "tables.json").read_bytes())["cells"] for unit in UNITS]
    whole = sum(cells["t3.received.total"]["value"] for cells in tables)
    assert content["cells"]["t3.received.total"] == {"value": whole, "whole": True, "text": str(whole)}
    page = (folder / "index.html").read_text(encoding="utf-8")
    assert 'href="summary.html"' in page and 'href="summary.pdf"' in page
    said = html.document_fromstring((folder / "summary.html").read_bytes()).text_content()
    assert "不含：未报送16个（" in said
    pages = PdfReader(folder / "summary.pdf").pages
    assert all("草" in one.extract_text() for one in pages)


def test_what_was_built_and_the_params_give_the_same_summary(finished: tuple[Path, Path]) -> None:
    params, out = finished
    built, loaded = load_summary(YEAR, params, out / str(YEAR)), load_summary(YEAR, params)
    assert [one.page for one in built.counted] == [f"{unit}/report.html" for unit in UNITS]
    bare = tuple(replace(one, page="") for one in built.units)  # where a report lies is known of what is built alone
    assert replace(built, units=bare) == loaded and len(built.counted) == len(UNITS)
    assert [one.text for one in built.sums.values()] == [one.text for one in loaded.sums.values()]


def test_every_body_in_the_page_leads_to_its_report_and_no_other_file_leads_nowhere(
    finished: tuple[Path, Path],
) -> None:
    from pypdf import PdfReader

    folder = finished[1] / str(YEAR)
    page = html.fromstring((folder / "summary.html").read_bytes())
    names = {unit.id: unit.name for unit in load_units(finished[0]).units}
    links = {link.get("href"): link.text_content() for link in page.iterfind(".//td/a") if link.get("href")}
    assert links == {f"{unit}/report.html": names[unit] for unit in UNITS}
    assert all((folder / link).is_file() for link in links)
    for sheet in PdfReader(folder / "summary.pdf").pages:
        for note in sheet.get("/Annots") or ():
            target = note.get_object().get("/A", {})
            assert "/URI" not in target or str(target["/URI"]).startswith("http")
            assert target.get("/S") not in ("/GoToR", "/Launch")
    with zipfile.ZipFile(folder / "summary.docx") as word:
        for name in word.namelist():
            if name.endswith(".rels"):
                assert b"report.html" not in word.read(name)


def test_it_is_built_again_only_when_a_figure_or_a_state_changed(again: tuple[Path, Path]) -> None:
    params, out = again
    before = files_of(out)
    edit(params / str(YEAR) / "anhai.yaml", "unit: anhai", "# 核对过\nunit: anhai")
    lines: list[str] = []
    run_batch(YEAR, (), params, out, tell=lambda event: lines.append(event.text))
    assert [line.partition("：")[0] for line in lines] == ["安海镇"]
    assert all(files_of(out)[f"{YEAR}/{name}"] == before[f"{YEAR}/{name}"] for name in (*PAGES, SEAL))


def change_a_figure(params: Path, _out: Path) -> None:
    path = params / str(YEAR) / "anhai.yaml"
    text, found = re.subn(r"licensing: [0-9]+", "licensing: 1234567", path.read_text(encoding="utf-8"), count=1)
    assert found
    path.write_text(text, encoding="utf-8")


def withdraw_a_report(params: Path, _out: Path) -> None:
    (params / str(YEAR) / "anhai.yaml").unlink()


def lose_the_pdf(_params: Path, out: Path) -> None:
    (out / str(YEAR) / "summary.pdf").unlink()


def touch_up_the_page(_params: Path, out: Path) -> None:
    path = out / str(YEAR) / "summary.html"
    path.write_bytes(path.read_bytes() + b" ")


def break_the_seal(_params: Path, out: Path) -> None:
    (out / str(YEAR) / SEAL).write_bytes(b"{")


def add_last_year_of_one_not_submitted(params: Path, _out: Path) -> None:
    (params / str(YEAR - 1) / "zimao.yaml").write_text(f"unit: zimao\nyear: {YEAR - 1}\n", encoding="utf-8")


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (change_a_figure, "数据有变：安海镇"),
        (withdraw_a_report, "状态有变：安海镇"),
        (lose_the_pdf, "成品缺失或被改动：summary.pdf"),
        (touch_up_the_page, "成品缺失或被改动：summary.html"),
        (break_the_seal, "summary.json 读不出"),
        (add_last_year_of_one_not_submitted, "数据有变：紫帽镇"),
    ],
)
def test_each_rebuild_says_why(again: tuple[Path, Path], change: Callable[[Path, Path], None], says: str) -> None:
    params, out = again
    change(params, out)
    lines: list[str] = []
    result = run_batch(YEAR, (), params, out, workers=0, tell=lambda event: lines.append(event.text))
    (line,) = [line for line in lines if line.startswith(NAME)]
    assert says in line and result.summary.state is Standing.DRAFT
    licensing = load_summary(YEAR, params, out / str(YEAR)).sums["t2.licensing.decisions"].value or 0
    assert (licensing > 1234567) == (change is change_a_figure)


def test_a_unit_that_was_not_asked_for_and_changed_is_left_out_and_named(again: tuple[Path, Path]) -> None:
    params, out = again
    change_a_figure(params, out)
    run_batch(YEAR, ("yonghe",), params, out, workers=0)
    assert seal(out)["counted"] == ["qingyang", "yonghe"]
    assert "待生成1个（安海镇）" in (out / str(YEAR) / "summary.html").read_text(encoding="utf-8")


def test_a_first_run_for_one_unit_sums_that_unit_and_names_the_rest(few: Path, tmp_path: Path) -> None:
    result = run_batch(YEAR, ("anhai",), few, tmp_path / "out", workers=0)
    assert result.ok and result.summary.state is Standing.DRAFT
    assert seal(tmp_path / "out")["counted"] == ["anhai"]
    page = (tmp_path / "out" / str(YEAR) / "summary.html").read_text(encoding="utf-8")
    assert "待生成2个（青阳街道、永和镇）" in page and "未报送16个（梅岭街道、" in page


@pytest.mark.parametrize("executed", [b"", b"{}"])
def test_a_summary_that_fails_is_named_and_harms_no_report(
    again: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch, executed: bytes
) -> None:
    params, out = again
    before = files_of(out / str(YEAR) / "anhai")
    lose_the_pdf(params, out)

    def broken(*_: object, **__: object) -> Any:
        error = NotebookError("第 4 个单元格", "运行出错", "核对笔记本")
        error.executed = executed
        raise error

    with monkeypatch.context() as patch:
        patch.setattr(paper, "summary_work", broken)
        result = run_batch(YEAR, (), params, out, workers=0)
    assert not result.ok and result.summary.state is Standing.FAILED and "运行出错" in result.summary.message
    assert (out / str(YEAR) / FAILED).is_file() == bool(executed)
    assert files_of(out / str(YEAR) / "anhai") == before and len(result.of(Standing.READY)) == len(UNITS)
    page = (out / str(YEAR) / "index.html").read_text(encoding="utf-8")
    assert "全市汇总：<strong>生成失败</strong>" in page and 'href="summary.pdf"' not in page
    assert json.loads((out / str(YEAR) / "status.json").read_bytes())["summary"]["state"] == "failed"
    after = run_batch(YEAR, (), params, out, workers=0)
    assert after.ok and after.summary.state is Standing.DRAFT and not (out / str(YEAR) / FAILED).exists()


def test_a_failure_is_tried_again_although_nothing_changed(again: tuple[Path, Path]) -> None:
    params, out = again
    path = out / str(YEAR) / "status.json"
    content = json.loads(path.read_bytes())
    content["summary"] |= {"state": "failed", "message": "磁盘已满"}
    path.write_text(json.dumps(content), encoding="utf-8")
    lines: list[str] = []
    run_batch(YEAR, (), params, out, tell=lambda event: lines.append(event.text))
    assert len(lines) == 1 and lines[0].startswith(f"{NAME}：已生成（上次生成失败）")


def test_a_seal_that_was_edited_to_ready_makes_no_draft_ready(again: tuple[Path, Path]) -> None:
    params, out = again
    path = out / str(YEAR) / SEAL
    path.write_text(json.dumps(seal(out) | {"ready": True}), encoding="utf-8")
    assert run_batch(YEAR, (), params, out).summary.state is Standing.DRAFT


def test_what_was_built_but_cannot_be_read_is_an_error_with_its_place(again: tuple[Path, Path]) -> None:
    params, out = again
    (out / str(YEAR) / "anhai" / "tables.json").write_bytes(b"[]")
    with pytest.raises(NianbaoError, match=r"2025/anhai/：tables\.json 或 findings\.json 读不出"):
        load_summary(YEAR, params, out / str(YEAR))
