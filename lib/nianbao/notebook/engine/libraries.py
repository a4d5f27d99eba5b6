"""The settings of pandas, numpy and matplotlib, and functions replaced anywhere (runs inside the kernel).

A library that is not loaded when the state is remembered is left alone: a report that
loads one of `WITH_SETTINGS` costs the kernel, see :mod:`nianbao.notebook.engine.reset`.
"""

from __future__ import annotations

import copy
import importlib
import sys
import warnings
from collections.abc import Callable
from types import BuiltinFunctionType, FunctionType
from typing import Any

from nianbao.notebook.engine.graph import modules_of

Undo = Callable[[], None]

WITH_SETTINGS = ("pandas", "numpy", "great_tables", "matplotlib", "matplotlib.pyplot")
"""Modules with settings that reach what is shown; in the order in which a kernel should import them."""

_GUARDED = (
    *("calendar", "csv", "datetime", "decimal", "json", "locale", "math", "os", "pathlib", "random", "re", "time"),
    *("great_tables", "matplotlib", "numpy", "pandas"),
)
_CODE = (FunctionType, BuiltinFunctionType, type, property, staticmethod, classmethod)
_IMMUTABLE_TYPE, _HEAP_TYPE = 1 << 8, 1 << 9


def _nothing() -> None:
    """A library that is not there has nothing to restore."""


def _pandas() -> Undo:
    if "pandas" not in sys.modules:
        return _nothing
    import pandas as pd

    # Only the module inside has the names of all options.
    config: Any = importlib.import_module("pandas._config.config")

    def options() -> dict[str, Any]:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # deprecated options warn when they are read
            return {name: pd.get_option(name) for name in config._registered_options}

    before = {name: (value, copy.deepcopy(value)) for name, value in options().items()}

    def undo() -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            for name, value in options().items():
                original, saved = before[name]
                if (value is not original and value != saved) or original != saved:
                    pd.set_option(name, copy.deepcopy(saved))

    return undo


def _numpy() -> Undo:
    if "numpy" not in sys.modules:
        return _nothing
    import numpy as np

    printing, errors, callback = np.get_printoptions(), np.geterr(), np.geterrcall()

    def undo() -> None:
        np.set_printoptions(**printing)
        np.seterr(**errors)
        np.seterrcall(callback)
        np.random.seed()

    return undo


def _matplotlib() -> Undo:
    if "matplotlib" not in sys.modules:
        return _nothing
    import matplotlib as mpl

    tables: list[dict[Any, Any]] = [mpl.rcParams, mpl.rcParamsDefault, mpl.rcParamsOrig]
    saved = [(table, {key: copy.deepcopy(dict.__getitem__(table, key)) for key in table}) for table in tables]
    pyplot = sys.modules.get("matplotlib.pyplot")
    plot_state = {name: getattr(pyplot, name) for name in ("_backend_mod", "_REPL_DISPLAYHOOK") if pyplot}
    inline_loaded = "matplotlib_inline.config" in sys.modules

    def undo() -> None:
        helpers = sys.modules.get("matplotlib._pylab_helpers")
        if helpers is not None:
            helpers.Gcf.destroy_all()
        for table, settings in saved:
            for key, value in settings.items():
                if dict.get(table, key) is not value:
                    # Past the checks of RcParams: the value was there before, and reading it may start a backend.
                    dict.__setitem__(table, key, copy.deepcopy(value))
        for name, value in plot_state.items():
            setattr(pyplot, name, value)
        config = sys.modules.get("matplotlib_inline.config")
        if inline_loaded and config is not None:
            config.InlineBackend.clear_instance()

    return undo


def _replaced_code() -> Undo:
    """Functions and classes of other libraries that a notebook overwrote (``pd.DataFrame.to_html = …``)."""
    saved: list[tuple[Any, dict[str, Any]]] = []
    classes: dict[int, type] = {}
    for module in modules_of(_GUARDED).values():
        code = {name: value for name, value in vars(module).items() if isinstance(value, _CODE)}
        saved.append((module, code))
        classes.update((id(value), value) for value in code.values() if isinstance(value, type))
    for cls in classes.values():
        if cls.__flags__ & _HEAP_TYPE and not cls.__flags__ & _IMMUTABLE_TYPE:
            saved.append((cls, {name: value for name, value in vars(cls).items() if isinstance(value, _CODE)}))

    def undo() -> None:
        for owner, code in saved:
            now = vars(owner)
            for name, value in code.items():
                if now.get(name) is not value:
                    set_attribute = type.__setattr__ if isinstance(owner, type) else setattr
                    set_attribute(owner, name, value)

    return undo


PARTS: tuple[Callable[[], Undo], ...] = (_replaced_code, _pandas, _numpy, _matplotlib)
