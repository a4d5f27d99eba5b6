"""Where the city's summary of a year stands, and why it must be built anew."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from nianbao.batch.keys import output_changes, read_seal, without_seal
from nianbao.batch.status import UnitStatus
from nianbao.city import Standing, paper
from nianbao.city.paper import FAILED, NOTEBOOK, SEAL, input_digests
from nianbao.params import Unit, Units
from nianbao.publish.contract import default_notebook, notebook_digest
from nianbao.publish.formats import FAILED_LABEL, links
from nianbao.publish.ground import Ground
from nianbao.publish.manifest import SHARED
from nianbao.wording import enumeration


@dataclass(frozen=True)
class SummaryStatus:
    """Where the summary stands: ready, draft, failed or pending; names and labels of files a reader may open."""

    state: Standing
    message: str = ""
    links: tuple[tuple[str, str], ...] = ()
    warnings: int = 0

    @property
    def label(self) -> str:
        """The standing in words, with the warnings that stand in all reports together."""
        return self.state.text(self.warnings)

    @property
    def files(self) -> list[str]:
        return [name for name, _ in self.links]

    def as_json(self) -> dict[str, Any]:
        return {"state": self.state.value, "message": self.message, "files": self.files}


def ground_of(ground: Ground) -> Ground:
    """A run's ground with the notebook of the summary instead of the reports'."""
    return replace(ground, notebook=notebook_digest(default_notebook(NOTEBOOK)))


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


def summary_status(folder: Path, reasons: list[str], failure: str, statuses: Sequence[UnitStatus]) -> SummaryStatus:
    """Where the summary stands.

    Parameters
    ----------
    reasons : list of str
        Those of :func:`rebuild_reasons`.
    failure : str
        Why its last build failed, if it did.
    statuses : sequence of UnitStatus
        Where the units stand: it is ready when each is.
    """
    if failure:
        left = ((FAILED, FAILED_LABEL),) if (folder / FAILED).is_file() else ()
        return SummaryStatus(Standing.FAILED, failure, left)
    if reasons:
        return SummaryStatus(Standing.PENDING, "；".join(reasons))
    every = all(status.state is Standing.READY for status in statuses)
    ready = every and (read_seal(folder / SEAL) or {}).get("ready") is True
    state, warnings = Standing.READY if ready else Standing.DRAFT, sum(status.warnings for status in statuses)
    return SummaryStatus(state, "", links(paper.SUMMARY), warnings)
