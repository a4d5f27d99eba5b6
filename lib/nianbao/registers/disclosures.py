"""The register of proactive disclosure → total, classes and channels.

The total and its classes count what was put on the website; other channels are
counted apart and never added to it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from nianbao.registers import columns, values
from nianbao.registers.labels import class_key, normal
from nianbao.registers.model import Counted, Positions, Year, names_of, where
from nianbao.registers.problems import Problems, rows_text
from nianbao.registers.table import Table
from nianbao.registers.values import Dates, Objects, refuse

TOTAL = "disclosure.total"
CLASS = "disclosure.classes."
CHANNEL = "disclosure.channels."

_SEPARATORS = re.compile(r"[、,，;；\n|]+")
_SITE = frozenset(normal(name) for name in columns.SITE_CHANNELS)
_CHANNELS = {normal(text): name for name, others in columns.CHANNEL_SYNONYMS.items() for text in (name, *others)}


@dataclass(frozen=True)
class Channels:
    """On which channels each entry was published."""

    site: npt.NDArray[np.bool_]
    others: dict[str, npt.NDArray[np.bool_]]


def count(table: Table, year: Year, problems: Problems, portal: str | None = None) -> Counted:
    """Total, classes and channels of the year; whatever is not understood goes to ``problems``."""
    ids = values.texts(table, "id", problems)
    titles = values.texts(table, "title", problems, "填写标题")
    published = values.dates(table, "published", problems, "填写发布日期")
    names = values.texts(table, "class", problems)
    channels = _channels(table, problems, portal)
    if "id" in table.data:
        _refuse_duplicates(table, ids, channels.site, problems)
    else:
        _note_repeats(table, titles, published, names)
    outside = ~year.holds(published) & ~np.isnat(published)
    refuse(table, "published", outside, problems, f"不在 {year.number} 年内", "移到那一年的登记簿，或核对年份")
    refuse(table, "class", _unnamed(table, names) & channels.site, problems, "没有类别", "填写类别")

    positions: dict[str, Positions] = {TOTAL: where(channels.site)}
    positions |= {CLASS + name: where(mask & channels.site) for name, mask in _classes(names, channels.site).items()}
    positions |= {CHANNEL + name: where(mask) for name, mask in channels.others.items()}
    monthly = {"主动公开": year.months(published[channels.site])}
    if channels.others:
        elsewhere = np.logical_or.reduce(list(channels.others.values()))
        monthly["其他渠道"] = year.months(published[elsewhere])
    return Counted(table, names_of(table, np.where(ids == "", titles, ids)), positions, monthly=monthly)


def _channels(table: Table, problems: Problems, portal: str | None) -> Channels:
    """Without this column everything was put on the website."""
    if "channel" not in table.data:
        return Channels(np.ones(len(table), dtype=bool), {})
    raw = values.texts(table, "channel", problems, "写明渠道，如 网站")
    codes, uniques = pd.factorize(pd.Series(raw, dtype=object))
    parts = [[part.strip() for part in _SEPARATORS.split(str(text)) if part.strip()] for text in uniques]
    first: dict[str, str] = {}
    for part in (part for found in parts for part in found):
        first.setdefault(_CHANNELS.get(normal(part), normal(part)), _CHANNELS.get(normal(part), part))
    site = np.array([any(_is_site(part, portal) for part in found) for found in parts], dtype=bool)[codes]
    others: dict[str, npt.NDArray[np.bool_]] = {}
    for key, name in first.items():
        if _is_site(name, portal):
            continue
        on = [any(_CHANNELS.get(normal(part), normal(part)) == key for part in found) for found in parts]
        others[name] = np.array(on, dtype=bool)[codes]
    return Channels(site, others)


def _is_site(channel: str, portal: str | None) -> bool:
    return columns.SITE_MARK in channel or normal(channel) in _SITE or (portal is not None and portal in channel)


def _unnamed(table: Table, names: Objects) -> npt.NDArray[np.bool_]:
    """Where no class is named: a blank, a dash, marks only."""
    codes, uniques = pd.factorize(pd.Series(names, dtype=object))
    marks = np.array([name != "" and not class_key(str(name)) for name in uniques], dtype=bool)
    return np.asarray(values.blanks(table, "class") | marks[codes], dtype=bool)


def _classes(names: Objects, counted: npt.NDArray[np.bool_]) -> dict[str, npt.NDArray[np.bool_]]:
    """Classes in the order of the main scheme, a town's own after it; several spellings of one are one class."""
    codes, uniques = pd.factorize(pd.Series(names, dtype=object))
    keys = [class_key(str(name)) for name in uniques]
    counts = np.bincount(codes[counted], minlength=len(keys))
    spelling: dict[str, tuple[int, str]] = {}
    for key, name, number in zip(keys, uniques, counts.tolist(), strict=True):
        if key and number and number > spelling.get(key, (0, ""))[0]:
            spelling[key] = (number, str(name))
    scheme = {class_key(name): index for index, name in enumerate(columns.CLASS_ORDER)}
    last = class_key(columns.LAST_CLASS)
    order = sorted(spelling, key=lambda key: (key == last, scheme.get(key, len(scheme)), keys.index(key)))
    return {spelling[key][1]: np.array([other == key for other in keys], dtype=bool)[codes] for key in order}


def _refuse_duplicates(table: Table, ids: Objects, site: npt.NDArray[np.bool_], problems: Problems) -> None:
    """An index number may stand once on the website, and once on each other channel."""
    values.refuse_duplicates(table, "id", np.where(site, ids, ""), problems)
    if "channel" not in table.data:
        return
    codes, uniques = pd.factorize(pd.Series(table.data["channel"], dtype=object), use_na_sentinel=False)
    channel = pd.factorize(np.array([normal(str(value)) for value in uniques], dtype=object))[0][codes]
    repeated = pd.DataFrame({"id": ids, "channel": channel}).duplicated(keep=False).to_numpy()
    values.refuse_duplicates(table, "id", np.where(repeated, ids, ""), problems)


def _note_repeats(table: Table, titles: Objects, published: Dates, names: Objects) -> None:
    """The same title, class, channel and day twice may be two items, or one entered twice."""
    entries = pd.DataFrame({"title": titles, "day": published.astype("datetime64[s]"), "class": names})
    if "channel" in table.data:
        entries["channel"] = [str(value) for value in table.data["channel"]]
    again = entries.duplicated(keep=False).to_numpy()
    if again.any():
        rows = rows_text(table.rows[again].tolist())
        table.notes.append(f"{table.where}：第 {rows} 行的标题、类别和发布日期相同，核对是否重复登记。")
