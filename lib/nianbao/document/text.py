"""Characters: which are kept, which are dropped because nothing shows, which are refused."""

from __future__ import annotations

import re
import unicodedata

from nianbao.errors import NotebookError

_INVISIBLE = {"\u00ad", "\u200b", "\u200c", "\u200d", "\u200e", "\u200f", "\u2060", "\ufeff", "\ufe0e", "\ufe0f"}
_REORDERING = {chr(code) for code in (*range(0x202A, 0x202F), *range(0x2066, 0x206A))}
_SUSPECT = re.compile(r"[^\t\n\r -~\u00a1-\u00ac\u00ae-\u036f\u2010-\u2027\u2030-\u205e\u3000-\ud7ff\uff01-\uffee]")
_ANSI = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[@-Z\\-_])")


def clean(text: str, where: str) -> str:
    """``text`` without characters that show nothing; line and paragraph separators become ``\\n``.

    Raises NotebookError for control characters, lone surrogates, characters that are none, and
    characters that reorder the text around them (they make a page read otherwise than its data).
    """
    if not _SUSPECT.search(text):
        return text
    kept: list[str] = []
    for character in text:
        if character in _INVISIBLE:
            continue
        if character in "\u2028\u2029":
            kept.append("\n")
            continue
        control = unicodedata.category(character) == "Cc" and character not in "\t\n\r"
        nothing = unicodedata.category(character) == "Cs" or ord(character) & 0xFFFE == 0xFFFE
        nothing = nothing or 0xFDD0 <= ord(character) <= 0xFDEF
        if control or nothing or character in _REORDERING:
            around = "".join(c for c in text.partition(character)[0][-12:] if c.isprintable())
            found = f"“{around}”之后有不能印出的字符 U+{ord(character):04X}"
            raise NotebookError(where, found, "删去该字符后重新运行")
        kept.append(character)
    return "".join(kept)


def terminal(text: str, where: str) -> str:
    """What a terminal shows in the end: colours dropped, ``\\r`` and ``\\b`` carried out."""
    lines = []
    for line in _ANSI.sub("", text).replace("\r\n", "\n").split("\n"):
        shown: list[str] = []
        position = 0
        for character in line:
            if character == "\r":
                position = 0
            elif character == "\b":
                position = max(position - 1, 0)
            else:
                shown[position : position + 1] = [character]
                position += 1
        lines.append("".join(shown).rstrip())
    return clean("\n".join(lines).expandtabs(8).strip("\n"), where)
