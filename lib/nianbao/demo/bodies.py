"""Eighteen invented departments, so that a city with bodies of every kind can be tried: every name says 示例."""

from __future__ import annotations

import yaml

from nianbao.params import City, Unit, Units

_NUMERALS = ("一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "十一", "十二", "十三")
_LETTERS = "abcdefghijklm"
_BUREAUS = tuple(
    (f"bureau{letter}", f"示例{numeral}局", "部门") for letter, numeral in zip(_LETTERS, _NUMERALS, strict=True)
)
_OTHERS = (
    ("commission", "示例委员会", "部门"),
    ("affairs", "示例事务办公室", "部门"),
    ("centre", "示例服务中心办公室", "部门"),
    ("zone", "示例开发区管理委员会", "园区"),
    ("office", "示例人民政府办公室", "本政府机关"),
)


def departments(city: City) -> tuple[Unit, ...]:
    """Thirteen 局, a 委员会, two 办公室, a zone and the government's own office."""
    return tuple(
        Unit(id=id_, name=name, kind=kind, official_name=f"{city.name}{name}")  # type: ignore[arg-type]
        for id_, name, kind in (*_BUREAUS, *_OTHERS)
    )


def units_yaml(units: Units) -> str:
    """``units.yaml`` with these units."""
    said = {
        "city": units.city.model_dump(mode="json"),
        "units": [unit.model_dump(mode="json") for unit in units.units],
    }
    text: str = yaml.safe_dump(said, allow_unicode=True, sort_keys=False, width=1000)
    return text
