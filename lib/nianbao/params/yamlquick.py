"""The C parser of libyaml for what is plainly written; whatever is not goes to the strict reader.

A report is read twice, in the kernel and by what checks it, and its units a third time; ruamel.yaml takes
15 ms a file, libyaml 1 ms. libyaml speaks YAML 1.1, but all that differs from 1.2 in what a scalar means is left
to our own :func:`scalar`. Anything that the strict reader would refuse or explain, and anything that the two
parsers could read differently, is declined here.
"""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import Any

import yaml

Path = tuple[str | int, ...]
Lines = dict[Path, int]

MAX_DEPTH = 12

_LOADER = getattr(yaml, "CSafeLoader", None)
_INT = re.compile(r"[-+]?(0|[1-9][0-9]*)")
_DECIMAL = re.compile(r"[-+]?(0|[1-9][0-9]*)\.[0-9]+")
_DATE = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_NULL = frozenset({"", "null", "~", "Null", "NULL"})
_BOOLEANS = {"true": True, "false": False}
# Directives, further documents, complex keys and tabs are where parsers differ.
_UNUSUAL = re.compile(r"^(?:%|---|\.\.\.|\ufeff)|^[ ]*\?(?:[ ]|$)|\t", re.MULTILINE)


def scalar(text: str) -> Any:
    """What an unquoted scalar means: null, a boolean, a number that keeps its digits, a date, else text.

    Raises
    ------
    ValueError
        For a date that does not exist.
    """
    if text in _NULL:
        return None
    if text in _BOOLEANS:
        return _BOOLEANS[text]
    if _INT.fullmatch(text):
        return int(text) if len(text) <= 18 else Decimal(text)
    if _DECIMAL.fullmatch(text):
        return Decimal(text)
    if match := _DATE.fullmatch(text):
        return date(int(match[1]), int(match[2]), int(match[3]))
    return text


class _Declined(Exception):
    """Not plainly written: the strict reader takes over."""


def read_plain(text: str) -> tuple[Any, Lines] | None:
    """Values and the line of every key and item, from 1; None for whatever is not plainly written or not right."""
    if _LOADER is None or _UNUSUAL.search(text):
        return None
    try:
        return _Plain(text).document()
    except (_Declined, yaml.YAMLError, ValueError):
        return None


class _Plain:
    def __init__(self, text: str) -> None:
        self.lines: Lines = {}
        self._events = iter(yaml.parse(text, Loader=_LOADER))

    def document(self) -> tuple[Any, Lines]:
        start = [next(self._events), next(self._events)]
        if not isinstance(start[1], yaml.DocumentStartEvent):
            raise _Declined
        if not isinstance(root := next(self._events), yaml.MappingStartEvent):
            raise _Declined
        value = self._value(root, ())
        if [type(event) for event in self._events] != [yaml.DocumentEndEvent, yaml.StreamEndEvent]:
            raise _Declined
        return value, self.lines

    def _value(self, event: yaml.Event, path: Path) -> Any:
        if isinstance(event, yaml.AliasEvent) or event.anchor is not None or event.tag is not None:
            raise _Declined
        if len(path) > MAX_DEPTH:
            raise _Declined
        self.lines.setdefault(path, event.start_mark.line + 1)
        if isinstance(event, yaml.ScalarEvent):
            return scalar(event.value) if event.implicit[0] else event.value
        if isinstance(event, yaml.SequenceStartEvent):
            items: list[Any] = []
            while not isinstance(event := next(self._events), yaml.SequenceEndEvent):
                items.append(self._value(event, (*path, len(items))))
            return items
        values: dict[str, Any] = {}
        while not isinstance(event := next(self._events), yaml.MappingEndEvent):
            if not isinstance(event, yaml.ScalarEvent) or event.anchor is not None or event.tag is not None:
                raise _Declined
            key = event.value
            if key in values:
                raise _Declined
            self.lines[(*path, key)] = event.start_mark.line + 1
            values[key] = self._value(next(self._events), (*path, key))
        return values
