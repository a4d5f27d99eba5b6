"""Which params files would be written for which files, and writing them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from nianbao.errors import ErrorList, NianbaoError, UsageError
from nianbao.params import Unit, load_units, params_path
from nianbao.params.commit import FileChange, write_all
from nianbao.params.writer import dump_params
from nianbao.params.yamlio import display_name
from nianbao.project.adopt.faithful import faithful, with_waivers
from nianbao.project.adopt.found import Found, sources_of
from nianbao.project.adopt.values import header_of, lines_of, narrative_of, values_of
from nianbao.published.figure import UNREAD


@dataclass(frozen=True)
class Adoption:
    """A params file that would be written.

    Attributes
    ----------
    unread : tuple of str
        What of the source was not read and is left to be filled in, a Chinese name each.
    lines : tuple of str
        What is taken over, a Chinese line each.
    """

    source: Path
    unit: Unit
    year: int
    path: Path
    text: str
    unread: tuple[str, ...]
    lines: tuple[str, ...]


def plan_adoption(
    files: Sequence[Path],
    params_dir: Path,
    *,
    unit: Unit | None = None,
    year: int | None = None,
    force: bool = False,
    waived_by: str | None = None,
) -> tuple[Adoption, ...]:
    """What would be written for some files; nothing is.

    Parameters
    ----------
    unit, year
        What every file must be of, where that is asked.
    waived_by : str or None
        Whose name the waivers bear that published faults get; None for no waivers.

    Raises
    ------
    ErrorList
        Everything that is wrong with any of the files.
    """
    units = load_units(params_dir)
    errors: list[NianbaoError] = []
    plans: dict[tuple[str, int], Adoption] = {}
    for source, found in sources_of(files, units):
        if isinstance(found, NianbaoError):
            errors.append(found)
            continue
        try:
            plan = _plan(source, found, params_dir, waived_by)
            _refuse_others(plan, unit, year)
            if plan.path.exists() and not force:
                wrong = f"{display_name(plan.path)} 已经有了，不会覆盖它"
                raise UsageError(source.as_posix(), wrong, "确要覆盖的，加 --force")
            known = plans.setdefault((plan.unit.id, plan.year), plan)
            if known is not plan and _said(known.text) != _said(plan.text):
                raise UsageError(
                    source.as_posix(),
                    f"与 {known.source.as_posix()} 同为{plan.unit.name} {plan.year} 年的报告而内容不同",
                    "只给其中一份",
                )
        except NianbaoError as error:
            errors.append(error)
    if errors:
        raise ErrorList(tuple(errors))
    return tuple(plans.values())


def adopt(plans: Sequence[Adoption], params_dir: Path) -> tuple[Path, ...]:
    """Write what was planned, all of it or nothing."""
    changes = [
        FileChange(plan.path, plan.path.read_bytes() if plan.path.exists() else None, plan.text.encode("utf-8"))
        for plan in plans
    ]
    return write_all(changes, params_dir)


def _said(text: str) -> str:
    """A params file without its comments."""
    return "\n".join(line for line in text.split("\n") if not line.startswith("#"))


def _refuse_others(plan: Adoption, unit: Unit | None, year: int | None) -> None:
    if unit is not None and plan.unit.id != unit.id:
        raise UsageError(
            plan.source.as_posix(), f"是{plan.unit.name}的报告，应为{unit.name}", "核对文件，或去掉 --unit"
        )
    if year is not None and plan.year != year:
        raise UsageError(plan.source.as_posix(), f"是 {plan.year} 年的报告，应为 {year} 年", "核对文件，或去掉 --year")


def _plan(source: Path, found: Found, params_dir: Path, waived_by: str | None) -> Adoption:
    unread = [found.edition.fields[key].label for key, cell in found.cells.items() if cell in UNREAD]
    narrative, missing = narrative_of(found)
    values = values_of(found, narrative)
    path = params_path(params_dir, found.unit, found.year)
    header = header_of(source, found, [*unread, *missing])
    text = dump_params(None, values, header=header, name=display_name(path))
    loaded, text = faithful(text, values, found, params_dir, header)
    if waived_by is not None:
        text = with_waivers(loaded, values, found, params_dir, header, waived_by)
    return Adoption(source, found.unit, found.year, path, text, (*unread, *missing), lines_of(values, found))
