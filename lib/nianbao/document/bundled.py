"""The font files that the package ``mplfonts`` brings along: the same on every machine, so they decide no byte."""

from __future__ import annotations

import importlib.util
from functools import cache
from pathlib import Path

from nianbao.errors import FontError

SERIF, SANS, MONO = "NotoSerifCJKsc-Regular.otf", "NotoSansCJKsc-Regular.otf", "NotoSansMonoCJKsc-Regular.otf"
NAMES = (SERIF, SANS, MONO)
"""The files that may be used; the folder also holds a face that may not."""


@cache
def folder() -> Path | None:
    """Where the files lie. ``mplfonts`` is located but not imported (it loads matplotlib)."""
    spec = importlib.util.find_spec("mplfonts")
    if spec is None or spec.origin is None:
        return None
    found = Path(spec.origin).parent / "fonts"
    return found if found.is_dir() else None


def file(name: str) -> Path:
    """One of the files.

    Raises
    ------
    FontError
        When ``mplfonts`` is not installed or does not hold it.
    """
    where = folder()
    if where is None or not (where / name).is_file():
        raise FontError(name, "没有这个字体文件", "安装 mplfonts")
    return where / name


@cache
def coverage(path: Path, index: int = 0) -> frozenset[int]:
    """Code points of a face.

    Raises
    ------
    FontError
        When the file is no font.
    """
    from fontTools.ttLib import TTFont, TTLibError

    try:
        with TTFont(path, fontNumber=index, lazy=True) as font:
            return frozenset(font.getBestCmap() or ())
    except (TTLibError, OSError) as error:
        raise FontError(path.name, f"字体文件读不出：{error}", "换一份字体文件") from error
