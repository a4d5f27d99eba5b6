"""Papermill engines: one that keeps a kernel warm for notebooks of ours, and its cold counterpart.

==================== ==========================================================
`prestart`           start the warm kernel in the background, return at once
`run_notebook`       run one notebook to the end, or raise `NotebookError`
`register`           make both engines known to papermill (for sources without entry points)
`shutdown`           end the warm kernel (also done when the process exits)
`abandon`            the same for a process that ends at once
`WarmEngine`         papermill engine ``nianbao-warm``: one kernel for notebooks whose code is ours
`ColdEngine`         papermill engine ``nianbao-cold``: a fresh kernel each time
==================== ==========================================================

Importing this package loads nothing; papermill is loaded when it is needed. The
kernel runs the Python of this process, never a kernelspec from somewhere else.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from nianbao.notebook.engine.kernel import DEFAULT_IMPORTS as DEFAULT_IMPORTS
    from nianbao.notebook.engine.kernel import abandon as abandon
    from nianbao.notebook.engine.kernel import prestart as prestart
    from nianbao.notebook.engine.kernel import shutdown as shutdown
    from nianbao.notebook.engine.run import register as register
    from nianbao.notebook.engine.run import run_notebook as run_notebook
    from nianbao.notebook.engine.runner import ColdEngine as ColdEngine
    from nianbao.notebook.engine.runner import WarmEngine as WarmEngine

_HOME = {
    "DEFAULT_IMPORTS": "kernel",
    "abandon": "kernel",
    "prestart": "kernel",
    "shutdown": "kernel",
    "register": "run",
    "run_notebook": "run",
    "ColdEngine": "runner",
    "WarmEngine": "runner",
}

__all__ = [
    "DEFAULT_IMPORTS",
    "ColdEngine",
    "WarmEngine",
    "abandon",
    "prestart",
    "register",
    "run_notebook",
    "shutdown",
]


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(f"{__name__}.{_HOME[name]}"), name)
