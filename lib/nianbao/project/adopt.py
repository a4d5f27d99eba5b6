"""``nianbao adopt``: published reports, or figures that another office handed over, into ``params/<year>/``."""

from __future__ import annotations

import datetime as dt
import json
import re
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from nianbao.errors import ErrorList, NianbaoError, ReadError, TemplateTextError, UsageError
from nianbao.params import Unit, Units, load_units, params_path
from nianbao.params.commit import FileChange, write_all
from nianbao.params.models import Disclosure, DisclosureClass, Fees, Narrative
from nianbao.params.writer import dump_params
from nianbao.params.yamlio import display_name
from nianbao.project.quoting import Told, contact_of, quoting, told_by
from nianbao.published import PublishedReport, read_several
from nianbao.published.convert import FOREIGN
from nianbao.published.figure import UNREAD
from nianbao.published.identity import is_authority, read_red_head
from nianbao.published.labels import compact
from nianbao.report import Report, load_report
from nianbao.report.prose import full_text
from nianbao.report.skeleton import to_fill
from nianbao.report.tables import cell_of, value_of
from nianbao.rules import check_report
from nianbao.rules.waivers import waiver_of, written
from nianbao.statute import EDITIONS, Edition
from nianbao.statute.cell import Cell, State
from nianbao.wording import enumeration, quoted

Values = dict[str, Any]
_PROSE = ("preamble", "overview", "problems", "other")
_ADDRESSEE = re.compile(r"(\S{2,40})[：:]")
_SIGNER = re.compile(r"签发人[：:]\s*([\u3400-\u9fff·]{2,10})")
_SPACES = re.compile(
    r"(?<=[\u3400-\u9fff“”，。、；：])[ \u00a0]+(?=[0-9A-Za-z\u3400-\u9fff])|(?<=[0-9A-Za-z])[ \u00a0]+(?=[\u3400-\u9fff])"
)
_HALF_BRACKETS = re.compile(r"^\(([一二三四五六七八九十]{1,3})\) ?", re.M)
_ANGLES = re.compile(r"<(https?://[^<>\s]+)>")


@dataclass(frozen=True)
class Adoption:
    """A params file that would be written.

    Attributes
    ----------
    unread : tuple of str
        What of the source was not read and is left to be filled in, a Chinese name each.
    lines : tuple of str
        What is taken over, a Chinese line each.
    """

    source: Path
    unit: Unit
    year: int
    path: Path
    text: str
    unread: tuple[str, ...]
    lines: tuple[str, ...]


def plan_adoption(
    files: Sequence[Path],
    params_dir: Path,
    *,
    unit: Unit | None = None,
    year: int | None = None,
    force: bool = False,
    waived_by: str | None = None,
) -> tuple[Adoption, ...]:
    """What would be written for some files; nothing is.

    Parameters
    ----------
    unit, year
        What every file must be of, where that is asked.
    waived_by : str or None
        Whose name the waivers bear that published faults get; None for no waivers.

    Raises
    ------
    ErrorList
        Everything that is wrong with any of the files.
    """
    units = load_units(params_dir)
    errors: list[NianbaoError] = []
    plans: dict[tuple[str, int], Adoption] = {}
    for source, found in _sources(files, units):
        if isinstance(found, NianbaoError):
            errors.append(found)
            continue
        try:
            plan = _plan(source, found, params_dir, waived_by)
            _refuse_others(plan, unit, year)
            if plan.path.exists() and not force:
                wrong = f"{display_name(plan.path)} 已经有了，不会覆盖它"
                raise UsageError(source.as_posix(), wrong, "确要覆盖的，加 --force")
            known = plans.setdefault((plan.unit.id, plan.year), plan)
            if known is not plan and _said(known.text) != _said(plan.text):
                raise UsageError(
                    source.as_posix(),
                    f"与 {known.source.as_posix()} 同为{plan.unit.name} {plan.year} 年的报告而内容不同",
                    "只给其中一份",
                )
        except NianbaoError as error:
            errors.append(error)
    if errors:
        raise ErrorList(tuple(errors))
    return tuple(plans.values())


def adopt(plans: Sequence[Adoption], params_dir: Path) -> tuple[Path, ...]:
    """Write what was planned, all of it or nothing."""
    changes = [
        FileChange(plan.path, plan.path.read_bytes() if plan.path.exists() else None, plan.text.encode("utf-8"))
        for plan in plans
    ]
    return write_all(changes, params_dir)


def _said(text: str) -> str:
    """A params file without its comments."""
    return "\n".join(line for line in text.split("\n") if not line.startswith("#"))


def _refuse_others(plan: Adoption, unit: Unit | None, year: int | None) -> None:
    if unit is not None and plan.unit.id != unit.id:
        raise UsageError(
            plan.source.as_posix(), f"是{plan.unit.name}的报告，应为{unit.name}", "核对文件，或去掉 --unit"
        )
    if year is not None and plan.year != year:
        raise UsageError(plan.source.as_posix(), f"是 {plan.year} 年的报告，应为 {year} 年", "核对文件，或去掉 --year")


# -- what is adopted --------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Found:
    """What a file says of one report.

    Attributes
    ----------
    page : PublishedReport or None
        None for figures without a text.
    """

    unit: Unit
    year: int
    edition: Edition
    cells: Mapping[str, Cell]
    told: Told
    report: Report | None = None
    page: PublishedReport | None = None
    sample: bool = False


def _sources(files: Sequence[Path], units: Units) -> list[tuple[Path, _Found | NianbaoError]]:
    found: list[tuple[Path, _Found | NianbaoError]] = []
    pages = [file for file in files if file.suffix.lower() != ".json"]
    for file in files:
        if file not in pages:
            try:
                found.append((file, _exchanged(file, units)))
            except NianbaoError as error:
                found.append((file, error))
    for reading in read_several(pages, units):
        if reading.error is not None or reading.report is None or reading.published is None:
            found.append((reading.path, reading.error or ReadError(reading.path.as_posix(), "没有读出")))
        elif reading.report.unit.id == FOREIGN:
            wrong = f"是{quoted(reading.published.unit or '没有写明的单位')}的报告，单位名录中没有它"
            found.append(
                (reading.path, UsageError(reading.path.as_posix(), wrong, "核对文件；新的单位先写入 units.yaml"))
            )
        else:
            report, page = _tidied(reading.report), reading.published
            told = told_by(report)
            found.append(
                (reading.path, _Found(report.unit, report.year, report.edition, page.cells, told, report, page))
            )
    return found


def _exchanged(path: Path, units: Units) -> _Found:
    """The figures of a ``tables.json``."""
    name = path.as_posix()
    try:
        said = json.loads(path.read_text(encoding="utf-8"))
        unit = units.find(said["unit"])
        edition = next(edition for edition in EDITIONS if edition.name == said["edition"])
        year = int(said["year"])
        cells = {key: cell_of(said["cells"][key]) for key in edition.fields}
        disclosure, fees = said["disclosure"], said["fees"]
        told = Told(
            disclosure["total"],
            tuple((str(one["name"]), int(one["count"])) for one in disclosure["classes"]),
            {str(key): int(value) for key, value in disclosure["channels"].items()},
            fees["notices"],
            value_of(fees["amount"]),
        )
    except OSError as error:
        raise ReadError(name, f"无法读取（{error.strerror or type(error).__name__}）", "核对文件名") from None
    except (ValueError, LookupError, TypeError, StopIteration, AttributeError):
        raise ReadError(
            name, "不是 nianbao 的 tables.json", "给 nianbao build 写出的 tables.json，或报告本身"
        ) from None
    if not edition.covers(year):
        raise ReadError(name, f"是 {year} 年的报告，却用 {edition.name} 年的格式", "核对文件来源")
    return _Found(unit, year, edition, cells, told, sample=bool(said.get("sample")))


def _tidied(report: Report) -> Report:
    """A published report whose prose has no spaces between Chinese and figures and the brackets of headings as usual."""
    texts = {
        part: _ANGLES.sub(r"\1", _HALF_BRACKETS.sub(r"（\1）", _SPACES.sub("", text)))
        for part, text in report.params.narrative.model_dump().items()
        if text
    }
    return replace(report, params=report.params.model_copy(update={"narrative": Narrative(**texts)}))


def _plan(source: Path, found: _Found, params_dir: Path, waived_by: str | None) -> Adoption:
    unread = [found.edition.fields[key].label for key, cell in found.cells.items() if cell in UNREAD]
    narrative, missing = _narrative(found)
    values = _values(found, narrative)
    path = params_path(params_dir, found.unit, found.year)
    header = _header(source, found, [*unread, *missing])
    text = dump_params(None, values, header=header, name=display_name(path))
    loaded, text = _faithful(text, values, found, params_dir, header)
    if waived_by is not None:
        text = _with_waivers(loaded, values, found, params_dir, header, waived_by)
    return Adoption(source, found.unit, found.year, path, text, (*unread, *missing), _lines(values, found))


def _values(found: _Found, narrative: Mapping[str, str]) -> Values:
    told, page = found.told, found.page
    contact = contact_of(found.report.params.narrative.preamble or "") if found.report else None
    document: Values = {"red_head": False, "number": None, "addressee": None, "signer": None}
    if page is not None:
        document = {
            "red_head": read_red_head(page.opening) is not None,
            "number": page.number,
            "addressee": _addressee(page.opening),
            "signer": _signer(page.opening),
            **({"title": page.title} if page.title and compact(page.title) != _usual_title(found) else {}),
        }
    return {
        "unit": found.unit.id,
        "year": found.year,
        "date": page.date if page else None,
        **({"sample": True} if found.sample else {}),
        "contact": contact.model_dump() if contact else dict.fromkeys(("office", "address", "phone", "postcode")),
        "document": document,
        "disclosure": {
            "total": told.total,
            "classes": [{"name": name, "count": count} for name, count in told.classes],
            "channels": dict(told.channels),
        },
        "fees": {"notices": told.notices, "amount": told.amount},
        "narrative": {part: f"{text}\n" for part, text in narrative.items()},
        **{table: _rows(table, found) for table in ("t2", "t3", "t4")},
    }


def _addressee(opening: Sequence[str]) -> str | None:
    lines = (match[1] for line in opening if (match := _ADDRESSEE.fullmatch(line.strip())))
    return next((line for line in lines if is_authority(line)), None)


def _signer(opening: Sequence[str]) -> str | None:
    found = (match[1] for line in opening if (match := _SIGNER.search(line)))
    return next(found, None)


def _usual_title(found: _Found) -> str:
    assert found.report is not None  # noqa: S101  (asked only of a page)
    area = found.report.city.name if found.unit.id != found.report.city.id else ""
    return f"{area}{found.unit.name}{found.year}年{found.edition.title}"


def _rows(table: str, found: _Found) -> Values:
    rows: Values = {}
    for key, fields in found.edition.rows_of(table):
        *heads, last = key.split(".")[1:]
        inside = rows
        for head in heads:
            inside = inside.setdefault(head, {})
        typed = [_typed(found.cells[field.key]) for field in fields]
        inside[last] = typed[0] if len(typed) == 1 else typed
    return rows


def _typed(cell: Cell) -> Any:
    """A cell as a params file types it; what is blank or was not read is ``null``, never 0."""
    if cell.is_number:
        return cell.number
    return cell.text if cell.state is State.NOT_APPLICABLE else None


def _narrative(found: _Found) -> tuple[dict[str, str], list[str]]:
    """The prose by part, and the parts that were not read."""
    texts: dict[str, str] = {}
    missing: list[str] = []
    known = quoting(_with_told(found)) if found.report else {}
    for part in Narrative.model_fields:
        heading = "序言" if part == "preamble" else found.edition.heading(part)
        if known.get(part):
            texts[part] = known[part]
        elif part in _PROSE and (found.page is None or part not in found.page.narrative):
            texts[part] = to_fill("原文没有读出这一部分")
            missing.append(heading)
    return texts, missing


def _with_told(found: _Found) -> Report:
    assert found.report is not None  # noqa: S101  (asked only of a page)
    told = found.told
    disclosure = Disclosure(
        total=told.total,
        classes=[DisclosureClass(name=name, count=count) for name, count in told.classes],
        channels=dict(told.channels),
    )
    params = found.report.params
    changed = {
        "disclosure": disclosure,
        "fees": Fees(notices=told.notices, amount=told.amount),
        "contact": contact_of(params.narrative.preamble or ""),
    }
    return replace(found.report, params=params.model_copy(update=changed))


# -- what is written is what was printed ------------------------------------------------------------------------------


def _faithful(text: str, values: Values, found: _Found, params_dir: Path, header: str) -> tuple[Report | None, str]:
    """The params as they are read back, and their text, with each part that would not print as it was printed typed out."""
    if found.report is None:
        return None, text
    printed = {part: _squeezed(old) for part, old in found.report.params.narrative.model_dump().items() if old}
    for _ in range(2):
        report = _read_back(text, found, params_dir)
        now = {part: _squeezed(new) for part, new in full_text(report).items()} if report else {}
        wrong = [part for part, old in printed.items() if now.get(part) != old]
        if not wrong:
            return report, text
        original = found.report.params.narrative.model_dump()
        values["narrative"] |= {part: f"{original[part]}\n" for part in wrong if original[part]}
        text = dump_params(None, values, header=header)
    raise TemplateTextError(
        str(found.page.source if found.page else ""), "正文有不能照录的写法（如两个花括号）", "改用 nianbao new 录入"
    )


def _squeezed(text: str) -> str:
    return "\n".join(line.strip() for line in text.split("\n") if line.strip())


def _read_back(text: str, found: _Found, params_dir: Path) -> Report | None:
    """The report that a params file gives, read in a folder of its own."""
    with tempfile.TemporaryDirectory(prefix="nianbao-") as name:
        folder = Path(name)
        for file in params_dir.glob("*.yaml"):
            shutil.copy(file, folder)
        path = params_path(folder, found.unit, found.year)
        path.parent.mkdir(parents=True)
        path.write_text(text, encoding="utf-8", newline="\n")
        try:
            report = load_report(found.unit.id, found.year, folder)
            full_text(report)
        except TemplateTextError:
            return None
        return report


def _with_waivers(
    report: Report | None, values: Values, found: _Found, params_dir: Path, header: str, name: str
) -> str:
    """The params with leave for every fault that was published; what was not read is no fault of the page."""
    text = dump_params(None, values, header=header)
    loaded = report or _read_back(text, found, params_dir)
    assert loaded is not None  # noqa: S101  (figures alone have no text that cannot be filled in)
    unread = {key for key, cell in found.cells.items() if cell in UNREAD}
    day = dt.date.today()  # noqa: DTZ011  (a calendar day)
    waivers = [
        waiver_of(finding, loaded, reason=f"原文如此，按已公开文本：{finding.wrong}"[:500], name=name, day=day)
        for finding in check_report(loaded).blocking
        if finding.rule != "D-30"
        and not any(key.startswith(f"{finding.cell}.") or key == finding.cell for key in unread)
    ]
    if not waivers:
        return text
    return dump_params(None, {**values, "waivers": [written(one) for one in waivers]}, header=header)


# -- what is said -----------------------------------------------------------------------------------------------------


def _header(source: Path, found: _Found, unread: Sequence[str]) -> str:
    lines = [f"{found.unit.name} {found.year} 年政府信息公开工作年度报告的参数，已公开文本，取自 {source.name}。"]
    if found.page is not None and found.page.date is not None:
        lines.append(f"公开或成文日期：{found.page.date.isoformat()}。")
    if found.page is None:
        lines = [f"{found.unit.name} {found.year} 年政府信息公开工作年度报告的参数，各表取自 {source.name}。"]
    if unread:
        lines.append(f"待填（没有读出，不是 0）：{enumeration(unread)}。")
    return "\n".join(lines)


def _lines(values: Values, found: _Found) -> tuple[str, ...]:
    numbers = sum(cell.is_number for cell in found.cells.values())
    blank = sum(cell.state is State.BLANK for cell in found.cells.values())
    lines = [f"各表 {numbers} / {len(found.cells)} 格" + (f"，空白 {blank} 格" if blank else "")]
    disclosure = values["disclosure"]
    if disclosure["total"] is not None:
        lines.append(f"主动公开 {disclosure['total']} 条，{len(disclosure['classes'])} 类")
    if disclosure["channels"]:
        lines.append("其他渠道：" + enumeration(f"{name} {count} 条" for name, count in disclosure["channels"].items()))
    contact = [value for value in values["contact"].values() if value]
    if contact:
        lines.append(f"联系方式：{enumeration(contact)}")
    quoted_ = sum(text.count("{{") for text in values["narrative"].values())
    lines.append(f"正文 {len(values['narrative'])} 部分，{quoted_} 处由数据填入")
    return tuple(lines)
