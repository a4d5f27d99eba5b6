"""HTML of any site → lines and grids. Nothing is fetched, no script runs, no entity is resolved from outside."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice

from lxml import etree

from nianbao.document.markup import RECORD
from nianbao.errors import ReadError
from nianbao.office.xml import XmlElement
from nianbao.published.celltext import BREAKS, MARKED, SKIPPED, STRUCK, CellTexts, collapse
from nianbao.published.grid import (
    MOST_COLUMNS,
    MOST_PLACES,
    MOST_ROWS,
    Grid,
    Item,
    Line,
    RawCell,
    places_of,
    spanned_grid,
)
from nianbao.published.labels import form_words, word
from nianbao.published.looks import Looks, is_hidden
from nianbao.published.plain import MOST_TEXT, read_plain

_UNNUMBERED = re.compile(r"list-style(?:-type)?\s*:[^;]*\bnone\b", re.IGNORECASE)
MOST_TAGS = 200_000
"""Of a whole page; a report pasted from Word has some ten thousand."""
_ONLY_REPORT = "只留报告正文再读"
_MOST_LINKS = 5_000
_OWN_LABELS = 5
_META_DAY = "pubdate"
_META_TITLES = ("articletitle", "title")


@dataclass(frozen=True)
class Link:
    """A link or a frame: its text, the address, and whether what it leads to shows within the page."""

    text: str
    address: str
    shown: bool


@dataclass(frozen=True)
class HtmlText:
    """What a page shows, and the titles and the day of publication it declares about itself; empty where it does not."""

    items: tuple[Item, ...]
    titles: tuple[str, ...]
    published: str
    links: tuple[Link, ...]
    scripted: bool
    pictures: int


def read_html_text(text: str, where: str) -> HtmlText:
    """The lines and data tables of a page, in their order.

    Raises
    ------
    ReadError
        When nothing can be parsed, or page or table is larger than any report's.
    """
    tags = text.count("<")
    if tags > MOST_TAGS:
        raise ReadError(where, f"有 {tags} 个标签，应不超过 {MOST_TAGS} 个", _ONLY_REPORT)
    parser = etree.HTMLParser(encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True, huge_tree=True)
    try:
        root = etree.fromstring(_without_declaration(text).encode("utf-8", "replace"), parser)
    except (etree.XMLSyntaxError, ValueError):
        root = None
    if root is None:
        raise ReadError(where, "是空白的网页", "在浏览器中打开报告，另存为“网页，仅 HTML”再读")
    if any(entry.level >= etree.ErrorLevels.FATAL for entry in parser.error_log):
        # The parser stops there, and what follows would be missing without a word.
        raise ReadError(where, "网页的标签嵌套过深或结构损坏，后面的内容读不出", _ONLY_REPORT)
    numerals, looks = _numerals(root), Looks(where, root)
    walker = _Walker(where, numerals, looks, CellTexts(numerals, looks))
    walker.walk(root)
    return HtmlText(
        tuple(walker.items),
        tuple(_titles(root)),
        _published(root),
        tuple(_links(root)),
        any(script.get("src") for script in root.iter("script")),
        sum(1 for _ in root.iter("img")),
    )


def _without_declaration(text: str) -> str:
    return re.sub(r"^\s*<\?xml[^>]*\?>", "", text)


def _titles(root: XmlElement) -> Iterator[str]:
    for meta in root.iter("meta"):
        if (meta.get("name") or "").lower() in _META_TITLES and meta.get("content"):
            yield str(meta.get("content"))
    for title in root.iter("title"):
        yield str(title.text or "")


def _links(root: XmlElement) -> Iterator[Link]:
    """The first of the page's links and frames; a list of reports has some dozens."""
    count = 0
    for element in root.iter("a", "iframe", "embed", "object", "frame"):
        address = element.get("href") or element.get("src") or element.get("data")
        if address:
            text = collapse("".join(str(part) for part in element.itertext())) or str(element.get("title") or "")
            yield Link(text, str(address).strip(), _tag(element) != "a")
            count += 1
            if count >= _MOST_LINKS:
                return


def _published(root: XmlElement) -> str:
    days = (meta.get("content") for meta in root.iter("meta") if (meta.get("name") or "").lower() == _META_DAY)
    return next((str(day) for day in days if day), "")


@dataclass
class _Walker:
    """Goes through a page without recursion, however deep it is nested."""

    where: str
    numerals: Mapping[XmlElement, str]
    looks: Looks
    cells: CellTexts
    items: list[Item] = field(default_factory=list)
    buffer: list[str] = field(default_factory=list)

    def walk(self, root: XmlElement) -> None:
        context = etree.iterwalk(root, events=("start", "end"))
        for event, element in context:
            tag = _tag(element)
            if event == "start":
                if tag in SKIPPED or element.get("class") == RECORD or is_hidden(element):
                    context.skip_subtree()
                elif tag == "table" and (grid := self._grid(element)) is not None:
                    self._flush()
                    self._caption(element)
                    self.items.append(grid)
                    context.skip_subtree()
                elif tag == "pre":
                    self._flush()
                    self.items.extend(read_plain(self._preformatted(element)))
                    context.skip_subtree()
                else:
                    self._open(element, tag)
            else:
                if tag in BREAKS:
                    self._flush()
                elif tag in STRUCK:
                    self.buffer.append("~")
                if element.tail and element is not root:
                    self.buffer.append(str(element.tail))
        self._flush()

    def _preformatted(self, element: XmlElement) -> str:
        text = "".join(str(part) for part in element.itertext())
        if len(text) > MOST_TEXT:
            raise ReadError(self.where, f"有一段 {len(text)} 字，应不超过 {MOST_TEXT} 字", _ONLY_REPORT)
        return text

    def _caption(self, table: XmlElement) -> None:
        for caption in table.iterchildren("caption"):
            if not is_hidden(caption):
                lines = self.cells.of(caption).split("\n")
                self.items.extend(Line(line) for line in lines if line)

    def _open(self, element: XmlElement, tag: str) -> None:
        if tag in BREAKS:
            self._flush()
        if tag in MARKED:
            self.buffer.append(MARKED[tag])
        if element in self.numerals:
            self.buffer.append(self.numerals[element])
        if element.text:
            self.buffer.append(str(element.text))

    def _flush(self) -> None:
        text = collapse("".join(self.buffer))
        self.buffer.clear()
        if text:
            self.items.append(Line(text))

    def _grid(self, table: XmlElement) -> Grid | None:
        """A data table; None for one that only lays out the page: with tables of data inside, or of one column."""
        inner = list(islice(table.iterdescendants("table"), MOST_INNER + 1))
        if inner and not _lays_out_cells_only(table, inner):
            return None
        within = {row for one in inner for row in one.iterdescendants("tr")}
        sections: list[list[list[RawCell]]] = []
        broken: set[int] = set()
        home: XmlElement | None = None
        count = 0
        for row in table.iterdescendants("tr"):
            if self.looks.is_hidden(row) or row in within:
                continue
            parent = row.getparent()
            if not sections or parent is not home:
                sections.append([])
                home = parent
            cells = [cell for cell in row if _tag(cell) in ("td", "th") and not self.looks.is_hidden(cell)]
            if _stray(row):
                broken.add(count)
            sections[-1].append([self._cell(cell) for cell in cells])
            count += 1
            if count > MOST_ROWS:
                raise ReadError(self.where, f"有一张表超过 {MOST_ROWS} 行，不是报告的表", _ONLY_REPORT)
        if max((len(row) for section in sections for row in section), default=0) <= 1:
            return None
        if places_of(sections) > MOST_PLACES:
            raise ReadError(self.where, f"有一张表超过 {MOST_PLACES} 格，不是报告的表", _ONLY_REPORT)
        return spanned_grid(sections, frozenset(broken))

    def _cell(self, cell: XmlElement) -> RawCell:
        return RawCell(
            self.cells.of(cell),
            _span(cell, "rowspan", 0, MOST_ROWS),
            _span(cell, "colspan", 1, MOST_COLUMNS),
        )


MOST_INNER = 500
"""Tables inside a table that are looked at; the form has some two hundred figures."""


def _lays_out_cells_only(table: XmlElement, inner: list[XmlElement]) -> bool:
    """Whether the tables inside a table only lay out single cells of it, which has the form's labels itself."""
    if len(inner) > MOST_INNER or any(len(row) > 1 for one in inner for row in one.iterdescendants("tr")):
        return False
    within = {cell for one in inner for cell in one.iterdescendants("td", "th")}
    own = (cell for cell in table.iterdescendants("td", "th") if cell not in within)
    labels = (word("".join(str(part) for part in cell.itertext())[:100]) for cell in own)
    return len(set(labels) & form_words()) >= _OWN_LABELS


def _numerals(root: XmlElement) -> dict[XmlElement, str]:
    """The number that list markup shows before each item of an ``ol``."""
    found: dict[XmlElement, str] = {}
    for numbered in root.iter("ol"):
        if _UNNUMBERED.search(numbered.get("style") or ""):
            continue
        number = _whole(numbered.get("start"), 1)
        for item in numbered.iterchildren("li"):
            number = _whole(item.get("value"), number)
            found[item] = f"{number}. "
            number += 1
    return found


def _whole(text: str | None, default: int) -> int:
    return int(text) if text and re.fullmatch("[0-9]{1,4}", text.strip()) else default


def _stray(row: XmlElement) -> bool:
    """Whether there is text in a row outside its cells."""
    parent = row.getparent()
    before = parent.text if parent is not None and row.getprevious() is None else None
    outside = [before, row.text, row.tail, *(child.tail for child in row)]
    others = [child for child in row if _tag(child) not in ("td", "th", "script", "style", "template")]
    outside += [str(text) for child in others for text in child.itertext()]
    return any(text and text.strip(" \t\r\n\f\u00a0") for text in outside)


def _tag(element: XmlElement) -> str:
    return element.tag.lower() if isinstance(element.tag, str) else ""


def _span(cell: XmlElement, name: str, least: int, most: int) -> int:
    """A span as browsers read it: 1 when absent or senseless; a ``rowspan`` of 0 reaches to the end of the section."""
    value = (cell.get(name) or "1").strip()
    number = int(value) if re.fullmatch("[0-9]{1,5}", value) else 1
    return min(number, most) if number >= least else 1
