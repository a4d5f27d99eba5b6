"""The gate: what an executed notebook prints is what its report says, or the document is a draft.

Each official section is worked out again from the report and held against what the notebook shows: words and
pictures as they stand, tables against the grid that the statute gives, every figure in what an analyst added against
the judge. A breach is a finding of family G; none of them can be waived.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from nianbao.document import Block, Document, Heading, Paragraph, Run, Table, Title, plain, read_html
from nianbao.document.notebook import SILENT_TAGS, Shown, document_of, shown
from nianbao.errors import NianbaoError
from nianbao.notebook.added import misplaced_roles
from nianbao.notebook.text import text_of
from nianbao.report import Report
from nianbao.report.grids import Grid, statutory_grid
from nianbao.rules import Finding
from nianbao.rules.finding import fails
from nianbao.statute.form import Edition
from nianbao.statute.rulebook import rule
from nianbao.wording import enumeration, quoted

if TYPE_CHECKING:
    from nbformat import NotebookNode

TABLES = ("disclosure", "applications", "disputes")
"""The parts that have a statutory table."""
_MOST = 5
"""Differences of one kind that a finding lists."""


@dataclass(frozen=True)
class Gated:
    """A notebook at the gate: the document that may be made of it, and what stands against it."""

    document: Document
    findings: tuple[Finding, ...]


def sections_of(edition: Edition) -> tuple[str, ...]:
    """The official sections in their order: opening, the six parts, closing."""
    return ("opening", *(part.key for part in edition.parts), "closing")


def gate(nb: NotebookNode, report: Report) -> Gated:
    """Hold an executed notebook against its report.

    A notebook that breaks a rule of the gate comes out as a draft that says why.
    """
    try:
        pieces = tuple(shown(nb))
        findings = tuple(_judge(nb, pieces, report))
        document = document_of(pieces)
    except NianbaoError as error:
        findings = (_finding("G-09", f"{error.where}：{error.wrong}"),)
        document = document_of(())
    return Gated(marked(document, findings), findings)


def refused(nb: NotebookNode, reason: str) -> Gated:
    """A report notebook whose report cannot be had: what it shows, as a draft that says so."""
    findings = (_finding("G-09", reason),)
    try:
        document = document_of(shown(nb))
    except NianbaoError:
        document = document_of(())
    return Gated(marked(document, findings), findings)


def marked(document: Document, findings: Sequence[Finding]) -> Document:
    """The document with 草稿 and the reasons; as it is where there is none."""
    if not findings:
        return document
    reasons = "".join(f"{finding.rule}：{finding.wrong}。" for finding in findings)
    earlier = f"{document.meta.draft}" if document.meta.draft else ""
    text = f"{earlier}草稿：笔记本与报告不一致，不得发布。{reasons}"
    return replace(document, meta=replace(document.meta, draft=text))


def _finding(code: str, what: str, cell: str | None = None) -> Finding:
    return fails(rule(code), "笔记本", cell, None, None, what=what)


def _judge(nb: NotebookNode, pieces: Sequence[Shown], report: Report) -> Iterator[Finding]:
    official = [piece for piece in pieces if piece.stamp is not None]
    yield from _parts(pieces, report)
    yield from _runs(pieces)
    yield from _one_report(official, report)
    yield from _parameters(nb, report)
    for piece in official:
        part = str((piece.stamp or {}).get("part"))
        if part in sections_of(report.edition):
            yield from _section(piece, part, report)
    added = [piece for piece in pieces if piece.stamp is None and not _is_statutory_heading(piece, report.edition)]
    yield from (_finding("G-08", what) for what in misplaced_roles(added))


def _is_statutory_heading(piece: Shown, edition: Edition) -> bool:
    return any(piece.blocks == (Heading(2, (Run(part.heading),)),) for part in edition.parts)


def _parts(pieces: Sequence[Shown], report: Report) -> Iterator[Finding]:
    """Every section once, in order, each part under its heading."""
    headings = {part.key: part.heading for part in report.edition.parts}
    wanted: list[str] = []
    for part in sections_of(report.edition):
        wanted += [headings[part]] if part in headings else []
        wanted.append(part)
    found: list[str] = []
    for piece in pieces:
        if piece.stamp is not None:
            found.append(str(piece.stamp.get("part")))
        else:
            found += [plain(b.runs) for b in piece.blocks if isinstance(b, Heading) and b.level == 2]
    names = {**{part: f"“{heading}”的内容" for part, heading in headings.items()}, "opening": "标题", "closing": "落款"}
    told = False
    for item in wanted:
        name = names.get(item, f"标题“{item}”")
        if (times := found.count(item)) != 1:
            told = True
            yield _finding("G-01", f"缺少{name}" if not times else f"{name}出现 {times} 次")
    if not told and [item for item in found if item in wanted] != wanted:
        first = next(a for a, b in zip((i for i in found if i in wanted), wanted, strict=True) if a != b)
        yield _finding("G-01", f"{names.get(first, f'标题“{first}”')}的次序不对")


def _runs(pieces: Sequence[Shown]) -> Iterator[Finding]:
    if failed := [piece.cell for piece in pieces if piece.failed]:
        yield _finding("G-02", f"第 {enumeration(str(number) for number in failed)} 个单元格运行出错")


def _one_report(official: Sequence[Shown], report: Report) -> Iterator[Finding]:
    """One unit, one year, one fingerprint: those that the params give now."""
    others, stale = [], []
    for piece in official:
        stamp = piece.stamp or {}
        if (stamp.get("unit"), stamp.get("year")) != (report.unit.id, report.year):
            others.append(f"第 {piece.cell} 个单元格显示的是 {stamp.get('unit')} {stamp.get('year')}")
        elif stamp.get("fingerprint") != report.fingerprint:
            stale.append(str(piece.cell))
    if others:
        yield _finding("G-03", f"{enumeration(others[:_MOST])}，应为 {report.unit.id} {report.year}")
    if stale:
        yield _finding("G-03", f"第 {enumeration(stale)} 个单元格是用改动前的参数运行的")


def parameters_of(nb: NotebookNode) -> dict[str, Any]:
    """The parameters that the notebook's own cells set, the last assignment of each; only literal values."""
    values: dict[str, Any] = {}
    for cell in nb.cells:
        if cell.cell_type == "code" and set(cell.get("metadata", {}).get("tags", ())) & SILENT_TAGS:
            values |= _assigned("".join(cell.source))
    return values


def _assigned(source: str) -> dict[str, Any]:
    try:
        statements = ast.parse(source).body
    except (SyntaxError, ValueError):
        return {}
    return {
        target.id: statement.value.value
        for statement in statements
        if isinstance(statement, ast.Assign) and isinstance(statement.value, ast.Constant)
        for target in statement.targets
        if isinstance(target, ast.Name)
    }


def _parameters(nb: NotebookNode, report: Report) -> Iterator[Finding]:
    values, unit = parameters_of(nb), report.unit
    township, year = values.get("township"), values.get("year")
    if str(township).strip() not in (unit.id, unit.name, unit.official_name):
        yield _finding("G-04", f"township 为 {quoted(str(township))}，所核对的是{unit.name}")
    if str(year).strip() != str(report.year):
        yield _finding("G-04", f"year 为 {quoted(str(year))}，所核对的是 {report.year}")


def _section(piece: Shown, part: str, report: Report) -> Iterator[Finding]:
    """What an official cell shows is what the report gives for it."""
    where = f"第 {piece.cell} 个单元格"
    tables = [block for block in piece.blocks if isinstance(block, Table)] if part in TABLES else []
    words = [block for block in piece.blocks if block not in tables]
    expected = list(read_html(text_of(report, part).html, where))
    if words != expected:
        yield _finding("G-06", f"{where}{_first_difference(words, expected)}")
    if part in TABLES:
        if len(tables) == 1:
            yield from _grid(where, tables[0], statutory_grid(report, part))
        else:
            yield _finding("G-05", f"{where}有 {len(tables)} 张表，应有 1 张")


def _grid(where: str, table: Table, wanted: Grid) -> Iterator[Finding]:
    found = table.grid()
    if [len(row) for row in found] != [len(row) for row in wanted]:
        size = f"{len(found)} 行 {table.columns} 列，应为 {len(wanted)} 行 {len(wanted[0])} 列"
        yield _finding("G-05", f"{where}的表格有 {size}")
        return
    differences = [
        f"第 {row} 行第 {column} 列为 {quoted(was)}，应为 {quoted(text)}"
        for row, (left, right) in enumerate(zip(found, wanted, strict=True), start=1)
        for column, (was, text) in enumerate(zip(left, right, strict=True), start=1)
        if _bare(was) != _bare(text)
    ]
    # Struck, raised or hidden figures read otherwise than they stand.
    styled = [quoted(cell.text) for _, _, cell in table.placed() if any(run != Run(run.text) for run in cell.runs)]
    if styled and not differences:
        differences = [f"{text}的字样与表格不同" for text in styled]
    if differences:
        more = "等" if len(differences) > _MOST else ""
        yield _finding("G-05", f"{where}：{enumeration(differences[:_MOST])}{more}，共 {len(differences)} 处")


def _bare(text: str) -> str:
    return "".join(text.split())


def _first_difference(found: Sequence[Block], wanted: Sequence[Block]) -> str:
    for was, text in zip(found, wanted, strict=False):
        if was != text:
            return f"为 {quoted(_words(was))}，应为 {quoted(_words(text))}"
    if len(found) > len(wanted):
        return f"多出 {quoted(_words(found[len(wanted)]))}"
    return f"缺少 {quoted(_words(wanted[len(found)]))}"


def _words(block: Block) -> str:
    match block:
        case Title(runs=runs) | Heading(runs=runs) | Paragraph(runs=runs):
            return plain(runs)
        case _:
            return type(block).__name__
