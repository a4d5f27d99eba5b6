"""The register sheets of a filled-in form, counted at once so that nothing is taken which could not be counted later.

Messages name the rows of the form's own sheet, not those of the CSV that it becomes.
"""

from __future__ import annotations

from openpyxl.worksheet.worksheet import Worksheet

from nianbao.errors import ErrorList, FormError, NianbaoError
from nianbao.forms import values
from nianbao.forms.plan import address
from nianbao.forms.register_sheets import HEADS_ROW, MAX_ROWS, from_cell, used_columns
from nianbao.registers.columns import RegisterSpec
from nianbao.registers.problems import Problems
from nianbao.statute import Edition
from nianbao.wording import quoted

REMARKS = "核对结果"
"""What a form that was given back has beside its faulty cells, and the sheet that lists everything found."""
REGENERATE = "用 nianbao forms 重新生成表格，把填好的内容复制过去"


class Reader:
    """Reads one form's registers; ``problems`` and ``notes`` say what is wrong and what a clerk should know.

    ``registers`` holds, by key, the rows as texts in the order of the columns; none where a sheet is blank. ``rows``
    holds where on its sheet each of them stands.
    """

    def __init__(self, name: str, year: int, edition: Edition) -> None:
        self.name = name
        self.year = year
        self.edition = edition
        self.registers: dict[str, tuple[tuple[str, ...], ...]] = {}
        self.rows: dict[str, tuple[int, ...]] = {}
        self.problems: list[NianbaoError] = []
        self.notes: list[str] = []
        self._lines: dict[str, tuple[RegisterSpec, dict[int, list[str]]]] = {}

    def read(self, sheet: Worksheet, spec: RegisterSpec) -> None:
        """Take the rows of one sheet as they stand; formulas and strays are problems."""
        before = len(self.problems)
        for index, column in enumerate(spec.columns, start=1):
            found = sheet.cell(HEADS_ROW, index).value
            shown = values.clean(str(found))[0] if found is not None else "空白"
            if shown != column.name:
                wrong = f"表头应为{quoted(column.name)}，实为{quoted(shown)}"
                self._problem(spec, address(HEADS_ROW, index), wrong, REGENERATE)
                return
        rows: dict[int, list[str]] = {}
        for (row, col), cell in sorted(
            sheet._cells.items()
        ):  # private, as only it has the cells there are, however far out one stands
            if row == HEADS_ROW or cell.value is None:
                continue
            where = address(row, col)
            if col > len(spec.columns):
                if sheet.cell(HEADS_ROW, col).value == REMARKS:  # of a form that was given back
                    continue
                self._problem(spec, where, "写在表格之外", "移到有表头的列")
                continue
            if cell.data_type in ("f", "e"):
                wrong = f"应直接填写，实为{quoted(getattr(cell.value, 'text', None) or cell.value)}"
                self._problem(spec, where, wrong, "改为填写结果，不写公式")
                continue
            text, _ = values.clean(from_cell(cell.value))
            if bad := values.FORBIDDEN.search(text):
                self._problem(spec, where, f"含有控制字符 U+{ord(bad[0]):04X}", "删除该字符")
            elif text.strip():
                rows.setdefault(row, [""] * len(spec.columns))[col - 1] = text
        if (last := max(rows, default=0)) > MAX_ROWS:
            self._problem(spec, "", f"写到第 {last} 行，应不超过 {MAX_ROWS} 行", "删去中间的空行，或另存为 CSV 登记")
        self.rows[spec.key] = tuple(sorted(rows))
        self.registers[spec.key] = tuple(tuple(rows[row]) for row in self.rows[spec.key])
        if rows and len(self.problems) == before:
            self._lines[spec.key] = (spec, rows)

    def count(self) -> None:
        """Count what was read, as ``nianbao check`` will: dates, labels and numbers must be understood."""
        if not self._lines:
            return  # most forms: without loading pandas
        import numpy as np

        from nianbao.registers.counting import count_sheets
        from nianbao.registers.grid import Sheet

        sheets: dict[str, Sheet] = {}
        for key, (spec, rows) in self._lines.items():
            used = used_columns(spec, rows.values())
            grid = np.full((max(rows), len(used)), "", dtype=object)
            grid[HEADS_ROW - 1] = [spec.columns[index].name for index in used]
            for row, texts in rows.items():
                grid[row - 1] = [texts[index] for index in used]
            sheets[key] = Sheet(f"{self.name} 工作表“{spec.sheet}”", grid)
        problems = Problems()
        tallied = count_sheets(sheets, self.year, self.edition, problems)
        try:
            problems.raise_if_any()
        except NianbaoError as error:
            found = error.errors if isinstance(error, ErrorList) else (error,)
            self.problems += [FormError(one.where, one.wrong, one.remedy) for one in found]
        self.notes += tallied.notes

    def _problem(self, spec: RegisterSpec, cell: str, wrong: str, remedy: str = "") -> None:
        place = f"{self.name} 工作表“{spec.sheet}”" + (f" {cell} 格" if cell else "")
        self.problems.append(FormError(place, wrong, remedy))
