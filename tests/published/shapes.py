"""The shapes in which real pages print the tables of the form: how each part is laid out, marked up and copied."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from decimal import Decimal

from published_samples import Rows, Td, aligned, laid_out, part_four, part_three, part_two, piped, tabbed, unmerged

from nianbao.statute import Edition, Kind

Values = Mapping[str, int | Decimal | str]
Tables = dict[str, list[Rows]]
"""The tables of each part; one that is split has several."""
HEAD_ROWS = {"applications": 3, "disputes": 3}
_NUMBERS = 7


def as_the_form(edition: Edition, values: Values) -> Tables:
    return {
        "disclosure": [part_two(edition, values)],
        "applications": [part_three(edition, values)],
        "disputes": [part_four(edition, values)],
    }


# -- layouts: other columns and cells than the form's -----------------------------------------------------------------


def with_last_column(head: str, body: str) -> Callable[[Tables], Tables]:
    """A column behind the last: blank, or remarks."""

    def change(tables: Tables) -> Tables:
        applications = tables["applications"][0]
        rows = [[*applications[0], Td(head, 3)], *applications[1:3], *([*row, Td(body)] for row in applications[3:])]
        disputes = [[*tables["disputes"][0][0], Td(head, 3)], *tables["disputes"][0][1:3]]
        return {**tables, "applications": [rows], "disputes": [[*disputes, [*tables["disputes"][0][3], Td(body)]]]}

    return change


def blank_last_cells(tables: Tables) -> Tables:
    """A blank cell at the end of every row, heads included, in all three tables."""
    return {part: [[[*row, Td("")] for row in rows] for rows in own] for part, own in tables.items()}


def serial_column(tables: Tables) -> Tables:
    rows = tables["applications"][0]
    numbered = [[Td("序号", 3), *rows[0]], *rows[1:3]]
    return {**tables, "applications": [[*numbered, *([Td(str(n)), *row] for n, row in enumerate(rows[3:], 1))]]}


def blank_column_at(place: int) -> Callable[[Tables], Tables]:
    """A column without head or figures under 申请人情况, before the applicant of this place."""

    def change(tables: Tables) -> Tables:
        rows = tables["applications"][0]
        corner, over = rows[0]
        natural, legal, total = rows[1]
        leaves = list(rows[2])
        second = [natural, legal, total]
        if place == 0:
            second.insert(0, Td("", 2))
        elif place == 1:
            second.insert(1, Td("", 2))
        elif place == 6:
            second.insert(2, Td("", 2))
        else:
            second[1] = replace(legal, colspan=6)
            leaves.insert(place - 1, Td(""))
        body = [[*row[:-_NUMBERS], *_inserted(row[-_NUMBERS:], place, Td(""))] for row in rows[3:]]
        return {**tables, "applications": [[[corner, replace(over, colspan=8)], second, leaves, *body]]}

    return change


def _inserted(cells: list[Td], place: int, cell: Td) -> list[Td]:
    return [*cells[:place], cell, *cells[place:]]


def wide_column(tables: Tables) -> Tables:
    """商业企业 over two columns in every row: a grid of 28 × 11."""
    rows = tables["applications"][0]
    corner, over = rows[0]
    natural, legal, total = rows[1]
    leaves = [replace(rows[2][0], colspan=2), *rows[2][1:]]
    body = []
    for row in rows[3:]:
        figures = list(row[-_NUMBERS:])
        figures[1] = replace(figures[1], colspan=2)
        body.append([*row[:-_NUMBERS], *figures])
    head = [[corner, replace(over, colspan=8)], [natural, replace(legal, colspan=6), total], leaves]
    return {**tables, "applications": [[*head, *body]]}


def taken_apart(tables: Tables) -> Tables:
    """Merged cells taken apart, each place with a copy of the text."""
    return {part: [_filled(rows) for rows in own] for part, own in tables.items()}


def _filled(rows: Rows) -> Rows:
    covered: dict[tuple[int, int], str] = {}
    filled: Rows = []
    for y, row in enumerate(rows):
        line: list[Td] = []
        for cell in row:
            while (y, len(line)) in covered:
                line.append(Td(covered[y, len(line)]))
            covered |= {
                (y + dy, len(line) + dx): cell.text for dy in range(1, cell.rowspan) for dx in range(cell.colspan)
            }
            line += [Td(cell.text)] * cell.colspan
        while (y, len(line)) in covered:
            line.append(Td(covered[y, len(line)]))
        filled.append(line)
    return filled


def three_small_tables(tables: Tables) -> Tables:
    """Part four as a table for each group."""
    top, second, third, figures = tables["disputes"][0]
    results = [replace(cell, rowspan=1) for cell in second[:5]]
    review = [[replace(top[0], colspan=5)], results, figures[:5]]
    direct = [[replace(top[1], colspan=5)], [second[5]], third[:5], figures[5:10]]
    after = [[replace(top[1], colspan=5)], [second[6]], third[5:], figures[10:]]
    return {**tables, "disputes": [review, direct, after]}


def other_spans(tables: Tables) -> Tables:
    """Rows of figures whose cells reach over other columns than their heads."""
    disclosure = [
        [replace(row[0], colspan=2), replace(row[1], colspan=2)] if len(row) == 2 else row
        for row in tables["disclosure"][0]
    ]
    disputes = tables["disputes"][0]
    return {
        **tables,
        "disclosure": [disclosure],
        "disputes": [[*disputes[:3], [replace(cell, colspan=2) for cell in disputes[3]]]],
    }


def stacked_heads(tables: Tables) -> Tables:
    """Heads of part four one character a paragraph."""
    rows = [
        [replace(cell, text="".join(f"<p>{character}</p>" for character in cell.text)) for cell in row]
        for row in tables["disputes"][0][:3]
    ]
    return {**tables, "disputes": [[*rows, tables["disputes"][0][3]]]}


def stub_twice(tables: Tables) -> Tables:
    """三、本年度办理结果 printed twice, as where a page cut the cell."""
    rows = tables["applications"][0]
    first = next(index for index, row in enumerate(rows) if row[0].text.startswith("三、"))
    stub = rows[first][0]
    upper = 9
    head = [*rows[:first], [replace(stub, rowspan=upper), *rows[first][1:]], *rows[first + 1 :]]
    cut = first + upper
    lower = [replace(stub, rowspan=stub.rowspan - upper), *head[cut]]
    begun = next(index for index in range(first, cut) if head[index][0].text.startswith("（三）"))
    category = head[begun][0]  # is cut as well
    head[begun] = [replace(category, rowspan=cut - begun), *head[begun][1:]]
    lower.insert(1, replace(category, rowspan=begun + category.rowspan - cut))
    return {**tables, "applications": [[*head[:cut], lower, *head[cut + 1 :]]]}


LAYOUTS: dict[str, Callable[[Tables], Tables]] = {
    "as the form": lambda tables: tables,
    "remarks": with_last_column("备注", ""),
    "remarks with figures": with_last_column("备 注", "2022年为3件"),
    "blank last column": with_last_column("", ""),
    "blank last cells": blank_last_cells,
    "serial numbers": serial_column,
    **{f"blank column {place}": blank_column_at(place) for place in range(7)},
    "wide column": wide_column,
    "taken apart": taken_apart,
    "three small tables": three_small_tables,
    "other spans": other_spans,
    "stacked heads": stacked_heads,
    "stub twice": stub_twice,
}


# -- how figures are written ------------------------------------------------------------------------------------------


def with_units(edition: Edition, values: Values) -> Values:
    """件 behind counts, 万元 behind amounts."""
    units = {Kind.COUNT: "件", Kind.CHANGE: "件", Kind.MONEY: "万元"}
    return {key: f"{_plain(value)}{units[edition.fields[key].kind]}" for key, value in values.items()}


def with_decimals(edition: Edition, values: Values) -> Values:
    """Two decimals behind counts, as a spreadsheet shows them."""
    return {
        key: _plain(value) if edition.fields[key].kind is Kind.MONEY else f"{_plain(value)}.00"
        for key, value in values.items()
    }


def in_yuan(edition: Edition, values: Values) -> Values:
    """Amounts in 元."""
    return {
        key: f"{_plain(Decimal(value) * 10_000)}元" if edition.fields[key].kind is Kind.MONEY else value
        for key, value in values.items()
    }


def _plain(value: int | Decimal | str) -> str:
    return f"{value:f}" if isinstance(value, Decimal) else str(value)


WRITTEN: dict[str, Callable[[Edition, Values], Values]] = {
    "plain": lambda _, values: values,
    "units": with_units,
    "decimals": with_decimals,
    "yuan": in_yuan,
}


# -- copies as text ---------------------------------------------------------------------------------------------------


def word_text(rows: Rows) -> str:
    """Word and WPS, 另存为纯文本: every row ends in a tab."""
    return "\n".join("\t".join(cell.text for cell in row) + "\t" for row in rows)


def browser_copy(rows: Rows) -> str:
    """A page copied into an editor of text, whose cells hold paragraphs: a cell a line, a tab between two of a row."""
    return "\n".join("\n\t\n".join(cell.text for cell in row) for row in rows)


def one_a_line(rows: Rows) -> str:
    return "\n".join(cell.text for row in rows for cell in row)


def bars(rows: Rows) -> str:
    """From a program that turns pages into text: the cells of a row with bars between and one behind."""
    return "\n".join(" | ".join(cell.text for cell in row) + " |" for row in rows)


def bars_a_line(rows: Rows) -> str:
    """The same where each cell is a paragraph: a cell a line, a bar between two of a row."""
    return "\n".join("\n|\n".join(cell.text for cell in row) + "\n|" for row in rows)


def serial_tabs(rows: Rows) -> str:
    """From a spreadsheet, with a first column of numbers."""
    lines = laid_out(rows)
    return "\n".join("\t".join([("序号" if y == 0 else str(y)), *line]) for y, line in enumerate(lines))


def filled_tabs(rows: Rows) -> str:
    """From a spreadsheet, merged cells taken apart."""
    return tabbed(_filled(rows))


def as_csv(delimiter: str, quoting: int = csv.QUOTE_MINIMAL, end: str = "\r\n") -> Callable[[Rows], str]:
    """From a spreadsheet, saved as CSV; thousands in figures and line ends in labels are quoted."""

    def write(rows: Rows) -> str:
        stream = io.StringIO(newline="")
        lines = [[_for_csv(field) for field in line] for line in laid_out(rows)]
        csv.writer(stream, delimiter=delimiter, quoting=quoting, lineterminator=end).writerows(lines)
        return stream.getvalue().removesuffix(end)

    return write


def _for_csv(field: str) -> str:
    if field.isdecimal():
        return f"{int(field):,}"
    return f"{field[:3]}\n{field[3:]}" if len(field) > 8 and not re.search("[0-9]", field) else field


def box(rows: Rows) -> str:
    """Drawn with lines, as programs of a terminal do."""
    lines = laid_out(rows)
    return "\n".join(f"│{'│'.join(line)}│\n├{'┼'.join('──' for _ in line)}┤" for line in lines)


COPIES: dict[str, Callable[[Rows], str]] = {
    "tabs": tabbed,
    "tabs without merged cells": unmerged,
    "pipes": piped,
    "columns": aligned,
    "Word": word_text,
    "browser": browser_copy,
    "one a line": one_a_line,
    "bars": bars,
    "bars, one a line": bars_a_line,
    "numbered tabs": serial_tabs,
    "tabs, taken apart": filled_tabs,
    "CSV": as_csv(","),
    "CSV, semicolons": as_csv(";", end="\n"),
    "CSV, all quoted": as_csv(",", csv.QUOTE_ALL),
    "box": box,
}
