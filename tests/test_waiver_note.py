"""A waiver's own note: under its table in every file while the waiver holds, and nowhere once it has lapsed."""

from __future__ import annotations

import re
import shutil
import subprocess
import zipfile
from pathlib import Path

import nbformat
import pytest
from lxml import html
from openpyxl import load_workbook

from nianbao.demo import write_demo
from nianbao.notebook.expected import expected_of
from nianbao.notebook.gate import gate
from nianbao.publish.build import Publication, publish
from nianbao.report import load_report
from nianbao.rules import check_report
from nianbao.statute.rulebook import Severity
from tests.command import nianbao
from tests.conftest import PARAMS

YEAR = 2025
NOTE = "因上年文件已经清理，以本年度报告为准。"
SPOILT = {
    "t2": (r"normative: +\[(\d+), (\d+), (\d+)\]", r"normative: [\g<1>, \g<2>, 99\g<3>]"),
    "t3": (r"(received: +\[)(\d+)", r"\g<1>9\2"),
    "t4": (r"(review: +\[)(\d+)", r"\g<1>9\2"),
}
"""A table that breaks a rule, of each table of the form."""


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("note") / "params"
    write_demo(YEAR, folder, PARAMS)
    return folder


def spoilt(demo: Path, folder: Path, table: str) -> Path:
    """Params whose table breaks rules, every breach waived, the first one with a note."""
    shutil.copytree(demo, params := folder / "params")
    path = params / str(YEAR) / "anhai.yaml"
    text, found = re.subn(*SPOILT[table], path.read_text(encoding="utf-8"), count=1)
    assert found
    path.write_text(text, encoding="utf-8")
    report = load_report("anhai", YEAR, params)
    serious = [one for one in check_report(report).findings if one.severity is not Severity.INFO]
    findings = sorted(serious, key=lambda one: not (one.cell or "").startswith(f"{table}."))
    assert findings[0].cell and findings[0].cell.startswith(f"{table}.")
    for number, one in enumerate(findings):
        words = [
            "waive",
            "安海镇",
            str(YEAR),
            one.rule,
            str(one.cell),
            "--reason",
            "上年口径不同，已经核实",
            "--name",
            "某科",
        ]
        done = nianbao(*words, *(["--note", NOTE] if not number else []), "--params", params)
        assert done.code == 0, done.err
    return params


@pytest.fixture(params=list(SPOILT))
def waived(demo: Path, tmp_path: Path, request: pytest.FixtureRequest) -> tuple[str, Path]:
    return request.param, spoilt(demo, tmp_path, request.param)


def built(params: Path) -> Publication:
    return publish("anhai", YEAR, params, params.parent / "out")


def printed(folder: Path) -> dict[str, str]:
    """The text of every file that readers open."""
    pdf = subprocess.run(["pdftotext", "-raw", folder / "report.pdf", "-"], capture_output=True, check=True)
    sheets = load_workbook(folder / "report.xlsx")
    cells = [str(cell.value) for sheet in sheets for row in sheet for cell in row if cell.value is not None]
    with zipfile.ZipFile(folder / "report.docx") as word:
        document = word.read("word/document.xml").decode("utf-8")
    texts = {
        "report.pdf": pdf.stdout.decode("utf-8"),
        "report.xlsx": "\n".join(cells),
        "report.docx": re.sub("<[^>]*>", "", document),
    }
    for name in ("report.html", "report.web.html"):
        texts[name] = html.fromstring((folder / name).read_bytes().decode("utf-8")).text_content()
    return {name: "".join(text.split()) for name, text in texts.items()}


def test_it_is_printed_under_its_table_in_every_file_while_the_waiver_holds(waived: tuple[str, Path]) -> None:
    table, params = waived
    done = built(params)
    assert done.result.ready, [one.message for one in done.result.blocking]
    for name, text in printed(done.folder).items():
        assert text.count(NOTE) == 1, name
    for name in ("report.html", "report.web.html"):
        page = html.fromstring((done.folder / name).read_bytes().decode("utf-8"))
        note = next(one for one in page.iter("p", "div") if one.text_content().strip() == NOTE)
        above = note.xpath("preceding::table[1]")[0].text_content()
        assert {"t2": "行政许可", "t3": "结转下年度继续办理", "t4": "行政复议"}[table] in above

    path = params / str(YEAR) / "anhai.yaml"
    pattern = SPOILT[table][0]
    text = re.sub(pattern, SPOILT[table][1], path.read_text(encoding="utf-8"), count=1)  # another figure still
    path.write_text(text, encoding="utf-8")
    lapsed = built(params)
    assert not any(NOTE in text for text in printed(lapsed.folder).values())
    assert "W-01" in {one.rule for one in lapsed.result.findings}


@pytest.mark.parametrize("change", ["lost", "altered", "another table"])
def test_the_gate_knows_it(demo: Path, tmp_path: Path, change: str) -> None:
    params = spoilt(demo, tmp_path, "t3")
    done = built(params)
    nb = nbformat.read(done.folder / "report.ipynb", 4)
    cells = {cell.source: cell for cell in nb.cells if cell.cell_type == "code"}
    (shown,) = [output for output in cells["nb.applications(report)"].outputs if "text/html" in output.data]
    line = f'<p class="nb-note">{NOTE}</p>'
    assert line in shown.data["text/html"]
    assert gate(nb, expected_of(load_report("anhai", YEAR, params))).findings == ()
    new = {"lost": "", "altered": line.replace("本年度", "上年度"), "another table": ""}[change]
    shown.data["text/html"] = shown.data["text/html"].replace(line, new)
    if change == "another table":
        (other,) = [output for output in cells["nb.disputes(report)"].outputs if "text/html" in output.data]
        other.data["text/html"] += "\n" + line
    found = gate(nb, expected_of(load_report("anhai", YEAR, params)))
    assert {one.rule for one in found.findings} == {"G-06"} and found.document.meta.draft


def test_what_a_note_says_is_judged_like_any_text(demo: Path, tmp_path: Path) -> None:
    """Nothing gets past the rules by standing in a note: another unit's telephone, a figure that nothing holds."""
    params = spoilt(demo, tmp_path, "t3")
    path = params / str(YEAR) / "anhai.yaml"
    sound = path.read_text(encoding="utf-8")
    for words, code in (("身份证号码 350582199001011236。", "D-26"), ("全年新收政府信息公开申请7777件。", "P-01")):
        path.write_text(sound.replace(NOTE, words), encoding="utf-8")
        found = [
            one for one in check_report(load_report("anhai", YEAR, params)).findings if one.cell == "waivers.0.note"
        ]
        assert code in {one.rule for one in found}, [one.message for one in found]
        assert all(one.place.startswith("params/2025/anhai.yaml:") for one in found)


def test_a_note_where_no_table_is_is_refused_and_said(demo: Path, tmp_path: Path) -> None:
    shutil.copytree(demo, params := tmp_path / "params")
    path = params / str(YEAR) / "anhai.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("{{ 年份 }}年1月1日", f"{YEAR - 1}年1月1日"), encoding="utf-8")
    words = [
        "waive",
        "安海镇",
        str(YEAR),
        "D-09",
        "--reason",
        "已经核实，照此公开",
        "--name",
        "某科",
        "--params",
        params,
    ]
    refused = nianbao(*words, "--note", NOTE)
    assert refused.code == 2 and "没有表可以加注" in refused.err
    assert nianbao(*words).code == 0
    path.write_text(path.read_text(encoding="utf-8") + f"    note: {NOTE}\n", encoding="utf-8")
    found = {one.rule: one for one in check_report(load_report("anhai", YEAR, params)).findings}
    assert "注不会印出" in found["W-03"].message
