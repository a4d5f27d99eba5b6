"""The DOCX as a word processor sets it: LibreOffice makes a PDF of it, poppler says where everything stands."""

from __future__ import annotations

import itertools
import os
import re
import shutil
import subprocess
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest
from tests.document.office.conftest import docx_of
from tests.document.office.test_docx import wide_table
from tests.document.office.wordfile import bare, part, text
from tests.document.pdf import typeset_samples as samples

from nianbao.document import markup, read_notebook
from nianbao.document.docx.styles import FACES
from nianbao.document.docx.writer import write_docx


def _has_noto() -> bool:
    if shutil.which("fc-list") is None:
        return False
    listed = subprocess.run(["fc-list"], capture_output=True, text=True, check=True).stdout
    return "Noto Serif CJK SC" in listed and "Noto Sans CJK SC" in listed


pytestmark = [
    pytest.mark.system,
    pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice (soffice) is not installed"),
    pytest.mark.skipif(shutil.which("pdftotext") is None, reason="poppler (pdftotext) is not installed"),
    pytest.mark.skipif(not _has_noto(), reason="the faces of fonts-noto-cjk are not installed"),
]
MM = 72 / 25.4
LEFT, RIGHT, TOP, BOTTOM = 28 * MM, 184 * MM, 37 * MM, 262 * MM

FONTS = """<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig><include>/etc/fonts/fonts.conf</include>{}</fontconfig>"""
ALIAS = """<match target="pattern"><test name="family"><string>{}</string></test>
<edit name="family" mode="assign" binding="strong"><string>Noto {} CJK SC</string></edit></match>"""


@dataclass(frozen=True)
class Word:
    """Characters without a gap, in pt from the top left corner; ``x1`` is where the last of them ends."""

    text: str
    x0: float
    y0: float
    x1: float
    y1: float

    @property
    def middle(self) -> float:
        return (self.y0 + self.y1) / 2


def set_by_libreoffice(documents: Mapping[str, bytes], folder: Path) -> dict[str, list[list[Word]]]:
    """The pages that one start of LibreOffice makes of each, with Noto in the place of each official face."""
    paths = [folder / f"{name}.docx" for name in documents]
    for path, docx in zip(paths, documents.values(), strict=True):
        path.write_bytes(docx)
    alias = "".join(ALIAS.format(face, "Sans" if face == "黑体" else "Serif") for face in set(FACES.values()))
    (folder / "fonts.conf").write_text(FONTS.format(alias), encoding="utf-8")
    command = ["soffice", "--headless", f"-env:UserInstallation={(folder / 'profile').as_uri()}"]
    subprocess.run(
        [*command, "--convert-to", "pdf", "--outdir", str(folder), *map(str, paths)],
        env={**os.environ, "FONTCONFIG_FILE": str(folder / "fonts.conf")},
        capture_output=True,
        check=True,
        timeout=180,
    )
    return {path.stem: pages_of(path.with_suffix(".pdf")) for path in paths}


def pages_of(pdf: Path) -> list[list[Word]]:
    """The words of each page, from top to bottom."""
    done = subprocess.run(["pdftotext", "-bbox", str(pdf), "-"], capture_output=True, text=True, check=True)
    number = r'"([0-9.]+)"'
    word = re.compile(rf"<word xMin={number} yMin={number} xMax={number} yMax={number}>(.*?)</word>")
    return [
        [Word(one[5], *(float(one[place]) for place in range(1, 5))) for one in word.finditer(page)]
        for page in done.stdout.split("<page ")[1:]
    ]


BLOCKS = (
    samples.title(),
    "<h2>一、头</h2><p>文<b>粗</b></p><ul><li>甲</li></ul><pre>print(1)</pre><blockquote><p>引文</p></blockquote>",
    samples.paragraph("单位：件", markup.CAPTION),
    "<table><tr><th>头甲</th><th>头乙</th></tr><tr><td rowspan=2>并</td><td>1</td></tr><tr><td>2</td></tr></table>",
    samples.paragraph("注：表下", markup.NOTE),
)
DIGITS = (5, 7, 9)
LINES = (5, 9, 11, 15)


def figures_of(digits: int) -> tuple[bytes, range]:
    """Parts two and three with figures of so many digits, and those figures."""
    first = 10 ** (digits - 1)
    figures = itertools.count(first)
    tables = [
        re.sub(r"(<td[^>]*>)[0-9.]+</td>", lambda match: f"{match[1]}{next(figures)}</td>", part())
        for part in (samples.part_two, samples.part_three)
    ]
    return write_docx(read_notebook(samples.notebook(samples.shown(*tables)))), range(first, next(figures))


def part_three_below(lines: int) -> bytes:
    """Part three with a note, below so many lines of text."""
    text = [samples.paragraph("文") for _ in range(lines)]
    return docx_of(*text, samples.part_three(), samples.paragraph("注：说明", markup.NOTE))


@pytest.fixture(scope="module")
def printed(upward: bytes, draft: bytes, tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[list[Word]]]:
    """The pages of every document of these tests."""
    documents = {
        "ideographs": docx_of(samples.paragraph("天地玄黄宇宙洪荒日月盈昃辰宿列张" * 100)),
        "upward": upward,
        "draft": draft,
        "blocks": docx_of(*BLOCKS),
        **{f"digits-{digits}": figures_of(digits)[0] for digits in DIGITS},
        "turned": docx_of(samples.paragraph("前文"), wide_table(22), samples.paragraph("后文")),
        **{f"lines-{lines}": part_three_below(lines) for lines in LINES},
    }
    return set_by_libreoffice(documents, tmp_path_factory.mktemp("printed"))


@pytest.fixture
def ideographs(printed: Mapping[str, list[list[Word]]]) -> list[list[Word]]:
    """Three pages of ideographs only."""
    return printed["ideographs"]


@pytest.fixture
def draft_pages(printed: Mapping[str, list[list[Word]]]) -> list[list[Word]]:
    return printed["draft"]


def test_full_pages_hold_22_lines_of_28_characters(ideographs: list[list[Word]]) -> None:
    first, second, *_ = ([word for word in page if word.y0 < BOTTOM] for page in ideographs)
    assert [len(word.text) for word in first] == [26] + [28] * 21
    assert [len(word.text) for word in second] == [28] * 22


def test_text_fills_the_type_area(ideographs: list[list[Word]]) -> None:
    lines = [word for word in ideographs[1] if word.y0 < BOTTOM]
    assert [line.x0 for line in lines] == pytest.approx([LEFT] * 22, abs=0.5 * MM)
    assert max(line.x1 for line in lines) == pytest.approx(RIGHT, abs=0.6 * MM)
    pitch = (lines[-1].y0 - lines[0].y0) / 21
    assert pitch == pytest.approx(225 * MM / 22, abs=0.05 * MM)
    size = 16.0
    assert lines[0].middle - size / 2 >= TOP - 0.5 * MM
    assert lines[-1].middle + size / 2 <= BOTTOM + 0.5 * MM


def test_page_numbers_stand_outside_below_the_text(ideographs: list[list[Word]]) -> None:
    for number, page in enumerate(ideographs, start=1):
        dashes = [word for word in page if word.y0 > BOTTOM]
        assert "".join(word.text for word in dashes) == f"—{number}—"
        assert dashes[0].middle - BOTTOM == pytest.approx(7 * MM, abs=1.5 * MM)
        if number % 2:
            assert dashes[-1].x1 == pytest.approx(RIGHT - 14, abs=1 * MM)
        else:
            assert dashes[0].x0 == pytest.approx(LEFT + 14, abs=1 * MM)


def test_the_red_head_stands_35_mm_below_the_top_of_the_type_area(
    printed: Mapping[str, list[list[Word]]],
) -> None:
    for page in (printed["upward"][0], printed["draft"][0]):
        head = next(word for word in page if word.text.endswith("人民政府文件"))
        size = (head.x1 - head.x0) / len(head.text)
        assert head.middle - size / 2 - TOP == pytest.approx(35 * MM, abs=4 * MM)


def test_nothing_of_the_document_is_lost_on_paper(draft: bytes, draft_pages: list[list[Word]]) -> None:
    wanted = Counter(bare("".join(text(one) for one in part(draft, "word/document.xml").iter("{*}p"))))
    printed = Counter(bare("".join(word.text for page in draft_pages for word in page)))
    assert wanted - printed == Counter()


def test_no_line_of_text_stands_outside_the_type_area(draft_pages: list[list[Word]]) -> None:
    for page in draft_pages:
        for word in page:
            assert word.x0 >= LEFT - 1 and word.x1 <= RIGHT + 1.5, word


def test_the_signature_is_centred_on_the_date(draft_pages: list[list[Word]]) -> None:
    page = draft_pages[-1]
    signature = max(i for i, word in enumerate(page) if word.text == "晋江市某某镇人民政府")
    date = [word for word in page[signature + 1 :] if word.y0 < BOTTOM]
    assert "".join(word.text for word in date) == "2024年1月12日"
    assert date[-1].x1 == pytest.approx(RIGHT - 4 * 156 * MM / 28, abs=2 * MM)
    middle = (page[signature].x0 + page[signature].x1) / 2
    assert middle == pytest.approx((date[0].x0 + date[-1].x1) / 2, abs=4 * MM)


def test_every_kind_of_block_is_set(printed: Mapping[str, list[list[Word]]]) -> None:
    words = bare("".join(word.text for page in printed["blocks"] for word in page))
    for piece in ("一、头", "文粗", "·甲", "print(1)", "引文", "单位：件", "头甲", "头乙", "并", "注：表下"):
        assert piece in words


@pytest.mark.parametrize("digits", DIGITS)
def test_figures_do_not_break(printed: Mapping[str, list[list[Word]]], digits: int) -> None:
    found = {word.text for page in printed[f"digits-{digits}"] for word in page}
    assert [number for number in figures_of(digits)[1] if str(number) not in found] == []


@pytest.mark.parametrize("lines", LINES)
def test_part_three_goes_over_between_its_groups(printed: Mapping[str, list[list[Word]]], lines: int) -> None:
    """Its head stands on each page, a group on one, a note with the last rows; it begins only where there is room."""
    pages = printed[f"lines-{lines}"]
    assert len(pages) == 2
    found = [{word.text for word in page} for page in pages]
    held = [[row for row in range(1, 26) if {f"{row}0", f"{row}6"} <= page] for page in found]
    assert [row for page in held for row in page] == list(range(1, 26))
    assert [("申请人情况" in page) == bool(rows) for page, rows in zip(found, held, strict=True)] == [True, True]
    assert held[1][0] in ((13, 16, 21) if lines < 15 else (1,))  # the first of （四） to （六）
    assert "注：说明" in found[1]


def test_figures_on_a_turned_page_do_not_break_and_its_number_goes_on(printed: Mapping[str, list[list[Word]]]) -> None:
    before, turned, after = ([word.text for word in page] for page in printed["turned"])
    assert turned.count("12345670") == turned.count("12345691") == 3
    assert [bare("".join(page))[-3:] for page in (before, turned, after)] == ["—1—", "—2—", "—3—"]
