"""The built report says what 永和镇 really published for 2023, word for word and cell for cell."""

from __future__ import annotations

import re
import unicodedata

import nbformat
import pytest

from nianbao.document import Heading, Paragraph, Table, read_notebook
from nianbao.publish.build import Publication
from tests.conftest import GOLDEN

# What may differ between the seed's text and ours, besides white space and full- or half-width forms. Nothing else may.
ALLOWED = (
    # The web address is marked up as a link where the text was extracted; the page shows it bare.
    (r"<(http://www\.jinjiang\.gov\.cn/)>", r"\1"),
    # Two pictures came out as the words on them (OCR): a screenshot of the WeChat account.
    (
        r"永和微平台\n+晋江市永和镇人民政府\n福建\n+永和镇党政工作动态 >\n+8篇原创内容\n+480个朋友关注\n+已关注公众号\n+发消息\n+消息 视频 服务\n",
        "",
    ),
    # The published page heads the last column 总计 beside 申请人情况; the form of 2021 puts it under it.
    (r"申请人情况\t+总计\t*\n(\t+自然人\t法人或其他组织)", r"申请人情况\n\1\t总计"),
    # Extraction wrote 。-less line breaks of the printed page into two paragraphs.
    (r"公众号“永和微平台”\n+发布政策", "公众号“永和微平台”发布政策"),
    (r"法律法规，\n+真正让", "法律法规，真正让"),
)


def _seed() -> str:
    text = (GOLDEN / "yonghe-2023.txt").read_text(encoding="utf-8")
    for pattern, replacement in ALLOWED:
        text, count = re.subn(pattern, replacement, text)
        assert count == 1, f"an allowed difference is not in the seed: {pattern}"
    return text


def _plain(text: str) -> str:
    """Full- and half-width forms made equal, white space left out."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))


def _seed_lines() -> list[str]:
    """Every paragraph, and every cell that is not empty, in the order of the page."""
    cells = (cell for line in _seed().splitlines() for cell in line.split("\t"))
    return [plain for cell in cells if (plain := _plain(cell))]


def _our_lines(built: Publication) -> list[str]:
    node = nbformat.read(built.folder / "report.ipynb", as_version=4)
    document = read_notebook(node)
    meta = document.meta
    lines: list[str] = []
    if meta.red_head:
        lines.append(meta.red_head)
    lines.append("".join(run.text for run in meta.title))
    for block in document.blocks:
        match block:
            case Heading() | Paragraph():
                lines.append("".join(run.text for run in block.runs))
            case Table():
                lines += [cell.text for row in (*block.head, *block.body) for cell in row]
            case _:
                pytest.fail(f"a block the seed does not have: {block}")
    return [plain for line in lines if (plain := _plain(line))]


def test_every_heading_paragraph_and_cell_is_the_published_one(built: Publication) -> None:
    assert _our_lines(built) == _seed_lines()


def test_the_blank_half_of_part_four_stays_blank(built: Publication) -> None:
    seed = next(line for line in _seed().splitlines() if re.fullmatch(r"\t+0(\t0)+", line))
    assert [built.report.cells[field.key].text for field in built.report.edition.t4.fields] == seed.split("\t")


def test_the_pdf_prints_the_same_text(built: Publication) -> None:
    from pypdf import PdfReader

    pages = PdfReader(built.folder / "report.pdf").pages
    printed = _plain("".join(page.extract_text() for page in pages))
    printed = re.sub(r"—\d+—", "", printed)
    narrative = [line for line in _seed_lines() if len(line) > 40 and "本列数据" not in line]
    missing = [line for line in narrative if line not in printed]
    assert not missing
