"""The gate: what an executed notebook prints is what its report says, or the document is a draft.

Each official section is worked out again from the report and held against what the notebook shows: words and
pictures as they stand, tables against the grid that the statute gives, every figure in what an analyst added against
the judge. A breach is a finding of family G; none of them can be waived.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from nianbao.document import Block, Document, Heading, Run, Table, plain
from nianbao.document.notebook import SILENT_TAGS, Shown, document_of, shown, tags_of
from nianbao.errors import NianbaoError
from nianbao.notebook.added import lines_of, misplaced_roles
from nianbao.rules import Finding
from nianbao.rules.finding import fails
from nianbao.statute.rulebook import rule
from nianbao.wording import enumeration, quoted

if TYPE_CHECKING:
    from nbformat import NotebookNode

_ENDS = {"opening": "标题", "closing": "落款"}
_MOST = 5
"""Differences of one kind that a finding lists."""


_MOST_ADDED = 20
"""Doubts about what was added that are told one by one."""


@dataclass(frozen=True)
class Expected:
    """What a notebook is to show.

    Attributes
    ----------
    unit : str
        Id of the body.
    year : int
        Reporting year.
    fingerprint : str
        Of everything that what is shown is made of, as it is now.
    parameters : mapping of str to tuple of str
        The parameters and the values that each may have.
    sections : tuple of (str, str or None)
        The official sections in their order, each with the heading of the second level that stands above it.
    shows : callable
        Section → the blocks that it shows; a table of the form is a grid without spans.
    unaccounted : callable
        Pieces that were added → a line for each figure in them that nothing accounts for.
    """

    unit: str
    year: int
    fingerprint: str
    parameters: Mapping[str, tuple[str, ...]]
    sections: tuple[tuple[str, str | None], ...]
    shows: Callable[[str], tuple[Block, ...]]
    unaccounted: Callable[[Sequence[Shown]], Iterable[str]]

    @property
    def headings(self) -> tuple[str, ...]:
        return tuple(heading for _, heading in self.sections if heading is not None)


@dataclass(frozen=True)
class Gated:
    """A notebook at the gate: the document that may be made of it, and what stands against it."""

    document: Document
    findings: tuple[Finding, ...]


def gate(nb: NotebookNode, expected: Expected) -> Gated:
    """Hold an executed notebook against what it is to show.

    A notebook that breaks a rule of the gate comes out as a draft that says why.
    """
    try:
        pieces = tuple(shown(nb))
        findings = tuple(_judge(nb, pieces, expected))
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
    """The document with 草稿, the reasons, and what to do; as it is where there is none."""
    if not findings:
        return document
    codes = dict.fromkeys(finding.rule for finding in findings)
    reasons = "".join(_told(code, [finding.wrong for finding in findings if finding.rule == code]) for code in codes)
    text = f"{document.meta.draft or ''}草稿：笔记本与报告不一致，不得发布。{reasons}"
    return replace(document, meta=replace(document.meta, draft=text))


def _told(code: str, wrongs: Sequence[str]) -> str:
    """What breaks a rule, and what to do about it."""
    sentence = "；".join(wrongs)
    return f"{code}：{sentence}{'' if sentence.endswith('？') else '。'}{rule(code).remedy}。"


def _finding(code: str, what: str, cell: str | None = None) -> Finding:
    return fails(rule(code), "笔记本", cell, None, None, what=what)


def _judge(nb: NotebookNode, pieces: Sequence[Shown], expected: Expected) -> Iterator[Finding]:
    official = [piece for piece in pieces if piece.stamp is not None]
    added = [piece for piece in pieces if piece.stamp is None and not _is_official_heading(piece, expected)]
    yield from _order(pieces, expected)
    yield from _runs(pieces)
    yield from _one_report(official, expected)
    yield from _parameters(nb, expected)
    for piece in official:
        yield from _section(piece, expected)
    yield from (_finding("G-08", what) for what in misplaced_roles(added))
    unaccounted = list(expected.unaccounted(added))
    yield from (_finding("G-07", what) for what in unaccounted[:_MOST_ADDED])
    if (more := len(unaccounted) - _MOST_ADDED) > 0:
        yield _finding("G-07", f"添加的内容里还有 {more} 处数没有依据，此处不再列出")


def _is_official_heading(piece: Shown, expected: Expected) -> bool:
    return any(piece.blocks == (Heading(2, (Run(heading),)),) for heading in expected.headings)


def _order(pieces: Sequence[Shown], expected: Expected) -> Iterator[Finding]:
    """Every section once, in order, each under its heading."""
    wanted: list[str] = []
    names: dict[str, str] = {}
    for section, heading in expected.sections:
        wanted += [section] if heading is None else [heading, section]
        names[section] = _ENDS.get(section, f"“{heading}”的内容" if heading else "正文")
    found: list[str] = []
    for piece in pieces:
        if piece.stamp is not None:
            found.append(str(piece.stamp.get("part")))
        else:
            found += [plain(block.runs) for block in piece.blocks if isinstance(block, Heading) and block.level == 2]
    wrong = False
    for item in wanted:
        if (times := found.count(item)) != 1:
            wrong = True
            name = names.get(item, f"标题“{item}”")
            yield _finding("G-01", f"{name}出现 {times} 次" if times else f"缺少{name}")
    known = [item for item in found if item in wanted]
    if not wrong and known != wanted:
        first = next(was for was, item in zip(known, wanted, strict=True) if was != item)
        yield _finding("G-01", f"{names.get(first, f'标题“{first}”')}的次序不对")


def _runs(pieces: Sequence[Shown]) -> Iterator[Finding]:
    if failed := [piece.cell for piece in pieces if piece.failed]:
        yield _finding("G-02", f"第 {enumeration(str(number) for number in failed)} 个单元格运行出错")


def _one_report(official: Sequence[Shown], expected: Expected) -> Iterator[Finding]:
    """One unit, one year, one fingerprint: those that the params give now."""
    others, stale = [], []
    for piece in official:
        stamp = piece.stamp or {}
        if (stamp.get("unit"), stamp.get("year")) != (expected.unit, expected.year):
            others.append(f"第 {piece.cell} 个单元格显示的是 {stamp.get('unit')} {stamp.get('year')}")
        elif stamp.get("fingerprint") != expected.fingerprint:
            stale.append(str(piece.cell))
    if others:
        yield _finding("G-03", f"{enumeration(others[:_MOST])}，应为 {expected.unit} {expected.year}")
    if stale:
        yield _finding("G-03", f"第 {enumeration(stale)} 个单元格是用改动前的参数运行的")


def parameters_of(nb: NotebookNode) -> dict[str, Any]:
    """The parameters that the notebook's own cells set, the last assignment of each; only literal values."""
    values: dict[str, Any] = {}
    for cell in nb.cells:
        if cell.cell_type == "code" and tags_of(cell) & SILENT_TAGS:
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


def _parameters(nb: NotebookNode, expected: Expected) -> Iterator[Finding]:
    values = parameters_of(nb)
    for name, right in expected.parameters.items():
        if name not in values:
            yield _finding("G-04", f"没有写明 {name}，所核对的是 {right[0]}")
        elif (given := str(values[name]).strip()) not in right:
            yield _finding("G-04", f"{name} 为 {quoted(given)}，所核对的是 {right[0]}")


def _section(piece: Shown, expected: Expected) -> Iterator[Finding]:
    """What an official cell shows is what it is to show."""
    part = str((piece.stamp or {}).get("part"))
    if part not in [section for section, _ in expected.sections]:
        yield _finding("G-01", f"{piece.where}的内容“{part}”不是本文件的部分")
        return
    wanted = expected.shows(part)
    found_tables, wanted_tables = _tables(piece.blocks), _tables(wanted)
    if _layout(piece.blocks) != _layout(wanted):
        yield _finding("G-06", f"{piece.where}{_first_difference(_layout(piece.blocks), _layout(wanted))}")
    if len(found_tables) != len(wanted_tables):
        yield _finding("G-05", f"{piece.where}有 {len(found_tables)} 张表，应有 {len(wanted_tables)} 张")
        return
    for found, table in zip(found_tables, wanted_tables, strict=True):
        yield from _grid(piece.where, found, table)


def _tables(blocks: Iterable[Block]) -> list[Table]:
    return [block for block in blocks if isinstance(block, Table)]


def _layout(blocks: Iterable[Block]) -> list[Block | None]:
    """Words and pictures, with None where a table stands: tables are compared cell by cell."""
    return [None if isinstance(block, Table) else block for block in blocks]


def _grid(where: str, table: Table, expected: Table) -> Iterator[Finding]:
    found, wanted = table.grid(), expected.grid()
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
    links = {(row, column): run.link for row, column, cell in expected.placed() for run in cell.runs}
    styled = [
        quoted(cell.text)
        for row, column, cell in table.placed()
        if any(run != Run(run.text, link=links.get((row, column), "")) for run in cell.runs)
    ]
    if styled and not differences:
        differences = [f"{text}的字样与表格不同" for text in styled]
    if differences:
        more = "等" if len(differences) > _MOST else ""
        yield _finding("G-05", f"{where}：{enumeration(differences[:_MOST])}{more}，共 {len(differences)} 处")


def _bare(text: str) -> str:
    return "".join(text.split())


def _first_difference(found: Sequence[Block | None], wanted: Sequence[Block | None]) -> str:
    for was, text in zip(found, wanted, strict=False):
        if was != text and _words(was) == _words(text):
            return f"的{_words(was)}与报告的画法或字样不同"
        if was != text:
            return f"为{_words(was)}，应为{_words(text)}"
    if len(found) > len(wanted):
        return f"多出{_words(found[len(wanted)])}"
    return f"缺少{_words(wanted[len(found)])}"


def _words(block: Block | None) -> str:
    if block is None:
        return "表格"
    text = "".join(lines_of(block))
    return quoted(text) if text else "图片"
