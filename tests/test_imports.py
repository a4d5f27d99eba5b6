"""Data flows one way, and ``import nianbao`` stays light."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

LIBRARY = Path(__file__).parent.parent / "lib" / "nianbao"

# From the bottom up: a module imports only from those before it (or from its own package).
ORDER = (
    "errors",
    "wording",
    "statute",
    "office",
    "params",
    "registers",
    "report",
    "rules",
    "document",
    "charts",
    "tables",
    "notebook",
    "published",
    "publish",
    "city",
    "batch",
    "demo",
    "project",
    "lab",
    "forms",
    "verify",
    "cli",
)


def _modules() -> list[Path]:
    return sorted(path for path in LIBRARY.rglob("*.py") if path.parent != LIBRARY or path.name != "__init__.py")


def _home(path: Path) -> str:
    return path.relative_to(LIBRARY).parts[0].removesuffix(".py")


@pytest.mark.parametrize("path", _modules(), ids=lambda path: path.relative_to(LIBRARY).as_posix())
def test_it_imports_only_from_modules_before_it(path: Path) -> None:
    home = _home(path)
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        names = []
        if isinstance(node, ast.ImportFrom) and node.module:
            names = [f"{node.module}.{alias.name}" if node.module == "nianbao" else node.module for alias in node.names]
        elif isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        for name in names:
            if name.startswith("nianbao."):
                other = name.split(".")[1]
                assert other == home or ORDER.index(other) < ORDER.index(home), f"{home} imports {other}"


def test_every_module_has_its_place_in_the_order() -> None:
    assert {_home(path) for path in _modules()} <= set(ORDER)


@pytest.mark.parametrize(
    ("statement", "never"),
    [
        ("import nianbao", ("papermill", "nbconvert", "click", "distributed", "pandas", "great_tables", "matplotlib")),
        ("import nianbao.cli", ("papermill", "nbconvert", "distributed", "pandas", "great_tables", "matplotlib")),
        ("from nianbao.rules import check_report", ("papermill", "nbconvert", "great_tables", "matplotlib")),
    ],
)
def test_an_import_loads_nothing_heavy(statement: str, never: tuple[str, ...]) -> None:
    code = f"import sys; {statement}; print(*(name for name in {never!r} if name in sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == []
