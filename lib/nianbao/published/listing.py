"""What was read, as lines for whoever has the published report beside them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from nianbao.published.figure import NOT_FOUND
from nianbao.published.several import Reading
from nianbao.statute.cell import Cell, State

_FORMATS = {"html": "网页", "docx": "Word 文档", "pdf": "PDF", "text": "文本"}
_NUMBER, _NOT_FOUND = "数", "没有认出"
_KINDS = {State.BLANK: "空白", State.NOT_APPLICABLE: "不适用", State.UNREADABLE: "不是数"}


def lines_of(readings: Sequence[Reading]) -> Iterator[str]:
    """The lines for some files, a paragraph each, and a last one that sums up several. Errors are not among them."""
    for reading in readings:
        yield from _lines(reading)
    if len(readings) > 1:
        failed = sum(reading.error is not None for reading in readings)
        ready = sum(reading.ready for reading in readings)
        counts = f"没有硬性问题 {ready} 份，有硬性问题 {len(readings) - ready - failed} 份，读不出 {failed} 份"
        yield f"共 {len(readings)} 份：{counts}。"


def _lines(reading: Reading) -> Iterator[str]:
    published, report, result = reading.published, reading.report, reading.result
    if published is None or report is None or result is None:
        return
    yield f"{reading.path.as_posix()}（{_FORMATS[published.format]}）：{published.title or '没有标题'}"
    yield f"  按 {report.edition.notice} 的格式，{_cells(report.cells.values())}。"
    counts = result.counts
    verdict = "没有硬性问题" if result.ready else f"有 {len(result.blocking)} 个硬性问题"
    yield (
        f"  {report.unit.name} {report.year} 年：{verdict}。成立 {counts['held']}，错误 {counts['error']}，"
        f"警告 {counts['warning']}，提示 {counts['info']}。"
    )
    for finding in result.findings:
        yield f"  [{finding.severity.label}] {finding.message}"


def _cells(cells: Iterable[Cell]) -> str:
    """读出 195 / 200 格，空白 5 格."""
    kinds = Counter(_kind(cell) for cell in cells)
    others = (f"{kind} {kinds[kind]} 格" for kind in (*_KINDS.values(), _NOT_FOUND) if kinds[kind])
    return "，".join((f"读出 {kinds[_NUMBER]} / {kinds.total()} 格", *others))


def _kind(cell: Cell) -> str:
    if cell.is_number:
        return _NUMBER
    return _NOT_FOUND if cell == NOT_FOUND else _KINDS[cell.state]
