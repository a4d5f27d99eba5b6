"""What other systems export, taken as the register of disclosures: the site's search, a WeChat account's articles.

* A saved answer of the site's search (JSON), as Fujian's government sites give it: a list of objects with ``doctitle``,
  ``pubdate`` or ``docreltime``, ``docpuburl`` or ``chnldocurl``, and ``idxid``, ``puborg``, ``chnlid`` where they are
  filled in. Channel 网站; its class is not in the file, so it is marked 〔待填〕 with the number of its column.
* The articles of a WeChat account (XLSX with a title and a date, some months a file). Channel 微信.

Files only: nothing is fetched.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

from nianbao.errors import FormError, NianbaoError, reason_of
from nianbao.forms.register_sheets import csv_path, rows_of, to_csv
from nianbao.forms.write import SYSTEM, SYSTEM_LABELS
from nianbao.office.archive import ZIP_FAULTS
from nianbao.office.xlsx import read_xlsx
from nianbao.params import Unit
from nianbao.params.commit import FileChange, write_all
from nianbao.params.yamlio import display_name
from nianbao.registers.columns import DISCLOSURES, REGISTERS, WORKBOOK
from nianbao.registers.sheetxml import READ_FAULTS, Book
from nianbao.registers.workbook import LIMITS
from nianbao.report.values import TO_FILL_IN

SITE, WECHAT = "网站", "微信"
MAX_BYTES = 32 * 1024 * 1024
HEAD_ROWS = 10
_TITLES = frozenset(("标题", "文章标题", "内容标题", "图文标题", "推文标题", "图文消息标题"))
_DATES = frozenset(("发布时间", "发表时间", "发布日期", "发表日期", "推送时间", "推送日期", "群发时间", "日期", "时间"))
_DATE = re.compile(r"(20\d{2})\D?(\d{1,2})\D?(\d{1,2})(?:日|\D.*|\d{6})?", re.ASCII | re.DOTALL)
_TAG = re.compile(r"<[^>]{0,200}>")
_CHINA = timezone(timedelta(hours=8))


@dataclass(frozen=True)
class Item:
    """One thing that was published."""

    index: str
    day: date
    title: str
    category: str
    channel: str

    @property
    def row(self) -> tuple[str, ...]:
        """As a row of the register."""
        return (self.index, self.day.isoformat(), self.title, self.category, self.channel)


@dataclass(frozen=True)
class ExportPlan:
    """What exports add to the register of disclosures; nothing is written yet."""

    unit: Unit
    year: int
    added: int
    notes: tuple[str, ...]
    file: FileChange | None
    root: Path

    def write(self) -> tuple[Path, ...]:
        """Write the register; errors as :func:`nianbao.params.commit.write_all`."""
        return write_all([self.file], self.root) if self.file else ()


def is_export(path: Path) -> bool:
    """Whether a file is one of these and not a form: JSON, or a workbook with a title and a date over its columns."""
    if path.suffix.lower() == ".json":
        return True
    if path.suffix.lower() != ".xlsx" or not path.is_file():
        return False
    try:
        return _wechat_table(path) is not None
    except NianbaoError:
        return False  # whoever reads it as a form says what is wrong


def plan_exports(paths: Sequence[Path], params_dir: Path, unit: Unit, year: int) -> ExportPlan:
    """Join what the files hold with the register that is there.

    What is in the register stays as it is; the same title on the same day and channel is taken once.

    Raises
    ------
    FormError
        A file cannot be read, holds nothing of the kind, or the register is kept otherwise.
    """
    notes: list[str] = []
    items = [item for path in paths for item in _items(path, unit, notes)]
    inside = [item for item in items if item.day.year == year]
    if len(inside) < len(items):
        notes.append(f"不是 {year} 年发布的 {len(items) - len(inside)} 条，没有收入。")
    spec = REGISTERS[DISCLOSURES]
    target = csv_path(params_dir, unit.id, year, DISCLOSURES)
    before = target.read_bytes() if target.is_file() else None
    kept = rows_of(before, spec) if before is not None else ()
    other = display_name(target.with_name(WORKBOOK) if before is None else target)
    if kept is None or (before is None and target.with_name(WORKBOOK).is_file()):
        raise FormError(other, "已有另一种写法的登记，不能并入", "先移走原文件，或把导出的内容粘贴进去")
    seen = {_same(row) for row in kept} | {(row[0], row[4]) for row in kept if row[0]}
    added: list[tuple[str, ...]] = []
    for item in sorted(inside, key=lambda item: (item.day, item.title)):
        marks = {_same(item.row)} | ({(item.index, item.channel)} if item.index else set())
        if not marks & seen:
            added.append(item.row)
        seen |= marks
    if len(added) < len(inside):
        notes.append(f"重复的和登记簿里已有的 {len(inside) - len(added)} 条，没有再收。")
    if marked := sum(TO_FILL_IN[:-1] in row[3] for row in added):
        notes.append(f"{marked} 条没有类别，写作“{TO_FILL_IN[:-1]}：栏目…”：在登记簿里改成类别，同一栏目可以一次替换。")
    change = FileChange(target, before, to_csv(spec, (*kept, *added))) if added else None
    return ExportPlan(unit, year, len(added), tuple(notes), change, params_dir)


def _same(row: Sequence[str]) -> tuple[str, str, str]:
    return (re.sub(r"\s+", "", row[2]), row[1], row[4])


def _items(path: Path, unit: Unit, notes: list[str]) -> Iterator[Item]:
    if path.suffix.lower() == ".json":
        yield from _search_answer(path, unit, notes)
        return
    table = _wechat_table(path)
    if table is None:
        raise FormError(path.name, "没有标题和发布时间两列，不是公众号导出的文章列表", "核对文件")
    unread = 0
    for title, day in table:
        if found := _day(day):
            yield Item("", found, title, "", WECHAT)
        else:
            unread += 1
    if unread:
        notes.append(f"{path.name}：{unread} 行没有看得懂的日期，没有收入。")


def _search_answer(path: Path, unit: Unit, notes: list[str]) -> Iterator[Item]:
    try:
        raw = path.read_bytes()
        if len(raw) > MAX_BYTES:
            raise FormError(path.name, f"文件有 {len(raw)} 字节，应不超过 {MAX_BYTES} 字节", "按月份分开保存")
        answer = json.loads(raw.decode("utf-8-sig"))
    except OSError as error:
        raise FormError(path.name, f"无法读取（{reason_of(error)}）", "检查路径") from error
    except (ValueError, RecursionError) as error:
        raise FormError(path.name, "不是 JSON", "重新保存搜索结果的接口返回") from error
    found = _objects(answer)
    if found is None:
        raise FormError(path.name, "没有 doctitle 这样的条目，不是网站搜索的结果", "保存返回结果列表的那个接口")
    unread = strangers = 0
    for entry in found:
        title = " ".join(_TAG.sub("", str(entry.get("doctitle") or "")).split())
        day = _day(entry.get("pubdate")) or _day(entry.get("docreltime"))
        publisher = str(entry.get("puborg") or "").strip()
        if not title or day is None:
            unread += 1
        elif publisher and unit.name not in publisher and publisher != unit.official_name:
            strangers += 1
        else:
            column = str(entry.get("chnlid") or "").strip()
            category = f"{TO_FILL_IN[:-1]}：栏目{column}{TO_FILL_IN[-1]}" if column else TO_FILL_IN
            yield Item(str(entry.get("idxid") or "").strip(), day, title, category, SITE)
    if unread:
        notes.append(f"{path.name}：{unread} 条没有标题或看得懂的日期，没有收入。")
    if strangers:
        notes.append(f"{path.name}：{strangers} 条的发布机构不是{unit.name}，没有收入。")


def _objects(answer: Any, depth: int = 0) -> list[dict[str, Any]] | None:
    """The list of results, wherever in the answer it stands."""
    if depth > 6:
        return None
    if isinstance(answer, list):
        entries = [entry for entry in answer if isinstance(entry, dict)]
        if entries and any("doctitle" in entry for entry in entries):
            return entries
    inner = answer.values() if isinstance(answer, dict) else answer if isinstance(answer, list) else ()
    return next((found for value in inner if (found := _objects(value, depth + 1)) is not None), None)


def _wechat_table(path: Path) -> list[tuple[str, Any]] | None:
    """Title and date of each row below the first head that has both; None where there is none."""
    raw = read_xlsx(path, path.name, LIMITS, FormError)
    try:
        book = Book(raw)
        grids = [book.cells(part).grid() for _, part in book.sheets]
        if SYSTEM in dict(book.sheets) or any(
            len(line) and line[0] == SYSTEM_LABELS["structure"] for grid in grids for line in grid[:HEAD_ROWS]
        ):
            return None  # a form, its sheets renamed or not: it has a register of disclosures of its own
        for grid in grids:
            for number, line in enumerate(grid[:HEAD_ROWS]):
                heads = [re.sub(r"\s+", "", str(value)) if value is not None else "" for value in line]
                title = next((i for i, head in enumerate(heads) if head in _TITLES), None)
                day = next((i for i, head in enumerate(heads) if head in _DATES), None)
                if title is not None and day is not None:
                    rows = ((" ".join(str(row[title] or "").split()), row[day]) for row in grid[number + 1 :])
                    return [(text, when) for text, when in rows if text]
    except (*READ_FAULTS, *ZIP_FAULTS) as fault:
        raise FormError(path.name, f"工作簿损坏（{type(fault).__name__}）", "重新导出") from fault
    return None


def _day(value: Any) -> date | None:
    """The day of a date in any of the ways in which exports write it; moments count from 1970, in milliseconds too."""
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    text = str(value or "").strip()
    try:
        if re.fullmatch(r"\d{10}|\d{13}", text, re.ASCII):
            seconds = int(text[:10])
            return datetime.fromtimestamp(seconds, UTC).astimezone(_CHINA).date()
        if match := _DATE.fullmatch(text):
            return date(int(match[1]), int(match[2]), int(match[3]))
    except (ValueError, OverflowError):
        return None
    return None
