"""The narratives of other reports of the same year, read on their own: no figures, and once a file."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from nianbao.params.yamlio import read_key


def narrative_of(path: Path) -> dict[str, str]:
    """The parts of the narrative in a params file, expressions as they are written; empty where it has none.

    Raises
    ------
    ParamsError
        When it cannot be read; the file's own check says more.
    """
    stat = path.stat()
    return dict(_read(path, stat.st_mtime_ns, stat.st_size))


@lru_cache(maxsize=32768)
def _read(path: Path, _stamp: int, _size: int) -> tuple[tuple[str, str], ...]:
    narrative = read_key(path, "narrative")
    if not isinstance(narrative, dict):
        return ()
    return tuple((part, prose) for part, prose in narrative.items() if isinstance(prose, str))
