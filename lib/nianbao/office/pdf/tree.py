"""The structure tree of a tagged PDF (ISO 32000-1, 14.7): roles, spans, and which marked content they hold."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pikepdf

from nianbao.office.pdf.contents import MarkedContent, Tag

MOST_DEPTH = 60
MOST_ELEMENTS = 100_000
MOST_SPAN = 64
_TABLE = "/Table"


class UntrustedTreeError(Exception):
    """A structure tree that contradicts itself or uses what is not read; the page's own lines are read instead."""


def read_tree(pdf: pikepdf.Pdf) -> Tag | None:
    """The tree, or None where the document has none or its tree is not to be trusted."""
    root = pdf.Root.get("/StructTreeRoot")
    if not isinstance(root, pikepdf.Dictionary) or root.get("/K") is None:
        return None
    try:
        return _Reader(pdf, root).read()
    except UntrustedTreeError:
        return None


class _Reader:
    """Walks the tree once; what is met twice, or claimed twice, makes it untrusted."""

    def __init__(self, pdf: pikepdf.Pdf, root: pikepdf.Dictionary) -> None:
        self.root = root
        self.pages: Mapping[tuple[int, int], int] = {page.obj.objgen: i for i, page in enumerate(pdf.pages)}
        self.roles = _names(root.get("/RoleMap"))
        self.classes = root.get("/ClassMap")
        self.parents = _parents(pdf, root)
        self.seen: set[tuple[int, int]] = set()
        self.claimed: set[MarkedContent] = set()
        self.count = 0

    def read(self) -> Tag:
        kids = tuple(self._kids(self.root.get("/K"), None, (0, 0), 0))
        return Tag("StructTreeRoot", 1, 1, kids)

    def _kids(
        self, value: pikepdf.Object | None, page: int | None, owner: tuple[int, int], depth: int
    ) -> Iterator[Tag | MarkedContent]:
        if value is None:
            return
        for kid in value if isinstance(value, pikepdf.Array) else [value]:
            self.count += 1
            if self.count > MOST_ELEMENTS or depth > MOST_DEPTH:
                raise UntrustedTreeError
            if isinstance(kid, int):
                yield self._mark(page, kid, owner)
            elif isinstance(kid, pikepdf.Dictionary):
                kind = kid.get("/Type")
                if kind == "/MCR":
                    if kid.get("/Stm") is not None:
                        raise UntrustedTreeError
                    number = kid.get("/MCID")
                    yield self._mark(self._page(kid, page), number if isinstance(number, int) else -1, owner)
                elif kind != "/OBJR":
                    yield self._element(kid, page, depth)
            else:
                raise UntrustedTreeError

    def _element(self, element: pikepdf.Dictionary, page: int | None, depth: int) -> Tag:
        number = element.objgen
        if number != (0, 0):
            if number in self.seen:
                raise UntrustedTreeError
            self.seen.add(number)
        own = self._page(element, page)
        spans = self._spans(element)
        kids = tuple(self._kids(element.get("/K"), own, number, depth + 1))
        return Tag(self._role(element), spans.get("/RowSpan", 1), spans.get("/ColSpan", 1), kids)

    def _page(self, thing: pikepdf.Dictionary, page: int | None) -> int | None:
        own = thing.get("/Pg")
        return page if own is None else self.pages.get(own.objgen)

    def _mark(self, page: int | None, mcid: int, owner: tuple[int, int]) -> MarkedContent:
        if page is None or mcid < 0:
            raise UntrustedTreeError
        mark = MarkedContent(page, mcid)
        said = self.parents.get(mark)
        if mark in self.claimed or (said is not None and owner != (0, 0) and said != owner):
            raise UntrustedTreeError
        self.claimed.add(mark)
        return mark

    def _role(self, element: pikepdf.Dictionary) -> str:
        role = str(element.get("/S", ""))
        for _ in range(10):  # a map may lead from one name to the next, and in a circle
            further = self.roles.get(role, role)
            if further == role:
                break
            role = further
        return role.removeprefix("/")

    def _spans(self, element: pikepdf.Dictionary) -> dict[str, int]:
        """Row and column span, from the element's attributes or those of its class."""
        found: dict[str, int] = {}
        for attributes in [*_attributes(self._class(element)), *_attributes(element.get("/A"))]:
            if attributes.get("/O") == _TABLE:
                for name in ("/RowSpan", "/ColSpan"):
                    value = attributes.get(name)
                    if isinstance(value, int):
                        if not 1 <= value <= MOST_SPAN * MOST_SPAN:
                            raise UntrustedTreeError
                        found[name] = value
        return found

    def _class(self, element: pikepdf.Dictionary) -> pikepdf.Object | None:
        name = element.get("/C")
        if isinstance(name, pikepdf.Name) and isinstance(self.classes, pikepdf.Dictionary):
            return self.classes.get(str(name))
        if name is not None and self.classes is not None:
            raise UntrustedTreeError
        return None


def _attributes(value: pikepdf.Object | None) -> list[pikepdf.Dictionary]:
    things = list(value) if isinstance(value, pikepdf.Array) else [value]
    return [thing for thing in things if isinstance(thing, pikepdf.Dictionary)]


def _names(value: pikepdf.Object | None) -> dict[str, str]:
    if not isinstance(value, pikepdf.Dictionary):
        return {}
    return {str(key): str(role) for key, role in value.items() if isinstance(role, pikepdf.Name)}


def _parents(pdf: pikepdf.Pdf, root: pikepdf.Dictionary) -> dict[MarkedContent, tuple[int, int]]:
    """The owner of each piece of marked content as the other half of the tree has it (14.7.4.4)."""
    value = root.get("/ParentTree")
    if not isinstance(value, pikepdf.Dictionary):
        return {}
    tree = pikepdf.NumberTree(value)
    found: dict[MarkedContent, tuple[int, int]] = {}
    for index, page in enumerate(pdf.pages):
        number = page.obj.get("/StructParents")
        owners = tree.get(number) if isinstance(number, int) else None
        if isinstance(owners, pikepdf.Array):
            for mcid, owner in enumerate(owners):
                if isinstance(owner, pikepdf.Dictionary):
                    found[MarkedContent(index, mcid)] = owner.objgen
    return found
