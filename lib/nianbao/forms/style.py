"""What every sheet of a form shares: colours, fonts, borders, the page, protection.

Fonts are named, not shipped: a machine without them takes its own.
"""

from __future__ import annotations

from openpyxl.cell.cell import Cell, MergedCell
from openpyxl.styles import Border, Font, PatternFill, Protection, Side
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.dimensions import RowDimension
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from nianbao.forms.plan import address

LINE = Side(style="thin", color="808080")
BORDER = Border(left=LINE, right=LINE, top=LINE, bottom=LINE)
UNLOCKED = Protection(locked=False)


def fill(color: str) -> PatternFill:
    return PatternFill("solid", start_color=color)


INPUT, CARRIED, TYPED, TOTAL = fill("FFF9DB"), fill("DCEBFA"), fill("FBD9B5"), fill("EDEDED")
FAULT, HINT = fill("F6B9B9"), fill("E4D3F2")
"""Of a form that is given back: what must be mended, what should be looked at."""
SECTION, HEAD = fill("D9E2EC"), fill("F3F5F8")
LEGEND = {"input": INPUT, "carried": CARRIED, "typed": TYPED, "total": TOTAL}
TABS = {"input": "FFF2C94C", "note": "FF8FA3B8", "register": "FF9CC3A5"}
TITLE = Font(name="黑体", size=15)
BODY = Font(name="宋体", size=11)
BOLD = Font(name="宋体", size=11, bold=True)
SMALL = Font(name="宋体", size=10, color="595959")
PROSE = Font(name="仿宋", size=12)
MARK = Font(name="宋体", size=11)


class AutoHeight(RowDimension):
    """A height that spreadsheets adjust when the text changes."""

    customHeight = False  # noqa: N815  (openpyxl's name)


def half_width(text: str) -> int:
    """Columns that a text takes; a Chinese character takes two."""
    return sum(2 if ord(char) > 0x2E7F else 1 for char in text)


def cell_at(target: Worksheet, row: int, col: int) -> Cell:
    """The cell at (row, col), which must not lie under another."""
    cell = target.cell(row, col)
    if isinstance(cell, MergedCell):
        raise TypeError(f"{address(row, col)} lies under a merged cell")
    return cell


def say(rule: DataValidation, title: str, text: str) -> None:
    """What a rule says when it is broken; it then stops the entry."""
    rule.errorTitle, rule.error, rule.errorStyle, rule.showErrorMessage = title, text, "stop", True


def page(target: Worksheet, *, landscape: bool, frozen: int) -> None:
    """A4, as wide as the sheet; ``frozen`` rows stay in view and are printed on every page."""
    target.page_setup.paperSize = 9  # A4
    target.page_setup.orientation = "landscape" if landscape else "portrait"
    target.page_setup.fitToWidth, target.page_setup.fitToHeight = 1, 0
    target.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    target.print_options.horizontalCentered = True
    margins = target.page_margins
    margins.left = margins.right = 0.5
    margins.top, margins.bottom, margins.footer = 0.6, 0.8, 0.4
    if target.oddFooter is not None:
        target.oddFooter.center.text = "&A　第 &P 页，共 &N 页"
    target.sheet_view.showGridLines = False
    if frozen:
        target.freeze_panes = address(frozen + 1, 1)
        target.print_title_rows = f"1:{frozen}"


def protect(target: Worksheet, *, rows_too: bool = False) -> None:
    """Lock what is not open for writing, without a password; widths and heights may be changed."""
    protection = target.protection
    protection.sheet = True
    protection.formatColumns = protection.formatRows = False  # False: allowed
    if rows_too:
        protection.insertRows = protection.deleteRows = protection.sort = protection.autoFilter = False
