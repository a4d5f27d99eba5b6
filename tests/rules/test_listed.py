"""What people read of a result: blanks together, no echo of them, and the line on which a quoted sentence stands."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from tests.command import Run
from tests.conftest import GOLDEN

from nianbao.project import begin, lay_out
from nianbao.report import load_report
from nianbao.report.prose import narrative_parts
from nianbao.rules import check_report
from nianbao.rules.finding import Outcome
from nianbao.rules.listed import BLANK_RULES, listed


@pytest.mark.parametrize("year", [2020, 2026])
def test_a_blank_report_is_told_in_a_few_lines(tmp_path: Path, run: Run, year: int) -> None:
    lay_out(tmp_path)
    begin("安海镇", year, tmp_path / "params")
    result = check_report(load_report("anhai", year, tmp_path / "params"))
    shown = listed(result.findings)
    assert len(result.findings) > 80 and len(shown.findings) <= 30
    for rule in BLANK_RULES:
        (one,) = [finding for finding in shown.findings if finding.rule == rule]
        whole = [finding for finding in result.findings if finding.rule == rule]
        assert one.blocks and f"{len(whole)} 行有空白，共 {sum(f.left for f in whole)} 格" in one.message  # type: ignore[misc]
    assert f"另有 {shown.echoes} 项" in shown.note
    assert run("check", str(year), "anhai", "--params", tmp_path / "params").out.count("\n") <= 32


def test_only_echoes_of_a_blank_are_left_out_and_none_once_it_is_waived() -> None:
    """永和镇 2023 leaves half of part four blank: the sum over it cannot be told, which says nothing new."""
    findings = check_report(load_report("yonghe", 2023, GOLDEN / "unwaived")).findings
    shown = listed(findings)
    left_out = [finding for finding in findings if finding not in shown.findings]
    assert [(finding.rule, finding.outcome) for finding in left_out] == [("T4-01", Outcome.UNKNOWN)]
    waived = tuple(f.with_waiver("原文如此") if f.rule == "T4-02" else f for f in findings)
    assert listed(waived).findings == waived and listed(waived).note == ""


PLANTED = "今年在6月31日召开了一次会议。"


@pytest.mark.parametrize("line", range(12))
def test_a_finding_in_prose_names_the_line_of_its_sentence(params_with: Callable[..., Path], line: int) -> None:
    """A sentence with a date that does not exist, put behind each line of part one in turn."""
    folder = params_with()
    path = folder / "2023" / "yonghe.yaml"
    lines = path.read_text(encoding="utf-8").split("\n")
    first = lines.index("  overview: |")
    lines.insert(first + 1 + line, f"    {PLANTED}")
    path.write_text("\n".join(lines), encoding="utf-8")
    result = check_report(load_report("yonghe", 2023, folder))
    (found,) = [finding for finding in result.findings if finding.rule == "P-16"]
    assert found.place == f"params/2023/yonghe.yaml:{first + 2 + line}"
    assert "6月31日" in found.message


def test_a_text_that_is_no_literal_block_is_named_by_its_key(params_with: Callable[..., Path]) -> None:
    folder = params_with(("  other: |\n    无\n", f'  other: "无\\n{PLANTED}"\n'))
    result = check_report(load_report("yonghe", 2023, folder))
    (found,) = [finding for finding in result.findings if finding.rule == "P-16"]
    lines = (folder / "2023" / "yonghe.yaml").read_text(encoding="utf-8").split("\n")
    assert lines[int(found.place.rpartition(":")[2]) - 1].startswith("  other:")
    assert "other" in narrative_parts()
