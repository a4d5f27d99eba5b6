"""A kernel process of our own: the Python of this process, nobody's configuration, gone when we are gone."""

from __future__ import annotations

import ast
import atexit
import json
import logging
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from queue import Empty
from typing import Any

from jupyter_client.asynchronous.client import AsyncKernelClient
from jupyter_client.kernelspec import KernelSpec
from jupyter_client.manager import AsyncKernelManager
from jupyter_core.utils import ensure_event_loop, run_sync

from nianbao.errors import NotebookError

log = logging.getLogger("nianbao.notebook.engine")
log.addHandler(logging.NullHandler())

# What the cells of a report reach; each import costs every worker. A library that a notebook loads beyond
# these is added when it is first seen (`LateLibrariesError` in `nianbao.notebook.engine.reset`).
DEFAULT_IMPORTS: tuple[str, ...] = (
    "pandas",
    "great_tables",
    "nianbao.notebook.sections",
    "nianbao.registers.counting",
    "nianbao.registers.workbook",
)
CHART_IMPORTS: tuple[str, ...] = (
    *DEFAULT_IMPORTS,
    "matplotlib.figure",
    "matplotlib.font_manager",
    "matplotlib.textpath",
    "matplotlib.backends.backend_svg",
)
"""For reports with charts: a kernel that first meets matplotlib in a report is replaced after it."""
START_SECONDS = 60.0
_RESET_SECONDS = 20.0
_ATTEMPTS = 3


class KernelStartError(RuntimeError):
    """The kernel process ended or stayed silent before it could be used."""


class LateLibrariesError(KernelStartError):
    """A report loaded libraries whose settings the kernel does not know how to put back: it must load them first."""

    def __init__(self, names: tuple[str, ...]) -> None:
        super().__init__(names)
        self.names = names

    def __str__(self) -> str:
        return f"not loaded at the start: {', '.join(self.names)}"


class _Manager(AsyncKernelManager):
    """Starts IPython with ``sys.executable``, whatever kernelspecs this machine has."""

    @property
    def kernel_spec(self) -> Any:
        argv = [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"]
        # The debugger is not used; without this it complains about frozen modules.
        environment = {"PYDEVD_DISABLE_FILE_VALIDATION": "1"}
        return KernelSpec(argv=argv, language="python", display_name="Python 3", env=environment)


class Kernel:
    """One kernel process. It starts at once; :meth:`connect` waits until it answers.

    Parameters
    ----------
    imports : sequence of str, optional
        Modules to import and keep; the kernel can then be :meth:`reset`. Without it the kernel is plain.
    """

    def __init__(self, imports: Sequence[str] | None = None) -> None:
        self._reusable = imports is not None
        self._environment = dict(os.environ)
        self._owner = os.getpid()
        self._folder = Path(tempfile.mkdtemp(prefix="nianbao-kernel-"))
        (self._folder / "ipython").mkdir()
        self._client: Any = None
        self._client_thread = 0
        self.language_info: dict[str, Any] = {}
        self.manager = _Manager(connection_file=str(self._folder / "kernel.json"), log=log)
        if sys.platform == "win32":
            ensure_event_loop(prefer_selector_loop=True)
        run_sync(self.manager.start_kernel)(extra_arguments=self._arguments(imports))

    def _arguments(self, imports: Sequence[str] | None) -> list[str]:
        arguments = [
            "--log-level=40",
            # A user's start-up files and settings must not reach a report.
            f"--ipython-dir={self._folder / 'ipython'}",
            "--IPKernelApp.exec_PYTHONSTARTUP=False",
            "--HistoryManager.enabled=False",
        ]
        if imports is not None:
            line = f"__import__('nianbao.notebook.engine.reset', fromlist=['']).prepare({list(imports)!r})"
            arguments.append(f"--IPKernelApp.exec_lines={line}")
        return arguments

    @property
    def alive(self) -> bool:
        """Whether the process runs, and is ours (a forked copy of this object owns nothing)."""
        process = self.process
        return os.getpid() == self._owner and process is not None and process.poll() is None

    @property
    def process(self) -> subprocess.Popen[bytes] | None:
        """The operating system's process; None before it started and after it was closed."""
        return getattr(self.manager.provisioner, "process", None)

    def connect(self, seconds: float = START_SECONDS) -> Any:
        """Wait for the kernel and return its client, made for the calling thread.

        Raises
        ------
        KernelStartError
            The process ended, or did not answer within `seconds`.
        """
        if self._client is not None and self._client_thread == threading.get_ident():
            return self._client
        first = self._client is None
        self._disconnect()
        client: AsyncKernelClient = self.manager.client()
        client.start_channels()
        client.allow_stdin = False
        self._client, self._client_thread = client, threading.get_ident()
        run_sync(self._wait_until_ready)(seconds)
        shutil.rmtree(self._folder, ignore_errors=True)  # connection file and profile have been read
        if first and self._reusable:
            self._report_failed_imports()
        return client

    async def _wait_until_ready(self, seconds: float) -> None:
        """Until the kernel has answered on both channels: a reply and one broadcast."""
        deadline = time.monotonic() + seconds
        request = self._client.kernel_info()
        while True:
            try:
                reply = await self._client.get_shell_msg(timeout=0.5)
                if reply["parent_header"].get("msg_id") == request:
                    await self._client.get_iopub_msg(timeout=0.2)
                    self.language_info = reply["content"]["language_info"]
                    return
            except Empty:
                if not self.alive:
                    raise KernelStartError("the kernel ended while it started") from None
                if time.monotonic() > deadline:
                    raise KernelStartError(f"the kernel did not answer within {seconds:g} s") from None
                request = self._client.kernel_info()

    def _report_failed_imports(self) -> None:
        question = "__import__('nianbao.notebook.engine.reset', fromlist=['']).failures()"
        content = run_sync(self._silently)("", {"failures": question})
        answer = content["user_expressions"]["failures"]
        if answer["status"] != "ok":
            raise KernelStartError(f"{answer['ename']}: {answer['evalue']}")
        for name, reason in ast.literal_eval(answer["data"]["text/plain"]).items():
            log.warning("%s：内核预先导入失败，%s。", name, reason)

    async def _silently(self, code: str, expressions: dict[str, str] | None = None) -> dict[str, Any]:
        request = self._client.execute(code, silent=True, store_history=False, user_expressions=expressions)
        deadline = time.monotonic() + _RESET_SECONDS
        while True:
            try:
                reply = await self._client.get_shell_msg(timeout=0.5)
            except Empty:
                if not self.alive or time.monotonic() > deadline:
                    raise KernelStartError("the kernel does not answer") from None
                continue
            if reply["parent_header"].get("msg_id") == request:
                content: dict[str, Any] = reply["content"]
                return content

    def reset(self, directory: Path) -> None:
        """Bring the kernel back to its start, in `directory` and with the environment that this process has now.

        Raises
        ------
        LateLibrariesError
            The last report loaded libraries with settings of their own; a kernel that starts with them can be reset.
        KernelStartError
            It could not be reset, or is gone.
        """
        self.connect()
        now = dict(os.environ)
        changes: dict[str, str | None] = {
            name: value for name, value in now.items() if self._environment.get(name) != value
        }
        changes.update((name, None) for name in self._environment if name not in now)
        arguments = f"{str(directory)!r}, __import__('json').loads({json.dumps(changes)!r})"
        content = run_sync(self._silently)(
            f"__import__('sys').modules['nianbao.notebook.engine.reset'].restore({arguments})"
        )
        if content["status"] != "ok":
            if content.get("ename") == "LateLibrariesError":
                raise LateLibrariesError(tuple(content["evalue"].split()))
            raise KernelStartError(f"{content.get('ename')}: {content.get('evalue')}")

    def close(self) -> None:
        """End the process and whatever it started; nothing in a kernel is worth a polite goodbye."""
        if os.getpid() != self._owner:
            return
        self._disconnect()
        process = self.process
        if process is not None:
            if hasattr(os, "killpg"):
                try:
                    os.killpg(process.pid, signal.SIGKILL)
                except ProcessLookupError:
                    log.debug("kernel %d had ended already", process.pid)
            else:
                process.kill()
            process.wait()
        run_sync(self.manager.cleanup_resources)()
        shutil.rmtree(self._folder, ignore_errors=True)

    def _disconnect(self) -> None:
        if self._client is not None:
            self._client.stop_channels()
            self._client = None


lock = threading.RLock()
"""Held while a notebook runs: papermill changes the directory of the whole process."""

_warm: Kernel | None = None
_imports: tuple[str, ...] = DEFAULT_IMPORTS


def prestart(imports: Sequence[str] | None = None) -> None:
    """Start the warm kernel of this process in the background, unless it runs; return without waiting.

    `imports` names the modules that it and its successors load, `DEFAULT_IMPORTS` unless told; a kernel
    that loaded others is replaced. Modules that cannot be imported are logged as warnings of
    ``nianbao.notebook.engine`` when the kernel is first used.
    """
    _running(imports)


def _running(imports: Sequence[str] | None = None) -> Kernel:
    global _warm, _imports
    with lock:
        wanted = _imports if imports is None else tuple(imports)
        if _warm is None or not _warm.alive or wanted != _imports:
            shutdown()
            _imports = wanted
            _warm = Kernel(wanted)
        return _warm


def warm_kernel(directory: Path) -> Kernel:
    """The warm kernel, reset for a report in `directory`; a new one when the old cannot be reset.

    Raises
    ------
    NotebookError
        New kernels could not be brought up either.
    """
    problem: Exception | None = None
    for _attempt in range(_ATTEMPTS):
        kernel = _running()
        try:
            kernel.reset(directory)
        except KernelStartError as error:
            log.info("kernel replaced: %s", error)
            problem = error
            shutdown()
            if isinstance(error, LateLibrariesError):
                prestart((*_imports, *error.names))
        else:
            return kernel
    raise _no_kernel(problem) from problem


def cold_kernel(seconds: float) -> Kernel:
    """A plain kernel that has just started; the caller closes it.

    Raises
    ------
    NotebookError
        It could not be brought up, three times.
    """
    problem: Exception | None = None
    for _attempt in range(_ATTEMPTS):
        kernel = Kernel()
        try:
            kernel.connect(seconds)
        except KernelStartError as error:
            problem = error
            kernel.close()
        else:
            return kernel
    raise _no_kernel(problem) from problem


def _no_kernel(problem: Exception | None) -> NotebookError:
    return NotebookError("内核", f"无法启动，{problem}", "检查 Python 环境后重试")


def shutdown() -> None:
    """End the warm kernel of this process, if it has one."""
    global _warm
    with lock:
        if _warm is not None:
            kernel, _warm = _warm, None
            kernel.close()


atexit.register(shutdown)
