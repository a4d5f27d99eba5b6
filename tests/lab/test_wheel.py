"""The same from a wheel: a fresh virtual environment, an empty folder, nothing of the checkout within reach.

The dependencies are those of the environment that runs the tests, lent to the fresh one instead of being fetched again.
"""

from __future__ import annotations

import os
import site
import subprocess
import sys
import venv
import zipfile
from importlib.util import find_spec
from pathlib import Path

import pytest

from tests.conftest import TOP
from tests.lab.conftest import nianbao_in

pytestmark = pytest.mark.system


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    isolation = ["--no-build-isolation"] if find_spec("hatchling") else []
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", *isolation, "--wheel-dir", str(folder)]
    subprocess.run([*command, str(TOP)], check=True)
    (made,) = folder.glob("*.whl")
    return made


@pytest.fixture(scope="module")
def python(tmp_path_factory: pytest.TempPathFactory, wheel: Path) -> str:
    """The interpreter of a fresh environment with nothing but the wheel and what it depends on."""
    folder = tmp_path_factory.mktemp("fresh") / "venv"
    venv.create(folder, with_pip=False)
    bin_folder = folder / ("Scripts" if os.name == "nt" else "bin")
    (own,) = {path for path in folder.rglob("site-packages") if path.is_dir()}
    with zipfile.ZipFile(wheel) as archive:  # a wheel is its files; entry points are read from its metadata
        archive.extractall(own)
    # A path in a .pth file lends the packages; the .pth files among them, the checkout's own too, are not read.
    (own / "lent.pth").write_text("\n".join(site.getsitepackages()), encoding="utf-8")
    return str(next(bin_folder.glob("python*")))


def test_the_wheel_has_what_a_project_begins_with(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    wanted = {
        "nianbao/starter/units.yaml",
        "nianbao/starter/holidays.yaml",
        "nianbao/notebooks/annual_report.ipynb",
        "nianbao/notebook/edit/form.js",
        "nianbao/notebook/edit/form.css",
        "nianbao/lab/config/labconfig/default_setting_overrides.json",
    }
    assert wanted <= names


def test_from_an_empty_folder_to_a_demo_that_builds(python: str, tmp_path: Path) -> None:
    where = subprocess.run(
        [python, "-c", "import nianbao; print(nianbao.__file__)"],
        capture_output=True,
        text=True,
        check=True,
        cwd=tmp_path,
    )
    assert str(TOP) not in where.stdout
    for words in (
        ("init",),
        ("new", "安海镇", "2026"),
        ("demo", "--year", "2025", "--to", "示例"),
        ("check", "2025", "安海镇", "--params", "示例"),
        ("build", "安海镇", "2025", "--params", "示例"),
    ):
        done = nianbao_in(tmp_path, *words, python=python)
        assert done.returncode == 0, (words, done.stderr)
        assert not done.stderr, (words, done.stderr)
    assert (tmp_path / "output" / "2025" / "anhai" / "report.pdf").is_file()


def test_the_analysts_way_from_the_wheel(python: str, chromium: str) -> None:
    """Every test of test_lab, with the fresh environment's interpreter."""
    prefix = Path(sys.prefix)
    lent = {
        "NIANBAO_TEST_PYTHON": python,
        "JUPYTER_PATH": str(prefix / "share" / "jupyter"),
        "JUPYTERLAB_DIR": str(prefix / "share" / "jupyter" / "lab"),
    }
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", "tests/lab/test_lab.py"],
        cwd=TOP,
        env={**os.environ, **lent},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-4000:]
