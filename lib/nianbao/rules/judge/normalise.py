"""One spelling for one thing before anything is read: widths, stops, characters nobody sees, traditional characters.

Every character of the normal form knows the place in the source that it came from, so that what is found can be
quoted as it was printed.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

import opencc

_STOPS = str.maketrans(
    {",": "，", ";": "；", ":": "：", "(": "（", ")": "）", "?": "？", "!": "！", "﹔": "；", "﹕": "："}
)
_SPACES = re.compile(r"[\u00a0\u2000-\u200a\u202f\u205f\u3000\t]")
_DASHES = re.compile(r"[\u2010-\u2015\u2212\u2500\uff0d]")
# What Unicode calls a space or a letter and yet shows nothing, besides its control and format characters.
_UNSEEN = re.compile(r"[\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]")
# A stop between two digits belongs to the number: 1,057 and 8:00.
_BETWEEN_DIGITS = re.compile(r"(?<=[0-9])[,:](?=[0-9])")
_FULL_STOP = re.compile(r"(?<=[\u4e00-\u9fff）”》%])\.(?![0-9A-Za-z.])")

# Most lines hold nothing but what is its own normal form, character by character, stops aside.
_AS_IT_IS = re.compile(r"[\u4e00-\u9fff\n0-9A-Za-z ，。；：、（）！？“”‘’《》〔〕【】%,;:().…+·]*")
_STOP_IN_NUMBER = re.compile(r"(?<=[0-9])[,:，：](?=[0-9])")


@dataclass(frozen=True)
class Normal:
    """A text in its normal form.

    Attributes
    ----------
    text : str
    origin : tuple of int
        For each character of ``text`` its place in the source; one more entry for the end.
    """

    text: str
    origin: tuple[int, ...]

    def source(self, start: int, end: int) -> tuple[int, int]:
        """The span of the source that a span of the normal form came from."""
        return self.origin[start], self.origin[end - 1] + 1 if end > start else self.origin[start]


def normalise(source: str) -> Normal:
    """The normal form of a text.

    Full-width letters, digits and signs become half-width (compatibility forms of Unicode, character by character),
    half-width stops full-width, unseen characters go, traditional characters become simplified ones. Digits that
    are not plain ones (³, ①, Ⅳ, ½) stay as they are: 10³ is not 103.
    """
    if _AS_IT_IS.fullmatch(source) and not _STOP_IN_NUMBER.search(source):
        return Normal(simplified(_FULL_STOP.sub("。", source.translate(_STOPS))), tuple(range(len(source) + 1)))
    pieces = [_character(char) for char in source]
    origin = [place for place, piece in enumerate(pieces) for _ in piece]
    origin.append(len(source))
    text = "".join(pieces)
    kept = {match.start() for match in _BETWEEN_DIGITS.finditer(text)}
    stops = text.translate(_STOPS)
    if kept:
        stops = "".join(text[place] if place in kept else char for place, char in enumerate(stops))
    stops = _FULL_STOP.sub("。", stops)
    return Normal(simplified(stops), tuple(origin))


@lru_cache(maxsize=16_384)
def _character(char: str) -> str:
    if "\u4e00" <= char <= "\u9fff" or char in "\n…":
        return char
    if _SPACES.fullmatch(char):
        return " "
    if _DASHES.fullmatch(char):
        return "-"
    category = unicodedata.category(char)
    if category in ("Cf", "Cc", "Cn") or _UNSEEN.fullmatch(char):
        return ""
    if category in ("No", "Nl"):  # another kind of number: its compatibility form would be a different one
        return char
    return unicodedata.normalize("NFKC", char)


def unseen(char: str) -> bool:
    """Whether a character shows nothing and is no space."""
    return char != "\n" and not _character(char)


@lru_cache(maxsize=1)
def _converter() -> opencc.OpenCC:
    return opencc.OpenCC("t2s")


@lru_cache(maxsize=16_384)
def _is_traditional(char: str) -> bool:
    return "\u3400" <= char <= "\u9fff" and _converter().convert(char) != char


def simplified(text: str) -> str:
    """A text in simplified characters, of the same length; texts without traditional ones are not touched."""
    if not any(_is_traditional(char) for char in set(text)):
        return text
    converted: str = _converter().convert(text)
    if len(converted) == len(text):
        return converted
    return "".join(_converter().convert(char) if _is_traditional(char) else char for char in text)
