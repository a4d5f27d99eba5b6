"""Which face serves which role, and what is said when none does.

``NIANBAO_PICTURES=docs/pictures`` writes the second page in stand-in and in real faces, as docs/usage.zh.md shows it.
"""

from __future__ import annotations

import hashlib
import os
import pickle
import shutil
import sys
from itertools import pairwise
from pathlib import Path

import nbformat
import pypdfium2
import pytest
import typst
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont
from tests.document.pdf import typeset_samples as samples
from tests.document.pdf.gbt9704 import rows
from tests.document.pdf.pdfpage import MM, read_pages, text_of

from nianbao.document import read_notebook
from nianbao.document.pdf import fonts as module
from nianbao.document.pdf.compiler import typeset
from nianbao.document.pdf.fonts import (
    ROLES,
    folder_of,
    missing_characters,
    requested_folder,
    require_glyphs,
    select_fonts,
    system_allowed,
)
from nianbao.errors import FontError
from nianbao.params import load_units
from nianbao.publish.build import Publication

PARAMS = Path(__file__).parents[3] / "params"


def make_font(path: Path, family: str, characters: str) -> Path:
    """A small font with square glyphs for ``characters``."""
    names = [".notdef", *(f"u{ord(c):05X}" for c in characters)]
    pen = TTGlyphPen(None)
    pen.moveTo((100, 0))
    pen.lineTo((100, 800))
    pen.lineTo((900, 800))
    pen.closePath()
    square = pen.glyph()
    builder = FontBuilder(1000, isTTF=True)
    builder.setupGlyphOrder(names)
    builder.setupCharacterMap({ord(c): name for c, name in zip(characters, names[1:], strict=True)})
    builder.setupGlyf(dict.fromkeys(names, square))
    builder.setupHorizontalMetrics(dict.fromkeys(names, (1000, 100)))
    builder.setupHorizontalHeader(ascent=880, descent=-120)
    builder.setupNameTable({"familyName": family, "styleName": "Regular", "psName": family.replace(" ", "")})
    builder.setupOS2(sTypoAscender=880, sTypoDescender=-120)
    builder.setupPost()
    path.parent.mkdir(parents=True, exist_ok=True)
    builder.save(path)
    return path


def test_without_any_font_installed_every_role_has_a_stand_in() -> None:
    chosen = select_fonts(None, system=False)
    assert [face.role for face in chosen.faces] == [role.name for role in ROLES]
    assert {face.role: face.file for face in chosen.faces} == {
        "title": "NotoSerifCJKsc-Regular.otf",
        "body": "NotoSerifCJKsc-Regular.otf",
        "kaiti": "NotoSerifCJKsc-Regular.otf",
        "heiti": "NotoSansCJKsc-Regular.otf",
        "songti": "NotoSerifCJKsc-Regular.otf",
        "mono": "NotoSansMonoCJKsc-Regular.otf",
    }
    assert not any(face.official for face in chosen.faces)
    assert [face.role for face in chosen.faces if face.emboldened] == ["title", "kaiti"]


def test_the_checksum_is_that_of_the_file() -> None:
    face = select_fonts(None, system=False).face("heiti")
    assert face.sha256 == hashlib.sha256(face.path.read_bytes()).hexdigest()


def test_typst_sees_the_chosen_files_only() -> None:
    folder = folder_of(select_fonts(None, system=False))
    seen = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(folder)])
    assert seen.families() == ["Noto Sans CJK SC", "Noto Sans Mono CJK SC", "Noto Serif CJK SC"]


def test_the_simhei_of_mplfonts_is_never_chosen() -> None:
    chosen = select_fonts(None, system=False)
    assert (chosen.face("heiti").path.parent / "SimHei.ttf").is_file()
    assert "SimHei.ttf" not in {path.name for path in chosen.paths}


def test_mplfonts_and_matplotlib_are_not_imported() -> None:
    import subprocess

    code = (
        "import sys\n"
        "from nianbao.document.pdf.fonts import select_fonts\n"
        "select_fonts(None, False)\n"
        "print(sorted({'mplfonts', 'matplotlib', 'fontTools', 'nbconvert'} & set(sys.modules)))"
    )
    lib = str(Path(module.__file__).parents[2])
    result = subprocess.run(
        [sys.executable, "-c", f"import sys; sys.path.insert(0, {lib!r})\n{code}"],
        capture_output=True, text=True, encoding="utf-8", check=True,
    )  # fmt: skip
    assert result.stdout.strip() == "[]"


@pytest.mark.parametrize(
    ("role", "family"),
    [
        ("title", "方正小标宋简体"),
        ("body", "FangSong_GB2312"),
        ("kaiti", "KaiTi"),
        ("heiti", "SimHei"),
        ("songti", "SimSun"),
    ],
)
def test_an_official_face_in_the_folder_is_preferred(tmp_path: Path, role: str, family: str) -> None:
    make_font(tmp_path / "深" / "official.ttf", family, "甲")
    chosen = select_fonts(tmp_path, system=False)
    face = chosen.face(role)
    assert (face.family, face.file, face.official, face.emboldened) == (family, "official.ttf", True, False)
    assert chosen.families(role)[0] == family
    assert "Noto Serif CJK SC" in chosen.families(role)


def test_a_free_face_of_the_same_style_comes_before_the_last_resort(tmp_path: Path) -> None:
    make_font(tmp_path / "kai.ttf", "LXGW WenKai", "甲")
    face = select_fonts(tmp_path, system=False).face("kaiti")
    assert (face.family, face.official, face.emboldened) == ("LXGW WenKai", False, False)


def test_characters_beyond_the_basic_plane_come_from_a_face_for_them(tmp_path: Path) -> None:
    make_font(tmp_path / "extb.ttf", "SimSun-ExtB", "\U00020000")
    chosen = select_fonts(tmp_path, system=False)
    assert missing_characters("\U00020000", chosen) == ()
    assert missing_characters("\U00020000", select_fonts(None, system=False)) == ("\U00020000",)


@pytest.mark.parametrize("role", [role.name for role in ROLES])
def test_names_of_units_and_villages_have_a_glyph_in_every_role(role: str) -> None:
    register = load_units(PARAMS)
    names = "".join(unit.name + unit.official_name for unit in (register.city, *register.units))
    assert "陈埭" in names and "深沪" in names
    villages = "垵墘坂厝埕圳岵塭湳塍磜漈崎坑洑坫埯磁灶垟坵峬澍浯㙟䶮𠮷"
    chosen = select_fonts(None, system=False)
    face = chosen.face(role)
    with TTFont(face.path, fontNumber=face.index, lazy=True) as font:
        covered = font.getBestCmap()
    assert [character for character in dict.fromkeys(names + villages) if ord(character) not in covered] == []
    assert missing_characters(names + villages, chosen) == ()


def test_missing_characters_are_listed_once_in_order() -> None:
    chosen = select_fonts(None, system=False)
    assert missing_characters("永和镇\n，。Aa1\u200b", chosen) == ()
    assert missing_characters("😀永\ue000😀", chosen) == ("\ue000", "😀")


def test_where_a_missing_character_occurs_is_said() -> None:
    with pytest.raises(FontError) as caught:
        require_glyphs(["没有问题", "永和镇玉湖😀村委会"], select_fonts(None, system=False))
    assert str(caught.value).startswith("字体：没有字体能印出 1 个字符：U+1F600“永和镇玉湖😀村委会”。")


def test_a_folder_that_is_none_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FontError, match="不是文件夹"):
        select_fonts(tmp_path / "missing", system=False)


def test_without_any_usable_face_the_role_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(module, "_bundled_fonts", list)
    with pytest.raises(FontError, match="标题（小标宋）：没有可用的字体"):
        select_fonts(tmp_path, system=False)


def test_the_environment_names_a_folder_and_keeps_the_system_out(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    assert (requested_folder(), system_allowed()) == (None, False)
    monkeypatch.setenv("NIANBAO_FONTS", str(tmp_path))
    monkeypatch.setenv("NIANBAO_SYSTEM_FONTS", "1")
    assert (requested_folder(), system_allowed()) == (tmp_path, True)


def test_the_system_may_be_searched_too() -> None:
    chosen = select_fonts(None, system=True)
    assert [face.role for face in chosen.faces] == [role.name for role in ROLES]
    assert all(face.path.is_file() for face in chosen.faces)


def test_a_choice_survives_pickling() -> None:
    chosen = select_fonts(None, system=False)
    assert pickle.loads(pickle.dumps(chosen)) == chosen


@pytest.mark.parametrize(
    ("family", "role"),
    [
        ("FandolFang R", "body"),
        ("FandolKai R", "kaiti"),
        ("CESI仿宋-GB18030", "body"),
        ("CESI小标宋-GB2312", "title"),
        ("方正仿宋_GBK", "body"),
        ("方正楷体_GBK", "kaiti"),
        ("朱雀仿宋（预览测试版）", "body"),
        ("方正小标宋_GBK", "title"),
    ],
)
def test_families_are_known_as_their_files_call_themselves(tmp_path: Path, family: str, role: str) -> None:
    make_font(tmp_path / "font.ttf", family, "年报")
    face = select_fonts(tmp_path, system=False).face(role)
    assert (face.family, face.file) == (family, "font.ttf")


def test_fandol_is_found_where_tex_live_keeps_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for root, year in ((tmp_path / "plain", ""), (tmp_path / "yearly", "2024/texmf-dist")):
        make_font(root / year / "fonts/opentype/public/fandol/FandolFang-Regular.otf", "FandolFang R", "年报")
        monkeypatch.setattr(module, "TEX_FOLDERS", (str(root), str(tmp_path / "nowhere")))
        (folder,) = module.tex_folders()
        assert folder == root / year / "fonts" / "opentype" / "public" / "fandol"


def test_every_role_says_what_to_install_and_what_a_stand_in_costs() -> None:
    for role in ROLES:
        if role.official:
            assert all(word in role.advice for word in ("Windows", "Debian", "离线"))
            assert role.cost


LXGW = Path("/usr/share/fonts/truetype/lxgw-wenkai/LXGWWenKai-Regular.ttf")
REAL = {
    "LXGW WenKai": ("FandolFang-Regular.otf", LXGW.name),
    "FandolKai": ("FandolFang-Regular.otf", "FandolKai-Regular.otf"),
}
"""Faces of Debian for body and second headings, by what the latter are set in."""


def real_faces(folder: Path, files: tuple[str, ...]) -> Path:
    """A folder with these faces of fonts-lxgw-wenkai and texlive-lang-chinese; skips where one is not there."""
    known = [LXGW, *(path for fandol in module.tex_folders() for path in fandol.glob("*.otf"))]
    for file in files:
        if (found := next((path for path in known if path.name == file and path.is_file()), None)) is None:
            pytest.skip(f"{file} is not installed")
        shutil.copy(found, folder)
    return folder


def write_page_two(path: Path, pdf: bytes) -> None:
    """A small picture of the second page, as docs/ shows it."""
    page = pypdfium2.PdfDocument(pdf)[1].render(scale=1.1).to_pil().convert("L")
    page.quantize(16).save(path, optimize=True)


@pytest.mark.system
@pytest.mark.parametrize("kaiti", REAL)
def test_in_real_faces_everything_measures_what_the_standard_says(tmp_path: Path, kaiti: str) -> None:
    chosen = select_fonts(real_faces(tmp_path, REAL[kaiti]), system=False)
    assert [chosen.face(role).family.removesuffix(" R") for role in ("body", "kaiti")] == ["FandolFang", kaiti]
    measured = list(rows(chosen))
    assert len(measured) > 30
    assert [row.cells() for row in measured if not row.holds] == []


@pytest.mark.system
@pytest.mark.parametrize("kaiti", REAL)
def test_the_real_report_in_real_faces_stands_on_the_grid(tmp_path: Path, kaiti: str, built: Publication) -> None:
    chosen = select_fonts(real_faces(tmp_path, REAL[kaiti]), system=False)
    document = read_notebook(nbformat.read(built.folder / "report.ipynb", 4))
    real, plain = typeset(document, chosen), typeset(document, select_fonts(None, system=False))
    if folder := os.environ.get("NIANBAO_PICTURES"):
        write_page_two(Path(folder) / ("page-2-real.png" if kaiti == "LXGW WenKai" else "page-2-fandol.png"), real)
        write_page_two(Path(folder) / "page-2-stand-in.png", plain)
    pages, stand_in = read_pages(real), read_pages(plain)
    assert len(pages) == len(stand_in)
    assert "".join(text_of(pages).split()) == "".join(text_of(stand_in).split())
    used = {glyph.font.partition("-Identity")[0] for page in pages for line in page.body() for glyph in line.glyphs}
    assert {Path(file).stem for file in REAL[kaiti]} <= used
    grid = 225 * MM / 22
    for page in pages:
        body = [line for line in page.body() if line.first.font.startswith("FandolFang") and line.first.size == 16]
        steps = [after.first.base - before.first.base for before, after in pairwise(body)]
        assert all(abs(step / grid - round(step / grid)) < 0.02 for step in steps if step < 1.5 * grid)
        for line in body:  # the empty half of a mark that opens stands outside
            assert line.first.x > 28 * MM - (8.5 if line.first.text in "《“（" else 1)
            assert line.last.right < 184 * MM + 8.5


@pytest.mark.system
def test_a_quotation_in_a_free_kaiti_has_28_characters_on_22_lines(tmp_path: Path) -> None:
    chosen = select_fonts(real_faces(tmp_path, (LXGW.name,)), system=False)
    quoted = f"<blockquote><p>{'天地玄黄宇宙洪荒日月盈昃辰宿列张' * 80}</p></blockquote>"
    document = read_notebook(samples.notebook(samples.shown(quoted)))
    first, second, *_ = read_pages(typeset(document, chosen))
    assert [len(line.glyphs) for line in second.body()] == [28] * 22
    assert {glyph.font.partition("-Identity")[0] for line in first.body() for glyph in line.glyphs} == {LXGW.stem}
