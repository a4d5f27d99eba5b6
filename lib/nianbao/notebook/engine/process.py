"""The state of the Python process and of the IPython shell (runs inside the kernel).

Every part below looks at the present state and returns a function that brings it back.
"""

from __future__ import annotations

import builtins
import copy
import decimal
import linecache
import locale
import logging
import os
import random
import signal
import sys
import threading
import time
import warnings
from collections.abc import Callable
from typing import Any

from nianbao.notebook.engine.graph import restore_dict

Undo = Callable[[], None]

_threads: set[threading.Thread] = set()
# Threads that the kernel starts when it first needs them.
_KERNEL_THREADS = ("IPythonHistorySavingThread", "Heartbeat", "Control", "Shell channel", "IOPub", "Parent")


def known_thread(thread: threading.Thread) -> bool:
    """Whether a thread belongs to the kernel and not to a report."""
    owner = type(thread).__module__.partition(".")[0]
    return (
        thread in _threads
        or owner in ("ipykernel", "IPython", "zmq", "tqdm")
        or thread.name.startswith(_KERNEL_THREADS)
    )


def apply_time_zone() -> None:
    """Make the C library follow the variable TZ again."""
    if hasattr(time, "tzset"):
        time.tzset()


def _remember_threads() -> Undo:
    _threads.update(threading.enumerate())
    return lambda: None


def _environment() -> Undo:
    before = dict(os.environ)

    def undo() -> None:
        if dict(os.environ) != before:
            for name in set(os.environ) - set(before):
                del os.environ[name]
            os.environ.update(before)

    return undo


_SYS = (
    *("stdin", "stdout", "stderr", "displayhook", "excepthook", "unraisablehook", "ps1", "ps2", "tracebacklimit"),
    *("argv", "path", "path_hooks", "meta_path", "dont_write_bytecode"),
)


def _interpreter() -> Undo:
    before = {name: getattr(sys, name) for name in _SYS if hasattr(sys, name)}
    lists = {name: list(value) for name, value in before.items() if isinstance(value, list)}
    limit, digits, switch = sys.getrecursionlimit(), sys.get_int_max_str_digits(), sys.getswitchinterval()
    mask = os.umask(0)
    os.umask(mask)

    def undo() -> None:
        for name in _SYS:
            if name in before:
                setattr(sys, name, before[name])
            elif hasattr(sys, name):
                delattr(sys, name)
        for name, items in lists.items():
            before[name][:] = items
        for name in ("last_exc", "last_type", "last_value", "last_traceback"):
            if hasattr(sys, name):
                delattr(sys, name)
        sys.path_importer_cache.clear()
        sys.setrecursionlimit(limit)
        sys.set_int_max_str_digits(digits)
        sys.setswitchinterval(switch)
        sys.settrace(None)
        sys.setprofile(None)
        os.umask(mask)

    return undo


def _builtins() -> Undo:
    # The kernel lends `input` out for the time of each cell, and IPython keeps the last result in `_`.
    lent = ("input", "_")
    before = {name: value for name, value in vars(builtins).items() if name not in lent}

    def undo() -> None:
        now = vars(builtins)
        for name in [name for name in now if name not in before and name != "input"]:
            del now[name]
        now.update(before)

    return undo


def _signals() -> Undo:
    # SIGINT is lent out by the kernel for the time of each cell.
    numbers = [number for number in signal.valid_signals() if number != signal.SIGINT]
    before = {number: signal.getsignal(number) for number in numbers}

    def undo() -> None:
        if hasattr(signal, "alarm"):
            signal.alarm(0)
        for number, handler in before.items():
            if handler is not None and signal.getsignal(number) is not handler:
                signal.signal(number, handler)

    return undo


def _warnings() -> Undo:
    filters = list(warnings.filters)
    show, form = warnings.showwarning, warnings.formatwarning

    def undo() -> None:
        # resetwarnings also makes every module forget which warnings it has shown.
        warnings.resetwarnings()
        warnings.filters[:] = filters  # type: ignore[index]
        vars(warnings).get("onceregistry", {}).clear()
        warnings.showwarning, warnings.formatwarning = show, form

    return undo


def _logging() -> Undo:
    def loggers() -> list[logging.Logger]:
        named = logging.Logger.manager.loggerDict.values()
        return [logging.getLogger(), *(entry for entry in named if isinstance(entry, logging.Logger))]

    def state(logger: logging.Logger) -> tuple[Any, ...]:
        return logger.level, list(logger.handlers), list(logger.filters), logger.propagate, logger.disabled

    before = {logger: state(logger) for logger in loggers()}
    unset = state(logging.Logger("unset"))
    threshold = logging.root.manager.disable
    factory, logger_class = logging.getLogRecordFactory(), logging.getLoggerClass()

    def undo() -> None:
        logging.disable(threshold)
        logging.setLogRecordFactory(factory)
        logging.setLoggerClass(logger_class)
        for logger in loggers():
            level, handlers, filters, propagate, disabled = before.get(logger, unset)
            if state(logger) != (level, handlers, filters, propagate, disabled):
                logger.setLevel(level)
                logger.handlers[:], logger.filters[:] = handlers, filters
                logger.propagate, logger.disabled = propagate, disabled

    return undo


def _locale() -> Undo:
    before = locale.setlocale(locale.LC_ALL)
    return lambda: void(locale.setlocale(locale.LC_ALL, before))


def _decimal() -> Undo:
    templates = (decimal.DefaultContext, decimal.BasicContext, decimal.ExtendedContext)
    current = decimal.getcontext()
    before = [(context, context.copy()) for context in (*templates, current)]
    names = ("prec", "rounding", "Emin", "Emax", "capitals", "clamp")

    def undo() -> None:
        for context, saved in before:
            for name in names:
                setattr(context, name, getattr(saved, name))
            context.flags.update(saved.flags)
            context.traps.update(saved.traps)
        decimal.setcontext(current)

    return undo


def _random() -> Undo:
    # A fresh kernel is seeded by the operating system; so is the next report.
    return lambda: random.seed()


def _source_lines() -> Undo:
    before = set(linecache.cache)

    def undo() -> None:
        for name in set(linecache.cache) - before:
            del linecache.cache[name]

    return undo


def _shell() -> Undo:
    """Namespace, counter, hooks, formatters, magics and extensions of the IPython shell."""
    from IPython.core.getipython import get_ipython

    shell: Any = get_ipython()
    namespace = dict(shell.user_ns)
    formatter = shell.display_formatter
    transformers = shell.input_transformer_manager
    lists: list[list[Any]] = [
        shell.configurables,
        shell.ast_transformers,
        transformers.cleanup_transforms,
        transformers.line_transforms,
        transformers.token_transformers,
        transformers._instance_cleanup_transforms if hasattr(transformers, "_instance_cleanup_transforms") else [],
        *shell.events.callbacks.values(),
    ]
    dicts: list[dict[Any, Any]] = [
        table
        for one in formatter.formatters.values()
        for table in (one.type_printers, one.singleton_printers, one.deferred_printers)
    ]
    dicts += shell.magics_manager.magics.values()
    saved_lists = [(target, list(target)) for target in lists]
    saved_dicts = [(target, dict(target)) for target in dicts]
    enabled = {name: one.enabled for name, one in formatter.formatters.items()}
    traits = [
        (shell, name, copy.copy(getattr(shell, name)))
        for name in ("ast_node_interactivity", "autocall", "xmode", "custom_exceptions", "input_transformers_post")
        if hasattr(shell, name)
    ]
    active, extensions = list(formatter.active_types), set(shell.extension_manager.loaded)

    def undo() -> None:
        for items, content in saved_lists:
            items[:] = content
        for table, entries in saved_dicts:
            restore_dict(table, entries)
        for name, one in formatter.formatters.items():
            one.enabled = enabled[name]
        for target, name, value in traits:
            if getattr(target, name) != value:
                setattr(target, name, copy.copy(value))
        formatter.active_types = active
        shell.extension_manager.loaded.intersection_update(extensions)
        shell.reset()
        for name, value in namespace.items():
            shell.user_ns.setdefault(name, value)

    return undo


def void(_result: object) -> None:
    """Drop a result."""


PARTS: tuple[Callable[[], Undo], ...] = (
    _remember_threads,
    _environment,
    _interpreter,
    _builtins,
    _signals,
    _warnings,
    _logging,
    _locale,
    _decimal,
    _random,
    _source_lines,
    _shell,
)
