"""The notebooks stay thin: logic lives in lib/."""

from __future__ import annotations

import ast
import json
from pathlib import Path
from typing import Any

import pytest

from nianbao.errors import NotebookError
from nianbao.publish.contract import check_contract
from tests.conftest import TOP

NOTEBOOKS = sorted((TOP / "notebooks").glob("*.ipynb"))
REPORT = TOP / "notebooks" / "annual_report.ipynb"


def _cells(path: Path) -> list[dict[str, Any]]:
    cells: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))["cells"]
    return cells


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.name)
def test_it_is_committed_without_outputs(path: Path) -> None:
    code = [cell for cell in _cells(path) if cell["cell_type"] == "code"]
    assert all(not cell["outputs"] and cell["execution_count"] is None for cell in code)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.name)
def test_every_code_cell_is_one_import_one_assignment_or_one_call(path: Path) -> None:
    for cell in _cells(path):
        if cell["cell_type"] != "code" or "parameters" in cell["metadata"].get("tags", []):
            continue
        statements = ast.parse("".join(cell["source"])).body
        shown = [s for s in statements if not isinstance(s, ast.Import | ast.ImportFrom | ast.Assign)]
        imports = [s for s in statements if isinstance(s, ast.Import | ast.ImportFrom)]
        assert len(statements) - len(imports) <= 1, "".join(cell["source"])
        assert all(isinstance(s, ast.Expr) and isinstance(s.value, ast.Call) for s in shown)
        assert not [
            node for s in statements for node in ast.walk(s) if isinstance(node, ast.Lambda | ast.comprehension)
        ]


def _changed(tmp_path: Path, source: str, tags: list[str]) -> Path:
    notebook = json.loads(REPORT.read_text(encoding="utf-8"))
    cell = next(cell for cell in notebook["cells"] if "parameters" in cell["metadata"].get("tags", []))
    cell["source"], cell["metadata"]["tags"] = source, tags
    path = tmp_path / "changed.ipynb"
    path.write_text(json.dumps(notebook), encoding="utf-8")
    return path


def test_the_committed_notebook_keeps_its_contract() -> None:
    check_contract(REPORT)


@pytest.mark.parametrize(
    ("source", "tags", "says"),
    [
        ('twonship = "永和镇"\nyear = 2023', ["parameters"], "是否为 township"),
        ('township = "永和镇"', ["parameters"], "缺少参数 year"),
        ('township = "永和镇"\nyear = 2023\nextra = 1', ["parameters"], "多出参数 extra"),
        ('township = "永和镇"\nyear = 2023', [], "有 0 个，应有 1 个"),
        ("township = input()\nyear = 2023", ["parameters"], "字面值"),
        ("township = (", ["parameters"], "不是合法的 Python"),
    ],
)
def test_a_notebook_with_other_parameters_is_refused(tmp_path: Path, source: str, tags: list[str], says: str) -> None:
    with pytest.raises(NotebookError, match=says):
        check_contract(_changed(tmp_path, source, tags))


CELL = '{"cell_type": "code", "metadata": {}, "source": "", "outputs": []}'


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "文件是空的"),
        (b"hello", "不是笔记本（应为 JSON，第 1 行有误）"),
        (b"[]", "没有 cells"),
        (b"null", "没有 cells"),
        (b'{"cells": 3}', "没有 cells"),
        (b"[" * 100_000, "不是笔记本"),
        (b'\xef\xbb\xbf{"cells": []}', "文件开头有 BOM"),
        ('{"cells": ["年报"]}'.encode("gbk"), "不是 UTF-8 编码"),
        ('{"cells": []}'.encode("utf-16"), "不是 UTF-8 编码"),
        (b'{"nbformat": 3, "worksheets": []}', "第 3 版"),
        (b'{"nbformat": 5, "cells": []}', "第 5 版"),
        *[
            (f'{{"cells": [{CELL}, {CELL.replace(part, other)}]}}'.encode(), f"第 2 个单元格的 {name} ")
            for part, other, name in (
                ('"code"', '"heading"', "cell_type"),
                ('"metadata": {}', '"metadata": null', "metadata"),
                ('"metadata": {}', '"metadata": {"tags": null}', "metadata"),
                ('"metadata": {}', '"metadata": {"tags": "parameters"}', "metadata"),
                ('"source": ""', '"source": null', "source"),
                ('"source": ""', '"source": [3]', "source"),
                (', "outputs": []', "", "outputs"),
                ('"outputs": []', '"outputs": {}', "outputs"),
            )
        ],
    ],
)
def test_a_file_that_is_no_notebook_is_wrong_input(tmp_path: Path, data: bytes, says: str) -> None:
    path = tmp_path / "broken.ipynb"
    path.write_bytes(data)
    with pytest.raises(NotebookError) as caught:
        check_contract(path)
    assert says in str(caught.value) and caught.value.exit_code == 2


def test_a_folder_and_a_notebook_that_is_not_there_are_wrong_input(tmp_path: Path) -> None:
    for path, says in ((tmp_path, "是文件夹"), (tmp_path / "x.ipynb", "没有这个笔记本")):
        with pytest.raises(NotebookError, match=says) as caught:
            check_contract(path)
        assert caught.value.exit_code == 2
