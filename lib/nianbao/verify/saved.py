"""A saved page as far as the reader of reports does not look: all its words, and where its pictures stand."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lxml import etree, html

_UNSEEN = {"script", "style", "template", "noscript"}
_BESIDE = 8
"""Characters right beside a picture by which it is found again."""
_REACH = 80
"""How far from a picture they may stand on another page: a caption may be above it or below."""


@dataclass(frozen=True)
class SavedPicture:
    """A picture of a page: what it is called, and the words before and after it, without blanks."""

    name: str
    before: str
    after: str

    @property
    def place(self) -> str:
        """The words that it stands after."""
        return self.before[-_BESIDE:]

    def is_at(self, other: SavedPicture) -> bool:
        """Whether the words right before or right after another picture stand near this one."""
        near = (other.place, other.after[:_BESIDE])
        return any(words and (words in self.before or words in self.after) for words in near)


@dataclass(frozen=True)
class SavedPage:
    """A page's words without blanks, what it declares about itself included, and its pictures in their order."""

    text: str
    pictures: tuple[SavedPicture, ...]


def bare(text: str) -> str:
    """A text without blanks."""
    return "".join(text.split())


def read_saved(path: Path) -> SavedPage:
    """The page in this file; nothing where it holds none."""
    data = path.read_bytes()
    if not data.strip():
        return SavedPage("", ())
    root = html.document_fromstring(data, parser=html.HTMLParser(encoding=_encoding(data)))
    pieces: list[str | Any] = list(_pieces(root))
    found = []
    for place, piece in enumerate(pieces):
        if not isinstance(piece, str):
            before = "".join(one for one in pieces[:place] if isinstance(one, str))[-_REACH:]
            after = "".join(one for one in pieces[place:] if isinstance(one, str))[:_REACH]
            found.append(SavedPicture((piece.get("alt") or "").strip(), before, after))
    declared = (bare(one.get("content") or "") for one in root.iter("meta"))
    return SavedPage("".join((*declared, *(one for one in pieces if isinstance(one, str)))), tuple(found))


def _encoding(data: bytes) -> str | None:
    """UTF-8 where the bytes are; else what the page declares."""
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return None
    return "utf-8"


def _pieces(root: Any) -> Iterator[Any]:
    """Texts without blanks and pictures, in the order in which they stand."""
    walk = etree.iterwalk(root, events=("start", "end"))
    for event, element in walk:
        if event == "end":
            yield bare(element.tail or "")
        elif not isinstance(element.tag, str) or element.tag in _UNSEEN:
            walk.skip_subtree()
        else:
            if element.tag == "img":
                yield element
            yield bare(element.text or "")
