"""More shapes in which pages print the form: other vendors' markup, tables within tables, tables cut and joined, two habits at once."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from published_samples import Rows, Td, plain_td, table
from shapes import Tables

from nianbao.statute import FORM_2021

Layout = Callable[[Tables], Tables]
Markup = Callable[[str], str]
Render = Callable[[Tables], dict[str, str]]
_FIGURES = 7
_FIGURE = re.compile(r"(<td[^>]*>)(-?[0-9][0-9.]*)(</td>)")


def rendered(tables: Tables) -> dict[str, str]:
    return {part: "".join(table(rows) for rows in own) for part, own in tables.items()}


def _applications(change: Callable[[Rows], Rows | list[Rows]]) -> Layout:
    def apply(tables: Tables) -> Tables:
        changed = change(tables["applications"][0])
        own: list[Rows] = changed if changed and isinstance(changed[0][0], list) else [changed]  # type: ignore[list-item, assignment]
        return {**tables, "applications": own}

    return apply


def _disclosure(change: Callable[[Rows], list[Rows]]) -> Layout:
    return lambda tables: {**tables, "disclosure": change(tables["disclosure"][0])}


def _disputes(change: Callable[[Rows], list[Rows]]) -> Layout:
    return lambda tables: {**tables, "disputes": change(tables["disputes"][0])}


def _width(rows: Rows) -> int:
    return sum(cell.colspan for cell in rows[0])


def head_again(at: int) -> Callable[[Rows], Rows]:
    """The head repeated where a page of the printed table ended; spans above it end there."""

    def change(rows: Rows) -> Rows:
        return [*rows[:at], *rows[:3], *rows[at:]]

    return change


def cut(at: int, *, with_head: bool) -> Callable[[Rows], list[Rows]]:
    return lambda rows: [rows[:at], [*(rows[:3] if with_head else []), *rows[at:]]]


def title_row(text: str) -> Callable[[Rows], Rows]:
    return lambda rows: [[Td(text, 1, _width(rows))], *rows]


def note_row(text: str) -> Callable[[Rows], Rows]:
    return lambda rows: [*rows, [Td(text, 1, _width(rows))]]


def unit_column(rows: Rows) -> Rows:
    """计量单位 between labels and figures."""
    corner, over = rows[0]
    head = [[corner, Td("单位", 3), over], *rows[1:3]]
    return [*head, *([*row[:-_FIGURES], Td("件"), *row[-_FIGURES:]] for row in rows[3:])]


def subtotal_column(rows: Rows) -> Rows:
    """小计 behind the five legal persons, which the form does not have."""
    corner, over = rows[0]
    natural, legal, total = rows[1]
    head = [[corner, replace(over, colspan=8)], [natural, replace(legal, colspan=6), total], [*rows[2], Td("小计")]]
    body = []
    for row in rows[3:]:
        figures = row[-_FIGURES:]
        told = sum(int(cell.text or 0) for cell in figures[1:6])
        body.append([*row[:-_FIGURES], *figures[:6], Td(str(told)), figures[6]])
    return [*head, *body]


def total_first(rows: Rows) -> Rows:
    natural, legal, total = rows[1]
    body = [[*row[:-_FIGURES], row[-1], *row[-_FIGURES:-1]] for row in rows[3:]]
    return [rows[0], [total, natural, legal], rows[2], *body]


def flat_head(rows: Rows) -> Rows:
    """One row of heads, nothing above the applicants."""
    corner, natural, legal, total = rows[0][0], rows[1][0], rows[2], rows[1][2]
    return [
        [replace(corner, rowspan=1), replace(natural, rowspan=1), *legal, replace(total, rowspan=1)],
        *rows[3:],
    ]


def blank_corner(rows: Rows) -> Rows:
    return [[replace(rows[0][0], text="&nbsp;"), rows[0][1]], *rows[1:]]


def codes_at_the_end(rows: Rows) -> Rows:
    return [[*rows[0], Td("行次", 3)], *rows[1:3], *([*row, Td(str(n))] for n, row in enumerate(rows[3:], 1))]


def labels_as(change: Callable[[str], str]) -> Layout:
    """Every label of a row written in another way."""

    def apply(tables: Tables) -> Tables:
        def told(rows: Rows, heads: int) -> Rows:
            return [*rows[:heads], *([_relabelled(cell) for cell in row] for row in rows[heads:])]

        def _relabelled(cell: Td) -> Td:
            return cell if re.fullmatch(r"-?[0-9.]*", cell.text) else replace(cell, text=change(cell.text))

        return {
            "disclosure": [told(rows, 0) for rows in tables["disclosure"]],
            "applications": [told(rows, 3) for rows in tables["applications"]],
            "disputes": tables["disputes"],
        }

    return apply


def wide_numerals(label: str) -> str:
    return re.sub(r"^([0-9])\.", lambda match: f"{chr(ord(match[1]) + 0xFEE0)}．", label)


def one_block_a_table(rows: Rows) -> list[Rows]:
    tables: list[Rows] = []
    for row in rows:
        if len(row) == 1:
            tables.append([])
        tables[-1].append(row)
    return tables


def without_clauses(rows: Rows) -> list[Rows]:
    return [[row for row in rows if len(row) > 1]]


def figures_and_blanks(rows: Rows) -> list[Rows]:
    """Where a block has one figure, it stands in the first of three columns, the others blank."""
    return [
        [[row[0], replace(row[1], colspan=1), Td("&nbsp;"), Td("&nbsp;")] if len(row) == 2 else row for row in rows]
    ]


def group_a_row(rows: Rows) -> list[Rows]:
    """Part four with a row for each group."""
    results = [cell.text for cell in rows[1][:5]]
    names = ("行政复议", "未经复议直接起诉", "复议后起诉")
    figures = rows[3]
    body = [[Td(name), *figures[start : start + 5]] for name, start in zip(names, (0, 5, 10), strict=True)]
    return [[[Td("类别"), *map(Td, results)], *body]]


def two_head_rows(rows: Rows) -> list[Rows]:
    """The groups side by side, without 行政诉讼 above two of them."""
    results = [replace(cell, rowspan=1) for cell in rows[1][:5]]
    top = [Td("行政复议", 1, 5), Td("未经复议直接起诉", 1, 5), Td("复议后起诉", 1, 5)]
    return [[top, [*results, *results, *results], rows[3]]]


def title_and_note(tables: Tables) -> Tables:
    def around(rows: Rows) -> Rows:
        return note_row("注：以上数据截至12月31日。")(title_row("（表格）")(rows))

    return {part: [around(rows) for rows in own] for part, own in tables.items()}


def several(*changes: Layout) -> Layout:
    def apply(tables: Tables) -> Tables:
        for change in changes:
            tables = change(tables)
        return tables

    return apply


LAYOUTS: dict[str, Layout] = {
    "head again after the granted": _applications(head_again(6)),
    "cut, head again": _applications(cut(5, with_head=True)),
    "cut, no head": _applications(cut(5, with_head=False)),
    "title in the table": _applications(title_row("三、收到和处理政府信息公开申请情况")),
    "note below": _applications(note_row("注：本表由办公室填写，电话85520000。")),
    "titles and notes everywhere": title_and_note,
    "unit column": _applications(unit_column),
    "subtotal column": _applications(subtotal_column),
    "total first": _applications(total_first),
    "one row of heads": _applications(flat_head),
    "blank corner": _applications(blank_corner),
    "codes at the end": _applications(codes_at_the_end),
    "wide numerals": labels_as(wide_numerals),
    "numerals lost": labels_as(lambda label: re.sub(r"^(?:[0-9]\.|（[一二三四五六七]）|[一二三四]、)", "", label)),
    "colons": labels_as(lambda label: f"{label}："),
    "spaced labels": labels_as(" ".join),
    "broken labels": labels_as(lambda label: f"{label[:4]}<br>{label[4:]}"),
    "a character a paragraph": labels_as(lambda label: "".join(f"<p>{one}</p>" for one in label)),
    "a table a block": _disclosure(one_block_a_table),
    "no clauses": _disclosure(without_clauses),
    "figure and blanks": _disclosure(figures_and_blanks),
    "a row a group": _disputes(group_a_row),
    "two rows of heads": _disputes(two_head_rows),
    "two at once": several(
        _applications(codes_at_the_end), _applications(title_row("申请情况表")), _disputes(two_head_rows)
    ),
    "three at once": several(labels_as(wide_numerals), _applications(unit_column), _disclosure(one_block_a_table)),
}
"""What is laid out in another way."""

UNREADABLE = frozenset({"subtotal column", "total first"})
"""Shapes whose part three is named as unread: its columns are not those of the form."""


# -- markup -----------------------------------------------------------------------------------------------------------


def on_figures(template: str) -> Markup:
    """Each figure within some markup: ``{}`` stands for it."""
    return lambda html: _FIGURE.sub(lambda match: match[1] + template.format(match[2]) + match[3], html)


def split_figures(html: str) -> str:
    """Figures whose digits stand in several runs, as Word writes them."""
    return _FIGURE.sub(
        lambda match: match[1] + "".join(f"<span lang=EN-US>{digit}</span>" for digit in match[2]) + match[3], html
    )


def heads_as_th(html: str) -> str:
    return re.sub(r"<td([^>]*)>([^<>]*[\u4e00-\u9fff][^<>]*)</td>", r"<th\1>\2</th>", html)


def in_sections(html: str) -> str:
    """thead, tbody and tfoot; the last row in the foot."""

    def sections(match: re.Match[str]) -> str:
        rows = re.findall(r"<tr>.*?</tr>", match[1], re.DOTALL)
        if "申请人情况" not in match[1]:
            return f"<table><tbody>{''.join(rows)}</tbody></table>"
        return f"<table><thead>{''.join(rows[:3])}</thead><tbody>{''.join(rows[3:-1])}</tbody><tfoot>{rows[-1]}</tfoot></table>"

    return re.sub(r"<table>(.*?)</table>", sections, html, flags=re.DOTALL)


def within_layout(html: str) -> str:
    """Each table in a cell of a table that only lays out the page."""
    return re.sub(
        r"<table>.*?</table>",
        lambda match: f"<table><tr><td width=20>&nbsp;</td><td>{match[0]}</td><td></td></tr></table>",
        html,
        flags=re.DOTALL,
    )


def unclosed(html: str) -> str:
    """Cells and rows without end tags, tags in capitals: as browsers read them all the same."""
    return re.sub(r"</t[dr]>", "", html).replace("<td", "<TD").replace("<tr", "<TR")


def word_markup(html: str) -> str:
    """Filtered Word: classes, empty paragraphs, its own tags."""
    html = re.sub(r"<td([^>]*)>(.*?)</td>", _word_cell, html, flags=re.DOTALL)
    return html.replace("<table>", "<table class=MsoTableGrid border=1 cellspacing=0 style='mso-border-alt:solid'>")


def _word_cell(match: re.Match[str]) -> str:
    style = "style='mso-yfti-irow:1;mso-element:para-border-div'"
    text = f"<p class=MsoNormal align=center><span lang=EN-US {style}>{match[2]}<o:p></o:p></span></p>"
    return f"<td{match[1]} valign=center style='padding:0cm 5.4pt'>{text}<p class=MsoNormal><o:p>&nbsp;</o:p></p></td>"


def spans_everywhere(html: str) -> str:
    return re.sub(
        r"<td((?: (?:row|col)span=\"[0-9]+\")*)>",
        lambda match: (
            f"<td{match[1]}"
            + "".join(f' {name}="1"' for name in ("rowspan", "colspan") if name not in match[1])
            + ' nowrap="nowrap">'
        ),
        html,
    )


def twice(html: str) -> str:
    """A tab of the page with the same text again, hidden until it is clicked."""
    body = html[html.index("<body>") + 6 : html.index("</body>")]
    return html.replace("</body>", f"<div style='display: none'>{body}</div></body>")


def shown_twice(html: str) -> str:
    """全真版 and 文字版 both in the page."""
    body = html[html.index("<h1>") : html.index("<div>上一篇")]
    return html.replace("</body>", f"<div class='tab'>文字版{body}</div></body>")


def with_figures_around(html: str) -> str:
    """Numbers of the page itself between the parts."""
    return html.replace("<table>", "<div>阅读 1234 次 字号：大 中 小</div><table>").replace(
        "</body>", "<ul><li>2022年年报 12</li><li>25 人收藏</li></ul></body>"
    )


def _other_year(html: str) -> str:
    """The same tables again with other figures."""
    tables = re.findall(r"<table>.*?</table>", html, re.DOTALL)
    return "".join(_FIGURE.sub(lambda match: f"{match[1]}{match[2]}7{match[3]}", one) for one in tables)


MARKUPS: dict[str, Markup] = {
    "no-break spaces": on_figures("&nbsp;{}&nbsp;&nbsp;"),
    "wide spaces": on_figures("\u3000{}\u3000"),
    "zero-width": on_figures("\u200b{}\ufeff"),
    "tabs in cells": on_figures("\t{}\t\n\t"),
    "paragraphs": on_figures("<p><br></p><p style='text-align:center'><strong>{}</strong></p>"),
    "a table a figure": on_figures("<div><font face=宋体 size=3>{}</font></div>"),
    "units": lambda html: re.sub(r"(<td[^>]*>)([0-9]+)(</td>)", r"\1\2 件\3", html),
    "links": on_figures("<a href='/x' title='99'>{}</a>"),
    "an inner table a figure": on_figures("<table><tr><td>{}</td></tr></table>"),
    "an empty inner table": lambda html: html.replace("（七）总计", "（七）总计<table><tr><td></td></tr></table>"),
    "a table a row": lambda html: html.replace("</tr>\n<tr>", "</tr></table><table><tr>"),
    "divs": lambda html: re.sub(r"</?(?:table|tr)>", "", html).replace("<td", "<div").replace("</td>", "</div>"),
    "last year beside": lambda html: html.replace("<h1>", "<h1>").replace(
        "</body>", f"<h2>附：上一年数据</h2>{_other_year(html)}</body>"
    ),
    "digits in runs": split_figures,
    "th": heads_as_th,
    "sections": in_sections,
    "layout tables": within_layout,
    "unclosed": unclosed,
    "Word": word_markup,
    "spans everywhere": spans_everywhere,
    "hidden copy": twice,
    "shown twice": shown_twice,
    "numbers around": with_figures_around,
    "hidden beside": on_figures("<span style='display:none'>99</span>{}"),
    "footnotes": on_figures("{}<sup>①</sup>"),
    "boxes": on_figures("<input type='text' value='{}'>"),
    "struck": on_figures("<s>99</s>{}"),
    "pictures": on_figures("<img src='{}.png' alt='{}'>".replace("{}.png", "x.png")),
}
"""What is marked up in another way; money carries no 件, so units are told apart below."""

NOT_READ = frozenset({"footnotes", "boxes", "struck", "pictures"})
"""Markup in which no figure can be told: each is named as unread."""


def in_one_table(tables: Tables) -> str:
    """All three parts as rows of a single table, their headings as rows that reach across it."""
    rows: Rows = []
    for part in FORM_2021.parts:
        for own in tables.get(part.key, ()):
            rows += [[Td(part.heading, 1, _width(own))], *own]
    return table(rows, plain_td)
