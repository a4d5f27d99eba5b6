"""How each body does: shares that always stand with what they are a share of, and disclosures by channel.

A share over fewer than :data:`FEWEST` cases says nothing and is not printed; what a report does not hold is 无法计算,
never 0. Bodies stand in the order of ``units.yaml``: there is no ranking.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from nianbao.city.city import CitySummary
from nianbao.city.disclosures import DisclosureTable
from nianbao.city.unit import UnitFigures
from nianbao.wording import percentage

FEWEST = 5
"""Cases (件) below which a share is not worked out."""
TOO_FEW = "样本不足"
UNKNOWN = "无法计算"
MOST_CHANNELS = 6
"""Columns of channels that a page holds beside the website."""
OTHER_CHANNELS = "其余渠道"


@dataclass(frozen=True)
class Share:
    """So many of so many cases (件); `bodies` is how many bodies brought them."""

    part: int
    whole: int
    bodies: int = 1

    @property
    def text(self) -> str:
        """As it prints: the share and its base, or that the base is too small."""
        share = TOO_FEW if self.whole < FEWEST else percentage(self.part, self.whole)
        return f"{share}（{self.part}/{self.whole}）"


@dataclass(frozen=True)
class Indicator:
    """A share that every report can be asked for; ``of`` gives None where the report does not hold it."""

    head: str
    of: Callable[[UnitFigures], Share | None]


def _in_time(one: UnitFigures) -> Share | None:
    """Of the applications whose period ended in the year, those answered within it; by the register alone."""
    told = one.answers
    if told is None or told.unknown:
        return None
    return Share(told.in_time, told.in_time + told.overdue)


def _granted(one: UnitFigures) -> Share | None:
    """Of the applications settled, those granted in whole or in part (part three, column 总计)."""
    return _of_cells(one, ("t3.granted.total", "t3.partial.total"), ("t3.total.total",))


def _corrected(one: UnitFigures) -> Share | None:
    """Of the reviews concluded, those that corrected the body (part four)."""
    concluded = ("t4.review.upheld", "t4.review.corrected", "t4.review.other")
    return _of_cells(one, ("t4.review.corrected",), concluded)


def _of_cells(one: UnitFigures, part: Iterable[str], whole: Iterable[str]) -> Share | None:
    parts, wholes = ([one.cells[key] for key in keys] for keys in (part, whole))
    if not all(cell.is_number for cell in (*parts, *wholes)):
        return None
    share = Share(sum(int(cell.number) for cell in parts), sum(int(cell.number) for cell in wholes))
    return share if share.part <= share.whole else None  # a table that does not add up tells no share


INDICATORS = (
    Indicator("按期答复", _in_time),
    Indicator("予以公开和部分公开", _granted),
    Indicator("复议结果纠正", _corrected),
)


def together(indicator: Indicator, units: Iterable[UnitFigures]) -> Share | None:
    """The share over all bodies whose reports hold it; None where none does."""
    found = [share for one in units if (share := indicator.of(one)) is not None]
    if not found:
        return None
    return Share(sum(one.part for one in found), sum(one.whole for one in found), len(found))


def channel_table(summary: CitySummary) -> DisclosureTable:
    """The channels of the counted bodies."""
    sums: dict[str, int] = {}
    for one in summary.counted:
        for name, count in one.channels:
            sums[name] = sums.get(name, 0) + count
    names = sorted(sums, key=lambda name: (-sums[name], name))
    kept, merged = (
        (names, []) if len(names) <= MOST_CHANNELS else (names[: MOST_CHANNELS - 1], names[MOST_CHANNELS - 1 :])
    )
    columns = [(name, (name,)) for name in kept] + ([(OTHER_CHANNELS, tuple(merged))] if merged else [])
    return DisclosureTable(
        heads=tuple(head for head, _ in columns),
        rows=tuple((one, tuple(_count(one, keys) for _, keys in columns)) for one in summary.counted),
        sums=tuple(sum(sums[key] for key in keys) for _, keys in columns),
        merged=tuple(merged),
    )


def _count(one: UnitFigures, names: tuple[str, ...]) -> int | None:
    found = [count for name, count in one.channels if name in names]
    return sum(found) if found else None
