"""Workers and jobs that misbehave; imported by the worker processes of ``test_pool.py``."""

from __future__ import annotations

import os
import signal
import threading
import time
from pathlib import Path
from typing import Any

from nianbao.batch.jobs import Job, JobResult


class OnTheWay:
    """Does something to its process while it is sent: the pipe is locked then."""

    def __init__(self, number: int) -> None:
        self.number = number

    def __reduce__(self) -> Any:
        os.kill(os.getpid(), self.number)
        return str, ()


def run(job: Job) -> JobResult:
    """Do what the unit of the job says."""
    match job.unit:
        case "killed":
            os.kill(os.getpid(), signal.SIGKILL)
        case "ended":
            os.kill(os.getpid(), signal.SIGTERM)
        case "exited":
            os._exit(7)
        case "stopped":
            os.kill(os.getpid(), signal.SIGSTOP)
        case "asleep":
            time.sleep(600)
        case "killed on the way":
            return JobResult(job.unit, trace=OnTheWay(signal.SIGKILL))  # type: ignore[arg-type]
        case "stopped on the way":
            return JobResult(job.unit, trace=OnTheWay(signal.SIGSTOP))  # type: ignore[arg-type]
        case "killed half way":
            # More than a pipe holds, so that it is read while it is written; which byte is the last is chance.
            threading.Timer(0.02, os.kill, (os.getpid(), signal.SIGKILL)).start()
            return JobResult(job.unit, {"report.pdf": bytes(300_000_000)})
    return JobResult(job.unit, {"report.pdf": bytes(1_000_000)}, trace=str(os.getpid()))


def start_quietly(_folder: str, _cold: bool) -> None:
    """A worker without kernel and typesetter."""
    signal.signal(signal.SIGTERM, signal.SIG_DFL)


def start_and_die_once(folder: str, _cold: bool) -> None:
    """The first process of each lane is killed while it starts."""
    if not (mark := Path(folder) / "died").exists():
        mark.touch()
        os.kill(os.getpid(), signal.SIGKILL)


def start_and_die(_folder: str, _cold: bool) -> None:
    os._exit(3)


def never_start(_folder: str, _cold: bool) -> None:
    os.kill(os.getpid(), signal.SIGSTOP)
