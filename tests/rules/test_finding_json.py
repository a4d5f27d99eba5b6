"""``findings.json``: written and read back as what it was, with the place where each finding is mended."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.conftest import GOLDEN, PARAMS

from nianbao.demo import write_demo
from nianbao.report import load_report
from nianbao.rules import checked
from nianbao.rules.finding import Finding, Findings, Outcome
from nianbao.statute.rulebook import Severity

VALUES = st.none() | st.integers() | st.decimals(allow_nan=False, allow_infinity=False) | st.text()
FINDINGS = st.builds(
    Finding,
    rule=st.text(),
    severity=st.sampled_from(Severity),
    outcome=st.sampled_from(Outcome),
    cell=st.none() | st.text(),
    left=VALUES,
    right=VALUES,
    message=st.text(),
    place=st.text(),
    waived=st.none() | st.text(),
)


@given(FINDINGS)
def test_a_finding_comes_back(finding: Finding) -> None:
    back = Finding.from_json(json.loads(json.dumps(finding.as_json())))
    assert back.as_json() == finding.as_json() and back.blocks == finding.blocks
    if not any(isinstance(value, Decimal) for value in (finding.left, finding.right)):
        assert back == finding


@pytest.mark.parametrize("folder", [PARAMS, GOLDEN / "unwaived"], ids=["waived", "unwaived"])
def test_the_findings_of_a_report_come_back(folder: Path) -> None:
    result = checked(load_report("yonghe", 2023, folder))
    back = Findings.from_json(json.loads(json.dumps(result.as_json())))
    assert back == result.published
    assert [one.message for one in back.blocking] == [one.message for one in result.blocking]
    assert back.ready is result.ready and back.counts == result.counts


def _without(key: str) -> Callable[[dict[str, Any]], Any]:
    return lambda content: {name: value for name, value in content.items() if name != key}


BROKEN: list[Callable[[dict[str, Any]], Any]] = [
    *map(_without, ("unit", "year", "edition", "ready", "counts", "findings")),
    lambda _content: {},
    lambda _content: [],
    lambda _content: None,
    lambda content: content | {"ready": "true"},
    lambda content: content | {"counts": [1]},
    lambda content: content | {"counts": {"error": None}},
    lambda content: content | {"findings": [{}]},
    lambda content: content | {"findings": ["T3-01"]},
    lambda content: content | {"findings": [content["findings"][0] | {"severity": "fatal"}]},
    lambda content: content | {"findings": [content["findings"][0] | {"message": None}]},
    lambda content: content | {"findings": [content["findings"][0] | {"waived": True}]},
]


@pytest.mark.parametrize("change", BROKEN)
def test_what_is_no_findings_json_is_refused(change: Callable[[dict[str, Any]], Any]) -> None:
    content = json.loads(json.dumps(checked(load_report("yonghe", 2023, GOLDEN / "unwaived")).as_json()))
    with pytest.raises((LookupError, TypeError, ValueError, AttributeError)):
        Findings.from_json(change(content))


def test_every_finding_about_something_in_the_params_names_its_line() -> None:
    folder = GOLDEN / "unwaived"
    lines = (folder / "2023" / "yonghe.yaml").read_text(encoding="utf-8").splitlines()
    placed = [finding for finding in checked(load_report("yonghe", 2023, folder)).findings if finding.cell]
    assert len(placed) >= 5
    for finding in placed:
        match = re.fullmatch(r"(?:params|unwaived)/2023/yonghe\.yaml:([0-9]+)", finding.place)
        assert match, finding
        assert finding.cell is not None and finding.cell.split(".")[0] in "\n".join(lines[: int(match[1])])


def test_what_registers_count_is_placed_in_the_register(tmp_path: Path) -> None:
    folder = tmp_path / "params"
    write_demo(2025, folder, PARAMS)
    from nianbao.rules.place import place_of

    report = load_report("qingyang", 2025, folder)
    assert report.registers is not None
    counted = [key for key, cell in report.cells.items() if cell.rows]
    assert counted
    for key in counted:
        assert re.search(
            r"2025/qingyang/\S+( 工作表\S+)? 第 [0-9、]+(等 [0-9]+)? 行$|:[0-9]+$", place_of(report, key)
        ), key
    assert place_of(report, None) == "" and place_of(report, "no.such.cell") == ""
