"""A batch: what must be built and why, build it, write it, and say where every unit stands."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Generator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

from nianbao.batch import pool
from nianbao.batch.cluster import cluster
from nianbao.batch.jobs import Job, JobResult, Snapshot
from nianbao.batch.keys import Ground, rebuild_reasons
from nianbao.batch.log import RunLog
from nianbao.batch.page import INDEX, index_html, status_json
from nianbao.batch.status import STATUS, State, UnitStatus, last_failures, unit_status
from nianbao.errors import OutputError, UsageError
from nianbao.outputs import sweep, write_changed, write_files, year_lock
from nianbao.params import Register, Unit, load_units, params_path, years_of
from nianbao.publish import FAILED
from nianbao.wording import enumeration, suggestion

FORCED = "--force"
LOCK_SECONDS = 5.0

Tell = Callable[["Event"], None]


@dataclass(frozen=True)
class Event:
    """Something a run says while it goes on: a line, and how many of how many reports are done."""

    text: str
    done: int
    total: int
    problem: bool = False


@dataclass(frozen=True)
class BatchResult:
    """What a run came to.

    Attributes
    ----------
    statuses : tuple of UnitStatus
        All units of the register.
    asked : frozenset of str
        Ids of the units that this run was about.
    built : mapping of str to str
        Unit id and reason of everything that was built anew.
    interrupted : bool
        Whether Ctrl-C ended it before its time.
    """

    year: int
    folder: Path
    statuses: tuple[UnitStatus, ...]
    asked: frozenset[str]
    built: dict[str, str]
    interrupted: bool

    @property
    def ok(self) -> bool:
        """Whether every unit asked for that has data is ready."""
        good = (State.READY, State.MISSING)
        return not self.interrupted and all(s.state in good for s in self.statuses if s.unit.id in self.asked)

    def of(self, state: State) -> tuple[UnitStatus, ...]:
        return tuple(status for status in self.statuses if status.state is state)


@dataclass
class _Run:
    """The state of a run while it goes on."""

    year: int
    units: Register
    params_dir: Path
    folder: Path
    ground: Ground
    failures: dict[str, str]
    log: RunLog
    tell: Tell
    total: int = 0
    done: int = 0

    def say(self, text: str, problem: bool = False) -> None:
        self.log.write(text)
        self.tell(Event(text, self.done, self.total, problem))

    def statuses(self) -> tuple[UnitStatus, ...]:
        return tuple(
            unit_status(
                unit, self.year, self.params_dir, self.folder / unit.id, self.ground, self.failures.get(unit.id, "")
            )
            for unit in self.units.units
        )

    def write_pages(self) -> tuple[UnitStatus, ...]:
        statuses = self.statuses()
        strays = stray_files(self.params_dir, self.year, self.units)
        summaries = tuple(name for name in ("summary.html", "summary.pdf") if (self.folder / name).is_file())
        contents = {
            STATUS: status_json(self.year, statuses, strays),
            INDEX: index_html(self.year, self.units.city, statuses, strays, summaries),
        }
        write_changed(self.folder, contents)
        return statuses


def run_batch(
    year: int,
    names: Sequence[str],
    params_dir: Path,
    out_dir: Path,
    *,
    workers: int | None = None,
    scheduler: str | None = None,
    force: bool = False,
    cold: bool = False,
    notebook: Path | None = None,
    report_seconds: float | None = 300.0,
    tell: Tell = lambda _event: None,
) -> BatchResult:
    """Bring ``out_dir/<year>/`` up to date for the units named (all when none is), and its ``index.html``.

    Parameters
    ----------
    workers : int, optional
        Processes; default: one a processor, but no more than are worth their start. A single report is built
        in this process; with 0 all are, and one that takes down the process takes down the run.
    scheduler : str, optional
        Address of a Dask scheduler to run the jobs instead.
    force : bool
        Build also what is up to date.
    cold : bool
        A fresh kernel for every report.

    Raises
    ------
    UsageError
        No unit that was asked for has data, or the scheduler cannot be used.
    OutputError
        The output folder cannot be written, or another run writes it.
    """
    units = load_units(params_dir)
    asked = [units.find(name) for name in names] if names else list(units.units)
    asked = list({unit.id: unit for unit in asked}.values())
    if not any(params_path(params_dir, unit, year).is_file() for unit in asked):
        known = [str(number) for number in years_of(params_dir)]
        what = "所列单位都没有这一年的数据" if names else "没有任何单位的数据"
        raise UsageError(
            f"年份 {year}", what, f"有数据的年份：{enumeration(known)}" if known else "先在 params/ 中录入数据"
        )
    ground = Ground.here(notebook)
    folder = out_dir / str(year)
    built: dict[str, str] = {}
    interrupted = False
    with year_lock(folder, LOCK_SECONDS), RunLog(folder) as log:
        sweep(folder)
        run = _Run(year, units, params_dir, folder, ground, last_failures(folder), log, tell)
        reasons = {unit.id: _reason(run, unit, force) for unit in asked if _has_data(run, unit)}
        template = Job(
            unit="",
            name="",
            year=year,
            params_dir=str(params_dir.resolve()),
            ground=ground,
            notebook=str(notebook.resolve()) if notebook else "",
            cold=cold,
            seconds=report_seconds,
            fonts=os.environ.get("NIANBAO_FONTS", ""),
            system_fonts=os.environ.get("NIANBAO_SYSTEM_FONTS", "1"),
        )
        jobs = [replace(template, unit=unit.id, name=unit.name) for unit in asked if reasons.get(unit.id)]
        run.total = len(jobs)
        log.write(f"开始：{len(asked)} 个单位，其中要生成 {len(jobs)} 份")
        for stray in stray_files(params_dir, year, units):
            run.say(stray, problem=True)
        for unit in asked:
            if not _has_data(run, unit):
                log.write(f"{unit.name}：未报送")
            elif not reasons[unit.id]:
                log.write(f"{unit.name}：没有变化，不重新生成")
        if jobs:
            try:
                with closing(_mapping(jobs, workers, scheduler, params_dir, year)) as results:
                    for job in jobs:
                        run.failures.pop(job.unit, None)
                    run.write_pages()  # a run that is killed must not leave a page that calls old reports ready
                    for result in results:
                        _take(run, result, reasons[result.unit], built)
            except KeyboardInterrupt:
                interrupted = True
                log.write(f"中断：已完成 {run.done} 份，未完成 {run.total - run.done} 份")
        statuses = run.write_pages()
        log.write("，".join(f"{state.label} {sum(s.state is state for s in statuses)}" for state in State))
    return BatchResult(year, folder, statuses, frozenset(unit.id for unit in asked), built, interrupted)


def _has_data(run: _Run, unit: Unit) -> bool:
    return params_path(run.params_dir, unit, run.year).is_file()


def _reason(run: _Run, unit: Unit, force: bool) -> str:
    """Why a report is to be built, or nothing."""
    if force:
        return FORCED
    if reasons := rebuild_reasons(run.folder / unit.id, unit, run.year, run.params_dir, run.ground):
        return "；".join(reasons)
    return "上次生成失败" if unit.id in run.failures else ""


def _mapping(
    jobs: Sequence[Job], workers: int | None, scheduler: str | None, params_dir: Path, year: int
) -> Generator[JobResult]:
    if scheduler is not None:
        return cluster(jobs, scheduler, Snapshot.of(params_dir, year))
    if workers == 0 or len(jobs) == 1:
        return pool.in_process(jobs)
    return pool.processes(jobs, min(workers, len(jobs)) if workers else default_workers(len(jobs)))


def default_workers(jobs: int) -> int:
    """One a processor that this process may use; each builds at least two reports, or it is not worth its start."""
    affinity = getattr(os, "sched_getaffinity", None)
    processors = len(affinity(0)) if affinity else os.cpu_count() or 1
    return max(1, min(processors, jobs // 2))


def _take(run: _Run, result: JobResult, reason: str, built: dict[str, str]) -> None:
    """Write what a job made, or keep what it left, and say which."""
    unit = run.units.find(result.unit)
    folder = run.folder / unit.id
    error = result.error
    run.done += 1
    try:
        if error:
            write_files(folder, {FAILED: result.executed} if result.executed else {})
        else:
            write_files(folder, result.contents, drop=(FAILED,))
    except OutputError as problem:
        error = str(problem)
    if error:
        run.failures[unit.id] = error
        run.say(f"{unit.name}：{State.FAILED.label}（{reason}）。{error}", problem=True)
        if result.executed:
            run.say(f"{unit.name}：运行到出错处的笔记本见 {run.folder.name}/{unit.id}/{FAILED}", problem=True)
        if result.trace:
            run.log.write(result.trace)
    else:
        built[unit.id] = reason
        run.say(f"{unit.name}：{_made(result)}（{reason}），{result.seconds:.1f} 秒")


def _made(result: JobResult) -> str:
    found = json.loads(result.contents["findings.json"])
    if found["ready"]:
        return "已生成"
    blocking = sum(finding["severity"] == "error" and finding["waived"] is None for finding in found["findings"])
    return f"已生成，是草稿，{blocking} 个问题必须解决"


def stray_files(params_dir: Path, year: int, units: Register) -> tuple[str, ...]:
    """Params files whose name is no unit's: their unit would silently count as not submitted."""
    ids = [unit.id for unit in (*units.units, units.city)]
    found = years_of(params_dir).get(year, ())
    name = params_dir.resolve().name
    return tuple(
        f"{name}/{year}/{stem}.yaml：文件名不是单位代号，没有采用。{suggestion(stem, ids)}"
        for stem in found
        if stem not in ids
    )
