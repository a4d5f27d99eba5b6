"""Every number that a report holds, this year's and last year's, with the words that name it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from nianbao.report import Report
from nianbao.statute.cell import Cell

_GENERAL = frozenset(["政府", "府信", "信息", "息公", "公开", "开申", "申请", "请数", "数量", "本年", "年度", "件数"])


@dataclass(frozen=True)
class Named:
    """A number with its name and the pairs of characters that it is known by; 条, 件, 元 or 万元 as the form counts it."""

    name: str
    words: frozenset[str]
    value: Decimal


@dataclass(frozen=True)
class Known:
    """Every number that a report holds, with the words that name it.

    Attributes
    ----------
    year : int
    named : tuple of Named
    wholes : frozenset of Decimal
        What shares are of: what was disclosed, received and handled.
    last : Known or None
        The same of last year's report, where there is one.
    """

    year: int
    named: tuple[Named, ...]
    wholes: frozenset[Decimal]
    last: Known | None = None

    @classmethod
    def of(cls, report: Report) -> Known:
        disclosure, fees = report.disclosure, report.params.fees
        told: list[tuple[str, int | Decimal | None]] = [
            *((field.label, _number(report.cells[key])) for key, field in report.edition.fields.items()),
            *((item.name, item.count) for item in disclosure.classes),
            *disclosure.channels.items(),
            ("主动公开总数条数合计", report.disclosed),
            ("本年度办理结果总计，办结申请数量", _number(report.cells["t3.total.total"])),
            ("信息处理费收费通知件数", fees.notices),
            ("信息处理费收费金额", fees.amount),
        ]
        totals = [report.disclosed, *(_number(report.cells[key]) for key in _WHOLES if key in report.cells)]
        return cls(
            report.year,
            tuple(Named(name, words_of(name), Decimal(value)) for name, value in told if value is not None),
            frozenset(Decimal(total) for total in totals if total),
            None if report.previous is None else cls.of(report.previous),
        )

    def has(self, value: Decimal, heads: str) -> bool:
        """Whether the report holds this number under one of the names that share most words with the heads."""
        return any(one.value == value for one in self._nearest(heads))

    def _nearest(self, heads: str) -> list[Named]:
        """What the heads may name; of the columns of a row the total, where they name none."""
        words = words_of(heads)
        shared = [(len(words & one.words), one) for one in self.named]
        most = max((count for count, _ in shared), default=0)
        near = [one for count, one in shared if count >= max(1, most - most // 3)]
        if any(count == most and one.name.endswith(_TOTAL) for count, one in shared):
            return [one for one in near if one.name.endswith(_TOTAL) or not one.name.endswith("〕")]
        return near

    def names(self, name: str) -> bool:
        """Whether it holds a number under exactly this name."""
        return any(one.name == name for one in self.named)

    def anywhere(self, value: Decimal) -> bool:
        """Whether this year's report or last year's holds this number under any name."""
        return any(one.value == value for one in self.named) or (self.last is not None and self.last.anywhere(value))

    def has_share(self, told: Decimal, digits: int) -> bool:
        """Whether a rate in per cent is that of any number of this year's in one of the wholes."""
        return any(is_share_of(told, digits, one.value, whole) for one in self.named for whole in self.wholes)

    def tells_of_last_year(self, words: str) -> bool:
        """Whether words name last year and not this one."""
        return bool(_LAST_YEAR.search(words) or f"{self.year - 1}" in words) and f"{self.year}" not in words

    def changes(self, heads: str) -> Iterator[tuple[Decimal, Decimal]]:
        """Last year's number and this year's under each name that has both, of those that share most words with the heads."""
        before = {} if self.last is None else {one.name: one.value for one in self.last.named}
        yield from ((before[one.name], one.value) for one in self._nearest(heads) if one.name in before)


_WHOLES = ("t3.received.total", "t3.total.total", "t4.review.total", "t4.direct.total", "t4.after_review.total")
_TOTAL = "〔总计〕"
_FILLED_UP = 6
_LAST_YEAR = re.compile("上一?年(?!度?结转)|去年")


def is_share_of(told: Decimal, digits: int, part: Decimal, whole: Decimal) -> bool:
    """Whether a rate, told in per cent or as a fraction with so many decimals, is that of a part in a whole."""
    if not whole:
        return False
    exact = part / whole
    allowed = Decimal("0.5").scaleb(-digits) + Decimal("1e-9")
    return abs(exact * 100 - told) <= allowed or (digits > 1 and abs(exact - told) <= allowed)


def decimals(value: Decimal) -> int:
    """How many decimals a number is written with; the noughts that pandas fills up with do not count."""
    written = max(0, -int(value.as_tuple().exponent))
    return written if written < _FILLED_UP else max(0, -int(value.normalize().as_tuple().exponent))


def words_of(name: str) -> frozenset[str]:
    """Pairs of neighbouring Chinese characters, without those that stand in every name of the form."""
    han = re.findall("[\u4e00-\u9fff]+", name)
    return frozenset(run[at : at + 2] for run in han for at in range(len(run) - 1)) - _GENERAL


def _number(cell: Cell) -> int | Decimal | None:
    return cell.number if cell.is_number else None
