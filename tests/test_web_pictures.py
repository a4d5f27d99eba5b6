"""``report.web/``: the pictures as files that a site's editor uploads; made, sealed, verified and swept with the report."""

from __future__ import annotations

import io
import json
import re
import shutil
from pathlib import Path

import pytest
from PIL import Image

from nianbao.batch import run_batch
from nianbao.demo import write_demo
from nianbao.publish.build import publish
from nianbao.publish.formats import PICTURES
from nianbao.publish.manifest import digest
from nianbao.verify import verify
from tests.conftest import PARAMS

YEAR, UNIT = 2025, "qingyang"


@pytest.fixture(scope="module")
def params(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A town that keeps registers, so that its report has charts; and a photograph in the text."""
    folder = tmp_path_factory.mktemp("params")
    write_demo(YEAR, folder, PARAMS)
    path = folder / str(YEAR) / f"{UNIT}.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("  problems: |\n", "  problems: |\n    ![专栏截图](专栏.jpg)\n"), encoding="utf-8")
    Image.new("RGB", (640, 400), "#336699").save(path.with_suffix("") / "专栏.jpg")
    return folder


@pytest.fixture(scope="module")
def built(params: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return publish(UNIT, YEAR, params, tmp_path_factory.mktemp("out")).folder


@pytest.fixture
def copy(built: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(built, tmp_path / str(YEAR) / UNIT))


def test_every_picture_is_a_file_whose_name_any_site_takes(built: Path) -> None:
    found = sorted(path.name for path in (built / PICTURES).iterdir())
    assert found == [f"qingyang-2025-{number}.{kind}" for number, kind in ((1, "png"), (2, "png"), (3, "jpg"))]
    assert all(re.fullmatch(r"[a-z0-9-]{1,40}\.(?:png|jpg)", name) for name in found)
    assert (built / "report.web.html").read_text(encoding="utf-8").count("<img ") == len(found)
    for name in found:
        with Image.open(io.BytesIO((built / PICTURES / name).read_bytes())) as image:
            assert image.width >= 600
    sealed = json.loads((built / "manifest.json").read_bytes())["outputs"]
    assert {name: sealed[f"{PICTURES}{name}"] for name in found} == {
        name: digest((built / PICTURES / name).read_bytes()) for name in found
    }


def test_verify_names_what_was_done_to_them(copy: Path, params: Path) -> None:
    assert verify(copy, params).same
    first, second, third = sorted((copy / PICTURES).iterdir())
    first.write_bytes(first.read_bytes() + b"x")
    second.unlink()
    third.rename(third.with_name("other.jpg"))
    said = "\n".join(map(str, verify(copy, params).differences))
    for words in (f"{PICTURES}{first.name}：", f"{PICTURES}{second.name}：缺失", f"{PICTURES}other.jpg：多出"):
        assert words in said


def test_a_picture_that_is_gone_is_made_again_and_one_too_many_goes(params: Path, tmp_path: Path) -> None:
    run_batch(YEAR, [UNIT], params, tmp_path, workers=0)
    folder = tmp_path / str(YEAR) / UNIT / PICTURES
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    (folder / "qingyang-2025-2.png").unlink()
    (folder / "qingyang-2025-9.png").write_bytes(b"of an earlier report")
    run_batch(YEAR, [UNIT], params, tmp_path, workers=0)
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


def test_the_folder_goes_with_the_last_picture(params: Path, tmp_path: Path) -> None:
    changed = Path(shutil.copytree(params, tmp_path / "params"))
    folder = publish(UNIT, YEAR, changed, tmp_path / "out").folder
    path = changed / str(YEAR) / f"{UNIT}.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("    ![专栏截图](专栏.jpg)\n", "") + "\ncharts: false\n", encoding="utf-8")
    publish(UNIT, YEAR, changed, tmp_path / "out")
    assert not (folder / PICTURES).exists()
    assert verify(folder, changed).same
