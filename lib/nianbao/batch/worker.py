"""What a worker process does when it starts, and when the process that started it is gone."""

from __future__ import annotations

import logging
import multiprocessing
import os
import shutil
import signal
import tempfile
import threading
from multiprocessing import connection
from pathlib import Path

from nianbao.publish import build as publish

log = logging.getLogger("nianbao.batch")
log.addHandler(logging.NullHandler())


def start_worker(folder: str, cold: bool) -> None:
    """Bring up the warm kernel and load what writes the files, before the first job asks for them.

    Parameters
    ----------
    folder : str
        Place for the temporary files of this worker.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's business
    tempfile.tempdir = folder
    threading.Thread(target=_end_with_parent, args=(Path(folder),), daemon=True).start()

    from nianbao.notebook import engine

    try:
        if not cold:
            engine.prestart()
        publish.load_writers()
    except Exception:  # each report meets the same trouble and names it; here it would be a traceback on the terminal
        log.info("the worker could not prepare itself", exc_info=True)


def _end_with_parent(folder: Path) -> None:
    """A worker whose parent was killed would wait for jobs for ever; its kernel watches it in turn."""
    parent = multiprocessing.parent_process()
    if parent is None:
        return
    connection.wait([parent.sentinel])
    shutil.rmtree(folder, ignore_errors=True)
    os._exit(1)
