"""What was read, as lines for whoever has the published report beside them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from nianbao.published.figure import NOT_FOUND
from nianbao.published.several import Reading
from nianbao.rules import Finding, Outcome
from nianbao.rules.check import READING
from nianbao.statute.cell import Cell, State
from nianbao.statute.rulebook import Severity
from nianbao.wording import enumeration

_FORMATS = {
    "html": "网页",
    "mhtml": "单个网页文件",
    "docx": "Word 文档",
    "doc": "旧格式的 Word 文档",
    "odt": "ODT 文档",
    "rtf": "RTF 文档",
    "xlsx": "电子表格",
    "pdf": "PDF",
    "text": "文本",
}
_NUMBER, _NOT_FOUND = "数", "没有认出"
_KINDS = {State.BLANK: "空白", State.NOT_APPLICABLE: "不适用", State.UNREADABLE: "不是数"}


def lines_of(readings: Sequence[Reading]) -> Iterator[str]:
    """The lines for some files, a paragraph each, and a last one that sums up several. Errors are not among them."""
    for reading in readings:
        if reading.same_as is None:
            yield from _lines(reading)
        else:
            yield f"{reading.path.as_posix()}：与 {reading.same_as.as_posix()} 是同一份报告，不再列出。"
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
    yield f"  按 {report.edition.notice} 的格式，{_cells(published.cells.values())}。"
    counts = result.counts
    verdict = "没有硬性问题" if result.ready else f"有 {len(result.blocking)} 个硬性问题"
    yield (
        f"  {report.unit.name} {report.year} 年：{verdict}。成立 {counts['held']}，错误 {counts['error']}，"
        f"警告 {counts['warning']}，提示 {counts['info']}。"
    )
    unread = [
        finding for finding in result.findings if finding.rule in READING and finding.severity is not Severity.INFO
    ]
    if unread:
        yield "  没有读出的："
        yield from _findings(unread)
        yield "  读出的部分："
    yield from _findings([finding for finding in result.findings if finding not in unread])


def _findings(findings: Sequence[Finding]) -> Iterator[str]:
    """Findings, those that cannot be told for one and the same reason on one line."""
    together: dict[tuple[object, ...], list[Finding]] = {}
    for number, finding in enumerate(findings):
        alone = finding.outcome is not Outcome.UNKNOWN or finding.rule in READING
        key = (number,) if alone else (finding.severity, finding.wrong, finding.remedy)
        together.setdefault(key, []).append(finding)
    for same in together.values():
        first = same[0]
        if len(same) == 1:
            yield f"  [{first.severity.label}] {first.message}"
        else:
            codes = enumeration(dict.fromkeys(finding.rule for finding in same))
            remedy = f"{first.remedy}。" if first.remedy else ""
            yield f"  [{first.severity.label}] {codes} 无法核对：{first.wrong}。{remedy}"


def _cells(cells: Iterable[Cell]) -> str:
    """读出 195 / 200 格，空白 5 格."""
    kinds = Counter(_kind(cell) for cell in cells)
    others = (f"{kind} {kinds[kind]} 格" for kind in (*_KINDS.values(), _NOT_FOUND) if kinds[kind])
    return "，".join((f"读出 {kinds[_NUMBER]} / {kinds.total()} 格", *others))


def _kind(cell: Cell) -> str:
    if cell.is_number:
        return _NUMBER
    return _NOT_FOUND if cell == NOT_FOUND else _KINDS[cell.state]
