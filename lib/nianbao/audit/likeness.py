"""How much of one text stands in another, word for word."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from nianbao.params import Unit

PIECE = 8
"""Texts are compared by pieces of so many characters; shorter agreements are the language's, not a copyist's."""
SHORTEST = 100
"""Sections of fewer characters are not compared: short ones are alike by nature."""
ALIKE = 80
"""From this share on, in percent, a section is nearly identical."""
SECTIONS = ("overview", "disclosure", "applications", "disputes", "problems", "other")
"""The preamble is left out: the form prescribes it."""

_NOISE = re.compile(r"\{\{.*?\}\}|!\[[^\]]*\]\([^)]*\)|[\s\d]+", re.DOTALL)
_PROBABLE = 0.6
"""Fewer common pieces than this never cover 80 % of a text."""


@dataclass(frozen=True)
class Likeness:
    """A section that stands nearly word for word in another report.

    Attributes
    ----------
    share : int
        Percent of this section's characters that lie in common pieces.
    longest : str
        The longest common passage, without figures and spaces.
    """

    section: str
    other: str
    share: int
    longest: str


def plain(text: str, unit: Unit) -> str:
    """A narrative without figures, spaces, pictures and its unit's names: what a copyist would leave."""
    stem = unit.name.removesuffix("街道").removesuffix("镇")
    names = "|".join(re.escape(name) for name in (unit.official_name, unit.name, stem))
    return re.sub(rf"(?:晋江市)?(?:{names})(?:街道|镇)?|[我本](?:街道|镇|办)", "本单位", _NOISE.sub("", text))


def compare(own: Mapping[str, str], others: Mapping[str, Mapping[str, str]]) -> tuple[Likeness, ...]:
    """Sections of ``own`` that are nearly identical to one of another report.

    Parameters
    ----------
    own : mapping of section to plain text
    others : mapping of a report's name to its sections

    Returns
    -------
    tuple of Likeness
        For each section the most alike of the others, where any comes to 80 %.
    """
    found: list[Likeness] = []
    for section in SECTIONS:
        text = own.get(section, "")
        if len(text) < SHORTEST:
            continue
        best = max(
            (
                (share, name)
                for name, sections in others.items()
                if (share := common_share(text, sections.get(section, ""))) >= ALIKE
            ),
            default=None,
            key=lambda pair: pair[0],
        )
        if best is not None:
            share, name = best
            found.append(Likeness(section, name, share, longest_common(text, others[name][section])))
    return tuple(found)


def common_share(text: str, other: str) -> int:
    """Percent of a text's characters that lie in pieces of it found in the other; 0 where hardly any are."""
    pieces, known = _pieces(text), _pieces(other)
    if not pieces or len(pieces & known) < _PROBABLE * len(pieces):
        return 0
    covered, reach = 0, 0
    for start in range(len(text) - PIECE + 1):
        if text[start : start + PIECE] in known:
            covered += start + PIECE - max(start, reach)
            reach = start + PIECE
    return 100 * covered // len(text)


@lru_cache(maxsize=512)
def _pieces(text: str) -> frozenset[str]:
    return frozenset(text[start : start + PIECE] for start in range(len(text) - PIECE + 1))


def longest_common(text: str, other: str) -> str:
    """The longest passage that stands in both, by bisection on its length."""
    low, high, best = 0, min(len(text), len(other)), ""
    while low < high:
        length = (low + high + 1) // 2
        known = {other[start : start + length] for start in range(len(other) - length + 1)}
        here = next((p for s in range(len(text) - length + 1) if (p := text[s : s + length]) in known), None)
        if here is None:
            high = length - 1
        else:
            low, best = length, here
    return best
