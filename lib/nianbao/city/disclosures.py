"""Proactive disclosure by unit and class: every unit's classes under the names of the main scheme."""

from __future__ import annotations

from dataclasses import dataclass

from nianbao.city.city import CitySummary, Sum
from nianbao.city.unit import UnitFigures
from nianbao.registers.columns import CLASS_ORDER, LAST_CLASS
from nianbao.registers.labels import class_key

MOST = 13
"""Columns of classes that a page holds."""
OWN = "自设类"
"""Heads the classes that units have set up themselves, where there are more of them than a page holds."""


@dataclass(frozen=True)
class DisclosureTable:
    """Disclosures (条) by unit, and by class or by channel.

    Attributes
    ----------
    heads : tuple of str
        Names of the classes or of the channels beside the website, a column each; the last may stand for several.
    rows : tuple of (UnitFigures, tuple of int or None)
        None where a unit does not name the class or channel: whether that is 0 is not known.
    sums : tuple of int
        Of each column.
    merged : tuple of str
        Names that stand together in one column.
    """

    heads: tuple[str, ...]
    rows: tuple[tuple[UnitFigures, tuple[int | None, ...]], ...]
    sums: tuple[int, ...]
    merged: tuple[str, ...]


def class_table(summary: CitySummary) -> DisclosureTable:
    """The classes of the counted units: the main scheme in its order, own ones by size, 其他 last."""
    names: dict[str, str] = {class_key(name): name for name in (*CLASS_ORDER, LAST_CLASS)}
    sums: dict[str, int] = {}
    for one in summary.counted:
        for name, count in one.classes:
            key = class_key(name)
            names.setdefault(key, _short(name))
            sums[key] = sums.get(key, 0) + count
    main = [key for key in map(class_key, CLASS_ORDER) if key in sums]
    last = [key for key in (class_key(LAST_CLASS),) if key in sums]
    own = sorted((key for key in sums if key not in (*main, *last)), key=lambda key: (-sums[key], names[key]))
    room = MOST - len(main) - len(last)
    kept, merged = (own, []) if len(own) <= room else (own[: room - 1], own[room - 1 :])
    columns: list[tuple[str, tuple[str, ...]]] = [(names[key], (key,)) for key in (*main, *kept)]
    columns += [(OWN, tuple(merged))] if merged else []
    columns += [(names[key], (key,)) for key in last]
    return DisclosureTable(
        heads=tuple(name for name, _ in columns),
        rows=tuple((one, tuple(_count(one, keys) for _, keys in columns)) for one in summary.counted),
        sums=tuple(sum(sums[key] for key in keys) for _, keys in columns),
        merged=tuple(names[key] for key in merged),
    )


def _count(one: UnitFigures, keys: tuple[str, ...]) -> int | None:
    found = [count for name, count in one.classes if class_key(name) in keys]
    return sum(found) if found else None


def _short(name: str) -> str:
    return name.removesuffix("信息").removesuffix("类") or name


def disclosed(summary: CitySummary) -> Sum:
    """Disclosures of all counted units; not whole where one gives no total."""
    found = [one.disclosed for one in summary.counted if one.disclosed is not None]
    return Sum(sum(found) if found else None, 0 < len(found) == len(summary.counted))


def channels(summary: CitySummary) -> dict[str, tuple[int, int]]:
    """Other channels: how many items (条), and of how many units."""
    found: dict[str, tuple[int, int]] = {}
    for one in summary.counted:
        for name, count in one.channels:
            items, units = found.get(name, (0, 0))
            found[name] = (items + count, units + 1)
    return found
