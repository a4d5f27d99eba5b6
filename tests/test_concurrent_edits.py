"""What a report is made from is digested before it is read and again after: an edit in between fails that report."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from nianbao.errors import NianbaoError
from nianbao.publish import build as building
from nianbao.publish import formats, make
from nianbao.publish.build import publish
from nianbao.publish.contract import default_notebook
from tests.conftest import PARAMS

UNIT, YEAR = "yonghe", 2023
Edit = Callable[[Path], None]


def edit_a_figure(params: Path) -> None:
    path = params / str(YEAR) / f"{UNIT}.yaml"
    text = path.read_text(encoding="utf-8")
    assert "licensing: " in text
    path.write_text(text.replace("licensing: ", "licensing: 555", 1), encoding="utf-8")


def add_a_picture(params: Path) -> None:
    folder = params / str(YEAR) / UNIT
    folder.mkdir(exist_ok=True)
    (folder / "new.txt").write_text("新的", encoding="utf-8")


def edit_the_units(params: Path) -> None:
    path = params / "units.yaml"
    path.write_text(path.read_text(encoding="utf-8") + "# 核对过\n", encoding="utf-8")


def edit_a_neighbour(params: Path) -> None:
    (params / str(YEAR) / "anhai.yaml").write_text(
        f"unit: anhai\nyear: {YEAR}\nnarrative:\n  overview: |\n    另写一段。\n", encoding="utf-8"
    )


def take_away_the_params(params: Path) -> None:
    (params / str(YEAR) / f"{UNIT}.yaml").unlink()


def edit_the_notebook(params: Path) -> None:
    path = params.parent / "annual_report.ipynb"
    content = json.loads(path.read_text(encoding="utf-8"))
    content["cells"].append({"id": "more", "cell_type": "markdown", "metadata": {}, "source": "全年主动公开信息9999条"})
    path.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")


EDITS = (edit_a_figure, add_a_picture, edit_the_units, edit_a_neighbour, take_away_the_params, edit_the_notebook)


def _at(monkeypatch: pytest.MonkeyPatch, module: Any, name: str, edit: Callable[[], None], *, after: bool) -> None:
    """`edit`, once, before or after the first call of a function."""
    original, done = getattr(module, name), []

    def call(*args: Any, **options: Any) -> Any:
        if not after and not done:
            done.append(edit())
        result = original(*args, **options)
        if after and not done:
            done.append(edit())
        return result

    monkeypatch.setattr(module, name, call)


def _while_writing(monkeypatch: pytest.MonkeyPatch, edit: Callable[[], None]) -> None:
    def write(printed: formats.Printed) -> bytes:
        edit()
        return formats.write_tables(printed)

    table = tuple(replace(one, write=write) if one.write is formats.write_tables else one for one in formats.REPORT)
    monkeypatch.setattr(formats, "REPORT", table)


WINDOWS: dict[str, Callable[[pytest.MonkeyPatch, Callable[[], None]], None]] = {
    "before the params are read": lambda patch, edit: _at(patch, building, "load_report", edit, after=False),
    "when the params have been read": lambda patch, edit: _at(patch, building, "load_report", edit, after=True),
    "before the notebook runs": lambda patch, edit: _at(patch, make, "execute", edit, after=False),
    "when the notebook has run": lambda patch, edit: _at(patch, make, "execute", edit, after=True),
    "while files are written": _while_writing,
    "before the seal": lambda patch, edit: _at(patch, make, "_lock_title", edit, after=True),
}


@pytest.mark.parametrize("window", WINDOWS)
@pytest.mark.parametrize("edit", EDITS)
def test_an_edit_in_any_window_fails_the_report(
    window: str, edit: Edit, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    params = tmp_path / "params"
    shutil.copytree(PARAMS, params)
    notebook = tmp_path / "annual_report.ipynb"
    shutil.copy(default_notebook(), notebook)
    folder = tmp_path / "out" / str(YEAR) / UNIT
    folder.mkdir(parents=True)
    (folder / "report.pdf").write_bytes(b"earlier")
    # What the notebook prints is not the point here: one that ran before is printed whatever happens.
    executed = _executed(params, notebook)
    monkeypatch.setattr(make, "execute", lambda *_args, **_options: executed)
    WINDOWS[window](monkeypatch, lambda: edit(params))
    with pytest.raises(NianbaoError) as caught:
        publish(UNIT, YEAR, params, tmp_path / "out", notebook=notebook)
    assert "改动" in str(caught.value) or edit is take_away_the_params
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == {"report.pdf": b"earlier"}


_ran: list[Any] = []


def _executed(params: Path, notebook: Path) -> Any:
    if not _ran:
        work = building.report_work(UNIT, YEAR, params, notebook)
        _ran.append(make.execute(work.notebook, work.parameters, work.environment))
    return _ran[0]


def test_without_an_edit_the_report_is_made(tmp_path: Path) -> None:
    params = tmp_path / "params"
    shutil.copytree(PARAMS, params)
    notebook = tmp_path / "annual_report.ipynb"
    shutil.copy(default_notebook(), notebook)
    assert publish(UNIT, YEAR, params, tmp_path / "out", notebook=notebook).result.ready


def test_an_edit_while_the_notebook_runs_fails_the_report(tmp_path: Path) -> None:
    """The real thing: a cell of the notebook is what edits the params."""
    params = tmp_path / "params"
    shutil.copytree(PARAMS, params)
    content = json.loads(default_notebook().read_text(encoding="utf-8"))
    path = params / str(YEAR) / f"{UNIT}.yaml"
    place = next(index for index, cell in enumerate(content["cells"]) if cell["id"] == "opening")
    source = (
        f"from pathlib import Path\nparams = Path({str(path)!r})\ntext = params.read_text(encoding='utf-8')\n"
        "_ = params.write_text(text.replace('licensing: ', 'licensing: 555', 1), encoding='utf-8')"
    )
    extra = {"id": "edit", "cell_type": "code", "metadata": {}, "execution_count": None, "outputs": []}
    content["cells"].insert(place, {**extra, "source": source})
    notebook = tmp_path / "annual_report.ipynb"
    notebook.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
    with pytest.raises(NianbaoError, match="在生成过程中被改动"):
        publish(UNIT, YEAR, params, tmp_path / "out", notebook=notebook)
    assert list((tmp_path / "out" / str(YEAR) / UNIT).iterdir()) == []
