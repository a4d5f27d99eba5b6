"""What a report is made of: the digests of its files, taken before they are read."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path

from nianbao.params import Unit, params_path

COMMON = ("units.yaml", "holidays.yaml")
"""Files of the params folder that every report is made of, where they are there."""


def digest(data: bytes) -> str:
    """SHA-256 in hexadecimal."""
    return hashlib.sha256(data).hexdigest()


def own_digests(unit: Unit, year: int, params_dir: Path) -> dict[str, str]:
    """SHA-256 of every file that is read for one report, last year's included, by its path under the params folder."""
    files = [path for name in COMMON if (path := params_dir / name).is_file()]
    for number in (year, year - 1):
        path = params_path(params_dir, unit, number)
        if path.is_file():
            files.append(path)
            folder = path.with_suffix("")
            if folder.is_dir():
                files.extend(sorted(item for item in folder.rglob("*") if item.is_file()))
    return {path.relative_to(params_dir).as_posix(): digest(path.read_bytes()) for path in files}


def fingerprint(digests: Mapping[str, str]) -> str:
    """One digest over all, the same wherever the params folder lies."""
    return digest(json.dumps(sorted(digests.items())).encode("utf-8"))
