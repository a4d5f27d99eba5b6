"""The charts of part one: classes of what was disclosed, and what came month by month.

A chart is shown only where its numbers agree with what the report prints: it never says anything else than the text
and the tables.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import partial

from nianbao.charts.chart import Chart, require_glyphs
from nianbao.charts.draw import Series, bars, months, shortened
from nianbao.report import Report
from nianbao.report.prose import PictureLine, narrative_parts, render
from nianbao.wording import enumeration

FEWEST_CLASSES = 2
FEWEST_A_YEAR = 6
"""Fewer than one every other month is told better in words."""

DISCLOSURE, APPLICATIONS = "主动公开", "依申请公开"
"""Headings of part one."""

_NUMBERED = re.compile(r"图\s*([0-9]{1,3})")
_REST = "其余{}类"


@dataclass(frozen=True)
class Placed:
    """A chart and the heading of part one below which it belongs, as far as every report words it alike."""

    section: str
    chart: Chart


def charts_of(report: Report) -> tuple[Placed, ...]:
    """The charts that a report shows, in order; none where there is nothing to show.

    ``charts`` in the params asks for them or not; left open, they are shown where registers are kept.
    """
    asked = report.params.charts
    if report.literal or not (asked if asked is not None else report.registers is not None):
        return ()
    number = _first_number(report)
    classes = _classes(report, number)
    months = _months(report, number + (classes is not None))
    return tuple(placed for placed in (classes, months) if placed is not None)


def _first_number(report: Report) -> int:
    """The first number that no caption in the narrative has."""
    lines = [line for part in narrative_parts() for line in render(report, part)]
    captions = [line.caption for line in lines if isinstance(line, PictureLine)]
    return 1 + max((int(match[1]) for text in captions if (match := _NUMBERED.match(text))), default=0)


def _classes(report: Report, number: int) -> Placed | None:
    items = [(item.name, item.count) for item in report.disclosure.classes]
    total = sum(count for _, count in items)
    if sum(count > 0 for _, count in items) < FEWEST_CLASSES or total != report.disclosed:
        return None
    shown = shortened(items, _REST)
    chart = Chart(
        f"图{number}　{report.year}年主动公开政府信息分类情况",
        f"条形图，{report.year}年主动公开政府信息{total}条的分类情况："
        f"{enumeration(f'{name}{count}条' for name, count in items)}。",
        ("条", *(name for name, _ in shown)),
        partial(bars, shown, "条"),
    )
    return Placed(DISCLOSURE, chart)


def _months(report: Report, number: int) -> Placed | None:
    if report.registers is None:
        return None
    received = report.cells[f"t3.{report.edition.t3.received}.{report.edition.t3.total_column}"]
    applied = received.number if received.is_number else None
    told = (
        (DISCLOSURE, "主动公开政府信息", "条", report.disclosed, report.registers.months("主动公开")),
        (APPLICATIONS, "收到政府信息公开申请", "件", applied, report.registers.months("收到申请")),
    )
    found = {
        section: Series(name, unit, counts)
        for section, name, unit, printed, counts in told
        if counts is not None and printed == sum(counts) >= FEWEST_A_YEAR
    }
    if not found:
        return None
    panels = list(found.values())
    said = [
        f"{series.name}共{series.total}{series.unit}："
        + enumeration(f"{month}月{count}{series.unit}" for month, count in enumerate(series.counts, start=1))
        for series in panels
    ]
    chart = Chart(
        f"图{number}　{report.year}年各月{'和'.join(series.name for series in panels)}情况",
        f"柱形图，{report.year}年各月情况。{'；'.join(said)}。",
        tuple(text for series in panels for text in (series.name, series.unit)),
        partial(months, panels),
    )
    return Placed(list(found)[-1], chart)


def preflight(report: Report) -> None:
    """Make sure that every character in the report's charts can be drawn, without drawing them.

    Raises
    ------
    FontError
    """
    where = report.loaded.where(("charts",)) if report.loaded else "charts"
    for placed in charts_of(report):
        require_glyphs(placed.chart, where)
