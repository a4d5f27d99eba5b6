"""What goes wrong in a cell is a line with the next command, in what papermill stores as in JupyterLab."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from nianbao.errors import NotebookError
from nianbao.params import PARAMS_VARIABLE
from nianbao.publish.contract import default_notebook
from nianbao.publish.make import execute


@pytest.mark.parametrize("cold", [True, False])
@pytest.mark.parametrize(
    ("township", "change", "lines", "says"),
    [
        ("永和真", None, 1, "是否为 永和镇？"),
        ("安海镇", None, 1, "新建用 nianbao new 安海镇 2023"),
        ("永和镇", ("year: 2023", "year: 2023\nyear: 2023"), 1, "./params/2023/yonghe.yaml:5：键 year 重复"),
        ("永和镇", ("received:    ", "recieved:    "), 1, "是否为 received？"),
        ("永和镇", ("licensing: 0", "licensing: 三\n  penality: 0"), 2, "./params/2023/yonghe.yaml:"),
    ],
)
def test_an_error_is_one_box_without_a_traceback(
    params_with: Callable[..., Path],
    township: str,
    change: tuple[str, str] | None,
    lines: int,
    says: str,
    cold: bool,
) -> None:
    folder = params_with(*([change] if change else []))
    with pytest.raises(NotebookError) as caught:
        execute(default_notebook(), {"township": township, "year": 2023}, {PARAMS_VARIABLE: str(folder)}, cold=cold)
    cells = json.loads(caught.value.executed)["cells"]
    (shown,) = [o for cell in cells for o in cell.get("outputs", ()) if o["output_type"] == "error"]
    assert len(shown["traceback"]) == lines
    assert says in "\n".join(shown["traceback"])
    assert not any(mark in line for line in shown["traceback"] for mark in ("Traceback", "File ", "\x1b"))
