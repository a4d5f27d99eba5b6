"""One report on its own: its year's pages follow, another notebook is named, and warnings are never left out."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from nianbao.batch import Standing, run_batch
from nianbao.batch.keys import rebuild_reasons
from nianbao.batch.single import publish_one
from nianbao.errors import NianbaoError
from nianbao.params import load_units
from nianbao.publish.contract import default_notebook, notebook_digest
from nianbao.publish.ground import Ground
from nianbao.wording import publishable
from tests.batch.conftest import YEAR, edit, files_of
from tests.command import Run


def standing(out: Path, unit: str) -> Any:
    units = json.loads((out / str(YEAR) / "status.json").read_bytes())["units"]
    return next(one for one in units if one["id"] == unit)


def test_the_pages_follow_a_single_build(again: tuple[Path, Path]) -> None:
    params, out = again
    before = files_of(out / str(YEAR) / "qingyang")
    path = params / str(YEAR) / "anhai.yaml"
    sound = path.read_text(encoding="utf-8")
    edit(path, "licensing: ", "licensing: 9")
    done, index = publish_one("安海镇", YEAR, params, out)
    assert index == out / str(YEAR) / "index.html"
    assert standing(out, "anhai")["state"] == ("ready" if done.result.ready else "draft")
    assert json.loads((out / str(YEAR) / "status.json").read_bytes())["summary"]["state"] == "pending"
    path.write_text("unit: anhai\n", encoding="utf-8")
    with pytest.raises(NianbaoError):
        publish_one("安海镇", YEAR, params, out)
    failed = standing(out, "anhai")
    assert failed["state"] == "failed" and "anhai.yaml" in failed["message"]
    path.write_text(sound, encoding="utf-8")
    publish_one("安海镇", YEAR, params, out)
    assert standing(out, "anhai")["state"] == "ready"
    assert files_of(out / str(YEAR) / "qingyang") == before


def test_a_year_without_pages_gets_none(few: Path, tmp_path: Path) -> None:
    assert publish_one("anhai", YEAR, few, tmp_path / "out")[1] is None
    assert [path.name for path in (tmp_path / "out" / str(YEAR)).iterdir() if path.name != ".lock"] == ["anhai"]


def test_another_notebook_is_named(few: Path, tmp_path: Path, run: Run, notebook_with: Callable[[str], Path]) -> None:
    notebook = notebook_with("noted = 1")
    done = run("build", "安海镇", str(YEAR), "--params", few, "--out", tmp_path / "out", "--notebook", notebook)
    assert done.code == 0 and f"所用笔记本：{notebook.as_posix()}，不是随 nianbao 安装的模板。" in done.out
    sealed = json.loads((tmp_path / "out" / str(YEAR) / "anhai" / "manifest.json").read_bytes())
    assert sealed["notebook"] == notebook_digest(notebook) != notebook_digest(default_notebook())


def save(content: Any) -> None:
    """What running a notebook in JupyterLab and saving it leaves behind."""
    content["metadata"]["widgets"] = {}
    content["metadata"]["language_info"] = {"name": "python", "version": "3.99", "pygments_lexer": "ipython3"}
    for number, cell in enumerate(content["cells"]):
        cell["metadata"]["execution"] = {"iopub.status.busy": "2026-01-01T00:00:00Z"}
        cell["metadata"]["scrolled"] = True
        cell["source"] = "".join(cell["source"]).splitlines(keepends=True)
        if cell["cell_type"] == "code":
            cell["execution_count"] = number
            cell["outputs"] = [{"output_type": "stream", "name": "stdout", "text": ["ran\n"]}]


def edit_source(content: Any) -> None:
    content["cells"][-1]["source"] = "1 + 1"


def edit_tags(content: Any) -> None:
    content["cells"][-1]["metadata"]["tags"] = ["internal"]


def delete_a_cell(content: Any) -> None:
    del content["cells"][-1]


def swap_cells(content: Any) -> None:
    content["cells"][-1], content["cells"][-2] = content["cells"][-2], content["cells"][-1]


def change_kind(content: Any) -> None:
    content["cells"][0]["cell_type"] = "raw"


@pytest.mark.parametrize(
    ("change", "same"),
    [(save, True), *((one, False) for one in (edit_source, edit_tags, delete_a_cell, swap_cells, change_kind))],
)
def test_running_and_saving_a_notebook_changes_nothing(
    again: tuple[Path, Path], tmp_path: Path, change: Callable[[Any], None], same: bool
) -> None:
    params, out = again
    content = json.loads(default_notebook().read_text(encoding="utf-8"))
    change(content)
    notebook = tmp_path / "annual_report.ipynb"
    notebook.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
    unit = load_units(params).find("anhai")
    folder = out / str(YEAR) / "anhai"
    reasons = rebuild_reasons(folder, unit, YEAR, params, Ground.here(notebook))
    assert reasons == ([] if same else ["报告笔记本已改"])


def test_a_saved_notebook_makes_the_same_bytes(again: tuple[Path, Path], tmp_path: Path) -> None:
    params, out = again
    content = json.loads(default_notebook().read_text(encoding="utf-8"))
    save(content)
    notebook = tmp_path / "annual_report.ipynb"
    notebook.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
    publish_one("anhai", YEAR, params, tmp_path / "saved", notebook=notebook)
    first, second = (files_of(place / str(YEAR) / "anhai") for place in (out, tmp_path / "saved"))
    assert {name for name in first if first[name] != second[name]} <= {"report.ipynb"}


def test_a_verdict_never_leaves_warnings_out(again: tuple[Path, Path], run: Run) -> None:
    """Whoever reads 可以发布 of one report reads how many warnings stand: command, page, summary."""
    params, out = again
    edit(params / str(YEAR) / "anhai.yaml", "normative: [0, 1, 3]", "normative: [0, 1, 30]")
    done = run_batch(YEAR, (), params, out, workers=0)
    (status,) = [status for status in done.statuses if status.unit.id == "anhai"]
    assert status.state is Standing.READY and status.warnings, "the edit must leave a warning"
    verdict = publishable(status.warnings)
    assert f"（{status.warnings} 个警告）" in verdict
    page = (out / str(YEAR) / "index.html").read_text(encoding="utf-8")
    assert f'<span class="state">{verdict}</span>' in page
    assert verdict in (out / str(YEAR) / "summary.html").read_text(encoding="utf-8")
    assert f"安海镇 {YEAR}：{verdict}。" in run("check", str(YEAR), "安海镇", "--params", params).out
    assert "有警告）" in run("batch", str(YEAR), "--params", params, "--out", out).out


def test_no_other_line_says_it(again: tuple[Path, Path]) -> None:
    """The word stands in one function; elsewhere only as the name of a group of units."""
    import nianbao

    library = Path(nianbao.__file__).parent
    assert [
        path.relative_to(library).as_posix()
        for path in sorted(library.rglob("*.py"))
        if '"可以发布' in path.read_text(encoding="utf-8")
    ] == ["wording.py"]
