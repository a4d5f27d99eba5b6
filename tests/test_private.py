"""Private parts of other packages: three places, each with its reason, a test that it is still there, and a bound."""

from __future__ import annotations

import ast
import importlib
import inspect
import pkgutil
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from great_tables import GT
from lxml import etree
from openpyxl import Workbook

import nianbao
from nianbao.tables.merged import FormTable
from tests.conftest import TOP

LIBRARY = TOP / "lib" / "nianbao"
USED = {
    "forms/read_registers.py": {"_cells"},
    "office/xml.py": {"_Element"},
    "tables/merged.py": {
        *("_boxhead", "_body", "_formats", "_render_formats", "_replace", "_stub", "_substitutions", "_tbl_data")
    },
}
"""Module and the names it uses; the packages are openpyxl, lxml and great-tables."""
PUBLIC = {"os._exit"}
"""Documented, whatever their names look like."""


def is_private(name: str) -> bool:
    return name.startswith("_") and not name.endswith("_")  # those are documented hooks, `__init__` or `_value_`


def _own(tree: ast.AST) -> set[str]:
    """Private names that a module defines: functions, classes, fields, attributes that it gives to ``self``."""
    found = set()
    for node in ast.walk(tree):
        match node:
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                found.add(name)
            case ast.Name(id=name, ctx=ast.Store()):
                found.add(name)
            case ast.Attribute(value=ast.Name(id="self" | "cls"), attr=name, ctx=ast.Store()):
                found.add(name)
    return {name for name in found if is_private(name)}


def _foreign(tree: ast.AST, inherited: set[str]) -> Iterator[str]:
    """Private names that a module takes from others; `inherited` names are known where they are asked of ``self``."""
    own = _own(tree)
    for node in ast.walk(tree):
        match node:
            case ast.ImportFrom(module=str(module), names=names):
                parts = [*module.split("."), *(alias.name for alias in names)]
            case ast.Import(names=names):
                parts = [part for alias in names for part in alias.name.split(".")]
            case ast.Attribute(attr=name) if not is_private(name):
                continue
            case ast.Attribute(value=ast.Name(id="self" | "cls"), attr=name) if name in inherited:
                continue
            case ast.Attribute(value=value, attr=name) if f"{ast.unparse(value)}.{name}" not in PUBLIC:
                # What comes from `super()` is another's, whether or not this module has one of that name.
                parts = [name] if name not in own or ast.unparse(value) == "super()" else []
            case ast.Call(
                func=ast.Name(id="getattr" | "setattr" | "hasattr"), args=[_, ast.Constant(value=str(name)), *_]
            ):
                parts = [name] if name not in own else []
            case ast.Call(func=ast.Name(id="__import__"), args=[ast.Constant(value=str(name)), *_]):
                parts = name.split(".")
            case ast.Call(func=ast.Attribute(attr="import_module"), args=[ast.Constant(value=str(name)), *_]):
                parts = name.split(".")
            case ast.keyword(arg=str(name)) if name not in own:
                parts = [name]
            case _:
                continue
        yield from (part for part in parts if is_private(part))


def _trees() -> dict[str, ast.AST]:
    files = sorted(LIBRARY.rglob("*.py"))
    return {path.relative_to(LIBRARY).as_posix(): ast.parse(path.read_text(encoding="utf-8")) for path in files}


def _inherited(tree: ast.AST, own: dict[str, set[str]]) -> set[str]:
    """Private names of the modules of this library that a module imports from: those of its base classes."""
    imported = [node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.module]
    files = [module.removeprefix("nianbao.").replace(".", "/") + ".py" for module in imported]
    return set().union(*(own[file] for file in files if file in own))


def test_private_parts_of_others_are_used_in_these_places_alone() -> None:
    trees = _trees()
    own = {name: _own(tree) for name, tree in trees.items()}
    found = {name: set(_foreign(tree, _inherited(tree, own))) for name, tree in trees.items()}
    assert {name: names for name, names in found.items() if names} == USED and len(USED) <= 4


@pytest.mark.parametrize(
    "source",
    [
        "from lxml.etree import _Element",
        "from pandas._config import config",
        "import pandas._config.config",
        "sheet._cells",
        "section._sectPr.clear()",
        "fonts._blob = b''",
        "class A(B):\n    def _x(self): super()._x()",
        "self._tbl_data",
        "getattr(thing, '_state')",
        "importlib.import_module('pandas._config')",
        "table.replace(_body=1)",
    ],
)
def test_the_list_would_find(source: str) -> None:
    assert list(_foreign(ast.parse(source), set()))


def _modules() -> Iterator[str]:
    for module in pkgutil.walk_packages(nianbao.__path__, "nianbao."):
        if not module.name.endswith("__main__"):
            yield module.name


def test_no_class_overrides_a_private_part_but_the_one_listed() -> None:
    """What the list above cannot see: a method whose name a class of another package has, too."""
    found = set()
    for name in _modules():
        for cls in vars(importlib.import_module(name)).values():
            if isinstance(cls, type) and cls.__module__ == name:
                foreign = [base for base in cls.__mro__ if base.__module__.partition(".")[0] != "nianbao"]
                names = {part for base in foreign if base is not object for part in vars(base) if is_private(part)}
                own = {part for part, value in vars(cls).items() if inspect.isfunction(value)}
                found |= {f"{name}.{cls.__name__}.{part}" for part in own & names}
    assert found == {"nianbao.tables.merged.FormTable._render_formats"}


def test_lxml_still_calls_its_elements_so() -> None:
    assert type(etree.fromstring("<a/>")) is etree._Element


def test_openpyxl_still_keeps_the_cells_that_are_there_by_place() -> None:
    sheet = Workbook().active
    assert sheet is not None
    sheet.cell(1_000_000, 3).value = "x"
    assert [(place, cell.value) for place, cell in sheet._cells.items()] == [((1_000_000, 3), "x")]


def test_great_tables_still_sets_its_formats_there() -> None:
    """That the result is the same, ``test_tables.py`` holds."""
    assert callable(GT._render_formats) and FormTable._render_formats is not GT._render_formats


@pytest.mark.parametrize("package", ["openpyxl", "lxml", "great-tables"])
def test_the_packages_have_an_upper_bound(package: str) -> None:
    wanted = tomllib.loads((TOP / "pyproject.toml").read_text(encoding="utf-8"))["project"]["dependencies"]
    assert [line for line in wanted if re.fullmatch(rf"{package}>=[0-9.]+,<[0-9.]+", line)]


@pytest.mark.parametrize("place", USED)
def test_the_module_says_why(place: str) -> None:
    assert "private" in Path(LIBRARY, place).read_text(encoding="utf-8")
