"""What the city's office hands in: its own report, the publication note and the summary, with every body's folder."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from urllib.parse import quote

from nianbao.city.inputs import FOLDER
from nianbao.city.own import load_report
from nianbao.city.papers import PAPERS, Paper
from nianbao.city.unit import from_files
from nianbao.errors import NianbaoError
from nianbao.pack.contents import contents_of, listed, named, why_not, why_unsigned
from nianbao.pack.names import file_name
from nianbao.params import Unit, load_units
from nianbao.publish.formats import PAGE, REPORT
from nianbao.publish.make import make, prepare
from nianbao.report import Report

_CITY, _NOTE, _SUMMARY = "city", "note", "summary"
_PAGE_NAME = next(one.packed for one in REPORT if one.name == PAGE)


def city_contents(
    year: int, params_dir: Path, out_dir: Path, bodies: Mapping[str, tuple[Unit, Report]]
) -> tuple[Report, dict[str, bytes]] | str:
    """The city's own report and what goes into its folder, by name, the list last; or why it is not handed in.

    Parameters
    ----------
    bodies : mapping
        The bodies that were packed, by id: the city's report is handed in with all of them or not at all.
    """
    units, built = load_units(params_dir), out_dir / str(year)
    if without := [unit for unit in units.units if unit.id not in bodies]:
        return f"有 {len(without)} 个单位没有装入，全市报告与各单位的报告一起报送"
    if reason := why_not(built / FOLDER, params_dir, units.city.name, year):
        return reason
    report = load_report(year, params_dir)
    if reason := why_unsigned(report, params_dir):
        return reason
    contents = contents_of(report, built / FOLDER)
    published = any(from_files(unit, year, built / unit.id).published for unit in units.units)
    for one in PAPERS:
        if one.key == _CITY or not one.wanted(year, params_dir, published):
            continue
        found = _paper(one, year, params_dir, built)
        if isinstance(found, str):
            return f"{one.name}{found}"
        contents |= _linked(found, bodies) if one.key == _SUMMARY else found
    return report, listed(contents)


def _paper(one: Paper, year: int, params_dir: Path, built: Path) -> dict[str, bytes] | str:
    """The files of a paper that is what a build would make now, and no draft."""
    place, again = one.place(built), f"重新运行 nianbao batch {year}"
    if not (place / one.seal).is_file():
        return f"还没有生成。{again}"
    try:
        made = make(prepare(one.work(year, params_dir, built)))
    except NianbaoError as error:
        return f"不能重新生成：{str(error).rstrip('。')}"
    changed = [name for name, data in made.contents.items() if not _same(place / name, data)]
    if changed:
        return f"与重新生成的不一致：{'、'.join(changed)}。{again}"
    if not made.subject.ready:
        return "是草稿。先看总览页列出的问题"
    return named(file_name(made.subject.title), one.formats(), place)


def _same(path: Path, data: bytes) -> bool:
    return path.is_file() and path.read_bytes() == data


def _linked(contents: dict[str, bytes], bodies: Mapping[str, tuple[Unit, Report]]) -> dict[str, bytes]:
    """The summary's pages with links that lead into the folders that are handed in beside the city's."""
    done = dict(contents)
    for name, data in contents.items():
        if name.endswith(".html"):
            for id_, (unit, report) in bodies.items():
                to = f"../{file_name(unit.name)}/{_PAGE_NAME.format(file_name(report.title))}"
                data = data.replace(f'href="{id_}/{PAGE}"'.encode(), f'href="{quote(to)}"'.encode())
            done[name] = data
    return done
