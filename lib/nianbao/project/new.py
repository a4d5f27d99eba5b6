"""``nianbao new``: the params and the notebook that a unit begins a year with."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from nianbao.errors import OutputError, UsageError, reason_of
from nianbao.params import City, Unit, Units, load_params, load_units, params_path
from nianbao.params.writer import dump_params
from nianbao.params.yamlio import display_name
from nianbao.project.carry import Values, first_city_values, first_values, last_texts
from nianbao.project.packaged import packaged_notebooks
from nianbao.publish.contract import notebook_of
from nianbao.published import read_published, to_report
from nianbao.registers import register_files
from nianbao.report import Report, has_report, load_report
from nianbao.statute import EDITIONS, edition_for
from nianbao.statute.bodies import CITY
from nianbao.wording import enumeration, quoted

TEMPLATE = "annual_report.ipynb"
CITY_TEMPLATE = "city_report.ipynb"


@dataclass(frozen=True)
class Begun:
    """A report that was begun: its files, what it was rolled forward from, what was taken over."""

    unit: Unit
    year: int
    params: Path
    notebook: Path
    source: str
    carried: tuple[str, ...]


def begin(name: str, year: int, params_dir: Path, files: Sequence[Path] = ()) -> Begun:
    """Write the params and the notebook of a unit's new report, or of the city's own.

    Parameters
    ----------
    files : sequence of Path
        Published reports of the unit; the newest one before the year is rolled forward. Without any,
        last year's params are, where there are any.

    Raises
    ------
    UsageError
        The report has been begun already, or no file is the unit's of an earlier year.
    ParamsError, RegisterError, ReadError
        What is to be rolled forward cannot be read.
    OutputError
        It cannot be written.
    """
    units = load_units(params_dir)
    unit = units.find(name)
    edition_for(year)
    path = params_path(params_dir, unit, year)
    if path.exists():
        raise UsageError(display_name(path), "这份报告已经开始，不会覆盖它", f"打开它：nianbao lab {unit.name} {year}")
    last, source = _last_report(unit, year, params_dir, files)
    if isinstance(unit, City):
        values = first_city_values(units, year, last, compared=_all_compared(units, year, params_dir))
    else:
        kept = bool(register_files(path.with_suffix("")))
        values = first_values(unit, year, last, registers_kept=kept)
    text = _with_last_texts(
        dump_params(None, values, header=_header(unit, year, source), name=display_name(path)),
        last_texts(last) if last else {},
        last,
    )
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="\n")
    except OSError as error:
        raise OutputError(display_name(path), f"无法写入（{reason_of(error)}）") from error
    notebook = write_notebook(unit, year, params_dir)
    return Begun(unit, year, path, notebook, source, _carried(values))


def write_notebook(unit: Unit, year: int, params_dir: Path) -> Path:
    """The unit's own notebook for a year, a copy of the template with its parameters set; one that is there stays.

    Raises
    ------
    OutputError
        It cannot be written.
    """
    path = notebook_of(unit, year, params_dir)
    if path.exists():
        return path
    own = unit.kind == CITY.name
    (template,) = (one for one in packaged_notebooks() if one.name == (CITY_TEMPLATE if own else TEMPLATE))
    content = json.loads(template.read_text(encoding="utf-8"))
    township = "" if own else f"township = {json.dumps(unit.name, ensure_ascii=False)}\n"
    for cell in content["cells"]:
        if "parameters" in cell["metadata"].get("tags", ()):
            cell["source"] = f"{township}year = {year}"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8", newline="\n")
    except OSError as error:
        where = f"notebooks/{year}/{path.name}"
        raise OutputError(where, f"无法写入（{reason_of(error)}）") from error
    return path


def _last_report(unit: Unit, year: int, params_dir: Path, files: Sequence[Path]) -> tuple[Report | None, str]:
    """What is rolled forward, and how it is called."""
    if files:
        return _published(unit, year, params_dir, files)
    covered = any(edition.covers(year - 1) for edition in EDITIONS)
    if covered and has_report(unit, year - 1, params_dir):
        last = (
            _own_words(unit, year - 1, params_dir)
            if isinstance(unit, City)
            else load_report(unit.id, year - 1, params_dir)
        )
        return last, f"{year - 1} 年的参数"
    return None, ""


def _own_words(city: City, year: int, params_dir: Path) -> Report:
    """What the city's own params of a year say; its figures are the bodies' and are not added up for this."""
    params = load_params(city, year, params_dir).params
    return Report(unit=city, city=city, year=year, edition=edition_for(year), params=params, cells={})


def _all_compared(units: Units, year: int, params_dir: Path) -> bool:
    """Whether every body has a report of the year before, so that the sums can be held against last year's."""
    return all(has_report(unit, year - 1, params_dir) for unit in units.units)


def _published(unit: Unit, year: int, params_dir: Path, files: Sequence[Path]) -> tuple[Report, str]:
    """The newest of the published reports that is earlier than the year; every one must be the unit's."""
    units = load_units(params_dir)
    found: list[tuple[Path, Report]] = []
    for file in files:
        report = to_report(read_published(file), units)
        if report.unit.id != unit.id:
            raise UsageError(
                file.as_posix(), f"是{quoted(report.unit.name)}的报告，应为{unit.name}", "只给本单位已公开的报告"
            )
        found.append((file, report))
    earlier = [one for one in found if one[1].year < year]
    if not earlier:
        years = enumeration(str(report.year) for _, report in found)
        raise UsageError("--from", f"给的是 {years} 年的报告，应早于 {year} 年", "给上一年已公开的报告")
    file, newest = max(earlier, key=lambda one: one[1].year)
    return newest, f"已公开的 {newest.year} 年报告 {file.name}"


def _header(unit: Unit, year: int, source: str) -> str:
    lines = [f"{unit.name} {year} 年政府信息公开工作年度报告的参数。"]
    if unit.kind == CITY.name:
        if source:
            lines.append(f"联系方式、公文格式取自 {source}，核对后再用。")
        lines.append("全市的表格由各单位的报告相加，这里不填数；正文里的 {{ 全市.… }} 也由各单位的报告算出。")
        lines.append(f"要填的：〔待填〕处的文字；落款日期 date，如 {year + 1}-02-10。")
        return "\n".join(lines)
    if source:
        lines.append(f"联系方式、公文格式、分类和渠道的名称、上年结转、现行有效，取自 {source}，核对后再用。")
    lines.append(
        f"要填的：null 处的数，没有的填 0；〔待填〕处的文字；落款日期 date，如 {year + 1}-01-20。总计不必填，自动算出。"
    )
    return "\n".join(lines)


def _with_last_texts(text: str, texts: Mapping[str, str], last: Report | None) -> str:
    """Last year's prose as comments, each part above this year's."""
    if last is None:
        return text
    lines: list[str] = []
    waiting: list[str] = []
    begun = False
    parts = {f"  {part}: |": part for part in last.params.narrative.model_dump()}
    order = list(parts.values())
    written = [parts[line] for line in text.split("\n") if line in parts]
    for line in text.split("\n"):
        begun = begun or line == "narrative:"
        if begun and line in parts:
            here = order.index(parts[line])
            before = max((order.index(part) for part in written if order.index(part) < here), default=-1)
            waiting = [part for part in order[before + 1 : here + 1] if part in texts]
            for part in waiting:
                name = "序言" if part == "preamble" else last.edition.heading(part)
                lines.append(f"  # {last.year} 年的“{name}”，供参考，不会印出：")
                lines += [f"  #   {_printable(old)}".rstrip() for old in texts[part].splitlines()]
        lines.append(line)
    return "\n".join(lines)


def _printable(text: str) -> str:
    """A line as a comment may hold it."""
    return "".join(character if character.isprintable() else " " for character in text)


def _carried(values: Values) -> tuple[str, ...]:
    """What was taken over, a Chinese line each."""
    said: list[str] = []
    contact = [value for value in values["contact"].values() if value]
    if contact:
        said.append(f"联系方式：{enumeration(contact)}")
    if "disclosure" not in values:  # the city's figures are the bodies'
        return tuple(said)
    if names := [item["name"] for item in values["disclosure"]["classes"]]:
        said.append(f"公开分类 {len(names)} 类：{enumeration(names)}")
    if channels := list(values["disclosure"]["channels"]):
        said.append(f"其他渠道：{enumeration(channels)}")
    carried = values["t3"]["carried_in"]
    if all(value is not None for value in carried):
        said.append(f"上年结转 {sum(carried)} 件")
    in_force = values["t2"]["normative"][-1]
    if in_force is not None:
        said.append(f"现行有效 {in_force} 件（本年有制发、废止的，再改）")
    return tuple(said)
