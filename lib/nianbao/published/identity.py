"""Whose report it is, for which year: title, authority, document number, date."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from nianbao.published.labels import compact

_MOST_TITLE_LINES = 4
_LONGEST_PIECE = 40
_LONGEST_TITLE = 120
_TITLE_END = r"(?:政府信息公开|政务公开)(?:工作)?(?:年度)?(?:工作)?(?:情况)?(?:年度)?报告"
_TITLE = re.compile(
    rf"(?P<before>[^。，；：《》]{{0,40}}?)(?P<year>20[0-9]{{2}})年?度?(?P<after>[^。，；：《》]{{0,40}}?){_TITLE_END}"
)
_TITLE_LAST = re.compile(
    rf"(?P<before>[^。，；：《》]{{0,40}}?){_TITLE_END}\((?P<year>20[0-9]{{2}})年?度?\)(?P<after>)"
)
_DETAILS = re.compile(r"(?:信息来源|来源|作者|发布时间|发布日期|时间|日期|浏览|字体|点击)[:：].*$")
_SITE_TAIL = re.compile(r"[_|\-\u2013—>].*$")
_PERIOD = re.compile(r"(?<![0-9])(20[0-9]{2})年1月1日(?:起)?(?:至|到|—|-|~|～)(?:(20[0-9]{2})年)?12月31日")
_NUMBER = re.compile(r"[\u4e00-\u9fff]{1,12}[〔\[【(（﹝]20[0-9]{2}[〕\]】)）﹞][0-9]{1,4}号")
_AUTHORITY = re.compile(r"[\u4e00-\u9fff]{2,40}(?:人民政府|办事处|办公室|委员会|管委会|局|厅|院|中心|政府|部|处)")
_RED_HEAD = re.compile(r"([\u4e00-\u9fff]{2,40})文件")
_DATE = re.compile(r"(20[0-9]{2})年([0-9]{1,2})月([0-9]{1,2})日")
_ISO_DAY = re.compile(r"(20[0-9]{2})[-/.年]([0-9]{1,2})[-/.月]([0-9]{1,2})(?![0-9])")
_PUBLISHED = re.compile(rf"(?:时间|日期):?{_ISO_DAY.pattern}")
_DIGITS = {digit: str(value) for value, digit in enumerate("〇一二三四五六七八九")} | {"○": "0", "零": "0"}
_CHINESE_DATE = re.compile(
    r"([二〇○零一三四五六七八九]{4})年([一二三四五六七八九十]{1,3})月([一二三四五六七八九十]{1,3})日"
)
_PLACE = re.compile(
    r"(?:[^省市县区镇乡]{2,8}(?:省|自治区))?(?P<above>(?:[^市县区镇乡]{2,8}市)?(?:[^市县区镇乡]{1,8}[市县区])?)"
    r"(?P<name>[^市县镇乡]{1,12}镇?(?:街道|镇|乡))(?:办事处|人民政府)?"
)


@dataclass(frozen=True)
class ReportTitle:
    """A title that was found: as printed, its year, and whom it names."""

    text: str
    year: int
    unit: str


def read_title(text: str) -> ReportTitle | None:
    """A line as the title of an annual report, or None."""
    line = compact(text)
    if len(line) > _LONGEST_TITLE:
        return None
    for pattern in (_TITLE_LAST, _TITLE):
        for candidate in (line, _SITE_TAIL.sub("", line), _DETAILS.sub("", line)):
            if match := pattern.fullmatch(candidate):
                named = (match["before"] or match["after"]).removesuffix("关于").removesuffix("度")
                return ReportTitle(candidate, int(match["year"]), _out_of_brackets(named))
    return None


def _out_of_brackets(name: str) -> str:
    """A name without brackets around it or left over; 市场监管局(知识产权局) keeps its own."""
    whole = name.startswith("(") and name.endswith(")")
    return name.strip("()") if whole or name.count("(") != name.count(")") else name


def read_period(lines: Iterable[str]) -> int | None:
    """The year from 1 January to 31 December of which the report says it covers; None where none or several."""
    years = {
        int(match[1])
        for line in lines
        for match in _PERIOD.finditer(compact(line))
        if match[2] is None or match[2] == match[1]
    }
    return years.pop() if len(years) == 1 else None


def read_number(lines: Iterable[str]) -> str | None:
    """The document number (文号) that stands on a line of its own, as printed."""
    return next((text for line in lines if _NUMBER.fullmatch(text := "".join(line.split()))), None)


def read_red_head(lines: Iterable[str]) -> str | None:
    """The authority before 文件 in the red head."""
    return next((match[1] for line in lines if (match := _RED_HEAD.fullmatch(compact(line)))), None)


def is_authority(line: str) -> bool:
    """Whether a line is the name of an authority and nothing else."""
    return bool(_AUTHORITY.fullmatch(compact(line)))


def read_date(line: str) -> date | None:
    """A line that is a date and nothing else, in Arabic or Chinese figures."""
    text = compact(line).strip("()")
    if match := _DATE.fullmatch(text):
        return _day(int(match[1]), int(match[2]), int(match[3]))
    if match := _CHINESE_DATE.fullmatch(text):
        year = int("".join(_DIGITS[digit] for digit in match[1]))
        return _day(year, _small(match[2]), _small(match[3]))
    return None


def read_publication_day(declared: str, lines: Iterable[str]) -> date | None:
    """The day on which a page says it was published: in its head, or on a line such as 发布时间：2024-01-20."""
    if match := _ISO_DAY.match(declared.strip()):
        return _day(*map(int, match.groups()))
    found = {
        day
        for line in lines
        for match in _PUBLISHED.finditer(compact(line))
        if (day := _day(*map(int, match.groups())))
    }
    return found.pop() if len(found) == 1 else None


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _small(text: str) -> int:
    """Chinese numerals from 一 to 九十九."""
    tens, ten, ones = text.rpartition("十")
    one = int(_DIGITS[ones]) if len(ones) == 1 else 0
    return (int(_DIGITS[tens]) if tens else 1) * 10 + one if ten else one


@dataclass(frozen=True)
class Place:
    """A unit's name taken apart: 某某市 + 某某镇; ``above`` is empty where no city or county is named."""

    above: str
    name: str
    kind: str


def read_place(name: str) -> Place:
    """What a unit is called and what it is: 镇 (also 乡), 街道, or 市 for every other body."""
    text = re.sub("(?<=[镇乡])政府$", "", name.replace("人民政府", "")).removesuffix("办事处")
    if match := _PLACE.fullmatch(text):
        last = match["name"]
        return Place(match["above"], last, "街道" if last.endswith("街道") else "镇")
    return Place("", text or name, "市")


def is_place(line: str) -> bool:
    """Whether a line is the name of a place or an authority and nothing else."""
    return is_authority(line) or bool(_PLACE.fullmatch(compact(line)))


def titles_among(lines: Sequence[str]) -> tuple[ReportTitle, ...]:
    """Every title among some lines, also one that is broken over up to three lines after whom it names."""
    found: list[ReportTitle] = []
    for index in range(len(lines)):
        title = read_title(lines[index])
        if title is None or not title.unit:
            title = _broken_title(lines, index) or title
        if title is not None:
            found.append(title)
    return tuple(found)


def after_titles(lines: Sequence[str]) -> int:
    """The index after the last line in which a title ends; 0 where there is none."""
    ends = (i for i in range(len(lines)) if read_title(lines[i]) is not None or _broken_title(lines, i) is not None)
    return max((index + 1 for index in ends), default=0)


def _broken_title(lines: Sequence[str], last: int) -> ReportTitle | None:
    """A title that ends on a line and begins with a unit's name on one of the two lines above, or with its year."""
    for first in range(last - 1, max(last - _MOST_TITLE_LINES, -1), -1):
        if read_title(lines[first]) is not None:
            return None
        pieces = lines[first : last + 1]
        title = read_title("".join(pieces)) if all(len(piece) <= _LONGEST_PIECE for piece in pieces) else None
        if title is not None and title.unit and is_place(title.unit):
            return title
    return None
