"""A kernel process of our own: the Python of this process, nobody's configuration, gone when we are gone."""

from __future__ import annotations

import atexit
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

DEFAULT_IMPORTS: tuple[str, ...] = (
    "pandas",
    "great_tables",
    "nianbao.notebook.sections",
    "nianbao.registers.counting",
)
"""What the cells of a report reach: it is loaded while the kernel starts. What they meet later, charts, a
workbook of registers and the city's sums, is loaded once, when it is first met."""
START_SECONDS = 60.0
_ENTER_SECONDS = 20.0
_ATTEMPTS = 3
_CHARTS = "__import__('nianbao.notebook.chinese_charts', fromlist=[''])"
_INSIDE = "__import__('nianbao.notebook.engine.inside', fromlist=[''])"


class KernelStartError(RuntimeError):
    """The kernel process ended or stayed silent before it could be used."""


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
        Modules to load while it starts. Default: none, the kernel is plain.
    """

    def __init__(self, imports: Sequence[str] = ()) -> None:
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

    def _arguments(self, imports: Sequence[str]) -> list[str]:
        arguments = [
            "--log-level=40",
            # A user's start-up files and settings must not reach a report.
            f"--ipython-dir={self._folder / 'ipython'}",
            "--IPKernelApp.exec_PYTHONSTARTUP=False",
            "--HistoryManager.enabled=False",
        ]
        line = f"{_CHARTS}.draw_chinese()"
        if imports:
            line += f"; {_INSIDE}.prepare({list(imports)!r})"
        return [*arguments, f"--IPKernelApp.exec_lines={line}"]

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
        self._disconnect()
        client: AsyncKernelClient = self.manager.client()
        client.start_channels()
        client.allow_stdin = False
        self._client, self._client_thread = client, threading.get_ident()
        run_sync(self._wait_until_ready)(seconds)
        shutil.rmtree(self._folder, ignore_errors=True)  # connection file and profile have been read
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

    async def _silently(self, code: str) -> dict[str, Any]:
        request = self._client.execute(code, silent=True, store_history=False)
        deadline = time.monotonic() + _ENTER_SECONDS
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

    def enter(self, directory: Path) -> None:
        """Begin a report in `directory`, with an empty namespace and the environment that this process has now.

        Raises
        ------
        KernelStartError
            The kernel is gone, or could not do it.
        """
        self.connect()
        now = dict(os.environ)
        changes: dict[str, str | None] = dict.fromkeys(name for name in self._environment if name not in now)
        changes.update({name: value for name, value in now.items() if self._environment.get(name) != value})
        content = run_sync(self._silently)(f"{_INSIDE}.enter({str(directory)!r}, {changes!r})")
        if content["status"] != "ok":
            raise KernelStartError(f"{content.get('ename')}: {content.get('evalue')}")
        self._environment = now

    def close(self) -> None:
        """End the process and whatever it started; nothing in a kernel is worth a polite goodbye."""
        if os.getpid() != self._owner:
            return
        self._disconnect()
        if (process := self.kill()) is not None:
            process.wait()
        run_sync(self.manager.cleanup_resources)()
        shutil.rmtree(self._folder, ignore_errors=True)

    def kill(self) -> subprocess.Popen[bytes] | None:
        """End the process, nothing more; returns it."""
        process = self.process
        if process is not None:
            if hasattr(os, "killpg"):
                try:
                    os.killpg(process.pid, signal.SIGKILL)
                except ProcessLookupError:
                    log.debug("kernel %d had ended already", process.pid)
            else:
                process.kill()
        return process

    def _disconnect(self) -> None:
        if self._client is not None:
            self._client.stop_channels()
            self._client = None


lock = threading.RLock()
"""Held while a notebook runs: papermill changes the directory of the whole process."""

_warm: Kernel | None = None


def prestart(imports: Sequence[str] = DEFAULT_IMPORTS) -> None:
    """Start the warm kernel of this process in the background, unless it runs; return without waiting.

    `imports` names the modules that it loads while it starts.
    """
    _running(imports)


def _running(imports: Sequence[str] = DEFAULT_IMPORTS) -> Kernel:
    global _warm
    with lock:
        if _warm is None or not _warm.alive:
            shutdown()
            _warm = Kernel(imports)
        return _warm


def warm_kernel(directory: Path) -> Kernel:
    """The warm kernel, ready for a report of ours in `directory`; a new one when the old is gone.

    Raises
    ------
    NotebookError
        New kernels could not be brought up either.
    """
    problem: Exception | None = None
    for _attempt in range(_ATTEMPTS):
        kernel = _running()
        try:
            kernel.enter(directory)
        except KernelStartError as error:
            log.info("kernel replaced: %s", error)
            problem = error
            shutdown()
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


def release(kernel: Kernel, *, keep: bool) -> None:
    """End a kernel after its report, but for the warm one where `keep` says that it is as good as before."""
    global _warm
    if kernel is _warm:
        if keep:
            return
        _warm = None
    kernel.close()


def _no_kernel(problem: Exception | None) -> NotebookError:
    return NotebookError("内核", f"无法启动，{problem}", "检查 Python 环境后重试")


def shutdown() -> None:
    """End the warm kernel of this process, if it has one."""
    global _warm
    with lock:
        if _warm is not None:
            kernel, _warm = _warm, None
            kernel.close()


def abandon() -> None:
    """End the process of the warm kernel and wait for nothing: for a process that is about to end itself."""
    if _warm is not None:
        _warm.kill()


atexit.register(shutdown)
