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

from nianbao.errors import NianbaoError
from nianbao.params import Unit, load_units, params_path
from nianbao.params.narratives import narrative_of
from nianbao.report.inputs import SHARED as SHARED
from nianbao.report.inputs import digest as digest
from nianbao.report.inputs import file_digest as file_digest
from nianbao.report.inputs import own_digests
from nianbao.report.signing import sign_digest

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
    "python-docx",
    "XlsxWriter",
    "pillow",
    "pyyaml",
)
"""The packages whose versions can change what is published."""
NEIGHBOURS = "*.yaml#narrative"
"""Stands among a manifest's inputs for the narratives of all other units of the year."""


def as_json_bytes(value: Any) -> bytes:
    """JSON as it is published: UTF-8, Chinese as it is, two spaces, one line feed at the end."""
    return (json.dumps(value, ensure_ascii=False, indent=2) + "\n").encode("utf-8")


def input_digests(unit: Unit, year: int, params_dir: Path) -> dict[str, str]:
    """SHA-256 of every file a report is made from, by its path under the params folder.

    Raises
    ------
    NianbaoError
        A file or ``units.yaml`` cannot be read.
    """
    own = own_digests(unit, year, params_dir) | sign_digest(params_dir, unit, year)
    return own | {f"{year}/{NEIGHBOURS}": _neighbours(unit, year, params_dir)}


def _neighbours(unit: Unit, year: int, params_dir: Path) -> str:
    """SHA-256 over the narratives of the year's other units: the rules compare a report with them."""
    whole = hashlib.sha256()
    for other in load_units(params_dir).units:
        path = params_path(params_dir, other, year)
        if other.id != unit.id and path.is_file():
            stat = path.stat()
            whole.update(f"{other.id}\0{_narrative_digest(path, stat.st_mtime_ns, stat.st_size)}\n".encode())
    return whole.hexdigest()


@lru_cache(maxsize=32768)
def _narrative_digest(path: Path, _stamp: int, _size: int) -> str:
    try:
        text = json.dumps(narrative_of(path), ensure_ascii=False)
    except (NianbaoError, OSError) as error:  # a finding says so
        text = str(error)
    return digest(text.encode())


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
