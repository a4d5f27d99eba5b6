"""Remember the mutable state of a package and put it back (runs inside the kernel).

Reached from the globals of every module of the package, the content of these is
remembered: module namespaces, dicts, lists, sets, byte arrays, the attributes
of the package's own classes and instances, the default arguments, attributes
and closures of its functions. Restoring puts the content back *into the same
objects*, so that whoever holds a reference sees the old state again. Caches made
with ``functools.lru_cache`` are emptied, as in a kernel that has just started.

Not reached: the inside of objects whose class belongs to another package (a
DataFrame kept at module level). Such state should not be mutable in the first place.
"""

from __future__ import annotations

import builtins
import functools
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from types import CellType, FunctionType, ModuleType
from typing import Any

_CLASS_INTERNALS = frozenset({"__dict__", "__weakref__", "__abstractmethods__", "_abc_impl"})
_FUNCTION_STATE = ("__code__", "__defaults__", "__kwdefaults__")
_ABSENT = object()


def modules_of(roots: Iterable[str]) -> dict[str, ModuleType]:
    """Loaded modules that are one of `roots` or lie inside one."""
    names = tuple(roots)
    prefixes = tuple(f"{name}." for name in names)
    return {
        name: module
        for name, module in list(sys.modules.items())
        if isinstance(module, ModuleType) and (name in names or name.startswith(prefixes))
    }


class Snapshot:
    """The state of the packages `roots`, without the modules `leave_out`."""

    def __init__(self, roots: Iterable[str], leave_out: Iterable[str] = ()) -> None:
        self._roots = tuple(roots)
        self._seen: dict[int, Any] = {}  # id → object: keeps the object alive, so that the id stays its own
        self._undo: list[Callable[[], None]] = []
        left_out = modules_of(leave_out)
        modules = [module for name, module in modules_of(self._roots).items() if name not in left_out]
        # Every module namespace refers to the builtins; they belong to the process.
        for foreign in (vars(builtins), sys.modules, *(vars(module) for module in left_out.values())):
            self._seen[id(foreign)] = foreign
        pending: list[Any] = [vars(module) for module in modules]
        while pending:
            thing = pending.pop()
            if id(thing) not in self._seen:
                self._seen[id(thing)] = thing
                pending.extend(self._remember(thing))

    def restore(self) -> None:
        """Put everything back."""
        for undo in self._undo:
            undo()

    def _own(self, cls: type) -> bool:
        return getattr(cls, "__module__", "").partition(".")[0] in self._roots

    def _remember(self, thing: Any) -> Iterator[Any]:
        """Record how to restore one object; yield what can be reached from it."""
        if thing is None or isinstance(thing, ModuleType | str | bytes | int | float):
            return
        if isinstance(thing, type):
            if self._own(thing):
                yield from self._remember_class(thing)
            return
        if isinstance(thing, dict):
            content = dict(thing)
            self._undo.append(functools.partial(restore_dict, thing, content))
            yield from content.values()
        elif isinstance(thing, list | deque | bytearray):
            items = list(thing)
            self._undo.append(functools.partial(_restore_sequence, thing, items))
            yield from items
        elif isinstance(thing, set):
            members = set(thing)
            self._undo.append(functools.partial(_restore_set, thing, members))
            yield from members
        elif isinstance(thing, tuple | frozenset):
            yield from thing
        elif isinstance(thing, FunctionType):
            yield from self._remember_function(thing)
        elif isinstance(thing, CellType):
            yield from self._remember_cell(thing)
        else:
            yield from _wrapped(thing)
            clear = getattr(thing, "cache_clear", None)
            if callable(clear) and isinstance(thing, functools._lru_cache_wrapper):
                self._undo.append(clear)
        if self._own(type(thing)):
            yield from self._remember_instance(thing)

    def _remember_class(self, cls: type) -> Iterator[Any]:
        content = {name: value for name, value in vars(cls).items() if name not in _CLASS_INTERNALS}
        self._undo.append(functools.partial(_restore_class, cls, content))
        yield from content.values()
        yield from cls.__mro__

    def _remember_function(self, function: FunctionType) -> Iterator[Any]:
        if function.__module__ is None or function.__module__.partition(".")[0] not in self._roots:
            return
        state = {name: getattr(function, name) for name in _FUNCTION_STATE}
        self._undo.append(functools.partial(_restore_attributes, function, state))
        yield from (state["__defaults__"], state["__kwdefaults__"], vars(function))
        yield from function.__closure__ or ()

    def _remember_cell(self, cell: CellType) -> Iterator[Any]:
        try:
            content = cell.cell_contents
        except ValueError:  # an empty cell
            return
        self._undo.append(functools.partial(_restore_attributes, cell, {"cell_contents": content}))
        yield content

    def _remember_instance(self, thing: Any) -> Iterator[Any]:
        state = getattr(thing, "__dict__", None)
        if isinstance(state, dict):
            yield state
        slots = {
            name: getattr(thing, name, _ABSENT)
            for cls in type(thing).__mro__
            for name in _slots(cls)
            if name not in ("__dict__", "__weakref__")
        }
        if slots:
            self._undo.append(functools.partial(_restore_slots, thing, slots))
            yield from slots.values()


def _slots(cls: type) -> tuple[str, ...]:
    slots = vars(cls).get("__slots__", ())
    return (slots,) if isinstance(slots, str) else tuple(slots)


def _wrapped(thing: Any) -> Iterator[Any]:
    """Functions inside static methods, properties, partials and decorators."""
    for name in ("__wrapped__", "__func__", "fget", "fset", "fdel", "func", "args", "keywords"):
        value = getattr(thing, name, None)
        if isinstance(value, FunctionType | tuple | dict):
            yield value


def restore_dict(target: dict[Any, Any], content: dict[Any, Any]) -> None:
    """Make `target` hold exactly `content`, in its order; untouched when it does already."""
    same = len(target) == len(content) and all(
        key is saved_key and value is saved
        for (key, value), (saved_key, saved) in zip(target.items(), content.items(), strict=True)
    )
    if not same:
        dict.clear(target)
        dict.update(target, content)


def _restore_sequence(target: Any, items: list[Any]) -> None:
    if len(target) != len(items) or any(a is not b for a, b in zip(target, items, strict=True)):
        target.clear()
        target.extend(items)


def _restore_set(target: set[Any], members: set[Any]) -> None:
    if target != members:
        target.clear()
        target.update(members)


def _restore_class(cls: type, content: dict[str, Any]) -> None:
    now = vars(cls)
    for name in [name for name in now if name not in content and name not in _CLASS_INTERNALS]:
        type.__delattr__(cls, name)
    for name, value in content.items():
        if now.get(name, _ABSENT) is not value:
            type.__setattr__(cls, name, value)


def _restore_attributes(target: Any, state: dict[str, Any]) -> None:
    for name, value in state.items():
        if getattr(target, name, _ABSENT) is not value:
            setattr(target, name, value)


def _restore_slots(target: Any, state: dict[str, Any]) -> None:
    for name, value in state.items():
        if getattr(target, name, _ABSENT) is value:
            continue
        if value is _ABSENT:
            object.__delattr__(target, name)
        else:
            object.__setattr__(target, name, value)
