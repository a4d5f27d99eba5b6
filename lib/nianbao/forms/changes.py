"""What a filled-in form changes, a Chinese line each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from difflib import SequenceMatcher
from typing import Any

from nianbao.forms.contents import SINGLE, dig, paragraphs, table_values
from nianbao.forms.layout_text import NARRATIVE
from nianbao.forms.plan import FormPlan
from nianbao.params.writer import same
from nianbao.wording import plain_number, quoted


@dataclass(frozen=True)
class Change:
    """One thing that changes. ``old`` and ``new`` are plain values; None is blank or not there."""

    key: str
    label: str
    old: Any
    new: Any

    def __str__(self) -> str:
        old, new = _where_they_part(self.old, self.new)
        return f"{self.label}：{_shown(old)} → {_shown(new)}"


BEFORE = 8
"""Characters shown before the first that differs."""
LONG = 36
"""Longer texts are cut where they are shown."""


def _where_they_part(old: Any, new: Any) -> tuple[Any, Any]:
    """Two long texts from shortly before the place where they begin to differ."""
    if not (isinstance(old, str) and isinstance(new, str)):
        return old, new
    common = next((i for i, (a, b) in enumerate(zip(old, new, strict=False)) if a != b), min(len(old), len(new)))
    start = common - BEFORE
    return (f"…{old[start:]}", f"…{new[start:]}") if start > 1 and max(len(old), len(new)) > LONG else (old, new)


def _shown(value: Any) -> str:
    if value is None:
        return "空白"
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, (int, Decimal)):
        return plain_number(value)
    return value.isoformat() if isinstance(value, date) else quoted(value)


def changes(plan: FormPlan, old: Mapping[str, Any], new: Mapping[str, Any]) -> tuple[Change, ...]:
    """Every difference between the params as they are and as the form says, in the order of the form."""
    return (*_single(plan, old, new), *_lists(old, new), *_tables(plan, old, new), *_narrative(plan, old, new))


def _single(plan: FormPlan, old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Change]:
    for key in SINGLE:
        if not same(dig(old, key), dig(new, key)):
            yield Change(key, plan.slots[key].label, dig(old, key), dig(new, key))


def _lists(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Change]:
    before, after = dig(old, "disclosure.classes") or [], dig(new, "disclosure.classes") or []
    if not same(before, after):
        names = list(dict.fromkeys(item["name"] for item in (*before, *after)))
        differ = [name for name in names if _counts(before, name) != _counts(after, name)]
        for name in differ:
            yield Change("disclosure.classes", f"公开分类〔{name}〕", _counts(before, name), _counts(after, name))
        if not differ:
            yield Change("disclosure.classes", "公开分类的次序", _order(before), _order(after))
    channels, wanted = dig(old, "disclosure.channels") or {}, dig(new, "disclosure.channels") or {}
    for name in dict.fromkeys([*channels, *wanted]):
        if channels.get(name) != wanted.get(name):
            yield Change(f"disclosure.channels.{name}", f"其他渠道〔{name}〕", channels.get(name), wanted.get(name))


def _counts(items: list[Mapping[str, Any]], name: str) -> int | str | None:
    """The figure of a class; all of them where it is listed twice."""
    found = [item["count"] for item in items if item["name"] == name]
    return "、".join(map(str, found)) if len(found) > 1 else found[0] if found else None


def _order(items: list[Mapping[str, Any]]) -> str:
    return "、".join(item["name"] for item in items)


def _tables(plan: FormPlan, old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Change]:
    before, after = table_values(old, plan.edition), table_values(new, plan.edition)
    for key, field in plan.edition.fields.items():
        if key in after and not same(before.get(key), after[key]):
            yield Change(key, field.label, before.get(key), after[key])


def _narrative(plan: FormPlan, old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Change]:
    headings = {part.key: part.heading for part in plan.edition.parts}
    for part, name, _ in NARRATIVE:
        before, after = paragraphs(dig(old, f"narrative.{part}")), paragraphs(dig(new, f"narrative.{part}"))
        heading = headings.get(part) or name
        for _, a, b, c, d in (
            op for op in SequenceMatcher(None, before, after, False).get_opcodes() if op[0] != "equal"
        ):
            for index in range(max(b - a, d - c)):
                was = before[a + index] if a + index < b else None
                now = after[c + index] if c + index < d else None
                place = c + index + 1 if now is not None else a + index + 1
                yield Change(f"narrative.{part}", f"正文〔{heading}〕第 {place} 段", was, now)
