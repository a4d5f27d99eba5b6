"""The engines that papermill calls, and how they run the cells of one notebook."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

from nianbao.notebook.engine.lean import import_jsonschema

import_jsonschema()

from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError  # noqa: E402
from nbformat import from_dict  # noqa: E402
from papermill.clientwrap import PapermillNotebookClient  # noqa: E402
from papermill.engines import Engine  # noqa: E402

from nianbao.notebook.engine import kernel as kernels  # noqa: E402
from nianbao.notebook.engine.kernel import Kernel, log  # noqa: E402
from nianbao.notebook.engine.ours import is_ours  # noqa: E402
from nianbao.wording import exit_reason  # noqa: E402


class _Client(PapermillNotebookClient):  # type: ignore[misc]
    """Runs the cells in a kernel that is already there.

    A kernel that dies or runs over its time fails the cell it was running, as an exception in it would:
    the executed notebook keeps everything up to there, and papermill raises `PapermillExecutionError`.
    """

    def __init__(
        self, nb_man: Any, kernel: Kernel, cell_seconds: float | None, report_seconds: float | None, **options: Any
    ) -> None:
        super().__init__(nb_man, km=kernel.manager, log=log, timeout_func=self._seconds_left, **options)
        self.kc = kernel.connect()
        self._kernel = kernel
        self._cell_seconds = cell_seconds
        self._report_seconds = report_seconds
        self._started = time.monotonic()
        self.kernel_lost = False

    def _seconds_left(self, _cell: Any) -> float | None:
        limits = [self._cell_seconds] if self._cell_seconds else []
        if self._report_seconds:
            limits.append(max(0.001, self._started + self._report_seconds - time.monotonic()))
        return min(limits, default=None)

    def execute(self, **_options: Any) -> Any:
        """Run all cells; the notebook is changed in place."""
        self.reset_execution_trackers()
        for index, cell in enumerate(self.nb.cells):
            self.nb_man.cell_start(cell, index)
            try:
                self.execute_cell(cell, index)
            except CellExecutionError as error:
                self.nb_man.cell_exception(self.nb.cells[index], cell_index=index, exception=error)
                break
            except (CellTimeoutError, DeadKernelError) as error:
                self.kernel_lost = True
                self._fail(cell, error)
                self.nb_man.cell_exception(self.nb.cells[index], cell_index=index, exception=error)
                break
            finally:
                self.nb_man.cell_complete(self.nb.cells[index], cell_index=index)
        self.nb.metadata["language_info"] = self._kernel.language_info
        self.set_widgets_metadata()
        return self.nb

    def output(self, outs: list[Any], msg: dict[str, Any], display_id: str | None, cell_index: int) -> Any:
        """Take an output of a cell; what it prints comes out the same however long it took to print it."""
        output = super().output(outs, msg, display_id, cell_index)
        if output is not None and output.output_type == "stream":
            _join_streams(outs)
        return output

    def _fail(self, cell: Any, error: Exception) -> None:
        """Note in the cell why it has no result."""
        if isinstance(error, DeadKernelError):
            process = self._kernel.process
            reason = f"运行该单元格时内核退出（{exit_reason(process.poll() if process else None)}）"
        elif self._report_seconds and time.monotonic() >= self._started + self._report_seconds:
            reason = f"整份报告运行超过 {self._report_seconds:g} 秒"
        else:
            reason = f"单元格运行超过 {self._cell_seconds or 0:g} 秒"
        name = type(error).__name__
        traceback = [f"{name}: {reason}"]
        content = {"output_type": "error", "ename": name, "evalue": reason, "traceback": traceback}
        cell.outputs.append(from_dict(content))


def _join_streams(outputs: list[Any]) -> None:
    """Make of the streams at the end one of stdout and one of stderr.

    A kernel sends what is printed after a fifth of a second, or before something else is shown: where a slow
    machine cuts it says nothing about the report.
    """
    printed: dict[str, Any] = {}
    while outputs and outputs[-1].output_type == "stream":
        part = outputs.pop()
        if part.name in printed:
            part.text += printed[part.name].text
        printed[part.name] = part
    outputs.extend(printed[name] for name in sorted(printed, reverse=True))  # stdout first


class _OwnKernelEngine(Engine):  # type: ignore[misc]
    """Ignores the kernelspec a notebook names: its kernel is the Python of this process."""

    @classmethod
    def nb_kernel_name(cls, nb: Any, name: str | None = None) -> str:
        return "python3"

    @classmethod
    def nb_language(cls, nb: Any, language: str | None = None) -> str:
        return "python"

    @classmethod
    def execute_managed_notebook(
        cls,
        nb_man: Any,
        kernel_name: str,
        log_output: bool = False,
        stdout_file: Any = None,
        stderr_file: Any = None,
        start_timeout: float = kernels.START_SECONDS,
        execution_timeout: float | None = None,
        report_timeout: float | None = None,
        managers: list[Any] | None = None,
        **options: Any,
    ) -> None:
        """Run the notebook of `nb_man`.

        Parameters
        ----------
        execution_timeout, report_timeout : float, optional
            Seconds that one cell, and all cells together, may take. Default: no limit.
        managers : list, optional
            Receives `nb_man`, whose notebook papermill does not hand out when a cell fails.
        """
        if managers is not None:
            managers.append(nb_man)
        for unused in ("input_path", "timeout", "startup_timeout"):
            options.pop(unused, None)
        options |= {"log_output": log_output, "stdout_file": stdout_file, "stderr_file": stderr_file}
        with kernels.lock:
            kernel = cls._kernel(nb_man.nb, start_timeout)
            finished = False
            try:
                client = _Client(nb_man, kernel, execution_timeout, report_timeout, **options)
                client.execute()
                finished = not client.kernel_lost
            finally:
                # Also after Ctrl-C: a kernel in the middle of a cell is of no use to the next report.
                kernels.release(kernel, keep=finished)

    @classmethod
    def _kernel(cls, notebook: Any, seconds: float) -> Kernel:
        raise NotImplementedError


class ColdEngine(_OwnKernelEngine):
    """Papermill engine with a fresh kernel for every report."""

    @classmethod
    def _kernel(cls, notebook: Any, seconds: float) -> Kernel:
        return kernels.cold_kernel(seconds)


class WarmEngine(_OwnKernelEngine):
    """Papermill engine that keeps one kernel a process for notebooks whose code is ours; others run cold."""

    @classmethod
    def _kernel(cls, notebook: Any, seconds: float) -> Kernel:
        return kernels.warm_kernel(Path.cwd()) if is_ours(notebook) else kernels.cold_kernel(seconds)
