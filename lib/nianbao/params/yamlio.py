"""Strict YAML 1.2 reading: plain values, and where each stood.

Papermill's habit is lenient YAML; an official figure wants more. A duplicate
key, an anchor, a tag or a control character, also one written as an escape, is
an error with its line; a decimal keeps every digit it was written with, and
``011``, ``no`` or ``1_000`` are text, not numbers or booleans. Lines may end as
on Windows, and are read as if they ended otherwise.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import CollectionEndEvent, CollectionStartEvent
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from nianbao.errors import ErrorList, ParamsError
from nianbao.params.yamlnodes import compose
from nianbao.params.yamlwords import complaint
from nianbao.wording import quoted

KeyPath = tuple[str | int, ...]

MAX_BYTES = 4 * 1024 * 1024
MAX_DEPTH = 12

_INT = re.compile(r"[-+]?(0|[1-9][0-9]*)")
_DECIMAL = re.compile(r"[-+]?(0|[1-9][0-9]*)\.[0-9]+")
_DATE = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_NULL = frozenset({"", "null", "~", "Null", "NULL"})
_BOOLEANS = {"true": True, "false": False}
# Private-use characters mark filled-in figures while a narrative is rendered; all others print as nothing or worse.
_FORBIDDEN = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u061c\u180e\u200b-\u200f\u2028-\u202f\u2060-\u206f\ufeff\ufff0-\uffff"
    r"\ue000-\uf8ff\ud800-\udfff\U000e0000-\U000e00ff\U000f0000-\U0010ffff]"
)


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
    try:
        raw = path.read_bytes()
    except FileNotFoundError:
        raise ParamsError(name, "没有这个文件") from None
    except OSError as error:
        raise ParamsError(name, f"无法读取（{error.strerror or type(error).__name__}）") from error
    return parse_yaml(raw, name)


def parse_yaml(raw: bytes, name: str) -> YamlFile:
    """Parse the bytes of a file called ``name``; see :func:`read_yaml`."""
    if len(raw) > MAX_BYTES:
        raise ParamsError(name, f"文件有 {len(raw)} 字节，应不超过 {MAX_BYTES} 字节")
    try:
        text = raw.decode("utf-8-sig").replace("\r\n", "\n")  # as editors on Windows save it
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise ParamsError(f"{name}:{line}", "不是 UTF-8 文本", "用编辑器另存为 UTF-8") from None
    if bad := _FORBIDDEN.search(text):
        line = text.count("\n", 0, bad.start()) + 1
        raise ParamsError(f"{name}:{line}", *_unprintable(bad[0]))
    try:
        root = compose(text)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else _line_of_trouble(text)
        raise ParamsError(f"{name}:{line}", *complaint(error)) from None
    except RecursionError:
        raise ParamsError(f"{name}:{_line_of_trouble(text)}", f"嵌套超过 {MAX_DEPTH} 层", "检查缩进和括号") from None
    except (YAMLError, ValueError):
        raise ParamsError(f"{name}:{_line_of_trouble(text)}", "不是合法的 YAML", "检查这一行的写法") from None
    reader = _Reader(name, text)
    data = None if root is None else reader.value(root, ())
    if reader.errors:
        raise reader.errors[0] if len(reader.errors) == 1 else ErrorList(tuple(reader.errors))
    return YamlFile(name, data, reader.lines)


def _unprintable(character: str) -> tuple[str, str]:
    return f"含有不可见或控制字符 U+{ord(character):04X}", "删除该字符"


def _line_of_trouble(text: str) -> int:
    """The line on which a text is nested too deeply, or cannot be read at all; for errors that do not say it."""
    yaml = YAML(typ="safe", pure=True)
    _, parser = yaml.get_constructor_parser(text)
    depth = line = 0
    try:
        while parser.check_event() and depth <= MAX_DEPTH:
            event = parser.get_event()
            line = event.start_mark.line
            depth += isinstance(event, CollectionStartEvent) - isinstance(event, CollectionEndEvent)
    except (YAMLError, ValueError):
        line = yaml.reader.line
    return line + 1


class _Reader:
    def __init__(self, name: str, text: str) -> None:
        self.name = name
        self.text = text
        self.lines: dict[KeyPath, int] = {}
        self.errors: list[ParamsError] = []
        self.seen: set[int] = set()

    def value(self, node: Node, path: KeyPath) -> Any:
        line = node.start_mark.line + 1
        self.lines.setdefault(path, line)
        if id(node) in self.seen or node.anchor:
            self._error(line, "不支持锚点和引用（& 与 *）", "写出完整的值")
            return None
        self.seen.add(id(node))
        if len(path) > MAX_DEPTH:
            self._error(line, f"嵌套超过 {MAX_DEPTH} 层", "检查缩进")
            return None
        if self._is_tagged(node, line):
            return None
        if isinstance(node, MappingNode):
            return self._mapping(node, path)
        if isinstance(node, SequenceNode):
            return [self.value(item, (*path, index)) for index, item in enumerate(node.value)]
        assert isinstance(node, ScalarNode)  # noqa: S101  (the third and last kind of node)
        return self._scalar(node, line)

    def _mapping(self, node: MappingNode, path: KeyPath) -> dict[str, Any]:
        values: dict[str, Any] = {}
        for key_node, value_node in node.value:
            line = key_node.start_mark.line + 1
            if not isinstance(key_node, ScalarNode):
                self._error(line, "键应为文字", "检查缩进和冒号")
                continue
            key = str(key_node.value)
            if key_node.anchor or self._is_tagged(key_node, line) or self._is_unprintable(key, line):
                self._error(line, "键应为文字", "删除 & 和标签")
                continue
            if key in values:
                first = self.lines[(*path, key)]
                self._error(line, f"键 {key} 重复，第 {first} 行已有", "只保留一处")
                continue
            self.lines[(*path, key)] = line
            values[key] = self.value(value_node, (*path, key))
        return values

    def _scalar(self, node: ScalarNode, line: int) -> Any:
        text = str(node.value)
        if node.style is not None:
            return None if self._is_unprintable(text, line) else text
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
                self._error(line, f"{text} 不是存在的日期", "改为真实日期，如 2024-01-20")
                return None
        return text

    def _is_tagged(self, node: Node, line: int) -> bool:
        """Whether a tag was written (a plain node's own tag is not): complained of here."""
        start = node.start_mark.index
        if not self.text.startswith("!", start):
            return False
        self._error(line, f"不支持标签{quoted(self.text[start:].split(maxsplit=1)[0])}", "删除标签")
        return True

    def _is_unprintable(self, text: str, line: int) -> bool:
        """Whether an escape such as \\u200b stands for a character that a file may not hold: complained of here."""
        bad = _FORBIDDEN.search(text)
        if bad:
            self._error(line, *_unprintable(bad[0]))
        return bad is not None

    def _error(self, line: int, wrong: str, remedy: str) -> None:
        self.errors.append(ParamsError(f"{self.name}:{line}", wrong, remedy))
