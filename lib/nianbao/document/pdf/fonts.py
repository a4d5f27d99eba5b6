"""Fonts: which face serves which role, and which characters no face covers.

The official faces come first (GB/T 9704-2012, 5.2.2; GB/T 33476.2-2016), then free faces of the same
style, then the Noto CJK faces that the package ``mplfonts`` ships, so that a complete document can be
made wherever this package can be installed. The chosen files, and no others, are shown to Typst.
"""

from __future__ import annotations

import atexit
import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import typst

from nianbao.document import bundled
from nianbao.errors import FontError

FONTS_VARIABLE = "NIANBAO_FONTS"
"""Environment variable that names a folder with fonts, searched before all others."""
SYSTEM_VARIABLE = "NIANBAO_SYSTEM_FONTS"
"""Environment variable; ``0`` leaves the system's fonts alone, so that all machines make the same bytes."""

_SERIF, _SANS, _MONO = "Noto Serif CJK SC", "Noto Sans CJK SC", "Noto Sans Mono CJK SC"


TEX_FOLDERS = ("/usr/share/texlive/texmf-dist", "/usr/share/texmf", "/usr/local/texlive", "~/texlive", "C:/texlive")
"""Where TeX Live lies; its Chinese faces (Fandol) are in no folder that the system searches."""


@dataclass(frozen=True)
class Role:
    """What a face is for: official families and aliases, then free ones, in order of preference.

    ``advice`` says what to install where the official face is not there, on Windows, on Debian and offline; ``cost``
    what a stand-in looks like in print.
    """

    name: str
    label: str
    official: tuple[str, ...]
    free: tuple[str, ...]
    advice: str = ""
    cost: str = ""


def _cesi(style: str) -> tuple[str, ...]:
    """The faces of 中国电子技术标准化研究院 in one style, by character set."""
    return tuple(f"CESI{style}-{characters}" for characters in ("GB18030", "GB13000", "GB2312"))


def _family(name: str) -> str:
    """A family as it is compared: without case, and without the R by which Fandol's files call the regular face."""
    return name.casefold().removesuffix(" r")


ROLES = (
    Role(
        "title",
        "标题（小标宋）",
        ("方正小标宋简体", "FZXiaoBiaoSong-B05S", "FZXiaoBiaoSong-B05", "方正小标宋_GBK", "FZXiaoBiaoSong-B05-GBK"),
        (*_cesi("小标宋"), "STZhongsong", "华文中宋", "Source Han Serif SC", _SERIF),
        "Windows：装方正小标宋简体（向方正字库取得）；Debian：没有，把字体文件放入 ~/.fonts；离线：用 --fonts 指明文件夹",
        "笔画比小标宋细，以加粗的宋体代",
    ),
    Role(
        "body",
        "正文（仿宋）",
        ("FangSong_GB2312", "仿宋_GB2312", "FangSong", "仿宋"),
        (
            *(*_cesi("仿宋"), "方正仿宋_GBK", "FZFangSong-Z02", "FZFangSong-Z02S", "STFangsong", "华文仿宋"),
            *("Zhuque Fangsong", "Zhuque Fangsong (technical preview)", "朱雀仿宋", "朱雀仿宋（预览测试版）"),
            *("FandolFang", _SERIF),
        ),
        "Windows：自带仿宋；Debian：apt install texlive-lang-chinese（FandolFang）；离线：把 FandolFang 或朱雀仿宋放入文件夹，用 --fonts 指明",
        "正文成为宋体，字数、行数不变",
    ),
    Role(
        "kaiti",
        "二级标题（楷体）",
        ("KaiTi_GB2312", "楷体_GB2312", "KaiTi", "楷体"),
        (
            *_cesi("楷体"),
            "方正楷体_GBK",
            "FZKai-Z03",
            "STKaiti",
            "华文楷体",
            "FZKai-Z03S",
            "LXGW WenKai",
            "霞鹜文楷",
            "FandolKai",
            "AR PL UKai CN",
            _SERIF,
        ),
        "Windows：自带楷体；Debian：apt install fonts-lxgw-wenkai；离线：把霞鹜文楷放入文件夹，用 --fonts 指明",
        "二级标题成为加粗的宋体",
    ),
    Role(
        "heiti",
        "一级标题（黑体）",
        ("SimHei", "黑体"),
        (
            *_cesi("黑体"),
            "方正黑体_GBK",
            "FZHei-B01",
            "STHeiti",
            "FZHei-B01S",
            "Source Han Sans SC",
            _SANS,
            "FandolHei",
            "WenQuanYi Zen Hei",
        ),
        "Windows：自带黑体；Debian：不必装，随包有 Noto Sans CJK，离线可用",
        "笔画略细",
    ),
    Role(
        "songti",
        "表格与页码（宋体）",
        ("SimSun", "宋体"),
        (
            *_cesi("宋体"),
            "方正书宋_GBK",
            "FZShuSong-Z01",
            "STSong",
            "华文宋体",
            "FZShuSong-Z01S",
            "Source Han Serif SC",
            _SERIF,
            "FandolSong",
            "AR PL UMing CN",
        ),
        "Windows：自带宋体；Debian：不必装，随包有 Noto Serif CJK，离线可用",
        "数字略宽",
    ),
    Role("mono", "程序输出（等宽）", (), (_MONO, "NSimSun", "新宋体", _SANS)),
)
"""The roles; ``title`` also serves the red head, ``songti`` tables and page numbers."""

RARE = ("SimSun-ExtB", "SimSun-ExtG", "HanaMinB", "Plangothic P1", "Plangothic P2", "Jigmo2", "Jigmo3")
"""Families used for characters beyond the basic plane when the system has them."""


@dataclass(frozen=True)
class Face:
    """A face in a role. ``file`` is its name without folder; ``official`` is False for a stand-in."""

    role: str
    family: str
    style: str
    weight: int
    file: str
    index: int
    official: bool
    path: Path

    @property
    def is_bundled(self) -> bool:
        """Whether it is one of the faces that this package brings along, which are no 仿宋, 楷体 or 小标宋."""
        return self.file in bundled.NAMES

    @property
    def sha256(self) -> str:
        """SHA-256 of the font file."""
        return _sha256(self.path)

    @property
    def emboldened(self) -> bool:
        """Whether the letters are drawn thicker: a plain stand-in for 小标宋 or 楷体 must not look like the body."""
        return self.role in ("title", "kaiti") and self.family in (_SERIF, "Source Han Serif SC") and self.weight < 600


@dataclass(frozen=True)
class FontSet:
    """The faces of all roles, and faces that only fill gaps."""

    faces: tuple[Face, ...]
    rare: tuple[Face, ...] = ()

    def face(self, role: str) -> Face:
        """The face of a role."""
        return next(face for face in self.faces if face.role == role)

    def families(self, role: str) -> tuple[str, ...]:
        """Family names in the order Typst tries them: the role's own, then every other one."""
        own = self.face(role)
        others = [face.family for face in (*self.faces, *self.rare) if face.role != "mono" and face.path != own.path]
        return tuple(dict.fromkeys((own.family, *others)))

    @property
    def paths(self) -> tuple[Path, ...]:
        """Every font file, once."""
        return tuple(dict.fromkeys(face.path for face in (*self.faces, *self.rare)))


def requested_folder() -> Path | None:
    """The folder that ``NIANBAO_FONTS`` names, if any."""
    value = os.environ.get(FONTS_VARIABLE, "")
    return Path(value) if value else None


def system_allowed() -> bool:
    """Whether fonts of the system may be used (``NIANBAO_SYSTEM_FONTS`` is not ``0``)."""
    return os.environ.get(SYSTEM_VARIABLE, "1") != "0"


def select_fonts(font_dir: Path | None = None, system: bool = True) -> FontSet:
    """The best face for each role from ``font_dir``, the bundled files and the system.

    Official families win over free ones wherever they are; the same family is taken from ``font_dir``
    before the bundled files before the system. The choice is kept for the process.

    Raises FontError when ``font_dir`` is no folder or no face at all serves a role.
    """
    if font_dir is not None and not font_dir.is_dir():
        raise FontError(str(font_dir), "不是文件夹，应为存放字体文件的文件夹", "改正字体文件夹的位置")
    return _selected(font_dir.resolve() if font_dir else None, system)


@cache
def _selected(font_dir: Path | None, system: bool) -> FontSet:
    found: list[typst.FontInfo] = []
    if font_dir is not None:
        found += _scan([font_dir], system=False)
    found += [font for font in _bundled_fonts() if Path(font.path or "").name in bundled.NAMES]
    if system:
        found += _scan([], system=True)
        if folders := tex_folders():
            found += _scan(folders, system=False)
    by_family: dict[str, list[typst.FontInfo]] = {}
    for font in found:
        if font.path and font.style == "normal":
            by_family.setdefault(_family(font.family), []).append(font)
    faces = []
    for role in ROLES:
        for family in (*role.official, *role.free):
            if candidates := by_family.get(_family(family)):
                faces.append(_face(role.name, candidates, official=family in role.official))
                break
        else:
            raise FontError(role.label, "没有可用的字体", "安装 mplfonts，或用 --fonts 指明存放字体的文件夹")
    rare = [_face("rare", by_family[_family(name)], official=True) for name in RARE if _family(name) in by_family]
    return FontSet(tuple(faces), tuple(rare))


def tex_folders() -> list[Path]:
    """The folders of TeX Live that hold Fandol."""
    roots = [Path(folder).expanduser() for folder in TEX_FOLDERS]
    years = [year / "texmf-dist" for root in roots if root.is_dir() for year in sorted(root.glob("20[0-9][0-9]"))]
    found = [root / "fonts" / "opentype" / "public" / "fandol" for root in (*roots, *years)]
    return [folder for folder in found if folder.is_dir()]


def _face(role: str, candidates: list[typst.FontInfo], *, official: bool) -> Face:
    font = min(candidates, key=lambda font: abs(font.weight - 400))
    path = Path(font.path or "")
    return Face(role, font.family, font.style, font.weight, path.name, font.index, official, path)


def _scan(folders: list[Path], *, system: bool) -> list[typst.FontInfo]:
    fonts = typst.Fonts(include_system_fonts=system, include_embedded_fonts=False, font_paths=[str(f) for f in folders])
    return sorted(fonts.fonts(), key=lambda font: (font.path or "", font.index))


def _bundled_fonts() -> list[typst.FontInfo]:
    """The Noto faces of ``mplfonts``."""
    folder = bundled.folder()
    return _scan([folder], system=False) if folder is not None else []


@cache
def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@cache
def folder_of(fonts: FontSet) -> Path:
    """A private folder that shows Typst the chosen files only; it goes when the process ends.

    Typst loads whole folders, and the folder of ``mplfonts`` also holds a face that must not be used.
    """
    folder = Path(tempfile.mkdtemp(prefix="nianbao-fonts-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    for number, path in enumerate(fonts.paths):
        _show(path, folder / f"{number}{path.suffix}")
    return folder


def _show(path: Path, place: Path) -> None:
    """Link a file, or copy it where links are not allowed (other drive and no privilege)."""
    for link in (os.symlink, os.link):
        try:
            link(path, place)
        except OSError:
            continue
        return
    shutil.copyfile(path, place)


def missing_characters(text: str, fonts: FontSet) -> tuple[str, ...]:
    """The characters of ``text`` that none of the faces covers, each once, in order of code point."""
    wanted = {character for character in text if character not in "\n\r\t\u200b"}
    for face in (*fonts.faces, *fonts.rare):
        if not wanted:
            break
        covered = bundled.coverage(face.path, face.index)
        wanted -= {character for character in wanted if ord(character) in covered}
    return tuple(sorted(wanted))


def require_glyphs(passages: Iterable[str], fonts: FontSet) -> None:
    """Raise FontError naming every character no face covers and the passage it first occurs in."""
    kept = list(passages)
    missing = missing_characters("".join(kept), fonts)
    if not missing:
        return
    named = []
    for character in missing:
        passage = next(text for text in kept if character in text)
        position = passage.index(character)
        named.append(f"U+{ord(character):04X}“{passage[max(0, position - 10) : position + 11]}”")
    raise FontError(
        "字体",
        f"没有字体能印出 {len(missing)} 个字符：{'，'.join(named)}",
        "改用通行的字，或用 --fonts 指明含这些字的字体",
    )
