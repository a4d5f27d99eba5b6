"""The pages of a year, kept up to date: ``index.html`` and ``status.json``."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

from nianbao.batch import summary
from nianbao.batch.keys import read_seal, rebuild_reasons
from nianbao.batch.page import INDEX, index_html, status_json
from nianbao.batch.progress_sheet import PROGRESS, progress_xlsx
from nianbao.batch.status import UnitStatus, last_failures, unit_status
from nianbao.batch.summary import PaperStatus
from nianbao.city import STATUS
from nianbao.city.papers import PAPERS, Paper
from nianbao.errors import NianbaoError
from nianbao.params import CITY_FILE, Unit, Units, load_units, years_of
from nianbao.publish.contract import notebook_digest, notebook_of, sealed_notebook
from nianbao.publish.formats import MANIFEST
from nianbao.publish.ground import Ground
from nianbao.publish.manifest import Narratives, digest, file_digest, narratives_of
from nianbao.publish.outputs import write_changed
from nianbao.wording import suggestion

_MADE_OF = "made_of"
"""Stands in the seal of the pages for everything that they say, and what draws them."""
PapersStatus = Mapping[str, PaperStatus]
"""Where the papers stand, by key; ``summary`` is always among them."""


@dataclass
class Overview:
    """Where all units of a year and the summary stand, and the pages that say so.

    Attributes
    ----------
    folder : Path
        ``output/<year>/``.
    failures : dict of str to str
        Id of a unit (or a paper's name) → why its last build failed.
    notebook : Path or None
        The notebook that was asked for, for every report.
    """

    year: int
    units: Units
    params_dir: Path
    folder: Path
    ground: Ground
    failures: dict[str, str]
    notebook: Path | None = None
    _said: tuple[tuple[UnitStatus, ...], PapersStatus] | None = field(default=None, init=False)
    """What the pages say, as long as nothing was written since."""
    _changes: dict[str, list[str]] = field(default_factory=dict, init=False)
    _narratives: Narratives | None = field(default=None, init=False)
    """Those of the year, looked at once and not by each unit; with the two above as long as nothing was written."""

    @classmethod
    def of(cls, year: int, params_dir: Path, folder: Path, notebook: Path | None = None) -> Overview:
        """What there is now, with the failures of the run before."""
        return cls(
            year, load_units(params_dir), params_dir, folder, Ground.here(notebook), last_failures(folder), notebook
        )

    def touch(self) -> None:
        """Something was written: what the pages say must be found out anew."""
        self._said = None
        self._changes.clear()
        self._narratives = None

    def own_notebook(self, unit: Unit) -> Path | None:
        """The unit's own notebook, where its report was made of that; an analyst's chart is not taken out again."""
        if self.notebook is not None or not notebook_of(unit, self.year, self.params_dir).is_file():
            return None
        return sealed_notebook(read_seal(self.folder / unit.id / MANIFEST), unit, self.year, self.params_dir)

    def ground_of(self, unit: Unit) -> Ground:
        """The run's ground with the notebook that the unit's report is made of."""
        own = self.own_notebook(unit)
        return self.ground if own is None else replace(self.ground, notebook=notebook_digest(own))

    def rebuild_reasons(self, unit: Unit) -> list[str]:
        """Why the report of a unit is not what a build would make now; found out once until something is written."""
        if unit.id not in self._changes:
            if self._narratives is None:
                self._narratives = narratives_of(self.year, self.params_dir)
            self._changes[unit.id] = rebuild_reasons(
                self.folder / unit.id, unit, self.year, self.params_dir, self.ground_of(unit), self._narratives
            )
        return self._changes[unit.id]

    def reasons(self, one: Paper, statuses: Sequence[UnitStatus]) -> list[str]:
        """Why a paper must be built anew."""
        states = {status.unit.id: (status.state, status.message) for status in statuses}
        return summary.paper_reasons(one, self.folder, self.year, self.units, states, self.params_dir, self.ground)

    def wanted(self, statuses: Sequence[UnitStatus]) -> tuple[Paper, ...]:
        """The papers that there are to be."""
        published = any(status.published for status in statuses)
        return tuple(one for one in PAPERS if one.wanted(self.year, self.params_dir, published))

    def write(self) -> tuple[tuple[UnitStatus, ...], PapersStatus]:
        """Bring the pages up to date; returns what they say. Call with the year's lock held."""
        if self._said is None:
            statuses = self._statuses()
            papers = {
                one.key: summary.paper_status(
                    one, self.folder, self.reasons(one, statuses), self.failures.get(one.name, ""), statuses
                )
                for one in self.wanted(statuses)
            }
            strays = stray_files(self.params_dir, self.year, self.units)
            told = self.year, self.units.city, statuses, strays, papers
            made_of = digest(repr((told, self.ground.library, self.ground.packages)).encode("utf-8"))
            drawn: dict[str, bytes] = {}
            if (pages := self._pages_of(made_of)) is None:
                drawn = {INDEX: index_html(*told), PROGRESS: progress_xlsx(self.year, statuses)}
                pages = {_MADE_OF: made_of} | {name: digest(data) for name, data in drawn.items()}
            write_changed(self.folder, {STATUS: status_json(*told, pages), **drawn})
            self._said = statuses, papers
        return self._said

    def _pages_of(self, made_of: str) -> dict[str, str] | None:
        """The seal of the pages in ``status.json``; None where they say or are anything else than they would now."""
        try:
            sealed: dict[str, str] = json.loads((self.folder / STATUS).read_bytes())["pages"]
            lie = {name: file_digest(self.folder / name) for name in (INDEX, PROGRESS)}
        except (OSError, ValueError, LookupError, TypeError, NianbaoError):
            return None  # none made yet, or not by this version
        return sealed if sealed == {_MADE_OF: made_of, **lie} else None

    def _statuses(self) -> tuple[UnitStatus, ...]:
        return tuple(
            unit_status(
                unit,
                self.year,
                self.params_dir,
                self.folder / unit.id,
                partial(self.rebuild_reasons, unit),
                self.failures.get(unit.id, ""),
            )
            for unit in self.units.units
        )


def stray_files(params_dir: Path, year: int, units: Units) -> tuple[str, ...]:
    """Params files whose name is no unit's: their unit would silently count as not submitted."""
    ids = [*(unit.id for unit in units.units), CITY_FILE]
    found = years_of(params_dir).get(year, ())
    name = params_dir.resolve().name
    return tuple(
        f"{name}/{year}/{stem}.yaml：文件名不是单位代号，没有采用。{suggestion(stem, ids)}"
        for stem in found
        if stem not in ids
    )
