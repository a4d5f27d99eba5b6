"""Where every unit of a year stands, read from ``params/`` and from what was built."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from nianbao.city import STATUS, Standing
from nianbao.city.papers import PAPERS
from nianbao.city.unit import from_files
from nianbao.errors import NianbaoError
from nianbao.params import Unit, params_path
from nianbao.params.models import Published
from nianbao.publish import formats
from nianbao.publish.formats import FAILED, FAILED_LABEL
from nianbao.report.signing import sign_off
from nianbao.rules.finding import Finding


@dataclass(frozen=True)
class UnitStatus:
    """Where one unit stands.

    Attributes
    ----------
    message : str
        Why it failed, or why what was built is not what a build would make now.
    findings : tuple of Finding
        Only of a report that is ready or a draft.
    links : tuple of (str, str)
        Names and labels of files in the unit's folder that a reader may open.
    sample : bool
        Whether the figures are invented; only of a report that is ready or a draft.
    signed : str
        Who signed, and what has lapsed; empty where nobody did.
    published : Published or None
        Where and when it was published; only of a report that is ready or a draft, where that is known.
    """

    unit: Unit
    state: Standing
    message: str = ""
    counts: Mapping[str, int] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()
    links: tuple[tuple[str, str], ...] = ()
    sample: bool = False
    published: Published | None = None
    signed: str = ""

    @property
    def label(self) -> str:
        """The standing in words."""
        return self.state.text(self.warnings)

    @property
    def warnings(self) -> int:
        return self.counts.get("warning", 0)

    @property
    def open_findings(self) -> tuple[Finding, ...]:
        return tuple(finding for finding in self.findings if finding.waived is None)

    @property
    def blocking(self) -> tuple[Finding, ...]:
        return tuple(finding for finding in self.findings if finding.blocks)

    def as_json(self) -> dict[str, Any]:
        return {
            "id": self.unit.id,
            "name": self.unit.name,
            "state": self.state.value,
            "message": self.message,
            "sample": self.sample,
            "published": self.published and self.published.model_dump(mode="json"),
            "signed": self.signed,
            "counts": dict(self.counts),
            "blocking": [finding.message for finding in self.blocking],
            "files": [f"{self.unit.id}/{name}" for name, _ in self.links],
        }


def unit_status(
    unit: Unit, year: int, params_dir: Path, folder: Path, reasons: Sequence[str], failure: str
) -> UnitStatus:
    """Where a unit stands whose files lie in `folder`.

    Parameters
    ----------
    reasons : sequence of str
        Why its report is not what a build would make now, if it is not.
    failure : str
        Why its last build failed, if it did.
    """
    failed = ((FAILED, FAILED_LABEL),) if (folder / FAILED).is_file() else ()
    if not params_path(params_dir, unit, year).is_file():
        return UnitStatus(unit, Standing.MISSING)
    if failure:
        return UnitStatus(unit, Standing.FAILED, failure, links=failed)
    if reasons:
        return UnitStatus(unit, Standing.PENDING, "；".join(reasons))
    try:
        built = from_files(unit, year, folder)
    except NianbaoError as error:  # sealed, and yet no findings of ours
        return UnitStatus(unit, Standing.PENDING, str(error))
    slip = formats.SLIP if built.state is Standing.DRAFT else ()
    signed = sign_off(params_dir, unit, year).text
    shown = formats.links((*formats.REPORT, *slip))
    return UnitStatus(unit, built.state, "", built.counts, built.findings, shown, built.sample, built.published, signed)


def last_failures(folder: Path) -> dict[str, str]:
    """Unit ids (and the names of papers) and messages of what failed in the run before, from ``status.json``."""
    try:
        status = json.loads((folder / STATUS).read_bytes())
        papers = [(one.name, status[one.key]) for one in PAPERS if one.key in status]
        entries = [*((unit["id"], unit) for unit in status["units"]), *papers]
        return {key: entry["message"] for key, entry in entries if entry["state"] == Standing.FAILED.value}
    except (OSError, ValueError, LookupError, TypeError):
        return {}  # no run before, or a file that this run replaces


def by_rule(statuses: tuple[UnitStatus, ...]) -> dict[str, dict[str, Any]]:
    """Open findings by rule code: severity, how many, and in which units; most serious and most frequent first."""
    counts: Counter[str] = Counter()
    severities: dict[str, str] = {}
    units: dict[str, list[str]] = {}
    for status in statuses:
        for finding in status.open_findings:
            code = finding.rule
            counts[code] += 1
            severities.setdefault(code, finding.severity.value)
            if status.unit.name not in units.setdefault(code, []):
                units[code].append(status.unit.name)
    order = ("error", "warning", "info")
    codes = sorted(counts, key=lambda code: (order.index(severities[code]), -counts[code], code))
    return {code: {"severity": severities[code], "count": counts[code], "units": units[code]} for code in codes}
