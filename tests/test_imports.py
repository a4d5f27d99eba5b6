"""Data flows one way, inside packages too, and ``import nianbao`` stays light."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

LIBRARY = Path(__file__).parent.parent / "lib" / "nianbao"

# The house of the design, from the ground up: a module imports only from those before it (or from its own package).
# What writes invented params stands last of what the command line calls: nothing else may lean on it.
ORDER = (
    *("errors", "wording", "statute", "office", "params", "registers", "report", "rules", "document", "tables"),
    *(
        "charts",
        "notebook",
        "forms",
        "published",
        "publish",
        "city",
        "batch",
        "verify",
        "pack",
        "demo",
        "project",
        "lab",
        "cli",
    ),
)


def _name(path: Path) -> str:
    parts = ("nianbao", *path.relative_to(LIBRARY).with_suffix("").parts)
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


MODULES = {_name(path): ast.parse(path.read_text(encoding="utf-8")) for path in sorted(LIBRARY.rglob("*.py"))}


@dataclass(frozen=True)
class Import:
    """That a module imports another; ``late`` where only inside a function."""

    target: str
    late: bool
    line: int


@cache
def imports(module: str) -> tuple[Import, ...]:
    """Every import of a module but those for type checkers."""
    return tuple(_imports(MODULES[module].body, late=False))


def _imports(nodes: Iterable[ast.AST], *, late: bool) -> Iterator[Import]:
    for node in nodes:
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
            yield from _imports(node.orelse, late=late)
            continue
        if isinstance(node, ast.Import):
            yield from (Import(alias.name, late, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.module and not node.level, "imports are absolute"
            for alias in node.names:
                inner = f"{node.module}.{alias.name}"
                yield Import(inner if inner in MODULES else node.module, late, node.lineno)
        inside = isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda))
        yield from _imports(ast.iter_child_nodes(node), late=late or inside)


@cache
def loaded(module: str) -> frozenset[str]:
    """What is loaded once a module is: our modules, and the packages of others, Python's own apart."""
    found: set[str] = set()
    waiting = [module]
    while waiting:
        name = waiting.pop()
        if name.partition(".")[0] != "nianbao":
            found.add(name.partition(".")[0])
        elif name not in found:
            found.add(name)
            parts = name.split(".")
            waiting += [".".join(parts[:end]) for end in range(1, len(parts))]
            waiting += [each.target for each in imports(name) if not each.late]
    return frozenset(found - sys.stdlib_module_names)


def _home(module: str) -> str:
    return module.split(".")[1]


INNER = [module for module in MODULES if module != "nianbao"]


@pytest.mark.parametrize("module", INNER)
def test_it_imports_only_from_packages_before_it(module: str) -> None:
    for each in imports(module):
        if each.target.startswith("nianbao."):
            home, other = _home(module), _home(each.target)
            assert other == home or ORDER.index(other) < ORDER.index(home), f"line {each.line}: {home} imports {other}"


def test_every_package_has_its_place_in_the_order() -> None:
    assert {_home(module) for module in INNER} == set(ORDER)


def test_no_module_comes_back_to_itself() -> None:
    """Imports inside functions count: they are no way around a circle."""
    graph = {
        module: {each.target for each in imports(module) if each.target in MODULES} - {module} for module in MODULES
    }
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        pytest.fail(" → ".join(reversed(error.args[1])))


def _is_lazy(module: str) -> bool:
    """Whether a package fetches its names when they are asked for."""
    return any(isinstance(node, ast.FunctionDef) and node.name == "__getattr__" for node in MODULES[module].body)


@pytest.mark.parametrize("module", INNER)
def test_an_import_inside_a_function_saves_loading_something(module: str) -> None:
    """What is loaded anyway stands at the top, where it is seen."""
    for each in imports(module):
        if each.late and not (each.target in MODULES and _is_lazy(each.target)):
            assert loaded(each.target) - loaded(module), f"line {each.line}: {each.target} is loaded anyway"


@pytest.mark.parametrize(
    ("statement", "never"),
    [
        ("import nianbao", ("papermill", "nbconvert", "click", "distributed", "pandas", "great_tables", "matplotlib")),
        ("import nianbao.cli", ("papermill", "nbconvert", "distributed", "pandas", "great_tables", "matplotlib")),
        ("from nianbao.rules import check_report", ("papermill", "nbconvert", "great_tables", "matplotlib")),
        ("from nianbao.document.web.page import write_page", ("papermill", "nbconvert", "great_tables", "matplotlib")),
        ("from nianbao.pack import pack", ("papermill", "nbconvert", "rfc3987_syntax")),
    ],
)
def test_an_import_loads_nothing_heavy(statement: str, never: tuple[str, ...]) -> None:
    code = f"import sys; {statement}; print(*(name for name in {never!r} if name in sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == []
