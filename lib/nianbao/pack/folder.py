"""The folder that is handed in: confirmed, named, listed, zipped."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import nbformat

from nianbao.document import Picture, read_notebook
from nianbao.document.docx.writer import write_docx
from nianbao.document.pdf.compiler import typeset
from nianbao.document.pdf.fonts import requested_folder, select_fonts, system_allowed
from nianbao.document.raster import rasterise
from nianbao.office.archive import packed
from nianbao.pack.letter import cover_letter
from nianbao.pack.names import file_name
from nianbao.params import Unit, load_units
from nianbao.publish.formats import MANIFEST, NOTEBOOK, REPORT
from nianbao.publish.manifest import digest
from nianbao.publish.outputs import write_changed
from nianbao.report import Report, load_report
from nianbao.report.attachments import attachments_of
from nianbao.report.signing import sign_off
from nianbao.verify import verify
from nianbao.wording import enumeration

SEAL_NAME = "{}（校验值）.json"
"""What the seal is called for those who get it; other files as the table of formats says."""
LIST = "文件清单.csv"
_LETTER = "呈报函"


@dataclass(frozen=True)
class Refusal:
    """A report that is not packed, and why."""

    unit: Unit
    reason: str


@dataclass(frozen=True)
class Packed:
    """What was packed (unit and folder), and what was refused."""

    folders: tuple[tuple[Unit, Path], ...]
    refusals: tuple[Refusal, ...]


def pack(year: int, units: Sequence[str], params_dir: Path, out_dir: Path, target: Path) -> Packed:
    """Pack the built reports of these units (ids) from ``out_dir/<year>/`` into ``target/<name of the unit>/``.

    Each report is built anew and compared first; one that is missing, a draft or not what a build would make is
    refused, and what was packed of it earlier stays as it was. The same reports give the same bytes.

    Raises
    ------
    NianbaoError
        When the target cannot be written, or the title of a report is no name for a file.
    """
    known = load_units(params_dir)
    folders: list[tuple[Unit, Path]] = []
    refusals: list[Refusal] = []
    for name in units:
        unit = known.find(name)
        built = out_dir / str(year) / unit.id
        if reason := _why_not(built, params_dir, unit, year):
            refusals.append(Refusal(unit, reason))
            continue
        report = load_report(unit.id, year, params_dir)
        contents = contents_of(report, built)
        folder = target / file_name(unit.name)
        write_changed(folder, contents)
        write_changed(target, {f"{file_name(report.title)}.zip": packed(_within(unit.name, contents))})
        folders.append((unit, folder))
    return Packed(tuple(folders), tuple(refusals))


def _why_not(built: Path, params_dir: Path, unit: Unit, year: int) -> str:
    """Why a report is not handed in; empty where it may be."""
    if not (built / MANIFEST).is_file():
        return f"还没有生成。先运行 nianbao build {unit.name} {year}"
    result = verify(built, params_dir)
    if not result.same:
        first = result.differences[0]
        return f"与重新生成的不一致，有 {len(result.differences)} 处：{str(first).rstrip('。')}。重新运行 nianbao build {unit.name} {year}"
    if json.loads((built / MANIFEST).read_bytes())["ready"] is not True:
        return f"是草稿。先解决 nianbao check {year} {unit.name} 列出的问题"
    signed = sign_off(params_dir, unit, year)
    if load_units(params_dir).sign_off_required and not signed.complete:
        return f"还没有签字：{enumeration(signed.missing)}。先运行 nianbao sign {unit.name} {year}"
    return ""


def contents_of(report: Report, built: Path) -> dict[str, bytes]:
    """Everything that goes into the folder of a report, by name; the list last.

    Raises
    ------
    OutputError
        When the title is no name for a file.
    """
    title = file_name(report.title)
    names = {one.name: one.packed for one in REPORT if one.packed} | {MANIFEST: SEAL_NAME}
    contents = {name.format(title): (built / own).read_bytes() for own, name in names.items()}
    letter = cover_letter(report)
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
    return {**contents, LIST: _list(contents)}


def _pictures(notebook: Path) -> Iterator[Picture]:
    """The pictures of the document, for a site whose editor takes files alone."""
    for block in read_notebook(nbformat.read(notebook, 4)).blocks:
        if isinstance(block, Picture) and not block.page:
            yield block


def _list(contents: Mapping[str, bytes]) -> bytes:
    """Name, size and SHA-256 of every file, as CSV that Excel and WPS read."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(("文件", "字节", "SHA-256"))
    writer.writerows((name, len(data), digest(data)) for name, data in contents.items())
    return text.getvalue().encode("utf-8-sig")


def _within(folder: str, contents: Mapping[str, bytes]) -> dict[str, bytes]:
    return {f"{folder}/{name}": data for name, data in contents.items()}
