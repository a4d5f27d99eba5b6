"""Lines → the prose by part: preamble, the six parts, signature and date; what stands around is left out."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from nianbao.published.grid import Grid, Item, Line
from nianbao.published.identity import after_titles, is_authority, read_date
from nianbao.published.labels import compact, labels_of, word
from nianbao.published.running import screenshots
from nianbao.report import Unrecognised
from nianbao.statute import Edition
from nianbao.statute.rulebook import Severity
from nianbao.wording import enumeration, quoted

# Ways in which published reports write the heading of a part, by its key. The prescribed ones stand in statute.
_OTHER_HEADINGS: Mapping[str, tuple[str, ...]] = {
    "overview": ("概述", "总体工作情况", "政府信息公开工作总体情况"),
    "disclosure": ("主动公开政府信息的情况", "主动公开情况", "主动公开政府信息情况表"),
    "applications": ("收到和处理政府信息公开申请的情况", "收到和处理政府信息公开申请情况表"),
    "disputes": (
        "政府信息公开行政复议和行政诉讼情况",
        "政府信息公开行政复议、行政诉讼的情况",
    ),
    "problems": (
        "存在的主要问题和改进情况",
        "存在问题及改进情况",
        "存在的问题及改进情况",
        "存在的主要问题及改进措施",
    ),
    "other": ("其他需要报告的情况", "需要报告的其他事项", "其他需报告的事项"),
}
_NUMERALS = "一二三四五六"
_BODY = re.compile(r"^(?:本报告|根据|按照|依据|为(?:贯彻|落实)|现将|\d{4}年)")
_LONG = 25
_LONGEST_HEADING = 40
_MOST_LAST_LINES = 4
SCREENSHOT = "像是截图上的字或网页的按钮"
"""How lines that are no running text are called."""
# Where a site goes on after the report.
_AFTER = re.compile(
    r"^(?:附件下载|相关(?:链接|阅读|文章|稿件)|上一[篇条]|下一[篇条]|分享(?:到|至)?|打印|关闭|【?(?:打印|关闭)|扫一扫|主办(?:单位)?[:：]|承办(?:单位)?[:：]"
    r"|来源[:：]|供稿[:：]|(?:责任)?编辑[:：]|审核[:：]|字体[:：]|浏览(?:量|次数)?[:：]"
    r"|版权所有|网站(?:标识码|地图)|.{0,12}ICP备|.{0,6}公网安备|责任编辑|返回顶部)"
)


@dataclass(frozen=True)
class Parts:
    """The prose of a report.

    Attributes
    ----------
    narrative : mapping of str to str
        By part (``preamble``, ``overview`` …), a line per paragraph; a part that was not found is missing.
    headings : mapping of str to str
        The heading of each part as printed.
    opening : tuple of str
        The lines before the first heading.
    """

    narrative: Mapping[str, str]
    headings: Mapping[str, str]
    opening: tuple[str, ...]
    signature: str | None
    date: date | None
    unrecognised: tuple[Unrecognised, ...]


def read_parts(items: Sequence[Item], edition: Edition, used: set[int]) -> Parts:
    """The prose by part. ``used`` are the indices, among the grids, of those that are the form's own tables."""
    lines, foreign = _lines(items, used, labels_of(edition).clauses)
    said = [*foreign]
    found = _headings(lines, edition, said)
    if not found:
        said.append(Unrecognised("正文", "没有找到六个部分的任何一个标题", "对照格式核对标题", "overview"))
        return Parts({}, {}, tuple(lines), None, None, tuple(said))
    order = sorted(found.items(), key=lambda pair: pair[1])
    ends = [index for _, index in order[1:]] + [len(lines)]
    body = {key: lines[start + 1 : end] for (key, start), end in zip(order, ends, strict=True)}
    last = order[-1][0]
    body[last], signature, day = _closing(body[last])
    opening = lines[: order[0][1]]
    for part in edition.parts:
        if part.key in body:
            body[part.key] = _without_screenshots(body[part.key], part.key, part.heading, said)
    narrative = {key: "\n".join(text) for key, text in body.items()}
    preamble = _preamble(opening)
    if preamble:
        narrative["preamble"] = "\n".join(preamble)
    else:
        said.append(_ask("前言", "没有找到", "preamble"))
    if signature is None:
        said.append(_ask("落款", "没有找到署名", "signature"))
    return Parts(narrative, {key: lines[index] for key, index in order}, tuple(opening), signature, day, tuple(said))


def _without_screenshots(lines: list[str], key: str, heading: str, said: list[Unrecognised]) -> list[str]:
    """The lines without the words of a screenshot or the buttons of a page, which are named."""
    for run in reversed(screenshots(lines)):
        shown = enumeration(compact(line) for line in lines[run.start : run.stop])
        reason = f"有 {len(run)} 行{SCREENSHOT}，没有当作正文：{shown}"
        said.append(Unrecognised(heading, reason, "对照原文核对这一处", key, Severity.INFO))
        lines = lines[: run.start] + lines[run.stop :]
    return lines


def _ask(place: str, reason: str, cell: str) -> Unrecognised:
    return Unrecognised(place, reason, "对照原文核对这一处", cell, Severity.WARNING)


def _lines(items: Sequence[Item], used: set[int], clauses: frozenset[str]) -> tuple[list[str], list[Unrecognised]]:
    """The lines of the document; a table that is none of the form's stands among them, a row a line."""
    lines: list[str] = []
    said: list[Unrecognised] = []
    number = -1
    for item in items:
        if isinstance(item, Line):
            lines += (line for line in item.text.split("\n") if word(line) not in clauses)
            continue
        number += 1
        if number in used:
            lines += [line for line in _above(item) if word(line) not in clauses]
        else:
            rows = _rows(item)
            lines += rows
            if rows and not item.loose:
                said.append(
                    Unrecognised(
                        f"第 {number + 1} 张表",
                        f"不是格式规定的表，按正文读：{quoted(rows[0])}",
                        "若是第二至第四部分的表，对照原文核对",
                        None,
                        Severity.WARNING,
                    )
                )
    return lines, said


def _above(grid: Grid) -> list[str]:
    """What stands across the top of one of the form's tables, such as the heading of its part."""
    above: list[str] = []
    for index in range(len(grid.rows)):
        texts = grid.texts(index)
        if len(texts) > 1:
            break
        above += [line for text in texts for line in text.split("\n")]
    return above


def _rows(grid: Grid) -> list[str]:
    """A line a row, its cells kept apart: joined by spaces alone, figures side by side would make a number nobody wrote."""
    between = " " if grid.loose else " | "  # loose: prose with gaps
    rows = (between.join(text.replace("\n", " ") for text in grid.texts(index)) for index in range(len(grid.rows)))
    return [row for row in rows if row]


def _headings(lines: Sequence[str], edition: Edition, said: list[Unrecognised]) -> dict[str, int]:
    """Line of each part's heading. A table of contents repeats headings: the last one counts."""
    found: dict[str, int] = {}
    compacted = ((index, compact(line)) for index, line in enumerate(lines))
    short = [(index, text, word(text)) for index, text in compacted if len(text) <= _LONGEST_HEADING]
    for number, part in zip(_NUMERALS, edition.parts, strict=True):
        lawful = {word(heading) for heading in (part.heading, part.longer) if heading}
        words = {*lawful, *map(word, _OTHER_HEADINGS[part.key])}
        numbered: list[int] = []
        bare: list[int] = []
        otherwise: list[int] = []
        for index, text, spoken in short:
            if spoken not in words:
                continue
            if re.match(rf"{number}[、.,:]", text):
                numbered.append(index)
            elif spoken == re.sub(r"\W", "", text):
                bare.append(index)
            elif spoken in lawful:
                otherwise.append(index)
        places = numbered or bare or otherwise
        if not places:
            said.append(
                Unrecognised(part.heading, "没有找到这个标题，这一部分的正文没有读", "对照原文核对标题", part.key)
            )
            continue
        found[part.key] = places[-1]
        printed = lines[places[-1]]
        if not numbered or word(printed) not in lawful:
            said.append(_ask(part.heading, f"标题印作{quoted(printed)}", part.key))
    placed = [found[part.key] for part in edition.parts if part.key in found]
    if placed != sorted(placed):
        said.append(Unrecognised("正文", "各部分标题的次序与格式不同", "对照原文核对各部分", "overview"))
    return found


def _preamble(opening: Sequence[str]) -> list[str]:
    """The lines before part one from the first that is a sentence, after the title."""
    for index in range(after_titles(opening), len(opening)):
        line = opening[index]
        if (_BODY.match(line) and "。" in line) or (len(line) >= _LONG and re.search(r"[，。：]", line)):
            return list(opening[index:])
    return []


def _closing(lines: Sequence[str]) -> tuple[list[str], str | None, date | None]:
    """The last part without signature, date and what the site adds."""
    cut = next((index for index, line in enumerate(lines) if _AFTER.match(line.strip())), len(lines))
    kept = list(lines[:cut])
    days = [index for index in range(len(kept) - 1, -1, -1) if read_date(kept[index])]
    if not days:
        signed = len(kept) - 1 if kept and is_authority(kept[-1]) else None
        return (kept[:signed], kept[signed], None) if signed is not None else (kept, None, None)
    for dated in days:  # a site may print dates of its own below: the report's stands under a signature
        above = range(dated - 1, max(dated - _MOST_LAST_LINES, -1), -1)
        signed = next((index for index in above if is_authority(kept[index])), None)
        if signed is not None:
            first = min(index for index in days if index > signed)
            return kept[:signed], "、".join(kept[signed:first]), read_date(kept[first])
    return kept[: days[0]], None, read_date(kept[days[0]])
