"""What goes into the folder of one report, and why a report is not handed in."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Mapping
from pathlib import Path

from nianbao.document import Picture, read_notebook
from nianbao.document.docx.writer import write_docx
from nianbao.document.pdf.compiler import typeset
from nianbao.document.pdf.fonts import requested_folder, select_fonts, system_allowed
from nianbao.document.raster import rasterise
from nianbao.notebook.engine.lean import import_jsonschema
from nianbao.pack.letter import cover_letter
from nianbao.pack.names import file_name
from nianbao.params import load_units
from nianbao.publish.formats import MANIFEST, NOTEBOOK, REPORT, Format
from nianbao.publish.manifest import digest
from nianbao.report import Report
from nianbao.report.attachments import attachments_of
from nianbao.report.signing import signed_off
from nianbao.verify import verify
from nianbao.wording import enumeration

SEAL_NAME = "{}（校验值）.json"
"""What the seal is called for those who get it; other files as the table of formats says."""
LIST = "文件清单.csv"
_LETTER = "呈报函"


def why_not(built: Path, params_dir: Path, name: str, year: int) -> str:
    """Why what lies in a folder is no report that is handed in; empty where it is one."""
    if not (built / MANIFEST).is_file():
        return f"还没有生成。先运行 nianbao build {name} {year}"
    result = verify(built, params_dir)
    if not result.same:
        first = result.differences[0]
        return f"与重新生成的不一致，有 {len(result.differences)} 处：{str(first).rstrip('。')}。重新运行 nianbao build {name} {year}"
    if json.loads((built / MANIFEST).read_bytes())["ready"] is not True:
        return f"是草稿。先解决 nianbao check {year} {name} 列出的问题"
    return ""


def why_unsigned(report: Report, params_dir: Path) -> str:
    """What is missing of a report's sign-off where the city asks for it; empty where nothing is."""
    signed = signed_off(report, params_dir)
    if signed.complete or not load_units(params_dir).sign_off_required:
        return ""
    lapsed = [one.role for one in signed.lapsed]
    never = [role for role in signed.missing if role not in lapsed]
    reasons = [f"报告已改，签字失效：{enumeration(lapsed)}"] if lapsed else []
    reasons += [f"还没有签字：{enumeration(never)}"] if never else []
    return f"{'；'.join(reasons)}。先运行 nianbao sign {report.unit.name} {report.year}"


def contents_of(report: Report, built: Path) -> dict[str, bytes]:
    """Everything that is handed in of a report, by name.

    Raises
    ------
    OutputError
        When the title is no name for a file.
    """
    title = file_name(report.title)
    contents = named(title, REPORT, built) | {SEAL_NAME.format(title): (built / MANIFEST).read_bytes()}
    letter = cover_letter(report)
    if letter is not None:
        fonts = select_fonts(requested_folder(), system_allowed())
        contents[f"{_LETTER}.docx"] = write_docx(letter)
        contents[f"{_LETTER}.pdf"] = typeset(letter, fonts)
    for number, picture in enumerate(_pictures(built / NOTEBOOK), start=1):
        image = rasterise(picture)
        contents[f"{title}（图{number}）.{image.suffix}"] = image.data
    for attached in attachments_of(report):
        if attached.file is not None:
            name = file_name(f"{attached.label} {attached.name}") + attached.file.suffix.lower()
            contents[name] = attached.file.read_bytes()
    return contents


def named(title: str, formats: tuple[Format, ...], built: Path) -> dict[str, bytes]:
    """The files of these formats that are handed in, under the names that they are handed in by."""
    return {one.packed.format(title): (built / one.name).read_bytes() for one in formats if one.packed}


def _pictures(notebook: Path) -> Iterator[Picture]:
    """The pictures of the document, for a site whose editor takes files alone."""
    import_jsonschema()
    import nbformat

    for block in read_notebook(nbformat.read(notebook, 4)).blocks:
        if isinstance(block, Picture) and not block.page:
            yield block


def listed(contents: Mapping[str, bytes]) -> dict[str, bytes]:
    """The contents with the list of them: name, size and SHA-256 of every file, as CSV that Excel and WPS read."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(("文件", "字节", "SHA-256"))
    writer.writerows((name, len(data), digest(data)) for name, data in contents.items())
    return {**contents, LIST: text.getvalue().encode("utf-8-sig")}
