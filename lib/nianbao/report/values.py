"""What a narrative may print: figures that know which cell they are, lists of them, and what stands for none."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any, overload

from nianbao.statute.cell import Cell
from nianbao.wording import plain_number

# Private-use characters bracket a filled-in figure while a text is rendered; params refuse them as input.
OPEN, MIDDLE, CLOSE = "\ue000", "\ue001", "\ue002"
TO_FILL_IN = "〔待填〕"
"""Stands where something is still to be written; ``〔待填：…〕`` says what."""


class Quoted(str):
    """A figure on its way into a text; it knows which cell or entry it is."""

    key: str
    value: int | Decimal

    def __new__(cls, value: int | Decimal, key: str) -> Quoted:
        figure = super().__new__(cls, plain_number(value))
        figure.key = key
        figure.value = value
        return figure


class QuotedClasses(Sequence["Quoted"]):
    """``主动公开.分类``: prints as 机构职能类信息10条、…; a slice prints likewise."""

    def __init__(self, items: Sequence[tuple[str, Quoted]]) -> None:
        self._items = tuple(items)

    @overload
    def __getitem__(self, index: int) -> Any: ...
    @overload
    def __getitem__(self, index: slice) -> Any: ...
    def __getitem__(self, index: int | slice) -> Any:
        chosen = index if isinstance(index, slice) else slice(index, index + 1 or None)
        return QuotedClasses(self._items[chosen])

    def __len__(self) -> int:
        return len(self._items)

    def render(self) -> str:
        return "、".join(f"{name}{mark(count)}条" for name, count in self._items) or TO_FILL_IN


class Values(dict[str, Any]):
    """What stands under a name, with an error that names what there is."""

    def __init__(self, name: str, values: dict[str, Any]) -> None:
        super().__init__(values)
        self.name = name

    def __missing__(self, key: str) -> Any:
        raise NothingToFill(f"{self.name}没有“{key}”，可用：{'、'.join(self)}")


class NothingToFill(Exception):
    """Carries the Chinese reason out of a template."""


class Blank:
    """Stands for what the report does not hold yet; prints as :data:`TO_FILL_IN`."""


def mark(figure: Quoted) -> str:
    return f"{OPEN}{figure.key}{MIDDLE}{figure}{CLOSE}"


def figure_of(cell: Cell, key: str) -> Quoted | Blank:
    return Quoted(cell.number, key) if cell.is_number else Blank()


def typed(value: int | Decimal | None, key: str) -> Quoted | Blank:
    return Blank() if value is None else Quoted(value, key)
