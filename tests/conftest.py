"""Shared fixtures: the real params, a built report, and a folder to break things in."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from nianbao.notebook.engine.lean import import_jsonschema
from nianbao.publish.build import Publication, publish
from nianbao.report import Report, load_report
from tests.command import Run, nianbao

TOP = Path(__file__).parent.parent
PARAMS = TOP / "params"
GOLDEN = Path(__file__).parent / "golden"

import_jsonschema()  # before a test imports nbformat without the package

# What a busy machine takes for an example says nothing about the code.
settings.register_profile("any machine", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("any machine")

SLOW = (
    "batch",
    "document/office/test_libreoffice.py",
    "document/office/test_workbook.py",
    "document/pdf/test_cut_tables.py",
    "document/pdf/test_exporter.py",
    "document/pdf/test_hostile.py",
    "document/pdf/test_page.py",
    "document/pdf/test_rows.py",
    "document/pdf/test_tables.py",
    "document/pdf/test_validators.py",
    "document/test_attachments.py",
    "document/test_colophon.py",
    "document/test_one_text.py",
    "document/web/test_accessible.py",
    "document/web/test_browser.py",
    "intake",
    "lab",
    "notebook/test_gate.py",
    "notebook/test_leads.py",
    "project",
    "published/test_adopt.py",
    "published/test_containers.py",
    "published/test_files.py",
    "published/test_made_up.py",
    "published/test_odt.py",
    "published/test_pdf.py",
    "published/test_prose.py",
    "published/test_random.py",
    "published/test_shapes.py",
    "published/test_shapes_random.py",
    "registers/test_counts.py",
    "registers/test_workbook_values.py",
    "rules/test_corpus.py",
    "rules/test_mutation_cells.py",
    "rules/test_mutation_rules.py",
    "rules/test_params_mangled.py",
    "rules/test_wrong_figures.py",
    "test_another_city.py",
    "test_bad_ends.py",
    "test_bodies.py",
    "test_chinese_charts.py",
    "test_city_report.py",
    "test_cli.py",
    "test_compare.py",
    "test_completion.py",
    "test_concurrent_edits.py",
    "test_demo.py",
    "test_engine.py",
    "test_figures.py",
    "test_grids.py",
    "test_hostile.py",
    "test_jupyterlab.py",
    "test_pack.py",
    "test_params_folder.py",
    "test_publish.py",
    "test_sign.py",
    "test_spacing.py",
    "test_summary.py",
    "test_verify.py",
    "test_waiver_note.py",
    "test_web_pictures.py",
)
"""Modules, or folders of them, that the fast tier leaves out."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests of the slow modules."""
    here = Path(__file__).parent
    slow = {here / name for name in SLOW}
    if missing := [path for path in slow if not path.exists()]:
        raise pytest.UsageError(f"tests/conftest.py names slow modules that are not there: {missing}")
    modules = {path for path in {item.path for item in items} if not slow.isdisjoint((path, *path.parents))}
    for item in items:
        if item.path in modules:
            item.add_marker(pytest.mark.slow)


@pytest.fixture(autouse=True, scope="session")
def _same_fonts_everywhere() -> Iterator[None]:
    """Only the bundled fonts, so that layout and bytes are the same on every machine."""
    before = os.environ.get("NIANBAO_SYSTEM_FONTS")
    os.environ["NIANBAO_SYSTEM_FONTS"] = "0"
    yield
    if before is None:
        del os.environ["NIANBAO_SYSTEM_FONTS"]
    else:
        os.environ["NIANBAO_SYSTEM_FONTS"] = before


@pytest.fixture(autouse=True, scope="session")
def _bytecode_is_kept() -> Iterator[None]:
    """Kernels, workers and commands that tests start, some hundreds, do not compile the package each for itself."""
    before = os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    yield
    if before is not None:
        os.environ["PYTHONDONTWRITEBYTECODE"] = before


@pytest.fixture
def run() -> Run:
    """``nianbao …`` in this process."""
    return nianbao


@pytest.fixture(scope="session")
def yonghe() -> Report:
    """永和镇 2023 as published, waivers and all."""
    return load_report("yonghe", 2023, PARAMS)


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Publication:
    """永和镇 2023, built."""
    return publish("yonghe", 2023, PARAMS, tmp_path_factory.mktemp("output"))


@pytest.fixture(scope="session")
def built_draft(tmp_path_factory: pytest.TempPathFactory) -> Publication:
    """The same without its waivers: a draft."""
    return publish("yonghe", 2023, GOLDEN / "unwaived", tmp_path_factory.mktemp("draft"))


@pytest.fixture(scope="session")
def chromium() -> str:
    """The system's Chromium; playwright's own is never downloaded."""
    found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if found is None:
        pytest.skip("Chromium is not installed")
    return found


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Any]:
    """Chromium under playwright. Not for the session: while it is open, an event loop runs in this thread."""
    sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    with sync_api.sync_playwright() as driver:
        opened = driver.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield opened
        opened.close()


@pytest.fixture
def params_with(tmp_path: Path) -> Callable[..., Path]:
    """A params folder whose 永和镇 2023 has pieces of its text replaced: ``params_with(("old", "new"), …)``."""

    def make(*changes: tuple[str, str]) -> Path:
        folder = tmp_path / "params"
        shutil.copytree(PARAMS, folder, dirs_exist_ok=True)
        path = folder / "2023" / "yonghe.yaml"
        text = path.read_text(encoding="utf-8")
        for old, new in changes:
            assert old in text, f"the params do not contain {old!r}"
            text = text.replace(old, new, 1)
        path.write_text(text, encoding="utf-8")
        return folder

    return make
