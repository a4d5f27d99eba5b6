"""Two years of one body side by side: every cell, what changed, what is restated, what a reviewer would ask about."""

from __future__ import annotations

import io
import json
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import xlsxwriter

from nianbao.document import Block, Cell, Document, Heading, Meta, Paragraph, Run, Table
from nianbao.document.workbook import UNDATED
from nianbao.report.report import Report
from nianbao.report.tables import TABLES, cell_of
from nianbao.wording import plain_number

SAMPLE_TEXT = "示例：所对照的报告数据为虚构，仅供试用。"
SMALL = 10
"""A swing between figures that both stay below this is nobody's question."""
HEADS = ("项目", "上一份", "这一份", "增减", "说明")


@dataclass(frozen=True)
class Line:
    """A cell in two years.

    Attributes
    ----------
    before, now : str
        As printed.
    change : str
        ``+3`` or ``-3``; empty where either is no number, or they are the same.
    question : str
        What a reviewer would ask for a sentence about; empty where nothing is.
    restated : str
        What the earlier year's report, as it was built, said instead; empty where that is the same.
    """

    key: str
    label: str
    before: str
    now: str
    change: str
    question: str
    restated: str = ""

    @property
    def notes(self) -> str:
        return "；".join(filter(None, (self.question, self.restated)))


def side_by_side(before: Report, now: Report, built: Path | None = None) -> tuple[Line, ...]:
    """The cells that both forms have, in the order of the later one; disclosures first.

    Parameters
    ----------
    built : Path, optional
        Folder of the earlier report as it was built: what it said then is held against what is used now.
    """
    then = _as_built(built)
    lines = [_line("disclosure.total", "主动公开政府信息", before.disclosed, now.disclosed, "")]
    for key, field in now.edition.fields.items():
        if key not in before.cells:
            continue
        old, new = before.cells[key], now.cells[key]
        restated = ""
        if key in then and then[key] != old.text:
            restated = f"{before.year}年报告当时为{then[key] or '空白'}，现用{old.text or '空白'}"
        values = (old.number if old.is_number else None, new.number if new.is_number else None)
        line = _line(key, field.label, *values, restated)
        lines.append(
            Line(key, field.label, old.text or "空白", new.text or "空白", line.change, line.question, restated)
        )
    return tuple(lines)


def _as_built(folder: Path | None) -> dict[str, str]:
    if folder is None or not (folder / TABLES).is_file():
        return {}
    said = json.loads((folder / TABLES).read_bytes())
    return {key: cell_of(cell).text for key, cell in said["cells"].items()}


def _line(key: str, label: str, old: int | Decimal | None, new: int | Decimal | None, restated: str) -> Line:
    texts = ["空白" if one is None else plain_number(one) for one in (old, new)]
    if old is None or new is None:
        return Line(key, label, texts[0], texts[1], "", "", restated)
    change = f"{'+' if new > old else '-'}{plain_number(new - old if new > old else old - new)}" if new != old else ""
    return Line(key, label, texts[0], texts[1], change, _question(old, new), restated)


def _question(old: int | Decimal, new: int | Decimal) -> str:
    """From 0, to 0, more than doubled or halved, where either is more than a small number."""
    if old == new or max(old, new) < SMALL:
        return ""
    if not old:
        return "提示：从无到有，正文写明原因"
    if not new:
        return "提示：降为0，正文写明原因"
    if new > 2 * old:
        return "提示：增加一倍以上，正文写明原因"
    if 2 * new < old:
        return "提示：减少一半以上，正文写明原因"
    return ""


def comparison(before: Report, now: Report, lines: Iterable[Line]) -> Document:
    """The page: what to ask about first, then every cell."""
    every = tuple(lines)
    asked = tuple(line for line in every if line.question or line.restated)
    title = f"{now.unit.name}{before.year}年与{now.year}年报告对照"
    told = f"共{len(every)}格，有变化的{sum(bool(line.change) for line in every)}格，要说明的{len(asked)}格。"
    blocks: list[Block] = [Paragraph((Run(told),))]
    if asked:
        blocks += [Heading(2, (Run("要说明的"),)), _table(asked, before.year, now.year)]
    blocks += [Heading(2, (Run("逐格对照"),)), _table(every, before.year, now.year)]
    sample = SAMPLE_TEXT if before.params.sample or now.params.sample else None
    return Document(Meta(title=(Run(title),), unit=now.unit.id, year=str(now.year), sample=sample), tuple(blocks))


def _heads(before: int, now: int) -> tuple[str, ...]:
    return (HEADS[0], f"{before}年", f"{now}年", *HEADS[3:])


def _table(lines: Iterable[Line], before: int, now: int) -> Table:
    head = tuple(Cell((Run(text),), header=True, scope="col") for text in _heads(before, now))
    rows = tuple(
        tuple(
            Cell((Run(text),) if text else ()) for text in (line.label, line.before, line.now, line.change, line.notes)
        )
        for line in lines
    )
    return Table((head,), rows, (66.0, 20.0, 20.0, 18.0, 32.0))


def workbook(before: Report, now: Report, lines: Iterable[Line]) -> bytes:
    """The same as a sheet; text as it prints, so that money stays exact."""
    data = io.BytesIO()
    book = xlsxwriter.Workbook(data, {"in_memory": True})
    book.set_properties({"created": UNDATED})
    sheet, bold = book.add_worksheet("对照"), book.add_format({"bold": True})
    for column, head in enumerate(_heads(before.year, now.year)):
        sheet.write_string(0, column, head, bold)
    for row, line in enumerate(lines, start=1):
        for column, text in enumerate((line.label, line.before, line.now, line.change, line.notes)):
            sheet.write_string(row, column, text)
    sheet.set_column(0, 0, 60)
    sheet.set_column(4, 4, 40)
    sheet.freeze_panes(1, 1)
    book.close()
    return data.getvalue()
