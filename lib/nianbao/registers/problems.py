"""Everything in a register that is not understood, gathered and reported at once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from nianbao.errors import ErrorList, NianbaoError, RegisterError
from nianbao.wording import enumeration

MOST_ROWS = 10
"""Rows that one message names; the rest are counted."""
MOST_MESSAGES = 200
"""Messages of one register; the rest are counted."""


@dataclass
class Problems:
    """Collects problems; the same one in many rows of a column is one message."""

    _rows: dict[tuple[str, str, str, str], list[int]] = field(default_factory=dict)
    _errors: list[NianbaoError] = field(default_factory=list)

    def add(self, where: str, wrong: str, remedy: str = "", *, column: str = "", rows: Iterable[int] = ()) -> None:
        """Note that ``wrong`` holds in a column at these rows (from 1, as the file counts them)."""
        self._rows.setdefault((where, column, wrong, remedy), []).extend(int(row) for row in rows)

    def extend(self, error: NianbaoError) -> None:
        self._errors.extend(error.errors if isinstance(error, ErrorList) else [error])

    def raise_if_any(self) -> None:
        """Raise what was gathered.

        Raises
        ------
        RegisterError
            Naming file, sheet, row and column; several as :class:`ErrorList`.
        """
        errors = [*self._errors]
        counts: dict[str, int] = {}
        for (where, column, wrong, remedy), rows in sorted(self._rows.items(), key=_place):
            counts[where] = counts.get(where, 0) + 1
            if counts[where] <= MOST_MESSAGES:
                errors.append(RegisterError(_where(where, column, rows), wrong, remedy))
        for where, count in counts.items():
            if count > MOST_MESSAGES:
                wrong = f"另有 {count - MOST_MESSAGES} 类问题未列出"
                errors.append(RegisterError(where, wrong, "改正以上各处后再运行"))
        if len(errors) == 1:
            raise errors[0]
        if errors:
            raise ErrorList(tuple(errors))


def _place(item: tuple[tuple[str, str, str, str], list[int]]) -> tuple[str, int]:
    (where, *_), rows = item
    return where, min(rows, default=0)


def _where(where: str, column: str, rows: list[int]) -> str:
    place = f"{where} 第 {rows_text(rows)} 行" if rows else where
    return f"{place}“{column}”" if column else place


def rows_text(rows: Iterable[int]) -> str:
    """``3、8、12``, or the first ten ``…等 57``."""
    ordered = sorted(set(rows))
    text = enumeration(str(row) for row in ordered[:MOST_ROWS])
    return f"{text}等 {len(ordered)}" if len(ordered) > MOST_ROWS else text
