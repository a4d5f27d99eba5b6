"""全市: what the prose of a city's own report may name: its bodies together, by kind, and as of last year."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from nianbao.report.report import Body, Report
from nianbao.report.values import TO_FILL_IN, Blank, Quoted, Values, mark
from nianbao.statute.bodies import KINDS

Figure = Quoted | Blank
Count = Callable[[Body], int | None]


@dataclass(frozen=True)
class Change:
    """A figure against last year's: prints as 增加3件, 减少3件 or 持平."""

    figure: Figure
    unit: str
    up: bool

    def render(self) -> str:
        if isinstance(self.figure, Blank):
            return TO_FILL_IN
        if not self.figure.value:
            return "持平"
        return f"{'增加' if self.up else '减少'}{mark(self.figure)}{self.unit}"


def whole_city(report: Report) -> Values:
    """Figures (条, 件) by name: 单位数, 主动公开.总数, 依申请公开.新收 and so on; the same under 上年, and by kind of body.

    增减 has them against last year's. Of a figure that any body lacks there is none.
    """
    t3 = report.edition.t3
    rows = {"新收": t3.received, "上年结转": t3.carried_in, "办结": t3.total_row, "结转下年": t3.carried_out}
    counts: dict[str, dict[str, tuple[Count, Count]]] = {
        "主动公开": {"总数": (lambda body: body.disclosed, lambda body: body.last_disclosed)},
        "依申请公开": {name: _row(f"t3.{row}.{t3.total_column}") for name, row in rows.items()},
    }

    def figures(name: str, key: str, bodies: Iterable[Body], last: bool) -> dict[str, Any]:
        chosen = tuple(bodies)
        return {
            matter: Values(
                f"{name}.{matter}",
                {word: _sum(f"{key}.{matter}.{word}", chosen, both[last]) for word, both in words.items()},
            )
            for matter, words in counts.items()
        }

    now, before = (figures("全市", "city.sum", report.bodies, last) for last in (False, True))
    changes = {
        matter: Values(
            f"全市.增减.{matter}",
            {
                word: _change(now[matter][word], before[matter][word], f"city.change.{matter}.{word}", _UNITS[matter])
                for word in words
            },
        )
        for matter, words in counts.items()
    }
    kinds = {
        kind: Values(
            f"全市.{kind}",
            {
                "单位数": Quoted(len(chosen), f"city.{kind}.bodies"),
                **figures(f"全市.{kind}", f"city.{kind}", chosen, False),
            },
        )
        for kind in KINDS
        if (chosen := [body for body in report.bodies if body.unit.kind == kind])
    }
    return Values(
        "全市",
        {
            "单位数": Quoted(len(report.bodies), "city.bodies"),
            **now,
            "上年": Values("全市.上年", before),
            "增减": Values("全市.增减", changes),
            **kinds,
        },
    )


_UNITS = {"主动公开": "条", "依申请公开": "件"}


def _row(key: str) -> tuple[Count, Count]:
    def now(body: Body) -> int | None:
        return _whole(body, key, last=False)

    def last(body: Body) -> int | None:
        return _whole(body, key, last=True)

    return now, last


def _whole(body: Body, key: str, *, last: bool) -> int | None:
    cell = (body.last_year or {}).get(key) if last else body.cells.get(key)
    return int(cell.number) if cell is not None and cell.is_number else None


def _sum(key: str, bodies: Iterable[Body], count: Count) -> Figure:
    found = [count(body) for body in bodies]
    numbers = [one for one in found if one is not None]
    return Quoted(sum(numbers), key) if numbers and len(numbers) == len(found) else Blank()


def _change(now: Figure, before: Figure, key: str, unit: str) -> Change:
    if isinstance(now, Blank) or isinstance(before, Blank):
        return Change(Blank(), unit, up=True)
    difference = int(now.value) - int(before.value)
    return Change(Quoted(abs(difference), key), unit, up=difference > 0)
