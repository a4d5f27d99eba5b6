"""What is written prints what was printed: the params are read back and held against the page; leave for its faults."""

from __future__ import annotations

import datetime as dt
import shutil
import tempfile
from pathlib import Path

from nianbao.errors import TemplateTextError
from nianbao.params import params_path
from nianbao.params.writer import dump_params
from nianbao.project.adopt.found import Found
from nianbao.project.adopt.values import Values
from nianbao.published.figure import UNREAD
from nianbao.report import Report, load_report
from nianbao.report.prose import full_text
from nianbao.rules import check_report
from nianbao.rules.waivers import waiver_of, written


def faithful(text: str, values: Values, found: Found, params_dir: Path, header: str) -> tuple[Report | None, str]:
    """The params as they are read back, and their text, with each part that would not print as it was printed typed out."""
    if found.report is None:
        return None, text
    printed = {part: _squeezed(old) for part, old in found.report.params.narrative.model_dump().items() if old}
    for _ in range(2):
        report = _read_back(text, found, params_dir)
        now = {part: _squeezed(new) for part, new in full_text(report).items()} if report else {}
        wrong = [part for part, old in printed.items() if now.get(part) != old]
        if not wrong:
            return report, text
        original = found.report.params.narrative.model_dump()
        values["narrative"] |= {part: f"{original[part]}\n" for part in wrong if original[part]}
        text = dump_params(None, values, header=header)
    raise TemplateTextError(
        str(found.page.source if found.page else ""), "正文有不能照录的写法（如两个花括号）", "改用 nianbao new 录入"
    )


def _squeezed(text: str) -> str:
    return "\n".join(line.strip() for line in text.split("\n") if line.strip())


def _read_back(text: str, found: Found, params_dir: Path) -> Report | None:
    """The report that a params file gives, read in a folder of its own."""
    with tempfile.TemporaryDirectory(prefix="nianbao-") as name:
        folder = Path(name)
        for file in params_dir.glob("*.yaml"):
            shutil.copy(file, folder)
        path = params_path(folder, found.unit, found.year)
        path.parent.mkdir(parents=True)
        path.write_text(text, encoding="utf-8", newline="\n")
        try:
            report = load_report(found.unit.id, found.year, folder)
            full_text(report)
        except TemplateTextError:
            return None
        return report


def with_waivers(report: Report | None, values: Values, found: Found, params_dir: Path, header: str, name: str) -> str:
    """The params with leave for every fault that was published; what was not read is no fault of the page."""
    text = dump_params(None, values, header=header)
    loaded = report or _read_back(text, found, params_dir)
    assert loaded is not None  # noqa: S101  (figures alone have no text that cannot be filled in)
    unread = {key for key, cell in found.cells.items() if cell in UNREAD}
    day = dt.date.today()  # noqa: DTZ011  (a calendar day)
    waivers = [
        waiver_of(finding, loaded, reason=f"原文如此，按已公开文本：{finding.wrong}"[:500], name=name, day=day)
        for finding in check_report(loaded).blocking
        if finding.rule != "D-30"
        and not any(key.startswith(f"{finding.cell}.") or key == finding.cell for key in unread)
    ]
    if not waivers:
        return text
    return dump_params(None, {**values, "waivers": [written(one) for one in waivers]}, header=header)
