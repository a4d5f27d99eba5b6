"""The statutory tables as sheets 二, 三 and 四, derived from ``statute``: the same grid, labels and spans as in print."""

from __future__ import annotations

from itertools import groupby

from nianbao.forms.plan import Identity, Input, Label, Mark, Role, SheetPlan, Slot, Status, Total
from nianbao.registers.columns import APPLICATIONS, DOCUMENTS, REGISTERS, REVIEWS
from nianbao.statute import Edition, Kind
from nianbao.statute.equations import instances
from nianbao.statute.rulebook import Equation, Rule, rules_for

TOP = 4
"""First row of a table; above it stand the title, how to fill it in, and what is missing."""

_INPUTS = {Kind.COUNT: Input.COUNT, Kind.CHANGE: Input.CHANGE, Kind.MONEY: Input.WAN}


def heading(identity: Identity, text: str, note: str, cols: int) -> list[Label]:
    """The rows above a table; every sheet names the unit and the year, so that a pasted sheet is found out."""
    return [
        Label(1, 1, f"{identity.heading}　{text}", Role.TITLE, cols=cols),
        Label(2, 1, note, Role.NOTE, cols=cols),
    ]


def _missing(slots: list[Slot], register: str, cols: int, tick: str = "") -> Status:
    """Below the heading: how many places to write are still blank; totals need no writing."""
    keys = tuple(slot.key for slot in sorted(slots, key=lambda slot: (slot.col, slot.row)))
    return Status(3, 1, keys, REGISTERS[register].sheet, cols, tick)


def equations(edition: Edition, over: str) -> list[tuple[Rule, Equation]]:
    """The equations of the rule book that run over the rows, columns or groups of a table."""
    return [
        (rule, rule.test)
        for rule in rules_for(edition.name)
        if isinstance(rule.test, Equation) and rule.test.over == over
    ]


def part_two(identity: Identity, edition: Edition) -> SheetPlan:
    """Four columns; where a block has fewer figures than three, its last one spans the rest."""
    table = edition.t2
    width = max(len(block.columns) for block in table.blocks)
    labels = heading(
        identity,
        edition.heading("disclosure"),
        "在浅黄格内填数，没有的填 0；收费金额的单位是万元，按实际小数填写，不必四舍五入。在“文件登记”里逐件登记的，相应的格子可以留空。",
        width + 1,
    )
    slots: list[Slot] = []
    row = TOP
    for block in table.blocks:
        spans = [1] * len(block.columns)
        spans[-1] += width - len(spans)
        labels.append(Label(row, 1, block.clause, Role.HEAD, cols=width + 1))
        labels.append(Label(row + 1, 1, table.item_head, Role.HEAD))
        row += 1
        for index, column in enumerate(block.columns):
            labels.append(Label(row, 2 + index, column.label, Role.HEAD, cols=spans[index]))
        for item in block.items:
            row += 1
            labels.append(Label(row, 1, item.label, Role.STUB))
            for index, column in enumerate(block.columns):
                key = f"t2.{item.key}.{column.key}"
                label = f"{item.label}〔{column.label}〕"
                slots.append(Slot(row, 2 + index, key, _INPUTS[column.kind], label, cols=spans[index]))
        row += 1
    heights = tuple((line, 24.0) for line in range(TOP, row))
    return SheetPlan(
        "二",
        (26, *([22] * width)),
        tuple(labels),
        tuple(slots),
        statuses=(_missing(slots, DOCUMENTS, width + 1),),
        heights=((2, 34.0), (3, 20.0), *heights),
    )


def part_three(identity: Identity, edition: Edition, tick: str = "") -> SheetPlan:
    """Three stub columns, seven figures; ✓ or ✗ beside every row and below every column."""
    table = edition.t3
    columns = table.columns
    first, top = 4, TOP + 3
    at_row = {row.key: top + index for index, row in enumerate(table.rows)}
    at_col = {column.key: first + index for index, column in enumerate(columns)}
    beside = first + len(columns)
    below = top + len(table.rows)
    labels = heading(
        identity,
        edition.heading("applications"),
        "在浅黄格内填数，没有的填 0；灰格是合计，自动算出。右边和下面的 ✓ ✗ 随填随变，有 ✗ 处逐格核对。在“申请登记”里逐件登记的，此表可以留空。",
        beside,
    )
    labels += [
        Label(TOP, 1, table.corner, Role.HEAD, rows=3, cols=3),
        Label(TOP, first, table.head, Role.HEAD, cols=len(columns)),
        Label(TOP + 1, first, columns[0].label, Role.HEAD, rows=2),
        Label(TOP + 1, first + 1, table.legal_person_head, Role.HEAD, cols=len(table.legal_persons)),
        *(Label(TOP + 2, at_col[column.key], column.label, Role.HEAD) for column in table.legal_persons),
        Label(TOP + 1, at_col[table.total_column], columns[-1].label, Role.HEAD, rows=2),
        *_stubs([(at_row[row.key], row.stub) for row in table.rows], 3),
    ]
    slots: list[Slot] = []
    totals: list[Total] = []
    for row in table.rows:
        for column in columns:
            place = (at_row[row.key], at_col[column.key])
            key, label = f"t3.{row.key}.{column.key}", f"{row.label}〔{column.label}〕"
            if column.key == table.total_column:
                parts = tuple(f"t3.{row.key}.{applicant.key}" for applicant in table.applicants)
                totals.append(Total(*place, key, label, parts))
            elif row.key == table.total_row:
                totals.append(
                    Total(*place, key, label, tuple(f"t3.{outcome}.{column.key}" for outcome in table.outcomes))
                )
            else:
                slots.append(Slot(*place, key, Input.COUNT, label))
    marks: list[Mark] = []
    for rule, equation in equations(edition, "t3.rows"):
        labels.append(Label(TOP, beside, f"{rule.code}\n{rule.holds}", Role.RULE, rows=3))
        for found in instances(equation, edition):
            line = at_row[found.at.removeprefix("t3.").rpartition(".")[0]]
            marks.append(Mark(line, beside, rule.code, found.at, found.left, found.right))
    for offset, (rule, equation) in enumerate(equations(edition, "t3.columns")):
        labels.append(Label(below + offset, 1, f"{rule.code}　{rule.holds}", Role.RULE, cols=3))
        for found in instances(equation, edition):
            col = at_col[found.at.rpartition(".")[2]]
            marks.append(Mark(below + offset, col, rule.code, found.at, found.left, found.right))
    long = {at_row[row.key]: 34.0 for row in table.rows if len(row.stub[-1]) > 20 + 12 * (len(row.stub) < 3)}
    heights = dict.fromkeys(at_row.values(), 20.0) | long | {below: 28.0, below + 1: 28.0}
    return SheetPlan(
        "三",
        (5, 13, 41, *([8.5] * len(columns)), 11),
        tuple(labels),
        tuple(slots),
        tuple(totals),
        tuple(marks),
        (_missing(slots, APPLICATIONS, beside, tick),),
        ((2, 34.0), (3, 20.0), (TOP, 21.0), (TOP + 1, 21.0), (TOP + 2, 34.0), *sorted(heights.items())),
        frozen=TOP + 2,
    )


def _stubs(rows: list[tuple[int, tuple[str, ...]]], width: int) -> list[Label]:
    """Row heads: equal heads of neighbouring rows merge downwards, the innermost spans what is left to its right."""
    labels: list[Label] = []
    for depth in range(width):
        at_depth = [(line, stub) for line, stub in rows if len(stub) > depth]
        for _, group in groupby(at_depth, key=lambda row: row[1][: depth + 1]):
            members = list(group)
            lines = [line for line, _ in members]
            innermost = len(members[0][1]) == depth + 1
            labels.append(
                Label(
                    lines[0],
                    depth + 1,
                    members[0][1][depth],
                    Role.STUB,
                    rows=len(lines),
                    cols=width - depth if innermost else 1,
                )
            )
    return labels


def part_four(identity: Identity, edition: Edition, tick: str = "") -> SheetPlan:
    """One row of fifteen figures; ✓ or ✗ below every total."""
    table = edition.t4
    size = len(table.columns)
    line = TOP + 3
    labels = heading(
        identity,
        edition.heading("disputes"),
        "在浅黄格内填数，没有的填 0，行政复议和行政诉讼都要填满；灰格是总计，自动算出。在“复议诉讼登记”里逐件登记的，此表可以留空。",
        size * len(table.groups),
    )
    slots: list[Slot] = []
    totals: list[Total] = []
    marks: list[Mark] = []
    start = 1
    for head, members in groupby(table.groups, key=lambda group: group.heads[0]):
        groups = list(members)
        deep = len(groups[0].heads) > 1
        labels.append(Label(TOP, start, head, Role.HEAD, rows=1 if deep else 2, cols=size * len(groups)))
        for group in groups:
            if deep:
                labels.append(Label(TOP + 1, start, group.heads[1], Role.HEAD, cols=size))
            for index, column in enumerate(table.columns):
                key, label = f"t4.{group.key}.{column.key}", f"{group.label}〔{column.label}〕"
                labels.append(Label(TOP + 2, start + index, column.label, Role.HEAD))
                if column.key == table.total_column:
                    parts = tuple(f"t4.{group.key}.{result.key}" for result in table.results)
                    totals.append(Total(line, start + index, key, label, parts))
                else:
                    slots.append(Slot(line, start + index, key, Input.COUNT, label))
            start += size
    at_col = {item.key: item.col for item in totals}
    for offset, (rule, equation) in enumerate(equations(edition, "t4.groups"), start=1):
        for found in instances(equation, edition):
            total = at_col[found.at]
            text = f"{rule.code}　{rule.holds}"
            labels.append(Label(line + offset, total - size + 1, text, Role.RULE, cols=size - 1))
            marks.append(Mark(line + offset, total, rule.code, found.at, found.left, found.right))
    return SheetPlan(
        "四",
        (8,) * (size * len(table.groups)),
        tuple(labels),
        tuple(slots),
        tuple(totals),
        tuple(marks),
        (_missing(slots, REVIEWS, size * len(table.groups), tick),),
        ((2, 22.0), (3, 20.0), (TOP, 22.0), (TOP + 1, 22.0), (TOP + 2, 34.0), (line, 26.0), (line + 1, 46.0)),
        landscape=True,
    )
