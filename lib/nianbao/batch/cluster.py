"""Jobs on a Dask cluster: the params travel along, the files come back, no disk is shared."""

from __future__ import annotations

import importlib
import logging
import re
import socket
import time
from collections.abc import Generator, Sequence
from typing import Any

from nianbao.batch import pool
from nianbao.batch.jobs import Job, JobResult, Snapshot, run_job
from nianbao.batch.pool import lost
from nianbao.errors import UsageError

CONNECT_SECONDS = 15.0
_POLL_SECONDS = 0.02
_ADDRESS = re.compile(r"[a-z]+://([^\s/:\[\]]+|\[[0-9a-fA-F:]+\]):([0-9]{1,5})/?")


def cluster(jobs: Sequence[Job], address: str, snapshot: Snapshot) -> Generator[JobResult]:
    """On the workers of a Dask scheduler at `address`; the params travel along, the files come back.

    Connects at once, before the first result is asked for.

    Raises
    ------
    UsageError
        Without the extra ``cluster``, without a scheduler, or without workers.
    """
    where = f"--scheduler {address}"
    parts = _ADDRESS.fullmatch(address)
    if parts is None:
        raise UsageError(where, "不是调度器的地址", "写成 tcp://10.0.0.1:8786")
    try:
        distributed: Any = importlib.import_module("distributed")
    except ImportError:
        raise UsageError("--scheduler", "没有安装 distributed", "pip install 'nianbao[cluster]'") from None
    for name in [name for name in logging.root.manager.loggerDict if name.partition(".")[0] == "distributed"]:
        logging.getLogger(name).setLevel(logging.CRITICAL)  # what fails is said of the report that fails
    try:
        # Asked first because a client that waits for nobody can hardly be interrupted.
        socket.create_connection((parts[1].strip("[]"), int(parts[2])), CONNECT_SECONDS).close()
        client: Any = distributed.Client(address, timeout=CONNECT_SECONDS, set_as_default=False)
    except (OSError, TimeoutError, ValueError, OverflowError) as error:
        raise UsageError(where, f"连接不上调度器（{_unreachable(error)}）", "先运行 dask scheduler，检查地址") from None
    try:
        client.wait_for_workers(1, timeout=CONNECT_SECONDS)
    except BaseException as error:
        client.close()
        if not isinstance(error, TimeoutError):
            raise
        raise UsageError(where, "调度器没有工作进程", f"在各台电脑上运行 dask worker {address}") from None
    return _gathered(distributed, client, jobs, snapshot)


def _gathered(distributed: Any, client: Any, jobs: Sequence[Job], snapshot: Snapshot) -> Generator[JobResult]:
    with client:
        shared = client.scatter(snapshot, broadcast=True)
        futures = {client.submit(run_job, job, shared, pure=False): job for job in jobs}
        results = distributed.as_completed(futures, loop=client.loop)
        last = time.monotonic()
        while futures:
            if results.has_ready():
                future = next(results)
                last = time.monotonic()
                try:
                    result = future.result()
                except Exception as error:  # Dask's own: a worker that died, or lacks this package
                    result = lost(futures[future], _wrong(error))
                del futures[future]
                yield result
                continue
            time.sleep(_POLL_SECONDS)
            limit = jobs[0].seconds
            if limit is not None and time.monotonic() - last > limit + pool.GRACE_SECONDS:
                for job in futures.values():
                    yield lost(job, f"集群超过 {limit + pool.GRACE_SECONDS:g} 秒没有送回任何结果")
                client.cancel(list(futures))
                return


def _unreachable(error: Exception) -> str:
    match error:
        case ConnectionRefusedError():
            return "没有程序在这个端口应答"
        case socket.gaierror():
            return "找不到这台电脑"
        case TimeoutError():
            return f"{CONNECT_SECONDS:g} 秒内没有应答"
        case _:
            return type(error).__name__


def _wrong(error: Exception) -> str:
    """What Dask says of a job that did not come back, without its random names of tasks."""
    match type(error).__name__:
        case "KilledWorker":
            return "集群的工作进程屡次意外退出，可能是内存不足"
        case "FutureCancelledError" | "CancelledError":
            return "与调度器的连接断开"
        case name:
            reason = str(error).partition("\n")[0].rstrip("。.")
            return f"集群没有完成（{name}：{reason}）"
