"""``PublishedReport``: everything that was recognised in a published document, and everything that was not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from nianbao.errors import ReadError, UsageError
from nianbao.published.figure import DIFFERING_WAYS
from nianbao.published.grid import Grid
from nianbao.published.identity import (
    ReportTitle,
    read_number,
    read_period,
    read_publication_day,
    read_red_head,
    read_title,
    titles_among,
)
from nianbao.published.parts import Parts, read_parts
from nianbao.published.source import Source, read_source
from nianbao.published.strangers import refusal_of
from nianbao.published.tables import edition_of, in_shape, read_tables, table_of
from nianbao.report import Unrecognised
from nianbao.statute import EDITIONS, Edition, edition_for
from nianbao.statute.cell import Cell, State
from nianbao.statute.rulebook import Severity
from nianbao.wording import enumeration, quoted

MOST_PROSE = 30_000
"""Characters of one part; a report's longest has a few thousand."""
_NOT_A_REPORT = "核对是否为政府信息公开工作年度报告；应有“2023年…政府信息公开工作年度报告”这样的标题和各部分的标题"


@dataclass(frozen=True)
class PublishedReport:
    """A report as somebody published it.

    Attributes
    ----------
    source : str
        The file as it was named.
    format : str
        As of :class:`nianbao.published.source.Source`.
    unit : str
        Whom the title names, e.g. 某某市某某镇; empty where nobody is named.
    authority : str or None
        The issuing authority, from the signature or the red head.
    number : str or None
        The document number, e.g. 晋东政〔2026〕5号.
    cells : mapping of str to Cell
        Every cell of the edition's form; unreadable where it was not recognised.
    narrative : mapping of str to str
        The prose by part, a line per paragraph; a part that was not found is missing.
    headings : mapping of str to str
        The headings of the six parts as printed.
    opening : tuple of str
        The lines before part one.
    """

    source: str
    format: str
    title: str
    unit: str
    year: int
    edition: Edition
    authority: str | None
    number: str | None
    cells: Mapping[str, Cell]
    narrative: Mapping[str, str]
    headings: Mapping[str, str]
    opening: tuple[str, ...]
    signature: str | None
    date: date | None
    unrecognised: tuple[Unrecognised, ...]


def read_published(path: Path) -> PublishedReport:
    """Read one published report.

    Raises
    ------
    ReadError
        When the file cannot be opened, is of another kind, or is no annual report of a known year.
    """
    return recognise(read_source(path))


def recognise(source: Source) -> PublishedReport:
    """The report in a document; see :func:`read_published`."""
    source = replace(source, items=in_shape(source.items))
    grids = source.grids
    own = {i for i, grid in enumerate(grids) if any(table_of(grid, edition) for edition in EDITIONS)}
    parts = read_parts(source.items, edition_of(grids) or EDITIONS[-1], own)
    if not own and not parts.headings:
        raise refusal_of(source)
    figures_only = source.format == "xlsx" and "overview" not in parts.headings
    if figures_only:
        parts = replace(parts, narrative={}, unrecognised=(_told("正文", "电子表格中只有各表，没有正文", None),))
    said: list[Unrecognised] = []
    title = _title(source, parts, said)
    year = title.year if title else read_period(source.lines)
    if year is None:
        raise ReadError(source.name, "看不出是哪一年的报告：标题和统计期限中都没有年份", _NOT_A_REPORT)
    edition = _edition(source.name, year, grids, said)
    cells, not_read, _ = read_tables(grids, edition)
    printed = edition_of(grids) or edition
    if printed is not edition:  # what only another year's form lacks is told by the line above, not row by row
        _, not_read, _ = read_tables(grids, printed)
    said += source.said
    if again := [item for item in in_shape(source.again) if isinstance(item, Grid)]:
        cells, differing = _agreed(cells, read_tables(again, edition)[0], edition)
        said += differing
    if title is None:
        said.append(_blocked("标题", "没有找到标题，年份取自统计期限", "对照原文核对标题"))
    long = [
        quoted(parts.headings.get(part, "前言")) for part, text in parts.narrative.items() if len(text) > MOST_PROSE
    ]
    if long:
        raise ReadError(source.name, f"{enumeration(long)}超过 {MOST_PROSE} 字，不像报告", "只留报告正文再读")
    day = parts.date or read_publication_day(source.published, source.lines)
    if day is None and not figures_only:
        said.append(_asked("落款", "没有找到成文日期，也没有发布日期", "date"))
    elif day is not None and parts.date is None:
        said.append(_told("落款", f"没有成文日期，取发布日期 {day.isoformat()}", "date"))
    authority = parts.signature or read_red_head(parts.opening)
    unit = title.unit if title and title.unit else authority or ""
    if not unit:
        said.append(_blocked("标题", "看不出是哪个单位的报告", "对照原文核对标题和署名"))
    return PublishedReport(
        source=source.name,
        format=source.format,
        title=title.text if title else "",
        unit=unit,
        year=year,
        edition=edition,
        authority=authority,
        number=None if figures_only else read_number(parts.opening),
        cells=cells,
        narrative=parts.narrative,
        headings=parts.headings,
        opening=parts.opening,
        signature=parts.signature,
        date=day,
        unrecognised=(*said, *parts.unrecognised, *not_read),
    )


def _title(source: Source, parts: Parts, said: list[Unrecognised]) -> ReportTitle | None:
    """The title nearest above part one; where titles of several years stand there, the one the period agrees with."""
    found = titles_among(parts.opening)
    if not found:
        found = tuple(title for text in source.titles if (title := read_title(text)))
    years = sorted({title.year for title in found})
    if len(years) > 1:
        period = read_period(source.lines)
        listed = enumeration(map(str, years))
        if period not in years:
            said.append(_blocked("标题", f"有 {listed} 几个年份的标题，统计期限不能定夺", "只留一份报告再读"))
        found = tuple(title for title in found if title.year == period) or found
    named = [title for title in found if title.unit]
    nearest = named or list(found)
    return nearest[-1] if nearest else None


def _edition(name: str, year: int, grids: Sequence[Grid], said: list[Unrecognised]) -> Edition:
    try:
        edition = edition_for(year)
    except UsageError as error:
        raise ReadError(name, f"是 {year} 年的报告，{error.wrong}", error.remedy) from None
    printed = edition_of(grids)
    if printed is not None and printed.name != edition.name:
        said.append(
            _blocked("表", f"印的是 {printed.name} 年的格式，{year} 年应为 {edition.notice}", "按应适用的格式重做各表")
        )
    return edition


def _agreed(
    cells: Mapping[str, Cell], again: Mapping[str, Cell], edition: Edition
) -> tuple[dict[str, Cell], list[Unrecognised]]:
    """The cells in which two readings of one file do not contradict one another; the others are unreadable."""
    differing = [
        key
        for key, cell in cells.items()
        if cell != again[key] and State.UNREADABLE not in (cell.state, again[key].state)
    ]
    said = [
        Unrecognised(edition.fields[key].label, "两种读法得到的数不同", "对照原文核对这一格", key) for key in differing
    ]
    return {**cells, **dict.fromkeys(differing, DIFFERING_WAYS)}, said


def _blocked(place: str, reason: str, remedy: str) -> Unrecognised:
    return Unrecognised(place, reason, remedy)


def _asked(place: str, reason: str, cell: str) -> Unrecognised:
    return Unrecognised(place, reason, "对照原文核对这一处", cell, Severity.WARNING)


def _told(place: str, reason: str, cell: str | None) -> Unrecognised:
    return Unrecognised(place, reason, "对照原文核对这一处", cell, Severity.INFO)
