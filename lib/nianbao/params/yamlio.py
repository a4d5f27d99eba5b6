"""Strict YAML 1.2 reading: plain values, and where each stood.

Papermill's habit is lenient YAML; an official figure wants more. A duplicate
key, an anchor, a tag or a control character is an error with its line, a
decimal keeps every digit it was written with, and ``011``, ``no`` or ``1_000``
are text, not numbers or booleans.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nianbao.errors import ParamsError
from nianbao.params.yamlquick import read_plain

YamlPath = tuple[str | int, ...]

MAX_BYTES = 4 * 1024 * 1024

# Private-use characters mark filled-in figures while a narrative is rendered; all others print as nothing or worse.
_FORBIDDEN = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202f\u2060-\u206f\ufeff\ufff0-\uffff\ue000-\uf8ff\ud800-\udfff]"
)


@dataclass(frozen=True)
class YamlFile:
    """A file as plain values; ``lines`` maps the path of every key and item to its line, from 1."""

    name: str
    data: Any
    lines: dict[YamlPath, int]

    def where(self, path: YamlPath) -> str:
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
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise ParamsError(f"{name}:{line}", "不是 UTF-8 文本", "用编辑器另存为 UTF-8") from None
    text = text.replace("\r\n", "\n")
    if bad := _FORBIDDEN.search(text):
        line = text.count("\n", 0, bad.start()) + 1
        raise ParamsError(f"{name}:{line}", f"含有不可见或控制字符 U+{ord(bad[0]):04X}", "删除该字符")
    if (plain := read_plain(text)) is not None:
        return YamlFile(name, *plain)
    from nianbao.params.yamlstrict import read_strictly

    return YamlFile(name, *read_strictly(text, name))
