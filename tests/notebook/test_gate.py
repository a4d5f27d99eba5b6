"""The gate: an executed notebook that was edited, half run or mixed never makes a clean document that says otherwise."""

from __future__ import annotations

import copy
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from nbformat import NotebookNode, v4

from nianbao.demo import write_demo
from nianbao.document import Document, read_notebook
from nianbao.document.markup import SECTION_MIME
from nianbao.notebook.expected import expected_of
from nianbao.notebook.gate import gate
from nianbao.params import PARAMS_VARIABLE
from nianbao.publish.contract import default_notebook
from nianbao.publish.make import execute
from nianbao.report import Report, load_report
from tests.conftest import PARAMS

YEAR = 2025
ERROR = v4.new_output("error", ename="ValueError", evalue="3", traceback=["Traceback", "/home/x/y.py", "ValueError: 3"])


@dataclass(frozen=True)
class Executed:
    """A report and its notebook as it was run."""

    report: Report
    notebook: NotebookNode

    @property
    def document(self) -> Document:
        return read_notebook(self.notebook)


def executed(unit: str, year: int, params: Path) -> Executed:
    report = load_report(unit, year, params)
    environment = {PARAMS_VARIABLE: str(params.resolve())}
    return Executed(report, execute(default_notebook(), {"township": report.unit.name, "year": year}, environment))


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Executed]:
    """Three demo reports: figures typed, figures from registers with charts, a draft."""
    folder = tmp_path_factory.mktemp("params")
    write_demo(YEAR, folder, PARAMS)
    return {unit: executed(unit, YEAR, folder) for unit in ("anhai", "qingyang", "dongshi")}


def cell(nb: NotebookNode, name: str) -> NotebookNode:
    return next(one for one in nb.cells if one.get("id") == name)


def html_of(one: NotebookNode) -> Iterator[NotebookNode]:
    for output in one.get("outputs", ()):
        if "text/html" in output.get("data", {}):
            yield output.data


def test_an_untouched_report_passes(demo: Mapping[str, Executed]) -> None:
    for one in (*demo.values(), executed("yonghe", 2023, PARAMS)):
        gated = gate(one.notebook, expected_of(one.report))
        assert gated.findings == ()
        assert gated.document == one.document


Mutant = tuple[str, NotebookNode]


def mutants(one: Executed, other: Executed) -> Iterator[Mutant]:
    """A notebook changed in one place, in every way and at every place that a hand in JupyterLab may change it."""
    nb = one.notebook

    def changed(name: str, change: Callable[[NotebookNode], None]) -> Mutant:
        mutant = copy.deepcopy(nb)
        change(mutant)
        return name, mutant

    for number, original in enumerate(nb.cells):
        yield changed(f"delete {number}", lambda m, n=number: m.cells.pop(n))
        yield changed(f"double {number}", lambda m, n=number: m.cells.insert(n, copy.deepcopy(m.cells[n])))
        for place in {0, number - 1, number + 1, number + 3, len(nb.cells) - 1} - {number}:
            if 0 <= place < len(nb.cells):
                yield changed(
                    f"move {number} to {place}", lambda m, n=number, p=place: m.cells.insert(p, m.cells.pop(n))
                )
        for tag in ("internal", "parameters", "injected-parameters"):
            yield changed(f"tag {number} {tag}", lambda m, n=number, t=tag: m.cells[n].metadata.update(tags=[t]))
        yield changed(f"raw {number}", lambda m, n=number: m.cells[n].update(cell_type="raw"))
        if original.cell_type == "markdown":
            for source in ("", "## 三、其他", f"{original.source}9", original.source.replace("#", "##")):
                yield changed(f"write {number}", lambda m, n=number, s=source: m.cells[n].update(source=s))
            continue
        yield changed(f"clear {number}", lambda m, n=number: m.cells[n].update(outputs=[]))
        yield changed(f"fail {number}", lambda m, n=number: m.cells[n].update(outputs=[copy.deepcopy(ERROR)]))
        yield changed(f"fail after {number}", lambda m, n=number: m.cells[n].outputs.append(copy.deepcopy(ERROR)))
        yield changed(f"run for another {number}", lambda m, n=number: m.cells.__setitem__(n, other.notebook.cells[n]))
        for data in html_of(original):
            for kind, html in edited(data["text/html"]):

                def edit(mutant: NotebookNode, n: int = number, text: str = html) -> None:
                    for found in html_of(mutant.cells[n]):
                        found["text/html"] = text

                yield changed(f"{kind} {number}", edit)
            if SECTION_MIME in data:
                yield changed(
                    f"unstamp {number}", lambda m, n=number: [d.pop(SECTION_MIME) for d in html_of(m.cells[n])]
                )
                for key, value in (("year", YEAR - 1), ("unit", "chendai"), ("fingerprint", "0"), ("part", "other")):

                    def restamp(mutant: NotebookNode, n: int = number, k: str = key, v: Any = value) -> None:
                        for found in html_of(mutant.cells[n]):
                            found[SECTION_MIME] = {**found[SECTION_MIME], k: v}

                    yield changed(f"restamp {key} {number}", restamp)


def edited(html: str) -> Iterator[tuple[str, str]]:
    """HTML with one figure, one paragraph, one row or one cell changed."""
    numbers = list(re.finditer(r">[^<]*?(\d+)", html))
    for match in numbers[:: max(1, len(numbers) // 12)]:
        start, end = match.span(1)
        yield "figure", f"{html[:start]}{int(match[1]) + 1}{html[end:]}"
        yield "struck", f"{html[:start]}<s>{match[1]}</s>{html[end:]}"
        yield "hidden", f'{html[:start]}<span style="display:none">{match[1]}</span>{html[end:]}'
    for pattern in (r"<p\b.*?</p>", r"<tr\b.*?</tr>", r"<td\b.*?</td>", r"<h3\b.*?</h3>", r"<figure\b.*?</figure>"):
        pieces = list(re.finditer(pattern, html, re.DOTALL))
        for match in pieces[:: max(1, len(pieces) // 4)]:
            yield "cut", html[: match.start()] + html[match.end() :]
            yield "twice", html[: match.end()] + match[0] + html[match.end() :]
    yield "empty", ""
    yield "more", html + "<p>全年主动公开政府信息9999条。</p>"


def test_no_mutant_makes_a_clean_document_that_differs(demo: Mapping[str, Executed]) -> None:
    tried = 0
    for name, other in (("anhai", "qingyang"), ("qingyang", "anhai")):
        one, original, expected = demo[name], demo[name].document, expected_of(demo[name].report)
        for what, mutant in mutants(one, demo[other]):
            tried += 1
            gated = gate(mutant, expected)
            if gated.findings:
                assert gated.document.meta.draft, what
                assert all(finding.blocks for finding in gated.findings), what
            else:
                assert gated.document == original, what
    assert tried >= 300
