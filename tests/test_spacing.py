"""One spacing in what is printed: no blank between a figure and the Chinese around it, in any paper of any standing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import nianbao.city as city
from nianbao.city import note
from nianbao.city.city import CitySummary
from nianbao.city.content import SECTIONS
from nianbao.demo import write_demo
from nianbao.document import Block, Document, Heading, Paragraph, Table, plain, read_html
from nianbao.notebook.text import draft_text
from nianbao.pack.letter import cover_letter
from nianbao.publish.slip import findings_document, return_slip
from nianbao.report import load_report
from nianbao.rules import check_report
from nianbao.verify.years import comparison, side_by_side
from tests.conftest import PARAMS

YEAR = 2025
BLANK = re.compile("[一-鿿，。；：（）] +[0-9]|[0-9%] +[一-鿿，。；：（）]")
MESSAGES = frozenset({"问题", "说明", "在哪里改", "应当", "项目"})
"""Heads of columns that quote the findings, the rule book and the form."""


@pytest.fixture(scope="module")
def params(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("spacing") / "params"
    write_demo(YEAR, folder, PARAMS, faults=True, bodies=True)
    return folder


@pytest.fixture(scope="module")
def summary(params: Path) -> CitySummary:
    return city.load_summary(YEAR, params)


def texts(blocks: tuple[Block, ...]) -> Iterator[str]:
    for block in blocks:
        match block:
            case Paragraph() | Heading():
                yield plain(block.runs)
            case Table():
                grid = block.grid()
                for row in grid:
                    yield from (text for head, text in zip(grid[0], row, strict=True) if head not in MESSAGES)


def blanks(blocks: tuple[Block, ...]) -> list[str]:
    return [text for text in texts(blocks) if BLANK.search(text)]


@pytest.mark.parametrize("section", list(SECTIONS))
def test_the_summary(summary: CitySummary, section: str) -> None:
    assert blanks(read_html(getattr(city, section)(summary).html)) == []


def test_the_publication_note(summary: CitySummary) -> None:
    for section in (note.opening, note.published, note.listing):
        assert blanks(read_html(section(summary).html)) == []


@pytest.mark.parametrize("unit", ["dongshi", "chendai", "meiling", "anhai"])
def test_slips_findings_letters_comparisons(params: Path, unit: str) -> None:
    report = load_report(unit, YEAR, params)
    result = check_report(report)
    assert report.previous is not None
    papers: list[Document] = [
        return_slip(report.unit, report.city, YEAR, True, result.published),
        findings_document(report.unit, YEAR, True, result.published),
        cover_letter(report),
        comparison(report.previous, report, side_by_side(report.previous, report)),
    ]
    for paper in papers:
        assert blanks((*paper.blocks, Paragraph(paper.meta.title))) == []
    assert not BLANK.search(draft_text(result))


def test_a_paper_says_its_title_once(params: Path) -> None:
    """Writers print the title of a document above its blocks."""
    report = load_report("dongshi", YEAR, params)
    result = check_report(report).published
    assert report.previous is not None
    for paper in (
        return_slip(report.unit, report.city, YEAR, True, result),
        findings_document(report.unit, YEAR, True, result),
        cover_letter(report),
        comparison(report.previous, report, side_by_side(report.previous, report)),
    ):
        title = plain(paper.meta.title)
        assert title and title not in [
            plain(block.runs) for block in paper.blocks if not isinstance(block, Table) and hasattr(block, "runs")
        ]
