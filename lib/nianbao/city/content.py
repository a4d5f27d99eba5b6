"""What the summary says, section by section: words, tables of text, tables of the form.

Nothing is drawn here: the notebook's cells draw these pieces (:mod:`nianbao.city.show`), and the gate holds what was
drawn against them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from nianbao.charts import Chart, bars, require_glyphs
from nianbao.city import notes
from nianbao.city.city import CitySummary, RuleOutcome, Sum
from nianbao.city.disclosures import class_table, disclosed
from nianbao.city.shares import INDICATORS, Share, channel_table, together
from nianbao.city.shares import UNKNOWN as NOT_KNOWN
from nianbao.city.unit import UnitFigures
from nianbao.document import markup
from nianbao.document.markup import Fragment, element, fragment
from nianbao.statute.cell import Cell
from nianbao.statute.rulebook import Severity
from nianbao.wording import enumeration, plain_number

UNKNOWN = "—"
"""Stands where there is no figure."""
MOST_BARS = 60
"""Bars of a chart; more would be too small to read on the page that holds them."""
SAMPLE_TEXT = "示例：数据为虚构，仅供试用。"


@dataclass(frozen=True)
class TextTable:
    """A table of text that no form prescribes; the columns numbered in `left` (from 0) at the left.

    ``links`` gives the page to which the first text of each row leads, empty where to none; or nothing at all.
    """

    identifier: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    left: tuple[int, ...] = (0,)
    links: tuple[str, ...] = ()

    def links_below(self, heads: int) -> dict[tuple[int, int], str]:
        """The links by row and column of a grid with so many rows of heads."""
        return {(heads + row, 0): page for row, page in enumerate(self.links) if page}


@dataclass(frozen=True)
class StatutoryTable:
    """The table of a part of the form, filled with the city's sums."""

    part: str


Piece = Fragment | TextTable | StatutoryTable


def _table(
    identifier: str,
    heads: Sequence[str],
    rows: Sequence[Sequence[str]],
    left: Sequence[int] = (0,),
    links: Sequence[str] = (),
) -> TextTable:
    return TextTable(identifier, tuple(heads), tuple(tuple(row) for row in rows), tuple(left), tuple(links))


def _opening(summary: CitySummary) -> tuple[Piece, ...]:
    """Marks of a draft or a sample, and the title with the city's identity; without a date, for it has none."""
    elements = []
    if not summary.ready:
        elements.append(element("p", notes.draft_text(summary), markup.DRAFT))
    if summary.sample:
        elements.append(element("p", SAMPLE_TEXT, markup.SAMPLE))
    city = summary.city
    identity = {"unit": city.id, "year": str(summary.year), "author": city.official_name, "date": ""}
    return (fragment([*elements, element("h1", summary.title, markup.TITLE, **identity)]),)


def _submissions(summary: CitySummary) -> tuple[Piece, ...]:
    """Who has submitted, who is ready, and how many findings each has."""
    severities = tuple(Severity)
    rows = []
    for one in summary.units:
        counts = [str(one.counts.get(severity.value, 0)) for severity in severities]
        waived = str(one.counts.get("waived", 0))
        figures = [*counts, waived] if one.state.counted else [UNKNOWN] * (len(severities) + 1)
        rows.append([one.unit.name, one.state.text(one.counts.get("warning", 0)), *figures])
    heads = ["单位", "状态", *(severity.label for severity in severities), "已豁免"]
    links = [one.page for one in summary.units]
    table = _table("submissions", heads, rows, links=links)
    return (_texts(notes.submissions(summary)), table, _notes(notes.left_out_reasons(summary)))


def _disclosure(summary: CitySummary) -> tuple[Piece, ...]:
    """Part two of the city."""
    return (StatutoryTable("disclosure"), _notes(notes.table_notes(summary, "t2")))


def _applications(summary: CitySummary) -> tuple[Piece, ...]:
    """Part three of the city."""
    return (StatutoryTable("applications"), _notes(notes.table_notes(summary, "t3")))


def _disputes(summary: CitySummary) -> tuple[Piece, ...]:
    """Part four of the city."""
    return (StatutoryTable("disputes"), _notes(notes.table_notes(summary, "t4")))


def _carry_over(summary: CitySummary) -> tuple[Piece, ...]:
    """What each unit carried over from last year against what last year's report says, 件, column 总计."""
    last, t3 = summary.year - 1, summary.edition.t3
    keys = [f"t3.{row}.{t3.total_column}" for row in (t3.carried_in, t3.received, t3.total_row, t3.carried_out)]
    rows = [_carried(one.unit.name, one.last_year, one.cells, keys) for one in summary.counted]
    cells = {key: summary.sums[key].cell for key in keys}
    rows.append(_carried(notes.together(summary), summary.last_year, cells, keys))
    rows += [_carried(f"{one.unit.name}（{one.state.label}）", one.last_year, {}, keys) for one in summary.left_out]
    heads = ["单位", f"{last}年报告结转", f"{summary.year}年承接", "相差", "新收", "办结", "结转下年"]
    table = _table("carry-over", heads, rows)
    return (_caption("单位：件"), table, _notes(notes.carry_over(summary)))


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


def _classes(summary: CitySummary) -> tuple[Piece, ...]:
    """Proactive disclosure by unit and class, 条: a table and a chart."""
    found = class_table(summary)
    total = disclosed(summary)
    rows = [
        [one.unit.name, *(UNKNOWN if count is None else str(count) for count in counts), _count(one.disclosed)]
        for one, counts in found.rows
    ]
    rows.append([notes.together(summary), *map(str, found.sums), total.text])
    table = _table("classes", ["单位", *found.heads, "总数"], rows)
    below = _notes(notes.classes(summary, found))
    return (_caption("单位：条"), table, below, _chart(summary, total))


def _chart(summary: CitySummary, total: Sum) -> Fragment:
    """Disclosures of each unit as bars, most first; nothing where there is nothing to compare.

    Of more units than a page holds it shows those with the most; the table above has all.
    """
    items = [(one.unit.name, one.disclosed) for one in summary.counted if one.disclosed is not None]
    if len(items) < 2:
        return Fragment("")
    ordered = sorted(items, key=lambda item: -item[1])[:MOST_BARS]
    told = enumeration(f"{name}{count}条" for name, count in ordered)
    whose = "各单位" if len(ordered) == len(items) else f"条数最多的{len(ordered)}个单位"
    whole = f"{len(items)}个单位合计" if len(ordered) < len(items) else "合计"
    chart = Chart(
        caption=f"图1　{summary.year}年{whose}主动公开政府信息条数",
        alt=f"{summary.year}年{whose}主动公开政府信息：{told}，{whole}{total.text}条",
        texts=tuple(name for name, _ in ordered),
        draw=lambda: bars(ordered, "条"),
    )
    require_glyphs(chart, "各单位名称")
    return Fragment(chart.html)


def _count(count: int | None) -> str:
    return UNKNOWN if count is None else str(count)


def _fees(summary: CitySummary) -> tuple[Piece, ...]:
    """信息处理费 of the year: notices (件) and what was collected (元)."""
    return (_texts(notes.fees(summary)),)


def _indicators(summary: CitySummary) -> tuple[Piece, ...]:
    """How each unit does: three shares, each with its base, and disclosures (条) by channel."""
    counted, found = summary.counted, channel_table(summary)
    whole = [together(each, counted) for each in INDICATORS]
    rows = [
        [one.unit.name, *(_share(each.of(one)) for each in INDICATORS), _count(one.disclosed), *map(_count, counts)]
        for one, counts in found.rows
    ]
    sums = [disclosed(summary).text, *map(str, found.sums)]
    rows.append([notes.together(summary), *(_share(share, len(counted)) for share in whole), *sums])
    heads = ["单位", *(each.head for each in INDICATORS), *(f"{name}（条）" for name in ("网站", *found.heads))]
    table = _table("indicators", heads, rows)
    return (table, _notes(notes.indicators(found)))


def _share(share: Share | None, units: int = 1) -> str:
    """A share with its base; `units` is how many it is asked of, and fewer are said."""
    if share is None:
        return NOT_KNOWN
    return share.text if share.bodies == units else f"{share.text}，{share.bodies}个单位"


def _equations(summary: CitySummary) -> tuple[Piece, ...]:
    """The equations of the rule book on the city's figures: how often each holds, and every breach."""
    if not summary.outcomes:
        return (_texts(["没有可以核对的数。"]),)
    rows = [[one.rule.code, one.rule.holds, str(one.held), *_breaches(one)] for one in summary.outcomes]
    table = _table("equations", ["规则", "应当", "成立", "不成立", "无法核对"], rows, (0, 1))
    shown = (_texts(notes.equations(summary)), table)
    if not (breaches := notes.breaches(summary)):
        return shown
    return (*shown, _table("breaches", ["来自", "说明"], breaches, (0, 1)))


def _breaches(one: RuleOutcome) -> list[str]:
    failed = sum(finding.outcome.value == "fails" for finding in one.findings)
    return [str(failed), str(len(one.findings) - failed)]


def _findings(summary: CitySummary) -> tuple[Piece, ...]:
    """Errors and warnings by unit, and what was waived with its reason."""
    rows = [row for one in summary.units for row in _findings_of(one)]
    if not rows:
        return (_texts([notes.NO_FINDINGS]),)
    table = _table("findings", ["单位", "级别", "说明"], rows, (0, 1, 2))
    return (table,)


def _findings_of(one: UnitFigures) -> list[list[str]]:
    rows = []
    for finding in one.findings:
        if finding.waived is not None:
            rows.append([one.unit.name, "已豁免", f"{finding.message}豁免理由：{finding.waived}"])
        elif finding.severity is not Severity.INFO:
            rows.append([one.unit.name, finding.severity.label, finding.message])
    return rows


def _texts(lines: Sequence[str]) -> Fragment:
    return fragment(element("p", line) for line in lines)


def _notes(lines: Sequence[str]) -> Fragment:
    return fragment(element("p", line, markup.NOTE) for line in lines)


def _caption(text: str) -> Fragment:
    return fragment([element("p", text, markup.CAPTION)])


SECTIONS: Mapping[str, tuple[str | None, Callable[[CitySummary], tuple[Piece, ...]]]] = {
    "opening": (None, _opening),
    "submissions": ("一、报送情况", _submissions),
    "disclosure": ("二、主动公开政府信息情况", _disclosure),
    "applications": ("三、收到和处理政府信息公开申请情况", _applications),
    "disputes": ("四、政府信息公开行政复议、行政诉讼情况", _disputes),
    "carry_over": ("五、结转衔接情况", _carry_over),
    "classes": ("六、主动公开信息的分类", _classes),
    "fees": ("七、信息处理费", _fees),
    "indicators": ("八、各单位的指标", _indicators),
    "equations": ("九、汇总数的核对", _equations),
    "findings": ("十、各单位的问题", _findings),
}
"""Section → the heading above it, and what it says; in the order of the summary."""


def pieces_of(summary: CitySummary, section: str) -> tuple[Piece, ...]:
    """What a section says, piece by piece; nothing where a piece is empty."""
    return tuple(piece for piece in SECTIONS[section][1](summary) if piece != Fragment(""))
