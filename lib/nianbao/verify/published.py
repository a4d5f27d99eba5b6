"""A sealed report against the page that was published of it: figures, text, title, index number, date, pictures.

Both are read by the same reader (:mod:`nianbao.published`), so that what differs is what a reader of the page sees.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import SequenceMatcher
from pathlib import Path

from nianbao.errors import UsageError
from nianbao.publish.difference import Difference, shown
from nianbao.publish.formats import PAGE
from nianbao.published import PublishedReport, read_published
from nianbao.report.report import Report
from nianbao.statute.cell import Cell

_PICTURES = re.compile(rb"<img\b", re.IGNORECASE)


def against_page(report: Report, sealed: Path, page: Path) -> tuple[Difference, ...]:
    """What a saved page shows otherwise than the report that was built.

    Parameters
    ----------
    sealed : Path
        ``output/<year>/<unit>/``.

    Raises
    ------
    UsageError
        There is no built report in the folder.
    ReadError
        The page cannot be read.
    """
    ours = sealed / PAGE
    if not ours.is_file():
        raise UsageError(
            f"{sealed.parent.name}/{sealed.name}/",
            "没有生成过的报告",
            f"先运行 nianbao build {report.unit.name} {report.year}",
        )
    there, built = read_published(page), read_published(ours)
    found = list(_compared(there, built))
    found += _index_number(report, page)
    found += _pictures(page, ours)
    return tuple(found)


def _compared(there: PublishedReport, built: PublishedReport) -> Iterator[Difference]:
    for where, found, expected in (
        ("标题", there.title, built.title),
        ("年份", there.year, built.year),
        ("文号", there.number, built.number),
        ("署名", there.authority, built.authority),
        ("日期", there.date, built.date),
    ):
        if found != expected:
            yield _two(where, found, expected)
    for key, label in ((field.key, field.label) for field in built.edition.fields.values()):
        here, wanted = there.cells.get(key), built.cells[key]
        if here is None or (here.state, here.value) != (wanted.state, wanted.value):
            yield _two(label, _said(here), _said(wanted))
    for part in dict.fromkeys((*built.narrative, *there.narrative)):
        name = "序言" if part == "preamble" else built.edition.heading(part)
        yield from _lines(name, there.narrative.get(part, ""), built.narrative.get(part, ""))


def _said(cell: Cell | None) -> str:
    return "没有" if cell is None else cell.text or "空白"


def _two(where: str, page: object, built: object) -> Difference:
    return Difference(where, f"公布的网页为 {shown(page)}，生成的报告为 {shown(built)}")


def _lines(name: str, page: str, built: str) -> Iterator[Difference]:
    """Paragraphs that are lost, added or changed; blanks do not count."""
    wanted, found = _paragraphs(built), _paragraphs(page)
    matcher = SequenceMatcher(None, [_bare(one) for one in wanted], [_bare(one) for one in found], autojunk=False)
    for what, low, high, left, right in matcher.get_opcodes():
        if what == "equal":
            continue
        lost, more = wanted[low:high], found[left:right]
        for ours, theirs in zip(lost, more, strict=False):
            yield _two(name, _around(theirs, ours), _around(ours, theirs))
        for ours in lost[len(more) :]:
            yield Difference(name, f"公布的网页缺少一段：{shown(ours)}")
        for theirs in more[len(lost) :]:
            yield Difference(name, f"公布的网页多出一段：{shown(theirs)}")


def _paragraphs(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _bare(text: str) -> str:
    return "".join(text.split())


def _around(text: str, other: str, reach: int = 12) -> str:
    """The place at which a text begins to differ from another, with a little of what stands around it."""
    at = next((i for i, (a, b) in enumerate(zip(text, other, strict=False)) if a != b), min(len(text), len(other)))
    low, high = max(0, at - reach), min(len(text), at + reach)
    return f"{'…' if low else ''}{text[low:high]}{'…' if high < len(text) else ''}"


def _index_number(report: Report, page: Path) -> Iterator[Difference]:
    """The index number of the params stands on the page, where the params have one."""
    said = report.params.published
    number = said.index_number if said else None
    if number and number.encode("utf-8") not in page.read_bytes():
        yield Difference("索引号", f"公布的网页上没有 {number}")


def _pictures(page: Path, ours: Path) -> Iterator[Difference]:
    """A page of HTML shows no fewer pictures than the report."""
    if page.suffix.lower() not in (".html", ".htm"):
        return
    there, built = (len(_PICTURES.findall(path.read_bytes())) for path in (page, ours))
    if there < built:
        yield _two("图片", f"{there} 幅", f"{built} 幅")
