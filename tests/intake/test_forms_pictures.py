"""The sheet of pictures: files, captions and places go into the narrative and come back; what is amiss has its cell."""

from __future__ import annotations

import io
import random
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.drawing.image import Image as SheetImage
from PIL import Image
from tests.command import Run
from tests.conftest import PARAMS

from nianbao.forms import apply, plan_ingest, write_form
from nianbao.forms.contents import from_params, to_params
from nianbao.forms.layout import form_plan
from nianbao.forms.plan import Identity, Sizes
from nianbao.params import load_params, load_units
from nianbao.statute import FORM_2019, FORM_2021

NAME = "永和镇2023年报填报表.xlsx"
UNIT = "永和镇"


def picture(color: str = "red", kind: str = "PNG") -> bytes:
    raw = io.BytesIO()
    Image.new("RGB", (8, 6), color).save(raw, kind)
    return raw.getvalue()


@pytest.fixture(scope="module")
def pristine(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_form(load_units(PARAMS).find(UNIT), 2023, PARAMS, tmp_path_factory.mktemp("form"))


@pytest.fixture
def params(tmp_path: Path) -> Path:
    return Path(shutil.copytree(PARAMS, tmp_path / "params"))


def with_rows(source: Path, folder: Path, *rows: tuple[Any, ...], then: Callable[[Workbook], Any] = id) -> Path:
    folder.mkdir(exist_ok=True)
    workbook = load_workbook(source)
    for line, row in enumerate(rows, start=5):
        for col, value in enumerate(row, start=2):
            workbook["图片"].cell(line, col).value = value
    then(workbook)
    workbook.save(folder / NAME)
    return folder / NAME


def test_pictures_go_to_their_place_and_their_files_along(
    run: Run, params: Path, pristine: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "in"
    form = with_rows(
        pristine,
        folder,
        ("公开栏.png", "镇政府公开栏", "一、总体情况", 2),
        ("照片.jpg", " 查阅点 ", "一、总体情况", None),
        ("头.png", "第一张", "一、总体情况", 0),
    )
    (folder / "公开栏.png").write_bytes(picture())
    (folder / "照片.jpg").write_bytes(picture("blue", "JPEG"))
    (folder / "头.png").write_bytes(picture("green"))
    before = str(load_params(load_units(params).find(UNIT), 2023, params).params.narrative.overview).splitlines()
    done = run("ingest", form, "--params", params, "--all")
    assert done.code == 0 and "图片 params/2023/yonghe/公开栏.png：新增" in done.out
    assert (params / "2023/yonghe/公开栏.png").read_bytes() == picture()
    loaded = load_params(load_units(params).find(UNIT), 2023, params)
    wanted = ["![第一张](头.png)", *before[:2], "![镇政府公开栏](公开栏.png)", *before[2:], "![查阅点](照片.jpg)"]
    assert str(loaded.params.narrative.overview).splitlines() == wanted
    back = write_form(load_units(params).find(UNIT), 2023, params, tmp_path / "again")
    shown = load_workbook(back)["图片"]
    assert [[cell.value for cell in row] for row in shown.iter_rows(min_row=5, max_row=7, min_col=2, max_col=5)] == [
        ["头.png", "第一张", "一、总体情况", 0],
        ["公开栏.png", "镇政府公开栏", "一、总体情况", 2],
        ["照片.jpg", "查阅点", "一、总体情况", len(before)],
    ]
    assert plan_ingest(back, params).files == ()
    (folder / "公开栏.png").write_bytes(picture("black"))
    shutil.copy(back, form)
    plan = plan_ingest(form, params)
    assert plan.lines == ("图片 params/2023/yonghe/公开栏.png：换成新的文件",)
    apply(plan)
    assert (params / "2023/yonghe/公开栏.png").read_bytes() == picture("black")


GOOD = ("公开栏.png", "图注", "一、总体情况", None)
WRONG = [
    (("没有.png", *GOOD[1:]), "B5", "图片“没有.png”不存在"),
    ((None, *GOOD[1:]), "B5", "没有填"),
    (("../x.png", *GOOD[1:]), "B5", "应为文件名"),
    (("C:\\x.png", *GOOD[1:]), "B5", "应为文件名"),
    (("图(1).png", *GOOD[1:]), "B5", "应为文件名"),
    ((GOOD[0], None, *GOOD[2:]), "C5", "没有填"),
    ((GOOD[0], "甲]乙", *GOOD[2:]), "C5", "含有方括号"),
    ((*GOOD[:2], None, None), "D5", "没有填"),
    ((*GOOD[:2], "第一部分", None), "D5", "之一，实为“第一部分”"),
    ((*GOOD[:3], 99), "E5", "应不超过"),
    ((*GOOD[:3], "三"), "E5", "应为不小于 0 的整数"),
    ((*GOOD[:3], "=1"), "E5", "应直接填写"),
    (("坏.png", *GOOD[1:]), "B5", "不是完好的 PNG 或 JPEG 图片"),
]


@pytest.mark.parametrize(("row", "cell", "says"), WRONG, ids=[f"{cell}-{says}" for _, cell, says in WRONG])
def test_a_picture_amiss_is_named_by_its_cell_and_nothing_is_written(
    run: Run, params: Path, pristine: Path, tmp_path: Path, row: tuple[Any, ...], cell: str, says: str
) -> None:
    folder = tmp_path / "in"
    form = with_rows(pristine, folder, row)
    (folder / "公开栏.png").write_bytes(picture())
    (folder / "坏.png").write_bytes(picture()[:40])
    before = {path: path.read_bytes() for path in params.rglob("*") if path.is_file()}
    done = run("ingest", form, "--params", params)
    (line,) = done.err.splitlines()
    assert done.code == 2 and line.startswith(f"{NAME} 工作表“图片” {cell} 格：") and says in line
    assert before == {path: path.read_bytes() for path in params.rglob("*") if path.is_file()}


def test_a_picture_pasted_into_a_sheet_is_said_not_to_be_taken(params: Path, pristine: Path, tmp_path: Path) -> None:
    form = with_rows(
        pristine,
        tmp_path / "in",
        then=lambda book: book["图片"].add_image(SheetImage(io.BytesIO(picture())), "G5"),
    )
    (note,) = plan_ingest(form, params).notes
    assert "表里贴有图片，没有收取" in note


@pytest.mark.parametrize("seed", range(60))
def test_any_narrative_with_pictures_comes_back_as_it_was(seed: int) -> None:
    chance = random.Random(seed)
    edition = chance.choice([FORM_2019, FORM_2021])
    kinds = [
        "一段。",
        "（一）主动公开",
        "",
        "![图注](a.png)",
        "![另一张](图 2.jpg)",
        "![](b.png)",
        " ![x](c.png)",
        "见![图](d.png)",
    ]
    narrative = {
        part.key: "\n".join([*chance.choices(kinds, k=chance.randint(0, 9)), "完。"][: chance.randint(0, 10)]) + "\n"
        for part in edition.parts
    }
    data = {"narrative": {key: text for key, text in narrative.items() if text.strip()}}
    contents = from_params(data, edition)
    assert to_params(contents.values, frozenset(), data, edition)["narrative"] == {
        "preamble": None,
        **dict.fromkeys(narrative, None),
        **data["narrative"],
    }
    rewritten = to_params(contents.values, frozenset(), {}, edition)["narrative"]
    for key, text in data["narrative"].items():
        assert str(rewritten[key]).rstrip("\n") == text.rstrip("\n"), key


def test_a_form_handed_out_before_there_was_a_sheet_of_pictures_is_still_read() -> None:
    rows = "preamble=10;overview=24;disclosure=3;applications=3;disputes=3;problems=8;other=6"
    sizes = Sizes.parse(f"classes=20;channels=8;{rows}")
    identity = Identity("yonghe", UNIT, "晋江市永和镇人民政府", 2023)
    old = form_plan(identity, sizes)
    assert old.structure == "67ee986823c2bd979ba70d6421a7c283983e125dcbab96febc6500b464af0901"
    assert "图片" not in [sheet.name for sheet in old.sheets] and Sizes.parse(sizes.text()) == sizes
