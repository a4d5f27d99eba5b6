"""Characters that show nothing: a figure or a name that holds one is not what it looks like."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

# Beside controls (Cc, but for tab and line feed), surrogates, private use and what is no character at all: the property
# Default_Ignorable_Code_Point (Unicode 16, DerivedCoreProperties.txt), format characters (Cf), line and paragraph
# separators, and what is drawn as a blank without being a space. Private-use characters mark filled-in figures while a
# narrative is rendered.
_RANGES = (
    r"\x00-\x08\x0b-\x1f\x7f-\x9f"  # controls
    r"\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f"
    r"\ufeff\uffa0\ufff0-\uffff\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"  # ignorable
    r"\u0600-\u0605\u06dd\u070f\u0890\u0891\u08e2\U000110bd\U000110cd\U00013430-\U0001345f"  # other format
    r"\u2028\u2029\u202f\u2800\U0001d159"  # separators, a space that joins, blanks of Braille and of music
    r"\ud800-\udfff\ue000-\uf8ff\U000f0000-\U0010ffff\ufdd0-\ufdef"  # surrogates, private use, no characters
    + "".join(f"{chr(plane + 0xFFFE)}{chr(plane + 0xFFFF)}" for plane in range(0x10000, 0xF0000, 0x10000))
)
_INVISIBLE = re.compile(f"[{_RANGES}]")
_PASTED = frozenset("\xad\u200b\u200c\u200d\u200e\u200f\u202f\u2060\ufe0e\ufe0f\ufeff\u2028\u2029")
"""What comes along from web pages and chats, and what an editor deletes without a trace."""
_SHOWN_BEFORE = 8


@dataclass(frozen=True)
class Invisible:
    """A character that a text may not hold: its place in the text, what is wrong, and what to do."""

    index: int
    wrong: str
    remedy: str


@lru_cache(maxsize=1 << 15)
def _is_invisible(character: str) -> bool:
    return _INVISIBLE.match(character) is not None


def first_invisible(text: str) -> Invisible | None:
    """The first character of a text that cannot be seen; None where there is none."""
    bad = set(filter(_is_invisible, set(text)))  # a file has some hundred different characters
    if not bad:
        return None
    index = min(map(text.index, bad))
    character = text[index]
    name = unicodedata.name(character, "")
    called = f"U+{ord(character):04X}" + (f"（{name}）" if name else "")
    before = text[max(0, index - _SHOWN_BEFORE) : index].rpartition("\n")[2]
    place = f"，在“{before}”之后" if before else "，在这一行的开头"
    pasted = "多半是从网页或聊天软件粘贴来的，" if character in _PASTED else ""
    return Invisible(index, f"含有不可见或控制字符 {called}{place}", f"{pasted}把光标移到那里，删除该字符")
