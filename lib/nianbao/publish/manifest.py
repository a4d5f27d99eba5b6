"""The manifest: SHA-256 of everything that decides what a report's files say, and of the files themselves.

No clock time, user name or absolute path: two builds of the same inputs have the same manifest.
"""

from __future__ import annotations

import hashlib
import json
import platform
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from nianbao.errors import NianbaoError, ParamsError
from nianbao.params import Unit, load_units, params_path
from nianbao.params.narratives import narrative_of
from nianbao.params.yamlio import display_name

PACKAGES = (
    "nianbao",
    "great-tables",
    "pandas",
    "nbconvert",
    "papermill",
    "typst",
    "matplotlib",
    "mplfonts",
    "mistune",
    "jinja2",
    "lxml",
    "openpyxl",
    "pyyaml",
)
"""The packages whose versions can change what is published."""
SHARED = ("units.yaml", "holidays.yaml")
"""Files under ``params/`` on which every report rests, as far as they are there."""
NEIGHBOURS = "*.yaml#narrative"
"""Stands among a manifest's inputs for the narratives of all other units of the year."""


def digest(data: bytes) -> str:
    """SHA-256 in hexadecimal."""
    return hashlib.sha256(data).hexdigest()


def as_json_bytes(value: Any) -> bytes:
    """JSON as it is published: UTF-8, Chinese as it is, two spaces, one line feed at the end."""
    return (json.dumps(value, ensure_ascii=False, indent=2) + "\n").encode("utf-8")


def file_digest(path: Path) -> str:
    """SHA-256 of a file in hexadecimal, however large it is.

    Raises
    ------
    ParamsError
        It cannot be read.
    """
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        wrong = f"读不出（{error.strerror or type(error).__name__}）"
        raise ParamsError(display_name(path), wrong, "检查文件和权限") from error


def input_digests(unit: Unit, year: int, params_dir: Path) -> dict[str, str]:
    """SHA-256 of every file a report is made from, by its path under the params folder.

    Raises
    ------
    NianbaoError
        A file or ``units.yaml`` cannot be read.
    """
    files = [path for name in SHARED if (path := params_dir / name).is_file()]
    for number in (year, year - 1):
        path = params_path(params_dir, unit, number)
        if path.is_file():
            files.append(path)
            files.extend(sorted(item for item in path.with_suffix("").rglob("*") if item.is_file()))
    digests = {path.relative_to(params_dir).as_posix(): file_digest(path) for path in files}
    return digests | {f"{year}/{NEIGHBOURS}": _neighbours(unit, year, params_dir)}


def _neighbours(unit: Unit, year: int, params_dir: Path) -> str:
    """SHA-256 over the narratives of the year's other units: the rules compare a report with them."""
    whole = hashlib.sha256()
    for other in load_units(params_dir).units:
        path = params_path(params_dir, other, year)
        if other.id != unit.id and path.is_file():
            try:
                text = json.dumps(narrative_of(path), ensure_ascii=False)
            except (NianbaoError, OSError) as error:  # a finding says so
                text = str(error)
            whole.update(f"{other.id}\0{text}\n".encode())
    return whole.hexdigest()


@lru_cache(maxsize=1)
def library_digest() -> str:
    """SHA-256 over the library's own files, names included."""
    root = Path(__file__).parent.parent
    whole = hashlib.sha256()
    for path in sorted(root.rglob("*")):
        if path.is_file() and "__pycache__" not in path.parts:
            whole.update(f"{path.relative_to(root).as_posix()}\0{digest(path.read_bytes())}\n".encode())
    return whole.hexdigest()


@lru_cache(maxsize=1)
def package_versions() -> dict[str, str]:
    """Versions of Python and of the packages that can change what is published."""
    versions = {"python": platform.python_version()}
    for name in PACKAGES:
        try:
            versions[name] = version(name)
        except PackageNotFoundError:
            versions[name] = "not installed"
    return versions
