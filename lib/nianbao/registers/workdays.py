"""Working days with the holidays and make-up days that the State Council announces, and the statutory periods.

《政府信息公开条例》 article 33: an answer is due within 20 working days of receipt,
extended by at most 20; time for consulting others does not count. Article 30: a
request to amend goes out within 7 working days of receipt, and the period then
runs from the receipt of the amended application.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt
import pandas as pd

from nianbao.params.holidays import Holidays
from nianbao.registers.applications import Applications
from nianbao.registers.periods import IN_TIME, LATE, NEVER, NOT_DUE, OVERDUE, Answers
from nianbao.registers.values import Dates

ANSWER_DAYS = 20
MAX_EXTENSION = 20
AMENDMENT_DAYS = 7

_NAT = np.datetime64("NaT", "D")


@dataclass(frozen=True)
class Calendar:
    """The working days of the years that are known, without a gap, ascending."""

    days: Dates
    first_year: int
    last_year: int

    def knows(self, dates: Dates) -> npt.NDArray[np.bool_]:
        """Whether the holidays of these days' years are known; False for NaT."""
        start, end = np.datetime64(f"{self.first_year}-01-01"), np.datetime64(f"{self.last_year}-12-31")
        return (dates >= start) & (dates <= end)

    def add(self, start: Dates, count: npt.NDArray[np.int64]) -> Dates:
        """The ``count``-th working day after ``start``; NaT where it falls into a year that is not known."""
        index = np.searchsorted(self.days, start, side="right") + count - 1
        inside = self.knows(start) & (index < len(self.days)) & (count > 0)
        result = np.full(len(start), _NAT)
        result[inside] = self.days[index[inside]]
        return result

    def between(self, first: Dates, last: Dates) -> npt.NDArray[np.float64]:
        """Working days after ``first`` up to and with ``last``, negative when it is earlier; NaN if not known."""
        known = self.knows(first) & self.knows(last)
        result = np.full(len(first), np.nan)
        counts = np.searchsorted(self.days, last[known], side="right") - np.searchsorted(
            self.days, first[known], side="right"
        )
        result[known] = counts
        return result


@lru_cache(maxsize=8)
def calendar(holidays: Holidays = ()) -> Calendar:
    """Every working day that ``chinese_calendar`` knows, and of the years that follow without a gap in ``holidays``.

    Of a year that both know the library's word counts: what stands in the params was for the time before.
    """
    from chinese_calendar import constants

    first = min(day.year for day in constants.holidays)
    last = max(day.year for day in constants.holidays)
    off, on = set(constants.holidays), set(constants.workdays)
    for known in holidays:
        if known.year == last + 1:
            last = known.year
            off = (off | known.holidays) - known.workdays
            on = (on | known.workdays) - known.holidays
    days = np.arange(np.datetime64(f"{first}-01-01"), np.datetime64(f"{last + 1}-01-01"))
    working = np.is_busday(days)
    working[np.isin(days, np.array(list(off), dtype="datetime64[D]"))] = False
    working[np.isin(days, np.array(list(on), dtype="datetime64[D]"))] = True
    return Calendar(days[working], first, last)


def answers(found: pd.DataFrame) -> Answers:
    """What :func:`deadlines` comes to."""
    states = found["状态"]
    in_time, overdue = states.str.startswith(IN_TIME), states.isin(OVERDUE)
    unknown = ~(in_time | overdue | (states == NOT_DUE))
    return Answers(int(in_time.sum()), int(overdue.sum()), int(unknown.sum()))


def deadlines(applications: Applications, holidays: Holidays = ()) -> pd.DataFrame:
    """The applications that part three counts, with what the periods come to.

    Returns
    -------
    pandas.DataFrame
        A row per application, index 收件编号. Days are ``datetime64``, counts of
        working days ``Int64``, both missing where they do not apply or where the
        holidays of a year are not known yet; 状态 says so.
    """
    year, known = applications.year, calendar(holidays)
    counted = (applications.received <= year.end) & ~(applications.answered < year.start)
    received, answered = applications.received[counted], applications.answered[counted]
    amended, notified = applications.amended[counted], applications.notified[counted]
    extension, excluded = applications.extension[counted], applications.excluded[counted]

    start = np.where(np.isnat(amended), received, amended)
    due = known.add(start, ANSWER_DAYS + np.minimum(extension, MAX_EXTENSION) + excluded)
    year_end = np.full(len(due), year.end)
    open_ = np.isnat(answered) | (answered > year.end)
    late = np.maximum(known.between(due, np.where(np.isnat(answered), year_end, answered)), 0)
    remaining = np.where(open_, known.between(year_end, due), np.nan)

    asked = ~np.isnat(notified)
    notice_due = known.add(received, np.full(len(received), AMENDMENT_DAYS))
    notice_late = np.where(asked, np.maximum(known.between(notice_due, notified), 0), np.nan)
    unknown = np.isnat(due) | (~np.isnat(answered) & ~known.knows(answered))
    state = np.select(
        [
            unknown,
            open_ & (late > 0) & np.isnat(answered),
            late > 0,
            open_,
            extension > MAX_EXTENSION,
        ],
        [
            f"只知道 {known.first_year} 至 {known.last_year} 年的放假安排，无法计算",
            NEVER,
            LATE,
            NOT_DUE,
            f"{IN_TIME}，但延长超过 {MAX_EXTENSION} 个工作日",
        ],
        default=IN_TIME,
    )
    return pd.DataFrame(
        {
            "收到日期": _stamps(received),
            "起算日期": _stamps(start),
            "延长工作日": extension,
            "扣除工作日": excluded,
            "应答复日期": _stamps(due),
            "答复日期": _stamps(answered),
            "逾期工作日": _whole(late),
            "年末剩余工作日": _whole(remaining),
            "补正告知期限": _stamps(np.where(asked, notice_due, _NAT)),
            "补正告知日期": _stamps(notified),
            "补正告知逾期工作日": _whole(notice_late),
            "状态": pd.Series(state, dtype="str"),
        }
    ).set_index(pd.Index(applications.counted.ids[counted], name="收件编号", dtype="str"))


def _stamps(days: Dates) -> pd.Series[pd.Timestamp]:
    return pd.Series(days.astype("datetime64[s]"))


def _whole(counts: npt.NDArray[np.float64]) -> pd.Series[int]:
    return pd.Series(pd.array(counts, dtype="Float64")).astype("Int64")
