"""How much of one text stands in another, word for word."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache

PIECE = 8
"""Texts are compared by pieces of so many characters; shorter agreements are the language's, not a copyist's."""
SHORTEST = 100
"""Sections of fewer characters are not compared: short ones are alike by nature."""
ALIKE = 80
"""From this share on, in percent, a section is nearly identical."""
SECTIONS = ("overview", "disclosure", "applications", "disputes", "problems", "other")
"""The preamble is left out: the form prescribes it."""

# Figures, pictures and spaces say nothing about who wrote a text; nor do titles and numbers of what is cited.
_NOISE = re.compile(
    r"\{\{.*?\}\}|!\[[^\]]*\]\([^)]*\)|《[^》]*》|[（(][^（）()]{0,12}[〔\[【]\d{4}[〕\]】][^（）()]{0,8}[）)]|[\s\d]+",
    re.DOTALL,
)

_SELF = "本单位"
_OWN_NAMES = re.compile(rf"{_SELF}(?:街道|镇)?|[我本](?:街道|镇|办)")


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


@lru_cache(maxsize=32768)
def plain(text: str, unit: str, official_name: str, city: str) -> str:
    """A narrative without figures, spaces, pictures and its unit's names: what a copyist would leave."""
    text = _NOISE.sub("", text)
    for name in (official_name, unit, unit.removesuffix("街道").removesuffix("镇")):
        text = text.replace(name, _SELF)
    return _OWN_NAMES.sub(_SELF, text.replace(city + _SELF, _SELF))


def compare(
    own: Mapping[str, str],
    others: Mapping[str, Mapping[str, str]],
    shares: Callable[[str, str], Mapping[str, int]] | None = None,
) -> tuple[Likeness, ...]:
    """Sections of ``own`` that are nearly identical to one of another report.

    Parameters
    ----------
    own : mapping of section to plain text
    others : mapping of a report's name to its sections
    shares : callable, optional
        Section and text → share by report's name, of those that come to 80 %; where it is known already.

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
        known = None if shares is None else shares(section, text)
        if known is not None and not known:
            continue
        best = max(
            (
                (share, name)
                for name, sections in others.items()
                if (share := common_share(text, sections.get(section, "")) if known is None else known.get(name, 0))
                >= ALIKE
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
    # A piece covers 8 characters at most, so that a tenth of the pieces is the least that can cover 80 %.
    if not pieces or 100 * PIECE * len(pieces & known) < ALIKE * len(pieces):
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


class Corpus:
    """Many texts of one kind, and which of them hold each piece: what a text shares with all of them in one pass.

    A set of texts is an integer, one bit a text, so that the work for a text grows with its own length and only by a
    machine word with every 64 texts more. Pieces that a single text holds are not kept: the texts that are compared
    belong to the corpus themselves.
    """

    def __init__(self, texts: Mapping[str, str]) -> None:
        self._names = [name for name, text in texts.items() if len(text) >= PIECE]
        self._bits = {name: 1 << number for number, name in enumerate(self._names)}
        once: set[int] = set()
        again: set[int] = set()
        for name in self._names:
            pieces = {hash(piece) for piece in _each_piece(texts[name])}
            again |= once & pieces
            once |= pieces
        self._holders: dict[str, int] = {}
        for name, bit in self._bits.items():
            for piece in set(_each_piece(texts[name])):
                if hash(piece) in again:
                    self._holders[piece] = self._holders.get(piece, 0) | bit

    def alike(self, text: str, without: str) -> dict[str, int]:
        """Name → percent of `text` (:func:`common_share`) of every text but `without` that comes to 80 %."""
        if len(text) < PIECE:
            return {}
        holders = [self._holders.get(piece, 0) for piece in _each_piece(text)]
        counts: list[int] = []  # of characters covered, one number a text: its lowest bits first, a set for each bit
        none = [0] * (PIECE - 1)
        windows = [*none, *holders, *none]
        for step in (1, 2, 4):  # at each place, who holds any of the PIECE pieces that cover the character there
            windows = [one | other for one, other in zip(windows, windows[step:], strict=False)]
        for covering in windows:
            place = 0
            while covering:
                if place == len(counts):
                    counts.append(0)
                counts[place], covering = counts[place] ^ covering, counts[place] & covering
                place += 1
        enough = -(-ALIKE * len(text) // 100)
        reached = self._at_least(counts, enough) & ~self._bits.get(without, 0)
        found = {}
        while reached:
            number = reached.bit_length() - 1
            reached ^= 1 << number
            covered = sum((one >> number & 1) << place for place, one in enumerate(counts))
            found[self._names[number]] = 100 * covered // len(text)
        return found

    def _at_least(self, counts: list[int], least: int) -> int:
        """The texts whose count is `least` or more."""
        if least >= 1 << len(counts):
            return 0
        more, equal = 0, (1 << len(self._names)) - 1
        for place in reversed(range(len(counts))):
            if least >> place & 1:
                equal &= counts[place]
            else:
                more |= equal & counts[place]
                equal &= ~counts[place]
        return more | equal


def _each_piece(text: str) -> list[str]:
    return [text[start : start + PIECE] for start in range(len(text) - PIECE + 1)]


def longest_common(text: str, other: str) -> str:
    """The longest passage that stands in both (the first such in ``text``), in time and space linear in both.

    A suffix automaton of ``other``: each state stands for passages that end at the same places, ``links`` leads
    to the state of their longest shorter ending.
    """
    steps: list[dict[str, int]] = [{}]
    links, lengths = [-1], [0]
    last = 0
    for char in other:
        steps.append({})
        links.append(0)
        lengths.append(lengths[last] + 1)
        here, state, last = len(steps) - 1, last, len(steps) - 1
        while state >= 0 and char not in steps[state]:
            steps[state][char] = here
            state = links[state]
        if state < 0:
            continue
        after = steps[state][char]
        if lengths[after] != lengths[state] + 1:  # only some of its passages go on so: split them off
            steps.append(dict(steps[after]))
            links.append(links[after])
            lengths.append(lengths[state] + 1)
            links[after] = split = len(steps) - 1
            while state >= 0 and steps[state].get(char) == after:
                steps[state][char] = split
                state = links[state]
            after = split
        links[here] = after
    best = end = state = length = 0
    for index, char in enumerate(text, start=1):
        while state and char not in steps[state]:
            state = links[state]
            length = lengths[state]
        if char in steps[state]:
            state, length = steps[state][char], length + 1
        if length > best:
            best, end = length, index
    return text[end - best : end]
