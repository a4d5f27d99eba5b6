"""A sound report with invented figures, and ways to spoil it one thing at a time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from nianbao.params import LoadedParams, Unit, load_units
from nianbao.params.models import ReportParams
from nianbao.params.yamlio import YamlFile
from nianbao.report import Report
from nianbao.rules import CheckResult, check_report
from nianbao.statute import Kind, edition_for
from nianbao.statute.cell import Cell, number_cell

# 示例：以下文字和数都是为测试编的，不是任何单位的报告。
PREAMBLE = """本报告根据《中华人民共和国政府信息公开条例》（国务院令第711号）和{notice}的要求编制。
全文由总体情况、主动公开政府信息情况、收到和处理政府信息公开申请情况、政府信息公开行政复议和行政诉讼情况、存在的主要问题及改进情况、其他需要报告的事项六部分组成。
统计期限自{{{{ 年份 }}}}年1月1日至{{{{ 年份 }}}}年12月31日。
联系电话：0595-00000000"""
OVERVIEW = """{{ 年份 }}年，{self}认真贯彻落实《条例》，扎实推进政府信息公开工作。
（一）主动公开
全年主动公开政府信息{{ 主动公开.总数 }}条，其中：{{ 主动公开.分类 }}。
（二）依申请公开
收到政府信息公开申请{{ 依申请公开.新收 }}件，上年结转{{ 依申请公开.上年结转 }}件，办结{{ 依申请公开.办结 }}件，结转下年度继续办理{{ 依申请公开.结转下年 }}件。
（三）政府信息管理
修订主动公开事项目录，规范信息的采集、审核和发布，及时清理过期的文件。
（四）平台建设
做好政府网站专栏和政务新媒体的维护。
（五）监督保障
把信息公开纳入绩效考核，开展社会评议，没有发生责任追究的情形。"""
PROBLEMS = """存在的问题：一是公开的内容还不够丰富，与群众的期待有差距；二是经办人员的业务能力有待提高；三是个别信息的更新不够及时，查找不够方便。
改进情况：一是拓宽公开的范围，围绕群众关心的事项做好解读；二是加强培训，提高经办人员的业务能力；三是定期检查网站栏目，及时更新。"""
OTHER = "本年度没有收取信息处理费。"

YEAR = 2023
LAST_YEAR = 2022
CARRIED = 2
"""Carried over in every applicant column of last year's report."""


def units() -> tuple[Unit, ...]:
    return load_units(_params_dir()).units


def _params_dir() -> Path:
    return Path(__file__).parents[2] / "params"


def sound_cells(year: int, carried_in: int, carried_out: int) -> dict[str, int | Decimal]:
    """Figures for every cell of the year's form; all equations hold and no outcome is 0."""
    edition = edition_for(year)
    t3, t4 = edition.t3, edition.t4
    cells: dict[str, int | Decimal] = {}
    for index, item in enumerate(edition.t2.fields):
        cells[item.key] = Decimal("190.457379") if item.kind is Kind.MONEY else index + 3
        if item.key.startswith("t2.rules."):
            cells[item.key] = 0
    for number, column in enumerate(t3.applicants, start=1):
        for index, row in enumerate(t3.outcomes):
            cells[f"t3.{row}.{column.key}"] = (index * number) % 4 + 1
        done = sum(int(cells[f"t3.{row}.{column.key}"]) for row in t3.outcomes)
        cells[f"t3.total.{column.key}"] = done
        cells[f"t3.carried_in.{column.key}"] = carried_in
        cells[f"t3.carried_out.{column.key}"] = carried_out
        cells[f"t3.received.{column.key}"] = done + carried_out - carried_in
    for row in t3.rows:
        cells[f"t3.{row.key}.total"] = sum(int(cells[f"t3.{row.key}.{c.key}"]) for c in t3.applicants)
    for number, group in enumerate(t4.groups):
        for index, column in enumerate(t4.results):
            # No suit without review since 2025 (T4-03).
            cells[f"t4.{group.key}.{column.key}"] = 0 if group.key == "direct" and year >= 2025 else number + index + 1
        cells[f"t4.{group.key}.total"] = sum(int(cells[f"t4.{group.key}.{c.key}"]) for c in t4.results)
    return cells


def sound(year: int = YEAR, unit_id: str = "anhai", *, history: bool = True) -> Report:
    """A report in which every rule holds; with last year's report unless ``history`` is off."""
    register = load_units(_params_dir())
    unit = register.find(unit_id)
    edition = edition_for(year)
    previous = _last_year(year - 1, unit_id) if history and year > 2019 else None
    figures = sound_cells(year, carried_in=CARRIED, carried_out=1)
    if previous is not None and edition.name == "2021" and previous.edition.name == "2021":
        made, gone, before = (
            figures["t2.normative.made"],
            figures["t2.normative.repealed"],
            previous["t2.normative.in_force"].number,
        )
        figures["t2.normative.in_force"] = before + made - gone
    return Report(
        unit=unit,
        city=register.city,
        year=year,
        edition=edition,
        params=_params(unit, year, edition.notice),
        cells={key: number_cell(value) for key, value in figures.items()},
        previous=previous,
        neighbours=tuple(other for other in register.units if other.id != unit.id),
    )


def _last_year(year: int, unit_id: str) -> Report:
    report = with_text(sound(year, unit_id, history=False), overview=None, problems=None)
    figures = sound_cells(year, carried_in=0, carried_out=CARRIED)
    return replace(report, cells={key: number_cell(value) for key, value in figures.items()})


def _params(unit: Unit, year: int, notice: str) -> ReportParams:
    self_name = "我镇" if unit.kind == "镇" else "我街道"
    return ReportParams.model_validate(
        {
            "unit": unit.id,
            "year": year,
            "date": date(year + 1, 1, 20),
            "disclosure": {
                "total": 60,
                "classes": [
                    {"name": "机构职能类信息", "count": 11},
                    {"name": "重大建设项目类信息", "count": 14},
                    {"name": "安全生产、应急管理类信息", "count": 29},
                    {"name": "其他类信息", "count": 6},
                ],
            },
            "narrative": {
                "preamble": PREAMBLE.format(notice=notice),
                "overview": OVERVIEW.replace("{self}", self_name),
                "problems": PROBLEMS,
                "other": OTHER,
            },
        }
    )


def with_cells(report: Report, cells: Mapping[str, int | Decimal | Cell]) -> Report:
    """The report with some cells changed and everything else as it was."""
    new = {key: value if isinstance(value, Cell) else number_cell(value) for key, value in cells.items()}
    assert set(new) <= set(report.cells)
    return replace(report, cells={**report.cells, **new})


def with_params(report: Report, **updates: Any) -> Report:
    """The report with some top-level keys of its params changed, checked as the file would be."""
    data = report.params.model_dump() | updates
    return replace(report, params=ReportParams.model_validate(data))


def with_text(report: Report, **parts: str | None) -> Report:
    """The report with some parts of the narrative replaced."""
    return with_params(report, narrative=report.params.narrative.model_dump() | parts)


def with_line(report: Report, part: str, line: str) -> Report:
    """The report with one line added to a part of the narrative."""
    before = getattr(report.params.narrative, part) or ""
    return with_text(report, **{part: f"{before}\n{line}".strip()})


def with_last_year(report: Report, cells: Mapping[str, int | Decimal | Cell]) -> Report:
    """The report with some cells of last year's report changed."""
    assert report.previous is not None
    return replace(report, previous=with_cells(report.previous, cells))


def placed(report: Report, path: Path) -> Report:
    """The report as if it had been read from a file, so that its neighbours are looked for beside it."""
    file = YamlFile(path.name, {}, {})
    return replace(report, loaded=LoadedParams(report.unit, report.params, {}, path, file))


def write_narrative(path: Path, **parts: str) -> None:
    """A params file of which only the narrative matters."""
    lines = [f"unit: {path.stem}", "narrative:"]
    for part, text in parts.items():
        lines += [f"  {part}: |", *(f"    {line}" for line in text.splitlines())]
    path.write_text("\n".join([*lines, "t2: {}", ""]), encoding="utf-8")


def codes(result: CheckResult) -> set[str]:
    """The rules that have a finding."""
    return {finding.rule for finding in result.findings}


def breaches(report: Report, besides: Iterable[str] = ()) -> set[str]:
    """The rules that a report breaks, besides those named."""
    return codes(check_report(report)) - set(besides)
