"""How dates, counts, money and lists are written in Chinese official text."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal


def chinese_date(day: date) -> str:
    """2024年1月20日: Arabic figures, no leading zeros (GB/T 9704-2012, 7.3.5.4)."""
    return f"{day.year}年{day.month}月{day.day}日"


def plain_number(value: int | Decimal) -> str:
    """A figure with every digit it was given and no exponent, e.g. 190.457379."""
    return f"{value:f}" if isinstance(value, Decimal) else str(value)


def enumeration(items: Iterable[str]) -> str:
    """Items joined by the enumeration comma 、."""
    return "、".join(items)


def percentage(part: int, whole: int, places: int = 1) -> str:
    """A share rounded half up, e.g. 14.5%; trailing zeros are dropped."""
    share = (Decimal(part) * 100 / Decimal(whole)).quantize(Decimal(1).scaleb(-places), rounding="ROUND_HALF_UP")
    text = f"{share:f}"
    return (text.rstrip("0").rstrip(".") if "." in text else text) + "%"


def quoted(value: object) -> str:
    """A found value as a message shows it, cut where it is long."""
    text = str(value).replace("\n", "⏎")
    return f"“{text[:37]}…”" if len(text) > 38 else f"“{text}”"


def nearest(name: str, known: Sequence[str]) -> str | None:
    """The known name that comes closest to ``name``, in letters of either case, or None where nothing is near."""
    folded = {one.casefold(): one for one in reversed(known)}
    close = difflib.get_close_matches(name.casefold(), list(folded), n=1, cutoff=0.5)
    return folded[close[0]] if close else None


def suggestion(name: str, known: Sequence[str]) -> str:
    """``是否为 X？`` for the nearest known name, else the list of what is known."""
    close = nearest(name, known)
    return f"是否为 {close}？" if close else f"可用：{enumeration(known)}"


def publishable(warnings: int) -> str:
    """The verdict on what has no open error; how many warnings stand is never left out."""
    return f"可以发布（{warnings} 个警告）" if warnings else "可以发布"


def exit_reason(code: int | None) -> str:
    """How a process ended, from its exit code; a signal is negative (POSIX)."""
    if code is None:
        return "原因不明"
    if code == -9:
        return "被系统终止，可能是内存不足"
    return f"信号 {-code}" if code < 0 else f"退出码 {code}"
