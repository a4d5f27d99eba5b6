"""The folders that are handed in: confirmed, named, listed, zipped."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from nianbao.office.archive import packed
from nianbao.pack.city import city_contents
from nianbao.pack.contents import contents_of, listed, why_not, why_unsigned
from nianbao.pack.names import file_name
from nianbao.params import Unit, load_units
from nianbao.publish.outputs import write_changed
from nianbao.report import Report, load_report
from nianbao.report.signing import signed_off
from nianbao.statute.bodies import CITY


@dataclass(frozen=True)
class Refusal:
    """A report that is not packed, and why."""

    unit: Unit
    reason: str


@dataclass(frozen=True)
class Packed:
    """What was packed (unit and folder), what was refused, and who signed what was packed, by id of the unit."""

    folders: tuple[tuple[Unit, Path], ...]
    refusals: tuple[Refusal, ...]
    signed: Mapping[str, str]


def pack(year: int, units: Sequence[str], params_dir: Path, out_dir: Path, target: Path) -> Packed:
    """Pack the built reports of these units (ids) from ``out_dir/<year>/`` into ``target/<name of the unit>/``.

    Each report is built anew and compared first; one that is missing, a draft or not what a build would make is
    refused, and what was packed of it earlier stays as it was. The same reports give the same bytes. Where the city
    is among the units its own report is packed, with note and summary, and every body's report with it.

    Raises
    ------
    NianbaoError
        When the target cannot be written, or the title of a report is no name for a file.
    """
    known = load_units(params_dir)
    chosen = [known.find(name) for name in units]
    whole = any(unit.kind == CITY.name for unit in chosen)
    folders: list[tuple[Unit, Path]] = []
    refusals: list[Refusal] = []
    bodies: dict[str, tuple[Unit, Report]] = {}
    together: dict[str, bytes] = {}
    signed: dict[str, str] = {}
    for unit in known.units if whole else chosen:
        built = out_dir / str(year) / unit.id
        if reason := why_not(built, params_dir, unit.name, year):
            refusals.append(Refusal(unit, reason))
            continue
        report = load_report(unit.id, year, params_dir)
        if reason := why_unsigned(report, params_dir):
            refusals.append(Refusal(unit, reason))
            continue
        contents = listed(contents_of(report, built))
        folders.append((unit, _write(target, unit, report, contents, _within(unit.name, contents))))
        bodies[unit.id] = unit, report
        signed[unit.id] = signed_off(report, params_dir).text
        if whole:
            together |= _within(unit.name, contents)
    if whole:
        found = city_contents(year, params_dir, out_dir, bodies)
        if isinstance(found, str):
            refusals.append(Refusal(known.city, found))
        else:
            report, contents = found
            every = _within(known.city.name, contents) | together
            signed[known.city.id] = signed_off(report, params_dir).text
            folders.append((known.city, _write(target, known.city, report, contents, every)))
    return Packed(tuple(folders), tuple(refusals), signed)


def _write(
    target: Path, unit: Unit, report: Report, contents: Mapping[str, bytes], archived: Mapping[str, bytes]
) -> Path:
    """Write a folder, and a ZIP beside it; returns the folder."""
    folder = target / file_name(unit.name)
    write_changed(folder, contents)
    write_changed(target, {f"{file_name(report.title)}.zip": packed(archived)})
    return folder


def _within(folder: str, contents: Mapping[str, bytes]) -> dict[str, bytes]:
    return {f"{folder}/{name}": data for name, data in contents.items()}
