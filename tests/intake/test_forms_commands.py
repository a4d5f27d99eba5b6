"""``nianbao forms`` and ``nianbao ingest``: what a clerk and the city office see, and what is never lost."""

from __future__ import annotations

import os
import shutil
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook
from tests.command import Run
from tests.conftest import PARAMS

from nianbao.forms import form_name, write_form
from nianbao.forms.write import SYSTEM
from nianbao.params import load_units

NAME = "永和镇2023年报填报表.xlsx"


@pytest.fixture(scope="module")
def pristine(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The form of 永和镇 2023, written once."""
    return write_form(load_units(PARAMS).find("永和镇"), 2023, PARAMS, tmp_path_factory.mktemp("form"))


@pytest.fixture(scope="module")
def blank(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The form of 青阳街道 2023, of which nothing is known."""
    return write_form(load_units(PARAMS).find("青阳街道"), 2023, PARAMS, tmp_path_factory.mktemp("form"))


@pytest.fixture
def params(tmp_path: Path) -> Path:
    return Path(shutil.copytree(PARAMS, tmp_path / "params"))


def edit(path: Path, change: Callable[[Workbook], Any]) -> Path:
    workbook = load_workbook(path)
    change(workbook)
    workbook.save(path)
    return path


def filled(source: Path, folder: Path, change: Callable[[Workbook], Any]) -> Path:
    return edit(Path(shutil.copy(source, folder / source.name)), change)


def put(sheet: str, cell: str, value: Any) -> Callable[[Workbook], None]:
    return lambda book: book[sheet].__setitem__(cell, value)


def cases(*rows: tuple[Any, ...]) -> Callable[[Workbook], None]:
    """Rows of the register of applications, from row 2."""

    def write(book: Workbook) -> None:
        for line, row in enumerate(rows, start=2):
            for col, value in enumerate(row, start=1):
                book["申请登记"].cell(line, col).value = value

    return write


def content(folder: Path) -> dict[str, bytes]:
    return {path.as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


# -- forms ------------------------------------------------------------------------------------------------------------


def test_forms_writes_one_file_for_every_unit(run: Run, tmp_path: Path) -> None:
    done = run("forms", "2024", "--to", tmp_path / "forms", "--params", PARAMS)
    names = sorted(form_name(unit, 2024) for unit in load_units(PARAMS).units)
    assert (done.code, done.err) == (0, "")
    assert sorted(file.name for file in (tmp_path / "forms").iterdir()) == names and len(names) == 19
    assert "已生成 19 份" in done.out.splitlines()[-1]
    assert f"nianbao ingest {(tmp_path / 'forms').as_posix()} --params {PARAMS.as_posix()}" in done.out


@pytest.mark.parametrize("words", [("2023", "yonghe", "安海镇"), ("安海镇", "2023", "永和镇")])
def test_forms_takes_year_and_units_in_any_order(run: Run, tmp_path: Path, words: tuple[str, ...]) -> None:
    assert run("forms", *words, "--to", tmp_path / "f", "--params", PARAMS).code == 0
    assert sorted(file.name[:3] for file in (tmp_path / "f").iterdir()) == ["安海镇", "永和镇"]


def test_a_form_that_is_there_is_kept_unless_forced(run: Run, tmp_path: Path, pristine: Path) -> None:
    kept = filled(pristine, tmp_path, put("三", "D7", 5)).read_bytes()
    words = ("forms", "2023", "永和镇", "安海镇", "--to", tmp_path, "--params", PARAMS)
    done = run(*words)
    assert done.code == 2 and "安海镇：已生成" in done.out
    (line,) = done.err.splitlines()
    assert line.startswith(f"永和镇：没有生成。{NAME}：已有这份表，内容与新表不同，没有覆盖。") and "--force" in line
    assert (tmp_path / NAME).read_bytes() == kept
    assert run(*words, "--force").code == 0
    assert (tmp_path / NAME).read_bytes() == pristine.read_bytes()
    again = run(*words)
    assert again.code == 0 and "已生成 0 份，没有变化 2 份" in again.out
    assert sorted(file.name for file in tmp_path.iterdir()) == ["安海镇2023年报填报表.xlsx", NAME]


def test_one_unit_whose_params_cannot_be_read_stops_no_other(run: Run, tmp_path: Path, params: Path) -> None:
    (params / "2023/anhai.yaml").write_text("unit: anhai\nyear: 2023\nfees: {notices: 三}\n", encoding="utf-8")
    done = run("forms", "2023", "安海镇", "永和镇", "--to", tmp_path / "f", "--params", params)
    assert done.code == 2 and done.err.startswith("安海镇：没有生成。params/2023/anhai.yaml:3：")
    assert [file.name for file in (tmp_path / "f").iterdir()] == [NAME]


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("forms", "2023", "永禾镇", "--to", "f"), "是否为 永和镇？"),
        (("forms", "--to", "f"), "应有一个年份"),
        (("forms", "2018", "--to", "f"), "没有适用的法定格式"),
        (("forms", "2023"), "nianbao forms：缺少 --to DIR。"),
        (("forms", "2023", "--to", "units.yaml"), "units.yaml：无法建立文件夹"),
        (("ingest",), "没有指明文件"),
        (("ingest", "没有.xlsx"), "没有.xlsx：没有这个文件"),
        (("ingest", "2023"), "2023：文件夹里没有 .xlsx 文件"),
        (("ingest", "units.yaml"), "不是 .xlsx 文件"),
        (("ingest", "x.xlsx", "--unit", "永禾镇"), "是否为 永和镇？"),
        (("ingest", "x.xlsx", "--year", "二三"), "应为四位数字"),
        (("ingest", "x.xlsx", "--dryrun"), "没有选项 --dryrun。是否为 --dry-run？"),
    ],
)
def test_wrong_usage_exits_2_with_one_line(
    run: Run, params: Path, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...], says: str
) -> None:
    monkeypatch.chdir(params)
    done = run(*words, "--params", params)
    assert done.code == 2 and says in done.err and done.out == ""
    assert len(done.err.splitlines()) == 1
    assert not (params / "f").exists() or not list((params / "f").iterdir())


# -- ingest -----------------------------------------------------------------------------------------------------------


def test_ingest_shows_what_changes_writes_it_and_says_what_comes_next(
    run: Run, tmp_path: Path, params: Path, pristine: Path
) -> None:
    def change(book: Workbook) -> None:
        book["三"]["D7"] = 1
        cases(("2023-1", date(2023, 5, 6), "自然人", "办理中"))(book)

    path = filled(pristine, tmp_path, change)
    before = content(params)
    looked = run("ingest", path, "--dry-run", "--params", params)
    assert looked.code == 0 and looked.out.splitlines()[-1] == "只看不写，没有写入任何文件。"
    assert content(params) == before
    done = run("ingest", path, "--params", params)
    lines = done.out.splitlines()
    assert (done.code, done.err) == (0, "")
    assert lines[:4] == [
        f"永和镇 2023（{NAME}）：3 处变化。",
        "  一、本年新收政府信息公开申请数量〔自然人〕：0 → 1",
        "  一、本年新收政府信息公开申请数量〔总计〕：0 → 1",
        "  登记簿 params/2023/yonghe/applications.csv：新建，1 行",
    ]
    assert lines[:4] == looked.out.splitlines()[:4]
    assert lines[4] == "已写入 params/2023/yonghe.yaml、params/2023/yonghe/applications.csv"
    assert lines[5].startswith("永和镇 2023：草稿，") and "个问题必须解决" in lines[5]
    assert lines[6] == f"下一步：nianbao check 2023 永和镇 --params {params.as_posix()}"
    assert run("ingest", path, "--params", params).out.startswith(f"永和镇 2023（{NAME}）：没有变化。\n没有需要写入")


def test_a_folder_stands_for_the_forms_in_it_and_blank_ones_are_left_out(
    run: Run, tmp_path: Path, params: Path, pristine: Path, blank: Path
) -> None:
    folder = tmp_path / "forms"
    folder.mkdir()
    filled(pristine, folder, put("三", "D7", 1))
    shutil.copy(blank, folder)
    (folder / f"~${NAME}").write_bytes(b"open elsewhere")
    done = run("ingest", folder, "--params", params)
    assert done.code == 0 and f"青阳街道 2023（{blank.name}）：没有填写任何内容，没有收入。" in done.out.splitlines()
    assert not (params / "2023/qingyang.yaml").exists()
    assert "nianbao check 2023 青阳街道" not in done.out


def test_of_several_forms_none_is_written_when_one_is_refused(
    run: Run, tmp_path: Path, params: Path, pristine: Path, blank: Path
) -> None:
    good = filled(pristine, tmp_path, put("三", "D7", 1))
    bad = filled(blank, tmp_path, lambda book: (put("三", "D7", "三件")(book), put("三", "D8", -1)(book)))
    before = content(params)
    done = run("ingest", good, bad, tmp_path / "没有.xlsx", "--params", params)
    assert done.code == 2 and done.out == ""
    assert [line.partition("：")[0] for line in done.err.splitlines()] == [
        f"{bad.name} 工作表“三” D7 格",
        f"{bad.name} 工作表“三” D8 格",
        "没有.xlsx",
    ]
    assert content(params) == before


def test_two_forms_of_one_unit_and_year_are_refused(run: Run, tmp_path: Path, params: Path, pristine: Path) -> None:
    other = Path(shutil.copy(pristine, tmp_path / "永和镇（改）.xlsx"))
    done = run("ingest", pristine, other, "--params", params)
    assert done.code == 2
    assert f"永和镇（改）.xlsx：与 {NAME} 是同一单位同一年的表（永和镇 2023 年）。只留一份。" in done.err


def test_several_forms_are_written_together_or_not_at_all(
    run: Run, tmp_path: Path, params: Path, pristine: Path, blank: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = filled(pristine, tmp_path, put("三", "D7", 1)), filled(blank, tmp_path, put("三", "D7", 2))
    before = content(params)
    real = os.replace

    def fail(source: Any, target: Any) -> None:
        if str(target).endswith("qingyang.yaml"):
            raise PermissionError(13, "in use")
        real(source, target)

    with monkeypatch.context() as patched:
        patched.setattr(os, "replace", fail)
        done = run("ingest", first, second, "--params", params)
    assert (
        done.code == 2
        and "params/2023/qingyang.yaml：无法写入（没有权限，或正被别的程序打开），原有文件没有改动。" in done.err
    )
    assert content(params) == before
    assert run("ingest", first, second, "--params", params).code == 0
    assert (params / "2023/qingyang.yaml").is_file()


def test_params_with_an_unknown_key_are_not_rewritten(run: Run, params: Path, pristine: Path) -> None:
    file = params / "2023/yonghe.yaml"
    file.write_text(file.read_text(encoding="utf-8") + "\nremarks: 不知道的键\n", encoding="utf-8")
    before = content(params)
    done = run("ingest", pristine, "--params", params)
    assert done.code == 2 and "没有 remarks 这个键" in done.err and len(done.err.splitlines()) == 1
    assert content(params) == before


def test_the_next_command_can_be_typed_as_it_is_shown(run: Run, tmp_path: Path, pristine: Path) -> None:
    params = Path(shutil.copytree(PARAMS, tmp_path / "my params"))
    done = run("ingest", pristine, "--params", params)
    assert done.out.splitlines()[-1] == f'下一步：nianbao check 2023 永和镇 --params "{params.as_posix()}"'


def test_invented_figures_never_come_into_real_params_unmarked(run: Run, tmp_path: Path, params: Path) -> None:
    demo = Path(shutil.copytree(params, tmp_path / "demo/params"))
    file = demo / "2023/yonghe.yaml"
    file.write_text(file.read_text(encoding="utf-8").replace("year: 2023\n", "year: 2023\nsample: true\n", 1), "utf-8")
    for year in ("2023", "2024"):  # 2024: last year's carry-over is invented
        assert run("forms", year, "永和镇", "--to", tmp_path, "--params", demo).code == 0
    path = edit(tmp_path / NAME, put("三", "D7", 1))
    later = edit(tmp_path / "永和镇2024年报填报表.xlsx", put("三", "D7", 1))
    assert load_workbook(path)["三"]["A1"].value.startswith("永和镇2023年（示例，数据为虚构）　三、")
    before = content(params)
    done = run("ingest", path, "--params", params)
    assert done.code == 2 and "是示例表，数据为虚构，params/2023/yonghe.yaml 是正式的参数。" in done.err
    assert content(params) == before
    assert run("ingest", path, later, "--params", demo).code == 0
    assert run("ingest", later, "--params", params).code == 0
    for folder in (demo, params):
        assert "year: 2024\nsample: true\n" in (folder / "2024/yonghe.yaml").read_text(encoding="utf-8")


def test_a_form_that_leaves_a_report_uncheckable_says_why(
    run: Run, tmp_path: Path, params: Path, pristine: Path
) -> None:
    path = filled(pristine, tmp_path, put("正文", "B5", "全年{{ 主动公开.总 }}条"))
    done = run("ingest", path, "--params", params)
    assert done.code == 0 and "永和镇 2023：无法核对。params/2023/yonghe.yaml:" in done.out


# -- refusals ---------------------------------------------------------------------------------------------------------

BOMB = b" " * (60 << 20)


def bomb(path: Path) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", b"<Types/>")
        archive.writestr("xl/workbook.xml", b"<workbook/>")
        archive.writestr("xl/worksheets/sheet1.xml", BOMB)
    return path


def macros(path: Path) -> Path:
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("xl/vbaProject.bin", b"x")
    return path


CASE = ("2023-1", date(2023, 5, 6), "自然人", "（一）予以公开", date(2023, 5, 20))


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (lambda path: path.rename(path.with_name("安海镇2023年报填报表.xlsx")), ["文件名写的是安海镇，表是永和镇的"]),
        (lambda path: path.rename(path.with_name("永和镇2022年报填报表.xlsx")), ["文件名写的是 2022 年，表是 2023 年的"]),
        (lambda path: edit(path, put(SYSTEM, "B1", "9")), ["表单版本为“9”，应为 1"]),
        (lambda path: edit(path, lambda book: book["三"].insert_rows(8)), ["处文字不在原处"]),
        (lambda path: edit(path, put("三", "D7", "=1+2")), ["D7 格：一、本年新收政府信息公开申请数量〔自然人〕应直接填写，实为公式“=1+2”"]),
        (lambda path: edit(path, put("正文", "B5", "@SUM(A1)")), None),
        (macros, ["带有宏"]),
        (lambda path: path.rename(path.with_suffix(".xlsm")), ["扩展名为 .xlsm"]),
        (bomb, ["应不超过 52428800 字节"]),
        (
            lambda path: edit(path, cases((*CASE[:4], date(2023, 5, 1)))),
            ["工作表“申请登记” 第 2 行“答复日期”：早于收到日期。核对两个日期。"],
        ),
        (
            lambda path: edit(path, cases((CASE[0], date(2024, 5, 6), *CASE[2:]))),
            ["第 2 行“收到日期”：晚于 2023 年。", "第 2 行“答复日期”：早于收到日期。"],
        ),
        (
            lambda path: edit(path, cases((*CASE[:3], "予以公示", CASE[4]))),
            ["第 2 行“办理结果”：不认得“予以公示”。是否为 予以公开？"],
        ),
        (lambda path: edit(path, cases(CASE, CASE)), ["第 2、3 行“收件编号”：“2023-1”重复。每个编号只列一行，核对编号。"]),
        (
            lambda path: edit(path, cases((*CASE[:4], "=TODAY()"))),
            ["工作表“申请登记” E2 格：应直接填写，实为“=TODAY()”。改为填写结果，不写公式。"],
        ),
        (
            lambda path: edit(path, lambda book: (put("公开登记", "B4", date(2022, 3, 1))(book), put("公开登记", "C4", "甲")(book), put("公开登记", "D4", "其他")(book))),
            ["工作表“公开登记” 第 4 行“发布日期”：不在 2023 年内。"],
        ),
    ],
)  # fmt: skip
def test_what_must_not_be_taken_is_said_in_a_line_each_and_params_stay_byte_for_byte(
    run: Run, tmp_path: Path, params: Path, pristine: Path, spoil: Callable[[Path], Path], says: list[str] | None
) -> None:
    path = spoil(Path(shutil.copy(pristine, tmp_path / NAME)))
    before = content(params)
    done = run("ingest", path, "--params", params)
    if says is None:  # text that a spreadsheet might take for a formula is text, and stays so
        assert done.code == 0 and f"    {load_workbook(path)['正文']['B5'].value}\n" in (
            params / "2023/yonghe.yaml"
        ).read_text(encoding="utf-8")
        return
    assert done.code == 2 and done.out == ""
    lines = done.err.splitlines()
    assert len(lines) == len(says) and all(line.startswith(path.name) for line in lines)
    assert all(text in line for text, line in zip(says, lines, strict=True)), lines
    assert content(params) == before


def test_only_the_unit_and_year_asked_for_are_taken(run: Run, params: Path, pristine: Path) -> None:
    other = run("ingest", pristine, "--unit", "anhai", "--params", params)
    assert other.code == 2 and other.err == f"{NAME}：是永和镇的表，应为安海镇的表。换成本单位的表。\n"
    later = run("ingest", pristine, "--year", "2024", "--params", params)
    assert later.code == 2 and later.err == f"{NAME}：是 2023 年的表，应为 2024 年的表。换成这一年的表。\n"
    assert run("ingest", pristine, "--unit", "永和镇", "--year", "2023", "--params", params).code == 0
