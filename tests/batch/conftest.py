"""Three units of the demo (one keeps registers), built once; a notebook that misbehaves for some units."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from nianbao.batch import Standing, run_batch
from nianbao.demo import write_demo
from nianbao.publish.contract import default_notebook
from tests.conftest import PARAMS

YEAR = 2025
UNITS = ("qingyang", "anhai", "yonghe")
"""In the order of the register; 青阳街道 keeps registers."""


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The params of all 19 units for 2025 and 2024; not to be changed."""
    folder = tmp_path_factory.mktemp("demo") / "params"
    write_demo(YEAR, folder, PARAMS)
    return folder


def copy_params(demo: Path, folder: Path, units: tuple[str, ...] = UNITS) -> Path:
    """``folder/params`` with the params of `units`."""
    target = folder / "params"
    for year in (YEAR, YEAR - 1):
        (target / str(year)).mkdir(parents=True)
        for unit in units:
            shutil.copy(demo / str(year) / f"{unit}.yaml", target / str(year))
            if (demo / str(year) / unit).is_dir():
                shutil.copytree(demo / str(year) / unit, target / str(year) / unit)
    shutil.copy(demo / "units.yaml", target)
    return target


@pytest.fixture(scope="session")
def finished(demo: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Params and output of three units, built in this process; copy before changing anything."""
    folder = tmp_path_factory.mktemp("finished")
    params = copy_params(demo, folder)
    assert run_batch(YEAR, (), params, folder / "out", workers=0).ok
    return params, folder / "out"


@pytest.fixture
def again(finished: tuple[Path, Path], tmp_path: Path) -> tuple[Path, Path]:
    """A copy of what was built, with its params."""
    params, out = tmp_path / "params", tmp_path / "out"
    shutil.copytree(finished[0], params)
    shutil.copytree(finished[1], out)
    return params, out


@pytest.fixture
def few(finished: tuple[Path, Path], tmp_path: Path) -> Path:
    """A copy of the params of three units."""
    return Path(shutil.copytree(finished[0], tmp_path / "params"))


@pytest.fixture
def notebook_with(tmp_path: Path) -> Callable[[str], Path]:
    """The report notebook with a cell more, after the report was loaded."""

    def make(source: str) -> Path:
        content = json.loads(default_notebook().read_text(encoding="utf-8"))
        extra = {"id": "extra", "cell_type": "code", "metadata": {}, "execution_count": None, "outputs": []}
        place = next(i for i, cell in enumerate(content["cells"]) if cell["id"] == "opening")
        content["cells"].insert(place, {**extra, "source": source})
        path = tmp_path / "notebooks" / "annual_report.ipynb"
        path.parent.mkdir(exist_ok=True)
        path.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
        return path

    return make


def edit(path: Path, old: str, new: str) -> None:
    """Replace the first `old` in a text file, which must be there."""
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def states(result: Any) -> dict[str, Standing]:
    return {status.unit.id: status.state for status in result.statuses if status.state is not Standing.MISSING}


def status(result: Any, unit: str) -> Any:
    return next(status for status in result.statuses if status.unit.id == unit)


def files_of(folder: Path) -> dict[str, bytes]:
    """Every file but logs and the lock, by its path."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.parent.name != "logs" and path.name != ".lock"
    }


def start(params: Path, out: Path, *options: str, **environment: str) -> subprocess.Popen[str]:
    """``nianbao batch`` as a process of its own."""
    command = [sys.executable, "-m", "nianbao.cli", "batch", str(YEAR), "--params", str(params), "--out", str(out)]
    return subprocess.Popen(
        [*command, *options],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        env=os.environ | environment,
    )
