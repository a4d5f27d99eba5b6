"""The kinds of bodies that report, and what the law asks of each.

The Ordinance (国务院令第711号) asks departments and lower governments for their reports by 31 January (art. 49;
国办公开办函〔2021〕30号 二（一）), and of governments alone the results of 工作考核、社会评议、责任追究 (art. 50 (4)).
Governments of county level and above report later, each level after the one below it (the same notice, 二（二）).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class BodyKind:
    """A kind of body.

    Attributes
    ----------
    name : str
        As ``units.yaml`` says it.
    government : bool
        Whether it is a people's government, which article 50 (4) binds.
    local : bool
        Whether it serves a territory of its own, so that another one's name in its report is odd.
    words : tuple of str
        How it speaks of itself, where its name does not tell.
    """

    name: str
    government: bool = False
    local: bool = False
    words: tuple[str, ...] = ()


TOWN = BodyKind("镇", government=True, local=True, words=("我镇", "本镇", "全镇", "镇政府", "镇党委", "镇人民政府"))
SUBDISTRICT = BodyKind("街道", local=True, words=("我街道", "本街道", "我办事处", "本办事处", "我办", "本办"))
DEPARTMENT = BodyKind("部门")
ZONE = BodyKind("园区", words=("我区", "本区", "我园区", "本园区", "我委", "本委", "我管委会", "本管委会"))
OFFICE = BodyKind("本政府机关", words=("我办", "本办"))
CITY = BodyKind("市", government=True, words=("我市", "本市", "全市"))

KINDS: Mapping[str, BodyKind] = {kind.name: kind for kind in (TOWN, SUBDISTRICT, DEPARTMENT, ZONE, OFFICE, CITY)}
"""Every kind by its name."""

_ENDINGS = (
    ("乡", ("我乡", "本乡", "全乡")),
    ("县", ("我县", "本县", "全县")),
    ("区", ("我区", "本区", "全区")),
    ("管理委员会", ZONE.words),
    ("管委会", ZONE.words),
    ("局", ("我局", "本局")),
    ("委员会", ("我委", "本委")),
    ("委", ("我委", "本委")),
    ("办公室", OFFICE.words),
    ("办", OFFICE.words),
    ("院", ("我院", "本院")),
    ("校", ("我校", "本校")),
)


def own_words(kind: str, name: str) -> tuple[str, ...]:
    """How a body speaks of itself: 我镇, 我街道, 我局, 我委, 我办; nothing where neither kind nor name tells."""
    told = KINDS[kind].words
    plain = re.sub(r"[（(][^（()）]*[)）]$", "", name)  # 市场监督管理局（知识产权局）
    by_name = next((words for ending, words in _ENDINGS if plain.endswith(ending)), ())
    return tuple(dict.fromkeys((*told, *by_name)))


def body_deadline(year: int) -> date:
    """By when a department, town or subdistrict publishes: 31 January (art. 49; the notice, 二（一）)."""
    return date(year + 1, 1, 31)


LEVELS: Mapping[str, tuple[int, int]] = {"县级": (2, 20), "市级": (3, 10), "省级": (3, 31)}
"""Level of a government → month and day by which it publishes its own report (the notice, 二（二）)."""


def government_deadline(year: int, level: str) -> date:
    """By when a government of this level publishes its own report of a year."""
    month, day = LEVELS[level]
    return date(year + 1, month, day)
