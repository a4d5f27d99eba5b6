"""File names that every system holds, Windows above all."""

from __future__ import annotations

import re

from nianbao.errors import OutputError
from nianbao.wording import quoted

_FORBIDDEN = re.compile(r'[<>:"/\\|?*\x00-\x1f]')
_RESERVED = re.compile(r"(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:\..*)?", re.IGNORECASE)
MOST_CHARACTERS = 100
"""Of a name without its ending; Windows holds 260 of a whole path."""


def file_name(text: str) -> str:
    """The text as the name of a file, without its ending.

    Raises
    ------
    OutputError
        When Windows cannot hold it.
    """
    found = _FORBIDDEN.search(text)
    if found:
        raise OutputError(
            quoted(text), f"含有 Windows 文件名不能用的字符 {found[0]!r}", "改正 document.title 或附件的名称"
        )
    if not text or text != text.strip(" .") or _RESERVED.fullmatch(text):
        raise OutputError(quoted(text), "不能作 Windows 的文件名", "改正 document.title 或附件的名称")
    if len(text) > MOST_CHARACTERS:
        raise OutputError(
            quoted(text),
            f"作文件名太长：{len(text)} 个字，应不超过 {MOST_CHARACTERS}",
            "改短 document.title 或附件的名称",
        )
    return text
