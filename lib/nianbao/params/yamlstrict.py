"""The strict reader: pure YAML 1.2 with ruamel.yaml, which says with its line what cannot stand in a params file."""

from __future__ import annotations

from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from nianbao.errors import ErrorList, ParamsError
from nianbao.params.yamlquick import MAX_DEPTH, Lines, Path, scalar
from nianbao.wording import quoted

_TAG = "tag:yaml.org,2002:"
# What plain YAML 1.2 resolves to on its own; anything else was written as a tag.
_CORE = frozenset({"map", "seq", "str", "int", "float", "bool", "null", "timestamp", "merge", "value"})


def read_strictly(text: str, name: str) -> tuple[Any, Lines]:
    """Values of the text of a file called ``name``, and the line of every key and item, from 1.

    Raises
    ------
    ParamsError
        With file and line; an :class:`ErrorList` when several things are wrong.
    """
    try:
        root = YAML(typ="safe", pure=True).compose(text)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        where = f"{name}:{mark.line + 1}" if mark else name
        raise ParamsError(
            where, f"不是合法的 YAML（{error.problem or error.context}）", "检查缩进、引号和冒号"
        ) from None
    except (YAMLError, RecursionError, ValueError) as error:
        raise ParamsError(name, f"不是合法的 YAML（{type(error).__name__}）", "检查缩进、引号和冒号") from None
    reader = _Reader(name)
    data = None if root is None else reader.value(root, ())
    if reader.errors:
        raise reader.errors[0] if len(reader.errors) == 1 else ErrorList(tuple(reader.errors))
    return data, reader.lines


class _Reader:
    def __init__(self, name: str) -> None:
        self.name = name
        self.lines: Lines = {}
        self.errors: list[ParamsError] = []
        self.seen: set[int] = set()

    def value(self, node: Node, path: Path) -> Any:
        line = node.start_mark.line + 1
        self.lines.setdefault(path, line)
        if id(node) in self.seen or node.anchor:
            self._error(line, "不支持锚点和引用（& 与 *）", "写出完整的值")
            return None
        self.seen.add(id(node))
        if len(path) > MAX_DEPTH:
            self._error(line, f"嵌套超过 {MAX_DEPTH} 层", "检查缩进")
            return None
        tag = str(node.ctag)
        if tag.removeprefix(_TAG) not in _CORE:
            self._error(line, f"不支持标签 {quoted(tag)}", "删除标签")
            return None
        if isinstance(node, MappingNode):
            return self._mapping(node, path)
        if isinstance(node, SequenceNode):
            return [self.value(item, (*path, index)) for index, item in enumerate(node.value)]
        assert isinstance(node, ScalarNode)  # noqa: S101  (the third and last kind of node)
        return self._scalar(node, line)

    def _mapping(self, node: MappingNode, path: Path) -> dict[str, Any]:
        values: dict[str, Any] = {}
        for key_node, value_node in node.value:
            line = key_node.start_mark.line + 1
            if not isinstance(key_node, ScalarNode):
                self._error(line, "键应为文字", "检查缩进和冒号")
                continue
            key = str(key_node.value)
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
            return text
        try:
            return scalar(text)
        except ValueError:
            self._error(line, f"{text} 不是存在的日期", "改为真实日期，如 2024-01-20")
            return None

    def _error(self, line: int, wrong: str, remedy: str) -> None:
        self.errors.append(ParamsError(f"{self.name}:{line}", wrong, remedy))
