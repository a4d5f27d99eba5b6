"""A made-up city of 37 bodies from params to the verified year; every cell of the city recounted by a plain loop."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from decimal import Decimal
from pathlib import Path
from urllib.parse import unquote

import pytest
from lxml import html

from nianbao.batch import BatchResult, Standing, run_batch
from nianbao.demo import write_demo
from nianbao.pack import pack
from nianbao.params import load_units
from nianbao.publish.manifest import digest
from nianbao.report.signing import ROLES
from nianbao.verify import verify
from tests.command import nianbao
from tests.conftest import PARAMS

YEAR = 2025
RETURNED = ("bureaua", "anhai")

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("whole")
    write_demo(YEAR, folder / "params", PARAMS, bodies=True)
    return folder


def run(place: Path) -> BatchResult:
    return run_batch(YEAR, (), place / "params", place / "out")


def spoil(place: Path) -> dict[Path, str]:
    """Two bodies hand in a table that does not add up; their texts as they were."""
    before = {}
    for unit in RETURNED:
        path = place / "params" / str(YEAR) / f"{unit}.yaml"
        before[path] = text = path.read_text(encoding="utf-8")
        path.write_text(re.sub(r"(received: +\[)(\d+)", r"\g<1>9\2", text), encoding="utf-8")
    return before


def whole_year_packed(place: Path) -> None:
    """The city's report, note and summary, and every body's folder; what leads from one to the other leads there."""
    year, target = place / "out" / str(YEAR), place / "packed"
    units = load_units(place / "params")
    packed = pack(YEAR, ("全市",), place / "params", place / "out", target)
    assert [refusal.reason for refusal in packed.refusals] == []
    assert [unit for unit, _ in packed.folders] == [*units.units, units.city]
    folder = target / "晋江市"
    title = f"晋江市{YEAR}年政府信息公开工作年度报告"
    own = {
        f"{title}.pdf": "city/report.pdf",
        f"{title}（校验值）.json": "city/manifest.json",
        f"{title}公布情况说明.docx": "city/note.docx",
        f"{title.replace('晋江市', '晋江市各单位')}汇总（数据表）.xlsx": "summary.xlsx",
    }
    for name, built in own.items():
        assert (folder / name).read_bytes() == (year / built).read_bytes(), name
    listed = list(csv.reader(io.StringIO((folder / "文件清单.csv").read_text(encoding="utf-8-sig"))))
    found = {path.name: (str(path.stat().st_size), digest(path.read_bytes())) for path in folder.iterdir()}
    assert {row[0]: (row[1], row[2]) for row in listed[1:]} == {
        name: said for name, said in found.items() if name != "文件清单.csv"
    }
    (summary,) = folder.glob("*汇总.html")
    links = [link.get("href") for link in html.fromstring(summary.read_bytes()).iterfind(".//td/a")]
    assert len(links) == 37 and all((folder / unquote(link)).is_file() for link in links)
    with zipfile.ZipFile(target / f"{title}.zip") as archive:
        names = {info.filename: archive.read(info) for info in archive.infolist()}
    on_disk = {
        path.relative_to(target).as_posix(): path.read_bytes()
        for path in target.rglob("*")
        if path.is_file() and path.parent != target
    }
    assert names == on_disk


def test_from_params_to_the_verified_year(place: Path) -> None:
    year = place / "out" / str(YEAR)
    units = load_units(place / "params").units
    before = spoil(place)
    first = run(place)
    assert not first.ok and {status.unit.id for status in first.of(Standing.DRAFT)} == set(RETURNED)
    assert {key: one.state for key, one in first.papers.items()} == {
        "summary": Standing.DRAFT,
        "city": Standing.DRAFT,
        "note": Standing.READY,
    }
    page = (year / "city" / "report.html").read_text(encoding="utf-8")
    assert re.search("草稿：有[0-9]+个问题未解决（[^）]*C-02）", page)

    slips = {path.parent.name for path in year.glob("*/return.html")}
    assert slips == {path.parent.name for path in year.glob("*/return.docx")} == set(RETURNED)

    for path, text in before.items():
        path.write_text(text, encoding="utf-8")
    second = run(place)
    assert second.ok and set(second.built) == {unit.id for unit in units if unit.id in second.built}
    assert set(RETURNED) <= set(second.built)
    assert all(one.state is Standing.READY for one in second.papers.values())
    assert len(second.of(Standing.READY)) == len(units) == 37

    tables = [json.loads((year / unit.id / "tables.json").read_bytes())["cells"] for unit in units]
    city = json.loads((year / "city" / "tables.json").read_bytes())["cells"]
    summary = json.loads((year / "summary.json").read_bytes())["cells"]
    for key in tables[0]:
        total = Decimal(0)
        for one in tables:
            total += Decimal(one[key]["value"])
        assert Decimal(city[key]["value"]) == Decimal(summary[key]["value"]) == total, key
    note = html.document_fromstring((year / "city" / "note.html").read_bytes()).text_content()
    assert "应当公布年度报告的单位共37个" in note and f"https://example.com/{YEAR}/bureaua" in note

    assert not list(year.glob("*/return.*"))

    for name in (RETURNED[0], "全市"):
        for role in ROLES:
            words = ("sign", name, str(YEAR), "--as", role, "--name", "某某某", "--params", place / "params")
            assert nianbao(*words).code == 0
    third = run(place)
    assert set(third.built) == {RETURNED[0]} and third.ok
    sealed = json.loads((year / "city" / "manifest.json").read_bytes())["sign_off"]
    assert sealed["complete"] and [one["role"] for one in sealed["valid"]] == list(ROLES)
    overview = (year / "index.html").read_text(encoding="utf-8")
    assert overview.count("签字：经办 某某某（") == 2
    assert run(place).built == {}
    whole_year_packed(place)
    assert [str(one) for one in verify(year, place / "params").differences] == []
    assert [str(one) for one in verify(year / "city", place / "params").differences] == []
