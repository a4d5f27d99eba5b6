"""The notebook that is run: which one, that it takes the parameters it is given, and what of it decides its output."""

from __future__ import annotations

import ast
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from nianbao.errors import NotebookError
from nianbao.publish.manifest import digest
from nianbao.wording import enumeration, suggestion

REPORT_NOTEBOOK = "annual_report.ipynb"
PARAMETERS = ("township", "year")


def default_notebook(name: str = REPORT_NOTEBOOK) -> Path:
    """The notebook of this name of this package or, from a checkout, of its top level."""
    package = Path(__file__).parent.parent
    for folder in (package / "notebooks", package.parent.parent / "notebooks"):
        if (notebook := folder / name).is_file():
            return notebook
    raise NotebookError(f"notebooks/{name}", "没有找到这个笔记本", "重新安装 nianbao")


def notebook_digest(notebook: Path) -> str:
    """SHA-256 over the kind, source, tags and attachments of each cell: running or saving a notebook changes nothing.

    Raises
    ------
    NotebookError
        It cannot be read.
    """
    parts = [
        [cell["cell_type"], _source(cell), sorted(_tags(cell)), cell.get("attachments", {})]
        for cell in _cells(notebook)
    ]
    return digest(json.dumps(parts, ensure_ascii=False, sort_keys=True).encode("utf-8", "surrogatepass"))


def check_contract(notebook: Path, parameters: Iterable[str] = PARAMETERS) -> None:
    """Refuse a notebook whose parameters are not exactly those named.

    papermill itself only warns about a parameter the notebook does not have.

    Raises
    ------
    NotebookError
    """
    name, wanted = _name(notebook), list(parameters)
    sources = [_source(cell) for cell in _cells(notebook) if "parameters" in _tags(cell)]
    if len(sources) != 1:
        raise NotebookError(name, f"标签为 parameters 的单元格有 {len(sources)} 个，应有 1 个", "从版本库恢复该笔记本")
    names = _assigned(name, sources[0])
    if sorted(names) != sorted(wanted):
        missing = [known for known in wanted if known not in names]
        extra = [found for found in names if found not in wanted]
        parts = [f"缺少参数 {enumeration(missing)}"] if missing else []
        parts += [f"多出参数 {enumeration(extra)}"] if extra else []
        remedy = suggestion(extra[0], missing) if extra and missing else f"参数应为 {' 与 '.join(wanted)}"
        raise NotebookError(name, "，".join(parts), remedy)


def _name(notebook: Path) -> str:
    return f"{notebook.resolve().parent.name}/{notebook.name}"


def _cells(notebook: Path) -> list[Mapping[str, Any]]:
    """The cells of a notebook whose kinds, sources and tags can be read."""
    name = _name(notebook)
    try:
        cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
        for cell in cells:
            _source(cell), _tags(cell), cell["cell_type"]
    except FileNotFoundError:
        raise NotebookError(name, "没有这个笔记本", "检查路径") from None
    except (OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
        raise NotebookError(name, f"无法读取（{type(error).__name__}）", "从版本库恢复该笔记本") from error
    return list(cells)


def _source(cell: Mapping[str, Any]) -> str:
    return "".join(cell["source"])


def _tags(cell: Mapping[str, Any]) -> list[str]:
    return list(map(str, cell["metadata"].get("tags", [])))


def _assigned(name: str, source: str) -> list[str]:
    try:
        statements = ast.parse(source).body
    except SyntaxError as error:
        raise NotebookError(name, f"parameters 单元格第 {error.lineno} 行不是合法的 Python", "只写赋值") from None
    names: list[str] = []
    for statement in statements:
        if not (
            isinstance(statement, ast.Assign)
            and isinstance(statement.value, ast.Constant)
            and all(isinstance(target, ast.Name) for target in statement.targets)
        ):
            raise NotebookError(name, "parameters 单元格应只有字面值的赋值", '写成 township = "永和镇"')
        names += [target.id for target in statement.targets if isinstance(target, ast.Name)]
    return names
