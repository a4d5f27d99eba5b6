"""Mappings over jobs: in this process, over worker processes (and see :mod:`nianbao.batch.cluster`).

Each is a generator of results in the order in which they come. Closing one ends its workers at once.
"""

from __future__ import annotations

import multiprocessing
import time
from collections import deque
from collections.abc import Generator, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, wait
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path

from pebble import ProcessExpired, ProcessFuture, ProcessPool

from nianbao.batch.jobs import Job, JobResult, run_job
from nianbao.batch.scratch import scratch
from nianbao.batch.worker import start_worker
from nianbao.errors import NianbaoError
from nianbao.wording import exit_reason

GRACE_SECONDS = 60.0
"""What a worker may take beyond the limit of the notebook, before it counts as hanging."""
START_SECONDS = 120.0
REPORTS_PER_PROCESS = 200
"""Then a worker is replaced: Typst and the interpreter keep a little of every report."""
_TICK_SECONDS = 1.0
_TRIES = 2
"""How often a job is given to a process that dies before it begins."""


def in_process(jobs: Sequence[Job]) -> Generator[JobResult]:
    """One after another, here. A job that takes down the process takes down the batch."""
    for job in jobs:
        yield run_job(job)


class _Lane:
    """A pool of one process, so that a process that dies or stops holds no pipe and no lock that others need."""

    def __init__(self, folder: Path, cold: bool) -> None:
        folder.mkdir()
        self._settings = str(folder), cold
        self._start()

    def _start(self) -> None:
        self._pool = ProcessPool(
            max_workers=1,
            max_tasks=REPORTS_PER_PROCESS,
            initializer=start_worker,
            initargs=self._settings,
            context=multiprocessing.get_context("spawn"),
        )

    def give(self, job: Job) -> None:
        """Begin a job, in a new process when the last one is gone."""
        self._job, self._tries = job, 0
        self._try()

    def _try(self) -> None:
        if not self._pool.active:
            self.renew()
        self._tries += 1
        self._since, self._begun = time.monotonic(), False
        self.future: ProcessFuture[JobResult] = self._pool.schedule(run_job, args=(self._job,))

    def result(self) -> JobResult | None:
        """What came of the job, or nothing as long as it runs and may.

        A process that died or hangs is replaced, and with it the pipe that it may have been writing to.
        """
        try:
            if self.future.done():
                return self.future.result()
            if not self._pool.active:
                raise BrokenProcessPool
            wrong = self._overdue()
        except ProcessExpired as error:
            wrong = f"工作进程意外退出（{exit_reason(error.exitcode)}）"
        except BrokenProcessPool:  # it died before it said that it begins
            if self._tries < _TRIES:
                self._try()
                return None
            wrong = "工作进程启动时意外退出"
        if not wrong:
            return None
        self.renew()
        return lost(self._job, wrong)

    def _overdue(self) -> str:
        """What to say of the job when its process does not start or hangs."""
        if not self._begun and self.future.running():
            self._since, self._begun = time.monotonic(), True
        passed = time.monotonic() - self._since
        if not self._begun:
            return f"工作进程超过 {START_SECONDS:g} 秒没有启动" if passed > START_SECONDS else ""
        limit = GRACE_SECONDS + (self._job.seconds or float("inf"))
        return f"超过 {limit:g} 秒没有结束，已中止" if passed > limit else ""

    def renew(self) -> None:
        """End the process, whatever it is doing; the next job starts another."""
        self.stop()
        self.join()
        self._start()

    def stop(self) -> None:
        """Let nothing more be done; does not wait."""
        self._pool.stop()

    def join(self) -> None:
        """Wait for the process to end; one that does not within seconds is killed."""
        self._pool.join()


def processes(jobs: Sequence[Job], workers: int, after: Iterator[Job]) -> Generator[JobResult]:
    """Over `workers` spawned processes, each with one warm kernel and one typesetter.

    The first takes the jobs from the front, all others from the back. The reports with registers stand in front: what
    only they need, pandas and the letters of charts, is then loaded by one process and not by each.

    `after` is asked for a job more when the results of all others have been taken.
    """
    with scratch() as root:
        # A notebook that is not the package's own hardly ever has its code, and so no use for a warm kernel.
        cold = all(job.cold or job.notebook for job in jobs)
        lanes = [_Lane(root / str(number), cold) for number in range(min(workers, len(jobs)))]
        try:
            yield from _spread(jobs, lanes, after)
        finally:
            for lane in lanes:
                lane.stop()
            for lane in lanes:
                lane.join()


def _spread(jobs: Sequence[Job], lanes: Sequence[_Lane], after: Iterator[Job]) -> Generator[JobResult]:
    waiting = deque(jobs)

    def take(lane: _Lane) -> Job:
        return waiting.popleft() if lane is lanes[0] else waiting.pop()

    busy = list(lanes)
    for lane in busy:
        lane.give(take(lane))
    while busy:
        wait([lane.future for lane in busy], timeout=_TICK_SECONDS, return_when=FIRST_COMPLETED)
        for lane in list(busy):
            if (result := lane.result()) is None:
                continue
            if waiting:
                lane.give(take(lane))
            else:
                busy.remove(lane)
            yield result
        if not busy and (last := next(after, None)):
            lanes[0].give(last)
            busy.append(lanes[0])


def lost(job: Job, wrong: str) -> JobResult:
    """The result of a job that did not come back."""
    return JobResult(job.unit, error=str(NianbaoError(job.where, wrong, "单独生成这一份，查看原因")))
