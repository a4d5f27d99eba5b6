"""Predicates about prose that was copied: from last year's report, or from another unit's of this year."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from dataclasses import dataclass
from functools import lru_cache, partial
from pathlib import Path

from nianbao.errors import NianbaoError
from nianbao.params import Unit
from nianbao.params.narratives import narrative_of
from nianbao.report import Report
from nianbao.rules.finding import Check, Finding, fails, unknown
from nianbao.rules.judge.passages import part_label
from nianbao.rules.overlap import SECTIONS, Corpus, Likeness, compare, plain
from nianbao.rules.subject import Subject
from nianbao.statute.rulebook import Rule, Severity
from nianbao.wording import quoted

Texts = dict[str, str]


def texts_of(report: Report) -> Texts:
    """A report's narrative by section, bare of figures and of the unit's own names."""
    unit, narrative = report.unit, report.params.narrative.model_dump()
    return _bare(narrative, unit.name, unit.official_name, report.city.name)


def _bare(narrative: dict[str, str | None], name: str, official_name: str, city: str) -> Texts:
    return {part: plain(text, name, official_name, city) for part, text in narrative.items() if text}


def differs_from_last_year(rule: Rule, subject: Subject) -> Iterator[Finding | None]:
    """Section by section against the unit's own report of the year before."""
    previous = subject.report.previous
    if previous is not None:
        yield from _findings(rule, subject.report, compare(texts_of(subject.report), {"": texts_of(previous)}))


def differs_from_other_units(rule: Rule, subject: Subject) -> Iterator[Finding | None]:
    """Section by section against the other units' params of the same year, where there are any beside this file."""
    report = subject.report
    if report.loaded is None:
        return
    year = _texts_of_year(report, report.loaded.path.parent.as_posix())
    for unit in report.neighbours:
        if unit.id in year.unread:
            wrong = f"读不出{unit.name}的正文（{year.unread[unit.id]}）"
            yield unknown(rule, unit.name, None, wrong, severity=Severity.INFO)
    others = {unit.name: year.texts[unit.id] for unit in report.neighbours if unit.id in year.texts}
    if others:
        own = texts_of(report)
        # The one pass over all texts knows this report as its file has it; one that differs is compared pair by pair.
        alike = partial(year.alike, report.unit) if own == year.texts.get(report.unit.id) else None
        yield from _findings(rule, report, compare(own, others, alike))


@contextmanager
def settled() -> Iterator[None]:
    """While many reports of a year are checked in one go, the others' texts are those that the first one met.

    Whether any file has changed is not asked again for each report: with hundreds of units that is most of the work.
    """
    token = _SETTLED.set({})
    try:
        yield
    finally:
        _SETTLED.reset(token)


def _texts_of_year(report: Report, folder: str) -> _Year:
    """The narratives of the report's own folder."""
    known = _SETTLED.get()
    if known is not None and folder in known:
        return known[folder]
    files = []
    for unit in sorted((report.unit, *report.neighbours), key=lambda unit: unit.id):
        with suppress(FileNotFoundError):
            # A Path for each would cost more than all the rest, and so would a Unit's hash.
            stat = os.stat(f"{folder}/{unit.id}.yaml")  # noqa: PTH116
            files.append((unit.id, unit.name, unit.official_name, stat.st_mtime_ns, stat.st_size))
    year = _year(folder, tuple(files), report.city.name)
    if known is not None:
        known[folder] = year
    return year


@dataclass(frozen=True)
class _Year:
    """The narratives of a year's units by id, or why one cannot be read."""

    names: Mapping[str, str]
    texts: Mapping[str, Texts]
    unread: Mapping[str, str]
    corpora: Mapping[str, Corpus]

    def alike(self, own: Unit, section: str, text: str) -> dict[str, int]:
        """Name of a unit → percent of `text` that stands in its section, where it comes to 80 %."""
        return {self.names[unit]: share for unit, share in self.corpora[section].alike(text, own.id).items()}


_SETTLED: ContextVar[dict[str, _Year] | None] = ContextVar("settled", default=None)


@lru_cache(maxsize=2)
def _year(folder: str, files: tuple[tuple[str, str, str, int, int], ...], city: str) -> _Year:
    """Read once for all reports of a year that this process checks, as long as no file changes (mtime, size).

    ``files`` holds of each unit its id, its two names, and time and size of its file.
    """
    texts: dict[str, Texts] = {}
    unread: dict[str, str] = {}
    for unit, name, official_name, _stamp, _size in files:
        try:
            texts[unit] = _bare(dict(narrative_of(Path(folder, f"{unit}.yaml"))), name, official_name, city)
        except NianbaoError as error:
            unread[unit] = error.wrong
    corpora = {
        section: Corpus({unit: parts[section] for unit, parts in texts.items() if section in parts})
        for section in SECTIONS
    }
    return _Year({unit: name for unit, name, *_ in files}, texts, unread, corpora)


def _findings(rule: Rule, report: Report, likenesses: tuple[Likeness, ...]) -> Iterator[Finding | None]:
    if not likenesses:
        yield None
    for one in likenesses:
        label, cell = part_label(report, one.section), f"narrative.{one.section}"
        yield fails(
            rule,
            label,
            cell,
            one.share,
            None,
            longest=quoted(one.longest),
            other=one.other,
            year=report.year - 1,
            length=len(one.longest),
        )


CHECKS: tuple[Check, ...] = (differs_from_last_year, differs_from_other_units)
