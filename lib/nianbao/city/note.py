"""公布情况说明: how publication of a year's reports went, from ``published`` in the bodies' params.

Names and number of the bodies, how many published by the day that the law sets, when, under which index number, where.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from nianbao.city.city import CitySummary, names
from nianbao.city.deadlines import unit_deadline
from nianbao.city.load import load_summary
from nianbao.city.unit import UnitFigures
from nianbao.document import Block, markup, read_html
from nianbao.document.markup import Fragment, Section, element, fragment
from nianbao.notebook.expected import as_table
from nianbao.notebook.gate import Expected
from nianbao.params import find_params_dir
from nianbao.wording import chinese_date, enumeration, percentage

SAMPLE_TEXT = "示例：数据为虚构，仅供试用。"
HEADS = ("序号", "单位", "公布日期", "索引号", "网址")
_UNKNOWN = "—"


def title(summary: CitySummary) -> str:
    """某某市2025年政府信息公开工作年度报告公布情况说明."""
    return f"{summary.city.name}{summary.year}年{summary.edition.title}公布情况说明"


def day_of(one: UnitFigures) -> date | None:
    """When a body's report was published, where that is known."""
    return one.published.date if one.published else None


def complete(summary: CitySummary) -> bool:
    """Whether it is known of every body when it published."""
    return all(day_of(one) for one in summary.units)


def _opening(summary: CitySummary) -> Fragment:
    elements = []
    if not complete(summary):
        unknown = [one for one in summary.units if day_of(one) is None]
        elements.append(element("p", f"草稿：还有{len(unknown)}个单位没有登记公布日期，不得发布。", markup.DRAFT))
    if summary.sample:
        elements.append(element("p", SAMPLE_TEXT, markup.SAMPLE))
    city = summary.city
    identity = {"unit": city.id, "year": str(summary.year), "author": city.official_name, "date": ""}
    return fragment([*elements, element("h1", title(summary), markup.TITLE, **identity)])


def _account(summary: CitySummary) -> Fragment:
    return fragment(element("p", line) for line in account(summary))


def account(summary: CitySummary) -> list[str]:
    """The sentences: how many bodies of which kinds, how many on time, who late, of whom nothing is known."""
    whole, due = summary.units, unit_deadline(summary.year)
    kinds = Counter(one.unit.kind for one in whole)
    known = [one for one in whole if day_of(one)]
    late = [one for one in known if (day := day_of(one)) and day > due]
    on_time = len(known) - len(late)
    lines = [
        "根据《中华人民共和国政府信息公开条例》第四十九条和《中华人民共和国政府信息公开工作年度报告格式》"
        f"（{summary.edition.notice}）的规定，现将{summary.city.name}{summary.year}年政府信息公开工作年度报告的公布情况说明如下。",
        f"应当公布年度报告的单位共{len(whole)}个：{enumeration(f'{kind}{count}个' for kind, count in kinds.items())}。",
        f"已经公布的{len(known)}个，其中在{chinese_date(due)}前公布的{on_time}个，"
        f"占应当公布的{percentage(on_time, len(whole), 1)}。",
    ]
    if late:
        told = [f"{one.unit.name}（{chinese_date(day)}）" for one in late if (day := day_of(one))]
        lines.append(f"逾期公布的{len(late)}个：{enumeration(told)}。")
    if unknown := [one for one in whole if day_of(one) is None]:
        lines.append(f"没有登记公布日期的{len(unknown)}个：{names(unknown)}。")
    if sites := sites_of(known):
        lines.append(f"公布的网站：{enumeration(f'{site}（{count}个）' for site, count in sites.items())}。")
    lines.append("各单位报告的公布日期、索引号和网址见下表。")
    return lines


def sites_of(units: Iterable[UnitFigures]) -> dict[str, int]:
    """On which sites the reports were published, and how many on each; the most used first."""
    addresses = (one.published.url for one in units if one.published and one.published.url)
    hosts = Counter(urlsplit(address).hostname or address for address in addresses)
    return dict(sorted(hosts.items(), key=lambda item: (-item[1], item[0])))


def rows(summary: CitySummary) -> tuple[tuple[str, ...], ...]:
    """A row a body, in the order of ``units.yaml``."""
    return tuple(_row(number, one) for number, one in enumerate(summary.units, start=1))


def _row(number: int, one: UnitFigures) -> tuple[str, ...]:
    said, day = one.published, day_of(one)
    told = (said.index_number, said.url) if said else (None, None)
    return (str(number), one.unit.name, chinese_date(day) if day else _UNKNOWN, *(text or _UNKNOWN for text in told))


def _links(summary: CitySummary, heads: int) -> dict[tuple[int, int], str]:
    """Every address leads to where it says, by row and column of a grid with so many rows of heads."""
    addresses = ((row, one.published.url) for row, one in enumerate(summary.units, start=heads) if one.published)
    return {(row, len(HEADS) - 1): address for row, address in addresses if address}


SECTIONS: Mapping[str, Any] = {"opening": _opening, "account": _account, "list": lambda _summary: Fragment("")}


def opening(summary: CitySummary) -> Section:
    """Marks of a draft or a sample, and the title."""
    return _section(summary, "opening", _opening(summary).html)


def published(summary: CitySummary) -> Section:
    """How many bodies there are, how many published on time, who did not."""
    return _section(summary, "account", _account(summary).html)


def listing(summary: CitySummary) -> Section:
    """Every body with date, index number and address of its report."""
    from nianbao.tables import plain_table

    table = plain_table("published", HEADS, rows(summary), (1, 3, 4), _links(summary, 0))
    return _section(summary, "list", table.as_raw_html())


def _section(summary: CitySummary, part: str, html: str) -> Section:
    stamp = {
        "part": part,
        "unit": summary.city.id,
        "year": summary.year,
        "fingerprint": summary.fingerprint,
        "draft": not complete(summary),
    }
    return Section(html, stamp)


def expected_of(summary: CitySummary) -> Expected:
    """What the notebook of the note is to show."""

    @cache
    def shows(section: str) -> tuple[Block, ...]:
        if section == "list":
            return (as_table((HEADS, *rows(summary)), _links(summary, 1)),)
        shown: Fragment = SECTIONS[section](summary)
        return read_html(shown.html)

    return Expected(
        unit=summary.city.id,
        year=summary.year,
        fingerprint=summary.fingerprint,
        parameters={"year": (str(summary.year),)},
        sections=tuple((section, None) for section in SECTIONS),
        shows=shows,
        unaccounted=_nothing,
    )


def _nothing(_pieces: Iterable[Any]) -> Iterable[str]:
    return ()


def expected_for(parameters: Mapping[str, Any], folder: Path | None = None) -> Expected:
    """What the note's notebook with this year is to show, by the params that `folder` leads to.

    Raises
    ------
    NianbaoError
        The reports cannot be had.
    """
    return expected_of(load_summary(str(parameters.get("year")), find_params_dir(folder)))
