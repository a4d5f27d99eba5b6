"""``progress.xlsx``: where every unit stands, as a sheet that an office sorts, filters and sends round."""

from __future__ import annotations

import io
from collections.abc import Sequence

from nianbao.batch.status import UnitStatus
from nianbao.statute.rulebook import Severity
from nianbao.wording import chinese_date

PROGRESS = "progress.xlsx"
HEADS = (
    "单位",
    "类别",
    "状态",
    *(one.label for one in Severity),
    "已豁免",
    "公布日期",
    "签字",
    "最近变动",
    "联系",
    "下一步",
    "说明",
)
_WIDTHS = (22, 12, 12, 8, 8, 8, 8, 18, 40, 24, 30, 44, 60)


def progress_rows(statuses: Sequence[UnitStatus]) -> list[tuple[str | int, ...]]:
    """A row a unit, in the order of ``units.yaml``; counts are numbers, of a unit without a report they are left out."""
    return [_row(status) for status in statuses]


def _row(status: UnitStatus) -> tuple[str | int, ...]:
    unit, day = status.unit, status.published_on
    keys = (*(severity.value for severity in Severity), "waived")
    counts = [status.counts.get(key, 0) if status.state.counted else "" for key in keys]
    return (
        unit.name,
        unit.kind,
        status.state.label,
        *counts,
        chinese_date(day) if day else "",
        status.signed,
        status.changed_text,
        status.contact,
        status.next_step,
        status.message,
    )


def progress_xlsx(year: int, statuses: Sequence[UnitStatus]) -> bytes:
    """The sheet; the same bytes each time. Text is never read as a formula or an address."""
    import xlsxwriter  # which a run that changes nothing does without

    from nianbao.document.workbook import UNDATED

    data = io.BytesIO()
    book = xlsxwriter.Workbook(data, {"in_memory": True})
    book.set_properties({"created": UNDATED, "title": f"{year} 年度报告进度"})
    sheet, bold = book.add_worksheet("进度"), book.add_format({"bold": True})
    rows = progress_rows(statuses)
    for column, (head, width) in enumerate(zip(HEADS, _WIDTHS, strict=True)):
        sheet.set_column(column, column, width)
        sheet.write_string(0, column, head, bold)
    for number, row in enumerate(rows, start=1):
        for column, value in enumerate(row):
            if isinstance(value, int):
                sheet.write_number(number, column, value)
            else:
                sheet.write_string(number, column, value)
    sheet.autofilter(0, 0, len(rows), len(HEADS) - 1)
    sheet.freeze_panes(1, 1)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    book.close()
    return data.getvalue()
