"""YAML text → nodes, fast where that is safe.

ruamel.yaml, which has the last word, takes 11 ms for a params file, and a report reads five of them, twice.
libyaml (in PyYAML, which papermill brings) takes a fiftieth of that, but knows YAML 1.1. Where both are sure to
see the same, in text without any of what `_DOUBTFUL` lists, libyaml reads; the rest, and whatever libyaml
refuses, is left to ruamel.yaml with its messages. A test compares the two over random text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import yaml
from ruamel.yaml import YAML
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode
from ruamel.yaml.tag import Tag

_DOUBTFUL = re.compile(
    r"[\t\\>]|(?<![^\s\[\]{},])[&*!]|^%|^(?:---|\.\.\.)|(?<!: )\||\|(?![-+]?\r?\n)|^ +\r?$", re.MULTILINE
)
"""Tabs, escapes, folded text, anchors, aliases, tags, directives, documents, block text not just after its key, and
lines of blanks."""
_TAGS = {kind: Tag(suffix=f"tag:yaml.org,2002:{kind}") for kind in ("str", "seq", "map")}


def compose(text: str) -> Node | None:
    """The root of the one document in `text`, None when it is empty.

    Raises
    ------
    ruamel.yaml.error.YAMLError
    """
    if yaml.__with_libyaml__ and not _DOUBTFUL.search(text):
        try:
            return quick(text)
        except yaml.YAMLError:
            pass  # ruamel.yaml says what is wrong
    # The round-trip scanner would leave fold marks (U+0007) in folded text; this one does not.
    root: Node | None = YAML(typ="safe", pure=True).compose(text)
    return root


def quick(text: str) -> Node | None:
    """:func:`compose` with libyaml.

    Raises
    ------
    yaml.YAMLError
    """
    events = yaml.parse(text, Loader=yaml.CSafeLoader)
    next(events)
    if isinstance(next(events), yaml.StreamEndEvent):
        return None
    root = _node(next(events), events)
    next(events)
    if not isinstance(next(events), yaml.StreamEndEvent):
        raise yaml.YAMLError("several documents")
    return root


def _node(event: Any, events: Iterator[Any]) -> Node:
    start, end = event.start_mark, event.end_mark
    if isinstance(event, yaml.AliasEvent) or event.anchor is not None or event.tag is not None:
        raise yaml.YAMLError("anchors, aliases and tags are not for this reader")
    if isinstance(event, yaml.ScalarEvent):
        return ScalarNode(_TAGS["str"], event.value, start, end, style=event.style or None)
    children = []
    closing = yaml.SequenceEndEvent if isinstance(event, yaml.SequenceStartEvent) else yaml.MappingEndEvent
    while not isinstance(event := next(events), closing):
        children.append(_node(event, events))
    if closing is yaml.SequenceEndEvent:
        return SequenceNode(_TAGS["seq"], children, start, end)
    return MappingNode(_TAGS["map"], list(zip(children[::2], children[1::2], strict=True)), start, end)
