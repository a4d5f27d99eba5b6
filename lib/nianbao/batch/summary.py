"""Where the papers of the city's office stand, and why one must be built anew."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from nianbao.batch.keys import output_changes, read_seal, without_seal
from nianbao.batch.status import UnitStatus
from nianbao.city import Standing, paper
from nianbao.city.paper import NOTEBOOK, SEAL, input_digests
from nianbao.city.papers import Paper
from nianbao.params import Unit, Units
from nianbao.publish.contract import default_notebook, notebook_digest
from nianbao.publish.formats import FAILED_LABEL, links
from nianbao.publish.ground import Ground
from nianbao.publish.manifest import SHARED
from nianbao.wording import enumeration


@dataclass(frozen=True)
class PaperStatus:
    """Where a paper stands: ready, draft, failed or pending; names and labels of files a reader may open.

    ``signed`` says who signed it, as its seal does.
    """

    state: Standing
    message: str = ""
    links: tuple[tuple[str, str], ...] = ()
    warnings: int = 0
    signed: str = ""

    @property
    def label(self) -> str:
        """The standing in words, with the warnings that stand in all reports together."""
        return self.state.text(self.warnings)

    @property
    def files(self) -> list[str]:
        return [name for name, _ in self.links]

    def as_json(self) -> dict[str, Any]:
        return {"state": self.state.value, "message": self.message, "files": self.files, "signed": self.signed}


def ground_of(ground: Ground, notebook: str = NOTEBOOK) -> Ground:
    """A run's ground with the notebook of a paper instead of the reports'."""
    return replace(ground, notebook=notebook_digest(default_notebook(notebook)))


def paper_reasons(
    one: Paper,
    folder: Path,
    year: int,
    units: Units,
    states: Mapping[str, tuple[Standing, str]],
    params_dir: Path,
    ground: Ground,
) -> list[str]:
    """Why a paper below `folder` is not what a build would make now; empty when it is."""
    if one.key == "summary":
        return rebuild_reasons(folder, year, units, states, params_dir, ground)
    place = one.place(folder)
    if (sealed := read_seal(place / one.seal)) is None:
        return without_seal(place / one.seal)
    now = one.inputs({unit: state for unit, (state, _) in states.items()}, year, params_dir, folder)
    before = sealed["inputs"]
    changed = [name for name in sorted({*before, *now}) if before.get(name) != now.get(name)]
    reasons = [f"{enumeration(changed[:_MOST])}{'等' if len(changed) > _MOST else ''}有变"] if changed else []
    reasons += ground_of(ground, one.notebook).changes_since(sealed)
    return reasons + output_changes(place, one.formats(), sealed["outputs"])


_MOST = 3


def rebuild_reasons(
    folder: Path, year: int, units: Units, states: Mapping[str, tuple[Standing, str]], params_dir: Path, ground: Ground
) -> list[str]:
    """Why the summary in `folder` is not what a build would make now; empty when it is.

    Parameters
    ----------
    states : mapping
        Unit id → where it stands, and the message.
    """
    if (sealed := read_seal(folder / SEAL)) is None:
        return without_seal(folder / SEAL)
    inputs, before = sealed["inputs"], sealed.get("states")
    if not isinstance(before, dict):
        return [f"{SEAL} 读不出"]
    reasons = []
    now = {unit: [state.value, message] for unit, (state, message) in states.items()}
    if moved := [unit.name for unit in units.units if before.get(unit.id) != now.get(unit.id)]:
        reasons.append(f"状态有变：{enumeration(moved)}")
    digests = input_digests({unit: state for unit, (state, _) in states.items()}, year, params_dir, folder)
    if changed := [unit.name for unit in units.units if _differs(unit, year, inputs, digests)]:
        reasons.append(f"数据有变：{enumeration(changed)}")
    reasons += [f"{name} 已改" for name in SHARED if inputs.get(name) != digests.get(name)]
    reasons += ground_of(ground).changes_since(sealed)
    return reasons + output_changes(folder, paper.SUMMARY, sealed["outputs"])


def _differs(unit: Unit, year: int, before: Mapping[str, str], now: Mapping[str, str]) -> bool:
    starts = (f"{year}/{unit.id}/", f"{year - 1}/{unit.id}/", f"{year - 1}/{unit.id}.yaml")
    return any(before.get(name) != now.get(name) for name in {*before, *now} if name.startswith(starts))


def paper_status(
    one: Paper, year_folder: Path, reasons: list[str], failure: str, statuses: Sequence[UnitStatus]
) -> PaperStatus:
    """Where a paper stands.

    Parameters
    ----------
    reasons : list of str
        Those of :func:`paper_reasons`.
    failure : str
        Why its last build failed, if it did.
    statuses : sequence of UnitStatus
        Where the units stand: the summary is ready when each is.
    """
    folder = one.place(year_folder)
    start = f"{one.folder}/" if one.folder else ""
    if failure:
        left = ((f"{start}{one.failed}", FAILED_LABEL),) if (folder / one.failed).is_file() else ()
        return PaperStatus(Standing.FAILED, failure, left)
    if reasons:
        return PaperStatus(Standing.PENDING, "；".join(reasons))
    every = one.key == "note" or all(status.state is Standing.READY for status in statuses)
    sealed = read_seal(folder / one.seal) or {}
    ready = every and sealed.get("ready") is True
    signed = str(sealed.get("sign_off", {}).get("text", ""))
    warnings = sum(status.warnings for status in statuses) if one.key == "summary" else 0
    shown = tuple((f"{start}{name}", label) for name, label in links(one.formats()))
    return PaperStatus(Standing.READY if ready else Standing.DRAFT, "", shown, warnings, signed)
