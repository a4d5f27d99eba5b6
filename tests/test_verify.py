"""Verify: what was tampered with, or made from something else, is named; the folder is only read."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import nbformat
import pytest
from click.testing import CliRunner
from nbformat import v4

from nianbao.cli import cli
from nianbao.demo import write_demo
from nianbao.errors import MissingParamsError, UsageError
from nianbao.params import load_units
from nianbao.project import write_notebook
from nianbao.publish.build import Publication, build
from nianbao.publish.formats import REPORT
from nianbao.verify import folders, verify
from tests.command import Run
from tests.conftest import PARAMS


@pytest.fixture
def copy(built: Publication, tmp_path: Path) -> Path:
    """A copy of 永和镇 2023 as built."""
    return Path(shutil.copytree(built.folder, tmp_path / "yonghe"))


@pytest.fixture(scope="module")
def rebuilt() -> Mapping[str, bytes]:
    return build("yonghe", 2023, PARAMS)


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch, rebuilt: Mapping[str, bytes]) -> None:
    """The rebuilding, done once for all tests that change nothing of what it starts from."""
    monkeypatch.setattr(folders, "build", lambda *_args, **_options: rebuilt)


def said(folder: Path, params: Path = PARAMS) -> list[str]:
    return [str(difference) for difference in verify(folder, params).differences]


def edit(path: Path, **changes: Any) -> None:
    path.write_text(json.dumps(json.loads(path.read_bytes()) | changes), encoding="utf-8")


def content(path: Path) -> Any:
    return json.loads(path.read_bytes())


def write(path: Path, value: Any) -> None:
    path.write_text(json.dumps(value, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


def test_what_was_built_is_what_would_be_built(built: Publication) -> None:
    before = {path: (path.stat().st_mtime_ns, path.read_bytes()) for path in built.folder.iterdir()}
    result = verify(built.folder, PARAMS)
    assert result.same and result.files == len(REPORT) + 1 and result.name == "永和镇 2023"
    assert {path: (path.stat().st_mtime_ns, path.read_bytes()) for path in built.folder.iterdir()} == before


@pytest.mark.parametrize("name", ["report.pdf", "report.html", "report.web.html"])
def test_one_byte_is_named_with_its_place(copy: Path, quick: None, name: str) -> None:
    data = bytearray((copy / name).read_bytes())
    data[1234] ^= 1
    (copy / name).write_bytes(bytes(data))
    assert said(copy) == [
        f"{name}：与清单的校验值不符，生成之后被改动。",
        f"{name}：从第 1235 个字节起不同，文件 {len(data)} 字节，重新生成 {len(data)} 字节。",
    ]


def test_a_changed_figure_is_named_by_its_label_with_both_values(copy: Path, quick: None) -> None:
    tables = content(copy / "tables.json")
    tables["cells"]["t3.denied.prohibited.other"] |= {"value": 0, "text": "0"}
    tables["disclosure"]["total"] = 12345
    write(copy / "tables.json", tables)
    found = said(copy)
    assert (
        "tables.json （三）不予公开 2.其他法律行政法规禁止公开〔其他〕：文件中为 0，填写，重新生成为 1，填写。" in found
    )
    assert any(line.startswith("tables.json disclosure total：文件中为 12345，重新生成为") for line in found)
    assert len(found) == 3


def test_a_blank_made_nought_is_named(copy: Path, quick: None) -> None:
    tables = content(copy / "tables.json")
    tables["cells"]["t4.review.total"] |= {"state": "number", "value": 0, "text": "0"}
    write(copy / "tables.json", tables)
    assert "tables.json 行政复议〔总计〕：文件中为 0，填写，重新生成为 空白，填写。" in said(copy)


def test_a_cell_removed_is_named(copy: Path, quick: None) -> None:
    tables = content(copy / "tables.json")
    del tables["cells"]["t2.rules.made"]
    tables["cells"]["t9.x"] = tables["cells"]["t2.rules.repealed"]
    write(copy / "tables.json", tables)
    found = "\n".join(said(copy))
    assert (
        "规章〔本年制发件数〕：文件中为 没有，重新生成为 0" in found
        and "t9.x：文件中为 0，填写，重新生成为 没有" in found
    )


def test_findings_edited_to_ready_are_named(built_draft: Publication, tmp_path: Path) -> None:
    from tests.conftest import GOLDEN

    folder = Path(shutil.copytree(built_draft.folder, tmp_path / "yonghe"))
    findings = content(folder / "findings.json")
    findings |= {"ready": True, "findings": findings["findings"][1:]}
    write(folder / "findings.json", findings)
    found = said(folder, GOLDEN / "unwaived")
    assert "findings.json ready：文件中为 true，重新生成为 false。" in found
    assert any(line.startswith("findings.json：重新生成有而文件中没有：T") for line in found)
    assert len(found) == 3


def test_a_file_missing_and_a_file_added_are_named(copy: Path, quick: None) -> None:
    (copy / "report.web.html").unlink()
    (copy / "report.odt").write_bytes(b"x")
    (copy / "attachments").mkdir()
    assert said(copy) == [
        "report.web.html：缺失。",
        "attachments/：多出，重新生成没有。",
        "report.odt：多出，重新生成没有。",
    ]


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"ready": False}, "manifest.json ready：文件中为 false，重新生成为 true。"),
        ({"edition": "2019"}, "manifest.json edition：文件中为 2019，重新生成为 2021。"),
        ({"approved": "是"}, "manifest.json approved：文件中为 是，重新生成为 没有。"),
        ({"library": "0"}, "程序：nianbao 的代码与生成时的不同。"),
        ({"notebook": "0"}, "笔记本：既不是随 nianbao 安装的模板，也不是 notebooks/<年份>/<单位>.ipynb 现在的样子。"),
        ({"outputs": {}}, "清单：没有列 report.pdf。"),
        ({"inputs": {}}, "输入 2023/yonghe.yaml：生成之后新增。"),
    ],
)
def test_an_edited_manifest_is_named(copy: Path, quick: None, change: dict[str, Any], says: str) -> None:
    edit(copy / "manifest.json", **change)
    assert says in said(copy)


def test_a_digest_edited_in_the_manifest_is_told_from_a_file_that_was_changed(copy: Path, quick: None) -> None:
    manifest = content(copy / "manifest.json")
    manifest["outputs"] |= {"report.pdf": "0" * 64, "report.odt": "0" * 64}
    write(copy / "manifest.json", manifest)
    assert said(copy) == [
        "清单：report.pdf 的校验值与成品不符，成品与重新生成的一致。",
        "清单：列有 report.odt，不是成品。",
        said(copy)[2],
    ]
    assert said(copy)[2].startswith("manifest.json：从第 ")


def test_another_package_version_and_another_font_are_named(copy: Path, quick: None) -> None:
    manifest = content(copy / "manifest.json")
    manifest["packages"]["typst"] = "0.14.0"
    manifest["packages"]["numpy"] = "1.0"
    manifest["fonts"]["body"] |= {"family": "FangSong", "sha256": "1" * 64}
    write(copy / "manifest.json", manifest)
    found = "\n".join(said(copy))
    assert "软件包 typst：生成时为 0.14.0，现为 0.15" in found and "软件包 numpy：生成时为 1.0，现为 没有" in found
    assert "字体 " in found and "生成时为 FangSong" in found


def test_the_notebook_is_compared_by_cells_and_not_by_the_kernels_version(copy: Path, quick: None) -> None:
    notebook = content(copy / "report.ipynb")
    notebook["metadata"]["language_info"]["version"] = "3.99"
    write(copy / "report.ipynb", notebook)
    assert said(copy) == []
    notebook["cells"][5]["source"] = "## 一、别的"
    write(copy / "report.ipynb", notebook)
    assert said(copy) == ["report.ipynb 第 6 个单元格：source 与重新生成的不同。"]


def test_params_changed_since_are_named_with_what_comes_of_them(
    built: Publication, params_with: Callable[..., Path]
) -> None:
    params = params_with(("licensing: 0", "licensing: 7"))
    found = said(built.folder, params)
    assert "输入 2023/yonghe.yaml：生成之后改过。" in found
    assert "tables.json 行政许可〔本年处理决定数量〕：文件中为 0，填写，重新生成为 7，填写。" in found
    assert any(line.startswith("report.pdf：从第 ") for line in found)
    assert not any("生成之后被改动" in line for line in found)


def test_params_that_cannot_be_read_any_more_are_said(built: Publication, params_with: Callable[..., Path]) -> None:
    params = params_with(("year: 2023", "year: 2023\nyaer: 1"))
    found = said(built.folder, params)
    assert found[0] == "输入 2023/yonghe.yaml：生成之后改过。"
    assert found[-1].startswith("重新生成：params/2023/yonghe.yaml:")


def test_params_that_are_gone_are_wrong_usage(built: Publication, tmp_path: Path) -> None:
    shutil.copyfile(PARAMS / "units.yaml", tmp_path / "units.yaml")
    with pytest.raises(MissingParamsError, match=r"生成它的参数不在这个参数文件夹里.*--params"):
        verify(built.folder, tmp_path)


@pytest.mark.parametrize(
    "data", [b"{", b"\xff\xfe", b"[]", b"null", b'{"name": "x"}', b'{"inputs": [], "outputs": {}}']
)
def test_a_manifest_that_is_none_of_ours_is_wrong_usage(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "manifest.json").write_bytes(data)
    with pytest.raises(UsageError, match=r"manifest\.json：(?:不是合法的 JSON|不是 nianbao 的清单)"):
        verify(tmp_path, PARAMS)


@pytest.mark.parametrize("change", [{"unit": "nowhere"}, {"unit": None}, {"year": "明年"}, {"year": True}])
def test_a_manifest_of_no_unit_or_year_is_wrong_usage(copy: Path, change: dict[str, Any]) -> None:
    edit(copy / "manifest.json", **change)
    with pytest.raises(UsageError, match=r"manifest\.json"):
        verify(copy, PARAMS)


def test_a_folder_of_something_else_is_wrong_usage(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"既没有 manifest\.json 也没有 status\.json"):
        verify(tmp_path, PARAMS)
    with pytest.raises(UsageError, match="没有这个文件夹"):
        verify(tmp_path / "none", PARAMS)
    (tmp_path / "status.json").write_bytes(b"{}")
    with pytest.raises(UsageError, match="没有年份"):
        verify(tmp_path, PARAMS)
    (tmp_path / "status.json").write_bytes(b'{"year": 2023}')
    with pytest.raises(UsageError, match="没有任何一份报告的清单"):
        verify(tmp_path, PARAMS)


@pytest.mark.parametrize("broken", [b"{", b"[]", b'{"cells": 1}', b'{"cells": {"t2.rules.made": 3}}'])
def test_a_broken_file_is_a_difference(copy: Path, quick: None, broken: bytes) -> None:
    (copy / "tables.json").write_bytes(broken)
    found = said(copy)
    assert found[0] == "tables.json：与清单的校验值不符，生成之后被改动。" and len(found) > 1


def test_the_command_says_what_it_compared_and_ends_accordingly(copy: Path, quick: None, tmp_path: Path) -> None:
    runner = CliRunner()
    command = ["verify", str(copy), "--params", str(PARAMS)]
    done = runner.invoke(cli, command)
    assert done.exit_code == 0 and f"永和镇 2023，比较 {len(REPORT) + 1} 个文件，与重新生成的一致。" in done.output
    (copy / "report.pdf").unlink()
    done = runner.invoke(cli, command)
    assert done.exit_code == 1 and done.output.endswith("有 1 处不同。\n  report.pdf：缺失。\n")
    assert isinstance(runner.invoke(cli, ["verify", str(tmp_path), "--params", str(PARAMS)]).exception, UsageError)
    assert isinstance(runner.invoke(cli, ["verify"]).exception, UsageError)


def test_a_folder_of_the_demo_says_which_params_it_was_made_from(tmp_path: Path, run: Run) -> None:
    write_demo(2025, tmp_path / "示例", PARAMS)
    assert run("build", "安海镇", "2025", "--params", tmp_path / "示例", "--out", tmp_path / "output").code == 0
    folder = tmp_path / "output" / "2025" / "anhai"
    lost = run("verify", folder, "--params", PARAMS)
    assert lost.code == 2 and "由 nianbao demo 的参数生成" in lost.err
    assert f"nianbao verify {folder.as_posix()} --params 示例" in lost.err
    assert run("verify", folder, "--params", tmp_path / "示例").code == 0


ADDED = "分析人员另加的一句。"


@pytest.mark.slow
def test_a_report_made_of_a_bodys_own_notebook_is_run_from_that(tmp_path: Path, run: Run) -> None:
    """An analyst's chart or table is no difference, in a report, in a year, in what is handed in; a later change is one."""
    params, out = tmp_path / "params", tmp_path / "output"
    write_demo(2025, params, PARAMS)
    place = out / "2025" / "anhai"
    options = ("--params", params, "--out", out)
    unit = load_units(params).find("anhai")
    own = write_notebook(unit, 2025, params)
    node = nbformat.read(own, 4)
    node.cells.insert(11, v4.new_markdown_cell(ADDED))
    nbformat.write(node, own)
    assert run("build", "anhai", "2025", "--notebook", own, *options).code == 0
    assert run("verify", place, "--params", params).code == 0
    for force in ((), ("--force",)):  # the batch leaves it alone, or runs it again as it is
        assert run("batch", "2025", "anhai", "qingyang", *force, *options).code == 0
        assert ADDED in (place / "report.html").read_text(encoding="utf-8")
    done = run("verify", out / "2025", "--params", params)
    assert done.code == 0, done.out
    assert run("pack", "2025", "anhai", "--to", tmp_path / "handed in", *options).code == 0
    node.cells[11].source = "另一句。"
    nbformat.write(node, own)
    done = run("verify", place, "--params", params)
    assert done.code == 1 and "笔记本：既不是随 nianbao 安装的模板" in done.out
    assert run("pack", "2025", "anhai", "--to", tmp_path / "handed in", *options).code == 1
