"""The city's summary of a year from the reports that a batch has built: its files, its seal, when to build it anew."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nianbao.batch.keys import FIRST, Ground
from nianbao.city import BUILT_VARIABLE, Standing
from nianbao.city.unit import FINDINGS
from nianbao.document import read_notebook
from nianbao.errors import IdentityError
from nianbao.params import PARAMS_VARIABLE, Unit, Units
from nianbao.publish import manifest
from nianbao.publish.build import check_contract, default_notebook, execute, fonts_json, load_writers
from nianbao.publish.manifest import as_json_bytes, digest
from nianbao.report.tables import TABLES
from nianbao.wording import enumeration

if TYPE_CHECKING:
    from nianbao.city import CitySummary

NAME = "全市汇总"
"""What a run calls it."""
PAGES = ("summary.html", "summary.pdf")
SEAL = "summary.json"
FAILED = "summary-failed.ipynb"
"""The notebook that failed, run up to the cell that did; goes when the summary succeeds."""
NOTEBOOK = "city_summary.ipynb"


@dataclass(frozen=True)
class SummaryStatus:
    """Where the summary stands: ready, draft, failed or pending; `files` are those that a reader may open."""

    state: Standing
    message: str = ""
    files: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        return {"state": self.state.value, "message": self.message, "files": list(self.files)}


def ground_of(ground: Ground) -> Ground:
    """A run's ground with the notebook of the summary instead of the reports'."""
    return replace(ground, notebook=digest(default_notebook(NOTEBOOK).read_bytes()))


def build_summary(
    year: int,
    params_dir: Path,
    built: Path,
    *,
    notebook: Path | None = None,
    cold: bool = False,
    report_seconds: float | None = 300.0,
) -> dict[str, bytes]:
    """The files of the summary by name, the seal last, from the reports in `built`; writes none.

    Raises
    ------
    NianbaoError
        What is built cannot be read, or the notebook fails.
    """
    from nianbao.city import load_summary
    from nianbao.document.pdf.compiler import typeset
    from nianbao.document.pdf.fonts import requested_folder, select_fonts, system_allowed
    from nianbao.notebook.html_exporters import write_page

    source = notebook or default_notebook(NOTEBOOK)
    check_contract(source, ("year",))
    summary = load_summary(year, params_dir, built)
    load_writers()
    environment = {PARAMS_VARIABLE: str(params_dir.resolve()), BUILT_VARIABLE: str(built.resolve())}
    node = execute(source, {"year": year}, environment, cold=cold, report_seconds=report_seconds)
    document = read_notebook(node)
    fonts = select_fonts(requested_folder(), system_allowed())
    contents = {
        "summary.html": write_page(node).encode("utf-8"),
        "summary.pdf": typeset(document, fonts, summary.title),
    }
    _lock_identity(document, summary, contents)
    seal = {
        "unit": summary.city.id,
        "year": year,
        "edition": summary.edition.name,
        "ready": summary.ready,
        "sample": summary.sample,
        "states": {one.unit.id: [one.state.value, one.message] for one in summary.units},
        **_figures(summary),
        "inputs": _inputs(summary, params_dir, built),
        "notebook": digest(source.read_bytes()),
        "library": manifest.library_digest(),
        "packages": manifest.package_versions(),
        "fonts": fonts_json(fonts),
        "outputs": {name: digest(data) for name, data in contents.items()},
    }
    return {**contents, SEAL: as_json_bytes(seal)}


def _figures(summary: CitySummary) -> dict[str, Any]:
    """The city's figures for other programs: a sum is ``whole`` only where every counted unit has its part."""
    from nianbao.city.disclosures import class_table, disclosed

    table, total = class_table(summary), disclosed(summary)
    return {
        "counted": [one.unit.id for one in summary.counted],
        "cells": {
            key: {"value": _plain(one.value), "whole": one.whole, "text": one.text} for key, one in summary.sums.items()
        },
        "disclosure": {
            "total": _plain(total.value),
            "whole": total.whole,
            "classes": dict(zip(table.heads, table.sums, strict=True)),
        },
    }


def _plain(value: Any) -> int | str | None:
    return value if value is None or isinstance(value, int) else f"{value:f}"


def _inputs(summary: CitySummary, params_dir: Path, built: Path) -> dict[str, str]:
    """SHA-256 of what the summary was made from."""
    return input_digests({one.unit.id: one.state for one in summary.units}, summary.year, params_dir, built)


def input_digests(states: Mapping[str, Standing], year: int, params_dir: Path, built: Path) -> dict[str, str]:
    """By path: of counted units what was built, of the others last year's params; absent files are left out."""
    files = {"units.yaml": params_dir / "units.yaml"}
    for unit, state in states.items():
        if state.counted:
            files |= {f"{year}/{unit}/{name}": built / unit / name for name in (TABLES, FINDINGS)}
        else:
            last = params_dir / str(year - 1) / f"{unit}.yaml"
            registers = sorted(path for path in last.with_suffix("").rglob("*") if path.is_file())
            files |= {path.relative_to(params_dir).as_posix(): path for path in (last, *registers)}
    return {name: digest(path.read_bytes()) for name, path in files.items() if path.is_file()}


def _lock_identity(document: Any, summary: CitySummary, files: Mapping[str, bytes]) -> None:
    """City, year, title and marks must be the same in what was asked for, ran and came out.

    Raises
    ------
    IdentityError
    """
    meta = document.meta
    where = f"{NAME} {summary.year}"
    expected = {
        "单位": (meta.unit, summary.city.id),
        "年份": (str(meta.year), str(summary.year)),
        "标题": ("".join(run.text for run in meta.title), summary.title),
        "草稿标记": (meta.draft is not None, not summary.ready),
        "示例标记": (meta.sample is not None, summary.sample),
    }
    for name, (found, wanted) in expected.items():
        if found != wanted:
            raise IdentityError(where, f"笔记本输出的{name}为 {found}，应为 {wanted}", "核对笔记本")
    for file, data in files.items():
        if summary.title.encode("utf-8") not in data:
            raise IdentityError(where, f"{file} 中没有标题 {summary.title}", "核对笔记本")


def rebuild_reasons(
    folder: Path, year: int, units: Units, states: Mapping[str, tuple[Standing, str]], params_dir: Path, ground: Ground
) -> list[str]:
    """Why the summary in `folder` is not what a build would make now; empty when it is.

    Parameters
    ----------
    states : mapping
        Unit id → where it stands, and the message.
    """
    path = folder / SEAL
    if not path.is_file():
        return [FIRST]
    try:
        sealed = json.loads(path.read_bytes())
        inputs, outputs, before = dict(sealed["inputs"]), dict(sealed["outputs"]), dict(sealed["states"])
    except (OSError, ValueError, LookupError, TypeError):
        return [f"{SEAL} 读不出"]
    reasons = []
    now = {unit: [state.value, message] for unit, (state, message) in states.items()}
    if moved := [unit.name for unit in units.units if before.get(unit.id) != now.get(unit.id)]:
        reasons.append(f"状态有变：{enumeration(moved)}")
    digests = input_digests({unit: state for unit, (state, _) in states.items()}, year, params_dir, folder)
    if changed := [unit.name for unit in units.units if _differs(unit, year, inputs, digests)]:
        reasons.append(f"数据有变：{enumeration(changed)}")
    if inputs.get("units.yaml") != digests.get("units.yaml"):
        reasons.append("units.yaml 已改")
    reasons += ground_of(ground).changes_since(sealed)
    if broken := [name for name in PAGES if not _holds(folder / name, outputs.get(name))]:
        reasons.append(f"成品缺失或被改动：{enumeration(broken)}")
    return reasons


def _differs(unit: Unit, year: int, before: Mapping[str, str], now: Mapping[str, str]) -> bool:
    starts = (f"{year}/{unit.id}/", f"{year - 1}/{unit.id}/", f"{year - 1}/{unit.id}.yaml")
    return any(before.get(name) != now.get(name) for name in {*before, *now} if name.startswith(starts))


def _holds(path: Path, expected: str | None) -> bool:
    return path.is_file() and digest(path.read_bytes()) == expected


def summary_status(folder: Path, reasons: list[str], failure: str, all_ready: bool) -> SummaryStatus:
    """Where the summary stands.

    Parameters
    ----------
    reasons : list of str
        Those of :func:`rebuild_reasons`.
    failure : str
        Why its last build failed, if it did.
    all_ready : bool
        Whether the report of every unit is ready.
    """
    if failure:
        return SummaryStatus(Standing.FAILED, failure, (FAILED,) if (folder / FAILED).is_file() else ())
    if reasons:
        return SummaryStatus(Standing.PENDING, "；".join(reasons))
    sealed = json.loads((folder / SEAL).read_bytes())
    return SummaryStatus(Standing.READY if all_ready and sealed["ready"] is True else Standing.DRAFT, "", PAGES)
