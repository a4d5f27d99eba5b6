"""The statutory tables and the findings as great-tables objects."""

from __future__ import annotations

from nianbao.tables.casework import deadlines_table, months_table
from nianbao.tables.figures import figures_table
from nianbao.tables.merged import FormTable, Merge
from nianbao.tables.panel import findings_table, nothing_found
from nianbao.tables.plain import plain_table
from nianbao.tables.statutory import applications_table, disclosure_table, disputes_table, statutory_html

__all__ = [
    "FormTable",
    "Merge",
    "applications_table",
    "deadlines_table",
    "disclosure_table",
    "disputes_table",
    "figures_table",
    "findings_table",
    "months_table",
    "nothing_found",
    "plain_table",
    "statutory_html",
]
