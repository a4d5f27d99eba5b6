"""What the city hands in, in a city of two bodies: all of it or nothing, and what is missing is named."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from nianbao.batch import run_batch
from nianbao.demo import write_demo
from nianbao.pack import pack
from nianbao.verify import verify
from tests.command import nianbao
from tests.conftest import PARAMS

YEAR = 2025
BODIES = ("anhai", "bureaua")

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two bodies and the city, built."""
    folder = tmp_path_factory.mktemp("small")
    params = folder / "params"
    write_demo(YEAR, params, PARAMS, bodies=True)
    said = yaml.safe_load((params / "units.yaml").read_text(encoding="utf-8"))
    said["units"] = [unit for unit in said["units"] if unit["id"] in BODIES]
    (params / "units.yaml").write_text(yaml.safe_dump(said, allow_unicode=True, sort_keys=False), encoding="utf-8")
    for path in params.glob("20*/*.yaml"):
        if path.stem not in (*BODIES, "city"):
            path.unlink()
    city = params / str(YEAR) / "city.yaml"
    text = city.read_text(encoding="utf-8")
    towns = text[text.index("各镇公开") : text.index("全市总数比上年")]
    city.write_text(text.replace(towns, ""), encoding="utf-8")
    done = run_batch(YEAR, (), params, folder / "out")
    assert done.ok, {key: (one.state, one.message) for key, one in done.papers.items()}
    return folder


@pytest.fixture
def place(finished: Path, tmp_path: Path) -> Path:
    shutil.copytree(finished, tmp_path / "copy")
    return tmp_path / "copy"


def files_of(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def packed(place: Path) -> dict[str, str]:
    """Pack the city; who was refused, and why."""
    done = pack(YEAR, ("全市",), place / "params", place / "out", place / "to")
    return {refusal.unit.id: refusal.reason for refusal in done.refusals}


def damage(name: str) -> Callable[[Path], None]:
    def put(place: Path) -> None:
        path = place / "out" / str(YEAR) / name
        path.write_bytes(path.read_bytes() + b" ")

    return put


def lose(name: str) -> Callable[[Path], None]:
    return lambda place: (place / "out" / str(YEAR) / name).unlink()


def ask_for_signatures(place: Path) -> None:
    path = place / "params" / "units.yaml"
    path.write_text(path.read_text(encoding="utf-8") + "sign_off: required\n", encoding="utf-8")
    run_batch(YEAR, (), place / "params", place / "out")


def forget_a_day(place: Path) -> None:
    path = place / "params" / str(YEAR) / "bureaua.yaml"
    text = path.read_text(encoding="utf-8")
    at = text.index("published:")
    path.write_text(text[:at] + text[at:].replace("  date: 2026", "  # date: 2026", 1), encoding="utf-8")
    run_batch(YEAR, (), place / "params", place / "out")


@pytest.mark.parametrize(
    ("harm", "refused"),
    [
        (damage("anhai/report.csv"), {"anhai": "与重新生成的不一致", "jinjiang": "有 1 个单位没有装入"}),
        (lose("bureaua/manifest.json"), {"bureaua": "还没有生成", "jinjiang": "有 1 个单位没有装入"}),
        (damage("city/report.pdf"), {"jinjiang": "与重新生成的不一致"}),
        (damage("city/note.html"), {"jinjiang": "公布情况说明与重新生成的不一致：note.html"}),
        (lose("city/note.json"), {"jinjiang": "公布情况说明还没有生成"}),
        (damage("summary.xlsx"), {"jinjiang": "全市汇总与重新生成的不一致：summary.xlsx"}),
        (forget_a_day, {"jinjiang": "公布情况说明是草稿"}),
        (ask_for_signatures, {"anhai": "还没有签字", "bureaua": "还没有签字", "jinjiang": "有 2 个单位没有装入"}),
    ],
    ids=[
        "a body damaged",
        "a body lost",
        "the report",
        "the note",
        "the note lost",
        "the summary",
        "a day",
        "unsigned",
    ],
)
def test_all_or_nothing(place: Path, harm: Callable[[Path], None], refused: dict[str, str]) -> None:
    harm(place)
    found = packed(place)
    assert found.keys() == refused.keys()
    assert all(found[unit].startswith(reason) for unit, reason in refused.items()), found
    assert not (place / "to" / "晋江市").exists()


def test_the_whole_is_packed_by_the_command_and_again_with_the_same_bytes(place: Path) -> None:
    words = ("pack", YEAR, "全市", "--params", place / "params", "--out", place / "out", "--to")
    done = nianbao(*words, place / "to")
    assert done.code == 0 and "晋江市：已装入" in done.out and "装入 2 个单位，未装入 0 个" in done.out
    assert nianbao(*words, place / "again").code == 0
    assert files_of(place / "to") == files_of(place / "again")
    assert {path.name for path in (place / "to").iterdir() if path.is_dir()} == {"安海镇", "示例一局", "晋江市"}


def test_a_changed_note_is_found_by_verify(place: Path) -> None:
    damage("city/note.html")(place)
    assert any("note.html" in one.where for one in verify(place / "out" / str(YEAR), place / "params").differences)
