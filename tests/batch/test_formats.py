"""The table of output files: what stands in it is made, sealed, linked and verified, without another line anywhere."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from nianbao.batch import run_batch
from nianbao.city import paper
from nianbao.publish import formats
from nianbao.publish.formats import Format, Printed
from nianbao.publish.manifest import digest
from nianbao.verify import verify
from tests.batch.conftest import YEAR


def write_odd(printed: Printed) -> bytes:
    """A writer that nobody has heard of."""
    return f"{printed.subject.title}\n{len(printed.document.blocks)}\n".encode()


@pytest.fixture
def odd(monkeypatch: pytest.MonkeyPatch) -> None:
    """A format more for the report and one for the summary."""
    monkeypatch.setattr(formats, "REPORT", (*formats.REPORT, Format("report.odd", "怪格式", write_odd, titled=True)))
    monkeypatch.setattr(paper, "SUMMARY", (*paper.SUMMARY, Format("summary.odd", "怪汇总", write_odd, titled=True)))


def test_one_line_and_one_writer_make_a_format(odd: None, few: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    result = run_batch(YEAR, (), few, out, workers=0)
    assert result.ok
    year = out / str(YEAR)
    for folder, name, seal, label in (
        (year / "anhai", "report.odd", "manifest.json", "怪格式"),
        (year, "summary.odd", "summary.json", "怪汇总"),
    ):
        data = (folder / name).read_bytes()
        assert "政府信息公开工作年度报告" in data.decode("utf-8")
        assert json.loads((folder / seal).read_bytes())["outputs"][name] == digest(data)
        href = (folder / name).relative_to(year).as_posix()
        assert f'<a href="{href}">{label}</a>' in (year / "index.html").read_text(encoding="utf-8")
    assert "anhai/report.odd" in (year / "status.json").read_text(encoding="utf-8")
    assert verify(year / "anhai", few).same
    (year / "anhai" / "report.odd").write_bytes(b"touched up")
    (year / "summary.odd").unlink()
    said = [str(difference) for difference in verify(year / "anhai", few).differences]
    assert [line.partition("：")[0] for line in said] == ["report.odd", "report.odd"]
    lines: list[str] = []
    run_batch(YEAR, (), few, out, workers=0, tell=lambda event: lines.append(event.text))
    assert any("安海镇" in line and "成品缺失或被改动：report.odd" in line for line in lines)
    assert any("成品缺失或被改动：summary.odd" in line for line in lines)


def test_a_format_that_was_not_made_yet_is_made(few: Path, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    out = tmp_path / "out"
    run_batch(YEAR, ("anhai",), few, out, workers=0)
    request.getfixturevalue("odd")
    lines: list[str] = []
    run_batch(YEAR, ("anhai",), few, out, workers=0, tell=lambda event: lines.append(event.text))
    assert "成品缺失或被改动：report.odd" in lines[0]
    assert (out / str(YEAR) / "anhai" / "report.odd").is_file()


@pytest.mark.parametrize("table", [formats.REPORT, paper.SUMMARY], ids=["report", "summary"])
def test_every_file_has_its_own_name_and_label(table: tuple[Format, ...]) -> None:
    for column in ([one.name for one in table], [one.label for one in table]):
        assert len(set(column)) == len(column) and all(column)


def test_no_other_module_names_a_file_of_the_table() -> None:
    library = Path(formats.__file__).parent.parent
    names = [one.name for one in (*formats.REPORT, *paper.SUMMARY)]
    homes = {"publish/formats.py", "city/paper.py", "report/tables.py"}
    for path in library.rglob("*.py"):
        if path.relative_to(library).as_posix() not in homes:
            text = path.read_text(encoding="utf-8")
            assert not [name for name in names if f'"{name}"' in text], path.name
