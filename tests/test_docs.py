"""What is written about the package says what is so."""

from __future__ import annotations

import importlib.util
import re
import tomllib
from pathlib import Path

import pytest
import yaml

from tests.conftest import TOP

PAGES = (TOP / "README.md", TOP / "CONTRIBUTING.md", *sorted((TOP / "docs").glob("*.md")))
LIBRARY = TOP / "lib" / "nianbao"


def test_version_and_changelog_agree() -> None:
    version = tomllib.loads((TOP / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    heads = re.findall(r"^## (\S+)$", (TOP / "CHANGELOG.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert heads[0] == version


def test_the_api_page_is_what_the_docstrings_say() -> None:
    path = TOP / "docs" / "make_api.py"
    spec = importlib.util.spec_from_file_location("make_api", path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    assert (TOP / "docs" / "api.md").read_text(encoding="utf-8") == module.page(), "run python docs/make_api.py"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_and_every_file_that_a_page_names_is_there(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    links = [
        link
        for link in re.findall(r"(?<!!\[图注)\]\(([^)#]+)(?:#[^)]*)?\)|src=\"([^\"]+)\"", text)
        for link in link
        if link
    ]
    for link in links:
        if not re.match(r"https?:", link):
            assert (page.parent / link).exists(), link
    for name in re.findall(r"`((?:lib|tests|docs|notebooks)/[\w/.]*\.\w+)`", text):
        assert (TOP / name).is_file(), name


def test_every_package_stands_on_the_map() -> None:
    text = (TOP / "docs" / "engineering.md").read_text(encoding="utf-8")
    table = text[text.index("| package |") : text.index("Two ideas")]
    named = set(re.findall(r"`(\w+)`", "".join(line.split("|")[1] for line in table.splitlines() if "|" in line)))
    there = {p.stem for p in LIBRARY.iterdir() if p.name not in ("__init__.py", "__pycache__", "py.typed")}
    assert named == there


def test_the_hooks_run_what_ci_runs() -> None:
    hooks = yaml.safe_load((TOP / ".pre-commit-config.yaml").read_text(encoding="utf-8"))["repos"][0]["hooks"]
    ci = (TOP / ".ci" / "run").read_text(encoding="utf-8")
    for hook in hooks:
        assert hook["entry"] in ci, hook["id"]
