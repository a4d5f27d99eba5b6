"""What a page is that holds no report: where the report is to be found, and what to do next."""

from __future__ import annotations

from pathlib import PurePosixPath
from urllib.parse import unquote, urlsplit

from nianbao.errors import ReadError
from nianbao.published.identity import read_title
from nianbao.published.source import Source
from nianbao.wording import quoted

_DOCUMENTS = (".pdf", ".docx", ".doc", ".wps", ".ofd", ".rtf", ".xlsx", ".xls", ".zip")
_FEW = 200
"""Characters: a page that says less has been left to a script, or shows pictures."""
_NO_REPORT = "核对是否为政府信息公开工作年度报告；应有“某年…政府信息公开工作年度报告”这样的标题和各部分的标题"


def refusal_of(source: Source) -> ReadError:
    """Why a document is refused that has neither the headings nor the tables of a report."""
    listed = [link for link in source.links if read_title(link.text)]
    attached = [name for link in source.links if (name := _document(link.address))]
    shown = [name for link in source.links if link.shown and (name := _document(link.address))]
    text = "".join(source.lines)
    if len({link.address for link in listed}) > 1 and not shown:
        wrong = f"是年度报告的列表，列有 {len(listed)} 份报告"
        return ReadError(source.name, wrong, "打开其中一份，另存后再读")
    if attached:
        first = (shown or attached)[0]
        return ReadError(source.name, f"这一页没有报告正文，报告在附件 {first} 中", f"从网页下载 {first}，再读这个附件")
    if source.scripted and len(text) < _FEW:
        wrong = "网页的内容由脚本填入，存下的文件里没有"
        return ReadError(source.name, wrong, "在浏览器中等内容显示后，另存为“网页，全部”再读")
    if source.pictures and len(text) < _FEW:
        return ReadError(source.name, "报告是图片，没有文字", "图片中的字读不出，改用网页或 Word 版")
    titles = [title for one in (*source.titles, *source.lines) if (title := read_title(one))]
    if titles:
        wrong = f"有标题{quoted(titles[0].text)}，没有各部分的标题，也没有法定的表"
        return ReadError(source.name, wrong, "核对文件是否完整；从原网页重新另存")
    return ReadError(source.name, "不像政府信息公开工作年度报告：没有各部分的标题，也没有法定的表", _NO_REPORT)


def _document(address: str) -> str:
    """The name of the document that an address leads to; empty where it leads elsewhere."""
    try:
        path = unquote(urlsplit(address).path)
    except ValueError:
        return ""
    name = PurePosixPath(path).name
    return name if name.lower().endswith(_DOCUMENTS) else ""
