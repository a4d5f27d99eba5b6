"""Verify a report's folder, or a year's."""

from __future__ import annotations

import json
import re
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nianbao.batch import run_batch
from nianbao.batch.page import PAGES
from nianbao.batch.summary import ground_of
from nianbao.city import STATUS, Standing
from nianbao.city.inputs import FOLDER
from nianbao.city.own import city_work
from nianbao.city.papers import PAPERS, Paper
from nianbao.errors import MissingParamsError, NianbaoError, UnknownUnitError, UsageError, reason_of
from nianbao.params import Unit, Units, load_units, params_path, parse_year
from nianbao.publish import compare, formats
from nianbao.publish.build import build
from nianbao.publish.compare import Comparer
from nianbao.publish.contract import sealed_notebook
from nianbao.publish.difference import Difference
from nianbao.publish.formats import MANIFEST, Format
from nianbao.publish.ground import Ground
from nianbao.publish.make import Work, make, prepare
from nianbao.publish.manifest import digest, input_digests
from nianbao.report.tables import TABLES
from nianbao.statute.bodies import CITY
from nianbao.verify import grounds
from nianbao.wording import enumeration

_OWN = {".lock", "logs"}
"""What a batch leaves in a year's folder for itself."""


@dataclass(frozen=True)
class Verification:
    """What came of it; ``files`` is how many were compared."""

    name: str
    files: int
    differences: tuple[Difference, ...]

    @property
    def same(self) -> bool:
        return not self.differences


def verify(folder: Path, params_dir: Path, *, workers: int | None = None) -> Verification:
    """Rebuild what lies in ``output/<year>/<unit>`` or ``output/<year>`` and compare; `folder` is only read.

    Raises
    ------
    UsageError
        The folder holds neither a manifest nor a status page of ours, or one that cannot be read.
    MissingParamsError
        The params it was made from are not there.
    """
    where = folder.as_posix()
    if not folder.is_dir():
        raise UsageError(where, "没有这个文件夹", "检查路径")
    units = load_units(params_dir)
    if (folder / MANIFEST).is_file():
        return _verify_unit(folder, units, params_dir)
    if (folder / STATUS).is_file():
        return _verify_year(folder, units, params_dir, workers)
    raise UsageError(
        where,
        f"既没有 {MANIFEST} 也没有 {STATUS}，不是 nianbao 生成的文件夹",
        "写 output/<年份> 或 output/<年份>/<单位代号>",
    )


def _verify_unit(folder: Path, units: Units, params_dir: Path) -> Verification:
    sealed = _sealed(folder / MANIFEST)
    unit, year = _identity(folder / MANIFEST, sealed, units)
    found = list(_named(folder, unit, year, units))
    notebook = sealed_notebook(sealed, unit, year, params_dir)
    inputs, ground = _grounds_of(folder, unit, year, params_dir, notebook)
    found += list(grounds.inputs("", sealed["inputs"], inputs))
    found += grounds.ground("", sealed, ground)
    try:
        contents = _rebuilt(folder, unit, year, params_dir, notebook)
    except MissingParamsError as error:
        raise _elsewhere(folder, (folder,)) from error
    except NianbaoError as error:
        found.append(Difference("重新生成", str(error).rstrip("。")))
        return Verification(f"{unit.name} {year}", 0, tuple(found))
    beside = [name for one in PAPERS if unit.kind == CITY.name and one.folder for name in _paper_files(one)]
    found += _files("", folder, contents, sealed, beside)
    return Verification(f"{unit.name} {year}", len(contents), tuple(found))


def _city_work(folder: Path, year: int, params_dir: Path) -> Work:
    """The city's own report, from the reports that lie beside its folder, where there are any."""
    beside = folder.resolve().parent
    return city_work(year, params_dir, beside if (beside / STATUS).is_file() else None)


def _grounds_of(
    folder: Path, unit: Unit, year: int, params_dir: Path, notebook: Path | None
) -> tuple[Mapping[str, str], Ground]:
    if unit.kind == CITY.name:
        work = _city_work(folder, year, params_dir)
        return work.inputs(), Ground.here(work.notebook)
    return input_digests(unit, year, params_dir), Ground.here(notebook)


def _rebuilt(folder: Path, unit: Unit, year: int, params_dir: Path, notebook: Path | None) -> Mapping[str, bytes]:
    if unit.kind == CITY.name:
        return make(prepare(_city_work(folder, year, params_dir))).contents
    return build(unit.id, year, params_dir, notebook=notebook)


def _elsewhere(folder: Path, reports: Iterable[Path]) -> MissingParamsError:
    """None of the params that a folder was made from is there: which others to name."""
    where = folder.as_posix()
    sample = any(_is_sample(report) for report in reports)
    made = "它是示例，由 nianbao demo 的参数生成" if sample else "生成它的参数不在这个参数文件夹里"
    name = "示例" if sample else "文件夹"
    return MissingParamsError(where, made, f"指明那个参数文件夹：nianbao verify {where} --params {name}")


def _is_sample(report: Path) -> bool:
    """Whether a report's own figures say that they are invented."""
    try:
        content = json.loads((report / TABLES).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return isinstance(content, dict) and content.get("sample") is True


def _named(folder: Path, unit: Unit, year: int, units: Units) -> Iterator[Difference]:
    """A folder that bears another unit's name or another year is not what it says; any other name says nothing."""
    place = folder.resolve()
    content = f"其中是{unit.name} {year} 年的报告"
    if any(place.name in (other.id, other.name) for other in units.units if other.id != unit.id):
        yield Difference(f"文件夹 {place.name}", content)
    if re.fullmatch("[0-9]{4}", place.parent.name) and place.parent.name != str(year):
        yield Difference(f"文件夹 {place.parent.name}/{place.name}", content)


def _verify_year(folder: Path, units: Units, params_dir: Path, workers: int | None) -> Verification:
    year = _year(folder / STATUS)
    known = {unit.id: unit for unit in units.units}
    places = {path.name: path for path in sorted(folder.iterdir()) if path.is_dir() and path.name in known}
    built = [name for name, place in places.items() if (place / MANIFEST).is_file()]
    if not built:
        raise UsageError(folder.as_posix(), "没有任何一份报告的清单", "先运行 nianbao batch")
    if not any(params_path(params_dir, known[name], year).is_file() for name in built):
        raise _elsewhere(folder, [places[name] for name in built])
    found: list[Difference] = []
    if re.fullmatch("[0-9]{4}", folder.resolve().name) and folder.resolve().name != str(year):
        found.append(Difference(f"文件夹 {folder.resolve().name}", f"其中是 {year} 年的报告"))
    shared: dict[Difference, list[str]] = {}
    count = 0
    with tempfile.TemporaryDirectory(prefix="nianbao-verify-") as temporary:
        tried = [name for name in known if name in built or name in _failed(folder / STATUS)]
        done = run_batch(year, tried, params_dir, Path(temporary), workers=workers)
        ground = Ground.here()
        for status in done.statuses:
            if status.unit.id not in built:
                continue
            place, start = places[status.unit.id], f"{status.unit.name} "
            try:
                sealed = _sealed(place / MANIFEST)
                unit, _ = _identity(place / MANIFEST, sealed, units)
            except UsageError as error:
                found.append(Difference(f"{start}{MANIFEST}", error.wrong))
                continue
            if unit.id != status.unit.id:
                found.append(Difference(f"{start}{MANIFEST}", f"是{unit.name}的"))
                continue
            found += grounds.inputs(start, sealed["inputs"], input_digests(unit, year, params_dir))
            own = sealed_notebook(sealed, unit, year, params_dir)
            for difference in grounds.ground("", sealed, ground if own is None else Ground.here(own)):
                shared.setdefault(difference, []).append(unit.name)
            if status.state is Standing.MISSING:
                found.append(Difference(f"{start}重新生成", "参数文件已不存在"))
            elif not status.state.counted:
                found.append(Difference(f"{start}重新生成", status.message.rstrip("。")))
            else:
                try:
                    made = (
                        _read(done.folder / unit.id) if own is None else build(unit.id, year, params_dir, notebook=own)
                    )
                except NianbaoError as error:
                    found.append(Difference(f"{start}重新生成", str(error).rstrip("。")))
                    continue
                count += len(made)
                found += _files(start, place, made, sealed)
        states = {status.unit.id: status.state for status in done.statuses}
        for place, papers in _by_folder(folder):
            rebuilt = done.folder / place.relative_to(folder)
            names = {name: one for paper in papers for name, one in _paper_files(paper).items()}
            names |= PAGES if place == folder else {}
            contents = {
                name: data
                for name, data in _read(rebuilt).items()
                if name in names or name.startswith(formats.PICTURES)
            }
            count += len(contents)
            if place == folder:
                found += _year_files(folder, contents, names, known, places)
            elif place.is_dir():
                found += _compared(f"{place.name}/", place, contents, names)
                found += _extra(f"{place.name}/", place, contents, ())
            elif contents:
                found.append(Difference(f"{place.name}/", "缺失"))
            for paper in papers:
                if paper.seal in contents and (place / paper.seal).is_file():
                    found += _paper_grounds(paper, folder, states, year, params_dir, ground, contents)
    together = [Difference(one.where, f"{one.what}（{enumeration(who)}）") for one, who in shared.items()]
    return Verification(f"{year} 年", count, (*together, *dict.fromkeys(found)))


def _by_folder(folder: Path) -> list[tuple[Path, list[Paper]]]:
    """The folders of a year in which papers lie, each with these."""
    found: dict[Path, list[Paper]] = {}
    for one in PAPERS:
        found.setdefault(one.place(folder), []).append(one)
    return list(found.items())


def _paper_files(paper: Paper) -> dict[str, Comparer]:
    return _comparers(paper.formats(), {paper.seal: paper.compare_seal})


def _paper_grounds(
    paper: Paper,
    folder: Path,
    states: Mapping[str, Standing],
    year: int,
    params_dir: Path,
    ground: Ground,
    contents: Mapping[str, bytes],
) -> Iterator[Difference]:
    place = paper.place(folder)
    try:
        sealed = _sealed(place / paper.seal)
    except UsageError:
        return  # said already, as a file that differs
    yield from grounds.inputs(f"{paper.name} ", sealed["inputs"], paper.inputs(states, year, params_dir, folder))
    yield from grounds.ground(f"{paper.name} ", sealed, ground_of(ground, paper.notebook))
    named = [one.name for one in paper.formats() if one.sealed]
    if paper.formats() is formats.REPORT:
        named += [name for name in contents if name.startswith(formats.PICTURES)]
    rebuilt = {name: digest(contents[name]) for name in named}
    yield from grounds.outputs(f"{paper.name} ", place, sealed["outputs"], rebuilt)


def _files(
    start: str, folder: Path, contents: Mapping[str, bytes], sealed: Mapping[str, Any], beside: Iterable[str] = ()
) -> Iterator[Difference]:
    """A report's files against those rebuilt; `beside` names what else may lie there."""
    outputs = json.loads(contents[MANIFEST])["outputs"]
    yield from grounds.outputs(start, folder, sealed["outputs"], outputs)
    yield from _compared(
        start, folder, contents, _comparers((*formats.REPORT, *formats.SLIP), {MANIFEST: compare.seal})
    )
    yield from _extra(start, folder, contents, beside)


def _comparers(table: Iterable[Format], others: Mapping[str, Comparer]) -> dict[str, Comparer]:
    """What compares each file, by its name."""
    return {one.name: one.compare for one in table} | dict(others)


def _year_files(
    folder: Path,
    contents: Mapping[str, bytes],
    comparers: Mapping[str, Comparer],
    known: Mapping[str, Unit],
    places: Mapping[str, Path],
) -> Iterator[Difference]:
    """What lies in the year's folder beside the reports."""
    yield from _compared("", folder, contents, comparers)
    yield from _extra("", folder, contents, (*known, *_OWN, FOLDER))
    for name, place in places.items():
        if not (place / MANIFEST).is_file():
            yield from _extra(f"{known[name].name} ", place, {}, ())


def _compared(
    start: str, folder: Path, contents: Mapping[str, bytes], comparers: Mapping[str, Comparer]
) -> Iterator[Difference]:
    for name, rebuilt in contents.items():
        path = folder / name
        if path.is_file():
            compared = compare.by_bytes if name.startswith(formats.PICTURES) else comparers[name]
            yield from compared(f"{start}{name}", path.read_bytes(), rebuilt)
        else:
            yield Difference(f"{start}{name}", "缺失")


def _extra(start: str, folder: Path, contents: Mapping[str, bytes], own: Iterable[str]) -> Iterator[Difference]:
    pictures = [name for name in contents if name.startswith(formats.PICTURES)]
    kept = {*contents, *own, *([formats.PICTURES.rstrip("/")] if pictures else [])}
    there = sorted(folder.iterdir()) + (sorted((folder / formats.PICTURES).glob("*")) if pictures else [])
    for path in there:
        name = path.relative_to(folder).as_posix()
        if name not in kept:
            yield Difference(f"{start}{name}{'/' if path.is_dir() else ''}", "多出，重新生成没有")


def _read(folder: Path) -> dict[str, bytes]:
    """The files of a folder, its pictures among them; none where there is no such folder."""
    paths = [*sorted(folder.iterdir()), *sorted((folder / formats.PICTURES).glob("*"))] if folder.is_dir() else []
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths if path.is_file()}


def _sealed(path: Path) -> dict[str, Any]:
    """A manifest of ours.

    Raises
    ------
    UsageError
    """
    content = _json(path)
    if not isinstance(content, dict) or not all(isinstance(content.get(key), dict) for key in ("inputs", "outputs")):
        raise UsageError(path.as_posix(), "不是 nianbao 的清单", "检查路径，或重新生成")
    return content


def _identity(path: Path, sealed: Mapping[str, Any], units: Units) -> tuple[Unit, int]:
    try:
        return units.find(str(sealed.get("unit"))), parse_year(sealed.get("year", ""))
    except (UnknownUnitError, UsageError) as error:
        raise UsageError(path.as_posix(), f"{error.where}{error.wrong}", "检查路径，或重新生成") from None


def _year(path: Path) -> int:
    content = _json(path)
    try:
        return parse_year(content["year"])
    except (UsageError, LookupError, TypeError):
        raise UsageError(
            path.as_posix(), "没有年份，不是 nianbao 的总览", "检查路径，或重新运行 nianbao batch"
        ) from None


def _failed(path: Path) -> list[str]:
    """Ids of units whose build failed, as a status page has them; one that is broken is named as a difference."""
    content = _json(path)
    units = content.get("units") if isinstance(content, dict) else None
    entries = [unit for unit in units if isinstance(unit, dict)] if isinstance(units, list) else []
    return [str(unit.get("id")) for unit in entries if unit.get("state") == Standing.FAILED.value]


def _json(path: Path) -> Any:
    try:
        return json.loads(path.read_bytes())
    except OSError as error:
        raise UsageError(path.as_posix(), f"读不出（{reason_of(error)}）", "检查权限") from None
    except ValueError:
        raise UsageError(path.as_posix(), "不是合法的 JSON", "检查路径，或重新生成") from None
