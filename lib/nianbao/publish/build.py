"""One report, from params to finished files: check, run the notebook, write, seal.

Refuse before running rather than repair after: params, narrative, pictures, the
output folder and the notebook's contract are all checked before a kernel starts.
"""

from __future__ import annotations

import ast
import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nianbao.document import read_notebook
from nianbao.errors import IdentityError, NianbaoError, NotebookError
from nianbao.params import PARAMS_VARIABLE
from nianbao.publish import manifest
from nianbao.publish.manifest import as_json_bytes, digest
from nianbao.publish.outputs import require_writable, write_files, year_lock
from nianbao.publish.preflight import preflight
from nianbao.report import Report, load_report
from nianbao.report.tables import tables_json
from nianbao.wording import enumeration, suggestion

if TYPE_CHECKING:
    from nianbao.rules import CheckResult

PARAMETERS = ("township", "year")
MANIFEST = "manifest.json"
FAILED = "failed.ipynb"
"""A notebook that failed, run up to the cell that did; goes when the report succeeds."""
_TIMING = ("papermill", "execution")


@dataclass(frozen=True)
class Publication:
    """A report that was built: where its files lie and what was found."""

    report: Report
    result: CheckResult
    folder: Path
    files: tuple[str, ...]


@dataclass(frozen=True)
class Built:
    """The files of one report, in memory, in the order of writing: the manifest last."""

    report: Report
    result: CheckResult
    contents: Mapping[str, bytes]


def default_notebook(name: str = "annual_report.ipynb") -> Path:
    """The notebook of this name of this package or, from a checkout, of its top level."""
    package = Path(__file__).parent.parent
    for folder in (package / "notebooks", package.parent.parent / "notebooks"):
        if (notebook := folder / name).is_file():
            return notebook
    raise NotebookError(f"notebooks/{name}", "没有找到这个笔记本", "重新安装 nianbao")


def publish(
    township: str,
    year: int | str,
    params_dir: Path,
    out_dir: Path,
    *,
    notebook: Path | None = None,
    cold: bool = False,
    report_seconds: float | None = 300.0,
) -> Publication:
    """Build every file of one report under ``out_dir/<year>/<unit id>/``.

    A report with an open blocking finding is built as a draft, marked on every page.

    Raises
    ------
    NianbaoError
        Of the kind that says what is wrong; files written earlier stay as they were.
    """
    report = load_report(township, year, params_dir)
    folder = out_dir / str(report.year) / report.unit.id
    preflight(report)
    require_writable(folder)
    try:
        built = build(report, params_dir, notebook=notebook, cold=cold, report_seconds=report_seconds)
    except NotebookError as error:
        if error.executed:
            with year_lock(folder.parent):
                write_files(folder, {FAILED: error.executed})
        raise
    with year_lock(folder.parent):
        write_files(folder, built.contents, drop=(FAILED,))
    return Publication(report, built.result, folder, tuple(built.contents))


def build(
    report: Report,
    params_dir: Path,
    *,
    notebook: Path | None = None,
    cold: bool = False,
    report_seconds: float | None = 300.0,
) -> Built:
    """Check a report, run its notebook and make all its files, without writing any.

    Raises
    ------
    NianbaoError
        A :class:`NotebookError` of a failed cell carries the notebook up to it.
    """
    from nianbao.rules import checked  # a batch in which nothing changed checks nothing

    inputs = manifest.input_files(report, params_dir)
    preflight(report)
    result = checked(report)
    source = notebook or default_notebook()
    check_contract(source)
    load_writers()
    executed = execute(
        source,
        {"township": report.unit.name, "year": report.year},
        {PARAMS_VARIABLE: str(params_dir.resolve())},
        cold=cold,
        report_seconds=report_seconds,
    )
    contents = _contents(executed, report, result, source, inputs)
    if manifest.input_files(report, params_dir) != inputs:
        raise NianbaoError(f"{report.unit.name} {report.year}", "参数文件在生成过程中被改动", "重新运行")
    return Built(report, result, contents)


def load_writers() -> None:
    """Load what writes the files now, while the kernel is still starting."""
    from nianbao.notebook.engine.lean import import_jsonschema

    import_jsonschema()
    from nianbao import rules as checks
    from nianbao.document.pdf import compiler, fonts
    from nianbao.notebook import html_exporters

    fonts.select_fonts(fonts.requested_folder(), fonts.system_allowed())
    assert checks and compiler and html_exporters  # noqa: S101  (loaded for later)


def check_contract(notebook: Path, parameters: Sequence[str] = PARAMETERS) -> None:
    """Refuse a notebook whose parameters are not exactly those named.

    papermill itself only warns about a parameter the notebook does not have.

    Raises
    ------
    NotebookError
    """
    name = f"notebooks/{notebook.name}"
    try:
        cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
        tagged = [cell for cell in cells if "parameters" in cell["metadata"].get("tags", [])]
        sources = ["".join(cell["source"]) for cell in tagged]
    except FileNotFoundError:
        raise NotebookError(name, "没有这个笔记本", "检查路径") from None
    except (OSError, ValueError, LookupError, TypeError, AttributeError) as error:
        raise NotebookError(name, f"无法读取（{type(error).__name__}）", "从版本库恢复该笔记本") from error
    if len(sources) != 1:
        raise NotebookError(name, f"标签为 parameters 的单元格有 {len(sources)} 个，应有 1 个", "从版本库恢复该笔记本")
    names = _assigned(name, sources[0])
    if sorted(names) != sorted(parameters):
        missing = [known for known in parameters if known not in names]
        extra = [found for found in names if found not in parameters]
        parts = [f"缺少参数 {enumeration(missing)}"] if missing else []
        parts += [f"多出参数 {enumeration(extra)}"] if extra else []
        remedy = suggestion(extra[0], missing) if extra and missing else f"参数应为 {' 与 '.join(parameters)}"
        raise NotebookError(name, "，".join(parts), remedy)


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


def execute(
    notebook: Path,
    parameters: Mapping[str, Any],
    environment: Mapping[str, str],
    *,
    cold: bool = False,
    report_seconds: float | None = 300.0,
) -> Any:
    """Run a notebook with `environment` added to that of this process; no trace of when and where stays in it.

    Raises
    ------
    NotebookError
    """
    from nianbao.notebook.engine import run_notebook

    before = {name: os.environ.get(name) for name in environment}
    os.environ.update(environment)
    try:
        node = run_notebook(notebook, None, parameters, cwd=notebook.parent, cold=cold, report_seconds=report_seconds)
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value
    return _without_traces(node)


def _without_traces(node: Any) -> Any:
    """Leave out when, where and how long a notebook ran: its bytes are to depend on its inputs alone."""
    for holder in (node, *node.cells):
        for key in _TIMING:
            holder.metadata.pop(key, None)
    for number, cell in enumerate(node.cells):
        if "injected-parameters" in cell.metadata.get("tags", []):
            cell["id"] = f"injected-{number}"
    return node


def _contents(
    node: Any, report: Report, result: CheckResult, notebook: Path, inputs: Mapping[str, str]
) -> dict[str, bytes]:
    """Every file of the report by name, in the order of writing; the manifest last."""
    import nbformat

    from nianbao.document.pdf.compiler import typeset
    from nianbao.document.pdf.fonts import requested_folder, select_fonts, system_allowed
    from nianbao.document.web.fragment import write_fragment
    from nianbao.notebook.html_exporters import write_page

    document = read_notebook(node)
    fonts = select_fonts(requested_folder(), system_allowed())
    html = write_page(node)
    web = write_fragment(document)
    pdf = typeset(document, fonts, report.title)
    _lock_identity(
        document, report, result, {"report.html": html.encode(), "report.web.html": web.encode(), "report.pdf": pdf}
    )
    contents = {
        "report.ipynb": (nbformat.writes(node) + "\n").encode("utf-8"),
        "report.html": html.encode("utf-8"),
        "report.web.html": web.encode("utf-8"),
        "report.pdf": pdf,
        "tables.json": as_json_bytes(tables_json(report)),
        "findings.json": as_json_bytes(result.as_json()),
    }
    seal = {
        "unit": report.unit.id,
        "year": report.year,
        "edition": report.edition.name,
        "ready": result.ready,
        "inputs": inputs,
        "notebook": digest(notebook.read_bytes()),
        "library": manifest.library_digest(),
        "packages": manifest.package_versions(),
        "fonts": fonts_json(fonts),
        "outputs": {name: digest(data) for name, data in contents.items() if name != "report.ipynb"},
    }
    return {**contents, MANIFEST: as_json_bytes(seal)}


def _lock_identity(document: Any, report: Report, result: CheckResult, files: dict[str, bytes]) -> None:
    """Unit, year, title and draft mark must be the same in what was asked for, ran and came out.

    Raises
    ------
    IdentityError
    """
    meta = document.meta
    expected = {
        "单位": (meta.unit, report.unit.id),
        "年份": (str(meta.year), str(report.year)),
        "标题": ("".join(run.text for run in meta.title), report.title),
        "草稿标记": (meta.draft is not None, not result.ready),
    }
    for name, (found, wanted) in expected.items():
        if found != wanted:
            raise IdentityError(
                f"{report.unit.name} {report.year}", f"笔记本输出的{name}为 {found}，应为 {wanted}", "核对笔记本"
            )
    for file, data in files.items():
        # As HTML and XMP write it; the one escapes fewer characters than the other.
        if not any(form.encode("utf-8") in data for form in (escape(report.title, quote=False), _in_xmp(report.title))):
            raise IdentityError(f"{report.unit.name} {report.year}", f"{file} 中没有标题 {report.title}", "核对笔记本")


def _in_xmp(text: str) -> str:
    return escape(text).replace("&#x27;", "&apos;")


def fonts_json(fonts: Any) -> dict[str, Any]:
    """The face that serves each role, by family, style and content; no path."""
    return {
        face.role: {"family": face.family, "style": face.style, "file": face.file, "sha256": face.sha256}
        for face in fonts.faces
    }
