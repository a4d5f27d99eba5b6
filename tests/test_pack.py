"""``nianbao pack``: what is handed in is confirmed, named as offices name it, listed, zipped; nothing else is handed in."""

from __future__ import annotations

import csv
import io
import shutil
import zipfile
from pathlib import Path

import docx
import pypdf
import pytest

from nianbao.errors import OutputError
from nianbao.pack import pack
from nianbao.pack.names import file_name
from nianbao.publish.build import Publication
from nianbao.publish.manifest import digest
from tests.command import Run
from tests.conftest import GOLDEN, PARAMS

TITLE = "晋江市永和镇2023年政府信息公开工作年度报告"


@pytest.fixture(scope="module")
def packed(built: Publication, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that holds what was packed of 永和镇 2023."""
    target = tmp_path_factory.mktemp("handed in")
    done = pack(2023, ["yonghe"], PARAMS, built.folder.parent.parent, target)
    assert not done.refusals
    return target


def files_of(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_files_bear_the_title_of_the_report(packed: Path, built: Publication) -> None:
    found = files_of(packed / "永和镇")
    for own, name in (
        ("report.pdf", f"{TITLE}.pdf"),
        ("report.docx", f"{TITLE}.docx"),
        ("report.html", f"{TITLE}.html"),
    ):
        assert found[name] == (built.folder / own).read_bytes()
    others = {name for name in found if not name.startswith(TITLE)}
    assert others == {"呈报函.docx", "呈报函.pdf", "文件清单.csv"}
    assert sum("开放数据" in name for name in found) == 2


def test_the_list_holds_the_digest_of_every_file(packed: Path) -> None:
    found = files_of(packed / "永和镇")
    listed = list(csv.reader(io.StringIO(found.pop("文件清单.csv").decode("utf-8-sig"))))
    assert listed[0] == ["文件", "字节", "SHA-256"]
    assert {row[0]: (int(row[1]), row[2]) for row in listed[1:]} == {
        name: (len(data), digest(data)) for name, data in found.items()
    }


def test_the_zip_holds_the_folder_under_names_that_windows_reads(packed: Path) -> None:
    with zipfile.ZipFile(packed / f"{TITLE}.zip") as archive:
        assert {info.flag_bits & 0x800 for info in archive.infolist()} == {0x800}
        assert {info.date_time for info in archive.infolist()} == {(2000, 1, 1, 0, 0, 0)}
        contents = {info.filename: archive.read(info) for info in archive.infolist()}
    assert contents == {f"永和镇/{name}": data for name, data in files_of(packed / "永和镇").items()}


def test_the_letter_hands_the_report_in(packed: Path) -> None:
    found = files_of(packed / "永和镇")
    words = "\n".join(paragraph.text for paragraph in docx.Document(io.BytesIO(found["呈报函.docx"])).paragraphs)
    pdf = "".join(pypdf.PdfReader(io.BytesIO(found["呈报函.pdf"])).pages[0].extract_text().split())
    assert f"现将《{TITLE}》呈报，请审阅。" in words
    for said in ("晋江市人民政府：", f"附件：{TITLE}", "晋江市永和镇人民政府", "2024年1月20日"):
        assert said in words
        assert said in pdf


def test_the_same_reports_give_the_same_bytes(packed: Path, built: Publication, tmp_path: Path) -> None:
    pack(2023, ["yonghe"], PARAMS, built.folder.parent.parent, tmp_path)
    assert files_of(tmp_path) == files_of(packed)


def test_a_draft_is_refused(built_draft: Publication, tmp_path: Path, run: Run) -> None:
    out, params = built_draft.folder.parent.parent, GOLDEN / "unwaived"
    done = run("pack", "2023", "yonghe", "--params", params, "--out", out, "--to", tmp_path)
    assert done.code == 1
    assert "永和镇：不装入，是草稿。先解决" in done.out
    assert files_of(tmp_path) == {}


@pytest.mark.parametrize("name", ["report.pdf", "report.docx", "report.xlsx", "report.csv", "tables.json"])
def test_what_was_changed_since_it_was_built_is_refused(
    built: Publication, tmp_path: Path, name: str, run: Run
) -> None:
    out = tmp_path / "out"
    shutil.copytree(built.folder, out / "2023" / "yonghe")
    path = out / "2023" / "yonghe" / name
    path.write_bytes(path.read_bytes() + b" ")
    done = run("pack", "2023", "yonghe", "--params", PARAMS, "--out", out, "--to", tmp_path / "to")
    assert done.code == 1
    assert "与重新生成的不一致" in done.out and name in done.out
    assert not (tmp_path / "to").exists()


def test_what_was_never_built_is_refused(tmp_path: Path, run: Run) -> None:
    done = run("pack", "2023", "yonghe", "--params", PARAMS, "--out", tmp_path, "--to", tmp_path / "to")
    assert (done.code, "还没有生成。先运行 nianbao build 永和镇 2023。" in done.out) == (1, True)


@pytest.mark.parametrize("title", ["甲/乙", "甲:乙", "甲?", "a\\b", "", "甲.", "CON", "com1.x", "甲" * 101, '甲"乙'])
def test_a_name_that_windows_cannot_hold_is_refused(title: str) -> None:
    with pytest.raises(OutputError, match=r"document\.title"):
        file_name(title)


@pytest.mark.parametrize("title", [TITLE, "甲（乙）《丙》", "constant"])
def test_a_good_name_stays_as_it_is(title: str) -> None:
    assert file_name(title) == title
