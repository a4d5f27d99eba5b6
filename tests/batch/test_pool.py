"""The pool of workers: what a process does costs its own job and no other, and nothing hangs for ever."""

from __future__ import annotations

import multiprocessing
import os
import signal
import time
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

import pytest

from nianbao.batch import pool
from nianbao.batch.jobs import Job, JobResult
from nianbao.batch.keys import Ground
from tests.batch import misbehaving
from tests.conftest import TOP

pytestmark = pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")

GROUND = Ground("", "", {}, {})


@pytest.fixture(autouse=True)
def _fast_workers(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.syspath_prepend(TOP)  # a worker finds `misbehaving` there
    monkeypatch.setattr(pool, "run_job", misbehaving.run)
    monkeypatch.setattr(pool, "start_worker", misbehaving.start_quietly)
    monkeypatch.setattr(pool, "GRACE_SECONDS", 1.0)
    yield
    assert not multiprocessing.active_children()


def job(unit: str) -> Job:
    """With a time that is short only where it is to run out: a busy machine must end no job that would end itself."""
    return Job(unit, unit, 2025, "params", GROUND, seconds=1.0 if WRONG.get(unit) == TOO_LONG else 60.0)


def results(*units: str, workers: int = 2, after: Iterable[Job] = ()) -> list[JobResult]:
    return list(pool.processes([job(unit) for unit in units], workers, iter(after)))


def test_one_worker_begins_at_the_front_and_the_others_at_the_back() -> None:
    """So that what few reports need is loaded by few processes; every job is done once."""
    units = [f"{number:02}" for number in range(12)]
    found = results(*units, workers=3)
    assert sorted(result.unit for result in found) == units
    by_process: dict[str, list[str]] = {}
    for result in sorted(found, key=lambda result: result.unit):
        by_process.setdefault(result.trace, []).append(result.unit)
    front = next(done for done in by_process.values() if units[0] in done)
    assert front == units[: len(front)]


@pytest.mark.parametrize(("notebooks", "cold"), [(("", ""), False), (("own", ""), False), (("own", "own"), True)])
def test_kernels_are_started_unless_every_job_brings_its_own_notebook(
    monkeypatch: pytest.MonkeyPatch, notebooks: tuple[str, ...], cold: bool
) -> None:
    asked: list[bool] = []

    def lane(_folder: object, is_cold: bool) -> None:
        asked.append(is_cold)
        raise InterruptedError

    monkeypatch.setattr(pool, "_Lane", lane)
    with pytest.raises(InterruptedError):
        next(pool.processes([replace(job("a"), notebook=one) for one in notebooks], 1, iter(())))
    assert asked == [cold]


TOO_LONG = "超过 2 秒没有结束，已中止"
WRONG = {
    "killed": "工作进程意外退出（被系统终止，可能是内存不足）",
    "ended": "工作进程意外退出（信号 15）",
    "exited": "工作进程意外退出（退出码 7）",
    "stopped": TOO_LONG,
    "asleep": TOO_LONG,
    "killed on the way": "工作进程意外退出（被系统终止，可能是内存不足）",
    "stopped on the way": TOO_LONG,
    "killed half way": "工作进程意外退出（被系统终止，可能是内存不足）",
}


@pytest.mark.parametrize("wrong", WRONG)
def test_a_process_that_misbehaves_costs_its_own_job_and_no_other(wrong: str) -> None:
    found = {result.unit: result.error for result in results("a", wrong, "b", wrong + " ", "c", "d")}
    assert found == {wrong: f"{wrong} 2025：{WRONG[wrong]}。单独生成这一份，查看原因。"} | dict.fromkeys(
        ["a", "b", wrong + " ", "c", "d"], ""
    )


def test_a_process_that_dies_while_it_has_nothing_to_do_costs_nothing() -> None:
    def after() -> Iterator[Job]:
        for number in range(3):
            for process in multiprocessing.active_children():
                os.kill(process.pid or 0, signal.SIGKILL)
            time.sleep(number * 0.15)
            yield job(f"after {number}")

    found = {result.unit: result.error for result in results("a", "b", after=after())}
    assert found == dict.fromkeys(["a", "b", "after 0", "after 1", "after 2"], "")


def test_a_process_that_dies_while_it_starts_costs_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pool, "start_worker", misbehaving.start_and_die_once)
    assert {result.unit: result.error for result in results(*"abcdef")} == dict.fromkeys("abcdef", "")


def test_processes_that_never_get_beyond_their_start_cost_every_job(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pool, "start_worker", misbehaving.start_and_die)
    assert {result.unit: result.error for result in results(*"abc")} == {
        unit: f"{unit} 2025：工作进程启动时意外退出。单独生成这一份，查看原因。" for unit in "abc"
    }


def test_a_process_that_does_not_start_is_not_waited_for_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pool, "start_worker", misbehaving.never_start)
    monkeypatch.setattr(pool, "START_SECONDS", 2.0)
    (result,) = results("a")
    assert result.error == "a 2025：工作进程超过 2 秒没有启动。单独生成这一份，查看原因。"


def test_a_process_is_replaced_after_so_many_reports(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pool, "REPORTS_PER_PROCESS", 2)
    found = results(*"abcde", workers=1)
    assert [result.unit for result in found] == list("abcde")
    pids = [result.trace for result in found]
    assert pids[0] == pids[1] != pids[2] == pids[3] != pids[4]


def test_closing_ends_the_workers_at_once() -> None:
    started = time.monotonic()
    running: Any = pool.processes([job("a"), job("b"), job("asleep"), job("asleep")], 2, iter(()))
    assert next(running).unit == "a"
    running.close()
    assert not multiprocessing.active_children() and time.monotonic() - started < 30
