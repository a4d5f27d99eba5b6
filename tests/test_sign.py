"""Sign-off: bound to what the report is made of, lapsed by any change, shown, and asked for where the city says so."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest

from nianbao.batch import run_batch
from nianbao.city import load_report as load_city_report
from nianbao.demo import write_demo
from nianbao.pack import pack
from nianbao.params import load_units
from nianbao.report.signing import ROLES, sign_off, signed_off
from tests.command import nianbao
from tests.conftest import PARAMS

YEAR = 2025


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """Two towns of the made-up city."""
    write_demo(YEAR, tmp_path / "params", PARAMS)
    units = (tmp_path / "params" / "units.yaml").read_text(encoding="utf-8")
    (tmp_path / "params" / "units.yaml").write_text(f"{units}\nsign_off: required\n", encoding="utf-8")
    for path in (tmp_path / "params" / str(YEAR)).glob("*.yaml"):
        if path.stem not in ("anhai", "yonghe"):
            path.unlink()
    return tmp_path


def sign(place: Path, role: str, unit: str = "永和镇") -> int:
    done = nianbao("sign", unit, str(YEAR), "--as", role, "--name", "某某某", "--params", place / "params")
    assert done.code != 2 or role == "批准", done.err
    return done.code


def change(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert re.search(old, text)
    path.write_text(re.sub(old, new, text, count=1), encoding="utf-8")


def test_signed_built_packed_and_lapsed_by_any_change(place: Path) -> None:
    params, out = place / "params", place / "out"
    unit = load_units(params).find("yonghe")
    run_batch(YEAR, ("yonghe",), params, out, workers=0)
    refused = pack(YEAR, ("yonghe",), params, out, place / "packed")
    assert not refused.folders and "还没有签字：经办、审核、签发" in refused.refusals[0].reason
    for role in ROLES:
        assert sign(place, role) == 0
    assert sign_off(params, unit, YEAR).complete
    done = run_batch(YEAR, ("yonghe",), params, out, workers=0)
    assert "sign/yonghe.yaml" in done.built["yonghe"]
    sealed = json.loads((out / str(YEAR) / "yonghe" / "manifest.json").read_bytes())["sign_off"]
    assert sealed["complete"] and [one["role"] for one in sealed["valid"]] == list(ROLES)
    page = (out / str(YEAR) / "index.html").read_text(encoding="utf-8")
    assert "签发 某某某（" in page
    packed = pack(YEAR, ("yonghe",), params, out, place / "packed")
    assert packed.refusals == () and packed.signed["yonghe"].startswith("经办 某某某（")

    change(params / str(YEAR) / "yonghe.yaml", "今后|下一步|将|一年来|年", r"\g<0> ")
    now = sign_off(params, unit, YEAR)
    assert now.valid == () and {one.role for one in now.lapsed} == set(ROLES)
    run_batch(YEAR, ("yonghe",), params, out, workers=0)
    assert "报告已改，签字失效：经办 某某某" in (out / str(YEAR) / "index.html").read_text(encoding="utf-8")
    reason = pack(YEAR, ("yonghe",), params, out, place / "packed").refusals[0].reason
    assert "报告已改，签字失效：经办、审核、签发。" in reason and "还没有签字" not in reason
    assert sign(place, "经办") == 0
    run_batch(YEAR, ("yonghe",), params, out, workers=0)
    reason = pack(YEAR, ("yonghe",), params, out, place / "packed").refusals[0].reason
    assert "签字失效：审核、签发。" in reason


def test_a_draft_and_an_unknown_role_are_refused(place: Path) -> None:
    assert sign(place, "批准") == 2
    change(place / "params" / str(YEAR) / "yonghe.yaml", r"(received: +\[)(\d+)", r"\g<1>9\2")
    done = nianbao("sign", "永和镇", str(YEAR), "--as", "签发", "--name", "某某某", "--params", place / "params")
    assert done.code == 2 and "是草稿，不能签字" in done.err
    assert not (place / "params" / str(YEAR) / "sign").exists()


def test_one_signature_a_role_and_none_of_another_report(place: Path) -> None:
    units = load_units(place / "params")
    assert sign(place, "经办") == 0
    assert sign(place, "经办") == 0
    assert len(sign_off(place / "params", units.find("yonghe"), YEAR).valid) == 1
    assert sign_off(place / "params", units.find("anhai"), YEAR).text == ""


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A town that keeps registers and shows a picture, signed by all."""
    params = tmp_path_factory.mktemp("kept") / "params"
    write_demo(YEAR, params, PARAMS, bodies=True)
    (params / str(YEAR) / "luoshan" / "图.png").write_bytes(b"picture")
    for name in ("luoshan", "全市"):
        for role in ROLES:
            words = ("sign", name, str(YEAR), "--as", role, "--name", "某某某", "--params", params)
            assert nianbao(*words).code == 0
    return params


CHANGES = {
    "params": f"{YEAR}/luoshan.yaml",
    "last year's params": f"{YEAR - 1}/luoshan.yaml",
    "a register": f"{YEAR}/luoshan/applications.csv",
    "last year's register": f"{YEAR - 1}/luoshan/applications.csv",
    "a picture": f"{YEAR}/luoshan/图.png",
    "the units": "units.yaml",
    "the holidays": "holidays.yaml",
}


@pytest.mark.parametrize("name", [*CHANGES, "another town's params", "nothing"])
def test_whatever_a_report_is_made_of_lapses_its_signatures_and_nothing_else_does(
    kept: Path, tmp_path: Path, name: str
) -> None:
    shutil.copytree(kept, params := tmp_path / "params")
    if name != "nothing":
        path = params / CHANGES.get(name, f"{YEAR}/anhai.yaml")
        path.write_bytes(path.read_bytes() + b"\n")
    now = sign_off(params, load_units(params).find("luoshan"), YEAR)
    assert (now.complete, bool(now.lapsed)) == ((False, True) if name in CHANGES else (True, False))
    assert ("报告已改，签字失效：经办 某某某、审核 某某某、签发 某某某" in now.text) is (name in CHANGES)


@pytest.mark.parametrize(
    "change", ["nothing", "its words", "a body's figure", "a body withdrawn", "a comment of a body"]
)
def test_the_city_is_signed_for_what_its_bodies_say(kept: Path, tmp_path: Path, change: str) -> None:
    shutil.copytree(kept, params := tmp_path / "params")
    path = params / str(YEAR) / ("city.yaml" if change == "its words" else "anhai.yaml")
    text = path.read_text(encoding="utf-8")
    match change:
        case "its words":
            path.write_text(text.replace("目录口径不一", "编目口径不一"), encoding="utf-8")
        case "a body's figure":
            changed, found = re.subn(r"licensing: (\d+)", r"licensing: 1\1", text, count=1)
            assert found
            path.write_text(changed, encoding="utf-8")
        case "a body withdrawn":
            path.unlink()
        case "a comment of a body":
            path.write_text(f"# 核对过\n{text}", encoding="utf-8")
    now = signed_off(load_city_report(YEAR, params), params)
    assert now.complete is (change in ("nothing", "a comment of a body"))
    assert bool(now.lapsed) is not now.complete
