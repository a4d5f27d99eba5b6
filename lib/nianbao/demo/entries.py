"""Invented register entries of one unit: what would have to have happened for the figures to be what they are.

Everything hangs on the unit's id and the year of the entry, so the report of a year and
that of the year after tell the same of an application that was carried over.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import TypeVar

from nianbao.statute import Edition

T = TypeVar("T")


@dataclass(frozen=True)
class Application:
    """An application; ``outcome`` and ``applicant`` are keys of part three."""

    number: str
    received: date
    applicant: str
    outcome: str
    answered: date


@dataclass(frozen=True)
class Case:
    """A review or lawsuit; ``group`` and ``result`` are keys of part four."""

    number: str
    group: str
    accepted: date
    result: str
    closed: date


@dataclass(frozen=True)
class Document:
    """A normative document."""

    number: str
    title: str
    made: date
    repealed: date | None


@dataclass(frozen=True)
class Item:
    """Something that was put on the website."""

    number: str
    published: date
    title: str
    category: str


def draws(*seed: object) -> random.Random:
    """The same draws for the same seed, on every machine."""
    return random.Random(" ".join(map(str, seed)))  # noqa: S311  (figures to try with, not secrets)


def _weighted(dice: random.Random, weights: dict[T, int]) -> T:
    return dice.choices(list(weights), list(weights.values()))[0]


def _day(dice: random.Random, year: int) -> date:
    """A weekday of the year."""
    day = date(year, 1, 1) + timedelta(days=dice.randrange(365))
    return day + timedelta(days=7 - day.weekday()) if day.weekday() > 4 and day.month < 12 else _weekday(day)


def _weekday(day: date) -> date:
    return day - timedelta(days=max(0, day.weekday() - 4))


_APPLICANTS = {"natural": 14, "commercial": 4, "legal": 2, "other": 1, "welfare": 1}
_OUTCOMES = {
    "granted": 9, "partial": 3, "denied.third_party": 2, "denied.process": 1, "denied.enforcement": 1,
    "denied.query": 2, "unavailable.not_held": 6, "unavailable.not_compiled": 1, "declined.petition": 2,
    "declined.repeat": 1, "other.other": 1,
}  # fmt: skip


def applications(unit: str, year: int) -> tuple[Application, ...]:
    """The applications received in a year, by date."""
    dice = draws(unit, year, "applications")
    count = 0 if draws(unit, "quiet").random() < 0.2 else dice.randint(1, 12)
    days = sorted(_day(dice, year) for _ in range(count))
    if count and dice.random() < 0.5:  # one late in the year, so that something is carried over
        days[-1] = _weekday(date(year, 12, dice.randint(16, 30)))
    entries = []
    for number, received in enumerate(days, start=1):
        answered = _weekday(received + timedelta(days=dice.randint(8, 24)))
        entry = (_weighted(dice, _APPLICANTS), _weighted(dice, _OUTCOMES), answered)
        entries.append(Application(f"{year}-{number:03d}", received, *entry))
    return tuple(entries)


def cases(unit: str, year: int) -> tuple[Case, ...]:
    """The reviews and lawsuits accepted in a year; few units have any."""
    dice = draws(unit, year, "cases")
    entries = []
    for number in range(1, _weighted(dice, {0: 8, 1: 3, 2: 1}) + 1):
        accepted = _day(dice, year)
        group = _weighted(dice, {"review": 5, "direct": 1 if year < 2024 else 0, "after_review": 2})
        result = _weighted(dice, {"upheld": 5, "corrected": 1, "other": 2})
        closed = _weekday(accepted + timedelta(days=dice.randint(40, 100)))
        entries.append(Case(f"示例{year}-{number}", group, accepted, result, closed))
    return tuple(entries)


_SUBJECTS = (
    "村庄建设管理", "市容环境整治", "农村人居环境整治补助", "小型工程建设管理", "消防安全网格化管理",
    "流动摊贩疏导点管理", "公共停车场管理", "临时救助办理", "河道巡查", "农贸市场管理",
)  # fmt: skip
LONGEST_LIFE = 8
"""Years after which a normative document has been repealed."""


def documents(unit: str, year: int) -> tuple[Document, ...]:
    """The normative documents that may have been in force in a year or were repealed in it."""
    entries = []
    for made_in in range(year - LONGEST_LIFE, year + 1):
        dice = draws(unit, made_in, "documents")
        for number in range(1, _weighted(dice, {0: 3, 1: 4, 2: 2}) + 1):
            made = _day(dice, made_in)
            life = dice.randint(2, LONGEST_LIFE)
            repealed = _weekday(date(made_in + life, dice.randint(2, 11), dice.randint(3, 27)))
            title = f"示例文件：{dice.choice(_SUBJECTS)}办法"
            if repealed.year >= year:
                ended = repealed if repealed.year == year else None  # the office does not know the future
                entries.append(Document(f"示例〔{made_in}〕{number}号", title, made, ended))
    return tuple(entries)


def normative(unit: str, year: int) -> tuple[int, int, int]:
    """Normative documents made in a year, repealed in it, and in force at its end."""
    known = documents(unit, year)
    return (
        sum(entry.made.year == year for entry in known),
        sum(entry.repealed is not None for entry in known),
        sum(entry.repealed is None for entry in known),
    )


CATEGORIES = (
    "机构职能", "政策、规范性文件", "规划计划", "行政许可", "重大建设项目", "为民办实事",
    "民政扶贫救灾社会保障就业", "国土资源城乡建设环保能源", "科教文体卫生", "安全生产、应急管理",
)  # fmt: skip


def items(unit: str, year: int) -> tuple[Item, ...]:
    """What was put on the website in a year, by class."""
    dice = draws(unit, year, "items")
    chosen = sorted(dice.sample(range(len(CATEGORIES)), dice.randint(5, 8)))
    entries: list[Item] = []
    for name in [*(CATEGORIES[index] for index in chosen), "其他"]:
        for day in sorted(_day(dice, year) for _ in range(dice.randint(2, 24))):
            number = len(entries) + 1
            entries.append(Item(f"示例{year}{number:04d}", day, f"示例信息：{name}第{number}条", f"{name}类信息"))
    return tuple(entries)


@dataclass(frozen=True)
class Plain:
    """Figures for which no register is kept: decisions (件), money (万元 and 元), WeChat posts, notices."""

    licensing: int
    penalty: int
    coercion: int
    services: int
    fees: Decimal | int
    posts: int
    notices: int
    charged: Decimal | int


def plain_figures(unit: str, year: int) -> Plain:
    """Figures that a report types whatever its registers."""
    dice = draws(unit, year, "plain")
    fees = Decimal(dice.randint(10_000, 900_000)).scaleb(-4) if dice.random() < 0.25 else 0
    notices = 1 if dice.random() < 0.1 and applications(unit, year) else 0
    plain = Plain(
        licensing=dice.randint(0, 60),
        penalty=dice.randint(0, 25),
        coercion=_weighted(dice, {0: 6, 1: 2, 3: 1}),
        services=dice.randint(0, 12),
        fees=fees,
        posts=dice.randint(150, 1400),
        notices=notices,
        charged=Decimal(dice.randint(200, 900)).scaleb(-1) if notices else 0,
    )
    # What was charged is part of 行政事业性收费, in 万元.
    return plain if plain.fees or not plain.notices else replace(plain, fees=Decimal(plain.charged).scaleb(-4))


def part_three(unit: str, year: int, edition: Edition) -> dict[str, list[int]]:
    """Every row of part three, counted from the applications; columns in the order of the form."""
    t3 = edition.t3
    keys = [column.key for column in t3.applicants]
    known = (*applications(unit, year - 1), *applications(unit, year))

    def row(chosen: Sequence[Application]) -> list[int]:
        counts = [sum(entry.applicant == key for entry in chosen) for key in keys]
        return [*counts, sum(counts)]

    closed = [entry for entry in known if entry.answered.year == year]
    rows = {
        t3.received: row([entry for entry in known if entry.received.year == year]),
        t3.carried_in: row([e for e in known if e.received.year < year <= e.answered.year]),
        **{key: row([e for e in closed if outcome_row(e.outcome, edition) == key]) for key in t3.outcomes},
        t3.total_row: row(closed),
        t3.carried_out: row([e for e in known if e.received.year <= year < e.answered.year]),
    }
    return {key: rows[key] for key in (r.key for r in t3.rows)}


def outcome_row(outcome: str, edition: Edition) -> str:
    """The row of an outcome; the form of 2019 has a single row for （六）其他处理."""
    return outcome if outcome in edition.t3.outcomes else outcome.partition(".")[0]


def part_four(unit: str, year: int, edition: Edition) -> dict[str, list[int]]:
    """Every group of part four, counted from the cases; columns in the order of the form."""
    t4 = edition.t4
    known = (*cases(unit, year - 1), *cases(unit, year))
    rows: dict[str, list[int]] = {}
    for group in t4.groups:
        inside = [case for case in known if case.group == group.key]
        closed = [case for case in inside if case.closed.year == year]
        counts = {column.key: sum(case.result == column.key for case in closed) for column in t4.results}
        counts["pending"] = sum(case.closed.year > year for case in inside)
        rows[group.key] = [*(counts[column.key] for column in t4.results), sum(counts.values())]
    return rows
