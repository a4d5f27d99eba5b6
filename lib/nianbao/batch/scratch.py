"""The temporary folder of a run: gone when the run ends, or when a later run finds that it was killed."""

from __future__ import annotations

import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

_PREFIX = "nianbao-batch-"
_LOCK = "lock"
_SETTLED_SECONDS = 60.0
"""From when on an unlocked folder is nobody's: its owner has locked it long before, or its last kernel has ended."""


@contextmanager
def scratch() -> Iterator[Path]:
    """A folder of its own under the system's temporary folder, locked while it is used."""
    _sweep(Path(tempfile.gettempdir()))
    root = Path(tempfile.mkdtemp(prefix=_PREFIX))
    lock = FileLock(root / _LOCK)
    try:
        with lock:
            yield root
    finally:
        shutil.rmtree(root, ignore_errors=True)  # what cannot be removed now is swept by a later run


def _sweep(base: Path) -> None:
    for left in base.glob(f"{_PREFIX}*"):
        try:
            if time.time() - left.stat().st_mtime < _SETTLED_SECONDS:
                continue
            with FileLock(left / _LOCK, timeout=0):
                pass
        except (OSError, Timeout):  # of another user, just removed by another run, or in use
            continue
        shutil.rmtree(left, ignore_errors=True)
