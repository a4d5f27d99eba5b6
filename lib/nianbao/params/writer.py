"""Write a params file: a new one whole, an existing one by changing only what changes.

The parser says where every value of an existing file stands, and only the text of a value
that differs is replaced. So comments, alignment, blank lines and whatever the caller does not
mention stay byte for byte, which a load and dump would not keep. Lines end as most lines of the file do.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from nianbao.errors import ParamsError
from nianbao.params import emit
from nianbao.params.yamlio import parse_yaml
from nianbao.params.yamlnodes import Mapping as MappingNode
from nianbao.params.yamlnodes import Node, compose
from nianbao.params.yamlnodes import Scalar as ScalarNode
from nianbao.params.yamlnodes import Sequence as SequenceNode
from nianbao.statute import edition_for

_FREE = frozenset({("disclosure", "channels")})
"""Mappings whose keys are data: given, they replace what was there."""

_COMMENT_GAP = re.compile(r"( {2,})#")
_LITERAL_HEAD = re.compile(r"[|>][-+0-9]*")


def dump_params(existing: str | None, values: Mapping[str, Any], *, header: str = "", name: str = "params.yaml") -> str:
    """The text of a params file that says ``values``.

    Parameters
    ----------
    existing : str or None
        The file as it stands; None for a new one.
    values : mapping
        As in the file: nested mappings, lists, int, Decimal, date, str, bool, None. In an existing
        file a mapping changes only the keys it names, save ``disclosure.channels``, which it replaces;
        a list or a scalar replaces what was there; None adds no key outside t2, t3 and t4.
    header : str
        What a new file says at its top, as comment lines.

    Raises
    ------
    ParamsError
        When the existing file cannot be read, or is laid out so that it cannot be changed in place.
    """
    if existing is None:
        text = emit.new_file(values, edition_for(values["year"]), header)
        if not _says(parse_yaml(text.encode(), name).data, values):
            raise _cannot_edit(name)
        return text
    data = parse_yaml(existing.encode(), name).data
    if not isinstance(data, dict):
        raise _cannot_edit(name)
    if _says(data, values):
        return existing.removeprefix("\ufeff")
    windows = 2 * existing.count("\r\n") > existing.count("\n")
    text = _Editor(existing.replace("\r\n", "\n"), data, name).run(values)
    after = parse_yaml(text.encode(), name).data
    if not _says(after, values):  # nothing is handed over that reads back as anything else
        raise _cannot_edit(name)
    _verify_rest(data, after, values, name)
    return text.replace("\n", "\r\n") if windows else text


def same(old: Any, new: Any) -> bool:
    """Whether two plain values say the same.

    1 is 1.0 as a Decimal, but neither is True, and null is not 0; the order of keys says nothing.
    """
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        return set(old) == set(new) and all(same(old[key], new[key]) for key in old)
    if isinstance(old, (list, tuple)) and isinstance(new, (list, tuple)):
        return len(old) == len(new) and all(map(same, old, new))
    numbers = (int, Decimal)
    if isinstance(old, numbers) and isinstance(new, numbers):
        return isinstance(old, bool) is isinstance(new, bool) and old == new
    return type(old) is type(new) and bool(old == new)


def _cannot_edit(name: str) -> ParamsError:
    return ParamsError(name, "写法特殊，无法在保留注释的情况下改写", "参照 params/2023/yonghe.yaml 的写法整理后重试")


def _says(data: Any, values: Mapping[str, Any], path: emit.KeyPath = ()) -> bool:
    """Whether ``data`` says all of ``values``; None and nothing are one, save for rows of the tables."""
    for key, value in values.items():
        here = (*path, str(key))
        there = isinstance(data, dict) and here[-1] in data
        found = data[here[-1]] if there else None
        if isinstance(value, Mapping) and here not in _FREE:
            if not _says(found, value, here):
                return False
        else:
            nothing = value in (None, {}) and found in (None, {})
            if (not there and here[0] in emit.TABLES) or not (nothing or same(found, value)):
                return False
    return True


def _verify_rest(before: Any, after: Any, values: Mapping[str, Any], name: str) -> None:
    """What was not named must not have changed."""
    for key, old in before.items():
        if key not in values and not same(old, after.get(key)):
            raise _cannot_edit(name)
        wanted = values.get(key)
        if isinstance(wanted, Mapping) and isinstance(old, dict) and isinstance(after.get(key), dict):
            rest = old if key != "disclosure" else {k: v for k, v in old.items() if k != "channels"}
            _verify_rest(rest, after[key], wanted, name)


class _Editor:
    """Collects replacements of spans of a text, then makes them all."""

    def __init__(self, text: str, data: dict[str, Any], name: str) -> None:
        self.text = text.removeprefix("\ufeff")
        if not self.text.endswith("\n"):
            self.text += "\n"
        self.data = data
        self.name = name
        self.edits: list[tuple[int, int, str]] = []
        self.edition = edition_for(data["year"])

    def run(self, values: Mapping[str, Any]) -> str:
        root = compose(self.text, self.name)
        if not isinstance(root, MappingNode) or root.flow:
            raise _cannot_edit(self.name)
        self._mapping(root, self.data, values, ())
        if not self.edits:
            return self.text
        parts: list[str] = []
        position = 0
        for start, end, new in sorted(self.edits, key=lambda edit: edit[:2]):  # stable: same place, same order
            parts += [self.text[position:start], new]
            position = end
        return "".join(parts) + self.text[position:]

    # -- mappings ---------------------------------------------------------------------------------

    def _mapping(self, node: MappingNode, data: dict[str, Any], wanted: Mapping[str, Any], path: emit.KeyPath) -> None:
        entries = {key.value: (key, value) for key, value in node.entries if isinstance(key, ScalarNode)}
        order = emit.order_of(path, self.edition)
        missing: dict[str | None, dict[str, Any]] = {}
        for key, value in wanted.items():
            if key in entries:
                if not same(data[key], value):
                    self._entry(*entries[key], data[key], value, (*path, key))
            elif not _says_nothing(value) or (*path, key)[0] in emit.TABLES or path in _FREE:
                before = order[: order.index(key)] if key in order else list(entries)
                anchor = next((known for known in reversed(before) if known in entries), None)
                missing.setdefault(anchor, {})[key] = value
        for anchor, values in missing.items():
            ranked = dict(sorted(values.items(), key=lambda item: order.index(item[0]) if item[0] in order else 0))
            self._insert(ranked, entries[anchor][0] if anchor is not None else None, node, path)
        if path in _FREE:
            for key, (key_node, _) in entries.items():
                if key not in wanted:
                    start = self._line_start(key_node.start.index)
                    self.edits.append((start, self._region_end(key_node), ""))

    def _entry(self, key: Node, value: Node, old: Any, new: Any, path: emit.KeyPath) -> None:
        block = isinstance(value, MappingNode) and not value.flow
        if isinstance(value, MappingNode) and block and isinstance(new, Mapping) and (new or path not in _FREE):
            self._mapping(value, old, new, path)
            return
        if isinstance(new, Mapping) and isinstance(old, dict) and path not in _FREE:
            new = _merged(old, new, keep_null=path[0] in emit.TABLES)
            if same(old, new):
                return
        if isinstance(value, SequenceNode) and not value.flow and isinstance(new, (list, tuple)) and new:
            self._items(key, value, old, new)
            return
        indent = key.start.column
        if path[0] in emit.TABLES and isinstance(new, Mapping):
            emitted = emit.Emitted("", tuple(emit.table_rows(str(path[0]), new, self.edition, path[1:])))
        else:
            emitted = emit.emit(new, indent)
        self._replace(key, value, emitted)

    def _insert(self, missing: Mapping[str, Any], after: Node | None, node: MappingNode, path: emit.KeyPath) -> None:
        """Add keys behind the entry of the key node ``after``, else before the first."""
        if not missing:
            return
        indent = node.start.column
        lines: list[str] = []
        if not path:
            for key, value in missing.items():
                block = emit.section(key, value, self.edition)
                lines += ["", *block] if len(block) > 1 else block
        elif path[0] in emit.TABLES and indent == emit.STEP * len(path):
            lines = emit.table_rows(str(path[0]), missing, self.edition, path[1:])
        else:
            for key, value in missing.items():
                lines += emit.entry(key, value, indent)
        first = node.entries[0][0].start.index
        at = self._region_end(after) if after is not None else self._line_start(first)
        self.edits.append((at, at, "".join(f"{line}\n" for line in lines)))

    # -- lists ------------------------------------------------------------------------------------

    def _items(self, key: Node, node: SequenceNode, old: list[Any], new: Any) -> None:
        """Change a block list item by item: common ones in place, the rest added or removed at the end."""
        indent = node.start.column
        for item, before, after in zip(node.items, old, new, strict=False):
            if same(before, after):
                continue
            inline = not _is_block(item) and self.text[item.start.index] not in "|>"
            if inline and isinstance(after, Mapping) and set(after) == {"name", "count"}:
                self._splice(item.start.index, item.end.index, emit.flow(after))
            elif inline and not isinstance(after, (Mapping, list, tuple)):
                self._splice(item.start.index, item.end.index, emit.scalar(after))
            else:
                self._whole(key, node, new)
                return
        end = self._region_end(key)
        if len(new) > len(old):
            lines = [line for item in new[len(old) :] for line in emit.item_lines(item, indent)]
            self.edits.append((end, end, "".join(f"{line}\n" for line in lines)))
        elif len(new) < len(old):
            start = self._line_start(node.items[len(new)].start.index)
            self.edits.append((start, end, ""))

    def _whole(self, key: Node, node: SequenceNode, new: Any) -> None:
        start = self._line_start(node.start.index)
        end = self._region_end(key)
        self.edits = [edit for edit in self.edits if not start <= edit[0] < end]
        lines = [line for item in new for line in emit.item_lines(item, node.start.column)]
        self.edits.append((start, end, "".join(f"{line}\n" for line in lines)))

    # -- values -----------------------------------------------------------------------------------

    def _replace(self, key: Node, value: Node, new: emit.Emitted) -> None:
        """Replace the value of one key: what stands on its line, and the lines below it."""
        colon = self.text.index(":", key.end.index) + 1
        start, end = value.start.index, value.end.index
        region_end = self._region_end(key)
        body = "".join(f"{line}\n" for line in new.body)
        if _is_block(value) or (isinstance(value, ScalarNode) and start == end):
            start = end = colon
            body_at = self._line_end(colon)
        elif isinstance(value, ScalarNode) and value.style in ("|", ">"):
            end = start + len(_LITERAL_HEAD.match(self.text, start)[0])  # type: ignore[index]
            body_at = self._line_end(end)
        else:
            body_at = self._line_end(end)
        head = f" {new.head}" if start == colon and new.head else new.head
        if not new.head and start > colon:
            start = colon
        self._splice(start, end, head)
        if body or region_end > body_at:
            self.edits.append((body_at, max(region_end, body_at), body))

    def _splice(self, start: int, end: int, new: str) -> None:
        """Replace part of a line; a comment behind it stays in its column where there is room."""
        if gap := _COMMENT_GAP.match(self.text, end):
            spaces = max(2, len(gap[1]) - (len(new) - (end - start)))
            self.edits.append((start, end + len(gap[1]), new + " " * spaces))
        else:
            self.edits.append((start, end, new))

    # -- places -----------------------------------------------------------------------------------

    def _line_start(self, index: int) -> int:
        return self.text.rfind("\n", 0, index) + 1

    def _line_end(self, index: int) -> int:
        """Behind the line feed of the line that ``index`` stands on."""
        return self.text.index("\n", index) + 1

    def _region_end(self, key: Node) -> int:
        """Behind the last line of a key's value; blank lines and comments of what follows are left out."""
        indent = key.start.column
        index = end = self._line_end(key.start.index)
        while index < len(self.text):
            after = self._line_end(index)
            line = self.text[index:after]
            content = line.lstrip(" ")
            depth = len(line) - len(content)
            if content != "\n":
                outside = depth < indent or (depth == indent and not content.startswith("- "))
                if outside and not content.startswith("#"):
                    break
                if not (outside and content.startswith("#")):
                    end = after
            index = after
        return end


def _is_block(node: Node) -> bool:
    return isinstance(node, (MappingNode, SequenceNode)) and not node.flow


def _says_nothing(value: Any) -> bool:
    return value is None or (isinstance(value, Mapping) and all(map(_says_nothing, value.values())))


def _merged(old: Mapping[str, Any], new: Mapping[str, Any], *, keep_null: bool) -> dict[str, Any]:
    merged = dict(old)
    for key, value in new.items():
        before = merged.get(key)
        if isinstance(before, Mapping) and isinstance(value, Mapping) and value:
            merged[key] = _merged(before, value, keep_null=keep_null)
        elif key in merged or keep_null or not _says_nothing(value):
            merged[key] = value
    return merged
