"""YAML text → nodes, each with where it stands: the one parser that decides what a file says.

It is libyaml, by way of PyYAML, which papermill brings along: a report reads five files, and a parser in Python
takes 11 ms for each. Only its events are used; what a scalar means is decided in :mod:`nianbao.params.yamlio`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import yaml

from nianbao.errors import ParamsError
from nianbao.params.yamlwords import CANNOT_READ, complain

MAX_DEPTH = 12
MAX_NODES = 200_000
"""A file of a thousand units has some twelve thousand."""

_PARSER: Any = yaml.CBaseLoader if yaml.__with_libyaml__ else yaml.BaseLoader
_OPENING = (yaml.SequenceStartEvent, yaml.MappingStartEvent)
_CLOSING = (yaml.SequenceEndEvent, yaml.MappingEndEvent)


@dataclass(slots=True)  # a frozen one takes three times as long to make, and a file has hundreds
class Node:
    """A value as it stands in the text.

    Attributes
    ----------
    start, end : yaml.Mark
        ``line`` and ``column`` from 0, ``index`` in characters.
    strange : str
        The anchor, alias or tag before it as it is written; empty where there is none.
    """

    start: Any
    end: Any
    strange: str


@dataclass(slots=True)
class Scalar(Node):
    """Text; ``style`` is its quote or ``|`` or ``>``, empty where it stands plain."""

    value: str
    style: str


@dataclass(slots=True)
class Sequence(Node):
    """A list; ``flow`` where it is written in brackets."""

    items: list[Node]
    flow: bool


@dataclass(slots=True)
class Mapping(Node):
    """Keys and values in their order, a doubled key twice; ``flow`` where they are written in braces."""

    entries: list[tuple[Node, Node]]
    flow: bool


def compose(text: str, name: str) -> Node | None:
    """The root of the one document in ``text``, None when it is empty.

    Raises
    ------
    ParamsError
        With file and line of what cannot be read.
    """
    composer = _Composer(text)
    try:
        return composer.document()
    except (_LimitError, yaml.YAMLError) as error:
        raise composer.mistake(error, name) from None


def compose_key(text: str, name: str, key: str) -> Node | None:
    """The value of one key at the top of ``text``, read no further; None where there is none.

    Raises
    ------
    ParamsError
        When what stands before it cannot be read; nothing is said of what stands behind it.
    """
    composer = _Composer(text)
    try:
        return composer.value_of(key)
    except (_LimitError, yaml.YAMLError) as error:
        raise composer.mistake(error, name) from None


class _LimitError(Exception):
    """A text that goes beyond what a file may hold."""

    def __init__(self, line: int, wrong: str, remedy: str) -> None:
        super().__init__(line, wrong, remedy)
        self.line, self.wrong, self.remedy = line, wrong, remedy


class _Composer:
    def __init__(self, text: str) -> None:
        self.text = text
        self.event: Any = None
        """The last one that could be read."""
        self.nodes = 0
        self._parser = _PARSER(text)

    def next(self) -> Any:
        self.event = self._parser.get_event()
        return self.event

    def document(self) -> Node | None:
        if not self._begins():
            return None
        root = self.node(self.next(), 0)
        self.next()
        if not isinstance(self.next(), yaml.StreamEndEvent):
            raise _LimitError(self.event.start_mark.line, "不是合法的 YAML（文件里用“---”分成了几份）", "删去“---”")
        return root

    def value_of(self, key: str) -> Node | None:
        if not self._begins() or not isinstance(self.next(), yaml.MappingStartEvent):
            return None
        while not isinstance(event := self.next(), yaml.MappingEndEvent):
            found = isinstance(event, yaml.ScalarEvent) and event.value == key
            self._skip(event)
            if found:
                return self.node(self.next(), 1)
            self._skip(self.next())
        return None

    def _begins(self) -> bool:
        self.next()
        return not isinstance(self.next(), yaml.StreamEndEvent)

    def _skip(self, event: Any) -> None:
        depth = int(isinstance(event, _OPENING))
        while depth:
            event = self.next()
            depth += isinstance(event, _OPENING) - isinstance(event, _CLOSING)

    def node(self, event: Any, depth: int) -> Node:
        start = event.start_mark
        self.nodes += 1
        if self.nodes > MAX_NODES:
            raise _LimitError(start.line, f"文件里的值超过 {MAX_NODES} 个", "检查是不是放错了文件")
        if isinstance(event, yaml.AliasEvent):
            return Scalar(start, event.end_mark, self._written(start.index), "", "")
        strange = self._written(start.index) if event.anchor is not None or event.tag is not None else ""
        if isinstance(event, yaml.ScalarEvent):
            return Scalar(start, event.end_mark, strange, event.value, event.style or "")
        if depth > MAX_DEPTH:
            raise _LimitError(start.line, f"嵌套超过 {MAX_DEPTH} 层", "检查缩进和括号")
        children = []
        while not isinstance(child := self.next(), _CLOSING):
            children.append(self.node(child, depth + 1))
        end, flow = child.end_mark, bool(event.flow_style)
        if isinstance(event, yaml.SequenceStartEvent):
            return Sequence(start, end, strange, children, flow)
        return Mapping(start, end, strange, list(zip(children[::2], children[1::2], strict=True)), flow)

    def _written(self, index: int) -> str:
        return self.text[index : index + 80].split(maxsplit=1)[0]

    def mistake(self, error: Exception, name: str) -> ParamsError:
        """What to tell of an error, with the line on which the mistake was made, which the parser may notice later."""
        if isinstance(error, _LimitError):
            return ParamsError(f"{name}:{error.line + 1}", error.wrong, error.remedy)
        reached = self.event.start_mark.line if self.event else 0
        if not isinstance(error, yaml.MarkedYAMLError):
            return ParamsError(f"{name}:{reached + 1}", *CANNOT_READ)
        line, key_without_colon = _blamed(self.text, error, reached)
        lines = self.text.rstrip().split("\n")
        line = min(line, len(lines) - 1)  # an open bracket is noticed behind the last
        return ParamsError(f"{name}:{line + 1}", *complain(error, lines[line], key_without_colon=key_without_colon))


_PARSED_AGAIN = 8 * 1024 * 1024
"""Characters that are parsed once more at most to find the line of a mistake."""


def _blamed(text: str, error: yaml.MarkedYAMLError, reached: int) -> tuple[int, bool]:
    """The line, from 0, on which a mistake was made, and whether it is a key without its colon and blank.

    A parser notices later: an open quote at the next quote, ``year：2025`` at the next colon. The mistake is made on
    the first line without which the text before it can be read.
    """
    context, problem = error.context_mark, error.problem_mark or error.context_mark
    told = error.context or ""
    line = problem.line if problem else reached
    if context and "flow" in told:
        return max(context.line, min(reached, line)), False
    if context and ("quoted scalar" in told or "simple key" in told):
        line = context.line
    ends = [0]
    while len(ends) <= line and (end := text.find("\n", ends[-1])) >= 0:
        ends.append(end + 1)
    line = min(line, len(ends) - 1)
    left = _PARSED_AGAIN
    for earlier in range(line, -1, -1):
        left -= ends[earlier]
        if left < 0:
            break
        last = _last_of(text[: ends[earlier]])
        if last is None:
            continue
        return (last.line, True) if last.stands_alone and earlier == line else (earlier, False)
    return line, False


@dataclass(frozen=True)
class _Last:
    """The last scalar of a text that can be read."""

    line: int = 0
    stands_alone: bool = False
    """Plain, and the first thing on its line: in a params file a key that lacks its colon."""


def _last_of(text: str) -> _Last | None:
    """None where the text cannot be read."""
    parser = _PARSER(text)
    last = None
    try:
        while not isinstance(event := parser.get_event(), yaml.StreamEndEvent):
            if isinstance(event, yaml.ScalarEvent):
                last = event
    except yaml.YAMLError:
        return None
    if last is None:
        return _Last()
    start = last.start_mark
    before = text[start.index - start.column : start.index]
    return _Last(start.line, bool(last.value) and not last.style and not before.strip())
