"""The manifest: SHA-256 of everything that decides what a report's files say, and of the files themselves.

No clock time, user name or absolute path: two builds of the same inputs have the same manifest.
"""

from __future__ import annotations

import hashlib
import json
import os
import platform
from collections.abc import Mapping
from contextlib import suppress
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from nianbao.errors import NianbaoError
from nianbao.params import Unit, load_units
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
    "fonttools",
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


Narratives = Mapping[str, str]
"""Id of a unit that has a params file → SHA-256 of its narrative."""


def input_digests(unit: Unit, year: int, params_dir: Path, narratives: Narratives | None = None) -> dict[str, str]:
    """SHA-256 of every file a report is made from, by its path under the params folder.

    Parameters
    ----------
    narratives : mapping, optional
        Those of the year, where they have been looked at already for all units together.

    Raises
    ------
    NianbaoError
        A file or ``units.yaml`` cannot be read.
    """
    own = own_digests(unit, year, params_dir) | sign_digest(params_dir, unit, year)
    known = narratives_of(year, params_dir) if narratives is None else narratives
    return own | {f"{year}/{NEIGHBOURS}": _neighbours(unit, known)}


def _neighbours(unit: Unit, narratives: Narratives) -> str:
    """SHA-256 over the narratives of the year's other units: the rules compare a report with them."""
    told = (f"{other}\0{narrative}\n" for other, narrative in narratives.items() if other != unit.id)
    return digest("".join(told).encode())


def narratives_of(year: int, params_dir: Path) -> Narratives:
    """The narratives of a year as they are now; a file is read again only when its size or time has changed."""
    folder = (params_dir / str(year)).as_posix()
    found = {}
    for unit in load_units(params_dir).units:
        path = f"{folder}/{unit.id}.yaml"  # a Path for each would cost more than all the rest
        with suppress(FileNotFoundError, NotADirectoryError):
            stat = os.stat(path)  # noqa: PTH116
            found[unit.id] = _narrative_digest(path, stat.st_mtime_ns, stat.st_size)
    return found


@lru_cache(maxsize=32768)
def _narrative_digest(path: str, _stamp: int, _size: int) -> str:
    try:
        text = json.dumps(narrative_of(Path(path)), ensure_ascii=False)
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
