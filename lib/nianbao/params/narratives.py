"""The narratives of other reports of the same year, read on their own: no figures, and once a file."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path

from nianbao.errors import ParamsError
from nianbao.params.yamlio import MAX_BYTES, display_name, parse_yaml

_SECTION = re.compile(r"^narrative:[ \t]*(?:#.*)?\n(?:(?:[ \t#].*)?\n|[ \t#].*\Z)*", re.MULTILINE)
_BLOCK = re.compile(r"  (\w+): \|[-+]?[ \t]*\n((?:(?: {4}.*)?\n)*)")


def narrative_of(path: Path) -> dict[str, str]:
    """The parts of the narrative in a params file, expressions as they are written; empty where it has none.

    Raises
    ------
    ParamsError
        When it cannot be read; the file's own check says more.
    """
    stat = path.stat()
    return dict(_read(path, stat.st_mtime_ns, stat.st_size))


@lru_cache(maxsize=512)
def _read(path: Path, _stamp: int, size: int) -> tuple[tuple[str, str], ...]:
    name = display_name(path)
    if size > MAX_BYTES:
        raise ParamsError(name, f"文件有 {size} 字节，应不超过 {MAX_BYTES} 字节")
    try:
        text = path.read_text(encoding="utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError:
        raise ParamsError(name, "不是 UTF-8 文本", "用编辑器另存为 UTF-8") from None
    section = _SECTION.search(text)
    if section and (blocks := _blocks(section[0])) is not None:
        return tuple(blocks.items())
    data = parse_yaml((section[0] if section else text).encode(), name).data
    narrative = data.get("narrative") if isinstance(data, dict) else None
    if not isinstance(narrative, dict):
        return ()
    return tuple((str(part), prose) for part, prose in narrative.items() if isinstance(prose, str))


def _blocks(section: str) -> dict[str, str] | None:
    """The parts where all of them are written ``part: |``, as tools write them; None where any is not."""
    body = "".join(line for line in section.splitlines(keepends=True)[1:] if not re.match(r" {0,3}#", line))
    body += "" if body.endswith("\n") else "\n"
    parts, end = {}, 0
    for match in _BLOCK.finditer(body):
        if body[end : match.start()].strip():
            return None
        parts[match[1]], end = re.sub(r"(?m)^ {4}", "", match[2]).rstrip("\n") + "\n", match.end()
    return None if body[end:].strip() else parts
