"""What a sample document measures against GB/T 9704-2012, clause by clause, read back from its PDF."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from tests.document.pdf import typeset_samples as samples
from tests.document.pdf.pdfpage import MM, Page, read_pages

from nianbao.document import markup, read_notebook
from nianbao.document.pdf.compiler import typeset
from nianbao.document.pdf.fonts import FontSet, select_fonts


@dataclass(frozen=True)
class Row:
    """One item: clause, what it is, what the standard says, what was measured, and how far it may be off."""

    clause: str
    item: str
    standard: float
    measured: float
    unit: str
    tolerance: float

    @property
    def holds(self) -> bool:
        return abs(self.measured - self.standard) <= self.tolerance

    def cells(self) -> tuple[str, ...]:
        digits = 2 if 0 < self.tolerance < 0.05 else 1 if self.tolerance else 0
        measured = round(self.measured, digits) + 0.0  # no -0.0
        shown = (f"{self.standard:g} {self.unit}", f"{measured:.{digits}f} {self.unit}")
        return (self.clause, self.item, *shown, "符合" if self.holds else "不符合")


def pages_of(fonts: FontSet, *elements: str) -> list[Page]:
    document = read_notebook(samples.notebook(samples.shown(*elements)))
    return read_pages(typeset(document, fonts))


def rows(fonts: FontSet | None = None) -> Iterator[Row]:
    """Every item that is measured, in the bundled faces or in others."""
    fonts = fonts or select_fonts(None, system=False)
    text = pages_of(fonts, samples.paragraph("天地玄黄宇宙洪荒日月盈昃辰宿列张" * 100))
    page, lines = text[1], text[1].body()
    glyphs = [glyph for line in lines for glyph in line.glyphs]
    left, right = min(g.x for g in glyphs), max(g.right for g in glyphs)
    top = min(g.top for g in glyphs)
    yield Row("5.2.1", "天头（上白边）", 37, top / MM, "mm", 1)
    yield Row("5.2.1", "订口（左白边）", 28, left / MM, "mm", 1)
    yield Row("5.2.1", "版心宽", 156, (right - left) / MM, "mm", 1)
    yield Row("5.2.1", "版心高（22 行）", 225, 22 * (lines[1].first.base - lines[0].first.base) / MM, "mm", 1)
    yield Row("5.2.2", "正文字号（三号）", 16, lines[0].first.size, "pt", 0.1)
    yield Row("5.2.3", "每面行数", 22, len(lines), "行", 0)
    yield Row("5.2.3", "每行字数", 28, len(lines[0].glyphs), "字", 0)
    yield Row("7.3.3", "首行左空", 2, (text[0].body()[0].first.x - left) / (156 * MM / 28), "字", 0.1)
    dash = page.number.first
    yield Row("7.5", "页码字号（四号）", 14, dash.size, "pt", 0.1)
    yield Row("7.5", "一字线上距版心下边缘", 7, (dash.base - 0.36 * dash.size - 262 * MM) / MM, "mm", 0.5)
    yield Row("7.5", "双页码居左空", 1, (dash.x - 28 * MM) / 14, "字", 0.1)
    yield from _head(fonts)
    yield from _closing(fonts)
    yield from _enclosure(fonts)
    yield from _colophon(fonts)


def _head(fonts: FontSet) -> Iterator[Row]:
    upward = read_pages(typeset(read_notebook(samples.report(red_head=True)), fonts))[0]
    lines = upward.body()
    red, number, title = lines[0], upward.line("晋某政"), upward.line("晋江市某某镇2023年")
    rule = next(rule for rule in upward.rules if rule.thickness > 1)
    yield Row("7.2.4", "发文机关标志上边缘至版心上边缘", 35, (red.first.top - 37 * MM) / MM, "mm", 1.5)
    yield Row("7.2.5", "发文字号居左空（上行文）", 1, (number.first.x - 28 * MM) / (156 * MM / 28), "字", 0.1)
    yield Row("7.2.7", "红色分隔线与发文字号的距离", 4, (rule.y0 - number.first.bottom) / MM, "mm", 0.5)
    yield Row("7.2.7", "红色分隔线宽", 156, (rule.x1 - rule.x0) / MM, "mm", 0.5)
    yield Row("7.3.1", "标题字号（二号）", 22, title.first.size, "pt", 0.1)
    middle = (title.first.x + title.last.right) / 2
    yield Row("7.3.1", "标题居中，偏离版心中线", 0, (middle - (28 + 78) * MM) / MM, "mm", 0.5)
    addressee = upward.line("晋江市人民政府：")
    yield Row("7.3.2", "主送机关居左顶格", 0, (addressee.first.x - 28 * MM) / MM, "mm", 0.5)


def _closing(fonts: FontSet) -> Iterator[Row]:
    (page,) = pages_of(
        fonts,
        samples.paragraph("文"),
        samples.paragraph("附件：1.甲", markup.ATTACHMENT),
        samples.paragraph("晋江市某某镇人民政府", markup.SIGNATURE),
        samples.paragraph("2024年1月12日", markup.DATE),
    )
    attachment, date, signature = page.line("附件"), page.line("2024年"), page.line("晋江市某某镇人民政府")
    character = 156 * MM / 28
    yield Row("7.3.4", "附件说明左空", 2, (attachment.first.x - 28 * MM) / character, "字", 0.1)
    gap = (attachment.first.base - page.line("文").first.base) / (225 * MM / 22) - 1
    yield Row("7.3.4", "附件说明与正文空", 1, gap, "行", 0.05)
    yield Row("7.3.5", "成文日期右空", 4, (184 * MM - date.last.right) / character, "字", 0.1)
    middles = [(line.first.x + line.last.right) / 2 for line in (signature, date)]
    yield Row("7.3.5", "署名与成文日期的中线相距", 0, (middles[0] - middles[1]) / MM, "mm", 0.5)


def _enclosure(fonts: FontSet) -> Iterator[Row]:
    drawn = "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' width='210' height='297'/%3E"
    page = pages_of(
        fonts,
        samples.paragraph("附件1", markup.ENCLOSURE),
        markup.element("h2", "甲"),
        f'<figure class="{markup.PAGE}"><img src="{drawn}" alt="甲"></figure>',
    )[-1]
    label, title = page.line("附件1"), page.line("甲")
    yield Row("7.3.6", "“附件”居左顶格", 0, (label.first.x - 28 * MM) / MM, "mm", 0.5)
    yield Row("7.3.6", "“附件”在版心第", 1, 1 + (label.first.base - 37 * MM) // (225 * MM / 22), "行", 0)
    yield Row("7.3.6", "附件标题在版心第", 3, 1 + (title.first.base - 37 * MM) // (225 * MM / 22), "行", 0)


def _colophon(fonts: FontSet) -> Iterator[Row]:
    texts = (("抄送：甲。", markup.COPIES), ("乙", markup.ISSUER), ("2024年1月12日印发", markup.ISSUED))
    page = pages_of(fonts, samples.paragraph("文"), *(samples.paragraph(text, role) for text, role in texts))[-1]
    rules = sorted((rule for rule in page.rules if rule.y0 == rule.y1), key=lambda rule: rule.y0)
    for name, rule, thickness in zip(("首条", "中间", "末条"), rules, (0.35, 0.25, 0.35), strict=True):
        yield Row("7.4.1", f"版记{name}分隔线高度", thickness, rule.thickness / MM, "mm", 0.01)
    yield Row("7.4.1", "版记末条分隔线至版心上边缘", 225, rules[-1].y0 / MM - 37, "mm", 0.5)
    copies, issued = page.line("抄送"), page.line("乙")
    yield Row("7.4.2", "抄送机关字号（四号）", 14, copies.first.size, "pt", 0.1)
    yield Row("7.4.2", "抄送机关左空", 1, (copies.first.x - 28 * MM) / 14, "字", 0.1)
    yield Row("7.4.3", "印发日期右空", 1, (184 * MM - issued.last.right) / 14, "字", 0.1)


def markdown() -> str:
    """The table as it stands in docs/."""
    heads = ("条款", "项目", "标准", "实测", "结论")
    body = [heads, ("---",) * len(heads), *(row.cells() for row in rows())]
    table = "\n".join(f"| {' | '.join(cells)} |" for cells in body)
    return (
        "# PDF 与 GB/T 9704-2012 的对照\n\n"
        "由 `tests/document/pdf/gbt9704.py` 从 PDF 中量出（随包附带的字体），测试核对本表与实测一致；\n"
        "重写：`python -m tests.document.pdf.gbt9704 > docs/gbt9704.md`。\n\n"
        f"{table}\n"
    )


if __name__ == "__main__":
    print(markdown(), end="")
