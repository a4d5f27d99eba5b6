"""The params folder: which one is used, what units may be called, and how large what lies in it may be."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from nianbao.batch.jobs import Snapshot
from nianbao.errors import NianbaoError, ParamsError
from nianbao.params import PARAMS_VARIABLE, load_units
from nianbao.params.narratives import narrative_of
from nianbao.params.units import DEVICES, TAKEN
from nianbao.params.yamlio import read_yaml
from tests.command import Run
from tests.conftest import PARAMS

HUGE = 3 * 1024**3


@pytest.fixture
def params(tmp_path: Path) -> Path:
    return Path(shutil.copytree(PARAMS, tmp_path / "params"))


def with_units(params: Path, old: str, new: str) -> Path:
    path = params / "units.yaml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return params


@pytest.mark.parametrize("taken", sorted(TAKEN | DEVICES))
@pytest.mark.parametrize("old", ["id: jinjiang", "id: qingyang", "id: xibin"])
def test_no_unit_is_called_what_the_output_folder_or_windows_calls_something_else(
    params: Path, taken: str, old: str
) -> None:
    with pytest.raises(
        ParamsError, match=rf"units\.yaml:\d+：id 不能为 {taken}，这是.*。换一个代号，如名称的全拼。"
    ) as caught:
        load_units(with_units(params, old, f"id: {taken}"))
    line = int(str(caught.value).partition("：")[0].rpartition(":")[2])
    text = (params / "units.yaml").read_text(encoding="utf-8").splitlines()
    assert f"id: {taken}" in text[line - 1]


def test_what_a_batch_lays_beside_the_reports_is_taken(tmp_path: Path, params: Path, run: Run) -> None:
    """Every name under ``output/<year>/`` that is not a unit's is one that no unit may have."""
    run("batch", "2023", "yonghe", "--params", params, "--out", tmp_path / "out")
    ids = {unit.id for unit in load_units(params).units}
    beside = {path.name.partition(".")[0] for path in (tmp_path / "out" / "2023").iterdir() if path.name[0] != "."}
    assert beside - ids and beside - ids <= TAKEN


@pytest.mark.parametrize("name", ["id: qingyang", "name: 青阳街道"])
def test_the_city_and_a_unit_do_not_share_a_name(params: Path, name: str) -> None:
    key = name.partition(": ")[0]
    of_city = {"id": "jinjiang", "name": "晋江市"}[key]
    with pytest.raises(ParamsError, match=f"{of_city} 重复"):
        load_units(with_units(params, name, f"{key}: {of_city}"))


def test_a_folder_that_the_environment_names_is_said_in_one_line(
    params: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    named = run("list", "--params", params)
    assert (named.code, named.err) == (0, "")
    monkeypatch.setenv(PARAMS_VARIABLE, str(params))
    for words in (["list"], ["check", "2023", "yonghe"], ["check", "2023"], ["check", "2023", "--json"]):
        done = run(*words)
        assert done.err == f"参数文件夹：{params.as_posix()}，由环境变量 {PARAMS_VARIABLE} 指定。\n", words
        assert PARAMS_VARIABLE not in done.out
    assert run("list", "--params", params).err == ""


@pytest.mark.parametrize(
    "name",
    ["units.yaml", "holidays.yaml", "2023/yonghe.yaml", "2023/yonghe/applications.csv", "2023/yonghe/registers.xlsx"],
)
@pytest.mark.parametrize("command", ["check", "build"])
def test_a_huge_file_is_refused_by_its_size_unread(
    params: Path, run: Run, name: str, command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = params / name
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        file.truncate(HUGE)
    whole = Path.read_bytes
    monkeypatch.setattr(Path, "read_bytes", lambda self: pytest.fail("read whole") if self == path else whole(self))
    words = (
        ["build", "yonghe", "2023", "--out", str(tmp_path / "out")]
        if command == "build"
        else ["check", "2023", "yonghe"]
    )
    done = run(*words, "--params", params)
    assert done.code == 2 and f"有 {HUGE} 字节" in done.err, done.err
    assert path.name in done.err


def test_a_huge_file_that_nothing_asks_for_is_refused_where_everything_is_sealed(
    params: Path, tmp_path: Path, run: Run
) -> None:
    stray = params / "2023" / "yonghe" / "备份.zip"
    stray.parent.mkdir(exist_ok=True)
    with stray.open("wb") as file:
        file.truncate(HUGE)
    says = f"备份.zip：文件有 {HUGE} 字节，参数文件夹里的文件应不超过 67108864 字节。移到别的文件夹。"
    done = run("build", "yonghe", "2023", "--params", params, "--out", tmp_path / "out")
    assert done.code == 2 and says in done.err
    with pytest.raises(NianbaoError, match="移到别的文件夹"):
        Snapshot.of(params, 2023)


def test_readers_of_params_take_no_more_than_their_limit(tmp_path: Path) -> None:
    path = tmp_path / "anhai.yaml"
    with path.open("wb") as file:
        file.truncate(HUGE)
    for read in (read_yaml, narrative_of):
        with pytest.raises(ParamsError, match=f"文件有 {HUGE} 字节，应不超过 4194304 字节"):
            read(path)
