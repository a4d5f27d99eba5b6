"""A params folder with several units, all copies of 永和镇 2023, and a notebook that can be made to fail for one."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from nianbao.params import load_units
from nianbao.publish import default_notebook
from tests.conftest import PARAMS

UNITS = ("anhai", "yonghe", "xibin")


def copy_params(folder: Path, units: tuple[str, ...] = ()) -> Path:
    """``folder/params`` with the 2023 params of `units` (default: all), each a copy of 永和镇's."""
    target = folder / "params"
    (target / "2023").mkdir(parents=True)
    shutil.copyfile(PARAMS / "units.yaml", target / "units.yaml")
    text = (PARAMS / "2023" / "yonghe.yaml").read_text(encoding="utf-8")
    for unit in units or tuple(unit.id for unit in load_units(PARAMS).units):
        copy = text.replace("unit: yonghe", f"unit: {unit}", 1)
        (target / "2023" / f"{unit}.yaml").write_text(copy, encoding="utf-8")
    return target


@pytest.fixture
def few(tmp_path: Path) -> Path:
    """Params of three units."""
    return copy_params(tmp_path, UNITS)


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


def files_of(folder: Path) -> dict[str, bytes]:
    """Every file but logs and the lock, by its path."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.parent.name != "logs" and path.name != ".lock"
    }
