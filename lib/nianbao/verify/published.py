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
from nianbao.verify.saved import SavedPage, bare, read_saved
from nianbao.wording import quoted

_INDEX = re.compile(r"索引号[:：]?([0-9A-Za-z〔〕\[\]（）()/_.-]{4,40})")


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
    if page.suffix.lower() in (".html", ".htm"):
        saved = read_saved(page)
        found += _index_number(report, saved)
        found += _pictures(saved, read_saved(ours))
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
    matcher = SequenceMatcher(None, [bare(one) for one in wanted], [bare(one) for one in found], autojunk=False)
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


def _around(text: str, other: str, reach: int = 12) -> str:
    """The place at which a text begins to differ from another, with a little of what stands around it."""
    at = next((i for i, (a, b) in enumerate(zip(text, other, strict=False)) if a != b), min(len(text), len(other)))
    low, high = max(0, at - reach), min(len(text), at + reach)
    return f"{'…' if low else ''}{text[low:high]}{'…' if high < len(text) else ''}"


def _index_number(report: Report, page: SavedPage) -> Iterator[Difference]:
    """The index number of the params stands on the page, where the params have one."""
    said = report.params.published
    number = said.index_number if said else None
    if not number or bare(number) in page.text:
        return
    found = _INDEX.search(page.text)
    told = f"为 {shown(found[1])}" if found else "上没有"
    yield Difference("索引号", f"公布的网页{told}，登记的为 {shown(number)}")


def _pictures(page: SavedPage, ours: SavedPage) -> Iterator[Difference]:
    """Pictures of the report that the page lacks: none there stands at the same words."""
    left = list(page.pictures)
    for picture in ours.pictures:
        same = next((one for one in left if one.is_at(picture)), None)
        if same is None:
            name = quoted(picture.name) if picture.name else "一幅"
            yield Difference("图片", f"公布的网页缺少{name}，应在{quoted(f'…{picture.place}')}之后")
        else:
            left.remove(same)
