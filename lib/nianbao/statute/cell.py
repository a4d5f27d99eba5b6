"""A cell of the form: a number, blank, not applicable, or unreadable; never silently 0."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import Enum

from nianbao.wording import plain_number


class State(Enum):
    """What a cell is; only a NUMBER takes part in arithmetic."""

    NUMBER = "number"
    BLANK = "blank"
    NOT_APPLICABLE = "not_applicable"
    UNREADABLE = "unreadable"


class Source(Enum):
    """Where a cell's value came from."""

    TYPED = "typed"
    TOTALLED = "totalled"
    REGISTER = "register"


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of parts two to four.

    Attributes
    ----------
    value : int or Decimal or None
        件, or 万元 for money; None unless ``state`` is NUMBER.
    text : str
        As it prints; for 不适用 the mark that was typed, for unreadable what stood there.
    rows : tuple of str
        The register rows it was counted from (收件编号 and the like), when computed.
    """

    state: State
    value: int | Decimal | None = None
    text: str = ""
    source: Source = Source.TYPED
    rows: tuple[str, ...] = ()

    @property
    def number(self) -> int | Decimal:
        """The value of a NUMBER cell.

        Raises
        ------
        ValueError
            For any other cell: a blank is not 0.
        """
        if self.value is None:
            raise ValueError(f"a {self.state.value} cell has no number")
        return self.value

    @property
    def is_number(self) -> bool:
        return self.state is State.NUMBER


BLANK = Cell(State.BLANK)


def number_cell(value: int | Decimal, source: Source = Source.TYPED, rows: tuple[str, ...] = ()) -> Cell:
    """A cell with a figure."""
    return Cell(State.NUMBER, value, plain_number(value), source, rows)


def not_applicable_cell(mark: str) -> Cell:
    """A cell with a mark such as / for 不适用."""
    return Cell(State.NOT_APPLICABLE, None, mark)


def unreadable_cell(text: str) -> Cell:
    """A cell whose text is neither a number nor a known mark."""
    return Cell(State.UNREADABLE, None, text)
