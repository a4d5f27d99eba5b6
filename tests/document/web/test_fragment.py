"""The fragment for a site's editor: the elements it may use, and what must survive being pasted."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable
from typing import Any

import lxml.html
import nbformat
import pytest
from nbformat import NotebookNode

from nianbao.document import (
    Cell,
    Document,
    ListBlock,
    Meta,
    Paragraph,
    Picture,
    Preformatted,
    Run,
    Table,
    markup,
    read_notebook,
)
from nianbao.document.markup import element
from nianbao.document.web.fragment import write_fragment
from nianbao.document.web.page import write_page
from nianbao.errors import NotebookError
from nianbao.notebook.exporters import FragmentExporter

ELEMENTS = {"p", "h2", "h3", "h4", "table", "tr", "td", "th", "img", "strong", "span"}
PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="


def export(nb: NotebookNode) -> str:
    return write_fragment(read_notebook(nb))


def parsed(fragment: str) -> Any:
    return lxml.html.fragment_fromstring(fragment, create_parent="div")


def written(*blocks: Any) -> list[str]:
    return write_fragment(Document(Meta(), blocks)).splitlines()


def lines(fragment: str) -> list[str]:
    return [node.text_content().lstrip("\u3000") for node in parsed(fragment)]


def stripped(fragment: str) -> str:
    """What the strictest editor leaves: elements without styles."""
    return re.sub(r' (?:style|border|cellspacing|cellpadding)="[^"]*"', "", fragment)


def test_files_are_named_web_html() -> None:
    exporter = FragmentExporter()
    assert (exporter.file_extension, exporter.output_mimetype) == (".web.html", "text/html")
    assert FragmentExporter.export_from_notebook


def test_only_elements_that_editors_keep_are_written(draft: NotebookNode, make_cell: Callable[..., Any]) -> None:
    draft.cells.append(
        nbformat.v4.new_markdown_cell("# x\n\n- a\n  1. b\n\n`c` *d*<br>e\n\n> q\n\n| f |\n|---|\n| g |")
    )
    draft.cells.append(make_cell(f'<figure><img src="data:image/png;base64,{PIXEL}" alt="x"></figure><pre>a\n b</pre>'))
    root = parsed(export(draft))
    assert {node.tag for node in root.iterdescendants()} == ELEMENTS
    names = {name for node in root.iterdescendants() for name in node.attrib}
    assert names == {
        "style",
        "border",
        "cellspacing",
        "cellpadding",
        "nowrap",
        "rowspan",
        "colspan",
        "scope",
        "align",
        "src",
        "alt",
    }


def test_there_is_no_page_around_it(report: NotebookNode) -> None:
    fragment = export(report)
    assert not re.search(r"<!|<html|<head|<body|<meta|<style|<script", fragment)
    assert fragment.startswith('<h2 align="center" style="text-indent:0;text-align:center">晋江市永和镇2023年')


def test_tables_keep_their_grid(report: NotebookNode, tables: tuple[str, ...], grids: Callable[[str], Any]) -> None:
    assert grids(export(report)) == [grid for table in tables for grid in grids(table)]


def test_page_and_fragment_have_the_same_grids(report: NotebookNode, grids: Callable[[str], Any]) -> None:
    assert grids(export(report)) == grids(write_page(read_notebook(report)))


def test_the_text_is_that_of_the_page_without_its_letterhead(report: NotebookNode) -> None:
    html = write_page(read_notebook(report))
    main = lxml.html.document_fromstring(html).get_element_by_id("main")
    for one in (*main.find_class("nb-letterhead"), *main.find_class(markup.NOT_SEEN)):
        one.drop_tree()
    on_page = "".join(main.text_content().split())
    assert "".join(parsed(export(report)).text_content().split()) == on_page


def test_only_published_cells_are_written(report: NotebookNode) -> None:
    fragment = export(report)
    assert "核对面板" not in fragment and "secret_source" not in fragment and "township" not in fragment


def test_marks_come_first_in_red_and_bold(draft: NotebookNode) -> None:
    first, second, title = parsed(export(draft))[:3]
    assert [node.tag for node in (first, second, title)] == ["p", "p", "h2"]
    assert first[0].tag == second[0].tag == "strong"
    assert "color" in first[0].get("style")
    assert first.text_content() == "草稿：有 1 项错误未处理，不得报送。"


def test_a_mark_says_what_it_is_even_when_its_text_does_not() -> None:
    fragment = write_fragment(Document(Meta(draft="有错误", sample=""), ()))
    assert lines(fragment) == ["草稿：有错误", "示例"]


def test_numerals_of_lists_are_text() -> None:
    nested = ListBlock(((Paragraph((Run("丙"),)),),))
    block = ListBlock(((Paragraph((Run("甲"),)), nested), (Paragraph((Run("乙"),)),)), ordered=True, start=3)
    assert lines("\n".join(written(block))) == ["3. 甲", "· 丙", "4. 乙"]
    first_table = ListBlock(((Table((), ((Cell((Run("1"),)),),)),),))
    assert lines("\n".join(written(first_table))) == ["·", "\n1\n"]


def test_nothing_that_an_editor_strips_carries_meaning(draft: NotebookNode, grids: Callable[[str], Any]) -> None:
    fragment = export(draft)
    bare = stripped(fragment)
    assert "style" not in bare
    assert parsed(bare).text_content() == parsed(fragment).text_content()
    assert grids(bare) == grids(fragment)


def test_line_breaks_become_paragraphs() -> None:
    assert lines("\n".join(written(Paragraph((Run("地址\n电话"),))))) == ["地址", "电话"]
    table = Table((), ((Cell((Run("一\n二"),)),),))
    assert [node.text for node in parsed("\n".join(written(table))).iter("p")] == ["一", "二"]
    assert written(Preformatted("a\n  b"))[1].endswith(">&nbsp;&nbsp;b</p>")


def test_superscripts_are_characters() -> None:
    area = Paragraph(
        (Run("12m"), Run("2", shift="super"), Run("，CO"), Run("2", shift="sub"), Run("甲", shift="super"))
    )
    assert lines("\n".join(written(area))) == ["12m²，CO₂甲"]


def test_lead_and_strong_are_bold() -> None:
    (line,) = written(Paragraph((Run("1.甲。", lead=True), Run("乙"), Run("丙", strong=True))))
    assert line.endswith(">\u3000\u3000<strong>1.甲。</strong>乙<strong>丙</strong></p>")


def test_pictures_are_embedded_with_their_alternative_text() -> None:
    data = base64.b64decode(PIXEL)
    picture, caption = written(Picture(data, "image/png", "走势 <图>", (Run("图1"),)))
    assert f'src="data:image/png;base64,{PIXEL}"' in picture and 'alt="走势 &lt;图&gt;"' in picture
    assert caption.endswith(">图1</p>")
    assert lines("\n".join(written(Picture(b"no picture", "image/png", "走势")))) == ["（图片未嵌入：走势）"]
    (drawing,) = written(Picture(b"<svg xmlns='http://www.w3.org/2000/svg'><script>1</script></svg>", "image/svg+xml"))
    assert "script" not in base64.b64decode(parsed(drawing).find(".//img").get("src").partition(",")[2]).decode()


@pytest.mark.parametrize(
    "hostile", ["<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "{{ 7*7 }}", "&lt;b&gt;"]
)
def test_hostile_text_prints_as_text(make_notebook: Callable[..., NotebookNode], hostile: str) -> None:
    parts = [element(tag, hostile) for tag in ("h2", "h3", "h4", "p")]
    parts += [element("p", hostile, role) for role in (markup.ADDRESSEE, markup.NOTE, markup.DRAFT, markup.SIGNATURE)]
    parts.append(f"<table><tr>{element('td', hostile)}</tr></table>")
    root = parsed(export(make_notebook(element("h1", hostile, markup.TITLE), "\n".join(parts))))
    assert {node.tag for node in root.iterdescendants()} <= ELEMENTS - {"img"}
    assert root.text_content().count(hostile) == 10


def test_spans_that_overlap_or_leave_the_table_are_refused() -> None:
    overlapping = ((Cell(()), Cell((), rowspan=2)), (Cell((), colspan=2),))
    for rows in (overlapping, ((Cell((), rowspan=3),),)):
        with pytest.raises(NotebookError):
            written(Table((), rows))


def test_same_notebook_same_bytes(report: NotebookNode) -> None:
    assert export(report) == export(report)


def test_attachments_stand_under_the_first_number() -> None:
    found = written(*(Paragraph((Run(text),), markup.ATTACHMENT) for text in ("附件：1.甲", "2.乙")))
    assert found == [
        f'<p style="text-indent:0">{"　" * 2}附件：1.甲</p>',
        f'<p style="text-indent:0">{"　" * 5}2.乙</p>',
    ]


def test_indents_and_alignment_survive_an_editor_that_strips_styles(report: NotebookNode) -> None:
    root = parsed(stripped(export(report)))
    body = [node for node in root.iter("p") if not node.get("align") and node.getparent().tag == "div"]
    assert len(body) > 10
    flush = [node.text_content() for node in body if not node.text_content().startswith("\u3000\u3000")]
    assert all(text.endswith("：") for text in flush)  # the addressee
    assert {node.get("align") for node in root.iter("td", "th")} == {"left", "center"}
    assert root.find("h2").get("align") == "center"
    assert [node.get("align") for node in root.iter("p")][-2:] == ["right", "right"]


def test_labels_of_rows_are_plain_cells_and_heads_of_columns_say_so(report: NotebookNode) -> None:
    root = parsed(export(report))
    assert {node.get("scope") for node in root.iter("th")} == {"col", "colgroup"}
    assert any("予公开" in node.text_content() for node in root.iter("td"))
    assert all("text-indent:0" in node.get("style") for node in root.iter("td", "th"))


def test_headings_are_smaller_than_the_title(report: NotebookNode) -> None:
    levels = [int(node.tag[1]) for node in parsed(export(report)).iter("h1", "h2", "h3", "h4")]
    assert levels[0] == 2 and min(levels[1:]) == 3
