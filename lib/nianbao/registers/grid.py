"""A register as it stands in a file, before anything is made of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy.typing as npt


@dataclass(frozen=True)
class Sheet:
    """A grid of values as it stands in a file.

    Attributes
    ----------
    where : str
        File and sheet, as messages name them.
    grid : array of object, rows × columns
        Row *i* is row *i + 1* of the file. Blank is ``""`` or None.
    serial_offset : int
        Days to add to a bare Excel serial number (1462 in the 1904 date system).
    """

    where: str
    grid: npt.NDArray[Any]
    serial_offset: int = 0


class Formula(str):
    """What stands in a cell that holds a formula; a register must hold values.

    Attributes
    ----------
    shown : str or None
        What it came to when the file was saved, where that was saved as well.
    """

    shown: str | None = None
