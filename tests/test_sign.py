"""Sign-off: bound to what the report is made of, lapsed by any change, shown, and asked for where the city says so."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from nianbao.batch import run_batch
from nianbao.demo import write_demo
from nianbao.pack import pack
from nianbao.params import load_units
from nianbao.report.signing import ROLES, sign_off
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
    assert pack(YEAR, ("yonghe",), params, out, place / "packed").refusals == ()

    change(params / str(YEAR) / "yonghe.yaml", "今后|下一步|将|一年来|年", r"\g<0> ")
    now = sign_off(params, unit, YEAR)
    assert now.valid == () and {one.role for one in now.lapsed} == set(ROLES)
    run_batch(YEAR, ("yonghe",), params, out, workers=0)
    assert "报告已改，签字失效：经办 某某某" in (out / str(YEAR) / "index.html").read_text(encoding="utf-8")
    assert "还没有签字" in pack(YEAR, ("yonghe",), params, out, place / "packed").refusals[0].reason


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
