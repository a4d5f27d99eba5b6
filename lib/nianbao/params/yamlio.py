"""Strict YAML 1.2 reading: plain values, and where each stood.

Papermill's habit is lenient YAML; an official figure wants more. A duplicate
key, an anchor, a tag or a control character, also one written as an escape, is
an error with its line; a decimal keeps every digit it was written with, and
``011``, ``no`` or ``1_000`` are text, not numbers or booleans. Lines may end as
on Windows, and are read as if they ended otherwise.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from nianbao.errors import ErrorList, ParamsError, reason_of
from nianbao.params.invisible import first_invisible
from nianbao.params.yamlnodes import Mapping, Node, Scalar, Sequence, compose, compose_key
from nianbao.wording import quoted

KeyPath = tuple[str | int, ...]

MAX_BYTES = 4 * 1024 * 1024

_INT = re.compile(r"[-+]?(0|[1-9][0-9]*)")
_DECIMAL = re.compile(r"[-+]?(0|[1-9][0-9]*)\.[0-9]+")
_DATE = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_NULL = frozenset({"", "null", "~", "Null", "NULL"})
_BOOLEANS = {"true": True, "false": False}


@dataclass(frozen=True)
class YamlFile:
    """A file as plain values; ``lines`` maps the path of every key and item to its line, from 1."""

    name: str
    data: Any
    lines: dict[KeyPath, int]

    def where(self, path: KeyPath) -> str:
        """``name:line`` of the nearest thing at or above ``path``."""
        for end in range(len(path), -1, -1):
            if line := self.lines.get(path[:end]):
                return f"{self.name}:{line}"
        return self.name


def display_name(path: Path) -> str:
    """The path as messages show it: from the params folder on, whatever that is called; never absolute."""
    parts = path.parts
    depth = 3 if re.fullmatch(r"20[0-9]{2}", path.parent.name, re.ASCII) else 2
    if "params" in parts:
        depth = parts[::-1].index("params") + 1
    return "/".join(part for part in parts[-depth:] if part != path.anchor)


def read_yaml(path: Path) -> YamlFile:
    """Read one file.

    Raises
    ------
    ParamsError
        With file and line; an :class:`ErrorList` when several things are wrong.
    """
    name = display_name(path)
    return parse_yaml(read_limited(path, name, MAX_BYTES), name)


def read_key(path: Path, key: str) -> Any:
    """The plain value of one key at the top of a file; None where it is not there.

    Raises
    ------
    ParamsError
        When the file cannot be read up to there; the file's own check says more.
    """
    name = display_name(path)
    text = _text(read_limited(path, name, MAX_BYTES), name)
    node = compose_key(text, name, key)
    return None if node is None else _plain(_Reader(name, text), node)


def read_limited(path: Path, name: str, limit: int) -> bytes:
    """The bytes of a file called ``name``, of which no more than ``limit`` are ever taken in.

    Raises
    ------
    ParamsError
        When it is not there, cannot be read, or is larger.
    """
    try:
        with path.open("rb") as file:
            raw = file.read(limit + 1)
            size = os.fstat(file.fileno()).st_size
    except FileNotFoundError:
        raise ParamsError(name, "没有这个文件") from None
    except OSError as error:
        raise ParamsError(name, f"无法读取（{reason_of(error)}）") from error
    if len(raw) > limit:
        raise ParamsError(name, f"文件有 {max(size, len(raw))} 字节，应不超过 {limit} 字节")
    return raw


def parse_yaml(raw: bytes, name: str) -> YamlFile:
    """Parse the bytes of a file called ``name``; see :func:`read_yaml`."""
    if len(raw) > MAX_BYTES:
        raise ParamsError(name, f"文件有 {len(raw)} 字节，应不超过 {MAX_BYTES} 字节")
    text = _text(raw, name)
    root = compose(text, name)
    reader = _Reader(name, text)
    return YamlFile(name, None if root is None else _plain(reader, root), reader.lines)


def _text(raw: bytes, name: str) -> str:
    """The text of a file, its lines ended by line feeds, without anything that cannot be seen."""
    try:
        text = raw.decode("utf-8-sig").replace("\r\n", "\n")  # as editors on Windows save it
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise ParamsError(f"{name}:{line}", "不是 UTF-8 文本", "用编辑器另存为 UTF-8") from None
    if found := first_invisible(text):
        line = text.count("\n", 0, found.index) + 1
        raise ParamsError(f"{name}:{line}", found.wrong, found.remedy)
    return text


def _plain(reader: _Reader, node: Node) -> Any:
    data = reader.value(node, ())
    if reader.errors:
        raise reader.errors[0] if len(reader.errors) == 1 else ErrorList(tuple(reader.errors))
    return data


class _Reader:
    def __init__(self, name: str, text: str) -> None:
        self.name = name
        self._escapes = "\\" in text
        """Whether a value may hold what the text of the file, which has been looked at, does not."""
        self.lines: dict[KeyPath, int] = {}
        self.errors: list[ParamsError] = []

    def value(self, node: Node, path: KeyPath) -> Any:
        line = node.start.line + 1
        self.lines.setdefault(path, line)
        if node.strange:
            self._strange(node.strange, line)
            return None
        if isinstance(node, Mapping):
            return self._mapping(node, path)
        if isinstance(node, Sequence):
            return [self.value(item, (*path, index)) for index, item in enumerate(node.items)]
        assert isinstance(node, Scalar)  # noqa: S101  (the third and last kind of node)
        if not node.style and node.value:
            self.lines[path] = line  # below its key, where it stands alone
        return self._scalar(node, line)

    def _mapping(self, node: Mapping, path: KeyPath) -> dict[str, Any]:
        values: dict[str, Any] = {}
        for key_node, value_node in node.entries:
            line = key_node.start.line + 1
            if not isinstance(key_node, Scalar):
                self._error(line, "键应为文字", "检查缩进和冒号")
                continue
            key = key_node.value
            if key_node.strange:
                if key_node.strange.startswith("!"):
                    self._strange(key_node.strange, line)
                self._error(line, "键应为文字", "删除 & 和标签")
                continue
            if self._is_invisible(key, line):
                continue
            if key in values:
                first = self.lines[(*path, key)]
                self._error(line, f"键 {key} 重复，第 {first} 行已有", "只保留一处")
                continue
            self.lines[(*path, key)] = line
            values[key] = self.value(value_node, (*path, key))
        return values

    def _scalar(self, node: Scalar, line: int) -> Any:
        text = node.value
        if node.style:
            return None if self._is_invisible(text, line) else text
        if text in _NULL:
            return None
        if text in _BOOLEANS:
            return _BOOLEANS[text]
        if _INT.fullmatch(text):
            return int(text) if len(text) <= 18 else Decimal(text)
        if _DECIMAL.fullmatch(text):
            return Decimal(text)
        if match := _DATE.fullmatch(text):
            try:
                return date(int(match[1]), int(match[2]), int(match[3]))
            except ValueError:
                self._error(line, f"{text} 不是存在的日期", "改为真实日期，写作“年-月-日”")
                return None
        return text

    def _strange(self, written: str, line: int) -> None:
        if written.startswith("!"):
            self._error(line, f"不支持标签{quoted(written)}", "删除标签")
        else:
            self._error(line, "不支持锚点和引用（& 与 *）", "写出完整的值")

    def _is_invisible(self, text: str, line: int) -> bool:
        """Whether an escape such as \\u200b stands for a character that a file may not hold: complained of here."""
        found = first_invisible(text) if self._escapes else None
        if found:
            self._error(line, found.wrong, found.remedy)
        return found is not None

    def _error(self, line: int, wrong: str, remedy: str) -> None:
        self.errors.append(ParamsError(f"{self.name}:{line}", wrong, remedy))
