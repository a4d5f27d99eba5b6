"""What the cells of the summary notebook show, section by section."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from nianbao.charts import Chart, bars, require_glyphs
from nianbao.city import notes
from nianbao.city.city import CitySummary, RuleOutcome, Sum
from nianbao.city.disclosures import class_table, disclosed
from nianbao.city.unit import UnitFigures
from nianbao.document import markup
from nianbao.document.markup import Fragment, element, fragment
from nianbao.statute.cell import Cell
from nianbao.statute.rulebook import Severity
from nianbao.tables import FormTable, applications_table, disclosure_table, disputes_table, plain_table
from nianbao.wording import enumeration, plain_number

UNKNOWN = "—"
"""Stands where there is no figure."""
SAMPLE_TEXT = "示例：数据为虚构，仅供试用。"


def opening(summary: CitySummary) -> Fragment:
    """Marks of a draft or a sample, and the title with the city's identity; without a date, for it has none."""
    elements = []
    if not summary.ready:
        elements.append(element("p", notes.draft_text(summary), markup.DRAFT))
    if summary.sample:
        elements.append(element("p", SAMPLE_TEXT, markup.SAMPLE))
    city = summary.city
    identity = {"unit": city.id, "year": str(summary.year), "author": city.official_name, "date": ""}
    return fragment([*elements, element("h1", summary.title, markup.TITLE, **identity)])


def submissions(summary: CitySummary) -> Fragment:
    """Who has submitted, who is ready, and how many findings each has."""
    severities = tuple(Severity)
    rows = []
    for one in summary.units:
        counts = [str(one.counts.get(severity.value, 0)) for severity in severities]
        waived = str(one.counts.get("waived", 0))
        figures = [*counts, waived] if one.state.counted else [UNKNOWN] * (len(severities) + 1)
        rows.append([one.unit.name, one.state.label, *figures])
    heads = ["单位", "状态", *(severity.label for severity in severities), "已豁免"]
    table = plain_table("submissions", heads, rows, (36, 30, 22, 22, 22, 24))
    return _texts(notes.submissions(summary)) + _html(table) + _notes(notes.left_out_reasons(summary))


def disclosure(summary: CitySummary) -> Fragment:
    """Part two of the city."""
    return _form(summary, "t2", disclosure_table(summary.report))


def applications(summary: CitySummary) -> Fragment:
    """Part three of the city."""
    return _form(summary, "t3", applications_table(summary.report))


def disputes(summary: CitySummary) -> Fragment:
    """Part four of the city."""
    return _form(summary, "t4", disputes_table(summary.report))


def _form(summary: CitySummary, table: str, drawn: FormTable) -> Fragment:
    return _html(drawn) + _notes(notes.table_notes(summary, table))


def carry_over(summary: CitySummary) -> Fragment:
    """What each unit carried over from last year against what last year's report says, 件, column 总计."""
    last, t3 = summary.year - 1, summary.edition.t3
    keys = [f"t3.{row}.{t3.total_column}" for row in (t3.carried_in, t3.received, t3.total_row, t3.carried_out)]
    rows = [_carried(one.unit.name, one.last_year, one.cells, keys) for one in summary.counted]
    cells = {key: summary.sums[key].cell for key in keys}
    rows.append(_carried(notes.together(summary), summary.last_year, cells, keys))
    rows += [_carried(f"{one.unit.name}（{one.state.label}）", one.last_year, {}, keys) for one in summary.left_out]
    heads = ["单位", f"{last}年报告结转", f"{summary.year}年承接", "相差", "新收", "办结", "结转下年"]
    table = plain_table("carry-over", heads, rows, (38, 24, 22, 18, 18, 18, 18))
    return _caption("单位：件") + _html(table) + _notes(notes.carry_over(summary))


def _carried(name: str, last_year: Any, cells: Any, keys: Sequence[str]) -> list[str]:
    before: Cell | None = (last_year or {}).get(keys[-1])
    shown: list[Cell | None] = [cells.get(key) for key in keys]
    now = shown[0]
    difference = UNKNOWN
    if before is not None and now is not None and before.is_number and now.is_number:
        difference = plain_number(now.number - before.number)
    return [name, _text(before), _text(now), difference, *(_text(cell) for cell in shown[1:])]


def _text(cell: Cell | None) -> str:
    return UNKNOWN if cell is None else cell.text or "空白"


def classes(summary: CitySummary) -> Fragment:
    """Proactive disclosure by unit and class, 条: a table and a chart."""
    found = class_table(summary)
    total = disclosed(summary)
    rows = [
        [one.unit.name, *(UNKNOWN if count is None else str(count) for count in counts), _count(one.disclosed)]
        for one, counts in found.rows
    ]
    rows.append([notes.together(summary), *map(str, found.sums), total.text])
    column = (156 - 22 - 14) / max(1, len(found.heads))
    widths = (22, *(column for _ in found.heads), 14)
    table = plain_table("classes", ["单位", *found.heads, "总数"], rows, widths)
    below = _notes(notes.classes(summary, found))
    return _caption("单位：条") + _html(table) + below + _chart(summary, total)


def _chart(summary: CitySummary, total: Sum) -> Fragment:
    """Disclosures of each unit as bars, most first; nothing where there is nothing to compare."""
    items = [(one.unit.name, one.disclosed) for one in summary.counted if one.disclosed is not None]
    if len(items) < 2:
        return Fragment("")
    ordered = sorted(items, key=lambda item: -item[1])
    told = enumeration(f"{name}{count}条" for name, count in ordered)
    chart = Chart(
        caption=f"图1　{summary.year}年各单位主动公开政府信息条数",
        alt=f"{summary.year}年各单位主动公开政府信息：{told}，合计{total.text}条",
        texts=tuple(name for name, _ in ordered),
        draw=lambda: bars(ordered, "条"),
    )
    require_glyphs(chart, "各单位名称")
    return Fragment(chart.html)


def _count(count: int | None) -> str:
    return UNKNOWN if count is None else str(count)


def fees(summary: CitySummary) -> Fragment:
    """信息处理费 of the year: notices (件) and what was collected (元)."""
    return _texts(notes.fees(summary))


def equations(summary: CitySummary) -> Fragment:
    """The equations of the rule book on the city's figures: how often each holds, and every breach."""
    if not summary.outcomes:
        return _texts(["没有可以核对的数。"])
    rows = [[one.rule.code, one.rule.holds, str(one.held), *_breaches(one)] for one in summary.outcomes]
    table = plain_table("equations", ["规则", "应当", "成立", "不成立", "无法核对"], rows, (16, 80, 18, 20, 22), (0, 1))
    shown = _texts(notes.equations(summary)) + _html(table)
    if not (breaches := notes.breaches(summary)):
        return shown
    return shown + _html(plain_table("breaches", ["来自", "说明"], breaches, (28, 128), (0, 1)))


def _breaches(one: RuleOutcome) -> list[str]:
    failed = sum(finding.outcome.value == "fails" for finding in one.findings)
    return [str(failed), str(len(one.findings) - failed)]


def findings(summary: CitySummary) -> Fragment:
    """Errors and warnings by unit, and what was waived with its reason."""
    rows = [row for one in summary.units for row in _findings(one)]
    if not rows:
        return _texts([notes.NO_FINDINGS])
    table = plain_table("findings", ["单位", "级别", "说明"], rows, (24, 20, 112), (0, 1, 2))
    return _html(table)


def _findings(one: UnitFigures) -> list[list[str]]:
    rows = []
    for finding in one.findings:
        if finding.waived is not None:
            rows.append([one.unit.name, "已豁免", f"{finding.message}豁免理由：{finding.waived}"])
        elif finding.severity is not Severity.INFO:
            rows.append([one.unit.name, finding.severity.label, finding.message])
    return rows


def _html(table: FormTable) -> Fragment:
    return Fragment(table.as_raw_html())


def _texts(lines: Sequence[str]) -> Fragment:
    return fragment(element("p", line) for line in lines)


def _notes(lines: Sequence[str]) -> Fragment:
    return fragment(element("p", line, markup.NOTE) for line in lines)


def _caption(text: str) -> Fragment:
    return fragment([element("p", text, markup.CAPTION)])
