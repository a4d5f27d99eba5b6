"""In a front end a finding leads to its line and its field, and marks its cell; elsewhere nothing of that is there."""

from __future__ import annotations

from pathlib import Path

import pytest
from lxml import html

from nianbao.notebook import sections
from nianbao.notebook.leads import with_marks
from nianbao.report import Report, load_report
from nianbao.rules import check_report
from nianbao.rules.listed import listed
from nianbao.tables import applications_table, disclosure_table, disputes_table
from tests.conftest import GOLDEN

TABLES = {"disclosure": disclosure_table, "applications": applications_table, "disputes": disputes_table}


@pytest.fixture
def draft() -> Report:
    return load_report("yonghe", 2023, GOLDEN / "unwaived")


def test_the_panel_leads_to_file_and_line_and_to_the_field(draft: Report, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sections, "in_front_end", lambda: True)
    monkeypatch.chdir(Path(__file__).parent)
    root = html.fragment_fromstring(sections.panel(draft).html)
    rows = [row for row in root.iterfind(".//tbody/tr") if len(row) > 1]
    findings = listed(check_report(draft).findings).findings
    assert draft.loaded is not None
    lines = draft.loaded.path.read_text(encoding="utf-8").split("\n")
    led = 0
    for row, finding in zip(rows, findings, strict=True):
        links = [link.get("href") for link in row.iter("a")]
        if finding.cell:
            assert f"#nbf:{finding.cell}" in links
        for link in links:
            file, _, line = link.partition("#line=")
            if line:
                assert (Path(__file__).parent / file).resolve() == draft.loaded.path.resolve()
                assert int(line) + 1 == int(finding.place.rpartition(":")[2])
                assert lines[int(line)].strip()
                led += 1
    assert led >= 5


@pytest.mark.parametrize("part", TABLES)
def test_the_cell_that_a_finding_names_is_marked_and_nothing_else_changes(draft: Report, part: str) -> None:
    plain = TABLES[part](draft).as_raw_html()
    findings = check_report(draft).findings
    marked = html.fragment_fromstring(with_marks(plain, part, draft, findings))
    assert marked.text_content() == html.fragment_fromstring(plain).text_content()
    titles = [(cell.text_content(), cell.get("title")) for cell in marked.iter("td") if cell.get("title")]
    table = {"disclosure": "t2", "applications": "t3", "disputes": "t4"}[part]
    for finding in findings:
        if finding.cell in draft.cells and (finding.cell or "").startswith(f"{table}.") and finding.blocks:
            text = draft.cells[finding.cell or ""].text
            assert any(finding.message in (title or "") and shown == text for shown, title in titles)
    if part == "disputes":  # the blank half, and nothing of the other
        assert len(titles) == 5


def test_every_cell_of_every_table_can_be_marked(draft: Report) -> None:
    from dataclasses import replace

    (any_finding, *_) = check_report(draft).findings
    for part, table in (("disclosure", "t2"), ("applications", "t3"), ("disputes", "t4")):
        keys = [key for key in draft.cells if key.startswith(f"{table}.")]
        texts = {key: replace(draft.cells[key], text=f"第{number}格") for number, key in enumerate(keys)}
        changed = replace(draft, cells={**draft.cells, **texts})
        shown = TABLES[part](changed).as_raw_html()
        for key in keys:
            root = html.fragment_fromstring(with_marks(shown, part, changed, [replace(any_finding, cell=key)]))
            assert [cell.text_content() for cell in root.iter("td") if cell.get("title")] == [texts[key].text], key


def test_without_a_front_end_there_are_no_links_and_no_marks(draft: Report) -> None:
    assert "<a " not in sections.panel(draft).as_raw_html()
    assert "box-shadow" not in sections.applications(draft).html
