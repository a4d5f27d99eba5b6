"""The three tables of the form as they are to be printed: the text at every place, put together from the statute.

Not from the code that draws the tables: the gate holds what was drawn against these.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from nianbao.report.report import Report

Grid = tuple[tuple[str, ...], ...]
"""The text at every place; what spans stands at each place that it covers."""

STUB = 3
"""Columns of the labels of part three."""


def _filled(cells: Sequence[str], width: int) -> tuple[str, ...]:
    """A row whose last cell spans the rest."""
    return (*cells, *[cells[-1]] * (width - len(cells)))


def _disclosure(report: Report) -> Grid:
    table = report.edition.t2
    width = 1 + max(len(block.columns) for block in table.blocks)
    rows: list[tuple[str, ...]] = []
    for block in table.blocks:
        rows.append((block.clause,) * width)
        rows.append(_filled([table.item_head, *(column.label for column in block.columns)], width))
        for item in block.items:
            figures = (report.cells[f"t2.{item.key}.{column.key}"].text for column in block.columns)
            rows.append(_filled([item.label, *figures], width))
    return tuple(rows)


def _applications(report: Report) -> Grid:
    table = report.edition.t3
    labels = [column.label for column in table.columns]
    corner = [table.corner] * STUB
    applicants = [labels[0], *[table.legal_person_head] * len(table.legal_persons), labels[-1]]
    rows = [
        (*corner, *[table.head] * len(labels)),
        (*corner, *applicants),
        (*corner, *labels),
    ]
    for row in table.rows:
        figures = (report.cells[f"t3.{row.key}.{column.key}"].text for column in table.columns)
        rows.append((*_filled(row.stub, STUB), *figures))
    return tuple(rows)


def _disputes(report: Report) -> Grid:
    table = report.edition.t4
    results = [column.label for column in table.columns]
    width = len(results)
    return (
        tuple(head for group in table.groups for head in [group.heads[0]] * width),
        tuple(
            text for group in table.groups for text in ([group.heads[1]] * width if len(group.heads) > 1 else results)
        ),
        tuple(results * len(table.groups)),
        tuple(report.cells[f"t4.{group.key}.{column.key}"].text for group in table.groups for column in table.columns),
    )


GRIDS: Mapping[str, Callable[[Report], Grid]] = {
    "disclosure": _disclosure,
    "applications": _applications,
    "disputes": _disputes,
}
"""Part → its table: 4 columns, 3 + 7 columns, 15 columns."""
