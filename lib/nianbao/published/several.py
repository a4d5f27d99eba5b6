"""Several published reports at once: each read and checked, none hidden by another that cannot be read."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

from nianbao.errors import NianbaoError, ReadError
from nianbao.params import Units
from nianbao.published.convert import as_json, to_report
from nianbao.published.reading import PublishedReport, recognise
from nianbao.published.source import Source, read_sources
from nianbao.report import Report
from nianbao.rules import CheckResult, check_report


@dataclass(frozen=True)
class Reading:
    """What came of one file: a report and its findings, or the reason why there are none."""

    path: Path
    published: PublishedReport | None = None
    report: Report | None = None
    result: CheckResult | None = None
    error: NianbaoError | None = None
    same_as: Path | None = None
    """The file before this one that holds the same report."""

    @property
    def ready(self) -> bool:
        """Whether it was read whole and no blocking rule fails."""
        return self.result is not None and self.result.ready

    def as_json(self) -> dict[str, Any]:
        """``{file, unit, year, edition, ready, counts, findings, figures, prose}``, or ``{file, error}``."""
        name = {"file": self.path.as_posix()}
        if self.published is None or self.result is None:
            return {**name, "error": str(self.error)}
        return {**name, **as_json(self.published, self.result)}


def read_several(paths: Sequence[Path], register: Units | None = None) -> tuple[Reading, ...]:
    """Read and check every file; where a unit's report of the year before is among them, that one is last year's.

    Never raises for a file: what is wrong with it stands in ``error``.
    """
    found = [reading for path in paths for reading in _read(path, register)]
    reports = [one.report for one in found if one.report is not None]
    return _with_repeats([_guarded(one.path, partial(_check, one, reports)) for one in found])


def _with_repeats(readings: Sequence[Reading]) -> tuple[Reading, ...]:
    """The readings, each that holds the same report as one before it marked with that one's file."""
    marked: list[Reading] = []
    for reading in readings:
        earlier = (one for one in marked if one.same_as is None and _is_same(one, reading))
        first = next(earlier, None)
        marked.append(replace(reading, same_as=first.path) if first else reading)
    return tuple(marked)


def _is_same(one: Reading, other: Reading) -> bool:
    if one.published is None or other.published is None:
        return False
    told = ("title", "unit", "year", "authority", "cells", "narrative", "date")
    return all(getattr(one.published, name) == getattr(other.published, name) for name in told)


def _guarded(path: Path, step: Callable[[], Reading]) -> Reading:
    """A step with one file. Whatever a stranger's file brings about is told, and the others are still read."""
    try:
        return step()
    except NianbaoError as error:
        return Reading(path, error=error)
    except Exception as error:
        wrong = f"读取时出错（{type(error).__name__}：{error}）"
        return Reading(path, error=ReadError(path.as_posix(), " ".join(wrong.split()), "把这一行报告给开发者"))


def _read(path: Path, register: Units | None) -> list[Reading]:
    """The reports in a file: one, or as many as a ZIP holds."""
    sources: list[Source | ReadError] = []

    def look() -> Reading:
        sources.extend(read_sources(path))
        return Reading(path)

    failed = _guarded(path, look)
    if failed.error is not None:
        return [failed]
    return [_guarded(Path(_name_of(one)), partial(_recognised, one, register)) for one in sources]


def _name_of(source: Source | ReadError) -> str:
    return source.where if isinstance(source, ReadError) else source.name


def _recognised(source: Source | ReadError, register: Units | None) -> Reading:
    if isinstance(source, ReadError):
        raise source
    published = recognise(source)
    return Reading(Path(source.name), published, to_report(published, register))


def _check(reading: Reading, reports: Sequence[Report]) -> Reading:
    if reading.report is None:
        return reading
    report = replace(reading.report, previous=_previous(reading.report, reports))
    return replace(reading, report=report, result=check_report(report))


def _previous(report: Report, reports: Sequence[Report]) -> Report | None:
    """The same unit's report of the year before; None where there is none, or several that differ."""
    earlier = [one for one in reports if one.year == report.year - 1 and _name(one) == _name(report)]
    agree = all(one.cells == earlier[0].cells for one in earlier)
    return earlier[0] if earlier and agree else None


def _name(report: Report) -> tuple[str, str]:
    return report.unit.name, report.city.name
