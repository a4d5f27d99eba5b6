"""Run one notebook with papermill, or say in one line why it failed."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from nianbao.notebook.engine.lean import import_jsonschema

import_jsonschema()

import nbformat  # noqa: E402
import papermill  # noqa: E402
from nbformat.warnings import DuplicateCellId  # noqa: E402
from papermill.engines import papermill_engines  # noqa: E402
from papermill.exceptions import PapermillExecutionError  # noqa: E402
from papermill.execute import raise_for_execution_errors  # noqa: E402
from papermill.iorw import write_ipynb  # noqa: E402
from papermill.utils import chdir  # noqa: E402

from nianbao.errors import NotebookError  # noqa: E402
from nianbao.notebook.engine.runner import ColdEngine, WarmEngine  # noqa: E402

WARM = "nianbao-warm"
COLD = "nianbao-cold"


def register() -> None:
    """Make the engines known to papermill under their names."""
    papermill_engines.register(WARM, WarmEngine)
    papermill_engines.register(COLD, ColdEngine)


def run_notebook(
    notebook: Path,
    output: Path | None,
    parameters: Mapping[str, Any],
    *,
    cwd: Path | None = None,
    cold: bool = False,
    cell_seconds: float | None = None,
    report_seconds: float | None = None,
) -> Any:
    """Execute `notebook` with `parameters` and write it to `output`.

    Parameters
    ----------
    output : Path, optional
        Where the executed notebook goes; when a cell fails, everything up to it.
    cwd : Path, optional
        Working directory of the notebook. Default: that of this process.
    cold : bool
        Use a fresh kernel instead of the warm one.
    cell_seconds, report_seconds : float, optional
        Time limits for one cell and for all of them. Default: none.

    Returns
    -------
    nbformat.NotebookNode
        The executed notebook.

    Raises
    ------
    NotebookError
        A cell failed, ran over its time or lost its kernel; names the cell, carries the notebook up to it.
    """
    register()
    managers: list[Any] = []
    engine, path = COLD if cold else WARM, str(notebook)
    try:
        # In two steps: in one, papermill writes the executed notebook out as text even where it is to go nowhere.
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DuplicateCellId)  # nbformat mends it, as JupyterLab does
            prepared = papermill.execute_notebook(
                path,
                None,
                parameters=dict(parameters),
                engine_name=engine,
                kernel_name="python3",
                language="python",
                cwd=cwd,
                prepare_only=True,
            )
        with chdir(cwd):
            executed = papermill_engines.execute_notebook_with_engine(
                engine,
                prepared,
                "python3",
                input_path=path,
                progress_bar=False,
                execution_timeout=cell_seconds,
                report_timeout=report_seconds,
                managers=managers,
            )
        raise_for_execution_errors(executed, None if output is None else str(output))
    except PapermillExecutionError as error:
        explained = _explain(notebook, output, error)
        explained.executed = nbformat.writes(managers[-1].nb).encode("utf-8")
        raise explained from error
    if output is not None:
        write_ipynb(executed, str(output))
    return executed


def _explain(notebook: Path, output: Path | None, error: PapermillExecutionError) -> NotebookError:
    number = error.cell_index + 1
    prompt = "" if error.exec_count is None else f"（In [{error.exec_count}]）"
    first_line = str(error.evalue).strip().partition("\n")[0].rstrip("。")
    if error.ename in ("CellTimeoutError", "DeadKernelError"):
        wrong = first_line
    else:
        wrong = f"运行出错，{error.ename}：{first_line}" if first_line else f"运行出错，{error.ename}"
    remedy = f"运行到出错处的笔记本见 {output.as_posix()}" if output is not None else "改正该单元格后重新运行"
    return NotebookError(f"{notebook.parent.name}/{notebook.name} 第 {number} 个单元格{prompt}", wrong, remedy)
