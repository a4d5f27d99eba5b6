"""A cell is a number, blank or not applicable; totals are computed, never over a blank."""

from __future__ import annotations

import io
import shutil
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from nianbao.errors import PictureError
from nianbao.report import Report, build_cells, load_report
from nianbao.report.pictures import preflight
from nianbao.statute import FORM_2021
from nianbao.statute.cell import Source, State
from tests.conftest import PARAMS


def test_nothing_typed_is_blank_and_not_zero() -> None:
    cells = build_cells(FORM_2021, {})
    assert len(cells) == 200
    assert {cell.state for cell in cells.values()} == {State.BLANK}


def test_a_total_left_off_is_computed() -> None:
    typed = {f"t3.received.{c.key}": n for n, c in enumerate(FORM_2021.t3.applicants)}
    total = build_cells(FORM_2021, typed)["t3.received.total"]
    assert (total.value, total.source) == (15, Source.TOTALLED)


def test_no_total_is_computed_over_a_blank() -> None:
    typed = {f"t4.review.{c.key}": 1 for c in FORM_2021.t4.results} | {"t4.review.pending": None}
    assert build_cells(FORM_2021, typed)["t4.review.total"].state is State.BLANK


def test_a_typed_total_stays_as_typed() -> None:
    typed = {f"t4.review.{c.key}": 1 for c in FORM_2021.t4.results} | {"t4.review.total": 9}
    assert build_cells(FORM_2021, typed)["t4.review.total"].value == 9


def test_marks_for_not_applicable_keep_their_text(params_with: Callable[..., Path]) -> None:
    report = load_report("yonghe", 2023, params_with(("licensing: 0", "licensing: /")))
    cell = report["t2.licensing.decisions"]
    assert (cell.state, cell.text) == (State.NOT_APPLICABLE, "/")


def test_the_title_is_built_from_unit_and_year(yonghe: Report) -> None:
    assert yonghe.title == "晋江市永和镇2023年政府信息公开工作年度报告"


def test_tables_are_frames_of_printed_text(yonghe: Report) -> None:
    assert yonghe.t3.shape == (25, 7)
    assert yonghe.t3.loc["denied.prohibited", "其他"] == "1"
    assert list(yonghe.t4.loc["行政复议"]) == [""] * 5


def test_disclosed_is_the_sum_of_the_classes_when_no_total_is_typed(params_with: Callable[..., Path]) -> None:
    assert load_report("yonghe", 2023, params_with(("  total: 69\n", ""))).disclosed == 69


@pytest.mark.parametrize("kind", ["cut", "no picture data", "another palette"])
def test_a_picture_that_cannot_be_unpacked_is_refused_before_anything_runs(kind: str, tmp_path: Path) -> None:
    """Also where every check sum of the file is right."""
    stream = io.BytesIO()
    Image.new("RGB", (40, 30), (200, 10, 10)).save(stream, "PNG")
    whole = stream.getvalue()
    start = whole.index(b"IDAT") - 4
    data = {"cut": b"x\x9c", "no picture data": b"not zlib at all", "another palette": zlib.compress(b"\0" * 7)}[kind]
    chunk = b"IDAT" + data
    broken = (
        whole[:start]
        + len(data).to_bytes(4)
        + chunk
        + zlib.crc32(chunk).to_bytes(4)
        + whole[whole.index(b"IEND") - 4 :]
    )
    shutil.copytree(PARAMS, tmp_path / "params")
    path = tmp_path / "params" / "2023" / "yonghe.yaml"
    path.write_text(
        path.read_text(encoding="utf-8").replace("  problems: |\n", "  problems: |\n    ![图](图.png)\n"),
        encoding="utf-8",
    )
    (path.with_suffix("")).mkdir()
    (path.with_suffix("") / "图.png").write_bytes(broken)
    with pytest.raises(PictureError, match="不是完好的"):
        preflight(load_report("yonghe", 2023, tmp_path / "params"))
