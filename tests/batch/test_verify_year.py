"""Verify a whole year: every report, the summary and the pages."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

from nianbao.batch import run_batch
from nianbao.city.paper import SUMMARY
from nianbao.publish.formats import PICTURES, REPORT
from nianbao.verify import verify
from tests.batch.conftest import UNITS, YEAR, files_of


def content(path: Path) -> Any:
    return json.loads(path.read_bytes())


def write(path: Path, value: Any) -> None:
    path.write_text(json.dumps(value, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


def test_a_whole_year_is_what_would_be_built(finished: tuple[Path, Path]) -> None:
    params, folder = finished[0], finished[1] / str(YEAR)
    before = files_of(folder)
    result = verify(folder, params, workers=0)
    assert result.same, result.differences
    pictures = len(list(folder.glob(f"*/{PICTURES}*")))
    # With the reports' seals, and seal, overview, status and progress of the year.
    assert pictures and result.files - pictures == len(UNITS) * (len(REPORT) + 1) + len(SUMMARY) + 4
    assert files_of(folder) == before


def test_a_report_that_failed_and_fails_again_is_no_difference(again: tuple[Path, Path]) -> None:
    params, out = again
    (params / str(YEAR) / "anhai.yaml").write_text("unit: anhai\n", encoding="utf-8")
    (params / str(YEAR) / "yonghe.yaml").unlink()
    shutil.rmtree(out / str(YEAR) / "anhai")
    shutil.rmtree(out / str(YEAR) / "yonghe")
    run_batch(YEAR, (), params, out, workers=0)
    assert verify(out / str(YEAR), params, workers=0).differences == ()


def test_everything_in_a_year_that_was_tampered_with_is_named(again: tuple[Path, Path]) -> None:
    params, folder = again[0], again[1] / str(YEAR)
    tables = content(folder / "anhai" / "tables.json")
    licensing = tables["cells"]["t2.licensing.decisions"]["text"]
    tables["cells"]["t2.licensing.decisions"] |= {"value": 999, "text": "999"}
    write(folder / "anhai" / "tables.json", tables)
    manifest = content(folder / "qingyang" / "manifest.json")
    manifest["packages"]["typst"] = "0.14.0"
    write(folder / "qingyang" / "manifest.json", manifest)
    (folder / "yonghe" / "manifest.json").write_bytes(b"{")
    summary = content(folder / "summary.json")
    sum_ = summary["cells"]["t2.licensing.decisions"]["text"]
    summary["cells"]["t2.licensing.decisions"] |= {"value": 999, "text": "999"}
    write(folder / "summary.json", summary)
    status = content(folder / "status.json")
    status["units"][1]["state"] = "ready"
    write(folder / "status.json", status)
    (folder / "summary.pdf").unlink()
    (folder / "zimao").mkdir()
    (folder / "zimao" / "failed.ipynb").write_bytes(b"{}")
    (folder / "old").mkdir()
    found = [str(difference) for difference in verify(folder, params, workers=0).differences]
    for line in (
        "软件包 typst：生成时为 0.14.0，现为",
        "安海镇 tables.json：与清单的校验值不符，生成之后被改动。",
        f"安海镇 tables.json 行政许可〔本年处理决定数量〕：文件中为 999，填写，重新生成为 {licensing}，填写。",
        "永和镇 manifest.json：不是合法的 JSON。",
        f"summary.json 行政许可〔本年处理决定数量〕：文件中为 999，重新生成为 {sum_}。",
        "status.json 梅岭街道 state：文件中为 可以发布，重新生成为 未报送。",
        "summary.pdf：缺失。",
        "紫帽镇 failed.ipynb：多出，重新生成没有。",
        "old/：多出，重新生成没有。",
        "全市汇总 输入 2025/anhai/tables.json：生成之后改过。",
    ):
        assert any(one.startswith(line) for one in found), (line, found)
    assert not any(one.startswith("青阳街道 report") for one in found)
