"""What the warm kernel does to itself; runs inside it, and is the only part of this package that does."""

from __future__ import annotations

import gc
import importlib
import os
import time
from collections.abc import Mapping, Sequence
from typing import Any


def prepare(imports: Sequence[str]) -> None:
    """Import what reports need, while nobody waits for it; called once, when the kernel starts.

    A module that cannot be imported fails the notebook again, in the cell that asks for it.
    """
    gc.disable()  # imports make no garbage worth looking for
    try:
        for name in imports:
            importlib.import_module(name)
    finally:
        gc.freeze()  # later collections look only at what reports make
        gc.enable()


def enter(directory: str, environment: Mapping[str, str | None]) -> None:
    """Begin a report: an empty namespace, in `directory`, with the environment of the process that asks.

    Parameters
    ----------
    directory : str
        The working directory of the report.
    environment : mapping
        What to set before it begins; None removes a variable.
    """
    from IPython.core.getipython import get_ipython

    shell: Any = get_ipython()
    shell.reset()  # collects garbage as well
    gc.freeze()  # what is left stays: the next report need not look at it
    os.chdir(directory)
    for name, value in environment.items():
        if value is None:
            os.environ.pop(name, None)
        else:
            os.environ[name] = value
    if "TZ" in environment and hasattr(time, "tzset"):
        time.tzset()
