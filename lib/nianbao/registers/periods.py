"""What became of the period within which an application is to be answered (《政府信息公开条例》 article 33): the words."""

from __future__ import annotations

from dataclasses import dataclass

IN_TIME = "按期答复"
"""How the states begin of applications that were answered in time."""
LATE = "逾期答复"
NEVER = "年末仍未答复，已逾期"
OVERDUE = (LATE, NEVER)
"""States of applications that were answered late, or not at all though the period had ended."""
NOT_DUE = "年末未答复，未到期"


@dataclass(frozen=True)
class Answers:
    """Applications (件) of a year by what became of their periods; those not due by its end are none of these.

    ``unknown`` are those whose period cannot be reckoned, for the holidays of a year are not known.
    """

    in_time: int
    overdue: int
    unknown: int
