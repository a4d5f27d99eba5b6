"""What leads from a finding to the place where it is mended: links in the panel, marks on the cells of the tables.

Both are for the front end only. A link to a file is relative to the notebook and counts lines from 0, as
JupyterLab's editor wants it; a link to ``#nbf:<key>`` is caught by the form and leads to its field.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from urllib.parse import quote

from lxml import html
from lxml.html import HtmlElement

from nianbao.report import Report
from nianbao.rules import Finding, Outcome
from nianbao.statute import Edition

_LINE = re.compile(r"(?P<file>.+\.yaml):(?P<line>[0-9]+)")
MARK = "box-shadow:inset 0 0 0 2px #b3261e;"


def with_links(table: str, findings: Iterable[Finding], params: Path, *, form: bool = True) -> str:
    """The panel's HTML with a link to file and line and one to the form's field in each row.

    Parameters
    ----------
    params : Path
        The params file of the report.
    form : bool
        Whether there is a form that a finding can lead to.
    """
    root = html.fragment_fromstring(table)
    rows = [row for row in root.iterfind(".//tbody/tr") if len(row) > 1]
    for row, finding in zip(rows, findings, strict=True):
        cell = row[2]
        if match := _LINE.fullmatch(finding.place):
            cell.text = finding.label  # the link says where
            address = f"{_relative(params)}#line={int(match['line']) - 1}"
            _link(cell, address, f"{params.name} 第 {match['line']} 行")
        if form and finding.cell:
            _link(cell, f"#nbf:{quote(finding.cell)}", "填这里")
    text: str = html.tostring(root, encoding="unicode")
    return text


def _relative(path: Path) -> str:
    """A path as seen from the notebook, in whose folder its kernel works."""
    return quote(Path(os.path.relpath(path)).as_posix())


def _link(cell: HtmlElement, address: str, text: str) -> None:
    link = html.Element("a", href=address)
    link.text = text
    if len(cell):
        cell[-1].tail = "\n"
    else:
        cell.text = (cell.text or "") + "\n"
    cell.append(link)


def with_marks(table: str, part: str, report: Report, findings: Iterable[Finding]) -> str:
    """The HTML of a statutory table with the cells marked that open findings name, each with its message on hover.

    Parameters
    ----------
    part : str
        ``disclosure``, ``applications`` or ``disputes``.
    """
    messages: dict[str, list[str]] = {}
    for finding in findings:
        if finding.waived is None and finding.cell and (finding.outcome is Outcome.FAILS or finding.blocks):
            messages.setdefault(finding.cell, []).append(finding.message)
    root = html.fragment_fromstring(table)
    for key, cell in _cells(root, part, report.edition).items():
        said = list(messages.get(key, ()))
        if not report.cells[key].is_number:  # a finding about a row is about what is no figure in it
            said += messages.get(key.rpartition(".")[0], ())
        if said:
            cell.set("style", f"{cell.get('style', '')}{MARK}")
            cell.set("title", "\n".join(said))
    text: str = html.tostring(root, encoding="unicode")
    return text


def _cells(root: HtmlElement, part: str, edition: Edition) -> Mapping[str, HtmlElement]:
    """The cells with figures by key; a row's figures are its last cells."""
    table = {"disclosure": "t2", "applications": "t3", "disputes": "t4"}[part]
    rows = [list(row.findall("td")) for row in root.iterfind(".//tbody/tr")]
    if table == "t4":
        keys = [field.key for field in edition.t4.fields]
        return dict(zip(keys, rows[-1][-len(keys) :], strict=True))
    wanted = list(edition.rows_of(table))
    with_figures = [row for row in rows if row]
    found: dict[str, HtmlElement] = {}
    for (_, fields), row in zip(wanted, with_figures, strict=True):
        found |= {field.key: cell for field, cell in zip(fields, row[-len(fields) :], strict=True)}
    return found
