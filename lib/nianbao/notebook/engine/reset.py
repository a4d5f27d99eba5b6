"""Bring a kernel back to where a fresh one stands (runs inside the kernel).

:func:`prepare` runs once, when the kernel starts: it imports what reports need
and remembers the state. :func:`restore` runs before every report. What a report
may have changed and is put back: working directory, environment, namespace and
execution count, module search path and modules, streams, signals, warnings,
logging, locale, decimal and number formats, random state, the shell's hooks, the
options of pandas, numpy and matplotlib with its figures and backend, functions and
classes that were replaced, and all mutable state of this library (:mod:`nianbao.notebook.engine.graph`).

A report that leaves a thread running cannot be undone, nor can the settings of a
library that was not loaded when the state was remembered; then :func:`restore`
raises, and the kernel is replaced.
"""

from __future__ import annotations

import gc
import importlib
import os
import sys
import sysconfig
import threading
from collections.abc import Callable, Mapping, Sequence

from nianbao.notebook.engine import libraries, process
from nianbao.notebook.engine.graph import Snapshot, modules_of

LIBRARY = "nianbao"
_OWN = f"{LIBRARY}.engine"
# Imported anew for every report: they register with the shell when they are imported.
_REIMPORTED = (LIBRARY, "matplotlib_inline")

_undo: list[Callable[[], None]] = []
_failed: dict[str, str] = {}
_at_start: set[str] = set()


class UncleanKernelError(RuntimeError):
    """The last report left something behind that cannot be undone."""


class LateLibrariesError(RuntimeError):
    """The last report loaded libraries whose settings were not remembered; the text has their modules, with spaces."""


def prepare(imports: Sequence[str]) -> None:
    """Import the modules named `imports` and remember the state; call once, after the shell exists."""
    gc.disable()  # imports make no garbage worth looking for
    for name in imports:
        try:
            importlib.import_module(name)
        except Exception as error:  # whatever a module raises, the notebook will show it where it matters
            _failed[name] = f"{type(error).__name__}: {error}"
    _at_start.update(sys.modules)
    parts = (*process.PARTS, *libraries.PARTS, _modules, _library)
    _undo.extend(part() for part in parts)
    gc.freeze()  # later collections look only at what reports make
    gc.enable()


def failures() -> dict[str, str]:
    """Modules that could not be imported, with the reason."""
    return dict(_failed)


def restore(directory: str, environment: Mapping[str, str | None]) -> None:
    """Undo what the last report did, then enter `directory`.

    Parameters
    ----------
    directory : str
        The working directory of the next report.
    environment : mapping
        How its environment differs from that of the kernel's start; None removes a variable.

    Raises
    ------
    UncleanKernelError
        A thread of the last report is still running.
    LateLibrariesError
        The last report was the first to load a library whose settings are put back.
    """
    left = [thread.name for thread in threading.enumerate() if not process.known_thread(thread)]
    if left:
        raise UncleanKernelError(f"threads still running: {', '.join(sorted(left))}")
    if late := [name for name in libraries.WITH_SETTINGS if name in sys.modules and name not in _at_start]:
        raise LateLibrariesError(" ".join(late))
    os.chdir(directory)
    for undo in _undo:
        undo()
    for name, value in environment.items():
        if value is None:
            os.environ.pop(name, None)
        else:
            os.environ[name] = value
    process.apply_time_zone()
    gc.collect()


def _library() -> Callable[[], None]:
    return Snapshot((LIBRARY,), leave_out=(_OWN,)).restore


def _modules() -> Callable[[], None]:
    """Forget modules that a report imported from its own folders, keep those that were installed.

    Installed ones stay, because extension modules cannot be imported twice; modules of this
    library and those that must run again (the inline backend) go.
    """
    before = dict(sys.modules)
    installed = tuple({os.path.realpath(path) + os.sep for path in sysconfig.get_paths().values()})

    def undo() -> None:
        fresh = modules_of(_REIMPORTED)
        for name, module in list(sys.modules.items()):
            if name in before:
                continue
            file = getattr(module, "__file__", None)
            local = file is not None and not os.path.realpath(file).startswith(installed)
            if local or name in fresh:
                del sys.modules[name]
        sys.modules.update(before)
        importlib.invalidate_caches()

    return undo
