"""Mappings over jobs: in this process, over worker processes (and see :mod:`nianbao.batch.cluster`).

Each is a generator of results in the order in which they come. Closing one ends its workers at once.
"""

from __future__ import annotations

import math
import multiprocessing
import time
from collections import deque
from collections.abc import Generator, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path

from nianbao.batch.jobs import Job, JobResult, run_job
from nianbao.batch.scratch import scratch
from nianbao.batch.worker import start_worker
from nianbao.errors import NianbaoError
from nianbao.wording import enumeration, exit_reason

GRACE_SECONDS = 60.0
"""What a worker may take beyond the limit of the notebook, before it counts as hanging."""
START_SECONDS = 120.0
REPORTS_PER_PROCESS = 200
"""Then a worker is replaced: Typst and the interpreter keep a little of every report."""


def in_process(jobs: Sequence[Job]) -> Generator[JobResult]:
    """One after another, here. A job that takes down the process takes down the batch."""
    for job in jobs:
        yield run_job(job)


class _Lane:
    """A pool of one process: when it dies or hangs, it is known over which job, and no other job is lost."""

    def __init__(self, folder: Path, cold: bool) -> None:
        self._folder = folder
        self._cold = cold
        self._start()

    def _start(self) -> None:
        self._folder.mkdir(exist_ok=True)
        known = set(multiprocessing.active_children())
        self._executor = ProcessPoolExecutor(
            1,
            mp_context=multiprocessing.get_context("spawn"),
            initializer=start_worker,
            initargs=(str(self._folder), self._cold),
        )
        self._born, self._ready = time.monotonic(), math.inf
        self._executor.submit(int).add_done_callback(self._note_ready)  # starts the process
        self._processes = set(multiprocessing.active_children()) - known
        self._dead = False
        self._given_out = 0

    def _note_ready(self, _first: Future[int]) -> None:
        self._ready = time.monotonic()

    def submit(self, job: Job) -> Future[JobResult]:
        """Run a job, in a new process when the last one is gone."""
        if self._given_out >= REPORTS_PER_PROCESS and not self._dead:
            self.close()
            self.join()
            self._dead = True
        if self._dead:
            self._start()
        self._given_out += 1
        self.job, self._given = job, time.monotonic()
        try:
            return self._executor.submit(run_job, job)
        except BrokenProcessPool:
            self.kill()
            self._start()
            return self._executor.submit(run_job, job)

    def overdue(self) -> str:
        """What to say of the job when it has run longer than its own limit should have let it, else nothing."""
        now = time.monotonic()
        if self._ready == math.inf:
            return f"工作进程超过 {START_SECONDS:g} 秒没有启动" if now - self._born > START_SECONDS else ""
        if self.job.seconds is None:
            return ""
        limit = self.job.seconds + GRACE_SECONDS
        return f"超过 {limit:g} 秒没有结束，已中止" if now - max(self._given, self._ready) > limit else ""

    def ending(self) -> str:
        """How the process ended, in Chinese."""
        self.join(1.0)
        return enumeration(dict.fromkeys(exit_reason(process.exitcode) for process in self._processes))

    def kill(self) -> None:
        """End the process, whatever it is doing; the next job starts another."""
        for process in self._processes:
            process.kill()
        self._executor.shutdown(wait=True, cancel_futures=True)
        self._dead = True

    def close(self) -> None:
        """Let the process end; does not wait."""
        self._executor.shutdown(wait=False)

    def join(self, seconds: float | None = None) -> None:
        for process in self._processes:
            process.join(seconds)


def processes(jobs: Sequence[Job], workers: int, after: Iterator[Job]) -> Generator[JobResult]:
    """Over `workers` spawned processes, each with one warm kernel and one typesetter.

    `after` is asked for a job more when the results of all others have been taken.
    """
    with scratch() as root:
        # A notebook that is not the package's own hardly ever has its code, and so no use for a warm kernel.
        cold = jobs[0].cold or bool(jobs[0].notebook)
        lanes = [_Lane(root / str(number), cold) for number in range(min(workers, len(jobs)))]
        yield from _spread(jobs, lanes, after)


def _spread(jobs: Sequence[Job], lanes: Sequence[_Lane], after: Iterator[Job]) -> Generator[JobResult]:
    waiting = deque(jobs)
    running: dict[Future[JobResult], _Lane] = {}
    finished = False
    try:
        for lane in lanes:
            running[lane.submit(waiting.popleft())] = lane
        while running:
            done, _ = wait(running, timeout=1.0, return_when=FIRST_COMPLETED)
            for future in done:
                lane = running.pop(future)
                result = _result(future, lane)
                if waiting:
                    running[lane.submit(waiting.popleft())] = lane
                yield result
            for future, lane in list(running.items()):
                if wrong := lane.overdue():
                    del running[future]
                    job = lane.job
                    lane.kill()
                    if waiting:
                        running[lane.submit(waiting.popleft())] = lane
                    yield lost(job, wrong)
            if not running and (last := next(after, None)):
                running[lanes[0].submit(last)] = lanes[0]
        finished = True
    finally:
        for lane in lanes:
            lane.close() if finished else lane.kill()
        for lane in lanes:
            lane.join()


def _result(future: Future[JobResult], lane: _Lane) -> JobResult:
    try:
        return future.result()
    except BrokenProcessPool:
        job, ending = lane.job, lane.ending()
        lane.kill()
        return lost(job, f"工作进程意外退出（{ending}）")


def lost(job: Job, wrong: str) -> JobResult:
    """The result of a job that did not come back."""
    return JobResult(job.unit, error=str(NianbaoError(job.where, wrong, "单独生成这一份，查看原因")))
