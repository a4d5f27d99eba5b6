"""What a text is held against: the cells of a report, its channels, its fees."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol

from nianbao.report import Report
from nianbao.statute import Edition

Value = int | Decimal


class Holdings(Protocol):
    """Figures to hold a text against."""

    @property
    def edition(self) -> Edition:
        """The edition of the form that names the cells."""

    @property
    def channels(self) -> Mapping[str, int]:
        """Items (条) by channel, for those that are counted apart from the site."""

    def figure(self, key: str) -> Value | None:
        """The number in a cell, money in 元; None where it holds none.

        Besides cells of the form: ``disclosure.total`` (条), ``fees.amount`` (元), ``fees.notices`` (件).
        """


@dataclass(frozen=True)
class ReportHoldings:
    """What a report holds."""

    report: Report

    @property
    def edition(self) -> Edition:
        return self.report.edition

    @property
    def channels(self) -> Mapping[str, int]:
        return self.report.disclosure.channels

    def figure(self, key: str) -> Value | None:
        match key:
            case "disclosure.total":
                return self.report.disclosed
            case "fees.amount":
                return self.report.params.fees.amount
            case "fees.notices":
                return self.report.params.fees.notices
        cell = self.report.cells[key]
        if not cell.is_number:
            return None
        return cell.number * 10_000 if key == "t2.fees.amount" else cell.number
