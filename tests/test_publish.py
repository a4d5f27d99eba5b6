"""One report: every file, whole or not at all, the same bytes each time, a draft marked as one."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from lxml import html

from nianbao.errors import NianbaoError, OutputError, PictureError
from nianbao.publish.build import Publication, publish
from nianbao.publish.manifest import digest
from tests.conftest import GOLDEN, PARAMS

FILES = {
    "report.ipynb",
    "report.html",
    "report.web.html",
    "report.docx",
    "report.xlsx",
    "report.csv",
    "report.pdf",
    "tables.json",
    "findings.html",
    "findings.json",
    "manifest.json",
}
PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg=="
)


def test_every_file_is_there_and_nothing_else(built: Publication) -> None:
    assert {path.name for path in built.folder.iterdir()} == FILES


def test_the_manifest_fits_the_files(built: Publication) -> None:
    manifest = json.loads((built.folder / "manifest.json").read_text(encoding="utf-8"))
    for name, expected in manifest["outputs"].items():
        assert digest((built.folder / name).read_bytes()) == expected
    assert manifest["inputs"]["2023/yonghe.yaml"] == digest((PARAMS / "2023" / "yonghe.yaml").read_bytes())


def test_a_second_build_with_a_cold_kernel_has_the_same_bytes(built: Publication, tmp_path: Path) -> None:
    again = publish("永和镇", "2023", PARAMS, tmp_path, cold=True)
    for name in sorted(FILES):
        assert (again.folder / name).read_bytes() == (built.folder / name).read_bytes(), name


def test_the_files_are_small(built: Publication) -> None:
    sizes = {name: (built.folder / name).stat().st_size for name in FILES}
    assert sizes["report.pdf"] < 500_000
    assert sizes["report.html"] < 120_000 and sizes["report.web.html"] < 120_000


def test_no_file_names_a_folder_of_this_machine(built: Publication, tmp_path: Path) -> None:
    for name in sorted(FILES):
        data = (built.folder / name).read_bytes()
        for folder in (PARAMS.resolve(), built.folder.resolve(), Path.home()):
            assert str(folder).encode() not in data or len(str(folder)) < 4, name


def test_tables_json_holds_every_cell_with_its_state(built: Publication) -> None:
    cells = json.loads((built.folder / "tables.json").read_text(encoding="utf-8"))["cells"]
    assert list(cells) == list(built.report.edition.fields)
    assert cells["t3.denied.prohibited.other"] == {"state": "number", "value": 1, "text": "1", "source": "typed"}
    assert cells["t4.review.total"]["state"] == "blank" and cells["t4.review.total"]["value"] is None


def test_a_report_with_waived_findings_is_ready_and_not_marked(built: Publication) -> None:
    findings = json.loads((built.folder / "findings.json").read_text(encoding="utf-8"))
    assert findings["ready"] and findings["counts"]["waived"] == 5
    assert 'class="nb-draft"' not in (built.folder / "report.html").read_text(encoding="utf-8")
    assert "草稿" not in (built.folder / "report.web.html").read_text(encoding="utf-8")


def test_without_waivers_it_is_a_draft_in_every_file(built_draft: Publication) -> None:
    from pypdf import PdfReader

    assert not built_draft.result.ready
    for name in ("report.html", "report.web.html"):
        assert "草稿：有5个问题未解决" in (built_draft.folder / name).read_text(encoding="utf-8")
    pages = PdfReader(built_draft.folder / "report.pdf").pages
    assert all("草" in page.extract_text() for page in pages)
    assert json.loads((built_draft.folder / "findings.json").read_text(encoding="utf-8"))["ready"] is False


def test_a_draft_is_returned_with_what_to_mend_where_by_when_and_a_report_that_is_ready_is_not(
    built: Publication, built_draft: Publication
) -> None:
    slips = {"return.html", "return.docx"}
    assert {path.name for path in built_draft.folder.iterdir()} == FILES | slips
    slip = html.document_fromstring((built_draft.folder / "return.html").read_bytes())
    words = "".join(slip.text_content().split())
    assert "永和镇2023年年度报告退回单" in words and "报告应在2024年1月31日前公布" in words
    for finding in built_draft.result.blocking:
        assert "".join(finding.message.split()) in words
        assert finding.place in words
    told = html.document_fromstring((built.folder / "findings.html").read_bytes()).text_content()
    assert "没有必须改正的问题" in told and "豁免理由：" in told


def test_a_slip_goes_when_its_report_is_ready(params_with: Callable[..., Path], tmp_path: Path) -> None:
    spoilt = params_with(("received:", "received: [1, 0, 0, 0, 0, 0, 1] #"))
    folder = publish("yonghe", 2023, spoilt, tmp_path).folder
    assert (folder / "return.html").is_file()
    publish("yonghe", 2023, PARAMS, tmp_path)
    assert not (folder / "return.html").exists() and not (folder / "return.docx").exists()


def test_the_unwaived_findings_are_the_known_faults(built_draft: Publication) -> None:
    assert [(f.rule, f.cell) for f in built_draft.result.blocking] == [
        ("T3-02", "t3.total.other"),
        ("T3-03", "t3.denied.prohibited.total"),
        ("T4-02", "t4.review"),
        ("P-13", "narrative.overview"),
        ("T4-01", "t4.review.total"),
    ]


def test_a_picture_beside_the_params_is_printed_in_both(params_with: Callable[..., Path], tmp_path: Path) -> None:
    folder = params_with(("（二）依申请公开情况", "![公众号页面（示例）](a.png)\n    （二）依申请公开情况"))
    (folder / "2023" / "yonghe").mkdir()
    (folder / "2023" / "yonghe" / "a.png").write_bytes(PIXEL)
    built = publish("yonghe", 2023, folder, tmp_path / "out")
    assert "公众号页面（示例）" in (built.folder / "report.html").read_text(encoding="utf-8")
    assert "2023/yonghe/a.png" in (built.folder / "manifest.json").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("![图](missing.png)", "不存在"),
        ("![图](../../units.yaml)", "文件夹之内"),
        ("![图](../yonghe.yaml)", "文件夹之内"),
        ("![图](/etc/hostname)", "文件夹之内"),
        ("![](a.png)", "没有图注"),
        ("![图](text.png)", "不是完好的 PNG 或 JPEG"),
        ("![图](large.png)", "字节，应不超过"),
    ],
)
def test_a_bad_picture_stops_the_build_before_it_starts(
    params_with: Callable[..., Path], tmp_path: Path, line: str, says: str
) -> None:
    folder = params_with(("（二）依申请公开情况", f"{line}\n    （二）依申请公开情况"))
    own = folder / "2023" / "yonghe"
    own.mkdir()
    (own / "a.png").write_bytes(PIXEL)
    (own / "text.png").write_text("no picture", encoding="utf-8")
    (own / "large.png").write_bytes(PIXEL + bytes(4 * 1024 * 1024))
    with pytest.raises(PictureError, match=says):
        publish("yonghe", 2023, folder, tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_an_output_folder_that_is_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("a file", encoding="utf-8")
    with pytest.raises(OutputError, match="无法写入（"):
        publish("yonghe", 2023, PARAMS, tmp_path / "out")


def test_a_failed_build_leaves_the_earlier_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from nianbao.publish import make as module

    folder = tmp_path / "out" / "2023" / "yonghe"
    folder.mkdir(parents=True)
    (folder / "report.pdf").write_bytes(b"earlier")

    def broken(*_: object) -> None:
        raise NianbaoError("某处", "出了错")

    monkeypatch.setattr(module, "_lock_title", broken)
    with pytest.raises(NianbaoError, match="出了错"):
        publish("yonghe", 2023, PARAMS, tmp_path / "out")
    assert [path.name for path in folder.iterdir()] == ["report.pdf"]
    assert (folder / "report.pdf").read_bytes() == b"earlier"


def test_a_notebook_that_shows_another_year_is_caught(tmp_path: Path) -> None:
    notebook = json.loads((PARAMS.parent / "notebooks" / "annual_report.ipynb").read_text(encoding="utf-8"))
    for cell in notebook["cells"]:
        if "nb.load_report(township, year)" in "".join(cell["source"]):
            cell["source"] = (
                'import dataclasses\nimport nianbao as nb\nreport = nb.load_report("永和镇", year)\n'
                "report = dataclasses.replace(report, year=2022)"
            )
    path = tmp_path / "annual_report.ipynb"
    path.write_text(json.dumps(notebook), encoding="utf-8")
    done = publish("yonghe", 2023, PARAMS, tmp_path / "out", notebook=path)
    assert not done.result.ready
    assert {"G-03", "G-06"} <= {finding.rule for finding in done.result.blocking}
    page = (done.folder / "report.html").read_text(encoding="utf-8")
    assert "草稿" in page and "显示的是 yonghe 2022" in page
    assert json.loads((done.folder / "manifest.json").read_text(encoding="utf-8"))["ready"] is False


def test_a_notebook_that_fails_names_its_cell(tmp_path: Path) -> None:
    notebook = json.loads((PARAMS.parent / "notebooks" / "annual_report.ipynb").read_text(encoding="utf-8"))
    notebook["cells"][-1]["source"] = "1 / 0"
    path = tmp_path / "annual_report.ipynb"
    path.write_text(json.dumps(notebook), encoding="utf-8")
    with pytest.raises(NianbaoError, match=r"单元格.*ZeroDivisionError"):
        publish("yonghe", 2023, GOLDEN / "unwaived", tmp_path / "out", notebook=path)


def test_a_part_without_text_prints_nothing_under_its_heading(params_with: Callable[..., Path], tmp_path: Path) -> None:
    from pypdf import PdfReader

    built = publish("yonghe", 2023, params_with(("  other: |\n    无\n", "")), tmp_path / "out")
    assert not built.result.ready
    printed = "".join(page.extract_text() for page in PdfReader(built.folder / "report.pdf").pages)
    web = (built.folder / "report.web.html").read_text(encoding="utf-8")
    page = (built.folder / "report.html").read_text(encoding="utf-8")
    assert "Fragment" not in printed + web + page
