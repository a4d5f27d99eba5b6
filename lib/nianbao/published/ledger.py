"""The cells of the form as they are found, and what stood in their way."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from nianbao.published.figure import DIFFERING_PLACES, NOT_FOUND, read_figure
from nianbao.report import Unrecognised
from nianbao.statute import Edition
from nianbao.statute.cell import Cell
from nianbao.statute.form import Field
from nianbao.statute.rulebook import Severity
from nianbao.wording import enumeration

COMPARE = "对照原文核对这一处"
PARTS = {"t2": "第二部分", "t3": "第三部分", "t4": "第四部分"}


@dataclass
class Ledger:
    """Collects cells row by row; a row that is found twice with other figures counts as not found."""

    edition: Edition
    cells: dict[str, Cell] = field(default_factory=dict)
    said: list[Unrecognised] = field(default_factory=list)
    given_up: set[str] = field(default_factory=set)
    notes: Counter[str] = field(default_factory=Counter)
    drawn: Counter[str] = field(default_factory=Counter)
    """By table, how many cells hold a picture or a field of a form in place of a figure."""

    def say(
        self,
        place: str,
        reason: str,
        cell: str | None = None,
        severity: Severity = Severity.ERROR,
        remedy: str = COMPARE,
    ) -> None:
        note = Unrecognised(place, reason, remedy, cell, severity)
        if note not in self.said:
            self.said.append(note)

    def enter(self, place: str, row: str, fields: Sequence[Field], texts: Sequence[str]) -> None:
        """Enter the texts of a row of the form."""
        figures = {spec.key: read_figure(text, spec.kind) for spec, text in zip(fields, texts, strict=True)}
        found = {key: figure.cell for key, figure in figures.items()}
        old = {key: self.cells[key] for key in found if key in self.cells}
        if old and any(self.cells[key] != cell for key, cell in found.items() if key in old):
            self.say(place, "出现了两次，数不相同", row)
            self.cells.update(dict.fromkeys(found, DIFFERING_PLACES))
        elif old:
            self.say(place, "出现了两次，数相同", row, Severity.WARNING)
        else:
            self.cells.update(found)
            self.drawn.update(row.partition(".")[0] for cell in found.values() if cell == NOT_FOUND)
            self.notes.update(figure.note for figure in figures.values() if figure.note)

    def refuse(self, place: str, reason: str, row: str, fields: Sequence[Field]) -> None:
        """A row that is there but cannot be read; it stays unreadable even when it is found again."""
        self.say(place, reason, row)
        self.cells.update({spec.key: NOT_FOUND for spec in fields})

    def give_up(self, table: str, reason: str) -> None:
        """A whole table that is there but cannot be read; said once. Another copy of it may be readable."""
        self.say(PARTS[table], reason, table)
        self.given_up.add(table)

    def finish(self) -> dict[str, Cell]:
        """Every cell of the form; what was never seen is said, a line for each table."""
        for table, name in PARTS.items():
            rows = dict(self.edition.rows_of(table))
            missing = {row: fields for row, fields in rows.items() if fields[0].key not in self.cells}
            if missing and table in self.given_up:
                continue
            if len(missing) == len(rows):
                self.say(name, "没有认出这张表", table, remedy="对照原文；表若是图片，只能由人读")
            elif missing:
                labels = enumeration(fields[0].label.partition("〔")[0] for fields in missing.values())
                self.say(name, f"没有找到 {len(missing)} 行：{labels}", table)
        for table, count in self.drawn.items():
            self.say(PARTS[table], f"有 {count} 格是图片或输入框，数不在文字里，没有读", table)
        for note, count in self.notes.items():
            self.say(
                "表格", f"有 {count} 格的{note}" if note[0] == "数" else f"有 {count} 格：{note}", None, Severity.INFO
            )
        return {key: self.cells.get(key, NOT_FOUND) for key in self.edition.fields}
