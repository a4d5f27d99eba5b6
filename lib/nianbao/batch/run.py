"""A batch: what must be built and why, build it, write it, and say where every unit stands."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from pathlib import Path

from nianbao.batch.jobs import Job, JobResult, Snapshot, run_job
from nianbao.batch.log import RunLog
from nianbao.batch.overview import Overview, stray_files
from nianbao.batch.status import UnitStatus
from nianbao.batch.summary import PaperStatus, ground_of
from nianbao.city import Standing
from nianbao.city.papers import paper_of
from nianbao.errors import OutputError, UsageError
from nianbao.params import Unit, load_units, params_path, years_of
from nianbao.publish.contract import default_notebook
from nianbao.publish.formats import FAILED, FINDINGS, MANIFEST, left_over
from nianbao.publish.outputs import sweep, write_files, year_lock
from nianbao.rules.finding import Findings
from nianbao.wording import enumeration

FORCED = "--force"
AGAIN = "上次生成失败"
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
    papers : mapping of str to PaperStatus
        Where the papers of the city's office stand; that one is a draft is the business of the units.
    """

    year: int
    folder: Path
    statuses: tuple[UnitStatus, ...]
    asked: frozenset[str]
    built: dict[str, str]
    interrupted: bool
    papers: Mapping[str, PaperStatus]

    @property
    def ok(self) -> bool:
        """Whether every unit asked for that has data is ready, and the papers could be made."""
        good = (Standing.READY, Standing.MISSING)
        ready = all(s.state in good for s in self.statuses if s.unit.id in self.asked)
        return ready and not self.interrupted and all(one.state is not Standing.FAILED for one in self.papers.values())

    @property
    def summary(self) -> PaperStatus:
        """Where the summary of all units stands."""
        return self.papers["summary"]

    def of(self, state: Standing) -> tuple[UnitStatus, ...]:
        return tuple(status for status in self.statuses if status.state is state)


@dataclass
class _Run:
    """The state of a run while it goes on."""

    overview: Overview
    log: RunLog
    tell: Tell
    total: int = 0
    done: int = 0
    paper_reasons: dict[str, str] = field(default_factory=dict)

    @property
    def folder(self) -> Path:
        return self.overview.folder

    @property
    def failures(self) -> dict[str, str]:
        return self.overview.failures

    def say(self, text: str, problem: bool = False) -> None:
        self.log.write(text)
        self.tell(Event(text, self.done, self.total, problem))


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
    folder = out_dir / str(year)
    built: dict[str, str] = {}
    interrupted = False
    with year_lock(folder, LOCK_SECONDS), RunLog(folder) as log:
        sweep(folder)
        overview = Overview.of(year, params_dir, folder, notebook)
        run = _Run(overview, log, tell)
        reasons = {unit.id: _reason(run, unit, force) for unit in asked if _has_data(run, unit)}
        template = Job(
            unit="",
            name="",
            year=year,
            params_dir=str(params_dir.resolve()),
            ground=overview.ground,
            notebook=str(notebook.resolve()) if notebook else "",
            cold=cold,
            seconds=report_seconds,
            fonts=os.environ.get("NIANBAO_FONTS", ""),
            system_fonts=os.environ.get("NIANBAO_SYSTEM_FONTS", "1"),
        )
        jobs = [_job_of(template, overview, unit) for unit in asked if reasons.get(unit.id)]
        # Those with a folder, which keep registers, come first: see how the pool gives them out.
        jobs.sort(key=lambda job: not (params_dir / str(year) / job.unit).is_dir())
        run.total = len(jobs)
        log.write(f"开始：{len(asked)} 个单位，其中要生成 {len(jobs)} 份")
        for stray in stray_files(params_dir, year, units):
            run.say(stray, problem=True)
        for unit in asked:
            if not _has_data(run, unit):
                log.write(f"{unit.name}：未报送")
            elif not reasons[unit.id]:
                log.write(f"{unit.name}：没有变化，不重新生成")
        after = _paper_jobs(run, template, force)
        try:
            if jobs:
                with closing(_mapping(jobs, workers, scheduler, params_dir, year, after)) as results:
                    for job in jobs:
                        run.failures.pop(job.unit, None)
                    overview.write()  # a run that is killed must not leave a page that calls old reports ready
                    for result in results:
                        _take(run, result, reasons, built)
            for job in after:  # where no worker has done it
                _take(run, run_job(job), reasons, built)
        except KeyboardInterrupt:
            interrupted = True
            sweep(folder)  # also where it came while what was half-written was being removed
            log.write(f"中断：已完成 {run.done} 份，未完成 {run.total - run.done} 份")
        statuses, papers = overview.write()
        log.write("，".join(f"{state.label} {sum(s.state is state for s in statuses)}" for state in Standing))
    return BatchResult(year, folder, statuses, frozenset(unit.id for unit in asked), built, interrupted, papers)


def _job_of(template: Job, overview: Overview, unit: Unit) -> Job:
    """The job of a unit's report, with its own notebook where the report was made of that."""
    own = overview.own_notebook(unit)
    return replace(
        template,
        unit=unit.id,
        name=unit.name,
        ground=overview.ground_of(unit),
        notebook=template.notebook if own is None else str(own),
    )


def _has_data(run: _Run, unit: Unit) -> bool:
    return params_path(run.overview.params_dir, unit, run.overview.year).is_file()


def _reason(run: _Run, unit: Unit, force: bool) -> str:
    """Why a report is to be built, or nothing."""
    if force:
        return FORCED
    overview = run.overview
    if reasons := overview.rebuild_reasons(unit):
        return "；".join(reasons)
    return AGAIN if unit.id in run.failures else ""


def _paper_jobs(run: _Run, template: Job, force: bool) -> Iterator[Job]:
    """The jobs of the papers that must be made, one after another; asked for when the reports are written."""
    overview = run.overview
    for one in overview.wanted(overview.write()[0]):
        statuses, papers = overview.write()  # the papers read there who is ready
        reasons = [FORCED] if force else overview.reasons(one, statuses)
        if papers[one.key].state is Standing.FAILED and not reasons:
            reasons = [AGAIN]
        if not reasons:
            continue
        overview.failures.pop(one.name, None)
        overview.touch()
        run.paper_reasons[one.name] = "；".join(reasons)
        yield replace(
            template,
            unit=one.name,
            name=one.name,
            ground=ground_of(overview.ground, one.notebook),
            notebook=str(default_notebook(one.notebook)),
            built=str(run.folder.resolve()),
        )


def _mapping(
    jobs: Sequence[Job],
    workers: int | None,
    scheduler: str | None,
    params_dir: Path,
    year: int,
    after: Iterator[Job],
) -> Generator[JobResult]:
    from nianbao.batch import pool  # with what runs processes, which a run that changes nothing does without
    from nianbao.batch.cluster import cluster

    if scheduler is not None:
        return cluster(jobs, scheduler, Snapshot.of(params_dir, year))
    if workers == 0 or len(jobs) == 1:
        return pool.in_process(jobs)
    return pool.processes(jobs, min(workers, len(jobs)) if workers else default_workers(len(jobs)), after)


def default_workers(jobs: int) -> int:
    """One a processor that this process may use; each builds at least two reports, or it is not worth its start."""
    affinity = getattr(os, "sched_getaffinity", None)
    processors = len(affinity(0)) if affinity else os.cpu_count() or 1
    return max(1, min(processors, jobs // 2))


def _take(run: _Run, result: JobResult, reasons: dict[str, str], built: dict[str, str]) -> None:
    """Write what a job made, or keep what it left, and say which."""
    if result.unit in run.paper_reasons:
        one = paper_of(result.unit)
        _write(run, result, one.place(run.folder), one.name, one.failed, run.paper_reasons[one.name])
        return
    unit = run.overview.units.find(result.unit)
    run.done += 1
    if _write(run, result, run.folder / unit.id, unit.name, FAILED, reasons[unit.id]):
        built[unit.id] = reasons[unit.id]


def _write(run: _Run, result: JobResult, folder: Path, name: str, failed: str, reason: str) -> bool:
    """Whether what a job made is written; `failed` names the file that a job leaves whose notebook failed."""
    run.overview.touch()
    error = result.error
    try:
        if error:
            write_files(folder, {failed: result.executed} if result.executed else {})
        else:
            gone = left_over(result.contents, folder) if MANIFEST in result.contents else ()
            write_files(folder, result.contents, drop=(failed, *gone))
    except OutputError as problem:
        error = str(problem)
    if error:
        run.failures[result.unit] = error
        run.say(f"{name}：{Standing.FAILED.label}（{reason}）。{error}", problem=True)
        if result.executed:
            place = (folder / failed).relative_to(run.folder.parent).as_posix()
            run.say(f"{name}：运行到出错处的笔记本见 {place}", problem=True)
        if result.trace:
            run.log.write(result.trace)
    else:
        run.say(f"{name}：{_made(result)}（{reason}），{result.seconds:.1f} 秒")
    return not error


def _made(result: JobResult) -> str:
    if FINDINGS not in result.contents:
        return "已生成"
    found = Findings.from_json(json.loads(result.contents[FINDINGS]))
    return "已生成" if found.ready else f"已生成，是草稿，{len(found.blocking)} 个问题必须解决"
