"""Whose code a notebook holds: only ours may run in a kernel that runs other reports after it.

What our own notebooks do is known: they read, compute and show, and change nothing that the next report
could see. Of a notebook that anybody edited nothing is known, so it runs in a kernel of its own.
"""

from __future__ import annotations

import ast
import hashlib
import json
from typing import Any

PARAMETERS = frozenset({"parameters", "injected-parameters"})
"""Tags of the cells that papermill fills in; they may hold assignments of plain values, whatever those are."""

OURS = frozenset(
    {
        "f400b2fb5865360fc3699d2753e9475bda859db58b4ee2ffef8a670db5ab471f",  # annual_report.ipynb
        "7ad1a3d4b866f4ed5cfe083225070dfe7c46a5af40b25f8255a4c62c83c21bd0",  # city_report.ipynb
        "5555d82273e1161d31ad736833b8fbbc65b5d41bc5eed1daa2385b4b77aa336d",  # city_summary.ipynb
        "595662a5ff999f7f5815b8b0b7d1e0c0f045b72dda2011bcbe6069cb221f753d",  # publication_note.ipynb
    }
)
"""`code_digest` of the notebooks that come with this package. Written down, not computed from the files at
run time: in a checkout, the files themselves are what people edit."""


def is_ours(notebook: Any) -> bool:
    """Whether the code of a notebook, parameters aside, is that of one of our own.

    Parameters
    ----------
    notebook : nbformat.NotebookNode
        With its parameters filled in, or not yet.
    """
    parameters = [cell.source for cell in _code(notebook) if _is_parameters(cell)]
    return code_digest(notebook) in OURS and all(_assigns_plain_values(source) for source in parameters)


def code_digest(notebook: Any) -> str:
    """SHA-256 of the sources of the code cells, in their order, without those that hold parameters."""
    sources = [cell.source for cell in _code(notebook) if not _is_parameters(cell)]
    return hashlib.sha256(json.dumps(sources, ensure_ascii=False).encode("utf-8")).hexdigest()


def _code(notebook: Any) -> list[Any]:
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def _is_parameters(cell: Any) -> bool:
    return not PARAMETERS.isdisjoint(cell.metadata.get("tags", ()))


def _assigns_plain_values(source: str) -> bool:
    """Whether each statement gives a constant to a name; one like ``__builtins__`` would outlive the namespace."""
    try:
        statements = ast.parse(source).body
    except (SyntaxError, ValueError):
        return False
    return all(
        isinstance(statement, ast.Assign)
        and isinstance(statement.value, ast.Constant)
        and all(isinstance(target, ast.Name) and not target.id.startswith("_") for target in statement.targets)
        for statement in statements
    )
