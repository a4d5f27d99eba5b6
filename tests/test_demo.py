"""The demo: all reports sound, the same each time, nothing invented about a real office, nothing overwritten."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from click.testing import CliRunner

from nianbao.cli import cli
from nianbao.demo import WITH_REGISTERS, demo_files, entries, reports, write_demo
from nianbao.errors import OutputError, UsageError
from nianbao.params import load_units
from nianbao.report import load_report
from nianbao.report.prose import full_text
from nianbao.rules import check_report
from tests.conftest import PARAMS

UNITS = load_units(PARAMS).units


@pytest.fixture(scope="module", params=[2025, 2021])
def demo(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[int, Path]:
    """A year whose year before has the same form, and the first year of a form."""
    folder = tmp_path_factory.mktemp("demo") / "params"
    write_demo(request.param, folder, PARAMS)
    return request.param, folder


def test_every_unit_is_a_sample_and_ready_and_nothing_is_asked(demo: tuple[int, Path]) -> None:
    year, folder = demo
    for number in (year - 1, year):
        for unit in UNITS:
            report = load_report(unit.id, number, folder)
            result = check_report(report)
            assert result.ready and report.params.sample
            assert [f.message for f in result.findings if f.severity.value != "info"] == []
            # What informs is only that there is no report of a year before.
            assert {f.rule for f in result.findings} <= {"T2-04", "T3-04", "T3-05"}
            assert number == year - 1 or {f.rule for f in result.findings} <= {"T2-04"}


def test_registers_tell_what_a_plain_loop_over_the_entries_tells(demo: tuple[int, Path]) -> None:
    year, folder = demo
    for unit in WITH_REGISTERS:
        report = load_report(unit, year, folder)
        assert report.registers is not None
        for row, figures in entries.part_three(unit, year, report.edition).items():
            cells = [report.cells[f"t3.{row}.{column.key}"].value for column in report.edition.t3.columns]
            assert cells == figures, (unit, row)
        for group, figures in entries.part_four(unit, year, report.edition).items():
            cells = [report.cells[f"t4.{group}.{column.key}"].value for column in report.edition.t4.columns]
            assert cells == figures, (unit, group)
        in_force = "in_force" if report.edition.name == "2021" else "public"
        assert report.cells[f"t2.normative.{in_force}"].value == entries.normative(unit, year)[2]
        counts = Counter(item.category for item in entries.items(unit, year))
        assert {c.name: c.count for c in report.disclosure.classes} == counts
        assert report.disclosed == counts.total()


def test_something_is_carried_over_and_some_units_received_nothing(demo: tuple[int, Path]) -> None:
    year, folder = demo
    reports = [load_report(unit.id, year, folder) for unit in UNITS]
    assert sum(int(report["t3.carried_in.total"].number) for report in reports) > 2
    assert sum(int(report["t3.carried_out.total"].number) for report in reports) > 2
    assert any(report["t3.received.total"].value == 0 for report in reports)
    assert any(report["t4.review.total"].value for report in reports)


def test_contact_is_what_units_yaml_knows(demo: tuple[int, Path]) -> None:
    year, folder = demo
    for unit in UNITS:
        report = load_report(unit.id, year, folder)
        contact = report.params.contact
        assert (contact.address, contact.phone, contact.postcode) == (unit.address, unit.phone, unit.postcode)
        assert contact.office is None or (unit.contact_office or "").startswith(contact.office)
        if unit.doc_prefix is None:
            assert report.params.document.number is None
        if unit.phone is None:
            assert "电话：" not in full_text(report)["preamble"]


def test_the_same_files_each_time(demo: tuple[int, Path]) -> None:
    year, folder = demo
    again, _ = demo_files(year, PARAMS)
    assert list(again)[-1] == "units.yaml"
    found = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    assert found == set(again)
    assert all((folder / name).read_bytes() == text.encode("utf-8") for name, text in again.items())


def test_a_year_is_told_alike_from_both_sides(demo: tuple[int, Path]) -> None:
    """What stands in the demo of a year as the year before is that year's own report."""
    year, folder = demo
    for unit in UNITS[:3]:
        said = reports.values(unit, UNITS.index(unit), year - 1, registers=False, city=load_units(PARAMS).city)
        shown = load_report(unit.id, year - 1, folder)
        carried_out = shown.edition.t3.carried_out
        assert shown[f"t3.{carried_out}.total"].value == said["t3"][carried_out][-1]
        assert load_report(unit.id, year, folder)["t3.carried_in.total"].value == said["t3"][carried_out][-1]


def test_faults_are_found_each_in_its_unit_and_nowhere_else(tmp_path: Path) -> None:
    demo = write_demo(2025, tmp_path / "params", PARAMS, faults=True)
    assert len(demo.units) == 18 and not (tmp_path / "params" / "2025" / "zimao.yaml").exists()
    assert (tmp_path / "params" / "2024" / "zimao.yaml").exists()
    blocking = {
        unit: {finding.rule for finding in check_report(load_report(unit, 2025, tmp_path / "params")).blocking}
        for unit in demo.units
    }
    assert {unit: rules for unit, rules in blocking.items() if rules} == {
        "dongshi": {"T3-01", "T3-03"},
        "chendai": {"T4-01", "T4-02"},
        "meiling": {"D-09"},
    }
    assert len(demo.faults) == 4


@pytest.mark.parametrize("existing", ["units.yaml", "2023/yonghe.yaml"])
def test_a_folder_that_holds_params_is_left_alone(tmp_path: Path, existing: str) -> None:
    path = tmp_path / existing
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("mine", encoding="utf-8")
    with pytest.raises(UsageError, match="已有参数"):
        write_demo(2025, tmp_path, PARAMS)
    assert [p.name for p in tmp_path.rglob("*") if p.is_file()] == [path.name]
    assert path.read_text(encoding="utf-8") == "mine"


def test_a_target_that_is_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine", encoding="utf-8")
    with pytest.raises(UsageError, match="是文件"):
        write_demo(2025, tmp_path / "file", PARAMS)
    with pytest.raises(OutputError, match="无法写入"):
        write_demo(2025, tmp_path / "file" / "below", PARAMS)


def test_a_year_without_a_form_is_refused() -> None:
    with pytest.raises(UsageError, match="2019 至 2099"):
        demo_files(2018, PARAMS)


def test_the_command_says_what_it_wrote(tmp_path: Path) -> None:
    target = tmp_path / "try"
    arguments = ["demo", "--year", "2025", "--to", str(target), "--faults", "--params", str(PARAMS)]
    done = CliRunner().invoke(cli, arguments)
    assert done.exit_code == 0, done.output
    assert "已写出 18 个单位 2025 年的示例" in done.output and "紫帽镇：没有报送" in done.output
    assert (target / "units.yaml").read_bytes() == (PARAMS / "units.yaml").read_bytes()
