"""The pages of the city's office in a browser: overview, slip, findings, note, comparison; on a desk, a telephone, paper."""

from __future__ import annotations

import io
import re
import shutil
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pypdf
import pytest

from nianbao.batch import run_batch
from nianbao.demo import write_demo
from nianbao.params import load_units
from tests.command import nianbao
from tests.conftest import PARAMS

axe_module = pytest.importorskip(
    "axe_playwright_python.sync_playwright", reason="axe-playwright-python is not installed"
)
pytestmark = pytest.mark.system
YEAR = 2025
PAGES = ("index.html", "dongshi/return.html", "dongshi/findings.html", "city/note.html", "compare.html")
"""The summary and the reports are looked at beside the other documents."""


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A city of 37 bodies of which three are built, one of them a draft; its params and its year."""
    folder = tmp_path_factory.mktemp("office")
    write_demo(YEAR, folder / "params", PARAMS, faults=True, bodies=True)
    run_batch(YEAR, ["anhai", "dongshi", "bureaua"], folder / "params", folder / "out", workers=0)
    done = nianbao(
        "compare", "anhai", YEAR, "--params", folder / "params", "--out", folder / "out", "--to", folder / "to"
    )
    assert done.code == 0
    (made,) = (folder / "to").glob("*.html")
    shutil.copy(made, folder / "out" / str(YEAR) / "compare.html")
    return folder


@pytest.fixture
def opened(city: Path, browser: Any) -> Iterator[Any]:
    """Opens a page of the year at a width."""
    contexts = []

    def open_(name: str, width: int) -> Any:
        contexts.append(browser.new_context(viewport={"width": width, "height": 900}, bypass_csp=True))
        page = contexts[-1].new_page()
        page.goto((city / "out" / str(YEAR) / name).as_uri())
        return page

    yield open_
    for context in contexts:
        context.close()


def bare(text: str) -> str:
    """A text without blanks."""
    return "".join(unicodedata.normalize("NFKC", text).split())


def stands_in(text: str, words: str) -> bool:
    """Whether a page prints a text; a face may have one drawing for a character and for a radical that looks like it."""
    pattern = "".join(f"(?:{re.escape(character)}|[\u2e80-\u2eff])" for character in bare(text))
    return re.search(pattern, words) is not None


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_read_by_everybody_and_never_wider_than_the_screen(opened: Any, name: str, width: int) -> None:
    page = opened(name, width)
    results = axe_module.Axe().run(page)
    assert [(one["id"], one["nodes"][0]["html"][:120]) for one in results.response["violations"]] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("name", [*PAGES, "summary.html"])
def test_a_page_prints_on_a4_with_all_that_it_says(opened: Any, name: str) -> None:
    page = opened(name, 1280)
    printed = pypdf.PdfReader(io.BytesIO(page.pdf(format="A4", prefer_css_page_size=True)))
    for sheet in printed.pages:
        width, height = (float(side) / 72 * 25.4 for side in (sheet.mediabox.width, sheet.mediabox.height))
        assert (round(width), round(height)) == (210, 297)
    words = "".join(bare(sheet.extract_text()) for sheet in printed.pages)
    for row in page.evaluate("[...document.querySelectorAll('tbody tr')].map(row => row.cells[0].innerText)"):
        assert stands_in(row, words), row


def test_the_overview_prints_every_unit(city: Path, opened: Any) -> None:
    printed = pypdf.PdfReader(io.BytesIO(opened("index.html", 1280).pdf(format="A4")))
    pages = [bare(sheet.extract_text()) for sheet in printed.pages]
    assert all(any(stands_in(unit.name, page) for page in pages) for unit in load_units(city / "params").units)


def test_a_reader_chooses_standing_and_kind_together(city: Path, opened: Any) -> None:
    page = opened("index.html", 1280)
    units = load_units(city / "params").units
    built = {"anhai": "ready", "bureaua": "ready", "dongshi": "draft", "zimao": "missing"}
    states = {unit.id: built.get(unit.id, "pending") for unit in units}
    kinds = list(dict.fromkeys(unit.kind for unit in units))
    numbers = {
        page.inner_text(f"label[for={one}]").split()[0]: one
        for one in page.evaluate("[...document.querySelectorAll('[name=kind]')].map(one => one.id)")
    }
    for state in ("all", "ready", "draft", "pending", "missing"):
        for kind in ("全部", *kinds):
            page.check(f"#show-{state}")
            page.check(f"#{numbers[kind]}")
            shown = page.evaluate(
                "[...document.querySelectorAll('.units > li')].filter(one => one.offsetHeight).map(one => one.id)"
            )
            wanted = {unit.id for unit in units if state in ("all", states[unit.id]) and kind in ("全部", unit.kind)}
            assert set(shown) == wanted, (state, kind)
