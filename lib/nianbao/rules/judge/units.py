"""The words that count things, by what they count; and what must not follow one for it to be a unit."""

from __future__ import annotations

# A unit and the characters that make another word of it: 条 in 条例 counts nothing.
_UNITS: dict[str, tuple[str, str]] = {
    # unit: (what it counts, what must not follow)
    "条次": ("item", ""), "件次": ("item", ""), "篇次": ("item", ""), "条": ("item", "例款目线约码龙块形"),
    "件": ("item", "套事"), "篇": ("item", "章幅"), "份": ("item", "额"), "则": ("item", ""), "宗": ("item", "旨教"),
    "起": ("item", "草诉到来步点"), "例": ("item", "如会行外"), "封": ("item", "面闭"), "部": ("item", "门分署委级队"),
    "项": ("item", "目"), "则次": ("item", ""),
    "人次": ("view", ""), "次": ("event", "日年数"), "场次": ("event", ""), "期次": ("event", ""), "批次": ("event", ""),
    "期": ("event", "间限末货"), "场": ("event", "所地景合镇"), "轮": ("event", ""), "届": ("event", ""), "批": ("event", "准示评复"),
    "人": ("person", "民大均口才社事员力居"), "名": ("person", "称录单义誉"), "位": ("person", "置于"), "户": ("body", "外籍口"),
    "家": ("body", "庭长属"), "处": ("body", "理置罚室级"), "所": ("body", "有以需在属"), "座": ("body", "谈"), "台": ("body", "账风"),
    "块": ("body", ""), "本": ("copy", "级年镇街机市报部单届次地村局县区着"), "册": ("copy", ""), "张": ("copy", "贴家"), "幅": ("copy", "度"),
    "类": ("kind", "似型内过"), "字": ("word", "号段"), "万元": ("yuan", ""), "亿元": ("yuan", ""), "元": ("yuan", "旦月素宵"),
    "页": ("copy", "面"), "套": ("copy", ""), "辆": ("body", ""), "点": ("body", "击赞名对"), "级": ("kind", ""), "宗次": ("item", ""),
}  # fmt: skip

_GENERAL = (
    "个(?:次|类|批次)?(?!工作日|月|小时|百分点|部分|方面|环节|阶段|维护|确立|意识|自信|层面|季度|体|别|性|案|人(?!次))"
)

PATTERN = "|".join(
    [
        *(
            f"{unit}(?![{bad}])" if bad else unit
            for unit, (_, bad) in sorted(_UNITS.items(), key=lambda pair: -len(pair[0]))
        ),
        _GENERAL,
    ]
)
"""A regular expression for a unit, longest first."""

_SPOKEN = (
    "件",
    "条",
    "篇",
    "份",
    "宗",
    "起",
    "场",
    "则",
    "类",
    "期",
    "例",
    "项",
    "次",
    "人次",
    "元",
    "万元",
    "名",
    "家",
    "户",
    "部",
    "条次",
    "件次",
    "封",
)
IN_WORDS = "|".join(
    [
        *(
            f"{unit}(?![{_UNITS[unit][1]}])" if _UNITS[unit][1] else unit
            for unit in sorted(_SPOKEN, key=lambda unit: -len(unit))
        ),
        _GENERAL,
    ]
)
"""The units that may follow a numeral in words (三件); 人, 处, 点 and the like make words of everyday text (一点, 三人)."""

TIME = "个?工作日|个月|小时|分钟|秒|周岁|周年|周|天|日|月份?|年度?|季度|岁"
"""What measures time: never a figure of the report."""


def counts(unit: str) -> str:
    """What a unit counts: item, event, person, body, copy, kind, view, word, yuan; empty for no unit."""
    return "item" if unit[:1] == "个" else _UNITS[unit][0] if unit in _UNITS else ""


def compatible(part: str, whole: str) -> bool:
    """Whether figures of two units may be a part and its whole.

    A figure without unit goes with any; 个, 项 and 部 count bodies, events and copies as well as items.
    """
    if part == whole or not part or not whole:
        return True
    kinds = {counts(part), counts(whole)}
    if len(kinds) == 1:
        return True
    return "个" in (part, whole) and kinds <= {"item", "body", "kind"}
