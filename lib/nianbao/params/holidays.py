"""``params/holidays.yaml``: the days off of years that the library's calendar does not know yet.

The General Office of the State Council announces them in November for the year that follows; an answer that was
asked for in December is due in January, and a closed network cannot fetch a newer calendar.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path

from nianbao.errors import NianbaoError, ParamsError
from nianbao.params.models import HolidaysFile, YearOff
from nianbao.params.validate import raise_all, validate
from nianbao.params.yamlio import YamlFile, read_yaml
from nianbao.wording import chinese_date

HOLIDAYS = "holidays.yaml"
FEWEST = 13
"""Days off that 《全国年节及纪念日放假办法》 (2024) gives everybody in a year."""


@dataclass(frozen=True)
class DaysOff:
    """What was announced for one year."""

    year: int
    holidays: frozenset[date]
    workdays: frozenset[date]


Holidays = tuple[DaysOff, ...]
"""Years in ascending order."""


def load_holidays(params_dir: Path) -> Holidays:
    """The years of ``holidays.yaml``; none where there is no such file or it holds comments only.

    Raises
    ------
    ParamsError
        With file and line of what is wrong; several together as ``ErrorList``.
    """
    path = params_dir / HOLIDAYS
    if not path.is_file():
        return ()
    stat = path.stat()
    return _load(path, stat.st_mtime_ns, stat.st_size)


@lru_cache(maxsize=8)
def _load(path: Path, _stamp: int, _size: int) -> Holidays:
    file = read_yaml(path)
    if file.data is None:
        return ()
    years = validate(HolidaysFile, file).root
    errors = [error for year, off in years.items() for error in _mistakes(file, year, off)]
    if errors:
        raise_all(errors)
    return tuple(
        DaysOff(int(year), frozenset(off.holidays), frozenset(off.workdays)) for year, off in sorted(years.items())
    )


def _mistakes(file: YamlFile, year: str, off: YearOff) -> list[NianbaoError]:
    errors: list[NianbaoError] = []

    def wrong(key: str, index: int, text: str, remedy: str) -> None:
        errors.append(ParamsError(file.where((year, key, index)), text, remedy))

    seen: set[date] = set()
    for key, days in (("holidays", off.holidays), ("workdays", off.workdays)):
        for index, day in enumerate(days):
            named = chinese_date(day)
            if day in seen:
                wrong(key, index, f"{named}写了两次", "只保留一处，放假或者上班")
            elif day.year != int(year) and (day.year, day.month) != (int(year) - 1, 12):
                wrong(key, index, f"{named}不在 {year} 年", f"写到 {day.year} 年下面；元旦连休可以写上年 12 月")
            elif key == "workdays" and day.weekday() < 5:
                wrong(key, index, f"{named}不是周末，本来就上班", "workdays 只写调休上班的周末")
            seen.add(day)
    if not errors and (count := len(off.holidays)) < FEWEST:
        text = f"{year} 年放假的日子应不少于 {FEWEST} 天（《全国年节及纪念日放假办法》），实有 {count} 天"
        errors.append(ParamsError(file.where((year, "holidays")), text, "把通知里放假的每一天都写上，含其中的周末"))
    return errors
