"""What a PDF holds, as plain values that pass from one process to another."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

NO_MARK = -1
"""Marked-content id of a character that has none."""
ARTIFACT = -2
"""Marked-content id of a character that the document declares to be no part of its text: page numbers, repeated heads."""


class Character(NamedTuple):
    """An upright, visible character: left and right edge, baseline and size in points, and its marked-content id."""

    text: str
    left: float
    right: float
    baseline: float
    size: float
    mark: int

    @property
    def middle(self) -> float:
        """Height of its middle; that of the box would be lower for 一, which is flat."""
        return self.baseline + 0.35 * self.size


class Stroke(NamedTuple):
    """A straight line, level or upright, from its left or lower end; in points."""

    left: float
    bottom: float
    right: float
    top: float

    @property
    def level(self) -> bool:
        return self.right - self.left >= self.top - self.bottom


@dataclass(frozen=True)
class PdfPage:
    """One page: its characters in the order in which they are drawn, and its strokes.

    Attributes
    ----------
    picture : bool
        Whether a picture covers most of the page.
    """

    characters: tuple[Character, ...]
    strokes: tuple[Stroke, ...]
    bottom: float
    top: float
    picture: bool


class MarkedContent(NamedTuple):
    """Marked content, by page (from 0) and id."""

    page: int
    mcid: int


@dataclass(frozen=True)
class Tag:
    """An element of the structure tree under its standard role (``P``, ``Table``, ``TD`` …)."""

    role: str
    rowspan: int
    colspan: int
    kids: tuple[Tag | MarkedContent, ...]


@dataclass(frozen=True)
class PdfContents:
    """A whole PDF; ``tags`` is None where there is no structure tree, or none that can be trusted."""

    pages: tuple[PdfPage, ...]
    tags: Tag | None


def as_json(contents: PdfContents) -> dict[str, Any]:
    """The contents as values that JSON can carry."""
    return {
        "pages": [[page.characters, page.strokes, page.bottom, page.top, page.picture] for page in contents.pages],
        "tags": _tag_as_json(contents.tags) if contents.tags else None,
    }


def _tag_as_json(tag: Tag) -> list[Any]:
    kids = [kid if isinstance(kid, MarkedContent) else _tag_as_json(kid) for kid in tag.kids]
    return [tag.role, tag.rowspan, tag.colspan, kids]


def from_json(value: dict[str, Any]) -> PdfContents:
    """What :func:`as_json` gave."""
    pages = (
        PdfPage(tuple(Character(*one) for one in characters), tuple(Stroke(*one) for one in strokes), *rest)
        for characters, strokes, *rest in value["pages"]
    )
    return PdfContents(tuple(pages), _tag(value["tags"]) if value["tags"] else None)


def _tag(value: list[Any]) -> Tag:
    role, rowspan, colspan, kids = value
    return Tag(
        role, rowspan, colspan, tuple(MarkedContent(*kid) if isinstance(kid[0], int) else _tag(kid) for kid in kids)
    )
