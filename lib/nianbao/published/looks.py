"""What the styles of a page do to the text in its tables: hide it, strike it out, raise it, turn it round.

Styles written on an element and style sheets within the page are heeded; of selectors those of classes, ids and tags,
one within another. Whatever a selector says besides is not understood, and its rule is left out.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import NamedTuple

from nianbao.errors import ReadError
from nianbao.office.xml import XmlElement

MOST_STYLES = 500_000
"""Characters of style sheets that are looked through; those of a report pasted from Word have some ten thousand."""
MOST_RULES = 40
"""For one element, those that prevail; more have no say."""
MOST_TRIES = 300_000
"""How often a rule is held against what is around an element; a report with the sheets of its site takes some thousands."""
_MEDIA = re.compile(r"@media\s+(?:only\s+)?(?:screen|all)|@(?:supports|layer)\b[^,]*", re.IGNORECASE)
"""Within which rules hold on any screen."""
_COMPOUND = re.compile(r"(?P<tag>[a-z][a-z0-9]*)?(?P<marks>(?:[.#][\w-]+)*)$", re.IGNORECASE)
_MOST_PARTS = 12
_HEEDED = re.compile(
    r"(?:^|[;{\s])(?:display|visibility|mso-hide|opacity|clip|text-indent|left|top|margin-left|height|max-height|width|max-width"
    r"|overflow|position|font-size|color|vertical-align|mso-text-raise|text-decoration|text-decoration-line|unicode-bidi|direction)\s*:",
    re.IGNORECASE,
)
_LENGTH = re.compile(r"(-?[0-9.]+)\s*(pt|px|em|rem|%)?$")
_WHITE = {"white", "#fff", "#ffffff", "transparent", "rgb(255,255,255)", "rgba(0,0,0,0)"}
_AWAY = -999.0
"""A length from which on a text lies outside the page."""
_SMALL = 0.75
"""A figure of which a part is smaller than this share of the rest has a mark behind it."""
_HEARD_ONLY = {"visually-hidden", "sr-only"}
"""The classes that style sheets give to what a screen reader says and nobody sees."""

Declarations = dict[str, str]


class Look(NamedTuple):
    """How a piece of text looks among others in its cell; pieces of one number look alike."""

    raised: bool = False
    faint: bool = False
    size: float = 12.0

    def apart(self, other: Look) -> bool:
        """Whether two pieces are not of one number."""
        small, large = sorted((self.size, other.size))
        return self[:2] != other[:2] or small < _SMALL * large


def is_mixed(text: str, figures: Sequence[Look]) -> bool:
    """Whether a text that is a figure is put together of pieces that do not look like one."""
    figure = bool(figures) and not re.search(r"[^\W\d]", text)
    return figure and any(one.apart(figures[0]) for one in figures[1:])


@lru_cache(maxsize=4096)
def declarations(style: str) -> Declarations:
    """The properties of a style and their values, in small letters and without blanks within brackets."""
    found = {}
    for one in style.split(";"):
        name, _, value = one.partition(":")
        found[name.strip().lower()] = re.sub(r"\s*([,()])\s*", r"\1", value.lower().replace("!important", "").strip())
    return found


class _Compound(NamedTuple):
    tag: str
    classes: frozenset[str]
    id: str

    def fits(self, tag: str, classes: str, identifier: str) -> bool:
        """Whether an element with this tag, these classes and this id is meant."""
        named = self.tag in ("", tag) and self.id in ("", identifier)
        return named and self.classes <= set(classes.split())


@dataclass(frozen=True, eq=False)
class _Rule:
    weight: tuple[int, int, int, int]
    chain: tuple[_Compound, ...]
    style: dict[str, str]


def _weight_of(rule: _Rule) -> tuple[int, int, int, int]:
    return rule.weight


@dataclass(frozen=True)
class Looks:
    """The styles of a page, for the elements of its tables."""

    where: str
    root: XmlElement
    _alike: dict[tuple[str, str, str], tuple[_Rule, ...]] = field(default_factory=dict)
    _joined: dict[tuple[_Rule, ...], dict[str, str]] = field(default_factory=dict)
    _matched: dict[tuple[_Rule, XmlElement], int] = field(default_factory=dict)

    @cached_property
    def _rules(self) -> Mapping[str, list[_Rule]]:
        """The rules by what the last part of their selector names: an id, a class, or else a tag."""
        sheets = "\n".join(str(one.text or "") for one in self.root.iter("style"))
        rules: dict[str, list[_Rule]] = defaultdict(list)
        for number, (selectors, style) in enumerate(_written(sheets[:MOST_STYLES])):
            if _HEEDED.search(style):
                for selector in selectors.split(","):
                    if chain := _chain(selector):
                        own = chain[-1]
                        key = f"#{own.id}" if own.id else f".{min(own.classes)}" if own.classes else own.tag
                        rules[key].append(_Rule(_weight(chain, number), chain, declarations(style)))
        return rules

    def of(self, element: XmlElement) -> Declarations:
        """What holds for an element, of sheets and of its own style."""
        own = declarations(element.get("style") or "")
        if not self._rules:
            return own
        signature = (str(element.tag).lower(), element.get("class") or "", element.get("id") or "")
        if signature not in self._alike:
            self._alike[signature] = self._rules_for(*signature)
        rules = self._alike[signature]
        fitting = tuple(rule for rule in rules if self._around(rule, element) == len(rule.chain) - 1)
        if fitting not in self._joined:
            self._joined[fitting] = {name: value for rule in fitting for name, value in rule.style.items()}
        return self._joined[fitting] | own if own else self._joined[fitting]

    def _rules_for(self, tag: str, classes: str, identifier: str) -> tuple[_Rule, ...]:
        """The rules whose last part fits such an element, the one that prevails last; without others, they are one."""
        keys = (tag, *(f".{name}" for name in set(classes.split())), f"#{identifier}")
        asked = (rule for key in keys for rule in self._rules.get(key, ()))
        fitting = sorted((rule for rule in asked if rule.chain[-1].fits(tag, classes, identifier)), key=_weight_of)
        if any(len(rule.chain) > 1 for rule in fitting) or not fitting:
            return tuple(fitting[-MOST_RULES:])
        joined = {name: value for rule in fitting for name, value in rule.style.items()}
        return (_Rule(fitting[-1].weight, fitting[-1].chain, joined),)

    def _around(self, rule: _Rule, element: XmlElement) -> int:
        """How many parts of a selector, from the outside in, fit the elements around this one, each within the last."""
        outer = rule.chain[:-1]
        if not outer:
            return 0
        climbed: list[XmlElement] = []
        matched = 0
        for one in element.iterancestors():
            if (rule, one) in self._matched:
                matched = self._matched[rule, one]
                break
            climbed.append(one)
        for one in reversed(climbed):
            tag, classes, identifier = str(one.tag).lower(), one.get("class") or "", one.get("id") or ""
            matched += matched < len(outer) and outer[matched].fits(tag, classes, identifier)
            self._matched[rule, one] = matched
        if len(self._matched) > MOST_TRIES:
            raise ReadError(self.where, "网页的样式过于复杂，看不出哪些文字显示", "只留报告正文再读")
        return matched

    def is_hidden(self, element: XmlElement) -> bool:
        """Whether an element within a table is not seen."""
        return is_hidden(element) or _hides(self.of(element))

    def is_struck(self, element: XmlElement) -> bool:
        style = self.of(element)
        return any("line-through" in style.get(name, "") for name in ("text-decoration", "text-decoration-line"))

    def is_turned_round(self, element: XmlElement) -> bool:
        """Whether its digits run from right to left."""
        style = self.of(element)
        override = element.tag == "bdo" or "override" in style.get("unicode-bidi", "")
        return override and "rtl" in (element.get("dir", "").lower(), style.get("direction", ""))

    def look(self, element: XmlElement, around: Look) -> Look:
        """How the text of an element looks within what is around it."""
        style, raised, faint, size = self.of(element), *around
        if element.tag not in ("td", "th"):
            align = style.get("vertical-align", "")
            raised = raised or align in ("super", "sub") or bool(_length(align)) or "mso-text-raise" in style
            raised = raised or element.tag == "small"
        colour = (style.get("color") or element.get("color") or "").replace(" ", "").lower()
        faint = colour in _WHITE if colour else faint
        if (points := _length(style.get("font-size", ""))) > 0:
            size = points
        return Look(raised, faint, size)


def _written(sheets: str) -> Iterator[tuple[str, str]]:
    """Selectors and style of each rule that holds on any screen, in their order."""
    text = "".join(piece.partition("*/")[2] if number else piece for number, piece in enumerate(sheets.split("/*")))
    within: list[str] = []
    for piece in text.replace("<!--", "").replace("-->", "").split("}")[:-1]:
        *heads, style = piece.split("{")
        if not heads:
            del within[-1:]
            continue
        within += heads[:-1]
        if all(_MEDIA.fullmatch(head.strip()) for head in within):
            yield heads[-1].rpartition(";")[2], style


def is_hidden(element: XmlElement) -> bool:
    """Whether an element itself says that it is not seen, or is there only for those who hear the page."""
    heard = _HEARD_ONLY & set((element.get("class") or "").split())
    style = declarations(element.get("style") or "")
    return bool(heard) or element.get("hidden") is not None or _is_off(style)


def _is_off(style: Declarations) -> bool:
    return style.get("display") == "none" or style.get("visibility") in ("hidden", "collapse")


def _hides(style: Declarations) -> bool:
    """Whether a style leaves nothing to be seen."""
    if _is_off(style) or style.get("mso-hide") == "all":
        return True
    if any(_LENGTH.match(style.get(name, "")) and _length(style[name]) == 0 for name in ("font-size", "opacity")):
        return True
    if any(_length(style.get(name, "")) <= _AWAY for name in ("left", "top", "text-indent", "margin-left")):
        return True
    if style.get("clip", "").startswith("rect(0") and style.get("position") in ("absolute", "fixed"):
        return True
    sides = [style.get(name, "") for name in ("height", "max-height", "width", "max-width")]
    return style.get("overflow") == "hidden" and any(_LENGTH.match(side) and not _length(side) for side in sides)


def _length(value: str) -> float:
    """A length in points, percent and em as of 12 pt; 0 for none."""
    match = _LENGTH.match(value)
    if not match:
        return 0.0
    try:
        number = float(match[1])
    except ValueError:
        return 0.0
    return number * {"px": 0.75, "em": 12.0, "rem": 12.0, "%": 0.12}.get(match[2] or "", 1.0)


def _chain(selector: str) -> tuple[_Compound, ...]:
    """The parts of a selector from the outside in; none for one that is not understood."""
    parts = selector.replace(">", " ").split()
    chain = []
    for part in parts if len(parts) <= _MOST_PARTS else ():
        match = _COMPOUND.match(part)
        if not match:
            return ()
        marks = re.findall(r"[.#][\w-]+", match["marks"])
        ids = [mark[1:] for mark in marks if mark[0] == "#"]
        classes = frozenset(mark[1:] for mark in marks if mark[0] == ".")
        chain.append(_Compound((match["tag"] or "").lower(), classes, ids[0] if ids else ""))
    return tuple(chain)


def _weight(chain: tuple[_Compound, ...], number: int) -> tuple[int, int, int, int]:
    """Which rule prevails: the one with more ids, classes, tags, and of equals the later."""
    return (
        sum(bool(one.id) for one in chain),
        sum(len(one.classes) for one in chain),
        sum(bool(one.tag) for one in chain),
        number,
    )
