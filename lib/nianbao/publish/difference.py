"""One thing that differs between what lies in a folder and what was rebuilt."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

ABSENT = object()


@dataclass(frozen=True)
class Difference:
    """Where, and what: ``安海镇/tables.json 行政许可〔本年处理决定数量〕：文件中为 15，重新生成为 14。``"""

    where: str
    what: str

    def __str__(self) -> str:
        return f"{self.where}：{self.what.removesuffix('。')}。"


def two_values(where: str, there: Any, rebuilt: Any) -> Difference:
    """A value in a file against the rebuilt one."""
    return Difference(where, f"文件中为 {shown(there)}，重新生成为 {shown(rebuilt)}")


def shown(value: Any) -> str:
    """A value as a message prints it, cut where it is long."""
    if value is ABSENT:
        return "没有"
    if value is None:
        return "空"
    if isinstance(value, bool):
        return "true" if value else "false"
    text = str(value).replace("\n", "⏎")
    return text if len(text) <= 80 else f"{text[:79]}…"


def differing(there: Mapping[str, Any], rebuilt: Mapping[str, Any]) -> Iterator[tuple[str, Any, Any]]:
    """Keys whose values differ, with both; :data:`ABSENT` on the side that has none."""
    for key in dict.fromkeys((*rebuilt, *there)):
        pair = there.get(key, ABSENT), rebuilt.get(key, ABSENT)
        if type(pair[0]) is not type(pair[1]) or pair[0] != pair[1]:
            yield key, *pair
