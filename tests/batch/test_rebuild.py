"""A batch again: what is rebuilt and why, what stays, and what the pages say."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import nianbao
from nianbao.batch import Standing, cluster, pool, run, run_batch
from nianbao.batch.jobs import Job, JobResult, Snapshot
from nianbao.batch.overview import Overview
from nianbao.batch.run import default_workers
from nianbao.city.paper import SUMMARY
from nianbao.errors import UsageError
from nianbao.publish import manifest
from nianbao.publish.formats import PICTURES, REPORT
from tests.batch.conftest import UNITS, YEAR, edit, files_of, states, status


def test_units_without_data_are_not_submitted_and_no_error(finished: tuple[Path, Path]) -> None:
    params, out = finished
    result = run_batch(YEAR, (), params, out, workers=0)
    assert result.ok and not result.built
    assert states(result) == dict.fromkeys(UNITS, Standing.READY)
    assert len(result.of(Standing.MISSING)) == 19 - len(UNITS)


def test_nothing_is_rewritten_when_nothing_changed(again: tuple[Path, Path]) -> None:
    params, out = again

    def seen() -> dict[Path, tuple[int, int]]:
        files = [path for path in out.rglob("*") if path.is_file() and path.parent.name != "logs"]
        return {path: (path.stat().st_mtime_ns, path.stat().st_ino) for path in files if path.name != ".lock"}

    before = seen()
    pictures = [path for path in before if f"{path.parent.name}/" == PICTURES]
    assert pictures
    # With the reports' seals, and seal, overview, status and progress of the year.
    assert len(before) - len(pictures) == len(UNITS) * (len(REPORT) + 1) + len(SUMMARY) + 4
    run_batch(YEAR, (), params, out)
    assert seen() == before


def test_a_batch_in_which_nothing_changed_loads_nothing_slow(finished: tuple[Path, Path]) -> None:
    params, out = finished
    code = (
        "import sys; from pathlib import Path; from nianbao.batch import run_batch\n"
        f"result = run_batch({YEAR}, (), Path({str(params)!r}), Path({str(out)!r}))\n"
        "slow = {'pandas', 'numpy', 'matplotlib', 'papermill', 'nbformat', 'nbconvert', 'zmq', 'distributed'}\n"
        "print(len(result.built), sorted((slow | {'nianbao.rules.check'}) & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, encoding="utf-8")
    assert done.stdout.strip() == "0 []"


def change_params(params: Path, _out: Path) -> None:
    edit(params / "2025" / "qingyang.yaml", "unit: qingyang", "# 核对过\nunit: qingyang")


def change_units(params: Path, _out: Path) -> None:
    edit(params / "units.yaml", "city:", "# 核对过\ncity:")


def change_narrative_of_another(params: Path, _out: Path) -> None:
    """The others compare themselves with it; of these only 青阳街道 is asked for."""
    edit(
        params / "2025" / "yonghe.yaml",
        "根据《中华人民共和国政府信息公开条例》",
        "按照《中华人民共和国政府信息公开条例》",
    )


def change_register(params: Path, _out: Path) -> None:
    edit(params / "2025" / "qingyang" / "disclosures.csv", "示例信息：", "示例信息，")


def lose_register(params: Path, _out: Path) -> None:
    (params / "2025" / "qingyang" / "reviews.csv").unlink()


def change_figures_of_last_year(params: Path, _out: Path) -> None:
    edit(params / "2024" / "qingyang.yaml", "unit: qingyang", "# 核对过\nunit: qingyang")


def change_register_of_last_year(params: Path, _out: Path) -> None:
    edit(params / "2024" / "qingyang" / "disclosures.csv", "示例信息：", "示例信息，")


def lose_last_year(params: Path, _out: Path) -> None:
    shutil.rmtree(params / "2024")


def add_picture(params: Path, _out: Path) -> None:
    (params / "2025" / "qingyang" / "a.png").write_bytes(b"x")


def lose_pdf(_params: Path, out: Path) -> None:
    (out / "2025" / "qingyang" / "report.pdf").unlink()


def lose_notebook(_params: Path, out: Path) -> None:
    (out / "2025" / "qingyang" / "report.ipynb").unlink()


def touch_up_page(_params: Path, out: Path) -> None:
    path = out / "2025" / "qingyang" / "report.html"
    path.write_bytes(path.read_bytes() + b" ")


def lose_manifest(_params: Path, out: Path) -> None:
    (out / "2025" / "qingyang" / "manifest.json").unlink()


def break_manifest(_params: Path, out: Path) -> None:
    path = out / "2025" / "qingyang" / "manifest.json"
    path.write_bytes(path.read_bytes()[:200])


def files_of_another(_params: Path, out: Path) -> None:
    shutil.rmtree(out / "2025" / "qingyang")
    shutil.copytree(out / "2025" / "anhai", out / "2025" / "qingyang")


def seal(out: Path, **changes: Any) -> None:
    path = out / "2025" / "qingyang" / "manifest.json"
    path.write_text(json.dumps(json.loads(path.read_bytes()) | changes), encoding="utf-8")


def older_library(_params: Path, out: Path) -> None:
    seal(out, library="0")


def older_typst(_params: Path, out: Path) -> None:
    now = json.loads((out / "2025" / "qingyang" / "manifest.json").read_bytes())["packages"]
    seal(out, packages=now | {"typst": "0.14.0"})


def other_fonts(_params: Path, out: Path) -> None:
    seal(out, fonts={})


def other_notebook(_params: Path, out: Path) -> None:
    seal(out, notebook="0")


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (change_params, "params/2025/qingyang.yaml 已改"),
        (change_units, "params/units.yaml 已改"),
        (change_narrative_of_another, "其他单位的正文已改"),
        (change_register, "params/2025/qingyang/disclosures.csv 已改"),
        (lose_register, "params/2025/qingyang/reviews.csv 已删除"),
        (change_figures_of_last_year, "params/2024/qingyang.yaml 已改"),
        (change_register_of_last_year, "params/2024/qingyang/disclosures.csv 已改"),
        (lose_last_year, "params/2024/qingyang.yaml 已删除"),
        (add_picture, "params/2025/qingyang/a.png 新增"),
        (lose_pdf, "成品缺失或被改动：report.pdf"),
        (lose_notebook, "成品缺失或被改动：report.ipynb"),
        (touch_up_page, "成品缺失或被改动：report.html"),
        (lose_manifest, "首次生成"),
        (break_manifest, "manifest.json 读不出"),
        (files_of_another, "成品属于别的单位或年份"),
        (older_library, "程序已更新"),
        (older_typst, "typst 0.14.0 → "),
        (other_fonts, "字体已变"),
        (other_notebook, "报告笔记本已改"),
    ],
)
def test_each_rebuild_says_why(
    again: tuple[Path, Path], change: Callable[[Path, Path], None], says: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    params, out = again
    change(params, out)
    asked: list[Job] = []

    def instead(jobs: list[Job]) -> Any:
        asked.extend(jobs)
        yield from ()

    monkeypatch.setattr(pool, "in_process", instead)
    monkeypatch.setattr(run, "_paper_jobs", lambda *_: iter(()))
    result = run_batch(YEAR, ("qingyang",), params, out, workers=0)
    assert [job.unit for job in asked] == ["qingyang"]
    assert status(result, "qingyang").state is Standing.PENDING and says in status(result, "qingyang").message


@pytest.mark.parametrize(
    "name",
    ["rules/classes.py", "document/pdf/template.typ", "document/web/style.css", "batch/page.html.j2"],
)
def test_every_file_of_the_library_decides(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = tmp_path / "nianbao"
    shutil.copytree(Path(nianbao.__file__).parent, root, ignore=shutil.ignore_patterns("__pycache__"))
    digest_now = manifest.library_digest.__wrapped__
    assert digest_now() == manifest.library_digest()
    monkeypatch.setattr(manifest, "__file__", str(root / "publish" / "manifest.py"))
    assert digest_now() == manifest.library_digest()
    (root / name).write_bytes((root / name).read_bytes() + b"\n")
    assert digest_now() != manifest.library_digest()


def test_a_changed_unit_alone_is_rebuilt(again: tuple[Path, Path]) -> None:
    params, out = again
    change_params(params, out)
    lines: list[str] = []
    result = run_batch(YEAR, (), params, out, tell=lambda event: lines.append(event.text))
    assert result.built == {"qingyang": "params/2025/qingyang.yaml 已改"} and result.ok
    assert lines[0].startswith("青阳街道：已生成（params/2025/qingyang.yaml 已改）")


def test_params_that_cannot_be_read_fail_their_unit_only(again: tuple[Path, Path]) -> None:
    params, out = again
    edit(params / "2025" / "anhai.yaml", "year: 2025", "year: 2025\nyaer: 1")
    result = run_batch(YEAR, (), params, out)
    assert states(result) == {"anhai": Standing.FAILED, "yonghe": Standing.READY, "qingyang": Standing.READY}
    assert "params/2025/anhai.yaml:" in status(result, "anhai").message and not result.ok
    page = (out / "2025" / "index.html").read_text(encoding="utf-8")
    assert "生成失败" in page and 'href="anhai/report.pdf"' not in page and 'href="yonghe/report.pdf"' in page


def test_a_failed_report_is_tried_again_and_forgets_its_failure(again: tuple[Path, Path]) -> None:
    params, out = again
    edit(params / "2025" / "anhai.yaml", "year: 2025", "year: 2024")
    assert status(run_batch(YEAR, (), params, out), "anhai").state is Standing.FAILED
    assert status(run_batch(YEAR, ("yonghe",), params, out), "anhai").state is Standing.FAILED
    edit(params / "2025" / "anhai.yaml", "year: 2024", "year: 2025")
    result = run_batch(YEAR, (), params, out)
    assert result.ok and result.built["anhai"] == "上次生成失败"


def test_a_draft_makes_the_batch_not_ready_and_is_called_one(again: tuple[Path, Path]) -> None:
    params, out = again
    path = params / "2025" / "anhai.yaml"
    total = re.search(r"  total: ([0-9]+)\n", path.read_text(encoding="utf-8"))
    assert total is not None
    edit(path, total[0], f"  total: {int(total[1]) + 1}\n")
    lines: list[str] = []
    result = run_batch(YEAR, ("anhai",), params, out, tell=lambda event: lines.append(event.text))
    assert status(result, "anhai").state is Standing.DRAFT and not result.ok
    assert lines[0].startswith("安海镇：已生成，是草稿，1 个问题必须解决（params/2025/anhai.yaml 已改），")
    content = json.loads((out / "2025" / "status.json").read_bytes())
    assert content["counts"]["draft"] == 1
    assert content["rules"]["P-03"] == {"severity": "error", "count": 1, "units": ["安海镇"]}
    assert "P-03" in (out / "2025" / "index.html").read_text(encoding="utf-8")


def test_no_data_at_all_is_wrong_usage(few: Path, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="没有这一年的数据"):
        run_batch(YEAR, ("xibin",), few, tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_a_file_named_after_no_unit_is_pointed_out(again: tuple[Path, Path]) -> None:
    params, out = again
    (params / "2025" / "anhia.yaml").write_text("unit: anhai\n", encoding="utf-8")
    lines: list[str] = []
    run_batch(YEAR, (), params, out, tell=lambda event: lines.append(event.text))
    assert lines == ["params/2025/anhia.yaml：文件名不是单位代号，没有采用。是否为 anhai？"]
    assert "anhia.yaml" in (out / "2025" / "index.html").read_text(encoding="utf-8")


def test_a_fault_nobody_foresaw_is_named_and_logged(again: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    from nianbao.batch import jobs

    params, out = again
    change_params(params, out)

    def broken(*_: object, **__: object) -> JobResult:
        raise KeyError("natural")

    monkeypatch.setattr(jobs, "make", broken)
    result = run_batch(YEAR, ("qingyang",), params, out)
    assert "青阳街道 2025：程序出错，KeyError" in status(result, "qingyang").message
    logs = sorted((out / "2025" / "logs").glob("batch-*.log"))
    assert "Traceback" in logs[-1].read_text(encoding="utf-8")


@pytest.mark.parametrize("address", ["tcp://127.0.0.1:9", "tcp://127.0.0.1:99999", "nonsense", ""])
def test_a_scheduler_that_is_not_there_is_wrong_usage_and_changes_nothing(
    address: str, again: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    params, out = again
    change_params(params, out)
    before = files_of(out)
    monkeypatch.setattr(cluster, "CONNECT_SECONDS", 1.0)
    with pytest.raises(UsageError, match=r"连接不上调度器|不是调度器的地址"):
        run_batch(YEAR, (), params, out, scheduler=address)
    assert files_of(out) == before


def test_more_workers_than_are_worth_their_start_are_not_started() -> None:
    assert default_workers(1) == default_workers(2) == 1
    assert 1 <= default_workers(1000) <= 500


def test_a_snapshot_holds_the_year_and_the_year_before(few: Path) -> None:
    (few / "2023").mkdir()
    (few / "2023" / "anhai.yaml").write_text("x", encoding="utf-8")
    snapshot = Snapshot.of(few, YEAR)
    assert {name.partition("/")[0] for name in snapshot.files} == {"units.yaml", "2024", "2025"}
    with snapshot.unpacked("params") as folder:
        assert folder.name == "params" and (folder / "2024" / "qingyang" / "reviews.csv").is_file()


def test_the_pages_of_a_year_look_at_each_narrative_once_and_say_the_same(
    finished: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not each unit at each other's: with a thousand units that would be a million looks."""
    params, out = finished
    looked: list[str] = []

    class Counted:
        @staticmethod
        def stat(path: str) -> os.stat_result:
            looked.append(path)
            return Path(path).stat()

    overview = Overview.of(YEAR, params, out / str(YEAR))
    monkeypatch.setattr(manifest, "os", Counted)
    assert [overview.rebuild_reasons(unit) for unit in overview.units.units if unit.id in UNITS] == [[]] * len(UNITS)
    assert len(looked) == len(overview.units.units)
    together = manifest.narratives_of(YEAR, params)
    for unit in overview.units.units:
        alone = manifest.input_digests(unit, YEAR, params)
        assert manifest.input_digests(unit, YEAR, params, together) == alone
