"""What a worker process does when it starts, and when the process that started it is gone."""

from __future__ import annotations

import gc
import logging
import multiprocessing
import os
import shutil
import signal
import tempfile
import threading
from collections.abc import Callable
from functools import partial
from multiprocessing import connection
from pathlib import Path

from nianbao.publish import make

log = logging.getLogger("nianbao.batch")
log.addHandler(logging.NullHandler())


def start_worker(folder: str, cold: bool) -> None:
    """Bring up the warm kernel and load what writes the files, before the first job asks for them.

    Parameters
    ----------
    folder : str
        Place for the temporary files of this worker.
    """
    tempfile.tempdir = folder

    from nianbao.notebook import engine

    threading.Thread(target=_end_with_parent, args=(Path(folder), engine.abandon), daemon=True).start()
    signal.signal(signal.SIGTERM, partial(_end, engine.abandon))
    try:
        if not cold:
            engine.prestart()
        make.load_writers()
        gc.freeze()  # later collections look only at what reports make
    except Exception:  # each report meets the same trouble and names it; here it would be a traceback on the terminal
        log.info("the worker could not prepare itself", exc_info=True)


def _end(abandon: Callable[[], None], number: int, _frame: object) -> None:
    """End as the signal asks, the kernel first."""
    abandon()
    signal.signal(number, signal.SIG_DFL)
    signal.raise_signal(number)


def _end_with_parent(folder: Path, abandon: Callable[[], None]) -> None:
    """A worker whose parent was killed would wait for jobs for ever."""
    parent = multiprocessing.parent_process()
    if parent is None:
        return
    connection.wait([parent.sentinel])
    abandon()
    shutil.rmtree(folder, ignore_errors=True)
    os._exit(1)
