"""The notebook that is run: which one, that it takes the parameters it is given, and what of it decides its output."""

from __future__ import annotations

import ast
import codecs
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from nianbao.errors import ContractError
from nianbao.params import Unit
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
    raise ContractError(f"notebooks/{name}", "没有找到这个笔记本", "重新安装 nianbao")


def notebook_of(unit: Unit, year: int, params_dir: Path) -> Path:
    """A body's own notebook for a year: ``notebooks/<year>/<name>.ipynb`` beside the params folder."""
    return params_dir.resolve().parent / "notebooks" / str(year) / f"{unit.name}.ipynb"


def sealed_notebook(sealed: Mapping[str, Any] | None, unit: Unit, year: int, params_dir: Path) -> Path | None:
    """A body's own notebook, where a report with this seal was made of that as it is now; None where it was not."""
    own = notebook_of(unit, year, params_dir)
    if sealed is None or not own.is_file():
        return None
    try:
        return own if notebook_digest(own) == sealed.get("notebook") else None
    except ContractError:
        return None


def notebook_digest(notebook: Path) -> str:
    """SHA-256 over the kind, source, tags and attachments of each cell: running or saving a notebook changes nothing.

    Raises
    ------
    ContractError
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
    ContractError
    """
    name, wanted = _name(notebook), list(parameters)
    sources = [_source(cell) for cell in _cells(notebook) if "parameters" in _tags(cell)]
    if len(sources) != 1:
        raise ContractError(name, f"标签为 parameters 的单元格有 {len(sources)} 个，应有 1 个", "从版本库恢复该笔记本")
    names = _assigned(name, sources[0])
    if sorted(names) != sorted(wanted):
        missing = [known for known in wanted if known not in names]
        extra = [found for found in names if found not in wanted]
        parts = [f"缺少参数 {enumeration(missing)}"] if missing else []
        parts += [f"多出参数 {enumeration(extra)}"] if extra else []
        remedy = suggestion(extra[0], missing) if extra and missing else f"参数应为 {' 与 '.join(wanted)}"
        raise ContractError(name, "，".join(parts), remedy)


def _name(notebook: Path) -> str:
    return f"{notebook.resolve().parent.name}/{notebook.name}"


def _cells(notebook: Path) -> list[Mapping[str, Any]]:
    """The cells of a notebook that has the shape of the notebook format 4."""
    name, remedy = _name(notebook), "在 JupyterLab 里打开并另存，打不开的从版本库恢复"
    try:
        data = notebook.read_bytes()
    except FileNotFoundError:
        raise ContractError(name, "没有这个笔记本", "检查路径") from None
    except OSError as error:
        wrong = "是文件夹" if notebook.is_dir() else f"无法读取（{type(error).__name__}）"
        raise ContractError(name, wrong, "应为一个 .ipynb 文件，检查路径和权限") from error
    if data.startswith(codecs.BOM_UTF8):
        raise ContractError(name, "文件开头有 BOM", "另存为不带 BOM 的 UTF-8")
    try:
        node = json.loads(data.decode("utf-8"))
    except UnicodeDecodeError:
        raise ContractError(name, "不是 UTF-8 编码", "另存为不带 BOM 的 UTF-8") from None
    except (ValueError, RecursionError) as error:
        line = f"，第 {error.lineno} 行有误" if isinstance(error, json.JSONDecodeError) and data else ""
        raise ContractError(name, f"不是笔记本（应为 JSON{line}）" if data else "文件是空的", remedy) from None
    version = node.get("nbformat", 4) if isinstance(node, dict) else None
    if version != 4 and isinstance(version, int):
        raise ContractError(name, f"笔记本格式为第 {version} 版，应为第 4 版", remedy)
    cells = node.get("cells") if isinstance(node, dict) else None
    if not isinstance(cells, list):
        raise ContractError(name, "不是笔记本，没有 cells", remedy)
    for number, cell in enumerate(cells, start=1):
        if wrong := _misshapen(cell):
            raise ContractError(name, f"第 {number} 个单元格的 {wrong} 不合笔记本格式", remedy)
    return cells


def _misshapen(cell: Any) -> str:
    """The first part of a cell that is not as the notebook format has it; empty where all are."""
    if not isinstance(cell, dict) or cell.get("cell_type") not in ("code", "markdown", "raw"):
        return "cell_type"
    metadata = cell.get("metadata")
    if not isinstance(metadata, dict) or not _is_texts(metadata.get("tags", [])):
        return "metadata"
    if not isinstance(cell.get("source"), str) and not _is_texts(cell.get("source")):
        return "source"
    return "outputs" if cell["cell_type"] == "code" and not isinstance(cell.get("outputs"), list) else ""


def _is_texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(one, str) for one in value)


def _source(cell: Mapping[str, Any]) -> str:
    return "".join(cell["source"])


def _tags(cell: Mapping[str, Any]) -> list[str]:
    return list(map(str, cell["metadata"].get("tags", [])))


def _assigned(name: str, source: str) -> list[str]:
    try:
        statements = ast.parse(source).body
    except SyntaxError as error:
        raise ContractError(name, f"parameters 单元格第 {error.lineno} 行不是合法的 Python", "只写赋值") from None
    names: list[str] = []
    for statement in statements:
        if not (
            isinstance(statement, ast.Assign)
            and isinstance(statement.value, ast.Constant)
            and all(isinstance(target, ast.Name) for target in statement.targets)
        ):
            raise ContractError(name, "parameters 单元格应只有字面值的赋值", '写成 township = "永和镇"')
        names += [target.id for target in statement.targets if isinstance(target, ast.Name)]
    return names
