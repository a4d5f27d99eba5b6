"""What the cells of the report notebook show, section by section.

An official cell returns a :class:`Section`: its HTML and, beside it, of which part of which report it is. By that
the gate knows the report again in an executed notebook.
"""

from __future__ import annotations

from typing import Any

from nianbao.document.markup import Fragment, Section, element, fragment
from nianbao.notebook.chinese_charts import draw_chinese
from nianbao.notebook.frontend import in_front_end
from nianbao.notebook.leads import with_links, with_marks
from nianbao.notebook.text import TABLES, notes_of, text_of
from nianbao.report import Report
from nianbao.rules import checked
from nianbao.rules.listed import listed
from nianbao.rules.subject import Subject
from nianbao.tables import (
    FormTable,
    deadlines_table,
    figures_table,
    findings_table,
    months_table,
    nothing_found,
    statutory_html,
)

_NO_REGISTERS = (
    "全市的数由各单位的报告相加，登记簿在各单位：办理期限在各单位的笔记本里看，各单位按期答复的比例在全市汇总里。"
    "一个数来自哪些单位，用 nb.cases(report, 键) 查看。"
)

draw_chinese()  # in a kernel that JupyterLab started, where nobody else says it


def panel(report: Report) -> Any:
    """The check panel: every finding, what fails first. Never published.

    In a front end each finding leads to its line of the params file and to its field of the form; the city's own
    report has no form.
    """
    result = checked(report)
    if result.ready and not result.findings:
        return Fragment(nothing_found(result))
    table = findings_table(result)
    if report.loaded is None or not in_front_end():
        return table
    return Fragment(
        with_links(table.as_raw_html(), listed(result.findings).findings, report.loaded.path, form=not report.bodies)
    )


def figures(report: Report) -> FormTable:
    """Every figure of the narrative with what the judge took it for. Never published: the cell is tagged ``internal``."""
    return figures_table(Subject.of(report).reading)


def casework(report: Report) -> Fragment:
    """What the registers tell beside the form: periods, months, what was left out. Never published.

    Nothing where the unit keeps no registers; of the city's own report, where they are.
    """
    if report.bodies:
        return fragment([element("p", _NO_REGISTERS)])
    registers = report.registers
    if registers is None:
        return fragment(())
    tables = (deadlines_table(registers), months_table(registers))
    notes = [element("li", note) for note in registers.notes]
    shown = [table.as_raw_html() for table in tables if table is not None]
    return fragment([*shown, *(["<p>读登记簿时：</p>", "<ul>", *notes, "</ul>"] if notes else [])])


def opening(report: Report) -> Section:
    """Marks of a draft or a sample, red head, title, addressee and preamble."""
    return _section(report, "opening")


def overview(report: Report) -> Section:
    """Part one, 总体情况, with the charts below the sections that they belong to."""
    return _section(report, "overview")


def disclosure(report: Report) -> Section:
    """Part two: the table, after its text where there is one."""
    return _section(report, "disclosure", statutory_html("disclosure", report))


def applications(report: Report) -> Section:
    """Part three: the table, after its text where there is one."""
    return _section(report, "applications", statutory_html("applications", report))


def disputes(report: Report) -> Section:
    """Part four: the table, after its text where there is one."""
    return _section(report, "disputes", statutory_html("disputes", report))


def problems(report: Report) -> Section:
    """Part five, 存在的主要问题及改进情况."""
    return _section(report, "problems")


def other(report: Report) -> Section:
    """Part six, 其他需要报告的事项."""
    return _section(report, "other")


def closing(report: Report) -> Section:
    """Attachments, signature, date, remark and colophon."""
    return _section(report, "closing")


def _section(report: Report, part: str, table: str = "") -> Section:
    shown = text_of(report, part)
    if table and in_front_end():
        table = with_marks(table, part, report, checked(report).findings)
    shown += Fragment(table)
    if part in TABLES:
        shown += notes_of(report, part)
    stamp = {
        "part": part,
        "unit": report.unit.id,
        "year": report.year,
        "fingerprint": report.fingerprint,
        "draft": not checked(report).ready,
    }
    return Section(shown.html, stamp)
